"""Seals: a sum of the rows of every table, and a digest of every text of the schema.

Triggers of the connection, not of the file, see each row that newsspider writes, whichever statement wrote it, and the sums are written
in the same transaction: a killed run leaves them right, and a new table is covered without being named here. A byte that changed on
the disk, or a row that another program wrote, shows. What has a digest of its own is left out.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from newsspider.archive import chain, derived

# The columns that another digest covers: of the bytes, of the text, or of the run (`chain`).
ELSEWHERE = {
    "payload": {"body"},
    "dictionary": {"body"},
    "snapshot": {"title", "published", "source", "author", "editor", "body"},
    "capture": {"crawl_id", *chain.CAPTURE.split(", ")},
    "view_observation": {"crawl_id", *chain.OBSERVATION.split(", ")},
    "reread": {"crawl_id", *chain.REREAD.split(", ")},
}
Texts = dict[str, tuple[Any, ...]]  # (type, table, SQL) by name


class Seals:
    """What a transaction adds to the sums; `write` within it."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._added: defaultdict[str, int] = defaultdict(int)
        conn.create_function("_row_written", -1, self._written)
        conn.create_function("_row_changed", -1, self._changed)
        conn.execute("PRAGMA recursive_triggers = ON")  # else a row that REPLACE takes out is not seen to go
        for (table,) in conn.execute("SELECT name FROM seal WHERE kind = 'rows'").fetchall():
            _watch(conn, table)

    def _written(self, table: str, sign: int, *row: Any) -> None:
        self._added[table] += sign * _fact(row)

    def _changed(self, table: str, *rows: Any) -> None:
        before, after = rows[: len(rows) // 2], rows[len(rows) // 2 :]
        if before != after:
            self._added[table] += _fact(after) - _fact(before)

    def write(self, conn: sqlite3.Connection) -> None:
        for table, added in self._added.items():
            held = conn.execute("SELECT checksum FROM seal WHERE kind = 'rows' AND name = ?", (table,)).fetchone()
            _hold(conn, "rows", {table: chain.checksum(int(held[0], 16) + added)})
        self.clear()

    def clear(self) -> None:
        self._added.clear()


def _watch(conn: sqlite3.Connection, table: str) -> None:
    columns = _columns(conn, table)
    old, new = (", ".join(f'{row}."{column}"' for column in columns) for row in ("OLD", "NEW"))
    for when, seen in (
        ("INSERT", f"_row_written('{table}', 1, {new})"),
        ("DELETE", f"_row_written('{table}', -1, {old})"),
        ("UPDATE", f"_row_changed('{table}', {old}, {new})"),
    ):
        conn.execute(
            f'CREATE TEMP TRIGGER "seal_{table}_{when}" AFTER {when} ON main."{table}" BEGIN SELECT {seen}; END'
        )


def fill(conn: sqlite3.Connection, ours: Texts, broken: Collection[str] = ()) -> None:
    """Seals the file as it stands, after a migration; ``ours``: what newsspider made in it.

    A table whose sum was wrong before (``broken``) keeps that sum: no migration makes damage look right.
    """
    conn.execute("DELETE FROM seal WHERE name NOT IN (SELECT value FROM json_each(?))", (json.dumps([*ours]),))
    _hold(conn, "rows", {table: total(conn, table) for table in tables(conn, ours) if table not in broken})
    fill_texts(conn, ours)


def fill_texts(conn: sqlite3.Connection, names: Collection[str]) -> None:
    _hold(conn, "text", {name: _digest(text) for name, text in texts(conn).items() if name in names})


def _hold(conn: sqlite3.Connection, kind: str, checksums: dict[str, str]) -> None:
    conn.executemany(
        "INSERT INTO seal VALUES (?,?,?) ON CONFLICT DO UPDATE SET checksum = excluded.checksum",
        [(kind, *row) for row in checksums.items()],
    )


def tables(conn: sqlite3.Connection, ours: Texts) -> list[str]:
    """Those that have a sum: all but what is made from others, and what is covered elsewhere to the last column."""
    names = (name for name, (kind, *_) in ours.items() if kind == "table" and name != "seal")
    return [name for name in names if not derived.holds(name) and _columns(conn, name)]


def _columns(conn: sqlite3.Connection, table: str) -> list[str]:
    """The columns that the sum of a table covers."""
    names = [row[1] for row in conn.execute(f'PRAGMA main.table_info("{table}")')]
    return [name for name in names if name not in ELSEWHERE.get(table, ())]


def total(conn: sqlite3.Connection, table: str) -> str:
    """The sum of the rows as they stand."""
    columns = ", ".join(f'"{column}"' for column in _columns(conn, table))
    return chain.checksum(sum(_fact(tuple(row)) for row in conn.execute(f'SELECT {columns} FROM main."{table}"')))


def texts(conn: sqlite3.Connection) -> Texts:
    return {name: tuple(text) for name, *text in conn.execute("SELECT name, type, tbl_name, sql FROM sqlite_master")}


def held(conn: sqlite3.Connection, kind: str) -> dict[str, str]:
    """The checksums by name; none in a file that was never sealed."""
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seal'").fetchone():
        return {}
    return dict(conn.execute("SELECT name, checksum FROM seal WHERE kind = ? ORDER BY name", (kind,)).fetchall())


def broken_rows(conn: sqlite3.Connection) -> list[str]:
    """The tables whose rows are not those that newsspider wrote."""
    found = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return [
        name
        for name, checksum in held(conn, "rows").items()
        if name not in found or not _columns(conn, name) or total(conn, name) != checksum
    ]


def broken_texts(conn: sqlite3.Connection) -> list[str]:
    """What does not stand in the schema as newsspider left it."""
    found = texts(conn)
    return [
        name for name, checksum in held(conn, "text").items() if name not in found or _digest(found[name]) != checksum
    ]


def _fact(row: tuple[Any, ...]) -> int:
    return int(_digest(row), 16)


def _digest(row: tuple[Any, ...]) -> str:
    # ascii: a text of numbers, texts, bytes and NULL that is the same in every version of Python, in a tenth of the time of JSON.
    return hashlib.sha256(ascii(row).encode()).hexdigest()
