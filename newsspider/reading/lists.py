"""What repeats on a page, and which of it is the page's own list.

Blocks of one tag in one kind of place are a candidate. Each is described once, and chosen by the table of evidence below, whose points
stand in weights.toml; benchmarks/tune_lists.py fits them on labelled listings, each host left out in turn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import islice, product, takewhile
from math import log2
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsspider.extract import urls
from newsspider.reading import choice, datelike, links, rows
from newsspider.reading.choice import Candidate, Choice, Evidence
from newsspider.reading.links import Link
from newsspider.reading.rows import Row
from newsspider.reading.texts import HEADINGS, Texts

# A row has a title, a picture, a "read more", a category, some tags; a block with more links holds several rows, or is a post in full.
MOST_LINKS = 14
_CLIMB = 14  # elements from a link to the list
_DESCRIBED = 8  # candidates, the likeliest at a glance
_BEHIND = 2.5  # points behind the likeliest that links which are names of columns can have at a glance
_GLANCE = 3  # rows of a candidate that are looked at for it
_SENTENCE = 14  # columns that titles have on the average, and names of columns have not
_HEAD = 5  # elements from the container outwards in which its head can stand
_NEAR = 4  # blocks before the rows, and as many elements outwards, in which their head can stand
_LONGEST_HEAD, _LONGEST_NAME, _LEAST_NAME = 60, 20, 2  # characters
_MOST_TEXTS = 40  # of a head; 60 of an article in a list
_DEEP = 20  # elements of a row that tell its make
_OUT = 3  # elements around its rows that can be one of the blocks side by side

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
_CHROME_TAGS = ("nav", "header", "footer", "aside")
MORE = re.compile(
    r"\W*(?:更多|更多?信息|查看(?:更多|全部)|全部|more(?: news)?|(?:view|see) all(?: \w+)?"
    r"|all (?:news|events|stories|articles|posts|notices|announcements)"
    r"|더 ?보기|전체 ?보기|もっと見る|一覧(?:へ|を見る)?)\W*|\+",
    re.I,
)
ASIDE = re.compile(
    r"热点|熱點|热门|熱門|排行|推荐|推薦|相关|相關|猜你喜欢|点击榜"
    r"|活动预告|讲座预告|学术预告|^(?:recent|popular|related|trending|upcoming|most (?:read|viewed|popular)|featured)\b|^(?:\w+ )?events$",
    re.I,
)
_WORDS = re.compile(r"[^\W\d年月]")
_BETWEEN_NAMES = re.compile(r"\s*[-_|—–·»]+\s*")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True)
class Around:
    """What is known of a page before its lists are looked at: the ``names`` it gives itself, its ``pager``, its links to more."""

    texts: Texts
    url: str
    names: Sequence[str] = ()
    pager: HtmlElement | None = None
    more: Sequence[HtmlElement] = ()

    @cached_property
    def pager_line(self) -> dict[HtmlElement, int]:
        """The elements around the pager, each with its distance."""
        line = () if self.pager is None else (self.pager, *self.pager.iterancestors())
        return {node: n for n, node in enumerate(line)}

    @cached_property
    def _chrome(self) -> dict[HtmlElement, int]:
        return {}

    def chrome(self, element: HtmlElement) -> int:
        """How many elements around say that this is a menu, a footer, a sidebar; their own tags count double."""
        known, path = self._chrome, []
        node: HtmlElement | None = element
        while node is not None and node not in known:
            path.append(node)
            node = node.getparent()
        count = 0 if node is None else known[node]
        for node in reversed(path):
            if node.tag in _CHROME_TAGS:
                count += 2
            elif node.tag not in ("body", "html", "form", "main") and is_chrome(node):
                count += 1
            known[node] = count
        return count

    def to_pager(self, element: HtmlElement) -> int:
        """Elements from the pager to the smallest that holds both; 99: there is none."""
        line = self.pager_line
        node: HtmlElement | None = element if line else None
        while node is not None and node not in line:
            node = node.getparent()
        return 99 if node is None else line[node]


@dataclass(frozen=True, kw_only=True, eq=False)
class Repeated(Candidate):
    """Blocks of one shape in one place. ``value``: its rows; ``blocks``: how many were looked at for them; ``apart``: the containers
    of the other candidates."""

    value: list[Row]
    around: Around
    blocks: int = 1
    selected: bool = False
    apart: list[HtmlElement] = field(default_factory=list)

    @cached_property
    def container(self) -> HtmlElement:
        return self.value[0].element.getparent()

    @cached_property
    def dated(self) -> int:
        return sum(row.dated for row in self.value)

    @property
    def is_dated(self) -> bool:
        return self.dated * 2 > len(self.value)

    @cached_property
    def told(self) -> float:
        """Columns that its titles have on the average."""
        return self.mean(lambda row: row.told)

    @cached_property
    def chrome(self) -> int:
        """How much around it says that it is not the page's own."""
        return self.around.chrome(self.container)

    @cached_property
    def shape(self) -> str:
        """What the addresses of most rows look like."""
        return self._shapes.most_common(1)[0][0]

    @cached_property
    def _shapes(self) -> Counter[str]:
        return Counter(rows.shape(row.main.url) for row in self.value)

    @property
    def alike(self) -> float:
        return self._shapes.most_common(1)[0][1] / len(self.value)

    def mean(self, of: Callable[[Row], float]) -> float:
        return sum(map(of, self.value)) / len(self.value)

    def is_external(self, row: Row) -> bool:
        url = row.main.url
        return not links.at_home(url, self.around.url) and links.kind(url, self.around.url) == "external"

    @cached_property
    def clutter(self) -> float:
        """How many other links its rows have, such as each has for itself."""
        often = Counter(key for row in self.value for key in row.keys)
        most = len(self.value)

        def others(row: Row) -> float:
            own = sum(often[key] == 1 or often[key] * 2 <= most or key == row.main.key for key in row.keys)
            return 1 - 1 / max(1.0, own / 2) ** 1.5

        return self.mean(others)

    @cached_property
    def block(self) -> HtmlElement:
        """The largest element around it that holds no other list."""
        block = self.container
        for node in islice(self.container.iterancestors(), _HEAD):
            if node.tag in ("body", "html") or any(self._within(other, node) for other in self.apart):
                break
            block = node
        return block

    def _within(self, element: HtmlElement, block: HtmlElement) -> bool:
        return self.around.texts.holds(block, element)

    @cached_property
    def excerpt(self) -> bool:
        """Beside it stands a link to all of its column."""
        its = [a for a in self.around.more if self._within(a, self.block)]
        return any(not any(self._within(a, row.element) for row in self.value) for a in its)

    @cached_property
    def head(self) -> list[str]:
        """What it is called: the texts just above it, else the heading of its block."""
        texts = self.around.texts
        block = self.container if len(self.value) > 1 else self.value[0].element
        return _within_first(self.value[0], texts) or above(block, texts, self.apart)

    @cached_property
    def heading(self) -> str:
        """The last heading in its block above its rows."""
        texts = self.around.texts
        first = texts.start(self.value[0].element)
        last = None
        for node in self.block.iter(*HEADINGS):
            if texts.start(node) >= first:
                break
            last = node
        return "" if last is None else texts.joined(last)

    @cached_property
    def is_named(self) -> bool:
        names = self.around.names
        heading = self.heading
        return named(self.head, names) or (bool(heading) and any(title.startswith(heading) for title in names))

    @cached_property
    def bare(self) -> bool:
        """It is one element that says nothing but the titles of articles."""
        alone = len(self.around.texts.of(self.container)) == len(self.value)
        alone = alone and all(self._within(row.element, self.container) for row in self.value)
        return alone and not any(urls.is_file(row.main.url) for row in self.value)

    @cached_property
    def is_aside(self) -> bool:
        return _is_aside(self.head) or ASIDE.search(self.heading) is not None

    @cached_property
    def to_pager(self) -> int:
        """Elements from the pager to the smallest that holds both; 99: there is none."""
        return self.around.to_pager(self.container)

    @cached_property
    def nearest(self) -> bool:
        """None that could be rows stands nearer to the pager."""
        if self.around.pager is None:
            return False
        return self.to_pager <= min(map(self.around.to_pager, self.apart), default=99)


