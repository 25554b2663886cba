"""The rows of a listing: where on a page its repeated blocks of title, link and date are."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsspider.cms import links
from newsspider.cms.links import Link

# A row has a title, a picture, a "read more", a category, some tags; a block with more links holds several rows.
MOST_LINKS = 14
CLIMB = 14
LONGEST_ROW = 1500  # characters: a row is not the article itself
BESIDE_PAGER = 6.0
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d\s?[-./年년]\s?\d{1,2}(?!\d)|(?<!\d)\d{1,2}[-./]\d{1,2}[-./](?:20)?\d\d(?!\d)|\d{1,2}\s?[月월]"
    rf"|(?<![\d.])\d\d[-/.]\d\d(?![\d.%])|\d{{2,3}}年\d|\b(?:{_MONTHS})[a-z]*\b\.?,?\s*\d|\d\s*(?:{_MONTHS})"
)
# What says of itself that it is not the page's own list.
CHROME = re.compile(
    r"(?:^|[-_ ])(?:(?:main|top|sub|left|side|foot|m|pc)?-?_?(?:nav|menu)\w*|navigation|header|head|top|foot(?:er)?\w*|bottom|aside"
    r"|side-?bar|side|bread-?crumbs?|crumbs?|location|weizhi|position|path|friend\w*|yqlj|copyright|slid\w*|banner\w*|swiper\w*"
    r"|carousel\w*|flexslider|focus\w*|hot\w*|rank\w*|related|recommend\w*|popular|widget\w*|search\w*|lang\w*|login|share|sns"
    r"|social|tags?|tagcloud|gnb|lnb|quick\w*|sitemap|family-?site|calendar|mega\w*|dropdown\w*|popup)(?:$|[-_ \d])",
    re.I,
)
MAIN = re.compile(r"list|news|article|board|bbs|notice|content|main|post|result", re.I)
# What dates are made of besides words of their own.
_OF_DATES = re.compile(rf"[\W\d年月日号時时分년월일]|(?:{_MONTHS})[a-z]*|(?:发布|發布|更新)?(?:时间|日期|時間)", re.I)
TITLE_NAME = re.compile(r"(?:^|[-_. ])(?:\w*title|tit|bt\w?|subject\w*|headline|biaoti|name)(?:$|[-_. \d])", re.I)
DATE_AT_END = re.compile(r"^(.{4,}?)[\s\[(（【]+((?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?)\s*[\])）】]?$")
NOT_A_TITLE = re.compile(
    r"\W*(?:(?:查看|了解|阅读|閱讀|点击|更多|详细|詳細)?(?:更多|详情|詳情|全文|详细|內容|内容|查看)|more|read ?more|learn more"
    r"|(?:read|view) (?:the )?(?:full )?(?:story|article|more|details?|post)|continue reading|details?|자세히 ?(?:보기)?|더 ?보기"
    r"|바로가기|続きを読む|もっと見る|回复|评论|分享|转发|下载|top|返回\w{0,3}|rss|\d+|次へ|前へ|다음|이전|처음|마지막|首[页頁]|[尾末][页頁]"
    r"|[上下]一?[页頁]|next|prev(?:ious)?|first|last|转到|go|跳转|older posts|newer posts|home|英文版?|english)?\W*",
    re.I,
)


@dataclass(eq=False)
class Row:
    """A block of a listing. ``main`` is its link to the article; ``beside`` is the text between it and its neighbour, where a
    list keeps its dates there."""

    element: HtmlElement
    links: list[Link]
    main: Link
    beside: str = ""

    @cached_property
    def texts(self) -> list[str]:
        return links.nodes(self.element)

    @cached_property
    def keys(self) -> set[str]:
        return {link.key for link in self.links}

    @property
    def title(self) -> str:
        """What can be its title: the link's words, else, where it is a picture or says "read more", what the row says first."""
        if not NOT_A_TITLE.fullmatch(self.main.text) and not only_date(self.main.text):
            return self.main.text
        if (named := titled(self.element)) is not None:
            return links.text(named)
        return next(
            (text for text in self.texts if width(text) >= 10 and not only_date(text) and text != self.main.text), ""
        )

    @cached_property
    def dated(self) -> bool:
        """There is what looks like a date, outside of the title."""
        linked = links.nodes(self.main.element)
        for text in self.texts:
            if DATE.search(text):
                rest = len(_OF_DATES.sub("", text))
                if rest <= 4 or (rest <= 40 and text not in linked):
                    return True
        return bool(DATE.search(self.beside) or DATE_AT_END.match(self.main.text))


