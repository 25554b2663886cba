"""Rows of a clock that was wrong: what was looked at after now counts as not looked at, and is said by the run that wrote it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

from newsspider import schedule
from newsspider.items import instant

SLACK = int(schedule.AHEAD.total_seconds())
ROWS = {
    # what is held, and the latest instant of each run's rows, in seconds since 1970
    "capture(s)": "SELECT crawl_id, captured_at AS at FROM capture WHERE captured_at > :instant",
    "count(s)": "SELECT crawl_id, strftime('%Y-%m-%dT%H:%M:%SZ', observed_at, 'unixepoch') AS at"
    " FROM view_observation WHERE observed_at > :second",
}
PLANS = {
    "plan(s) of counts": "SELECT count(*) FROM counting WHERE asked_at > :second",
    "listing(s)": "SELECT count(*) FROM listing WHERE walked_at > :instant",
    "calibration(s)": "SELECT count(*) FROM calibration WHERE measured_at > :instant",
    "entries not read": "SELECT count(*) FROM frontier WHERE tried_at > :instant",
}


def latest(now: datetime) -> str:
    """The latest instant that a clock which is right can have written."""
    return instant(now + timedelta(seconds=SLACK))


def runs(conn: sqlite3.Connection, now: datetime) -> list[str]:
    """The runs that began or ended after now, a sentence each."""
    rows = conn.execute(
        "SELECT id, kind, site, started_at FROM crawl WHERE started_at > ?1 OR finished_at > ?1 ORDER BY id",
        (latest(now),),
    )
    return [
        f"run {row['id']} ({row['kind']}{' of ' + row['site'] if row['site'] else ''}, begun {row['started_at']}) lies ahead of"
        f" now, {instant(now)}: a clock was wrong then, or is now; what it looked at counts as not looked at"
        for row in rows
    ]


def rows(conn: sqlite3.Connection, now: datetime) -> list[str]:
    """All that is held and lies after now, a sentence for each kind of row and run. It is no damage: nothing of it was changed."""
    asked = {"instant": latest(now), "second": int(now.astimezone(UTC).timestamp()) + SLACK}
    told = [
        f"run {crawl_id}: {number} {what} up to {last} lie ahead of now, {instant(now)}: a clock was wrong then, or is now"
        for what, sql in ROWS.items()
        for crawl_id, number, last in conn.execute(
            f"SELECT crawl_id, count(*), max(at) FROM ({sql}) GROUP BY crawl_id ORDER BY crawl_id", asked
        )
    ]
    for what, sql in PLANS.items():
        if number := conn.execute(sql, asked).fetchone()[0]:
            told.append(f"{number} {what} were looked at ahead of now, {instant(now)}; they count as not looked at")
    return told
