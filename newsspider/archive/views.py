"""The questions people ask of an archive, as SQL views. They are replaced on opening whenever this file changed."""

from __future__ import annotations

import sqlite3

from newsspider.archive import measures

VIEWS = {
    "views_over_time": """
CREATE VIEW views_over_time AS  -- every reading of every count, in readable form
SELECT o.article_id, a.site, a.title,
       strftime('%Y-%m-%dT%H:%M:%SZ', o.observed_at, 'unixepoch') AS observed_at,
       o.views, o.step,  -- step: NULL: printed to the unit; 1000: in thousands (1.2万); 0: at least so many (9999+)
       o.views - (SELECT p.views FROM view_observation p WHERE p.article_id = o.article_id AND p.observed_at < o.observed_at
                  ORDER BY p.observed_at DESC LIMIT 1) AS difference,  -- from the reading before; negative where it fell
       CASE o.method WHEN 0 THEN 'counter' WHEN 1 THEN 'listing' ELSE 'page' END AS method
FROM view_observation o JOIN article a ON a.id = o.article_id
""",
    "latest_text": """
CREATE VIEW latest_text AS  -- what each article says now, with its last count; an article known from a listing alone has no text
SELECT a.id AS article_id, s.id AS snapshot_id, a.site, a.url, s.title, s.published, s.source, s.author, s.editor, s.body,
       s.captured_at, a.last_seen_at, a.gone_since, a.views, a.observed_at
FROM article a JOIN snapshot s ON s.id = (
    SELECT id FROM snapshot WHERE article_id = a.id ORDER BY captured_at DESC, id DESC LIMIT 1)
""",
    "revision": """
CREATE VIEW revision AS  -- every change of an article after the first version held
SELECT article_id, site, url, snapshot_id, version, changed_after, changed_by, title_changed, published_changed, body_changed FROM (
    SELECT s.article_id, a.site, a.url, s.id AS snapshot_id, row_number() OVER w AS version, lag(s.id) OVER w AS before_id,
           lag(s.last_seen_at) OVER w AS changed_after,  -- the version before was last seen then
           s.captured_at AS changed_by,                  -- this version was first seen then
           s.title IS NOT lag(s.title) OVER w AS title_changed,
           s.published IS NOT lag(s.published) OVER w AS published_changed,
           s.body IS NOT lag(s.body) OVER w AS body_changed
    FROM snapshot s JOIN article a ON a.id = s.article_id
    WINDOW w AS (PARTITION BY s.article_id ORDER BY s.captured_at, s.id)
) v WHERE version > 1  -- what was added to a version of which not all pages could be read is no change of theirs
    AND NOT EXISTS (SELECT 1 FROM capture c WHERE c.snapshot_id = v.before_id AND c.error LIKE 'incomplete: %')
""",
    "edit": """
CREATE VIEW edit AS  -- every change of a field that readers saw, title, date, body and credits apart; no change of ours
WITH version AS (
    SELECT s.*, row_number() OVER w AS version, lag(s.id) OVER w AS before_id
    FROM snapshot s WINDOW w AS (PARTITION BY s.article_id ORDER BY s.captured_at, s.id)
), pair AS (
    SELECT v.article_id, v.version, b.last_seen_at AS changed_after, v.captured_at AS changed_by, json_array(
        json_array('title', b.title, v.title), json_array('published', b.published, v.published),
        json_array('body', b.body, v.body), json_array('source', b.source, v.source),
        json_array('author', b.author, v.author), json_array('editor', b.editor, v.editor)) AS fields
    FROM version v JOIN snapshot b ON b.id = v.before_id
    WHERE NOT EXISTS (SELECT 1 FROM capture c WHERE c.snapshot_id = b.id AND c.error LIKE 'incomplete: %')
)
SELECT p.article_id, a.site, a.url, p.version, p.changed_after, p.changed_by,
       json_extract(f.value, '$[0]') AS field, json_extract(f.value, '$[1]') AS before, json_extract(f.value, '$[2]') AS after
FROM pair p JOIN article a ON a.id = p.article_id JOIN json_each(p.fields) f
WHERE json_extract(f.value, '$[1]') IS NOT json_extract(f.value, '$[2]')
""",
    "late_edit": """
CREATE VIEW late_edit AS  -- changes seen a day or more after the day of publication
SELECT r.*, a.title, a.published,
       CAST(julianday(substr(r.changed_after, 1, 10)) - julianday(substr(a.published, 1, 10)) AS INTEGER)
           AS days_after_publication  -- at least; days of the site's zone against days of UTC
FROM revision r JOIN article a ON a.id = r.article_id
WHERE julianday(substr(r.changed_after, 1, 10)) - julianday(substr(a.published, 1, 10)) >= 1
""",
    "reverted": """
CREATE VIEW reverted AS  -- an edit that was taken back: A, then B, then A again
SELECT * FROM (
    SELECT s.article_id, a.site, a.url, s.id AS snapshot_id, row_number() OVER w AS version,
           lag(s.captured_at) OVER w AS changed_by, s.captured_at AS reverted_by,
           s.content_digest = lag(s.content_digest, 2) OVER w AS back
    FROM snapshot s JOIN article a ON a.id = s.article_id
    WINDOW w AS (PARTITION BY s.article_id ORDER BY s.captured_at, s.id)
) WHERE back
""",
    "gone": """
CREATE VIEW gone AS  -- articles that were withdrawn; what was held of them stays held
SELECT id AS article_id, site, url, title, published, last_seen_at, gone_since
FROM article WHERE gone_since IS NOT NULL
""",
    "withdrawal": """
CREATE VIEW withdrawal AS  -- every time an article was missing: last seen, first missing, and back again
SELECT * FROM (
    SELECT l.article_id, a.site, a.url, a.title, l.last_seen_at, l.captured_at AS missing_at, l.status, l.error,
           (SELECT min(b.captured_at) FROM capture b WHERE b.article_id = l.article_id
            AND b.snapshot_id IS NOT NULL AND b.captured_at >= l.captured_at) AS reappeared_at,  -- NULL: still missing
           l.before
    FROM (
        SELECT c.article_id, c.captured_at, c.status, c.error, c.outcome, lag(c.outcome) OVER w AS before,
               max(CASE WHEN c.snapshot_id IS NOT NULL THEN c.captured_at END) OVER w AS last_seen_at
        FROM capture c WHERE c.article_id IS NOT NULL AND (c.outcome = 'gone' OR c.snapshot_id IS NOT NULL)
        WINDOW w AS (PARTITION BY c.article_id ORDER BY c.captured_at, c.url, c.id)
    ) l JOIN article a ON a.id = l.article_id
    WHERE l.outcome = 'gone'
) WHERE before <> 'gone'
""",
    "parser_upgrade": """
CREATE VIEW parser_upgrade AS  -- what a later parser reads otherwise in pages held before: our change, no edit of theirs
SELECT c.article_id, a.site, a.url, c.captured_at, r.crawl_id, r.parser_before, r.parser, f.key AS field, f.value AS before
FROM reread r JOIN capture c ON c.id = r.capture_id JOIN article a ON a.id = c.article_id JOIN json_each(r.changes) f
""",
    "crawl_summary": """
CREATE VIEW crawl_summary AS  -- what each run found
SELECT c.id AS crawl_id, c.kind, c.site, c.started_at, c.finished_at, c.reason, c.requests, c.bytes,
       (SELECT count(*) FROM capture p WHERE p.crawl_id = c.id AND p.kind = 'article' AND p.outcome = 'new') AS new,
       (SELECT count(*) FROM capture p WHERE p.crawl_id = c.id AND p.kind = 'article' AND p.outcome = 'changed') AS changed,
       (SELECT count(*) FROM capture p WHERE p.crawl_id = c.id AND p.kind = 'article' AND p.outcome = 'revisit') AS revisit,
       (SELECT count(*) FROM capture p WHERE p.crawl_id = c.id AND p.outcome = 'gone') AS gone,
       (SELECT count(*) FROM capture p WHERE p.crawl_id = c.id AND p.outcome = 'failed') AS failed,
       (SELECT coalesce(sum(t.readings), 0) FROM reading_tally t WHERE t.crawl_id = c.id) AS readings  -- counts read
FROM crawl c
""",
    "look_day": """
CREATE VIEW look_day AS  -- each day (UTC) from a site's first look to its last, with and without looks
WITH RECURSIVE captured(site, day, captures, failed) AS MATERIALIZED (
    SELECT coalesce(a.site, r.site), substr(c.captured_at, 1, 10), count(*), sum(c.outcome = 'failed')
    FROM capture c JOIN crawl r ON r.id = c.crawl_id LEFT JOIN article a ON a.id = c.article_id GROUP BY 1, 2
), span(site, first, last) AS MATERIALIZED (
    SELECT name, min(coalesce((SELECT min(day) FROM reading_tally WHERE site = name), '9999'),
                     coalesce((SELECT min(day) FROM captured WHERE site = name), '9999')),
           max(coalesce((SELECT max(day) FROM reading_tally WHERE site = name), ''),
               coalesce((SELECT max(day) FROM captured WHERE site = name), ''))
    FROM site
), day(day) AS (
    SELECT min(first) FROM span WHERE last <> ''
    UNION ALL SELECT date(day, '+1 day') FROM day WHERE day < (SELECT max(last) FROM span)
)
SELECT *, readings + captures > 0 AS looked FROM (
    SELECT s.site, d.day,
           (SELECT coalesce(sum(t.readings), 0) FROM reading_tally t WHERE t.site = s.site AND t.day = d.day) AS readings,
           coalesce(c.captures, 0) AS captures, coalesce(c.failed, 0) AS failed
    FROM span s CROSS JOIN day d LEFT JOIN captured c ON c.site = s.site AND c.day = d.day
    WHERE d.day BETWEEN s.first AND s.last)
""",
    "polling_gap": """
CREATE VIEW polling_gap AS  -- days (UTC) in a row on which no count of a site was read, between two on which some were
SELECT site, date(before, '+1 day') AS from_day, date(day, '-1 day') AS until_day,
       CAST(julianday(day) - julianday(before) AS INTEGER) - 1 AS days
FROM (
    SELECT site, day, lag(day) OVER (PARTITION BY site ORDER BY day) AS before
    FROM (SELECT DISTINCT site, day FROM reading_tally WHERE readings > 0)
) WHERE julianday(day) - julianday(before) > 1
""",
    "failure": """
CREATE VIEW failure AS  -- what went wrong with fetches, by cause
SELECT coalesce(a.site, r.site) AS site, c.kind, c.status, c.error, count(*) AS times, count(DISTINCT c.url) AS urls,
       min(c.captured_at) AS first_at, max(c.captured_at) AS last_at
FROM capture c JOIN crawl r ON r.id = c.crawl_id LEFT JOIN article a ON a.id = c.article_id
WHERE c.outcome = 'failed' GROUP BY 1, 2, 3, 4
""",
    **measures.VIEWS,
}


def current(conn: sqlite3.Connection) -> bool:
    """Whether the views that stand in a file are those of this version."""
    held = dict(conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall())
    return all(held.get(name) == sql.strip() for name, sql in VIEWS.items())


def replace(conn: sqlite3.Connection) -> None:
    """Makes the file's views those of this version; views that somebody else added stay."""
    for name in VIEWS:
        conn.execute(f"DROP VIEW IF EXISTS {name}")
    for sql in VIEWS.values():
        conn.execute(sql.strip())
