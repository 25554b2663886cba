"""What is asked of a server in trouble, and of one that says how it wants to be asked."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, StopDownload
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from test_scope import Stats

from newsspider.items import Entry, ListingPage
from newsspider.spiders import failures, politeness, walks
from newsspider.spiders.guard import OutOfScope

HOST = "news.x.edu.cn"
PAGE = f"http://{HOST}/info/1.htm"


class Slot(SimpleNamespace):
    pass


def crawler(**settings: Any) -> Any:
    """A run whose downloader has a slot for the host, and nothing that waits."""
    slot = Slot(delay=1.0, jitter=0.25, concurrency=1, latercall=None, queue=deque())
    downloader = SimpleNamespace(
        slots={HOST: slot}, per_slot_settings={}, get_slot_key=lambda request: HOST, _latercall=lambda slot: None
    )
    chosen = Settings(
        {
            "ROBOTSTXT_OBEY": True,
            "HOST_REST": 5.0,
            "DOWNLOAD_DELAY": 1.0,
            "ROBOTSTXT_USER_AGENT": "newsspider",
            **settings,
        }
    )
    made = SimpleNamespace(settings=chosen, stats=Stats(), spider=SimpleNamespace(unread={}, notes={}), slot=slot)
    made.engine = SimpleNamespace(downloader=downloader)
    made.signals = SignalManager()
    return made


@pytest.fixture
def waits(monkeypatch):
    """The seconds of each wait; none is waited."""
    asked: list[float] = []
    monkeypatch.setattr(politeness, "call_later", lambda wait, *_: asked.append(wait))
    return asked


def answer(
    rest: politeness.Rest, status: int, headers: dict[str, str] | None = None, meta: dict[str, Any] | None = None
) -> None:
    request, response = Request(PAGE, meta=meta), Response(PAGE, status=status, headers=headers)
    rest.answered(response, request)
    rest.process_response(request, response)


def test_a_retry_after_is_waited_once_and_the_delay_stays_what_it_was(waits):
    run = crawler()
    rest = politeness.Rest.from_crawler(run)
    answer(rest, 429, {"Retry-After": "3"})
    answer(rest, 200)
    assert waits == [3.0]
    assert run.slot.delay == 1.0
    assert run.spider.unread == {}


def test_a_host_that_asks_for_more_than_ten_minutes_is_left_alone(waits):
    run = crawler()
    rest = politeness.Rest.from_crawler(run)
    answer(rest, 503, {"Retry-After": "86400"})
    assert waits == []
    with pytest.raises(IgnoreRequest, match=r"asks to wait 86400 s .HTTP 503.: it is left alone for this run"):
        rest.process_request(Request(PAGE))
    assert [*run.spider.unread] == [f"http://{HOST}"]


def test_a_host_that_fails_all_requests_rests_and_is_then_left_alone(waits):
    run = crawler()
    rest = politeness.Rest.from_crawler(run)
    waiting = SimpleNamespace(errback=lambda error: refused.append(error))
    refused: list[Exception] = []
    run.slot.queue.append((Request(PAGE), waiting))
    asked = 0
    while asked < 60:
        try:
            rest.process_request(Request(PAGE))
        except IgnoreRequest:
            break
        answer(rest, 503)
        asked += 1
    assert (asked, waits) == (politeness.TRIES + politeness.RESTS, [5.0, 10.0, 20.0])
    assert len(refused) == 1, "what waited for its turn is not sent"
    assert "failed 8 times in a row (HTTP 503)" in run.spider.unread[f"http://{HOST}"]


def test_a_host_that_recovers_is_asked_on(waits):
    rest = politeness.Rest.from_crawler(crawler())
    for _ in range(3):
        for _ in range(politeness.TRIES):
            answer(rest, 503)
        answer(rest, 200)
    rest.process_request(Request(PAGE))
    assert waits[0] == 5.0


def test_counters_have_a_patience_of_their_own(waits):
    rest = politeness.Rest.from_crawler(crawler())
    for _ in range(60):
        answer(rest, 503, meta={"dont_retry": True})
    rest.process_request(Request(PAGE))
    assert waits == []


def test_a_challenge_to_all_and_no_answer_at_all_count_as_failures(waits):
    challenge = HtmlResponse(
        PAGE, body=b"<html><script>document.cookie='x=1';location.reload()</script></html>", status=412
    )
    rest = politeness.Rest.from_crawler(crawler())
    assert failures.challenge(challenge)
    assert failures.challenge(HtmlResponse(PAGE, body=b"<html><h1>Not Found</h1></html>", status=404)) is None
    for _ in range(politeness.TRIES - 1):
        rest.process_response(Request(PAGE), challenge)
    rest.process_exception(Request(PAGE), DownloadTimeoutError())
    assert waits == [5.0]


@pytest.mark.parametrize("value", ["", "soon", "-1", "\xb2", "Sun, 99 Mar 2026 00:00:30 GMT", "1" * 400])
def test_a_retry_after_that_cannot_be_meant_does_no_harm(value, waits):
    wait = politeness.seconds(value, datetime(2026, 3, 1, tzinfo=UTC))
    assert wait is None or wait > politeness.LONGEST_WAIT


# robots.txt


def robots(status: int, body: bytes = b"") -> tuple[politeness.Robots, Any]:
    run = crawler()
    run.settings.set("ROBOTSTXT_PARSER", "scrapy.robotstxt.ProtegoRobotParser")

    async def download(request: Request) -> Response:
        middleware.asked(request)
        if status == 0:
            raise DownloadTimeoutError("60 s")
        if status == 302:
            raise OutOfScope("out of scope")
        return Response(request.url, status=status, body=body)

    run.engine.download_async = download
    middleware = politeness.Robots.from_crawler(run)
    return middleware, run


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (200, b"User-agent: *\nDisallow: /private\n", None),
        (404, b"User-agent: *\nDisallow: /\n", None),
        (403, b"", None),
        (302, b"", None),
        (200, b"User-agent: *\nDisallow: /\n" + b"#\n" * 400_000, "Forbidden by robots.txt"),
        (500, b"", "robots.txt of news.x.edu.cn cannot be read (HTTP 500), so nothing of it is fetched in this run"),
        (503, b"User-agent: *\nAllow: /\n", "(HTTP 503), so nothing"),
        (0, b"", "timed out"),
    ],
)
def test_robots_txt_is_obeyed_as_the_standard_says(status, body, why):
    middleware, _ = robots(status, body)

    async def ask() -> str | None:
        try:
            await middleware.process_request(Request(PAGE))
        except IgnoreRequest as refused:
            return str(refused)
        return None

    said = asyncio.run(ask())
    assert said is None if why is None else why in (said or "")


def test_of_a_long_robots_txt_half_a_megabyte_is_received():
    middleware, _ = robots(200)
    asked = Request(f"http://{HOST}/robots.txt", meta={"dont_obey_robotstxt": True})
    middleware.asked(asked)
    assert asked.meta["download_maxsize"] == 0
    middleware.received(b"x" * politeness.ROBOTS_BYTES, asked)
    with pytest.raises(StopDownload):
        middleware.received(b"x", asked)
    middleware.received(b"x" * 2 * politeness.ROBOTS_BYTES, Request(PAGE))


@pytest.mark.parametrize(
    ("asked", "kept"), [(30.0, 30.0), (3600.0, 60.0), (float("inf"), 60.0), (0.5, 1.0), (float("nan"), 1.0)]
)
def test_a_crawl_delay_is_kept_up_to_a_minute(asked, kept):
    run = crawler()
    parser = SimpleNamespace(crawl_delay=lambda agent: asked)
    politeness.CrawlDelay.from_crawler(run).robots_parsed(parser, Request(PAGE))
    assert run.slot.delay == kept
    assert bool(run.spider.notes) is (asked > 60)


# Listings without an end


@pytest.mark.parametrize(
    ("days", "number", "ends"),
    [
        (["2026-03-01", "2027-12-01"], 3, False),
        (["2027-12-01", "2028-01-01"], 3, True),
        (["1989-12-01", "1900-01-01"], 3, True),
        ([None, "1900-01-01"], 3, False),
        ([None], 199, False),
        ([None], 200, True),
        ([], 3, False),
    ],
)
def test_a_listing_without_an_end_is_left(days, number, ends):
    rows = tuple(Entry(url=f"{PAGE}?{n}", title="x", published=day) for n, day in enumerate(days))
    assert bool(walks.endless(ListingPage(entries=rows), number, date(2026, 3, 1))) is ends
