"""What stands between every request and the network: the scope of the run, asked for the address and for what its name leads to."""

from __future__ import annotations

import logging
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http.cookies import CookieJar
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from newsspider import scope
from newsspider.extract import organisations
from newsspider.items import Site

logger = logging.getLogger(__name__)


class OutOfScope(IgnoreRequest):
    """A request that was not sent; the message says why."""


class ScopeGuard:
    """Refuses what is out of scope, whoever asks for it: pages, assets, counters, robots.txt, and the targets of redirects,
    which come through here as requests of their own."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._scope: scope.Scope | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def scope(self) -> scope.Scope:
        if self._scope is None:
            spider: Any = self.crawler.spider
            site = getattr(spider, "site", None) or Site(name="")
            named = [spider.url] if hasattr(spider, "url") else []
            self._scope = scope.of(site, named, private=self.crawler.settings.getbool("ALLOW_PRIVATE"))
        return self._scope

    def process_request(self, request: Request) -> None:
        why = self.scope.refusal(request.url)
        if why is None:
            name = scope.host(request.url)
            if self.scope.may_be_private(name):
                Resolver.may_be_private.add(name)
            return
        self._refuse(request, why)

    def process_exception(self, request: Request, exception: Exception) -> None:
        name = scope.host(request.url)
        if isinstance(exception, CannotResolveHostError) and name in Resolver.refused:
            self._refuse(request, f"{name} leads to {Resolver.refused[name]}; --allow-private asks it")

    def _refuse(self, request: Request, why: str) -> None:
        self.crawler.stats.inc_value("newsspider/out_of_scope")
        logger.info("not asked: %s: %s", scope.without_secret(request.url), why)
        raise OutOfScope(f"out of scope: {why}")


class Resolver(CachingThreadedResolver):
    """Scrapy's, which gives no address of a private network for a name that may have none.

    The address it gives is the one that is connected to: nothing can change between the check and the connection.
    """

    may_be_private: set[str] = set()  # noqa: RUF012 - the names of this process, as Scrapy's cache of them
    refused: dict[str, str] = {}  # noqa: RUF012 - and what they led to

    def __init__(self, reactor: Any, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.proxies = {urlsplit(url).hostname for url in getproxies().values()}

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        plain = scope.host(f"//{name}")
        what = scope.private(address)
        if what and plain not in self.may_be_private and name not in self.proxies:
            self.refused[plain] = f"{address}, {what}"
            raise DNSLookupError(f"{name} leads to {address}, {what}")
        return address


class Redirect(RedirectMiddleware):
    """Scrapy's, which follows no redirect to an address with a password in it, nor logs it."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        if "@" in urlsplit(redirected.url).netloc:
            raise OutOfScope("out of scope: it redirects to an address with a user's name or password in it")
        return super()._redirect(redirected, request, reason)


class Cookies(CookiesMiddleware):
    """Scrapy's, which knows public suffixes from the list that is installed; its own fetches one at the first cookie.

    Some servers redirect to the page itself until a cookie comes back.
    """

    def _process_cookies(self, cookies: Any, *, jar: CookieJar, request: Request) -> None:
        name = (urlsplit(request.url).hostname or "").lower()
        for cookie in cookies:
            domain = cookie.domain.removeprefix(".")
            if domain and organisations.is_public_suffix(domain):
                if domain != name:
                    continue
                cookie.domain = name
            jar.set_cookie_if_ok(cookie, request)
