"""A next page that no link leads to: by a form that is sent, by a button that loads more, or by a script that nobody here can run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from newsspider.cms import forms, marks
from newsspider.cms.marks import Mark, is_off
from newsspider.extract import urls
from newsspider.items import Form
from newsspider.reading import links
from newsspider.reading.texts import Texts

if TYPE_CHECKING:
    from newsspider.cms.base import Page

_LOADS = re.compile(
    r"\W*(?:(?:点击|點擊)?(?:加载|载入|載入|加載)(?:更多|下一页)?\w{0,4}|load(?: \w+)? more(?: \w+)?|더 ?불러오기|もっと読み込む)\W*",
    re.I,
)
_SHOWS = re.compile(
    r"\W*(?:(?:点击)?(?:查看|显示|浏览)?更多\w{0,4}|(?:show|view|see) more(?: \w+)?|더 ?보기|もっと見る)\W*", re.I
)
_MAY_LOAD = re.compile(r"加载|载入|載入|加載|更多|more|더 ?불러오기|더 ?보기|もっと")  # in small letters
_ADDRESS = re.compile(
    r"(?:https?:)?//?[\w.?][^\s<>\"']*|[\w./-]*\?\w+=[^\s<>\"']*|[\w./-]+\.(?:s?html?|jsp|aspx?|php|do|json)(?:\?\S*)?"
)
_CALL = re.compile(r"\b(?!void\b)\w+\s*\(")
_ARGUMENT = re.compile(r"\w+\s*\(\s*['\"]?(\d{1,5})['\"]?\s*[,)]")
_OF = re.compile(r"(?<!\d)(\d{1,5})\s*(?:页|頁)?\s*/\s*(?:共|总)?\s*(\d{1,5})(?!\d|[-/.年月])")
_IN_ALL = re.compile(r"(?:共|总页数\D{0,3}|总计)\s*(\d{1,5})\s*(?:[页頁]|$)|(?:of|von|de)\s+(\d{1,5})(?: pages)?", re.I)
_HERE = re.compile(r"第\s*(\d{1,5})\s*[页頁]|当前页?\D{0,3}(\d{1,5})|page\s+(\d{1,5})", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_AROUND = 4  # elements outwards that a pager reaches
_PAGER_TEXT = 300  # characters


@dataclass(frozen=True, slots=True)
class Beyond:
    """``url`` or ``form`` asks for the next page; ``stuck``: there is one, and why it cannot be asked for."""

    rule: str
    url: str | None = None
    form: Form | None = None
    stuck: str | None = None


def find(page: Page, found: Sequence[Mark]) -> Beyond | None:
    """``found``: the marks of the page's anchors, in page order."""
    every = [mark for mark in found if not is_off(mark.element)]
    return (
        _sent(every, page)
        or _loaded(page)
        or next((stuck for mark in reversed(every) if mark.next and (stuck := _stuck(mark, every, page.texts))), None)
    )


def _sent(every: Sequence[Mark], page: Page) -> Beyond | None:
    """By a form: the mark that says next, else the number after the current one, else a button."""
    page_url, base, texts = page.url, page.base, page.texts
    for mark in reversed(every):
        if mark.next and mark.url is None and (form := forms.sent(mark.element, page_url, base)):
            return Beyond(f"form by {mark.label!r}", form=form)
    numbers = {mark.number: mark for mark in every if mark.number is not None and mark.url is None}
    sending = {number: form for number, mark in numbers.items() if (form := forms.sent(mark.element, page_url, base))}
    if sending:
        current = _current(numbers[min(sending)].element, set(sending), texts)
        if current is not None and current + 1 in sending:
            return Beyond("form by the number after the current", form=sending[current + 1])
    for button in page.root.iter("button", "input"):
        label = button.get("value") or texts.joined(button)
        said = marks.of(button, label, base) if label and not is_off(button) else None
        if said and said.next and (form := forms.sent(button, page_url, base)):
            return Beyond(f"button {label!r}", form=form)
    return None


def _current(element: HtmlElement, linked: set[int], texts: Texts) -> int | None:
    """The number beside others that is no link."""
    for around in islice(element.iterancestors(), _AROUND):
        plain = [
            int(number[0])
            for node in around.iter("span", "strong", "b", "em", "td", "li", "a", "font")
            if (number := re.fullmatch(r"\d{1,4}", texts.joined(node)))
            and node.get("href") is None
            and node.find(".//a[@href]") is None
        ]
        if free := [number for number in plain if number not in linked]:
            return free[0] if len(set(free)) == 1 else None
    return None


