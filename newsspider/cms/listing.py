"""Reading a listing of any make: its rows, each with a title and mostly a date, and the way to the next page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from lxml.html import HtmlElement

from newsspider.cms import entries, feeds, pager
from newsspider.extract import urls
from newsspider.items import Entry, ListingPage, PageError
from newsspider.reading import links, lists, refusals, rows, verdict
from newsspider.reading.lists import Repeated

if TYPE_CHECKING:
    from newsspider.cms.base import Family, Page

_FEW = 3  # rows that may as well be links of an article
_A_TEXT = 150  # characters of a paragraph
_PROSE = 60  # what a line of prose is worth
_LEAST, _CLEAR = -30, 5  # points of a list on a page that shows that it is one, and on any
_LIKELY = 5  # points of a text beside which few rows stand


def read(page: Page, family: Family) -> ListingPage:
    """The rows of a listing in page order. Raises PageError where the page has none.

    A site's own selectors come first: ``entries`` finds the rows, ``entry_title``, ``entry_published`` and ``entry_views`` look
    inside of a row, ``next`` finds the link to the next page.
    """
    if feeds.kind(page):
        return feeds.read(page)
    refusals.check_size(page)
    follows, found = looked_at(page)
    group = selected(page, found) or own(page, found, follows)
    if group is None:
        refuse(page, "no rows with a title, a link and a date on the page")
    goes_on = follows is not None and (follows.next_url is not None or follows.form is not None)
    if not goes_on:
        refusals.check_title(page)
    if not group.selected:
        check_text(page, group, paged=goes_on or (follows is not None and follows.element is not None))
    its: dict[tuple[str, str], Entry] = {}
    for entry in entries.read(group, page, family):
        its.setdefault((entry.url, entry.title if entry.kind == "opener" else ""), entry)
    next_url, rule = following(page, follows)
    beyond = follows if follows and page.override("next") is None else None
    return ListingPage(
        entries=tuple(its.values()),
        next_url=next_url,
        next_form=replace(beyond.form, encoding=page.encoding) if beyond and beyond.form else None,
        stuck=beyond.stuck if beyond else None,
        family=family.name,
        rules={"entries": f"{rows.core(group.container)} > {rows.core(group.value[0].element)}", "next_url": rule},
    )


def looked_at(page: Page) -> tuple[pager.Pager | None, list[links.Link]]:
    """The pager of the page, and its links outside of that."""
    words = links.anchors(page.texts)
    if len(words) > refusals.MOST_LINKS:
        raise PageError(
            "unreadable", f"{len(words):,} links, more than the {refusals.MOST_LINKS:,} that a listing may have"
        )
    follows = pager.find(page, words)
    its = {*follows.element.iter()} if follows and follows.element is not None else set()
    return follows, [link for link in links.every(page.texts, words, page.base) if link.element not in its]


def around(page: Page, found: list[links.Link], follows: pager.Pager | None) -> lists.Around:
    more = [link.element for link in found if lists.MORE.fullmatch(link.text) and not link.opener]
    paging = follows.element if follows else None
    return lists.Around(texts=page.texts, url=page.url, names=page.head_titles, pager=paging, more=more)


def own(page: Page, found: list[links.Link], follows: pager.Pager | None) -> Repeated | None:
    """The page's own list; None: it has none."""
    chosen = page.choices["list"] = lists.find(found, around(page, found, follows))
    best = chosen.weighed[0] if chosen.weighed else None
    if best is None or best.points < _LEAST or (best.points <= _CLEAR and page.verdict.is_text):
        return None
    return lists.whole(best.candidate, [it.candidate for it in chosen.weighed])


def _unlike(group: Repeated, page: Page) -> bool:
    """The rows are so few, and say so little, that they may as well be links of an article: without dates, files, or one whose heading
    is no link."""
    if len(group.value) > _FEW or group.selected:
        return False
    if not group.is_dated:
        return True
    lone = group.value[0] if len(group.value) == 1 else None
    if lone is not None and not lone.headed and lone.element in page.texts.headings:
        return True
    return all(row.main.opener or urls.is_file(row.main.url) for row in group.value)


def selected(page: Page, found: list[links.Link]) -> Repeated | None:
    """The rows that the site's own selector finds; None: it has none. Raises PageError where it finds nothing."""
    elements = page.override("entries")
    if elements is None:
        return None
    blocks = [element for element in elements if isinstance(element, HtmlElement)]
    number = {link.element: n for n, link in enumerate(found)}
    inside = (sorted(number[node] for node in block.iter() if node in number) for block in blocks)
    its = [(block, [found[n] for n in mine]) for block, mine in zip(blocks, inside, strict=True) if mine]
    if not its:
        raise PageError(
            "empty", f"no row with a link matches {page.site and page.site.selectors['entries']!r} (selectors.entries)"
        )
    return Repeated(
        value=rows.chosen(its, page.texts),
        where="the site's own selector",
        around=lists.Around(texts=page.texts, url=page.url),
        selected=True,
    )


def following(page: Page, follows: pager.Pager | None) -> tuple[str | None, str]:
    own = page.override("next")
    if own is None:
        return (follows.next_url, follows.rule) if follows else (None, "no pager")
    href = next((node if isinstance(node, str) else node.get("href") for node in own), None)
    url = page.link(href)
    return (None if url and pager.comparable(url) == pager.comparable(page.url) else url), "site.selectors.next"


def check_text(page: Page, group: Repeated, *, paged: bool) -> None:
    """Raises PageError where the rows stand beside what the page is of: a text of its own, or a column that holds nothing.
    ``paged``: the page has a pager."""
    weak = not paged and (group.is_aside or _unlike(group, page))
    if weak:
        refusals.check_nothing(page)
    if not weak and (_is_all(page, group) or (paged and group.is_dated)):
        return
    if page.verdict.points > (_LIKELY if weak else verdict.SURE):
        raise PageError("article", f"rows of links beside {page.verdict.what}: {page.verdict.reason}")


def _is_all(page: Page, group: Repeated) -> bool:
    """Dated rows, and no text beside them: the page's signs need not be weighed."""
    return group.is_dated and len(group.value) > _FEW and page.texts.longest_beside(group.container) < _A_TEXT


def refuse(page: Page, found: str) -> NoReturn:
    """Raises PageError with what the page is instead."""
    refusals.check_page(page)
    if page.verdict.points > verdict.SURE or (page.verdict.is_text and any(value > _PROSE for value in page.worth)):
        raise PageError("article", f"{found}, but {page.verdict.what}: {page.verdict.reason}")
    raise PageError("empty", found)
