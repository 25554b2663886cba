"""What is held twice for quick answers: written with what it is taken from, rebuilt by `newsspider rebuild`, compared by `verify`.

Triggers of the schema note what is due, whoever writes; `settle` brings it up to date before each transaction ends.
"""

from __future__ import annotations

import sqlite3
import sys
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import lru_cache

from newsspider.archive import ages, alike, epochs, folding

TABLES = (*epochs.TABLES, *alike.TABLES, *ages.TABLES, "reading_tally", "count_due", "search_due")
INDEX = "snapshot_search"
BATCH = 500
TALLY = """SELECT o.crawl_id, a.site, date(o.observed_at, 'unixepoch') AS day, count(*) AS readings
FROM view_observation o JOIN article a ON a.id = o.article_id GROUP BY 1, 2, 3"""
UNLIKE = f"""SELECT crawl_id, site, day FROM (
SELECT crawl_id, site, day, readings FROM reading_tally UNION ALL SELECT crawl_id, site, day, -readings FROM ({TALLY}))
GROUP BY 1, 2, 3 HAVING sum(readings) <> 0"""
Progress = Callable[[str, int, int], None]  # (part, done, of how many)
Sealed = Callable[[], AbstractContextManager[None]]  # a transaction: Archive.sealed


def holds(table: str) -> bool:
    """Whether a table is made from others; those of the search index are SQLite's own."""
    return table in TABLES or table == INDEX or table.startswith(f"{INDEX}_")


def settle(conn: sqlite3.Connection, most: int = -1) -> int:
    """Brings at most so many versions and so many articles that are due up to date; how many there were. Within a transaction."""
    return sum(one(conn, most) for one in (_settle_search, _settle_counts, _settle_alike, ages.settle))


def _settle_search(conn: sqlite3.Connection, most: int) -> int:
    due = conn.execute(
        "SELECT d.snapshot_id, d.title, d.body, s.id, s.title, s.body FROM search_due d"
        " LEFT JOIN snapshot s ON s.id = d.snapshot_id LIMIT ?",
        (most,),
    ).fetchall()
    for id_, old_title, old_body, held, title, body in due:
        if old_body is not None:
            conn.execute(
                "INSERT INTO snapshot_search (snapshot_search, rowid, pairs) VALUES ('delete', ?, ?)",
                (id_, _pairs(old_title, old_body)),
            )
        if held is not None:
            conn.execute("INSERT INTO snapshot_search (rowid, pairs) VALUES (?, ?)", (id_, _pairs(title, body)))
    conn.executemany("DELETE FROM search_due WHERE snapshot_id = ?", [(row[0],) for row in due])
    return len(due)


def _settle_counts(conn: sqlite3.Connection, most: int) -> int:
    due = conn.execute("SELECT article_id FROM count_due LIMIT ?", (most,)).fetchall()
    for (article_id,) in due:
        epochs.write(conn, article_id)
        conn.execute("DELETE FROM count_due WHERE article_id = ?", (article_id,))
    return len(due)


def _settle_alike(conn: sqlite3.Connection, most: int) -> int:
    due = conn.execute("SELECT article_id FROM alike_due ORDER BY article_id LIMIT ?", (most,)).fetchall()
    for (article_id,) in due:
        alike.write(conn, article_id)
        conn.execute("DELETE FROM alike_due WHERE article_id = ?", (article_id,))
    return len(due)


def _pairs(title: str | None, body: str) -> str:
    return " ".join(sorted(folding.pairs(f"{title or ''}\n{body}")))


def waiting(conn: sqlite3.Connection) -> int:
    """How much is due; of counts at some ages, the forecasts that follow from them, too."""
    tables = ("search_due", "count_due", "alike_due")
    found = sum(conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)
    return found + ages.waiting(conn)


def fill(conn: sqlite3.Connection, sealed: Sealed, progress: Progress) -> None:
    """Settles all that is due, in transactions of their own: one that is killed goes on where it was."""
    total = waiting(conn)
    done = 0
    while done < total:
        progress("quick answers", done, total)
        with sealed():
            found = settle(conn, BATCH)
        if not found:  # another program was quicker
            break
        done += found
    if total:
        progress("quick answers", total, total)


