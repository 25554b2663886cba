"""The archive's schema: which steps a file has had (`newsspider.archive.migrations`), and bringing it up to date.

``docs/schema.md`` is printed from it (`newsspider.archive.document`).
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from newsspider.archive import ddl, views
from newsspider.archive.migrations import STEPS

if TYPE_CHECKING:
    from sqlite_utils import Migrations

APPLICATION_ID = 0x6E737069  # "nspi", in the header of every archive: file(1) and we know it by this
SET = "newsspider"


def loaded() -> Migrations:
    from sqlite_utils import Migrations  # loaded when a step is due: it takes a tenth of a second

    found = Migrations(SET)
    for step in STEPS:
        found()(step)
    return found


def _applied(conn: sqlite3.Connection) -> list[str]:
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return []
    return [
        row[0]
        for row in conn.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid", (SET,))
    ]


def unknown(conn: sqlite3.Connection) -> list[str]:
    """Migrations in the file that this version does not have: a newer one made it."""
    known = {step.__name__ for step in STEPS}
    return [name for name in _applied(conn) if name not in known]


def stale(conn: sqlite3.Connection) -> bool:
    """Whether the file lacks a table or a view of this version."""
    return not {step.__name__ for step in STEPS} <= set(_applied(conn)) or not views.current(conn)


def upgrade(conn: sqlite3.Connection) -> None:
    """Brings tables and views up to date, all or nothing, also when two programs open the file at once.

    Foreign keys have to be off: a table that is made anew is gone for a moment. `verify` checks them.
    """
    if not stale(conn):
        return
    from sqlite_utils import Database

    conn.execute("BEGIN IMMEDIATE")
    try:
        loaded().apply(Database(conn, execute_plugins=False))
        ddl.tidy(conn)
        views.replace(conn)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:  # SQLite rolls back by itself where the disk is full
            conn.execute("ROLLBACK")
        raise
