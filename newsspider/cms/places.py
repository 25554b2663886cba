"""Places in the layout of a page: what elements and addresses have in common, and what says that it is no list of news."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement

# What says of itself that it is not the page's own list.
CHROME = re.compile(
    r"(?:^|[-_ ])(?:(?:main|top|sub|left|side|foot|m|pc)?-?_?(?:nav|menu)\w*|navigation|header|foot(?:er)?\w*|aside"
    r"|(?<!has-)(?<!with-)(?<!no-)(?<!content-)side-?bar"
    r"|bread-?crumbs?|crumbs?|weizhi|friend\w*|yqlj|copyright|slid\w*|banner\w*|swiper\w*|carousel\w*|flexslider|focus\w*|hot\w*|rank\w*"
    r"|related|recommend\w*|popular|(?<!elementor-)widget\w*|lang\w*|login|share|sns|social|tagcloud|gnb|lnb|quick\w*|sitemap|family-?site"
    r"|calendar|mega\w*|dropdown\w*|popup|search(?!\w*[-_]?(?:result|list))\w*)(?:$|[-_ \d])"
    # Words that mean it alone, and something else beside others: margin-top, position-relative.
    r"|(?:^| )(?:top|head|bottom|side|location|position|path)(?:$| )",
    re.I,
)

_DIGITS = re.compile(r"\d+")
_CHROME_TAGS = ("nav", "header", "footer", "aside")


def core(element: HtmlElement) -> str:
    """Tag and classes, without running numbers and what only this row is.

    >>> from lxml.html import fragment_fromstring
    >>> core(fragment_fromstring('<li class="news n12 first">'))
    'li.n.news'
    """
    return _core(element.tag, element.get("class") or "") if isinstance(element.tag, str) else ""


@lru_cache(maxsize=4096)
def _core(tag: str, classes: str) -> str:
    names = {re.sub(r"[\d_-]+$", "", name) for name in classes.split()}
    return ".".join([tag, *sorted(names - {"", "first", "last", "odd", "even", "on", "active", "alt"})])


@lru_cache(maxsize=4096)
def shape(url: str) -> str:
    """A URL with its numbers and its slug folded: what the articles of one site have in common."""
    parts = urlsplit(url)
    folder, _, last = parts.path.rstrip("/").rpartition("/")
    last = re.sub(r"^[^.]*", "*", last) if last else ""
    keys = ",".join(sorted(re.findall(r"(?:^|&)([^=&]+)=", parts.query)))
    return re.sub(r"[0-9a-f]{8,}|\d+", "0", f"{parts.netloc}{folder}/") + f"{last}?{keys}"


@lru_cache(maxsize=4096)
def _name(tag: str, classes: str, ident: str) -> str:
    return _core(tag, classes) + _DIGITS.sub("", ident)


class Places:
    """Numbers for places in the layout: elements have the same where their names and those of all around them are the same."""

    def __init__(self) -> None:
        self._of: dict[HtmlElement, int] = {}
        self._numbers: dict[tuple[int, str], int] = {}

    def of(self, element: HtmlElement) -> int:
        path: list[HtmlElement] = []
        node: HtmlElement | None = element
        around = 0
        while node is not None and not (around := self._of.get(node, 0)):
            path.append(node)
            node = node.getparent()
        for node in reversed(path):
            name = _name(node.tag, node.get("class") or "", node.get("id") or "")
            if name in ("td", "th", "div") and (parent := node.getparent()) is not None:
                name += str(parent.index(node))
            around = self._of[node] = self._numbers.setdefault((around, name), len(self._numbers) + 1)
        return around


def standing(container: HtmlElement) -> float:
    """1 where nothing around says that this is not the page's own list, down to 0 in menus, footers and sidebars."""
    factor = 1.0
    for node in (container, *container.iterancestors()):
        if node.tag in _CHROME_TAGS:
            factor *= 0.15
        elif node.tag not in ("body", "html", "form", "main") and is_chrome(node):
            factor *= 0.25
    return factor


def is_chrome(element: HtmlElement) -> bool:
    return element.tag in _CHROME_TAGS or _chrome(element.get("class") or "", element.get("id") or "")


@lru_cache(maxsize=4096)
def _chrome(classes: str, ident: str) -> bool:
    return bool(CHROME.search(classes) or CHROME.search(ident))
