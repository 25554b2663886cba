"""Source, author and editor: by their labels above and below the text, and the author as templates mark one where no label names
him (.byline, .post-author, .author, rel=author, itemprop=author)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from newsspider.cms import foot
from newsspider.extract.text import LETTER
from newsspider.extract.titles import fold
from newsspider.reading import content, credits
from newsspider.reading.marks import is_alone, is_meta

if TYPE_CHECKING:
    from newsspider.cms.base import Family, Page
    from newsspider.reading.heading import Heading

_NAMED = re.compile(r"(?:^|(?<!comment)[-_])(?:author(?:[-_]*name)?|byline|createdby)$", re.I)
_BEFORE = re.compile(
    r"(?:(?:posted|written|published|submitted|created|post author|erstellt|geschrieben|verfasst|veröffentlicht|publié|escrito)\s+)*"
    r"(?:by|von|par|por|door|av|af)\s+|(?:post )?author\s*[:：]?\s+|(?:作者|글쓴이|작성자)\s*[:：]?\s*",
    re.I,
)
_NO_NAME = re.compile(
    r"[\d@。！？?!:：|]|文章|相关|推荐|\b(?:posts|articles|about|comments?)\b|[.](?:\s|$)(?!.*\w)", re.I
)
_LONGEST = 60  # characters
_SIGNS = tuple(f"{name}={mark}author" for name in ("rel", "itemprop") for mark in ('"', "'", ""))  # in the HTML
_MARKED = etree.XPath(
    "//*[not(self::meta or self::link)][@itemprop='author' or contains(concat(' ', @rel, ' '), ' author ')]"
)
_NAMES = etree.XPath("descendant::*[not(self::meta or self::link)][@itemprop='name']")
_MOST_MARKED = 20
_MOST = 3  # lines
_LAST, _NEXT = 6, 8  # lines of a text, and below it, in which its credits can stand
_REMARK = re.compile(r"[(（【\[][^)）】\]]{2,60}[)）】\]]")


def author(page: Page, zone: tuple[int, int], end: int) -> str | None:
    """Whom the elements named so in the heading (``zone``), or else just below the text that ends at ``end``, give; None: nobody,
    or several."""
    names = [name for name in page.blocks.by_name if "author" in name or "byline" in name or "createdby" in name]
    its = [element for name in names if _NAMED.search(name[1:]) for element in page.blocks.by_name[name]]
    if any(sign in page.text for sign in _SIGNS):
        its += islice(_MARKED(page.root), _MOST_MARKED)
    for first, last in (zone, (end, foot.ends(page, end) if its else end)):
        found = {value for element in its if _stands(page, element, first, last) and (value := _name(element))}
        if found:
            least = min(found, key=len)
            return least if all(least in value for value in found) else None
    return None


def _stands(page: Page, element: HtmlElement, first: int, last: int) -> bool:
    start, end = page.blocks.span.get(element, (-1, -1))
    return first <= start < last and end - start <= _MOST


def _name(element: HtmlElement) -> str | None:
    element = next(iter(_NAMES(element)), element)
    links = [text for a in element.iter("a") if (text := " ".join("".join(a.itertext()).split()))]
    text = links[0] if len(links) == 1 else " ".join(" ".join(element.itertext()).split())
    before = _BEFORE.match(text)
    text = text[before.end() if before else 0 :].strip(" ,，—–-·|")
    return text if 2 <= len(text) <= _LONGEST and LETTER.search(text) and not _NO_NAME.search(text) else None


def read(page: Page, family: Family, heading: Heading, span: tuple[int, int], rules: dict[str, str]) -> credits.Credits:
    found = {}
    declared = {"source": page.declared.get("contentsource")}
    if family.source and (elements := page.find(*family.source)):
        declared["source"] = _text(list(elements))
    above = credits.of("\n".join(text for at, text in heading.lines if not _is_title(at, text, heading)))
    below = credits.of("\n".join(_below(page, heading, span)))
    for name in ("source", "author", "editor"):
        own = page.override(name)
        if own is not None:
            value, rule = _text(own) or None, f"site.selectors.{name}"
        else:
            value, rule = getattr(above, name), "label in the heading"
            if value is None and (value := declared.get(name)):
                rule = "declared"
            elif value is None and (value := getattr(below, name)):
                rule = "label below the text"
            elif value is None and name == "author" and (value := author(page, heading.zone, span[1])):
                rule = "byline"
        if value:
            found[name], rules[name] = value, rule
    return credits.Credits(**found)


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
        if credits.is_byline(line.text) or (its and not linked):
            yield line.text
        named = is_alone(line.text)


def _text(found: list[HtmlElement | str]) -> str:
    its = (node if isinstance(node, str) else "".join(node.itertext()) for node in found)
    return " ".join(" ".join(text.split()) for text in its).strip()
