"""A row of a listing: a block with a link to an article, its title and its date; which of it is which."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from newsspider.cms import links, pieces, places
from newsspider.cms.links import Link
from newsspider.extract import dates
from newsspider.extract.texts import Texts
from newsspider.reading import datelike

_SENTENCE = 10  # columns of a title that is no name of a column
_FARTHEST = 6  # elements between one row and the next that may speak of it
_LONGEST_GAP = 600
_LONGEST_DATED = 300  # characters of a text that says little but a date
_WIDE = re.compile(r"[^\u0000-\u2e7f]+")
_ALL = etree.XPath("string()", smart_strings=False)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
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
    rf"|{_MONTH}|[上下]一?[页頁篇条则]|next|prev(?:ious)?|first|last|转到|go|跳转到?|older posts|newer posts|home|英文版?|english)?\W*",
    re.I,
)


@dataclass(eq=False)
class Row:
    """A block of a listing. ``main`` is its link to the article; ``of_page`` the texts of all its page; ``beside`` those between it
    and its neighbour, nearest first, where a list keeps its dates there."""

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
        if not NOT_A_TITLE.fullmatch(self.main.text) and not datelike.alone(self.main.text):
            return self.main.text
        if (named := titled(self.element)) is not None:
            return links.text(named)
        return next(
            (text for text in self.texts if width(text) >= 10 and not datelike.alone(text) and text != self.main.text),
            "",
        )

    @property
    def length(self) -> int:
        """Characters; many short texts count as long ones."""
        return max(sum(map(len, self.texts)), 25 * len(self.texts))

    @property
    def headed(self) -> bool:
        """Its link is a heading, or in one."""
        line = (node.tag for node in self.main.element.iterancestors() if node is not self.element)
        return any(tag in HEADINGS for tag in islice(line, 2)) or heading(self.main.element) is not None

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
        return any(dates.first(box) for box in datelike.boxes(self.texts))


def choose(rows: list[Row]) -> int:
    """Set each row's link to its article: the one at the place where the rows' links are most distinct and tell most. How many
    rows have another at that place, to another article: they are no rows, but hold some."""
    if all(len(row.links) == 1 for row in rows):
        return 0
    keys: dict[tuple[str, ...], set[str]] = defaultdict(set)
    told: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    slots = [[(where, link) for link, where in zip(row.links, slots_of(row), strict=True)] for row in rows]
    for its in slots:
        for where, link in its:
            keys[where].add(link.key)
            if not NOT_A_TITLE.fullmatch(link.text):
                told[where][link.text] = min(width(link.text), 60) * (2 if any(map(_named, where)) else 1)
    best = sorted(keys, key=lambda where: -len(keys[where]) * sum(told[where].values()))
    rank = {where: n for n, where in enumerate(best)}
    several = 0
    for row, its in zip(rows, slots, strict=True):
        place, row.main = min(its, key=lambda pair: rank[pair[0]])
        twins = (link for where, link in its if where[:-1] == place[:-1] and link.key != row.main.key)
        several += any(
            width(twin.text) >= _SENTENCE and places.shape(twin.url) == places.shape(row.main.url) for twin in twins
        )
    return several


def slots_of(row: Row) -> Iterator[tuple[str, ...]]:
    """The place of each link in the row: the names from it up to the row, and which of its kind it is there."""
    met: dict[tuple[str, ...], int] = {}
    for link in row.links:
        names: list[str] = []
        node: HtmlElement | None = link.element
        while node is not None and node is not row.element:
            names.append(places.core(node))
            node = node.getparent()
        where = tuple(names)
        met[where] = met.get(where, 0) + 1
        yield (*where, str(met[where]))


@lru_cache(maxsize=4096)
def _named(name: str) -> bool:
    """What is so called holds a title."""
    return name[:2] in HEADINGS or TITLE_NAME.search(name) is not None


def look_beside(rows: list[Row]) -> None:
    """Give rows the texts after them, or before them, where most of those have a date: <dt> and <dd>, bare links."""
    mine = {row.element for row in rows}
    after = [_gap(row.element, mine, forward=True) for row in rows]
    before = [_gap(row.element, mine, forward=False) for row in rows]
    gaps = max((after, before), key=_dated)
    if _dated(gaps) * 2 >= len(rows):
        for row, texts in zip(rows, gaps, strict=True):
            row.beside = texts
            row.__dict__.pop("dated", None)


def _dated(gaps: list[list[str]]) -> int:
    return sum(any(datelike.looks(text) for text in texts) for texts in gaps)


def _gap(element: HtmlElement, mine: set[HtmlElement], *, forward: bool) -> list[str]:
    texts = [element.tail or ""] if forward else []
    node = element.getnext() if forward else element.getprevious()
    for _ in range(_FARTHEST):
        if node is None or node in mine:
            break
        whole = _ALL(node) if isinstance(node.tag, str) else ""
        if len(whole) > 2 * _LONGEST_GAP:
            return []
        its = pieces.facts(node) if re.search(r"\d", whole) else []
        texts += [*its, node.tail or ""] if forward else [node.tail or "", *its]
        node = node.getnext() if forward else node.getprevious()
    if not forward and node is not None and node.tail:
        texts.append(node.tail)
    found = [words for text in texts if (words := " ".join(text.split()))]
    return found if sum(map(len, found)) <= _LONGEST_GAP else []


def titled(element: HtmlElement) -> HtmlElement | None:
    """The heading in an element, else what its class calls a title."""
    named = heading(element)
    if named is not None:
        return named
    return next(
        (
            e
            for e in element.iterdescendants("div", "span", "p", "b", "em", "dt", "a")
            if TITLE_NAME.search(e.get("class") or "")
        ),
        None,
    )


def heading(element: HtmlElement) -> HtmlElement | None:
    """The first heading in an element, but for the boxes of a date."""
    return next((node for node in element.iter(*HEADINGS) if not _in_digits(links.text(node))), None)


def _in_digits(text: str) -> bool:
    return not re.search(r"[^\W\d_]", text) or datelike.alone(text)


def width(text: str) -> int:
    """Columns: a CJK character is two."""
    return len(text) if text.isascii() else len(text) + sum(map(len, _WIDE.findall(text)))
