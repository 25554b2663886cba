"""newsspider explain: why a page is read as it is."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from newsspider.cli import options

if TYPE_CHECKING:
    from newsspider.cms.explanation import Explanation
    from newsspider.items import Site
    from newsspider.reading.choice import Weighed
    from newsspider.reading.verdict import Verdict

FIELDS = ("title", "published", "views", "source", "author", "editor", "body")
LIST = "list"  # which of a listing's blocks are its rows
MOST = 8  # candidates of a field that are shown
WIDEST = 70  # characters of a value
MOST_SIGNS = 6  # of a line
COLOURS = {"title": "#ffd54f", "date": "#81d4fa", "text": "#c8e6c9", "chrome": "#e0e0e0", "footer": "#d7ccc8"}


@click.command()
@click.argument("page", metavar="URL|FILE|ARTICLE")
@click.argument("field", required=False, type=click.Choice(("verdict", LIST, *FIELDS)))
@click.option("--url", help="The address that a FILE came from: links and rules go by it.")
@click.option(
    "--html", "as_html", is_flag=True, help="Print a page with the lines coloured by what they were taken for."
)
@options.together(options.contact, options.archive, options.setting, options.as_json, options.quiet, options.verbose)
@options.network
def explain(
    page: str,
    field: str | None,
    url: str | None,
    as_html: bool,
    contact: str | None,
    archive: Path,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> int:
    """Say why a page is read as it is: the candidates of each field, what tells for and against them, and which won.
    FIELD verdict: what the page is taken for, each sign with its points. FIELD list: which blocks of a listing are its rows.
    FIELD body: each line with its points for being part of the text.

    A FILE and an ARTICLE of the archive (its id, address or title) are read offline; any other URL is fetched once, and nothing is
    written. Exit code 0: an article; 3: the page is none, and why.
    """
    from newsspider import cms
    from newsspider.cms import explanation
    from newsspider.items import Article, PageError

    asked = _page(page, url, archive, options.of_request(settings, contact), verbose, quiet)
    payload, address, headers, site = asked.payload, asked.url, asked.headers, asked.site
    if field == "verdict":
        judged = cms.what_is(payload, address, site=site, headers=headers)
        click.echo(json.dumps({"url": address, **asdict(judged)}, ensure_ascii=False) if as_json else _judged(judged))
        return 0 if judged.kind in ("article", "page") else 3
    try:
        told = explanation.of(payload, address, site=site, headers=headers)
    except PageError as error:
        raise click.ClickException(f"{address}: {error}") from None
    if as_json:
        click.echo(json.dumps(_plain(told, field, asked.kept), ensure_ascii=False))
    elif as_html:
        click.echo("".join(_painted(told, asked.kept)))
    else:
        click.echo("\n".join(_lines(told, field, asked.kept)))
    return 0 if isinstance(told.found, Article) else 3


def _judged(judged: Verdict) -> str:
    rows = (f"  {points:+5g}  {sign}" if judged.points else f"  {sign}" for sign, points in judged.evidence)
    return "\n".join(
        (f"{judged.kind}: {judged.what}" + (f" ({judged.points:+g} points)" if judged.points else ""), *rows)
    )


class Kept(NamedTuple):
    """The rules that gave a held version's fields when it was read, and the parser of then."""

    rules: dict[str, str]
    parser: str


class Asked(NamedTuple):
    payload: bytes
    url: str
    headers: dict[str, str] | None = None
    site: Site | None = None
    kept: Kept | None = None


def _page(name: str, url: str | None, archive: Path, settings: dict[str, str], loud: int, quiet: bool) -> Asked:
    """The page of a file, of the archive, of the web."""
    from newsspider import site as sites
    from newsspider.cli import probing

    path = Path(name)
    if path.is_file():
        return Asked(path.read_bytes(), url or "https://www.example.edu/page.htm")
    if (held := _held(name, archive)) is not None:
        return held
    if not name.startswith(("http://", "https://")):
        raise sites.SiteError(f"{name!r} is neither a file, nor an article of {archive}, nor an address of the web")
    from newsspider.spiders.one_page import OnePage
    from newsspider.spiders.probe import Fetched

    kept: list[Fetched] = []
    site = probing.archive_site(name, archive)
    found = probing.look(name, site, settings, loud, quiet, OnePage, kept=kept)
    if not kept or found.error:
        raise click.ClickException(f"{name}: {found.error or 'no answer'}")
    return Asked(kept[0].body, kept[0].url, kept[0].headers, site)


def _held(name: str, archive: Path) -> Asked | None:
    """The newest page that the archive holds of an article; None: it holds none."""
    from newsspider.archive import Archive, ArchiveError, payloads, reading
    from newsspider.cli import probing

    if not archive.exists():
        return None
    with Archive(archive) as held:
        try:
            article = reading.article(held, name)
        except ArchiveError:
            return None
        versions = [row for row in reading.versions(held, article["id"]) if row["payload_digest"]]
        if not versions:
            return None
        last = versions[-1]
        body = payloads.body(held.conn, last["payload_digest"])
    kept = Kept(json.loads(last["rules"]), last["parser"]) if last["rules"] else None
    return Asked(body, article["url"], site=probing.archive_site(article["url"], archive), kept=kept)


