"""Who wrote, gave and edited an article: what a page offers for each, and the evidence that chooses. Nobody is an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Literal

from lxml import etree
from lxml.html import HtmlElement

from newsspider.extract.blocks import Block
from newsspider.extract.titles import fold
from newsspider.reading import content, credits, stamps
from newsspider.reading.choice import Candidate, Evidence, choose
from newsspider.reading.heading import Heading
from newsspider.reading.marks import is_alone, is_link, is_meta

if TYPE_CHECKING:
    from newsspider.reading.document import Page

Kind = Literal[
    "selector",
    "label",
    "label below",
    "template",
    "declared",
    "by",
    "by below",
    "marked",
    "marked below",
    "dated",
    "near the date",
]
FIELDS = ("source", "author", "editor")


@dataclass(frozen=True, kw_only=True)
class Name(Candidate):
    """Somebody whom a page may name.

    ``also``: another place of the page names the same; ``printed``: a line of the heading does; ``person``: it is made as names of
    people are; ``column``: it is a link of the menu or the site's own name; ``giver``: labelled as who sent the text in;
    ``several``: others are named in the same way.
    """

    value: str
    kind: Kind
    giver: bool = False
    also: bool = False
    printed: bool = True
    person: bool = False
    column: bool = False
    several: bool = False


TABLE: tuple[Evidence[Name], ...] = (
    Evidence("the site's own selector", lambda it: it.kind == "selector", "whoever wrote the site file has looked"),
    Evidence("labelled", lambda it: it.kind == "label", "作者：张一然"),
    Evidence("labelled below the text", lambda it: it.kind == "label below", "（文：张一然）"),
    Evidence("labelled as who gave it", lambda it: it.giver, "供稿：宣传部 beside 作者：张一然"),
    Evidence("the template's own", lambda it: it.kind == "template", "<meta name=contentsource>"),
    Evidence("declared in the head", lambda it: it.kind == "declared", "<meta name=author>, JSON-LD"),
    Evidence("after by", lambda it: it.kind == "by", "By Mark Thornbury · March 19, 2024"),
    Evidence("after by, below the text", lambda it: it.kind == "by below", "By Mark Thornbury"),
    Evidence("in an element named so", lambda it: it.kind == "marked", ".post-author, rel=author"),
    Evidence("in an element named so, below", lambda it: it.kind == "marked below", "WordPress signs below"),
    Evidence("beside the date", lambda it: it.kind == "dated", "张一然 2024-03-19 10:11"),
    Evidence("in the line beside the date", lambda it: it.kind == "near the date", "Mark Thornbury / March 19, 2024"),
    Evidence("named elsewhere, too", lambda it: it.also, "a line says who the head says wrote it"),
    Evidence("made as a person's name", lambda it: it.person, "Mark Thornbury, 张一然"),
    Evidence("a column's name", lambda it: it.column, "Campus News · March 19, 2024"),
    Evidence("others are named so", lambda it: it.several, "a board of editors"),
    Evidence("no line prints it", lambda it: not it.printed, "the account of whoever put it on the site"),
)  # fmt: skip


_NAMED = re.compile(r"(?:^|(?<!comment)[-_])(?:author(?:[-_]*name)?|byline|createdby)$", re.I)
_SIGNS = tuple(f"{name}={mark}author" for name in ("rel", "itemprop") for mark in ('"', "'", ""))  # in the HTML
_MARKED = etree.XPath(
    "//*[not(self::meta or self::link)][@itemprop='author' or contains(concat(' ', @rel, ' '), ' author ')]"
)
_NAMES = etree.XPath("descendant::*[not(self::meta or self::link)][@itemprop='name']")
_MOST_MARKED = 20
_MOST = 3  # lines
_LAST, _NEXT = 6, 8  # lines of a text, and below it, in which its credits can stand
_COLUMN = 20  # bytes of a link to a column, a tag; what says more is the title of another article
_REMARK = re.compile(r"[(（【\[][^)）】\]]{2,60}[)）】\]]")
_META = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl")
_JSON_LD = re.compile(r'"author"\s*:\s*\[?\s*\{[^{}\[\]]{0,400}?"name"\s*:\s*"([^"]{2,60})"')
_APART = " \t　|丨/／,，;；、·•-—–_:："
# Also where two elements touch: PhotographyMark Thornbury.
_BARS = re.compile(r"[|•·/\n\t【】\[\]()（）]|\s[-–—]+\s|—|(?i:\bon\b)|,\s*$|(?<=[a-z]{3})(?=[A-Z][a-z])")
_DATELINE = re.compile(r"^[^|]{2,40},\s*[|]")  # NEW HAVEN, March 19, 2024: a place as a rule
_LINES, _PARTS = 14, 4
_LINE = 120  # characters of a line of the heading that names somebody


def of(page: Page, heading: Heading, span: tuple[int, int], source: str | None) -> dict[str, Name]:
    """Whom the page names, by field; ``source``: what a family's template gives as such; ``span``: the lines of the text."""
    above = credits.of("\n".join(text for at, text in heading.lines if not _is_title(at, text, heading)))
    below = credits.of("\n".join(_below(page, heading, span)))
    for field in FIELDS:
        own = page.override(field)
        if own is not None:
            text = " ".join(
                " ".join(node if isinstance(node, str) else "".join(node.itertext()) for node in own).split()
            )
            its = [Name(value=text, where=f"site.selectors.{field}", kind="selector")] if text else []
        else:
            its = [*_labelled(field, above, below)]
            if field == "source" and (declared := source or page.declared.get("contentsource")):
                its.append(Name(value=declared, where="declared", kind="template"))
            if field == "author" and not (its and its[0].kind == "label" and not its[0].giver):
                its += _without_label(page, heading, span)
                its = [_beside(it, its) for it in its]
        page.choices[field] = choose(its, "byline", TABLE)
    return {field: name for field in FIELDS if (name := page.choices[field].winner) is not None}


