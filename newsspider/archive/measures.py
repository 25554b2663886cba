"""What people publish about view counts, as SQL views: events, epochs, growth, views at an age, half-life. docs/series.md explains them.

All are computed; nothing is repaired. They are quick for one article (``WHERE article_id = …``); the growth views and those of
an article's age are quick for a whole archive too. Instants within are seconds since 1970, shown as ISO 8601.
"""

from __future__ import annotations

ISO = "strftime('%Y-%m-%dT%H:%M:%SZ', {}, 'unixepoch')"

READING = """
CREATE VIEW reading AS  -- every reading with the one before it; where the count falls or its counter changes, a new epoch begins
SELECT article_id, observed_at, views, previous_at, previous, number, event,
       sum(coalesce(event IN ('drop', 'reset', 'moved'), 0)) OVER (PARTITION BY article_id ORDER BY observed_at) AS epoch,
       CASE WHEN event IN ('drop', 'reset', 'moved') THEN 0 ELSE views - previous END AS growth,  -- never negative; NULL: the first
       latest_at, latest, numbers           -- the last reading of the article, and how many there are
FROM (
    SELECT *, CASE
        WHEN moved_at > previous_at THEN 'moved'        -- another owner or id answers for it
        WHEN views * 2 < previous THEN 'reset'          -- it lost more than half
        WHEN views < previous THEN 'drop'
        WHEN previous_at - first_at >= 86400 AND views - previous >= 1000 AND views > 3 * previous AND views - previous
             > 50.0 * max(0, previous - first) / (previous_at - first_at) * (observed_at - previous_at)
            THEN 'jump'                                 -- 1,000 more, threefold, and 50 times its mean speed
        END AS event
    FROM (
        SELECT o.article_id, o.observed_at, o.views, lag(o.observed_at) OVER w AS previous_at, lag(o.views) OVER w AS previous,
               first_value(o.observed_at) OVER w AS first_at, first_value(o.views) OVER w AS first, row_number() OVER w AS number,
               last_value(o.observed_at) OVER whole AS latest_at, last_value(o.views) OVER whole AS latest,
               count(*) OVER (PARTITION BY o.article_id) AS numbers,
               (SELECT max(CAST(strftime('%s', c.changed_at) AS INTEGER)) FROM counter_change c
                WHERE c.article_id = o.article_id AND CAST(strftime('%s', c.changed_at) AS INTEGER) <= o.observed_at) AS moved_at
        FROM view_observation o
        WINDOW w AS (PARTITION BY o.article_id ORDER BY o.observed_at),
               whole AS (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    )
)
"""

# No GROUP BY over `reading`: SQLite would read the whole archive for one article.
EPOCH = f"""
CREATE VIEW epoch AS  -- stretches of a count that never falls; the growth of an article is the sum over its epochs
SELECT article_id, epoch, event AS began_by, {ISO.format("observed_at")} AS first_at, {ISO.format("last_at")} AS last_at,
       views AS first_views, last_views, last_views - views AS growth, last_number - number + 1 AS readings
FROM (
    SELECT article_id, epoch, event, number, observed_at, views,
           lead(previous_at, 1, latest_at) OVER w AS last_at, lead(previous, 1, latest) OVER w AS last_views,
           lead(number - 1, 1, numbers) OVER w AS last_number
    FROM reading WHERE previous IS NULL OR event IN ('drop', 'reset', 'moved')
    WINDOW w AS (PARTITION BY article_id ORDER BY observed_at)
)
"""

FREEZE = f"""
CREATE VIEW freeze AS  -- counts that stood still for a day or more, over three readings, after growing by 20 in the same time before
SELECT article_id, views, {ISO.format("since")} AS since, {ISO.format("until")} AS until, readings, before
FROM (
    SELECT r.*, r.views - (SELECT o.views FROM view_observation o WHERE o.article_id = r.article_id
                           AND o.observed_at <= 2 * r.since - r.until ORDER BY o.observed_at DESC LIMIT 1) AS before
    FROM (
        SELECT article_id, views, observed_at AS since, lead(previous_at, 1, latest_at) OVER w AS until,
               lead(number, 1, numbers + 1) OVER w - number AS readings
        FROM reading WHERE views IS NOT previous
        WINDOW w AS (PARTITION BY article_id ORDER BY observed_at)
    ) r WHERE readings >= 3 AND until - since >= 86400
) WHERE before >= 20
"""

