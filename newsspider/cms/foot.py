"""What stands below the text of an article: its date, where none stands above, and where its own ends and other things begin."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from newsspider.cms import headline
from newsspider.extract import dates
from newsspider.reading import stamps
from newsspider.reading.marks import is_link, is_meta
from newsspider.reading.published import Day

if TYPE_CHECKING:
    from newsspider.cms.base import Page

_NEAR, _FAR = 8, 60  # lines below a text
_BOX = 12  # lines of a box below a text
_LAST = 6  # lines of the element of a text that can be the template's
_NAME = 20  # bytes of a link to a column, a tag; what says more is the title of another article


def date(page: Page, starts: int, span: tuple[int, int]) -> Day | None:
    """The day of publication below a text that begins at the line ``starts`` of ``span``."""
    lines, end = page.blocks.lines, span[1]
    last = min(end + _NEAR, len(lines))
    ending = [index for index in range(max(starts, end - _LAST), last) if index >= end or is_meta(lines[index])]
    begins = [0, *accumulate(len(lines[index].text) + 1 for index in ending)]
    for stamp in stamps.every("\n".join(lines[index].text for index in ending), day_first=page.day_first):
        at = ending[bisect_right(begins, stamp.at) - 1]
        if stamp.label == "published" and not _of_teaser(page, at, span):
            where = "labelled date below the text"
            return Day(value=stamp.iso, where=where, kind="below", printed=stamp.text, label=stamp.label)
    far = [
        (index, found)
        for index, line in enumerate(lines[end + _NEAR : end + _FAR], end + _NEAR)
        if is_meta(line) and not line.linked and (found := stamps.first(line.text, day_first=page.day_first))
    ]
    if len(far) == 1 and far[0][1].label == "published" and not headline.in_row(page, far[0][0], *span):
        its = far[0][1]
        where = "the one labelled date below the text"
        return Day(value=its.iso, where=where, kind="far below", printed=its.text, label=its.label)
    return _marked(page, end)


def _of_teaser(page: Page, at: int, span: tuple[int, int]) -> bool:
    """A date below the heading of another article, in the text's element or outside of it."""
    above = page.blocks.lines[max(0, at - 1)]
    return (above.heading > 0 and is_link(above)) or (at >= span[1] and headline.in_row(page, at, *span))


def ends(page: Page, end: int) -> int:
    """The line up to which what stands below a text can be its own: other articles or comments begin there."""
    lines = page.blocks.lines
    for index in range(end, min(end + _NEAR, len(lines))):
        line = lines[index]
        if line.heading or (is_link(line) and len(line.text.encode("utf-8", "replace")) > _NAME):
            return index
        if any("comment" in f"{node.get('class')} {node.get('id')}".lower() for node in _around(page, index, end)):
            return index
    return min(end + _NEAR, len(lines))


def _around(page: Page, index: int, end: int) -> Iterator[HtmlElement]:
    """The elements around a line that begin below the text."""
    element = page.blocks.lines[index].element
    return (node for node in (element, *element.iterancestors()) if page.blocks.span.get(node, (0, 0))[0] >= end)


def _marked(page: Page, end: int) -> Day | None:
    """The <time> or <abbr> that is the first thing said below a text: neither a comment's nor that of a row of a list."""
    lines, last = page.blocks.lines, ends(page, end)
    if last == end or is_link(lines[end]) or (last == end + 1 < len(lines) and is_link(lines[last])):
        return None
    time = next(lines[end].element.iter("time", "abbr"), None) if is_meta(lines[end]) else None
    value = "" if time is None else time.get("datetime" if time.tag == "time" else "title") or ""
    iso = dates.declared(value)
    where = "datetime of <time> below the text"
    return Day(value=iso, where=where, kind="time below", printed=lines[end].text) if iso else None


def begins(page: Page, starts: int, end: int, title: str) -> int:
    """Where below a text the box with its title, address and licence begins: a line that is the title again, and short ones;
    else ``end``."""
    for index in range(end - 1, max(starts, end - _BOX), -1):
        line = page.blocks.lines[index]
        if line.text == title and not line.heading:
            return index
        if page.worth[index] > 0:
            break
    return end
