"""What every crawl of a site measured, beside what the site's own past allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m016_health(db: Database) -> None:
    for statement in HEALTH.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)


HEALTH = """
CREATE TABLE health (                 -- a crawl of a site compared with the crawls of it before, a row a sign
    crawl_id INTEGER NOT NULL REFERENCES crawl(id), -- the crawl that was measured
    site TEXT NOT NULL REFERENCES site(name), -- the site it was of
    sign TEXT NOT NULL,               -- quiet, entries, refusals, duplicates, counters, body, alike, a field, selectors.<field>
    value REAL NOT NULL,              -- pages that have it; days without news (quiet); characters (body); different texts (alike)
    total REAL NOT NULL,              -- of how many pages; days that are usual (quiet)
    threshold REAL,                   -- what the site's own past allows: a share of total; days (quiet), characters (body); NULL: no past
    message TEXT,                     -- what is wrong and where to look; NULL: nothing
    PRIMARY KEY (site, sign, crawl_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX health_crawl ON health(crawl_id);
"""
