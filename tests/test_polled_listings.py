"""A poll of counts that listings print: one request for every row. All synthetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from newsspider.archive import Archive, identity
from newsspider.items import CountsItem, Site
from newsspider.spiders.views import LISTING_PAGES, ViewsSpider, spider_of

LISTING = "http://board.test/list.htm"


def rows(numbers: Iterator[int] | range, count: Callable[[int], str], following: str = "") -> str:
    body = "".join(
        f'<tr><td><a href="/view/{n}.htm">学院关于举办第{n}届学术年会的通知</a></td><td>2026-03-{n:02}</td><td>{count(n)}</td></tr>'
        for n in numbers
    )
    onward = f'<div class="pages"><a href="{following}">下一页</a></div>' if following else ""
    return (
        f"<html><body><table><tr><th>标题</th><th>发布时间</th><th>点击数</th></tr>{body}</table>{onward}</body></html>"
    )


@pytest.fixture
def spider(tmp_path: Path) -> Iterator[ViewsSpider]:
    """A poll of the counts of articles 1 to 8, all met in one listing."""
    with Archive(tmp_path / "archive.db", write=True) as archive:
        archive.conn.execute("INSERT INTO site (name, timezone) VALUES ('board', 'Asia/Shanghai')")
        for n in range(1, 9):
            url = f"http://board.test/view/{n}.htm"
            archive.conn.execute(
                "INSERT INTO article (id, site, url, views, first_seen_at) VALUES (?, 'board', ?, 0, '')", (n, url)
            )
            identity.meet(archive.conn, n, url, LISTING, "")
            archive.conn.execute("INSERT INTO counting VALUES (?, 0, 0, 1.0, 0, 1, NULL, NULL)", (n,))
    spider = spider_of(Site(name="board"), [list(range(1, 9))])()
    spider.now = lambda: datetime(2026, 3, 10, tzinfo=UTC)  # type: ignore[method-assign]
    spider.archive = Archive(tmp_path / "archive.db")
    yield spider
    spider.archive.close()


def asked(spider: ViewsSpider) -> Request:
    from newsspider.archive import polling

    [request] = spider._requests(polling.counts(spider.archive.conn, range(1, 9)))
    return request


def answer(request: Request, body: str, status: int = 200) -> tuple[list[CountsItem], list[Request]]:
    response = HtmlResponse(request.url, body=body.encode(), status=status, request=request)
    assert request.callback is not None
    found: list[Any] = list(request.callback(response, **request.cb_kwargs))
    return [one for one in found if isinstance(one, CountsItem)], [one for one in found if isinstance(one, Request)]


def test_one_request_for_every_row(spider: ViewsSpider) -> None:
    request = asked(spider)
    assert request.url == LISTING
    [item], onward = answer(request, rows(range(8, 0, -1), lambda n: str(100 * n)))
    assert {row.url: row.views for row in item.observations} == {
        f"http://board.test/view/{n}.htm": 100 * n for n in range(1, 9)
    }
    assert {row.method for row in item.observations} == {"listing"}
    assert onward == []


def test_a_rounded_row_is_a_rounded_reading(spider: ViewsSpider) -> None:
    [item], _ = answer(
        asked(spider), rows(range(8, 0, -1), lambda n: "1.2万" if n == 8 else "9999+" if n == 7 else "5")
    )
    assert [(row.views, row.step) for row in item.observations[:3]] == [(12_000, 1000), (9999, 0), (5, None)]


def test_what_stands_further_down_is_looked_for_on_the_next_page(spider: ViewsSpider) -> None:
    [item], [onward] = answer(asked(spider), rows(range(8, 4, -1), str, "list2.htm"))
    assert len(item.observations) == 4
    assert onward.url == "http://board.test/list2.htm"
    [item], after = answer(onward, rows(range(4, 0, -1), str, "list3.htm"))
    assert (len(item.observations), after) == (4, [])
    assert spider.unplanned == {"board.test": 1}


def test_it_is_not_looked_for_without_end(spider: ViewsSpider) -> None:
    request = asked(spider)
    for number in range(1, LISTING_PAGES):
        _, [request] = answer(request, rows(range(20, 10, -1), str, f"list{number + 1}.htm"))
    items, onward = answer(request, rows(range(20, 10, -1), str, "list9.htm"))
    assert onward == []
    assert len(items[-1].missed) == 8


@pytest.mark.parametrize(
    ("body", "status"), [("busy", 503), ("", 200), ("<html><title>统一身份认证</title></html>", 200)]
)
def test_a_listing_that_cannot_be_read_gives_no_count(spider: ViewsSpider, body: str, status: int) -> None:
    [item], onward = answer(asked(spider), body, status)
    assert (item.observations, onward, len(item.missed)) == ((), [], 8)
    assert item.capture is not None
    assert item.capture.error
    assert LISTING in spider.unread
