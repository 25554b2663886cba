"""What a report says, gathered from the archive; nothing of how it looks."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from newsspider.archive import Archive, health, overview
from newsspider.report import article, coverage, edits
from newsspider.report.article import Article

DAY = 86400
LATEST = 200  # articles of a site, in which fields are counted
ERRORS = 12
CHANGES = 8  # of a field, where edits are listed
STRIP = 56  # days of a site's own strip
RECENT = 30  # days in which failures are counted
SILENT = 3  # days without a look after which a site counts as silent


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """``strip``: the last days' looks, oldest first, each with a level as in the calendar."""

    row: sqlite3.Row
    growth: int | None
    fields: Mapping[str, int]
    strip: Sequence[tuple[coverage.Day, int]]
    captures: int
    failed: int
    health: Sequence[sqlite3.Row]  # what the last crawl measured, with its thresholds
    state: str  # ok, silent, broken (off), failing, unread, changed (its health)

    @property
    def name(self) -> str:
        return self.row["site"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """``end`` is the archive's last look: windows end there, so that an old archive's report says the same at any time."""

    archive: str
    zone: tzinfo
    end: datetime
    days: int  # window of growth
    sites: Sequence[Site]
    growing: Sequence[tuple[sqlite3.Row, Article]]
    edited: Sequence[tuple[Article, edits.Edit]]
    edited_in_all: int
    withdrawn: Sequence[tuple[sqlite3.Row, Article]]
    calendar: coverage.Calendar
    failures: Sequence[sqlite3.Row]
    articles: Mapping[int, Article]
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


def gather(
    archive: Archive, *, most: int, days: int, chosen: Sequence[int], only: str | None = None
) -> Contents | None:
    """None: nothing was ever looked at. ``most``: the length of each list of articles; ``chosen`` get a page besides; ``only``: a site."""
    last = overview.last_moment(archive)
    if last is None:
        return None
    rows = overview.sites(archive, only)
    zone = _zone(rows)
    start = last - days * DAY
    growing = overview.growers(archive, start, last, most, only)
    snapshots, edited_in_all = overview.edited(archive, most, only)
    edited = {row["article_id"]: None for row in snapshots}
    withdrawn = overview.withdrawn(archive, most, only)
    shown = (*chosen, *(row["article_id"] for row in growing), *edited, *(row["id"] for row in withdrawn))
    articles = {article_id: article.gather(archive, article_id, last) for article_id in dict.fromkeys(shown)}
    end = datetime.fromtimestamp(last, zone)
    looks = _looks(archive, [row["site"] for row in rows], end)
    if only:
        looks = defaultdict(dict, {only: looks[only]})
    growth = overview.growth_of_sites(archive, start, last)
    begun = {name: datetime.fromtimestamp(at, zone).date() for name, at in overview.first_looks(archive).items()}
    return Contents(
        archive=f"{archive.path.name} · {only}" if only else archive.path.name,
        zone=zone,
        end=end,
        days=days,
        sites=[
            _site(
                row,
                growth.get(row["site"]),
                overview.fields(archive, row["site"], LATEST),
                looks[row["site"]],
                begun.get(row["site"], end.date()),
                end,
                health.latest(archive, row["site"]),
            )
            for row in rows
        ],
        growing=[(row, articles[row["article_id"]]) for row in growing],
        edited=_edited(snapshots, articles),
        edited_in_all=edited_in_all,
        withdrawn=[(row, articles[row["id"]]) for row in withdrawn],
        calendar=coverage.calendar(
            _together(looks),
            coverage.span(end.date()),
            min((begun.get(row["site"], end.date()) for row in rows), default=end.date()),
        ),
        failures=overview.failures(archive, last - RECENT * DAY, ERRORS, only),
        articles=articles,
        pages=articles.keys(),
    )


def _zone(rows: Sequence[sqlite3.Row]) -> tzinfo:
    """The zone of most sites: the report's days are its days."""
    return ZoneInfo(Counter(row["timezone"] for row in rows).most_common(1)[0][0]) if rows else ZoneInfo("UTC")


Looks = dict[date, coverage.Day]


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


def _site(
    row: sqlite3.Row,
    growth: int | None,
    fields: sqlite3.Row,
    looks: Looks,
    begun: date,
    end: datetime,
    measured: Sequence[sqlite3.Row],
) -> Site:
    days = [end.date() - timedelta(days=before) for before in range(STRIP - 1, -1, -1)]
    bounds = coverage.quantiles([looks[day].looks for day in days if day in looks])
    recent = [looks[day] for day in days[-RECENT:] if day in looks]
    captures, failed = sum(day.captures for day in recent), sum(day.failed for day in recent)
    return Site(
        row=row,
        growth=growth,
        fields=dict(fields),
        strip=[
            (day, coverage.level(day, bounds, begun)) for day in (looks.get(day, coverage.Day(day)) for day in days)
        ],
        captures=captures,
        failed=failed,
        health=measured,
        state=_state(row, captures, failed, end, any(one["message"] for one in measured)),
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


def _edited(snapshots: Sequence[sqlite3.Row], articles: Mapping[int, Article]) -> list[tuple[Article, edits.Edit]]:
    """The edits that brought some snapshots, with a part of their changes."""
    wanted = {row["id"] for row in snapshots}
    found = [
        (articles[article_id], edit.shortened(CHANGES))
        for article_id in dict.fromkeys(row["article_id"] for row in snapshots)
        for edit in articles[article_id].edits
        if edit.snapshot_id in wanted
    ]
    return sorted(found, key=lambda pair: pair[1].changed_by, reverse=True)
