"""Epochs, events and freezes of counts, held in tables of their own. What each is: docs/series.md, and the query `measures.readings`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple

from newsspider.archive import measures, spikes
from newsspider.expectation import Reading

DAY = 86400
SERIES = measures.readings("WHERE o.article_id = ?") + " ORDER BY observed_at"
KNOWN = (  # by a second, of the runs of `newsspider.archive.cut`
    measures.readings("WHERE o.article_id = ? AND o.observed_at <= ? AND o.crawl_id IN (SELECT id FROM temp.known_run)")
    + " ORDER BY observed_at"
)
TABLES = {"count_epoch": 12, "count_event": 6, "count_freeze": 6}  # columns


class Course(NamedTuple):
    """The rows of one article in each table."""

    epochs: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]
    freezes: list[tuple[Any, ...]]


def course(conn: sqlite3.Connection, article_id: int, by: int | None = None) -> Course:
    """What the readings of an article say; ``by``: those that a cut knew by that second."""
    rows = conn.execute(*((SERIES, (article_id,)) if by is None else (KNOWN, (article_id, by)))).fetchall()
    if not rows:
        return Course([], [], [])
    runs = [list(run) for _, run in groupby(rows, key=lambda row: row["views"])]
    events = sorted({**_fallen(rows), **_ran(rows), **_rounded(rows)}.values(), key=lambda event: event[1:3])
    return Course(_epochs(conn, rows, runs[-1], events), events, list(_freezes(rows, runs)))


def held(conn: sqlite3.Connection, article_id: int) -> Course:
    return Course(
        *(
            [tuple(row) for row in conn.execute(f"SELECT * FROM {table} WHERE article_id = ?", (article_id,))]
            for table in TABLES
        )
    )


def write(conn: sqlite3.Connection, article_id: int) -> None:
    for (table, width), rows in zip(TABLES.items(), course(conn, article_id), strict=True):
        conn.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
        conn.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * width)})", rows)


def freeze_event(freeze: tuple[Any, ...]) -> tuple[Any, ...]:
    """A freeze as the view counter_event has it."""
    article_id, since, _, views, readings, before = freeze
    rounds = (10_000, 100_000, 1_000_000)
    return article_id, since, "capped" if views in rounds or views + 1 in rounds else "freeze", before, views, readings


def _epochs(
    conn: sqlite3.Connection,
    rows: Sequence[sqlite3.Row],
    last_run: Sequence[sqlite3.Row],
    events: Sequence[tuple[Any, ...]],
) -> list[tuple[Any, ...]]:
    article_id, last = rows[0]["article_id"], rows[-1]
    moved = conn.execute(
        "SELECT 1 FROM counter_change WHERE article_id = ? AND changed_at > ?", (article_id, _iso(last["observed_at"]))
    ).fetchone()
    away = last["views"] * 2 < max(row["views"] for row in rows)
    rounded = any(event[2] in ("rounded", "capped") for event in events)
    plain = int(not (moved or away or rounded))
    found = []
    for epoch, run in groupby(rows, key=lambda row: row["epoch"]):
        stretch = list(run)
        first, end = stretch[0], stretch[-1]
        standing = last_run if end is last else [end]
        found.append(
            (
                *(article_id, epoch, first["event"] if epoch else None),
                *(_iso(first["observed_at"]), _iso(end["observed_at"]), first["views"], end["views"]),
                *(len(stretch), sum(row["growth"] or 0 for row in stretch)),
                *(_iso(standing[0]["observed_at"]), len(standing), plain if end is last else 0),
            )
        )
    return found


def _fallen(rows: Sequence[sqlite3.Row]) -> dict[tuple[int, str], tuple[Any, ...]]:
    return {
        (row["observed_at"], row["event"]): (
            *(row["article_id"], _iso(row["observed_at"]), row["event"]),
            *(row["previous"], row["views"], None),
        )
        for row in rows
        if row["event"]
    }


def _ran(rows: Sequence[sqlite3.Row]) -> dict[tuple[int, str], tuple[Any, ...]]:
    """Counts that began to run, by their own past."""
    before = {row["observed_at"]: row["previous"] for row in rows}
    readings = [Reading(row["observed_at"], row["views"]) for row in rows]
    return {
        (one.at, "jump"): (rows[0]["article_id"], _iso(one.at), "jump", before[one.at], one.views, None)
        for one in spikes.onsets(readings)
    }


def _rounded(rows: Sequence[sqlite3.Row]) -> dict[tuple[int, str], tuple[Any, ...]]:
    """Counts that were printed as 1.2万 or 9999+; or, from ten thousand up, whole thousands alone, three different ones at least."""
    high = [row for row in rows if row["views"] >= 10_000]
    thousands = len({row["views"] for row in high}) >= 3 and not any(row["views"] % 1000 for row in high)
    alike = {
        "capped": [row for row in rows if row["step"] == 0],
        "rounded": [row for row in rows if row["step"]]
        or (high if thousands and all(row["step"] is None for row in high) else []),
    }
    return {
        (some[0]["observed_at"], event): (
            *(some[0]["article_id"], _iso(some[0]["observed_at"]), event),
            *(min(row["views"] for row in some), max(row["views"] for row in some), len(some)),
        )
        for event, some in alike.items()
        if some
    }


def _freezes(rows: Sequence[sqlite3.Row], runs: Sequence[Sequence[sqlite3.Row]]) -> Iterator[tuple[Any, ...]]:
    for run in runs:
        since, until, views = run[0]["observed_at"], run[-1]["observed_at"], run[0]["views"]
        if len(run) < 3 or until - since < DAY or run[0]["step"] is not None:
            continue
        earlier = [row["views"] for row in rows if row["observed_at"] <= 2 * since - until]
        if earlier and views - earlier[-1] >= 20:
            yield run[0]["article_id"], _iso(since), _iso(until), views, len(run), views - earlier[-1]


def _iso(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}"
