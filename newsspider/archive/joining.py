"""Joining: articles that an archive holds twice are made one. How they stood is kept, by which they can be parted again.

Two articles are one where their addresses have one key, where an address of one led to the other, or where a page declares the
address of the other as its own; and where what they say agrees, too.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from newsspider.archive import Archive, ArchiveError, chain, counts, files, identity, versions
from newsspider.archive.writing import Writer

MOST = 20  # articles of one group that another is compared with: a template may declare one address for thousands
GROUPS = {
    # why articles may be one: rows of what they share, and an article
    "key": """SELECT key, article_id FROM address WHERE key IN
    (SELECT key FROM address GROUP BY key HAVING count(DISTINCT article_id) > 1) GROUP BY 1, 2 ORDER BY 1, 2""",
    "redirect": """WITH led AS (SELECT c.url, d.article_id AS asked, c.article_id AS got FROM capture c JOIN address d ON d.url = c.url
    WHERE c.snapshot_id IS NOT NULL AND d.article_id <> c.article_id)
    SELECT url, asked FROM led UNION SELECT url, got FROM led ORDER BY 1, 2""",
    "canonical": """SELECT canonical, id FROM article WHERE canonical IS NOT NULL
    UNION SELECT a.canonical, d.article_id FROM article a JOIN address d ON d.key = a.canonical ORDER BY 1, 2""",
}
AGREE = """
SELECT EXISTS (SELECT 1 FROM snapshot x JOIN snapshot y
    ON x.body <> '' AND x.body = y.body OR x.title = y.title AND (x.published = y.published OR :why = 'key')
    WHERE x.article_id = :one AND y.article_id = :other)
