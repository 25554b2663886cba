"""The days that a page offers for that of its publication, each with what tells for and against it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from newsspider.cms import foot
from newsspider.cms.heading import EVENT, Heading
from newsspider.extract import dates
from newsspider.extract.text import LETTER
from newsspider.reading import published as evidence
from newsspider.reading import stamps
from newsspider.reading.counts import is_label as is_count
from newsspider.reading.marks import is_meta
from newsspider.reading.published import Day, Kind

if TYPE_CHECKING:
    from newsspider.cms.base import Family, Page

_WHERE = {
    "bare": "date of the heading",
    "updated": "date of the last update in the heading",
    "published": "labelled date of the heading",
    "plain": "labelled date of the heading",
}
_MACHINE = re.compile(r"[\d-]+T[\d:.]+(?:Z|[+-]00:?00)")
_MODIFIED = re.compile(r'"dateModified"\s*:\s*"([^"]{4,40})"')
_CHANGED = ("article:modified_time", "og:updated_time")
# The clock of an event, from when to when, and the words beside it that name its place.
_FROM_TO = re.compile(
    r"\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m\.?)?\s*(?:[-–—~～至到]|to|until)\s*\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m\b)?", re.I
)
_CLOCK = re.compile(r"\d:\d\d|\d\s*[ap]\.?m\b", re.I)
_PLACE = re.compile(r"(?:location|venue|where|address|event details|add to calendar|download ical.*)\W*", re.I)
_OWN_DAY = re.compile(r"\d\s*月\s*\d|\d{1,2}/\d{1,2}")
_SENTENCE = re.compile(r"[。；，]|[：:]$")
_BELOW_TITLE, _DATE_ALONE, _FEW = 8, 40, 10  # lines; characters of the line, and letters beside the date
_PROSE = 60  # what a line of a text is worth
_CHANGED_NAME = re.compile(r"updated|modified", re.I)
_BESIDE = 5  # lines below a date in which its event is told
_LONGEST, _LONGEST_HEADING = 60, 120  # characters of such a line


def published(page: Page, family: Family, heading: Heading, span: tuple[int, int]) -> Day | None:
    """The day of publication, or None: the page prints none. ``span``: the lines of the text."""
    found: list[Day] = []
    for day in _every(page, family, heading, span):
        found.append(day)
        if evidence.is_sure(day):
            break
    choice = page.choices["published"] = evidence.choice(found)
    return choice.winner


def _every(page: Page, family: Family, heading: Heading, span: tuple[int, int]) -> Iterator[Day]:
    own = page.override("published")
    if own is not None:
        yield from _selected(page, own, "site.selectors.published", "selector")
    else:
        yield from _selected(page, [*page.find(*family.published)], f"{family.name} published", "family")
    printed = stamps.every(heading.text, day_first=page.day_first)
    yield from (_labelled(stamp) for stamp in printed if stamp.label != "bare")
    if scripted := family.scripted_date(page):
        yield Day(value=scripted, where=f"{family.name} script", kind="script")
    bare = [*_bare(page, heading, printed)]
    events = {day.value[:10] for day in bare if day.of_event}
    bare = [replace(day, of_event=day.value[:10] in events) for day in bare]
    declared = _declared(page, bare)
    yield from (day if declared is None else _beside_declared(page, day, declared) for day in bare)
    if declared is not None:
        yield declared
    if any(
        day.of_event or not evidence.is_ruled_out(day) for day in bare
    ):  # what could follow weighs less, or is the event's
        return
    if marked := page.marked_date(heading.zone):
        yield Day(value=marked, where="datetime of <time> in the heading", kind="time")
    if below := foot.date(page, heading.starts, span):
        yield below


def _selected(page: Page, found: list[HtmlElement | str], where: str, kind: Kind) -> Iterator[Day]:
    text = " ".join(node if isinstance(node, str) else "".join(node.itertext()) for node in found)
    if stamp := stamps.first(" ".join(text.split()), day_first=page.day_first):
        yield Day(value=stamp.iso, where=where, kind=kind, printed=stamp.text)


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
    """A date alone on its line among the first lines below the title, after a teaser or a picture's words, and above the text."""
    lines, at = page.blocks.lines, heading.title_at
    if at is None:
        return
    for index in range(at + 1, min(at + 1 + _BELOW_TITLE, len(lines))):
        text = lines[index].text
        stamp = stamps.first(text, day_first=page.day_first) if len(text) <= _DATE_ALONE else None
        if stamp is None or stamp.label != "bare" or len(LETTER.findall(text.replace(stamp.text, "", 1))) > _FEW:
            continue
        above_text = any(value > _PROSE for value in page.worth[index + 1 : index + 1 + _BELOW_TITLE])
        if above_text and not _CHANGED_NAME.search(lines[index].element.get("class") or ""):
            event = _is_of_event(page, index, stamp.iso)
            where = "date alone below the title"
            yield Day(value=stamp.iso, where=where, kind="alone", printed=stamp.text, of_event=event)
        return


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


def _declared(page: Page, bare: list[Day]) -> Day | None:
    if page.declared_date is None:
        return None
    where, iso = page.declared_date
    kind: Kind = "meta" if where.startswith("<meta") else "JSON-LD" if where.startswith("JSON-LD") else "markup"
    shown = kind != "JSON-LD" or any(evidence.same_day(day.value, iso) for day in bare) or _prints(page, iso)
    return Day(value=iso, where=where, kind=kind, shown=shown)


def _prints(page: Page, iso: str) -> bool:
    """Any line of the page prints that day."""
    year = iso[:4]
    lines = (line.text for line in page.blocks.lines if year in line.text)
    return any(
        evidence.same_day(date.iso, iso) for text in lines for date in dates.every(text, day_first=page.day_first)
    )


def _beside_declared(page: Page, day: Day, declared: Day) -> Day:
    """``day`` with what the declared one tells of it."""
    if evidence.same_day(day.value, declared.value):
        return day
    changed = any(evidence.same_day(day.value, iso) for iso in _changes(page))
    return replace(day, changed=changed, exchanged=evidence.exchanged(day.value, declared.value))


def _changes(page: Page) -> Iterator[str]:
    """The days of the last change that the head declares."""
    script = _MODIFIED.search(page.text)
    for value in (script[1] if script else None, *(page.declared.get(name) for name in _CHANGED)):
        if value and (iso := dates.declared(value)):
            yield iso
