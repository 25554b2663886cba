"""The archive: one SQLite file. All SQL of newsspider stands in this package."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from newsspider.archive import derived, schema, seals

if TYPE_CHECKING:
    from sqlite_utils import Database

    from newsspider.archive.frames import Records
    from newsspider.archive.records import Event, Expectation, HeldArticle, Reading, Version
    from newsspider.archive.search import Found

BUSY_SECONDS = 30.0
PAGE_SIZE = 8192  # payloads of a few kilobytes waste less of it than of the default 4096


class ArchiveError(Exception):
    """The file cannot be used as an archive; the message says why and what to do."""


class Locked(ArchiveError):
    """Another program is writing and did not finish in time."""


class Damaged(ArchiveError):
    """SQLite finds the file malformed."""


class Full(ArchiveError):
    """The disk is full; what was committed before is safe."""


@contextmanager
def teaching(path: Path | str) -> Iterator[None]:
    """Turns SQLite's errors about the file into ours, which say what to do."""
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite quotes a text of the schema that is no UTF-8
        raise Damaged(f"{path} is damaged ({error}); `newsspider verify` lists what, a backup restores it") from error
    except sqlite3.DatabaseError as error:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Locked(f"{path} is locked by another program; try again when it has finished") from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "decode to UTF-8" in str(error):
            raise Damaged(
                f"{path} is damaged ({error}); `newsspider verify` lists what, a backup restores it"
            ) from error
        if code == sqlite3.SQLITE_FULL:
            raise Full(
                f"no room left to write {path}; all that was committed before is safe: free some and run again"
            ) from error
        if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
            raise ArchiveError(f"cannot open or write {path}: {error}") from error
        raise


BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite opens together with a file


def is_there(path: Path) -> bool:
    """Raises ArchiveError for what can be no archive: opening a pipe would wait for ever."""
    for place in (path.with_name(f"{path.name}{end}") for end in BESIDE):
        try:
            mode = place.stat().st_mode
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ArchiveError(f"cannot open {place}: {error.strerror}") from error
        if stat.S_ISDIR(mode):
            raise ArchiveError(f"{place} is a folder, not an archive")
        if not stat.S_ISREG(mode):
            raise ArchiveError(f"{place} is a pipe or a device, not an archive")
    return path.exists()