COUNTER_EVENT = f"""
CREATE VIEW counter_event AS  -- what happened to counts besides growing
SELECT article_id, event, {ISO.format("observed_at")} AS at, previous AS before, views AS after, NULL AS readings
FROM reading WHERE event IS NOT NULL
UNION ALL  -- before: the growth in as long a time before
SELECT article_id, CASE WHEN views + 1 IN (10000, 100000, 1000000) OR views IN (10000, 100000, 1000000) THEN 'capped' ELSE 'freeze' END,
       since, before, views, readings FROM freeze
UNION ALL  -- printed as 1.2万: above ten thousand only whole thousands, three different ones at least
SELECT article_id, 'rounded', {ISO.format("min(observed_at)")}, min(views), max(views), count(*)
FROM view_observation WHERE views >= 10000
GROUP BY article_id HAVING count(DISTINCT views) >= 3 AND max(views % 1000) = 0
"""


# Only where a count fell: the sum of its rises, of one counter.
RISES = """(
    SELECT coalesce(sum(max(0, r.views - r.previous)), 0) FROM (
        SELECT o.observed_at, o.views, lag(o.views) OVER (ORDER BY o.observed_at) AS previous,
               lag(o.observed_at) OVER (ORDER BY o.observed_at) AS previous_at
        FROM view_observation o WHERE o.article_id = k.article_id AND o.observed_at BETWEEN {} AND u.observed_at) r
    WHERE NOT EXISTS (SELECT 1 FROM counter_change m WHERE m.article_id = k.article_id
        AND CAST(strftime('%s', m.changed_at) AS INTEGER) > r.previous_at
        AND CAST(strftime('%s', m.changed_at) AS INTEGER) <= r.observed_at))"""


def growth(start: str, end: str) -> str:
    """Growth of every article between two instants, as a query; ``start`` and ``end`` are SQL for seconds since 1970.

    ``growth`` counts from the last reading at or before ``start``, else from the first one after it (``from_at``). Falls are
    left out. ``low`` is what was read within; ``high`` what cannot be ruled out: all since the reading before, or all views of an
    article that was published within. NULL: not known.
    """
    return f"""
SELECT g.article_id, a.site, a.title, a.published, a.url, g.growth, g.low,
       CASE WHEN g.from_at <= g.start THEN g.growth WHEN g.published_at >= g.start THEN g.growth + g.first END AS high,
       {ISO.format("g.from_at")} AS from_at, {ISO.format("g.until_at")} AS until_at
FROM (
    SELECT k.article_id, k.published_at, w.start, coalesce(b.observed_at, f.observed_at) AS from_at, u.observed_at AS until_at,
           coalesce(b.views, f.views) AS first,
           CASE WHEN k.fell_at > coalesce(b.observed_at, f.observed_at) THEN {RISES.format("coalesce(b.observed_at, f.observed_at)")}
                ELSE u.views - coalesce(b.views, f.views) END AS growth,
           CASE WHEN k.fell_at > f.observed_at THEN {RISES.format("f.observed_at")} ELSE u.views - f.views END AS low
    FROM (SELECT {start} AS start, {end} AS end) w
    CROSS JOIN counting k
    CROSS JOIN view_observation u ON u.article_id = k.article_id AND u.observed_at =
        (SELECT max(observed_at) FROM view_observation WHERE article_id = k.article_id AND observed_at <= w.end)
    CROSS JOIN view_observation f ON f.article_id = k.article_id AND f.observed_at =
        (SELECT min(observed_at) FROM view_observation WHERE article_id = k.article_id AND observed_at >= w.start)
    LEFT JOIN view_observation b ON b.article_id = k.article_id AND b.observed_at =
        (SELECT max(observed_at) FROM view_observation WHERE article_id = k.article_id AND observed_at <= w.start)
    WHERE k.asked_at >= w.start AND u.observed_at >= w.start
) g CROSS JOIN article a ON a.id = g.article_id
"""


AGES = "(1, '1 h'), (24, '24 h'), (168, '7 d'), (720, '30 d')"

