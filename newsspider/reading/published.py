"""The day of publication: every day that a page offers for it, and the evidence that chooses. A page that prints none has none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from lxml import etree
from lxml.html import HtmlElement

from newsspider.extract import dates, zones
from newsspider.extract.blocks import Block
from newsspider.extract.text import LETTER
from newsspider.reading import datelike, stamps, words
from newsspider.reading.choice import Candidate, Choice, Evidence, choose
from newsspider.reading.counts import is_label as is_count
from newsspider.reading.heading import EVENT, Heading
from newsspider.reading.marks import is_alone, is_link, is_meta
from newsspider.reading.title import in_row

if TYPE_CHECKING:
    from newsspider.reading.document import Page

Kind = Literal[
    "selector",
    "family",
    "printed",
    "boxed",
    "alone",
    "linked",
    "script",
    "meta",
    "markup",
    "JSON-LD",
    "time",
    "time below",
    "below",
    "far below",
]


@dataclass(frozen=True, kw_only=True)
class Day(Candidate):
    """A date (ISO 8601) that could be that of publication.

    ``printed``: as the page prints it; None: only machines are told. ``label``: as `newsspider.reading.stamps.Stamp`. What else
    tells: it stands in the line of the title, beside the time or place of an event, is given as machines write; the head
    declares it to be the day of the last change, or of publication, too; it is the declared day with day and month exchanged; a
    line prints it.
    """

    value: str
    kind: Kind
    printed: str | None = None
    label: str = "bare"
    in_title: bool = False
    of_event: bool = False
    for_machines: bool = False
    changed: bool = False
    declared: bool = False
    exchanged: bool = False
    shown: bool = True

    @property
    def bare(self) -> bool:
        return self.kind in _PRINTED and self.label == "bare"


_PRINTED = ("printed", "boxed", "alone", "linked")
TABLE: tuple[Evidence[Day], ...] = (
    Evidence("the site's own selector", lambda day: day.kind == "selector", "whoever wrote the site file has looked"),
    Evidence("the family's template", lambda day: day.kind == "family", "WebPlus: .arti_update"),
    Evidence("labelled as published", lambda day: day.label == "published", "发布时间：2024-03-19"),
    Evidence("labelled as a day", lambda day: day.label == "plain", "日期：2024-03-19"),
    Evidence("labelled as updated", lambda day: day.label == "updated", "更新时间 of Chinese templates is the day of publication"),
    Evidence("in the heading, without a label", lambda day: day.bare, "a date alone below the title"),
    Evidence("in boxes", lambda day: day.kind == "boxed", "19 / 2024-03: less sure than a date in one piece"),
    Evidence("below a teaser", lambda day: day.kind == "alone", "title, summary, a picture's words, then the date"),
    Evidence("in a line of links", lambda day: day.kind == "linked", "March 20, 2023 | Wellness & Prevention"),
    Evidence("known to a script of the family", lambda day: day.kind == "script", "RPage"),
    Evidence("declared in <meta>", lambda day: day.kind == "meta", "article:published_time"),
    Evidence("declared in the markup", lambda day: day.kind == "markup", "itemprop=datePublished, .entry-date"),
    Evidence("declared in JSON-LD", lambda day: day.kind == "JSON-LD", "SEO plugins write it on every page"),
    Evidence("declared by <time>", lambda day: day.kind == "time", "<time datetime> beside 'two days ago'"),
    Evidence("declared by <time> below", lambda day: day.kind == "time below", "the first thing said below a text"),
    Evidence("below the text", lambda day: day.kind == "below", "blogs sign below"),
    Evidence("far below the text", lambda day: day.kind == "far below", "the one labelled date below a form"),
    Evidence("declared, too", lambda day: day.bare and day.declared, "February 8, 2022 • July 16, 2025"),
    Evidence("declared as the last change", lambda day: day.bare and day.changed, "a blog that prints only the day of its last change"),
    Evidence("in the title", lambda day: day.bare and day.in_title, "the day of a defence: 陈一于2022年11月22日进行答辩"),
    Evidence("of an event", lambda day: day.bare and day.of_event, "Oct 16, 2018 / 12:00 pm - 2:00 pm"),
    Evidence("written for machines", lambda day: day.bare and day.for_machines, "a hidden rich snippet: 2017-09-04T09:24:24+00:00"),
    Evidence("day and month exchanged", lambda day: day.bare and day.exchanged, "09.10.2024 where the head says September 10"),
    Evidence("no line prints it", lambda day: day.kind == "JSON-LD" and not day.shown, "a static page of WordPress"),
)  # fmt: skip


def choice(days: list[Day]) -> Choice[Day]:
    return choose(days, "published", TABLE)


def is_sure(day: Day) -> bool:
    """Nothing that could still be found weighs more: the rest need not be looked for."""
    return day.kind in ("selector", "family") or (day.kind == "printed" and day.label in ("published", "plain"))


def is_ruled_out(day: Day) -> bool:
    return choice([day]).winner is None


def exchanged(one: str, other: str) -> bool:
    """
    >>> exchanged("2024-10-09", "2024-09-10T16:07"), exchanged("2024-10-09", "2024-10-09")
    (True, False)
    """
    return one[:10] != other[:10] and (one[:4], one[5:7], one[8:10]) == (other[:4], other[8:10], other[5:7])


def same_day(one: str, other: str) -> bool:
    """One day, or an instant in UTC and the day that it is somewhere."""
    return one[:10] == other[:10] or zones.is_local(one, other) or zones.is_local(other, one)


_WHERE = {
    "bare": "date of the heading",
    "updated": "date of the last update in the heading",
    "published": "labelled date of the heading",
    "plain": "labelled date of the heading",
}
# The names of <meta> by which sites declare the day, surest first, then what else such names are made of.
_META = (
    "pubdate article:published_time og:published_time og:article:published_time datepublished publishdate "
    "publish_date publish-date date_published dc.date.issued dcterms.issued dc.date.created dcterms.created "
    "dcterms.date dc.date citation_publication_date article.published date"
).split()
_META_LIKE = re.compile(
    r"(?:^|[-_.:])(?:pub(?:lish(?:ed|ing)?|lication)?[-_.]?(?:date|time|on|at)?|date[-_]?published)$"
)
_CLASSES = (".entry-date", ".published", ".pubdate", ".dt-published", ".article-date")
_STATED = etree.XPath("//*[contains(concat(' ', @itemprop, ' '), ' datePublished ')] | //time[@pubdate]")
_JSON_LD = etree.XPath("//script[@type='application/ld+json']/text()", smart_strings=False)
_JSON_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_MACHINE = re.compile(r"[\d-]+T[\d:.]+(?:Z|[+-]00:?00)")
_MODIFIED = re.compile(r'"dateModified"\s*:\s*"([^"]{4,40})"')
_CHANGED = ("article:modified_time", "og:updated_time")
_CHANGED_NAME = re.compile(r"updated|modified", re.I)
_REVISED = re.compile(rf"\W*{words.one_of('revised')}", re.I)
# The clock of an event, from when to when, and the words beside it that name its place.
_FROM_TO = re.compile(
    r"\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m\.?)?\s*(?:[-–—~～至到]|to|until)\s*\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m\b)?", re.I
)
_CLOCK = re.compile(r"\d:\d\d|\d\s*[ap]\.?m\b", re.I)
_PLACE = re.compile(r"(?:location|venue|where|address|event details|add to calendar|download ical.*)\W*", re.I)
_OWN_DAY = re.compile(r"\d\s*月\s*\d|\d{1,2}/\d{1,2}")
_SENTENCE = re.compile(r"[。；，]|[：:]$")
_BELOW_TITLE, _DATE_ALONE, _FEW = 8, 40, 10  # lines; characters of the line, and letters beside the date
_LINES_OF_LINKS, _LINE_OF_LINKS, _A_LINK = 3, 90, 32  # lines; characters of one, and of its links
_PROSE = 60  # what a line of a text is worth
_BESIDE = 5  # lines below a date in which its event is told
_LONGEST, _LONGEST_HEADING = 60, 120  # characters of such a line
_NEAR = 10  # lines below a text
_NAME = 20  # bytes of a link to a column, a tag; what says more is the title of another article
_LAST = 6  # lines of the element of a text that can be the template's


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What a family, or the site's own selector, gives: elements that hold the day, and the day that a script of the page knows."""

    elements: list[HtmlElement | str]
    where: str
    kind: Kind
    scripted: Day | None = None


