"""newsspider edits"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from newsspider import disclosure
from newsspider.archive import Archive, naming
from newsspider.cli import history, options, terminal
from newsspider.cli.words import amount
from newsspider.disclosure import Edit
from newsspider.extract import changes

FIELDS = ("title", "body")


@click.command()
@click.option(
    "--silent",
    is_flag=True,
    help="Only those of which the page says nothing: printed date, day of update, Last-Modified.",
)
@click.option("--site", metavar="SITE", help="Only this site's articles.")
@click.option("--since", metavar="DATE", help="Noticed then or later: 2026, 2026-03 or 2026-03-01.")
@click.option("--typos", is_flag=True, help="Also those that are no more than a typo.")
@options.together(options.archive, options.as_json)
def edits(silent: bool, site: str | None, since: str | None, typos: bool, archive: Path, as_json: bool) -> None:
    """List edits of titles and texts: how long after publication, how much, after how many views, and what went.

    What went: names of people and numbers that the text no longer has, and words that accuse which the title no longer has.
    """
    with Archive(archive) as held:
        naming.check(held, site)
        found = [
            one
            for one in disclosure.of(held, site=site, since=options.day(since))
            if (not silent or not one.told) and (typos or not one.did.typo)
        ]
    if as_json:
        click.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo("\n".join(_lines(one)) + "\n")
    what = "silent edit" if silent else "edit"
    click.echo(f"{amount(len(found), what)}{'' if typos else '; --typos shows those of a few letters, too'}", err=True)


def _plain(one: Edit) -> dict[str, Any]:
    row = one.row
    pieces = {field: [piece._asdict() for piece in _between(row, field)] for field in FIELDS}
    return {
        **{name: row[name] for name in ("article_id", "site", "url", "title", "published", "version")},
        **{name: row[name] for name in ("changed_after", "changed_by", "days_after_publication", "views")},
        "silent": not one.told,
        "told": list(one.told),
        **asdict(one.did),
        "changes": {field: found for field, found in pieces.items() if any(piece["kind"] != "same" for piece in found)},
    }


def _between(row: sqlite3.Row, field: str) -> list[changes.Change]:
    return changes.between(row[f"{field}_before"] or "", row[field] or "")


def _lines(one: Edit) -> Iterator[str]:
    row, did = one.row, one.did
    yield f"{row['article_id']}  {terminal.style(row['title'] or row['url'], bold=True)}  ({row['site']})"
    yield f"    version {row['version']}, between {row['changed_after']} and {row['changed_by']}, {_when(row)}"
    said = f"the page tells it: {', '.join(one.told)}" if one.told else "silent: neither date nor Last-Modified says so"
    yield f"    {did.share:.1%} changed (-{did.gone} +{did.new} characters); {said}"
    for what, gone in (
        ("names gone", did.names),
        ("numbers gone", did.numbers),
        ("the title no longer says", did.softened),
    ):
        if gone:
            yield f"    {what}: {', '.join(gone)}"
    pieces = {field: _between(row, field) for field in FIELDS if (row[f"{field}_before"] or "") != (row[field] or "")}
    yield from (f"    {line}".replace("\n", "").rstrip() for line in history.changed(pieces))


def _when(row: sqlite3.Row) -> str:
    days = row["days_after_publication"]
    published = "no date of publication" if days is None else f"{amount(max(0, days), 'day')} or more after publication"
    views = "views not known" if row["views"] is None else f"after {row['views']:,} views"
    return f"{published}, {views}"
