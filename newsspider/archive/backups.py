"""Backups: the archive as it stands at one moment, copied and verified."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from newsspider.archive import Archive, ArchiveError, Damaged, fixity, teaching

STEP = 2000  # pages of the file between two signs of progress


def backup(
    path: Path, folder: Path, now: datetime, progress: Callable[[str, int, int], None] = lambda part, done, total: None
) -> Path:
    """A verified copy in ``folder``, named by the time. Raises Damaged where the copy does not verify, and then leaves none."""
    copy = folder / f"{path.stem}-{now:%Y%m%dT%H%M%SZ}.db"
    unfinished = copy.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"cannot make {folder}: {error}") from error
    try:
        with Archive(path) as archive, teaching(copy):
            _copy(archive.conn, unfinished, progress)
        with Archive(unfinished) as archive:
            broken = list(fixity.verify(archive, progress))
        if broken:
            raise Damaged(f"{path} is damaged ({broken[0].what} {broken[0].found}); no backup was made")
        os.replace(unfinished, copy)
    finally:
        unfinished.unlink(missing_ok=True)
    return copy


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
