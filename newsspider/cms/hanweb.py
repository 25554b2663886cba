"""Hanweb (大汉版通 jcms), found on sites of government and of institutes below it.

Articles are ``/art/<year>/<month>/<day>/art_<column>_<article>.html``, columns ``/col/col<column>/index.html``. A column holds its
rows for a script to draw, ``<script type="text/xml"><datastore>…<record><![CDATA[<li>…</li>]]></record>``, and in ``<nextgroup>`` the
address of more of them, ``/module/web/jpage/dataproxy.jsp?page=1&columnid=…``, whose answer to a GET is a ``<datastore>`` alike.
Templates mark the fields of an article by comments, ``<!--<$[信息来源]>begin-->``; the text stands in ``#zoom``.

``/module/visitcount/visit.jsp`` counts a visit and prints the count: a beacon. Evidence: crawlers of such sites.
"""

from __future__ import annotations

import re
from dataclasses import replace

from newsspider.cms import pager
from newsspider.cms.base import Family, Page
from newsspider.extract import urls
from newsspider.items import ListingPage
from newsspider.reading import refusals

_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.S)
_SCRIPT = re.compile(r"<script[^>]*>\s*(<datastore>.*?</datastore>)\s*</script>", re.S | re.I)
_MORE = re.compile(r"<nextgroup>\s*<!\[CDATA\[\s*<a\s[^>]*?href=[\"']([^\"']+)", re.I)
_PAGES = re.compile(r"<totalpage>(\d{1,9})</totalpage>")
_NUMBER = re.compile(r"[?&]page=(\d{1,9})(?!\d)")
_ARTICLE = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_(\d+)_(\d+)\.html")


class Hanweb(Family):
    name = "hanweb"
    marks = ("<datastore>", "<!--<$[", "ZJEG_RSS.")

    def native_id(self, page: Page) -> str | None:
        m = _ARTICLE.search(page.url)
        return f"hanweb:{urls.host(page.url)}:{m[2]}" if m else None

    def listing(self, page: Page) -> ListingPage:
        drawn = _RECORD.sub(r"\1", _SCRIPT.sub(r"\1", page.text))
        if drawn == page.text:
            return super().listing(page)
        unfolded = Page(drawn.encode(), page.url, encoding="utf-8", headers=page.headers, site=page.site)
        refusals.check_tree(unfolded)
        found = super().listing(unfolded)
        more = _more(page)
        if found.next_url or more is None or pager.comparable(more) == pager.comparable(page.url):
            return found
        return replace(found, next_url=more, rules={**found.rules, "next_url": "nextgroup"})


def _more(page: Page) -> str | None:
    """The address of the next rows; an answer names the one after the last, too, and how many there are."""
    found, pages = _MORE.search(page.text), _PAGES.search(page.text)
    url = page.link(found[1].replace("&amp;", "&")) if found else None
    number = _NUMBER.search(url) if url else None
    return None if number and pages and int(number[1]) > int(pages[1]) else url
