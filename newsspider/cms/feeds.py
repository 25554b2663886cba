"""Feeds and sitemaps read as listings: RSS 0.9–2.0, Atom, sitemaps with Google's news extension."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from newsspider.cms import links
from newsspider.extract import dates
from newsspider.items import Entry, ListingPage, PageError

if TYPE_CHECKING:
    from newsspider.cms.base import Page

# Atomic and possessive: one comment could else reach over all that follow, in every combination.
_ROOT = re.compile(
    r"\s*+(?>(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)\s*)*+<(?:\w+:)?(rss|feed|RDF|urlset|sitemapindex)\b",
    re.S,
)
_TAGS = re.compile(r"<[^>]+>")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def kind(page: Page) -> str | None:
    """``rss``, ``feed`` (Atom), ``RDF`` (RSS 1.0), ``urlset``, ``sitemapindex``; None: no feed."""
    root = _ROOT.match(page.text[:4096])
    return root[1] if root else None


def read(page: Page) -> ListingPage:
    """The entries of a feed or a sitemap in its order. Raises PageError where it has none.

    A sitemap names no titles (they are then empty) and says only when a page was last changed, which is no publication date.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(_DECLARATION.sub("", page.text).encode(), parser)
    made = kind(page)
    entries = tuple({entry.url: entry for entry in _entries(root, page.url)}.values()) if root is not None else ()
    if made == "sitemapindex":
        inner = next((entry.url for entry in entries), "none")
        raise PageError("listing", f"an index of {len(entries)} sitemaps; give one of them, such as {inner}")
    if not entries:
        raise PageError("empty", f"a feed ({made}) without entries")
    following = next(
        (url for link in root.iter("{*}link") if link.get("rel") == "next" and (url := link.get("href"))), None
    )
    return ListingPage(
        entries=entries,
        next_url=links.address(following, page.url) if following else None,
        family="feed",
        rules={"entries": f"<{made}>", "next_url": "link rel=next"},
    )


def _entries(root: etree._Element, base: str) -> Iterator[Entry]:
    for item in root.iter("{*}item", "{*}entry", "{*}url", "{*}sitemap"):
        url = links.address(_address(item), base)
        if url:
            when = _text(item, "pubDate", "published", "date", "publication_date", "issued")
            name = " ".join(_TAGS.sub(" ", _text(item, "title")).split())
            yield Entry(
                url=url, title=name, published=dates.declared(when) if when else None, kind=links.kind(url, base)
            )


def _address(item: etree._Element) -> str:
    for link in item.iterfind("{*}link"):
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return str(link.get("href"))
    return _text(item, "loc", "link") or next(
        (guid.text or "" for guid in item.iterfind("{*}guid") if guid.get("isPermaLink") != "false"), ""
    )


def _text(item: etree._Element, *names: str) -> str:
    """The text of the first child (or, in sitemaps, grandchild) of one of these names."""
    for name in names:
        for child in item.iter("{*}" + name):
            if words := "".join(child.itertext()).strip():
                return words
    return ""
