"""The links of a listing: what a reader can open from it, and where that leads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from newsspider.extract import urls
from newsspider.items import EntryKind
from newsspider.reading import datelike
from newsspider.reading.texts import SILENT, Texts

_TEXTS = etree.XPath(".//text()[not(parent::script or parent::style or parent::noscript)]", smart_strings=False)
_NO_OPENERS = ("a", "input", "button", "select")  # that are told from their other attributes, or open no page
_ROWS = ("tr", "li", "dl", "div")  # that a script may open as a whole
_CALL = re.compile(r"\w\s*\([^)]*\d")  # with the number of the article
_QUOTED = re.compile(
    r"""["']((?:https?:)?//[^"'\s<>]+|[^"'\s<>(){},;:]*[/?][^"'\s<>(){};]*|[\w.-]+\.(?:s?html?|jsp|aspx?|php|do|pdf)\b[^"'\s]*)["']"""
)
_DOWNLOAD = re.compile(r"/download\.jsp\?|DownloadAttachUrl|fileDown\.do", re.I)


class Link(NamedTuple):
    """``url`` is absolute; where a script opens the page and does not show its address, it is the ``javascript:`` text."""

    element: HtmlElement
    url: str
    text: str
    opener: bool = False

    @property
    def key(self) -> str:
        """What tells this link from others: openers may all look alike."""
        return f"{self.url} {self.text}" if self.opener else self.url


def text(element: HtmlElement) -> str:
    """The text of an element with its white space folded, without scripts and styles."""
    if not len(element) and element.tag not in SILENT:
        return " ".join((element.text or "").split())
    return " ".join("".join(_TEXTS(element)).split())


def nodes(element: HtmlElement) -> list[str]:
    """The texts of an element one by one, as its tags divide them."""
    return [words for node in _TEXTS(element) if (words := " ".join(node.split()))]


def anchors(texts: Texts) -> dict[HtmlElement, str]:
    """The anchors of a page in page order, each with its text."""
    return {a: texts.joined(a) for a in texts.root.iter("a")}


def every(texts: Texts, words: Mapping[HtmlElement, str], base: str) -> list[Link]:
    """The links of a page in page order, those with words or a picture alone; jumps within the page are left out.

    ``words`` are its `anchors`.
    """
    root = texts.root
    found = []
    here = base.partition("#")[0]
    for a, shown in words.items():
        url = target(a, base)
        if url is None:
            continue
        told = shown or (a.get("title") or "").strip() or _alt(a)
        if told or a.find(".//img") is not None:
            found.append(Link(a, url, told, url == here or url.startswith("javascript:")))
    for element in root.iter(etree.Element):
        script = element.get("onclick")
        if not script or element.tag in _NO_OPENERS or _has_anchor(element):
            continue
        told = texts.joined(element)
        url = opened(script, base)
        if url and told:
            found.append(Link(element, url, told))
        elif url is None and element.tag in _ROWS and _CALL.search(script) and datelike.looks(told):
            found.append(Link(element, f"javascript:{script.strip()}", told, opener=True))
    return found


def _has_anchor(element: HtmlElement) -> bool:
    """An anchor stands around it or in it."""
    return any(True for _ in element.iter("a")) or any(True for _ in element.iterancestors("a"))


def target(a: HtmlElement, base: str) -> str | None:
    """Where an anchor leads; None: nowhere."""
    href = (a.get("href") or "").strip()
    script = href[:11].lower() == "javascript:"
    if href and href[0] != "#" and not script:
        return address(href, base)
    onclick = a.get("onclick")
    if script:
        return opened(onclick, base) or opened(unquoted(href), base) or unquoted(href)
    if shown := opened(onclick, base):
        return shown
    keyed = any(name.startswith("data-") and re.search(r"\d", value) for name, value in a.items())
    return base.split("#")[0] if href in ("#", "#none") and (onclick or keyed) else None


def address(href: str, base: str) -> str | None:
    """``href`` made absolute. A fragment stays where it leads elsewhere: WeChat's and those of pages made by scripts matter.

    >>> address("https://mp.weixin.qq.com/s?__biz=1#rd", "https://news.example.edu/")
    'https://mp.weixin.qq.com/s?__biz=1#rd'
    """
    url = urls.absolute(href, base)
    if url is None or "#" not in href or urls.host(url) == urls.host(base):
        return url
    return f"{url}#{href.partition('#')[2].strip()}"


def opened(script: str | None, base: str) -> str | None:
    """The address that a script opens, where it shows it whole.

    >>> opened("window.open('/info/1001/2.htm')", "https://news.example.edu/tzgg.htm")
    'https://news.example.edu/info/1001/2.htm'
    """
    quoted = _QUOTED.search(script) if script else None
    return address(quoted[1], base) if quoted else None


def unquoted(href: str | None) -> str:
    return unquote(href or "")


def is_opener(url: str, base: str) -> bool:
    return url.startswith("javascript:") or url == base.split("#")[0]


def kind(url: str, base: str, own: str = "") -> EntryKind:
    """``external`` is what belongs to another organisation, by registered domain: news.x.edu.cn is home on www.x.edu.cn.

    ``own``: the page's own address, where its <base> may say otherwise.
    """
    if is_opener(url, base):
        return "opener"
    if urls.is_file(url) or _DOWNLOAD.search(url):
        return "file"
    return "article" if at_home(url, own or base) else "external"


def at_home(url: str, own: str) -> bool:
    """Whether two whole addresses belong to one organisation."""
    return _together(_netloc(url), _netloc(own))


def _netloc(url: str) -> str:
    return url.partition("//")[2].partition("/")[0] if "?" not in url and "#" not in url else urlsplit(url).netloc


@lru_cache(maxsize=1024)
def _together(one: str, other: str) -> bool:
    """Whether two hosts belong to one organisation. The list of public suffixes is loaded where only that can tell."""
    one, other = one.lower(), other.lower()
    if one == other:
        return True
    if _end(one) != _end(other):
        return False
    from newsspider.extract import organisations

    return organisations.of(one) == organisations.of(other)


def _end(host: str) -> str:
    """The last two parts of a name, which the registered domains of one organisation have in common."""
    return ".".join(host.partition(":")[0].rstrip(".").split(".")[-2:])


def _alt(a: HtmlElement) -> str:
    return next((alt for img in a.iter("img") if (alt := (img.get("alt") or "").strip())), "")