TABLE: tuple[Evidence[Repeated], ...] = (
    Evidence("any list", lambda it: 1, "what a list must tell to be the page's"),
    Evidence("rows, doubled", lambda it: min(log2(len(it.value)), 5), "a box of three beside a list of twenty"),
    Evidence("one row", lambda it: len(it.value) == 1, "a list that has begun"),
    Evidence("share of dated rows", lambda it: it.dated / len(it.value), "menus have no dates"),
    Evidence("dated rows, doubled", lambda it: min(log2(1 + it.dated), 5), "two dated boxes"),
    Evidence("undated", lambda it: not it.dated, "menus"),
    Evidence("length of titles", lambda it: it.told / rows.WIDEST, "names of columns are short"),
    Evidence("titles that are names", lambda it: it.told < _SENTENCE, "menus beside the only list"),
    Evidence("other links in rows", lambda it: it.clutter, "boxes that hold a list each"),
    Evidence(
        "blocks that are no rows",
        lambda it: 1 - len(it.value) / it.blocks,
        "links to columns between those to articles",
    ),
    Evidence("addresses alike", lambda it: it.alike, "footers link to anything"),
    Evidence(
        "addresses with a day",
        lambda it: it.mean(lambda row: rows.DAY_IN_ADDRESS.search(row.main.url) is not None),
        "days without years",
    ),
    Evidence("links are headings", lambda it: it.mean(lambda row: row.headed), "posts in full, with lists in them"),
    Evidence(
        "rows are pictures", lambda it: it.mean(lambda row: row.pictured), "news in pictures above the list of a column"
    ),
    Evidence("in a menu or sidebar", lambda it: it.chrome > 0, "sidebars of recent posts"),
    Evidence("in a menu of a sidebar", lambda it: it.chrome > 1, "menus in headers"),
    Evidence("beside the pager", lambda it: it.nearest, "one of several lists goes on"),
    Evidence("near the pager", lambda it: it.to_pager <= 2, "the same"),
    Evidence("called as the page is", lambda it: it.is_named, "通知公告 above three undated rows, beside longer lists"),
    Evidence(
        "called as the page is, and titles alone",
        lambda it: it.is_named and it.bare and it.told >= _SENTENCE and not (it.chrome or it.value[0].headed),
        "two rows without a day, beside dated rows of another column",
    ),
    Evidence("called what is read most", lambda it: it.is_aside, "热门 beside the list of a column"),
    Evidence("link to more beside it", lambda it: it.excerpt, "excerpts of other columns"),
    Evidence("links to first pages", lambda it: it.mean(lambda row: _is_home(row.main)), "友情链接"),
    Evidence("links to other sites", lambda it: it.mean(it.is_external), "friends"),
    Evidence("links to files", lambda it: it.mean(lambda row: urls.is_file(row.main.url)), "attachments of an article"),
    Evidence("opened by scripts", lambda it: it.mean(lambda row: row.main.opener), "buttons"),
)


