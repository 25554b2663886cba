"""What people publish about view counts, as SQL views: events, epochs, growth, views at an age, half-life. docs/series.md explains them.

All are computed; nothing is repaired. Epochs, events and freezes are held in tables (`newsspider.archive.epochs`), so that they are
quick for a whole archive; ``reading`` is quick for one article (``WHERE article_id = …``).
Instants within are seconds since 1970, shown as ISO 8601.
"""

from __future__ import annotations

ISO = "strftime('%Y-%m-%dT%H:%M:%SZ', {}, 'unixepoch')"

# What a count can be at least and at most, that was printed in steps of so many (view_observation.step).
LEAST = "{0}.views - coalesce({0}.step, 0) / 2"
MOST = "CASE {0}.step WHEN 0 THEN NULL ELSE {0}.views + coalesce({0}.step, 1) - 1 END"
FELL = "('drop', 'reset', 'moved')"


def readings(where: str = "") -> str:
    """The query of the view ``reading``, of some rows o of view_observation: SQLite would read a view whole for each outer row."""
    return f"""
SELECT article_id, observed_at, views, step, previous_at, previous, number, event, epoch,
       CASE WHEN event IN {FELL} THEN 0 WHEN event = 'restored' THEN views - highest
            ELSE max(0, views - max(views) OVER (PARTITION BY article_id, epoch ORDER BY observed_at
                                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
       END AS growth,                       -- never negative; NULL: the first
       latest_at, latest, numbers           -- the last reading of the article, and how many there are
FROM (
    SELECT *, sum(event IS NOT NULL) OVER (PARTITION BY article_id ORDER BY observed_at) AS epoch
    FROM (
        SELECT *, CASE
            WHEN moved_at > previous_at THEN 'moved'        -- another owner or id answers for it
            WHEN most < previous_least AND views * 2 < previous THEN 'reset' -- it lost more than half
            WHEN most < previous_least THEN 'drop'
            WHEN previous * 2 < highest AND views >= highest AND moved_at IS NULL
                THEN 'restored'                             -- it had lost more than half, and has it back at once
            END AS event
        FROM (
            SELECT o.article_id, o.observed_at, o.views, o.step, {MOST.format("o")} AS most,
                   lag(o.observed_at) OVER w AS previous_at, lag(o.views) OVER w AS previous,
                   lag({LEAST.format("o")}) OVER w AS previous_least,
                   max(o.views) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS highest,
                   row_number() OVER w AS number, count(*) OVER (PARTITION BY o.article_id) AS numbers,
                   last_value(o.observed_at) OVER whole AS latest_at, last_value(o.views) OVER whole AS latest,
                   (SELECT max(CAST(strftime('%s', c.changed_at) AS INTEGER)) FROM counter_change c
                    WHERE c.article_id = o.article_id AND CAST(strftime('%s', c.changed_at) AS INTEGER) <= o.observed_at) AS moved_at
            FROM view_observation o {where}
            WINDOW w AS (PARTITION BY o.article_id ORDER BY o.observed_at),
                   whole AS (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
        )
    )
)"""


# Article by article: the first rows of a whole archive come at once, and no sorting of all is needed.
SHOWN = "observed_at, views, step, previous_at, previous, number, event, epoch, growth, latest_at, latest, numbers"
# As counter_event has it: that a count ran, no window of rows says.
RAN = f"""coalesce({{0}}, (SELECT e.event FROM count_event e
    WHERE e.article_id = a.id AND e.event = 'jump' AND e.at = {ISO.format("r.value->>0")}))"""


def _shown(place: int, name: str) -> str:
    column = f"r.value->>{place}"
    return f"{RAN.format(column) if name == 'event' else column} AS {name}"


READING = f"""
CREATE VIEW reading AS  -- every reading with the one before it; where the count falls, comes back, or its counter changes, an epoch begins
SELECT a.id AS article_id, {", ".join(_shown(place, name) for place, name in enumerate(SHOWN.split(", ")))}
FROM article a JOIN json_each((SELECT json_group_array(json_array({SHOWN})) FROM ({readings("WHERE o.article_id = a.id")}))) r
"""

