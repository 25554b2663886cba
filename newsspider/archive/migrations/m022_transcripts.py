"""What files say: the text layer of a PDF, and text recognised in pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m022_transcripts(db: Database) -> None:
    db.conn.execute(TRANSCRIPT)


TRANSCRIPT = """
CREATE TABLE transcript (             -- what a file says, made by us from its bytes: no part of snapshot.body
    payload_digest TEXT NOT NULL REFERENCES payload(digest), -- the file's bytes; attachment.payload_digest leads to articles
    method TEXT NOT NULL CHECK (method IN ('pdf', 'ocr')), -- pdf: the text layer of a PDF; ocr: recognised in its pictures, may be wrong
    tool TEXT NOT NULL,               -- the program that made it, with its version and languages
    made_at TEXT NOT NULL,            -- UTC
    text TEXT,                        -- a line a line of the file; '': there is none; NULL: it could not be read
    error TEXT,                       -- why not, in words; NULL: it could
    PRIMARY KEY (payload_digest, method)
) STRICT
"""
