"""The heading of an article: its title, and between title and text the lines with date, credits and count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from newsspider.extract import dates, titles
from newsspider.extract.blocks import HEAD, Block
from newsspider.extract.text import LETTER
from newsspider.reading import content, counts, stamps, words
from newsspider.reading import title as headline
from newsspider.reading.marks import is_dated, is_link, is_meta, is_plain, names_value
from newsspider.reading.stamps import Stamp
from newsspider.reading.title import Headline

if TYPE_CHECKING:
    from newsspider.reading.document import Page

_CATEGORY = re.compile(r"\[[^\]]{1,10}\]\s*")
_LONGEST_LINE = 300  # characters of a line of the heading; longer ones are text, and what they date is something else
_SENTENCE = re.compile(r"。|[.!?]$")
_PUNCTUATION = re.compile(r"[。，、；：！？.,;:!?]")


# What stands beside the time of an event.
EVENT = re.compile(
    rf"[\s●·*【\[]*(?:\d+[.、]\s*)?(?:(?:(?:讲座|报告|会议|活动|举办|演讲)?地\s*[点點]|일시|{words.one_of('place_or_speaker')})"
    r"\s*(?:[:：】\]]|\s\S|$)|(?:主[讲講]|主持)\s*[:：]|(?:venue|location|place|where|speakers?)\s*(?:[:：]|$))",
    re.I,
)


@dataclass(slots=True)
class Heading:
    """What stands above an article's text.

    The title and the line where it stands; the lines of the heading, each with its number on the page, and between which of the
    page they stand (``zone``); the first line of the text, and the lines of the heading that stand ``among`` those of the text; the
    date where it is drawn in boxes of its own.
    """

    title: str
    title_rule: str
    title_at: int | None
    lines: list[tuple[int | None, str]] = field(default_factory=list)
    zone: tuple[int, int] = (0, 0)
    starts: int = 0
    among: list[int] = field(default_factory=list)
    boxed: Stamp | None = None

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.lines)

    @property
    def beside_title(self) -> str:
        """The lines without that of the title, whose day is what the article is about."""
        return "\n".join(text for at, text in self.lines if at is None or at != self.title_at)


def read(page: Page, title: tuple[str, str] | None, span: tuple[int, int], *, trusted: bool) -> Heading:
    """The heading above the text that the lines of ``span`` hold. ``title`` is one already known, with its rule.

    ``trusted``: the span holds the text alone, and no line of the heading.
    """
    lines = page.blocks.lines
    start, end = span
    found = headline.find(page, start, end) if title is None else Headline(*title, _index(lines, title[0], end))
    heading = Heading(*found)
    dated = ""
    if not page.declared_titles.states(heading.title):
        kept, dated = headline.without_date(heading.title)
        if dated and _is_told_below(lines, heading.title_at, dated):
            dated = ""
        else:
            heading.title = kept
        if not dated and heading.title_at is not None:
            heading.title, dated = headline.without_element(heading.title, lines[heading.title_at].element)
    heading.title = headline.without_names(heading.title, page)
    # Boards print an article's category before its title: [공지].
    if (category := _CATEGORY.match(heading.title)) and not page.declared_titles.likeness(heading.title):
        rest = heading.title[category.end() :]
        apart = heading.title_at is not None and headline.begins(lines[heading.title_at].element, category[0])
        heading.title = rest if apart or page.declared_titles.likeness(rest) else heading.title
    parts = _parts(lines, heading.title_at)
    if title is None and (declared := titles.as_declared(heading.title, page.head_titles, parts)):
        heading.title, heading.title_rule = declared, "declared title, with which the heading begins"
    at = heading.title_at
    first = start
    if at is not None and start <= at < end:  # the element of the text holds the title, too
        first = at + 1
        while first < end and titles.fold(lines[first].text) in titles.fold(heading.title):
            first += 1
        if not trusted:
            first = _after_fields(lines, first, end)
    elif at is not None and not trusted:
        first = headline.after_repeat(page.blocks, first, end, heading.title)
    top = _above(page, max(0, start - 12), start) if at is None else _above(page, max(0, at - 4), at)
    heading.zone = top, first if at is None or at >= start else max(at + 1, first)
    zone = list(range(*heading.zone))
    zone = zone if len(zone) <= 40 else zone[:12] + zone[-28:]
    heading.lines = _printed(lines, (i for i in zone if at is None or i >= at))
    if dated:
        heading.lines.append((None, dated))
    heading.starts = first
    # What stands below the title comes first: above it may be the day of the visit.
    above = _printed(lines, range(top, at)) if at is not None else []
    if not trusted and not stamps.first(heading.beside_title, day_first=page.day_first):
        date = stamps.first("\n".join(text for _, text in above), day_first=page.day_first)
        if date is None or date.label not in ("published", "plain"):
            heading.among = _among(lines, first, end)
            heading.lines += _printed(lines, heading.among)
    heading.lines += above
    if stamps.first(heading.beside_title, day_first=page.day_first):
        return heading
    if boxes := _boxed(lines, top, min(first + 4, end), page.language):
        heading.boxed, drawn = boxes
        heading.among += [index for index in drawn if index >= first]
    elif first < end:
        heading.boxed = stamps.opening(lines[first].text, day_first=page.day_first)
    for index in range(at + 1, min(first + 1, end)) if heading.boxed is None and at is not None else ():
        if day := headline.crumbs_day(lines[index]):
            heading.boxed = day
            heading.among += [index]
    return heading


def _is_told_below(lines: list[Block], at: int | None, dated: str) -> bool:
    """The day at the end of a title stands below it, too, and no element of its own in it: it is part of the title."""
    day = dates.first(dated)
    if at is None or day is None or len(lines[at].element):
        return False
    return any((dates.first(line.text) or "")[:10] == day[:10] for line in lines[at + 1 : at + 4])


def _parts(lines: list[Block], at: int | None) -> list[str]:
    """The texts of the elements and lines of a heading."""
    if at is None:
        return []
    element = lines[at].element
    inner = ["".join(node.itertext()) for node in element.iterdescendants() if isinstance(node.tag, str)]
    tails = [node.tail or "" for node in element.iterdescendants()]
    return [*inner, *tails, *(line.text for line in lines[at + 1 : at + 4] if line.element is element)]


def _printed(lines: list[Block], indexes: Iterable[int]) -> list[tuple[int | None, str]]:
    """The texts of lines of a heading: neither links nor too long."""
    return [
        (index, counts.apart(line.text))
        for index in indexes
        if len((line := lines[index]).text) <= _LONGEST_LINE
        and (line.linked * 2 <= len(line.text) or (is_meta(line) and not is_link(line)))
    ]


def _above(page: Page, top: int, title: int) -> int:
    """Where the lines above the title begin: after the last row of a list, which is a link and what stands with it in a box."""
    lines, span = page.blocks.lines, page.blocks.span
    for index in range(min(title, len(lines)) - 1, max(0, top - 4) - 1, -1):
        if is_link(lines[index]) and len(lines[index].text.encode("utf-8", "replace")) > 20:
            below = lines[min(index + 1, len(lines) - 1)].element
            around = (span[e] for e in (below, *below.iterancestors()) if e in span)
            box = next((end for first, end in around if first <= index), title + 1)
            return max(top, index + 1 if box > title else box)
    return top


def _among(lines: list[Block], first: int, end: int) -> list[int]:
    """The lines of the heading that stand among the first of the text, down to the date and what follows it."""
    found: list[int] = []
    dated, prose, value = False, 0, False
    for index in range(first, min(end, first + 8)):
        line = lines[index]
        if EVENT.match(line.text):
            break
        meta = is_meta(line) or (index == first and is_dated(line)) or (bool(found) and names_value(line.text))
        if meta and line.linked * 2 > len(line.text):  # a date that is a link to the day's articles
            meta = index == first and LETTER.search(line.text) is None
        if not meta and (_is_long(line) or _SENTENCE.search(line.text)):
            prose += 1
            if prose > 1:
                break
        if value and len(line.text) < 40:
            meta = True
        elif dated and not (meta and stamps.label(line.text) in (None, "revised")):
            break
        if meta and (_tells_event(lines, index) or stamps.label(line.text) == "other"):
            break
        if meta:
            date = stamps.first(line.text, day_first=True)
            if (
                prose
                and date is not None
                and date.label == "bare"
                and not any(map(_is_long, lines[index + 1 : index + 5]))
            ):
                break  # the date under a text
            found.append(index)
            dated = dated or date is not None
        value = names_value(line.text)
    if dated and found[0] <= first + 2 and all(_is_name(line) for line in lines[first : found[0]]):
        return [*range(first, found[0]), *found]
    return found


def _after_fields(lines: list[Block], first: int, end: int) -> int:
    """The line after the fields that stand below the title with a labelled date among them, else ``first``."""
    after, last_label = first, ""
    for index in range(first, min(end, first + 12)):
        line = lines[index]
        event = _tells_event(lines, index) or stamps.label(line.text) == "other"
        meta = is_meta(line) and not event
        value = bool(last_label) and len(line.text) < 40 and not event
        date = stamps.first(f"{last_label} {line.text}", day_first=True) if meta or value else None
        if after > first:  # past the date: its fellows, up to what may be the text's own date
            if not (meta or value) or (date is not None and date.label not in ("published", "updated")):
                break
            after = index + 1
        elif date is not None and date.label in ("published", "plain"):
            after = index + 1
        elif index >= first + 6 or EVENT.match(line.text) or (not meta and _is_long(line)):
            break
        last_label = line.text if names_value(line.text) else ""
    return after


def _is_long(line: Block) -> bool:
    return len(line.text.encode("utf-8", "replace")) > 90


def _is_name(line: Block) -> bool:
    """What may stand above a date as its fellow does: a department, a column."""
    return len(line.text) <= 20 and not line.heading and not _PUNCTUATION.search(line.text)


def _tells_event(lines: list[Block], index: int) -> bool:
    """The line gives a time, and those beside it the place or the speaker."""
    date = stamps.first(lines[index].text, day_first=True)
    if date is None or (
        date.label != "plain" and not (date.label == "bare" and is_plain(lines[max(0, index - 1)].text))
    ):
        return False
    return any(EVENT.match(line.text) for line in lines[max(0, index - 3) : index + 4])


def _boxed(lines: list[Block], first: int, end: int, language: str) -> tuple[Stamp, range] | None:
    """The date that is drawn in one to three boxes under one another (19 / 2024-03), or has its year short, and where."""
    for index in range(first, end):
        if not lines[index].heading and (_is_long(lines[index]) or _SENTENCE.search(lines[index].text)):
            break
        if _tells_event(lines, index):
            continue
        for count in (1, 2, 3):
            boxes = [line.text for line in lines[index : min(index + count, end)]]
            text = " ".join(boxes)
            if len(text) <= 20 and len(boxes) == count:
                if iso := dates.boxed(text):
                    return Stamp(iso, text, "bare"), range(index, index + count)
                if count == 1 and (short := stamps.short(text, language)):
                    return short, range(index, index + 1)
    return None


def declared(page: Page) -> int | None:
    """The line of the first <h1> to <h3> that says what the head declares to be the title, else the first line that is it."""
    titled, lines = page.declared_titles, page.blocks.lines
    heads = (at for at, line in enumerate(lines) if 1 <= line.heading <= 3 and titled.likeness(line.text) >= 5)
    if (found := next(heads, None)) is not None:
        return found
    its = (at for at, line in enumerate(lines[:HEAD]) if not line.linked and titles.fold(line.text) in titled.exact)
    return next((at for at in its if len(lines[at].text) >= 6 and page.worth[at] != content.in_chrome(lines[at])), None)


def anchored(page: Page) -> tuple[int, int] | None:
    """The lines of a title and of the date below or above it, in their order, where a page has no text to find them by."""
    lines = page.blocks.lines
    for index, line in enumerate(lines[:HEAD]):
        plain = line.linked * 2 <= len(line.text) and is_meta(line)
        date = stamps.first(line.text, day_first=True) if plain else None
        if date is not None:
            above = range(max(0, index - 4), index)
            best = max(above, key=lambda i: headline.score(lines[i], page), default=index)
            # A bare date below a link is one of a listing's rows.
            between = date.label == "bare" and any(
                lines[i].linked * 2 > len(lines[i].text) > 6 for i in range(best + 1, index)
            )
            least = 3 if date.label == "bare" else 1
            if best < index and not between and headline.score(lines[best], page) >= least:
                return best, index
            if (
                date.label != "bare"
                and max((headline.score(line, page) for line in lines[index + 1 : index + 2]), default=0) >= least
            ):
                return index, index + 1
    return None


def around(page: Page, title: int, date: int) -> HtmlElement | None:
    """The smallest element with title and date and what they stand above: a text of a few words, or else pictures."""
    pictured: HtmlElement | None = None
    for element in page.blocks.lines[date].element.iterancestors():
        start, end = page.blocks.span.get(element, (0, 0))
        if start > title or end <= date:
            continue
        if pictured is None and next(element.iter("img", "iframe", "video", "embed", "object"), None) is not None:
            pictured = element
        if end > date + 1:
            said = any(value > -20 for value in page.worth[date + 1 : end])
            return pictured if pictured is not None and (start < title - 6 or not said) else element
    return pictured


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
