"""Which element of a page holds the body of its article, and between which of the page's lines."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from lxml.html import HtmlElement

from newsspider.extract import dates
from newsspider.extract.blocks import Blocks
from newsspider.reading import content

_PARAGRAPHS = frozenset("p ol ul li blockquote span font".split())
_A_NOTICE = 300  # what a text denser than a notice of a few words is worth
_NEAR = 12  # lines from a title to its text
NAMED = "body in"
SHORT = "body in the element named so, of a few words"
_A_TEXT = 100  # the least that a text below a title is worth


class Container(NamedTuple):
    """The element that holds a text, between which lines of the page the text stands in it, how much these are worth, and the
    rule that found it."""

    element: HtmlElement
    span: tuple[int, int]
    worth: int
    rule: str


def find(blocks: Blocks, values: list[int], title: int | None = None) -> Container | None:
    """The element that holds the body, or None where no element has prose.

    ``values``: what the lines are worth; ``title``: the line that surely is the article's title.
    """
    sums = [0, *accumulate(values)]
    best = _densest(blocks, sums, 0, len(values))
    if title is not None and (best is None or best.worth < _A_NOTICE):
        short = _short(blocks, values, sums, title, best)
        if short is not None:
            return short
    if best is None:
        return None
    if title is not None and best.worth < _A_NOTICE and best.span[1] <= title:  # fields above a notice of a few words
        best = _densest(blocks, sums, title + 1, len(values)) or best
    most = best.worth
    if best.element.tag in _PARAGRAPHS:
        best = _with_neighbours(blocks, values, best)
    else:
        best = _whole(blocks, sums, _without_teasers(blocks, values, sums, best.element, title))
    if title is not None and title < best.span[0] and (near := _below(blocks, values, sums, title, best)):
        best, most = near, near.worth
    own = None if title is None else _own(blocks, sums, title, best)
    if own is not None:
        best, most = own, own.worth
    for name in content.BODIES:
        for element in blocks.by_name.get(name, ()):
            known = _whole(blocks, sums, element)
            enough = known.worth >= max(1, most * 0.7) or _before_cards(blocks, values, title, known)
            if enough and (own is None or own.span[0] <= known.span[0] <= own.span[1]):
                return known._replace(rule=f"{NAMED} {name}")
    if own is not None or best.span != blocks.span[best.element]:
        return best
    return _whole(blocks, sums, _with_short_lines(blocks, values, best.element))


def _before_cards(blocks: Blocks, values: list[int], title: int | None, known: Container) -> bool:
    """The text stands just below the title, and below it the heading of a box with links to other articles."""
    start, end = known.span
    if title is None or not title < start < min(end, title + _NEAR) or values[start] <= -20:
        return False
    return (
        any(line.heading for line in blocks.lines[end : end + 1]) and min(values[end + 1 : end + 3], default=0) <= -20
    )


def _whole(blocks: Blocks, sums: list[int], element: HtmlElement) -> Container:
    start, end = blocks.span[element]
    return Container(element, (start, end), sums[end] - sums[start], f"densest text in <{element.tag}>")


def _densest(blocks: Blocks, sums: list[int], first: int, last: int) -> Container | None:
    """The element whose lines are worth most among those that stand within ``first`` and ``last``."""
    best, best_rank = None, (0, 0)
    for element, (start, end) in blocks.span.items():
        if first <= start and end <= last:
            rank = sums[end] - sums[start], end - start
            if rank > best_rank:
                best, best_rank = element, rank
    return None if best is None else _whole(blocks, sums, best)


def _below(blocks: Blocks, values: list[int], sums: list[int], title: int, other: Container) -> Container | None:
    """The text just below the title, where a longer ``other`` is parted from it: comments, boxes at the side, teasers."""
    start = other.span[0]
    least = 1 if other.worth < _A_NOTICE else _A_TEXT
    if sum(max(0, value) for value in values[title + 1 : start]) < least:
        return None
    near = _densest(blocks, sums, title + 1, start)
    if near is None or near.worth < (_A_TEXT if near.span[0] > title + 1 else least):
        return None
    if near.element.tag in _PARAGRAPHS and (grown := _with_neighbours(blocks, values, near)).span[1] <= start:
        near = grown
    linked = sum(value <= -20 for value in values[slice(*other.span)])
    around = (other.element, *other.element.iterancestors())
    aside = linked * 2 >= sum(value > 60 for value in values[slice(*other.span)]) or any(
        content.is_chrome_element(element) for element in around if blocks.span.get(element, (0, 0))[0] > title
    )
    parted = any(values[at] <= -20 or blocks.lines[at].heading for at in range(near.span[1], start))
    return near if parted and near.worth * (10 if aside or near.worth < _A_TEXT else 2.5) >= other.worth else None


def _short(blocks: Blocks, values: list[int], sums: list[int], title: int, other: Container | None) -> Container | None:
    """The only element of its name that templates give to a text, just below the title, where what is denser stands above it, or
    is chrome further down: a notice of a few words above the form for comments."""
    further = other is not None and other.span[0] > title
    chrome = other is None or any(
        content.is_chrome_element(element)
        for element in (other.element, *other.element.iterancestors())
        if blocks.span.get(element, (0, 0))[0] > title
    )
    for name in content.BODIES:
        its = blocks.by_name.get(name, ())
        if len(its) == 1:
            start, end = blocks.span.get(its[0], (0, 0))
            above = other is None or other.span[1] <= start or not further
            below = title < start < min(end, title + _NEAR)
            dated = [line for line in blocks.lines[start : min(end, title + _NEAR)] if dates.first(line.text)]
            if len(dated) > 1:  # rows of a listing
                continue
            if below and values[start] > -20 and (above or (chrome and other is not None and end <= other.span[0])):
                return _whole(blocks, sums, its[0])._replace(rule=SHORT)
    return None


def _own(blocks: Blocks, sums: list[int], title: int, best: Container) -> Container | None:
    """The element that holds the title, where ``best`` holds it and an article beside it: two articles on a page."""
    around = list(blocks.lines[title].element.iterancestors())
    if best.element not in around:
        return None
    for element in around[: around.index(best.element)]:
        beside = [*element.itersiblings(), *element.itersiblings(preceding=True)]
        if any(other.tag == "article" == element.tag or _is_fellow(blocks, title, element, other) for other in beside):
            own = _whole(blocks, sums, element)
            return own if own.worth >= _A_TEXT else None
    return None


def _is_fellow(blocks: Blocks, title: int, element: HtmlElement, other: HtmlElement) -> bool:
    """Another article of the same make: its heading and its date stand as the title and its date do."""
    if other.tag != element.tag or other.get("class") != element.get("class") or other not in blocks.span:
        return False
    start, end = blocks.span[other]
    level = blocks.lines[title].heading
    its = next((at for at in range(start, min(start + 3, end)) if blocks.lines[at].heading == level > 0), None)
    return its is not None and _dated(blocks, title) and _dated(blocks, its)


def _dated(blocks: Blocks, heading: int) -> bool:
    below = (line.text for line in blocks.lines[heading + 1 : heading + 3])
    return any(len(text) < 80 and dates.first(text, day_first=True) is not None for text in below)


def _with_neighbours(blocks: Blocks, values: list[int], best: Container) -> Container:
    """A lone paragraph with the prose before and after it in the element around: links among them outweighed it."""
    start, end = best.span
    for parent in best.element.iterancestors():
        first, last = blocks.span.get(parent, (start, end))
        if (first, last) != (start, end):
            break
    else:
        return best
    start -= _reach(values[first:start][::-1])
    end += _reach(values[end:last])
    if (start, end) == best.span:
        return best
    return Container(parent, (start, end), sum(map(_bounded, values[start:end])), f"paragraphs in <{parent.tag}>")


def _reach(values: list[int]) -> int:
    """How many of the next lines are worth taking."""
    best = total = reach = 0
    for count, value in enumerate(values, start=1):
        total += _bounded(value)
        if total > best:
            best, reach = total, count
        elif count - reach > 4:
            break
    return reach


def _bounded(value: int) -> int:
    return max(value, -40)


def _without_teasers(
    blocks: Blocks, values: list[int], sums: list[int], element: HtmlElement, title: int | None
) -> HtmlElement:
    """The element, or the part of it beside which teasers stand: each a link and what it says of its article."""
    start, end = blocks.span[element]
    most = sums[end] - sums[start]
    for child in element:
        first, last = blocks.span.get(child, (0, 0))
        worth = sums[last] - sums[first]
        titled = title is not None and first <= title < last and worth >= _A_TEXT // 2
        most_of_it = worth * 2 >= most and sum(value > 60 for value in values[first:last]) >= 2
        if not titled and not most_of_it:
            continue
        beside = [values[index] for index in (*range(start, first), *range(last, end))]
        if not most_of_it and _run_on(beside):
            continue
        linked = [at for at, value in enumerate(beside) if value <= -20]
        prose = [at for at, value in enumerate(beside) if value > 60]
        if not beside or (len(linked) >= max(3, len(prose)) and prose and linked[0] < prose[0]):
            return _without_teasers(blocks, values, sums, child, title)
    return element


def _run_on(values: list[int]) -> bool:
    """Two lines of prose with no link between them, as in a text and not in teasers."""
    prose = False
    for value in values:
        if value > 60 and prose:
            return True
        prose = value > 60 or (prose and value > -20)
    return False


def _with_short_lines(blocks: Blocks, values: list[int], element: HtmlElement) -> HtmlElement:
    """The element or one around it that adds short lines alone: names, places, a signature; no links, no chrome."""
    start, end = blocks.span[element]
    for parent in element.iterancestors():
        first, last = blocks.span.get(parent, (0, 0))
        added = [*range(first, start), *range(end, last)]
        boxed = any(blocks.lines[index].heading for index in range(end, last))
        if boxed or len(added) > 40 or any(values[index] <= -20 for index in added):
            break
        element, start, end = parent, first, last
    return element
