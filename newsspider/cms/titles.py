"""The title of a row of a listing, in full."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence

from lxml.html import HtmlElement

from newsspider.reading import datelike, pieces, rows
from newsspider.reading.links import Link
from newsspider.reading.rows import Row
from newsspider.reading.texts import HEADINGS

_CUT = re.compile(r"\s*(?:\.{2,}|…+|。{3})$")
_DOTS = (".", "…", "。")
_HELP = re.compile(
    r"\s*(?:자세히 ?보기|새 ?창.*|바로가기|상세 ?보기|내용 ?보기|페이지로 이동.*|\(?opens? in a? ?new.*|\(new window\))$",
    re.I,
)
_MAY_HELP = re.compile("보기|창|가기|이동|open|window")  # in small letters
_BADGE = re.compile(
    r"\W*(?:new|hot|top|置顶|最新|새 ?글|공지(?:사항)?|일반공지|첨부파일|新着|\d+(?::\d\d)*|n|h)?\W*", re.I
)
_BULLET = re.compile(r"^[\s·•●▪■◆◇○►▶>»\-*]+(?=\S{2})")
_FIELD = re.compile(r"(?:标题|標題)\s*[:：]\s*([^\n\r]+)")


def best_told(row: Row) -> Link:
    """Among a row's links to the article the one with its title: in a heading, else the longest that is no picture."""

    def rank(link: Link) -> tuple[bool, bool, bool, bool]:
        words = bool(row.of_page.joined(link.element))
        named = words and (within(link.element, HEADINGS) or link.element in row.of_page.headings)
        titled = words and any(
            rows.is_called_title(node.get("class") or "") for node in (link.element, link.element.getparent())
        )
        return rows.is_title(link.text), named, titled, words

    its = [link for link in row.links if link.key == row.main.key]
    return its[0] if len(its) == 1 else max(its, key=rank)


def shared(its: Sequence[Row]) -> frozenset[str]:
    """Texts that most rows have alike, such as the name of the column: no titles."""
    often = Counter(text for row in its for text in {*row.texts})
    return frozenset(text for text, times in often.items() if len(its) > 1 and times * 2 > len(its))


def full(row: Row, link: Link, others: frozenset[str] = frozenset()) -> str:
    """The title in full: a cut one is completed from the ``title`` attribute or another link of the row. ``others``: no titles."""
    a = link.element
    attribute = a.get("title") or ""
    if field := _FIELD.search(attribute):
        return " ".join(field[1].split())
    attribute = " ".join(attribute.split())
    name = shown(a, others, row.of_page.headings)
    if not name or not rows.is_title(name) or datelike.alone(name):
        name = attribute or outside(row) or link.text
    stem = pieces.fold(_uncut(name))
    if name.endswith(_DOTS) and stem != pieces.fold(name):
        fuller = [other.text for other in row.links if other.url == link.url]
        fuller += [" ".join((child.get("title") or "").split()) for child in a if child.get("title")]
        whole = (text for text in (attribute, *fuller) if pieces.fold(text).startswith(stem) and _uncut(text) == text)
        name = next(whole, name)
    elif attribute:
        helpful = _HELP.sub("", attribute) if _MAY_HELP.search(attribute.lower()) else attribute
        # Cut without dots, or with a badge before it: 공지 in the text, "자세히 보기" in the attribute.
        if pieces.fold(helpful).startswith(stem) or (helpful != attribute and helpful and helpful in name):
            name = helpful
    return _BULLET.sub("", name).strip()


def _uncut(text: str) -> str:
    return _CUT.sub("", text) if text.endswith(_DOTS) else text


def shown(a: HtmlElement, others: frozenset[str], headings: Container[HtmlElement]) -> str:
    """The title inside of a link that may hold a whole card: heading, else what is classed so, else its first sentence."""
    if not len(a):
        return " ".join((a.text or "").split())
    for element in a.iter(*HEADINGS) if a in headings else ():
        if (name := plain(element)) and name not in others and not _BADGE.fullmatch(name) and not datelike.alone(name):
            return name
    for element in a.iterdescendants("div", "span", "p", "strong", "dt"):
        names = element.get("class")
        if names and rows.is_called_title(names) and (name := plain(element)) and name not in others:
            return name
    its = list(pieces.of(a))
    if len(its) == 1:
        return its[0].text
    its = [
        piece
        for piece in its
        if not (piece.aside or piece.text in others or _BADGE.fullmatch(piece.text) or datelike.alone(piece.text))
    ]
    return next((piece.text for piece in its if rows.width(piece.text) >= 10), its[0].text if its else "")


def plain(element: HtmlElement) -> str:
    its = list(pieces.of(element))
    kept = [
        piece.text for piece in its if not (piece.aside or _BADGE.fullmatch(piece.text) or datelike.alone(piece.text))
    ]
    return " ".join(kept) or " ".join(piece.text for piece in its)


def outside(row: Row) -> str:
    """The title of a row whose link is a picture, a date or says only "read more"."""
    named = rows.titled(row.element, row.of_page)
    return (plain(named) if named is not None else "") or row.title


def within(element: HtmlElement, tags: tuple[str, ...]) -> bool:
    parent = element.getparent()
    return parent is not None and (
        parent.tag in tags or (parent.getparent() is not None and parent.getparent().tag in tags)
    )
