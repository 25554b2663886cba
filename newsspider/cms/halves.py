"""Rows of one list that stand in more than one place."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, product
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from newsspider.cms import heads, places
from newsspider.cms.rows import Row
from newsspider.extract.texts import Texts
from newsspider.reading import datelike

if TYPE_CHECKING:
    from newsspider.cms.groups import Group

_MOST_TEXTS = 60  # of one article in a list
_DEEP = 20  # elements of a row that tell its make
_OUT = 3  # elements around its rows that can be one of the blocks side by side


def join(best: Group, groups: Iterable[Group], texts: Texts) -> None:
    """Add the rows of the same make in blocks beside theirs, where these hold nothing but rows: halves of one list."""
    make = _make(best.rows[0])
    alike = [
        group
        for group in groups
        if group is not best and group.dated * 2 > len(group.rows) and any(_make(row) == make for row in group.rows[:2])
    ]
    if not alike or best.dated * 2 <= len(best.rows):
        return
    form = heads.shape(best)
    parts: dict[HtmlElement, list[Row]] = {}
    for group in alike:
        for mine, theirs in product(_around(best.container), _around(group.container)):
            if (
                mine is not theirs
                and mine.getparent() is theirs.getparent()
                and heads.shape(group) == form
                and heads.bare(mine, best.rows, texts)
                and heads.bare(theirs, group.rows, texts)
            ):
                parts[mine] = best.rows
                parts[theirs] = group.rows
    if len({part.getparent() for part in parts}) == 1:
        ordered = sorted(parts, key=lambda part: part.getparent().index(part))
        best.rows = [row for part in ordered for row in parts[part]]
        best.dated = sum(row.dated for row in best.rows)


def _make(row: Row) -> tuple[str, ...]:
    """The elements of a row: its own name, the tags of those in it."""
    return places.core(row.element), *(str(node.tag) for node in islice(row.element.iterdescendants(), _DEEP))


def _around(container: HtmlElement) -> list[HtmlElement]:
    return [node for node in islice((container, *container.iterancestors()), _OUT) if node.tag not in ("body", "html")]


def lead(best: Group, groups: Iterable[Group], texts: Texts) -> None:
    """Put first what stands before the rows and is about one more article: the latest, shown larger."""
    before = best.container.getprevious()
    if before is None or not isinstance(before.tag, str) or places.is_chrome(before):
        return
    if texts.count(before) > _MOST_TEXTS or not any(map(datelike.looks, texts.of(before))):
        return
    known = {row.main.key for row in best.rows}
    row = next((row for group in groups for row in group.rows if row.element is before), None)
    if (
        row is not None
        and row.dated
        and len(row.keys) == 1
        and row.main.key not in known
        and places.shape(row.main.url) == heads.shape(best)
    ):
        best.rows = [row, *best.rows]
        best.dated += 1
