"""Listings whose further pages cannot be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m008_stuck(db: Database) -> None:
    db.conn.execute(STUCK)


STUCK = """ALTER TABLE listing ADD COLUMN stuck -- why the pages after the last one read cannot be asked for; NULL: nothing is in the way
    TEXT"""