def _is_home(link: Link) -> bool:
    return not link.opener and link.url.count("/") <= 3 and urlsplit(link.url).path in ("", "/")


def find(found: Sequence[Link], around: Around) -> Choice[Repeated]:
    """The page's own list, among the links ``found`` on it, and the reckoning."""
    return choice.choose(described(found, around), "list", TABLE)


def described(found: Sequence[Link], around: Around) -> list[Repeated]:
    """The candidates that are likeliest at a glance."""
    glanced = [(_glance(group, around), group) for group in _groups(found, around.texts)]
    glanced.sort(key=lambda pair: -pair[0])
    its: list[Repeated] = []
    for points, group in glanced[:_DESCRIBED]:
        if points < glanced[0][0] - _BEHIND and _told(group) < _SENTENCE:
            continue
        if value := rows.of(group, around.texts):
            its.append(Repeated(value=value, where=rows.core(group[0][0]), blocks=len(group), around=around))
    lines = [{it.container, *it.container.iterancestors()} for it in its]
    for it, line in zip(its, lines, strict=True):
        others = (other for other, around_it in zip(its, lines, strict=True) if it.container not in around_it)
        it.apart.extend(other.container for other in others if other.container not in line)
    return its


Group = list[tuple[HtmlElement, list[Link]]]


def _told(group: Group) -> float:
    """Columns that its links have on the average."""
    return sum(rows.told(inside[0].text) for _, inside in group) / len(group)


def _glance(group: Group, around: Around) -> float:
    """How likely blocks are rows, by what costs nothing to ask."""
    container = group[0][0].getparent()
    told = _told(group) / rows.WIDEST
    look = group[1 : 1 + _GLANCE] or group
    dated = sum(any(map(datelike.looks, around.texts.of(block))) for block, _ in look) / len(look)
    points = min(log2(len(group)), 5) / 2 + told + 1.5 * dated - 1.5 * min(around.chrome(container), 2)
    return points + (1.0 if around.to_pager(container) <= 3 else 0.0)


def _groups(found: Sequence[Link], texts: Texts) -> list[Group]:
    """Every element with blocks of links directly in it, by the blocks' tag. Those in the same kind of place are one list: boxes by
    month, tables by year."""
    same: dict[tuple[str, int], Group] = {}
    where = _Places()
    headed = {link.element for link in found if rows.is_headed(link, texts)}
    for container, blocks in _blocks(found, headed).items():
        place = where.of(container)
        for block, its in blocks.items():
            if _may_be_row(its, headed) and not (container.tag == "body" and is_chrome(block)):
                same.setdefault((block.tag, place), []).append((block, its))
    listed = {block for group in same.values() for block, _ in group}
    return [group for group in same.values() if not _inner([block for block, _ in group], listed)]