OR :why = 'key' AND (SELECT count(DISTINCT article_id) FROM snapshot WHERE article_id IN (:one, :other)) < 2"""
RANK = "SELECT native_id IS NULL, counter_key IS NULL, id FROM article WHERE id = ?"
READINGS = "observed_at, views, method, crawl_id, step"


class Double(NamedTuple):
    kept: int
    other: int
    why: str  # key, redirect, canonical


def doubles(conn: sqlite3.Connection) -> list[Double]:
    """Which articles are held twice; one that is held three times is the ``kept`` of two."""
    into: dict[int, tuple[int, str]] = {}

    def last(id_: int) -> int:
        while id_ in into:
            id_ = into[id_][0]
        return id_

    for why, sql in GROUPS.items():
        for _, rows in groupby(conn.execute(sql), key=itemgetter(0)):
            apart: list[int] = []
            for id_ in sorted(
                {last(row[1]) for row in rows}, key=lambda id_: tuple(conn.execute(RANK, (id_,)).fetchone())
            ):
                same = next((one for one in apart[:MOST] if _agree(conn, one, id_, why)), None)
                if same is None:
                    apart.append(id_)
                else:
                    into[id_] = (same, why)
    return [Double(last(other), other, why) for other, (_, why) in sorted(into.items())]


def _agree(conn: sqlite3.Connection, one: int, other: int, why: str) -> bool:
    """Whether two articles with something in common say the same: the same text once, or the same title and, but for one key, day."""
    (native, organisation), (others, elsewhere) = (
        conn.execute("SELECT native_id, organisation FROM article WHERE id = ?", (id_,)).fetchone()
        for id_ in (one, other)
    )
    if (native and others and native != others) or (why != "key" and organisation != elsewhere):
        return False
    return bool(conn.execute(AGREE, {"one": one, "other": other, "why": why}).fetchone()[0])


def join(archive: Archive, version: str, now: str) -> tuple[int, list[Double]]:
    """Makes all doubles one; the run that did, 0 where there was nothing to do. ``now``: a UTC instant."""
    found = doubles(archive.conn)
    if not found:
        return 0, []
    writer = Writer(archive, version)
    writer.start("merge", [], now, {"self": True})
    sums = chain.Sums()
    with archive.transaction() as conn:
        for double in found:
            held = json.dumps(_held(conn, double.kept, double.other), ensure_ascii=False, separators=(",", ":"))
            identity.unite(conn, sums, double.kept, double.other)
            conn.execute(
                "INSERT INTO joined (crawl_id, was, article_id, because, held) VALUES (?,?,?,?,?)",
                (writer.crawl_id, double.other, double.kept, double.why, held),
            )
        sums.write(conn)
    writer.finish(now, "finished", 0, 0)
    return writer.crawl_id, found


def _held(conn: sqlite3.Connection, kept: int, other: int) -> dict[str, Any]:
    """What is the other's, and what of the kept one's changes when they are joined."""

    def rows(sql: str, *of: int) -> list[list[Any]]:
        return [list(row) for row in conn.execute(sql, of)]

    version = "SELECT captured_at, content_digest, published_text, parser FROM snapshot WHERE article_id = ?"
    met = f"SELECT {files.MET} FROM attachment WHERE article_id = ?"
    return {
        "article": dict(conn.execute("SELECT * FROM article WHERE id = ?", (other,)).fetchone()),
        "kept": dict(conn.execute("SELECT url, first_seen_at FROM article WHERE id = ?", (kept,)).fetchone()),
        "addresses": rows("SELECT url, listing, first_seen_at, last_seen_at FROM address WHERE article_id = ?", other),
        "captures": [row[0] for row in rows("SELECT id FROM capture WHERE article_id = ?", other)],
        "versions": {"article": rows(version, other), "kept": rows(version, kept)},
        "counts": [
            row[0]
            for row in rows(
                "SELECT observed_at FROM view_observation WHERE article_id = ? AND observed_at NOT IN"
                " (SELECT observed_at FROM view_observation WHERE article_id = ?)",
                *(other, kept),
            )
        ],
        "both_counted": {  # at one second: one of the two readings stays
            name: rows(
                f"SELECT {READINGS} FROM view_observation WHERE article_id = ? AND observed_at IN"
                " (SELECT observed_at FROM view_observation WHERE article_id = ?)",
                *pair,
            )
            for name, pair in {"article": (other, kept), "kept": (kept, other)}.items()
        },
        "files": {"article": rows(met, other), "kept": rows(met, kept)},
        "counter_changes": rows(
            "SELECT changed_at, family, owner, key FROM counter_change WHERE article_id = ?", other
        ),
        "calibrations": rows("SELECT site, family, measured_at FROM calibration WHERE article_id = ?", other),
    }


def part(archive: Archive, run: int, version: str, now: str) -> int:
    """Takes back what a run of `join` did; how many articles there are more.

    What was read since goes to the article at whose address it was read; counts stay.
    """
    rows = archive.rows("SELECT * FROM joined WHERE crawl_id = ? AND parted_by IS NULL ORDER BY was DESC", (run,))
    if not rows:
        raise ArchiveError(
            f"run {run} joined no articles that are still joined; the table `joined` says which runs did"
        )
    writer = Writer(archive, version)
    writer.start("merge", [], now, {"undo": run})
    sums = chain.Sums()
    with archive.transaction() as conn:
        for row in rows:
            _part(conn, sums, row["article_id"], row["was"], json.loads(row["held"]))
            conn.execute(
                "UPDATE joined SET parted_by = ? WHERE crawl_id = ? AND was = ?", (writer.crawl_id, run, row["was"])
            )
        sums.write(conn)
    writer.finish(now, "finished", 0, 0)
    return len(rows)


def _part(conn: sqlite3.Connection, sums: chain.Sums, kept: int, number: int, held: dict[str, Any]) -> None:
    article, urls = held["article"], sorted({address[0] for address in held["addresses"]})
    conn.execute(
        "UPDATE article SET url = ?, first_seen_at = ? WHERE id = ? AND url = ?",
        (held["kept"]["url"], held["kept"]["first_seen_at"], kept, article["url"]),
    )
    other = _made_again(conn, number, kept, article)
    about = {"kept": kept, "other": other, "urls": json.dumps(urls), "captures": json.dumps(held["captures"])}
    theirs = "url IN (SELECT value FROM json_each(:urls))"
    conn.execute(f"UPDATE address SET article_id = :other WHERE article_id = :kept AND {theirs}", about)
    conn.execute(
        "UPDATE capture SET article_id = :other WHERE article_id = :kept"
        f" AND (id IN (SELECT value FROM json_each(:captures)) OR {theirs})",
        about,
    )
    _copy_versions(conn, other)
    _part_counts(conn, sums, kept, other, held)
    _part_files(conn, kept, other, held["files"])
    for changed_at, *counter in held["counter_changes"]:
        conn.execute("DELETE FROM counter_change WHERE (article_id, changed_at) = (?, ?)", (kept, changed_at))
        conn.execute("INSERT INTO counter_change VALUES (?,?,?,?,?)", (other, changed_at, *counter))
    for of in held["calibrations"]:
        conn.execute("UPDATE calibration SET article_id = ? WHERE (site, family, measured_at) = (?,?,?)", (other, *of))
    for article_id, name in ((other, "article"), (kept, "kept")):
        versions.settle(conn, article_id)
        conn.executemany(
            "UPDATE snapshot SET published_text = ?3, parser = ?4 WHERE (article_id, captured_at, content_digest) = (?5, ?1, ?2)",
            [(*version, article_id) for version in held["versions"][name]],
        )
    for before in conn.execute("SELECT * FROM joined WHERE article_id = ? AND was <> ?", (kept, number)).fetchall():
        if {address[0] for address in json.loads(before["held"])["addresses"]} <= set(urls):  # joined to it before
            conn.execute(
                "UPDATE joined SET article_id = ? WHERE crawl_id = ? AND was = ?",
                (other, before["crawl_id"], before["was"]),
            )


def _made_again(conn: sqlite3.Connection, number: int, kept: int, article: dict[str, Any]) -> int:
    """The row of an article as it was, under the number that it had unless another has it now."""
    taken = conn.execute("SELECT 1 FROM article WHERE id = ?", (number,)).fetchone()
    site = conn.execute(
        "SELECT coalesce((SELECT name FROM site WHERE name = ?), (SELECT site FROM article WHERE id = ?))",
        (article["site"], kept),
    ).fetchone()[0]
    row = article | {
        "id": None if taken else number,
        "site": site,
        "views": None,
        "observed_at": None,
        "views_step": None,
    }
    made = conn.execute(
        f"INSERT INTO article ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
    ).lastrowid
    assert made is not None
    return made


def _copy_versions(conn: sqlite3.Connection, article_id: int) -> None:
    """Gives an article versions of its own where its captures share another's; `versions.settle` makes them fit."""
    columns = f"captured_at, last_seen_at, url, payload_digest, {versions.READ}"
    for (shared,) in conn.execute(
        "SELECT DISTINCT snapshot_id FROM capture WHERE article_id = ? AND snapshot_id IS NOT NULL", (article_id,)
    ).fetchall():
        own = conn.execute(
            f"INSERT INTO snapshot (article_id, {columns}) SELECT ?, {columns} FROM snapshot WHERE id = ?",
            (article_id, shared),
        ).lastrowid
        conn.execute(
            "UPDATE capture SET snapshot_id = ? WHERE (article_id, snapshot_id) = (?, ?)", (own, article_id, shared)
        )


