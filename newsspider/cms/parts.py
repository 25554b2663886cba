"""Articles over several pages: the link below a text to the next page of the same article.

It stands on the article's own address: ``7.html`` goes on at ``7_2.html``, ``?id=7`` at ``?id=7&page=2``, ``/7/`` at ``/7/2/``; some count
from 0 (``7_1.html`` is the second). A pager of comments or of a list stands elsewhere on the page, the next article at another address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from newsspider.cms import marks
from newsspider.cms.marks import PAGE_FIELD
from newsspider.reading import links

if TYPE_CHECKING:
    from newsspider.cms.base import Page

_NAME = re.compile(r"(.*?)(?:([_-])(\d{1,3}))?(\.\w{2,6})?")
_FOLDER = re.compile(r"(.*?)(?:/(?:page/)?(\d{1,3}))?/?")
_NOT_A_TEXTS = re.compile(
    r"comment|repl(?:y|ies)|review|discuss|pinglun|guestbook|bo_list|board[-_]?list|related", re.I
)
_PAGER = re.compile(r"[\d\W]{1,60}|.*(?:[页頁›»>→]|next).*", re.I | re.S)  # of a line's text
_ABOVE, _BELOW = 3, 8  # lines around the end of a text that its pager is in


def following(page: Page, end: int) -> str | None:
    """The address of the article's next page. ``end``: the line of ``page.blocks`` behind the text."""
    found = [mark for a in _below(page, end) if (mark := marks.of(a, links.text(a), page.base)) and mark.url]
    if not any(mark.next or mark.number is not None for mark in found):
        return None
    addresses = [mark.url for mark in found if mark.url]
    wanted = set(_nexts(page.url, addresses))
    for mark in found:
        if (
            mark.url
            and (mark.next or mark.number is not None)
            and _key(mark.url) in wanted
            and not marks.is_off(mark.element)
        ):
            return mark.url
    return None


def _below(page: Page, end: int) -> Iterator[HtmlElement]:
    lines = page.blocks.lines[max(0, end - _ABOVE) : end + _BELOW]
    near = {line.element for line in lines if line.linked and _PAGER.fullmatch(line.text)}
    for a in page.root.iter("a") if near else ():
        around = [a, *a.iterancestors()]
        if near.isdisjoint(around):
            continue
        if not any(_NOT_A_TEXTS.search(f"{node.get('class') or ''} {node.get('id') or ''}") for node in around):
            yield a


def _nexts(url: str, addresses: list[str]) -> Iterator[str]:
    """What the next page may be called, seen from this one. ``addresses``: those in its pager: a later page links its first."""
    linked = {_key(address) for address in addresses}
    parts = urlsplit(url)
    host, query = parts.netloc.lower(), sorted(parse_qsl(parts.query, keep_blank_values=True))
    folder, _, name = parts.path.rpartition("/")
    if name and (found := _NAME.fullmatch(name)):
        stem, sep, number, ext = found[1], found[2] or "", found[3], found[4] or ""
        if number and _joined(host, f"{folder}/{stem}{ext}", query) in linked:
            yield _joined(host, f"{folder}/{stem}{sep}{int(number) + 1}{ext}", query)
        elif ext:
            whole = name.removesuffix(ext)
            seconds = [_joined(host, f"{folder}/{whole}{sep}{n}{ext}", query) for sep in "_-" for n in (1, 2)]
            # Counted from 0 where both are there: _1 is the second.
            yield from [one for one in seconds if one in linked][:1]
    if found := _FOLDER.fullmatch(parts.path):
        if found[2] and _joined(host, found[1], query) in linked:
            yield _joined(host, f"{found[1]}/{int(found[2]) + 1}", query)
            yield _joined(host, f"{found[1]}/page/{int(found[2]) + 1}", query)
        elif "." not in name and found[1]:
            yield _joined(host, f"{parts.path.rstrip('/')}/2", query)
    yield from _by_query(host, parts.path, query, addresses)


def _by_query(host: str, path: str, query: list[tuple[str, str]], addresses: list[str]) -> Iterator[str]:
    for address in addresses:
        fields = [
            name for name, value in parse_qsl(urlsplit(address).query) if PAGE_FIELD.fullmatch(name) and value.isdigit()
        ]
        for field in fields:
            number = next((int(value) for name, value in query if name == field and value.isdigit()), 1)
            rest = [(name, value) for name, value in query if name != field]
            yield _joined(host, path, sorted([*rest, (field, str(number + 1))]))


def _key(url: str) -> str:
    parts = urlsplit(url)
    return _joined(parts.netloc.lower(), parts.path, sorted(parse_qsl(parts.query, keep_blank_values=True)))


def _joined(host: str, path: str, query: list[tuple[str, str]]) -> str:
    return f"{host} {path.rstrip('/')} {query}"
