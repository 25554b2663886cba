"""Sums by site and month, days without a count, and what is new, from an index alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m025_questions(db: Database) -> None:
    for statement in QUESTIONS.split(";\n"):
        db.conn.execute(statement)


QUESTIONS = """
CREATE INDEX article_printed ON article(site, published, kind, views);
CREATE INDEX snapshot_captured ON snapshot(captured_at);
CREATE INDEX reading_tally_read ON reading_tally(site, day, readings);
DROP INDEX reading_tally_day;
DROP INDEX reading_tally_site
"""