@dataclass(slots=True, eq=False)
class Group:
    """Blocks of one shape in one place, and how much they are like the rows of a listing. ``selected``: by the site's own rule."""

    container: HtmlElement
    rows: list[Row]
    score: float = 0.0
    dated: int = 0
    selected: bool = False


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


def shape(url: str) -> str:
    """A URL with its numbers and its slug folded: what the articles of one site have in common."""
    parts = urlsplit(url)
    folder, _, last = parts.path.rpartition("/")
    last = re.sub(r"^[^.]*", "*", last) if last else ""
    keys = ",".join(sorted(re.findall(r"(?:^|&)([^=&]+)=", parts.query)))
    return re.sub(r"[0-9a-f]{8,}|\d+", "0", f"{parts.netloc}{folder}/") + f"{last}?{keys}"


def find(root: HtmlElement, found: Iterable[Link], *, pager: HtmlElement | None = None) -> Group | None:
    """The group of rows that is the page's listing; ``pager`` is the element that leads to its other pages."""
    groups = merged(candidates(found))
    # The best that each could be comes cheap: menus need not be read.
    bound = {group: standing(group.container) * 2.2 * len(group.rows) for group in groups}
    groups.sort(key=lambda group: -bound[group])
    top = 0.0
    for group in groups:
        if bound[group] * BESIDE_PAGER >= top:
            group.score = standing(group.container) * score(group)
            top = max(top, group.score)
    groups = [group for group in groups if group.score > 0]
    if pager is not None:
        for group in nearest(groups, pager):
            group.score *= BESIDE_PAGER
    best = max(groups, key=lambda group: group.score, default=None)
    if best is not None:
        best = whole(best, groups)
        best.rows = alike(best)
        widen(best)
    return best


def plausible(group: Group, *, paged: bool) -> bool:
    """The best that a page has may still be a menu or the links of an article."""
    if group.selected or group.dated * 2 > len(group.rows):
        return True
    if paged and standing(group.container) > 0.3:
        return True
    average = sum(width(row.title) for row in group.rows) / len(group.rows)
    return len(group.rows) > 2 and average >= 14 and standing(group.container) == 1.0


def whole(best: Group, groups: list[Group]) -> Group:
    """The group whose rows are the elements that hold those of ``best``, where it is nearly as good: a row says more whole."""
    parts = {row.element.getparent() for row in best.rows}
    for group in groups:
        if group.score > 0.6 * best.score and len(group.rows) > 1 and parts >= {row.element for row in group.rows}:
            return whole(group, [other for other in groups if other is not best])
    return best


def candidates(found: Iterable[Link]) -> list[Group]:
    """Every element with blocks of links directly in it, by the blocks' tag."""
    inside: dict[HtmlElement, dict[HtmlElement, list[Link]]] = defaultdict(dict)
    for link in found:
        node = link.element
        for _ in range(CLIMB):
            parent = node.getparent()
            if parent is None or parent.tag == "html":
                break
            inside[parent].setdefault(node, []).append(link)
            node = parent
    groups = []
    for container, blocks in inside.items():
        by_tag: dict[str, list[Row]] = defaultdict(list)
        for block, its in blocks.items():
            if len(its) <= MOST_LINKS:
                by_tag[str(block.tag)].append(Row(block, its, its[0]))
        groups += [Group(container, rows) for rows in by_tag.values()]
    return groups


