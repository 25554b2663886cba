"""Instants declared in UTC, and the day that they are where the site is."""

from __future__ import annotations

from datetime import datetime, timedelta

_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)  # of all zones
_STEP = timedelta(minutes=15)  # between them


def is_utc(declared: str) -> bool:
    return declared.endswith("+00:00")


def is_local(date: str, declared: str) -> bool:
    """Whether ``date`` (a day, a clock's time, an instant with its offset) is the instant ``declared`` in UTC, in some zone.

    >>> [is_local(f"2024-05-{end}", "2024-05-29T17:12:00+00:00") for end in ("30", "30T01:12", "30T03:40", "30T01:12+08:00")]
    [True, True, False, True]
    """
    if not is_utc(declared):
        return False
    utc, local = datetime.fromisoformat(declared[:16]), datetime.fromisoformat(date[:16])
    if len(date) == 10:
        return (utc + _WEST).date() <= local.date() <= (utc + _EAST).date()
    offset = datetime.fromisoformat(date).utcoffset()
    if offset is not None:
        return local - utc == offset
    return _WEST <= local - utc <= _EAST and (local - utc) % _STEP == timedelta()
