"""newsspider list, sql: rows as a table, CSV or JSON."""

from __future__ import annotations

import base64
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click

from newsspider.archive import Archive, asking, naming, records
from newsspider.cli import options, terminal

as_csv = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")


@click.command("list")
@click.option("--site", metavar="SITE", help="Only this site's articles.")
@click.option("--column", metavar="ADDRESS", help="Only those met in a column whose address has this in it.")
@click.option("--since", metavar="DATE", help="Published then or later: 2026, 2026-03 or 2026-03-01.")
@click.option("--until", metavar="DATE", help="Published by the end of that day, month or year.")
@click.option("--views", "least", metavar="N", type=click.IntRange(0), help="With so many views at least.")
@click.option("--edited", is_flag=True, help="Only those with more than one version.")
@click.option(
    "--withdrawn", is_flag=True, help="Only those that are gone now; the view withdrawal has all that ever were."
)
@click.option("--never-read", "unread", is_flag=True, help="The entries of listings whose page was never read.")
@click.option("--sort", type=click.Choice(["date", "views", "id"]), default="date", show_default=True)
@click.option("--limit", type=click.IntRange(1), help="So many at most.")
@options.together(options.archive, options.as_json, as_csv)
def list(archive: Path, as_json: bool, as_csv: bool, since: str | None, until: str | None, **asked: Any) -> None:
    """List articles: all, or those that meet every condition."""
    with Archive(archive) as held:
        naming.check(held, asked["site"])
        found = records.articles(held, since=options.day(since), until=options.day(until), **asked)
    columns = [field.name for field in fields(records.HeldArticle)]
    if not as_json and not as_csv:
        columns = ["id", "published", "views", "title", "site"]
    _print(columns, [tuple(asdict(one)[name] for name in columns) for one in found], as_json, as_csv)


@click.command()
@click.argument("query", metavar="QUERY")
@click.option("--timeout", type=click.FloatRange(0.001), default=30.0, show_default=True, help="Seconds.")
@options.together(options.archive, options.as_json, as_csv)
def sql(query: str, timeout: float, archive: Path, as_json: bool, as_csv: bool) -> None:
    """Ask the archive in SQL: one SELECT, which can write nothing. docs/schema.md lists tables, views and columns."""
    with Archive(archive) as held:
        answer = asking.ask(held, query, timeout)
    _print(answer.columns, answer.rows, as_json, as_csv)


def _print(columns: Sequence[str], rows: Sequence[Sequence[Any]], as_json: bool, as_csv: bool) -> None:
    if as_json:
        plain = [dict(zip(columns, map(_jsonable, row), strict=True)) for row in rows]
        click.echo(json.dumps(plain, ensure_ascii=False))
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(
            [base64.b64encode(one).decode() if isinstance(one, bytes) else one for one in row] for row in rows
        )
    else:
        _table(columns, rows)


def _jsonable(value: Any) -> Any:
    """Bytes as Datasette prints them."""
    return {"$base64": True, "encoded": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, name in enumerate(columns):
        figures = bool(rows) and all(isinstance(row[number], (int, float, type(None))) for row in rows)
        table.add_column(name, justify="right" if figures else "left", no_wrap=True, overflow="ellipsis")
    for row in rows:
        table.add_row(*(Text(_cell(one)) for one in row))
    console = terminal.console()
    terminal.console(width=console.width if console.is_terminal else 400).print(table)


def _cell(value: Any) -> str:
    if isinstance(value, bytes):
        return f"<{len(value):,} bytes>"
    return "" if value is None else str(value).replace("\n", "⏎")