EPOCH = """
CREATE VIEW epoch AS  -- stretches of a count that never falls; the growth of an article is the sum over its epochs
SELECT article_id, epoch, began_by, first_at, last_at, first_views, last_views, readings, growth FROM count_epoch
"""

FREEZE = """
CREATE VIEW freeze AS  -- counts that stood still for a day or more, over three readings, after growing by 20 in the same time before
SELECT article_id, views, since, until, readings, before FROM count_freeze
"""

COUNTER_EVENT = """
CREATE VIEW counter_event AS  -- what happened to counts besides growing
SELECT article_id, event, at, before, after, readings FROM count_event
UNION ALL  -- before: the growth in as long a time before
SELECT article_id, CASE WHEN views + 1 IN (10000, 100000, 1000000) OR views IN (10000, 100000, 1000000) THEN 'capped' ELSE 'freeze' END,
       since, before, views, readings FROM count_freeze
"""


# The growth of an article's count from one reading to another; only where it fell, the readings between are looked through.
GROWN = f"""CASE WHEN {{fell_at}} >= {{since}} THEN
               (SELECT coalesce(sum(r.growth), 0) FROM ({readings("WHERE o.article_id = {article}")}) r
                WHERE r.observed_at > {{since}} AND r.observed_at <= {{until}})
           ELSE {{after}} - {{before}} END"""


def growth(start: str, end: str, *, where: str = "", most: str = "") -> str:
    """Growth of every article between two instants, as a query; ``start`` and ``end`` are SQL for seconds since 1970.

    ``growth`` counts from the last reading at or before ``start``, else from the first one after it (``from_at``). Falls are
    left out. ``low`` is what was read within; ``high`` what cannot be ruled out: all since the reading before, or all views of an
    article that was published within. Both allow for counts that are printed rounded. NULL: not known. ``where``: a condition on
    the articles; ``most``: so many that grew most alone.
    """
    grown = GROWN.format(
        article="k.article_id",
        fell_at="k.fell_at",
        since="coalesce(b.observed_at, f.observed_at)",
        until="u.observed_at",
        before="coalesce(b.views, f.views)",
        after="u.views",
    )
    within = GROWN.format(
        article="g.article_id",
        fell_at="g.fell_at",
        since="i.observed_at",
        until="g.until_second",
        before="i.views",
        after="g.last",
    )
    return f"""
SELECT g.article_id, a.site, a.title, a.published, a.url, g.growth,
       -- Of a growth of 1,000 between counts in thousands all may be the rounding; after "at least so many" no growth is sure.
       max(0, {within} - CASE i.step WHEN 0 THEN g.last ELSE coalesce(i.step, 0) + coalesce(g.last_step, 0) / 2 END) AS low,
       CASE WHEN g.last_step = 0 THEN NULL
            WHEN g.from_second <= g.start THEN g.growth
            WHEN g.published_at >= g.start THEN g.growth + g.first
       END + coalesce(g.last_step, 1) - 1 + coalesce(g.first_step, 0) / 2 AS high,
       {ISO.format("g.from_second")} AS from_at, {ISO.format("g.until_second")} AS until_at
FROM (
    SELECT k.article_id, k.published_at, k.fell_at, w.start, coalesce(b.observed_at, f.observed_at) AS from_second,
           coalesce(b.views, f.views) AS first, CASE WHEN b.views IS NULL THEN f.step ELSE b.step END AS first_step,
           u.observed_at AS until_second, u.views AS last, u.step AS last_step, {grown} AS growth
    FROM (SELECT {start} AS start, {end} AS end) w
    CROSS JOIN counting k
    CROSS JOIN view_observation u ON u.article_id = k.article_id AND u.observed_at =
        (SELECT max(observed_at) FROM view_observation WHERE article_id = k.article_id AND observed_at <= w.end)
    LEFT JOIN view_observation b ON b.article_id = k.article_id AND b.observed_at =
        (SELECT max(observed_at) FROM view_observation WHERE article_id = k.article_id AND observed_at <= w.start)
    LEFT JOIN view_observation f ON b.views IS NULL AND f.article_id = k.article_id AND f.observed_at =
        (SELECT min(observed_at) FROM view_observation WHERE article_id = k.article_id AND observed_at >= w.start)
    WHERE k.asked_at >= w.start AND u.observed_at >= w.start
    {f"AND k.article_id IN (SELECT id FROM article WHERE {where})" if where else ""}
    {f"ORDER BY growth DESC, k.article_id LIMIT {most}" if most else ""}
) g
LEFT JOIN view_observation i ON i.article_id = g.article_id AND i.observed_at =
    (SELECT min(observed_at) FROM view_observation WHERE article_id = g.article_id AND observed_at >= g.start)
LEFT JOIN article a ON a.id = g.article_id
"""


