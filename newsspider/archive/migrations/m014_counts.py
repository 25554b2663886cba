"""Epochs, events and freezes of counts, and how often was looked, held for quick answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m014_counts(db: Database) -> None:
    for statement in COUNTS.split(";;\n"):
        db.conn.execute(statement)


# A reading that only goes on where the last epoch ended is added by the trigger, which costs microseconds; whatever else it may be
# (a fall, a jump, a count that stands still, one that is printed rounded, one that comes late) makes the article due.
COUNTS = """
CREATE TABLE count_epoch (            -- stretches of a count that never falls; the view epoch shows them
    article_id INTEGER NOT NULL REFERENCES article(id) ON DELETE CASCADE, -- whose count it is
    epoch INTEGER NOT NULL,           -- from 0
    began_by TEXT,                    -- drop, reset, restored, moved; NULL: the first
    first_at TEXT NOT NULL,           -- UTC; its first reading
    last_at TEXT NOT NULL,            -- UTC; its last reading
    first_views INTEGER NOT NULL,     -- the count then
    last_views INTEGER NOT NULL,      -- and at the end
    readings INTEGER NOT NULL,        -- how many there are
    growth INTEGER NOT NULL,          -- what the count grew in it
    standing_since TEXT NOT NULL,     -- UTC; the last count was first read then, without another since
    standing INTEGER NOT NULL,        -- and so many times
    plain INTEGER NOT NULL,           -- 1: a next reading that is not lower just adds to this epoch
    PRIMARY KEY (article_id, epoch)
) STRICT, WITHOUT ROWID;;
CREATE TABLE count_event (            -- what happened to counts besides growing, but freezes; the view counter_event has both
    article_id INTEGER NOT NULL REFERENCES article(id) ON DELETE CASCADE, -- whose count it is
    at TEXT NOT NULL,                 -- UTC
    event TEXT NOT NULL,              -- drop, reset, restored, moved, jump, capped, rounded
    before INTEGER,                   -- the count before; of capped and rounded: the lowest
    after INTEGER NOT NULL,           -- the count then; of capped and rounded: the highest
    readings INTEGER,                 -- of capped and rounded: how many
    PRIMARY KEY (article_id, at, event)
) STRICT, WITHOUT ROWID;;
CREATE TABLE count_freeze (           -- counts that stood still for a day or more, over three readings, after growing; the view freeze
    article_id INTEGER NOT NULL REFERENCES article(id) ON DELETE CASCADE, -- whose count it is
    since TEXT NOT NULL,              -- UTC; first reading of that count
    until TEXT NOT NULL,              -- UTC; last reading of it
    views INTEGER NOT NULL,           -- the count
    readings INTEGER NOT NULL,        -- how many there are
    before INTEGER NOT NULL,          -- the growth in as long a time before
    PRIMARY KEY (article_id, since)
) STRICT, WITHOUT ROWID;;
CREATE TABLE count_due (              -- articles whose epochs, events and freezes are not up to date; empty when a run has ended
    article_id INTEGER PRIMARY KEY    -- the article
) STRICT;;
CREATE TABLE reading_tally (          -- how many counts each run read of a site on a day
    crawl_id INTEGER NOT NULL,        -- the run
    site TEXT NOT NULL,               -- the site
    day TEXT NOT NULL,                -- UTC
    readings INTEGER NOT NULL,        -- how many
    PRIMARY KEY (crawl_id, site, day)
) STRICT, WITHOUT ROWID;;
CREATE INDEX capture_crawl ON capture(crawl_id, outcome, kind);;
INSERT INTO count_due SELECT DISTINCT article_id FROM view_observation;;
INSERT INTO reading_tally SELECT o.crawl_id, a.site, date(o.observed_at, 'unixepoch'), count(*)
FROM view_observation o JOIN article a ON a.id = o.article_id GROUP BY 1, 2, 3;;
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
      AND NOT (NEW.views - last_views >= 1000 AND NEW.views > 3 * last_views)
      AND NOT (NEW.views = last_views AND standing >= 2 AND NEW.observed_at - strftime('%s', standing_since) >= 86400
               AND NEW.views - (SELECT o.views FROM view_observation o WHERE o.article_id = NEW.article_id
                   AND o.observed_at <= 2 * strftime('%s', standing_since) - NEW.observed_at
                   ORDER BY o.observed_at DESC LIMIT 1) >= 20);
    INSERT OR IGNORE INTO count_due SELECT NEW.article_id WHERE changes() = 0;
    INSERT INTO reading_tally SELECT NEW.crawl_id, site, date(NEW.observed_at, 'unixepoch'), 1 FROM article WHERE id = NEW.article_id
        ON CONFLICT DO UPDATE SET readings = readings + 1;
END;;
CREATE TRIGGER count_read_otherwise AFTER UPDATE ON view_observation BEGIN
    INSERT OR IGNORE INTO count_due VALUES (OLD.article_id), (NEW.article_id);
    UPDATE reading_tally SET readings = readings - 1 WHERE crawl_id = OLD.crawl_id AND day = date(OLD.observed_at, 'unixepoch')
        AND site = (SELECT site FROM article WHERE id = OLD.article_id);
    INSERT INTO reading_tally SELECT NEW.crawl_id, site, date(NEW.observed_at, 'unixepoch'), 1 FROM article WHERE id = NEW.article_id
        ON CONFLICT DO UPDATE SET readings = readings + 1;
END;;
CREATE TRIGGER count_removed AFTER DELETE ON view_observation BEGIN
    INSERT OR IGNORE INTO count_due VALUES (OLD.article_id);
    UPDATE reading_tally SET readings = readings - 1 WHERE crawl_id = OLD.crawl_id AND day = date(OLD.observed_at, 'unixepoch')
        AND site = (SELECT site FROM article WHERE id = OLD.article_id);
END;;
CREATE TRIGGER counter_changed AFTER INSERT ON counter_change BEGIN
    INSERT OR IGNORE INTO count_due VALUES (NEW.article_id);
END;;
CREATE TRIGGER counter_change_moved AFTER UPDATE ON counter_change BEGIN
    INSERT OR IGNORE INTO count_due VALUES (OLD.article_id), (NEW.article_id);
END
"""
