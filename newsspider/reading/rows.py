"""A row of a list: a block with links, which of them leads to its article, and what it says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsspider.extract import dates
from newsspider.reading import datelike, pieces
from newsspider.reading.links import Link
from newsspider.reading.texts import HEADINGS, Texts

TITLE_NAME = re.compile(r"(?:^|[-_. ])(?:\w*title|tit|bt\w?|subject\w*|headline|biaoti|name)(?:$|[-_. \d])", re.I)
DATE_AT_END = re.compile(r"^(.{4,}?)[\s\[(（【]+((?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?)\s*[\])）】]?$")
# A month and how many articles it has: 2024/09 5篇, 九月 2024 (5).
_MONTH = (
    r"(?:(?:19|20)\d\d\s*[-/.年]\s*(?:0[1-9]|1[0-2]|[1-9](?=月))\s*月?|(?:1?\d|[一二三四五六七八九十]{1,2})月\s*(?:19|20)\d\d"
    r"|[a-z]{3,9} (?:19|20)\d\d)(?:\s*[(（\[]\d+[)）\]]|\s*\d+\s*篇|\s+\d{1,3})"
)
NOT_A_TITLE = re.compile(
    r"\W*(?:(?:查看|了解|阅读|閱讀|点击|更多|详细|詳細)?(?:更多|详情|詳情|全文|详细|內容|内容|查看)|more|read ?more|learn more"
    r"|(?:read|view) (?:the )?(?:full )?(?:story|article|more|details?|post)|continue reading|details?|자세히 ?(?:보기)?|더 ?보기"
    r"|바로가기|続きを読む|もっと見る|回复|评论|分享|转发|下载|top|返回\w{0,3}|rss|\d+|次へ|前へ|다음|이전|처음|마지막|首[页頁]|[尾末][页頁]"
    rf"|{_MONTH}|[上下]一?[页頁篇條条则]|next|prev(?:ious)?|first|last|转到|go|跳转到?|older posts|newer posts|home|英文版?|english)?\W*",
    re.I,
)
WIDEST = 40  # columns of a title, more tell nothing more
LONGEST = 1500  # characters of a row whose link is no heading; posts in full have one
_SENTENCE = 10  # columns of a title that is no name of a column
_LONGEST_DATED = 300  # characters of a text that says little but a date
_FARTHEST, _LONGEST_GAP = 6, 600  # elements and characters between one row and the next that may speak of it
DAY_IN_ADDRESS = re.compile(r"(?<!\d)20\d\d[-/_]?(?:0[1-9]|1[0-2]|[1-9](?=/))[-/_]?(?:[0-2]?\d|3[01])(?!\d)")
_OF_ITS_OWN = re.compile(r"(?:category|tag|author|term|format)-")  # classes of a post that its neighbours need not have
_WIDE = re.compile(r"[^\u0000-\u2e7f]+")
_DIGIT = re.compile(r"\d")


@dataclass(eq=False)
class Row:
    """``main``: the link to its article; ``beside``: the texts between it and its neighbour, where the list keeps its dates there."""

    element: HtmlElement
    links: list[Link]
    main: Link
    of_page: Texts
    beside: Sequence[str] = ()

    @cached_property
    def texts(self) -> list[str]:
        return self.of_page.of(self.element)

    @cached_property
    def facts(self) -> list[str]:
        return pieces.facts(self.element)

    @cached_property
    def keys(self) -> set[str]:
        return {link.key for link in self.links}

    @cached_property
    def title(self) -> str:
        """What can be its title: the link's words, else, where it is a picture or says "read more", what the row says first."""
        if is_title(self.main.text) and not datelike.alone(self.main.text):
            return self.main.text
        if (named := titled(self.element, self.of_page)) is not None:
            return self.of_page.joined(named)
        able = (text for text in self.texts if text != self.main.text and width(text) >= _SENTENCE)
        return next((text for text in able if not datelike.alone(text)), "")

    @property
    def length(self) -> int:
        """Characters; many short texts count as long ones."""
        return max(sum(map(len, self.texts)), 25 * len(self.texts))

    @cached_property
    def headed(self) -> bool:
        return is_headed(self.main, self.of_page)

    @property
    def pictured(self) -> bool:
        return next(self.element.iter("img"), None) is not None

    @cached_property
    def told(self) -> int:
        """Columns of its title; more than some tell nothing more."""
        return told(self.title)

    @cached_property
    def dated(self) -> bool:
        """There is what looks like a date, outside of the title."""
        for text in self.texts:
            if len(text) < _LONGEST_DATED and datelike.looks(text):
                rest = len(datelike.rest(text))
                if rest <= 4 or (rest <= 40 and text not in self.of_page.of(self.main.element)):
                    return True
        if any(datelike.looks(text) for text in self.beside) or DATE_AT_END.match(self.main.text):
            return True
        boxes = list(datelike.boxes(self.texts))
        return any(map(dates.first, boxes)) or (bool(boxes) and DAY_IN_ADDRESS.search(self.main.url) is not None)


