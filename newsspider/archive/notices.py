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
WITH version AS (
    SELECT s.article_id, s.captured_at AS at, s.title, s.body,
           row_number() OVER (PARTITION BY s.article_id ORDER BY s.captured_at, s.id) AS number
    FROM snapshot s JOIN article a ON a.id = s.article_id
    WHERE (:site IS NULL OR a.site = :site) AND (:ids IS NULL OR a.id IN (SELECT value FROM json_each(:ids)))
), notice AS (
    SELECT article_id, at, CASE number WHEN 1 THEN 'new' ELSE 'edited' END AS what, title, substr(body, 1, {SUMMARY}) AS summary
    FROM version
    UNION ALL
    SELECT a.id, a.gone_since, 'withdrawn', a.title, 'last seen ' || coalesce(a.last_seen_at, '') FROM article a
    WHERE a.gone_since IS NOT NULL
      AND (:site IS NULL OR a.site = :site) AND (:ids IS NULL OR a.id IN (SELECT value FROM json_each(:ids)))
)
SELECT n.*, a.site, a.url FROM notice n JOIN article a ON a.id = n.article_id
ORDER BY n.at DESC, n.article_id DESC, n.what LIMIT :limit"""


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
