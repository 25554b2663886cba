"""A stored page made safe to show: no script, nothing asked from outside; images from the archive, or a frame with their address."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from html import escape
from urllib.parse import urljoin

import nh3
from lxml import etree, html

from newsspider.reading import media

# Even if something were left, the browser may run nothing and ask nobody.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"
ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
TAGS = nh3.ALLOWED_TAGS | {
    "article",
    "section",
    "header",
    "footer",
    "main",
    "nav",
    "figure",
    "figcaption",
    "font",
    "center",
}
ATTRIBUTES = {
    "*": {"align", "class", "colspan", "rowspan", "title", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
}
Image = Callable[[str], str | None]  # what stands in `src` for an image's address; None: it is not held


def page(text: str, url: str, image: Image) -> str:
    """The page ``text`` of ``url``: what stands in <body>, clean."""
    clean = nh3.clean(
        _chosen(text, url, image), tags=set(TAGS), attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto", "data"},
        clean_content_tags={"script", "style", "title"}, link_rel="noopener noreferrer nofollow",
    )  # fmt: skip
    if not clean.strip():
        return ""
    tree = html.fragment_fromstring(clean, create_parent="div")
    for element in tree.iter("a"):
        address = urljoin(url, element.get("href") or "")
        if address.startswith("data:"):
            del element.attrib["href"]
        elif element.get("href"):
            element.set("href", address)
    for element in list(tree.iter("img")):
        _show(element, url, image)
    return html.tostring(tree, encoding="unicode")


def _chosen(text: str, url: str, image: Image) -> str:
    """The page with one address for each image: of those it names (its full size, a lazy one), the first that is held."""
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return text
    for element in tree.iter("img"):
        named = list(_addresses(element, url))
        held = next((one for one in named if one.startswith("data:image/") or image(one)), None)
        if chosen := held or next(iter(named), None):
            element.set("src", chosen)
    return html.tostring(tree, encoding="unicode")


def _addresses(element: html.HtmlElement, url: str) -> Iterator[str]:
    for source in media.sources(element):
        try:
            yield urljoin(url, source.strip())
        except ValueError:
            continue


def _show(element: html.HtmlElement, url: str, image: Image) -> None:
    address = urljoin(url, element.get("src") or "")
    if address.startswith("data:image/"):
        return
    if source := image(address):
        element.set("src", source)
        return
    frame = html.Element("span", {"class": "missing"})
    frame.text, frame.tail = f"[{element.get('alt') or 'image'}: {address}]", element.tail
    element.getparent().replace(element, frame)


def alone(text: str, url: str, at: str, title: str, file: Callable[[str], tuple[bytes, str] | None]) -> str:
    """A page as one HTML file that asks nobody for anything.

    ``at``: when it was stored, UTC; ``file``: the bytes and the type of an address; None: it is not held.
    """

    def image(address: str) -> str | None:
        found = file(address)
        if found is None or not found[1].startswith("image/"):
            return None
        return f"data:{found[1]};base64,{base64.b64encode(found[0]).decode()}"

    return ALONE_PAGE.format(
        policy=ALONE, style=STYLE, title=escape(title), at=escape(at), url=escape(url), shown=page(text, url, image)
    )


STYLE = """
body { font: 17px/1.7 "Noto Serif CJK SC", "Songti SC", serif; max-width: 46rem; margin: 0 auto; padding: 1rem;
  background: #fff; color: #222; overflow-wrap: anywhere; }
.stored { font: 14px/1.5 system-ui, sans-serif; background: #f3f1ea; padding: .5rem .8rem; border-radius: .3rem; margin-bottom: 1.5rem; }
img { max-width: 100%; height: auto; }
table { max-width: 100%; }
.missing { display: inline-block; border: 1px dashed #999; color: #666; padding: .3rem .6rem; font-size: 13px; }
"""
ALONE_PAGE = """<!doctype html>
<html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
<p class="stored"><span lang="zh">{at}（UTC）存下的页面，脚本已除去，不联网。</span>
<span lang="en">The page as stored at {at}, without its scripts; it asks nothing of the network.</span> {url}</p>
{shown}
</html>
"""