def _labelled(field: str, above: credits.Credits, below: credits.Credits) -> Iterator[Name]:
    places: tuple[tuple[credits.Credits, str, Kind], ...] = (
        (above, "label in the heading", "label"),
        (below, "label below the text", "label below"),
    )
    for its, where, kind in places:
        if value := getattr(its, field):
            yield Name(value=value, where=where, kind=kind)
        if field == "author" and its.giver:
            yield Name(value=its.giver, where=where, kind=kind, giver=True)


def _beside(name: Name, every: list[Name]) -> Name:
    """``name`` with what the others say of it."""
    mine = fold(name.value)
    others = [fold(it.value) for it in every if it.kind != name.kind]
    return replace(name, also=any(mine in other or other in mine for other in others))


def _without_label(page: Page, heading: Heading, span: tuple[int, int]) -> Iterator[Name]:
    ends = max((at + 1 for at, _ in heading.lines if at is not None), default=0)
    zone = heading.zone[0], max(heading.zone[1], ends)
    marked = [*_marked(page, zone, span[1])]
    lines = [at for at in range(*zone) if at != heading.title_at and _may_name(page.blocks.lines[at])]
    if heading.title_at is not None:
        lines = [at for at in lines if at > heading.title_at] + [at for at in lines if at < heading.title_at]
    yield from _named(marked, "marked")
    yield from _named(marked, "marked below")
    for at in lines[:_LINES]:
        if name := credits.signed(page.blocks.lines[at].text):
            yield Name(value=name, where=f"line {at}, after by", kind="by", person=credits.is_person(name))
    yield from _dated(page, heading, lines[:_LINES])
    for line in _below(page, heading, span):
        if name := credits.signed(line):
            yield Name(value=name, where="below the text, after by", kind="by below", person=credits.is_person(name))
    yield from _declared(page, zone)


def _may_name(line: Block) -> bool:
    return len(line.text) <= _LINE


def _named(marked: list[tuple[Kind, str]], kind: Kind) -> Iterator[Name]:
    """The name in the elements of a kind: the shortest, where it is part of all, else each of several."""
    found = {name for its, name in marked if its == kind}
    least = min(found, key=len, default="")
    its = [least] if found and all(least in name for name in found) else found
    for name in its:
        yield Name(value=name, where="byline", kind=kind, several=len(its) > 1, person=credits.is_person(name))


