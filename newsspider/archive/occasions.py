"""What may cause an alert: what happened to articles, to counts and to sites, as the archive noticed it. Reads only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from newsspider.archive import Archive, ages, spikes
from newsspider.expectation import Reading
from newsspider.items import instant

ARTICLE = ("new", "edited", "withdrawn", "back")
COUNT = ("spike", "drop", "reset")
SITE = ("quiet", "broken", "well")
EVENTS = (*ARTICLE, *COUNT, *SITE)
FIELDS = ("title", "published", "source", "author", "editor", "body")


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """``at``: the UTC instant of the look that noticed it; ``identity``: to what it happened, in words that no merge changes."""

    event: str
    at: str
    site: str
    identity: str
    url: str | None = None  # of the article; of a site: its front page
    article_id: int | None = None
    views: int | None = None
    columns: tuple[str, ...] = ()  # listings in which the article was met
    fields: Mapping[str, str | None] = field(default_factory=dict)  # of the version then; FIELDS
    before: Mapping[str, str | None] | None = None  # of an edit: of the version before
    counts: tuple[int | None, int] | None = None  # before and after
    note: str | None = None  # of a site: what is wrong


def last_capture(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT coalesce(max(id), 0) FROM capture").fetchone()[0])


ABOUT = """a.id AS article_id, a.site, a.url, a.native_id, a.views,
       (SELECT json_group_array(DISTINCT d.listing) FROM address d WHERE d.article_id = a.id AND d.listing <> '') AS columns"""
LATEST = "(SELECT id FROM snapshot WHERE article_id = a.id ORDER BY captured_at DESC, id DESC LIMIT 1)"
CAPTURES = f"""
SELECT c.id, c.captured_at AS at, c.outcome, c.snapshot_id, {ABOUT}, (
    SELECT p.outcome FROM capture p WHERE p.article_id = c.article_id AND (p.outcome = 'gone' OR p.snapshot_id IS NOT NULL)
    AND (p.captured_at, p.url, p.id) < (c.captured_at, c.url, c.id) ORDER BY p.captured_at DESC, p.url DESC, p.id DESC LIMIT 1) AS before
FROM capture c JOIN article a ON a.id = c.article_id
WHERE c.id > :after AND c.captured_at >= :since AND c.kind = 'article' ORDER BY c.captured_at, c.id"""
VERSIONS = f"""
SELECT s.id, s.payload_digest, {", ".join(f"s.{name}" for name in FIELDS)},
       EXISTS (SELECT 1 FROM capture c WHERE c.snapshot_id = s.id AND c.error LIKE 'incomplete: %') AS incomplete
FROM snapshot s WHERE s.article_id = :article_id AND (s.captured_at, s.id) <=
    (SELECT captured_at, id FROM snapshot WHERE id = coalesce(:snapshot_id, (
        SELECT id FROM snapshot WHERE article_id = :article_id AND captured_at <= :at ORDER BY captured_at DESC, id DESC LIMIT 1)))
ORDER BY s.captured_at DESC, s.id DESC LIMIT 2"""


def of_articles(archive: Archive, after: int, since: str) -> Iterator[Occasion]:
    """What captures later than number ``after``, from ``since`` on, noticed, in the order of their instants."""
    for row in archive.conn.execute(CAPTURES, {"after": after, "since": since}).fetchall():
        events = list(_events(row))
        if not events:
            continue
        now, *before = archive.conn.execute(VERSIONS, {key: row[key] for key in ("article_id", "snapshot_id", "at")})
        for event in events:
            if event == "edited":
                if before and _theirs(now, before[0]):
                    yield _occasion(row, event, row["at"], _fields(now), before=_fields(before[0]))
            else:
                yield _occasion(row, event, row["at"], _fields(now))


def _events(row: sqlite3.Row) -> Iterator[str]:
    if row["outcome"] == "gone":
        if row["before"] not in (None, "gone"):
            yield "withdrawn"
        return
    if row["snapshot_id"] is None:
        return
    if row["before"] == "gone":
        yield "back"
    if row["before"] is None:
        yield "new"
    elif row["outcome"] == "changed":
        yield "edited"


def _theirs(now: sqlite3.Row, before: sqlite3.Row) -> bool:
    """Whether readers saw the change: no page of the text was missing before, and the bytes are others."""
    same = now["payload_digest"] is not None and now["payload_digest"] == before["payload_digest"]
    return not before["incomplete"] and not same


def _fields(version: sqlite3.Row) -> dict[str, str | None]:
    return {name: version[name] for name in FIELDS}


TEXTS = ", ".join(f"s.{name}" for name in FIELDS)
FALLS = f"""
SELECT e.at, e.event, e.before, e.after, {ABOUT}, {TEXTS}
FROM count_event e JOIN article a ON a.id = e.article_id LEFT JOIN snapshot s ON s.id = {LATEST}
WHERE e.at >= :since AND e.event IN ('drop', 'reset') ORDER BY e.at, a.id"""
# Counts that ran by their own past, and those above what they were expected to be at most by an age that was not over.
RAN = f"""
SELECT {ABOUT}, {TEXTS} FROM article a LEFT JOIN snapshot s ON s.id = {LATEST}
WHERE a.observed_at >= :since AND a.views >= {spikes.FEW} AND (
    EXISTS (SELECT 1 FROM count_event e WHERE e.article_id = a.id AND e.event = 'jump' AND e.at >= :since)
    OR EXISTS (SELECT 1 FROM forecast f WHERE f.article_id = a.id AND a.views > f.high AND f.siblings >= {spikes.SURE}))
