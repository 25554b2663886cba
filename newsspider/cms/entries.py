"""The rows of a listing to its entries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from newsspider.cms import row_dates, titles
from newsspider.extract import dates
from newsspider.items import Entry
from newsspider.reading import counts, links, lists, pieces, rows, words
from newsspider.reading.rows import Row

if TYPE_CHECKING:
    from newsspider.cms.base import Family, Page

_DATE_HEAD = re.compile(rf"{words.one_of('published', 'plain', 'day_column')}|일자|posted|published|date", re.I)
_REVISED = r"修改|修订|修訂|수정|modifi|geändert|änderung|mise? à jour"
_OTHER_DATE_HEAD = re.compile(
    rf"{words.one_of('another_day', 'occasion', 'updated', 'revised')}|截止|截至|结束|結束|마감|기간|expire|更新|{_REVISED}",
    re.I,
)
_TIME_OF_ANOTHER = re.compile(
    rf"{_REVISED}|截止|截至|마감|기간|deadline|expire|(?:last|latest) (?:post|reply)|最[后後新](?:回复|回覆|发表|發表|更新)",
    re.I,
)
_VIEWS_HEAD = re.compile(
    rf"\s*(?:{words.one_of('views_verb')}{words.one_of('views_noun')}?|{words.one_of('views', 'views_with_colon', 'views_column')})\s*",
    re.I,
)
_VIEWS_NAME = re.compile(
    r"(?:^|[-_ ])(?:hits?|views?|view-?(?:count|num)|read-?(?:num|count|times)?|clicks?|click-?(?:num|count)?|access|visits?"
    r"|visit-?count|browse)(?:$|[-_ ])",
    re.I,
)
_COUNT = 30  # characters of an element that is named after the count it holds
_HEAD = 80  # characters of the names of all columns
_MOST_COLUMNS = 10
_HOLDERS = ("span", "div", "td", "p", "i", "em", "li", "dd", "b", "strong")
_EYE = re.compile(r"(?:^|[-_/. ])(?:eyes?|views?|liulan|yanjing|browse|hits?|visibility)(?:$|[-_/. \d])", re.I)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which cell of a row the head above says to hold the date and the count; None: it does not say. ``others``: which hold dates
    of something else. ``from_end``: which text of a row that is no row of a table, counted from its end."""

    date: int | None = None
    views: int | None = None
    from_end: int | None = None
    others: tuple[int, ...] = ()


def read(group: lists.Repeated, page: Page, family: Family | None = None) -> Iterator[Entry]:
    order = row_dates.order(group.value, page.day_first)
    dated_titles = sum(bool(rows.DATE_AT_END.match(row.main.text)) for row in group.value) > len(group.value) / 2
    heads: dict[HtmlElement, Columns] = {}
    shared = titles.shared(group.value)
    days = row_dates.headings(group.value)
    for row in group.value:
        link = titles.best_told(row)
        name = page.chosen("entry_title", row.element) or titles.full(row, link, shared)
        if not name:
            continue
        columns = _columns(row, heads)
        cell = page.chosen("entry_published", row.element) or _cell(row, columns.date)
        cells = list(row.element.iterchildren("td", "th")) if columns.others else []
        elsewhere = {text for n in columns.others if n < len(cells) for text in pieces.facts(cells[n])}
        when = row_dates.published(row, name, cell, order, elsewhere)
        if when is None and dated_titles and (ended := rows.DATE_AT_END.match(name)):
            name, when = ended[1].strip(), dates.first(ended[2])
        if when is None and days:
            when = days.get(row.element.getparent())
        own_views = page.chosen("entry_views", row.element)
        count = number(own_views) if own_views else views(row, columns)
        if count and family and count.views in family.stale_views:
            count = None
        yield Entry(
            url=link.url,
            title=name,
            published=when,
            views=count.views if count else None,
            views_step=count.step if count else None,
            kind=links.kind(link.url, page.base, page.url),
            counter=family.row_counter(page, row.element) if family else None,
        )


