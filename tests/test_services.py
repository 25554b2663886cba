"""The list service of WebPlus: what is asked of it, what is believed of its replies, and which requests follow. All synthetic."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from scrapy import Request
from scrapy.http import TextResponse

from newsspider.cms import counters, services
from newsspider.items import Counter, CountsItem, Site
from newsspider.spiders.counting import CountingSpider, Wanted

HOST = "http://cs.test"


def counter(key: int, prefix: str = "") -> Counter:
    url = f"{HOST}{prefix}/_visitcountdisplay?siteId=264&type=3&articleId={key}"
    return Counter(family="webplus", owner="264", key=str(key), url=url)


def row(key: int, views: Any, column: int = 12) -> dict[str, Any]:
    return {"url": f"/2026/0301/c{column}a{key}/page.htm", "id": key, "visitCount": views}


def test_the_question_names_site_and_column() -> None:
    asked = services.question(counter(7, "/dept"), "12", 3)
    assert asked.url == "http://cs.test/dept/_wp3services/generalQuery?queryObj=articles"
    form = {name: values[0] for name, values in parse_qs(asked.body).items()}
    assert (form["siteId"], form["columnId"], form["pageIndex"], form["rows"]) == ("264", "12", "3", "50")


@pytest.mark.parametrize(
    ("reply", "found", "more"),
    [
        ({"total": 2, "data": [row(7, 2130), row(8, "15")]}, {"7": 2130, "8": 15}, False),
        ({"total": 60, "data": [row(7, 0)]}, {"7": 0}, True),
        ({"total": 1, "data": []}, {}, False),
        ({"data": [row(7, None), {"url": "http://elsewhere.test/1.htm", "visitCount": 3}, row(8, -1)]}, {}, False),
    ],
)
def test_a_list_gives_counts_by_article(reply: Any, found: dict[str, int], more: bool) -> None:
    rows = services.answer(services.question(counter(7), "12"), json.dumps(reply))
    assert (rows.counts, rows.more) == (found, more)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "<html>登录</html>",
        "[]",
        '{"status": "0"}',
        '{"data": [1]}',
        '{"data": [{"visitCount": "1.2万", "url": "/2026/0301/c1a2/page.htm"}]}',
    ],
)
def test_anything_else_is_no_list(text: str) -> None:
    with pytest.raises(counters.BadReply):
        services.answer(services.question(counter(7), "12"), text)


class Spider(CountingSpider):
    name, site, run_kind = "test", Site(name="cs"), "poll"

    def now(self) -> datetime:
        return datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def spider() -> Spider:
    spider = Spider()
    spider.begin_counting()
    return spider


def wanted(*keys: int, column: int = 12) -> list[Wanted]:
    return [
        Wanted(
            counter=counter(key),
            native_id=f"webplus:cs.test:264:{key}",
            url=f"{HOST}/2026/0301/c{column}a{key}/page.htm",
        )
        for key in keys
    ]


def reply(request: Request, text: str, status: int = 200) -> tuple[list[tuple[str, int]], list[Request]]:
    """What a spider makes of a reply: the counts, and the requests that follow."""
    response = TextResponse(request.url, body=text.encode(), status=status, request=request)
    assert request.callback is not None
    found = list(request.callback(response, **request.cb_kwargs))
    counted = [
        (one.native_id, one.views) for item in found if isinstance(item, CountsItem) for one in item.observations
    ]
    return counted, [request for request in found if isinstance(request, Request)]


def test_a_batch_in_vain_a_page_of_the_list_the_next_page_and_one_single(spider: Spider) -> None:
    [batch] = spider.ask(wanted(1, 2, 3, 4, 5))
    _, [first] = reply(batch, "非法请求")
    counted, [second] = reply(first, json.dumps({"total": 120, "data": [row(1, 11), row(2, 12), row(99, 1)]}))
    assert counted == [("webplus:cs.test:264:1", 11), ("webplus:cs.test:264:2", 12)]
    assert parse_qs(second.body.decode())["pageIndex"] == ["2"]
    counted, [single] = reply(second, json.dumps({"total": 120, "data": [row(3, 13), row(4, 14)]}))
    assert [views for _, views in counted] == [13, 14]
    assert single.url.endswith("articleId=5"), "a list for one count is no better than the count"
    assert reply(single, "15") == ([("webplus:cs.test:264:5", 15)], [])


def test_a_page_that_brings_nothing_is_the_last(spider: Spider) -> None:
    [batch] = spider.ask(wanted(1, 2) + wanted(3, 4, 5, column=13))
    _, [other] = reply(batch, "", 503)
    assert parse_qs(other.body.decode())["columnId"] == ["13"], "most are in this one"
    counted, [first] = reply(other, json.dumps({"total": 500, "data": [row(77, 1, 13)]}))
    assert (counted, parse_qs(first.body.decode())["columnId"]) == ([], ["12"])
    counted, [single] = reply(first, json.dumps({"total": 2, "data": [row(1, 11), row(2, 12)]}))
    assert [views for _, views in counted] == [11, 12]
    assert single.url.endswith("articleId=3")


def test_later_batches_of_the_run_begin_with_the_list(spider: Spider) -> None:
    [batch] = spider.ask(wanted(1, 2))
    reply(batch, "非法请求")
    [request] = spider.ask(wanted(3, 4))
    assert "generalQuery" in request.url
    _, [single] = reply(request, "<html>404</html>", 404)
    assert single.url.endswith("articleId=3")
    assert list(spider.ask(wanted(5, 6))) == [], "no list again; they wait for their turn"


def vsb(*keys: int) -> list[Wanted]:
    return [
        Wanted(
            counter=Counter(
                family="vsb", owner="9", key=str(key), url=f"{HOST}/click/dynclicks.jsp?clickid={key}&owner=9"
            ),
            native_id=f"vsb:9:{key}",
            url=f"{HOST}/info/1/{key}.htm",
        )
        for key in keys
    ]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"total": 1e999, "data": []}', f'{{"total": {"9" * 4_301}, "data": []}}']
)
def test_a_list_that_no_counter_would_send_is_refused(text: str) -> None:
    question = services.question(counter(1), "7")
    with pytest.raises(counters.BadReply):
        services.answer(question, text)


def test_an_odd_counter_costs_itself_alone(spider: Spider) -> None:
    [odd, sound] = vsb(1, 2)
    odd = replace(odd, counter=replace(odd.counter, url=f"{HOST}/click?to=/dynclicks.jsp"))
    [item] = spider.want(odd)
    assert item.missed == (odd.url,)
    assert not [*spider.want(sound)]
    assert [request.url for request in spider.remaining()] == [sound.counter.url]


def test_an_unknown_count_leaves_batches_trusted(spider: Spider) -> None:
    [batch] = spider.ask(vsb(1, 2))
    counted, [single] = reply(batch, "5,-1")
    assert counted == [("vsb:9:1", 5)]
    assert "clickid=2" in single.url
    [batch] = spider.ask(vsb(3, 4))
    assert "clickids=3,4" in batch.url


@pytest.mark.parametrize("text", ["5", "5,6,7", "5,", "5,6.0", "5,1.2万", "<html>5,6</html>", "", "-1", "5;6"])
def test_a_batch_is_believed_whole_or_not_at_all(spider: Spider, text: str) -> None:
    [batch] = spider.ask(vsb(1, 2))
    counted, [single] = reply(batch, text)
    assert counted == []
    assert "clickid=1" in single.url
