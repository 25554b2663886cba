"""What an archive holds as plain records, for Python: the methods of `newsspider.Archive`. docs/python.md shows them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from newsspider.archive import Archive, ArchiveError, measures
from newsspider.archive.frames import Instant, Records

Record = TypeVar("Record")
ISO = measures.ISO
METHOD = "CASE o.method WHEN 0 THEN 'counter' WHEN 1 THEN 'listing' ELSE 'page' END"


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldArticle:
    """An article as last known. ``*_at`` and ``gone_since`` are UTC; ``published`` is local to its site, at the precision printed."""

    id: int | None  # None: an entry of a listing whose page was never read
    site: str
    kind: str  # article; external, file: known from a listing alone; entry: never read
    title: str | None
    published: str | None
    views: int | None  # None: never read
    views_step: int | None  # how exactly it was printed, as view_observation.step
    observed_at: Instant | None  # when that count was read
    versions: int
    first_seen_at: Instant
    last_seen_at: Instant | None
    gone_since: Instant | None  # None: it stands
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """What an article said from ``captured_at`` to ``last_seen_at`` (UTC), as far as looks can tell."""

    article_id: int
    number: int  # from 1
    snapshot_id: int
    captured_at: Instant
    last_seen_at: Instant
    url: str
    title: str | None
    published: str | None
    published_text: str | None
    source: str | None
    author: str | None
    editor: str | None
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A count read at ``observed_at`` (UTC). ``step``: None: printed to the unit; 1000: in thousands; 0: at least so many."""

    article_id: int
    observed_at: Instant
    views: int
    step: int | None
    method: str  # counter, listing, page


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """What happened to a count besides growing; docs/series.md says what each is."""

    article_id: int
    event: str
    at: Instant
    before: int | None
    after: int
    readings: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """What a count was expected to come to by ``age`` (24 h, 7 d, 30 d), as said ``said_after``, and what came; docs/series.md."""

    article_id: int
    age: str
    said_after: str  # 6 h, 24 h, 7 d after its publication
    views_then: float
    expected: float | None  # None: too few siblings
    low: float | None
    high: float | None
    siblings: int
    met_at: Instant  # when the article is of that age
    came: float | None  # None: not yet, or not known
    times: float | None  # what came, or the last count before that age, in times the expected
    outside: str | None  # above, below; None: within the bounds


COLUMNS = """a.id, a.site, a.kind, a.title, a.published, a.views, a.views_step, a.observed_at,
       (SELECT count(*) FROM snapshot v WHERE v.article_id = a.id) AS versions, a.first_seen_at, a.last_seen_at, a.gone_since, a.url"""
ENTRIES = """SELECT NULL AS id, a.site, 'entry' AS kind, a.title, a.published, NULL AS views, NULL AS views_step, NULL AS observed_at,
       0 AS versions, a.first_seen_at, NULL AS last_seen_at, NULL AS gone_since, a.url FROM frontier a"""
ORDER = {
    "date": "a.published IS NULL, a.published DESC, a.id DESC",
    "views": "a.views IS NULL, a.views DESC, a.id DESC",
    "id": "a.id",
}


def articles(
    archive: Archive,
    *,
    site: str | None = None,
    column: str | None = None,
    since: str | None = None,
    until: str | None = None,
    least: int | None = None,
    edited: bool = False,
    withdrawn: bool = False,
    unread: bool = False,
    sort: str = "date",
    limit: int | None = None,
) -> Records[HeldArticle]:
    """Articles; conditions add up.

    ``column``: a part of the address of a listing it was met in; ``since`` and ``until``: days, months or years of publication, both
    included; ``least``: views; ``edited``: with more than one version; ``unread``: the entries of listings whose page was never read.
    """
    conditions = {
        "a.site = :site": site is not None,
        "a.published >= :since": since is not None,
        "substr(a.published, 1, length(:until)) <= :until": until is not None,
        "a.views >= :least": least is not None,
        "a.gone_since IS NOT NULL": withdrawn,
        "(SELECT count(*) FROM snapshot v WHERE v.article_id = a.id) > 1": edited,
        "instr(a.listing, :column)" if unread else COLUMN: column is not None,
    }
    if unread and (edited or withdrawn or least is not None):
        return Records.of(HeldArticle)
    where = " AND ".join(condition for condition, asked in conditions.items() if asked) or "true"
    source = ENTRIES if unread else f"SELECT {COLUMNS} FROM article a"
    order = "a.published IS NULL, a.published DESC, a.url" if unread else ORDER[sort]
    asked = {"site": site, "column": column, "since": since, "until": until, "least": least, "limit": limit}
    rows = archive.rows(f"{source} WHERE {where} ORDER BY {order} LIMIT coalesce(:limit, -1)", asked)
    return _all(HeldArticle, rows)


