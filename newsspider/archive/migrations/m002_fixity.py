"""Digests that show damage and silent edits; dictionaries; readings by later parsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database


def m002_fixity(db: Database) -> None:
    for statement in FIXITY.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
    _record_facts(db.conn)


def _record_facts(conn: sqlite3.Connection) -> None:
    """Fills the columns of FIXITY for what was held before, and links the runs that had ended."""
    import uuid  # what this step alone needs is loaded with it: the steps are named whenever an archive is opened
    import zlib

    from newsspider.archive import chain

    conn.execute("UPDATE capture SET withdrawn = outcome = 'gone'")
    conn.execute(
        "UPDATE capture SET content_digest = (SELECT content_digest FROM snapshot s WHERE s.id = capture.snapshot_id)"
    )
    for digest, body in conn.execute("SELECT digest, body FROM payload"):
        conn.execute("UPDATE payload SET crc = ? WHERE digest = ?", (zlib.crc32(body), digest))
    sums = chain.Sums()
    for crawl_id, *fact in conn.execute(f"SELECT crawl_id, {chain.CAPTURE} FROM capture"):
        sums.add(crawl_id, chain.text_fact(*fact))
    for crawl_id, *reading in conn.execute(
        "SELECT crawl_id, article_id, observed_at, views, method FROM view_observation"
    ):
        sums.add(crawl_id, chain.count_fact(*reading))
    sums.write(conn)
    for crawl_id, finished, *run in conn.execute(
        "SELECT id, finished_at, kind, started_at, config FROM crawl"
    ).fetchall():
        # Not random: two copies of one archive, each migrated, hold the same runs.
        name = str(uuid.uuid5(uuid.NAMESPACE_OID, repr((crawl_id, run))))
        conn.execute("UPDATE crawl SET uuid = ? WHERE id = ?", (name, crawl_id))
        if finished:
            chain.link(conn, crawl_id, "migrated")


FIXITY = """
ALTER TABLE crawl ADD COLUMN uuid     -- names the run in every archive it was merged into
    TEXT;
ALTER TABLE crawl ADD COLUMN checksum -- sum modulo 2^256, in hex, of the SHA-256 of its captures, counts and re-readings
    TEXT;
CREATE UNIQUE INDEX crawl_uuid ON crawl(uuid);

ALTER TABLE capture ADD COLUMN content_digest -- snapshot.content_digest of what was read then, by the parser of then
    TEXT;
ALTER TABLE capture ADD COLUMN withdrawn -- 1: the answer said that the page is withdrawn or never was
    INTEGER NOT NULL DEFAULT 0;

CREATE TABLE dictionary (             -- what pages of one site have in common: a zstd dictionary
    id INTEGER PRIMARY KEY,           -- as it stands in the zstd frames
    site TEXT NOT NULL REFERENCES site(name), -- whose pages it is made of
    made_at TEXT NOT NULL,            -- UTC; the latest of a site compresses its new pages
    digest TEXT NOT NULL,             -- sha256:<hex> of body as it stands here
    body BLOB NOT NULL                -- the dictionary (for zstd -D), itself a zstd frame
) STRICT;
ALTER TABLE payload ADD COLUMN dictionary -- the dictionary body is compressed with; NULL: none
    INTEGER REFERENCES dictionary(id);
ALTER TABLE payload ADD COLUMN base   -- the payload body is a patch of (zstd --patch-from); NULL: it stands alone
    TEXT REFERENCES payload(digest);
ALTER TABLE payload ADD COLUMN crc    -- CRC-32 of body as it stands here
    INTEGER;

CREATE TABLE reread (                 -- a capture read again, by a later parser or later site rules
    capture_id INTEGER NOT NULL REFERENCES capture(id), -- the capture that was read again
    crawl_id INTEGER NOT NULL REFERENCES crawl(id), -- the run that read it again
    parser_before TEXT,               -- what read it before; NULL: nothing could
    parser TEXT NOT NULL,             -- what read it now
    content_digest TEXT NOT NULL,     -- snapshot.content_digest of what it says now
    changes TEXT,                     -- JSON: fields that are read otherwise, with what they were; NULL: as its version's first capture
    PRIMARY KEY (capture_id, crawl_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE chain (                  -- runs that ended, each linked to the one before: a later edit of a run shows
    id INTEGER PRIMARY KEY,           -- its place in the chain
    crawl_id INTEGER NOT NULL REFERENCES crawl(id), -- the run it seals
    reason TEXT NOT NULL,             -- finished, killed, merged, migrated; amended: two articles of it proved to be one
    run_digest TEXT NOT NULL,         -- sha256:<hex> of the run's row, checksum included
    digest TEXT NOT NULL              -- sha256:<hex> of the digest before, and this row
) STRICT;
CREATE INDEX chain_crawl ON chain(crawl_id);
"""