def rebuild(conn: sqlite3.Connection, sealed: Sealed, progress: Progress) -> None:
    """Makes all of it anew."""
    with sealed():
        conn.execute("INSERT INTO snapshot_search (snapshot_search) VALUES ('delete-all')")
        conn.execute("DELETE FROM search_due")
        conn.execute("INSERT INTO search_due (snapshot_id) SELECT id FROM snapshot")
        for table in (*epochs.TABLES, *alike.TABLES, *ages.TABLES, "reading_tally"):
            conn.execute(f"DELETE FROM {table}")
        conn.execute("INSERT INTO alike_due SELECT DISTINCT article_id FROM snapshot")
        conn.execute("INSERT OR IGNORE INTO count_due SELECT DISTINCT article_id FROM view_observation")
        conn.execute(
            "INSERT INTO count_age_due SELECT 0, article_id FROM (SELECT DISTINCT article_id FROM view_observation)"
        )
        conn.execute(f"INSERT INTO reading_tally {TALLY}")
    fill(conn, sealed, progress)


def on_terminal(part: str, done: int, total: int) -> None:
    """Progress of what happens whenever an archive of an earlier version is opened."""
    if sys.stderr.isatty() and total > BATCH:
        end = "\n" if done == total else ""
        print(f"\rpreparing {part}: {done:,} of {total:,}", end=end, file=sys.stderr, flush=True)


def wrong(conn: sqlite3.Connection, progress: Progress) -> Iterator[tuple[str, str]]:
    """(row, what is wrong with it); within a transaction, which is rolled back."""
    yield from _wrong_search(conn, progress)
    yield from _wrong_counts(conn, progress)
    for article_id in ages.wrong(conn):
        yield (
            f"counts at some ages of article {article_id}",
            "do not follow from its readings; `newsspider rebuild` makes them anew",
        )
    for article_id in alike.wrong(conn):
        yield f"likeness of article {article_id}", "does not follow from the texts; `newsspider rebuild` makes it anew"


def _wrong_counts(conn: sqlite3.Connection, progress: Progress) -> Iterator[tuple[str, str]]:
    ids = conn.execute(
        "SELECT DISTINCT article_id FROM view_observation UNION SELECT article_id FROM count_epoch"
        " EXCEPT SELECT article_id FROM count_due"
    ).fetchall()
    for done, (article_id,) in enumerate(ids):
        if done % 1000 == 0:
            progress("counts", done, len(ids))
        if epochs.held(conn, article_id) != epochs.course(conn, article_id):
            yield (
                f"epochs of article {article_id}",
                "do not follow from its readings; `newsspider rebuild` makes them anew",
            )
    for crawl_id, site, day in conn.execute(UNLIKE).fetchall():
        yield f"tally of run {crawl_id}, {site}, {day}", "is not what was read; `newsspider rebuild` makes it anew"


def _wrong_search(conn: sqlite3.Connection, progress: Progress) -> Iterator[tuple[str, str]]:
    conn.execute("DROP TABLE IF EXISTS temp.indexed")
    conn.execute("CREATE VIRTUAL TABLE temp.indexed USING fts5vocab(main, snapshot_search, instance)")
    weight = lru_cache(1 << 20)(lambda pair: zlib.crc32(pair.encode("utf-8", "surrogateescape")))
    held: defaultdict[int, int] = defaultdict(int)
    for pair, id_ in conn.execute("SELECT term, doc FROM temp.indexed"):
        held[id_] += weight(pair)
    total = conn.execute("SELECT count(*) FROM snapshot").fetchone()[0]
    due = {row[0] for row in conn.execute("SELECT snapshot_id FROM search_due")}
    for done, (id_, title, body) in enumerate(conn.execute("SELECT id, title, body FROM snapshot")):
        if done % 1000 == 0:
            progress("search", done, total)
        found = held.pop(id_, 0)
        if id_ not in due and found != sum(map(weight, folding.pairs(f"{title or ''}\n{body}"))):
            yield f"search index of snapshot {id_}", "does not hold its text; `newsspider rebuild` makes it anew"
    for id_ in held.keys() - due:
        yield f"search index of snapshot {id_}", "has no snapshot; `newsspider rebuild` makes it anew"
