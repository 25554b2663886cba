"""Walking a site: which pages lead to which, and what is said where a walk cannot go on. The pages are invented."""

from __future__ import annotations

import gzip

import pytest
from school import School, article, listing, news, title

import newsspider
from newsspider.cms import opened
from newsspider.spiders import columns

HOME = "https://www.example.edu.cn"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0")
INDEX = '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
URLS = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def instead(html: str, url: str) -> dict[str, str] | None:
    try:
        read = newsspider.read_listing(html.encode(), url)
    except newsspider.PageError:
        read = None
    return columns.instead(opened(html.encode(), url), read)


BOX = '<div><h3>{0}</h3><a href="{1}">更多</a><ul><li><a href="/info/1/2.htm">关于教学的{0}</a></li></ul></div>'
BOXES = BOX.format("通知公告", "tz.htm") + BOX.format("学院新闻", "xw.htm")


@pytest.mark.parametrize(
    ("path", "below", "nav", "leads_to"),
    [
        ("/xzzq/", "", '<li><a href="/tzgg.htm">通知公告</a>', None),
        ("/xzzq/index.html", "", "", None),
        ("/jwc/", BOXES, "", ["通知公告", "学院新闻"]),
        ("/", "", "", None),
        ("/", "", '<li><a href="/tzgg.htm">通知公告</a>', ["通知公告"]),
        ("/tzgg.htm", BOXES, "", None),
    ],
)
def test_what_is_followed_instead_of_a_page(path, below, nav, leads_to):
    found = instead(listing(news(range(8)), below, nav), HOME + path)
    assert found is None if leads_to is None else list((found or {}).values()) == leads_to


def test_queries_are_sent_in_the_charset_of_their_page():
    rows = {f"show.asp?class=学院新闻&id={n}": n for n in range(4)}
    pager = (
        '<div class="page"><a href="#">1</a><a href="javascript:" onclick="go(\'list.asp?class=学院新闻&page=2\')">2</a>'
        '<a href="list.asp?class=学院新闻&page=2">下一页</a></div>'
    )
    html = listing(rows, pager)
    for charset, query in (("gbk", "%D1%A7%D4%BA%D0%C2%CE%C5"), ("utf-8", "学院新闻")):
        page = newsspider.read_listing(html.replace("utf-8", charset).encode(charset), f"{HOME}/list.asp?class=x")
        assert page.entries[0].url == f"{HOME}/show.asp?class={query}&id=0"
        assert page.next_url == f"{HOME}/list.asp?class={query}&page=2"


def test_a_gzipped_sitemap_is_read_and_half_of_one_is_not():
    urls = URLS.format("".join(f"<url><loc>{HOME}/news/{n}.html</loc></url>" for n in range(500))).encode()
    packed = gzip.compress(urls)
    assert len(newsspider.read_listing(packed, f"{HOME}/a.xml.gz").entries) == 500
    with pytest.raises(newsspider.PageError, match="breaks off"):
        newsspider.read_listing(packed[: len(packed) // 2], f"{HOME}/a.xml.gz")
    bomb = gzip.compress(urls + b" " * 11_000_000)
    with pytest.raises(newsspider.PageError, match="more than"):
        newsspider.read_listing(bomb, f"{HOME}/a.xml.gz")
    with pytest.raises(newsspider.PageError, match="file"):
        newsspider.read_listing(gzip.compress(b"<html>other</html>"), f"{HOME}/a.tar.gz")


def test_a_crawl_of_an_index_reads_its_sitemaps_and_of_a_front_page_what_its_menu_names(newsspider, ask):
    def answer(target, form):
        if target == "/index.xml":
            return INDEX.format(
                f"<sitemap><loc>{school.url}/a.xml.gz</loc></sitemap><sitemap><loc>http://elsewhere.test/b.xml</loc></sitemap>"
            )
        if target == "/a.xml.gz":
            found = URLS.format("".join(f"<url><loc>{school.url}/news/{n}.html</loc></url>" for n in range(3)))
            return {"Content-Type": "application/x-gzip"}, gzip.compress(found.encode())
        if target == "/":
            return '<html><body><a href="/tzgg.htm">通知公告</a><a href="/xwzx.htm">新闻中心</a></body></html>'
        if target == "/xwzx.htm":  # a text without a day: no column
            return article(9).replace("发布时间：2026-03-10　", "")
        if target == "/tzgg.htm":
            return listing(news(range(5)))
        return article(int(target[6:-5])) if target.startswith("/news/") else None

    with School(answer) as school:
        done = newsspider("crawl", school.url + "/index.xml", *FAST)
        assert (done.returncode, school.asked[:2]) == (0, ["GET /index.xml", "GET /a.xml.gz"]), done.stderr
        assert {*ask("SELECT title FROM article")} == {title(n) for n in range(3)}
        done = newsspider("crawl", school.url + "/", *FAST)
        assert done.returncode == 0, done.stderr
        assert ask("SELECT count(*) FROM article") == [5]
        assert [error[:8] for error in ask("SELECT error FROM capture WHERE outcome = 'failed'")] == ["article:"]
