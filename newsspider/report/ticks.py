"""Round places on an axis: of counts, and of time in a zone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from functools import partial
from itertools import dropwhile, islice, takewhile

HOURS = (1, 2, 3, 6, 12)
DAYS = (1, 2, 4, 7, 14)
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


def counts(low: int, high: int, most: int = 5) -> list[int]:
    """Round counts, the first at or below ``low`` and the last at or above ``high``; about ``most`` of them.

    >>> counts(0, 4526), counts(4526, 4619), counts(7, 7)
    ([0, 1000, 2000, 3000, 4000, 5000], [4520, 4540, 4560, 4580, 4600, 4620], [7, 8])
    """
    least = max(1, (high - low) / most)
    power = 10 ** (len(str(int(least))) - 1)
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= least)
    return list(range(low // step * step, max(-(-high // step) * step, low + 1) + 1, step))


def instants(start: float, end: float, zone: tzinfo, most: int = 6) -> list[tuple[float, str]]:
    """Round instants within, at most ``most`` of them, each with its label: ``14:00``, ``03-05``, ``2026-03`` or ``2026``.

    >>> from datetime import UTC
    >>> [label for _, label in instants(1772000000, 1772050000, UTC)]
    ['09:00', '12:00', '15:00', '18:00']
    """
    first = datetime.fromtimestamp(start, zone)
    for series, label in _scales():
        within = takewhile(
            lambda at: at.timestamp() <= end, dropwhile(lambda at: at.timestamp() < start, series(first))
        )
        found = list(islice(within, most + 1))
        if len(found) <= most:
            return [(at.timestamp(), label(at)) for at in found]
    return []


Series = Callable[[datetime], Iterator[datetime]]
Label = Callable[[datetime], str]


def _scales() -> Iterator[tuple[Series, Label]]:
    yield from ((partial(_hours, step=step), _clock) for step in HOURS)
    yield from ((partial(_days, step=step), "{:%m-%d}".format) for step in DAYS)
    yield from ((partial(_months, step=step), ("{:%Y-%m}" if step < 12 else "{:%Y}").format) for step in MONTHS)


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}" if at.hour else f"{at:%m-%d}"


def _hours(first: datetime, step: int) -> Iterator[datetime]:
    """By the clock of the zone, also on the day when it is changed."""
    for day in _days(first, 1):
        for hour in range(0, 24, step):
            yield day.replace(hour=hour)


def _days(first: datetime, step: int) -> Iterator[datetime]:
    number = -(-first.toordinal() // step) * step if step > 1 else first.toordinal()
    day = first.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=number - first.toordinal())
    while True:
        yield day
        day += timedelta(days=step)


def _months(first: datetime, step: int) -> Iterator[datetime]:
    number = (first.year * 12 + first.month - 1) // step * step
    while True:
        yield datetime(number // 12, number % 12 + 1, 1, tzinfo=first.tzinfo)
        number += step
