"""Counts at some ages, held; and what each count was expected to come to, said once. What is expected: `newsspider.expectation`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from newsspider import expectation, schedule
from newsspider.archive import measures
from newsspider.archive.spikes import Bound
from newsspider.expectation import AFTER, AGES, HOUR, Course, Reading
from newsspider.items import instant

TABLES = ("count_age", "count_age_due")
KNOWN = tuple(f"h{age}" for age in AGES)  # the columns
HELD = f"SELECT {', '.join(KNOWN)}, site, published_at, next_at FROM count_age WHERE article_id = ?"
OF = f"""SELECT a.site, a.published, a.first_seen_at, s.timezone, NOT {measures.VAGUE} AS exact, (
    SELECT min(CAST(strftime('%s', changed_at) AS INTEGER)) FROM counter_change WHERE article_id = a.id) AS changed_at
FROM article a JOIN site s ON s.name = a.site WHERE a.id = ?"""
READINGS = """SELECT observed_at, views, step FROM view_observation
WHERE article_id = ? AND observed_at <= ? ORDER BY observed_at"""
LAST = "SELECT max(observed_at) FROM view_observation WHERE article_id = ?"
# Those of its site whose later count was known when it had its early one.
SIBLINGS = """SELECT h{half} AS half, h{early} AS views, h{later} AS later FROM count_age
WHERE site = ? AND published_at <= ? AND article_id <> ? AND h{early} IS NOT NULL AND h{later} IS NOT NULL
ORDER BY published_at DESC, article_id LIMIT ?"""
BOUNDS = """SELECT strftime('%s', c.published_at) + f.after * 3600, strftime('%s', c.published_at) + f.hours * 3600,
       f.views, f.low, f.expected, f.high, f.siblings
FROM forecast f JOIN count_age c ON c.article_id = f.article_id
WHERE f.article_id = ? AND f.expected IS NOT NULL AND c.published_at IS NOT NULL ORDER BY f.hours"""
Row = tuple[Any, ...]


def settle(conn: sqlite3.Connection, most: int) -> int:
    """Within a transaction: at most so many counts that are due, and when none is left, forecasts; how many there were.

    Forecasts come after all counts: they are made from those of others.
    """
    due = conn.execute("SELECT article_id FROM count_age_due WHERE step = 0 LIMIT ?", (most,)).fetchall()
    for (article_id,) in due:
        row = _row(conn, article_id)
        if row is None:
            conn.execute("DELETE FROM count_age WHERE article_id = ?", (article_id,))
        else:
            marks = ", ".join("?" * (len(row) + 1))
            columns = f"{', '.join(KNOWN)}, site, published_at, next_at"
            conn.execute(
                f"INSERT OR REPLACE INTO count_age ({columns}, article_id) VALUES ({marks})", (*row, article_id)
            )
        conn.execute("INSERT OR IGNORE INTO count_age_due VALUES (1, ?)", (article_id,))
    conn.executemany("DELETE FROM count_age_due WHERE step = 0 AND article_id = ?", due)
    left = most - len(due) if most >= 0 else most
    return len(due) + (_settle_forecasts(conn, left) if left else 0)


def waiting(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT coalesce(sum(2 - step), 0) FROM count_age_due").fetchone()[0])


def _settle_forecasts(conn: sqlite3.Connection, most: int) -> int:
    due = conn.execute("SELECT article_id FROM count_age_due WHERE step = 1 LIMIT ?", (most,)).fetchall()
    for (article_id,) in due:
        _say(conn, article_id)
    conn.executemany("DELETE FROM count_age_due WHERE step = 1 AND article_id = ?", due)
    return len(due)


def _row(conn: sqlite3.Connection, article_id: int) -> Row | None:
    """A row of count_age, by the readings; None where there is no article, or no reading."""
    article = conn.execute(OF, (article_id,)).fetchone()
    last = conn.execute(LAST, (article_id,)).fetchone()[0]
    if article is None or last is None:
        return None
    if article["published"] is None:
        return (*(None for _ in KNOWN), article["site"], None, None)
    first_seen = datetime.fromisoformat(article["first_seen_at"])
    since = int(schedule.since(article["published"], first_seen, article["timezone"]).timestamp())
    until = since + (1 + expectation.APART) * AGES[-1] * HOUR
    rows = conn.execute(READINGS, (article_id, until)).fetchall()
    plain = _plain(rows, article["changed_at"])
    counts = [expectation.count_at(plain, since, age, exact=bool(article["exact"])) for age in AGES]
    coming = (since + age * HOUR for age in AGES if since + age * HOUR > last)
    next_at = next(coming, None)
    return (*counts, article["site"], _iso(since), None if next_at is None else _iso(next_at))


def _plain(rows: list[sqlite3.Row], changed_at: int | None) -> list[Reading]:
    """The readings before the count fell, was printed rounded, or was another counter's."""
    readings: list[Reading] = []
    for row in rows:
        if row["step"] is not None or (changed_at is not None and row["observed_at"] >= changed_at):
            break
        readings.append(Reading(row["observed_at"], row["views"]))
    return list(expectation.unbroken(readings))


def _say(conn: sqlite3.Connection, article_id: int) -> None:
    """What is to be expected of a count; what was said stays, unless the count that it was said of proves to be another."""
    held = conn.execute(HELD, (article_id,)).fetchone()
    said = dict(conn.execute("SELECT hours, views FROM forecast WHERE article_id = ?", (article_id,)).fetchall())
    for later, early in AFTER.items():
        views = held[f"h{early}"] if held else None
        if views is not None and said.get(later) != views:
            own = Course(held[f"h{early // 2}"], views)
            row = _forecast(conn, article_id, held, own, later)
            conn.execute("INSERT OR REPLACE INTO forecast VALUES (?,?,?,?,?,?,?,?)", row)


def _forecast(conn: sqlite3.Connection, article_id: int, held: Mapping[str, Any], own: Course, later: int) -> Row:
    early = AFTER[later]
    published_at = datetime.fromisoformat(held["published_at"]).timestamp()
    met = _iso(int(published_at) - (later - early) * HOUR)  # who was published by then has met the later age
    sql = SIBLINGS.format(half=early // 2, early=early, later=later)
    rows = conn.execute(sql, (held["site"], met, article_id, expectation.LATEST)).fetchall()
    found = expectation.expected(own, [Course(*row) for row in rows])
    said = (found.siblings, found.views, found.low, found.high) if found else (len(rows), None, None, None)
    return (article_id, later, early, own.views, *said)


def bounds(conn: sqlite3.Connection, article_id: int) -> list[Bound]:
    """What was expected of a count, in the order of time; without what could not be said."""
    return [Bound(*row) for row in conn.execute(BOUNDS, (article_id,))]


def wrong(conn: sqlite3.Connection) -> Iterator[int]:
    """Articles whose counts at some ages do not follow from their readings; those that are due are not looked at."""
    ids = conn.execute(
        "SELECT DISTINCT article_id FROM view_observation UNION SELECT article_id FROM count_age"
        " EXCEPT SELECT article_id FROM count_age_due WHERE step = 0"
    ).fetchall()
    for (article_id,) in ids:
        held = conn.execute(HELD, (article_id,)).fetchone()
        if (tuple(held) if held else None) != _row(conn, article_id):
            yield article_id


def _iso(second: int) -> str:
    return instant(datetime.fromtimestamp(second, UTC))
