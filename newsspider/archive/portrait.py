"""What one site is like: when it publishes, in which columns, how much it is read, how often its counts were read. Reads only."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from newsspider.archive import Archive

STANDS = "site = :site AND kind = 'article'"


def months(archive: Archive, site: str) -> list[tuple[str, int]]:
    """(month, articles published in it), oldest first."""
    sql = f"""SELECT substr(published, 1, 7) AS month, count(*) FROM article
        WHERE {STANDS} AND length(published) >= 7 AND date(substr(published, 1, 7) || '-01') IS NOT NULL GROUP BY 1 ORDER BY 1"""
    return [tuple(row) for row in archive.rows(sql, {"site": site})]


def rhythm(archive: Archive, site: str) -> list[tuple[int, int | None, int]]:
    """(weekday, hour, articles): Monday is 0; hour None: only the day is printed, or 00:00, which means the same."""
    sql = f"""SELECT (strftime('%w', substr(published, 1, 10)) + 6) % 7 AS weekday,
               CASE WHEN length(published) >= 16 AND published NOT LIKE '%T00:00%' THEN substr(published, 12, 2) + 0 END AS hour, count(*)
        FROM article WHERE {STANDS} AND date(substr(published, 1, 10)) IS NOT NULL GROUP BY 1, 2"""
    return [tuple(row) for row in archive.rows(sql, {"site": site})]


def columns(archive: Archive, site: str) -> list[sqlite3.Row]:
    """The columns of a site with their articles, the largest first."""
    sql = """
        SELECT l.url, l.walked_at, l.unfinished, l.stuck, count(DISTINCT d.article_id) AS articles,
               max(substr(a.published, 1, 10)) AS newest, min(substr(a.published, 1, 10)) AS oldest
        FROM listing l LEFT JOIN address d ON d.listing = l.url LEFT JOIN article a ON a.id = d.article_id
        WHERE l.site = :site GROUP BY l.url ORDER BY articles DESC, l.url"""
    return archive.rows(sql, {"site": site})


def views(archive: Archive, site: str) -> list[int]:
    """The last counts of a site's articles, the least first."""
    sql = f"SELECT views FROM article WHERE {STANDS} AND views IS NOT NULL ORDER BY views"
    return [row[0] for row in archive.rows(sql, {"site": site})]


class HalfLife(NamedTuple):
    """Hours after publication between which an article had half of its present views."""

    article_id: int
    low: float
    high: float
    truncated: int  # 1: the first reading found more than half


def half_lives(archive: Archive, site: str, least: int) -> list[HalfLife]:
    """Of articles that were read ``least`` times or more."""
    sql = f"""
        SELECT article_id, low, high, truncated FROM half_life WHERE article_id IN (
            SELECT id FROM article WHERE {STANDS} AND views > 0
            AND (SELECT count(*) FROM view_observation o WHERE o.article_id = article.id) >= :least)"""
    return [HalfLife(*row) for row in archive.rows(sql, {"site": site, "least": least})]


def intervals(archive: Archive, site: str, since: int, bands: str) -> list[tuple[int, int, int]]:
    """(band of age, interval in units of ten minutes, readings) of the readings since then that had one before.

    ``bands``: SQL that tells the band of ``age``, in seconds.
    """
    sql = f"""
        SELECT {bands} AS band, gap / 600 AS gap, count(*) FROM (
            SELECT o.observed_at - k.published_at AS age,
                   o.observed_at - lag(o.observed_at) OVER (PARTITION BY o.article_id ORDER BY o.observed_at) AS gap
            FROM article a JOIN counting k ON k.article_id = a.id
            CROSS JOIN view_observation o ON o.article_id = a.id AND o.observed_at >= :since
            WHERE a.site = :site AND k.published_at IS NOT NULL AND a.observed_at >= strftime('%Y-%m-%dT%H:%M:%SZ', :since, 'unixepoch'))
        WHERE gap IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"""
    return [tuple(row) for row in archive.rows(sql, {"site": site, "since": since})]


def counting(archive: Archive, site: str, now: int) -> sqlite3.Row:
    """How the counts of a site are followed: (followed, due: waiting for a poll, failing: asked in vain since the last reading)."""
    sql = """
        SELECT count(*) AS followed, coalesce(sum(k.due_at <= :now), 0) AS due, coalesce(sum(k.misses > 0), 0) AS failing
        FROM counting k JOIN article a ON a.id = k.article_id WHERE a.site = :site AND a.gone_since IS NULL"""
    return archive.rows(sql, {"site": site, "now": now})[0]
