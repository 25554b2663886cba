"""One look at the host of a site for `newsspider doctor`: its name, its certificate, its robots.txt, its clock. One request."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

SECONDS = 15.0
MOST = 512 * 1024  # bytes of a robots.txt


@dataclass(kw_only=True)
class Host:
    """``ahead``: seconds that its clock is before ours. ``certificate``: what is wrong with it. ``forbidden``: listings."""

    url: str
    error: str | None = None
    certificate: str | None = None
    status: int | None = None
    ahead: float | None = None
    forbidden: tuple[str, ...] = ()


def look(url: str, listings: tuple[str, ...], agent: str, robot: str) -> Host:
    """Asks the host of ``url`` for its robots.txt."""
    found = Host(url=url)
    parts = urlsplit(url)
    try:
        socket.getaddrinfo(parts.hostname, parts.port or 80)
    except OSError:
        found.error = "no such host (DNS)"
        return found
    try:
        _ask(found, agent, robot, listings, ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        found.certificate = error.verify_message
        _again(found, agent, robot, listings)
    except (OSError, http.client.HTTPException) as error:
        found.error = _words(error)
    return found


def _again(found: Host, agent: str, robot: str, listings: tuple[str, ...]) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        _ask(found, agent, robot, listings, context)
    except (OSError, http.client.HTTPException) as error:
        found.error = _words(error)


def _words(error: Exception) -> str:
    kinds = {ConnectionRefusedError: "connection refused", TimeoutError: "timed out", ssl.SSLError: "no TLS connection"}
    known = next((words for kind, words in kinds.items() if isinstance(error, kind)), None)
    said = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error) or "no answer"
    return known if known and not isinstance(error, ssl.SSLError) else f"{known or 'the connection failed'}: {said}"


def _ask(found: Host, agent: str, robot: str, listings: tuple[str, ...], context: ssl.SSLContext) -> None:
    from protego import Protego

    parts = urlsplit(found.url)
    host = parts.hostname or ""
    connection = (
        http.client.HTTPSConnection(host, parts.port, timeout=SECONDS, context=context)
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port, timeout=SECONDS)
    )
    try:
        connection.request("GET", "/robots.txt", headers={"User-Agent": agent, "Accept": "*/*"})
        asked = datetime.now(UTC)
        answer = connection.getresponse()
        found.status = answer.status
        found.ahead = _ahead(answer.headers.get("Date"), asked)
        if answer.status == 200:
            rules = Protego.parse(answer.read(MOST).decode("utf-8", "replace"))
            found.forbidden = tuple(listing for listing in listings if not rules.can_fetch(listing, robot))
    finally:
        connection.close()


def _ahead(date: str | None, now: datetime) -> float | None:
    try:
        return (parsedate_to_datetime(date or "") - now).total_seconds()
    except (ValueError, TypeError):
        return None
