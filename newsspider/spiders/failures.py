"""Fetches that went wrong: tried again, and told in words for the archive and the operator."""

from __future__ import annotations

import re
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider import cms
from newsspider.spiders.endings import Endings, State

WORDS: dict[type[Exception], str] = {
    CannotResolveHostError: "no such host (DNS)",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "timed out",
    ResponseDataLossError: "the answer broke off",
    DownloadCancelledError: "too large, or cancelled",
}
# Of <twisted.python.failure.Failure twisted.internet.error.ConnectionLost: Connection was lost.> what a reader understands.
REPR = re.compile(r"<twisted\.python\.failure\.Failure (?:[\w.]+: )?([^>]*)>")
FAILED = (
    *(CannotResolveHostError, DownloadConnectionRefusedError, DownloadTimeoutError, ResponseDataLossError),
    *(DownloadCancelledError, DownloadFailedError, IgnoreRequest),
)
_IN_PART = {
    "cut": "its compressed stream is not at its end",
    "dataloss": "fewer bytes came than were declared",
    "partial": "the connection closed within the page",
}


class Half(ResponseDataLossError):
    """Half of a page came; the message says how that shows."""


def words(failure: Failure) -> str:
    """One line: the kind of failure in our words; of one that we have none for, what the network said."""
    error = failure.value
    for kind, what in WORDS.items():
        if isinstance(error, kind):
            return f"{what}: {error}" if isinstance(error, Half) else what
    if "certificate verify failed" in str(error) or type(error).__name__ == "VerificationError":
        return "its certificate is not in order, and --strict-tls refuses such hosts"
    said = REPR.sub(r"\1", " ".join(str(error).split()))[:200].strip(" :[]")
    if isinstance(error, IgnoreRequest):
        return said or "refused by a middleware"
    return f"the connection failed: {said}" if said else f"the connection failed ({type(error).__name__})"


NO_ANSWER = (CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError)
REFUSALS = (403, 405, 412, 418)  # statuses of a WAF's own page
SHORT = 4000  # bytes; a script that stands in a page's place with status 200 is not longer


def challenge(response: Response) -> str | None:
    """What a WAF asks of us instead of giving the page, in words; None: nothing."""
    scripted = response.status == 200 and len(response.body) < SHORT and b"<script" in response.body.lower()
    if response.status in REFUSALS or scripted:
        found = cms.what_is(response.body, response.url)
        return f"{found.kind}: {found.reason}" if found.kind in ("challenge", "captcha") else None
    return None


def wall(response: Response) -> str:
    """What stands between us and the page, where the body of an HTTP error says it."""
    found = cms.what_is(response.body, response.url)
    return f", {found.kind}: {found.reason}" if found.kind in ("challenge", "captcha", "login", "forbidden") else ""


def loss(response: Response) -> str | None:
    """What is to be noted of a page that was taken although it did not come whole."""
    if "dataloss" not in response.flags:
        return None
    declared = (response.headers.get("Content-Length") or b"").decode("latin-1")
    return f"fewer bytes came than the {declared or 'chunks'} declared; the page ends with </html> and was taken as it came"


class Retry(RetryMiddleware):
    """Scrapy's, which also asks again where a 200 brings no bytes, an overloaded server's way to fail, or half of a page."""

    endings: Endings

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        retry = super().from_crawler(crawler)
        retry.endings = Endings(lambda url: getattr(crawler.spider, "held_closes", lambda _: None)(url))
        return retry

    def process_response(  # type: ignore[override]  # Scrapy does not want `spider` any more
        self, request: Request, response: Response
    ) -> Request | Response:
        state = self.endings.state(request, response)
        if state != "whole":
            return self._in_part(request, response, state)
        empty = response.status == 200 and not response.body and urlsplit(response.url).path != "/robots.txt"
        if empty and not request.meta.get("dont_retry"):
            return self._retry(request, "no bytes") or response
        return super().process_response(request, response)

    def _in_part(self, request: Request, response: Response, state: State) -> Request | Response:
        """Asks again for what did not come whole. Raises Half where it never does."""
        again = None if request.meta.get("dont_retry") else self._retry(request, "not whole")
        if again is not None:
            return again
        if state == "unsure" or urlsplit(response.url).path == "/robots.txt":
            self.endings.accept(response)
            return response
        why = next((words for flag, words in _IN_PART.items() if flag in response.flags), "half of a page came")
        raise Half(why)