def merged(groups: list[Group]) -> list[Group]:
    """Groups of the same shape in the same kind of place are one list: boxes by month, tables by year."""
    same: dict[tuple[str, int], Group] = {}
    places = Places()
    for group in groups:
        key = (str(group.rows[0].element.tag), places.of(group.container))
        if key in same:
            same[key].rows += group.rows
        else:
            same[key] = group
    blocks = {row.element for group in same.values() for row in group.rows}
    return [group for group in same.values() if not _inner(group, blocks)]


def _inner(group: Group, blocks: set[HtmlElement]) -> bool:
    """Each block is alone in one that is a block of another group, which says more."""
    around = {row.element.getparent() for row in group.rows}
    return len(around) == len(group.rows) > 1 and around <= blocks


class Places:
    """Numbers for places in the layout: elements have the same where their names and those of all around them are the same."""

    def __init__(self) -> None:
        self._of: dict[HtmlElement, int] = {}
        self._numbers: dict[tuple[int, str], int] = {}

    def of(self, element: HtmlElement) -> int:
        path: list[HtmlElement] = []
        node: HtmlElement | None = element
        while node is not None and node not in self._of:
            path.append(node)
            node = node.getparent()
        around = 0 if node is None else self._of[node]
        for node in reversed(path):
            name = core(node) + re.sub(r"\d+", "", node.get("id") or "")
            if name in ("td", "th", "div") and (parent := node.getparent()) is not None:
                name += str(parent.index(node))
            around = self._of[node] = self._numbers.setdefault((around, name), len(self._numbers) + 1)
        return around


def score(group: Group) -> float:
    """How much the blocks are like rows of news: distinct links with a sentence for a title, and a date."""
    choose(group.rows)
    seen: set[str] = set()
    rows: list[Row] = []
    for row in group.rows:
        if row.main.key not in seen and row.title and (len(row.texts) < 60 and sum(map(len, row.texts)) < LONGEST_ROW):
            seen.add(row.main.key)
            rows.append(row)
    group.rows = rows
    if not rows:
        return 0.0
    if len(rows) > 1 and sum(row.dated for row in rows) * 2 < len(rows):
        look_beside(rows)
    often = Counter(key for row in rows for key in row.keys)
    shapes: Counter[str] = Counter()
    points = 0.0
    for row in rows:
        has_date = row.dated
        group.dated += has_date
        shapes[shape(row.main.url)] += 1
        distinct = sum(often[key] == 1 or often[key] * 2 <= len(rows) or key == row.main.key for key in row.keys)
        title = min(width(row.title), 40) / 40
        points += (title + (1.2 if has_date else 0.0) - (0.1 if row.beside else 0.0)) / max(1.0, distinct / 2) ** 1.5
    points *= 0.6 + 0.4 * shapes.most_common(1)[0][1] / len(rows)
    if not group.dated and points / len(rows) < 0.3:
        points *= 0.3
    return points


def standing(container: HtmlElement) -> float:
    """1 where nothing around says that this is not the page's own list, down to 0 in menus, footers and sidebars."""
    factor = 1.0
    for node in (container, *container.iterancestors()):
        if node.tag in ("nav", "header", "footer", "aside"):
            factor *= 0.15
        elif node.tag not in ("body", "html", "form") and _chrome(node.get("class") or "", node.get("id") or ""):
            factor *= 0.25
    return factor


@lru_cache(maxsize=4096)
def _chrome(classes: str, ident: str) -> bool:
    return bool(CHROME.search(classes) or CHROME.search(ident))


def choose(rows: list[Row]) -> None:
    """Set each row's link to its article: the one at the place where the rows' links are most distinct and tell most."""
    if all(len(row.links) == 1 for row in rows):
        return
    keys: dict[tuple[str, ...], set[str]] = defaultdict(set)
    told: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    slots = [[(where, link) for link, where in zip(row.links, slots_of(row), strict=True)] for row in rows]
    for its in slots:
        for where, link in its:
            keys[where].add(link.key)
            if not NOT_A_TITLE.fullmatch(link.text):
                named = any(
                    name[:2] in ("h1", "h2", "h3", "h4", "h5", "h6") or TITLE_NAME.search(name) for name in where
                )
                told[where][link.text] = min(width(link.text), 60) * (2 if named else 1)
    best = sorted(keys, key=lambda where: -len(keys[where]) * sum(told[where].values()))
    for row, its in zip(rows, slots, strict=True):
        row.main = min(its, key=lambda pair: best.index(pair[0]))[1]


