"""Errors that no verb foresaw, as ones that say what to do: of the disk, and of an archive that is damaged."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from newsspider.archive import Archive, ArchiveError, Damaged, Full, fixity, teaching
from newsspider.site import SiteError

FULL = (errno.ENOSPC, errno.EDQUOT)
OF_A_PATH = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOENT),
    *(errno.ENAMETOOLONG, errno.ELOOP, errno.EFBIG, errno.EIO, errno.ENXIO),
)


def of(error: Exception, archive: Path | None) -> Exception:
    """The error itself where it is a crash, a fault of ours."""
    if isinstance(error, ArchiveError | SiteError):
        return error
    return _of_the_disk(error) or _of_sqlite(error, archive) or _of_damage(error, archive) or error


def _of_the_disk(error: Exception) -> ArchiveError | None:
    if not isinstance(error, OSError):
        return None
    place = error.filename or "a file"
    if error.errno in FULL:
        return Full(f"no room left to write {place}; free some and run again: what was committed before is safe")
    if error.errno in OF_A_PATH:
        return ArchiveError(
            f"cannot read or write {place}: {error.strerror}; name another place, or put this one right"
        )
    return None


def _of_sqlite(error: Exception, archive: Path | None) -> ArchiveError | None:
    if not isinstance(error, sqlite3.DatabaseError):
        return None
    try:
        with teaching(archive or "the archive"):
            raise error
    except ArchiveError as taught:
        return taught
    except sqlite3.DatabaseError:
        return None


def _of_damage(error: Exception, archive: Path | None) -> Damaged | None:
    """Where the archive is damaged, that explains a crash: it is no fault of ours."""
    if archive is None or not archive.is_file():
        return None
    try:
        with Archive(archive, busy=0, upgrade=False) as held:
            damage = next(fixity.verify(held), None)
    except Damaged as damaged:
        return damaged
    except (ArchiveError, sqlite3.DatabaseError):
        return None
    if damage is None:
        return None
    return Damaged(
        f"{archive} is damaged ({damage.what} {damage.found}); `newsspider verify` lists what, a backup restores it ({error})"
    )