def of(page: Page, known: Known, heading: Heading, span: tuple[int, int]) -> Choice[Day]:
    """The day of publication among all that could be it; ``span``: the lines of the text."""
    found: list[Day] = []
    for day in _every(page, known, heading, span):
        found.append(day)
        if is_sure(day):
            break
    return choice(found)


def _every(page: Page, known: Known, heading: Heading, span: tuple[int, int]) -> Iterator[Day]:
    yield from _selected(page, known)
    printed = stamps.every(heading.text, day_first=page.day_first)
    yield from (_labelled(stamp) for stamp in printed if stamp.label != "bare")
    if known.scripted is not None:
        yield known.scripted
    bare = [*_bare(page, heading, printed)]
    events = {day.value[:10] for day in bare if day.of_event}
    bare = [replace(day, of_event=day.value[:10] in events) for day in bare]
    declared = _declared(page, bare)
    yield from (day if declared is None else _beside_declared(page, day, declared) for day in bare)
    if declared is not None:
        yield declared
    if any(day.of_event or not is_ruled_out(day) for day in bare):  # what could follow weighs less, or is the event's
        return
    if marked := _marked(page, heading.zone):
        yield Day(value=marked, where="datetime of <time> in the heading", kind="time")
    if below := _below(page, heading.starts, span):
        yield below


