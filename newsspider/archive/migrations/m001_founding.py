"""The tables of the first archives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m001_founding(db: Database) -> None:
    for statement in FOUNDING.split(";\n"):  # not executescript: that would commit the transaction of the migration
        if statement.strip():
            db.conn.execute(statement)


FOUNDING = """
CREATE TABLE site (                   -- a news site
    name TEXT PRIMARY KEY,            -- short name (xjtu-news), or the host where no site file names it
    title TEXT,                       -- its own name, in its own language
    homepage TEXT,                    -- address of its front page
    country TEXT,                     -- ISO 3166 code
    language TEXT,                    -- BCP 47 code
    timezone TEXT NOT NULL,           -- IANA zone of the printed dates (article.published, snapshot.published)
    cms TEXT                          -- family of its pages: vsb, webplus …; NULL: told from each page
) STRICT;

CREATE TABLE crawl (                  -- a run of newsspider that wrote here
    id INTEGER PRIMARY KEY,           -- its number here
    kind TEXT NOT NULL,               -- crawl, poll, ingest, reparse, merge
    site TEXT REFERENCES site(name),  -- the site it was for; NULL: several
    started_at TEXT NOT NULL,         -- UTC
    finished_at TEXT,                 -- UTC; NULL: running, or killed
    reason TEXT,                      -- why it stopped: finished, shutdown (a signal), closespider_…; NULL: running, or killed
    version TEXT NOT NULL,            -- newsspider version
    config TEXT,                      -- JSON: seeds and settings that were changed
    requests INTEGER,                 -- requests sent, robots.txt and counters included
    bytes INTEGER                     -- bytes received
) STRICT;

CREATE TABLE listing (                -- a column of a site, followed page by page from its first
    url TEXT PRIMARY KEY,             -- address of its first page
    site TEXT NOT NULL REFERENCES site(name), -- the site it belongs to
    walked_at TEXT,                   -- UTC; last time it was followed as far as needed
    unfinished INTEGER NOT NULL DEFAULT 1 -- 1: the last walk broke off, so the next one may not stop at known articles
) STRICT;

CREATE TABLE article (                -- an article as last known; one row however many addresses it has
    id INTEGER PRIMARY KEY,           -- its number in this archive
    site TEXT NOT NULL REFERENCES site(name), -- the site it was met on
    url TEXT NOT NULL UNIQUE,         -- the address it was first met under
    native_id TEXT UNIQUE,            -- identity in the CMS: vsb:<owner>:<id>, webplus:<host>:<site>:<id>; NULL: only the address
    kind TEXT NOT NULL DEFAULT 'article' CHECK (kind IN ('article', 'external', 'file')), -- external, file: known from the listing alone
    title TEXT,                       -- as last read
    published TEXT,                   -- ISO 8601 at the precision printed, local to site.timezone
    views INTEGER,                    -- the last count read; NULL: never read
    observed_at TEXT,                 -- UTC; when that count was read
    counter TEXT,                     -- address that answers the count; NULL: printed on the page, or none
    counter_family TEXT,              -- protocol of that address: vsb, vsb-clicktimes, webplus
    counter_owner TEXT,               -- VSB owner, WebPlus site id
    counter_key TEXT,                 -- the article's id with that counter
    first_seen_at TEXT NOT NULL,      -- UTC; first met
    checked_at TEXT,                  -- UTC; its page was last asked for, well or not; NULL: never
    last_seen_at TEXT,                -- UTC; its page was last read well
    gone_since TEXT                   -- UTC; first look that found it withdrawn; NULL: it stands
) STRICT;
CREATE INDEX article_site ON article(site, checked_at);
CREATE INDEX article_observed ON article(observed_at);
CREATE INDEX article_counter ON article(counter_family, counter_owner, counter_key);

CREATE TABLE address (                -- every address an article was met under, and in which column
    url TEXT NOT NULL,                -- the address
    listing TEXT NOT NULL,            -- first page of that column; '': not met in a listing
    article_id INTEGER NOT NULL REFERENCES article(id), -- the article it leads to
    first_seen_at TEXT NOT NULL,      -- UTC
    last_seen_at TEXT NOT NULL,       -- UTC; last met in that column
    PRIMARY KEY (url, listing)
) STRICT, WITHOUT ROWID;
CREATE INDEX address_article ON address(article_id);
CREATE INDEX address_listing ON address(listing);

