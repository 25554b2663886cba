"""Downloader middlewares that keep us from being a burden, or a reader who is counted."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.logformatter import LogFormatter
from scrapy.settings import BaseSettings

from newsspider import __version__
from newsspider.cms import counters

logger = logging.getLogger(__name__)
LONGEST_WAIT = 600.0  # seconds; a server that asks for more is left alone for this run, its articles stay due


def introduce(settings: BaseSettings) -> None:
    """Makes the User-Agent: what this is, and whom to ask about it (``CONTACT``)."""
    contact = settings["CONTACT"]
    agent = f"newsspider/{__version__} (university news archive{'; +' + contact if contact else ''})"
    settings.set("USER_AGENT", agent, priority="project")


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
        slot = slot_of(self.crawler, request)
        if asked and slot is not None and asked > slot.delay:
            slot.delay = min(float(asked), LONGEST_WAIT)
            slot.jitter = 0.0
            slot.concurrency = 1
            logger.info("robots.txt of %s asks for %s s between requests", request.url, asked)


class RetryAfter:
    """Lets a host rest as long as its 429 or 503 asks (Retry-After, seconds or a date)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in (429, 503) and response.headers.get("Retry-After"):
            wait = seconds((response.headers.get("Retry-After") or b"").decode("latin-1"), datetime.now(UTC))
            slot = slot_of(self.crawler, request)
            if wait and slot is not None:
                slot.delay = max(slot.delay, min(wait, LONGEST_WAIT))
                logger.warning("%s asks to wait %.0f s", response.url, wait)
        return response


def seconds(value: str, now: datetime) -> float | None:
    """A Retry-After as seconds from ``now``; None where it cannot be read.

    >>> seconds("120", datetime(2026, 3, 1, tzinfo=UTC))
    120.0
    >>> seconds("Sun, 01 Mar 2026 00:00:30 GMT", datetime(2026, 3, 1, tzinfo=UTC))
    30.0
    """
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def slot_of(crawler: Crawler, request: Request) -> Any:
    """The downloader's slot of the request's host; None before its first request."""
    downloader = crawler.engine.downloader if crawler.engine else None
    return downloader and downloader.slots.get(downloader.get_slot_key(request))


class QuietFormatter(LogFormatter):
    """Items hold whole pages: a line for each in the log says which, not what."""

    def scraped(self, item: Any, response: Any, spider: Any) -> Any:
        return {"level": logging.DEBUG, "msg": "%(item)s", "args": {"item": f"{type(item).__name__} {response}"}}
