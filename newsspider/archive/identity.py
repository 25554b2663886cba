"""Which article a page, an address or a count belongs to. One article is one row, however many addresses it has."""

from __future__ import annotations

import sqlite3

from newsspider.archive import chain, counts, files, versions
from newsspider.items import Article, ViewObservation


def find(conn: sqlite3.Connection, url: str) -> int | None:
    """The article that was met under an address."""
    row = conn.execute("SELECT article_id FROM address WHERE url = ? LIMIT 1", (url,)).fetchone()
    return row and row[0]


def counted(conn: sqlite3.Connection, observation: ViewObservation) -> int | None:
    """The article a count was read for."""
    if observation.native_id is not None:
        row = conn.execute("SELECT id FROM article WHERE native_id = ?", (observation.native_id,)).fetchone()
        if row:
            return row[0]
    return find(conn, observation.url) if observation.url else None


def identify(conn: sqlite3.Connection, sums: chain.Sums, site: str, article: Article, at: str) -> int:
    """The article's row, by its identity in the CMS, else by its address; made where there is none."""
    met = find(conn, article.url)
    if article.native_id is None:
        return met or add(conn, site, article.url, None, "article", at)
    row = conn.execute("SELECT id FROM article WHERE native_id = ?", (article.native_id,)).fetchone()
    if met is None:
        return row[0] if row else add(conn, site, article.url, article.native_id, "article", at)
    nameless = conn.execute("SELECT native_id IS NULL FROM article WHERE id = ?", (met,)).fetchone()[0]
    if row is None:
        if nameless:  # a later parser may learn the identity of an article met before
            conn.execute("UPDATE article SET native_id = ? WHERE id = ?", (article.native_id, met))
        return met
    if nameless and met != row[0]:
        unite(conn, sums, row[0], met)
    return row[0]


def add(conn: sqlite3.Connection, site: str, url: str, native_id: str | None, kind: str, at: str) -> int:
    made = conn.execute(
        "INSERT INTO article (site, url, native_id, kind, first_seen_at) VALUES (?,?,?,?,?)",
        (site, url, native_id, kind, at),
    ).lastrowid
    assert made is not None
    return made


def meet(conn: sqlite3.Connection, article_id: int, url: str, listing: str, at: str) -> None:
    conn.execute(
        "INSERT INTO address VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET last_seen_at = max(last_seen_at, excluded.last_seen_at),"
        " first_seen_at = min(first_seen_at, excluded.first_seen_at)",
        (url, listing, article_id, at, at),
    )


def adopt(conn: sqlite3.Connection, article_id: int, url: str) -> bool:
    """Gives an article the looks at its address that found nothing while it was unknown; whether there were any."""
    taken = conn.execute(
        "UPDATE capture SET article_id = ? WHERE url = ? AND article_id IS NULL AND kind = 'article'", (article_id, url)
    )
    return taken.rowcount > 0


def unite(conn: sqlite3.Connection, sums: chain.Sums, kept: int, other: int) -> None:
    """Makes two rows that proved to be one article one row; every capture, address and count of both is kept."""
    for at, views, method, crawl_id, step in conn.execute(
        "DELETE FROM view_observation WHERE article_id = ? RETURNING observed_at, views, method, crawl_id, step",
        (other,),
    ).fetchall():
        sums.remove(crawl_id, chain.count_fact(other, at, views, method, step))
        counts.observe(conn, sums, kept, at, views, method, crawl_id, step)
    conn.execute("UPDATE capture SET article_id = ? WHERE article_id = ?", (kept, other))
    conn.execute("UPDATE snapshot SET article_id = ? WHERE article_id = ?", (kept, other))
    conn.execute("UPDATE address SET article_id = ? WHERE article_id = ?", (kept, other))
    conn.execute(
        f"INSERT INTO attachment SELECT ?, {files.COLUMNS} FROM attachment WHERE article_id = ? {files.MET_AGAIN}",
        (kept, other),
    )
    conn.execute("DELETE FROM attachment WHERE article_id = ?", (other,))
    conn.execute("DELETE FROM counting WHERE article_id = ?", (other,))
    for table in ("counter_change", "calibration"):
        conn.execute(f"UPDATE {table} SET article_id = ? WHERE article_id = ?", (kept, other))
    first = conn.execute("DELETE FROM article WHERE id = ? RETURNING first_seen_at, url", (other,)).fetchone()
    versions.met_earlier(conn, kept, *first)
    versions.settle(conn, kept)
