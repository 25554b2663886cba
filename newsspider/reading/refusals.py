"""Pages that are not what was asked for, known by what they show instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from newsspider.extract import dates, files
from newsspider.extract.blocks import HEAD
from newsspider.items import PageError
from newsspider.reading import marks, phrases, stamps

if TYPE_CHECKING:
    from newsspider.reading.document import Page

_PASSWORD = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.I)
_LEADS_TO = re.compile(
    r"location(?:\.href|\.replace)?\s*(?:=|\()\s*[\"']([^\"']+)|http-equiv=[\"']?refresh[^>]+url=([^\"'>]+)", re.I
)
_TOLD = re.compile(r"\balert\s*\(\s*[\"']([^\"']{1,200})")
_GUARD = re.compile(
    r"_Incapsula_Resource|/cdn-cgi/challenge-platform/|\bacw_sc__v2\b|__jsl_clearance|wzws-waf-cgi", re.I
)
_TO_LOGIN = re.compile(r"login|cas\b|sso|auth", re.I)
MAX_BYTES = 10_000_000
DEEPEST = 500  # browsers stop at 512; the deepest of 110 real pages has 29
MOST_ELEMENTS = 50_000  # read in a second; the largest of 110 real pages has 2,063
MOST_LINKS = 3_000  # of a listing; the largest of the real ones has 515
_COLUMN = 6  # characters of the name of a column, such as 通知公告
_DATE_LINE = 80  # characters of a line that tells the day of publication
_LITTLE = 600  # characters outside links, of a page that may be an error page
_SLACK = 8  # characters of a title besides the phrase that makes it an error page's
_FIGURE = re.compile(r"[\d〇○零一二]")  # every date has one
_ELEMENTS = etree.XPath("count(//*)")
_TOO_DEEP = etree.XPath("boolean(/" + "/".join("*" * DEEPEST) + ")")
_LONGEST_NOTHING = 60
_AROUND = 4  # elements outwards in which the box of a search is named
_TEXTUAL = re.compile(r"html|xml|text|json|javascript|octet-stream", re.I)


def check_bytes(payload: bytes, content_type: str | None = None) -> None:
    """Raises PageError where the bytes are no page."""
    head = payload[:512].lstrip()
    if not head:
        raise PageError("empty", "no bytes" if not payload else "white space only")
    if what := files.words(head):
        raise PageError("file", what)
    if content_type and not _TEXTUAL.search(content_type) and b"<" not in head:
        raise PageError("file", f"content of type {content_type}")
    if len(payload) > MAX_BYTES:
        raise PageError("unreadable", f"{len(payload):,} bytes, more than the {MAX_BYTES:,} that a page may have")
    if head[:1] in (b"{", b"[") and b"<" not in payload[:4096]:
        raise PageError("unreadable", "JSON, not HTML")


def check_tree(page: Page) -> None:
    """Raises PageError where the page has no element, or is nested as no software but a broken one nests."""
    if not isinstance(page.root.tag, str):
        raise PageError("empty", "no element in the page")
    if _TOO_DEEP(page.root.getroottree()):
        raise PageError("unreadable", f"elements nested more than {DEEPEST} deep")


def check_size(page: Page) -> None:
    """Raises PageError where a page has more elements than can be read in good time; it is held, and can be read again later."""
    if page.text.count("<") * 2 < MOST_ELEMENTS:  # a tag opens its element and at most one that was left out
        return
    if (size := int(_ELEMENTS(page.root))) > MOST_ELEMENTS:
        raise PageError("unreadable", f"{size:,} elements, more than the {MOST_ELEMENTS:,} that a page may have")


def check_page(page: Page) -> None:
    """Raises PageError where what little the page says is that there is no article here."""
    lines = page.blocks.lines
    title = page.head_titles[-1] if page.head_titles else ""
    parts = phrases.BETWEEN.split(title)
    own, below_date = _own_lines(page)
    little = sum(map(len, own)) < _LITTLE
    if _asks(page):
        found = _in_title(phrases.ASKED, parts, own, little=little)
        if found is None and little and not _is_headed(page, parts, below_date):
            found = next(filter(None, map(phrases.ASKED.search, own)), None)
        if found:
            raise PageError("login", f"the page says “{found[0]}”")
    for kind, phrase in phrases.PHRASES:
        found = _in_title(phrase, parts, own, little=little)
        for text in own if found is None and little else ():
            found = found or (None if phrases.ABOUT.search(text) else phrase.search(text))
            if found and not _begins(found) and _is_headed(page, parts, below_date):
                found = None
            if found and any(_of_search(line.element) for line in lines if line.text == text):
                found = None
        if found:
            raise PageError(kind, f"the page says “{found[0]}”")
    if sum(map(len, own)) < _LITTLE // 2:
        check_nothing(page)
        if not below_date and phrases.SYSTEM.fullmatch(title):
            raise PageError("missing", f"a page of the system, titled “{title}”")
    if not lines:
        html = page.text
        for kind, phrase in phrases.PHRASES:
            if found := next((m for told in _TOLD.findall(html) if (m := phrase.search(told))), None):
                raise PageError(kind, f"a script says “{found[0]}”")
        if found := _LEADS_TO.search(html):
            target = found[1] or found[2]
            raise PageError("login" if _TO_LOGIN.search(target) else "challenge", f"a script that leads to {target}")
        if found := _GUARD.search(html):
            raise PageError("challenge", f"the page of a firewall ({found[0]})")
        if "<html" in html.lower() and "</html" not in html.lower():
            raise PageError("empty", "cut off before its text")
        if "<script" in html.lower():
            raise PageError("challenge", "a page of scripts without text")
        raise PageError("empty", "a page without text")


def _is_headed(page: Page, parts: Sequence[str], below_date: bool) -> bool:
    """The page has a date of publication, or a notice's title, or a date below the title that the head declares: it is an
    article, unless its text begins like an error page."""
    if below_date or any(len(part) > _COLUMN and phrases.ABOUT.search(part) for part in parts):
        return True
    lines = page.blocks.lines
    likeness = page.declared_titles.likeness
    headings = (at for at, line in enumerate(lines) if line.heading and len(line.text) > _COLUMN)
    at = next((at for at in headings if likeness(lines[at].text) >= 3), len(lines))
    return any(len(line.text) <= _DATE_LINE and dates.first(line.text) for line in lines[at + 1 : at + 4])


def _in_title(
    phrase: re.Pattern[str], parts: Sequence[str], own: Sequence[str], *, little: bool
) -> re.Match[str] | None:
    """The phrase in one of the ``parts`` of a title that says hardly more, or of a page that says hardly more; not in that of an
    article on the matter."""
    for part in parts:
        found = phrase.search(part)
        if (
            found
            and not phrases.ABOUT.search(part)
            and (len(part) <= len(found[0]) + _SLACK or (little and part not in own))
        ):
            return found
    return None


def _begins(found: re.Match[str]) -> bool:
    """The phrase begins its line, but for an apology."""
    return re.fullmatch(phrases.APOLOGY, found.string[: found.start()], re.I) is not None


def check_title(page: Page) -> None:
    """Raises PageError where the page's own title says that it is no listing."""
    title = page.head_titles[-1] if page.head_titles else ""
    for kind, phrase in phrases.TITLES:
        if (found := phrase.search(title)) and (kind != "login" or _asks(page)):
            raise PageError(kind, f"the page says “{found[0]}”")


