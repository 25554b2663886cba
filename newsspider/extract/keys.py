"""By what an address is known: two addresses with one key lead to one page. The one place that decides this."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from newsspider.extract import organisations

_PORTS = {"http": 80, "https": 443}
# Never of the page: sessions by the names that servers give them, and what campaigns and social sites add.
_NEVER = re.compile(
    r"jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|session_?id|sessid|cfid|cftoken|utm_\w+|spm|fbclid|gclid|dclid|msclkid"
    r"|yclid|igshid|mc_[ce]id|mkt_tok|_ga|_gl|isappinstalled|share_?token|wxshare\w*",
    re.I,
)
# Mostly not of the page, by name and value: left out only where the rest of the address names the page without them.
_MOSTLY = (
    (re.compile(r"from|share|source|src|ref|scene", re.I), re.compile(r"[a-z_-]*", re.I)),
    (re.compile(r"sid|session|sessionkey", re.I), re.compile(r"(?=\w*\d)[0-9a-z]{16,}", re.I)),
    (re.compile(r"_|t|ts|r|v|rnd|rand|random\w*|time|timestamp|nocache", re.I), re.compile(r"0?\.\d+|\d{10}|\d{13}")),
)
_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid|sessionid)=[^/?;]*", re.I)
_COOKIELESS = re.compile(r"/\((?:[A-Z]\([^()/]*\))+\)(?=/)")  # ASP.NET: /(S(lit3py55t21z5v55vlm25s55))/news.aspx
_SCRIPT = re.compile(r"\.(?:jsp|jspx|php\d?|aspx?|do|action|cgi|pl|py)$", re.I)
_NUMBERED = re.compile(r"\d+|.*\d{3}.*")
_SLUG = re.compile(r"[^-]+(?:-[^-]+){2,}")
_UNRESERVED = re.compile(r"%(?:[46][1-9A-Fa-f]|[57][0-9Aa]|3\d|2[DdEe]|5[Ff]|7[Ee])")
_HOME = re.compile(r"/?(?:(?:index|main|home|default)\.\w+)?", re.I)


# An archive holds the keys of its addresses, and `verify` compares them: a change here needs a migration that makes them anew.
@lru_cache(maxsize=4096)
def of(url: str) -> str:
    """``url`` less scheme, ``www.``, the scheme's port, doubled slashes, sessions and what tracks readers; as it is where it is none.

    >>> of("http://www.example.edu.cn:80//info/1001/2.htm;jsessionid=0A?utm_source=x")
    'example.edu.cn/info/1001/2.htm'
    >>> of("https://example.edu.cn/show.jsp?from=list"), of("https://example.edu.cn/2.htm?from=list")
    ('example.edu.cn/show.jsp?from=list', 'example.edu.cn/2.htm')
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url
    if parts.scheme not in _PORTS or not host:
        return url
    if host.count(".") > 1:
        host = host.removeprefix("www.")
    place = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = _COOKIELESS.sub("", _IN_PATH.sub("", parts.path))
    path = _UNRESERVED.sub(lambda m: unquote(m[0]), re.sub(r"//+", "/", path)) or "/"
    query = _query(path, parts.query)
    return f"{place}{path}{'?' + query if query else ''}{'#' + parts.fragment if parts.fragment else ''}"


def _query(path: str, query: str) -> str:
    kept = [one for one in query.split("&") if one and not _NEVER.fullmatch(one.partition("=")[0])]
    rest = [one for one in kept if not _is_mostly_noise(*one.partition("=")[::2])]
    return "&".join(rest if names_a_page(path, rest) else kept)


def _is_mostly_noise(name: str, value: str) -> bool:
    return any(names.fullmatch(name) and values.fullmatch(value) for names, values in _MOSTLY)


def names_a_page(path: str, query: Sequence[str]) -> bool:
    """Whether a path, or what is left of its query, tells one article from another: by a number, or by a slug."""
    if any(re.search(r"\d", one.partition("=")[2]) for one in query):
        return True
    last = path.rstrip("/").rpartition("/")[2]
    stem = last.partition(".")[0]
    return bool(_NUMBERED.fullmatch(stem) or (_SLUG.fullmatch(stem) and not _SCRIPT.search(last)))


def place(key: str) -> str:
    """Host and port of a key."""
    return re.split(r"[/?#]", key, maxsplit=1)[0]


def organisation(url: str) -> str:
    """Within which a CMS counts its articles: the registered domain, else host and port."""
    return organisations.of(place(of(url)))


def is_article(url: str) -> bool:
    """Whether an address may be one article's: not a home page, not one that all pages of a site share."""
    path, _, query = of(url).partition("#")[0].removeprefix(place(of(url))).partition("?")
    return not _HOME.fullmatch(path[path.rfind("/") :]) or bool(query and names_a_page(path, query.split("&")))
