"""newsspider export"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from newsspider.archive import Archive, naming, notices, reading
from newsspider.cli import extras, options, steps
from newsspider.cli.words import amount
from newsspider.export import dataset, feeds, txt
from newsspider.export.tables import Lang

FORMATS = ("csv", "jsonl", "parquet", "txt", "warc", "wacz", "atom", "jsonfeed")
FEEDS = ("atom", "jsonfeed")
NEEDS = {"parquet": ("parquet", "pyarrow"), "warc": ("warc", "warcio"), "wacz": ("warc", "warcio")}


class Formats(click.ParamType):
    """Formats with commas between them, in the order of FORMATS."""

    name = "formats"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        asked = {one.strip() for one in value.split(",")}
        if unknown := asked - {*FORMATS}:
            self.fail(f"{', '.join(sorted(unknown))} is no format; it takes {', '.join(FORMATS)}", param, ctx)
        return tuple(kind for kind in FORMATS if kind in asked)


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "kinds",
    type=Formats(),
    metavar="FORMAT,…",
    help="csv, jsonl, parquet: tables. txt: a text file an article. warc: every capture, with a CDXJ index, for pywb. "
    "wacz: the same with its pages in one file, for ReplayWeb.page. "
    "atom, jsonfeed: a feed of what is new, edited or withdrawn, to the file DIR or stdout. "
    "[default: csv; without DIR txt]",
)
@click.option("--as-of", metavar="DATE", help="What the archive knew by the end of that day (UTC), or by that moment.")
@click.option("--site", "sites", metavar="SITE", multiple=True, help="This site's articles only; again for more.")
@click.option("--query", metavar="WORDS", help="Of a feed: only articles that a search finds.")
@click.option(
    "--limit", type=click.IntRange(1), default=100, show_default=True, help="Of a feed: so many entries at most."
)
@click.option("--no-text", is_flag=True, help="Leave the texts out; their digests stay.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="The columns' names.")
@click.option("--bom", is_flag=True, help="Begin CSV files with a mark by which Excel knows UTF-8.")
@click.option("--title", help="The dataset's title.")
@click.option("--creator", default="newsspider", show_default=True, help="Who makes the dataset.")
@click.option(
    "--licence", metavar="SPDX", default="CC-BY-4.0", show_default=True, help="Of the figures, not of the texts."
)
@click.option("--check", is_flag=True, help="Write nothing: compare the export in DIR with its checksums.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The same as DIR. [default: export]")
@options.together(options.archive, options.quiet)
def export(
    folder: Path | None,
    kinds: tuple[str, ...] | None,
    as_of: str | None,
    sites: tuple[str, ...],
    query: str | None,
    limit: int,
    no_text: bool,
    lang: Lang,
    bom: bool,
    title: str | None,
    creator: str,
    licence: str,
    check: bool,
    out: Path | None,
    archive: Path,
    quiet: bool,
) -> None:
    """Write a dataset to DIR: articles, versions, counts, events, edits, withdrawals, with all that describes them.

    The same cut gives the same files, byte for byte, whenever it is made. docs/export.md shows a citable dataset, step by step.
    With --format txt, warc or wacz alone, the articles or captures as they are now.
    """
    place = folder or out or Path("export")
    if check:
        number = dataset.check(place)
        if not quiet:
            click.echo(f"{amount(number, 'file')} in {place}/, all as written", err=True)
        return
    kinds = kinds or (("csv",) if folder or as_of else ("txt",))
    if {*kinds} & {*FEEDS}:
        _feed(archive, kinds, folder or out, sites, query, limit, quiet)
        return
    if place.is_file() or str(place) == "-":
        raise click.UsageError(f"{place} is no folder, and a dataset needs one")
    for kind in kinds:
        if kind in NEEDS:
            with extras.needed(NEEDS[kind][0], f"--format {kind}"):
                import_module(NEEDS[kind][1])
    if kinds == ("wacz",) and (as_of or len(sites) > 1):
        raise click.UsageError("a WACZ file holds all captures, or those of one --site")
    if "wacz" in kinds and len(kinds) > 1:
        raise click.UsageError("wacz is written by itself: --format wacz")
    if len(kinds) == 1 and kinds[0] in ("txt", "warc", "wacz") and not as_of and len(sites) < 2:
        _as_it_is(archive, kinds[0], place, next(iter(sites), None), quiet)
        return
    with Archive(archive) as held, steps.shown(quiet) as progress:
        for site in sites:
            naming.check(held, site)
        asked = options.instant_of(as_of, "UTC") if as_of else None
        at, earlier = dataset.cut_at(held, asked, datetime.now(UTC))
        if earlier:
            click.echo(f"{as_of} is not over yet: the cut is at the archive's last moment, {at}", err=True)
        wish = dataset.Wish(
            at=at,
            formats=kinds,
            sites=sites,
            texts=not no_text,
            lang=lang,
            bom=bom,
            title=title,
            creator=creator,
            licence=licence,
        )
        made = dataset.write(held, place, wish, progress)
    if not quiet:
        click.echo(f"{_found(made)} by {at} in {place}/; README.md says what is there", err=True)


def _feed(
    archive: Path,
    kinds: tuple[str, ...],
    place: Path | None,
    sites: tuple[str, ...],
    query: str | None,
    limit: int,
    quiet: bool,
) -> None:
    if len(kinds) > 1 or len(sites) > 1:
        raise click.UsageError("one feed at a time: one of atom, jsonfeed, and one --site or all")
    if place and place.is_dir():
        raise click.UsageError(f"{place} is a folder; a feed is a file")
    with Archive(archive) as held:
        site = next(iter(sites), None)
        naming.check(held, site)
        found = notices.latest(held, site=site, query=query, limit=limit)
    text = feeds.feed(kinds[0], found, site=site, query=query)
    if place is None or str(place) == "-":
        click.echo(text, nl=False)
        return
    place.write_text(text, encoding="utf-8", newline="\n")
    if not quiet:
        click.echo(f"{amount(len(found), 'entry')} in {place}", err=True)


def _found(made: dataset.Made) -> str:
    names = {"articles": "article", "versions": "version", "observations": "reading"}
    return ", ".join(amount(made.rows[table], word) for table, word in names.items())


def _as_it_is(archive: Path, kind: str, place: Path, site: str | None, quiet: bool) -> None:
    with Archive(archive) as held, steps.shown(quiet) as progress:
        naming.check(held, site)
        if kind == "warc":
            from newsspider.export import warc

            path, count = warc.write(held, place, site, progress)
            said = f"{amount(count, 'capture')} in {path} and its .cdxj"
        elif kind == "wacz":
            from newsspider.export import wacz

            path, count = wacz.write(held, place, site, progress)
            said = f"{amount(count, 'capture')} in {path}; open it at replayweb.page or in its app"
        else:
            count = txt.write(reading.latest(held, site), place)
            said = f"{amount(count, 'article')} in {place}/"
    if not quiet:
        click.echo(said, err=True)