def check_nothing(page: Page) -> None:
    """Raises PageError where a line of the page says that there is nothing."""
    for line in page.blocks.lines:
        if len(line.text) < _LONGEST_NOTHING and phrases.NOTHING.fullmatch(line.text) and not _of_search(line.element):
            raise PageError("empty", f"the page says “{line.text}”")


def _of_search(element: HtmlElement) -> bool:
    """The element stands in the box of a search, which says so once it is used."""
    around = (element, *islice(element.iterancestors(), _AROUND))
    return any("search" in f"{node.get('role')} {node.get('class')} {node.get('id')}".lower() for node in around)


def _asks(page: Page) -> bool:
    """The page asks for a password."""
    return "assword" in page.text.replace("ASSWORD", "assword") and _PASSWORD.search(page.text) is not None


def _own_lines(page: Page) -> tuple[list[str], bool]:
    """What the page says outside its links, and whether below a labelled date; nothing to judge by where that is a text."""
    own = [line for line in page.blocks.lines if line.linked * 2 < len(line.text)]
    for number, line in enumerate(own[:HEAD]):
        if not (_FIGURE.search(line.text) and marks.is_meta(line)):
            continue
        if (date := stamps.first(line.text)) and date.label in ("published", "plain"):
            below = [other.text for other in own[number + 1 :]]
            return (below if sum(map(len, below)) < 80 else [" " * _LITTLE]), True
    return [line.text for line in own], False