VIEWS_AT_AGE = f"""
CREATE VIEW views_at_age AS  -- views 1 h, 24 h, 7 d and 30 d after publication, between the readings before and after
SELECT article_id, age, low, high,
       CASE WHEN NOT vague AND low_at IS NOT NULL AND low <= high THEN CASE WHEN high_at = low_at THEN low
            ELSE round(low + (high - low) * 1.0 * (earliest - low_at) / (high_at - low_at), 1) END END AS estimate, -- on the line between
       {ISO.format("low_at")} AS low_at, {ISO.format("high_at")} AS high_at,
       vague,                                             -- 1: only the day of publication is known: the age is met within a day
       low_at IS NULL AS truncated,                       -- 1: first read after that age; low is 0 for want of a reading
       coalesce(high_at - low_at > hours * 3600 / 2, 1) AS gap, -- 1: the readings around are further apart than half that age
       low > high AS fell                                 -- 1: the count fell between them
FROM (
    SELECT t.*, coalesce(b.views, 0) AS low, b.observed_at AS low_at, e.views AS high, e.observed_at AS high_at
    FROM (
        SELECT k.article_id, g.column1 AS hours, g.column2 AS age, length(a.published) < 16 OR a.published LIKE '%T00:00%' AS vague,
               k.published_at + g.column1 * 3600 AS earliest,
               k.published_at + g.column1 * 3600
               + CASE WHEN length(a.published) < 16 OR a.published LIKE '%T00:00%' THEN 86400 ELSE 0 END AS latest
        FROM counting k JOIN article a ON a.id = k.article_id, (VALUES {AGES}) g WHERE k.published_at IS NOT NULL
    ) t
    LEFT JOIN view_observation b ON b.article_id = t.article_id AND b.observed_at =
        (SELECT max(observed_at) FROM view_observation WHERE article_id = t.article_id AND observed_at <= t.earliest)
    LEFT JOIN view_observation e ON e.article_id = t.article_id AND e.observed_at =
        (SELECT min(observed_at) FROM view_observation WHERE article_id = t.article_id AND observed_at >= t.latest)
    WHERE e.observed_at IS NOT NULL OR b.observed_at IS NOT NULL
)
"""

HALF_LIFE = f"""
CREATE VIEW half_life AS  -- hours after publication at which an article had half of the views it has now
SELECT article_id, views, views / 2.0 AS half,
       CASE WHEN low_at IS NULL THEN 0 ELSE (low_at - published_at) / 3600.0 END AS low,  -- it had fewer then
       (high_at - published_at) / 3600.0 AS high,                                         -- it had as many then
       low_at IS NULL AS truncated,                                                       -- 1: the first reading found more than half
       {ISO.format("observed_at")} AS observed_at
FROM (
    SELECT k.article_id, k.published_at, l.views, l.observed_at,
           (SELECT max(observed_at) FROM view_observation o WHERE o.article_id = k.article_id AND o.views * 2 < l.views) AS low_at,
           (SELECT min(observed_at) FROM view_observation o WHERE o.article_id = k.article_id AND o.views * 2 >= l.views) AS high_at
    FROM counting k JOIN view_observation l ON l.article_id = k.article_id AND l.observed_at =
        (SELECT max(observed_at) FROM view_observation WHERE article_id = k.article_id)
    WHERE k.published_at IS NOT NULL AND l.views > 0
)
WHERE low_at IS NULL OR low_at < high_at  -- else it fell in between, and has none
"""

TOP_BY_MONTH = """
CREATE VIEW top_by_month AS  -- articles by their last count, within the month of their publication and their site
SELECT site, substr(published, 1, 7) AS month,
       rank() OVER (PARTITION BY site, substr(published, 1, 7) ORDER BY views DESC) AS rank,
       id AS article_id, title, published, views, observed_at, url
FROM article WHERE views IS NOT NULL AND length(published) >= 7
"""

NET_VIEWS = """
CREATE VIEW net_views AS  -- the last count less our own looks, where newsspider calibrate measured what a look adds
SELECT article_id, site, views, page_fetches, counter_readings, by_page, by_counter,
       views - page_fetches * by_page - CASE WHEN counter_readings THEN counter_readings * by_counter ELSE 0 END AS net
FROM (
    SELECT a.id AS article_id, a.site, a.views, c.by_page, c.by_counter,
           (SELECT count(*) FROM capture p WHERE p.article_id = a.id AND p.kind = 'article' AND p.status = 200
            AND p.captured_at <= a.observed_at) AS page_fetches,
           (SELECT count(*) FROM view_observation o WHERE o.article_id = a.id AND o.method = 0) AS counter_readings
    FROM article a LEFT JOIN calibration c ON c.site = a.site AND c.family = coalesce(a.counter_family, 'page')
         AND c.measured_at = (SELECT max(measured_at) FROM calibration WHERE site = c.site AND family = c.family)
    WHERE a.views IS NOT NULL
)
"""

NOW = "CAST(strftime('%s', 'now') AS INTEGER)"
VIEWS = {
    "reading": READING,
    "epoch": EPOCH,
    "freeze": FREEZE,
    "counter_event": COUNTER_EVENT,
    "views_at_age": VIEWS_AT_AGE,
    "half_life": HALF_LIFE,
    "top_by_month": TOP_BY_MONTH,
    "net_views": NET_VIEWS,
    **{
        f"growth_{name}": f"CREATE VIEW growth_{name} AS  -- growth of every count in the last {days} days, see docs/series.md"
        + growth(f"{NOW} - {days} * 86400", NOW)
        for name, days in (("day", 1), ("week", 7), ("month", 30))
    },
}
