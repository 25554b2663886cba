"""The archive's tables. Migrations go forward only; the comments are part of the file, SQLite keeps them.

``docs/schema.md`` is printed from here (`newsspider.archive.document`).
"""

from __future__ import annotations

import sqlite3
import uuid
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from newsspider.archive import chain, ddl, views

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x6E737069  # "nspi", in the header of every archive: file(1) and we know it by this
SET = "newsspider"
Step = Callable[["Database"], None]
STEPS: list[Step] = []


def migrations() -> Callable[[Step], Step]:
    """Marks a step, by its name. What makes them sqlite_utils.Migrations is loaded when one is due: it takes a tenth of a second."""

    def add(step: Step) -> Step:
        STEPS.append(step)
        return step

    return add


def loaded() -> Migrations:
    from sqlite_utils import Migrations

    found = Migrations(SET)
    for step in STEPS:
        found()(step)
    return found


@migrations()
def m001_founding(db: Database) -> None:
    for statement in FOUNDING.split(";\n"):  # not executescript: that would commit the transaction of the migration
        if statement.strip():
            db.conn.execute(statement)


@migrations()
def m002_fixity(db: Database) -> None:
    for statement in FIXITY.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
    _record_facts(db.conn)


def _record_facts(conn: sqlite3.Connection) -> None:
    """Fills the columns of FIXITY for what was held before, and links the runs that had ended."""
    conn.execute("UPDATE capture SET withdrawn = outcome = 'gone'")
    conn.execute(
        "UPDATE capture SET content_digest = (SELECT content_digest FROM snapshot s WHERE s.id = capture.snapshot_id)"
    )
    for digest, body in conn.execute("SELECT digest, body FROM payload"):
        conn.execute("UPDATE payload SET crc = ? WHERE digest = ?", (zlib.crc32(body), digest))
    sums = chain.Sums()
    for crawl_id, *fact in conn.execute(f"SELECT crawl_id, {chain.CAPTURE} FROM capture"):
        sums.add(crawl_id, chain.text_fact(*fact))
    for crawl_id, *reading in conn.execute(
        "SELECT crawl_id, article_id, observed_at, views, method FROM view_observation"
    ):
        sums.add(crawl_id, chain.count_fact(*reading))
    sums.write(conn)
    for crawl_id, finished, *run in conn.execute(
        "SELECT id, finished_at, kind, started_at, config FROM crawl"
    ).fetchall():
        # Not random: two copies of one archive, each migrated, hold the same runs.
        name = str(uuid.uuid5(uuid.NAMESPACE_OID, repr((crawl_id, run))))
        conn.execute("UPDATE crawl SET uuid = ? WHERE id = ?", (name, crawl_id))
        if finished:
            chain.link(conn, crawl_id, "migrated")


FIXITY = """
ALTER TABLE crawl ADD COLUMN uuid     -- names the run in every archive it was merged into
    TEXT;
ALTER TABLE crawl ADD COLUMN checksum -- sum modulo 2^256, in hex, of the SHA-256 of its captures, counts and re-readings
    TEXT;
CREATE UNIQUE INDEX crawl_uuid ON crawl(uuid);

ALTER TABLE capture ADD COLUMN content_digest -- snapshot.content_digest of what was read then, by the parser of then
    TEXT;
ALTER TABLE capture ADD COLUMN withdrawn -- 1: the answer said that the page is withdrawn or never was
    INTEGER NOT NULL DEFAULT 0;

CREATE TABLE dictionary (             -- what pages of one site have in common: a zstd dictionary
    id INTEGER PRIMARY KEY,           -- as it stands in the zstd frames
    site TEXT NOT NULL REFERENCES site(name), -- whose pages it is made of
    made_at TEXT NOT NULL,            -- UTC; the latest of a site compresses its new pages
    digest TEXT NOT NULL,             -- sha256:<hex> of body as it stands here
    body BLOB NOT NULL                -- the dictionary (for zstd -D), itself a zstd frame
) STRICT;
ALTER TABLE payload ADD COLUMN dictionary -- the dictionary body is compressed with; NULL: none
    INTEGER REFERENCES dictionary(id);
ALTER TABLE payload ADD COLUMN base   -- the payload body is a patch of (zstd --patch-from); NULL: it stands alone
    TEXT REFERENCES payload(digest);
ALTER TABLE payload ADD COLUMN crc    -- CRC-32 of body as it stands here
    INTEGER;

CREATE TABLE reread (                 -- a capture read again, by a later parser or later site rules
    capture_id INTEGER NOT NULL REFERENCES capture(id), -- the capture that was read again
    crawl_id INTEGER NOT NULL REFERENCES crawl(id), -- the run that read it again
    parser_before TEXT,               -- what read it before; NULL: nothing could
    parser TEXT NOT NULL,             -- what read it now
    content_digest TEXT NOT NULL,     -- snapshot.content_digest of what it says now
    changes TEXT,                     -- JSON: fields that are read otherwise, with what they were; NULL: as its version's first capture
    PRIMARY KEY (capture_id, crawl_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE chain (                  -- runs that ended, each linked to the one before: a later edit of a run shows
    id INTEGER PRIMARY KEY,           -- its place in the chain
    crawl_id INTEGER NOT NULL REFERENCES crawl(id), -- the run it seals
    reason TEXT NOT NULL,             -- finished, killed, merged, migrated; amended: two articles of it proved to be one
    run_digest TEXT NOT NULL,         -- sha256:<hex> of the run's row, checksum included
    digest TEXT NOT NULL              -- sha256:<hex> of the digest before, and this row
) STRICT;
CREATE INDEX chain_crawl ON chain(crawl_id);
"""

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