CREATE TABLE frontier (               -- entries of listings whose page is not held: not tried yet, or tried in vain
    url TEXT PRIMARY KEY,             -- the address to read
    site TEXT NOT NULL REFERENCES site(name), -- the site it was met on
    listing TEXT NOT NULL,            -- first page of the column it was met in
    title TEXT,                       -- as the listing prints it
    published TEXT,                   -- as the listing prints it, ISO 8601
    first_seen_at TEXT NOT NULL,      -- UTC
    tried_at TEXT,                    -- UTC; last try; NULL: none yet
    error TEXT                        -- why it failed
) STRICT;
CREATE INDEX frontier_listing ON frontier(listing);

CREATE TABLE payload (                -- bytes as received, once per digest
    digest TEXT PRIMARY KEY,          -- sha256:<hex> of the bytes as received (uncompressed)
    body BLOB NOT NULL,               -- the bytes, in the encoding below
    encoding TEXT NOT NULL,           -- zstd, identity
    size INTEGER NOT NULL             -- bytes as received
) STRICT;

CREATE TABLE snapshot (               -- a version of an article: a run of captures with the same content
    id INTEGER PRIMARY KEY,           -- its number; of two in one second the later has the higher
    article_id INTEGER NOT NULL REFERENCES article(id), -- whose version it is
    captured_at TEXT NOT NULL,        -- UTC; first capture of this version
    last_seen_at TEXT NOT NULL,       -- UTC; last capture of this version
    url TEXT NOT NULL,                -- address it was read from
    title TEXT,                       -- as the page has it
    published TEXT,                   -- ISO 8601 at the precision printed, local to site.timezone
    published_text TEXT,              -- the date line as printed
    source TEXT,                      -- 来源
    author TEXT,                      -- 作者
    editor TEXT,                      -- 编辑
    body TEXT NOT NULL,               -- plain text, a paragraph a line
    content_digest TEXT NOT NULL,     -- sha256:<hex> of title, published, source, author, editor and body
    payload_digest TEXT REFERENCES payload(digest), -- the page it was read from; NULL: not held
    parser TEXT NOT NULL              -- newsspider version and family that read it, e.g. 0.1.0/vsb
) STRICT;
CREATE INDEX snapshot_article ON snapshot(article_id, captured_at);
CREATE INDEX snapshot_payload ON snapshot(payload_digest);

CREATE TABLE capture (                -- a fetch of a page, well or not; counters only where they failed
    id INTEGER PRIMARY KEY,           -- its number here
    crawl_id INTEGER NOT NULL REFERENCES crawl(id), -- the run that made it
    kind TEXT NOT NULL CHECK (kind IN ('article', 'listing', 'counter')), -- what was asked for
    url TEXT NOT NULL,                -- the address asked for
    captured_at TEXT NOT NULL,        -- UTC
    article_id INTEGER REFERENCES article(id), -- NULL: listing, counter, or an article never read
    snapshot_id INTEGER REFERENCES snapshot(id), -- the version it found
    status INTEGER,                   -- HTTP; NULL: no answer
    headers TEXT,                     -- JSON: response headers that matter
    payload_digest TEXT REFERENCES payload(digest), -- the bytes it got; NULL: none, or not kept (a listing with nothing new)
    outcome TEXT NOT NULL CHECK (outcome IN ('new', 'changed', 'revisit', 'failed', 'gone')), -- of a listing: changed: it held a new entry
    error TEXT                        -- what went wrong, in words
) STRICT;
CREATE INDEX capture_article ON capture(article_id, captured_at);
CREATE INDEX capture_url ON capture(url, captured_at);

CREATE TABLE view_observation (       -- a reading of a view count; never merged away: unchanged is not the same as not looked
    article_id INTEGER NOT NULL REFERENCES article(id), -- whose count it is
    observed_at INTEGER NOT NULL,     -- UTC, seconds since 1970 (the view views_over_time shows ISO 8601)
    views INTEGER NOT NULL,           -- the count
    method INTEGER NOT NULL,          -- 0 counter, 1 listing, 2 page
    crawl_id INTEGER NOT NULL REFERENCES crawl(id), -- the run that read it
    PRIMARY KEY (article_id, observed_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (             -- a file or image an article links
    article_id INTEGER NOT NULL REFERENCES article(id), -- the article that links it
    url TEXT NOT NULL,                -- its address
    kind TEXT NOT NULL CHECK (kind IN ('file', 'image')), -- a document, or a picture in the text
    title TEXT,                       -- its link text
    first_seen_at TEXT NOT NULL,      -- UTC
    last_seen_at TEXT NOT NULL,       -- UTC
    PRIMARY KEY (article_id, url)
) STRICT, WITHOUT ROWID;
"""