def _part_counts(conn: sqlite3.Connection, sums: chain.Sums, kept: int, other: int, held: dict[str, Any]) -> None:
    both = held["both_counted"]
    for at in held["counts"]:
        for reading in _taken(conn, sums, kept, [at]):
            counts.observe(conn, sums, other, *reading)
    list(_taken(conn, sums, kept, [reading[0] for reading in both["kept"]]))
    for article_id, name in ((other, "article"), (kept, "kept")):
        for reading in both[name]:
            counts.observe(conn, sums, article_id, *reading)
    conn.execute(
        "UPDATE article SET (views, observed_at, views_step) = (SELECT views, strftime('%Y-%m-%dT%H:%M:%SZ', observed_at, 'unixepoch'),"
        " step FROM view_observation WHERE article_id = ?1 ORDER BY view_observation.observed_at DESC LIMIT 1) WHERE id = ?1",
        (kept,),
    )


def _taken(
    conn: sqlite3.Connection, sums: chain.Sums, article_id: int, seconds: Collection[int]
) -> Iterator[tuple[Any, ...]]:
    """Readings that are taken out, in the order of `counts.observe`'s parameters."""
    for second in seconds:
        for at, views, method, crawl_id, step in conn.execute(
            f"DELETE FROM view_observation WHERE (article_id, observed_at) = (?, ?) RETURNING {READINGS}",
            (article_id, second),
        ).fetchall():
            sums.remove(crawl_id, chain.count_fact(article_id, at, views, method, step))
            yield at, views, method, crawl_id, step


def _part_files(conn: sqlite3.Connection, kept: int, other: int, met: dict[str, list[list[Any]]]) -> None:
    own = {file[0]: file for file in met["kept"]}
    for file in met["article"]:
        files.meet(conn, other, *file)
        url, _, title, first, last = own.get(file[0], file)
        if url in own:
            conn.execute(
                "UPDATE attachment SET title = ?, first_seen_at = ?, last_seen_at = iif(last_seen_at > ?, last_seen_at, ?)"
                " WHERE (article_id, url) = (?, ?)",
                (title, first, file[4], last, kept, url),
            )
        else:
            conn.execute(
                "DELETE FROM attachment WHERE (article_id, url) = (?, ?) AND last_seen_at <= ?", (kept, url, last)
            )
