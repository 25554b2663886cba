"""Boda VSB (西安博达 Visual SiteBuilder, webber): most Chinese university sites.

Articles are ``/info/<treeid>/<newsid>.htm`` (below a sub-site's prefix, too) or
``<template>.jsp?urltype=news.NewsContentUrl&wbtreeid=T&wbnewsid=N``; the name of the template says nothing. A column of one
article shows it at the column's own address.

The count is not in the page: ``_showDynClicks("wbnews", <owner>, <clickid>)`` writes it, from
``/system/resource/code/news/click/dynclicks.jsp?clickid=&owner=&clicktype=wbnews``; older templates call
``getClickTimes(<id>, <owner>, "wbnews", …)``, read from ``clicktimes.jsp``. Reading either raises nothing.
``addclicktimes.jsp`` (``_addDynClicks``) and ``datainput.jsp`` (``_jsq_``) raise counts and must never be fetched.

An article shown in a second column has an address and a news id of its own there, but its ``_showDynClicks`` carries the
original's id: that one is its identity (in a mirror of 1,478 articles, 83 were such copies, their titles and minutes of
publication equal to the original's in all 81 cases whose original was at hand). ``_jsq_(tree, template, newsid, owner)`` is on
every page and names the owner where no counter does.

The body is all of ``[id^=vsb_content]``, or ``.v_news_content``, or ``#vsb_newscontent``: no single one is on all sites.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from newsspider.cms.base import Family, Page
from newsspider.items import Article, Counter, Entry, ListingPage, PageError

_DYNAMIC = re.compile(r"_showDynClicks\s*\(\s*[\"'](\w+)[\"']\s*,\s*[\"']?(\d+)[\"']?\s*,\s*[\"']?(\d+)")
_ADDED = re.compile(r"_addDynClicks\s*\(\s*[\"']wbnews[\"']\s*,\s*[\"']?(\d+)[\"']?\s*,\s*[\"']?(\d+)")
_BATCH = re.compile(
    r"_showDynClickBatch\s*\(\s*\[[^\]]*\]\s*,\s*\[([^\]]*)\]\s*,\s*[\"'](wbnews\w*)[\"']\s*,\s*[\"']?(\d+)"
)
_TIMES = re.compile(r"getClickTimes\s*\(\s*[\"']?(\d+)[\"']?\s*,\s*[\"']?(\d+)[\"']?\s*,\s*[\"']wbnews[\"']")
_VISIT = re.compile(
    r"_jsq_\s*\(\s*[\"']?-?\d*[\"']?\s*,\s*[\"'][^\"']*[\"']\s*,\s*[\"']?(-?\d+)[\"']?\s*,\s*[\"']?(\d+)"
)
_NEWS_ID = re.compile(r"/info/\d+/(\d+)\.\w+|[?&]wbnewsid=(\d+)")
_CLICK_SCRIPTS = "/system/resource/code/news/click/"
# A sub-site served below a prefix shows it in the address of its own scripts.
_SCRIPTS = "/system/resource/"
_PREFIX = re.compile(r"[\"'](?:https?://[^/\"']+)?((?:/[\w-]+)+)\Z")


class VSB(Family):
    name = "vsb"
    marks = (
        "Announced by Visual SiteBuilder",
        "_sitegray/_sitegray",
        "system/resource/js/",
        "vsb_content",
        "v_news_content",
        "_showDynClicks",
        "_newscontent_fromname",
        ".vsb.css",
        "CustomerNO:7765626265",
    )
    # [id^=vsb_content], #vsb_newscontent, .v_news_content: by way of the attributes, which takes a fifth of the time
    body = (
        "//@id[starts-with(., 'vsb_content') or . = 'vsb_newscontent']/.."
        " | //@class[contains(concat(' ', normalize-space(.), ' '), ' v_news_content ')]/..",
        "td[class^=contentstyle]",
    )
    title = ("td[class^=titlestyle]",)
    published = ("span[class^=timestyle]",)

    def article(self, page: Page) -> Article:
        visit = _calls(page, _VISIT)
        if visit and visit[0][0] == "-1" and not _calls(page, _ADDED) and not page.find(*self.body):
            raise PageError("listing", "the page's script names no article (_jsq_ with -1)")
        return super().article(page)

    def native_id(self, page: Page) -> str | None:
        key, owner = _identity(page)
        return f"vsb:{owner}:{key}" if key and owner else None

    def counter(self, page: Page) -> Counter | None:
        base = _click_scripts(page)
        for kind, owner, key in _calls(page, _DYNAMIC):
            if kind.startswith("wbnews"):
                url = f"{base}dynclicks.jsp?clickid={key}&owner={owner}&clicktype={kind}"
                return Counter(family="vsb", owner=owner, key=key, url=url)
        for owner, key in _calls(page, _ADDED):
            url = f"{base}dynclicks.jsp?clickid={key}&owner={owner}&clicktype=wbnews"
            return Counter(family="vsb", owner=owner, key=key, url=url)
        for key, owner in _calls(page, _TIMES):
            url = f"{base}clicktimes.jsp?wbnewsid={key}&owner={owner}&type=wbnews&randomid=n"
            return Counter(family="vsb-clicktimes", owner=owner, key=key, url=url)
        return None

    def listing(self, page: Page) -> ListingPage:
        found = super().listing(page)
        return replace(found, entries=tuple(_counted(page, found.entries)))


def _calls(page: Page, form: re.Pattern[str]) -> list[tuple[str, ...]]:
    """The arguments of a function's calls on the page. Its name is looked for first: most pages lack most of them."""
    start = page.text.find(form.pattern.partition("\\")[0])
    return form.findall(page.text, start) if start >= 0 else []


