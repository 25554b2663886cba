"""What an archive tells a crawl: what it knows, what is due, what was left undone. Reads only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsspider import schedule
from newsspider.archive import clock, identity, payloads


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """An address the archive knows; ``held``: its article is there (else it was tried in vain, or not tried yet)."""

    url: str
    listing: str
    held: bool
    kind: str
    published: str | None
    first_seen_at: str
    looked_at: str | None
    timezone: str

    def due(self, now: datetime) -> bool:
        """Whether its page is to be looked at (again)."""
        if self.kind != "article":
            return False
        met = datetime.fromisoformat(self.first_seen_at)
        # What was tried in vain is news to the archive, however old: tried again soon, and less often the longer it fails.
        since = schedule.since(self.published, met, self.timezone) if self.held else met
        looked_at = datetime.fromisoformat(self.looked_at) if self.looked_at else None
        return schedule.due(since=since, looked_at=looked_at, now=now)


# A look that lies ahead of now is none (newsspider.archive.clock): the last one before counts.
ARTICLES = """
SELECT a.url, d.listing, 1 AS held, a.kind, a.published, a.first_seen_at, s.timezone, d.key AS asked, CASE
    WHEN a.checked_at <= :latest THEN a.checked_at
    ELSE (SELECT max(captured_at) FROM capture c WHERE (c.article_id = a.id OR c.url = d.url AND c.kind = 'article')
          AND captured_at <= :latest) END AS looked_at
FROM address d JOIN article a ON a.id = d.article_id JOIN site s ON s.name = a.site
"""
UNREAD = """
SELECT f.url, f.listing, 0 AS held, 'article' AS kind, f.published, f.first_seen_at,
    iif(f.tried_at <= :latest, f.tried_at, NULL) AS looked_at, s.timezone, f.key AS asked
FROM frontier f JOIN site s ON s.name = f.site
"""
WITHIN = "IN (SELECT value FROM json_each(:asked))"


def known(conn: sqlite3.Connection, urls: Sequence[str], listing: str, now: datetime) -> dict[str, Known]:
    """Those of some addresses that the archive knows, by the address asked for; as met in ``listing`` where they were."""
    held = identity.listing(conn, listing)
    by_key: dict[str, list[str]] = {}
    for url in urls:
        by_key.setdefault(identity.key(conn, url), []).append(url)
    asked = {"asked": json.dumps(list(by_key)), "listing": held, "latest": clock.latest(now)}
    rows = [
        *conn.execute(f"{UNREAD} WHERE f.key {WITHIN}", asked),
        *conn.execute(f"{ARTICLES} WHERE d.key {WITHIN} ORDER BY d.listing = :listing", asked),
    ]
    return {
        url: _known(row, listing if row["listing"] == held else row["listing"])
        for row in rows
        for url in by_key[row["asked"]]
    }  # the last row wins: an article before an attempt, this listing before others


def standing(conn: sqlite3.Connection, listings: Sequence[str], now: datetime) -> Iterator[Known]:
    """All that was ever met in some listings, and not read at all first: articles once each, and addresses without an article."""
    held = [identity.listing(conn, listing) for listing in listings]
    asked = {"asked": json.dumps(held), "latest": clock.latest(now)}
    yield from map(
        _as_held,
        conn.execute(f"{UNREAD} WHERE f.listing {WITHIN} ORDER BY f.tried_at IS NOT NULL, f.first_seen_at", asked),
    )
    yield from map(
        _as_held, conn.execute(f"{ARTICLES} WHERE d.listing {WITHIN} GROUP BY a.id ORDER BY a.checked_at", asked)
    )


def files(conn: sqlite3.Connection, site: str, now: datetime) -> Iterator[str]:
    """Addresses of images and attachments that a site's articles link and that are not held: never tried, or due for another try."""
    for row in conn.execute(
        "SELECT f.url, min(f.first_seen_at) AS first_seen_at, CASE WHEN f.fetched_at <= :latest THEN f.fetched_at ELSE"
        " (SELECT max(captured_at) FROM capture c WHERE c.url = f.url AND captured_at <= :latest) END AS fetched_at"
        " FROM attachment f JOIN article a ON a.id = f.article_id"
        " WHERE a.site = :site AND f.payload_digest IS NULL GROUP BY f.url ORDER BY f.fetched_at IS NOT NULL, first_seen_at",
        {"site": site, "latest": clock.latest(now)},
    ):
        tried = datetime.fromisoformat(row["fetched_at"]) if row["fetched_at"] else None
        if schedule.due(since=datetime.fromisoformat(row["first_seen_at"]), looked_at=tried, now=now):
            yield row["url"]


def tried(conn: sqlite3.Connection, urls: Sequence[str]) -> set[str]:
    """Those of some addresses of files that were fetched before, well or not."""
    sql = f"SELECT url FROM attachment WHERE url {WITHIN} AND fetched_at IS NOT NULL"
    return {row[0] for row in conn.execute(sql, {"asked": json.dumps(list(urls))})}


def payload(conn: sqlite3.Connection, url: str) -> bytes | None:
    """The page last held of an address; None: none is, or it is damaged."""
    row = conn.execute(
        "SELECT payload_digest FROM capture WHERE url = ? AND payload_digest IS NOT NULL AND kind IN ('article', 'listing')"
        " AND outcome <> 'failed' ORDER BY captured_at DESC LIMIT 1",
        (url,),
    ).fetchone()
    try:
        return payloads.body(conn, row[0]) if row else None
    except payloads.Unreadable:
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What a server said of a page that is held, to ask whether it changed since: its headers of then, by lower-case name."""

    held: dict[str, str]

    @property
    def headers(self) -> dict[str, str]:
        """As a request sends them (RFC 9110, section 13)."""
        names = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
        return {asked: self.held[name] for name, asked in names if name in self.held}


def validators(conn: sqlite3.Connection, url: str) -> Validators | None:
    """Of the version last read at an address; None: none is held, or the page prints its count, which needs the page anew."""
    row = conn.execute(
        "SELECT c.headers FROM capture c WHERE c.url = ? AND c.kind = 'article' AND c.snapshot_id IS NOT NULL"
        " AND c.payload_digest IS NOT NULL AND c.headers IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM view_observation o WHERE o.article_id = c.article_id AND o.method = 2)"
        " ORDER BY c.captured_at DESC LIMIT 1",
        (url,),
    ).fetchone()
    found = Validators(held=json.loads(row[0])) if row else None
    return found if found and found.headers else None


def unfinished(conn: sqlite3.Connection, listing: str, now: datetime) -> bool:
    """Whether a listing has never been followed as far as needed, or broke off the last time where the next may come further.

    A walk that lies ahead of now is none (newsspider.archive.clock).
    """
    row = conn.execute(
        "SELECT unfinished AND stuck IS NULL OR coalesce(walked_at, '') > ? FROM listing WHERE url = ?",
        (clock.latest(now), identity.listing(conn, listing)),
    ).fetchone()
    return row is None or bool(row[0])


def stuck(conn: sqlite3.Connection, listing: str) -> str | None:
    """Why the further pages of a listing could not be asked for when it was last followed to there."""
    row = conn.execute("SELECT stuck FROM listing WHERE url = ?", (identity.listing(conn, listing),)).fetchone()
    return row[0] if row else None


def _as_held(row: sqlite3.Row) -> Known:
    return _known(row, row["listing"])


def _known(row: sqlite3.Row, listing: str) -> Known:
    fields = ("url", "kind", "published", "first_seen_at", "looked_at", "timezone")
    return Known(held=bool(row["held"]), listing=listing, **{name: row[name] for name in fields})