def _selected(page: Page, known: Known) -> Iterator[Day]:
    text = " ".join(node if isinstance(node, str) else "".join(node.itertext()) for node in known.elements)
    if stamp := stamps.first(" ".join(text.split()), day_first=page.day_first):
        yield Day(value=stamp.iso, where=known.where, kind=known.kind, printed=stamp.text)


def _labelled(stamp: stamps.Stamp) -> Day:
    return Day(value=stamp.iso, where=_WHERE[stamp.label], kind="printed", printed=stamp.text, label=stamp.label)


def _bare(page: Page, heading: Heading, printed: tuple[stamps.Stamp, ...]) -> Iterator[Day]:
    """The days of the heading that no label names, with the line that each stands in."""
    starts = [0, *accumulate(len(text) + 1 for _, text in heading.lines)]
    for stamp in printed:
        if stamp.label == "bare":
            at = heading.lines[bisect_right(starts, stamp.at) - 1][0]
            yield Day(
                value=stamp.iso,
                where=_WHERE["bare"],
                kind="printed",
                printed=stamp.text,
                in_title=at is not None and at == heading.title_at,
                of_event=at is not None and _is_of_event(page, at, stamp.iso),
                for_machines=_MACHINE.match(heading.text, stamp.at) is not None,
            )
    if not printed and heading.boxed is None:
        yield from _alone(page, heading)
    if boxed := heading.boxed:
        yield Day(value=boxed.iso, where=_WHERE["bare"], kind="boxed", printed=boxed.text)


def _alone(page: Page, heading: Heading) -> Iterator[Day]:
    """A date alone on its line, or but for links, among the first lines below the title, after a teaser or a picture's words, and
    above the text."""
    lines, at = page.blocks.lines, heading.title_at
    if at is None:
        return
    for index in range(at + 1, min(at + 1 + _BELOW_TITLE, len(lines))):
        line = lines[index]
        stamp = stamps.first(line.text, day_first=page.day_first) if len(line.text) <= _LINE_OF_LINKS else None
        kind = _form(line, stamp, index - at) if stamp is not None and stamp.label == "bare" else None
        if stamp is None or kind is None:
            continue
        above_text = any(value > _PROSE for value in page.worth[index + 1 : index + 1 + _BELOW_TITLE])
        if above_text and not _is_changed(line.element):
            event = _is_of_event(page, index, stamp.iso)
            where = "date alone below the title"
            yield Day(value=stamp.iso, where=where, kind=kind, printed=stamp.text, of_event=event)
        return


