"""What says the same as an article. Reads only; `newsspider.archive.alike` finds it."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from newsspider.archive import Archive

RELATED = """
SELECT o.id AS article_id, o.site, o.url, o.title, o.published, o.first_seen_at, o.views, o.gone_since, r.likeness,
       CAST(julianday(substr(o.published, 1, 10)) - julianday(substr(a.published, 1, 10)) AS INTEGER) AS days,
       round((julianday(o.first_seen_at) - julianday(a.first_seen_at)) * 24, 1) AS hours_seen, o.site = a.site AS same_site
FROM article a JOIN (
    SELECT other_id AS id, likeness FROM alike WHERE article_id = ?1
    UNION ALL SELECT article_id, likeness FROM alike WHERE other_id = ?1) r JOIN article o ON o.id = r.id
WHERE a.id = ?1 ORDER BY coalesce(substr(o.published, 1, 10), substr(o.first_seen_at, 1, 10)), o.first_seen_at, o.id"""


def related(archive: Archive, article_id: int) -> list[sqlite3.Row]:
    """What says the same as an article, by day of publication; ``days`` and ``hours_seen`` after it (negative: before)."""
    return archive.rows(RELATED, (article_id,))


SAME = 0.95  # two articles of one site that are so much alike are one story; the view `story`


class Text(NamedTuple):
    title: str
    body: str


def text(archive: Archive, article_id: int) -> Text:
    """What an article says now; empty where its page was never read."""
    sql = "SELECT title, body FROM snapshot WHERE article_id = ? ORDER BY captured_at DESC, id DESC LIMIT 1"
    rows = archive.rows(sql, (article_id,))
    return Text(rows[0]["title"] or "", rows[0]["body"]) if rows else Text("", "")


def reprints(archive: Archive) -> list[sqlite3.Row]:
    """Who printed whose news: (first_site, site, articles, days: mean lag by printed day), the most first."""
    sql = """
        SELECT first_site, site, count(DISTINCT article_id) AS articles, avg(lag_days) AS days FROM repost
        GROUP BY 1, 2 ORDER BY articles DESC, 1, 2"""
    return archive.rows(sql)


def reposts(archive: Archive, most: int) -> list[sqlite3.Row]:
    """The latest articles that say what another site said first, as the view ``repost`` has them."""
    sql = "SELECT * FROM repost ORDER BY published IS NULL, published DESC, article_id DESC, first_id LIMIT ?"
    return archive.rows(sql, (most,))
