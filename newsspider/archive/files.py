"""Images and attachments: what their addresses answered, and where their bytes are.

A fetch of one is a capture like any other; what `attachment` says of an address follows from its captures in the order of time.
"""

from __future__ import annotations

import sqlite3

from newsspider.archive import digest

MET = "url, kind, title, first_seen_at, last_seen_at"
COLUMNS = f"{MET}, payload_digest, media_type, size, fetched_at, error"
MET_AGAIN = (
    "ON CONFLICT DO UPDATE SET title = coalesce(title, excluded.title),"
    " first_seen_at = min(first_seen_at, excluded.first_seen_at), last_seen_at = max(last_seen_at, excluded.last_seen_at)"
)


def meet(
    conn: sqlite3.Connection, article_id: int, url: str, kind: str, title: str | None, first: str, last: str
) -> None:
    """Holds that an article linked a file, ``first`` and ``last`` seen then."""
    known = conn.execute("SELECT 1 FROM attachment WHERE article_id = ? AND url = ?", (article_id, url)).fetchone()
    conn.execute(
        f"INSERT INTO attachment (article_id, {MET}) VALUES (?,?,?,?,?,?) {MET_AGAIN}",
        (article_id, url, kind, title, first, last),
    )
    if not known and conn.execute("SELECT 1 FROM capture WHERE url = ? AND kind = 'file'", (url,)).fetchone():
        settle(conn, url)  # another article linked it before


def outcome(conn: sqlite3.Connection, url: str, payload: str | None) -> str:
    """What a fetch is, coming after those held: ``payload`` is the digest of its bytes, None where it failed."""
    if payload is None:
        return "failed"
    held = conn.execute("SELECT payload_digest FROM attachment WHERE url = ? LIMIT 1", (url,)).fetchone()
    return digest.outcome(held and held[0], payload)


def settle(conn: sqlite3.Connection, url: str) -> None:
    """Makes the outcomes of an address's fetches, and what its attachments say, those of the order of time."""
    last = held = None
    for last in conn.execute(
        "SELECT c.id, c.captured_at, c.outcome, c.withdrawn, c.error, c.payload_digest, p.media_type, p.size"
        " FROM capture c LEFT JOIN payload p ON p.digest = c.payload_digest WHERE c.url = ? AND c.kind = 'file'"
        " ORDER BY c.captured_at, c.payload_digest, c.error, c.id",
        (url,),
    ).fetchall():
        found: str = "gone" if last["withdrawn"] and held else "failed"
        if last["payload_digest"]:
            found = digest.outcome(held and held["payload_digest"], last["payload_digest"])
            held = last
        if found != last["outcome"]:
            conn.execute("UPDATE capture SET outcome = ? WHERE id = ?", (found, last["id"]))
    stored = (held["payload_digest"], held["media_type"], held["size"]) if held else (None, None, None)
    tried = (last["captured_at"], last["error"]) if last else (None, None)
    conn.execute(
        "UPDATE attachment SET payload_digest = ?, media_type = ?, size = ?, fetched_at = ?, error = ? WHERE url = ?",
        (*stored, *tried, url),
    )


def read(conn: sqlite3.Connection, article_id: int) -> list[sqlite3.Row]:
    """What an article links, attachments first."""
    return conn.execute(
        f"SELECT {COLUMNS} FROM attachment WHERE article_id = ? ORDER BY kind, first_seen_at, url", (article_id,)
    ).fetchall()


def held(conn: sqlite3.Connection, url: str) -> str | None:
    """The digest of the bytes that are held of a file's address."""
    row = conn.execute("SELECT payload_digest FROM attachment WHERE url = ? LIMIT 1", (url,)).fetchone()
    return row and row[0]
