"""Addresses: absolute, comparable, and whose they are."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

FILE_TYPES = "(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|zip|rar|7z|hwpx?|odt|ods|txt|csv|epub)"
_FILE = re.compile(rf"\.{FILE_TYPES}$", re.I)
_MAY_BE_FILE = re.compile(rf"\.{FILE_TYPES}(?![^?#])", re.I)
_ADDRESS = re.compile(r"\s*(?:\w+://|www\.)|\S+@\S+$", re.I)
_NO_ADDRESS = re.compile(r"^\s*(?:javascript|mailto|tel|data|about|blob|file|#)", re.I)
_SPACE = re.compile(r"[\t\r\n]+")
# An address from the root or whole already, with nothing to be resolved, and the scheme and host of any other.
_PLAIN = re.compile(r"/(?![/.])[\w.?=&%+,:;@!~-]*(?:/(?!\.)[\w.?=&%+,:;@!~-]*)*(?<!\?)")
_WHOLE = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?(?:(?:/(?!\.)[\w.?=&%+,:;@!~-]*)+(?<!\?))?", re.A)
_ORIGIN = re.compile(r"https?://[\w.-]+(?::\d{1,5})?(?=/)", re.A)
# One from the folder of the page: ../info/1001/2.htm, and the page's own address, by which folders it lies in.
_NEAR = re.compile(r"((?:\.\./)*)((?:[\w~-][\w.~-]*/)*[\w~-][\w.~-]*(?:\?[\w/.?=&%+,:;@!~-]*)?)(?<!\?)", re.A)
_QUERY = re.compile(r"\?[^\"'#]*")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_BASE = re.compile(r"(https?://[\w.-]+(?::\d{1,5})?)((?:/[\w~-][\w.~-]*)*)/[\w.~-]*(?:[?#].*)?", re.A)


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
    if (near := _NEAR.fullmatch(href)) and (folders := _folders(base)):
        kept = len(folders) - len(near[1]) // 3  # a step above the uppermost folder is none
        return "/".join((*folders[: max(1, kept)], near[2]))
    if _NO_ADDRESS.match(href):
        return None
    try:
        url = urljoin(base, _SPACE.sub("", href).strip().replace("\\", "/"))
        parts = urlsplit(url)
        # What has a user's name or password in it is nothing to be asked for, or kept.
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return None
    except ValueError:  # a broken host, such as http://[::1
        return None
    return url.split("#", 1)[0]


def query_in(address: str, encoding: str) -> str:
    """An address, or a script with one, whose query is sent in a page's charset, as browsers do.

    >>> query_in("list.asp?class=学院&page=2", "gb18030"), query_in("新闻.asp?id=2", "gb18030")
    ('list.asp?class=%D1%A7%D4%BA&page=2', '新闻.asp?id=2')
    """
    return _QUERY.sub(lambda query: _FOREIGN.sub(lambda run: _percent(run[0], encoding), query[0]), address)


def _percent(text: str, encoding: str) -> str:
    try:
        return quote(text.encode(encoding, "xmlcharrefreplace"), safe="")
    except LookupError:
        return text


@lru_cache(maxsize=256)
def _folders(base: str) -> list[str] | None:
    """The origin of a page's address and the folders it lies in, where nothing in them is to be resolved."""
    m = _BASE.fullmatch(base)
    return [m[1], *m[2].split("/")[1:]] if m else None


def host(url: str) -> str:
    """The host in lower case without ``www.``; empty where there is none.

    >>> host("http://WWW.example.edu.cn:8080/a.htm")
    'example.edu.cn'
    """
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def is_address(text: str) -> bool:
    """The text is an address of the web or of mail as people write them."""
    return _ADDRESS.match(text) is not None


def is_file(url: str) -> bool:
    """A document by its name, not a page."""
    return _MAY_BE_FILE.search(url) is not None and _FILE.search(_path(url)) is not None


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def leads_home(asked: str, got: str) -> bool:
    """Whether a redirect led from an article to the front page: a common way to say that it is gone."""
    home = ("", "/index.htm", "/index.html", "/index.jsp", "/main.htm")
    return asked != got and urlsplit(got).path.rstrip("/").lower() in home
