"""Redirects that a page makes, followed as those of HTTP are: as many, and within the organisation."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware
from scrapy.http import Response

from newsspider import cms
from newsspider.cms import pager, redirects
from newsspider.items import PageError
from newsspider.reading import links
from newsspider.spiders.assets import headers_of


class PageRedirect(BaseRedirectMiddleware):
    """A page that leads to where we came from is a challenge: it wants its script run, and stays what it is."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status != 200 or request.meta.get("dont_redirect") or not redirects.may_lead(response.body):
            return response
        if urlsplit(response.url).path == "/robots.txt":
            return response
        found = self._target(response)
        if found is None or links.kind(found[0], response.url) == "external":
            return response
        before = (request.url, response.url, *request.meta.get("redirect_urls", ()))
        if _key(found[0]) in map(_key, before):
            return response
        redirected = self._redirect_request_using_get(request, response, found[0])
        return self._redirect(redirected, request, found[1])

    def _target(self, response: Response) -> tuple[str, str] | None:
        try:
            return redirects.target(cms.opened(response.body, response.url, headers=headers_of(response)))
        except PageError:
            return None


def _key(url: str) -> str:
    """What two addresses of one page have in common; http and https may differ in what they answer."""
    return f"{urlsplit(url).scheme} {pager.comparable(url)}"
