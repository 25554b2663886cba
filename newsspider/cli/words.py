"""Days, spans of time and numbers of things, as people write them."""

from __future__ import annotations

import re
from datetime import date, timedelta

import click

from newsspider.spans import seconds

_DAY = re.compile(r"(\d{4})(?:([-/.年])(\d{1,2})(?:(?:[-/.月])(\d{1,2}))?[日月]?)?|(\d{4})(\d\d)(\d\d)")
_AGO = re.compile(r"(\d+) (day|week|month|year)s? ago")
AGO = {"day": 1, "week": 7, "month": 30, "year": 365}
TAKES = "2026-01-31, 2026/1/31, 2026-01, 2026, today, yesterday, 30 days ago"


def day(text: str, today: date) -> date:
    """The first day that a text means. Raises ValueError with what is taken.

    >>> day("2021/5/20", date(2026, 3, 1)).isoformat(), day("yesterday", date(2026, 3, 1)).isoformat()
    ('2021-05-20', '2026-02-28')
    """
    said = text.strip().lower()
    if said in ("today", "yesterday"):
        return today - timedelta(days=said == "yesterday")
    if ago := _AGO.fullmatch(said):
        return today - timedelta(days=int(ago[1]) * AGO[ago[2]])
    if not (found := _DAY.fullmatch(said)):
        raise ValueError(f"{text!r} is no date; it takes {TAKES}")
    year, month, number = (found[5], found[6], found[7]) if found[5] else (found[1], found[3], found[4])
    try:
        return date(int(year), int(month or 1), int(number or 1))
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar; it takes {TAKES}") from None


class Day(click.ParamType):
    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return day(value, date.today())
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Span(click.ParamType):
    name = "span"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return seconds(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def span(number: float) -> str:
    """``45 s``, ``12 min``, ``3 h 20 min``, ``2 days``."""
    whole = round(number)
    if whole < 120:
        return f"{whole} s"
    if whole < 7200:
        return f"{whole // 60} min"
    if whole < 2 * 86400:
        rest = whole % 3600 // 60
        return f"{whole // 3600} h" + (f" {rest} min" if rest else "")
    return f"{whole // 86400} days"


def amount(count: int, what: str) -> str:
    """``1 entry``, ``2 entries``, ``1,200 pages``."""
    if count == 1:
        return f"1 {what}"
    plural = f"{what[:-1]}ies" if what.endswith("y") and what[-2:-1] not in "aeiou" else f"{what}s"
    return f"{count:,} {plural}"