def _marked(page: Page, zone: tuple[int, int], end: int) -> Iterator[tuple[Kind, str]]:
    """What the elements named so in the heading, or else just below the text that ends at ``end``, say."""
    names = [name for name in page.blocks.by_name if "author" in name or "byline" in name or "createdby" in name]
    its = [element for name in names if _NAMED.search(name[1:]) for element in page.blocks.by_name[name]]
    if any(sign in page.text for sign in _SIGNS):
        its += islice(_MARKED(page.root), _MOST_MARKED)
    below = (end, _last(page, end)) if its else zone
    for element in its:
        start, last = page.blocks.span.get(element, (-1, -1))
        kind: Kind | None = (
            "marked" if zone[0] <= start < zone[1] else "marked below" if below[0] <= start < below[1] else None
        )
        if kind and last - start <= _MOST and (name := credits.called(_name(element))):
            yield kind, name


def _last(page: Page, end: int) -> int:
    """The line up to which what stands below a text can be its own: other articles or comments begin there."""
    lines = page.blocks.lines
    for index in range(end, min(end + _NEXT, len(lines))):
        line = lines[index]
        if line.heading or (is_link(line) and len(line.text.encode("utf-8", "replace")) > _COLUMN):
            return index
        around = (
            node
            for node in (line.element, *line.element.iterancestors())
            if page.blocks.span.get(node, (0, 0))[0] >= end
        )
        if any("comment" in f"{node.get('class')} {node.get('id')}".lower() for node in around):
            return index
    return min(end + _NEXT, len(lines))


def _name(element: HtmlElement) -> str:
    element = next(iter(_NAMES(element)), element)
    links = [text for a in element.iter("a") if (text := " ".join("".join(a.itertext()).split()))]
    return links[0] if len(links) == 1 else " ".join(" ".join(element.itertext()).split())


def _dated(page: Page, heading: Heading, lines: list[int]) -> Iterator[Name]:
    """The names in lines with a date, and those that lines beside such a line are."""
    stamped = {}
    for at in lines:
        text = page.blocks.lines[at].text
        if (stamp := stamps.first(text, day_first=page.day_first)) is not None:
            stamped[at] = stamp
    for at in lines:
        line = page.blocks.lines[at]
        if line.heading and at not in stamped:
            continue
        kind: Kind
        if at in stamped:
            kind, parts = "dated", [*_parts(_DATELINE.sub("|", line.text.replace(stamped[at].text, "|", 1)))]
        elif at - 1 in stamped or at + 1 in stamped:
            kind, parts = "near the date", [*_parts(line.text)]
        else:
            continue
        for name in filter(None, map(credits.called, parts[:_PARTS])):
            if credits.is_person(name):
                column = fold(name) in page.menu or fold(name) == fold(page.site_name or "")
                yield Name(value=name, where=f"line {at}, beside the date", kind=kind, person=True, column=column)


def _parts(text: str) -> Iterator[str]:
    return (part for it in _BARS.split(text) if len(part := it.strip(_APART)) >= 2)


def _declared(page: Page, zone: tuple[int, int]) -> Iterator[Name]:
    found = [page.declared.get(name) for name in _META]
    if '"author"' in page.text and (told := _JSON_LD.search(page.text)):
        found.append(told[1])
    for value in dict.fromkeys(filter(None, found)):
        if (name := credits.called(value)) is None:
            continue
        printed = any(name in line.text for line in page.blocks.lines[zone[0] : zone[1]])
        column = fold(name) in page.menu or fold(name) == fold(page.site_name or "")
        person = credits.is_person(name)
        yield Name(
            value=name, where="declared in the head", kind="declared", printed=printed, column=column, person=person
        )


def _is_title(at: int | None, text: str, heading: Heading) -> bool:
    """The line is the title and nothing more: 从传记到年谱长编, which names no author."""
    return at is not None and at == heading.title_at and fold(text) == fold(heading.title)


def _below(page: Page, heading: Heading, span: tuple[int, int]) -> Iterator[str]:
    """The last lines of a text and those below it that can name somebody, up to links and the footer."""
    named = False
    for index in range(max(heading.starts, span[1] - _LAST), min(span[1] + _NEXT, len(page.blocks.lines))):
        line = page.blocks.lines[index]
        linked = line.linked * 2 > len(line.text)
        others = line.heading > 0 or content.end(line) is not None or (linked and index >= span[1])
        if others or content.is_footer(line):
            return
        its = named or is_meta(line) or _REMARK.fullmatch(line.text)
        if (its and not linked) or (len(line.text) <= _LINE and credits.is_byline(line.text)):
            yield line.text
        named = is_alone(line.text)
