"""Backups: the archive as it stands at one moment, copied and verified."""

from __future__ import annotations

import glob
import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsspider.archive import Archive, ArchiveError, Damaged, fixity, teaching

if TYPE_CHECKING:
    from newsspider.archive.store import Store

ABANDONED = 86400  # seconds after which nobody is at an unfinished copy any more
STEP = 2000  # pages of the file between two signs of progress


def backup(
    path: Path, folder: Path, now: datetime, progress: Callable[[str, int, int], None] = lambda part, done, total: None
) -> Path:
    """A verified copy in ``folder``, named by the time. Raises Damaged where the copy does not verify, and then leaves none."""
    copy = folder / f"{path.stem}-{now:%Y%m%dT%H%M%SZ}.db"
    unfinished = copy.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{glob.escape(path.stem)}-????????T??????Z.part*"):
            if now.timestamp() - left.stat().st_mtime > ABANDONED:  # by a backup that was killed
                left.unlink(missing_ok=True)
    except FileExistsError as error:
        raise ArchiveError(f"{folder} is no folder; name another") from error
    try:
        with Archive(path) as archive, teaching(copy):
            _copy(archive.conn, unfinished, progress)
        with Archive(unfinished) as archive:
            broken = list(fixity.verify(archive, progress))
        if broken:
            raise Damaged(f"{path} is damaged ({broken[0].what} {broken[0].found}); no backup was made")
        os.replace(unfinished, copy)
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)
    return copy


def send(
    path: Path,
    store: Store,
    now: datetime,
    progress: Callable[[str, int, int], None] = lambda part, done, total: None,
    name: str | None = None,
) -> tuple[str, int]:
    """A verified copy in an object store: its address and its bytes. ``name``: of the copy, else by the time.

    What arrived is read again and compared; raises Damaged where it differs, and leaves none.
    """
    leaving = path.parent / "leaving"
    copy = backup(path, leaving, now, progress)
    name = name or copy.name
    try:
        size = copy.stat().st_size
        with copy.open("rb") as file:
            sent = hashlib.file_digest(file, "sha256").hexdigest()
        store.put(copy, name)
        if store.sha256(name) != sent:
            store.remove(name)
            raise Damaged(f"the copy that arrived at {store.place} is not the one that was sent; none was left there")
    finally:
        copy.unlink()
        with suppress(OSError):  # another backup is on its way
            leaving.rmdir()
    return store.address(name), size


def _copy(conn: sqlite3.Connection, to: Path, progress: Callable[[str, int, int], None]) -> None:
    target = sqlite3.connect(to)
    try:
        # One reading transaction around all steps: what a crawl commits meanwhile neither restarts the copy nor gets into it.
        conn.execute("BEGIN")
        conn.execute("SELECT 1 FROM sqlite_master").fetchone()
        try:
            conn.backup(target, pages=STEP, progress=lambda _, left, total: progress("copy", total - left, total))
        finally:
            conn.execute("ROLLBACK")
        target.execute(
            "PRAGMA journal_mode = DELETE"
        ).fetchall()  # one file, readable from a disc that cannot be written
    finally:
        target.close()
