"""What an archive tells a poll: which counts are due and how each is read. And what a reading means for the next."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter as Counted
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlsplit

from newsspider import schedule
from newsspider.archive import clock
from newsspider.items import Counter

LISTING_ROWS = 20  # what a page of a listing brings, for the price of one request
TOGETHER = {0: schedule.BATCH, 1: LISTING_ROWS, 2: 1}  # by view_observation.method


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """A count and how it is read: by ``counter``, else in ``listing`` (its first page), else on the article's page at ``url``.

    ``by_list``: it has a counter, but a list of its column alone gave the count so far.
    """

    article_id: int
    site: str
    url: str
    native_id: str | None
    counter: Counter | None
    listing: str | None
    by_list: bool


Shared = tuple[str, str | None, str | None, str]  # site, family, owner and the address that is asked


# The address that is asked: of the counter without its query, of the listing, of the page.
WAITING = """
SELECT a.id, a.site, a.counter_family, a.counter_owner, n.asked_at, n.due_at, CASE
    WHEN a.counter IS NOT NULL THEN substr(a.counter, 1, instr(a.counter || '?', '?') - 1)
    WHEN n.method = 1 THEN coalesce(({listing}), a.url) ELSE a.url END AS address,
    CASE WHEN a.counter IS NOT NULL THEN 0 ELSE n.method END AS method
FROM article a {join} JOIN counting n ON n.article_id = a.id
WHERE a.gone_since IS NULL AND (a.counter IS NOT NULL OR a.views IS NOT NULL) AND (:site IS NULL OR a.site = :site)
"""
LISTING = "SELECT listing FROM address d WHERE d.article_id = a.id AND listing <> '' ORDER BY last_seen_at DESC LIMIT 1"
EVERY = WAITING.format(join="LEFT", listing=LISTING)
NEVER_ASKED = EVERY + "AND n.article_id IS NULL"
# In the order of the table, not of an index: when many are due that is twice as fast, when few are it costs milliseconds.
# What was asked ahead of now was not asked (newsspider.archive.clock).
DUE = WAITING.format(join="", listing=LISTING) + "AND (+n.due_at <= :now OR +n.asked_at > :latest)"
# The ids come from the index alone: of thousands that share a counter, only those that find a seat are looked up.
RIDING = (
    WAITING.format(join="", listing=LISTING)
    + """AND a.id IN (
    SELECT a.id FROM article a INDEXED BY article_counter CROSS JOIN counting n ON n.article_id = a.id
    WHERE a.counter_family = :family AND a.counter_owner = :owner AND n.due_at > :now
      AND :now - n.asked_at >= :rides * (n.due_at - n.asked_at)
      AND a.id NOT IN (SELECT id FROM article WHERE gone_since IS NOT NULL)
    ORDER BY (:now - n.asked_at) * 1.0 / (n.due_at - n.asked_at) DESC LIMIT :seats)