def _blocks(found: Iterable[Link], headed: set[HtmlElement]) -> dict[HtmlElement, dict[HtmlElement, list[Link]]]:
    """The elements around links, and the links in each child of theirs; where a child has too many, those alone that are headings."""
    inside: dict[HtmlElement, dict[HtmlElement, list[Link]]] = {}
    for link in found:
        node = link.element
        for _ in range(_CLIMB):
            parent = node.getparent()
            if parent is None or parent.tag == "html":
                break
            blocks = inside.get(parent)
            if blocks is None:
                inside[parent] = {node: [link]}
            elif (its := blocks.get(node)) is None:
                blocks[node] = [link]
            elif len(its) <= MOST_LINKS or link.element in headed:
                its.append(link)
            else:  # no row, nor is what holds it
                break
            node = parent
    return inside


def _may_be_row(its: list[Link], headed: set[HtmlElement]) -> bool:
    return len(its) <= MOST_LINKS or len({link.key for link in its if link.element in headed}) == 1


def _inner(blocks: list[HtmlElement], listed: set[HtmlElement]) -> bool:
    """Each block is alone in one that is a block of another group, which says more."""
    around = {block.getparent() for block in blocks}
    return len(around) == len(blocks) > 1 and around <= listed


class _Places:
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


@lru_cache(maxsize=4096)
def _name(tag: str, classes: str, ident: str) -> str:
    return rows.name_of(tag, classes) + _DIGITS.sub("", ident)


def is_chrome(element: HtmlElement) -> bool:
    return element.tag in _CHROME_TAGS or _is_chrome(element.get("class") or "", element.get("id") or "")


@lru_cache(maxsize=4096)
def _is_chrome(classes: str, ident: str) -> bool:
    return bool(CHROME.search(classes) or CHROME.search(ident))


# --- What it is called ---


def above(container: HtmlElement, texts: Texts, lists: Sequence[HtmlElement] = ()) -> list[str]:
    """The texts of the nearest block before a list, where it is short enough for a head and says more than a date; other ``lists``
    may stand between."""
    for node in islice((container, *container.iterancestors()), _NEAR):
        if node.tag == "body":
            break
        for before in islice(node.itersiblings(preceding=True), _NEAR):
            if not isinstance(before.tag, str) or any(texts.same(before, it) for it in lists):
                continue
            if texts.count(before) > _MOST_TEXTS:
                return []
            if said := texts.of(before):
                short = sum(map(len, said)) <= _LONGEST_HEAD and not any(map(datelike.looks, said))
                return said if short and any(map(_WORDS.search, said)) else []
    return []


def _within_first(first: Row, texts: Texts) -> list[str]:
    """The only text before the first row in its own container: a table's name in a row of its own."""
    before = first.element.getprevious()
    if before is None or not isinstance(before.tag, str) or texts.count(before) >= _MOST_TEXTS:
        return []
    said = texts.of(before)
    return said if len(said) == 1 and len(said[0]) <= _LONGEST_NAME else []


def _is_aside(head: Iterable[str]) -> bool:
    return any(len(text) <= _LONGEST_NAME and ASIDE.search(text) for text in head)


def named(head: Sequence[str], names: Sequence[str]) -> bool:
    """A text at the head is what one of the page's titles begins with, or a part of it."""
    said = head if len(head) <= 2 else head[-1:]  # of a path through the site the last
    able = [text for text in said if len(text) >= _LEAST_NAME]
    return any(title.startswith(text) or _is_part(text, title) for text in able for title in names)


def _is_part(text: str, title: str) -> bool:
    """通知公告 of 示例大学-通知公告, and Latest News of News | Example."""
    parts = _BETWEEN_NAMES.split(title)
    return text in parts or (len(parts[0]) >= _LEAST_NAME and text.endswith(parts[0]) and not ASIDE.search(text))


# --- Its rows, when it is chosen ---


def whole(best: Repeated, others: Iterable[Repeated]) -> Repeated:
    """The list without what only stands among its rows, with the rest of it from beside it, each row as wide as it is alone."""
    others = [other for other in others if other is not best]
    value = _alike(_own_parts(best))
    value = _joined(replace(best, value=value), others)
    value = _led(replace(best, value=_widened(value)), others)
    return replace(best, value=value)


