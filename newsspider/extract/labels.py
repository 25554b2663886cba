"""Lines of labels (date, source, count, buttons): what templates print between a title and its text."""

from __future__ import annotations

import re
from functools import lru_cache

from newsspider.extract import counts, credits, dates, published
from newsspider.extract.blocks import Block
from newsspider.extract.text import LETTER, narrow

_LABELLED = re.compile(
    r"^[\s\[(（【|]*(?:发布|发稿|时间|日期|来源|信息来源|文章来源|稿件来源|作者|编辑|责任编辑|责编|审核|供稿|撰稿|摄影|浏览|阅读|点击|字号|字体|分享|打印|"
    r"작성|조회|등록|post date|posted|published|date|category|last updated|by)[^。]{0,12}?[:：]"
    r"|^by\s+[^\W\d]|^\d+ (?:minute|hour|day|week|month)s? ago$"
    r"|^[\s\[(（【]*(?:字体|字号|大|中|小|打印|收藏|关闭|分享|分享到)[\s\])）】]*[:：]?$",
    re.I,
)
_NAMES = (
    f"{published.PUBLISHED}|{published.UPDATED}|{published.REVISED}|{counts.LABEL}|{credits.SOURCE}|"
    "发布者|发布人|发布部门|发布单位|录入者|录入员|作者|编辑|责任编辑|责编|审核人?|审稿人?|供稿人?|供稿单位|浏览|点击|"
    "公告單位|發布單位|公告者|發布者|發佈者|張貼者|公告類別|公告分類|類別|分類|聯絡人|点赞|评论|"
    "작성자|글쓴이|등록자|게시자|담당부서|담당자|부서|이름|첨부(?:파일)?|분류|카테고리|공지여부|댓글|추천|번호|날짜|"
    "カテゴリー?|投稿者|author|writer|category|written by"
)
# A label that stands on a line of its own, its value on the next; one that begins a row of a table.
_ALONE = re.compile(rf"[\s\[(（【|]*(?:{_NAMES})\s*[:：]?\s*", re.I)
_FIELD = re.compile(rf"[\s\[(（【|]*(?:{_NAMES})\s*(?:[:：]|\d+\s*\w{{1,3}}前$)", re.I)
_ROW = re.compile(rf"(?:{_NAMES})\s*[:：]?\s+\S", re.I)
_TITLE = re.compile(
    r"(?:(?:标\s*题|標\s*題|题目|(?:公告)?主旨|公告標題|제\s*목|件\s*名)\s*[:：]?\s|(?:subject|title)\s*:)\s*(?=\S)",
    re.I,
)
_PLAIN = re.compile(published.PLAIN, re.I)
_FIGURES = re.compile(r"[\d\s:./年月日-]{6,24}")
_SENTENCE = re.compile(r"[。！？；，]|[.!?;]$")
_LONGEST_DAY = 100  # characters of a line
_PARTICLE = 10  # letters: on, am, le, Donnerstag


def is_meta(line: Block) -> bool:
    """A line of labels, not of the text."""
    return len(line.text) <= 160 and _is_meta(line.text, line.heading > 0, line.element.tag == "tr")


@lru_cache(maxsize=4096)  # asked several times of a line, and menus are on every page of a site
def _is_meta(text: str, heading: bool, row: bool) -> bool:
    if counts.is_label(text) or counts.labelled(text):
        return len(text) < 120
    if _LABELLED.match(text) or is_alone(text) or (len(text) < 80 and _FIELD.match(text)) or (row and _ROW.match(text)):
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
        and (found := published.first(text, day_first=True)) is not None
        and found.label in ("published", "updated")
    )


def is_link(line: Block) -> bool:
    """A line that is mostly a link, and neither a date alone nor a label that goes on with a link."""
    if line.linked * 2 <= len(line.text) or not LETTER.search(line.text):
        return False
    return not _LABELLED.match(line.text) and not _FIELD.match(line.text) and not _is_day(line.text)


@lru_cache(maxsize=256)
def _is_day(text: str) -> bool:
    """A date with its label, or no word but the weekday: 3. August 2026, Posted on August 3, 2026 by Jane Example."""
    found = published.first(text, day_first=True) if len(text) < _LONGEST_DAY else None
    if found is None or found.label == "published":
        return found is not None
    return len(LETTER.findall(text.replace(found.text, "", 1))) <= _PARTICLE


def is_alone(text: str) -> bool:
    """A label whose value stands on the line below."""
    return len(text) <= 20 and _ALONE.fullmatch(text) is not None


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
