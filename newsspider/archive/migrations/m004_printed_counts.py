"""How exactly a count was printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m004_printed_counts(db: Database) -> None:
    for statement in PRINTED_COUNTS.split(";\n"):
        db.conn.execute(statement)


PRINTED_COUNTS = """
ALTER TABLE view_observation ADD COLUMN step -- NULL: printed to the unit; 1000: in thousands (1.2万); 0: at least so many (9999+)
    INTEGER;
ALTER TABLE article ADD COLUMN views_step -- of the last count, as view_observation.step
    INTEGER;
CREATE INDEX article_gone ON article(gone_since) WHERE gone_since IS NOT NULL
"""
