"""Top lists: what grew most in a window, what was read most."""

from __future__ import annotations

import sqlite3

from newsspider.archive import measures
from newsspider.archive.measures import ISO

OF_SITE, OF_MONTH = "site = :site", "substr(published, 1, 7) = :month"


def last_reading(conn: sqlite3.Connection) -> int | None:
    """When a count was last read, in seconds since 1970. None: none ever was."""
    return conn.execute(f"SELECT {measures.NOW}").fetchone()[0]


def by_growth(
    conn: sqlite3.Connection, start: int, end: int, *, limit: int, site: str | None = None, month: str | None = None
) -> list[sqlite3.Row]:
    """Articles by their growth between two seconds since 1970; the columns are those of the view growth_week."""
    asked = {"start": start, "end": end, "limit": limit, "site": site, "month": month}
    found = measures.growth(":start", ":end", where=_within(site, month), most=":limit")
    return conn.execute(f"SELECT * FROM ({found}) ORDER BY growth DESC, article_id", asked).fetchall()


def by_expectation(
    conn: sqlite3.Connection, start: int, end: int, *, limit: int, site: str | None = None, month: str | None = None
) -> list[sqlite3.Row]:
    """Articles by how many times as many views they have as was expected; of each age that is met between two seconds, or is to come."""
    sql = f"""SELECT e.article_id, e.site, e.title, a.published, a.url, e.age, e.said_after, e.expected, e.low, e.high,
               coalesce(e.came, a.views) AS views, e.times, e.outside, e.met_at
        FROM (SELECT id, published, url, views FROM article WHERE id IN (
            SELECT article_id FROM count_age WHERE published_at BETWEEN {ISO.format(":start - 720 * 3600")} AND {ISO.format(":end")})
            AND {_within(site, month) or "true"}) a
        CROSS JOIN views_expected e ON e.article_id = a.id
        WHERE e.times IS NOT NULL AND e.met_at >= {ISO.format(":start")} ORDER BY e.times DESC, e.article_id LIMIT :limit"""
    return conn.execute(sql, {"start": start, "end": end, "limit": limit, "site": site, "month": month}).fetchall()


def by_views(
    conn: sqlite3.Connection, *, limit: int, site: str | None = None, month: str | None = None
) -> list[sqlite3.Row]:
    """Articles by their last count."""
    sql = f"""SELECT id AS article_id, site, title, published, url, views, views_step, observed_at FROM article
        WHERE views IS NOT NULL AND {_within(site, month) or "true"} ORDER BY views DESC, id LIMIT :limit"""
    return conn.execute(sql, {"limit": limit, "site": site, "month": month}).fetchall()


def _within(site: str | None, month: str | None) -> str:
    return " AND ".join([OF_SITE] * (site is not None) + [OF_MONTH] * (month is not None))
