"""Where a page without a text leads by itself: a <meta refresh>, or a script that sets the location."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsspider.extract import urls

if TYPE_CHECKING:
    from newsspider.cms.base import Page

LARGEST = 64 * 1024  # bytes; pages that lead elsewhere are small
_MOST_TEXT = 100  # characters: 正在跳转，请稍候…, and whom to ask where nothing happens
_SECONDS = 5.0  # longer, and the page is meant to be read
_MAY = re.compile(rb"refresh|location|navigate|_self|_top|_parent", re.I)
_UNSEEN = re.compile(rb"<!--.*?-->|<(script|style|noscript|title)\b.*?</\1\s*>|<[^>]*>|\s+", re.I | re.S)
_REFRESH = re.compile(r"\s*(\d*\.?\d*)\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"'\s][^\"']*)", re.I)
_REMARK = re.compile(r"/\*.*?\*/|(?:^|(?<=[\s;{}]))//[^\n]*", re.S)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\"'/]))")
_VALUE = r"(?:\"([^\"\n]*)\"|'([^'\n]*)'|`([^`$\n]*)`|([A-Za-z_$][\w$]*))\s*(?=[;,)}\"'\n<]|$)"
_LOCATION = r"(?<![\w.$-])(?:(?:window|self|top|parent|document|this)\s*\.\s*)*location"
_SETS = tuple(
    re.compile(form + _VALUE)
    for form in (
        rf"{_LOCATION}(?:\s*\.\s*href|\s*\[\s*[\"']href[\"']\s*\])?\s*=\s*",
        rf"{_LOCATION}\s*(?:\.\s*href\s*)?\.\s*(?:replace|assign)\s*\(\s*",
        r"\bwindow\s*\.\s*navigate\s*\(\s*",
        r"\$\(\s*(?:(?:window|document|top|self)\s*\.\s*)?location\s*\)\s*\.\s*(?:attr|prop)\(\s*[\"']href[\"']\s*,\s*",
    )
)
_OPENS = re.compile(r"\bwindow\s*\.\s*open\s*\(\s*[\"']([^\"'\n]+)[\"']\s*,\s*[\"']_(?:self|top|parent)[\"']")
_WAITS = re.compile(r"\bset(?:Timeout|Interval)\s*\(")
_TIMEOUT = re.compile(r"\bsetTimeout\s*\(.*?,\s*(\d+)\s*\)", re.S)
_CHOICE = re.compile(r"\bif\s*\(|\bswitch\s*\(|\bcatch\s*\(")
_SNIFFS = re.compile(r"userAgent|platform|mobile|screen\.width|clientWidth", re.I)
_SMALL = re.compile(r"(?://|[./])(?:m|wap|mobile|mob|3g|h5|phone)(?:[./]|$)", re.I)
TO_LOGIN = re.compile(r"login|cas\b|sso|auth", re.I)


def may_lead(payload: bytes) -> bool:
    """Whether a page is worth a look: small, with words that lead elsewhere and hardly others. Asked of every page."""
    if len(payload) > LARGEST or not _MAY.search(payload):
        return False
    return len(_UNSEEN.sub(b"", payload)) <= 3 * _MOST_TEXT  # bytes of Chinese in UTF-8


def target(page: Page) -> tuple[str, str] | None:
    """(address, by what) that a page leads to at once; None: it has a text, asks for a password, or leads nowhere else.

    What needs a script to be run, computed addresses or a test of the reader, is not followed.
    """
    if sum(len(line.text) for line in page.blocks.lines) > _MOST_TEXT or _asks(page):
        return None
    every = ((_refreshed(page), "meta refresh"), (_scripted(page), "script"))
    for found, how in every:
        url = urls.absolute(found, page.base)
        if url and url != page.url.split("#")[0] and not TO_LOGIN.search(url):
            return url, how
    return None


def _asks(page: Page) -> bool:
    """A reader has something to do on the page, or sees another page in it."""
    return any((field.get("type") or "").lower() == "password" for field in page.root.iter("input")) or any(
        True for _ in page.root.iter("frame", "iframe")
    )


def _refreshed(page: Page) -> str | None:
    for meta in page.root.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        if any(above.tag == "noscript" for above in meta.iterancestors()):
            continue
        found = _REFRESH.fullmatch((meta.get("content") or "").rstrip(" '\""))
        if found and float(found[1].rstrip(".") or 0) <= _SECONDS:
            return found[2].strip()
    return None


def _scripted(page: Page) -> str | None:
    """The one address that scripts of the page set as the location, whoever the reader is."""
    for script in _scripts(page):
        waits = [int(found[1]) for found in _TIMEOUT.finditer(script)]
        if waits and min(waits) > _SECONDS * 1000:
            continue
        found = list(dict.fromkeys(_set_by(script)))
        if _CHOICE.search(script):
            large = [url for url in found if not _SMALL.search(url)]
            told_apart = _SNIFFS.search(script) and len(large) == 1 < len(found)
            if not told_apart and not (_WAITS.search(script) and len(found) == 1):
                continue
            found = large
        if len(found) == 1:
            return found[0]
    return None


def _scripts(page: Page) -> Iterator[str]:
    for element in page.root.iter("script", "body"):
        kind = (element.get("type") or "javascript").lower()
        text = element.get("onload") if element.tag == "body" else None if element.get("src") else element.text
        if text and ("javascript" in kind or "ecmascript" in kind):
            yield _ESCAPE.sub(_unescaped, _REMARK.sub(" ", text))


def _unescaped(escape: re.Match[str]) -> str:
    return escape[3] or chr(int(escape[1] or escape[2], 16))


def _set_by(script: str) -> Iterator[str]:
    for form in _SETS:
        for found in form.finditer(script):
            literal = next((value for value in found.groups()[:3] if value is not None), None)
            value = literal if literal is not None else _named(found[4], script)
            if value:
                yield value
    yield from (found[1] for found in _OPENS.finditer(script))


def _named(name: str, script: str) -> str | None:
    """The text that a variable is given once, and nothing is added to."""
    given = re.findall(rf"(?<![\w.$]){re.escape(name)}\s*\+?=(?!=)\s*([^;\n]*)", script)
    plain = re.fullmatch(r"[\"']([^\"']+)[\"']\s*", given[0]) if len(given) == 1 else None
    return plain[1] if plain else None
