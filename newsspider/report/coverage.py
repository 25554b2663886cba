"""When the archive looked: a calendar of days, and the stretches of days on which it did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import NamedTuple

WEEKS = 53
FEWEST_WEEKS = 18  # a young archive's calendar is not a column alone
LEVELS = 5
NOT_BEGUN = -1


@dataclass(frozen=True, slots=True)
class Day:
    """What was looked at on a day; a look is a count read or a page asked for."""

    day: date
    readings: int = 0
    captures: int = 0
    failed: int = 0

    @property
    def looks(self) -> int:
        return self.readings + self.captures

    def __add__(self, other: Day) -> Day:
        """Of the same day."""
        return Day(self.day, self.readings + other.readings, self.captures + other.captures, self.failed + other.failed)


class Cell(NamedTuple):
    week: int  # column
    weekday: int  # row; Monday is 0
    level: int  # 0: no look … LEVELS; NOT_BEGUN: before the first look
    day: Day

    @property
    def begun(self) -> bool:
        return self.level != NOT_BEGUN


class Gap(NamedTuple):
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Calendar:
    cells: Sequence[Cell]
    months: Sequence[tuple[int, str]]  # week, label
    weeks: int
    gaps: Sequence[Gap]  # newest first
    days: int  # from the first look on
    seen: int  # those with a look


def span(last: date) -> list[date]:
    """The days that are told apart: whole weeks, Monday first, until ``last``."""
    first = last - timedelta(days=last.weekday() + 7 * (WEEKS - 1))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def midnight(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp())


def stretches(days: Sequence[date], zone: tzinfo) -> list[tuple[int, int, int, int]]:
    """Runs of days of 24 hours, as (number of the first day, days, start, end); one of 23 or 25 hours is a run of its own."""
    starts = [midnight(day, zone) for day in [*days, days[-1] + timedelta(days=1)]]
    runs: list[tuple[int, int, int, int]] = []
    for number, (start, end) in enumerate(pairwise(starts)):
        whole = end - start == 86400
        if runs and whole and runs[-1][3] - runs[-1][2] == runs[-1][1] * 86400:
            first, count, begun, _ = runs[-1]
            runs[-1] = (first, count + 1, begun, end)
        else:
            runs.append((number, 1, start, end))
    return runs


def calendar(found: Mapping[date, Day], days: Sequence[date], begun: date) -> Calendar:
    """The calendar of ``days``, from the day that the first look ever was; at least some weeks, so that it can be read."""
    looked = [day for day in days if day in found and found[day].looks]
    since = max(min([begun, *looked[:1]]), days[0])
    week = min(days.index(since) // 7, (len(days) - 1) // 7 - (FEWEST_WEEKS - 1))
    shown = days[7 * max(0, week) :]
    bounds = quantiles([found[day].looks for day in looked])
    cells = []
    for number, day in enumerate(shown):
        one = found.get(day, Day(day))
        cells.append(Cell(number // 7, number % 7, level(one, bounds, since), one))
    firsts = [cell for cell in cells if cell.weekday == 0 and cell.day.day.day <= 7]
    months = [
        (cell.week, f"{cell.day.day:%Y-%m}" if not number or cell.day.day.month == 1 else f"{cell.day.day:%m}")
        for number, cell in enumerate(firsts)
    ]
    counted = [day for day in shown if day >= since]
    return Calendar(cells, months, cells[-1].week + 1, gaps(counted, found), len(counted), len(looked))


def quantiles(looks: Sequence[int]) -> list[int]:
    """The least number of looks of each level: days are shared out evenly among the levels, alike days alike.

    >>> quantiles([3, 3, 3]), quantiles([1, 2, 3, 4, 5])
    ([1, 3, 3, 3, 3], [1, 2, 3, 4, 5])
    """
    ordered = sorted(looks)
    return [1, *(ordered[len(ordered) * level // LEVELS] for level in range(1, LEVELS))] if ordered else []


def level(day: Day, bounds: Sequence[int], begun: date) -> int:
    """How much was looked at; ``begun``: the day of the first look."""
    return NOT_BEGUN if day.day < begun else sum(day.looks >= bound for bound in bounds)


def gaps(days: Sequence[date], found: Mapping[date, Day]) -> list[Gap]:
    runs: list[Gap] = []
    for day in days:
        if day in found and found[day].looks:
            continue
        if runs and runs[-1].last == day - timedelta(days=1):
            runs[-1] = Gap(runs[-1].first, day)
        else:
            runs.append(Gap(day, day))
    return runs[::-1]
