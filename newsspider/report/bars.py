"""Bars and ranges, ready to be drawn: heights from 0, counts on a scale of powers of ten."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from newsspider.report import ticks

MOST = 60  # bars that can be told apart


class Bar(NamedTuple):
    x: float  # per cent of the width, as all places here
    width: float
    height: float
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Bars:
    """``y_ticks``: (per cent from above, value), the lowest 0; ``x_ticks``: (per cent, label)."""

    bars: Sequence[Bar]
    x_ticks: Sequence[tuple[float, str]]
    y_ticks: Sequence[tuple[float, int]]


def of(values: Sequence[tuple[str, int]], labels: int = 6) -> Bars:
    """A bar for each (label, value), in order; at most about so many labels below them, of a range its begin."""
    scale = ticks.counts(0, max((value for _, value in values), default=1), most=3)
    step, gap = 100 / max(1, len(values)), 0.15
    every = math.ceil(len(values) / labels)
    return Bars(
        [
            Bar(step * (n + gap / 2), step * (1 - gap), 100 * value / scale[-1], label, value)
            for n, (label, value) in enumerate(values)
        ],
        [(step * (n + 0.5), label.partition("–")[0]) for n, (label, _) in enumerate(values) if n % every == 0],
        [(100 - 100 * value / scale[-1], value) for value in scale],
    )


def by_time(months: Sequence[tuple[str, int]]) -> Bars | None:
    """Articles by month, also the months without one; by year where there are too many. None: no month."""
    if not months:
        return None
    found = dict(months)
    first, last = (_number(month) for month in (months[0][0], months[-1][0]))
    if last - first < MOST:
        names = [_month(number) for number in range(first, last + 1)]
        return of([(name, found.get(name, 0)) for name in names])
    years: dict[str, int] = {f"{year}": 0 for year in range(first // 12, last // 12 + 1)}
    for month, articles in months:
        years[month[:4]] += articles
    return of(list(years.items())[-MOST:])


def _number(month: str) -> int:
    day = date.fromisoformat(f"{month}-01")
    return day.year * 12 + day.month - 1


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


STEPS = (1, 2, 5)


def distribution(counts: Sequence[int]) -> Bars | None:
    """How many of some counts lie in each step of 0, 1, 2, 5, 10, 20, 50 … None: no count."""
    if not counts:
        return None
    bounds = [0, *(step * 10**power for power in range(10) for step in STEPS)]
    held = dict.fromkeys(range(len(bounds)), 0)
    for count in counts:
        held[sum(count >= bound for bound in bounds) - 1] += 1
    used = [place for place, number in held.items() if number]
    return of([(_range(bounds, place), held[place]) for place in range(used[0], used[-1] + 1)], labels=8)


def _range(bounds: Sequence[int], place: int) -> str:
    low = bounds[place]
    high = bounds[place + 1] - 1 if place + 1 < len(bounds) else None
    return f"{low:,}" if high == low else f"{low:,}–{high:,}" if high is not None else f"≥{low:,}"


class Quartiles(NamedTuple):
    low: float
    median: float
    high: float


def quartiles(values: Sequence[float]) -> Quartiles | None:
    """Of values in order; None: there are none.

    >>> quartiles([1, 2, 3, 4, 5])
    Quartiles(low=2, median=3, high=4)
    """
    if not values:
        return None
    return Quartiles(*(values[round((len(values) - 1) * share)] for share in (0.25, 0.5, 0.75)))


@dataclass(frozen=True, slots=True)
class Scale:
    """Powers of ten, the same for all ranges that are compared; what is below the least stands at 0."""

    least: float
    most: float

    @classmethod
    def around(cls, values: Sequence[float]) -> Scale:
        above = [value for value in values if value > 0] or [1]
        low, high = math.floor(math.log10(min(above))), math.ceil(math.log10(max(above)))
        return cls(10.0**low, 10.0 ** max(high, low + 1))

    def place(self, value: float) -> float:
        """Per cent."""
        if value <= self.least:
            return 0.0
        return min(100.0, 100 * math.log(value / self.least) / math.log(self.most / self.least))

    @property
    def ticks(self) -> list[tuple[float, float]]:
        powers = range(round(math.log10(self.least)), round(math.log10(self.most)) + 1)
        return [(self.place(10.0**power), 10.0**power) for power in powers]
