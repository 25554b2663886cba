"""The author as templates mark one, where no label names him: .byline, .post-author, .author, rel=author, itemprop=author."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from newsspider.cms import foot
from newsspider.extract.text import LETTER

if TYPE_CHECKING:
    from newsspider.cms.base import Page

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