def _form(line: Block, stamp: stamps.Stamp, below: int) -> Literal["alone", "linked"] | None:
    """How a line ``below`` the title holds a date: alone, or before a few links, to its column and author; None: as a text does."""
    if len(line.text) <= _DATE_ALONE and len(LETTER.findall(line.text.replace(stamp.text, "", 1))) <= _FEW:
        return "alone"
    others = len(LETTER.findall(line.text.replace(stamp.text, "", 1)))
    its = 0 < line.linked <= _A_LINK and stamp.at == 0 and others - line.linked <= _FEW
    return "linked" if its and below <= _LINES_OF_LINKS and not line.heading else None


def _is_changed(element: HtmlElement) -> bool:
    """The element is named as that of the last change."""
    return _CHANGED_NAME.search(f"{element.get('class')} {element.get('itemprop')}") is not None


def _is_of_event(page: Page, at: int, iso: str) -> bool:
    """Below a day alone stand, before any text, from when to when it goes, or where; and neither credits nor a labelled day, which
    would be the event's."""
    lines = page.blocks.lines
    if is_count(lines[at].text):
        return False
    told = False
    for line in lines[at + 1 : at + 1 + _BESIDE]:
        text = line.text
        its = next(dates.every(text, day_first=page.day_first), None)
        if len(text) > (_LONGEST_HEADING if line.heading else _LONGEST) or _SENTENCE.search(text):
            break
        if its is not None and (its.start > 0 or its.iso[:10] != iso[:10]):
            return False
        placed = _PLACE.fullmatch(text) or (EVENT.match(text) and its is None)
        if not placed and its is None and (is_meta(line) or _OWN_DAY.search(text)):
            return False
        ends_later = its is not None and stamps.first(text, day_first=page.day_first) is None  # from that day on
        told = told or bool(placed or ends_later or (_FROM_TO.search(text) and _CLOCK.search(text)))
    return told


# --- What machines are told ---


def _declared(page: Page, bare: list[Day]) -> Day | None:
    """The day that the page declares to machines: of an instant in UTC the day in the site's own zone, where it is declared in that,
    too."""
    every = _declarations(page)
    first = next(every, None)
    if first is None:
        return None
    if zones.is_utc(first.value):
        local = (it.value for it in every if not zones.is_utc(it.value) and zones.is_local(it.value, first.value))
        first = replace(first, value=next(local, first.value))
    if first.kind != "JSON-LD":
        return first
    shown = any(same_day(day.value, first.value) for day in bare) or _prints(page, first.value)
    return replace(first, shown=shown)


def _declarations(page: Page) -> Iterator[Day]:
    names = [*(name for name in _META if name in page.declared), *filter(_META_LIKE.search, page.declared)]
    for name in names:
        if date := dates.declared(page.declared[name]):
            yield Day(value=date, where=f"<meta {name}>", kind="meta")
    for name in _CLASSES:
        for element in page.blocks.by_name.get(name, ()):
            value = element.get("datetime") or element.get("content") or element.get("title")
            if value and (date := dates.declared(value)):
                yield Day(value=date, where=f"datetime of {name}", kind="markup")
    if "datePublished" not in page.text and "pubdate" not in page.text:  # the tree need not be searched
        return
    for element in _STATED(page.root):
        if (value := element.get("datetime") or element.get("content")) and (date := dates.declared(value)):
            yield Day(value=date, where="itemprop datePublished", kind="markup")
    for script in _JSON_LD(page.root):
        if (m := _JSON_LD_DATE.search(script)) and (date := dates.declared(m[1])):
            yield Day(value=date, where="JSON-LD datePublished", kind="JSON-LD")


