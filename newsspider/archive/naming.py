"""What a site is called here: one name each, however it was first met, and the names it had before."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator

from newsspider.archive import Archive, ArchiveError, chain
from newsspider.spelling import near


def names(conn: sqlite3.Connection) -> list[str]:
    return [row[0] for row in conn.execute("SELECT name FROM site ORDER BY name")]


def current(conn: sqlite3.Connection, name: str) -> str | None:
    """What a site is called now that had a name before. None: no site had it."""
    row = conn.execute("SELECT site FROM former_name WHERE name = ?", (name,)).fetchone()
    return row and row[0]


def former(conn: sqlite3.Connection, site: str) -> list[str]:
    """The names that a site had before."""
    return [row[0] for row in conn.execute("SELECT name FROM former_name WHERE site = ? ORDER BY name", (site,))]


def check(archive: Archive, site: str | None) -> None:
    """Raises ArchiveError where no site of the archive has that name (None: all sites), with the names that are near."""
    known = names(archive.conn)
    if site is None or site in known:
        return
    if now := current(archive.conn, site):
        raise ArchiveError(f"{site} was renamed; it is called {now} now")
    listed = (
        f"; there are {', '.join(known[:10])}{' …' if len(known) > 10 else ''}" if known else "; it holds no site yet"
    )
    raise ArchiveError(f"no site of {archive.path} is named {site!r}{near(site, known) or listed}")


def rename(conn: sqlite3.Connection, old: str, new: str, now: str) -> None:
    """Within a transaction: all that is held of a site is that of ``new``, which may be there already; the old name is kept as a fact.

    The runs of the site get a further link in the chain, for their rows name it.
    """
    rest = ", ".join(row["name"] for row in conn.execute("PRAGMA table_info(site)") if row["name"] != "name")
    conn.execute(
        f"INSERT INTO site (name, {rest}) SELECT ?, {rest} FROM site WHERE name = ? ON CONFLICT DO NOTHING", (new, old)
    )
    runs = [row[0] for row in conn.execute("SELECT id FROM crawl WHERE site = ? ORDER BY id", (old,))]
    # A run may have read counts of both on one day.
    conn.execute(
        "INSERT INTO reading_tally SELECT crawl_id, ?, day, readings FROM reading_tally WHERE site = ?"
        " ON CONFLICT DO UPDATE SET readings = readings + excluded.readings",
        (new, old),
    )
    conn.execute("DELETE FROM reading_tally WHERE site = ?", (old,))
    for table, column in _naming(conn):
        conn.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{column}" = ?', (new, old))
    conn.execute("DELETE FROM former_name WHERE name = ?", (new,))
    conn.execute("INSERT OR REPLACE INTO former_name VALUES (?,?,?)", (old, new, now))
    conn.execute("DELETE FROM site WHERE name = ?", (old,))
    for crawl_id in runs:
        if conn.execute("SELECT 1 FROM chain WHERE crawl_id = ?", (crawl_id,)).fetchone():
            chain.link(conn, crawl_id, "renamed")


def _naming(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Every column that names a site."""
    for (table,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'site'").fetchall():
        columns = {row["from"] for row in conn.execute(f"PRAGMA foreign_key_list({table})") if row["table"] == "site"}
        columns |= {row["name"] for row in conn.execute(f"PRAGMA table_info({table})") if row["name"] == "site"}
        yield from ((table, column) for column in sorted(columns))


def adopt(archive: Archive, site: str, hosts: Collection[str], now: str) -> None:
    """What was crawled by an address before the site had a name, and is held under its host, becomes that site's."""
    for name in names(archive.conn):
        if name in hosts and name != site:
            with archive.transaction() as conn:
                rename(conn, name, site, now)
