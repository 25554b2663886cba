"""Lines of labels (date, source, count, buttons): what templates print between a title and its text."""

from __future__ import annotations

import re
from functools import lru_cache

from newsspider.extract import dates
from newsspider.extract.blocks import Block
from newsspider.extract.text import LETTER, narrow
from newsspider.reading import counts, stamps, words

_STEMS = ("published", "plain", "updated", "source", "giver", "editor", "other_credit", "field")  # 发布 in 发布网站：
_OTHERS = ("revised", "posting_period", "author", "by", "office", "other_credit", "field")
_OPENS = r"[\s\[(（【|]*"
_NAME = re.compile(
    rf"{_OPENS}(?:(?P<stem>{words.one_of(*_STEMS, least=2)})|{words.one_of(*_OTHERS)}|{counts.LABEL})", re.I
)
# What stands after a label: its value on the next line, a colon or how long ago, a cell of a row, the rest of a longer label.
_NOTHING = re.compile(r"\s*[:：]?\s*")
_COLON = re.compile(r"\s*(?:[:：]|\d+\s*\w{1,3}前$)")
_CELL = re.compile(r"\s*[:：]?\s+\S")
_LONGER = re.compile(r"[^。\s]{0,12}?\s*[:：]")
_SMALL = re.compile(
    rf"by\s+[^\W\d]|\d+ (?:minute|hour|day|week|month)s? ago$"
    rf"|{_OPENS}(?:字体|字号|大|中|小|打印|收藏|关闭|分享|分享到)[\s\])）】]*[:：]?$",
    re.I,
)
_TITLE = re.compile(rf"(?:{words.one_of('title')}\s*[:：]?\s|(?:subject|title)\s*:)\s*(?=\S)", re.I)
_PLAIN = re.compile(words.one_of("plain"), re.I)
_FIGURES = re.compile(r"[\d\s:./年月日-]{6,24}")
_SENTENCE = re.compile(r"[。！？；，]|[.!?;]$")
_LONGEST_DAY = 100  # characters of a line
_PARTICLE = 10  # letters: on, am, le, Donnerstag


def is_meta(line: Block) -> bool:
    """A line of labels, not of the text."""
    return len(line.text) <= 160 and _is_meta(line.text, line.heading > 0, line.element.tag == "tr")


@lru_cache(maxsize=4096)  # asked several times of a line, and menus are on every page of a site
def _is_meta(text: str, heading: bool, row: bool) -> bool:
    if counts.may_be_label(text) and (counts.is_label(text) or counts.labelled(text)):
        return len(text) < 120
    if (
        _is_field(text, short=80)
        or is_alone(text)
        or (row and (name := _NAME.match(text)) and _CELL.match(text, name.end()))
    ):
        return True
    rest = len(text)
    for date in dates.every(text, day_first=True):  # that there is one; not which
        rest = min(rest, len(LETTER.findall(text[: date.start] + text[date.end :])))
    if rest == len(text):
        return _FIGURES.fullmatch(text) is not None and len(text) > 7
    if rest <= (4 if heading else 16):
        return True
    return (
        rest <= 45
        and (found := stamps.first(text, day_first=True)) is not None
        and found.label in ("published", "updated")
    )


def is_link(line: Block) -> bool:
    """A line that is mostly a link, and neither a date alone nor a label that goes on with a link."""
    if line.linked * 2 <= len(line.text) or not LETTER.search(line.text):
        return False
    return not _is_field(line.text, short=len(line.text) + 1) and not _is_day(line.text)


def _is_field(text: str, short: int) -> bool:
    """A label and its colon begin ``text``, of fewer characters than ``short`` where the label is not a common one."""
    if _SMALL.match(text):
        return True
    name = _NAME.match(text)
    if name is None:
        return False
    if name["stem"] and _LONGER.match(text, name.end()):
        return True
    return len(text) < short and _COLON.match(text, name.end()) is not None


@lru_cache(maxsize=256)
def _is_day(text: str) -> bool:
    """A date with its label, or no word but the weekday: 3. August 2026, Posted on August 3, 2026 by Jane Example."""
    found = stamps.first(text, day_first=True) if len(text) < _LONGEST_DAY else None
    if found is None or found.label == "published":
        return found is not None
    return len(LETTER.findall(text.replace(found.text, "", 1))) <= _PARTICLE


def is_alone(text: str) -> bool:
    """A label whose value stands on the line below."""
    name = _NAME.match(text) if len(text) <= 20 else None
    return name is not None and _NOTHING.fullmatch(text, name.end()) is not None


def names_value(text: str) -> bool:
    """A label, or a word that can be one (date, 时间), whose value stands on the line below."""
    return is_alone(text) or is_plain(text)


def is_plain(text: str) -> bool:
    """``date``, ``时间``: of the article, or of an event."""
    return _PLAIN.fullmatch(narrow(text).strip(" :[]【】")) is not None


def is_dated(line: Block) -> bool:
    """A short line that gives a date and says no sentence: ``Press release no. 12, 19 March 2024``."""
    text = line.text
    return len(text) < 80 and not _SENTENCE.search(text) and dates.first(text, day_first=True) is not None


def titled(line: Block) -> str | None:
    """The title that a row of a table labels as such: ``제목 …``."""
    m = _TITLE.match(line.text) if line.element.tag in ("tr", "td", "th", "li", "div", "p", "dd") else None
    value = line.text[m.end() :].strip() if m else ""
    # Among other labels, it heads the columns of a listing.
    return value if value and not all(is_alone(word) or _PLAIN.fullmatch(word) for word in value.split()) else None