def _lines(told: Explanation, field: str | None, kept: Kept | None) -> Iterator[str]:
    from newsspider.items import Article

    yield f"{told.url}\n  family     {told.family}  ({told.family_by})"
    if not isinstance(told.found, Article):
        yield f"  no article: {told.found.kind}: {told.found}"
    for name in _fields(told, field):
        if name == LIST:
            yield "\nlist:" + ("" if name in told.choices else " not looked for, the page is an article")
        elif isinstance(told.found, Article):
            value = getattr(told.found, name)
            yield f"\n{name}: {_short(value)}\n  by: {told.found.rules.get(name, 'nothing on the page says')}"
            if kept and name in kept.rules:
                yield f"  kept by: {kept.rules[name]} ({kept.parser})"
        if choice := told.choices.get(name):
            for weighed in choice.weighed[:MOST]:
                yield from _candidate(weighed, won=weighed.candidate is choice.winner)
            if len(choice.weighed) > MOST:
                yield f"  and {len(choice.weighed) - MOST} more"
            if (
                name != LIST
                and isinstance(told.found, Article)
                and choice.winner
                and choice.winner.value != getattr(told.found, name)
            ):
                yield "  (the rule above has the last word)"
        if field == "body":
            yield from _signs(told)


def _fields(told: Explanation, field: str | None) -> tuple[str, ...]:
    if field:
        return (field,)
    return (LIST,) if LIST in told.choices else FIELDS


def _signs(told: Explanation) -> Iterator[str]:
    """Each line: its points, what it was taken for, and the signs that weigh most."""
    for (text, its), signs in zip(told.lines, told.signs, strict=True):
        most = sorted(signs, key=lambda sign: -abs(sign[1]))[:MOST_SIGNS]
        yield f"  {sum(points for _, points in signs):+5g}  {its:6} {_short(text)}"
        yield f"                {', '.join(f'{name} {points:+g}' for name, points in most)}"


def _candidate(weighed: Weighed[Any], *, won: bool) -> Iterator[str]:
    points = "ruled out" if weighed.points == float("-inf") else f"{weighed.points:.3g}"
    yield f"  {'*' if won else ' '} {points:>9}  {_short(_value(weighed.candidate.value))}  ({weighed.candidate.where})"
    for name, value in weighed.evidence:
        yield f"              {'veto' if value == float('-inf') else f'{value:+.3g}':>6}  {name}"


def _value(value: Any) -> Any:
    """A candidate's value in words: of rows, how many they are and the first."""
    return f"{len(value)} × {value[0].main.text}" if isinstance(value, list) else value


def _short(value: Any) -> str:
    text = " / ".join(str(value).split("\n")) if value not in (None, "") else "–"
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}…"


def _plain(told: Explanation, field: str | None, kept: Kept | None) -> dict[str, Any]:
    from newsspider.items import Article

    found: dict[str, Any] = {"url": told.url, "family": told.family, "family_by": told.family_by, "fields": {}}
    if not isinstance(told.found, Article):
        found["error"] = {"kind": told.found.kind, "message": str(told.found)}
    for name in _fields(told, field):
        its: dict[str, Any] = {}
        if isinstance(told.found, Article) and name != LIST:
            its = {"value": getattr(told.found, name), "rule": told.found.rules.get(name)}
            if kept and name in kept.rules:
                its["kept"] = {"rule": kept.rules[name], "parser": kept.parser}
        if choice := told.choices.get(name):
            its["candidates"] = [
                {
                    "value": _value(weighed.candidate.value),
                    "where": weighed.candidate.where,
                    "points": None if weighed.points == float("-inf") else weighed.points,
                    "evidence": {row: None if points == float("-inf") else points for row, points in weighed.evidence},
                    "won": weighed.candidate is choice.winner,
                }
                for weighed in choice.weighed
            ]
        if field == "body":
            its["lines"] = [
                {"text": text, "taken_for": taken or None, "signs": dict(signs)}
                for (text, taken), signs in zip(told.lines, told.signs, strict=True)
            ]
        found["fields"][name] = its
    return found


def _painted(told: Explanation, kept: Kept | None) -> Iterator[str]:
    """The page's lines as HTML, coloured by what they were taken for, after the reckoning."""
    yield f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{html.escape(told.url)}</title></head><body>"
    yield "<p>" + " ".join(f"<span style='background:{colour}'> {name} </span>" for name, colour in COLOURS.items())
    yield f"</p><pre>{html.escape(chr(10).join(_lines(told, None, kept)))}</pre>"
    for text, its in told.lines:
        colour = f" style='background:{COLOURS[its]}'" if its else ""
        yield f"<div{colour}>{html.escape(text)}</div>\n"
    yield "</body></html>"
