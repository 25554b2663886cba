"""Images and attachments of an article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from lxml.html import HtmlElement

from newsspider.extract import content, urls

Link = Callable[[str | None], str | None]

_ICON = re.compile(
    r"/icon_\w+\.gif|/_visitcount|/fileTypeImages/|/attachment/type/|/sitegray|blank\.gif|spacer\.gif|loading\.gif|pixel\.gif",
    re.I,
)
# The full size comes before what the page shows of it.
_IMAGE_SOURCES = ("orisrc", "original-src", "data-imgsrc", "data-original", "data-src", "data-lazy-src", "src")
_FILE_SOURCES = ("pdfsrc", "sudy-wp-src")
_VIEWER = re.compile(r"[?&](?:file|src|url)=([^&]+\.pdf)", re.I)
_EMBEDDED = re.compile(r"showVsbpdfIframe\s*\(\s*[\"']([^\"']+)")
_DOWNLOAD = re.compile(
    r"DownloadAttachUrl|/_content/download\.jsp|/download(?:File)?\.do|/fileDownload|/bbs/download\.php|[?&]mode=download",
    re.I,
)


def images(holders: Iterable[HtmlElement], link: Link) -> tuple[str, ...]:
    """The addresses of the pictures in the elements of a body, full size where they tell it, without icons."""
    found: dict[str, None] = {}
    for holder in holders:
        for image in holder.iter("img"):
            source = next(
                (value for name in _IMAGE_SOURCES if (value := image.get(name)) and not value.startswith("data:")), None
            )
            if source and not _ICON.search(source) and (url := link(source)):
                found[url] = None
    return tuple(found)


def files(holders: Iterable[HtmlElement], link: Link) -> dict[str, str | None]:
    """The addresses of the files that an article links or embeds, with the names it gives them."""
    found: dict[str, str | None] = {}
    for holder in holders:
        for element in _around(holder):
            for anchor in element.iter("a"):
                url = link(anchor.get("href"))
                if url and (urls.is_file(url) or _DOWNLOAD.search(url)):
                    found.setdefault(url, " ".join("".join(anchor.itertext()).split()) or None)
        for element in holder.iter("iframe", "embed", "object", "div", "script"):
            for source in _embedded(element):
                if url := link(source):
                    found.setdefault(url, None)
    return found


def _around(holder: HtmlElement) -> Iterator[HtmlElement]:
    """The element of a body and what follows it beside it: lists of attachments stand there."""
    yield holder
    parent = holder.getparent()
    for element in (holder, parent) if parent is not None else (holder,):
        for sibling in element.itersiblings():
            if isinstance(sibling.tag, str) and not content.is_chrome_element(sibling):
                yield sibling


def _embedded(element: HtmlElement) -> Iterator[str]:
    if element.tag == "script":
        yield from _EMBEDDED.findall(element.text or "")
        return
    for name in _FILE_SOURCES:
        if value := element.get(name):
            yield value
    source = element.get("src") or element.get("data") or ""
    if urls.is_file(source):
        yield source
    elif m := _VIEWER.search(source):
        yield m[1]
