"""The list service of Sudy WebPlus: a page of a column as JSON, with the count of every row.

``POST /_wp3services/generalQuery?queryObj=articles``, form ``siteId, columnId, pageIndex, rows, orders, returnInfos, conditions`` →
``{"total": 312, "data": [{"title": …, "url": "/2026/0301/c26263a726859/page.htm", "visitCount": 2130, …}, …]}``. It needs no cookie,
gives ``visitCount`` without being asked for it, and raises nothing; many sites keep it closed (404, a login page).

Evidence: requests of live crawlers (RSSHub's routes of several universities).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from newsspider.cms.counters import BATCH, BadReply, count
from newsspider.items import Counter

_PLACE = re.compile(r"/c(\d+)a(\d+)/page\w*\.\w+")
_ORDERS = [{"field": "top", "type": "desc"}, {"field": "publishTime", "type": "desc"}]
_CONDITIONS = [{"field": "scope", "value": 1, "judge": "="}]
_RETURNED = [{"field": "title", "name": "title"}]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A POST that reads page ``number`` of a column; ``body`` is its form."""

    url: str
    body: str
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """Counts by the article's id; ``more``: the column has further pages."""

    counts: dict[str, int]
    more: bool


def column(url: str) -> str | None:
    """The column in an article's address.

    >>> column("http://cs.example.edu.cn/2026/0301/c26263a726859/page.htm")
    '26263'
    """
    m = _PLACE.search(url)
    return m[1] if m else None


def question(counter: Counter, column: str, number: int = 1) -> Question:
    """Up to `BATCH` rows of a column of the site that ``counter`` belongs to."""
    form = {
        "siteId": counter.owner,
        "columnId": column,
        "pageIndex": str(number),
        "rows": str(BATCH),
        "orders": json.dumps(_ORDERS),
        "returnInfos": json.dumps(_RETURNED),
        "conditions": json.dumps(_CONDITIONS),
    }
    url = counter.url.partition("/_visitcountdisplay")[0] + "/_wp3services/generalQuery?queryObj=articles"
    return Question(url=url, body=urlencode(form), number=number)


def answer(question: Question, text: str) -> Rows:
    """Raises BadReply for anything but a list of rows. A row without a count or an article's address is left out."""
    try:
        reply = json.loads(text)
        rows, total = reply["data"], int(reply.get("total") or 0)
        found = {}
        for row in rows:
            place, views = _PLACE.search(row.get("url") or ""), row.get("visitCount")
            if place and views is not None and (number := count(str(views))) is not None:
                found[place[2]] = number
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise BadReply(f"no list of articles: {text[:60]!r}") from error
    return Rows(counts=found, more=bool(rows) and total > question.number * BATCH)
