"""Edits of titles and texts, with what each version said of its age, when readers had seen how much. Reads only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from newsspider.archive import Archive
from newsspider.archive.views import SEVERAL
from newsspider.extract.silence import Signs

MODIFIED = """(SELECT json_group_array(DISTINCT json_extract(c.headers, '$."last-modified"')) FROM capture c
     WHERE c.snapshot_id = {0} AND json_extract(c.headers, '$."last-modified"') IS NOT NULL)"""
PAIR = f"""
SELECT v.*, v.captured_at AS changed_by, a.site, a.url, a.gone_since, z.timezone, b.title AS title_before, b.body AS body_before,
       b.published AS published_before,
       b.published_text AS published_text_before, b.payload_digest AS payload_before,
       {MODIFIED.format("v.id")} AS modified, {MODIFIED.format("b.id")} AS modified_before,
       CAST(julianday(substr(v.changed_after, 1, 10)) - julianday(substr(v.published, 1, 10)) AS INTEGER) AS days_after_publication,
       (SELECT o.views FROM view_observation o WHERE o.article_id = a.id AND o.observed_at <= strftime('%s', v.captured_at) + 0
        ORDER BY o.observed_at DESC LIMIT 1) AS views
FROM (
    SELECT s.*, row_number() OVER w AS version, lag(s.id) OVER w AS before_id, lag(s.last_seen_at) OVER w AS changed_after
    FROM {SEVERAL} JOIN article t ON t.id = s.article_id
    WHERE (:site IS NULL OR t.site = :site) AND (:article_id IS NULL OR t.id = :article_id)
    WINDOW w AS (PARTITION BY s.article_id ORDER BY s.captured_at, s.id)
) v JOIN snapshot b ON b.id = v.before_id JOIN article a ON a.id = v.article_id JOIN site z ON z.name = a.site
WHERE (v.title IS NOT b.title OR v.body <> b.body) AND (:since IS NULL OR v.captured_at >= :since)
  AND NOT EXISTS (SELECT 1 FROM capture c WHERE c.snapshot_id = b.id AND c.error LIKE 'incomplete: %')
ORDER BY v.captured_at DESC, v.id DESC"""


def of(
    archive: Archive, *, site: str | None = None, since: str | None = None, article_id: int | None = None
) -> Iterator[sqlite3.Row]:
    """Every change of a title or a text, the latest first; a text of which not all pages could be read is none."""
    yield from archive.rows(PAIR, {"site": site, "since": since, "article_id": article_id})


def signs(row: sqlite3.Row) -> tuple[Signs, Signs]:
    """What both versions say of their age; what their pages print as updated is for who reads pages."""
    before = Signs(
        published=row["published_before"],
        published_text=row["published_text_before"],
        last_modified=frozenset(json.loads(row["modified_before"])),
    )
    after = Signs(
        published=row["published"],
        published_text=row["published_text"],
        last_modified=frozenset(json.loads(row["modified"])),
    )
    return before, after