def is_headed(link: Link, texts: Texts) -> bool:
    """The link is a heading, or in one."""
    element = link.element
    if len(element) > 0 and element in texts.headings:
        return True
    around = element.getparent()
    if around is None or around.tag in HEADINGS:
        return around is not None
    around = around.getparent()
    return around is not None and around.tag in HEADINGS


@lru_cache(maxsize=4096)
def is_title(text: str) -> bool:
    """The words of a link can be a title: they do not say "read more"."""
    return NOT_A_TITLE.fullmatch(text) is None


def of(blocks: Iterable[tuple[HtmlElement, list[Link]]], texts: Texts) -> list[Row]:
    """The blocks as rows, each with the link at the place where their links are most distinct and tell most. Empty where most have
    another article at that place: they are no rows, but hold some. A block without a title, and an article met before, is none."""
    its = [Row(block, inside, inside[0], texts) for block, inside in blocks]
    if any(len(row.keys) > 1 for row in its) and _choose(its) * 2 > len(its):
        return []
    met: set[str] = set()
    kept = []
    for row in its:
        if row.main.key not in met and row.title and (row.length < LONGEST or row.headed):
            met.add(row.main.key)
            kept.append(row)
    if len(kept) > 1 and sum(row.dated for row in kept) * 2 < len(kept):
        _look_beside(kept)
    return kept


def chosen(blocks: Iterable[tuple[HtmlElement, list[Link]]], texts: Texts) -> list[Row]:
    """The blocks as rows, as they are."""
    its = [Row(block, inside, inside[0], texts) for block, inside in blocks]
    _choose(its)
    return its


def _choose(rows: list[Row]) -> int:
    """Set each row's link to its article. How many rows have another at that place, to another article."""
    keys: dict[tuple[str, ...], set[str]] = defaultdict(set)
    told: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    slots = [list(zip(_slots(row), row.links, strict=True)) for row in rows]
    for where, link in (slot for its in slots for slot in its):
        keys[where].add(link.key)
        if is_title(link.text):
            told[where][link.text] = min(width(link.text), 60) * (2 if any(map(_named, where)) else 1)
    best = sorted(keys, key=lambda where: -len(keys[where]) * sum(told[where].values()))
    rank = {where: n for n, where in enumerate(best)}
    several = 0
    for row, its in zip(rows, slots, strict=True):
        place, row.main = min(its, key=lambda pair: rank[pair[0]])
        twins = (link for where, link in its if where[:-1] == place[:-1] and link.key != row.main.key)
        several += any(width(twin.text) >= _SENTENCE and shape(twin.url) == shape(row.main.url) for twin in twins)
    return several


def _slots(row: Row) -> Iterator[tuple[str, ...]]:
    """The place of each link in the row: the names from it up to the row, and which of its kind it is there."""
    met: dict[tuple[str, ...], int] = {}
    for link in row.links:
        names: list[str] = []
        node: HtmlElement | None = link.element
        while node is not None and node is not row.element:
            names.append(core(node))
            node = node.getparent()
        where = tuple(names)
        met[where] = met.get(where, 0) + 1
        yield (*where, str(met[where]))