def _columns(row: Row, heads: dict[HtmlElement, Columns]) -> Columns:
    table = next(row.element.iterancestors("table"), None) if row.element.tag == "tr" else None
    holder = table if table is not None else row.element.getparent()
    if holder not in heads:
        heads[holder] = head(table) if table is not None else _head_of_blocks(row)
    return heads[holder]


def _head_of_blocks(first: Row) -> Columns:
    """The columns of rows that are no table, by the words in the block before the first of them."""
    container = first.element.getparent()
    for before in (first.element.getprevious(), container.getprevious() if container is not None else None):
        names = links.nodes(before) if before is not None and isinstance(before.tag, str) else []
        if 1 < len(names) <= _MOST_COLUMNS and sum(map(len, names)) <= _HEAD:
            seen = [n for n, name in enumerate(names) if _VIEWS_HEAD.fullmatch(name)]
            return Columns(from_end=len(names) - seen[0]) if seen else Columns()
    return Columns()


def _cell(row: Row, column: int | None) -> str | None:
    cell = None if column is None else next(islice(row.element.iterchildren("td", "th"), column, None), None)
    return None if cell is None else pieces.joined(cell)


def views(row: Row, columns: Columns) -> counts.Count | None:
    if (cell := _cell(row, columns.views)) is not None:
        return number(cell)
    if columns.from_end and columns.from_end <= len(row.texts) and (count := counts.bare(row.texts[-columns.from_end])):
        return count
    for element in row.element.iter(*_HOLDERS):
        name = element.get("class") or ""
        if (
            name
            and _is_named_for_views(name)
            and len(said := row.of_page.joined(element)) <= _COUNT
            and (count := number(said)) is not None
        ):
            return count
    for text in (*row.facts, *row.beside):
        if len(text) < 80 and (found := counts.labelled(text)):
            return found
    return _beside_an_eye(row)


@lru_cache(maxsize=4096)
def _is_named_for_views(names: str) -> bool:
    return _VIEWS_NAME.search(names) is not None and "WP_VisitCount" not in names


def _beside_an_eye(row: Row) -> counts.Count | None:
    """The number after a picture of an eye, which says "views" to who sees it."""
    for icon in row.element.iter("i", "svg", "img", "span", "em"):
        if (icon.text or "").strip():
            continue
        names = " ".join(icon.get(name) or "" for name in ("class", "alt", "src", "title", "data-icon"))
        if _EYE.search(names) and not row.of_page.joined(icon):
            after = icon.tail if (icon.tail or "").strip() else next(map(links.text, icon.itersiblings()), "")
            if (count := counts.bare(after or "")) is not None:
                return count
    return None


def number(text: str) -> counts.Count | None:
    text = unicodedata.normalize("NFKC", text)
    return counts.bare(text) or counts.labelled(text)


def head(table: HtmlElement) -> Columns:
    """The columns of a table by the words above them."""
    for line in table.iter("tr"):
        cells = list(line.iterchildren("th", "td"))
        names = [links.text(cell) for cell in cells for _ in range(span(cell))]
        if len(cells) < 2 or sum(map(len, names)) > _HEAD:
            return Columns()
        when = [n for n, name in enumerate(names) if _DATE_HEAD.search(name) and not _OTHER_DATE_HEAD.search(name)]
        seen = [n for n, name in enumerate(names) if _VIEWS_HEAD.fullmatch(name)]
        others = tuple(n for n, name in enumerate(names) if _TIME_OF_ANOTHER.search(name))
        if when or seen or others:
            return Columns(when[0] if when else None, seen[0] if seen else None, others=others)
        return Columns()
    return Columns()


def span(cell: HtmlElement) -> int:
    columns = cell.get("colspan") or "1"
    return int(columns) if re.fullmatch(r"[1-9]", columns) else 1
