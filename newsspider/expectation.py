"""What a count is expected to come to: from its own first hours, and from how its siblings grew. Pure. docs/series.md measures it.

The siblings of an article are those that its site published last and whose later count was known by then. Of them, those whose
count had the same course so far say what comes: how many times as many it was later, in the middle and at the extremes.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

HOUR = 3600
AFTER = {24: 6, 168: 24, 720: 168}  # hours after publication: what is expected by then, and after how many it is said
AGES = sorted({age for later, early in AFTER.items() for age in (later, early, early // 2)})
LATEST = 200  # siblings that are looked at
NEAREST = 39  # of them: a fortieth lies between the least and the most of 39 in 38 of 40 cases
LEAST = 9  # of 10, 8: with fewer siblings nothing is said
APART = 2  # a count is known on a line between readings that are this many times the age apart, and no more


class Reading(NamedTuple):
    at: int  # seconds since 1970
    views: int


class Course(NamedTuple):
    """The count of an article when something is expected of it, and in half that time before; ``later``: what it came to."""

    half: float | None  # None: not known
    views: float
    later: float | None = None

    @property
    def trend(self) -> float | None:
        """How its growth went last, as a logarithm."""
        return None if self.half is None else math.log((self.views + 1) / (self.half + 1))

    @property
    def growth(self) -> float:
        """How many times as many it was later."""
        return ((self.later or 0) + 1) / (self.views + 1)


class Expected(NamedTuple):
    views: float
    low: float  # the slowest of the siblings, and the fastest
    high: float
    siblings: int


def count_at(readings: Sequence[Reading], published_at: int, hours: int, *, exact: bool) -> float | None:
    """The count at an age, on the line between the readings around it; ``readings`` in order, of a count that did not fall.

    ``exact``: the hour of publication is known, so that the count was 0 then. None where the readings are too far apart.
    """
    at = published_at + hours * HOUR
    place = bisect_left(readings, at, key=lambda one: one.at)
    if place == len(readings) or (place == 0 and not exact):
        return None
    after = readings[place]
    before = readings[place - 1] if place else Reading(published_at, 0)
    if after.at == at:
        return float(after.views)
    if after.at - before.at > APART * hours * HOUR:
        return None
    return round(before.views + (after.views - before.views) * (at - before.at) / (after.at - before.at), 1)


def unbroken(readings: Sequence[Reading]) -> Sequence[Reading]:
    """The readings up to the first fall: what comes after it is another count."""
    falls = (place for place, (one, other) in enumerate(pairwise(readings), 1) if other.views < one.views)
    return readings[: next(falls, len(readings))]


def expected(own: Course, siblings: Sequence[Course]) -> Expected | None:
    """What ``own`` comes to, as far as its ``siblings`` did, the latest first. None: they are too few."""
    latest = siblings[:LATEST]
    known = [one for one in latest if one.trend is not None] if own.trend is not None else []
    near = sorted(known, key=lambda one: abs((one.trend or 0) - (own.trend or 0))) if len(known) >= LEAST else latest
    growths = sorted(one.growth for one in near[:NEAREST])
    if len(growths) < LEAST:
        return None
    middle = (growths[len(growths) // 2] + growths[(len(growths) - 1) // 2]) / 2
    middle, low, high = (
        max(own.views, round((own.views + 1) * times - 1, 1)) for times in (middle, growths[0], growths[-1])
    )
    return Expected(middle, low, high, siblings=len(growths))
