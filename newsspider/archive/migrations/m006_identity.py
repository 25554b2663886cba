"""Identities within an organisation, and addresses by what they are known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsspider.extract import keys

if TYPE_CHECKING:
    from sqlite_utils import Database


def m006_identity(db: Database) -> None:
    conn = db.conn
    # The UNIQUE of a column cannot be dropped: the table of articles is made anew, with all that hangs on it.
    [(sql,)] = conn.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'article'").fetchall()
    made = re.sub(r"native_id TEXT UNIQUE, *--[^\n]*\n", NATIVE, sql, count=1)
    made = re.sub(r'^CREATE TABLE "?article"? *\(', "CREATE TABLE made_anew (", made, count=1)
    beside = [
        row[0]
        for row in conn.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'article' AND type IN ('index', 'trigger') AND sql IS NOT NULL"
        )
    ]
    columns = ", ".join(row[1] for row in conn.execute("PRAGMA table_info(article)"))
    conn.execute("PRAGMA legacy_alter_table = ON")
    conn.execute(made)
    conn.execute(f"INSERT INTO made_anew ({columns}) SELECT {columns} FROM article")
    conn.execute("DROP TABLE article")
    conn.execute("ALTER TABLE made_anew RENAME TO article")
    conn.execute("PRAGMA legacy_alter_table = OFF")
    for statement in (*beside, *ADDED.split(";;\n")):
        conn.execute(statement)
    conn.executemany(
        "UPDATE article SET organisation = ? WHERE id = ?",
        [(keys.organisation(url), id_) for id_, url in conn.execute("SELECT id, url FROM article").fetchall()],
    )
    for table in ("address", "frontier", "listing"):
        conn.executemany(
            f"UPDATE {table} SET key = ? WHERE url = ?",
            [(keys.of(url), url) for (url,) in conn.execute(f"SELECT DISTINCT url FROM {table}").fetchall()],
        )


NATIVE = """native_id TEXT,                   -- identity in the CMS: vsb:<owner>:<id>, webplus:<host>:<site>:<id>; NULL: only the address
    organisation TEXT,                -- registered domain, or host and port, of its address: native_id counts there alone
    canonical TEXT,                   -- key of the address that its page declares as its own (rel=canonical); NULL: none, or that above
"""
ADDED = """
CREATE UNIQUE INDEX article_native ON article(native_id, organisation);;
CREATE INDEX article_canonical ON article(canonical) WHERE canonical IS NOT NULL;;
ALTER TABLE address ADD COLUMN key -- of the page: url less scheme, www., sessions and what tracks readers (newsspider.extract.keys)
    TEXT NOT NULL DEFAULT '';;
CREATE INDEX address_key ON address(key);;
ALTER TABLE frontier ADD COLUMN key -- as address.key
    TEXT NOT NULL DEFAULT '';;
CREATE INDEX frontier_key ON frontier(key);;
ALTER TABLE listing ADD COLUMN key -- as address.key
    TEXT NOT NULL DEFAULT '';;
CREATE INDEX listing_key ON listing(key);;
CREATE TABLE moved (                  -- a host that answers under another port: its pages are those of before
    place TEXT PRIMARY KEY,           -- host and port now
    before TEXT NOT NULL,             -- host and port that redirected there first; keys have it
    found_at TEXT NOT NULL            -- UTC; the look that was redirected
) STRICT
"""
