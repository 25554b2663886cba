"""A page as the lines of text that stand under each other, each with the element that holds it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

_BREAKS = frozenset(
    (
        "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure "
        "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot "
        "thead tr ul"
    ).split()
)
_SILENT = frozenset(
    (
        "script style noscript template svg head iframe object embed select textarea input audio video canvas math"
    ).split()
)
_HEADING = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
# A box for visitors with an old browser: others do not see it.
_OLD_BROWSERS = re.compile(
    r"(?<!\S)(?:browser-?(?:stripe|update|upgrade|warning|notice|alert)|browse-?happy|(?:outdated|unsupported|old)-?browser)(?!\S)",
    re.I,
)
_EVENTS = ("start", "end", "comment", "pi")
_UNSEEN = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad]")


@lru_cache(maxsize=1024)  # the same few on most elements of a page
def _hidden(style: str) -> bool:
    return _HIDDEN.search(style) is not None


@lru_cache(maxsize=4096)
def _for_old_browsers(names: str) -> bool:
    return _OLD_BROWSERS.search(names) is not None


@dataclass(slots=True, eq=False)
class Block:
    """One line. ``linked`` is how many of its characters are link text; ``heading`` is 1 for a line of an <h1>, …, 0 outside."""

    text: str
    element: HtmlElement
    linked: int
    heading: int


@dataclass(slots=True)
class Blocks:
    """The lines of a page in order, and which of them each element holds (``span``: first, after last)."""

    lines: list[Block] = field(default_factory=list)
    span: dict[HtmlElement, tuple[int, int]] = field(default_factory=dict)
    by_name: dict[str, list[HtmlElement]] = field(default_factory=lambda: defaultdict(list))

    def inside(self, element: HtmlElement) -> list[Block]:
        start, end = self.span.get(element, (0, 0))
        return self.lines[start:end]

    def named(self, *names: str) -> list[HtmlElement]:
        """The elements of the first of these ids (``#x``) and classes (``.x``) that the page has."""
        return next((found for name in names if (found := self.by_name.get(name))), [])


# Lines among which an article has its title and its date, on the longest page; nothing asks more of them.
HEAD = 2_000
# What an element's tag means for the lines: it ends one, it is a link, a cell of a row, nothing to read.
_BREAK, _LINK, _CELL, _NOTHING = range(1, 5)
_KIND = dict.fromkeys(_BREAKS, _BREAK) | dict.fromkeys(_SILENT, _NOTHING) | {"a": _LINK, "td": _CELL, "th": _CELL}


def leads(a: HtmlElement) -> bool:
    """An anchor is a link where it leads somewhere, by an address or a script; <a name=top> is a place."""
    return a.get("href") is not None or any("href" in name or "click" in name for name in a.keys())  # noqa: SIM118


def _without_anchor(text: str, heading: HtmlElement) -> str:
    """The text of a heading without the sign in it that links to the heading itself: ¶, #, §, an icon of a font."""
    signs = {a.text for a in heading.iter("a") if (a.get("href") or "").startswith("#") and len(a) == 0}
    for sign in signs & {text[0], text[-1]}:
        if not sign.isalnum():
            text = text.removesuffix(sign).removeprefix(sign).strip()
    return text


def _parted(last: str, first: str) -> bool:
    """Two elements that touch are two words: Mental HealthDECEMBER, Jane Example2024."""
    if not last.isascii():
        return False
    return (first.isupper() and (last.islower() or last.isdigit())) or (first.isdigit() and last.isalpha())


def of(root: HtmlElement, drop: frozenset[HtmlElement] = frozenset()) -> Blocks:
    """The lines under ``root``, without scripts, hidden elements, and those in ``drop``."""
    # The one loop that every element of every page passes: written for speed, a local for each state.
    result = Blocks()
    lines, span, by_name = result.lines, result.span, result.by_name
    run: list[str] = []
    linked = in_link = 0
    holder = root

    def flush() -> None:
        nonlocal linked
        text = "".join(run)
        if not text.isascii() and _UNSEEN.search(text):
            text = _UNSEEN.sub("", text)
        if text := " ".join(text.split()):
            level = _HEADING.get(holder.tag, 0)
            if level and linked == 1 and len(text) > 1 and not (text[0].isalnum() and text[-1].isalnum()):
                text = _without_anchor(text, holder)
            lines.append(Block(text, holder, min(linked, len(text)), level))
        run.clear()
        linked = 0

    touching = False  # an element has just ended, with no text after it
    above: list[tuple[HtmlElement, int, int]] = []
    walker = etree.iterwalk(root, _EVENTS)
    next(walker)
    if text := root.text:
        run.append(text)
    for event, element in walker:
        if event == "start":
            kind = _KIND.get(element.tag, 0)
            if kind == _LINK and not leads(element):
                kind = 0
            names = element.get("class")
            if (
                kind == _NOTHING
                or element in drop
                or ((style := element.get("style")) and _hidden(style))
                or (names and _for_old_browsers(names))
            ):
                walker.skip_subtree()
                above.append((holder, -1, _NOTHING))
                continue
            if name := element.get("id"):
                by_name["#" + name].append(element)
            if names:
                for name in names.split():
                    by_name["." + name].append(element)
            outer = holder
            if kind == _BREAK:
                if run:
                    flush()
                if element.tag != "br":
                    holder = element
            elif kind == _LINK:
                in_link += 1
            above.append((outer, len(lines), kind))
            if (text := element.text) and (run or not text.isspace()):
                if touching and run and element.get("class") and _parted(run[-1][-1:], text[0]):
                    run.append(" ")
                run.append(text)
                if in_link:
                    linked += len(text.strip())
            touching = False
            continue
        if event == "end":
            if not above:
                break
            outer, first, kind = above.pop()
            if kind == _BREAK:
                if run:
                    flush()
                holder = outer
            elif kind == _LINK:
                in_link -= 1
            elif kind == _CELL and run:  # the cells of a row stand side by side
                run.append(" ")
            if kind != _NOTHING:
                span[element] = (first, len(lines))
            touching = not element.tail
        if (text := element.tail) and (run or not text.isspace()):
            run.append(text)
            if in_link:
                linked += len(text.strip())
    if run:
        flush()
    span[root] = (0, len(lines))
    return result