def slots_of(row: Row) -> Iterator[tuple[str, ...]]:
    """The place of each link in the row: the names from it up to the row, and which of its kind it is there."""
    met: Counter[tuple[str, ...]] = Counter()
    for link in row.links:
        names: list[str] = []
        node: HtmlElement | None = link.element
        while node is not None and node is not row.element:
            names.append(core(node))
            node = node.getparent()
        met[tuple(names)] += 1
        yield (*names, str(met[tuple(names)]))


def look_beside(rows: list[Row]) -> None:
    """Give rows the text after them, or before them, where most of those texts have a date: <dt> and <dd>, bare links."""
    mine = {row.element for row in rows}
    after = [_gap(row.element, mine, forward=True) for row in rows]
    before = [_gap(row.element, mine, forward=False) for row in rows]
    gaps = max((after, before), key=lambda texts: sum(bool(DATE.search(text)) for text in texts))
    if sum(bool(DATE.search(text)) for text in gaps) * 2 >= len(rows):
        for row, text in zip(rows, gaps, strict=True):
            row.beside = text
            row.__dict__.pop("dated", None)


def _gap(element: HtmlElement, mine: set[HtmlElement], *, forward: bool) -> str:
    texts = [element.tail or ""] if forward else []
    node = element.getnext() if forward else element.getprevious()
    while node is not None and node not in mine and len(texts) < 6:
        texts.append((links.text(node) if isinstance(node.tag, str) else "") + " " + (node.tail or ""))
        node = node.getnext() if forward else node.getprevious()
    if not forward and node is not None and node.tail:
        texts.append(node.tail)
    text = " ".join(" ".join(texts).split())
    return text if len(text) <= 300 else ""


def widen(group: Group) -> None:
    """Take for the rows the blocks around them that hold one row each: what else is said of an article stands there."""
    while len(group.rows) > 1:
        around = [row.element.getparent() for row in group.rows]
        if len({*around}) < len(around) or any(block is None or block.tag == "body" for block in around):
            return
        for row, block in zip(group.rows, around, strict=True):
            row.element = block
            row.__dict__.pop("texts", None)
        group.container = around[0].getparent()


def alike(group: Group) -> list[Row]:
    """The rows without what only stands among them: where most have a date, blocks of another make without one are no rows."""
    if group.dated * 5 < len(group.rows) * 3:
        return group.rows
    make = Counter(core(row.element) for row in group.rows).most_common(1)[0][0]
    form = Counter(shape(row.main.url) for row in group.rows).most_common(1)[0][0]
    return [
        row
        for row in group.rows
        if row.dated or (not row.main.opener and (core(row.element) == make or shape(row.main.url) == form))
    ]


def nearest(groups: list[Group], pager: HtmlElement) -> list[Group]:
    """The groups in the smallest element that holds the pager too."""
    around = {node: depth for depth, node in enumerate((pager, *pager.iterancestors()))}
    distance: dict[int, int] = {}
    for n, group in enumerate(groups):
        for node in (group.container, *group.container.iterancestors()):
            if node in around:
                distance[n] = around[node]
                break
    best = max((group.score for group in groups), default=0.0)
    good = [n for n in distance if groups[n].score > 0.1 * best or groups[n].score > 2]
    least = min((distance[n] for n in good), default=0)
    return [groups[n] for n in good if distance[n] == least]


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


def only_date(text: str) -> bool:
    return len(text) <= 40 and bool(DATE.search(text)) and len(_OF_DATES.sub("", text)) <= 2


def heading(element: HtmlElement) -> HtmlElement | None:
    return next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), None)


def width(text: str) -> int:
    """Columns: a CJK character is two."""
    return sum(2 if char > "\u2e7f" else 1 for char in text)