@lru_cache(maxsize=4096)
def _named(name: str) -> bool:
    """What is so called holds a title."""
    return name[:2] in HEADINGS or TITLE_NAME.search(name) is not None


def _look_beside(rows: list[Row]) -> None:
    """Give rows the texts after them, or before them, where most of those have a date: <dt> and <dd>, bare links."""
    mine = {row.element for row in rows}
    after = [_gap(row.element, mine, row.of_page, forward=True) for row in rows]
    before = [_gap(row.element, mine, row.of_page, forward=False) for row in rows]
    gaps = max((after, before), key=_dated)
    if _dated(gaps) * 2 >= len(rows):
        for row, texts in zip(rows, gaps, strict=True):
            row.beside = texts
            row.__dict__.pop("dated", None)


def _dated(gaps: list[list[str]]) -> int:
    return sum(any(map(datelike.looks, texts)) for texts in gaps)


def _gap(element: HtmlElement, mine: set[HtmlElement], of_page: Texts, *, forward: bool) -> list[str]:
    texts = [element.tail or ""] if forward else []
    node = element.getnext() if forward else element.getprevious()
    for _ in range(_FARTHEST):
        if node is None or node in mine:
            break
        whole = of_page.raw(node) if isinstance(node.tag, str) else ""
        if len(whole) > 2 * _LONGEST_GAP:
            return []
        its = pieces.facts(node) if _DIGIT.search(whole) else []
        texts += [*its, node.tail or ""] if forward else [node.tail or "", *its]
        node = node.getnext() if forward else node.getprevious()
    if not forward and node is not None and node.tail:
        texts.append(node.tail)
    found = [words for text in texts if (words := " ".join(text.split()))]
    return found if sum(map(len, found)) <= _LONGEST_GAP else []


def titled(element: HtmlElement, texts: Texts) -> HtmlElement | None:
    """The heading in an element, else what its class calls a title."""
    if (named := texts.headings.get(element)) is not None:
        return named
    able = element.iterdescendants("div", "span", "p", "b", "em", "dt", "a")
    return next((node for node in able if (names := node.get("class")) and is_called_title(names)), None)


@lru_cache(maxsize=4096)
def is_called_title(names: str) -> bool:
    """An element of this class holds a title."""
    return TITLE_NAME.search(names) is not None


def told(text: str) -> int:
    """Columns, up to as many as tell something."""
    return WIDEST if len(text) >= WIDEST else min(width(text), WIDEST)


def width(text: str) -> int:
    """Columns: a CJK character is two."""
    return len(text) if text.isascii() else len(text) + sum(map(len, _WIDE.findall(text)))


def core(element: HtmlElement) -> str:
    """Tag and classes, without running numbers and what only this row is.

    >>> from lxml.html import fragment_fromstring
    >>> core(fragment_fromstring('<li class="news n12 first">'))
    'li.n.news'
    """
    return name_of(element.tag, element.get("class") or "") if isinstance(element.tag, str) else ""


@lru_cache(maxsize=4096)
def name_of(tag: str, classes: str) -> str:
    names = {re.sub(r"[\d_-]+$", "", name) for name in classes.split() if not _OF_ITS_OWN.match(name)}
    return ".".join([tag, *sorted(names - {"", "first", "last", "odd", "even", "on", "active", "alt"})])


@lru_cache(maxsize=4096)
def shape(url: str) -> str:
    """A URL with its numbers and its slug folded: what the articles of one site have in common."""
    parts = urlsplit(url)
    folder, _, last = parts.path.rstrip("/").rpartition("/")
    last = re.sub(r"^[^.]*", "*", last) if last else ""
    keys = ",".join(sorted(re.findall(r"(?:^|&)([^=&]+)=", parts.query)))
    return re.sub(r"[0-9a-f]{8,}|\d+", "0", f"{parts.netloc}{folder}/") + f"{last}?{keys}"
