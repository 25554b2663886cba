"""Whether this machine's SQLite can do what an archive needs, and how a file stands, without changing it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from newsspider.archive import schema, teaching

OLDEST = (3, 37, 0)  # STRICT tables
FEATURES = {
    "full-text search (FTS5)": "CREATE VIRTUAL TABLE temp.t USING fts5(a)",
    "JSON": "SELECT json_extract('{\"a\": 1}', '$.a')",
    "window functions": "SELECT row_number() OVER () FROM (SELECT 1)",
}


def missing() -> Iterator[str]:
    """What SQLite lacks here."""
    if sqlite3.sqlite_version_info < OLDEST:
        yield f"version {'.'.join(map(str, OLDEST))} or later (it is {sqlite3.sqlite_version})"
    for name, sql in FEATURES.items():
        conn = sqlite3.connect(":memory:")
        try:
            conn.execute(sql)
        except sqlite3.DatabaseError:
            yield name
        finally:
            conn.close()


def stale(path: Path) -> bool:
    """Whether a file will be brought up to today's schema when it is opened next."""
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        with teaching(path):
            return schema.stale(conn)
    finally:
        conn.close()
