"""View counts as pages print them, found by their labels. A number without a label of its own is no count."""

from __future__ import annotations

import re
from typing import NamedTuple

from newsspider.extract import months
from newsspider.extract.text import narrow
from newsspider.reading import words

_NOUN = words.one_of("views_noun")
LABEL = rf"(?:{words.one_of('views_verb')}\s*总?{_NOUN}?|{words.one_of('views')}|{words.one_of('views_with_colon')}(?=\s*:))"
# A whole number, its thousands parted or not: 1,234  1.234  1'234  1 234 (`narrow` makes a no-break or thin space a plain one).
_WHOLE = r"[1-9]\d{0,2}(?P<part>[,.'’ ])\d{3}(?:(?P=part)\d{3})*(?!\d)"
# A number, its scale, and whether it is the least that the count can be: 1.2万  9999+  10万余
_NUMBER = rf"(?P<number>{_WHOLE}|\d+(?:\.\d+)?)\s*(?P<scale>[万萬kKwW](?![A-Za-z]))?\s*(?P<more>\+|以上|余|餘)?"
_UNIT = r"人次|次|回|人|times|views"
# Digits that follow are those of a date, a time, or of a number of something else: 203 views 3 comments. Else no count is read.
_OTHER = rf"(?:19|20)\d\d(?!\d)|\d{{1,2}}[-./月:时]\d|\d{{1,3}}\s?(?!{_UNIT})[^\W\d_]"
_ENDS = rf"(?![\d/年-]|[.'’:]\s?\d|,\d| (?!{_OTHER})\d)"
_BEGINS = r"(?<![\d.,/:'’-])(?<!^[1-9] )(?<!^[1-9]\d )(?<![^\d./:年月日-][1-9] )(?<![^\d./:年月日-][1-9]\d )"
_BEFORE = re.compile(
    rf"(?<![A-Za-z])(?P<label>{LABEL})\s*:?\s*[\[（(【|]?\s*{_NUMBER}{_ENDS}\s*(?:{_UNIT})?",
    re.I,
)
_AFTER = re.compile(
    rf"{_BEGINS}{_NUMBER}\s*(?:total\s)?"
    rf"(?P<label>(?:人?次|人)?(?!关注){words.one_of('views_verb')}|{words.one_of('views', languages=('en',))}\b)(?!\s*today)",
    re.I,
)
_DAY = re.compile(rf"\b(?:{months.NAMES})\.?\s*$", re.I)  # before 19 120 views
_ALL = re.compile(rf"{_WHOLE}|\d+", re.ASCII)
_EMPTY = re.compile(
    rf"(?<![A-Za-z\u4e00-\u9fff]){LABEL}\s*:\s*(?!\s*\d)|{words.one_of('views_verb')}{_NOUN}"
    rf"|{words.one_of('views', languages=('ko',), least=3)}",
    re.I,
)

_DIGIT = re.compile(r"\d")
# What a label of the whole site or of a day is preceded by.
_NOT_OURS = re.compile(
    rf"(?:{words.one_of('not_of_the_article')}|(?<!来源:)(?<!来源: )(?<!作者:)(?<!作者: ){words.one_of('website')})\s*$",
    re.I,
)

# How each label begins, in small letters, or a wide letter: one search without regard to case tells most texts from those that the
# forms above need be tried on.
_HEADS = {re.split("[· ]", phrase)[0].lower() for phrase in words.phrases("views_verb", "views", "views_with_colon")}
_MAY_BE = re.compile(f"{'|'.join(sorted(map(re.escape, _HEADS)))}|[\uff21-\uff3a\uff41-\uff5a]")

# A count and the date in the element beside it: 浏览：122024-03-19
_TOUCH = re.compile(r"\d20[0-3]\d[-./年]")
_TOUCHING = re.compile(rf"((?:{LABEL})\s*[:：]?\s*\d{{1,7}}?)(?=20[0-3]\d[-./年]\d{{1,2}}[-./月]\d)", re.I)


