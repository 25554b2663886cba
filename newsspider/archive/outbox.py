"""The outbox: alerts that rules made, and how far each is on its ways. Each goes out once, in order; `newsspider.alerts` sends them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from newsspider.archive import Archive

TOGETHER = 200  # alerts in one digest


class Looked(NamedTuple):
    """How far a rule has looked."""

    since: str
    looked_at: str
    capture_id: int


class Row(NamedTuple):
    """A row of the table alert, before it has a number."""

    uid: str
    rule: str
    event: str
    site: str
    article_id: int | None
    at: str
    made_at: str
    message: str


def looked(conn: sqlite3.Connection) -> dict[str, Looked]:
    rows = conn.execute("SELECT rule, since, looked_at, capture_id FROM alert_rule")
    return {rule: Looked(*rest) for rule, *rest in rows}


def look(conn: sqlite3.Connection, rule: str, now: str, capture_id: int) -> None:
    """Within the transaction that adds what the rule told of; its first look begins it."""
    conn.execute(
        "INSERT INTO alert_rule VALUES (?1, ?2, ?2, ?3) ON CONFLICT DO UPDATE SET looked_at = ?2, capture_id = ?3",
        (rule, now, capture_id),
    )


def add(conn: sqlite3.Connection, alert: Row, ways: Iterable[tuple[str, str]]) -> bool:
    """Within a transaction: an alert with its ways, each with the instant before which it is not sent. False: it is held already."""
    added = conn.execute(
        f"INSERT INTO alert ({', '.join(Row._fields)}) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING RETURNING id",
        alert,
    ).fetchone()
    if added is None:
        return False
    conn.executemany(
        "INSERT INTO alert_delivery (alert_id, way, due_at) VALUES (?,?,?)", [(added[0], *one) for one in ways]
    )
    return True


WAITS = "sent_at IS NULL AND refused_at IS NULL"
WAITING = f"""
SELECT d.*, a.uid, a.rule, a.event, a.site, a.article_id, a.at, a.message
FROM alert_delivery d JOIN alert a ON a.id = d.alert_id WHERE d.way = ?1 AND d.{WAITS}"""


def waiting(archive: Archive, way: str, now: str, together: bool) -> list[sqlite3.Row]:
    """What goes out next on a way: one alert, or the alerts of a digest; none where the first of them is not due.

    What was tried as one message is tried again as that message.
    """
    first = archive.rows(f"{WAITING} ORDER BY d.alert_id LIMIT 1", (way,))
    if not first or first[0]["due_at"] > now:
        return []
    if uid := first[0]["message_uid"]:
        return archive.rows(f"{WAITING} AND d.message_uid = ?2 ORDER BY d.alert_id", (way, uid))
    if not together:
        return first
    due = f"{WAITING} AND d.due_at <= ?2 AND d.message_uid IS NULL ORDER BY d.alert_id LIMIT {TOGETHER}"
    return archive.rows(due, (way, now))


def seal(archive: Archive, found: Sequence[sqlite3.Row], uid: str) -> None:
    """Before the first try: these alerts are that message, whatever happens."""
    if found[0]["message_uid"] is None:
        _mark(archive, found, "message_uid = ?", uid)


def sent(archive: Archive, found: Sequence[sqlite3.Row], now: str, note: str | None = None) -> None:
    """``note``: what the receiver said although it took it."""
    _mark(archive, found, "sent_at = ?, tries = tries + 1, error = ?", now, note)


def failed(archive: Archive, found: Sequence[sqlite3.Row], error: str, again_at: str) -> None:
    _mark(archive, found, "error = ?, due_at = ?, tries = tries + 1", error, again_at)


def refused(archive: Archive, found: Sequence[sqlite3.Row], error: str, now: str) -> None:
    """Set aside, so that the rest can go on."""
    _mark(archive, found, "error = ?, refused_at = ?, tries = tries + 1", error, now)


def _mark(archive: Archive, found: Sequence[sqlite3.Row], what: str, *values: Any) -> None:
    with archive.transaction() as conn:
        conn.executemany(
            f"UPDATE alert_delivery SET {what} WHERE way = ? AND alert_id = ?",
            [(*values, row["way"], row["alert_id"]) for row in found],
        )


def again(archive: Archive, now: str) -> int:
    """What was set aside, and what waits for its next try, is due now; how many alerts."""
    with archive.transaction() as conn:
        return conn.execute(
            "UPDATE alert_delivery SET refused_at = NULL, due_at = min(due_at, ?1), tries = 0"
            " WHERE sent_at IS NULL AND (refused_at IS NOT NULL OR tries > 0)",
            (now,),
        ).rowcount


def told(archive: Archive, way: str, most: int) -> list[sqlite3.Row]:
    """The latest alerts of a way, sent or not, the latest first."""
    sql = (
        "SELECT a.* FROM alert_delivery d JOIN alert a ON a.id = d.alert_id WHERE d.way = ? ORDER BY a.id DESC LIMIT ?"
    )
    return archive.rows(sql, (way, most))


STANDING = f"""
SELECT a.site, d.way, sum(d.refused_at IS NULL) AS waiting, sum(d.refused_at IS NOT NULL) AS refused, min(a.made_at) AS since,
       max(d.tries) AS tries, max(d.error) AS error
FROM alert_delivery d JOIN alert a ON a.id = d.alert_id WHERE d.sent_at IS NULL AND (d.{WAITS} OR d.refused_at IS NOT NULL)
GROUP BY a.site, d.way ORDER BY a.site, d.way"""


def standing(archive: Archive) -> list[sqlite3.Row]:
    """What has not gone out, by site and way."""
    return archive.rows(STANDING)
