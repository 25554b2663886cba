"""What went wrong, what was withdrawn and on which days was looked, found without reading the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m023_failures(db: Database) -> None:
    for statement in FAILURES.split(";\n"):
        db.conn.execute(statement)


FAILURES = """
CREATE INDEX capture_failed ON capture(captured_at) WHERE outcome = 'failed';
CREATE INDEX capture_gone ON capture(article_id) WHERE outcome = 'gone';
CREATE INDEX capture_apart ON capture(crawl_id, captured_at) WHERE article_id IS NULL;
CREATE INDEX reading_tally_day ON reading_tally(site, day) WHERE readings > 0
"""
