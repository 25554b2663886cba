"""The names that a site had before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m017_former_names(db: Database) -> None:
    db.conn.execute(FORMER)


FORMER = """
CREATE TABLE former_name (            -- what a site was called here before: its host, or a name that was changed
    name TEXT PRIMARY KEY,            -- the name it had
    site TEXT NOT NULL REFERENCES site(name), -- the site it is now
    renamed_at TEXT NOT NULL          -- UTC
) STRICT
"""
