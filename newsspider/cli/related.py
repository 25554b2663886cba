"""newsspider related"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from newsspider.archive import Archive, reading, stories
from newsspider.cli import history, options, terminal
from newsspider.cli.words import amount
from newsspider.extract import changes, rewording

FIELDS = ("title", "body")


@click.command()
@click.argument("article", metavar="ID|URL|TITLE")
@click.option("--diff", is_flag=True, help="Show what each says otherwise.")
@options.together(options.archive, options.as_json)
def related(article: str, diff: bool, archive: Path, as_json: bool) -> None:
    """List what says the same as an article, on other sites and under other ids of its own: who was first, and what was changed.

    First by the printed day of publication, and by our first look at it: neither proves who wrote it.
    """
    with Archive(archive) as held:
        row = reading.article(held, article)
        found = stories.related(held, row["id"])
        own = stories.text(held, row["id"])
        texts = {one["article_id"]: stories.text(held, one["article_id"]) for one in found}
    if as_json:
        alike = [_plain(one, own, texts[one["article_id"]]) for one in found]
        keys = ("id", "site", "url", "title", "published", "first_seen_at", "views")
        click.echo(json.dumps({**{key: row[key] for key in keys}, "related": alike}, ensure_ascii=False))
        return
    click.echo(
        f"{terminal.style(row['title'] or row['url'], bold=True)}  ({row['site']}, {row['published'] or 'no date'})"
    )
    for one in found:
        click.echo("\n".join(_lines(one, own, texts[one["article_id"]], diff)))
    same = [one for one in found if one["same_site"] and one["likeness"] >= stories.SAME]
    if same and row["views"] is not None:
        total = row["views"] + sum(one["views"] or 0 for one in same)
        click.echo(f"one story under {len(same) + 1} ids of {row['site']}: {total:,} views together", err=True)
    elif not found:
        click.echo(f"no other article says the same as {row['id']}", err=True)


def _plain(one: sqlite3.Row, own: stories.Text, its: stories.Text) -> dict[str, Any]:
    did = rewording.of((own.title, its.title), (own.body, its.body))
    return {
        **dict(one),
        "same_site": bool(one["same_site"]),
        "changed": did.share,
        "names": did.names,
        "numbers": did.numbers,
    }


def _lines(one: sqlite3.Row, own: stories.Text, its: stories.Text, diff: bool) -> Iterator[str]:
    did = rewording.of((own.title, its.title), (own.body, its.body))
    yield f"{one['article_id']:>6}  {one['title'] or one['url']}  ({one['site']}, {one['published'] or 'no date'})"
    views = "" if one["views"] is None else f", {one['views']:,} views"
    yield f"        {one['likeness']:.0%} alike, {_when(one)}{views}"
    if did.share:
        gone = [*did.names, *did.numbers]
        without = f"; without {', '.join(gone)}" if gone else ""
        yield f"        {did.share:.1%} said otherwise{without}"
    if diff:
        pairs = {"title": (own.title, its.title), "body": (own.body, its.body)}
        pieces = {field: changes.between(*pair) for field, pair in pairs.items() if pair[0] != pair[1]}
        yield from (f"        {line}".replace("\n", "").rstrip() for line in history.changed(pieces))


def _when(one: sqlite3.Row) -> str:
    seen = one["hours_seen"]
    looked = f"seen {abs(seen):g} h {'later' if seen >= 0 else 'earlier'}"
    if one["days"] is None:
        return looked
    if not one["days"]:
        return f"of the same day, {looked}"
    return f"{amount(abs(one['days']), 'day')} {'later' if one['days'] > 0 else 'earlier'} by its date, {looked}"
