"""What a report says, gathered from the archive; nothing of how it looks."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from newsspider import disclosure
from newsspider.archive import Archive, health, overview, stories
from newsspider.report import article, bars, coverage, edits, portrait, reprints
from newsspider.report.article import Article
from newsspider.report.portrait import Portrait

DAY = 86400
LATEST = 200  # articles of a site, in which fields are counted
ERRORS = 12
CHANGES = 8  # of a field, where edits are listed
STRIP = 56  # days of a site's own strip
RECENT = 30  # days in which failures are counted
SILENT = 3  # days without a look after which a site counts as silent
LOOKED = 400  # of the latest edits, in which silent ones are looked for
LISTED = 50_000  # articles in the list of all


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """``most``: the length of each list of articles; ``days``: the window of growth; ``pages``: of the latest articles, so many get
    a page; ``chosen``: these do, too; ``only``: of this site alone."""

    most: int = 20
    days: int = 7
    pages: int = 300
    chosen: Sequence[int] = ()
    only: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """``strip``: the last days' looks, oldest first, each with a level as in the calendar."""

    row: sqlite3.Row
    file: str  # its page
    growth: int | None
    fields: Mapping[str, int]
    strip: Sequence[tuple[coverage.Day, int]]
    captures: int
    failed: int
    health: Sequence[sqlite3.Row]  # what the last crawl measured, with its thresholds
    state: str  # ok, silent, broken (off), failing, unread, changed (its health)
    portrait: Portrait

    @property
    def name(self) -> str:
        return self.row["site"]

    @property
    def title(self) -> str:
        return self.row["title"] or self.row["site"]


class Edited(NamedTuple):
    article: Article
    edit: edits.Edit
    disclosure: disclosure.Edit | None  # None: neither title nor text changed, or it was not looked at

    @property
    def silent(self) -> bool:
        return self.disclosure is not None and not self.disclosure.told and not self.disclosure.did.typo


class Comparison(NamedTuple):
    """The scales on which sites are compared, one for all of them."""

    a_week: float  # the most articles
    views: bars.Scale
    hours: bars.Scale  # of half-lives


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """``end`` is the archive's last look: windows end there, so that an old archive's report says the same at any time."""

    archive: str
    zone: tzinfo
    end: datetime
    days: int  # window of growth
    sites: Sequence[Site]
    comparison: Comparison
    growing: Sequence[tuple[sqlite3.Row, Article]]
    edited: Sequence[Edited]
    edited_in_all: int
    graph: reprints.Graph | None
    reprints: Sequence[sqlite3.Row]
    reposts: Sequence[sqlite3.Row]
    withdrawn: Sequence[tuple[sqlite3.Row, Article]]
    calendar: coverage.Calendar
    failures: Sequence[sqlite3.Row]
    articles: Mapping[int, Article]  # those that the lists name
    listed: Mapping[str, Sequence[overview.Listed]]  # all articles, in each order
    pages: Collection[int]  # articles that have a page of their own

    @property
    def start(self) -> datetime:
        """Of the window of growth."""
        return self.end - timedelta(days=self.days)

    @property
    def growth(self) -> int:
        return sum(site.growth or 0 for site in self.sites)

    def total(self, column: str) -> int:
        return sum(int(site.row[column] or 0) for site in self.sites)


def gather(archive: Archive, wish: Wish) -> Contents | None:
    """None: nothing was ever looked at."""
    last = overview.last_moment(archive)
    if last is None:
        return None
    rows = overview.sites(archive, wish.only)
    zone = _zone(rows)
    end = datetime.fromtimestamp(last, zone)
    start = last - wish.days * DAY
    growing = overview.growers(archive, start, last, wish.most, wish.only)
    snapshots, edited_in_all = overview.edited(archive, wish.most, wish.only)
    told = {one.row["id"]: one for one in islice(disclosure.of(archive, site=wish.only), LOOKED)}
    silent = [one.row for one in told.values() if not one.told and not one.did.typo][: wish.most]
    edited = {row["id"]: row["article_id"] for row in (*snapshots, *silent)}
    withdrawn = overview.withdrawn(archive, wish.most, wish.only)
    named = (
        *wish.chosen,
        *(row["article_id"] for row in growing),
        *edited.values(),
        *(row["id"] for row in withdrawn),
    )
    articles = {article_id: article.gather(archive, article_id, last) for article_id in dict.fromkeys(named)}
    listed = {order: overview.listed(archive, order, LISTED, wish.only) for order in overview.ORDER}
    begun, looks = _begun(archive, zone), _looks(archive, [row["site"] for row in rows], end)
    sites = list(_sites(archive, rows, overview.growth_of_sites(archive, start, last), looks, begun, end))
    printed = stories.reprints(archive) if wish.only is None else []
    return Contents(
        archive=f"{archive.path.name} · {wish.only}" if wish.only else archive.path.name,
        zone=zone,
        end=end,
        days=wish.days,
        sites=sites,
        comparison=_comparison(sites),
        growing=[(row, articles[row["article_id"]]) for row in growing],
        edited=_edited(edited, articles, told),
        edited_in_all=edited_in_all,
        graph=reprints.draw(printed, {site.name: site.title for site in sites}),
        reprints=printed,
        reposts=stories.reposts(archive, wish.most) if printed else [],
        withdrawn=[(row, articles[row["id"]]) for row in withdrawn],
        calendar=coverage.calendar(
            _together({wish.only: looks[wish.only]} if wish.only else looks),
            coverage.span(end.date()),
            min((begun.get(row["site"], end.date()) for row in rows), default=end.date()),
        ),
        failures=overview.failures(archive, last - RECENT * DAY, ERRORS, wish.only),
        articles=articles,
        listed=listed,
        pages={*articles, *(one.id for one in listed["date"][: wish.pages])},
    )


