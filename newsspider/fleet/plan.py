"""What is due when, which sites share a lock, which shard takes a new one. Pure: the clock is PostgreSQL's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta

KINDS = ("crawl", "poll", "verify", "backup", "lake")
EVERY = {
    "crawl": timedelta(days=1),
    "poll": timedelta(minutes=10),
    "verify": timedelta(days=7),
    "backup": timedelta(days=1),
    "lake": timedelta(days=1),
}
FENCE = timedelta(minutes=5)  # until a job is tried again whose archive another run held
FIRST_FAILURE = timedelta(hours=1)  # then twice as long each time, up to once in the job's own interval
NOTHING_TO_POLL = timedelta(days=1)  # an archive without a count, or none due for long
LOCKED = 75


def locks(hosts: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The lock of each site, one of its group's hosts: sites that share a host, also by way of a third, have the same.

    >>> locks({"a": ["x.cn"], "b": ["x.cn", "y.cn"], "c": ["y.cn"], "d": ["z.cn"]})
    {'a': 'x.cn', 'b': 'x.cn', 'c': 'x.cn', 'd': 'z.cn'}
    """
    chief: dict[str, str] = {}

    def top(host: str) -> str:
        while chief.setdefault(host, host) != host:
            host = chief[host]
        return host

    for of_site in hosts.values():
        tops = sorted({top(host) for host in of_site})
        for other in tops[1:]:
            chief[other] = tops[0]
    groups: dict[str, str] = {}
    return {
        site: groups.setdefault(top(next(iter(of_site))), top(next(iter(of_site)))) for site, of_site in hosts.items()
    }


def shard(lock: str, taken: Mapping[str, int], sites: Mapping[int, int]) -> int:
    """The shard of a new site: that of the sites it shares a lock with (``taken``), else the one with the fewest (``sites``).

    One lock on two shards would work, but a shard without a worker would hold up the other.
    """
    return taken[lock] if lock in taken else min(sites, key=lambda number: (sites[number], number), default=1)


def divided(locks: Mapping[str, str], shards: Mapping[str, int]) -> dict[str, list[int]]:
    """Locks whose sites lie on several shards."""
    found: dict[str, set[int]] = {}
    for site, lock in locks.items():
        found.setdefault(lock, set()).add(shards[site])
    return {lock: sorted(numbers) for lock, numbers in found.items() if len(numbers) > 1}


def wait(kind: str, every: timedelta, exit_code: int, failures: int, next_poll: timedelta | None) -> timedelta:
    """From the end of a job to the next of its kind. ``failures``: in a row, this one included; ``next_poll``: until a count is due.

    >>> wait("crawl", timedelta(days=1), 3, 2, None)
    datetime.timedelta(seconds=7200)
    >>> wait("poll", timedelta(minutes=10), 0, 0, timedelta(hours=3))
    datetime.timedelta(seconds=10800)
    """
    if exit_code == LOCKED:
        return FENCE
    if failed(exit_code):
        return min(FIRST_FAILURE * 2 ** min(failures - 1, 10), max(every, FIRST_FAILURE * 24))
    if kind == "poll":
        return max(every, next_poll if next_poll is not None else NOTHING_TO_POLL)
    return every


def failed(exit_code: int | None) -> bool:
    """Whether an exit code tells of trouble with the site or its archive. 4 does: its site went quiet. A lock, 75, is none."""
    return exit_code not in (0, LOCKED)


def lateness(seconds: Iterable[float]) -> Counter[str]:
    """How many jobs are late, by how much.

    >>> lateness([30, 4000, 90000])
    Counter({'under 10 minutes': 1, 'under a day': 1, 'a day and more': 1})
    """
    bounds = ((600, "under 10 minutes"), (3600, "under an hour"), (86400, "under a day"))
    return Counter(next((name for bound, name in bounds if late < bound), "a day and more") for late in seconds)
