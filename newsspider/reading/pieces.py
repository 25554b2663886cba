"""The texts of an element one by one, as a reader sees them apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from newsspider.extract.blocks import leads
from newsspider.reading import datelike, words

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
_LONGEST_NUMBER = 3
# What stands before a fact in an element of its own, with no colon to tell.
_LABEL = re.compile(
    rf"{words.one_of('published', 'plain', 'updated', 'revised', 'another_day', 'views', 'source', 'author', 'by', 'office')}"
    rf"|{words.one_of('views_verb')}{words.one_of('views_noun')}|时\s*间|日\s*期|热度|点赞|评论|下载|单位|部门|发布[者人]|등록자|글쓴이|댓글|추천|첨부|기간"
    r"|posted|by|reads?|comments?",
    re.I,
)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A run of text that no element breaks; ``aside``: it says something about the row, such as NEW."""

    text: str
    element: HtmlElement

    @property
    def aside(self) -> bool:
        return bool(_ASIDE.search(self.element.get("class") or ""))


def of(element: HtmlElement) -> Iterator[Piece]:
    """Tags that only shape letters break no piece, unless a date stands in them or two of them stand side by side outside of a
    link; hidden elements are left out."""
    run = ""
    holder = element
    texts: list[tuple[str, HtmlElement, bool]] = []
    _walk(element, 0, False, texts)
    for text, where, breaks in texts:
        broken = breaks or (run[-1:].isdigit() and text[:1].isdigit()) or datelike.alone(text) or datelike.alone(run)
        if broken and run:
            if said := " ".join(run.split()):
                yield Piece(said, holder)
            run = ""
        if not run:
            holder = where
        run += text
    if said := " ".join(run.split()):
        yield Piece(said, holder)


def facts(element: HtmlElement) -> list[str]:
    """The pieces of a row as texts, a label with what it labels: <dt>조회수</dt><dd>203</dd> is one fact."""
    found: list[str] = []
    label = ""
    for piece in of(element):
        if piece.text[-1] in ":：" or _LABEL.fullmatch(piece.text):
            label = piece.text
        else:
            found.append(f"{label} {piece.text}".strip())
            label = ""
    return found


def joined(element: HtmlElement) -> str:
    return " ".join(piece.text for piece in of(element))


def fold(text: str) -> str:
    return "".join((text if text.isascii() else unicodedata.normalize("NFKC", text)).split())


def _walk(element: HtmlElement, depth: int, linked: bool, found: list[tuple[str, HtmlElement, bool]]) -> None:
    """Gather the texts in and after tags, each with its element and whether it begins apart from the one before."""
    tag = element.tag
    if tag in _SILENT or depth > _DEEPEST:
        return
    # A row itself may be hidden until a script pages the list.
    if depth and (style := element.get("style")) and HIDDEN.search(style):
        return
    linked = linked or (tag == "a" and leads(element))
    breaks = tag not in _PLAIN or element.get("class") is not None
    breaks = breaks or (tag == "span" and _beside_another(element, linked=linked))
    if breaks or element.text:
        found.append((element.text or "", element, breaks))
    for child in element:
        apart = False
        if isinstance(child.tag, str):
            _walk(child, depth + 1, linked, found)
            apart = child.tag not in _PLAIN or child.get("class") is not None
        if apart or child.tail:
            found.append((child.tail or "", element, apart))


def _beside_another(element: HtmlElement, *, linked: bool) -> bool:
    """Whether a <span> begins apart from the element before it; in a link, where that is but the running number it begins with."""
    before = element.getprevious()
    if before is None or not isinstance(before.tag, str) or (before.tail or "").strip():
        return False
    return not linked or _is_running_number(before)


def _is_running_number(element: HtmlElement) -> bool:
    number = (element.text or "").strip()
    parent = element.getparent()
    first = element.getprevious() is None and parent is not None and not (parent.text or "").strip()
    return number.isdigit() and len(number) <= _LONGEST_NUMBER and len(element) == 0 and first
