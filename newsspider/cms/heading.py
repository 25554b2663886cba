"""The heading of an article: its title, and between title and text the lines with date, credits and count."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from newsspider.extract import counts, dates, published, titles
from newsspider.extract.blocks import Block

if TYPE_CHECKING:
    from newsspider.cms.base import Page

_TITLE_NAME = re.compile(r"titl|\bbt\b|biaoti|headline|subject|\btit\d*$", re.I)
_LABELLED = re.compile(
    r"^[\s\[(（【|]*(?:发布|发稿|时间|日期|来源|信息来源|文章来源|稿件来源|作者|编辑|责任编辑|责编|审核|供稿|撰稿|摄影|浏览|阅读|点击|字号|字体|分享|打印|"
    r"작성|조회|등록|post date|posted|published|date|category|last updated|by)[^。]{0,12}?[:：]"
    r"|^by\s+[^\W\d]|^\d+ (?:minute|hour|day|week|month)s? ago$"
    r"|^[\s\[(（【]*(?:字体|字号|大|中|小|打印|收藏|关闭|分享|分享到)[\s\])）】]*[:：]?$",
    re.I,
)
_NAMES_COLUMN = re.compile(r"\s*(?:您?(?:的|所在|当前)?(?:的)?(?:位置|首页)|所在位置|當前位置|home\b\s*[>›»/])", re.I)
_CATEGORY = re.compile(r"\[[^\]]{1,10}\]\s*")
_LETTERS = re.compile(r"[^\W\d_]")
_IN_TITLE = re.compile(r"\s*[\[(（【]?\s*(?:日期|时间|发布时间|发布日期)?[:：]?\s*$")


@dataclass(slots=True)
class Heading:
    """What stands above an article's text.

    The title and the line where it stands; the lines of the heading; the first line of the text, and the lines of the
    heading that stand ``among`` those of the text.
    """

    title: str
    title_rule: str
    title_at: int | None
    lines: list[str] = field(default_factory=list)
    starts: int = 0
    among: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def read(page: Page, title: tuple[str, str] | None, span: tuple[int, int], *, trusted: bool) -> Heading:
    """The heading above the text that the lines of ``span`` hold. ``title`` is one already known, with its rule.

    ``trusted``: the span holds the text alone, and no line of the heading.
    """
    lines = page.blocks.lines
    start, end = span
    heading = _titled(page, start, end) if title is None else Heading(*title, _index(lines, title[0], end))
    heading.title, dated = _without_date(heading.title)
    # Boards print an article's category before its title: [공지].
    if (category := _CATEGORY.match(heading.title)) and not page.declared_titles.likeness(heading.title):
        rest = heading.title[category.end() :]
        heading.title = rest if page.declared_titles.likeness(rest) else heading.title
    if title is None and (declared := titles.shorter(heading.title, page.head_titles[:-1])):
        heading.title, heading.title_rule = declared, "declared title, with which the heading begins"
    at = heading.title_at
    first = start
    if at is not None and start <= at < end:  # the element of the text holds the title, too
        first = at + 1
        while first < end and titles.fold(lines[first].text) in titles.fold(heading.title):
            first += 1
        if not trusted:
            first = _after_date(lines, first, end)
    top = max(0, start - 12) if at is None else max(0, at - 4)
    zone = list(range(top, first if at is None or at >= start else max(at + 1, first)))
    zone = zone if len(zone) <= 40 else zone[:12] + zone[-28:]
    heading.lines = [lines[i].text for i in zone if lines[i].linked * 2 <= len(lines[i].text) or is_meta(lines[i])]
    if dated:
        heading.lines.append(dated)
    heading.starts = first
    if not trusted and not published.first(heading.text):
        heading.among = _among(lines, first, end)
        heading.lines += [lines[index].text for index in heading.among]
    return heading


def _among(lines: list[Block], first: int, end: int) -> list[int]:
    """The lines of the heading that stand among the first of the text, down to the date and what follows it."""
    found: list[int] = []
    dated, prose = False, 0
    for index in range(first, min(end, first + 8)):
        meta = is_meta(lines[index]) and lines[index].linked * 2 <= len(lines[index].text)
        if not meta and len(lines[index].text.encode("utf-8", "replace")) > 90:
            prose += 1
            if prose > 1:
                break
        if dated and not (meta and not dates.first(lines[index].text)):
            break
        if meta:
            found.append(index)
            dated = published.first(lines[index].text) is not None
    return found


def _after_date(lines: list[Block], first: int, end: int) -> int:
    """The line after the labelled date that stands near below the title, else ``first``."""
    for index in range(first, min(end, first + 6)):
        date = published.first(lines[index].text) if is_meta(lines[index]) else None
        if date is not None and date.label in ("published", "plain"):
            return index + 1
    return first


def anchored(page: Page) -> tuple[int, int] | None:
    """The lines of a title and of the date below it, where a page has no text to find them by."""
    lines = page.blocks.lines
    for index, line in enumerate(lines):
        date = published.first(line.text) if line.linked * 2 <= len(line.text) and is_meta(line) else None
        if date is not None:
            above = range(max(0, index - 4), index)
            best = max(above, key=lambda i: _score(lines[i], page.declared_titles), default=index)
            # A bare date below a link is one of a listing's rows.
            between = date.label == "bare" and any(
                lines[i].linked * 2 > len(lines[i].text) > 6 for i in range(best + 1, index)
            )
            least = 3 if date.label == "bare" else 1
            if best < index and not between and _score(lines[best], page.declared_titles) >= least:
                return best, index
    return None


def is_meta(line: Block) -> bool:
    """A line of labels (date, source, count, buttons), not of the text."""
    return len(line.text) <= 160 and _is_meta(line.text, line.heading > 0)


@lru_cache(maxsize=4096)  # asked several times of a line, and menus are on every page of a site
def _is_meta(text: str, heading: bool) -> bool:
    if counts.is_label(text) or counts.labelled(text):
        return len(text) < 120
    if _LABELLED.match(text):
        return True
    rest = len(text)
    for date in dates.every(text):
        rest = min(rest, len(_LETTERS.findall(text[: date.start] + text[date.end :])))
    return rest < len(text) and rest <= (4 if heading else 16)


def _without_date(title: str) -> tuple[str, str]:
    """A title and the date that a template prints behind it in the same element."""
    found = None
    for found in dates.every(title):  # noqa: B007, the last one counts
        pass
    if found is None or _LETTERS.search(title[found.end :]):
        return title, ""
    before = title[: found.start]
    cut = _IN_TITLE.search(before)
    kept = before[: cut.start()] if cut else before
    # What is no date line but part of the title ends without a bracket or a space before the date: 校情通报2025-12-01.
    if len(kept) < 4 or (cut is not None and not cut[0]):
        return title, ""
    return kept.strip(), title[len(kept) :].strip()


def _index(lines: list[Block], title: str, end: int) -> int | None:
    """Where the title stands: the last line above the text's end that is it, or begins it."""
    mine = titles.fold(title)
    found = None
    for index, line in enumerate(lines[:end]):
        theirs = titles.fold(line.text)
        if theirs == mine or (len(theirs) >= 6 and mine.startswith(theirs)):
            found = index
            if theirs == mine and line.heading:
                break
    return found


