"""Families: a CMS and its rules. `read_article` and `read_listing` find the family of a page and let it read."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from newsspider.cms import feeds, redirects, third_party
from newsspider.cms.base import Family, Page
from newsspider.cms.boards import Gnuboard, Jwxe, K2Web
from newsspider.cms.generic import Generic
from newsspider.cms.hanweb import Hanweb
from newsspider.cms.open_source import Drupal, Joomla, WordPress
from newsspider.cms.rpage import RPage
from newsspider.cms.vsb import VSB
from newsspider.cms.webplus import WebPlus
from newsspider.cms.wechat import WeChat
from newsspider.items import Article, ListingPage, PageError, Site
from newsspider.reading import refusals
from newsspider.reading.verdict import Verdict

GENERIC = Generic()
OWN: tuple[Family, ...] = (
    *(VSB(), WebPlus(), Hanweb(), WeChat()),
    *(K2Web(), Jwxe(), Gnuboard(), RPage()),
    *(WordPress(), Drupal(), Joomla()),
    GENERIC,
)
logger = logging.getLogger(__name__)


@cache
def families() -> tuple[Family, ...]:
    """All families, in the order in which they are asked: other packages' first, the generic one last."""
    return (*_others(), *OWN)


@cache
def _others() -> dict[Family, str]:
    """Other packages' families, and what provides each."""
    return {it.family: it.package for it in third_party.families([family.name for family in OWN])}


def family_of(page: Page) -> tuple[Family, str]:
    """The family of a page, and why: what its site's file says, else what the page shows."""
    if page.site is not None and page.site.cms:
        for family in families():
            if family.name == page.site.cms:
                return family, "site.cms"
        known = ", ".join(family.name for family in families())
        raise ValueError(f"no family is named {page.site.cms!r}; known: {known}")
    return next((family, why) for family in families() if (why := _evidence(family, page)))


def _evidence(family: Family, page: Page) -> str | None:
    try:
        return family.evidence(page)
    except Exception as crash:
        package = _others().get(family)
        if package is None:
            raise
        logger.error(
            "the family %r of %s crashed on %s and is passed over", *(family.name, package, page.url), exc_info=crash
        )
        return None


def opened(payload: bytes, url: str, *, site: Site | None = None, headers: Mapping[str, str] | None = None) -> Page:
    """The page that the bytes are. Raises PageError where they are none: a file, nothing, too much."""
    page_type = next((value for name, value in (headers or {}).items() if name.lower() == "content-type"), None)
    payload = feeds.unpacked(payload)
    refusals.check_bytes(payload, page_type)
    page = Page(payload, url, encoding=site.encoding if site else None, headers=headers, site=site)
    refusals.check_tree(page)
    return page


def read_article(
    payload: bytes, url: str, *, site: Site | None = None, headers: Mapping[str, str] | None = None
) -> Article:
    """The article on a page, from its bytes. Raises PageError, with what was found instead, where it is none."""
    page = opened(payload, url, site=site, headers=headers)
    return family_of(page)[0].article(page)


def read_listing(
    payload: bytes, url: str, *, site: Site | None = None, headers: Mapping[str, str] | None = None
) -> ListingPage:
    """The rows of a listing page, from its bytes. Raises PageError where it is none."""
    page = opened(payload, url, site=site, headers=headers)
    return family_of(page)[0].listing(page)


def what_is(payload: bytes, url: str, *, site: Site | None = None, headers: Mapping[str, str] | None = None) -> Verdict:
    """What a page is, and why: an article, a listing, something else. Raises nothing: what is no page is a verdict, too."""
    try:
        page = opened(payload, url, site=site, headers=headers)
        if feed := feeds.kind(page):
            return Verdict("feed", evidence=((feed, 0.0),))
        refusals.check_size(page)
        if (led := redirects.target(page)) is not None:
            return Verdict("redirect", evidence=((f"{led[1]} to {led[0]}", 0.0),))
        refusals.check_page(page)
        judged = page.verdict
        if (
            judged.is_text
            and judged.kind == "article"
            and read_article(payload, url, site=site, headers=headers).published is None
        ):
            return replace(judged, kind="page")
        return judged
    except PageError as found:
        return Verdict(found.kind, evidence=((found.found, 0.0),))
