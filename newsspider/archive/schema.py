"""The archive's schema: which steps a file has had (`newsspider.archive.migrations`), and bringing it up to date.

``docs/schema.md`` is printed from it (`newsspider.archive.document`).
"""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import TYPE_CHECKING

from newsspider.archive import ddl, seals, views
from newsspider.archive.migrations import STEPS

if TYPE_CHECKING:
    from sqlite_utils import Migrations

APPLICATION_ID = 0x6E737069  # "nspi", in the header of every archive: file(1) and we know it by this
SET = "newsspider"
LIST = "_sqlite_migrations"  # the steps a file has had; sqlite-utils keeps it


def loaded() -> Migrations:
    from sqlite_utils import Migrations  # loaded when a step is due: it takes a tenth of a second

    found = Migrations(SET)
    for step in STEPS:
        found()(step)
    return found


def _applied(conn: sqlite3.Connection) -> list[str]:
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (LIST,)).fetchone():
        return []
    return [row[0] for row in conn.execute(f"SELECT name FROM {LIST} WHERE migration_set = ? ORDER BY rowid", (SET,))]


def made(conn: sqlite3.Connection) -> bool:
    """Whether newsspider made the file, whatever its header says."""
    return bool(_applied(conn))


def whole(conn: sqlite3.Connection) -> bool:
    """Whether the list of steps stands as it was written: what else the file has to hold follows from it."""
    held = seals.held(conn, "rows").get(LIST)
    return held is None or held == seals.total(conn, LIST)


def unknown(conn: sqlite3.Connection) -> list[str]:
    """Migrations in the file that this version does not have: a newer one made it."""
    known = {step.__name__ for step in STEPS}
    return [name for name in _applied(conn) if name not in known]


def stale(conn: sqlite3.Connection) -> bool:
    """Whether the file lacks a table or a view of this version. A view that was damaged is no old one: `verify` says so."""
    return _due(conn) or (not views.current(conn) and not seals.broken_texts(conn))


def _due(conn: sqlite3.Connection) -> bool:
    return not {step.__name__ for step in STEPS} <= set(_applied(conn))


@cache
def expected() -> seals.Texts:
    """The schema as this version writes it."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.row_factory = sqlite3.Row
    try:
        _bring(conn)
        return seals.texts(conn)
    finally:
        conn.close()


def upgrade(conn: sqlite3.Connection) -> None:
    """Brings tables and views up to date, all or nothing, also when two programs open the file at once.

    Foreign keys have to be off: a table that is made anew is gone for a moment. `verify` checks them.
    """
    if not stale(conn):
        return
    conn.execute("BEGIN IMMEDIATE")
    try:
        due = _due(conn)
        broken = seals.broken_rows(conn) if due else []
        _bring(conn)
        if due:
            seals.fill(conn, expected(), broken)
        else:
            seals.fill_texts(conn, expected())
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:  # SQLite rolls back by itself where the disk is full
            conn.execute("ROLLBACK")
        raise


def renew_views(conn: sqlite3.Connection) -> None:
    """Makes the views anew, also damaged ones."""
    conn.execute("BEGIN IMMEDIATE")
    views.replace(conn)
    seals.fill_texts(conn, views.VIEWS)
    conn.execute("COMMIT")


def _bring(conn: sqlite3.Connection) -> None:
    from sqlite_utils import Database

    loaded().apply(Database(conn, execute_plugins=False))
    ddl.tidy(conn)
    views.replace(conn)
