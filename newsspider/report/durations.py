"""Spans of time in words, in both languages."""

from __future__ import annotations

from typing import NamedTuple

DAY = 24  # hours
YEAR = 365.25 * DAY
MONTH = YEAR / 12
UNITS = (  # from so many hours on: hours of the unit, 中文, English
    (2 * YEAR, YEAR, "年", "years"),
    (60 * DAY, MONTH, "个月", "months"),
    (48, DAY, "天", "days"),
    (1, 1, "小时", "h"),
    (0, 1 / 60, "分钟", "min"),
)


class Words(NamedTuple):
    zh: str
    en: str


def of(hours: float) -> Words:
    """A span in the unit that people would name, with a decimal below ten.

    >>> of(52_532).en, of(30).en, of(0.5).zh, of(168).zh
    ('6.0 years', '30 h', '30 分钟', '7 天')
    """
    number, zh, en = _in(hours, hours)
    return Words(f"{number} {zh}", f"{number} {en}")


def between(low: float, high: float) -> Words:
    """From ``low`` to ``high`` hours in one unit; once where both say the same.

    >>> between(52_532, 52_556).en, between(0, 31).en, between(70, 200).zh
    ('6.0 years', '0–31 h', '2.9–8.3 天')
    """
    first, zh, en = _in(low, high)
    last, *_ = _in(high, high)
    span = last if first == last else f"{first}–{last}"
    return Words(f"{span} {zh}", f"{span} {en}")


def _in(hours: float, largest: float) -> tuple[str, str, str]:
    """The number of hours in the unit of the ``largest`` of a range."""
    _, size, zh, en = next(unit for unit in UNITS if largest >= unit[0])
    number = hours / size
    decimal = number < 9.95 and size > 1 and not number.is_integer()
    return f"{number:.1f}" if decimal else f"{number:,.0f}", zh, en
