"""The date of publication that a row of a listing prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import islice, pairwise
from typing import NamedTuple

from lxml.html import HtmlElement

from newsspider.extract import dates, zones
from newsspider.extract.text import LETTER
from newsspider.reading import datelike, links, pieces, stamps
from newsspider.reading.rows import Row

_SHORT_YEAR = re.compile(r"(?<![\d./-])(\d\d)([./-])(\d\d)\2(\d\d)\.?(?![\d./-])")
_MINGUO = re.compile(r"1[01]\d([./-])\d{1,2}\1\d{1,2}")
_GOES_ON = (*"0123456789", "/", "-")  # a number before another
# 12/28/2024, and 12 28 2024 in boxes.
_PAIR = re.compile(r"(\d{1,2})[/\s-](\d{1,2})[/\s-](?:19|20)\d\d")
_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_PUBLISHED = re.compile(  # in small letters: an expression that ignores case cannot skip ahead
    r"发布|发稿|发表|發布|發佈|公布|公告|张贴|上传|添加|録入|录入|작성|등록|게시|posted|published"
    r"|publiée?|mise? en ligne|publicad[oa]|pubblicat[oa]|veröffentlicht"
)
_LABELLED = re.compile(
    r"(?:(?:发布|发稿|发表|發布|發佈|公布)\s*(?:时间|日期|時間|于)?|日\s*期|작성일|등록일|게시일|posted(?: on)?|published(?: on)?"
    r"|(?:publiée?|mise? en ligne) le|publicad[oa](?: (?:el|em))?|pubblicat[oa] il|veröffentlicht am)"
    r"\s*[:：]?\s*(?=\d|[A-Z])",
    re.I,
)
# Times of what the article is about: 讲座时间, 报名截止, 有效期.
_ANOTHER = re.compile(
    r"截止|截至|结束|結束|有效期|(?:讲座|活动|会议|报告|公示|申请|报名|考试|开始|更新|修改|修订|回复|演讲|举办)\s*(?:时间|日期|時間)|마감|기간"
    r"|deadline|expires?|updated|modified|event date|starts?\b|ends?\b"
    r"|geändert|aktualisiert am|수정일|mise? à jour|actualizad[oa]|aggiornat[oa]|atualizad[oa]|gewijzigd|bijgewerkt",
    re.I,
)
_TIME_OF_EVENT = re.compile(r"(?:时\s*间|時\s*間|日\s*期|\bdate|\btime|일시)\s*[:：]", re.I)
_EVENT = re.compile(r"(?:地\s*点|地\s*點|主讲|报告人|主持人|嘉宾|장소|venue|location)\s*[:：]", re.I)
# What a <time> says of itself.
_UPDATED = re.compile(r"modified|updated?\b", re.I)
_POSTED = re.compile(r"publish|entry-date|created", re.I)
_COLON = re.compile(r"[:：]")
_LABEL = re.compile(r"[^\W\d_]\s*[:：]")
_SENTENCE = re.compile(r"[，。；！？]")
_FIGURE = re.compile(r"[\d一二〇○零]")
_DAY_OF_YEAR = re.compile(r"(0?[1-9]|1[0-2])\s*[-/.月]\s*([0-2]?\d|3[01])日?")
_IN_ADDRESS = re.compile(r"(?<!\d)(20\d\d)(?:[-/_]?(\d\d)[-/_]?(\d\d)(?!\d)|/(\d{1,2})/(\d{1,2})/)")
_MONTH = re.compile(r"(0?[1-9]|1[0-2])\s*(?:月(?:份)?|월)?")
_LONGEST_MONTH = 12  # characters
_YEAR_ALONE = re.compile(r"\W*((?:19|20)\d\d)\s*年?\W*")
_OUT, _ABOVE = 3, 60  # how far from a row the year above it can stand: elements outwards, and before each
_CUT = ".．‥…"  # what a text ends with that is cut short
_BRACKETS = "[]()（）【】 "
_BOX = 26  # characters that a date in boxes can have
_LINE = 80  # characters of a line that has a date and other facts
_WORDS = 24  # of them that are no part of the date
_FEW = 2


class Order(NamedTuple):
    """How the page writes dates whose parts could be anything: 03/04/2024 (None: unknown) and 24.03.08."""

    day_first: bool | None
    year_first: bool


def order(rows: list[Row], day_first: bool | None) -> Order:
    """What the rows show together: 25/12/2024 in one tells how the others read. ``day_first``: what the page's language says."""
    texts = "\0".join(text for row in rows for text in (*row.texts, *row.beside, *datelike.boxes(row.texts)))
    pairs = [(int(m[1]), int(m[2])) for m in _PAIR.finditer(texts) if texts[m.start() - 1 : m.start()] not in _GOES_ON]
    if any(one > 12 for one, _ in pairs):
        day_first = True
    elif any(two > 12 for _, two in pairs):
        day_first = False
    return Order(day_first, bool(_ASIAN.search(texts)))