AGES = "(1, '1 h'), (24, '24 h'), (168, '7 d'), (720, '30 d')"
# Only a day of publication is known, or 00:00, which means the same.
VAGUE = "(length(a.published) < 16 OR a.published LIKE '%T00:00%')"
# Whether the count of article t fell before an instant; the readings are looked through only where it ever did.
FALLEN = f"""CASE WHEN t.fell_at IS NULL THEN 0 ELSE EXISTS (
        SELECT 1 FROM ({readings("WHERE o.article_id = t.article_id")}) r
        WHERE r.event IN {FELL} AND r.observed_at <= {{0}}) END"""

VIEWS_AT_AGE = f"""
CREATE VIEW views_at_age AS  -- views 1 h, 24 h, 7 d and 30 d after publication, between the readings before and after
SELECT article_id, age, {ISO.format("earliest")} AS met_at, low, CASE WHEN NOT fell THEN high END AS high,
       CASE WHEN NOT vague AND NOT fell AND low_at IS NOT NULL AND high IS NOT NULL THEN CASE WHEN high_at = low_at THEN low_views
            ELSE round(low_views + (high_views - low_views) * 1.0 * (earliest - low_at) / (high_at - low_at), 1) END
       END AS estimate,                                   -- on the line between
       {ISO.format("low_at")} AS low_at, {ISO.format("high_at")} AS high_at,
       vague,                                             -- 1: only the day of publication is known: the age is met within a day
       low_at IS NULL AS truncated,                       -- 1: first read after that age; low is 0 for want of a reading
       coalesce(high_at - low_at > hours * 3600 / 2, 1) AS gap, -- 1: the readings around are further apart than half that age
       fell                                               -- 1: the count fell by then: low is its highest before, high is not known
FROM (
    SELECT t.*, b.views AS low_views, b.observed_at AS low_at, e.views AS high_views, e.observed_at AS high_at,
           coalesce(CASE WHEN t.fell_at IS NULL THEN {LEAST.format("b")} ELSE (
               SELECT max({LEAST.format("o")}) FROM view_observation o
               WHERE o.article_id = t.article_id AND o.observed_at <= t.earliest) END, 0) AS low,
           {MOST.format("e")} AS high,
           {FALLEN.format("coalesce(e.observed_at, b.observed_at)")} AS fell
    FROM (
        SELECT k.article_id, k.fell_at, g.column1 AS hours, g.column2 AS age, {VAGUE} AS vague,
               k.published_at + g.column1 * 3600 AS earliest,
               k.published_at + g.column1 * 3600 + CASE WHEN {VAGUE} THEN 86400 ELSE 0 END AS latest
        FROM counting k JOIN article a ON a.id = k.article_id CROSS JOIN (VALUES {AGES}) g WHERE k.published_at IS NOT NULL
    ) t
    LEFT JOIN view_observation b ON b.article_id = t.article_id AND b.observed_at =
        (SELECT max(observed_at) FROM view_observation WHERE article_id = t.article_id AND observed_at <= t.earliest)
    LEFT JOIN view_observation e ON e.article_id = t.article_id AND e.observed_at =
        (SELECT min(observed_at) FROM view_observation WHERE article_id = t.article_id AND observed_at >= t.latest)
    WHERE e.observed_at IS NOT NULL OR b.observed_at IS NOT NULL
)
"""

