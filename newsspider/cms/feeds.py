"""Feeds and sitemaps read as listings: RSS 0.9–2.0, Atom, sitemaps with Google's news extension."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from newsspider.extract import dates
from newsspider.items import Entry, ListingPage, PageError
from newsspider.reading import links
from newsspider.reading.refusals import MAX_BYTES

if TYPE_CHECKING:
    from newsspider.cms.base import Page

# Atomic and possessive: one comment could else reach over all that follow, in every combination.
_ROOT = re.compile(
    r"\s*+(?>(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)\s*)*+<(?:\w+:)?(rss|feed|RDF|urlset|sitemapindex)\b",
    re.S,
)
_GZIP = b"\x1f\x8b\x08"
_TAGS = re.compile(r"<[^>]+>")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def unpacked(payload: bytes) -> bytes:
    """What a gzipped sitemap or feed holds; other bytes as they are. Raises PageError where it breaks off or is larger than a page
    may be."""
    if not payload.startswith(_GZIP):
        return payload
    stream = zlib.decompressobj(wbits=31)
    try:
        text = stream.decompress(payload, MAX_BYTES + 1)
    except zlib.error:
        return payload
    if not _ROOT.match(text[:4096].decode("utf-8", "replace").lstrip("\ufeff")):
        return payload
    if len(text) > MAX_BYTES:
        raise PageError("unreadable", f"a gzipped feed of more than the {MAX_BYTES:,} bytes that a page may have")
    if not stream.eof:
        raise PageError("unreadable", "a gzipped feed that breaks off")
    return text


def kind(page: Page) -> str | None:
    """``rss``, ``feed`` (Atom), ``RDF`` (RSS 1.0), ``urlset``, ``sitemapindex``; None: no feed."""
    root = _ROOT.match(page.text[:4096])
    return root[1] if root else None


def read(page: Page) -> ListingPage:
    """The entries of a feed or a sitemap in its order. Raises PageError where it has none.

    A sitemap names no titles (they are then empty) and says only when a page was last changed, which is no publication date.
    """
    root, made = _tree(page), kind(page)
    entries = tuple({entry.url: entry for entry in _entries(root, page.url)}.values()) if root is not None else ()
    if made == "sitemapindex":
        inner = next((entry.url for entry in entries), "none")
        raise PageError("listing", f"an index of {len(entries)} sitemaps; give one of them, such as {inner}")
    if root is None or not entries:
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


def sitemaps(page: Page) -> dict[str, str]:
    """The sitemaps that an index names, those changed last first, each with the last part of its address."""
    root = _tree(page)
    found = {
        url: _text(item, "lastmod")
        for item in (root.iter("{*}sitemap") if root is not None else ())
        if (url := links.address(_address(item), page.url)) and links.kind(url, page.url) != "external"
    }
    return {url: url.rstrip("/").rpartition("/")[2] for url in sorted(found, key=lambda url: found[url], reverse=True)}


def _tree(page: Page) -> etree._Element | None:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    return etree.fromstring(_DECLARATION.sub("", page.text).encode(), parser)


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
