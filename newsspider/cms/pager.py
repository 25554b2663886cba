"""The link to the next page of a listing, followed and never computed: systems number their pages from either end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml.html import HtmlElement

from newsspider.cms import links
from newsspider.extract import urls

_NEXT = re.compile(
    r"\W*(?:[翻到]?下一?[页頁]|[后後]一?[页頁]|(?:go to )?next(?: ?page)?|older(?: (?:posts|entries|news|articles|stories))?"
    r"|다음 ?(?:페이지|목록)?(?:로)? ?(?:이동)?(?:하기)?|次(?:へ|の?ページ(?:へ)?|の\d+件)|(?:página )?siguientes?|(?:page )?suivante?s?"
    r"|nächste(?: seite)?|weiter|volgende(?: pagina)?|(?:página )?próxim[ao]|(?:pagina )?successiv[ao]|następna)\W*",
    re.I,
)
_OTHER = re.compile(
    r"\W*(?:[首头][页頁]|第一[页頁]|[尾末最][后後]?一?[页頁]|上一?[页頁]|前一?[页頁]|(?:go to )?(?:first|last|prev(?:ious)?)(?: ?page)?"
    r"|newer(?: posts)?|跳转到?|转到|go|이전(?: ?(?:페이지|목록))?|처음|마지막|끝|맨 ?[끝앞뒤]|前へ|最初|最後)\W*",
    re.I,
)
_NUMBER = re.compile(
    r"[\[(第]?\s*(?:열린|현재|(?:current |go to )?page)?\s*(\d{1,4})\s*[\])页頁]?\s*(?:현재)? ?(?:페이지|page)?", re.I
)
_MORE = re.compile(
    r"\W*(?:加载更多|载入更多|查看更多|更多新闻|load more(?: \w+)?|show more|more (?:news|posts|stories)|더 ?보기|もっと見る)\W*",
    re.I,
)
_ELSEWHERE = re.compile(r"slid|swiper|carousel|banner|focus|calendar|datepick|gallery|breadcrumb|crumb", re.I)
# In the order in which they are believed: » is "next" in one system and "last" in another.
_SYMBOLS = ("›", "〉", ">", "＞", "→", "▶", "❯", "⟩", "»", ">>", "≫")
_NEXT_NAME = re.compile(r"(?:^|[-_ ])(?:next|pg_next|btn-?next|page-?next|next-?page|p_next)(?:$|[-_ ])", re.I)
_CURRENT = re.compile(
    r"(?:^|[-_ ])(?:current\w*|active|on|now|cur|curr|selected|sel|this\w*|hover|checked|p_no_d|pageon|ing)(?:$|[-_ ])",
    re.I,
)
_DISABLED = re.compile(r"disabled|(?:^|[-_ ])(?:p_next_d|no-?next|gray|grey)(?:$|[-_ ])", re.I)
# Characters that a pager has besides its links: 每页 14 记录 总共 280 记录 页码 1/20 跳转到.
_REST = 80
# TRS: createPageHTML(pages, current page from 0, "index", "html") writes index.html, index_1.html …
_TRS = re.compile(
    r"""createPage\w*\(\s*["']?(\d+)["']?\s*,\s*["']?(\d+)["']?\s*,\s*["']([\w-]+)["']\s*,\s*["'](\w+)["']"""
)
_BY_SCRIPT = re.compile(r"(?:javascript:)?\s*\w+\(\s*['\"]?(\d{1,5})['\"]?\s*(?:,[^()]*)?\)", re.I)
_PAGE_FIELD = re.compile(
    r"(?:page(?:_?(?:no|num|index|number))?|p(?:n|no)?|pg|(?:cur|current|now|go|c)_?page(?:no)?)", re.I
)


@dataclass(frozen=True, slots=True, eq=False)
class Pager:
    """``element`` holds the links to the other pages (None: none do); ``next_url`` None: this is the last page."""

    element: HtmlElement | None
    next_url: str | None
    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A link, or the text in place of one, that stands in a pager; ``number`` of the page, ``next`` or ``more`` where it says so."""

    element: HtmlElement
    label: str
    url: str | None
    number: int | None = None
    next: bool = False
    more: bool = False
    current: bool = False


def find(root: HtmlElement, words: Mapping[HtmlElement, str], page_url: str, base: str, source: str) -> Pager | None:
    """The pager of a page. ``words`` are its anchors with their texts, ``source`` its HTML, for pagers that a script writes."""
    here = comparable(page_url)
    best: Pager | None = None
    for element, marks in _groups([mark for a, text in words.items() if (mark := _mark(a, text, base))]):
        pager = _by_number(element, marks, base, here) or _by_word(element, marks, here)
        if pager and (best is None or (best.next_url is None and pager.next_url)):
            best = pager
    if best and best.next_url:
        return best
    for link in root.iter("a", "link"):
        if "next" in (link.get("rel") or "").lower().split() and (url := urls.absolute(link.get("href"), base)):
            parent = link.getparent()
            if comparable(url) != here and (link.tag == "link" or len(words[link]) <= 24):
                return Pager(best.element if best else None if link.tag == "link" else parent, url, "rel=next")
    if script := _TRS.search(source):
        following = int(script[2]) + 1
        url = urls.absolute(f"{script[3]}_{following}.{script[4]}", base) if following < int(script[1]) else None
        return Pager(best.element if best else None, url, "createPageHTML")
    return best


def comparable(url: str) -> str:
    """A URL without what does not change the page: scheme, www, fragment, empty parameters, the order of the others."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = sorted((name.lower(), value) for name, value in parse_qsl(parts.query))
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{urlencode(query)}"


def _mark(a: HtmlElement, text: str, base: str) -> Mark | None:
    if len(text) > 40:
        return None
    if number := _NUMBER.fullmatch(text):
        return Mark(a, text, _target(a, base), number=int(number[1]))
    wordless = not re.search(r"\w", text)
    told = [text] if text else []
    told += [" ".join((a.get(name) or "").split()) for name in ("aria-label", "title")]
    if wordless:
        told += [(img.get("alt") or img.get("title") or "").strip() for img in a.iter("img")]
    if any(_OTHER.fullmatch(words) for words in told):
        return Mark(a, text, _target(a, base))
    parent = a.getparent()
    names = " ".join(
        [a.get("class") or "", a.get("id") or "", (parent.get("class") or "") if parent is not None else ""]
    )
    if any(_NEXT.fullmatch(words) for words in told) or (wordless and _NEXT_NAME.search(names)):
        off = _DISABLED.search(names) or a.get("aria-disabled") == "true"
        return Mark(a, next(filter(None, told), "next"), None if off else _target(a, base), next=True)
    return (
        Mark(a, text, _target(a, base)) if text in _SYMBOLS or text in ("<", "<<", "«", "‹", "←", "...", "…") else None
    )


def _target(a: HtmlElement, base: str) -> str | None:
    url = links.target(a, base)
    if url is None or not links.is_opener(url, base):
        return url
    return _by_form(a, base)


def _by_form(a: HtmlElement, base: str) -> str | None:
    """The address that a pager's script would send a form to, where a GET says the same: it is one, or K2Web's, which takes both."""
    script = links.unquoted(a.get("href")) + " " + (a.get("onclick") or "")
    found = _BY_SCRIPT.search(script)
    if not found:
        return None
    k2web = re.search(r"\bpage_link\(", script) and "artclList.do" in base
    if k2web:
        return urls.absolute(f"?page={found[1]}", base)
    for form in a.getroottree().iter("form"):
        if (form.get("method") or "get").lower() != "get":
            continue
        fields = [
            (field.get("name") or "", field.get("value") or "")
            for field in form.iter("input")
            if field.get("type") in (None, "hidden", "text")
        ]
        page = [name for name, value in fields if _PAGE_FIELD.fullmatch(name) and value.isdigit()]
        if len(page) == 1:
            sent = [
                (name, found[1] if name == page[0] else value)
                for name, value in fields
                if name and (value or name == page[0])
            ]
            return urls.absolute(f"{(form.get('action') or base).split('?')[0]}?{urlencode(sent)}", base)
    return None


def _groups(marks: list[Mark]) -> Iterator[tuple[HtmlElement, list[Mark]]]:
    """The elements that hold marks and little else, those with most of them first."""
    held: dict[HtmlElement, list[Mark]] = {}
    for mark in marks:
        node = mark.element.getparent()
        for _ in range(3):  # a in li in ul in div: as far out as its neighbours can be
            if node is None or node.tag in ("body", "html"):
                break
            held.setdefault(node, []).append(mark)
            node = node.getparent()
    pagers = {node: its for node, its in held.items() if _is_pager(node, its)}
    for node, its in list(pagers.items()):
        for around in node.iterancestors():
            # A breadcrumb's 首页 does not make the page around the pager.
            if around in pagers and len(pagers[around]) * 2 <= len(its) * 3:
                del pagers[around]
    taken: set[Mark] = set()
    for node, its in sorted(pagers.items(), key=lambda pair: -len(pair[1])):
        if not taken.issuperset(its):
            taken.update(its)
            yield node, its


def _is_pager(node: HtmlElement, marks: list[Mark]) -> bool:
    """Little but marks, and one of them leads somewhere or says so in words: the dots and arrows of a slider do neither."""
    if not any(mark.url or re.search(r"[页頁]|page|페이지|목록", mark.label, re.I) for mark in marks):
        return False
    around = [node, *islice((up for up in node.iterancestors() if up.tag not in ("body", "html")), 4)]
    if any(_ELSEWHERE.search(f"{up.get('class') or ''} {up.get('id') or ''}") for up in around):
        return False
    others = sum(1 for _ in node.iter("a")) - len(marks)
    return others <= 2 + len(marks) // 10 and len(links.text(node)) <= sum(len(mark.label) for mark in marks) + _REST


def _plain_numbers(element: HtmlElement) -> Iterator[Mark]:
    """Numbers that are no links: the current page, and totals."""
    for node in element.iter("span", "strong", "b", "em", "li", "i", "font", "td", "div", "u"):
        found = _NUMBER.fullmatch(links.text(node)) if node.find(".//a") is None else None
        if found is None or any(_NUMBER.fullmatch(links.text(child)) for child in node):
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


def _by_number(element: HtmlElement, marks: list[Mark], base: str, here: str) -> Pager | None:
    """The number after the current one: marked so, or no link, or leading to this very page."""
    numbers = [mark for mark in marks if mark.number is not None]
    linked = {mark.number: mark.url for mark in reversed(numbers) if mark.url}
    if not linked:
        return None
    plain = list(_plain_numbers(element))
    marked = [
        mark
        for mark in (*plain, *numbers)
        if mark.current or (mark.element.tag == "a" and _marked(mark.element, element))
    ]
    marked += [mark for mark in numbers if mark.url and comparable(mark.url) == here]
    if not marked and 1 in linked and _first_of(linked[1], here):
        marked = [mark for mark in numbers if mark.number == 1]
    unlinked = [mark for mark in (*plain, *numbers) if mark.url is None and mark.number not in linked]
    for mark in (*marked, *unlinked):
        assert mark.number is not None
        url = linked.get(mark.number + 1)
        if url and comparable(url) != here and (mark in marked or mark.number == 1 or mark.number - 1 in linked):
            return Pager(element, url, "number after the current")
    return None


def _first_of(url: str, here: str) -> bool:
    """The link to page 1 is this page's address with the page number added."""
    path, _, query = comparable(url).partition("?")
    rest = [(name, value) for name, value in parse_qsl(query) if not (_PAGE_FIELD.fullmatch(name) and value == "1")]
    return f"{path}?{urlencode(rest)}" == here != comparable(url)


def _by_word(element: HtmlElement, marks: list[Mark], here: str) -> Pager | None:
    following = [mark for mark in marks if mark.next]
    symbols = [mark for symbol in _SYMBOLS for mark in marks if mark.label == symbol] if len(marks) > 1 else []
    for mark in following or symbols[:1]:
        if mark.url and comparable(mark.url) != here:
            return Pager(element, mark.url, f"link {mark.label!r}")
    for mark in marks:
        # "More" leads to another page of the same list, or to the list itself from where only its head stands.
        if mark.more and mark.url and _same_list(mark.url, here):
            return Pager(element, mark.url, f"link {mark.label!r}")
    if len(marks) > 1 or following:
        return Pager(element, None, "no further page")
    return None


def _same_list(url: str, here: str) -> bool:
    path, _, query = comparable(url).partition("?")
    own_path, _, own_query = here.partition("?")
    paged = any(_PAGE_FIELD.fullmatch(name) and value.isdigit() for name, value in parse_qsl(query))
    return query != own_query and path == own_path and paged