"""
)


def every(conn: sqlite3.Connection, site: str | None = None) -> list[schedule.Waiting]:
    """All counts that can be read."""
    return _waiting(conn, EVERY, {"site": site})


def due(conn: sqlite3.Connection, now: int, site: str | None = None) -> list[schedule.Waiting]:
    """The counts that are due, and those that may ride along with them in requests to the same counters."""
    asked: dict[str, object] = {"site": site, "now": now, "latest": now + clock.SLACK, "rides": schedule.RIDES}
    found = _waiting(conn, NEVER_ASKED, asked) + _waiting(conn, DUE, asked)
    for group, number in Counted(count.group for count in found).items():
        _, family, owner, _ = cast(Shared, group)
        if family and number % schedule.BATCH:
            seats = {"family": family, "owner": owner, "seats": -number % schedule.BATCH}
            found += _waiting(conn, RIDING, asked | seats)
    return found


def _waiting(conn: sqlite3.Connection, sql: str, asked: Mapping[str, object]) -> list[schedule.Waiting]:
    rows = conn.cursor()
    rows.row_factory = None  # plain tuples: of hundreds of thousands, a quarter of the time
    places: dict[Shared, tuple[str, Shared]] = {}  # host and group, one object for all that share them
    found = []
    for article_id, site, family, owner, asked_at, due_at, address, method in rows.execute(sql, asked):
        shared = (site, family, owner, address)
        host, group = places.get(shared) or places.setdefault(shared, (urlsplit(address).netloc, shared))
        found.append(schedule.Waiting(article_id, host, group, TOGETHER[method or 0], asked_at, due_at))
    return found


def site_of(batch: schedule.Batch) -> str:
    return cast(Shared, batch.counts[0].group)[0]


def address_of(batch: schedule.Batch) -> str:
    return cast(Shared, batch.counts[0].group)[3]


def counts(conn: sqlite3.Connection, article_ids: Sequence[int]) -> list[Count]:
    """How some counts are read, in the order of the ids."""
    sql = f"""SELECT a.*, CASE WHEN n.method = 1 THEN ({LISTING}) END AS listing, n.method = 1 AS by_list
        FROM article a LEFT JOIN counting n ON n.article_id = a.id WHERE a.id IN (SELECT value FROM json_each(?))"""
    found = {row["id"]: _count(row) for row in conn.execute(sql, (json.dumps(list(article_ids)),))}
    return [found[article_id] for article_id in article_ids]


def _count(row: sqlite3.Row) -> Count:
    counter = row["counter"] and Counter(
        family=row["counter_family"], owner=row["counter_owner"], key=row["counter_key"], url=row["counter"]
    )
    fields = {name: row[name] for name in ("site", "url", "native_id")}
    listing, by_list = (None, bool(row["by_list"])) if counter else (row["listing"], False)
    return Count(article_id=row["id"], counter=counter, listing=listing, by_list=by_list, **fields)


def owed(conn: sqlite3.Connection, site: str) -> list[int]:
    """The articles of a site whose page was read and whose counter was not asked after that: a run was ended between."""
    sql = """SELECT a.id FROM article a LEFT JOIN counting n ON n.article_id = a.id
        WHERE a.site = ? AND a.counter IS NOT NULL AND a.kind = 'article' AND a.gone_since IS NULL
          AND (n.article_id IS NULL OR n.asked_at < CAST(strftime('%s', a.last_seen_at) AS INTEGER)) ORDER BY a.id"""
    return [row[0] for row in conn.execute(sql, (site,))]


def sites(conn: sqlite3.Connection) -> dict[str, sqlite3.Row]:
    return {row["name"]: row for row in conn.execute("SELECT * FROM site")}


def next_due(conn: sqlite3.Connection, now: int, site: str | None = None) -> int | None:
    """The second (since 1970) at which the next count falls due after ``now``."""
    return conn.execute(
        "SELECT min(n.due_at) FROM counting n JOIN article a ON a.id = n.article_id"
        " WHERE n.due_at > ? AND a.gone_since IS NULL AND (? IS NULL OR a.site = ?)",
        (now, site, site),
    ).fetchone()[0]


# What a reading means for the next. Called while article.views still holds the reading before.


def read(conn: sqlite3.Connection, article_id: int, at: int, views: int, method: int) -> None:
    """Plans the next reading after one at ``at``. One that comes to the archive late changes no plan."""
    row = conn.execute(
        "SELECT a.views, a.observed_at, a.published, a.first_seen_at, a.counter, s.timezone, n.asked_at, n.speed, n.fell_at, n.method"
        " FROM article a JOIN site s ON s.name = a.site LEFT JOIN counting n ON n.article_id = a.id WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    held, before = row["views"], second(row["observed_at"]) if row["observed_at"] else None
    if before is not None and at < before and at >= (row["asked_at"] or at):  # the latest is of a clock that was wrong
        held, before = _last_before(conn, article_id, at)
    if before is not None and at < before:
        conn.execute(
            "UPDATE counting SET fell_at = ? WHERE article_id = ?", (before, article_id)
        )  # the growth views look closely
        return
    since = int(
        schedule.since(row["published"], datetime.fromisoformat(row["first_seen_at"]), row["timezone"]).timestamp()
    )
    age = max(0.0, (at - since) / 3600)
    speed = schedule.speed(
        row["speed"],
        views=views,
        growth=views - (held or 0),
        hours=(at - before) / 3600 if before is not None else 0.0,
        age=age,
    )
    if row["method"] is not None:
        method = min(method, row["method"])  # a listing that prints counts is the cheaper place, whatever was read last
    together = schedule.BATCH if row["counter"] else TOGETHER[method]
    hours = schedule.interval(views=views, speed=speed, age=age, together=together)
    if row["speed"] is None:
        hours = min(hours, schedule.SECOND)
    conn.execute(
        "INSERT OR REPLACE INTO counting VALUES (?,?,?,?,0,?,?,?)",
        (
            *(article_id, at, schedule.next_reading(article_id, at, hours), speed, method),
            since if row["published"] else None,
            at if _fell_or_rose_again(held, row["fell_at"], views) else row["fell_at"],
        ),
    )


def _last_before(conn: sqlite3.Connection, article_id: int, at: int) -> tuple[int | None, int | None]:
    """The count that was read last before ``at``, and when."""
    row = conn.execute(
        "SELECT views, observed_at FROM view_observation WHERE article_id = ? AND observed_at < ?"
        " ORDER BY observed_at DESC LIMIT 1",
        (article_id, at),
    ).fetchone()
    return (row[0], row[1]) if row else (None, None)


def forget_ahead(conn: sqlite3.Connection, article_id: int, now: int) -> None:
    """Drops a plan that a clock which was wrong made, before a reading of now makes another."""
    conn.execute("DELETE FROM counting WHERE article_id = ? AND asked_at > ?", (article_id, now + clock.SLACK))


def _fell_or_rose_again(before: int | None, fell_at: int | None, views: int) -> bool:
    """A count that was away for a while, as 0 say, and has doubled at once: the growth views look closely there too."""
    return before is not None and (views < before or (fell_at is not None and views > 2 * before))


def second(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())


def missed(conn: sqlite3.Connection, article_id: int, at: int) -> None:
    """Plans the next attempt after one that gave no count."""
    row = conn.execute("SELECT misses FROM counting WHERE article_id = ?", (article_id,)).fetchone()
    misses = row["misses"] + 1 if row else 1
    due_at = schedule.next_reading(article_id, at, schedule.missed(misses))
    conn.execute(
        "INSERT INTO counting (article_id, asked_at, due_at, misses) VALUES (?,?,?,?)"
        " ON CONFLICT DO UPDATE SET asked_at = excluded.asked_at, due_at = excluded.due_at, misses = excluded.misses,"
        " method = CASE WHEN method = 1 AND excluded.misses > 1 THEN 2 ELSE method END",  # its listing shows it no longer
        (article_id, at, due_at, misses),
    )


# The ceiling of a host and day


def spent(conn: sqlite3.Connection, now: int) -> dict[str, int]:
    """The counter requests of this day (UTC), by host."""
    return dict(conn.execute("SELECT host, requests FROM poll_day WHERE day = ?", (_day(now),)).fetchall())


def spend(conn: sqlite3.Connection, now: int, hosts: Mapping[str, int]) -> None:
    conn.executemany(
        "INSERT INTO poll_day VALUES (?,?,?) ON CONFLICT DO UPDATE SET requests = requests + excluded.requests",
        ((host, _day(now), requests) for host, requests in hosts.items()),
    )


def _day(now: int) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()
