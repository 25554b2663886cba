"""The texts of an element one by one, as a reader sees them apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from newsspider.cms import rows

# Tags that only shape letters, where they carry no class.
_PLAIN = frozenset("b strong em i font u sup sub mark span wbr small big s strike".split())
_SILENT = frozenset(("script", "style", "noscript", "template", "select", "svg", "button", "textarea"))
HIDDEN = re.compile(r"display\s*:\s*none", re.I)
# For a screen reader, or beside the title: 댓글 3, 새글.
_ASIDE = re.compile(
    r"(?:^|[-_ ])(?:cnt|comments?|reply|sound_only|sr-only|visually-hidden|blind|badge|label|new|icon\w*)(?:$|[-_ ])",
    re.I,
)
_DEEPEST = 60


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A run of text that no element breaks; ``aside``: it says something about the row, such as NEW."""

    text: str
    element: HtmlElement

    @property
    def aside(self) -> bool:
        return bool(_ASIDE.search(self.element.get("class") or ""))


def of(element: HtmlElement) -> Iterator[Piece]:
    """Tags that only shape letters break no piece, unless a date stands in them; hidden elements are left out."""
    run = ""
    holder = element
    for text, where, breaks in _walk(element, 0):
        broken = breaks or (run[-1:].isdigit() and text[:1].isdigit()) or rows.only_date(text) or rows.only_date(run)
        if broken and run:
            if words := " ".join(run.split()):
                yield Piece(words, holder)
            run = ""
        if not run:
            holder = where
        run += text
    if words := " ".join(run.split()):
        yield Piece(words, holder)


def joined(element: HtmlElement) -> str:
    return " ".join(piece.text for piece in of(element))


def fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _walk(element: HtmlElement, depth: int) -> Iterator[tuple[str, HtmlElement, bool]]:
    if (
        not isinstance(element.tag, str)
        or element.tag in _SILENT
        or depth > _DEEPEST
        or HIDDEN.search(element.get("style") or "")
    ):
        return
    yield element.text or "", element, _breaks(element)
    for child in element:
        yield from _walk(child, depth + 1)
        yield child.tail or "", element, _breaks(child)


def _breaks(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and (element.tag not in _PLAIN or element.get("class") is not None)