def _click_scripts(page: Page) -> str:
    start = page.text.find(_SCRIPTS)
    while start >= 0:
        if prefix := _PREFIX.search(page.text, max(0, start - 200), start):
            return page.own(prefix[1] + _CLICK_SCRIPTS)
        start = page.text.find(_SCRIPTS, start + 1)
    return page.own(_CLICK_SCRIPTS)


def _counted(page: Page, entries: Sequence[Entry]) -> Iterator[Entry]:
    """The rows with their counters. The batch of a listing names its articles in the order of the rows, those that lie
    elsewhere included (in 16 listings, 128 of 128 addresses had the id at their place), also where no count is shown."""
    own = [(m[1] or m[2]) if (m := _NEWS_ID.search(entry.url)) else None for entry in entries]
    base = _click_scripts(page)
    batches = [(re.findall(r"\d+", ids), kind, owner) for ids, kind, owner in _calls(page, _BATCH)]
    ids, kind, owner = max(batches, key=lambda batch: len({*batch[0]} & {*own}), default=([], "", ""))
    by_place = len(ids) == len(own) and all(mine in (None, given) for mine, given in zip(own, ids, strict=True))
    for entry, mine, given in zip(entries, own, ids if by_place else own, strict=True):
        key = given if by_place else mine if mine in ids else None
        url = f"{base}dynclicks.jsp?clickid={key}&owner={owner}&clicktype={kind}"
        yield replace(entry, counter=Counter(family="vsb", owner=owner, key=key, url=url)) if key else entry


def _identity(page: Page) -> tuple[str | None, str | None]:
    """The article's id and the site's owner, as far as the page and its address tell."""
    for kind, owner, key in _calls(page, _DYNAMIC):
        if kind.startswith("wbnews"):
            return key, owner
    for owner, key in _calls(page, _ADDED):
        return key, owner
    for key, owner in _calls(page, _TIMES):
        return key, owner
    shown, site = next(iter(_calls(page, _VISIT)), (None, None))
    news = _NEWS_ID.search(page.url)
    return (news[1] or news[2]) if news else shown if shown and shown.isdigit() else None, site