@migrations()
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


@migrations()
def m004_printed_counts(db: Database) -> None:
    for statement in PRINTED_COUNTS.split(";\n"):
        db.conn.execute(statement)


PRINTED_COUNTS = """
ALTER TABLE view_observation ADD COLUMN step -- NULL: printed to the unit; 1000: in thousands (1.2万); 0: at least so many (9999+)
    INTEGER;
ALTER TABLE article ADD COLUMN views_step -- of the last count, as view_observation.step
    INTEGER;
CREATE INDEX article_gone ON article(gone_since) WHERE gone_since IS NOT NULL
"""


@migrations()
def m005_files(db: Database) -> None:
    # A CHECK cannot be altered: the table of captures is made anew. Views that somebody else added may name it.
    db.conn.execute("PRAGMA legacy_alter_table = ON")
    for statement in FILES.split(";;\n"):
        db.conn.execute(statement)
    db.conn.execute("PRAGMA legacy_alter_table = OFF")


FILES = """
CREATE TABLE made_anew (              -- a fetch of a page or a file, well or not; counters only where they failed
    id INTEGER PRIMARY KEY,           -- its number here
    crawl_id INTEGER NOT NULL REFERENCES crawl(id), -- the run that made it
    kind TEXT NOT NULL CHECK (kind IN ('article', 'listing', 'counter', 'file')), -- file: an image or attachment
    url TEXT NOT NULL,                -- the address asked for
    captured_at TEXT NOT NULL,        -- UTC
    article_id INTEGER REFERENCES article(id), -- NULL: listing, counter, file, or an article never read
    snapshot_id INTEGER REFERENCES snapshot(id), -- the version it found
    status INTEGER,                   -- HTTP; NULL: no answer
    headers TEXT,                     -- JSON: response headers that matter
    payload_digest TEXT REFERENCES payload(digest), -- the bytes it got; NULL: none, or not kept (a listing with nothing new)
    outcome TEXT NOT NULL CHECK (outcome IN ('new', 'changed', 'revisit', 'failed', 'gone')), -- of a listing: changed: it held a new entry
    error TEXT,                       -- what went wrong, in words
    content_digest TEXT,              -- snapshot.content_digest of what was read then, by the parser of then
    withdrawn INTEGER NOT NULL DEFAULT 0 -- 1: the answer said that the page is withdrawn or never was
) STRICT;;
INSERT INTO made_anew SELECT id, crawl_id, kind, url, captured_at, article_id, snapshot_id, status, headers, payload_digest,
    outcome, error, content_digest, withdrawn FROM capture;;
DROP TABLE capture;;
ALTER TABLE made_anew RENAME TO capture;;
CREATE INDEX capture_article ON capture(article_id, captured_at);;
CREATE INDEX capture_url ON capture(url, captured_at);;
ALTER TABLE payload ADD COLUMN media_type -- of an image or attachment, by its bytes; NULL: a page
    TEXT;;
ALTER TABLE attachment ADD COLUMN payload_digest -- the bytes last got; NULL: never fetched (crawl --assets), or in vain
    TEXT REFERENCES payload(digest);;
ALTER TABLE attachment ADD COLUMN media_type -- what those bytes are
    TEXT;;
ALTER TABLE attachment ADD COLUMN size -- bytes as received
    INTEGER;;
ALTER TABLE attachment ADD COLUMN fetched_at -- UTC; last try; NULL: none yet
    TEXT;;
ALTER TABLE attachment ADD COLUMN error -- why the last try failed, in words; NULL: it went well
    TEXT;;
CREATE INDEX attachment_url ON attachment(url);;
CREATE INDEX capture_snapshot ON capture(snapshot_id)
"""


def _applied(conn: sqlite3.Connection) -> list[str]:
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return []
    return [
        row[0]
        for row in conn.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid", (SET,))
    ]


def unknown(conn: sqlite3.Connection) -> list[str]:
    """Migrations in the file that this version does not have: a newer one made it."""
    known = {step.__name__ for step in STEPS}
    return [name for name in _applied(conn) if name not in known]


def stale(conn: sqlite3.Connection) -> bool:
    """Whether the file lacks a table or a view of this version."""
    return not {step.__name__ for step in STEPS} <= set(_applied(conn)) or not views.current(conn)


def upgrade(conn: sqlite3.Connection) -> None:
    """Brings tables and views up to date, all or nothing, also when two programs open the file at once.

    Foreign keys have to be off: a table that is made anew is gone for a moment. `verify` checks them.
    """
    if not stale(conn):
        return
    from sqlite_utils import Database

    conn.execute("BEGIN IMMEDIATE")
    try:
        loaded().apply(Database(conn, execute_plugins=False))
        ddl.tidy(conn)
        views.replace(conn)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:  # SQLite rolls back by itself where the disk is full
            conn.execute("ROLLBACK")
        raise
