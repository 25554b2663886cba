"""Certificates: many schools' servers have none that is in order, and browsers read them all the same. What is read so is said."""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import urlsplit

import certifi
from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.core.downloader.tls import _ScrapyClientTLSOptions26
from scrapy.crawler import Crawler
from scrapy.http import Response
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns

from newsspider.spiders.politeness import note

PROBLEMS = {
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "nobody known vouches for it (self-signed certificate in its chain)",
    20: "nobody known vouches for it (its issuer is not known)",
    21: "nobody known vouches for it (its chain is incomplete)",
}
FLAG = "certificate: "  # among Scrapy's flags of a response


class Handler(HTTP11DownloadHandler):
    """Scrapy's, which notes what is wrong with a host's certificate. With DOWNLOAD_VERIFY_CERTIFICATES such a host is not read."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.problems: dict[str, str] = {}  # by host
        if not crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
            lenient = Lenient.from_crawler(crawler)
            lenient.problems = self.problems
            self._contextFactory = lenient  # type: ignore[assignment]  # zope's interfaces

    async def download_request(self, request: Request) -> Response:
        response = await super().download_request(request)
        parts = urlsplit(request.url)
        problem = self.problems.get(parts.hostname or "") if parts.scheme == "https" else None
        if problem:
            response.flags.append(f"{FLAG}{problem}")
            note(
                self._crawler,
                f"the certificate of {parts.hostname} is not in order: {problem}; --strict-tls refuses it",
            )
        return response


class Lenient(_ScrapyClientContextFactory):
    problems: dict[str, str]

    def creatorForNetloc(self, hostname: bytes, port: int) -> _ScrapyClientTLSOptions26:  # type: ignore[override]  # as Scrapy's own
        chosen = self._get_cert_options()
        context = chosen.getContext()
        context.set_default_verify_paths()
        context.load_verify_locations(ssl.get_default_verify_paths().cafile or certifi.where())
        return Noting(chosen._makeTLSConnection, hostname.decode("ascii"), self.problems)


class Noting(_ScrapyClientTLSOptions26):
    """A connection that is made whatever the certificate."""

    def __init__(self, connect: Any, hostname: str, problems: dict[str, str]) -> None:
        super().__init__(connect, hostname)
        self.problems = problems

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:
        connection = super().clientConnectionForTLS(tlsProtocol)
        connection.set_verify(SSL.VERIFY_PEER, self._noted)
        return connection

    def _noted(self, connection: SSL.Connection, certificate: Any, error: int, depth: int, valid: int) -> bool:
        host = self._hostnameASCII
        if not valid:
            self.problems.setdefault(host, PROBLEMS.get(error, f"OpenSSL says {error}"))
        elif depth == 0:
            name = DNS_ID(host) if self._hostnameIsDnsName else IPAddress_ID(host)
            try:
                verify_service_identity(extract_patterns(certificate), [name], [])
            except (CertificateError, VerificationError):
                self.problems.setdefault(host, "it is for another name")
        return True
