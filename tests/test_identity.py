"""Which pages are one article, and which only look alike."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from looks import fresh

from newsspider import read_article
from newsspider.archive import Archive, fixity, frontier, identity, merging, versions
from newsspider.archive.writing import Writer
from newsspider.items import Article, ArticleItem, Capture, CountsItem, Site, ViewObservation

SITE = Site(name="example", timezone="UTC")
HOST = "https://news.a.edu.cn"
COLUMN = f"{HOST}/xwdt.htm"
ONE = Article(url=f"{HOST}/news/1.html", title="学校举行开学典礼", published="2026-09-01", body="新生共3120人。")
TWO = replace(ONE, title="学校举行毕业典礼", published="2026-07-01", body="毕业生共2980人。")


@pytest.fixture
def archive(tmp_path):
    with fresh(tmp_path / "archive.db") as held:
        yield held


@pytest.fixture
def look(archive):
    writer = Writer(archive, "test")
    writer.start("crawl", [SITE], "2026-11-28T00:00:00Z", {})
    day = 0

    def write(article: Article, asked: str | None = None, listing: str | None = None) -> int:
        nonlocal day
        day += 1
        url = asked or article.url
        capture = Capture(url=url, captured_at=f"2026-12-{day:02}T00:00:00Z", status=200, payload=article.body.encode())
        writer.write([ArticleItem(site="example", capture=capture, article=article, listing=listing)])
        return identity.find(archive.conn, url) or 0

    write.writer = writer
    return write


def articles(archive: Archive) -> int:
    return archive.conn.execute("SELECT count(*) FROM article").fetchone()[0]


def test_a_cms_id_counts_within_one_organisation(archive, look):
    named = replace(ONE, native_id="vsb:1:2")
    first = look(named)
    other = look(replace(TWO, native_id="vsb:1:2", url="https://news.b.edu.cn/news/1.html"))
    again = look(replace(named, url="https://www.a.edu.cn/xzzq/1.html"))
    assert first == again != other
    count = ViewObservation(
        site="example",
        observed_at="2026-12-20T00:00:00Z",
        views=9,
        method="counter",
        url="https://news.b.edu.cn/news/1.html",
        native_id="vsb:1:2",
    )
    look.writer.write([CountsItem(site="example", observations=(count,))])
    assert [tuple(row) for row in archive.rows("SELECT id, views FROM article ORDER BY id")] == [
        (first, None),
        (other, 9),
    ]


def test_https_and_sessions_are_the_same_article(archive, look):
    assert look(ONE) == look(replace(ONE, url=ONE.url.replace("https", "http") + ";jsessionid=0A"))
    assert articles(archive) == 1


def test_a_declared_address_joins_pages_that_say_the_same(archive, look):
    for number in (1, 2):
        look(replace(ONE, url=f"{HOST}/show?id={number}", canonical=ONE.url))
    look(ONE)
    assert articles(archive) == 1


def test_one_address_declared_by_all_pages_joins_none(archive, look):
    look(replace(ONE, url=f"{HOST}/show?id=1", canonical=f"{HOST}/news/9.html"))
    look(replace(TWO, url=f"{HOST}/show?id=2", canonical=f"{HOST}/news/9.html"))
    look(replace(TWO, url=f"{HOST}/news/9.html", title="另一条新闻", body="另一篇正文。"))
    assert articles(archive) == 3


def test_a_redirect_adds_an_address_where_the_article_is_the_same(archive, look):
    look(ONE)
    moved = replace(ONE, url="https://www.a.edu.cn/2026/1.html")
    look(moved, asked=ONE.url)
    assert articles(archive) == 1
    assert identity.find(archive.conn, moved.url) == identity.find(archive.conn, ONE.url)


def test_a_redirect_to_a_notice_makes_no_version(archive, look):
    look(ONE)
    look(replace(TWO, url=f"{HOST}/notice/7.html"), asked=ONE.url)
    assert articles(archive) == 2
    assert len(archive.rows("SELECT 1 FROM snapshot WHERE title = ?", (ONE.title,))) == 1


def test_an_article_that_leads_to_another_is_not_due_at_every_crawl(archive, look):
    """Nor after its versions are settled anew, nor in an archive that it is merged into."""
    look(ONE, listing=COLUMN)
    look(replace(TWO, url=f"{HOST}/notice/7.html"), asked=ONE.url, listing=COLUMN)
    with Archive(archive.path.with_name("all.db"), write=True) as everything:
        merging.merge(everything, archive.path)
        for held in (archive, everything):
            versions.settle(held.conn, 1)
            asked = frontier.known(held.conn, [ONE.url], COLUMN, datetime(2026, 12, 3, tzinfo=UTC))[ONE.url]
            assert asked.looked_at == "2026-12-02T00:00:00Z"


def test_a_host_that_moves_to_another_port_is_the_same(archive, look):
    look(replace(ONE, url="http://news.a.edu.cn:8080/news/1.html"))
    identity.move(
        archive.conn,
        "http://news.a.edu.cn:8080/list.html",
        "https://news.a.edu.cn:8443/list.html",
        "2026-12-02T00:00:00Z",
    )
    look(replace(ONE, url="https://news.a.edu.cn:8443/news/1.html"))
    assert articles(archive) == 1


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/news/1.html", "https://a.edu.cn/news/1.html"),
        ("/", None),
        ("/news/", None),
        ("https://b.edu.cn/news/1.html", None),
    ],
)
def test_a_declared_address_is_an_articles_of_the_same_organisation(href, expected):
    page = f'<html><head><link rel="canonical" href="{href}"></head><body><h1>学校举行开学典礼</h1><p>2026-09-01</p>'
    page += f'<div class="article-content">{"<p>新生共3120人参加了典礼，气氛热烈。</p>" * 5}</div></body></html>'
    assert read_article(page.encode(), "https://a.edu.cn/show?id=12").canonical == expected


def test_a_waiting_page_is_known_under_another_session(archive, look):
    capture = Capture(
        url=f"{HOST}/9.do;jsessionid=0A", captured_at="2026-12-01T00:00:00Z", status=503, error="HTTP 503"
    )
    look.writer.write([ArticleItem(site="example", capture=capture)])
    other = f"{HOST}/9.do;jsessionid=0B"
    look.writer.write([ArticleItem(site="example", capture=replace(capture, url=other))])
    assert len(archive.rows("SELECT 1 FROM frontier")) == 1
    assert list(frontier.known(archive.conn, [other], "", datetime(2026, 12, 2, tzinfo=UTC))) == [other]


@pytest.mark.parametrize("table", ["address", "frontier"])
def test_verify_compares_keys(archive, look, table):
    look(ONE)
    capture = Capture(url=f"{HOST}/9.html", captured_at="2026-12-01T00:00:00Z", status=503, error="HTTP 503")
    look.writer.write([ArticleItem(site="example", capture=capture)])
    assert list(fixity.verify(archive)) == []
    archive.conn.execute(f"UPDATE {table} SET key = 'a.edu.cn/other'")
    assert "does not have the key that follows from it" in [damage.found for damage in fixity.verify(archive)]
