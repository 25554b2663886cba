"""What an archive knew by a moment: the same however much was crawled, ingested or read again since.

Known by then are the captures and counts of that time whose run had brought them by then: an ingest, a merge or a reparse counts from its
end. Versions, withdrawals and events follow from those alone; what a later reparse reads otherwise is taken back. Sites go by their present
names, and articles that proved to be one later are one.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from newsspider.archive import Archive, epochs, reading
from newsspider.archive.versions import IN_ORDER
from newsspider.items import INCOMPLETE

Row = Mapping[str, Any]
TEXT = ("title", "published", "published_text", "source", "author", "editor", "body")
EDITED = ("title", "published", "body", "source", "author", "editor")
KNOWN_FROM = (
    "CASE WHEN kind IN ('ingest', 'merge', 'reparse') THEN coalesce(finished_at, started_at) ELSE started_at END"
)
METHODS = ("counter", "listing", "page")


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """An article as it was known, with what it said and where it was missing, each in the order of time."""

    article: Row
    versions: Sequence[Row]
    edits: Sequence[Row]
    withdrawals: Sequence[Row]


def last_moment(archive: Archive) -> str | None:
    """The last instant that anything in the archive tells of; None: it is empty."""
    return archive.rows(
        """SELECT max(at) FROM (
        SELECT max(started_at) AS at FROM crawl UNION ALL SELECT max(finished_at) FROM crawl
        UNION ALL SELECT max(captured_at) FROM capture
        UNION ALL SELECT max(observed_at) FROM article)"""
    )[0][0]


class Cut:
    """``at``: a UTC instant. ``sites`` empty: all. All is read in one transaction: a crawl may go on beside it."""

    def __init__(self, archive: Archive, at: str, sites: Sequence[str] = ()) -> None:
        self.archive, self.conn, self.at = archive, archive.conn, at
        self.asked = json.dumps(sorted(sites)) if sites else None
        self.second: int = self.conn.execute("SELECT CAST(strftime('%s', ?) AS INTEGER)", (at,)).fetchone()[0]

    @contextmanager
    def open(self) -> Iterator[Cut]:
        self.conn.execute("CREATE TEMP TABLE IF NOT EXISTS known_run (id INTEGER PRIMARY KEY)")
        self.conn.execute("BEGIN")
        try:
            self.conn.execute("DELETE FROM temp.known_run")
            self.conn.execute(f"INSERT INTO temp.known_run SELECT id FROM crawl WHERE {KNOWN_FROM} <= ?", (self.at,))
            self.known = {row[0] for row in self.conn.execute("SELECT id FROM temp.known_run")}
            yield self
        finally:
            self.conn.execute("ROLLBACK")

    def sites(self) -> list[Row]:
        sql = """SELECT name AS site, title, homepage, country, language, timezone, cms FROM site
            WHERE (?1 IS NULL OR name IN (SELECT value FROM json_each(?1))) ORDER BY name"""
        return [dict(row) for row in self.conn.execute(sql, (self.asked,))]

    def runs(self) -> list[Row]:
        """The runs that had begun; of those that were not over, nothing of their end."""
        ended = "CASE WHEN finished_at <= ?1 THEN {0} END AS {0}"
        end = ", ".join(ended.format(column) for column in ("finished_at", "reason", "requests", "bytes"))
        sql = f"""SELECT id AS run_id, kind, site, started_at, version, uuid, {end} FROM crawl
            WHERE started_at <= ?1 AND (?2 IS NULL OR site IS NULL OR site IN (SELECT value FROM json_each(?2)))
            ORDER BY id"""
        return [dict(row) for row in self.conn.execute(sql, (self.at, self.asked))]

    def calibrations(self) -> list[Row]:
        """What a look was measured to add to counts."""
        sql = """SELECT site, family, measured_at, by_counter, by_page FROM calibration
            WHERE measured_at <= ?1 AND (?2 IS NULL OR site IN (SELECT value FROM json_each(?2))) ORDER BY 1, 2, 3"""
        return [dict(row) for row in self.conn.execute(sql, (self.at, self.asked))]

    def ids(self) -> list[tuple[int, str]]:
        sql = (
            """SELECT id, site FROM article WHERE ?1 IS NULL OR site IN (SELECT value FROM json_each(?1)) ORDER BY id"""
        )
        return [(row[0], row[1]) for row in self.conn.execute(sql, (self.asked,))]

    def observations(self) -> Iterator[Row]:
        """Article by article, in the order of time."""
        sql = """SELECT o.article_id, a.site, o.observed_at AS second, strftime('%Y-%m-%dT%H:%M:%SZ', o.observed_at, 'unixepoch')
                AS observed_at, o.views, o.step, o.method, o.crawl_id AS run_id
            FROM article a CROSS JOIN view_observation o ON o.article_id = a.id
            WHERE o.observed_at <= ?1 AND (?2 IS NULL OR a.site IN (SELECT value FROM json_each(?2)))
            ORDER BY a.id, o.observed_at"""
        for row in self.conn.execute(sql, (self.second, self.asked)):
            if row["run_id"] in self.known:
                yield {**dict(row), "method": METHODS[row["method"]]}

    def events(self, article_id: int) -> list[Row]:
        """What had happened to a count; the held tables say so where all its readings were known."""
        later = self.conn.execute(
            "SELECT EXISTS (SELECT 1 FROM view_observation WHERE article_id = ?"
            " AND (observed_at > ? OR crawl_id NOT IN (SELECT id FROM temp.known_run)))",
            (article_id, self.second),
        ).fetchone()[0]
        course = epochs.course(self.conn, article_id, self.second) if later else epochs.held(self.conn, article_id)
        names = ("article_id", "at", "event", "before", "after", "readings")
        rows = [*course.events, *map(epochs.freeze_event, course.freezes)]
        return sorted((dict(zip(names, row, strict=True)) for row in rows), key=lambda row: (row["at"], row["event"]))

    def captures(self) -> Iterator[sqlite3.Row]:
        """As `reading.captures`."""
        sql = f"""{reading.CAPTURES} AND c.captured_at <= ?1 AND c.crawl_id IN (SELECT id FROM temp.known_run)
            AND (?2 IS NULL OR coalesce(a.site, r.site) IN (SELECT value FROM json_each(?2))) {reading.IN_TIME}"""
        yield from self.conn.execute(sql, (self.at, self.asked))

    def articles(self) -> Iterator[Past]:
        """In the order of their ids."""
        for article_id, _ in self.ids():
            article = self.conn.execute("SELECT * FROM article WHERE id = ?", (article_id,)).fetchone()
            if past := self._past(article):
                yield past

    def _past(self, article: sqlite3.Row) -> Past | None:
        every = self.conn.execute(
            "SELECT c.id, c.crawl_id, c.captured_at, c.url, c.status, c.error, c.withdrawn, c.snapshot_id, c.content_digest"
            f" FROM capture c WHERE c.article_id = ? ORDER BY {IN_ORDER}",
            (article["id"],),
        ).fetchall()
        captures = [row for row in every if row["captured_at"] <= self.at and row["crawl_id"] in self.known]
        count = self._count(article["id"])
        reads = _Reads(self, article["id"], every)
        found = [(capture, reads.of(capture)) for capture in captures]
        # A look that found nothing makes no article: its address became one's later.
        if not any(read for _, read in found) and count is None and not self._listed(article, every):
            return None
        versions = list(_versions(article, found))
        return Past(
            article=self._article(article, every, found, versions, count),
            versions=versions,
            edits=list(_edits(versions)),
            withdrawals=list(_withdrawals(article, found)),
        )

    def _listed(self, article: sqlite3.Row, every: Sequence[sqlite3.Row]) -> bool:
        """Whether it was known from a listing, before any look at itself; what a later run brought from before was not."""
        looked = every[0]["captured_at"] if every else None
        return article["first_seen_at"] <= self.at and (
            looked is None or min(article["first_seen_at"], self.at) < looked
        )

    def _count(self, article_id: int) -> sqlite3.Row | None:
        return self.conn.execute(
            "SELECT o.views, o.step AS views_step, strftime('%Y-%m-%dT%H:%M:%SZ', o.observed_at, 'unixepoch') AS observed_at,"
            " (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', min(f.observed_at), 'unixepoch') FROM view_observation f"
            "  WHERE f.article_id = o.article_id AND f.crawl_id IN (SELECT id FROM temp.known_run)) AS first_at"
            " FROM view_observation o WHERE o.article_id = ? AND o.observed_at <= ?"
            " AND o.crawl_id IN (SELECT id FROM temp.known_run) ORDER BY o.observed_at DESC LIMIT 1",
            (article_id, self.second),
        ).fetchone()

    def _article(
        self,
        article: sqlite3.Row,
        every: Sequence[sqlite3.Row],
        found: Sequence[tuple[sqlite3.Row, Row | None]],
        versions: Sequence[Row],
        count: sqlite3.Row | None,
    ) -> Row:
        seen = [capture["captured_at"] for capture, read in found if read]
        gone = [row["missing_at"] for row in _gone(found) if row["missing_at"] > max(seen, default="")]
        looks = [capture["captured_at"] for capture, _ in found] + ([count["first_at"]] if count else [])
        # A capture from before was brought, or could be read, later.
        first = next((capture for capture, read in found if read), found[0][0] if found else None)
        moved = first and first["id"] != next((row["id"] for row in every if row["snapshot_id"]), every[0]["id"])
        said = (
            versions[-1]
            if versions
            else dict.fromkeys((*TEXT, "content_digest"))
            | {"title": article["title"], "published": article["published"]}
        )
        return {
            **{name: said[name] for name in (*TEXT, "content_digest")},
            **{name: article[name] for name in ("site", "native_id")},
            "article_id": article["id"],
            "url": first["url"] if first and moved else article["url"],
            "kind": "article" if versions else "external" if article["kind"] == "article" else article["kind"],
            **{name: count and count[name] for name in ("views", "views_step", "observed_at")},
            "versions": len(versions),
            "first_seen_at": min(looks, default=article["first_seen_at"]),
            "last_seen_at": max(seen, default=None),
            "gone_since": min(gone, default=None),
        }


class _Reads:
    """What the captures of an article were read as by then."""

    def __init__(self, cut: Cut, article_id: int, captures: Iterable[sqlite3.Row]) -> None:
        self.snapshots = {
            row["id"]: row for row in cut.conn.execute("SELECT * FROM snapshot WHERE article_id = ?", (article_id,))
        }
        self.before: dict[int, sqlite3.Row] = {}  # the last re-reading of a capture by then
        self.after: dict[int, list[sqlite3.Row]] = defaultdict(list)  # later ones, the latest first
        rows = cut.conn.execute(
            "SELECT r.* FROM capture c JOIN reread r ON r.capture_id = c.id WHERE c.article_id = ? ORDER BY r.crawl_id, c.id",
            (article_id,),
        ).fetchall()
        for row in rows:
            if row["crawl_id"] in cut.known:
                self.before[row["capture_id"]] = row
            else:
                self.after[row["capture_id"]].insert(0, row)
        # What a re-reading says once for all captures of a version: at any of them, for a later run may bring an earlier capture.
        self.told = {
            (row["crawl_id"], digest): row["changes"]
            for capture in captures
            if (digest := self._digest(capture))
            for row in self.after.get(capture["id"], ())
            if row["changes"]
        }

    def _digest(self, capture: sqlite3.Row) -> str | None:
        told = self.before.get(capture["id"])
        snapshot = self.snapshots.get(capture["snapshot_id"])
        return (told or capture)["content_digest"] or (snapshot and snapshot["content_digest"])

    def of(self, capture: sqlite3.Row) -> Row | None:
        """None: nothing could be read there."""
        snapshot = self.snapshots.get(capture["snapshot_id"])
        later = self.after.get(capture["id"], ())
        if snapshot is None or (later and later[-1]["parser_before"] is None):
            return None
        digest = self._digest(capture)
        assert digest  # a snapshot has one
        read = {name: snapshot[name] for name in (*TEXT, "parser")} | {"content_digest": digest}
        for row in later:
            changes = row["changes"] or self.told.get((row["crawl_id"], digest), "{}")
            read |= {name: was for name, was in json.loads(changes).items() if name in TEXT}
            read["parser"] = row["parser_before"]
        return read


def _versions(article: sqlite3.Row, found: Sequence[tuple[sqlite3.Row, Row | None]]) -> Iterator[Row]:
    readings = [(capture, read) for capture, read in found if read]
    for number, (_, group) in enumerate(groupby(readings, key=lambda one: one[1]["content_digest"]), 1):
        run = list(group)
        (first, read), (last, _) = run[0], run[-1]
        yield {
            **read,
            "article_id": article["id"],
            "site": article["site"],
            "version": number,
            "captured_at": first["captured_at"],
            "last_seen_at": last["captured_at"],
            "url": first["url"],
            "incomplete": any((capture["error"] or "").startswith(INCOMPLETE) for capture, _ in run),
        }


def _edits(versions: Sequence[Row]) -> Iterator[Row]:
    """Field by field; what was added to a version of which not all pages could be read is no change of theirs."""
    for before, after in pairwise(versions):
        for field in EDITED:
            if before[field] != after[field] and not before["incomplete"]:
                yield {
                    **{name: after[name] for name in ("article_id", "site", "version")},
                    "field": field,
                    "changed_after": before["last_seen_at"],
                    "changed_by": after["captured_at"],
                    "before": before[field],
                    "after": after[field],
                }


def _gone(found: Sequence[tuple[sqlite3.Row, Row | None]]) -> Iterator[dict[str, Any]]:
    """Every look that found it withdrawn: ``first`` of those since it was last read."""
    last_seen, missing = None, False
    for capture, read in found:
        if read:
            last_seen, missing = capture["captured_at"], False
        elif capture["withdrawn"] and last_seen:
            yield {
                "first": not missing,
                "last_seen_at": last_seen,
                "missing_at": capture["captured_at"],
                **{name: capture[name] for name in ("status", "error")},
            }
            missing = True


def _withdrawals(article: sqlite3.Row, found: Sequence[tuple[sqlite3.Row, Row | None]]) -> Iterator[Row]:
    seen = [capture["captured_at"] for capture, read in found if read]
    for row in _gone(found):
        if row.pop("first"):
            back = min((at for at in seen if at >= row["missing_at"]), default=None)
            yield {"article_id": article["id"], "site": article["site"], **row, "reappeared_at": back}
