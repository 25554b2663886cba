"""What stands at the head of a list: the page's own name, or that it is an excerpt from another column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from newsspider.cms import links, places, rows
from newsspider.cms.links import Link
from newsspider.extract import urls
from newsspider.extract.texts import Texts
from newsspider.reading import datelike

if TYPE_CHECKING:
    from newsspider.cms.groups import Group
    from newsspider.cms.rows import Row

RIVAL = 0.15  # of the best score: worse groups are not looked at again
MOST_RIVALS = 100  # each is held against all others
HEAD = 5  # elements from the container outwards in which its head can stand
EXCERPT = 0.3
MORE = re.compile(
    r"\W*(?:更多|更多?信息|查看(?:更多|全部)|全部|more(?: news)?|(?:view|see) all(?: \w+)?"
    r"|all (?:news|events|stories|articles|posts|notices|announcements)"
    r"|더 ?보기|전체 ?보기|もっと見る|一覧(?:へ|を見る)?)\W*|\+",
    re.I,
)
ASIDE = re.compile(
    r"热点|熱點|热门|熱門|排行|推荐|推薦|相关|相關|猜你喜欢|点击榜|最近更新"
    r"|活动预告|讲座预告|学术预告|^(?:recent|popular|related|trending|upcoming|most (?:read|viewed|popular)|featured)\b|^(?:\w+ )?events$",
    re.I,
)
_WORDS = re.compile(r"[^\W\d年月]")
_NEAR = 4  # blocks before the rows, and as many elements outwards, in which their head can stand
_LONGEST_HEAD = 60  # characters
_MOST_TEXTS = 40
_LEAST_NAME = 2
_LONGEST_NAME = 20
_BETWEEN_NAMES = re.compile(r"\s*[-_|—–·»]+\s*")
_FEW = 2


def weigh(groups: Iterable[Group], found: Iterable[Link], names: Sequence[str]) -> None:
    """Weigh the best groups by what stands at their head: the page's own name, or that they are an excerpt from another column."""
    top = max((group.score for group in groups), default=0.0)
    best = sorted(groups, key=lambda group: -group.score)[:MOST_RIVALS]
    rivals = [group for group in best if group.score > RIVAL * top]
    if len(rivals) < 2:
        return
    more = [link.element for link in found if MORE.fullmatch(link.text) and not link.opener]
    lines = {group: [group.container, *group.container.iterancestors()] for group in rivals}
    for group in rivals:
        listed = {row.element for row in group.rows}
        line = lines[group]
        others = [other for other in rivals if other.container not in line and group.container not in lines[other]]
        theirs = {node for other in others for node in lines[other]}
        # Groups in one another have their head in common.
        outer = max(line.index(other.container) for other in rivals if other.container in line)
        block = next(
            (
                node
                for node in reversed(line[: outer + HEAD])
                if node not in theirs and node.tag not in ("body", "html")
            ),
            group.container,
        )
        if any(block in (around := [*a.iterancestors()]) and listed.isdisjoint(around) for a in more):
            group.score *= EXCERPT
        name = next(
            (
                links.text(head)
                for head in block.iter(*rows.HEADINGS)
                if listed.isdisjoint([head, *head.iterancestors()])
            ),
            "",
        )
        if name and any(title.startswith(name) for title in names):
            group.score /= EXCERPT
        elif ASIDE.search(name):
            group.score *= EXCERPT


def part(best: Group, names: Sequence[str], texts: Texts) -> None:
    """Leave out the parts of a list, boxes of one make, that are called excerpts or what is read most, where not all are: what is
    left has dates as they have, or the page's own name."""
    parts: dict[HtmlElement, list[Row]] = {}
    for row in best.rows:
        parts.setdefault(row.element.getparent(), []).append(row)
    if len(parts) < 2 or max(map(len, parts.values())) < 2:
        return
    blocks = {block: its for block, its in parts.items() if not _excerpted(block, its, texts)}
    kept = [row for its in blocks.values() for row in its]
    if not kept or len(kept) == len(best.rows):
        return
    dated = sum(row.dated for row in kept)
    best.own = best.own or all(named(above(block, texts), names) for block in blocks)
    if best.own or dated * 2 > len(kept) or best.dated * 2 <= len(best.rows):
        best.rows, best.dated = kept, dated


def _excerpted(block: HtmlElement, its: Sequence[Row], texts: Texts) -> bool:
    if len(its) < 2:
        return False
    head = _within(its[0], texts) or above(block, texts)
    return _is_aside(head) or any(map(MORE.fullmatch, head))


