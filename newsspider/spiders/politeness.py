"""Downloader middlewares that keep us from being a burden, or a reader who is counted."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.logformatter import LogFormatter
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import call_later
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from newsspider import __version__
from newsspider.cms import counters
from newsspider.spiders import failures
from newsspider.spiders.guard import OutOfScope

logger = logging.getLogger(__name__)
LONGEST_WAIT = 600.0  # seconds; a server that asks for more is left alone for this run, its articles stay due
LONGEST_DELAY = 60.0  # seconds between requests; with more, a crawl of a hundred articles would take days
ROBOTS_BYTES = 500 * 1024  # of robots.txt that are read: RFC 9309, 2.5
ROBOTS_UNPACKED = 10 * 1024 * 1024
FORBID_ALL = b"User-agent: *\nDisallow: /\n"
OVERLOADED = (429, 500, 502, 503, 504, 520, 521, 522, 523, 524)
TRIES = 5  # failures in a row before a host is let alone
RESTS = 3  # times that a host is let alone, and asked once more; each rest is twice as long


def introduce(settings: BaseSettings) -> None:
    """Makes the User-Agent: what this is, and whom to ask about it (``CONTACT``)."""
    contact = settings["CONTACT"]
    agent = f"newsspider/{__version__} (university news archive{'; +' + contact if contact else ''})"
    settings.set("USER_AGENT", agent, priority="project")


def note(crawler: Crawler, words: str) -> None:
    """Something the operator should know of a run that goes on all the same; said once, in its summary."""
    notes: dict[str, None] = getattr(crawler.spider, "notes", {})
    if words not in notes:
        notes[words] = None
        logger.info("%s", words)


class BeaconGuard:
    """Refuses every URL whose fetch raises a view count, whoever asks for it. ``BEACONS`` (setting) adds patterns."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats
        self.more = [re.compile(pattern) for pattern in crawler.settings.getlist("BEACONS")]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if counters.is_beacon(request.url) or any(map(self._named, (request.url, counters.plain(request.url)))):
            self.stats.inc_value("newsspider/beacons_refused")
            raise IgnoreRequest(f"a beacon, its fetch would raise a view count: {request.url}")

    def _named(self, url: str) -> bool:
        return any(pattern.search(url) for pattern in self.more)


class Robots(RobotsTxtMiddleware):
    """Scrapy's, by RFC 9309: a robots.txt that is unreachable (5xx, no answer) forbids all of its host in this run, one that is
    unavailable (4xx) forbids nothing, and of a long one the first 500 KiB are read."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.unreachable: dict[str, str] = {}
        self._received: dict[Request, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        robots = cls(crawler)
        crawler.signals.connect(robots.asked, signal=signals.request_reached_downloader)
        crawler.signals.connect(robots.received, signal=signals.bytes_received)
        return robots

    def asked(self, request: Request) -> None:
        if _is_robots(request):
            request.meta["download_maxsize"] = 0  # not refused for its length: `received` ends it
            request.headers["Accept-Encoding"] = "identity"

    def received(self, data: bytes, request: Request) -> None:
        if not _is_robots(request):
            return
        request.meta["download_maxsize"] = ROBOTS_UNPACKED
        self._received[request] = self._received.get(request, 0) + len(data)
        if self._received[request] > ROBOTS_BYTES:
            raise StopDownload(fail=False)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        netloc = request.url.split("/")[2]
        if netloc in self.unreachable:
            raise IgnoreRequest(self.unreachable[netloc])
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        body = response.body[:ROBOTS_BYTES] if 200 <= response.status < 300 else b""
        if response.status >= 500:
            why = f"robots.txt of {netloc} cannot be read (HTTP {response.status}), so nothing of it is fetched in this run"
            self.unreachable[netloc], body = why, FORBID_ALL
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        # A chain of redirects that does not end, or leaves the site, is a robots.txt that is not there.
        if not isinstance(exc, OutOfScope) and "max redirections" not in str(exc):
            why = failures.words(Failure(exc))
            self.unreachable[netloc] = f"{why} (robots.txt of {netloc}, so nothing of it is fetched in this run)"
        super()._robots_error(exc, netloc)


def _is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))  # Scrapy says so of its own request for robots.txt alone


class CrawlDelay:
    """Waits as long between requests as the host's robots.txt asks, where that is longer than our own delay."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agent = crawler.settings["ROBOTSTXT_USER_AGENT"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.robots_parsed, signal=signals.robots_parsed)
        return middleware

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        asked = robotparser.crawl_delay(self.agent)
        downloader = self.crawler.engine.downloader if self.crawler.engine else None
        if not asked or downloader is None or not asked > self.crawler.settings.getfloat("DOWNLOAD_DELAY"):
            return
        delay = min(float(asked), LONGEST_DELAY)
        key = downloader.get_slot_key(request)
        # Also for a slot that Scrapy makes anew after a minute without requests.
        downloader.per_slot_settings[key] = {"delay": delay, "jitter": 0.0, "concurrency": 1}
        if slot := downloader.slots.get(key):
            slot.delay, slot.jitter, slot.concurrency = delay, 0.0, 1
        logger.info("robots.txt of %s asks for %g s between requests", key, asked)
        if asked > LONGEST_DELAY:
            note(
                self.crawler, f"robots.txt of {key} asks for {asked:g} s between requests; {LONGEST_DELAY:g} s are kept"
            )