def _zone(rows: Sequence[sqlite3.Row]) -> tzinfo:
    """The zone of most sites: the report's days are its days."""
    return ZoneInfo(Counter(row["timezone"] for row in rows).most_common(1)[0][0]) if rows else ZoneInfo("UTC")


Looks = dict[date, coverage.Day]


def _begun(archive: Archive, zone: tzinfo) -> dict[str, date]:
    return {name: datetime.fromtimestamp(at, zone).date() for name, at in overview.first_looks(archive).items()}


def _looks(archive: Archive, sites: Sequence[str], end: datetime) -> defaultdict[str | None, Looks]:
    """By site (None: a run for several sites that found no article) and day."""
    days = coverage.span(end.date())
    zone = end.tzinfo
    assert zone is not None
    looks: defaultdict[str | None, Looks] = defaultdict(dict)
    for first, number, begins, ends in coverage.stretches(days, zone):
        for site in sites:
            for row in overview.readings_by_day(archive, site, begins, ends, number):
                day = days[first + row["day"]]
                looks[site][day] = coverage.Day(day, readings=row["readings"])
        for row in overview.captures_by_day(archive, begins, ends, number):
            day = days[first + row["day"]]
            one = looks[row["site"]].get(day, coverage.Day(day))
            looks[row["site"]][day] = replace(one, captures=row["captures"], failed=row["failed"])
    return looks


def _together(looks: Mapping[Any, Looks]) -> Looks:
    total: Looks = {}
    for days in looks.values():
        for day, one in days.items():
            total[day] = total.get(day, coverage.Day(day)) + one
    return total


def _sites(
    archive: Archive,
    rows: Sequence[sqlite3.Row],
    growth: Mapping[str, int],
    looks: Mapping[str | None, Looks],
    begun: Mapping[str, date],
    end: datetime,
) -> Iterator[Site]:
    taken: set[str] = set()
    for row in rows:
        name = row["site"]
        file = _file(name, taken)
        taken.add(file.lower())
        found = looks.get(name, {})
        measured = health.latest(archive, name)
        days = [end.date() - timedelta(days=before) for before in range(STRIP - 1, -1, -1)]
        bounds = coverage.quantiles([found[day].looks for day in days if day in found])
        recent = [found[day] for day in days[-RECENT:] if day in found]
        captures, failed = sum(day.captures for day in recent), sum(day.failed for day in recent)
        yield Site(
            row=row,
            file=file,
            growth=growth.get(name),
            fields=dict(overview.fields(archive, name, LATEST)),
            strip=[
                (day, coverage.level(day, bounds, begun.get(name, end.date())))
                for day in (found.get(day, coverage.Day(day)) for day in days)
            ],
            captures=captures,
            failed=failed,
            health=measured,
            state=_state(row, captures, failed, end, any(one["message"] for one in measured)),
            portrait=portrait.gather(archive, name, int(end.timestamp()), end.date()),
        )


def _file(site: str, taken: Collection[str]) -> str:
    """A name for a site's page that every file system takes, and that no other has."""
    plain = re.sub(r"[^\w.-]+", "-", site)[:100]
    return next(
        name for number in range(1, len(taken) + 2)
        if (name := f"site-{plain}{f'-{number}' if number > 1 else ''}.html").lower() not in taken
    )  # fmt: skip


def _comparison(sites: Sequence[Site]) -> Comparison:
    views = [site.portrait.quartiles for site in sites if site.portrait.quartiles]
    hours = [site.portrait.half_lives.hours for site in sites if site.portrait.half_lives]
    return Comparison(
        max((site.portrait.recent or 0 for site in sites), default=0) or 1,
        bars.Scale.around([value for one in views for value in one]),
        bars.Scale.around([value for one in hours for value in one]),
    )


def _state(row: sqlite3.Row, captures: int, failed: int, end: datetime, changed: bool) -> str:
    last = max(row["observed"] or 0, row["checked"] or 0)
    if not last:
        return "unread"
    if end.timestamp() - last > SILENT * DAY:
        return "silent"
    if failed * 5 > captures:
        return "failing"
    if row["crawled_at"] and row["reason"] != "finished":
        return "broken"
    return "changed" if changed else "ok"


def _edited(
    snapshots: Mapping[int, int], articles: Mapping[int, Article], told: Mapping[int, disclosure.Edit]
) -> list[Edited]:
    """The edits that brought some snapshots (by their article), with a part of their changes, the latest first."""
    found = [
        Edited(articles[article_id], edit.shortened(CHANGES), told.get(edit.snapshot_id))
        for article_id in dict.fromkeys(snapshots.values())
        for edit in articles[article_id].edits
        if edit.snapshot_id in snapshots
    ]
    return sorted(found, key=lambda one: one.edit.changed_by, reverse=True)
