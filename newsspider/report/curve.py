"""The curve of a view count, ready to be drawn: where it is known, where it is bounded, where it broke.

Between two readings a count lies somewhere between them, if it never falls: a box, not a line. The line through the readings is drawn
over the boxes; it stops where the count fell or its counter became another (a new epoch).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import groupby, pairwise
from typing import NamedTuple

from newsspider.archive.spikes import Bound
from newsspider.report import ticks

SIDE = 1000  # the plot's width and height in its own coordinates


class Reading(NamedTuple):
    at: int  # seconds since 1970
    views: int
    epoch: int
    step: int | None = None  # how exactly it was printed, as view_observation.step

    @property
    def least(self) -> int:
        return self.views - (self.step or 0) // 2

    @property
    def most(self) -> int | None:
        """None: it was printed as "at least so many"."""
        return None if self.step == 0 else self.views + (self.step or 1) - 1


class Mark(NamedTuple):
    """Something that happened: an event of the counter, an edit, the withdrawal. ``kind`` is the word the page knows it by."""

    kind: str
    at: int
    before: int | None = None
    after: int | None = None


class Placed(NamedTuple):
    place: float  # per cent of the plot's width
    mark: Mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """Places are per cent of the plot's width (x) and height (y, from above); paths are in units of `SIDE`."""

    x_ticks: Sequence[tuple[float, str]]
    y_ticks: Sequence[tuple[float, int]]
    lines: Sequence[str]  # one path an epoch
    boxes: str  # one path: the count lies within
    unseen: str  # the box from publication to the first reading
    expected: str  # one path: where it was expected to lie
    points: Sequence[tuple[float, float, str, int, str]]  # x, y, local time, views, "≈" or "≥" where it was printed so
    dots: bool  # whether the points are few enough to be drawn
    marks: Sequence[Placed] = field(default=())
    start: str = ""
    end: str = ""
    readings: int = 0


DOTS = 40  # more would hide the line
SIGNS = {None: "", 0: "≥"}  # by a reading's step; others are rounded


def draw(
    readings: Sequence[Reading],
    marks: Sequence[Mark],
    zone: tzinfo,
    *,
    published_at: int | None = None,
    bounds: Sequence[Bound] = (),
    most: int = 300,
) -> Curve:
    """``published_at`` is the earliest instant of publication: the curve begins there if the first reading came soon enough."""
    first, last = readings[0], readings[-1]
    span = max(last.at - first.at, 3600)
    unseen = published_at is not None and 0 < first.at - published_at <= span
    start, end = (published_at if unseen and published_at else first.at), max(last.at, first.at + 3600)
    counts = [reading.views for reading in readings]
    low = 0 if unseen or min(counts) * 2 < max(counts) else min(counts)
    scale = ticks.counts(low, max(one.views * 5 // 4 if one.most is None else one.most for one in readings))

    def x(at: float) -> float:
        return round((at - start) / (end - start) * SIDE, 1)

    def y(views: float) -> float:
        return round((1 - (views - scale[0]) / (scale[-1] - scale[0])) * SIDE, 1)

    drawn = thinned(readings, most)
    return Curve(
        x_ticks=[(x(at) / 10, label) for at, label in ticks.instants(start, end, zone)],
        y_ticks=[(y(views) / 10, views) for views in scale],
        lines=[
            "M" + "L".join(f"{x(one.at):g} {y(one.views):g}" for one in epoch) + "h0"  # a single one is a dot
            for _, epoch in groupby(drawn, key=lambda one: one.epoch)
        ],
        boxes="".join(
            f"M{x(one.at):g} {y(max(one.least, scale[0])):g}H{x(other.at):g}V{y(most):g}H{x(one.at):g}Z"
            for one, other in pairwise(drawn)
            if one.epoch == other.epoch and one.least != (most := scale[-1] if other.most is None else other.most)
        ),
        unseen=f"M0 {y(0):g}H{x(first.at):g}V{y(first.views):g}H0Z" if unseen else "",
        expected="".join(
            _wedge(bound, end, scale[0], scale[-1], x, y) for bound in bounds if start <= bound.since < end
        ),
        points=[
            (x(one.at) / 10, y(one.views) / 10, clock(one.at, zone), one.views, SIGNS.get(one.step, "≈"))
            for one in drawn
        ],
        dots=len(drawn) <= DOTS,
        marks=[Placed(x(mark.at) / 10, mark) for mark in marks if start <= mark.at <= end],
        start=clock(start, zone),
        end=clock(end, zone),
        readings=len(readings),
    )


def _wedge(
    bound: Bound, end: int, bottom: int, top: int, x: Callable[[float], float], y: Callable[[float], float]
) -> str:
    """Where a count was expected to lie, as far as the plot reaches."""
    if bound.views >= top:
        return ""
    span, until = bound.until - bound.since, min(bound.until, end)
    part = (until - bound.since) / span
    low, high = (bound.views + (views - bound.views) * part for views in (bound.low, bound.high))
    edge = f"L{x(until):g} {y(high):g}"
    if high > top:
        crossed = bound.since + span * (top - bound.views) / (bound.high - bound.views)
        edge = f"L{x(crossed):g} {y(top):g}H{x(until):g}"
    return f"M{x(bound.since):g} {y(max(bottom, bound.views)):g}{edge}V{y(min(top, max(bottom, low))):g}Z"


def thinned(readings: Sequence[Reading], most: int) -> list[Reading]:
    """At most about ``most`` of them: the first and last of each stretch of time and of each epoch, so that the boxes stay true."""
    if len(readings) <= most:
        return list(readings)
    start, width = readings[0].at, (readings[-1].at - readings[0].at + 1) / (most // 2)
    kept: dict[Reading, None] = {}
    for _, stretch in groupby(readings, key=lambda one: (one.epoch, int((one.at - start) / width))):
        held = list(stretch)
        kept |= {held[0]: None, held[-1]: None}
    return list(kept)


class Run(NamedTuple):
    """Readings one after the other that found the same count."""

    first: Reading
    last: Reading
    times: int


def runs(readings: Sequence[Reading]) -> list[Run]:
    """The readings, repeated ones said once."""
    grouped = (list(group) for _, group in groupby(readings, key=lambda one: (one.views, one.epoch, one.step)))
    return [Run(group[0], group[-1], len(group)) for group in grouped]


def sparkline(readings: Sequence[Reading], most: int = 60) -> str:
    """A small path in a box of 100 by 20."""
    drawn = thinned(readings, most)
    start, span = drawn[0].at, max(1, drawn[-1].at - drawn[0].at)
    low = min(one.views for one in drawn)
    height = max(1, max(one.views for one in drawn) - low)
    places = (f"{(one.at - start) / span * 100:.1f} {19 - (one.views - low) / height * 18:.1f}" for one in drawn)
    return "M" + "L".join(places)


def clock(at: float, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M}"
