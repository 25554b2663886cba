"""Which pages lead to listings instead of being one, and to which."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from newsspider.cms import feeds
from newsspider.cms.base import Page
from newsspider.items import ListingPage
from newsspider.reading import links, rows
from newsspider.reading.links import Link
from newsspider.reading.texts import Texts

_FRONT = re.compile(r"/(?:(?:index|main|home|default)\.\w+)?", re.I)
_NEWS = re.compile(
    r"新闻|新聞|要闻|快讯|动态|通知|公告|公示|资讯|头条|媒体(?:报道|聚焦|关注|看)|最新消息|消息|뉴스|소식|공지|お知らせ|ニュース"
    r"|\b(?:news\w*|notices?|announcements?|press|stories|bulletin)\b",
    re.I,
)
# What the systems at hand call an article's page.
_ARTICLE = re.compile(
    r"/info/\d+/\d+\.|/c\d+a\d+/|/(?:19|20)\d\d[/-]?[01]\d[/-]?[0-3]\d(?!\d)|[?&](?:wbnewsid|articleNo|wr_id)=\d"
)
_WIDEST = 28  # columns of text; longer links are titles of articles


def is_front(url: str) -> bool:
    """Whether an address is that of a site's first page, or of a folder's.

    >>> is_front("https://www.example.edu.cn/index.htm"), is_front("https://www.example.edu.cn/xwdt.htm")
    (True, False)
    """
    path = urlsplit(url).path
    return not path or _FRONT.fullmatch(path[path.rindex("/") :]) is not None


def instead(page: Page, listing: ListingPage | None) -> dict[str, str] | None:
    """The listings, with their names, to follow from a front page or an index of sitemaps; None: the page is neither.

    ``listing``: what the page reads as. A folder's address may well be that of a column; a front page of a folder shows several columns
    with a link to more of each.
    """
    if feeds.kind(page) == "sitemapindex":
        return feeds.sitemaps(page)
    if not is_front(page.url) or (listing and (listing.next_url or listing.next_form)):
        return None
    found = named(page)
    if listing is None:
        return found
    is_column = len(_named(page, boxes=True)) < 2 if _is_folder(page.url) else not found
    return None if is_column else found


def _is_folder(url: str) -> bool:
    return urlsplit(url).path.count("/") > 1


def named(page: Page) -> dict[str, str]:
    """The addresses that the menu and the "more" links of a page name as news or notices, in page order, with their names."""
    return _named(page)


def _named(page: Page, *, boxes: bool = False) -> dict[str, str]:
    """``boxes``: by "more" links alone."""
    found: dict[str, str] = {}
    for link in links.every(page.texts, links.anchors(page.texts), page.base):
        more = rows.NOT_A_TITLE.fullmatch(link.text)
        if boxes and not more:
            continue
        name = _heading(link, page.texts) if more else link.text
        url = link.url.partition("#")[0]
        if (
            _NEWS.search(name)
            and rows.width(name) <= _WIDEST
            and links.kind(link.url, page.base, page.url) == "article"
            and not is_front(url)
            and not _ARTICLE.search(url)
        ):
            found.setdefault(url, name)
    return found


def _heading(link: Link, texts: Texts) -> str:
    """The heading of the block that a "more" link belongs to: so tagged, so named, or the words before the link."""
    for around in islice(link.element.iterancestors(), 3):
        if around.tag == "body":
            break
        heading = rows.titled(around, texts)
        if heading is not None and (text := texts.joined(heading)):
            return text
        words = [text for text in texts.of(around) if text != link.text]
        if words:
            return words[0]
    return ""
