"""The calibration: counter, counter, page, counter of one article, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider.archive import Archive, polling
from newsspider.cms import counters
from newsspider.items import ArticleItem, CountsItem, Site, ViewObservation, instant
from newsspider.spiders import failures
from newsspider.spiders.news import NewsSpider

Readings = list[tuple[str, int | None]]  # None: the page prints no count
BY_COUNTER = ("counter", "counter", "page", "counter")
ON_PAGE = ("page", "page")
ROUNDS = 2  # another reader may come between once


class WeighingSpider(NewsSpider):
    """Measures on ``articles`` (an id by family); ``rounds`` gets the complete rounds of readings by family."""

    run_kind = "calibrate"
    articles: ClassVar[Mapping[str, int]]
    rounds: ClassVar[dict[str, list[Readings]]]

    async def start(self) -> AsyncIterator[Request]:
        self.archive = Archive(self.settings["ARCHIVE"])
        for family, article_id in self.articles.items():
            [count] = polling.counts(self.archive.conn, [article_id])
            yield self._step(count, family, [])

    def _step(self, count: polling.Count, family: str, readings: Readings) -> Request:
        steps = BY_COUNTER if count.counter else ON_PAGE
        about = {"count": count, "family": family, "readings": readings}
        if count.counter and steps[len(readings)] == "counter":
            question = counters.single(count.counter)
            return self._look(question.url, self.parse_reading, about, question.method)
        return self._look(count.url, self.parse_look, about)

    def _look(self, url: str, callback: Any, about: dict[str, Any], method: str = "GET") -> Request:
        meta = {"dont_cache": True, "dont_retry": True}
        return Request(url, callback, method=method, errback=self.missed, cb_kwargs=about, dont_filter=True, meta=meta)

    def parse_reading(
        self, response: Response, count: polling.Count, family: str, readings: Readings
    ) -> Iterator[CountsItem | Request]:
        assert count.counter is not None
        try:
            [views] = counters.answer(counters.single(count.counter), response.body.decode("utf-8", "replace"))
        except counters.BadReply as error:
            self.unread[response.url] = str(error)
            return
        if views is None:
            self.unread[response.url] = "the counter does not know this article"
            return
        observation = ViewObservation(
            site=self.site.name,
            observed_at=instant(self.now()),
            views=views,
            method="counter",
            url=count.url,
            native_id=count.native_id,
        )
        yield CountsItem(site=self.site.name, observations=(observation,))
        yield from self._next(count, family, [*readings, ("counter", views)])

    async def parse_look(
        self, response: Response, count: polling.Count, family: str, readings: Readings
    ) -> AsyncIterator[ArticleItem | Request]:
        item = await self.look(response, count.url, None, "")
        yield item
        views = item.article.views if item.article else None
        if item.article is None or (views is None and not count.counter):
            self.unread[count.url] = item.capture.error or "its page prints no count"
            return
        if item.article.views_step is not None and not count.counter:
            self.unread[count.url] = f"its page does not print single views: {item.article.views_text}"
            return
        for request in self._next(count, family, [*readings, ("page", views)]):
            yield request

    def _next(self, count: polling.Count, family: str, readings: Readings) -> Iterator[Request]:
        if len(readings) < len(BY_COUNTER if count.counter else ON_PAGE):
            yield self._step(count, family, readings)
            return
        self.rounds[family].append(readings)
        if len(self.rounds[family]) < ROUNDS:
            yield self._step(count, family, [])

    def missed(self, failure: Failure) -> None:
        self.unread[failure.request.url] = failures.words(failure)  # type: ignore[attr-defined]


def spider_of(site: Site, articles: Mapping[str, int]) -> type[WeighingSpider]:
    rounds: dict[str, list[Readings]] = {family: [] for family in articles}
    about = {"name": site.name, "site": site, "articles": articles, "rounds": rounds, "__module__": __name__}
    return type("WeighingSpider", (WeighingSpider,), about)
