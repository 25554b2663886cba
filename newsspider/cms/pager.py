"""The link to the next page of a listing, followed and never computed: systems number their pages from either end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from lxml.html import HtmlElement

from newsspider.cms import beyond, marks
from newsspider.cms.marks import NUMBER, PAGE_FIELD, SYMBOLS, YEARS, Mark
from newsspider.extract import urls
from newsspider.items import Form
from newsspider.reading.texts import Texts

if TYPE_CHECKING:
    from newsspider.cms.base import Page

_ELSEWHERE = re.compile(r"slid|swiper|carousel|banner|focus|calendar|datepick|gallery|breadcrumb|crumb", re.I)
_CURRENT = re.compile(
    r"(?:^|[-_ ])(?:current\w*|active|on|now|cur|curr|selected|sel|this\w*|hover|checked|p_no_d|pageon|ing)(?:$|[-_ ])",
    re.I,
)
_PAGE = re.compile(r"[页頁]|page|ページ|페이지|목록|older", re.I)
# Characters that a pager has besides its links: 每页 14 记录 总共 280 记录 页码 1/20 跳转到.
_REST = 80
MOST_MARKS = 200
# TRS: createPageHTML(pages, current page from 0, "index", "html") writes index.html, index_1.html …
_TRS = re.compile(
    r"""createPage\w*\(\s*["']?(\d+)["']?\s*,\s*["']?(\d+)["']?\s*,\s*["']([\w-]+)["']\s*,\s*["'](\w+)["']"""
)
_ADDRESS = re.compile(r"[./?]")
_ANY_PAGE = re.compile(rf"{PAGE_FIELD.pattern}|(?:limit)?start|offset|from", re.I)


@dataclass(frozen=True, slots=True, eq=False)
class Pager:
    """``element`` holds the links to the other pages (None: none do); ``next_url`` None: this is the last page, unless ``form`` is
    what is sent for the next, or ``stuck`` says why there is no asking for it."""

    element: HtmlElement | None
    next_url: str | None
    rule: str
    form: Form | None = None
    stuck: str | None = None


def find(page: Page, words: dict[HtmlElement, str]) -> Pager | None:
    """The pager of a page. ``words`` are its anchors with their texts."""
    # From below, where the pager is; no page but a broken one has so many.
    met = (mark for a, text in reversed(words.items()) if (mark := marks.of(a, text, page.base)))
    found = [*islice(met, MOST_MARKS)][::-1]
    linked = _linked(page, words, found)
    if linked and linked.next_url:
        return linked
    further = beyond.find(page, found)
    if further is None:
        return linked
    return Pager(linked.element if linked else None, further.url, further.rule, further.form, further.stuck)


def _linked(page: Page, words: dict[HtmlElement, str], found: list[Mark]) -> Pager | None:
    """The pager whose links lead to the next page, or show that this is the last."""
    root, base, here = page.root, page.base, comparable(page.url)
    best: Pager | None = None
    for element, its in _groups(found, page.texts):
        pager = _by_number(element, its, here, page.texts) or _by_word(element, its, here)
        if pager and (best is None or (best.next_url is None and pager.next_url)):
            best = pager
    if best and best.next_url:
        return best
    for link in root.iter("a", "link"):
        if "next" in (link.get("rel") or "").lower().split() and (url := urls.absolute(link.get("href"), base)):
            parent = link.getparent()
            if _leads_on(url, here) and (_is_counted(url, page.url) if link.tag == "link" else len(words[link]) <= 24):
                return Pager(best.element if best else None if link.tag == "link" else parent, url, "rel=next")
    for mark in found if best is None else ():
        # Alone among other things, where it says in full what it is, or leads to another page of this list.
        if not (mark.next or mark.more) or mark.url is None or not _leads_on(mark.url, here):
            continue
        if (mark.next and _PAGE.search(mark.label)) or _same_list(mark.url, here):
            return Pager(mark.element, mark.url, f"link {mark.label!r}")
    for button in root.iter("button", "input") if best is None else ():
        told = button.get("value") or page.texts.joined(button)
        said = marks.of(button, told, base) if button.get("onclick") else None
        if said and said.next and said.url and _leads_on(said.url, here):
            return Pager(button, said.url, f"button {said.label!r}")
    if chosen := _chosen(page):
        return Pager(best.element if best else None, chosen, "option after the selected")
    if script := _TRS.search(page.text):
        following = int(script[2]) + 1
        url = urls.absolute(f"{script[3]}_{following}.{script[4]}", base) if following < int(script[1]) else None
        return Pager(best.element if best else None, url, "createPageHTML")
    return best


def _leads_on(url: str, here: str) -> bool:
    """It leads to another page than this, and not to the site's first, where templates let the "next" of the last page lead."""
    its = comparable(url)
    return its != here and ("/" in its or not its.endswith("?"))


def _is_counted(url: str, page_url: str) -> bool:
    """Where an address differs from the page's there is a number: manuals declare what stands next in their contents, too."""
    one, other = unquote(url), unquote(page_url)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return any(len(number) != 4 or int(number) not in YEARS for number in re.findall(r"\d+", one[same:]))


def _chosen(page: Page) -> str | None:
    """The page after the selected one in a list of options whose values are addresses."""
    for select in page.root.iter("select"):
        options = list(select.iter("option"))
        leading = [option for option in options if _ADDRESS.search(option.get("value") or "")]
        numbers = [int(found[1]) for option in leading if (found := NUMBER.fullmatch(page.texts.joined(option)))]
        if len(options) > 1 and numbers == list(range(1, len(options) + 1)):
            now = next((n for n, option in enumerate(options) if option.get("selected") is not None), 0)
            return page.link(options[now + 1].get("value")) if now + 1 < len(options) else None
    return None


@lru_cache(maxsize=1024)
def comparable(url: str) -> str:
    """A URL without what does not change the page: scheme, www, fragment, empty parameters, the order of the others."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = sorted((name.lower(), value) for name, value in parse_qsl(parts.query))
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{urlencode(query)}"


def _groups(found: list[Mark], texts: Texts) -> Iterator[tuple[HtmlElement, list[Mark]]]:
    """The elements that hold marks and little else, those with most of them first."""
    held: dict[HtmlElement, list[Mark]] = {}
    for mark in found:
        node = mark.element.getparent()
        for _ in range(3):  # a in li in ul in div: as far out as its neighbours can be
            if node is None or node.tag in ("body", "html"):
                break
            held.setdefault(node, []).append(mark)
            node = node.getparent()
    pagers = {node: its for node, its in held.items() if _is_pager(node, its, texts)}
    for node, its in list(pagers.items()):
        for around in node.iterancestors():
            # A breadcrumb's 首页 does not make the page around the pager.
            if len(its) > 1 and around in pagers and len(pagers[around]) * 2 <= len(its) * 3:
                del pagers[around]
    taken: set[Mark] = set()
    for node, its in sorted(pagers.items(), key=lambda pair: -len(pair[1])):
        if not taken.issuperset(its):
            if len(its) > 1:  # the only link of a pager stands beside the number of the current page, further out
                taken.update(its)
            yield node, its


def _is_pager(node: HtmlElement, its: list[Mark], texts: Texts) -> bool:
    """Little but its, and one of them leads somewhere or says so in words: the dots and arrows of a slider do neither."""
    if not any(mark.url or _PAGE.search(mark.label) for mark in its):
        return False
    if sum(1 for _ in islice(node.iter("a"), len(its) + 3 + len(its) // 10)) - len(its) > 2 + len(its) // 10:
        return False
    if len(texts.joined(node)) > sum(len(mark.label) for mark in its) + _REST:
        return False
    numbers = [mark.number for mark in its if mark.number is not None]
    if len(numbers) > 2 and sorted(numbers) not in (numbers, numbers[::-1]):
        return False  # how much of what there is
    around = [node, *islice((up for up in node.iterancestors() if up.tag not in ("body", "html")), 4)]
    return not any(_ELSEWHERE.search(f"{up.get('class') or ''} {up.get('id') or ''}") for up in around)


def _plain_numbers(element: HtmlElement, texts: Texts) -> Iterator[Mark]:
    """Numbers that are no links: the current page, and totals."""
    for node in element.iter("span", "strong", "b", "em", "li", "i", "font", "td", "dt", "div", "u"):
        found = NUMBER.fullmatch(texts.joined(node))
        if found is None or node.find(".//a") is not None:
            continue
        if any(isinstance(child.tag, str) and NUMBER.fullmatch(texts.joined(child)) for child in node):
            continue
        if not any(up.tag == "a" for up in node.iterancestors()):
            yield Mark(node, found[0], None, number=int(found[1]), current=_marked(node, element))


def _marked(node: HtmlElement, top: HtmlElement) -> bool:
    if node.get("aria-current") or node.get("title") == "현재 페이지":
        return True
    around = [node, *(child for child in node if child.tag in ("span", "strong", "b", "em"))]
    parent = node.getparent()
    while parent is not None and parent is not top and len(parent) == 1:
        around.append(parent)
        parent = parent.getparent()
    return any(_CURRENT.search(each.get("class") or "") or _CURRENT.search(each.get("id") or "") for each in around)


def _by_number(element: HtmlElement, its: list[Mark], here: str, texts: Texts) -> Pager | None:
    """The number after the current one: marked so, or no link, or leading to this very page."""
    numbers = [mark for mark in its if mark.number is not None]
    linked = {mark.number: mark.url for mark in reversed(numbers) if mark.url}
    if not linked:
        return None
    plain = list(_plain_numbers(element, texts))
    marked = [
        mark
        for mark in (*plain, *numbers)
        if mark.current or (mark.element.tag == "a" and _marked(mark.element, element))
    ]
    marked += [mark for mark in numbers if mark.url and comparable(mark.url) == here]
    if not marked and 1 in linked and _first_of(linked[1], here):
        marked = [mark for mark in numbers if mark.number == 1]
    unlinked = [mark for mark in (*plain, *numbers) if mark.url is None and mark.number not in linked]
    if len(its) == 1 and its[0].element.getparent() is not element:
        unlinked = []  # a number beside a link to a page in the next block must say that it is the current one
    step = _step({mark.number for mark in (*plain, *numbers) if mark.number is not None})
    for mark in (*marked, *unlinked):
        assert mark.number is not None
        url = linked.get(mark.number + step)
        if url and comparable(url) != here and (mark in marked or mark.number == 1 or mark.number - 1 in linked):
            return Pager(element, url, "number after the current")
    return None


def _step(numbers: set[int]) -> int:
    """1, or more where pages are called after how many rows are before them: 0, 10, 20."""
    least = min((number for number in numbers if number), default=1)
    return least if 0 in numbers and not any(number % least for number in numbers) else 1


def _first_of(url: str, here: str) -> bool:
    """The link to page 1 is this page's address with the page number added."""
    path, _, query = comparable(url).partition("?")
    rest = [(name, value) for name, value in parse_qsl(query) if not (PAGE_FIELD.fullmatch(name) and value == "1")]
    return f"{path}?{urlencode(rest)}" == here != comparable(url)


def _by_word(element: HtmlElement, its: list[Mark], here: str) -> Pager | None:
    following = [mark for mark in its if mark.next]
    symbols = [mark for symbol in SYMBOLS for mark in its if mark.label == symbol] if len(its) > 1 else []
    for mark in following or symbols[:1]:
        if mark.url and _leads_on(mark.url, here):
            return Pager(element, mark.url, f"link {mark.label!r}")
    for mark in its:
        # "More" leads to another page of the same list, or to the list itself from where only its head stands.
        if mark.more and mark.url and _same_list(mark.url, here):
            return Pager(element, mark.url, f"link {mark.label!r}")
    if sum(not mark.more for mark in its) > 1 or following:
        return Pager(element, None, "no further page")
    return None


def _same_list(url: str, here: str) -> bool:
    path, _, query = comparable(url).partition("?")
    own_path, _, own_query = here.partition("?")
    paged = any(_ANY_PAGE.fullmatch(name) and value.isdigit() for name, value in parse_qsl(query))
    return query != own_query and path == own_path and paged
