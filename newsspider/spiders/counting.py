"""Reading counters from a spider: batches first; where a batch cannot be trusted, lists (WebPlus), then singles."""

from __future__ import annotations

import logging
from collections import Counter as Counted
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import SETTINGS_PRIORITIES
from twisted.python.failure import Failure

from newsspider.archive import ArchiveError
from newsspider.cms import counters, services
from newsspider.items import Capture, Counter, CountsItem, Site, ViewObservation, instant
from newsspider.spiders import failures, moment

logger = logging.getLogger(__name__)
PATIENCE = 3  # single readings in a row that may fail before a counter is left alone for this run
# A stale count would be a false observation, a retried one twice the load: lists and singles are the second try.
ONCE = {"dont_cache": True, "dont_retry": True, "autothrottle_dont_adjust_delay": True, "dont_redirect": True}


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
    health: Sequence[str] = ()  # what is not as in earlier runs, a sentence each; set when the run has ended
    emptied: Collection[str] = ()  # listings that answered and hold nothing any more

    def begin_counting(self) -> None:
        self.notes: dict[str, None] = {}  # what the operator should know of a run that went on all the same
        self.waiting: dict[counters.Group, list[Wanted]] = defaultdict(list)  # for a batch
        self.wanted: set[tuple[counters.Group, str]] = set()
        self.untrusted: set[counters.Group] = set()  # their batches failed
        self.listless: set[counters.Group] = set()  # their lists failed
        self.singly: dict[counters.Group, deque[Wanted]] = {}  # asked for one after the other
        self.failed_in_a_row: dict[counters.Group, int] = defaultdict(int)
        self.silent: dict[counters.Group, str] = {}  # counters that could not be read the last time, and why

    def now(self) -> datetime:
        return moment.now(self.settings)

    def configuration(self) -> dict[str, Any]:
        """What distinguishes this run from another, for the archive."""
        by_operator = {
            name: value
            for name, value in self.settings.items()
            if (self.settings.getpriority(name) or 0) >= SETTINGS_PRIORITIES["cmdline"]
        }
        return {"listings": self.site.listings, "settings": by_operator, "user_agent": self.settings["USER_AGENT"]}

    def want(self, wanted: Wanted) -> Iterator[CountsItem | Request]:
        """Notes a count to be read, once a run; a full batch is asked for at once."""
        group = counters.group(wanted.counter)
        if (group, wanted.counter.key) in self.wanted:
            return
        self.wanted.add((group, wanted.counter.key))
        if why := counters.odd(wanted.counter):
            yield self.unaskable(wanted, why)
            return
        self.waiting[group].append(wanted)
        if len(self.waiting[group]) == counters.BATCH:
            yield from self._ask(group)

    def remaining(self) -> Iterator[Request]:
        for group in [group for group, waiting in self.waiting.items() if waiting]:
            yield from self._ask(group)

    def _ask(self, group: counters.Group) -> Iterator[Request]:
        yield from self.ask(self.waiting.pop(group))

    def unaskable(self, wanted: Wanted, why: str) -> CountsItem:
        """A count whose counter cannot be asked; the others of the run are none the worse."""
        logger.warning("counter %s: %s", wanted.counter.url, why)
        self.silent[counters.group(wanted.counter)] = why
        capture = Capture(url=wanted.counter.url, captured_at=instant(self.now()), error=why)
        return CountsItem(site=self.site.name, capture=capture, missed=(wanted.url,))

    def ask(self, batch: list[Wanted]) -> Iterator[Request]:
        """The request for counts of one group; otherwise where a batch of it has failed."""
        group = counters.group(batch[0].counter)
        if group in self.untrusted:
            yield from self._otherwise(group, batch, {})
        else:
            yield self._request(counters.batch([wanted.counter for wanted in batch]), batch)

    def _otherwise(self, group: counters.Group, batch: list[Wanted], pages: Mapping[str, int]) -> Iterator[Request]:
        """Asks for counts that no batch brings: in a list, where two of them at least may be in one, else singly.

        ``pages``: the next page of each column's list; 0: it has no more that are wanted.
        """
        if group[0] == "webplus" and group not in self.listless:
            columns = Counted(column for wanted in batch if (column := services.column(wanted.url)))
            column, number = max(
                ((column, number) for column, number in columns.items() if pages.get(column, 1)),
                key=lambda one: one[1],
                default=("", 0),
            )
            if number > 1 and self.may_ask_more(group):
                yield self._list_request(group, batch, column, pages)
                return
        yield from self._one_by_one(group, batch)

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
        if not queue:
            return
        if not self.may_ask_more(group):
            logger.warning("counter %s: %d counts are left for a later run", group[1], len(queue))
            queue.clear()
            return
        wanted = queue.popleft()
        yield self._request(counters.single(wanted.counter), [wanted])

    def may_ask_more(self, group: counters.Group) -> bool:
        """Whether one more request is affordable, for what a batch did not bring."""
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
            meta=dict(ONCE),
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
        self.silent.pop(group, None)
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
            self.untrusted.add(group)
            yield from self._otherwise(group, batch, {})
            return
        self.failed_in_a_row[group] += 1
        self.silent[group] = capture.error or ""
        given_up = [*batch, *(self.singly.get(group, ()) if self.failed_in_a_row[group] >= PATIENCE else ())]
        yield CountsItem(site=self.site.name, capture=capture, missed=tuple(wanted.url for wanted in given_up))
        yield from self._next_single(group)

    # Lists of WebPlus

    def _list_request(
        self, group: counters.Group, batch: list[Wanted], column: str, pages: Mapping[str, int]
    ) -> Request:
        question = services.question(batch[0].counter, column, pages.get(column, 1))
        return Request(
            question.url,
            method="POST",
            body=question.body,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            callback=self.parse_list,
            errback=self.missed_list,
            cb_kwargs={"question": question, "batch": batch, "column": column, "pages": pages},
            dont_filter=True,
            priority=100,
            meta=dict(ONCE),
        )

    def parse_list(
        self,
        response: Response,
        question: services.Question,
        batch: list[Wanted],
        column: str,
        pages: Mapping[str, int],
    ) -> Iterator[CountsItem | Request]:
        at = instant(self.now())
        try:
            if response.status != 200:
                raise counters.BadReply(f"HTTP {response.status}")
            rows = services.answer(question, response.body.decode("utf-8", "replace"))
        except counters.BadReply as error:
            capture = Capture(url=question.url, captured_at=at, status=response.status, error=str(error))
            yield from self._without_lists(batch, capture)
            return
        group = counters.group(batch[0].counter)
        left = [wanted for wanted in batch if wanted.counter.key not in rows.counts]
        found = [wanted for wanted in batch if wanted.counter.key in rows.counts]
        yield CountsItem(
            site=self.site.name,
            observations=tuple(
                ViewObservation(
                    site=self.site.name,
                    observed_at=at,
                    views=rows.counts[wanted.counter.key],
                    method="listing",
                    url=wanted.url,
                    native_id=wanted.native_id,
                )
                for wanted in found
            ),
        )
        if left:
            turn = question.number + 1 if rows.more and found else 0
            yield from self._otherwise(group, left, {**pages, column: turn})

    def missed_list(self, failure: Failure) -> Iterator[CountsItem | Request]:
        asked = failure.request.cb_kwargs  # type: ignore[attr-defined]
        error = failures.words(failure)
        capture = Capture(url=asked["question"].url, captured_at=instant(self.now()), error=error)
        yield from self._without_lists(asked["batch"], capture)

    def _without_lists(self, batch: list[Wanted], capture: Capture) -> Iterator[CountsItem | Request]:
        group = counters.group(batch[0].counter)
        logger.info("no list of a column at %s: %s", capture.url, capture.error)
        self.listless.add(group)
        yield CountsItem(site=self.site.name, capture=capture)
        yield from self._one_by_one(group, batch)
