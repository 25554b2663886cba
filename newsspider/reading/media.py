"""Images and attachments of an article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from lxml.html import HtmlElement

from newsspider.extract import urls
from newsspider.reading import content

Link = Callable[[str | None], str | None]

_ICON = re.compile(
    r"/icon_\w+\.gif|/_visitcount|/fileTypeImages/|/attachment/type/|/sitegray|blank\.gif|spacer\.gif|loading\.gif|pixel\.gif",
    re.I,
)
# The full size comes before what the page shows of it.
_IMAGE_SOURCES = ("orisrc", "original-src", "data-imgsrc", "data-original", "data-src", "data-lazy-src", "src")
_IMAGE_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_OF_A_SET = re.compile(r"([^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)[wx])?\s*(?:,|$)")  # an address and its width or density
_NO_SIZE = re.compile(r"\s*[01](?:\.\d+)?(?:px)?\s*")
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden"
    r"|^(?!.*min-width)(?:.*[;\s])?(?:width|height)\s*:\s*[01](?:\.\d+)?(?:px)?\s*(?:;|!|$)",  # a picture may fill its box
    re.I,
)
_FILE_SOURCES = ("pdfsrc", "sudy-wp-src")
_VIEWER = re.compile(r"[?&](?:file|src|url)=([^&]+\.pdf)", re.I)
_EMBEDDED = re.compile(r"showVsbpdfIframe\s*\(\s*[\"']([^\"']+)")
_NAMED = re.compile(rf"[^\s/:@]\.{urls.FILE_TYPES}\s*(?:[\[(（【][^\])）】]{{0,30}}[\])）】]\s*)*", re.I)
_DOWNLOAD = re.compile(
    r"DownloadAttachUrl|/_content/download\.jsp|/download(?:File)?\.do|/fileDownload|/bbs/download\.php|[?&]mode=download",
    re.I,
)


def images(holders: Iterable[HtmlElement], link: Link) -> tuple[str, ...]:
    """The addresses of the pictures in the elements of a body, full size where they tell it, without icons."""
    found: dict[str, None] = {}
    for holder in holders:
        for image in holder.iter("img"):
            its = (source for source in sources(image) if not source.startswith("data:") and not _ICON.search(source))
            url = link(next(its, None))
            if url and not _is_hidden(image, holder):
                found[url] = None
    return tuple(found)


def sources(image: HtmlElement) -> Iterator[str]:
    """Where a picture may be had, best first: the largest of a set after what the page names alone."""
    yield from (value for name in _IMAGE_SOURCES if (value := image.get(name)))
    picture = next(image.iterancestors("picture"), None)
    for element in (image, *(() if picture is None else picture.iter("source"))):
        for value in (element.get(name) for name in _IMAGE_SETS):
            if its := _OF_A_SET.findall(value or ""):
                yield max(its, key=lambda its: float(its[1] or 1))[0]


def _is_hidden(image: HtmlElement, holder: HtmlElement) -> bool:
    """The picture is not shown, or counts who looks: a pixel."""
    if any(_NO_SIZE.fullmatch(image.get(name) or "") for name in ("width", "height")):
        return True
    node: HtmlElement | None = image
    while node is not None and node is not holder:
        if node.get("hidden") is not None or _UNSEEN.search(node.get("style") or ""):
            return True
        node = node.getparent()
    return False


def files(holders: Iterable[HtmlElement], link: Link) -> dict[str, str | None]:
    """The addresses of the files that an article links or embeds, with the names it gives them."""
    found: dict[str, str | None] = {}
    for holder in holders:
        for element in _around(holder):
            for anchor in element.iter("a"):
                url = link(anchor.get("href"))
                name = " ".join("".join(anchor.itertext()).split())
                if url and (urls.is_file(url) or _DOWNLOAD.search(url) or _is_named_file(anchor, name)):
                    found.setdefault(url, name or None)
        for element in holder.iter("iframe", "embed", "object", "div", "script"):
            for source in _embedded(element):
                if url := link(source):
                    found.setdefault(url, None)
    return found


def is_attached(anchor: HtmlElement) -> bool:
    """The link is to a file, by its address or its name."""
    address = anchor.get("href") or ""
    name = " ".join("".join(anchor.itertext()).split())
    return urls.is_file(address) or _DOWNLOAD.search(address) is not None or _is_named_file(anchor, name)


def _is_named_file(anchor: HtmlElement, name: str) -> bool:
    """The link's name is that of a file: 附件.pdf, or what a browser is told to save it as."""
    names = (name, anchor.get("download") or "", anchor.get("title") or "")
    return any(m.end() == len(text) and not urls.is_address(text) for text in names for m in _NAMED.finditer(text))


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