def published(row: Row, title: str, cell: str | None, by: Order, elsewhere: Set[str] = frozenset()) -> str | None:
    """The date of the column that the table calls so (``cell``), of <time>, of a text that is little else, or of boxes. The texts
    ``elsewhere`` are dates of something else."""
    if cell and (when := first(cell, by)):
        return when
    for time in row.element.iter("time"):
        text = row.of_page.joined(time)
        if _UPDATED.search(said := f"{time.get('itemprop')} {time.get('class')}") and not _POSTED.search(said):
            elsewhere = elsewhere | {text}
            continue
        if when := first(text, by):
            return when
        if declared := dates.declared(time.get("datetime") or ""):
            return _local(declared, text)
    elsewhere = elsewhere | {
        row.of_page.joined(node) for node in row.element.iter("span", "p", "div", "em", "small") if _is_change(node)
    }
    name = pieces.fold(title)
    texts = [*(text for text in row.facts if not _of_title(text, name) and text not in elsewhere), *row.beside]
    event = any(_COLON.search(text) and _EVENT.search(text) for text in texts)
    texts = [
        text for text in texts if text != title and pieces.fold(text) != name and not _dates_another(text, event=event)
    ]
    day = next(filter(None, map(_DAY_OF_YEAR.fullmatch, (text.strip(_BRACKETS) for text in texts))), None)
    when = _alone(texts, by, strict=day is not None) or _in_boxes(texts, by) or _labelled(texts, by) or _hidden(row)
    if when or not day:
        return when or _boxes_with_year(row, texts) or _spelt_out(row)
    return _with_year(row, int(day[1]), int(day[2])) or _spelt_out(row)


def _is_change(element: HtmlElement) -> bool:
    """Themes name the day of the last change so, and hide it: <span class="updated rich-snippet-hidden">."""
    names = element.get("class")
    return names is not None and "updated" in names and "updated" in names.lower().split() and not _POSTED.search(names)


def _spelt_out(row: Row) -> str | None:
    """The day that an abbreviation spells out: <abbr title=2024-03-19>Mar. 19</abbr>."""
    titles = (abbr.get("title") or "" for abbr in row.element.iter("abbr"))
    spelt = (dates.declared(title) for title in titles if title[:4].isdigit())
    return next(filter(None, spelt), None)


def _dates_another(text: str, *, event: bool) -> bool:
    """The text gives a date of what the article is about. ``event``: the row tells where that is."""
    if not (_FIGURE.search(text) and LETTER.search(text)) or _PUBLISHED.search(text.lower()):
        return False
    if len(text) > _LINE and not _label(text):  # it gives none at all
        return False
    if _ANOTHER.search(text) or (event and _TIME_OF_EVENT.search(text)):
        return True
    return _LABEL.search(text) is not None and stamps.label(text) in ("other", "revised")


def _of_title(text: str, name: str) -> bool:
    """The text is a part of the title (folded), not a date that the title has, too; what is cut short is the title's."""
    if len(text) <= _BOX and text[-1] not in _CUT:
        return False
    words = pieces.fold(text)
    stem = words.rstrip(".")
    return stem in name and (len(text) > _BOX or words.endswith(".."))


def _local(declared: str, text: str) -> str:
    """A declared date, or the day that the text beside it prints without a year, where it is declared in UTC and is another."""
    day = _DAY_OF_YEAR.fullmatch(text.strip(_BRACKETS))
    printed = dates.first(f"{declared[:4]}-{day[1]}-{day[2]}") if day else None
    if printed is None or printed == declared[:10] or not zones.is_local(printed, declared):
        return declared
    return printed


def headings(rows: list[Row]) -> dict[HtmlElement, str]:
    """The days that stand above the rows in each of their containers, where there are several: news by day."""
    found: dict[HtmlElement, str] = {}
    containers = {row.element.getparent() for row in rows}
    for container in containers if len(containers) > 1 else ():
        above = next((node for node in container.itersiblings(preceding=True) if isinstance(node.tag, str)), None)
        said = links.text(above) if above is not None and above.find(".//a") is None else ""
        if datelike.alone(said) and (day := dates.first(said)):
            found[container] = day
    return found if len({*found.values()}) > 1 else {}


