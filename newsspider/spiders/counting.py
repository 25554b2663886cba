"""Reading counters from a spider: batches first, singles where a batch cannot be trusted."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import SETTINGS_PRIORITIES
from twisted.python.failure import Failure

from newsspider.archive import ArchiveError
from newsspider.cms import counters
from newsspider.items import Capture, Counter, CountsItem, Site, ViewObservation, instant
from newsspider.spiders import failures

logger = logging.getLogger(__name__)
PATIENCE = 3  # single readings in a row that may fail before a counter is left alone for this run


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A count that is to be read: its counter, and the article it belongs to."""

    counter: Counter
    native_id: str | None
    url: str


class CountingSpider(Spider):
    """A spider that reads counters. ``want`` collects, ``remaining`` asks for what is left.

    The store sets ``found`` (what was written, by kind) and, where it could not write, ``broken``.
    """

    site: ClassVar[Site]
    run_kind: ClassVar[str]
    found: Mapping[str, int] = MappingProxyType({})
    unplanned: Mapping[str, int] = MappingProxyType({})  # requests beyond a poll's plan, by host
    broken: ArchiveError | None = None

    def begin_counting(self) -> None:
        self.waiting: dict[counters.Group, list[Wanted]] = defaultdict(list)  # for a batch
        self.wanted: set[tuple[counters.Group, str]] = set()
        self.singly: dict[counters.Group, deque[Wanted]] = {}  # groups whose batches failed: one after the other
        self.failed_in_a_row: dict[counters.Group, int] = defaultdict(int)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.settings.getfloat("CLOCK_OFFSET"))

    def configuration(self) -> dict[str, Any]:
        """What distinguishes this run from another, for the archive."""
        by_operator = {
            name: value
            for name, value in self.settings.items()
            if (self.settings.getpriority(name) or 0) >= SETTINGS_PRIORITIES["cmdline"]
        }
        return {"listings": self.site.listings, "settings": by_operator, "user_agent": self.settings["USER_AGENT"]}

    def want(self, wanted: Wanted) -> Iterator[Request]:
        """Notes a count to be read, once a run; a full batch is asked for at once."""
        group = counters.group(wanted.counter)
        if (group, wanted.counter.key) in self.wanted:
            return
        self.wanted.add((group, wanted.counter.key))
        self.waiting[group].append(wanted)
        if len(self.waiting[group]) == counters.BATCH:
            yield from self._ask(group)

    def remaining(self) -> Iterator[Request]:
        for group in [group for group, waiting in self.waiting.items() if waiting]:
            yield from self._ask(group)

    def _ask(self, group: counters.Group) -> Iterator[Request]:
        yield from self.ask(self.waiting.pop(group))

    def ask(self, batch: list[Wanted]) -> Iterator[Request]:
        """The request for counts of one group; one after the other where a batch of it has failed."""
        group = counters.group(batch[0].counter)
        if group in self.singly:
            yield from self._one_by_one(group, batch)
        else:
            yield self._request(counters.batch([wanted.counter for wanted in batch]), batch)

    def _one_by_one(self, group: counters.Group, batch: list[Wanted]) -> Iterator[Request]:
        idle = not self.singly.get(group)
        self.singly.setdefault(group, deque()).extend(batch)
        if idle:
            yield from self._next_single(group)

    def _next_single(self, group: counters.Group) -> Iterator[Request]:
        queue = self.singly.get(group)
        if queue and self.failed_in_a_row[group] >= PATIENCE:
            logger.warning("counter %s does not answer: %d counts not read", group[1], len(queue))
            queue.clear()
        if queue and self.may_ask_singly(group):
            wanted = queue.popleft()
            yield self._request(counters.single(wanted.counter), [wanted])

    def may_ask_singly(self, group: counters.Group) -> bool:
        """Whether one more single reading is affordable."""
        return True

    def _request(self, question: counters.Question, batch: list[Wanted]) -> Request:
        return Request(
            question.url,
            method=question.method,
            callback=self.parse_counts,
            errback=self.missed_counts,
            cb_kwargs={"question": question, "batch": batch},
            dont_filter=True,
            priority=100,
            # A stale count would be a false observation, a retried one twice the load: singles are the second try.
            meta={
                "dont_cache": True,
                "dont_retry": True,
                "autothrottle_dont_adjust_delay": True,
                "dont_redirect": True,
            },
        )

    def parse_counts(
        self, response: Response, question: counters.Question, batch: list[Wanted]
    ) -> Iterator[CountsItem | Request]:
        at = instant(self.now())
        try:
            if response.status != 200:
                raise counters.BadReply(f"HTTP {response.status}")
            values = counters.answer(question, response.body.decode("utf-8", "replace"))
        except counters.BadReply as error:
            yield from self._bad(
                question, batch, Capture(url=question.url, captured_at=at, status=response.status, error=str(error))
            )
            return
        group = counters.group(question.counters[0])
        read = list(zip(batch, values, strict=True))
        yield CountsItem(
            site=self.site.name,
            observations=tuple(
                ViewObservation(
                    site=self.site.name,
                    observed_at=at,
                    views=value,
                    method="counter",
                    url=wanted.url,
                    native_id=wanted.native_id,
                )
                for wanted, value in read
                if value is not None
            ),
        )
        self.failed_in_a_row[group] = 0
        unknown = [wanted for wanted, value in read if value is None]
        if unknown:
            logger.warning("counter %s: %d of %d counts are unknown", question.url, len(unknown), len(batch))
            words = f"unknown (-1): {len(unknown)} of {len(batch)} counts"
            capture = Capture(url=question.url, captured_at=at, status=response.status, error=words)
            missed = () if len(batch) > 1 else (batch[0].url,)
            yield CountsItem(site=self.site.name, capture=capture, missed=missed)
        if unknown and len(batch) > 1:
            yield from self._one_by_one(group, unknown)
        else:
            yield from self._next_single(group)

    def missed_counts(self, failure: Failure) -> Iterator[CountsItem | Request]:
        asked = failure.request.cb_kwargs  # type: ignore[attr-defined]
        error = failures.words(failure)
        capture = Capture(url=asked["question"].url, captured_at=instant(self.now()), error=error)
        yield from self._bad(asked["question"], asked["batch"], capture)

    def _bad(
        self, question: counters.Question, batch: list[Wanted], capture: Capture
    ) -> Iterator[CountsItem | Request]:
        logger.warning("counter %s: %s", question.url, capture.error)
        group = counters.group(question.counters[0])
        if len(question.counters) > 1:
            yield CountsItem(site=self.site.name, capture=capture)
            yield from self._one_by_one(group, batch)
            return
        self.failed_in_a_row[group] += 1
        given_up = [*batch, *(self.singly.get(group, ()) if self.failed_in_a_row[group] >= PATIENCE else ())]
        yield CountsItem(site=self.site.name, capture=capture, missed=tuple(wanted.url for wanted in given_up))
        yield from self._next_single(group)
