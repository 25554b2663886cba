"""The text of the tables, which is part of the file: columns that migrations added are written as the others are.

SQLite puts an added column in the middle of what stands there, its comment before its type. Only the text is changed, through
``writable_schema`` (https://www.sqlite.org/lang_altertable.html#otheralter), and only to one that means the same table.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress

_COMMENTED = 38  # column where comments begin
_ADDED = re.compile(
    r",? (\w+) +-- ([^\n]*)\n\s*"
    r"((?:TEXT|INTEGER|REAL|BLOB)(?: NOT NULL)?(?: DEFAULT [^\s,)]+)?(?: REFERENCES \w+\(\w+\))?)"
)


def tidy(conn: sqlite3.Connection) -> None:
    """Within a transaction."""
    rewritten = {}
    for name, sql in conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"):
        if (text := tidied(sql)) != sql and _columns(text, name) == _columns(sql, name):
            rewritten[name] = text
    if not rewritten:
        return
    version = conn.execute("PRAGMA schema_version").fetchone()[0]
    conn.execute("PRAGMA writable_schema = ON")
    with suppress(sqlite3.OperationalError):  # a SQLite that forbids it: the text stays as it is
        for name, text in rewritten.items():
            conn.execute("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (text, name))
        conn.execute(f"PRAGMA schema_version = {version + 1}")
    conn.execute("PRAGMA writable_schema = OFF")


def tidied(sql: str) -> str:
    """The text of a table with its added columns on lines of their own.

    >>> print(tidied("CREATE TABLE t (\\n    a TEXT -- first\\n, b -- second\\n    INTEGER) STRICT"))
    CREATE TABLE t (
        a TEXT,                           -- first
        b INTEGER                         -- second
    ) STRICT
    """
    sql = re.sub(
        r'^CREATE TABLE "(\w+)" \(', lambda m: f"{f'CREATE TABLE {m[1]} (':{len(m[0])}}", sql
    )  # it was renamed
    added = list(_ADDED.finditer(sql))
    if not added:
        return sql
    above, _, last = sql[: added[0].start()].rstrip().rpartition("\n")
    rest = sql[added[-1].end() :].lstrip()
    column, _, comment = last.partition("--")
    if rest.startswith(","):  # constraints follow; the comment of the last column stands behind the added ones
        behind, _, rest = rest[1:].partition("\n")
        comment = behind.partition("--")[2]
    columns = [
        (column, comment),
        *((f"    {name} {kind}", comment) for name, comment, kind in (m.groups() for m in added)),
    ]
    ends = [","] * (len(columns) - 1) + ["" if rest.startswith(")") else ","]
    lines = [
        f"{(text.rstrip() + end).ljust(_COMMENTED - 1)} -- {comment.strip()}"
        if comment.strip()
        else text.rstrip() + end
        for (text, comment), end in zip(columns, ends, strict=True)
    ]
    return "\n".join([above, *lines, rest])


def _columns(sql: str, name: str) -> list[tuple[object, ...]]:
    """What the text means: its columns, and whom they refer to."""
    with sqlite3.connect(":memory:") as conn:
        conn.execute(sql)
        found = [
            *conn.execute(f"PRAGMA table_xinfo({name})"),
            *conn.execute(f"PRAGMA foreign_key_list({name})"),
            *conn.execute(f"SELECT wr, strict FROM pragma_table_list({name!r})"),
        ]
    conn.close()
    return found