class Count(NamedTuple):
    """A printed count: its value, and how it is printed, label included. ``step`` as `newsspider.items.Article.views_step`."""

    views: int
    text: str
    step: int | None = None


def labelled(value: str) -> Count | None:
    """The first labelled view count in ``value``, or None.

    >>> labelled("发布时间：2012-03-20浏览次数：13019来源：宣传部").views, labelled("已有 4437 次阅读").views
    (13019, 4437)
    >>> labelled("203 views 3 comments").views, labelled("已有88人阅读").views
    (203, 88)
    >>> labelled("网站总访问量：181749次") is labelled("阅读次数：") is None
    True
    """
    if not (_DIGIT.search(value) and may_be_label(value)):
        return None
    text = narrow(value)
    for form in (_BEFORE, _AFTER):
        for m in form.finditer(text):
            if _NOT_OURS.search(text[: m.start()]):
                continue
            if (
                form is _BEFORE
                and m["label"].isascii()
                and ":" not in m[0]
                and text[: m.start()].rstrip(" ")[-1:].isdigit()
            ):
                continue  # 203 views 3 comments
            if m["part"] == " " and _DAY.search(text[: m.start()]):
                continue
            if found := _count(m, " ".join(value[m.start() : m.end()].split())):
                return found
    return None


def may_be_label(value: str) -> bool:
    return _MAY_BE.search(value.lower()) is not None


def apart(text: str) -> str:
    """``text`` with a space between a labelled count and a date that touches it.

    >>> apart("조회 수:1202024.03.19 10:11"), apart("浏览：2024-03-19")
    ('조회 수:120 2024.03.19 10:11', '浏览：2024-03-19')
    """
    return _TOUCHING.sub(r"\1 ", text) if _TOUCH.search(text) else text


def bare(value: str) -> Count | None:
    """The count that ``value`` is, where it is nothing else, as in a cell of a table.

    >>> bare("1.2万"), bare("9999+ 次"), bare("2024-05-01")
    (Count(views=12000, text='1.2万', step=1000), Count(views=9999, text='9999+ 次', step=0), None)
    """
    text = narrow(value).strip()
    m = re.fullmatch(rf"{_NUMBER}\s*(?:{_UNIT}|회|views?|hits?)?", text, re.I)
    return _count(m, text) if m and len(m["number"]) <= 11 else None


def whole(value: str) -> int | None:
    """The whole number that ``value`` is, its thousands parted in one way or not; None: it is anything else.

    >>> [whole(text) for text in ("4526", "1,234", "12\u202f345", "1’234.567", "1,23")]
    [4526, 1234, 12345, None, None]
    """
    m = _ALL.fullmatch(narrow(value))
    return int(re.sub(r"\D", "", m[0])) if m else None


def _count(m: re.Match[str], text: str) -> Count | None:
    """``m``: of an expression with `_NUMBER`."""
    number, scale, more = m["number"], m["scale"], m["more"]
    unit = 1 if not scale else 1000 if scale in "kK" else 10_000
    if m["part"] and not (scale and m["part"] == "."):
        number = number.replace(m["part"], "")
    whole, _, decimals = number.partition(".")
    if len(decimals) > len(str(unit)) - 1:  # 12.5 without a scale: no count
        return None
    step = unit // 10 ** len(decimals)
    return Count(int(whole + decimals) * step, text, 0 if more else step if step > 1 else None)


def alone(value: str) -> Count | None:
    """The number that ``value`` is, where a selector has already found the count."""
    m = re.fullmatch(rf"\D*?{_NUMBER}\D*", narrow(value).strip())
    return _count(m, m[0]) if m else None


def is_label(value: str) -> bool:
    """The text has a place for a view count, filled or not."""
    return may_be_label(value) and _EMPTY.search(narrow(value)) is not None
