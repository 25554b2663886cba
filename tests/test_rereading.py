"""Held pages read again, offline."""

from __future__ import annotations

import pytest
from held_pages import AT, HOST, TITLE, hold, look, missed, page

from newsspider import Archive, rereading
from newsspider.archive.writing import Writer
from newsspider.items import Article, PageError

NONE = b"<title>404 Not Found</title><h1>404 Not Found</h1>"


@pytest.fixture
def held(tmp_path):
    """Stores looks, and opens the archive."""

    def opened(*items, write=False, **arguments):
        return Archive(hold(tmp_path / "archive.db", items, **arguments), write=write)

    return opened


def test_a_page_is_read_by_the_parser_of_today(held, tmp_path):
    with held(look(1, page(), body="旧的正文", views=11)) as archive:
        [one] = rereading.pages(archive, tmp_path / "sites")
    assert (one.held["title"], one.held["text"], one.held["views"]) == (TITLE, "旧的正文", 11)
    assert (one.found.title, one.found.published, one.found.views) == (TITLE, "2026-03-01", 12)
    assert one.found.body.startswith("会议强调")


def test_a_page_that_could_not_be_read_is_among_them(held, tmp_path):
    with held(missed(1, page())) as archive:
        [one] = rereading.pages(archive, tmp_path)
    assert (one.held["snapshot_id"], one.held["site"], one.found.title) == (None, HOST, TITLE)


def test_a_page_that_is_none_says_why(held, tmp_path):
    with held(missed(1, NONE), look(2, page())) as archive:
        second, first = rereading.pages(archive, tmp_path)
    assert isinstance(first.found, PageError)
    assert isinstance(second.found, Article)


def test_bytes_that_are_damaged_do_not_end_the_run(held, tmp_path):
    with held(look(1, page()), look(2, page("第二条消息")), write=True) as archive:
        digest = "(SELECT payload_digest FROM capture WHERE id = 1)"
        archive.conn.execute(f"UPDATE payload SET body = x'00' WHERE digest = {digest}")
        first, second = rereading.pages(archive, tmp_path)
    assert "newsspider verify" in str(first.found)
    assert second.found.title == "第二条消息"


def test_a_page_that_shows_a_defect_does_not_end_the_run(held, tmp_path, monkeypatch):
    def crash(payload, *_, **__):
        raise ZeroDivisionError("by zero")

    with held(look(1, page())) as archive:
        monkeypatch.setattr("newsspider.cms.read_article", crash)
        [one] = rereading.pages(archive, tmp_path)
    assert str(one.found) == "unreadable: crash: ZeroDivisionError: by zero"


def test_it_goes_on_after_a_capture(held, tmp_path, monkeypatch):
    monkeypatch.setattr("newsspider.archive.reading.PAGES", 3)
    with held(*(look(number, page(f"第{number}条新闻消息")) for number in range(1, 9))) as archive:
        every = [one.held["capture_id"] for one in rereading.pages(archive, tmp_path)]
        assert every == sorted(every)
        assert len(every) == 8
        assert [one.held["capture_id"] for one in rereading.pages(archive, tmp_path, after=(every[4],) * 2)] == every[
            5:
        ]


def test_only_the_sites_and_pages_that_are_wanted_are_read(held, tmp_path):
    items = [look(1, page(), site="a"), look(2, page(), site="b"), missed(3, page(), site="b")]
    with held(*items, sites=("a", "b")) as archive:
        assert [one.held["url"][-5:] for one in rereading.pages(archive, tmp_path, ["b"])] == ["2.htm", "3.htm"]
        unread = rereading.pages(archive, tmp_path, wanted=lambda row: row["snapshot_id"] is None)
        assert [one.held["url"][-5:] for one in unread] == ["3.htm"]


def test_each_page_has_the_rules_of_its_day(held, tmp_path):
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
    with held(old, new) as archive:
        first, second = rereading.pages(archive, own, [HOST])
    assert (first.found.title, first.found.rules["title"]) == ("旧版式的标题", "site.selectors.title")
    assert (second.found.title, second.site.name) == ("新版式的标题", "yunlu")


def test_an_archive_may_be_written_while_it_is_read_again(held, tmp_path, monkeypatch):
    monkeypatch.setattr("newsspider.archive.reading.PAGES", 2)
    with held(*(look(number, page(f"第{number}条新闻消息")) for number in range(1, 6)), write=True) as archive:
        Writer(archive, "1").start("reparse", [], AT, {})
        seen = 0
        for one in rereading.pages(archive, tmp_path):
            with archive.transaction() as conn:
                conn.execute("UPDATE snapshot SET title = ? WHERE id = ?", ("again", one.held["snapshot_id"]))
            seen += 1
    assert seen == 5
