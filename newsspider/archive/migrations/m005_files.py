"""Images and attachments by digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m005_files(db: Database) -> None:
    # A CHECK cannot be altered: the table of captures is made anew. Views that somebody else added may name it.
    db.conn.execute("PRAGMA legacy_alter_table = ON")
    for statement in FILES.split(";;\n"):
        db.conn.execute(statement)
    db.conn.execute("PRAGMA legacy_alter_table = OFF")


FILES = """
CREATE TABLE made_anew (              -- a fetch of a page or a file, well or not; counters only where they failed
    id INTEGER PRIMARY KEY,           -- its number here
    crawl_id INTEGER NOT NULL REFERENCES crawl(id), -- the run that made it
    kind TEXT NOT NULL CHECK (kind IN ('article', 'listing', 'counter', 'file')), -- file: an image or attachment
    url TEXT NOT NULL,                -- the address asked for
    captured_at TEXT NOT NULL,        -- UTC
    article_id INTEGER REFERENCES article(id), -- NULL: listing, counter, file, or an article never read
    snapshot_id INTEGER REFERENCES snapshot(id), -- the version it found
    status INTEGER,                   -- HTTP; NULL: no answer
    headers TEXT,                     -- JSON: response headers that matter
    payload_digest TEXT REFERENCES payload(digest), -- the bytes it got; NULL: none, or not kept (a listing with nothing new)
    outcome TEXT NOT NULL CHECK (outcome IN ('new', 'changed', 'revisit', 'failed', 'gone')), -- of a listing: changed: it held a new entry
    error TEXT,                       -- what went wrong, in words
    content_digest TEXT,              -- snapshot.content_digest of what was read then, by the parser of then
    withdrawn INTEGER NOT NULL DEFAULT 0 -- 1: the answer said that the page is withdrawn or never was
) STRICT;;
INSERT INTO made_anew SELECT id, crawl_id, kind, url, captured_at, article_id, snapshot_id, status, headers, payload_digest,
    outcome, error, content_digest, withdrawn FROM capture;;
DROP TABLE capture;;
ALTER TABLE made_anew RENAME TO capture;;
CREATE INDEX capture_article ON capture(article_id, captured_at);;
CREATE INDEX capture_url ON capture(url, captured_at);;
ALTER TABLE payload ADD COLUMN media_type -- of an image or attachment, by its bytes; NULL: a page
    TEXT;;
ALTER TABLE attachment ADD COLUMN payload_digest -- the bytes last got; NULL: never fetched (crawl --assets), or in vain
    TEXT REFERENCES payload(digest);;
ALTER TABLE attachment ADD COLUMN media_type -- what those bytes are
    TEXT;;
ALTER TABLE attachment ADD COLUMN size -- bytes as received
    INTEGER;;
ALTER TABLE attachment ADD COLUMN fetched_at -- UTC; last try; NULL: none yet
    TEXT;;
ALTER TABLE attachment ADD COLUMN error -- why the last try failed, in words; NULL: it went well
    TEXT;;
CREATE INDEX attachment_url ON attachment(url);;
CREATE INDEX capture_snapshot ON capture(snapshot_id)
"""
