"""When a count that went its way began to run. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

DAY = 86400
KNOWN = 20 * 3600  # seconds of readings before: what comes in an article's first day is no measure yet
LEAST, TIMES, FASTER = 1000, 3, 10
Reading = tuple[int, int]  # second, views


def onsets(readings: Sequence[Reading]) -> Iterator[tuple[int, int, int]]:
    """(second, views a day before, views then) of each reading by which a count had begun to run.

    Within a day, or since the last reading before it, it grew by 1,000, to over three times as many, and ten times as fast as on the whole
    until then. Of a run of such readings the first one counts; a count that only comes back to where it was does not run.

    >>> list(onsets([(0, 50), (86400, 90), (2 * 86400, 3000), (3 * 86400, 9000)]))
    [(172800, 90, 3000)]
    """
    running = False
    for number in range(1, len(readings)):
        before = _running(readings[: number + 1])
        if before is not None and not running:
            yield readings[number][0], before, readings[number][1]
        running = before is not None


def _running(readings: Sequence[Reading]) -> int | None:
    """The views before, where the last of some readings finds the count running."""
    (first_at, first), (last_at, last), (at, views) = readings[0], readings[-2], readings[-1]
    if last_at - first_at < KNOWN:
        return None
    base_at = max((second for second, _ in readings[:-1] if second <= at - DAY), default=first_at)
    base = max(count for second, count in readings if second <= base_at)
    grown = views - base
    if grown < LEAST or views <= TIMES * base or views <= max(count for _, count in readings[:-1]):
        return None
    usual = max(0, last - first) / (last_at - first_at)
    return base if grown / (at - base_at) >= FASTER * usual else None
