"""Feeds and sitemaps, read as listings: all invented (synthetic)."""

from __future__ import annotations

import pytest

import newsspider

URL = "https://news.example.edu/feed/"
RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title><link>https://news.example.edu/</link>
<atom:link rel="next" href="/feed/?paged=2"/>
<item><title>Library opens &amp; stays open</title><link>https://news.example.edu/2024/03/library/</link>
<pubDate>Mon, 04 Mar 2024 09:30:00 +0800</pubDate><description><![CDATA[<p>Long text</p>]]></description></item>
<item><title><![CDATA[学校召开<b>教学</b>工作会议]]></title><guid>https://news.example.edu/2024/03/meeting/</guid><dc:date>2024-03-01</dc:date></item>
<item><title>Elsewhere</title><link>https://mp.weixin.qq.com/s/abc</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><link rel="self" href="/atom.xml"/>
<entry><title>One</title><link rel="enclosure" href="/a.mp3"/><link href="/one"/><published>2024-03-04T09:30:00Z</published>
<updated>2025-01-01T00:00:00Z</updated></entry><entry><title>Two</title><link rel="alternate" href="/two"/>
<updated>2025-01-01T00:00:00Z</updated></entry></feed>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example.edu/one</loc><lastmod>2025-01-01</lastmod></url>
<url><loc>https://news.example.edu/two.pdf</loc><news:news><news:publication_date>2024-03-04</news:publication_date>
<news:title>Two</news:title></news:news></url></urlset>"""


def rows(payload: str) -> list[tuple[str, str, str | None, str]]:
    page = newsspider.read_listing(payload.encode(), URL)
    assert page.family == "feed"
    return [(entry.url, entry.title, entry.published, entry.kind) for entry in page.entries]


def test_rss() -> None:
    assert rows(RSS) == [
        (
            "https://news.example.edu/2024/03/library/",
            "Library opens & stays open",
            "2024-03-04T09:30:00+08:00",
            "article",
        ),
        ("https://news.example.edu/2024/03/meeting/", "学校召开 教学 工作会议", "2024-03-01", "article"),
        ("https://mp.weixin.qq.com/s/abc", "Elsewhere", None, "external"),
    ]


def test_the_next_page_of_a_feed() -> None:
    assert newsspider.read_listing(RSS.encode(), URL).next_url == "https://news.example.edu/feed/?paged=2"


def test_atom_takes_no_update_for_a_publication() -> None:
    assert rows(ATOM) == [
        ("https://news.example.edu/one", "One", "2024-03-04T09:30:00+00:00", "article"),
        ("https://news.example.edu/two", "Two", None, "article"),
    ]


def test_sitemap() -> None:
    assert rows(SITEMAP) == [
        ("https://news.example.edu/one", "", None, "article"),
        ("https://news.example.edu/two.pdf", "Two", "2024-03-04", "file"),
    ]


def test_an_index_of_sitemaps_names_one_to_take() -> None:
    index = "<sitemapindex><sitemap><loc>https://news.example.edu/sitemap-1.xml</loc></sitemap></sitemapindex>"
    with pytest.raises(newsspider.PageError, match=r"sitemap-1\.xml"):
        newsspider.read_listing(index.encode(), URL)


@pytest.mark.parametrize(
    "payload", ["<rss><channel></channel></rss>", "<feed", "<rss><item><title>Nowhere</title></item>"]
)
def test_a_feed_without_entries_is_refused(payload: str) -> None:
    with pytest.raises(newsspider.PageError):
        newsspider.read_listing(payload.encode(), URL)


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item><title>x&b;</title><link>/one</link></item></rss>'
    assert rows(bomb)[0][1] in ("x", "x&b;")


@pytest.mark.parametrize("payload", [RSS, ATOM, SITEMAP])
def test_a_feed_is_no_article(payload: str) -> None:
    with pytest.raises(newsspider.PageError, match="listing: a feed"):
        newsspider.read_article(payload.encode(), URL)