def first(text: str, by: Order) -> str | None:
    """
    >>> first("24.03.08", Order(None, True)), first("24.03.08", Order(None, False)), first("24.03.08", Order(True, False))
    ('2024-03-08', None, '2008-03-24')
    >>> first("113/9/8", Order(None, True))
    '2024-09-08'
    """
    if when := dates.first(text, day_first=by.day_first):
        return when
    if by.year_first and _MINGUO.fullmatch(text.strip(_BRACKETS)):
        return dates.first(f"民國{text.strip(_BRACKETS)}")
    if short := _SHORT_YEAR.search(text):
        if by.year_first:
            return dates.first(f"20{short[1]}-{short[3]}-{short[4]}")
        if by.day_first is not None:
            return dates.first(f"{short[1]}/{short[3]}/20{short[4]}", day_first=by.day_first)
    return None


def _with_year(row: Row, month: int, day: int) -> str | None:
    """A day printed without its year, where the article's address is of that day or the heading above the rows is a year."""
    if in_address := next((when for m, d, when in _in_address(row) if (m, d) == (month, day)), None):
        return in_address
    year = _year_above(row.element)
    return dates.first(f"{year}-{month}-{day}") if year else None


def _in_address(row: Row) -> Iterator[tuple[int, int, str]]:
    """Each date in the article's address: its month, its day, all of it."""
    for m in _IN_ADDRESS.finditer(row.main.url):
        month, day = m[2] or m[4], m[3] or m[5]
        if when := dates.first(f"{m[1]}-{month}-{day}"):
            yield int(month), int(day), when


def _boxes_with_year(row: Row, texts: list[str]) -> str | None:
    """A month and a day in boxes of their own, where the article's address is of that day."""
    for month, day, when in _in_address(row):
        for one, two in pairwise(text.strip(_BRACKETS) for text in texts):
            for name, number in ((one, two), (two, one)):
                if number.removesuffix("日") in (str(day), f"{day:02}") and _month(name) == month:
                    return when
    return None


def _month(name: str) -> int | None:
    if number := _MONTH.fullmatch(name):
        return int(number[1])
    named = dates.first(f"1 {name} 2000") if len(name) <= _LONGEST_MONTH and name.isalpha() else None
    return int(named[5:7]) if named else None


def _year_above(element: HtmlElement) -> str | None:
    for around in (element, *islice(element.iterancestors(), _OUT)):
        for before in islice(around.itersiblings(preceding=True), _ABOVE):
            if isinstance(before.tag, str) and (year := _YEAR_ALONE.fullmatch(" ".join(pieces.facts(before)))):
                return year[1]
    return None


def _alone(texts: list[str], by: Order, *, strict: bool) -> str | None:
    """Of a text that says so, else of one that is nothing else, else (not if ``strict``) of one with few other words."""
    able = []
    for text in texts:
        if len(text) > _LINE or not _FIGURE.search(text) or _SENTENCE.search(text):
            continue
        labelled = bool(LETTER.search(text) and _PUBLISHED.search(text.lower()))
        words = len(datelike.rest(_PUBLISHED.sub("", text.lower()) if labelled else text))
        if words <= (_FEW if strict and not labelled else _WORDS):
            able.append((not labelled, words > _FEW, text))
    dated = (first(text, by) for _, _, text in sorted(able, key=lambda found: found[:2]))
    return next(filter(None, dated), None)


def _in_boxes(texts: list[str], by: Order) -> str | None:
    boxed = (dates.first(box, day_first=by.day_first) for box in datelike.boxes(texts))
    return next(filter(None, boxed), None)


def _labelled(texts: list[str], by: Order) -> str | None:
    """In a summary that begins with the article's own line: 来源：新闻网 发稿时间：2025-05-15 11:26 本网讯…"""
    for text in texts:
        if (label := _label(text)) and (when := first(text[label.end() : label.end() + 40], by)):
            return when
    return None


def _label(text: str) -> re.Match[str] | None:
    """The label of a day of publication in a line or a summary."""
    return _LABELLED.search(text) if "日" in text or _PUBLISHED.search(text.lower()) else None


def _hidden(row: Row) -> str | None:
    for element in row.element.iter("span", "div", "p", "i", "em"):
        style = element.get("style")
        if style and pieces.HIDDEN.search(style) and (when := dates.first(row.of_page.joined(element))):
            return when
    return None