def _titled(page: Page, start: int, end: int) -> Heading:
    """The line that looks most like the title: as the page's <title> has it, a heading, named so, just above the date."""
    lines, own = page.blocks.lines, page.declared_titles
    best, best_score = None, 3.5
    dated = next((i for i in range(max(0, start - 15), min(end, start + 10)) if is_meta(lines[i])), start)
    for index, line in enumerate(lines[: min(end, start + 12)]):
        score = _score(line, own)
        if not score:
            continue
        score += 2 * (0 < dated - index <= 3)
        score -= min(3.0, abs(start - index) / 15)
        if score > best_score:
            best, best_score = index, score
    if best is not None:
        text = titles.whole(lines, best) if lines[best].heading else lines[best].text
        confirmed = ", as in <title>" if own.likeness(text) else ""
        return Heading(text, f"<{lines[best].element.tag}> above the text{confirmed}", best)
    above = max((i for i in range(max(0, dated - 3), dated) if _may_be_title(lines[i])), default=None)
    if above is not None and dated < len(lines) and is_meta(lines[dated]):
        return Heading(lines[above].text, "the line above the date", above)
    if page.head_titles:
        return Heading(
            titles.without_site(page.head_titles[0], page.site_name), "<title> without the site's name", None
        )
    return Heading("", "none", None)


def _may_be_title(line: Block) -> bool:
    return 4 <= len(line.text) <= 120 and line.linked * 2 <= len(line.text) and not is_meta(line)


def _score(line: Block, own: titles.Declared) -> float:
    """How much a line looks like a title, by itself; 0: not at all."""
    text = line.text
    if len(text) > 300:
        return 0
    likeness = own.likeness(text)
    if likeness < 3.5 and line.linked * 2 > len(text) and line.heading not in (1, 2):
        return 0
    if _NAMES_COLUMN.match(text):
        return 0
    if not likeness and is_meta(line):
        return 0
    score = likeness + (min(len(titles.fold(text)), 30) / 10 if likeness else 0)
    score += (0, 3, 2.5, 2, 1, 1, 1)[line.heading]
    element = line.element
    for _ in range(3):
        if element is None:
            break
        if _TITLE_NAME.search((element.get("class") or "") + " " + (element.get("id") or "")):
            score += 2
            break
        element = element.getparent()
    return score - 2 * (len(titles.fold(text)) < 4)