@dataclass
class Host:
    """How a host answers. ``until``: the monotonic second to which it is let alone; ``left``: why nothing more is asked of it."""

    failed: int = 0  # in a row
    rests: int = 0
    until: float = 0.0
    left: str = ""


class Rest:
    """Lets a host rest as long as its 429 or 503 asks (Retry-After), and a while where it fails again and again; after `RESTS`
    such whiles in vain it is left alone for this run. What was not fetched stays due.

    Requests that are not to be repeated (counters) do not count: who sends them knows when to stop.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.first = crawler.settings.getfloat("HOST_REST")
        self.hosts: dict[str, Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        rest = cls(crawler)
        # Before the slot's next request goes out, which is sooner than `process_response`.
        crawler.signals.connect(rest.answered, signal=signals.response_downloaded)
        return rest

    def process_request(self, request: Request) -> None:
        host = self.hosts.get(self._key(request))
        if host and host.left:
            raise IgnoreRequest(host.left)

    def answered(self, response: Response, request: Request) -> None:
        if response.status not in OVERLOADED:
            return
        asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
        wait = seconds(asked, datetime.now(UTC)) if response.status in (429, 503) else None
        if wait:
            self._wait(request, wait, f"asks to wait {wait:.0f} s (HTTP {response.status})")
        self._failed(request, f"HTTP {response.status}")

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in OVERLOADED:
            return response
        if (challenge := failures.challenge(response)) is not None:
            self._failed(request, challenge)
        elif not request.meta.get("dont_retry"):
            host = self._host(request)
            host.failed = host.rests = 0
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, failures.NO_ANSWER):
            self._failed(request, failures.words(Failure(exception)))

    def _failed(self, request: Request, how: str) -> None:
        if request.meta.get("dont_retry"):
            return
        host = self._host(request)
        host.failed += 1
        if host.failed < TRIES or host.left:
            return
        if host.rests < RESTS:  # then one request is sent, and whether it is answered decides
            self._wait(request, self.first * 2**host.rests, f"failed {host.failed} times in a row ({how})")
            host.rests += 1
        else:
            self._leave(request, f"{self._key(request)} failed {host.failed} times in a row ({how})")

    def _wait(self, request: Request, wait: float, why: str) -> None:
        key, host = self._key(request), self._host(request)
        if wait > LONGEST_WAIT:
            self._leave(request, f"{key} {why}")
            return
        until = time.monotonic() + wait
        if until <= host.until:
            return
        host.until = until
        logger.warning("%s %s: nothing is asked of it for %.0f s", key, why, wait)
        downloader: Any = self.crawler.engine.downloader if self.crawler.engine else None
        slot = downloader.slots.get(key) if downloader else None
        if slot is not None:
            if slot.latercall:
                slot.latercall.cancel()
            slot.latercall = call_later(wait, downloader._latercall, slot)  # as the slot itself waits for its delay

    def _leave(self, request: Request, why: str) -> None:
        key = self._key(request)
        host = self._host(request)
        host.left = f"{why}: it is left alone for this run"
        logger.warning("%s", host.left)
        spider: Any = self.crawler.spider
        if hasattr(spider, "unread"):
            spider.unread["/".join(request.url.split("/")[:3])] = host.left
        downloader: Any = self.crawler.engine.downloader if self.crawler.engine else None
        slot = downloader.slots.get(key) if downloader else None
        while slot and slot.queue:  # what waits for its turn has passed `process_request`
            _, waiting = slot.queue.popleft()
            answer: Deferred[Response] = waiting
            answer.errback(IgnoreRequest(host.left))

    def _key(self, request: Request) -> str:
        return str(request.meta.get("download_slot") or request.url.split("/")[2].rpartition("@")[2].partition(":")[0])

    def _host(self, request: Request) -> Host:
        return self.hosts.setdefault(self._key(request), Host())


def seconds(value: str, now: datetime) -> float | None:
    """A Retry-After as seconds from ``now``; None where it cannot be read.

    >>> seconds("120", datetime(2026, 3, 1, tzinfo=UTC))
    120.0
    >>> seconds("Sun, 01 Mar 2026 00:00:30 GMT", datetime(2026, 3, 1, tzinfo=UTC))
    30.0
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


class QuietFormatter(LogFormatter):
    """Items hold whole pages: a line for each in the log says which, not what."""

    def scraped(self, item: Any, response: Any, spider: Any) -> Any:
        return {"level": logging.DEBUG, "msg": "%(item)s", "args": {"item": f"{type(item).__name__} {response}"}}
