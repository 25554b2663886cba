"""Addresses: absolute, comparable, and whose they are."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

_FILE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|wps|et|dps|zip|rar|7z|hwpx?|odt|ods|txt|csv|epub)$", re.I)
_NO_ADDRESS = re.compile(r"^\s*(?:javascript|mailto|tel|data|about|blob|file|#)", re.I)
_SPACE = re.compile(r"[\t\r\n]+")
# An address from the root or whole already, with nothing to be resolved, and the scheme and host of any other.
_PLAIN = re.compile(r"/(?!/)(?:(?!/\.)[\w/.?=&%+,:;@!~-])*(?<!\?)")
_WHOLE = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?(?:/(?:(?!/\.)[\w/.?=&%+,:;@!~-])*(?<!\?))?", re.A)
_ORIGIN = re.compile(r"https?://[\w.-]+(?::\d{1,5})?(?=/)", re.A)


def absolute(href: str | None, base: str) -> str | None:
    """``href`` as an http(s) address without fragment, or None where it is none (``javascript:``, ``mailto:``, broken).

    >>> absolute(" ../info/1001/2.htm#top", "https://news.example.edu.cn/xwdt/3.htm")
    'https://news.example.edu.cn/info/1001/2.htm'
    """
    if not href:
        return None
    if _WHOLE.fullmatch(href):
        return href
    if _PLAIN.fullmatch(href) and (origin := _ORIGIN.match(base)):
        return origin[0] + href
    if _NO_ADDRESS.match(href):
        return None
    try:
        url = urljoin(base, _SPACE.sub("", href).strip().replace("\\", "/"))
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:  # a broken host, such as http://[::1
        return None
    return url.split("#", 1)[0]


def host(url: str) -> str:
    """The host in lower case without ``www.``; empty where there is none.

    >>> host("http://WWW.example.edu.cn:8080/a.htm")
    'example.edu.cn'
    """
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def is_file(url: str) -> bool:
    """A document by its name, not a page."""
    return bool(_FILE.search(_path(url)))


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def leads_home(asked: str, got: str) -> bool:
    """Whether a redirect led from an article to the front page: a common way to say that it is gone."""
    home = ("", "/index.htm", "/index.html", "/index.jsp", "/main.htm")
    return asked != got and urlsplit(got).path.rstrip("/").lower() in home
