"""Where on a page its listing is: the group of blocks of one shape that are most like rows of news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsspider.cms import halves, heads, places, rows
from newsspider.cms.links import Link
from newsspider.cms.rows import Row
from newsspider.extract.texts import Texts

# A row has a title, a picture, a "read more", a category, some tags; a block with more links holds several rows.
MOST_LINKS = 14
CLIMB = 14
LONGEST_ROW = 1500  # characters: a row is not the article itself, unless its link is a heading, as in blogs
BESIDE_PAGER = 12.0
LOWEST = 0.25  # standing
_INSIDE = 4  # elements from a part of a row to the row
_SENTENCE = 14  # columns that titles have on the average, and names of columns have not


@dataclass(eq=False)
class Group:
    """Blocks of one shape in one place, and how much they are like the rows of a listing. ``selected``: by the site's own rule;
    ``own``: the page calls it what it calls itself; ``aside``: what is read most, or belongs to an article."""

    container: HtmlElement
    rows: list[Row]
    score: float = 0.0
    dated: int = 0
    selected: bool = False
    own: bool = False
    aside: bool = False

    @cached_property
    def standing(self) -> float:
        return places.standing(self.container)

    @property
    def told(self) -> float:
        """Columns that its titles have on the average."""
        return sum(rows.width(row.title) for row in self.rows) / len(self.rows)

    @property
    def telling(self) -> bool:
        """Its titles are sentences, not names of columns."""
        return self.told >= _SENTENCE


def find(
    found: Sequence[Link], texts: Texts, *, pager: HtmlElement | None = None, names: Sequence[str] = ()
) -> Group | None:
    """The group of rows that is the page's listing, among the links ``found`` on it; ``pager`` is the element that leads to its
    other pages, ``names`` are the titles that the page gives itself."""
    groups = candidates(found, texts)
    # The best that each could be comes cheap: menus need not be read.
    bound = {group: group.standing * 2.2 * len(group.rows) for group in groups}
    groups.sort(key=lambda group: -bound[group])
    top = 0.0
    for group in groups:
        if bound[group] * BESIDE_PAGER >= top:
            group.score = group.standing * likeness(group)
            top = max(top, group.score)
    groups = [group for group in groups if group.score > 0]
    if pager is not None:
        for group in nearest(groups, pager):
            group.score = BESIDE_PAGER * lifted(group)
    heads.weigh(groups, found, names)
    best = max(groups, key=lambda group: group.score, default=None)
    if best is not None and not plausible(best, paged=pager is not None):
        dated = [group for group in groups if group.dated * 2 > len(group.rows) > 2 and stands(group)]
        best = max(dated, key=lambda group: group.score, default=best)
    if best is not None:
        best = heads.own(best, groups, names, texts, paged=pager is not None)
        best = whole(best, groups)
        heads.part(best, names, texts)
        best.rows = alike(best)
        halves.join(best, groups, texts)
        widen(best)
        halves.lead(best, groups, texts)
    return best


def stands(group: Group) -> bool:
    """No more than one thing around it says that it is not the page's own."""
    return group.standing >= LOWEST


def plausible(group: Group, *, paged: bool) -> bool:
    """The best that a page has may still be a menu or the links of an article."""
    if group.selected or group.dated * 2 > len(group.rows):
        return True
    if paged and group.standing > 0.3:
        return True
    homes = sum(not row.main.opener and urlsplit(row.main.url).path in ("", "/") for row in group.rows)
    if homes * 2 > len(group.rows):
        return False  # links to other sites
    if group.own:
        return True
    return len(group.rows) > 2 and group.telling and group.standing == 1.0


def whole(best: Group, groups: list[Group]) -> Group:
    """The group whose rows are the elements that hold those of ``best``, where it is nearly as good: a row says more whole."""
    parts = {row.element.getparent() for row in best.rows}
    for group in groups:
        if group.score > 0.6 * best.score and len(group.rows) > 1 and group is not best:
            blocks = {row.element for row in group.rows}
            if parts >= blocks or (len(blocks) > len(best.rows) > 1 and _apart(best, blocks)):
                return whole(group, [other for other in groups if other is not best])
    if not any(row.headed for row in best.rows):
        able = [group for group in groups if group.score > 0.2 * best.score and len(group.rows) > 1]
        headed = [group for group in able if _heads(group, best)]
        if headed:
            return whole(max(headed, key=lambda group: group.score), [other for other in groups if other is not best])
    if best.dated < len(best.rows) or not best.telling:
        able = [group for group in groups if group.score > 0.6 * best.score and _may_hold(group, best)]
        holders = [group for group in able if _holds(group, best)]
        if holders:
            return whole(max(holders, key=lambda group: group.score), [other for other in groups if other is not best])
    return best


def _apart(group: Group, blocks: set[HtmlElement]) -> bool:
    """Each row stands in one of the blocks, few in the same, and the other blocks beside these."""
    met: set[HtmlElement] = set()
    for row in group.rows:
        block = next((node for node in islice(row.element.iterancestors(), _INSIDE) if node in blocks), None)
        if block is None:
            return False
        met.add(block)
    beside = {node.getparent() for node in met}
    return len(met) * 2 > len(group.rows) and all(block.getparent() in beside for block in blocks)


def _heads(group: Group, best: Group) -> bool:
    """The rows of ``best`` are what is said below the headings of the group's: author, day and tags, the text."""
    if not all(row.headed for row in group.rows):
        return False
    blocks = {row.element for row in group.rows}
    held = [next((node for node in row.element.iterancestors() if node in blocks), None) for row in best.rows]
    return None not in held and len({*held}) > 1