HALF_LIFE = f"""
CREATE VIEW half_life AS  -- hours after publication at which an article had half of the views it has now; none where a count fell
SELECT article_id, views, views / 2.0 AS half,
       max(0, coalesce((low_at - published_at) / 3600.0, 0) - 24 * vague) AS low,        -- it had fewer then
       (high_at - published_at) / 3600.0 AS high,                                         -- it had as many then
       vague,                                                                             -- 1: only the day of publication is known
       low_at IS NULL AS truncated,                                                       -- 1: the first reading found more than half
       {ISO.format("observed_at")} AS observed_at
FROM (
    SELECT t.*, l.views, l.observed_at,
           (SELECT max(observed_at) FROM view_observation o WHERE o.article_id = t.article_id
            AND ({MOST.format("o")}) * 2 < {LEAST.format("l")}) AS low_at,
           (SELECT min(observed_at) FROM view_observation o WHERE o.article_id = t.article_id
            AND ({LEAST.format("o")}) * 2 >= {MOST.format("l")}) AS high_at
    FROM (SELECT k.article_id, k.published_at, k.fell_at, {VAGUE} AS vague FROM counting k JOIN article a ON a.id = k.article_id) t
    CROSS JOIN view_observation l ON l.article_id = t.article_id AND l.observed_at =
        (SELECT max(observed_at) FROM view_observation WHERE article_id = t.article_id)
    WHERE t.published_at IS NOT NULL AND l.views > 0 AND NOT ({FALLEN.format("l.observed_at")})
)
WHERE high_at IS NOT NULL
"""

VIEWS_EXPECTED = """
CREATE VIEW views_expected AS  -- what counts were expected to come to 24 h, 7 d, 30 d after publication, as said when they were young
SELECT article_id, site, title, age, said_after, views_then, expected, low, high, siblings, came, met_at,
       round(coalesce(came, so_far) / expected, 2) AS times,  -- what came, or the last count before that age, in times the expected
       CASE WHEN coalesce(came, so_far) > high THEN 'above' WHEN came < low THEN 'below' END AS outside -- of the bounds
FROM (
    SELECT f.article_id, a.site, a.title, CASE f.hours WHEN 24 THEN '24 h' WHEN 168 THEN '7 d' ELSE '30 d' END AS age,
           CASE f.after WHEN 6 THEN '6 h' WHEN 24 THEN '24 h' ELSE '7 d' END AS said_after, f.views AS views_then,
           f.expected, f.low, f.high,                     -- NULL: too few siblings; low and high: as the slowest and fastest grew
           f.siblings,                                    -- articles of the site whose growth it follows
           CASE f.hours WHEN 24 THEN c.h24 WHEN 168 THEN c.h168 ELSE c.h720 END AS came, -- the count at that age; NULL: not known
           strftime('%Y-%m-%dT%H:%M:%SZ', c.published_at, '+' || f.hours || ' hours') AS met_at, -- when it is of that age
           CASE WHEN a.observed_at < strftime('%Y-%m-%dT%H:%M:%SZ', c.published_at, '+' || f.hours || ' hours') THEN a.views END AS so_far
    FROM forecast f JOIN count_age c ON c.article_id = f.article_id JOIN article a ON a.id = f.article_id
)
"""

TOP_BY_MONTH = """
CREATE VIEW top_by_month AS  -- articles by their last count, within the month of their publication and their site
SELECT r.site, r.month, r.rank, a.id AS article_id, a.title, a.published, a.views, a.observed_at, a.url
FROM (SELECT id, site, substr(published, 1, 7) AS month,
             rank() OVER (PARTITION BY site, substr(published, 1, 7) ORDER BY views DESC) AS rank
      FROM article WHERE views IS NOT NULL AND length(published) >= 7) r CROSS JOIN article a ON a.id = r.id
"""

