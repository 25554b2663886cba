"""How each count is followed, and what looking does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m003_counting(db: Database) -> None:
    for statement in COUNTING.split(";;\n"):
        db.conn.execute(statement)


COUNTING = """
CREATE TABLE counting (               -- how the count of each article is followed (newsspider.schedule)
    article_id INTEGER PRIMARY KEY REFERENCES article(id), -- whose count it is
    asked_at INTEGER NOT NULL,        -- UTC, seconds since 1970; last asked for, also in vain
    due_at INTEGER NOT NULL,          -- UTC, seconds since 1970; to be read again from then on
    speed REAL,                       -- views an hour to expect; NULL: never read
    misses INTEGER NOT NULL,          -- attempts since the last reading
    method INTEGER,                   -- the cheapest way it was read, as in view_observation; where there is a counter, that is used
    published_at INTEGER,             -- UTC, seconds since 1970; the earliest instant that article.published can mean; NULL: unknown
    fell_at INTEGER                   -- UTC, seconds since 1970; last reading that fell, came back, or is of another counter; NULL: none
) STRICT;;
CREATE TABLE counter_change (         -- an article whose counter became another: its count starts anew
    article_id INTEGER NOT NULL REFERENCES article(id), -- whose counter changed
    changed_at TEXT NOT NULL,         -- UTC; the look that found it
    family TEXT, owner TEXT, key TEXT, -- the counter before, as in article
    PRIMARY KEY (article_id, changed_at)
) STRICT, WITHOUT ROWID;;
CREATE TRIGGER article_counter_change AFTER UPDATE OF counter_family, counter_owner, counter_key ON article
WHEN OLD.counter_key IS NOT NULL
 AND (OLD.counter_family, OLD.counter_owner, OLD.counter_key) IS NOT (NEW.counter_family, NEW.counter_owner, NEW.counter_key)
BEGIN
    INSERT OR IGNORE INTO counter_change
    VALUES (OLD.id, coalesce(NEW.checked_at, NEW.first_seen_at), OLD.counter_family, OLD.counter_owner, OLD.counter_key);
    UPDATE counting SET fell_at = CAST(strftime('%s', coalesce(NEW.checked_at, NEW.first_seen_at)) AS INTEGER) WHERE article_id = OLD.id;
END;;
CREATE TABLE poll_day (               -- what polls asked of a host, for the ceiling of a day
    host TEXT NOT NULL,               -- host and port
    day TEXT NOT NULL,                -- UTC
    requests INTEGER NOT NULL,        -- counter requests, also those in vain
    PRIMARY KEY (host, day)
) STRICT, WITHOUT ROWID;;
CREATE TABLE calibration (            -- whether looking raises the count: newsspider calibrate
    site TEXT NOT NULL REFERENCES site(name), -- the site it was measured on
    family TEXT NOT NULL,             -- of the counter; 'page': the count is printed on the page
    measured_at TEXT NOT NULL,        -- UTC
    article_id INTEGER NOT NULL REFERENCES article(id), -- the article it was measured on
    readings TEXT NOT NULL,           -- JSON: what was fetched and the counts it gave, in order
    by_counter INTEGER,               -- views that a reading of the counter adds; NULL: not clear
    by_page INTEGER,                  -- views that a fetch of the page adds; NULL: not clear
    PRIMARY KEY (site, family, measured_at)
) STRICT, WITHOUT ROWID
"""
