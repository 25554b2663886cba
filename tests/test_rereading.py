"""Held pages read again, offline."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsspider import Archive, rereading
from newsspider.archive.writing import Writer
from newsspider.items import Article, ArticleItem, Capture, PageError, Site

HOST = "news.example.edu.cn"
AT = "2026-03-01T08:00:00Z"


def page(title: str = "学校召开教学工作会议", date: str = "2026-03-01", mark: str = "h1") -> bytes:
    return f"""<!doctype html><meta charset="utf-8"><title>{title}-云麓大学</title><body>
        <div class="nav"><a href="/">首页</a></div><{mark} class="t">{title}</{mark}><p class="d">发布时间：{date} 浏览次数：12</p>
        <div class="text"><p>{"会议强调，要把本科教学放在首位，并通报了本学期的安排。" * 4}</p></div>""".encode()


def look(
    number: int, payload: bytes, at: str = AT, site: str = HOST, title: str | None = "学校召开教学工作会议"
) -> ArticleItem:
    url = f"https://{HOST}/{number}.htm"
    capture = Capture(url=url, captured_at=at, status=200, payload=payload, error=None if title else "empty: nothing")
    article = Article(url=url, title=title, body="旧的正文", views=12) if title else None
    return ArticleItem(site=site, capture=capture, article=article)


@pytest.fixture
def hold(tmp_path):
    """Stores looks, and opens the archive."""

    def held(*items: ArticleItem, sites: tuple[str, ...] = (HOST,)) -> Archive:
        with Archive(tmp_path / "archive.db", write=True) as archive:
            writer = Writer(archive, "0")
            writer.start("crawl", [Site(name=name) for name in sites], AT, {})
            writer.write(items)
            writer.finish(AT, "finished", 0, 0)
        return Archive(tmp_path / "archive.db")

    return held


def test_a_page_is_read_by_the_parser_of_today(hold, tmp_path):
    with hold(look(1, page())) as archive:
        [one] = rereading.pages(archive, tmp_path / "sites")
    assert (one.held["title"], one.held["text"], one.held["views"]) == ("学校召开教学工作会议", "旧的正文", 12)
    assert (one.found.title, one.found.published, one.found.views) == ("学校召开教学工作会议", "2026-03-01", 12)
    assert one.found.body.startswith("会议强调")


def test_a_page_that_could_not_be_read_is_among_them(hold, tmp_path):
    with hold(look(1, page(), title=None)) as archive:
        [one] = rereading.pages(archive, tmp_path)
    assert (one.held["snapshot_id"], one.held["site"], one.found.title) == (None, HOST, "学校召开教学工作会议")


def test_a_page_that_is_none_says_why(hold, tmp_path):
    with hold(look(1, b"<title>404 Not Found</title><h1>404 Not Found</h1>"), look(2, page())) as archive:
        first, second = rereading.pages(archive, tmp_path)
    assert isinstance(first.found, PageError)
    assert isinstance(second.found, Article)


def test_bytes_that_are_damaged_do_not_end_the_run(hold, tmp_path):
    hold(look(1, page()), look(2, page("第二条消息"))).close()
    with Archive(tmp_path / "archive.db", write=True) as archive:
        archive.conn.execute(
            "UPDATE payload SET body = x'00' WHERE digest = (SELECT payload_digest FROM capture WHERE id = 1)"
        )
        first, second = rereading.pages(archive, tmp_path)
    assert "newsspider verify" in str(first.found)
    assert second.found.title == "第二条消息"


def test_it_goes_on_after_a_capture(hold, tmp_path, monkeypatch):
    monkeypatch.setattr("newsspider.archive.reading.PAGES", 3)
    with hold(*(look(number, page(f"第{number}条新闻消息")) for number in range(1, 9))) as archive:
        every = [one.held["capture_id"] for one in rereading.pages(archive, tmp_path)]
        assert every == sorted(every)
        assert len(every) == 8
        assert [one.held["capture_id"] for one in rereading.pages(archive, tmp_path, after=every[4])] == every[5:]


def test_only_the_sites_and_pages_that_are_wanted_are_read(hold, tmp_path):
    items = [look(1, page(), site="a"), look(2, page(), site="b"), look(3, page(), site="b", title=None)]
    with hold(*items, sites=("a", "b")) as archive:
        assert [one.held["url"][-5:] for one in rereading.pages(archive, tmp_path, ["b"])] == ["2.htm", "3.htm"]
        unread = rereading.pages(archive, tmp_path, wanted=lambda held: held["snapshot_id"] is None)
        assert [one.held["url"][-5:] for one in unread] == ["3.htm"]


def test_each_page_has_the_rules_of_its_day(hold, tmp_path):
    own = tmp_path / "sites"
    own.mkdir()
    (own / "yunlu.toml").write_text(f"""
        listings = ["https://{HOST}/xw.htm"]
        selectors = {{ title = "h2.t" }}
        [[earlier]]
        valid_until = "2025-06-30"
        selectors = {{ title = "div.t" }}""")
    old = look(1, page("旧版式的标题", mark="div"), at="2025-06-30T01:00:00Z")
    new = look(2, page("新版式的标题", mark="h2"))
    with hold(old, new) as archive:
        first, second = rereading.pages(archive, own, [HOST])
    assert (first.found.title, first.found.rules["title"]) == ("旧版式的标题", "site.selectors.title")
    assert (second.found.title, second.site.name) == ("新版式的标题", "yunlu")


def test_an_archive_may_be_written_while_it_is_read_again(hold, tmp_path, monkeypatch):
    monkeypatch.setattr("newsspider.archive.reading.PAGES", 2)
    hold(*(look(number, page(f"第{number}条新闻消息")) for number in range(1, 6))).close()
    with Archive(tmp_path / "archive.db", write=True) as archive:
        writer = Writer(archive, "1")
        writer.start("reparse", [], f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", {})
        seen = 0
        for one in rereading.pages(archive, tmp_path):
            with archive.transaction() as conn:
                conn.execute("UPDATE snapshot SET title = ? WHERE id = ?", ("again", one.held["snapshot_id"]))
            seen += 1
    assert seen == 5
