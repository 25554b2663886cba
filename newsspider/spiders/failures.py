"""What went wrong with a fetch, in words for the archive and the operator."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.python.failure import Failure

WORDS: dict[type[Exception], str] = {
    CannotResolveHostError: "no such host (DNS)",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "timed out",
    ResponseDataLossError: "the answer broke off",
    DownloadCancelledError: "too large, or cancelled",
}


def words(failure: Failure) -> str:
    """One line: the kind of failure, and what the network said of it."""
    error = failure.value
    said = " ".join(str(error).split())[:200]
    for kind, what in WORDS.items():
        if isinstance(error, kind):
            return f"{what}: {said}" if said else what
    if isinstance(error, IgnoreRequest):
        return said or "refused by a middleware"
    return f"{type(error).__name__}: {said}"
