"""Fetches that went wrong: tried again, and told in words for the archive and the operator."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider import cms
from newsspider.items import PageError

WORDS: dict[type[Exception], str] = {
    CannotResolveHostError: "no such host (DNS)",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "timed out",
    ResponseDataLossError: "the answer broke off",
    DownloadCancelledError: "too large, or cancelled",
}
# Of <twisted.python.failure.Failure twisted.internet.error.ConnectionLost: Connection was lost.> what a reader understands.
REPR = re.compile(r"<twisted\.python\.failure\.Failure (?:[\w.]+: )?([^>]*)>")


def words(failure: Failure) -> str:
    """One line: the kind of failure in our words; of one that we have none for, what the network said."""
    error = failure.value
    for kind, what in WORDS.items():
        if isinstance(error, kind):
            return what
    said = REPR.sub(r"\1", " ".join(str(error).split()))[:200].strip(" :[]")
    if isinstance(error, IgnoreRequest):
        return said or "refused by a middleware"
    return f"the connection failed: {said}" if said else f"the connection failed ({type(error).__name__})"


def wall(response: Response) -> str:
    """What stands between us and the page, where the body of an HTTP error says it."""
    try:
        cms.read_article(response.body, response.url)
    except PageError as found:
        if found.kind in ("challenge", "captcha", "login", "forbidden"):
            return f", {found}"
    return ""


class Retry(RetryMiddleware):
    """Scrapy's, which also asks again where a 200 brings no bytes: an overloaded server's way to fail."""

    def process_response(  # type: ignore[override]  # Scrapy does not want `spider` any more
        self, request: Request, response: Response
    ) -> Request | Response:
        empty = response.status == 200 and not response.body and urlsplit(response.url).path != "/robots.txt"
        if empty and not request.meta.get("dont_retry"):
            return self._retry(request, "no bytes") or response
        return super().process_response(request, response)
