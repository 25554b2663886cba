"""What the page of a site says, gathered from the archive."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from newsspider.archive import Archive, overview, portrait
from newsspider.report import bars, durations

DAY = 86400
READ_OFTEN = 5  # readings, below which nothing is said of an article's half-life
LISTED = 20  # articles in each list of a site's page
RECENT = 30  # days in which it is looked at how often counts were read
AGES = (  # until so many days of age: 中文, English
    (1, "首日", "first day"),
    (7, "首周", "first week"),
    (30, "首月", "first month"),
    (None, "更早", "older"),
)
BANDS = f"CASE {' '.join(f'WHEN age < {days * DAY} THEN {n}' for n, (days, *_) in enumerate(AGES) if days)} ELSE {len(AGES) - 1} END"


class Hour(NamedTuple):
    weekday: int  # Monday is 0
    hour: int
    level: int  # 0: none … 5
    articles: int


class Pace(NamedTuple):
    """How often the counts of articles of an age were read."""

    zh: str
    en: str
    readings: int
    interval: durations.Words  # median


class HalfLives(NamedTuple):
    articles: int
    middle: durations.Words  # the median, between its bounds
    hours: bars.Quartiles  # of the middles of the bounds
    truncated: int  # articles that had more than half when first read


@dataclass(frozen=True, kw_only=True, slots=True)
class Portrait:
    months: bars.Bars | None
    recent: float | None  # articles a week in the last year; None: not known
    weekdays: Sequence[int]
    hours: Sequence[Hour]  # empty: the site prints days alone
    columns: Sequence[sqlite3.Row]
    counts: Sequence[int]
    views: bars.Bars | None
    quartiles: bars.Quartiles | None  # of views
    half_lives: HalfLives | None
    pace: Sequence[Pace]
    counting: sqlite3.Row
    latest: Sequence[overview.Listed]
    most_read: Sequence[overview.Listed]


def gather(archive: Archive, site: str, last: int, today: date) -> Portrait:
    """``last``: the archive's last look, in seconds since 1970; ``today``: its day."""
    months = portrait.months(archive, site)
    published = portrait.rhythm(archive, site)
    counts = portrait.views(archive, site)
    return Portrait(
        months=bars.by_time(months),
        recent=_a_week(months, today),
        weekdays=[sum(articles for weekday, _, articles in published if weekday == day) for day in range(7)],
        hours=_hours(published),
        columns=portrait.columns(archive, site),
        counts=counts,
        views=bars.distribution(counts),
        quartiles=bars.quartiles(counts),
        half_lives=_half_lives(portrait.half_lives(archive, site, READ_OFTEN)),
        pace=_pace(portrait.intervals(archive, site, last - RECENT * DAY, BANDS)),
        counting=portrait.counting(archive, site, last),
        latest=overview.listed(archive, "date", LISTED, site),
        most_read=overview.listed(archive, "views", LISTED, site),
    )


def _a_week(months: Sequence[tuple[str, int]], today: date) -> float | None:
    """Over the twelve months before this one, or those of them since the first."""
    this = f"{today:%Y-%m}"
    year_ago = f"{today.year - 1}-{today.month:02}"
    whole = [(month, articles) for month, articles in months if year_ago <= month < this]
    if not whole:
        return None
    first = date.fromisoformat(f"{max(whole[0][0], year_ago)}-01")
    return 7 * sum(articles for _, articles in whole) / (today.replace(day=1) - first).days


def _hours(published: Sequence[tuple[int, int | None, int]]) -> list[Hour]:
    timed = {(weekday, hour): articles for weekday, hour, articles in published if hour is not None and hour < 24}
    most = max(timed.values(), default=0)
    return [
        Hour(weekday, hour, -(-5 * timed.get((weekday, hour), 0) // most), timed.get((weekday, hour), 0))
        for weekday in range(7)
        for hour in range(24)
        if most
    ]


def _half_lives(found: Sequence[portrait.HalfLife]) -> HalfLives | None:
    seen = sorted((one for one in found if not one.truncated), key=lambda one: one.low + one.high)
    if not seen:
        return None
    median = seen[len(seen) // 2]
    hours = bars.quartiles([(one.low + one.high) / 2 for one in seen])
    assert hours is not None
    return HalfLives(len(seen), durations.between(median.low, median.high), hours, len(found) - len(seen))


def _pace(rows: Sequence[tuple[int, int, int]]) -> list[Pace]:
    by_band: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for band, tens, readings in rows:
        by_band[band].append((tens, readings))
    return [
        Pace(*AGES[band][1:], sum(number for _, number in found), durations.of(_median(found) / 6))
        for band, found in sorted(by_band.items())
    ]


def _median(weighted: Sequence[tuple[int, int]]) -> int:
    """Of (value, how often), in the order of the values."""
    half = sum(number for _, number in weighted) / 2
    for value, number in weighted:
        half -= number
        if half <= 0:
            return max(1, value)
    return 1
