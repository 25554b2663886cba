"""newsspider top"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from newsspider.archive import Archive, naming, ranking
from newsspider.cli import options, show, terminal, words


@click.command()
@click.option("--by", type=click.Choice(["growth", "views", "expectation"]), default="growth", show_default=True)
@click.option(
    "--window",
    type=words.Span(),
    default="7d",
    show_default=True,
    help="Growth in the last 24h, 7d, 4w …; what was expected by ages met since then.",
)
@click.option("--site", metavar="SITE", help="Only this site's articles.")
@click.option("--month", metavar="YYYY-MM", help="Only articles published in this month.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@options.together(options.archive, options.as_json)
def top(by: str, window: int, site: str | None, month: str | None, limit: int, archive: Path, as_json: bool) -> None:
    """List the articles that grew most, that were read most, or that are farthest above what was expected of them.

    The window ends with the archive's last reading. The bounds of a growth are what was read within the window, and what cannot be
    ruled out.
    """
    with Archive(archive) as held:
        naming.check(held, site)
        now = ranking.last_reading(held.conn)
        if by == "growth":
            rows = ranking.by_growth(held.conn, now - window, now, limit=limit, site=site, month=month) if now else []
        elif by == "expectation":
            rows = (
                ranking.by_expectation(held.conn, now - window, now, limit=limit, site=site, month=month) if now else []
            )
        else:
            rows = ranking.by_views(held.conn, limit=limit, site=site, month=month)
    if as_json:
        click.echo(json.dumps([dict(row) for row in rows], ensure_ascii=False))
        return
    if not rows:
        click.echo(_nothing(by, window, now, site, month), err=True)
    else:
        click.echo("\n".join(_table(rows, by)))


def _table(rows: list[sqlite3.Row], by: str) -> Iterator[str]:
    """On a terminal, titles are cut to its width."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    if by == "growth":
        head = ("growth", "bounds")
        numbers = [(f"+{row['growth']:,}", f"{row['low']:,} – {_number(row['high'])}") for row in rows]
    elif by == "expectation":
        head = ("times", "views and what was expected by then")
        numbers = [(f"{row['times']:.1f}", _expected(row)) for row in rows]
    else:
        head = ("views", "read at")
        numbers = [(show.printed(row["views"], row["views_step"]), row["observed_at"]) for row in rows]
    first, second = (max(len(pair[place]) for pair in (*numbers, head)) for place in (0, 1))
    yield terminal.style(f"{head[0]:>{first}}  {head[1]:>{second}}  published   {'id':>6}  article", dim=True)
    for row, (one, other) in zip(rows, numbers, strict=True):
        before = f"{one:>{first}}  {other:>{second}}  {(row['published'] or '?')[:10]:10}  {row['article_id']:>6}  "
        yield before + _cut(f"{row['title'] or row['url']}  ({row['site']})", width and width - len(before))


def _expected(row: sqlite3.Row) -> str:
    return f"{row['views']:,.0f} / {row['expected']:,.0f} ({row['low']:,.0f} – {row['high']:,.0f}) {row['age']:>4}"


def _number(value: int | None) -> str:
    return "?" if value is None else f"{value:,}"


def _cut(text: str, room: int | None) -> str:
    """Chinese characters take two columns."""
    from rich.cells import cell_len, set_cell_size

    return text if room is None or cell_len(text) <= room else set_cell_size(text, max(0, room - 1)) + "…"


def _nothing(by: str, window: int, now: int | None, site: str | None, month: str | None) -> str:
    of = "".join([f" of {site}" if site else "", f" published in {month}" if month else ""])
    if now is None:
        return "no count is held; `newsspider poll` reads them"
    if by == "expectation":
        return f"nothing was expected of an article{of} in that time: its first hours and nine articles before it have to be known"
    if by == "views":
        return f"no count{of} is held; `newsspider status` says what is"
    last = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M} UTC"
    return f"no count{of} was read twice in the {words.span(window)} before the last reading ({last}); --window looks further back"