def _within(first: Row, texts: Texts) -> list[str]:
    """The only text before the first row in its own container: a table's name in a row of its own."""
    before = first.element.getprevious()
    said = (
        texts.of(before)
        if before is not None and isinstance(before.tag, str) and texts.count(before) < _MOST_TEXTS
        else []
    )
    return said if len(said) == 1 and len(said[0]) <= _LONGEST_NAME else []


def _is_aside(head: Iterable[str]) -> bool:
    return any(len(text) <= _LONGEST_NAME and ASIDE.search(text) for text in head)


def own(best: Group, groups: Iterable[Group], names: Sequence[str], texts: Texts, *, paged: bool) -> Group:
    """The list that the page calls by its own name, however short and undated, before a longer one beside it that is called
    otherwise: its links lead where those of the other lead. ``best``, where it is the only one, or beside the pager."""
    block = _block(best)
    head = _within(best.rows[0], texts) or above(block, texts)
    if not head:
        return best
    if named(head, names):
        best.own = best.telling and places.standing(block) == 1.0 and _titles_alone(best, block, texts)
        return best
    best.aside = _is_aside(head)
    form, line = shape(best), {best.container, *best.container.iterancestors()}
    likely = sorted(groups, key=lambda group: -group.score)[:MOST_RIVALS]
    others = [
        group
        for group in likely
        if group is not best
        and group.container not in line
        and best.container not in group.container.iterancestors()
        and group.standing == 1.0
        and group.telling
        and (
            (best.aside and shape(group) == form)
            or ((best.aside or shape(group) == form) and not paged and _by_name(group, line, names, texts))
        )
        and (len(group.rows) > 1 or _titles_alone(group, _block(group), texts))
    ]
    found = max(others, key=lambda group: group.score, default=best)
    found.own = found is not best
    return found


def _by_name(group: Group, line: Container[HtmlElement], names: Sequence[str], texts: Texts) -> bool:
    """The page's own name stands above the group, and not above all in ``line``."""
    head = _before(_block(group), texts)
    return head is not None and head.getparent() not in line and named(texts.of(head), names)


def _block(group: Group) -> HtmlElement:
    return group.container if len(group.rows) > 1 else group.rows[0].element


def _titles_alone(group: Group, block: HtmlElement, texts: Texts) -> bool:
    """The block says nothing but the titles of articles."""
    return len(texts.of(block)) == len(group.rows) and not any(urls.is_file(row.main.url) for row in group.rows)


def shape(group: Group) -> str:
    """What the addresses of most rows look like."""
    return Counter(places.shape(row.main.url) for row in group.rows).most_common(1)[0][0]


def above(container: HtmlElement, texts: Texts) -> list[str]:
    """The texts of the nearest block before a list, where it is short enough for a head and says more than a date."""
    head = _before(container, texts)
    return texts.of(head) if head is not None else []


def _before(container: HtmlElement, texts: Texts) -> HtmlElement | None:
    for node in islice((container, *container.iterancestors()), _NEAR):
        if node.tag == "body":
            break
        for before in islice(node.itersiblings(preceding=True), _NEAR):
            if not isinstance(before.tag, str):
                continue
            if texts.count(before) > _MOST_TEXTS:
                return None
            if said := texts.of(before):
                short = sum(map(len, said)) <= _LONGEST_HEAD and not any(map(datelike.looks, said))
                return before if short and any(map(_WORDS.search, said)) else None
    return None


def named(head: Sequence[str], names: Sequence[str]) -> bool:
    """A text at the head is what one of the page's titles begins with, or a part of it."""
    said = head if len(head) <= _FEW else head[-1:]  # of a path through the site the last
    able = [text for text in said if len(text) >= _LEAST_NAME]
    return any(title.startswith(text) or _is_part(text, title) for text in able for title in names)


def _is_part(text: str, title: str) -> bool:
    """通知公告 of 示例大学-通知公告, and Latest News of News | Example."""
    parts = _BETWEEN_NAMES.split(title)
    return text in parts or (len(parts[0]) >= _LEAST_NAME and text.endswith(parts[0]) and not ASIDE.search(text))


def bare(block: HtmlElement, rows: Sequence[Row], texts: Texts) -> bool:
    """The block holds the rows and no other text."""
    return len(texts.of(block)) == sum(len(row.texts) for row in rows)
