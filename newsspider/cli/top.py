"""newsspider top"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import click

from newsspider.archive import Archive, ranking
from newsspider.cli import options

SECONDS = {"h": 3600, "d": 86400, "w": 7 * 86400}


class Window(click.ParamType):
    name = "window"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Seconds of ``24h``, ``7d`` or ``4w``."""
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"(\d+)([hdw])", value)
        if not match:
            self.fail(f"{value!r}: it takes a number of hours, days or weeks, as 24h, 7d, 4w", param, ctx)
        return int(match[1]) * SECONDS[match[2]]


@click.command()
@click.option("--by", type=click.Choice(["growth", "views"]), default="growth", show_default=True)
@click.option("--window", type=Window(), default="7d", show_default=True, help="Growth in the last 24h, 7d, 4w …")
@click.option("--site", metavar="SITE", help="Only this site's articles.")
@click.option("--month", metavar="YYYY-MM", help="Only articles published in this month.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@options.together(options.archive, options.as_json)
def top(by: str, window: int, site: str | None, month: str | None, limit: int, archive: Path, as_json: bool) -> None:
    """List the articles that grew most, or that were read most.

    With growth, `low` and `high` bound it: what was read within the window, and what cannot be ruled out.
    """
    now = int(datetime.now(UTC).timestamp())
    with Archive(archive) as held:
        if by == "growth":
            rows = ranking.by_growth(held.conn, now - window, now, limit=limit, site=site, month=month)
        else:
            rows = ranking.by_views(held.conn, limit=limit, site=site, month=month)
    if as_json:
        click.echo(json.dumps([dict(row) for row in rows], ensure_ascii=False))
        return
    for row in rows:
        number = f"+{row['growth']}" if by == "growth" else str(row["views"])
        click.echo(f"{number:>9}  {row['published'] or '?':16}  {row['title'] or row['url']}  ({row['site']})")
