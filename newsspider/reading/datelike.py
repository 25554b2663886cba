"""What in a row looks like a date, before it is known how the page writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from newsspider.extract import months

_MONTH = rf"(?:{months.NAMES})(?![^\W\d_])"
_DIGIT = re.compile(r"\d")
_NAMES = frozenset(name for name in months.NUMBERS if name[-1] not in "月월")
# The first character stands alone, so that the search skips to digits; what is before and in it is asserted after it.
_IN_FIGURES = re.compile(
    r"\d(?:(?<!\d\d)(?:(?<=1)9|(?<=2)0)\d\d\s?[-－./．年년]\s?\d{1,2}(?!\d)|(?<!\d\d)\d?[-./]\d{1,2}[-./](?:20)?\d\d(?!\d)|\d?\s?[月월]"
    r"|(?<![\d.]\d)\d[-/.]\d\d(?![\d.%])|\d{0,2}年\d|(?<!\d\d)(?<=1)[01]\d([-/.])\d{1,2}\1\d{1,2}(?!\d))"
)
_IN_CHINESE = re.compile(r"[一二三四五六七八九十]月\s?\d")
_WORD_BEFORE = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?=\.?,?\s*\d)")
_WORD_AFTER = re.compile(r"\d(?:st|nd|rd|th)?[-.\s]*(?:de\s)?([^\W\d_]+)", re.I)
_SHORT = 200  # characters of a text that is remembered
# What dates are made of besides words of their own.
_PARTS = re.compile(
    rf"[\W\d年月日号號时時分년월일]+|(?=[A-Za-zÀ-ӿ]){_MONTH}|[一二三四五六七八九十]{{1,2}}月(?=\s?\d)|(?:发布|發布|更新)?(?:时间|日期|時間)|(?:星期|周|週)[一二三四五六日天]|(?<=\()[日月火水木金土월화수목금토일]",
    re.I,
)
_FIGURES = re.compile(r"[\W\d年月日号號时時分년월일]+")  # the first of them
_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_BRACKETS = "[]()（）【】［］|/,，.·- "
_PART = 14  # characters that one box of a date can have
_BOX = 26  # and all of them


def looks(text: str) -> bool:
    """There is what could be a date in the text.

    >>> [looks(text) for text in ("3. März", "Open on March 5", "12/03/24", "三月 5日", "113年9月", "03-19")]
    [True, True, True, True, True, True]
    >>> [looks(text) for text in ("3 marches", "9.12 %", "120/5000", "room 2024", "1.10.2.3", "a march of 5")]
    [False, False, False, False, False, False]
    """
    return _DIGIT.search(text) is not None and (_remembered(text) if len(text) <= _SHORT else _looks(text))


def _looks(text: str) -> bool:
    if _IN_FIGURES.search(text) or _IN_CHINESE.search(text):
        return True
    return any(word.lower() in _NAMES for form in (_WORD_BEFORE, _WORD_AFTER) for word in form.findall(text))


_remembered = lru_cache(maxsize=4096)(_looks)


def rest(text: str) -> str:
    """What is left of a text without what dates are made of."""
    return "" if _FIGURES.fullmatch(text) else _PARTS.sub("", text)


def alone(text: str) -> bool:
    """The text is a date and nothing else.

    >>> alone("[2024-03-01 (金)]"), alone("喜报 2024-03-01"), alone("Fri, 1 March 2024"), alone("2024年3月1日...")
    (True, False, True, False)
    """
    if len(text) > 40 or text.endswith(("..", "…")) or not looks(text):
        return False
    left = rest(text)
    return len(left) <= 3 and not _WORDS.search(left)


def boxes(texts: Sequence[str]) -> Iterator[str]:
    """Two to four texts that follow each other and could be the boxes of one date, joined: 28 and 2024.03."""
    if not any(len(text) <= _PART + 2 and _DIGIT.search(text) for text in texts):
        return
    bare = [(text.strip(_BRACKETS) if len(text) <= _PART + 2 else text) for text in texts]
    bare = [text for text in bare if text]
    able = [
        (len(text) <= _PART and (text[0].isdigit() or text[-1].isdigit() or text[-1] in "月월")) or _is_month(text)
        for text in bare
    ]
    for size in (2, 3):
        for n in range(len(bare) - size + 1):
            if all(able[n : n + size]) and len(box := " ".join(bare[n : n + size])) <= _BOX:
                yield box


def _is_month(text: str) -> bool:
    return len(text) <= _PART and text.removesuffix(".").lower() in months.NUMBERS