COLUMN = "a.id IN (SELECT article_id FROM address WHERE listing <> '' AND instr(listing, :column))"


def article(archive: Archive, article_id: int) -> HeldArticle:
    [row] = archive.rows(f"SELECT {COLUMNS} FROM article a WHERE a.id = ?", (article_id,))
    return _all(HeldArticle, [row])[0]


def versions(archive: Archive, article_id: int) -> Records[Version]:
    """Oldest first."""
    sql = """SELECT *, id AS snapshot_id, row_number() OVER (ORDER BY captured_at, id) AS number
        FROM snapshot WHERE article_id = ? ORDER BY number"""
    return _all(Version, archive.rows(sql, (article_id,)))


def series(archive: Archive, article_id: int) -> Records[Reading]:
    """Every reading, oldest first."""
    sql = f"""SELECT o.article_id, {ISO.format("o.observed_at")} AS observed_at, o.views, o.step, {METHOD} AS method
        FROM view_observation o WHERE o.article_id = ? ORDER BY o.observed_at"""
    return _all(Reading, archive.rows(sql, (article_id,)))


def events(archive: Archive, article_id: int | None = None, *, site: str | None = None) -> Records[Event]:
    sql = """SELECT e.* FROM counter_event e JOIN article a ON a.id = e.article_id
        WHERE (?1 IS NULL OR e.article_id = ?1) AND (?2 IS NULL OR a.site = ?2) ORDER BY e.at, e.article_id, e.event"""
    return _all(Event, archive.rows(sql, (article_id, site)))


def expected(archive: Archive, article_id: int | None = None, *, site: str | None = None) -> Records[Expectation]:
    whose = (
        "?1 IS NULL" if article_id is None else "article_id = ?1"
    )  # by its key alone: of a whole archive it takes seconds
    sql = f"SELECT * FROM views_expected WHERE {whose} AND (?2 IS NULL OR site = ?2) ORDER BY article_id, met_at"
    return _all(Expectation, archive.rows(sql, (article_id, site)))


def views_at(archive: Archive, moment: str, *, site: str | None = None) -> Records[Reading]:
    """The last count of every article that was read by then; ``moment`` is ISO 8601, UTC where it names no zone."""
    second = archive.rows("SELECT CAST(strftime('%s', ?) AS INTEGER)", (moment,))[0][0]
    if second is None:
        raise ArchiveError(f"{moment!r} is no moment: 2026-03-01T12:00:00Z, 2026-03-01T20:00:00+08:00 or 2026-03-01")
    sql = f"""SELECT o.article_id, {ISO.format("o.observed_at")} AS observed_at, o.views, o.step, {METHOD} AS method
        FROM article a JOIN view_observation o ON o.article_id = a.id AND o.observed_at = (
            SELECT max(observed_at) FROM view_observation WHERE article_id = a.id AND observed_at <= ?1)
        WHERE ?2 IS NULL OR a.site = ?2 ORDER BY a.id"""
    return _all(Reading, archive.rows(sql, (second, site)))


def _all(kind: type[Record], rows: Iterable[sqlite3.Row]) -> Records[Record]:
    names: Any = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return Records.of(kind, (kind(**{name: row[name] for name in names}) for row in rows))
