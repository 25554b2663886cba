"""A page as the lines of text that stand under each other, each with the element that holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

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
_CELLS = ("td", "th")
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_UNSEEN = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad]")


@dataclass(slots=True, eq=False)
class Block:
    """One line. ``linked`` is how many of its characters are link text."""

    text: str
    element: HtmlElement
    linked: int

    @property
    def heading(self) -> int:
        """1 for a line of an <h1>, …, 0 outside headings."""
        tag = self.element.tag
        return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else 0


@dataclass(slots=True)
class Blocks:
    """The lines of a page in order, and which of them each element holds (``span``: first, after last)."""

    lines: list[Block] = field(default_factory=list)
    span: dict[HtmlElement, tuple[int, int]] = field(default_factory=dict)
    by_name: dict[str, list[HtmlElement]] = field(default_factory=dict)

    def inside(self, element: HtmlElement) -> list[Block]:
        start, end = self.span.get(element, (0, 0))
        return self.lines[start:end]

    def named(self, *names: str) -> list[HtmlElement]:
        """The elements of the first of these ids (``#x``) and classes (``.x``) that the page has."""
        return next((found for name in names if (found := self.by_name.get(name))), [])


def of(root: HtmlElement, drop: frozenset[HtmlElement] = frozenset()) -> Blocks:
    """The lines under ``root``, without scripts, hidden elements, and those in ``drop``."""
    result = Blocks()
    lines, span, by_name = result.lines, result.span, result.by_name
    run: list[str] = []
    linked = 0
    in_link = 0
    holder = root

    def flush() -> None:
        nonlocal linked
        if run:
            text = " ".join(_UNSEEN.sub("", "".join(run)).split())
            if text:
                lines.append(Block(text, holder, min(linked, len(text))))
            run.clear()
            linked = 0

    stack = [(root, iter(root), root, 0)]
    if root.text:
        run.append(root.text)
    while stack:
        element, children, outer, first = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            tag = element.tag
            if tag in _BREAKS:
                flush()
                holder = outer
            elif tag == "a":
                in_link -= 1
            elif tag in _CELLS:  # the cells of a row stand side by side
                run.append(" ")
            span[element] = (first, len(lines))
            if stack and element.tail:
                run.append(element.tail)
                if in_link:
                    linked += len(element.tail.strip())
            continue
        tag = child.tag
        if (
            not isinstance(tag, str)
            or tag in _SILENT
            or child in drop
            or ((style := child.get("style")) and _HIDDEN.search(style))
        ):
            if child.tail:
                run.append(child.tail)
                if in_link:
                    linked += len(child.tail.strip())
            continue
        if name := child.get("id"):
            by_name.setdefault("#" + name, []).append(child)
        if names := child.get("class"):
            for name in names.split():
                by_name.setdefault("." + name, []).append(child)
        outer = holder
        if tag in _BREAKS:
            flush()
            if tag != "br":
                holder = child
        elif tag == "a":
            in_link += 1
        stack.append((child, iter(child), outer, len(lines)))
        if child.text:
            run.append(child.text)
            if in_link:
                linked += len(child.text.strip())
    flush()
    return result
