"""Dates as pages print them, to ISO 8601 at the precision printed. Strict: what is not surely a date is None."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from dateutil import parser as dateutil

from newsspider.extract import months
from newsspider.extract.text import narrow

_YEAR = r"(?<![\d.])((?:19[5-9]|20\d)\d)"
# A month written 12月, 12월 begins at its first digit.
# Any word: that it is no month shows when it is looked up, in less time than an expression of all names takes.
_MONTH = r"(?:(?<!\d)|(?!\d))([^\W\d_]{2,14}|\d{1,2}[月월])(?![^\W\d_])\.?"
_DIGITS = {char: str(n) for n, char in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "Ｏ": "0",
    "O": "0",
    "０": "0",
}
_ERAS = {"令和": 2018, "平成": 1988}
_WEEKDAY = (
    r"(?:[\s,|,·T]|\(?(?:星期|周|週|礼拜)[一二三四五六日天]\)?|\([월화수목금토일一二三四五六日月火水木金土]\)"
    r"|[월화수목금토일]요일|\(?(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\)?|\bat\b|\bHKT\b|\bum\b|-(?=\s)|@)*"
)
_TIME = re.compile(
    _WEEKDAY + r"(?P<half>上午|下午|晚上|오전|오후|[ap]\.?m\.?)?\s*"
    r"(?P<hour>[01]?\d|2[0-4])\s*(?:[:]\s*(?P<minute>[0-5]?\d)(?:[:](?P<second>[0-5]?\d)(?:\.\d+)?)?"
    r"|[时時点點시]\s*(?:(?P<min2>[0-5]?\d)\s*[分분]\s*(?:(?P<sec2>[0-5]?\d)\s*[秒초])?)?)(?![\d:])\s*(?P<half2>[ap]\.?m\b)?",
    re.I,
)


class Date(NamedTuple):
    """A date found in a text: where , and what it says in ISO 8601."""

    start: int
    end: int
    iso: str


def _numeric(m: re.Match[str]) -> tuple[int, int, int]:
    return int(m[1]), int(m[2]), int(m[3])


def _minguo(m: re.Match[str]) -> tuple[int, int, int]:
    return int(m[1]) + 1911, int(m[2]), int(m[3])


def _era(m: re.Match[str]) -> tuple[int, int, int]:
    year = 1 if m[2] == "元" else int(m[2])
    return _ERAS[m[1]] + year, int(m[3]), int(m[4])


def _chinese(m: re.Match[str]) -> tuple[int, int, int]:
    return int("".join(_DIGITS[char] for char in m[1])), _small(m[2]), _small(m[3])


def _small(value: str) -> int:
    """A Chinese numeral up to 31: 十二, 廿二, 三十, 二十一, 三一.

    >>> [_small(n) for n in ("五", "十", "廿二", "三十", "二十一")]
    [5, 10, 22, 30, 21]
    """
    value = value.replace("廿", "二十").replace("卅", "三十")
    tens, _, ones = value.rpartition("十")
    if "十" not in value:
        return int("".join(_DIGITS[char] for char in value))
    return 10 * int(_DIGITS[tens] if tens else 1) + int(_DIGITS[ones] if ones else 0)


def _day_month(m: re.Match[str]) -> tuple[int, int, int]:
    return int(m[3]), months.NUMBERS[m[2].lower()], int(m[1])


def _month_day(m: re.Match[str]) -> tuple[int, int, int]:
    return int(m[3]), months.NUMBERS[m[1].lower()], int(m[2])


def _year_month_day(m: re.Match[str]) -> tuple[int, int, int]:
    return int(m[1]), months.NUMBERS[m[2].lower()], int(m[3])


def _year_last(m: re.Match[str]) -> tuple[int, int, int]:
    return int(m[3]), int(m[2]), int(m[1])


def _slashed_day(m: re.Match[str]) -> tuple[int, int, int]:
    return int(m[4]), int(m[3]), int(m[1])


def _slashed_month(m: re.Match[str]) -> tuple[int, int, int]:
    return int(m[4]), int(m[1]), int(m[3])


Reading = Callable[[re.Match[str]], tuple[int, int, int]]
_AFTER = r"(?!\d)"
_LAST_YEAR = r"((?:19[5-9]|20\d)\d)(?!\d)"
_YMD = re.compile(_YEAR + r"\s*(?:년|年|[-/.])\s*(\d{1,2})\s*(?:월|月|[-/.])\s*(\d{1,2})(?:\s*[日号號일]|\.|(?!\d))")
# Each with a sign that a text of this form has: most texts lack most of them.
_FORMS: tuple[tuple[str, re.Pattern[str], Reading], ...] = (
    ("", _YMD, _numeric),
    ("民", re.compile(r"民[國国]\s*(\d{2,3})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?" + _AFTER), _minguo),
    *(
        (
            era,
            re.compile(rf"({era})\s*(\d{{1,2}}|元)\s*[年./-]\s*(\d{{1,2}})\s*[月./-]\s*(\d{{1,2}})\s*日?" + _AFTER),
            _era,
        )
        for era in _ERAS
    ),
    ("年", re.compile(r"(?<![\d./-])(1[0-4]\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"), _minguo),
    (
        "1",
        re.compile(r"(?<![\d./-])(1[01]\d)([-/.])(\d{2})\2(\d{2})(?![\d./-])"),
        lambda m: (int(m[1]) + 1911, int(m[3]), int(m[4])),
    ),
    (
        "年",
        re.compile(
            r"([一二][一二三四五六七八九〇○零OＯ０]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十廿卅]{1,3})[日号]"
        ),
        _chinese,
    ),
    (".", re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?" + _LAST_YEAR), _year_last),
)
_NAMED_FORMS: tuple[tuple[str, re.Pattern[str], Reading], ...] = (
    ("", re.compile(r"(?<![\w])" + _MONTH + r"\s*(\d{1,2})(?:st|nd|rd|th)?\s*,?\s*" + _LAST_YEAR, re.I), _month_day),
    (
        "",
        re.compile(
            r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º)?\.?[\s,/-]{0,6}(?:of\s|de\s)?\s{0,3}"
            + _MONTH
            + r"[\s,/-]{0,6}(?:del?\s)?\s{0,3}"
            + _LAST_YEAR,
            re.I,
        ),
        _day_month,
    ),
    ("", re.compile(_YEAR + r"\.?[^\S\n]+" + _MONTH + r"\s+(\d{1,2})(?!\d)\.?", re.I), _year_month_day),
)
_NAMES = re.compile("[A-Za-zÀ-ӿ月월]")  # every name of a month has one, and many texts have none
_SLASHED = re.compile(r"(?<![\d./-])(\d{1,2})([/-])(\d{1,2})\2" + _LAST_YEAR)
# A date in two or three boxes, as listings draw it: the whole text must be one. Nothing may part the boxes: 192024-03.
_IN_BOX = r"((?:19[5-9]|20\d)\d)"
_MONTH_OF_YEAR = _YEAR + r"\s*[-/.年]\s*(\d{1,2})月?"
_BOXES: tuple[tuple[re.Pattern[str], Reading], ...] = (
    (
        re.compile(r"(\d{1,2})日?\s*" + _IN_BOX + r"\s*[-/.年]\s*(\d{1,2})月?"),
        lambda m: (int(m[2]), int(m[3]), int(m[1])),
    ),
    (re.compile(r"(\d{1,2})日?\s+(\d{1,2})月\s*[,/]?\s*" + _YEAR + "年?"), lambda m: (int(m[3]), int(m[2]), int(m[1]))),
    (re.compile(r"(\d{1,2})\s+(\d{1,2})[-/.]" + _YEAR), lambda m: (int(m[3]), int(m[2]), int(m[1]))),
    (re.compile(_MONTH_OF_YEAR + r"\s+(\d{1,2})日?"), _numeric),
    (re.compile(_YEAR + r"年?\s+(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?"), _numeric),
    (re.compile(_YEAR + r"年?\s+(\d{1,2})月?\s+(\d{1,2})日?"), _numeric),
    (
        re.compile(_YEAR + r"\s+" + _MONTH + r"\s*(\d{1,2})", re.I),
        lambda m: (int(m[1]), months.NUMBERS[m[2].lower()], int(m[3])),
    ),
    (
        re.compile(_MONTH + r"\s+" + _YEAR + r"\s+(\d{1,2})", re.I),
        lambda m: (int(m[2]), months.NUMBERS[m[1].lower()], int(m[3])),
    ),
)
# Day and month in front of the year: 12-28 is a day of December unless it cannot be or the page says how it writes.
_BOXED_PAIR = re.compile(r"(\d{1,2})\s*([-/.月]|(?=\s))\s*(\d{1,2})日?\s*" + _IN_BOX + "年?")
_WHOLE = re.compile(_YEAR + r"-(\d\d)-(\d\d)")  # as most rows of listings print it
_MIGHT = re.compile(r"\d{4}|令和|平成|[〇○零]|民國|\d{3}[-/.年]|[一二]九九|二[一二三四五六七八九]")


def every(value: str, *, day_first: bool | None = None) -> Iterator[Date]:
    """The dates in ``value``, in order. ``day_first`` decides 03/04/2024, which is no date without it."""
    if not _MIGHT.search(value):
        return
    text = narrow(value)
    forms = (*_FORMS, *_NAMED_FORMS) if _NAMES.search(text) else _FORMS
    found = [
        date
        for sign, form, reading in forms
        if sign in text
        for m in form.finditer(text)
        if (date := _date(m, reading, text))
    ]
    for m in _SLASHED.finditer(text):
        one, two = int(m[1]), int(m[3])
        first_is_day = day_first if one <= 12 and two <= 12 and one != two else one > 12
        if first_is_day is not None:
            found += [date] if (date := _date(m, _slashed_day if first_is_day else _slashed_month, text)) else []
    end = 0
    for date in sorted(found, key=lambda date: (date.start, -date.end)):
        if date.start >= end:
            yield date
            end = date.end


def first(value: str, *, day_first: bool | None = None) -> str | None:
    """First date in ``value`` as ISO 8601 at the precision printed, or None. Midnight is no time: systems print it for want of one.

    >>> first("发布时间：2026年3月1日 14:20　点击：")
    '2026-03-01T14:20'
    """
    if (m := _WHOLE.fullmatch(value)) and (date := _date(m, _numeric, value)):
        return date.iso
    for date in every(value, day_first=day_first):
        return date.iso
    return boxed(value, day_first=day_first)


def boxed(value: str, *, day_first: bool | None = None) -> str | None:
    """The date that all of ``value`` is, drawn in boxes: day and month, or the year, apart.

    >>> boxed("19 2024-03"), boxed("192024-03"), boxed("19 Mar 2024"), boxed("更新 2024-03-19")
    ('2024-03-19', '2024-03-19', '2024-03-19', None)
    """
    text = narrow(value).strip()
    for date in every(text, day_first=day_first):
        return date.iso if date.start == 0 and date.end == len(text) else None
    for form, reading in _BOXES:
        if (m := form.fullmatch(text)) and (drawn := _date(m, reading, text)):
            return drawn.iso
    if m := _BOXED_PAIR.fullmatch(text):
        one, two = int(m[1]), int(m[3])
        by_size = True if one > 12 else False if two > 12 or m[2] == "月" else day_first
        if by_size is None and m[2]:
            by_size = False
        if by_size is not None and (drawn := _date(m, _slashed_day if by_size else _slashed_month, text)):
            return drawn.iso
    return None


def _offset(_name: str | None, seconds: int | None) -> int | None:
    """A zone by its offset; by a name alone (EST, IST, CST) it can be several."""
    return seconds


def declared(value: str) -> str | None:
    """A machine-readable date (ISO 8601, RFC 2822, an epoch) with its offset, or None.

    >>> declared("2024-09-23T14:05:00-05:00"), declared("Mon, 23 Sep 2024 14:05:00 GMT"), declared("2024-09-23T00:00:00Z")
    ('2024-09-23T14:05:00-05:00', '2024-09-23T14:05:00+00:00', '2024-09-23')
    """
    value = value.strip()
    if len(value) > 60 or not re.search(r"\d{4}", value):
        return None
    try:
        readings = [
            dateutil.parse(value, default=default, tzinfos=_offset)
            for default in (datetime(1, 1, 1), datetime(2, 2, 2))
        ]
    except (ValueError, OverflowError):
        return first(value)
    one, two = readings
    if one.date() != two.date() or not 1950 <= one.year <= 2099:
        return first(value)
    if (one.hour, one.minute, one.second) == (0, 0, 0):
        return one.date().isoformat()
    precision = "seconds" if re.search(r":\d\d:\d\d|T\d{6}", value) else "minutes"
    try:
        return one.isoformat(timespec=precision)
    except ValueError:  # an offset beyond a day
        return one.replace(tzinfo=None).isoformat(timespec=precision)


def _date(m: re.Match[str], reading: Reading, text: str) -> Date | None:
    try:
        day = datetime(*reading(m))
    except (ValueError, KeyError):
        return None
    time = _TIME.match(text, m.end())
    if time is None:
        return Date(m.start(), m.end(), day.date().isoformat())
    hour, minute = int(time["hour"]), int(time["minute"] or time["min2"] or 0)
    if (time["half"] or time["half2"] or "").lower().startswith(("下午", "晚上", "오후", "p")) and hour < 12:
        hour += 12
    second = time["second"] or time["sec2"]
    if hour > 23 or (hour, minute, int(second or 0)) == (0, 0, 0):
        return Date(m.start(), time.end(), day.date().isoformat())
    clock = f"{hour:02}:{minute:02}" + (f":{int(second):02}" if second else "")
    return Date(m.start(), time.end(), f"{day.date().isoformat()}T{clock}")
