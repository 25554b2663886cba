"""A query of somebody's own, which can only read: `newsspider sql`."""

from __future__ import annotations

import sqlite3
import time
from typing import Any, NamedTuple

from newsspider.archive import Archive, ArchiveError

READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_FUNCTION}
PRAGMAS = ("table_info", "table_xinfo", "table_list", "index_list", "index_info", "foreign_key_list", "data_version")
STEPS = 20_000  # of SQLite's machine between two looks at the clock: some milliseconds


class Answer(NamedTuple):
    columns: list[str]
    rows: list[tuple[Any, ...]]


def ask(archive: Archive, sql: str, seconds: float) -> Answer:
    """Raises ArchiveError for a query that writes, attaches, is wrong, or takes longer."""
    until = time.monotonic() + seconds
    conn = archive.conn
    conn.execute(
        "SELECT 1 FROM snapshot_search LIMIT 0"
    )  # SQLite writes to its own tables when it first meets a virtual one
    conn.set_authorizer(_allowed)
    conn.set_progress_handler(lambda: time.monotonic() > until, STEPS)
    try:
        cursor = conn.cursor()
        cursor.row_factory = None
        cursor.execute(sql)
        if cursor.description is None:
            raise ArchiveError(
                "the query asks for nothing; `newsspider sql 'SELECT count(*) FROM article'` asks for a number"
            )
        return Answer(_apart([column[0] for column in cursor.description]), cursor.fetchall())
    except (sqlite3.DatabaseError, sqlite3.Warning) as error:
        raise ArchiveError(_said(error, seconds)) from error
    finally:
        conn.set_authorizer(None)
        conn.set_progress_handler(None, 0)


def _allowed(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action in READS and second != "load_extension":
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action == sqlite3.SQLITE_PRAGMA and first in PRAGMAS else sqlite3.SQLITE_DENY


def _said(error: Exception, seconds: float) -> str:
    said = str(error)
    if said == "interrupted":
        return f"the query took longer than {seconds:g} s; --timeout gives it longer, LIMIT or WHERE article_id = … makes it shorter"
    if said == "not authorized":
        return "the query does more than read; newsspider sql takes one SELECT"
    if "one statement" in said:
        return "there are several statements; newsspider sql takes one SELECT"
    return f"{said}; docs/schema.md lists tables, views and columns"


def _apart(names: list[str]) -> list[str]:
    """Names of columns, none twice: a row is printed as a JSON object.

    >>> _apart(["id", "id"])
    ['id', 'id:2']
    """
    found: list[str] = []
    for name in names:
        number = 1
        while (name if number == 1 else f"{name}:{number}") in found:
            number += 1
        found.append(name if number == 1 else f"{name}:{number}")
    return found