class Archive:
    """An open archive. ``db`` is its sqlite_utils.Database; ``with`` closes it.

    Read-only unless ``write``; a file that is not there is made only then. Without ``upgrade``, one of an earlier version
    stays as it is; ``untouched``, there is no lock and no file beside it either: nobody may be writing.
    Raises ArchiveError for a file that is not an archive, or is from a newer newsspider.
    """

    def __init__(
        self,
        path: Path | str = "archive.db",
        *,
        write: bool = False,
        busy: float = BUSY_SECONDS,
        upgrade: bool = True,
        untouched: bool = False,
    ) -> None:
        self.path = Path(path)
        if not is_there(self.path) and not write:
            raise ArchiveError(f"there is no archive at {self.path}; `newsspider crawl …` makes one")
        self.writable = write
        mode = "mode=rwc" if write else "immutable=1" if untouched else "mode=ro"
        self.address = f"{self.path.resolve().as_uri()}?{mode}"  # as ATTACH takes it
        with teaching(self.path):
            self.conn = self._connect(write, busy)
            try:
                self._check(write)
                if write:
                    self._prepare()
                elif (
                    upgrade and not untouched and schema.stale(self.conn)
                ):  # of an earlier version: to read it takes its views and columns
                    Archive(self.path, write=True, busy=busy).close()
            except BaseException:
                self.conn.close()
                raise

    @cached_property
    def db(self) -> Database:
        # Loaded on first use: it takes a tenth of a second.
        from sqlite_utils import Database

        return Database(self.conn, execute_plugins=False)

    def _connect(self, write: bool, busy: float) -> sqlite3.Connection:
        # isolation_level None: transactions are begun where they are meant, IMMEDIATE, so that a second writer waits its turn.
        conn = sqlite3.connect(self.address, uri=True, timeout=busy, isolation_level=None)
        conn.row_factory = sqlite3.Row
        try:
            conn.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            conn.close()
            if write:
                raise
            # A WAL file in a folder that may not be written, like a burnt disc: nobody can be writing it.
            conn = sqlite3.connect(f"{self.path.resolve().as_uri()}?immutable=1", uri=True, isolation_level=None)
            conn.row_factory = sqlite3.Row
        return conn

    def _check(self, write: bool) -> None:
        marked = self.conn.execute("PRAGMA application_id").fetchone()[0]
        tables = self.conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if marked != schema.APPLICATION_ID:
            if schema.made(self.conn):
                raise Damaged(
                    f"{self.path} is damaged: the mark of an archive in its header was changed; a backup restores it"
                )
            if tables or marked or not write:
                raise ArchiveError(f"{self.path} is not an archive of newsspider; name another file with --archive")
            return
        if not schema.whole(self.conn):
            raise Damaged(
                f"{self.path} is damaged: the list of steps its tables went through was changed; a backup restores it"
            )
        unknown = schema.unknown(self.conn)
        if unknown:
            newest = self.conn.execute("SELECT version FROM crawl ORDER BY id DESC LIMIT 1").fetchone()
            version = newest[0] if newest else "a later version"
            raise ArchiveError(
                f"{self.path} was written by newsspider {version} and holds tables this one does not know ({', '.join(unknown)}); "
                f"install newsspider {version} or later"
            )

    def _prepare(self) -> None:
        if not self.conn.execute("SELECT 1 FROM sqlite_master").fetchone():
            self.conn.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            self.conn.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        self.conn.execute("PRAGMA journal_mode = WAL")
        self.conn.execute("PRAGMA synchronous = NORMAL")
        schema.upgrade(self.conn)
        self._seals = seals.Seals(self.conn)
        derived.fill(self.conn, self.sealed, derived.on_terminal)
        self.conn.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Raises Locked, Full or Damaged where the file does not take it."""
        with teaching(self.path), self.sealed():
            yield self.conn
            derived.settle(self.conn)

    @contextmanager
    def sealed(self) -> Iterator[None]:
        """A transaction that leaves as it is what is due (`newsspider.archive.derived`)."""
        self.conn.execute("BEGIN IMMEDIATE")
        self._seals.clear()
        try:
            yield
            self._seals.write(self.conn)
            self.conn.execute("COMMIT")
        except BaseException:
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK")
            raise

    def rows(self, sql: str, parameters: Any = ()) -> list[sqlite3.Row]:
        with teaching(self.path):
            return self.conn.execute(sql, parameters).fetchall()

    # What is held, as plain records (`newsspider.archive.records`); loaded on first use. docs/python.md shows them.

    def articles(self, **asked: Any) -> Records[HeldArticle]:
        """All articles, or those that meet every condition: ``site``, ``column``, ``since``, ``until``, ``least`` (views), ``edited``,
        ``withdrawn``, ``unread``; ``sort`` (date, views, id) and ``limit``."""
        from newsspider.archive import records

        return records.articles(self, **asked)

    def article(self, name: int | str) -> HeldArticle:
        """The article with that id, address or native id, or the one whose title or address has this in it."""
        from newsspider.archive import records

        return records.article(self, self._id(name))

    def versions(self, name: int | str) -> Records[Version]:
        """What an article said, oldest first."""
        from newsspider.archive import records

        return records.versions(self, self._id(name))

    def series(self, name: int | str) -> Records[Reading]:
        """Every reading of an article's count, oldest first."""
        from newsspider.archive import records

        return records.series(self, self._id(name))

    def events(self, name: int | str | None = None, *, site: str | None = None) -> Records[Event]:
        """What happened to the count of an article, of a site's articles, or of all, besides growing."""
        from newsspider.archive import records

        return records.events(self, None if name is None else self._id(name), site=site)

    def expected(self, name: int | str | None = None, *, site: str | None = None) -> Records[Expectation]:
        """What the count of an article, of a site's articles, or of all was expected to come to when it was young, and what came."""
        from newsspider.archive import records

        return records.expected(self, None if name is None else self._id(name), site=site)

    def views_at(self, moment: str, *, site: str | None = None) -> Records[Reading]:
        """The last count of every article by a moment (ISO 8601; UTC where it names no zone)."""
        from newsspider.archive import records

        return records.views_at(self, moment, site=site)

    def search(self, query: str, **asked: Any) -> Found:
        """Articles that hold a query, as `newsspider search` finds them: ``site``, ``since``, ``until``, ``titles``, ``versions``,
        ``sort``, ``limit``."""
        from newsspider.archive import search

        return search.find(self, query, **asked)

    def _id(self, name: int | str) -> int:
        from newsspider.archive import reading

        return reading.article(self, str(name))["id"]

    def close(self) -> None:
        if self.writable:
            # So that the one file is complete, and nothing lies beside it, also after it is read. Where someone else is at it,
            # the last one to close does this.
            with suppress(sqlite3.OperationalError):
                self.conn.execute("PRAGMA busy_timeout = 0")
                self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                self.conn.execute("PRAGMA journal_mode = DELETE")
        self.conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
