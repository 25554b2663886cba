"""A page: its bytes decoded and parsed once, its lines, and what its head declares."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any
from urllib.parse import urljoin

from cssselect import SelectorError
from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction
from parsel.csstranslator import HTMLTranslator
from parsel.selector import create_root_node

from newsspider.extract import blocks, charset, titles, urls
from newsspider.items import Site
from newsspider.reading import content, stamps, verdict
from newsspider.reading.choice import Choice
from newsspider.reading.texts import Texts

_CSS = HTMLTranslator()
_NAMES = re.compile(r"[.#]([\w-]+)|=\s*[\"']?([\w-]+)")
_UNICODE = re.compile(r"utf|ascii", re.I)  # queries of such pages are sent as UTF-8
_UNSETTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # characters that a tree may hold, and takes from nobody
_WITH_QUERIES = etree.XPath("//*[@href or @src or @action or @onclick or @data-url or @data-href]")
_HEADLINE = re.compile(r'"headline"\s*:\s*("(?:[^"\\\n]|\\.){1,300}")')
_END = re.compile(r"</(?:body|html)\b[^>]*>", re.I)
_GOES_ON = re.compile(r"<(?!script\b|style\b|link\b|meta\b|noscript\b)[a-z]", re.I)


class _Parser(etree.HTMLParser):
    """Gives lxml.html's elements, but does not call Python for the class of each as lxml.html does."""

    def __init__(self, **options: Any) -> None:
        super().__init__(collect_ids=False, **options)
        self.set_element_class_lookup(
            etree.ElementDefaultClassLookup(
                element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
            )
        )


