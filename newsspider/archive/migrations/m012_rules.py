"""Why each field of a version was read as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m012_rules(db: Database) -> None:
    db.conn.execute(RULES)


RULES = """
ALTER TABLE snapshot ADD COLUMN rules -- JSON: by field, the rule that gave it when it was read; NULL: not kept then
    TEXT
"""
