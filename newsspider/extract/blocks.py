"""A page as the lines of text that stand under each other, each with the element that holds it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

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


# Lines among which an article has its title and its date, on the longest page; nothing asks more of them.
HEAD = 2_000
# What an element's tag means for the lines: it ends one, it is a link, a cell of a row, nothing to read; and what stands in such.
_BREAK, _LINK, _CELL, _NOTHING, _INSIDE = range(1, 6)
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


def of(root: HtmlElement) -> Blocks:
    """The lines under ``root``, without scripts and hidden elements."""
    # The one loop that every element of every page passes: written for speed, a local for each state.
    result = Blocks()
    lines, span, by_name = result.lines, result.span, result.by_name
    # Where elements are gathered by each name of a class as it is written; None: it is of a box for old browsers.
    alike: dict[str, list[list[HtmlElement]] | None] = {}
    nameless: list[list[HtmlElement]] | None = []
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
    # The elements that are open: what is around each, what held the text before it, the line it begins with, its kind.
    above: list[tuple[HtmlElement, HtmlElement, int, int]] = []
    walker = root.iter()
    last: HtmlElement = next(walker)
    kind = 0
    if text := root.text:
        run.append(text)
    for element in chain(walker, (None,)):
        parent = root if element is None else element.getparent()
        while last is not parent:
            ended = last
            last, outer, first, kind = above.pop()
            if kind == _INSIDE:
                continue
            if kind == _BREAK:
                if run:
                    flush()
                holder = outer
            elif kind == _LINK:
                in_link -= 1
            elif kind == _CELL and run:  # the cells of a row stand side by side
                run.append(" ")
            if kind != _NOTHING:
                span[ended] = first, len(lines)
            text = ended.tail
            touching = not text
            if text and (run or not text.isspace()):
                run.append(text)
                if in_link:
                    linked += len(text.strip())
        if element is None:
            break
        tag = element.tag
        if above and above[-1][3] >= _NOTHING:
            if isinstance(tag, str):
                above.append((last, holder, 0, _INSIDE))
                last = element
            continue
        if not isinstance(tag, str):  # a comment
            if (text := element.tail) and (run or not text.isspace()):
                run.append(text)
                if in_link:
                    linked += len(text.strip())
            continue
        kind = _KIND.get(tag, 0)
        if kind == _LINK and not leads(element):
            kind = 0
        names, groups = None, nameless
        silent = kind == _NOTHING or ((style := element.get("style")) is not None and _hidden(style))
        if not silent and (names := element.get("class")):
            if names not in alike:
                alike[names] = None if _for_old_browsers(names) else [by_name[f".{name}"] for name in names.split()]
            groups = alike[names]
        if silent or groups is None:
            above.append((last, holder, 0, _NOTHING))
            last = element
            continue
        for group in groups:
            group.append(element)
        if name := element.get("id"):
            by_name[f"#{name}"].append(element)
        outer = holder
        if kind == _BREAK:
            if run:
                flush()
            if tag != "br":
                holder = element
        elif kind == _LINK:
            in_link += 1
        above.append((last, outer, len(lines), kind))
        last = element
        if (text := element.text) and (run or not text.isspace()):
            if touching and run and names and _parted(run[-1][-1:], text[0]):
                run.append(" ")
            run.append(text)
            if in_link:
                linked += len(text.strip())
        touching = False
    if run:
        flush()
    span[root] = 0, len(lines)
    return result
