"""Counters: the requests that read view counts, what their replies mean, and the beacons that must never be requested.

Evidence: the CMSs' own JavaScript and live crawlers.

``vsb``: ``GET …/click/dynclicks.jsp?clickid=2606&owner=1391370217&clicktype=wbnews`` → ``1135``;
``dynclicksbatch.jsp?clickids=1232,1231&…`` → ``12,345``, by position.
``vsb-clicktimes`` (older): ``GET …/click/clicktimes.jsp?wbnewsid=ID&owner=O&type=wbnews&randomid=n`` → ``{"wbshowtimes":1135,…}``;
``batchclicktimes.jsp?wbnewsid=a,b&…`` → an array of these.
``webplus``: ``POST /_visitcountdisplay?siteId=S&type=3&articleId=A`` → ``1234`` or ``<p>1234</p>``;
``?articleIds=1,2&siteId=S&type=3&funType=0`` → ``[{"articleId":1,"count":10},…]``.

Reading these raises nothing. ``addclicktimes.jsp``, ``datainput.jsp`` and ``/_visitcount`` raise the count: they are `BEACONS`.
An empty reply, ``-1``, HTML and 非法请求 mean unknown, never 0. A batch counts only at the right length, each value an integer.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from newsspider.items import Counter
from newsspider.reading import counts

BATCH = 50
_LONGEST_COUNT = 12  # characters

BEACONS = re.compile(
    r"addclicktimes\.jsp|datainput\.jsp|/_visitcount(?![a-z])|/module/visitcount/|/addhits(?:/|$)|/modules/statistics/statistics\.php"
    r"|[?&]action=(?:tptn_tracker|(?:wp_)?postviews)\b|/post-views-counter/view-post/"
    r"|/public/viewclick\b|[?&]addclick=1\b|/plus/count\.php|/api\.php\?(?:[^#]*&)?op=count\b|/count\.aspx?(?![\w.])"
    r"|/content_view\.jspx",
)
"""URLs whose fetch raises a count, as `plain` spells them: VSB, WebPlus, Hanweb, Fudan's addHits, Drupal Statistics, WordPress
counters; EmpireCMS, DedeCMS, PHPCMS, ASP pages of one's own, JEECMS."""

_UNICODE = re.compile(r"%u([0-9a-f]{4})", re.I)  # as old servers of Microsoft decode it
_PARAMETERS = re.compile(r";[^/?]*")
_SLASHES = re.compile(r"/{2,}")


def is_beacon(url: str) -> bool:
    """Whether a fetch of an address would raise a count, however it is spelt.

    >>> is_beacon("http://x.edu.cn/a/./..//%255Fvisit%63ount;x=1?siteId=1"), is_beacon("http://x.edu.cn/_visitcountdisplay?siteId=1")
    (True, False)
    """
    return BEACONS.search(plain(url)) is not None


def plain(url: str) -> str:
    """The path and query of an address as a server may understand them: decoded, without detours, in lower case."""
    text = url.partition("://")[2]
    while (decoded := unquote(_UNICODE.sub(lambda m: chr(int(m[1], 16)), text))) != text:
        text = decoded
    path, mark, query = text.replace("\\", "/").lower().partition("?")
    path = _SLASHES.sub("/", _PARAMETERS.sub("", "/" + path.partition("/")[2]))
    return posixpath.normpath(path) + ("/" if path.endswith("/") and path != "/" else "") + mark + query


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """The request that reads the counts of ``counters``, in this order."""

    url: str
    counters: tuple[Counter, ...]
    method: str = "GET"


# What the address of a counter of each family ends with, and what must be in its query.
_ASKED: dict[str, tuple[str, set[str]]] = {
    "vsb": ("/dynclicks.jsp", {"clickid", "owner"}),
    "vsb-clicktimes": ("/clicktimes.jsp", {"wbnewsid", "owner"}),
    "webplus": ("/_visitcountdisplay", {"siteId", "articleId"}),
}
Group = tuple[str, str, str]