def _own_parts(best: Repeated) -> Repeated:
    """Without the parts, boxes of one make, that are called excerpts or what is read most, where not all are: what is left has
    dates as they have, or the page's own name."""
    texts = best.around.texts
    parts: dict[HtmlElement, list[Row]] = {}
    for row in best.value:
        parts.setdefault(row.element.getparent(), []).append(row)
    if len(parts) < 2 or max(map(len, parts.values())) < 2:
        return best
    kept = {block: its for block, its in parts.items() if not _excerpted(block, its, texts)}
    left = replace(best, value=[row for its in kept.values() for row in its])
    if not kept or len(kept) == len(parts):
        return best
    called = all(named(above(block, texts), best.around.names) for block in kept)
    return left if called or left.is_dated or not best.is_dated else best


def _excerpted(block: HtmlElement, its: Sequence[Row], texts: Texts) -> bool:
    if len(its) < 2:
        return False
    head = _within_first(its[0], texts) or above(block, texts)
    return _is_aside(head) or any(map(MORE.fullmatch, head))


def _alike(best: Repeated) -> list[Row]:
    """Where most have a date, blocks of another make without one are no rows."""
    if best.dated * 5 < len(best.value) * 3:
        return best.value
    make = Counter(rows.core(row.element) for row in best.value).most_common(1)[0][0]

    def fits(row: Row) -> bool:
        return rows.core(row.element) == make or rows.shape(row.main.url) == best.shape

    return [
        row for row in best.value if row.dated or (not row.main.opener and fits(row) and not _leads_up(row))
    ] or best.value


def _leads_up(row: Row) -> bool:
    """Its link stands in the path through the site."""
    around = takewhile(lambda node: node is not row.element, row.main.element.iterancestors())
    return any(node.tag == "nav" or "breadcrumb" in (node.get("class") or "") for node in around)


def _joined(best: Repeated, others: Iterable[Repeated]) -> list[Row]:
    """With the rows of the same make in blocks beside theirs, where these hold nothing but rows: halves of one list, bodies of one
    table."""
    make = _make(best.value[0])
    its_table = best.container.getparent() if best.container.tag == "tbody" else None
    able = (
        it
        for it in others
        if it.is_dated
        and (
            any(_make(row) == make for row in it.value[:2])
            or (its_table is not None and it.container.getparent() is its_table)
        )
    )
    parts: dict[HtmlElement, list[Row]] = {}
    for other in able if best.is_dated else ():
        for mine, theirs in product(_blocks_around(best.container), _blocks_around(other.container)):
            if (
                mine is not theirs
                and mine.getparent() is theirs.getparent()
                and other.shape == best.shape
                and _bare(mine, best)
                and _bare(theirs, other)
            ):
                parts |= {mine: best.value, theirs: other.value}
    if len({part.getparent() for part in parts}) != 1:
        return best.value
    return [row for part in sorted(parts, key=best.around.texts.start) for row in parts[part]]


def _make(row: Row) -> tuple[str, ...]:
    """The elements of a row: its own name, the tags of those in it."""
    return rows.core(row.element), *(str(node.tag) for node in islice(row.element.iterdescendants(), _DEEP))


def _blocks_around(container: HtmlElement) -> list[HtmlElement]:
    return [node for node in islice((container, *container.iterancestors()), _OUT) if node.tag not in ("body", "html")]


def _bare(block: HtmlElement, group: Repeated) -> bool:
    """The block holds the rows and no other text."""
    return len(group.around.texts.of(block)) == sum(len(row.texts) for row in group.value)


def _widened(value: list[Row]) -> list[Row]:
    """Each row as the largest block that holds it alone: what else is said of its article stands there."""
    elements = [row.element for row in value]
    while len(elements) > 1:
        around = [element.getparent() for element in elements]
        if len({*around}) < len(around) or any(block is None or block.tag == "body" for block in around):
            break
        elements = around
    return [replace(row, element=element) for row, element in zip(value, elements, strict=True)]


def _led(best: Repeated, others: Iterable[Repeated]) -> list[Row]:
    """After what stands before the rows and is about one more article: the latest, shown larger."""
    texts = best.around.texts
    before = best.container.getprevious()
    if before is None or not isinstance(before.tag, str) or is_chrome(before) or texts.count(before) > 60:
        return best.value
    known = {row.main.key for row in best.value}
    able = (row for other in others for row in other.value if row.element is before and row.dated)
    row = next(able, None)
    if row is None or len(row.keys) > 1 or row.main.key in known or rows.shape(row.main.url) != best.shape:
        return best.value
    return [row, *best.value]
