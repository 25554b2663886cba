"""Sums of every table's rows, and digests of the schema's texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m010_seals(db: Database) -> None:
    db.conn.execute(SEAL)  # `newsspider.archive.seals` fills it when all steps are done


SEAL = """
CREATE TABLE seal (                   -- what `newsspider verify` compares, so that a change made without newsspider shows
    kind TEXT NOT NULL,               -- rows: of a table; text: of a table, an index, a trigger or a view in the schema
    name TEXT NOT NULL,               -- of that table, index, trigger or view
    checksum TEXT NOT NULL,           -- rows: sum modulo 2^256, in hex, of the SHA-256 of each row; text: its SHA-256, in hex
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID
"""
