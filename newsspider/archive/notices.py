"""What an archive noticed, the latest first: articles that are new, were edited, or were withdrawn."""

from __future__ import annotations

import json
from dataclasses import dataclass

from newsspider.archive import Archive, search

SUMMARY = 200  # characters
MOST = 1_000_000  # hits of a search


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """``at``: the UTC instant of the look that noticed it."""

    id: str  # stays the same as long as the archive does
    at: str
    what: str  # new, edited, withdrawn; of alerts: any of `occasions.EVENTS`
    article_id: int | None  # None: it happened to a site
    site: str
    url: str
    title: str
    summary: str


SQL = f"""
WITH notice AS (
    SELECT * FROM (
        SELECT article_id, captured_at AS at, id FROM snapshot s
        WHERE (:site IS NULL OR (SELECT a.site FROM article a WHERE a.id = s.article_id) = :site)
          AND (:ids IS NULL OR article_id IN (SELECT value FROM json_each(:ids)))
        ORDER BY captured_at DESC, article_id DESC, id DESC LIMIT :limit)
    UNION ALL
    SELECT * FROM (
        SELECT id, gone_since, NULL FROM article
        WHERE gone_since IS NOT NULL
          AND (:site IS NULL OR site = :site) AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))
        ORDER BY gone_since DESC, id DESC LIMIT :limit)
)
SELECT n.article_id, n.at, a.site, a.url,
       CASE WHEN n.id IS NULL THEN 'withdrawn'
            WHEN EXISTS (SELECT 1 FROM snapshot e WHERE e.article_id = n.article_id AND (e.captured_at, e.id) < (n.at, n.id)) THEN 'edited'
            ELSE 'new' END AS what,
       CASE WHEN n.id IS NULL THEN a.title ELSE s.title END AS title,
       CASE WHEN n.id IS NULL THEN 'last seen ' || coalesce(a.last_seen_at, '') ELSE substr(s.body, 1, {SUMMARY}) END AS summary
FROM notice n JOIN article a ON a.id = n.article_id LEFT JOIN snapshot s ON s.id = n.id
ORDER BY n.at DESC, n.article_id DESC, what LIMIT :limit"""


def latest(archive: Archive, *, site: str | None = None, query: str | None = None, limit: int = 100) -> list[Notice]:
    """Of one site, of the articles that a search finds in any of their versions, or of all."""
    ids = None
    if query is not None:
        found = search.find(archive, query, site=site, versions=True, limit=MOST)
        ids = json.dumps(sorted({hit.article_id for hit in found.hits}))
    rows = archive.rows(SQL, {"site": site, "ids": ids, "limit": limit})
    return [
        Notice(
            id=f"urn:newsspider:{row['site']}:{row['article_id']}:{row['what']}:{row['at']}",
            at=row["at"],
            what=row["what"],
            article_id=row["article_id"],
            site=row["site"],
            url=row["url"],
            title=row["title"] or row["url"],
            summary=row["summary"],
        )
        for row in rows
    ]