def _may_hold(group: Group, best: Group) -> bool:
    """A block alone holds a row where its link is a heading with a date: any block around a link could else."""
    if len(best.rows) > 1:
        return len(group.rows) > 1
    return len(group.rows) == group.dated == 1 and group.rows[0].headed


def _holds(group: Group, best: Group) -> bool:
    """The rows of ``best`` are parts of the group's, which say more: the column and the day of an article below its title."""
    if group.dated * len(best.rows) <= best.dated * len(group.rows) and group.told < 2 * best.told:
        return False
    blocks = {row.element for row in group.rows}
    return all(not blocks.isdisjoint(row.element.iterancestors()) for row in best.rows)


def candidates(found: Iterable[Link], texts: Texts) -> list[Group]:
    """Every element with blocks of links directly in it, by the blocks' tag. Those in the same kind of place are one list: boxes by
    month, tables by year."""
    same: dict[tuple[str, int], list[tuple[HtmlElement, list[Link]]]] = {}
    where = places.Places()
    for container, blocks in _blocks(found).items():
        place = where.of(container)
        for block, its in blocks.items():
            if len(its) <= MOST_LINKS and not (container.tag == "body" and places.is_chrome(block)):
                same.setdefault((block.tag, place), []).append((block, its))
    listed = {block for group in same.values() for block, _ in group}
    return [
        Group(group[0][0].getparent(), [Row(block, its, its[0], texts) for block, its in group])
        for group in same.values()
        if not _inner([block for block, _ in group], listed)
    ]


def _blocks(found: Iterable[Link]) -> dict[HtmlElement, dict[HtmlElement, list[Link]]]:
    """The elements around links, and the links in each child of theirs; one more than MOST_LINKS where a child has too many."""
    inside: dict[HtmlElement, dict[HtmlElement, list[Link]]] = {}
    for link in found:
        node = link.element
        for _ in range(CLIMB):
            parent = node.getparent()
            if parent is None or parent.tag == "html":
                break
            blocks = inside.get(parent)
            if blocks is None:
                inside[parent] = {node: [link]}
            elif (its := blocks.get(node)) is None:
                blocks[node] = [link]
            elif len(its) > MOST_LINKS:  # no row, nor is what holds it
                break
            else:
                its.append(link)
            node = parent
    return inside


def _inner(blocks: list[HtmlElement], listed: set[HtmlElement]) -> bool:
    """Each block is alone in one that is a block of another group, which says more."""
    around = {block.getparent() for block in blocks}
    return len(around) == len(blocks) > 1 and around <= listed


def likeness(group: Group) -> float:
    """How much the blocks are like rows of news: distinct links with a sentence for a title, and a date."""
    if rows.choose(group.rows) * 2 > len(group.rows):
        return 0.0
    seen: set[str] = set()
    its: list[Row] = []
    for row in group.rows:
        if row.main.key not in seen and row.title and (row.length < LONGEST_ROW or row.headed):
            seen.add(row.main.key)
            its.append(row)
    group.rows = its
    if not its:
        return 0.0
    if len(its) > 1 and sum(row.dated for row in its) * 2 < len(its):
        rows.look_beside(its)
    often = Counter(key for row in its for key in row.keys)
    shapes: Counter[str] = Counter()
    points = 0.0
    for row in its:
        has_date = row.dated
        group.dated += has_date
        shapes[places.shape(row.main.url)] += 1
        distinct = sum(often[key] == 1 or often[key] * 2 <= len(its) or key == row.main.key for key in row.keys)
        title = min(rows.width(row.title), 40) / 40
        points += (title + (1.2 if has_date else 0.0) - (0.1 if row.beside else 0.0)) / max(1.0, distinct / 2) ** 1.5
    points *= 0.6 + 0.4 * shapes.most_common(1)[0][1] / len(its)
    if not group.dated and points / len(its) < 0.3:
        points *= 0.3
    return points


def widen(group: Group) -> None:
    """Take for the rows the blocks around them that hold one row each: what else is said of an article stands there."""
    while len(group.rows) > 1:
        around = [row.element.getparent() for row in group.rows]
        if len({*around}) < len(around) or any(block is None or block.tag == "body" for block in around):
            return
        for row, block in zip(group.rows, around, strict=True):
            row.element = block
            for known in ("texts", "facts", "title"):
                row.__dict__.pop(known, None)
        group.container = around[0].getparent()
        group.__dict__.pop("standing", None)


def alike(group: Group) -> list[Row]:
    """The rows without what only stands among them: where most have a date, blocks of another make without one are no rows."""
    if group.dated * 5 < len(group.rows) * 3:
        return group.rows
    make = Counter(places.core(row.element) for row in group.rows).most_common(1)[0][0]
    form = heads.shape(group)
    return [
        row
        for row in group.rows
        if row.dated
        or (
            not row.main.opener
            and (places.core(row.element) == make or places.shape(row.main.url) == form)
            and not _leads_up(row)
        )
    ]


def _leads_up(row: Row) -> bool:
    """Its link stands in the path through the site."""
    around = takewhile(lambda node: node is not row.element, row.main.element.iterancestors())
    return any(node.tag == "nav" or "breadcrumb" in (node.get("class") or "") for node in around)


def lifted(group: Group) -> float:
    """The score of a group beside a pager: what a list is called says less than that its pager stands there."""
    return group.score * max(1.0, LOWEST / group.standing)


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
    good = [n for n in distance if lifted(groups[n]) > min(0.1 * best, 2)]
    least = min((distance[n] for n in good), default=0)
    return [groups[n] for n in good if distance[n] == least]