def group(counter: Counter) -> Group:
    """What counters must share to be read in one request: family, endpoint, owner."""
    return counter.family, counter.url.partition("?")[0], counter.owner


def single(counter: Counter) -> Question:
    return Question(url=counter.url, counters=(counter,), method="POST" if counter.family == "webplus" else "GET")


def odd(counter: Counter) -> str | None:
    """Why a counter cannot be asked: its address is not one of its family's. None: it can."""
    if counter.family not in _ASKED:
        return f"no counter protocol is named {counter.family!r}"
    page, names = _ASKED[counter.family]
    try:
        parts = urlsplit(counter.url)
    except ValueError as error:
        return f"no address: {error}"
    if parts.scheme not in ("http", "https") or not parts.path.endswith(page):
        return f"an odd address: no {page} stands at its end"
    lacking = names - dict(parse_qsl(parts.query)).keys()
    return f"an odd address: it has no {', '.join(sorted(lacking))}" if lacking else None


def batch(counters: Sequence[Counter]) -> Question:
    """One request for up to `BATCH` counters of one `group`."""
    if len(counters) == 1:
        return single(counters[0])
    parts = urlsplit(counters[0].url)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    keys = ",".join(counter.key for counter in counters)
    match counters[0].family:
        case "vsb":
            path = parts.path.replace("dynclicks.jsp", "dynclicksbatch.jsp")
            query = {"clickids": keys, "owner": asked["owner"], "clicktype": asked.get("clicktype", "wbnews")}
        case "vsb-clicktimes":
            path = parts.path.replace("clicktimes.jsp", "batchclicktimes.jsp")
            query = {**asked, "wbnewsid": keys}
        case "webplus":
            path = parts.path
            query = {"articleIds": keys, "siteId": asked["siteId"], "type": "3", "funType": "0"}
        case family:
            raise ValueError(f"no counter protocol is named {family!r}")
    url = urlunsplit((parts.scheme, parts.netloc, path, urlencode(query, safe=","), ""))
    return Question(url=url, counters=tuple(counters), method="POST" if counters[0].family == "webplus" else "GET")


class BadReply(ValueError):
    """A counter's reply that cannot be trusted; the message says why."""


def answer(question: Question, text: str) -> list[int | None]:
    """The counts in a reply, in the order of the question's counters; None where the counter itself says unknown.

    Raises BadReply for an error page, a wrong length, anything but integers: then ask singly.
    """
    text = text.strip().lstrip("\ufeff")
    keys = [counter.key for counter in question.counters]
    match question.counters[0].family:
        case "webplus" if len(keys) == 1:
            return [count(re.sub(r"^<(p|span)>([^<]*)</\1>$", r"\2", text))]
        case "webplus":
            return _by_key(text, keys, "articleId", "count")
        case "vsb-clicktimes":
            return _by_key(text, keys, "wbnewsid", "wbshowtimes")
    values = text.split(",")
    if len(values) != len(keys):
        raise BadReply(f"{len(values)} values for {len(keys)} counters: {text[:60]!r}")
    return [count(value) for value in values]


def _by_key(text: str, keys: list[str], key_name: str, count_name: str) -> list[int | None]:
    try:
        reply = json.loads(text)
        rows = reply if isinstance(reply, list) else [reply]
        found = {str(row[key_name]): count(str(row[count_name])) for row in rows}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadReply(f"not the counts of {len(keys)} articles: {text[:60]!r}") from error
    if len(rows) != len(keys) or found.keys() != set(keys):
        raise BadReply(f"{len(rows)} counts for {len(keys)} counters: {text[:60]!r}")
    return [found[key] for key in keys]


def count(text: str) -> int | None:
    """A strict count; None for ``-1``, the counter's own word for unknown. Raises BadReply for anything else.

    >>> count(" 4526 "), count("1,234"), count("-1")
    (4526, 1234, None)
    """
    text = text.strip()
    if text == "-1":
        return None
    found = counts.whole(text) if len(text) <= _LONGEST_COUNT else None
    if found is None:
        raise BadReply(f"not a count: {text[:60]!r}")
    return found