class Page:
    """A page, decoded and parsed once: what every family reads from. ``encoding`` None: as the bytes prove it."""

    def __init__(
        self,
        payload: bytes,
        url: str,
        *,
        encoding: str | None = None,
        headers: Mapping[str, str] | None = None,
        site: Site | None = None,
    ) -> None:
        self.url = url
        self.site = site
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        self.encoding, self.text = charset.decoded(payload, self.headers.get("content-type"), encoding)
        self._part: HtmlElement | None = None
        self.choices: dict[str, Choice[Any]] = {}  # how each field was chosen, for who asks

    @cached_property
    def root(self) -> HtmlElement:
        """The page as parsel parses it, to its end, the queries of its links in its charset."""
        root = create_root_node(_unended(self.text), _Parser)
        if _UNICODE.match(self.encoding):
            return root
        for element in _WITH_QUERIES(root):
            for name, value in element.items():
                if "?" in value and not value.isascii():
                    element.set(name, urls.query_in(_UNSETTABLE.sub("", value), self.encoding))
        return root

    @cached_property
    def base(self) -> str:
        """The address that links are relative to: that of the page, unless a <base> says otherwise."""
        heads = self.root.iterchildren("head")
        hrefs = (base.get("href") for head in heads for base in head.iterchildren("base"))
        href = next((href for href in hrefs if href is not None), None)
        return urls.absolute(href, self.url) or self.url

    @cached_property
    def blocks(self) -> blocks.Blocks:
        """The text of the page, line by line, as it stands under each other."""
        return blocks.of(self.root if self._part is None else self._part)

    @cached_property
    def texts(self) -> Texts:
        """The texts of the page as its tags divide them."""
        return Texts(self.root)

    def keep_to(self, part: HtmlElement) -> None:
        """Leaves the rest of the page out of ``blocks``, before that is used: menus are longer than the article among them."""
        self._part = part

    @cached_property
    def head_titles(self) -> list[str]:
        """The titles that the page's head declares, surest first; the <title> is the last."""
        found = [self.declared.get(name) for name in ("articletitle", "og:title", "twitter:title")]
        if told := _HEADLINE.search(self.text):
            found.append(" ".join(_unescaped(told[1]).split()))
        title = next(self.root.iter("title"), None)
        found.append("" if title is None else " ".join("".join(title.itertext()).split()))
        return [title for title in found if title]

    @cached_property
    def declared_titles(self) -> titles.Declared:
        return titles.Declared(self.head_titles)

    @cached_property
    def menu(self) -> frozenset[str]:
        """The short texts that are links on the page, folded: columns and parts of the site."""
        return frozenset(
            titles.fold(line.text)
            for line in self.blocks.lines
            if line.linked * 2 > len(line.text) and not line.heading and len(line.text.encode("utf-8", "replace")) <= 20
        )

    @cached_property
    def declared(self) -> dict[str, str]:
        """The <meta> of the head by lower-case name (or property, itemprop), first of each."""
        found: dict[str, str] = {}
        for tag in self.root.iter("meta"):
            name = tag.get("name") or tag.get("property") or tag.get("itemprop")
            if name and (value := (tag.get("content") or "").strip()):
                found.setdefault(name.strip().lower(), value)
        return found

    @property
    def site_name(self) -> str | None:
        return self.declared.get("og:site_name") or self.declared.get("sitename")

    @cached_property
    def language(self) -> str:
        """What the page says that its language is, in lower case: de, en-us; empty where it says nothing."""
        return (self.root.get("lang") or self.declared.get("og:locale") or "").lower().replace("_", "-")

    @cached_property
    def day_first(self) -> bool | None:
        """Whether 03/04/2024 is in April here; None: the page's language does not say."""
        if self.language.startswith("en"):
            return None if self.language == "en" else self.language != "en-us"
        return True if self.language[:2] in stamps.DAY_FIRST else None

    @cached_property
    def worth(self) -> list[int]:
        """What each line of ``blocks`` says for its being part of an article's text."""
        return content.worth(self.blocks)

    @cached_property
    def verdict(self) -> verdict.Verdict:
        """Whether the page is a text of its own or a list of others, as its signs say."""
        return verdict.of(self)

    def link(self, href: str | None) -> str | None:
        """``href`` as an absolute http(s) address, or None."""
        return urls.absolute(href, self.base)

    def own(self, path: str) -> str:
        """The address of a path at the page's own host, for what nobody else is asked: no <base> moves it."""
        try:
            return urljoin(self.url, path)
        except ValueError:  # a broken host, such as http://[::1: the path alone, which nobody fetches
            return path

    def find(self, *selectors: str) -> list[HtmlElement]:
        """The elements of the first selector (CSS, or XPath from a / or a parenthesis) that has any on this page."""
        for selector in selectors:
            if not any(all(name in self.text for name in names) for names in names_in(selector)):
                continue
            if found := [el for el in compiled(selector)(self.root) if isinstance(el, HtmlElement)]:
                return found
        return []

    def override(self, field: str) -> list[HtmlElement | str] | None:
        """What the site file's own selector for ``field`` finds; None: it has none."""
        selector = self.site.selectors.get(field) if self.site else None
        return None if selector is None else list(compiled(selector)(self.root))

    def chosen(self, field: str, inside: HtmlElement) -> str | None:
        """The text that the site's own selector for ``field`` finds inside an element; None: it has none or finds nothing."""
        selector = self.site.selectors.get(field) if self.site else None
        found = next(iter(compiled(selector)(inside)), None) if selector else None
        words = found if isinstance(found, str | None) else "".join(found.itertext())
        return " ".join(words.split()) if words else None


def _unescaped(text: str) -> str:
    """A string of JSON as it reads; as it stands where it is broken."""
    try:
        return html.unescape(str(json.loads(text, strict=False)))
    except ValueError:
        return text


def _unended(source: str) -> str:
    """HTML without its </body> and </html> where the page goes on behind the first of them. Browsers go on in the same place; the
    parser begins another document."""
    end = _END.search(source)
    return _END.sub("", source) if end and _GOES_ON.search(source, end.end()) else source


@cache
def compiled(selector: str) -> etree.XPath:
    """A CSS selector or an XPath as compiled XPath. Raises ValueError where it is neither."""
    try:
        is_xpath = selector.lstrip("(").startswith(("/", "./"))
        return etree.XPath(selector if is_xpath else _CSS.css_to_xpath(selector))
    except (SelectorError, etree.XPathSyntaxError) as error:
        raise ValueError(f"the selector {selector!r} is neither CSS nor XPath: {error}") from error


@cache
def names_in(selector: str) -> list[list[str]]:
    """The names that each alternative of a selector asks for: a page that lacks one of them need not be searched by it.

    >>> names_in("#bo_v_title .tit, td[class^=title]"), names_in("//td"), names_in(".title:not(.sub)")
    ([['bo_v_title', 'tit'], ['title']], [[]], [[]])
    """
    if selector.lstrip("(").startswith(("/", "./")) or ":not(" in selector:
        return [[]]
    return [[name or value for name, value in _NAMES.findall(part)] for part in selector.split(",")]
