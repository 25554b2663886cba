"""Dates as lines print them, each with what its label says it is the day of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from newsspider.extract import dates
from newsspider.extract.text import narrow
from newsspider.reading import words

WEEKDAY = (
    r"(?:[a-z]{3,6}day|[a-z]{3,7}tag|mittwoch|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|mo|di|mi|do|fr|sa|so)\b\.?)"
)
_AN_ISSUE = re.compile(r"^\s*[)）》]?\s*(?:第?\s*[A-Z]?\d+\s*[版期])")
_A_SPAN = re.compile(r"^\s*(?:[~～至到—–-]{1,2}\s*(?:\d(?!\d*\s*min)|次日)|(?:上午|下午)?\s*\d{1,2}:\d\d\s*[-~—–至])")
_OCCASION = re.compile(rf"{words.one_of('occasion')}(?:是|为)?[ \t]?\Z", re.I)
_SUBMITTED = r"submitted by [^\n]{1,30} on"
_MEANINGS = ("published", "plain", "updated", "revised", "another_day", "posting_period")
_OF_THE_PAGE = ("revised", "posting_period")  # no days of publication, and none of what the article is about
# The longest label counts: 最后更新时间 ends as 更新时间 does, and 更新时间 as 时间.
_LABEL = re.compile(
    rf"(?:{'|'.join(f'(?P<{name}>{words.one_of(name)})' for name in _MEANINGS)}|(?P<submitted>{_SUBMITTED}))"
    rf"\s*[】\])]?\s*:?\s*[\[(【]?\s*(?:{WEEKDAY},?\s*)?$",
    re.I,
)
# What a sentence below a text says after its date.
_LABEL_AFTER = re.compile(
    r"\s*(?:um \d\d?[:.]\d\d\s*)?(?:uhr\s*)?(?:von [^\n.]{1,30}? )?"
    rf"{words.one_of('published', 'published_after', languages=('de',))}\b",
    re.I,
)
_BEFORE = 28  # characters before a date in which its label stands
_EIGHT = re.compile(r"(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d)")  # 20240319, which only a label makes a date
# What stands between the first and the last day of something.
_TO = re.compile(r"\s*(?:\([^)\n]{1,6}\)|星期.|周.)?\s*(?:[~～至–—-]{1,2}|to|until|bis|au|al)\s*", re.I)
# Boards in Korea and China print 24-03-11 beside the label, years first.
_SHORT_YEAR = re.compile(
    rf"{words.one_of('published', 'plain', languages=('zh', 'ko'))}\s*:?\s*"
    r"(?P<short>(?:[012]\d)(?P<dash>[-./])(?:0\d|1[0-2])(?P=dash)[0-3]\d(?:\s+\d\d:\d\d(?::\d\d)?)?)(?![\d./-])"
)
_SHORT = re.compile(r"[(\[]?(\d{1,2})\.\s?(\d{1,2})\.\s?(\d\d)[)\]]?")
# Languages that write 3.4.2024 for a day of April.
DAY_FIRST = frozenset(["de", "fr", "es", "it", "pt", "nl", "pl", "cs", "ru", "tr", "da", "nb", "no", "sv", "fi"])
_OPENS = re.compile(r"\s*[\[(【〔]\s*")
_CLOSES = re.compile(r"\s*[\])】〕]")
# Surest first.
_RANK = {"published": 0, "plain": 1, "bare": 2, "updated": 3}


def _labelled(text: str, end: int) -> tuple[str, int]:
    """The meaning of the label that ``text`` has before the date at ``end``, and where it begins; ``bare``: there is none."""
    m = _LABEL.search(text, max(0, end - _BEFORE), end)
    if m is None:
        return "bare", end
    above = "\n" in m[0].rstrip(" ") and ":" not in m[0]
    if above and m.start() > 0 and text[m.start() - 1] != "\n":  # the end of a line above: A guide to planning an event
        return "bare", end
    return "published" if m.lastgroup == "submitted" else m.lastgroup or "bare", m.start()


def _of_another(before: str) -> bool:
    """What precedes 时间 is the beginning of its label, as in 比赛时间, and no field that touches it."""
    field = before[before.rfind("\n") + 1 :]
    return field[-1:] >= "\u4e00" and ":" not in field


@dataclass(slots=True, frozen=True)
class Stamp:
    """A date as read and as printed, how it is labelled (``published``, ``plain`` (日期), ``bare`` or ``updated``), and at which
    character of the text it begins."""

    iso: str
    text: str
    label: str
    at: int = 0


@lru_cache(maxsize=256)  # a heading is asked for its date by each rule that reads it
def first(text: str, *, day_first: bool | None = None) -> Stamp | None:
    """The day of publication in the lines of a heading, or None: the surest label counts, then the order.

    >>> first("来源：今晚报2023年6月28日4版发稿时间：2023-07-05 10:22").text
    '发稿时间：2023-07-05 10:22'
    >>> first("索取号：20240101 发布日期：20240319").iso, first("索取号：20240319")
    ('2024-03-19', None)
    >>> first("首次公告日期：2025年5月8日") is None
    True
    """
    return min(every(text, day_first=day_first), key=lambda stamp: _RANK[stamp.label], default=None)


@lru_cache(maxsize=256)
def every(text: str, *, day_first: bool | None = None) -> tuple[Stamp, ...]:
    """The dates in the lines of a heading that can be of publication. Times of events and issues of newspapers cannot."""
    printed, text = text, narrow(text)
    if (short := _SHORT_YEAR.search(text)) and (iso := dates.first("20" + short["short"])):
        return (Stamp(iso, " ".join(printed[short.start() : short.end()].split()), "published", short.start()),)
    for eight in _EIGHT.finditer(text):
        named, start = _labelled(text, eight.start())
        if named == "published" and (iso := dates.first("-".join(eight.groups()))):
            return (Stamp(iso, " ".join(printed[start : eight.end()].split()), "published", eight.start()),)
    found = []
    last_end = 0
    for date in dates.every(text, day_first=day_first):
        label, start = _labelled(text, date.start)
        ends_span = last_end > 0 and _TO.fullmatch(text, last_end, date.start) is not None
        last_end = date.end
        if label == "bare" and _LABEL_AFTER.match(text, date.end):
            label = "published"
        if not (ends_span or _is_of_another(text, date, label, start)):
            found.append(Stamp(date.iso, " ".join(printed[start : date.end].split()), label, date.start))
    return tuple(found)


def _is_of_another(text: str, date: dates.Date, label: str, start: int) -> bool:
    """The date, whose label begins at ``start``, is that of a change, an event, an issue."""
    if label in ("revised", "another_day", "posting_period"):
        return True
    after = text[date.end : date.end + 60]
    if label != "published" and (_AN_ISSUE.match(after) or _A_SPAN.match(after)):
        return True
    if label == "plain":
        return _OCCASION.search(text[max(0, start - 9) : start]) is not None or _of_another(text[:start])
    return label == "bare" and _OCCASION.search(text[max(0, start - _BEFORE) : start].rstrip(": ")) is not None


def label(text: str) -> str | None:
    """How a date in a line is labelled, ``revised`` included; ``other``: as none of an article; None: the line has no date.

    >>> label("Last updated: April 2, 2024"), label("发布时间：2024-03-19"), label("报名截止：2024-03-19"), label("作者：王一")
    ('revised', 'published', 'other', None)
    """
    if found := first(text, day_first=True):
        return found.label
    text = narrow(text)
    found_at = [date.start for date in dates.every(text, day_first=True)]
    its = ["revised" if _labelled(text, at)[0] in _OF_THE_PAGE else "other" for at in found_at]
    return max(its, default=None)


def short(text: str, language: str) -> Stamp | None:
    """The date of a short year that all of ``text`` is, as the page's language writes it.

    >>> short("8.5.12", "de").iso, short("(24.03.19)", "ko").iso, short("24.03.19", "en")
    ('2012-05-08', '2024-03-19', None)
    """
    m = _SHORT.fullmatch(narrow(text).strip())
    if m is None or not (language[:2] in DAY_FIRST or language[:2] == "ko"):
        return None
    day, month, year = m.groups() if language[:2] in DAY_FIRST else m.groups()[::-1]
    iso = dates.first(f"{'19' if year >= '70' else '20'}{year}-{month}-{day}")
    return Stamp(iso, text, "bare") if iso else None


def opening(text: str, *, day_first: bool | None = None) -> Stamp | None:
    """The date in brackets that a text opens with.

    >>> opening("(March 19, 2024) A team of researchers").iso, opening("The year (March 19, 2024) saw")
    ('2024-03-19', None)
    """
    head = narrow(text[:40])
    before = _OPENS.match(head)
    date = next(dates.every(head, day_first=day_first), None) if before else None
    after = _CLOSES.match(head, date.end) if date else None
    if before is None or date is None or after is None or date.start != before.end():
        return None
    return Stamp(date.iso, text[: after.end()].strip(), "bare")