def _prints(page: Page, iso: str) -> bool:
    """Any line of the page prints that day."""
    year = iso[:4]
    lines = (line.text for line in page.blocks.lines if year in line.text)
    return any(same_day(date.iso, iso) for text in lines for date in dates.every(text, day_first=page.day_first))


def _beside_declared(page: Page, day: Day, declared: Day) -> Day:
    """``day`` with what the declared one tells of it."""
    if same_day(day.value, declared.value):
        return replace(day, declared=True)
    changed = any(same_day(day.value, iso) for iso in _changes(page))
    return replace(day, changed=changed, exchanged=exchanged(day.value, declared.value))


def _changes(page: Page) -> Iterator[str]:
    """The days of the last change that the head declares."""
    script = _MODIFIED.search(page.text)
    for value in (script[1] if script else None, *(page.declared.get(name) for name in _CHANGED)):
        if value and (iso := dates.declared(value)):
            yield iso


def _marked(page: Page, zone: tuple[int, int]) -> str | None:
    """The date that the first <time> or <abbr> in these lines of the page, or just below, declares to machines, but not as that of
    a change."""
    lines = page.blocks.lines
    for element in page.root.iter("time", "abbr"):
        at = page.blocks.span.get(element, (-1, -1))[0]
        if not zone[0] <= at < zone[1] + 3 or _is_changed(element) or (date := _told(element)) is None:
            continue
        if _REVISED.match(lines[at].text) or any(
            stamps.label(line.text) in ("revised", "other") for line in lines[max(0, at - 1) : at + 1]
        ):
            continue
        return date
    return None


def _told(element: HtmlElement) -> str | None:
    """What <time> or <abbr> tell machines."""
    return dates.declared(element.get("datetime" if element.tag == "time" else "title") or "")


# --- What stands below the text ---


def _below(page: Page, starts: int, span: tuple[int, int]) -> Day | None:
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
    if (its := _one(page, starts, span)) is not None:
        where = "the one labelled date below the title"
        return Day(value=its.iso, where=where, kind="far below", printed=its.text, label=its.label)
    return _signed(page, end)


def _one(page: Page, starts: int, span: tuple[int, int]) -> stamps.Stamp | None:
    """The one day that is labelled as that of publication anywhere below the title."""
    lines = page.blocks.lines
    found: dict[str, stamps.Stamp] = {}
    for index in range(starts, len(lines)):
        line = lines[index]
        if line.linked or not datelike.looks(line.text) or not is_meta(line):
            continue
        label = f"{lines[index - 1].text}\n" if index and is_alone(lines[index - 1].text) else ""
        its = stamps.first(label + line.text, day_first=page.day_first)
        if its is not None and its.label == "published" and not _of_teaser(page, index, span):
            found.setdefault(its.iso, its)
    return next(iter(found.values())) if len(found) == 1 else None


def _of_teaser(page: Page, at: int, span: tuple[int, int]) -> bool:
    """A date below the heading of another article, in the text's element or outside of it."""
    above = page.blocks.lines[max(0, at - 1)]
    return (above.heading > 0 and is_link(above)) or (at >= span[1] and in_row(page, at, *span))


def _signed(page: Page, end: int) -> Day | None:
    """The <time> or <abbr> that is the first thing said below a text: neither a comment's nor that of a row of a list."""
    lines, span = page.blocks.lines, page.blocks.span
    if end >= len(lines) or not is_meta(lines[end]) or lines[end].heading or is_link(lines[end]):
        return None
    element = lines[end].element
    around = (node for node in (element, *element.iterancestors()) if span.get(node, (0, 0))[0] >= end)
    if any("comment" in f"{node.get('class')} {node.get('id')}".lower() for node in around):
        return None
    if any(is_link(line) and len(line.text.encode("utf-8", "replace")) > _NAME for line in lines[end + 1 : end + 2]):
        return None
    iso = next((iso for time in element.iter("time", "abbr") if (iso := _told(time))), None)
    where = "datetime of <time> below the text"
    return Day(value=iso, where=where, kind="time below", printed=lines[end].text) if iso else None
