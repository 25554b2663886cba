"""Sudy WebPlus (南京苏迪): many Chinese university sites.

Articles are ``/YYYY/MMDD/c<column>a<article>/page.htm`` or, older, ``/<2 hex>/<2 hex>/c<column>a<article>/page.htm`` (the low 16
bits of the article's id), with a mobile twin ``pagem.htm`` and dynamic forms ``….psp``. The column differs where an article is
shown twice; site id and article id are its identity. ``a0`` is a column without an article. The day in the address is that
of creation; the printed one may be edited later, and counts.

The count: ``<span class="WP_VisitCount" url="/_visitcountdisplay?siteId=S&type=3&articleId=K">``, filled by a script that
posts to that address. Only ``type=3`` is the article's; 1 is the site's and 2 the column's total (of 768 such spans on one
university's pages, 18 were type 3). The number in the static page is of the moment of publishing: mostly a constant
(``10``, ``1000``), which is no count.
``/_visitcount?…``, the address of a hidden image, raises the count and must never be fetched.

Templates: ``.arti_title`` and ``.arti_metas``, the same with hyphens, ``.Article_Title`` and ``.Article_PublishDate`` in the 2010s,
and custom ones; the body is ``.wp_articlecontent`` nearly everywhere.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from lxml.html import HtmlElement

from newsspider.cms.base import Family, Page
from newsspider.extract import urls
from newsspider.items import Article, Counter, PageError

_ARTICLE = re.compile(r"/c\d+a(\d+)/page\w*\.\w+")
_FOLDERS = r"(?:/[\w~-][\w.~-]*)*"  # a plain path, which leads to no other host
_SHOWN = re.compile(rf"{_FOLDERS}/_visitcountdisplay\?([^\"'\s>]*)")
_COUNTED = re.compile(r"/_visitcount(?:display)?\?([^\"'\s>]*)")
_CONTEXT = re.compile(rf"sudy-wp-context\s*=\s*[\"']({_FOLDERS})/?[\"']")
_SITE = re.compile(r"sudy-wp-siteId\s*=\s*[\"'](\d+)[\"']", re.I)


class WebPlus(Family):
    name = "webplus"
    marks = (
        "/_css/_system/system.css",
        "sudy-wp-",
        "webplus-",
        "wp_articlecontent",
        "/_upload/tpl/",
        "WP_VisitCount",
        "jquery.sudy.wp.visitcount",
        "/_visitcount?",
    )
    body = (".wp_articlecontent", ".Article_Content", ".read .wp_pdf_player")
    title = (".arti_title, .arti-title", ".Article_Title")
    published = (".arti_update, .arti-update, .arti_publishtime", ".Article_PublishDate")
    stale_views = (10, 1000)

    def native_id(self, page: Page) -> str | None:
        site, key, _ = _identity(page)
        return f"webplus:{urls.host(page.url)}:{site}:{key}" if site and key else None

    def counter(self, page: Page) -> Counter | None:
        site, key, prefix = _identity(page)
        if not site or not key:
            return None
        url = page.own(f"{prefix}/_visitcountdisplay?siteId={site}&type=3&articleId={key}")
        return Counter(family="webplus", owner=site, key=key, url=url)

    def row_counter(self, page: Page, row: HtmlElement) -> Counter | None:
        for span in row.iter("span"):
            asked = _SHOWN.fullmatch((span.get("url") or "").strip())
            values = dict(parse_qsl(asked[1])) if asked else {}
            if asked and values.get("type") == "3" and values.get("articleId"):
                url = page.own(asked[0])
                return Counter(family="webplus", owner=values.get("siteId", ""), key=values["articleId"], url=url)
        return None

    def article(self, page: Page) -> Article:
        if (m := _ARTICLE.search(page.url)) and int(m[1]) == 0:
            raise PageError("empty", "article 0: the place of a column without an article")
        return super().article(page)


def _identity(page: Page) -> tuple[str | None, str | None, str]:
    """Site id, article id, and the prefix of the site's addresses."""
    site = m[1] if (m := _SITE.search(page.text)) else None
    m = _ARTICLE.search(page.url)
    key = m[1] if m else None
    prefix = m[1] if (m := _CONTEXT.search(page.text)) else ""
    for query in _COUNTED.findall(page.text):
        values = dict(re.findall(r"(\w+)=(\d+)", query.replace("&amp;", "&")))
        site = site or values.get("siteId")
        if values.get("type") == "3" and values.get("articleId") and key in (None, values["articleId"]):
            return values.get("siteId") or site, values["articleId"], prefix
    return site, key, prefix
