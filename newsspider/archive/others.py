"""Archives of others: looked at before they are trusted, and never written to.

One is read as it lies, without a lock and without a file beside it. With a journal beside it, or of an earlier version, it is
copied first, and the copy is read.
"""

from __future__ import annotations

import glob
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from newsspider.archive import Archive, ArchiveError, Damaged, Locked, is_there, schema, teaching

JOURNALS = ("-wal", "-journal")
BOMB = 64 * 1024 * 1024, 100  # bytes of a page, and how many times its stored size; zeros shrink 30,000 times, news 5
TABLES = "SELECT name, type, ncol, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'"
COLUMNS = 'SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?)'


@contextmanager
def opened(ours: Archive, path: Path) -> Iterator[Archive]:
    """Raises ArchiveError for a file that has other tables than ours, Damaged for one that cannot be read."""
    if not is_there(path):
        raise ArchiveError(f"there is no archive at {path}")
    for left in ours.path.parent.glob(f".{glob.escape(ours.path.name)}.merge-*"):  # by a merge that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".{ours.path.name}.merge-", dir=ours.path.parent) as folder:
        place = _readable(ours, path, Path(folder))
        with Archive(place, untouched=place == path) as other, teaching(path):
            _check_tables(ours.conn, other.conn, path)
            _check_values(other.conn, path)
            yield other


def _readable(ours: Archive, path: Path, folder: Path) -> Path:
    """The file itself, or a copy of it that is up to date."""
    copy = _copied(path, folder) if any(_beside(path, end).exists() for end in JOURNALS) else None
    with teaching(path), closing(_plain(copy or path)) as conn:
        _check_objects(ours.conn, conn, path)
        stale = schema.stale(conn)
    if not stale:
        return copy or path
    copy = copy or _copied(path, folder)
    try:
        Archive(copy, write=True).close()
    except (sqlite3.Error, ValueError, AssertionError) as error:
        raise ArchiveError(f"{path} cannot be brought up to date ({error}); it was left as it is") from error
    return copy


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _copied(path: Path, folder: Path) -> Path:
    copy, files = folder / path.name, [end for end in ("", *JOURNALS) if _beside(path, end).exists()]
    before = [_beside(path, end).stat().st_mtime_ns for end in files]
    for end in files:
        shutil.copyfile(_beside(path, end), _beside(copy, end))
    if before != [_beside(path, end).stat().st_mtime_ns for end in files if _beside(path, end).exists()]:
        raise Locked(f"{path} is being written; merge it when that has ended")
    return copy


def _plain(path: Path) -> sqlite3.Connection:
    """Not even `Archive` has looked at it."""
    wal = _beside(path, "-wal").exists()  # of a copy
    address = f"{path.resolve().as_uri()}?{'mode=rw' if wal else 'immutable=1'}"
    return sqlite3.connect(address, uri=True, isolation_level=None)


def _objects(conn: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    return {name: (kind, sql) for name, kind, sql in conn.execute("SELECT name, type, sql FROM main.sqlite_master")}


def _check_objects(ours: sqlite3.Connection, theirs: sqlite3.Connection, path: Path) -> None:
    """Before one row is read: a view in the place of a table may have no end, a trigger may do anything."""
    known = _objects(ours)
    for name, (kind, sql) in _objects(theirs).items():
        held = known.get(name)
        acts = kind == "trigger" or (kind == "table" and "VIRTUAL" in (sql or "").upper().split())
        if (held and held[0] != kind) or (acts and held != (kind, sql)):
            raise ArchiveError(f"{path} has a {kind} {name}, which no archive of newsspider has; it is not merged")


def _check_tables(ours: sqlite3.Connection, theirs: sqlite3.Connection, path: Path) -> None:
    shapes = {row[0]: tuple(row[1:]) for row in theirs.execute(TABLES)}
    for name, *shape in ours.execute(TABLES).fetchall():
        if shape[0] == "view":
            continue
        columns, held = ([tuple(row) for row in conn.execute(COLUMNS, (name,))] for conn in (ours, theirs))
        if columns != held or shapes.get(name) != tuple(shape):
            raise ArchiveError(f"the table {name} of {path} is not as this version has it; it is not merged")


def _check_values(theirs: sqlite3.Connection, path: Path) -> None:
    for name, zone in theirs.execute("SELECT name, timezone FROM site"):
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise ArchiveError(
                f"{path}: {zone!r}, the time zone of {name}, is none of the IANA's; it is not merged"
            ) from error
    bomb = theirs.execute(
        "SELECT digest, size FROM payload WHERE encoding <> 'identity' AND size > ? AND size / ? > length(body)", BOMB
    ).fetchone()
    if bomb:
        raise Damaged(
            f"{path}: payload {bomb[0]} says that it unpacks to {bomb[1]} bytes, as no page does; it is not merged"
        )