def _loaded(page: Page) -> Beyond | None:
    """By a button that loads more, where its own attributes say what it asks for."""
    page_url, base = page.url, page.base
    stuck: Beyond | None = None
    for element, label in _buttons(page):
        loads = _LOADS.fullmatch(label)
        if not loads and not (_SHOWS.fullmatch(label) and not _leads(element)):
            continue
        if any(_HIDDEN.search(node.get("style") or "") for node in (element, *islice(element.iterancestors(), 2))):
            continue
        url = next(_asked(element, base), None)
        if url and links.kind(url, page_url) != "external" and url != page_url.split("#")[0]:
            return Beyond(f"load more by {label!r}", url=url)
        if loads:
            stuck = Beyond("no address", stuck=f"{label.strip()!r} names no address, a script loads what follows")
    return stuck


def _buttons(page: Page) -> Iterator[tuple[HtmlElement, str]]:
    """What may be one, each with its label."""
    said = page.texts.holding(_MAY_LOAD)
    for element in page.root.iter("a", "button", "input", "div", "span", "p", "li"):
        value = element.get("value") if element.tag in ("button", "input") else None
        if not (value or element in said) or len(element) > 2:
            continue
        if (label := value or page.texts.short(element)) and len(label) <= 16:
            yield element, label


def _leads(element: HtmlElement) -> bool:
    href = (element.get("href") or "").strip().lower()
    return bool(href) and not href.startswith(("#", "javascript:"))


def _asked(element: HtmlElement, base: str) -> Iterator[str]:
    named = {name: value.strip() for name, value in element.items() if name.startswith("data-") and value}
    page = next((value for name, value in named.items() if "page" in name and value.isdigit()), None)
    for value in named.values():
        if not _ADDRESS.fullmatch(value):
            continue
        if value.endswith(("=", "/")) and page:
            value += page
        if url := urls.absolute(value, base):
            yield url
    if _leads(element) and (url := urls.absolute(element.get("href"), base)):
        yield url
    if url := links.opened(element.get("onclick"), base) or links.opened(links.unquoted(element.get("href")), base):
        yield url


def _stuck(mark: Mark, every: Sequence[Mark], texts: Texts) -> Beyond | None:
    """A mark that says next and leads nowhere that is known, where the pager shows that pages follow."""
    if mark.url is not None:
        return None
    text, numbers = _told(mark, every, texts)
    script = f"{links.unquoted(mark.element.get('href'))} {mark.element.get('onclick') or ''}".strip()
    here, in_all = _place(text)
    most = max(numbers, default=None)
    if in_all is None and most is not None and here is not None:
        in_all = most
    argument = _ARGUMENT.search(script)
    if in_all is not None and here is not None:
        more = here < in_all
    elif here is not None and argument:
        more = int(argument[1]) > here
    else:
        more = bool(_CALL.search(script)) and not (argument and most is not None and int(argument[1]) > most > 1)
    if not more:
        return None
    how = script[:80] if _CALL.search(script) else "a script that the page does not show"
    return Beyond("by a script", stuck=f"{mark.label!r} is {how}")


def _told(mark: Mark, every: Sequence[Mark], texts: Texts) -> tuple[str, set[int]]:
    """What the pager around a mark says, and the numbers in it."""
    around, text = mark.element, ""
    for node in islice(mark.element.iterancestors(), _AROUND):
        if node.tag in ("body", "html") or len(words := texts.joined(node)) > _PAGER_TEXT:
            break
        around, text = node, words
    inside = set(around.iter())
    return text, {other.number for other in every if other.number is not None and other.element in inside}


def _place(text: str) -> tuple[int | None, int | None]:
    """(this page, how many there are) as a pager prints them: 1/20, 第1页 共20页."""
    if found := _OF.search(text):
        return int(found[1]), int(found[2])
    in_all, here = _IN_ALL.search(text), _HERE.search(text)
    return _number(here), _number(in_all)


def _number(found: re.Match[str] | None) -> int | None:
    return next((int(value) for value in found.groups() if value), None) if found else None
