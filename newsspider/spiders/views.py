"""The poll: the counts that a plan names, and nothing else. What it yields, the pipelines store."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider import cms, schedule
from newsspider.archive import Archive, identity, polling
from newsspider.cms import counters
from newsspider.items import Capture, CountsItem, PageError, Site, ViewObservation, instant
from newsspider.spiders import failures
from newsspider.spiders.counting import Wanted
from newsspider.spiders.news import NewsSpider

logger = logging.getLogger(__name__)
LISTING_PAGES = 5  # a count that stands further down in its listing is left to the crawl


@dataclass
class Allowance:
    """Requests that a poll may send beyond its plan, where batches fail; all its spiders share it."""

    of_a_host: float = schedule.AT_ONCE  # batches that fail must not make fifty requests of one
    in_all: float = math.inf

    def take(self, taken: int) -> bool:
        """One more, for a host that had ``taken`` of them."""
        if self.in_all < 1 or taken >= self.of_a_host:
            return False
        self.in_all -= 1
        return True


class ViewsSpider(NewsSpider):
    """Reads the counts of ``batches`` (article ids, one request each): from counters, from listings, from pages.

    A page that has to be fetched for its count is read as a crawl reads it: an edit is not overlooked.
    """

    run_kind = "poll"
    batches: ClassVar[Sequence[Sequence[int]]]
    allowance: ClassVar[Allowance]
    unplanned: Counter[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unplanned = Counter()

    async def start(self) -> AsyncIterator[Any]:
        self.archive = Archive(self.settings["ARCHIVE"])
        for article_ids in self.batches:
            for request in self._requests(polling.counts(self.archive.conn, article_ids)):
                yield request

    def _requests(self, counts: list[polling.Count]) -> Iterator[CountsItem | Request]:
        first = counts[0]
        if first.counter:
            if any(count.by_list for count in counts):
                self.untrusted.add(counters.group(first.counter))
            every = [Wanted(counter=c.counter, native_id=c.native_id, url=c.url) for c in counts if c.counter]
            sound = []
            for wanted in every:
                if why := counters.odd(wanted.counter):
                    yield self.unaskable(wanted, why)
                else:
                    sound.append(wanted)
            if sound:
                yield from self.ask(sound)
        elif first.listing:
            yield self._rows(first.listing, {count.article_id: count.url for count in counts}, 1)
        else:
            for count in counts:
                yield from self._article_request(count.url, None, "")

    def may_ask_more(self, group: counters.Group) -> bool:
        return self._may_ask_more_of(group[1])

    def _may_ask_more_of(self, url: str) -> bool:
        host = urlsplit(url).netloc
        allowed = self.allowance.take(self.unplanned[host])
        self.unplanned[host] += allowed
        return allowed

    def _rows(self, url: str, wanted: dict[int, str], number: int) -> Request:
        about = {"url": url, "wanted": wanted, "number": number}
        return Request(url, callback=self.parse_rows, errback=self.missed_rows, cb_kwargs=about, dont_filter=True)

    def parse_rows(self, response: Response, url: str, wanted: dict[int, str], number: int) -> Iterator[Any]:
        """A page of a listing: its counts; then the next one, while a wanted one is missing."""
        capture = self._captured(response, url)
        page = None
        if capture.error is None:
            try:
                page = cms.read_listing(response.body, response.url, site=self.site, headers=capture.headers)
            except PageError as error:
                capture = replace(capture, error=str(error))
        if page is None:
            self.unread[url] = capture.error or ""
            yield self._without(capture, wanted)
            return
        observations = tuple(
            ViewObservation(
                site=self.site.name,
                observed_at=capture.captured_at,
                views=entry.views,
                step=entry.views_step,
                method="listing",
                url=entry.url,
            )
            for entry in page.entries
            if entry.views is not None
        )
        yield CountsItem(site=self.site.name, observations=observations)
        read = {identity.find(self.archive.conn, row.url) for row in observations if row.url}
        missing = {article_id: address for article_id, address in wanted.items() if article_id not in read}
        if missing and page.next_url and number < LISTING_PAGES and self._may_ask_more_of(page.next_url):
            yield self._rows(page.next_url, missing, number + 1)
        elif missing:
            words = f"no count of {len(missing)} articles on {number} pages of the listing"
            yield self._without(replace(capture, payload=None, error=words), missing)

    def missed_rows(self, failure: Failure) -> Iterator[CountsItem]:
        about = failure.request.cb_kwargs  # type: ignore[attr-defined]
        capture = Capture(url=about["url"], captured_at=instant(self.now()), error=failures.words(failure))
        self.unread[capture.url] = capture.error or ""
        yield self._without(capture, about["wanted"])

    def _without(self, capture: Capture, wanted: dict[int, str]) -> CountsItem:
        logger.warning("listing %s: %s", capture.url, capture.error)
        return CountsItem(site=self.site.name, capture=capture, missed=tuple(wanted.values()))


def spider_of(site: Site, batches: Sequence[Sequence[int]], allowance: Allowance | None = None) -> type[ViewsSpider]:
    about = {
        "name": site.name,
        "site": site,
        "batches": batches,
        "allowance": allowance or Allowance(),
        "__module__": __name__,
    }
    return type("ViewsSpider", (ViewsSpider,), about)
