"""When to look again. Pure: the clock comes in as ``now``, all instants carry a zone."""

from __future__ import annotations

import math
import zlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

# (younger than, look again after). Edits crowd the first hours (NewsDiffs looks every 15 minutes for three hours, then by
# the hour, 3 hours, 3 days, 30 days); a page costs a request of its own here, so the first steps are longer. After a year
# NewsDiffs stops; one look a year goes on, because articles are withdrawn late.
REVISITS = (
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=6)),
    (timedelta(days=30), timedelta(days=3)),
    (timedelta(days=360), timedelta(days=30)),
)
REVISIT_OLD = timedelta(days=360)
AHEAD = timedelta(minutes=15)  # clocks of machines that write to one archive differ by less
EARLY = 0.9  # a cron job never starts on the second: at 0.9 of the delay a page is due, or a nightly run skips every other night


def since(published: str | None, first_seen: datetime, timezone: str) -> datetime:
    """The instant an article's age counts from: ``published`` (ISO 8601, a day is its midnight in ``timezone``), else ``first_seen``.

    A date after the first sight (announced, or misprinted) does not make an article younger.
    """
    try:
        printed = datetime.fromisoformat(published) if published else first_seen
    except ValueError:  # a year or a month alone
        return first_seen
    return min(first_seen, printed if printed.tzinfo else printed.replace(tzinfo=ZoneInfo(timezone)))


def due(*, since: datetime, looked_at: datetime | None, now: datetime) -> bool:
    """Whether a page is to be looked at again; ``since`` is its publication, or the first sight where no date is known."""
    if looked_at is None:
        return True
    age = now - since
    delay = next((delay for younger, delay in REVISITS if age < younger), REVISIT_OLD)
    return now - looked_at >= EARLY * delay


# The count planner. Between two readings the curve is drawn as a straight line. Of a count that grows by the share r of itself an
# hour and is read every h hours, the line is wrong by r·h/4 on average, and the readings cost 1/h. Error and cost together are
# least at h = sqrt(SPENDING/r), and r = speed/views. docs/polling.md measures it.
BATCH = 50  # counts that one counter request carries
SPENDING = 0.01  # hours; four times as much halves the requests and doubles the error
OLD = 30 * 24.0  # hours; the error of an article's first month weighs most, that at 60 days a quarter of it …
SOONEST = 10 / 60  # hours
LATEST = 30 * 24.0  # hours
SECOND = 24.0  # hours after the first reading at most: one reading says little of the speed
JITTER = 0.1  # share of the interval, so that articles read in one request do not stay in step for ever
RIDES = 0.1  # share of its interval after which a count goes along in a request that is sent anyway
BURST = 3.0  # growth so many times the expected is believed at once
UNREAD = 100.0  # urgency of a count that was never read
DAILY = 500  # counter requests a host and day
AT_ONCE = DAILY // 10  # counter requests a host and run: after a downtime the arrears are read over several runs


def speed(before: float | None, *, views: int, growth: int, hours: float, age: float) -> float:
    """Views an hour to expect after ``growth`` (a fall is none) in the ``hours`` since the last reading; ``age`` in hours.

    ``before`` is the speed expected until now; None (the first reading): the mean since publication. A burst is believed at
    once. Otherwise the reading is weighed against one view at the old speed, so that one view in ten minutes is no burst.
    """
    if before is None:
        return (views + 1) / max(age, SOONEST)
    growth = max(0, growth)
    if hours > 0 and growth > BURST * (before * hours + 1):
        return growth / hours
    return (growth + 1) / (hours + 1 / before)


def interval(*, views: int, speed: float, age: float, together: int = BATCH) -> float:
    """Hours until the next reading. ``together``: how many counts one request brings; a page brings one and is asked for less."""
    best = math.sqrt(SPENDING * BATCH / together * (views + 1) / speed)
    return max(SOONEST, min(best * (1 + age / OLD), age, LATEST))


def missed(misses: int) -> float:
    """Hours until a counter is asked again that gave no count ``misses`` times in a row."""
    return min(2.0 ** min(misses, 9) / 2, 7 * 24.0)


def next_reading(article_id: int, asked_at: int, hours: float) -> int:
    """The second (since 1970) from which the count is due: ``hours`` after ``asked_at`` less a jitter that these two decide."""
    dice = zlib.crc32(b"%d %d" % (article_id, asked_at)) / 2**32
    return asked_at + round(hours * (1 - JITTER * dice) * 3600)


class Waiting(NamedTuple):
    """A count to be read: ``together`` of one ``group`` in one request. Instants in seconds since 1970; None: never asked."""

    article_id: int
    host: str
    group: Hashable
    together: int = BATCH
    asked_at: int | None = None
    due_at: int | None = None

    def urgency(self, now: int) -> float:
        """Share of its interval that has passed: 1.0 is due."""
        if self.asked_at is None or self.due_at is None or self.asked_at > now:
            return UNREAD
        return (now - self.asked_at) / max(1, self.due_at - self.asked_at)


class Batch(NamedTuple):
    """One request to be: its counts, the most urgent first. ``urgency`` is the sum of theirs."""

    counts: tuple[Waiting, ...]
    urgency: float

    @property
    def host(self) -> str:
        return self.counts[0].host


def batches(waiting: Iterable[Waiting], now: int, *, every: bool = False) -> list[Batch]:
    """What to ask for now, the most urgent first. ``every``: all of it, due or not.

    A group with nothing due is left alone; in a request that is sent anyway the nearly due ride along.
    """
    groups: dict[Hashable, list[Waiting]] = defaultdict(list)
    for count in waiting:
        groups[count.host, count.group].append(count)
    found = []
    for counts in groups.values():
        ranks = [(count.urgency(now), count.article_id) for count in counts]
        order = sorted(range(len(counts)), key=ranks.__getitem__, reverse=True)
        size = counts[0].together
        due = len(counts) if every else sum(urgency >= 1 for urgency, _ in ranks)
        for start in range(0, due, size):
            seats = [place for place in order[start : start + size] if every or ranks[place][0] >= RIDES]
            found.append(Batch(tuple(counts[place] for place in seats), sum(ranks[place][0] for place in seats)))
    return sorted(found, key=lambda batch: (-batch.urgency, -batch.counts[0].article_id))


def within(found: Iterable[Batch], spent: Mapping[str, int]) -> list[Batch]:
    """Those of ``found`` that the ceilings allow; ``spent``: the counter requests of this day by host."""
    left: dict[str, int] = {}
    kept = []
    for batch in found:
        allowed = left.setdefault(batch.host, min(AT_ONCE, DAILY - spent.get(batch.host, 0)))
        if allowed > 0:
            left[batch.host] = allowed - 1
            kept.append(batch)
    return kept
