"""What the archive keeps of the health of its sites: the measures of every crawl, and what is wrong now."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from newsspider.archive import Archive

PAST = 30  # crawls of a site that the next one is compared with


def past(conn: sqlite3.Connection, site: str, crawl_id: int) -> dict[str, list[tuple[float, float]]]:
    """(value, of) of the crawls of a site before this one, by measure, the latest first."""
    sql = """
        SELECT sign, value, total FROM health WHERE site = ?1 AND crawl_id < ?2 AND crawl_id >= coalesce((
            SELECT crawl_id FROM health WHERE site = ?1 AND crawl_id < ?2 GROUP BY crawl_id
            ORDER BY crawl_id DESC LIMIT 1 OFFSET ?3), 0) ORDER BY crawl_id DESC"""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for sign, value, total in conn.execute(sql, (site, crawl_id, PAST - 1)):
        found[sign].append((value, total))
    return found


def keep(conn: sqlite3.Connection, crawl_id: int, site: str, rows: Iterable[Sequence[Any]]) -> None:
    """Rows are (sign, value, total, threshold, message)."""
    conn.executemany("INSERT INTO health VALUES (?,?,?,?,?,?,?)", [(crawl_id, site, *row) for row in rows])


def days(conn: sqlite3.Connection, site: str) -> list[str]:
    """The days on which a site published something; of what has no date, those on which it turned up. ISO 8601."""
    sql = """
        SELECT date(day) FROM (
            SELECT substr(published, 1, 10) AS day FROM article WHERE site = ?1 AND length(published) >= 10
            UNION SELECT substr(published, 1, 10) FROM frontier WHERE site = ?1 AND length(published) >= 10
            UNION SELECT substr(first_seen_at, 1, 10) FROM article WHERE site = ?1 AND published IS NULL
                  AND first_seen_at > (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', min(first_seen_at), '+1 day') FROM article WHERE site = ?1))
        WHERE date(day) IS NOT NULL"""
    return [row[0] for row in conn.execute(sql, (site,))]


def met(conn: sqlite3.Connection, site: str) -> str | None:
    """When something of a site was first met."""
    return conn.execute("SELECT min(first_seen_at) FROM article WHERE site = ?", (site,)).fetchone()[0]


def duplicates(conn: sqlite3.Connection, site: str, since: str) -> tuple[int, int]:
    """Of the articles first met since then: how many have title and date of another article, and how many there are."""
    sql = """
        SELECT coalesce(sum(min(fresh, articles - 1)), 0), coalesce(sum(fresh), 0) FROM (
            SELECT count(*) AS articles, sum(first_seen_at >= ?2) AS fresh FROM article
            WHERE site = ?1 AND kind = 'article' AND title IS NOT NULL GROUP BY title, published)
        WHERE fresh > 0"""
    return tuple(conn.execute(sql, (site, since)).fetchone())


def listings_read(conn: sqlite3.Connection, urls: Collection[str]) -> list[str]:
    """Those of some listings that were read before."""
    sql = "SELECT url FROM listing WHERE url IN (SELECT value FROM json_each(?))"
    return [row[0] for row in conn.execute(sql, (json.dumps(list(urls)),))]


def complaints(archive: Archive, site: str | None = None) -> list[sqlite3.Row]:
    """What is wrong by the last compared crawl of each site: (site, sign, value, total, threshold, message, measured_at, since)."""
    sql = """
        SELECT h.site, h.sign, h.value, h.total, h.threshold, h.message, r.started_at AS measured_at, (
            SELECT min(b.started_at) FROM health g JOIN crawl b ON b.id = g.crawl_id
            WHERE g.site = h.site AND g.sign = h.sign AND g.message IS NOT NULL AND g.crawl_id > coalesce((
                SELECT max(w.crawl_id) FROM health w
                WHERE w.site = h.site AND w.sign = h.sign AND w.message IS NULL), 0)) AS since
        FROM health h JOIN crawl r ON r.id = h.crawl_id
        WHERE h.message IS NOT NULL AND h.crawl_id = (SELECT max(crawl_id) FROM health l WHERE l.site = h.site)
          AND (?1 IS NULL OR h.site = ?1)
        ORDER BY h.site, h.sign"""
    return archive.rows(sql, (site,))


def latest(archive: Archive, site: str) -> list[sqlite3.Row]:
    """Every measure of the last compared crawl of a site, with its threshold."""
    sql = """
        SELECT h.*, r.started_at AS measured_at FROM health h JOIN crawl r ON r.id = h.crawl_id
        WHERE h.site = ?1 AND h.crawl_id = (SELECT max(crawl_id) FROM health WHERE site = ?1) ORDER BY h.sign"""
    return archive.rows(sql, (site,))
