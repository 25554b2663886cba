"""A stored page made safe to show: no script, nothing asked from outside; images from the archive, or a frame with their address."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urljoin

import nh3
from lxml import html

# Even if something were left, the browser may run nothing and ask nobody.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"
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


def page(text: str, url: str, held: Callable[[str], bool], image: str) -> str:
    """The page ``text`` of ``url``. ``held``: whether an image's address is in the archive; ``image``: where such images are answered.

    The result is what stands in <body>, clean.
    """
    clean = nh3.clean(
        text, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, clean_content_tags={"script", "style"},
        link_rel="noopener noreferrer nofollow",
    )  # fmt: skip
    if not clean.strip():
        return ""
    tree = html.fragment_fromstring(clean, create_parent="div")
    for element in tree.iter("a"):
        if href := element.get("href"):
            element.set("href", urljoin(url, href))
    for element in list(tree.iter("img")):
        address = urljoin(url, element.get("src") or "")
        if held(address):
            element.set("src", image + quote(address, safe=""))
        else:
            frame = html.Element("span", {"class": "missing"})
            frame.text, frame.tail = f"[{element.get('alt') or 'image'}: {address}]", element.tail
            element.getparent().replace(element, frame)
    return html.tostring(tree, encoding="unicode")
