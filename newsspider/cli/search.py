"""newsspider search"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from newsspider.archive import Archive, naming, transcripts
from newsspider.archive import search as searching
from newsspider.cli import options, terminal

ORDERS = {"date": "newest first", "views": "most read first", "relevance": "best first"}


@click.command()
@click.argument("words", metavar="WORDS…", nargs=-1, required=True)
@click.option("--site", metavar="SITE", help="Only this site's articles.")
@click.option("--since", metavar="DATE", help="Published then or later: 2026, 2026-03 or 2026-03-01.")
@click.option("--until", metavar="DATE", help="Published by the end of that day, month or year.")
@click.option("--titles", is_flag=True, help="In titles alone.")
@click.option("--versions", is_flag=True, help="In every version: also what a page said once and says no more.")
@click.option("--files", is_flag=True, help="In what PDFs and pictures say, as `newsspider transcribe` read it.")
@click.option("--sort", type=click.Choice(list(ORDERS)), default="date", show_default=True)
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="So many hits; all are counted.")
@options.together(options.archive, options.as_json)
def search(
    words: tuple[str, ...],
    site: str | None,
    since: str | None,
    until: str | None,
    titles: bool,
    versions: bool,
    files: bool,
    sort: searching.Sort,
    limit: int,
    archive: Path,
    as_json: bool,
) -> None:
    """Search titles and texts: 招生, 招生 OR 就业, 科研 NOT 会议, '"exact words"'.

    Words side by side are all asked for. Full and half width, capital and small letters, accents, simplified and traditional
    characters are the same. Words of two characters and single ones are found too.
    """
    query = " ".join(words)
    with Archive(archive) as held:
        naming.check(held, site)
        if files:
            _files(held, query, site, since, until, limit, as_json)
            return
        asked = {"site": site, "since": options.day(since), "until": options.day(until), "sort": sort, "limit": limit}
        found = searching.find(held, query, titles=titles, versions=versions, **asked)  # type: ignore[arg-type]
    if as_json:
        click.echo(json.dumps({"query": query, **asdict(found)}, ensure_ascii=False))
        return
    click.echo(f"{found.total:,} {'hit' if found.total == 1 else 'hits'}, {ORDERS[sort]}", err=True)
    for hit in found.hits:
        click.echo("\n".join(_lines(hit)))


def _files(
    held: Archive, query: str, site: str | None, since: str | None, until: str | None, limit: int, as_json: bool
) -> None:
    hits = list(transcripts.find(held, query, site=site, since=options.day(since), until=options.day(until)))
    if as_json:
        shown = [hit._asdict() for hit in hits[:limit]]
        click.echo(json.dumps({"query": query, "total": len(hits), "files": shown}, ensure_ascii=False))
        return
    click.echo(f"{len(hits):,} {'file' if len(hits) == 1 else 'files'}, newest first", err=True)
    for hit in hits[:limit]:
        title = terminal.style(hit.title or "", bold=True)
        click.echo(f"{hit.article_id:>6}  {(hit.published or '?')[:10]:10}  {title}  ({hit.site})")
        click.echo(f"        {WAYS[hit.method]} {hit.file_url}\n        {_marked(hit)}")


WAYS = {"pdf": "text of", "ocr": "recognised in"}


def _lines(hit: searching.Hit) -> list[str]:
    count = "" if hit.views is None else f"  {hit.views:,} views"
    lines = [
        f"{hit.article_id:>6}  {(hit.published or '?')[:10]:10}  {terminal.style(hit.title or hit.url, bold=True)}  ({hit.site}){count}"
    ]
    if hit.snippet and hit.snippet != hit.title:
        lines.append(" " * 8 + _marked(hit))
    if not hit.still:
        lines.append(
            " " * 8
            + terminal.style(f"version {hit.version}, last seen {hit.last_seen_at}: it says so no more", fg="red")
        )
    return lines


def _marked(hit: searching.Hit | transcripts.FileHit) -> str:
    pieces, at = [], 0
    for start, end in hit.marks:
        pieces += [hit.snippet[at:start], terminal.style(hit.snippet[start:end], fg="yellow", bold=True)]
        at = end
    return "".join([*pieces, hit.snippet[at:]])