ORDER BY a.id"""
READINGS = "SELECT observed_at, views FROM view_observation WHERE article_id = ? ORDER BY observed_at"


def of_counts(archive: Archive, since: str) -> Iterator[Occasion]:
    """Drops, resets and spikes since then."""
    for row in archive.rows(FALLS, {"since": since}):
        yield _occasion(row, row["event"], row["at"], _fields(row), counts=(row["before"], row["after"]))
    for row in archive.rows(RAN, {"since": since}):
        readings = [Reading(*one) for one in archive.rows(READINGS, (row["article_id"],))]
        for onset in spikes.onsets(readings, ages.bounds(archive.conn, row["article_id"])):
            if (at := instant(datetime.fromtimestamp(onset.at, UTC))) >= since:
                yield _occasion(row, "spike", at, _fields(row), counts=(onset.before, onset.views))


HEALTH = """
SELECT coalesce(r.finished_at, r.started_at) AS at, h.site, h.sign, h.message, s.homepage, (
    SELECT p.message FROM health p WHERE p.site = h.site AND p.sign = h.sign AND p.crawl_id < h.crawl_id
    ORDER BY p.crawl_id DESC LIMIT 1) AS before
FROM health h JOIN crawl r ON r.id = h.crawl_id JOIN site s ON s.name = h.site
WHERE coalesce(r.finished_at, r.started_at) >= :since ORDER BY r.id, h.sign"""
# Once is an accident: a first page that failed in two runs in a row.
LISTINGS = """
SELECT * FROM (
    SELECT c.captured_at AS at, l.site, l.url AS sign, s.homepage, c.error, c.outcome = 'failed' AS failed,
           lag(c.outcome = 'failed', 1, 0) OVER w AS once, lag(c.outcome = 'failed', 2, 0) OVER w AS twice
    FROM capture c JOIN listing l ON l.url = c.url JOIN site s ON s.name = l.site
    WHERE c.kind = 'listing' WINDOW w AS (PARTITION BY c.url ORDER BY c.captured_at, c.id))
WHERE at >= :since AND once AND failed <> twice ORDER BY at, sign"""


def of_sites(archive: Archive, since: str) -> Iterator[Occasion]:
    """Sites that went quiet, broke or are well again since then."""
    for row in archive.rows(HEALTH, {"since": since}):
        if (row["message"] is None) != (row["before"] is None):
            wrong = "quiet" if row["sign"] == "quiet" else "broken"
            event, note = (wrong, row["message"]) if row["message"] else ("well", f"as it was again: {row['sign']}")
            yield _of_site(row, event, note)
    for row in archive.rows(LISTINGS, {"since": since}):
        if row["failed"]:
            yield _of_site(row, "broken", f"{row['sign']} could not be read in two runs in a row: {row['error']}")
        else:
            yield _of_site(row, "well", f"{row['sign']} is read again")


def _of_site(row: sqlite3.Row, event: str, note: str) -> Occasion:
    identity = f"{row['site']} {row['sign']}"
    return Occasion(event=event, at=row["at"], site=row["site"], identity=identity, url=row["homepage"], note=note)


def _occasion(row: sqlite3.Row, event: str, at: str, fields: dict[str, str | None], **more: Any) -> Occasion:
    return Occasion(
        event=event,
        at=at,
        site=row["site"],
        identity=row["native_id"] or row["url"],
        url=row["url"],
        article_id=row["article_id"],
        views=row["views"],
        columns=tuple(json.loads(row["columns"])),
        fields=fields,
        **more,
    )


def all_of(archive: Archive, after: int, since: str, again: str) -> Iterator[Occasion]:
    """All three; counts and sites from ``again`` on, for a run that began before may have ended after the last look."""
    yield from of_articles(archive, after, since)
    yield from of_counts(archive, again)
    yield from of_sites(archive, again)
