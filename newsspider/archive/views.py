"""The questions people ask of an archive, as SQL views. They are replaced on opening whenever this file changed."""

from __future__ import annotations

import sqlite3

from newsspider.archive import measures

# The versions of articles that have several: the texts of the others are not read in vain.
SEVERAL = """(SELECT article_id FROM snapshot GROUP BY article_id HAVING count(*) > 1) m
         CROSS JOIN snapshot s ON s.article_id = m.article_id"""
FIELD = (
    "CASE f.field WHEN 'title' THEN {0}.title WHEN 'published' THEN {0}.published WHEN 'body' THEN {0}.body"
    " WHEN 'source' THEN {0}.source WHEN 'author' THEN {0}.author ELSE {0}.editor END"
)

# The one Last-Modified of all captures of a version; NULL: it has none, or each answer another one, which tells nothing.
MODIFIED = """(SELECT CASE count(DISTINCT h.m) WHEN 1 THEN min(h.m) END FROM (
        SELECT json_extract(c.headers, '$."last-modified"') AS m FROM capture c WHERE c.snapshot_id = {0}.id) h)"""

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
    "revision": f"""
CREATE VIEW revision AS  -- every change of an article after the first version held
SELECT article_id, site, url, snapshot_id, version, changed_after, changed_by, title_changed, published_changed, body_changed FROM (
    SELECT s.article_id, a.site, a.url, s.id AS snapshot_id, row_number() OVER w AS version, lag(s.id) OVER w AS before_id,
           lag(s.last_seen_at) OVER w AS changed_after,  -- the version before was last seen then
           s.captured_at AS changed_by,                  -- this version was first seen then
           s.title IS NOT lag(s.title) OVER w AS title_changed,
           s.published IS NOT lag(s.published) OVER w AS published_changed,
           s.body IS NOT lag(s.body) OVER w AS body_changed
    FROM {SEVERAL} JOIN article a ON a.id = s.article_id
    WINDOW w AS (PARTITION BY s.article_id ORDER BY s.captured_at, s.id)
) v WHERE version > 1  -- what was added to a version of which not all pages could be read is no change of theirs
    AND NOT EXISTS (SELECT 1 FROM capture c WHERE c.snapshot_id = v.before_id AND c.error LIKE 'incomplete: %')
""",
    "edit": f"""
CREATE VIEW edit AS  -- every change of a field that readers saw, title, date, body and credits apart; no change of ours
WITH field(field) AS (VALUES ('title'), ('published'), ('body'), ('source'), ('author'), ('editor')), version AS (
    SELECT s.article_id, s.id, row_number() OVER w AS version, lag(s.id) OVER w AS before_id
    FROM {SEVERAL}
    WINDOW w AS (PARTITION BY s.article_id ORDER BY s.captured_at, s.id)
)
SELECT v.article_id, a.site, a.url, v.version, b.last_seen_at AS changed_after, n.captured_at AS changed_by, f.field,
       {FIELD.format("b")} AS before,
       {FIELD.format("n")} AS after
FROM version v JOIN article a ON a.id = v.article_id JOIN snapshot b ON b.id = v.before_id JOIN snapshot n ON n.id = v.id
CROSS JOIN field f
WHERE {FIELD.format("b")} IS NOT
      {FIELD.format("n")}
  AND NOT EXISTS (SELECT 1 FROM capture c WHERE c.snapshot_id = b.id AND c.error LIKE 'incomplete: %')
""",
    "late_edit": """
CREATE VIEW late_edit AS  -- changes seen a day or more after the day of publication
SELECT r.*, a.title, a.published,
       CAST(julianday(substr(r.changed_after, 1, 10)) - julianday(substr(a.published, 1, 10)) AS INTEGER)
           AS days_after_publication  -- at least; days of the site's zone against days of UTC
FROM revision r JOIN article a ON a.id = r.article_id
WHERE julianday(substr(r.changed_after, 1, 10)) - julianday(substr(a.published, 1, 10)) >= 1
""",
    "reverted": f"""
CREATE VIEW reverted AS  -- an edit that was taken back: A, then B, then A again
SELECT * FROM (
    SELECT s.article_id, a.site, a.url, s.id AS snapshot_id, row_number() OVER w AS version,
           lag(s.captured_at) OVER w AS changed_by, s.captured_at AS reverted_by,
           s.content_digest = lag(s.content_digest, 2) OVER w AS back
    FROM {SEVERAL} JOIN article a ON a.id = s.article_id
    WINDOW w AS (PARTITION BY s.article_id ORDER BY s.captured_at, s.id)
) WHERE back
""",
    "silent_edit": f"""
CREATE VIEW silent_edit AS  -- title or text changed, and neither the printed date nor Last-Modified did; see newsspider edits --silent
WITH version AS (
    SELECT s.article_id, s.id, row_number() OVER w AS version, lag(s.id) OVER w AS before_id
    FROM {SEVERAL}
    WINDOW w AS (PARTITION BY s.article_id ORDER BY s.captured_at, s.id)
)
SELECT v.article_id, a.site, a.url, v.version, b.last_seen_at AS changed_after, n.captured_at AS changed_by, n.published,
       CAST(julianday(substr(b.last_seen_at, 1, 10)) - julianday(substr(n.published, 1, 10)) AS INTEGER)
           AS days_after_publication,                     -- at least
       (SELECT o.views FROM view_observation o WHERE o.article_id = v.article_id
        AND o.observed_at <= strftime('%s', n.captured_at) + 0 ORDER BY o.observed_at DESC LIMIT 1) AS views,  -- by then
       b.title AS title_before, n.title, length(n.body) - length(b.body) AS longer_by  -- characters
FROM version v JOIN article a ON a.id = v.article_id JOIN snapshot b ON b.id = v.before_id JOIN snapshot n ON n.id = v.id
WHERE (n.title IS NOT b.title OR n.body <> b.body)
  AND n.published IS b.published AND n.published_text IS b.published_text
  AND coalesce({MODIFIED.format("b")} = {MODIFIED.format("n")}, 1)
  AND NOT EXISTS (SELECT 1 FROM capture c WHERE c.snapshot_id = b.id AND c.error LIKE 'incomplete: %')
""",
    "repost": """
CREATE VIEW repost AS  -- articles of two sites that say the same: which was first, by printed day and by our first look
SELECT p.article_id AS first_id, x.site AS first_site, x.title AS first_title, x.published AS first_published,
       p.other_id AS article_id, y.site, y.title, y.published, p.likeness,
       CAST(julianday(substr(y.published, 1, 10)) - julianday(substr(x.published, 1, 10)) AS INTEGER) AS lag_days,  -- printed days
       round((julianday(y.first_seen_at) - julianday(x.first_seen_at)) * 24, 1) AS lag_seen,  -- hours; negative: seen before
       x.title IS NOT y.title AS title_changed, x.views AS first_views, y.views
FROM (
    SELECT CASE WHEN first THEN article_id ELSE other_id END AS article_id,
           CASE WHEN first THEN other_id ELSE article_id END AS other_id, likeness
    FROM (
        SELECT k.*, (coalesce(substr(x.published, 1, 10), '9999'), x.first_seen_at, x.id)
                  < (coalesce(substr(y.published, 1, 10), '9999'), y.first_seen_at, y.id) AS first
        FROM alike k JOIN article x ON x.id = k.article_id JOIN article y ON y.id = k.other_id WHERE +x.site <> y.site)
) p JOIN article x ON x.id = p.article_id JOIN article y ON y.id = p.other_id
""",
    "story": """
CREATE VIEW story AS  -- a text that one site has under several ids, each with a counter: one story; views adds the counts up
SELECT story_id, site, title, published, count(*) AS articles, sum(views) AS views, json_group_array(id) AS article_ids
FROM (SELECT g.story_id, a.id, a.site, a.views, s.title, s.published FROM (
    SELECT id, (SELECT min(k.article_id) FROM alike k JOIN article t ON t.id = k.article_id
        WHERE k.other_id = m.id AND t.site = m.site AND k.likeness >= 0.95) AS story_id
    FROM article m WHERE id IN (SELECT other_id FROM alike)
    UNION ALL
    SELECT k.article_id, k.article_id FROM alike k JOIN article x ON x.id = k.article_id JOIN article y ON y.id = k.other_id
    WHERE +x.site = y.site AND k.likeness >= 0.95  -- +: from pair to articles, never from all articles of a site
      AND NOT EXISTS (SELECT 1 FROM alike e JOIN article t ON t.id = e.article_id
          WHERE e.other_id = k.article_id AND +t.site = x.site AND e.likeness >= 0.95)
    GROUP BY k.article_id
) g CROSS JOIN article a ON a.id = g.id CROSS JOIN article s ON s.id = g.story_id
WHERE story_id IS NOT NULL ORDER BY g.story_id, a.id) GROUP BY story_id
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
        FROM (SELECT DISTINCT article_id FROM capture WHERE outcome = 'gone' AND article_id IS NOT NULL) g
        CROSS JOIN capture c ON c.article_id = g.article_id
        WHERE c.outcome = 'gone' OR c.snapshot_id IS NOT NULL
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
SELECT s.name AS site, d.value->>0 AS day, d.value->>1 AS readings, d.value->>2 AS captures, d.value->>3 AS failed,
       d.value->>1 + d.value->>2 > 0 AS looked
FROM site s JOIN json_each((  -- site by site: one is quick
    WITH RECURSIVE look(day, next, readings, captures, failed) AS (
        SELECT day, lead(day) OVER (ORDER BY day), sum(readings), sum(captures), sum(failed) FROM (
            SELECT day, readings, 0 AS captures, 0 AS failed FROM reading_tally WHERE site = s.name
            UNION ALL
            SELECT substr(c.captured_at, 1, 10), 0, 1, c.outcome = 'failed'
            FROM article a CROSS JOIN capture c ON c.article_id = a.id WHERE a.site = s.name
            UNION ALL
            SELECT substr(c.captured_at, 1, 10), 0, 1, c.outcome = 'failed'
            FROM crawl r CROSS JOIN capture c ON c.crawl_id = r.id AND c.article_id IS NULL WHERE r.site = s.name
        ) GROUP BY day
        UNION ALL SELECT date(day, '+1 day'), next, 0, 0, 0 FROM look WHERE date(day, '+1 day') < next
    )
    SELECT json_group_array(json_array(day, readings, captures, failed)) FROM (SELECT * FROM look ORDER BY day)
)) d
""",
    "polling_gap": """
CREATE VIEW polling_gap AS  -- days (UTC) in a row on which no count of a site was read, between two on which some were
SELECT site, date(day, '+1 day') AS from_day, date(next, '-1 day') AS until_day,
       CAST(julianday(next) - julianday(day) AS INTEGER) - 1 AS days
FROM (
    SELECT site, day, (SELECT min(l.day) FROM reading_tally l WHERE l.site = t.site AND l.day > t.day AND l.readings > 0) AS next
    FROM (SELECT site, day FROM reading_tally WHERE readings > 0 GROUP BY 1, 2) t
    WHERE NOT EXISTS (SELECT 1 FROM reading_tally l WHERE l.site = t.site AND l.day = date(t.day, '+1 day') AND l.readings > 0)
) WHERE next IS NOT NULL
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