# By each family's own pages and scripts: whether a plain fetch, which runs no script and loads no image, adds a view.
OBSERVER_EFFECT = """
CREATE VIEW observer_effect AS  -- views that a look of ours adds, by family; newsspider calibrate measures it at a site
SELECT column1 AS family, column2 AS by_counter, column3 AS by_page, column4 AS because FROM (VALUES
    ('vsb', 0, 0, 'the page''s script adds the view, by an address of its own'),
    ('vsb-clicktimes', 0, 0, 'the page''s script adds the view, by an address of its own'),
    ('webplus', 0, 0, 'a hidden image of the page adds the view'),
    ('drupal', NULL, 0, 'a script adds the view'),
    ('joomla', NULL, 1, 'the server counts each fetch of the page'),
    ('k2web', NULL, 1, 'the server counts each fetch of the page'),
    ('jwxe', NULL, 1, 'the server counts each fetch of the page'),
    ('gnuboard', NULL, 1, 'the server counts the first fetch of a session, and a run is one')
)
"""

LATEST = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+15 minutes')"  # what lies after it is of a clock that was wrong: schedule.AHEAD
NET_VIEWS = f"""
CREATE VIEW net_views AS  -- the last count less our own looks; basis: what a look adds was measured at the site, or is its family's way
SELECT article_id, site, views, page_fetches, counter_readings, by_page, by_counter, basis,
       CASE WHEN views_step IS NULL THEN  -- of a rounded count, single views cannot be taken
           views - page_fetches * by_page - CASE WHEN counter_readings THEN counter_readings * by_counter ELSE 0 END END AS net
FROM (
    SELECT a.id AS article_id, a.site, a.views, a.views_step,
           CASE WHEN c.site IS NULL THEN e.by_page ELSE c.by_page END AS by_page,
           CASE WHEN c.site IS NULL THEN e.by_counter ELSE c.by_counter END AS by_counter,
           CASE WHEN c.site IS NOT NULL THEN 'measured' WHEN e.family IS NOT NULL THEN 'family' END AS basis,
           (SELECT count(*) FROM capture p WHERE p.article_id = a.id AND p.kind = 'article' AND p.status = 200
            AND p.captured_at <= a.observed_at) AS page_fetches,
           (SELECT count(*) FROM view_observation o WHERE o.article_id = a.id AND o.method = 0) AS counter_readings
    FROM article a
    LEFT JOIN calibration c ON c.site = a.site AND c.family = coalesce(a.counter_family, 'page')
         AND c.measured_at = (SELECT max(measured_at) FROM calibration WHERE site = c.site AND family = c.family
         AND measured_at <= {LATEST})
    LEFT JOIN observer_effect e ON e.family = coalesce(a.counter_family, (
         SELECT substr(s.parser, instr(s.parser, '/') + 1) FROM snapshot s WHERE s.article_id = a.id ORDER BY s.captured_at DESC LIMIT 1))
    WHERE a.views IS NOT NULL
)
"""

# The archive's own: one that rests answers as it did when it was last read.
NOW = f"(SELECT CAST(strftime('%s', max(observed_at)) AS INTEGER) FROM article WHERE observed_at <= {LATEST})"
VIEWS = {
    "reading": READING,
    "epoch": EPOCH,
    "freeze": FREEZE,
    "counter_event": COUNTER_EVENT,
    "views_at_age": VIEWS_AT_AGE,
    "half_life": HALF_LIFE,
    "views_expected": VIEWS_EXPECTED,
    "top_by_month": TOP_BY_MONTH,
    "observer_effect": OBSERVER_EFFECT,
    "net_views": NET_VIEWS,
    **{
        f"growth_{name}": f"CREATE VIEW growth_{name} AS  -- growth of every count in the last {days} days, see docs/series.md"
        + growth(f"{NOW} - {days} * 86400", NOW)
        for name, days in (("day", 1), ("week", 7), ("month", 30))
    },
}
