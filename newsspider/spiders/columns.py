"""Which links of a front page lead to listings of news."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from newsspider.cms import links, rows
from newsspider.cms.base import Page
from newsspider.cms.links import Link

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


def named(page: Page) -> dict[str, str]:
    """The addresses that the menu and the "more" links of a page name as news or notices, in page order, with their names."""
    found: dict[str, str] = {}
    for link in links.every(page.root, links.anchors(page.root, page.texts), page.base):
        name = _heading(link) if rows.NOT_A_TITLE.fullmatch(link.text) else link.text
        url = link.url.partition("#")[0]
        if (
            _NEWS.search(name)
            and rows.width(name) <= _WIDEST
            and links.kind(link.url, page.base) == "article"
            and not is_front(url)
            and not _ARTICLE.search(url)
        ):
            found.setdefault(url, name)
    return found


def _heading(link: Link) -> str:
    """The heading of the block that a "more" link belongs to: so tagged, so named, or the words before the link."""
    for around in islice(link.element.iterancestors(), 3):
        if around.tag == "body":
            break
        heading = rows.titled(around)
        if heading is not None and (text := links.text(heading)):
            return text
        words = [text for text in links.nodes(around) if text != link.text]
        if words:
            return words[0]
    return ""
