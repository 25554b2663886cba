"""What stands below the text of an article: where its own ends and other things begin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from newsspider.reading.marks import is_link

if TYPE_CHECKING:
    from newsspider.cms.base import Page

_NEAR = 8  # lines below a text
_BOX = 12  # lines of a box below a text
_NAME = 20  # bytes of a link to a column, a tag; what says more is the title of another article


def ends(page: Page, end: int) -> int:
    """The line up to which what stands below a text can be its own: other articles or comments begin there."""
    lines = page.blocks.lines
    for index in range(end, min(end + _NEAR, len(lines))):
        line = lines[index]
        if line.heading or (is_link(line) and len(line.text.encode("utf-8", "replace")) > _NAME):
            return index
        if any("comment" in f"{node.get('class')} {node.get('id')}".lower() for node in _around(page, index, end)):
            return index
    return min(end + _NEAR, len(lines))


def _around(page: Page, index: int, end: int) -> Iterator[HtmlElement]:
    """The elements around a line that begin below the text."""
    element = page.blocks.lines[index].element
    return (node for node in (element, *element.iterancestors()) if page.blocks.span.get(node, (0, 0))[0] >= end)


def begins(page: Page, starts: int, end: int, title: str) -> int:
    """Where below a text the box with its title, address and licence begins: a line that is the title again, and short ones;
    else ``end``."""
    for index in range(end - 1, max(starts, end - _BOX), -1):
        line = page.blocks.lines[index]
        if line.text == title and not line.heading:
            return index
        if page.worth[index] > 0:
            break
    return end
