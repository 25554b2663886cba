"""Feeds of what an archive noticed: new, edited and withdrawn articles, as Atom (RFC 4287) or JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as xml

from newsspider.archive.notices import Notice

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = {"atom": "application/atom+xml", "jsonfeed": "application/feed+json"}
WORDS = {
    "new": "新",
    "edited": "改",
    "withdrawn": "撤",
    "back": "复",
    "spike": "涨",
    "drop": "降",
    "reset": "清零",
    "quiet": "静",
    "broken": "异常",
    "well": "恢复",
}


def feed(
    kind: str, found: Sequence[Notice], *, site: str | None = None, query: str | None = None, url: str | None = None
) -> str:
    """``found``: of `notices.latest`; ``site`` and ``query`` what it was asked for; ``url``: where the feed stands."""
    title = " · ".join(["newsspider", *filter(None, (site, query))])
    if kind == "jsonfeed":
        return json_feed(title, url, found) + "\n"
    updated = found[0].at if found else "1970-01-01T00:00:00Z"
    name = f"urn:newsspider:feed:{quote('/'.join(filter(None, (site, query))) or 'all')}"
    return atom(title, updated, url or name, found) + "\n"


def atom(title: str, updated: str, name: str, found: Sequence[Notice]) -> str:
    xml.register_namespace("", ATOM)
    root = xml.Element(f"{{{ATOM}}}feed")
    _add(root, "id", _iri(name))
    _add(root, "title", title)
    _add(root, "updated", updated)
    _add(_add(root, "author"), "name", "newsspider")
    _add(root, "generator", "newsspider")
    for one in found:
        entry = _add(root, "entry")
        _add(entry, "id", one.id)
        _add(entry, "title", _title(one))
        _add(entry, "updated", one.at)
        _add(entry, "link", rel="alternate", href=_iri(one.url))
        _add(entry, "category", term=one.what)
        _add(entry, "summary", one.summary)
    xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(root, encoding="unicode")


def json_feed(title: str, url: str | None, found: Sequence[Notice]) -> str:
    about: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": title}
    if url:
        about["feed_url"] = url
    items = [
        {
            "id": one.id,
            "url": one.url,
            "title": _title(one),
            "content_text": _plain(one.summary),
            "date_modified": one.at,
            "tags": [one.what, one.site],
        }
        for one in found
    ]
    return json.dumps({**about, "items": items}, ensure_ascii=False, indent=2)


def _title(one: Notice) -> str:
    return _plain(f"[{WORDS[one.what]} {one.what}] {one.title}")


def _plain(text: str) -> str:
    """Without the control characters that XML has no way to say."""
    return "".join(one for one in text if one >= " " or one in "\t\n")


def _iri(text: str) -> str:
    return "".join(one if one > " " else "%20" for one in text)


def _add(parent: xml.Element, tag: str, text: str | None = None, **attributes: str) -> xml.Element:
    made = xml.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    if text is not None:
        made.text = _plain(text)
    return made
