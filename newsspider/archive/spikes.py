"""When a count began to run: above all that was to be expected of it. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newsspider.expectation import Reading

DAY = 86400
SURE = 19  # siblings at least: the fastest of fewer is no bound yet
FEW = 100  # views: a growth of fewer is nobody's news
KNOWN = 20 * 3600  # seconds of readings before: what comes in an article's first day is no measure yet
LEAST, TIMES, FASTER = 1000, 3, 10


class Bound(NamedTuple):
    """What was expected of a count: said at ``since`` of ``until``, in seconds since 1970; ``views``: the count when it was said."""

    since: int
    until: int
    views: float
    low: float
    expected: float
    high: float
    siblings: int


class Onset(NamedTuple):
    at: int  # seconds since 1970
    before: int  # the count a day before, or when what is expected was said
    views: int


def onsets(readings: Sequence[Reading], bounds: Sequence[Bound] = ()) -> Iterator[Onset]:
    """The readings by which a count had begun to run; of a run of such readings the first one counts.

    Where there is a bound of siblings enough: above it. Else, by its own past: since a day before, but not in its first 20 hours, it grew
    by 1,000, to over three times as many, and ten times as fast as on the whole until then. A count that only comes back to where it was
    does not run.

    >>> [*onsets([Reading(0, 50), Reading(86400, 90), Reading(2 * 86400, 3000), Reading(3 * 86400, 9000)])]
    [Onset(at=172800, before=90, views=3000)]
    """
    if not readings:
        return
    sure = [one for one in bounds if one.siblings >= SURE]
    running, past = False, _Past(readings[0])
    for reading in readings[1:]:
        bound = next((one for one in sure if one.since < reading.at <= one.until), None)
        before = past.runs(reading) if bound is None else _above(reading, bound)
        if before is not None and not running:
            yield Onset(reading.at, before, reading.views)
        running = before is not None
        past.add(reading)


def _above(reading: Reading, bound: Bound) -> int | None:
    return round(bound.views) if reading.views > bound.high and reading.views - bound.views >= FEW else None


class _Past:
    """The readings so far, each looked at once."""

    def __init__(self, first: Reading) -> None:
        self.first = first
        self.peak = first.views
        self.base: Reading | None = (
            None  # the last one that is a day older than the one looked at, if it is known so long
        )
        self.base_peak = first.views  # the highest until then
        self.since: deque[Reading] = deque()  # those after it

    def add(self, reading: Reading) -> None:
        self.peak = max(self.peak, reading.views)
        if self.base is not None:
            self.since.append(reading)
        elif reading.at - self.first.at >= KNOWN:
            self.base, self.base_peak = reading, self.peak

    def runs(self, reading: Reading) -> int | None:
        """The views before, where the next reading finds the count running."""
        if self.base is None:
            return None
        while self.since and self.since[0].at <= reading.at - DAY:
            self.base = self.since.popleft()
            self.base_peak = max(self.base_peak, self.base.views)
        grown = reading.views - self.base_peak
        if grown < LEAST or reading.views <= max(TIMES * self.base_peak, self.peak):
            return None
        usual = max(0, self.base.views - self.first.views) / (self.base.at - self.first.at)
        return self.base_peak if grown / (reading.at - self.base.at) >= FASTER * usual else None
