"""What counts were at some ages, and what they are expected to come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m024_expectation(db: Database) -> None:
    for statement in EXPECTATION.split(";;\n"):
        db.conn.execute(statement)


# Counts that run are found by `newsspider.archive.spikes`, so that every reading that may be of one makes its article due in count_read.
# A reading makes an article due when it is the first one after an age, or comes late; others cost two look-ups.
EXPECTATION = """
CREATE TABLE count_age (              -- counts at some ages, on the line between the readings around; NULL: not known, or not yet
    article_id INTEGER PRIMARY KEY REFERENCES article(id) ON DELETE CASCADE, -- whose count it is
    site TEXT NOT NULL REFERENCES site(name), -- the article's
    published_at TEXT,                -- UTC; the earliest instant that article.published can mean; NULL: unknown
    next_at TEXT,                     -- UTC; when the next of the ages is met; NULL: all are
    h3 REAL,                          -- the count 3 hours after publication
    h6 REAL,                          -- 6 hours
    h12 REAL,                         -- 12 hours
    h24 REAL,                         -- 24 hours
    h84 REAL,                         -- 3.5 days
    h168 REAL,                        -- 7 days
    h720 REAL                         -- 30 days
) STRICT;;
CREATE INDEX count_age_site ON count_age(site, published_at) WHERE published_at IS NOT NULL;;
CREATE TABLE forecast (               -- what a count was expected to come to, as said when it was young; the view views_expected
    article_id INTEGER NOT NULL REFERENCES article(id) ON DELETE CASCADE, -- whose count it is
    hours INTEGER NOT NULL,           -- by so many hours after publication: 24, 168 (7 days), 720 (30 days)
    after INTEGER NOT NULL,           -- as said after so many hours: 6, 24, 168
    views REAL NOT NULL,              -- the count then
    siblings INTEGER NOT NULL,        -- articles of the site from whose growth it follows
    expected REAL,                    -- NULL: they are too few
    low REAL,                         -- as the slowest of them grew
    high REAL,                        -- as the fastest of them grew
    PRIMARY KEY (article_id, hours)
) STRICT, WITHOUT ROWID;;
CREATE TABLE count_age_due (                -- articles whose counts at some ages are not up to date; empty when a run has ended
    step INTEGER NOT NULL,            -- 0: the counts are due, 1: the forecasts alone
    article_id INTEGER NOT NULL,      -- the article
    PRIMARY KEY (step, article_id)
) STRICT, WITHOUT ROWID;;
INSERT INTO count_age_due SELECT 0, article_id FROM (SELECT DISTINCT article_id FROM view_observation);;
CREATE TRIGGER age_read AFTER INSERT ON view_observation BEGIN
    INSERT OR IGNORE INTO count_age_due SELECT 0, NEW.article_id WHERE NOT EXISTS (
        SELECT 1 FROM count_age WHERE article_id = NEW.article_id AND (next_at IS NULL OR strftime('%s', next_at) + 0 > NEW.observed_at))
        OR EXISTS (SELECT 1 FROM view_observation WHERE article_id = NEW.article_id AND observed_at > NEW.observed_at);
END;;
CREATE TRIGGER age_read_otherwise AFTER UPDATE ON view_observation BEGIN
    INSERT OR IGNORE INTO count_age_due VALUES (0, OLD.article_id), (0, NEW.article_id);
END;;
CREATE TRIGGER age_removed AFTER DELETE ON view_observation BEGIN
    INSERT OR IGNORE INTO count_age_due VALUES (0, OLD.article_id);
END;;
CREATE TRIGGER age_counter_changed AFTER INSERT ON counter_change BEGIN
    INSERT OR IGNORE INTO count_age_due VALUES (0, NEW.article_id);
END;;
CREATE TRIGGER age_counter_change_moved AFTER UPDATE ON counter_change BEGIN
    INSERT OR IGNORE INTO count_age_due VALUES (0, OLD.article_id), (0, NEW.article_id);
END;;
CREATE TRIGGER age_published AFTER UPDATE OF published, first_seen_at ON article
WHEN OLD.published IS NOT NEW.published OR OLD.first_seen_at <> NEW.first_seen_at BEGIN
    INSERT OR IGNORE INTO count_age_due VALUES (0, NEW.id);
END;;
CREATE TRIGGER age_zone AFTER UPDATE OF timezone ON site WHEN OLD.timezone <> NEW.timezone BEGIN
    INSERT OR IGNORE INTO count_age_due SELECT 0, article_id FROM count_age WHERE site = NEW.name;
END;;
DROP TRIGGER count_read;;
CREATE TRIGGER count_read AFTER INSERT ON view_observation BEGIN
    UPDATE count_epoch SET last_at = strftime('%Y-%m-%dT%H:%M:%SZ', NEW.observed_at, 'unixepoch'), last_views = NEW.views,
        readings = readings + 1, growth = growth + NEW.views - last_views,
        standing = CASE WHEN NEW.views = last_views THEN standing + 1 ELSE 1 END,
        standing_since = CASE WHEN NEW.views = last_views THEN standing_since
            ELSE strftime('%Y-%m-%dT%H:%M:%SZ', NEW.observed_at, 'unixepoch') END
    WHERE article_id = NEW.article_id
      AND epoch = (SELECT max(epoch) FROM count_epoch WHERE article_id = NEW.article_id)
      AND plain AND NEW.step IS NULL AND NEW.views >= last_views AND strftime('%s', last_at) + 0 < NEW.observed_at
      AND NOT (NEW.views >= 10000 AND NEW.views % 1000 = 0)
      AND NOT (NEW.views >= 1000 AND NEW.views > 3 * coalesce(
          (SELECT o.views FROM view_observation o WHERE o.article_id = NEW.article_id AND o.observed_at <= NEW.observed_at - 86400
           ORDER BY o.observed_at DESC LIMIT 1),
          (SELECT o.views FROM view_observation o WHERE o.article_id = NEW.article_id ORDER BY o.observed_at LIMIT 1)))
      AND NOT (NEW.views = last_views AND standing >= 2 AND NEW.observed_at - strftime('%s', standing_since) >= 86400
               AND NEW.views - (SELECT o.views FROM view_observation o WHERE o.article_id = NEW.article_id
                   AND o.observed_at <= 2 * strftime('%s', standing_since) - NEW.observed_at
                   ORDER BY o.observed_at DESC LIMIT 1) >= 20);
    INSERT OR IGNORE INTO count_due SELECT NEW.article_id WHERE changes() = 0;
    INSERT INTO reading_tally SELECT NEW.crawl_id, site, date(NEW.observed_at, 'unixepoch'), 1 FROM article WHERE id = NEW.article_id
        ON CONFLICT DO UPDATE SET readings = readings + 1;
END;;
INSERT OR IGNORE INTO count_due SELECT article_id FROM count_epoch WHERE last_views >= 1000
"""
