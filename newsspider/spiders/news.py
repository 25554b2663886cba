"""The crawl: listing → article → counter. What it yields, the pipelines store."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newsspider import cms
from newsspider.archive import Archive, frontier, polling
from newsspider.cms import feeds
from newsspider.extract import keys, urls
from newsspider.items import (
    INCOMPLETE,
    Article,
    ArticleItem,
    Capture,
    CountsItem,
    Entry,
    Form,
    ListingItem,
    ListingPage,
    PageError,
    instant,
    joined,
)
from newsspider.reading import verdict
from newsspider.reading.verdict import Verdict
from newsspider.spiders import columns, failures, politeness, walks
from newsspider.spiders.assets import Assets, headers_of
from newsspider.spiders.counting import CountingSpider, Wanted
from newsspider.spiders.endings import closes
from newsspider.spiders.readers import Readers, shared

logger = logging.getLogger(__name__)
Found = ArticleItem | ListingItem | CountsItem | Request
GONE = (404, 410)
UNCHANGED = 304
MOST_COLUMNS = 12  # listings of a front page that are followed
MOST_SITEMAPS = 50  # of an index
MOST_PARTS = 30  # pages of one article


class NewsSpider(CountingSpider):
    """Crawls one site. Arguments (``-a``): ``revisit`` due, all or none; ``full``, ``limit``, ``max_pages``, ``since``, ``assets``.

    ``assets``: images and attachments are fetched too, up to so many megabytes each.
    """

    run_kind = "crawl"
    readers: Readers

    def __init__(
        self,
        *args: Any,
        revisit: str = "due",
        full: bool | str = False,
        limit: int | str | None = None,
        max_pages: int | str | None = None,
        since: str | None = None,
        assets: float | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if revisit not in ("due", "all", "none"):
            raise ValueError(f"revisit={revisit!r}: it takes due, all or none")
        self.revisit, self.since = revisit, since and date.fromisoformat(since).isoformat()
        self.full = full not in (False, "", "0", "false", "no")
        self.limit = int(limit) if limit else None
        self.max_pages = int(max_pages) if max_pages else None
        self.assets = Assets(self, float(assets)) if assets else None
        self.begin_counting()
        self.asked: set[str] = set()  # article pages of this run
        self.met: dict[str, set[tuple[str, str]]] = defaultdict(set)  # rows of this run, by listing
        self.unfinished: dict[str, bool] = {}  # whether an earlier walk through a listing broke off
        self.guessed: set[str] = set()  # listings that a front page's menu named
        self.unread: dict[str, str] = {}  # listings that could not be read, and why
        self.stuck: dict[str, str] = {}  # listings whose further pages cannot be asked for, and why
        self.crashes = 0

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        politeness.introduce(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> NewsSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.readers = shared(crawler.settings.getbool("READ_BESIDE"))
        crawler.signals.connect(spider.idle, signal=signals.spider_idle)
        crawler.signals.connect(spider.closed_archive, signal=signals.spider_closed)
        return spider

    def idle(self) -> None:
        requests = list(self.remaining())
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def closed_archive(self) -> None:
        self.unread |= {address: f"the counter does not answer: {why}" for (_, address, _), why in self.silent.items()}
        if hasattr(self, "archive"):
            self.archive.close()

    def held_closes(self, url: str) -> bool | None:
        """Whether the page last held of an address ended with </html>; None: none is held."""
        payload = frontier.payload(self.archive.conn, url)
        return None if payload is None else closes(payload)

    async def start(self) -> AsyncIterator[Found]:
        if self.broken:
            return
        self.archive = Archive(self.settings["ARCHIVE"])
        for found in self._owed():
            yield found
        for request in self._listings(self.site.listings):
            yield request
        if self.assets:
            for request in self.assets.left(self.archive.conn, self.now()):
                yield request

    def _owed(self) -> Iterator[Found]:
        """Counts that an earlier run was ended before: their articles' pages were read, their counters not asked."""
        owed = polling.owed(self.archive.conn, self.site.name)
        for count in polling.counts(self.archive.conn, owed):
            if count.counter:
                yield from self.want(Wanted(counter=count.counter, native_id=count.native_id, url=count.url))

    def _listings(self, urls: Sequence[str]) -> Iterator[Request]:
        now = self.now()
        self.unfinished |= {url: frontier.unfinished(self.archive.conn, url, now) for url in urls}
        for url in urls:
            yield self._listing_request(url, url, 1)
        for known in frontier.standing(self.archive.conn, urls, now):
            if self._wants(known, now):
                yield from self._article_request(known.url, None, known.listing)

    def _wants(self, known: frontier.Known, now: datetime) -> bool:
        """Whether a page that is known is to be looked at in this run."""
        if known.kind != "article" or (self.revisit == "none" and known.held):
            return False
        return (self.revisit == "all" and known.held) or known.due(now)

    # Listings

    def _listing_request(self, asked: str | Form, listing: str, number: int) -> Request:
        url = asked if isinstance(asked, str) else f"{asked.url.partition('#')[0]}#{asked.clicked}"
        about = {"url": url, "listing": listing, "number": number}
        return Request(
            **asking(asked),
            callback=self.parse_listing,
            errback=self.missed_listing,
            cb_kwargs=about,
            dont_filter=True,
        )

    async def parse_listing(self, response: Response, url: str, listing: str, number: int) -> AsyncIterator[Found]:
        capture, error, mistaken = self._captured(response, url), None, False
        page = None
        if capture.error is None:
            try:
                page = await self.readers.listing(response.body, response.url, self.site, capture.headers)
            except PageError as found:
                error = str(found)
                mistaken = url in self.guessed and found.kind in ("article", "file")
            except Exception as crash:  # noqa: BLE001 - the crawl goes on; the page stays in the archive for the mending
                error = self._crashed(crash, url)
        if number == 1 and capture.error is None and self._reads_as_article(response, page):
            async for item in self.parse_article(response, url, None, ""):
                yield item
            return
        named = self._columns(response, page) if url in self.site.listings and capture.error is None else []
        for request in self._listings(named):
            yield request
        if page is None and named:
            page = ListingPage(entries=(), rules={"entries": "none: the page names listings"})
        if page is None:
            yield self._unread_listing(replace(capture, error=error or capture.error), listing)
            if mistaken:  # a name in a menu that sounds like a column's is no promise
                del self.unread[capture.url]
            return
        fresh = self._fresh(page, listing)
        onward = fresh and not self._old(page)
        more = page.next_url or page.next_form if onward else None
        if more and not self.max_pages and (why := walks.endless(page, number, self.now().date())):
            politeness.note(
                self.crawler,
                f"{listing} was left at page {number}: {why}; --full --max-pages {10 * number} goes further",
            )
            onward, more = False, None
        cut = bool(more and self.max_pages and number >= self.max_pages) or self._enough()
        stuck = self._stuck(page, listing, onward=onward)
        if stuck:
            self.stuck[listing] = f"further pages cannot be followed: {stuck}"
        yield ListingItem(
            site=self.site.name,
            capture=capture,
            listing=listing,
            page=page,
            last=more is None and not cut and stuck is None,
            stuck=stuck,
            answered=response.url if response.url != url else None,
        )
        # Asked for in this order: the next page comes while this one's articles are read, and two pages are all that waits.
        if more and not cut:
            yield self._listing_request(more, listing, number + 1)
        for request in self._entries(page, listing):
            yield request

    def _stuck(self, page: ListingPage, listing: str, *, onward: bool) -> str | None:
        """Why the walk does not reach the end of a listing; where it need not go on from here, what an earlier one found there."""
        if onward:
            return page.stuck
        return frontier.stuck(self.archive.conn, listing) if page.next_url or page.next_form or page.stuck else None

    def _columns(self, response: Response, page: ListingPage | None) -> list[str]:
        """The listings that an index of sitemaps names, or a front page, where front pages are all that we were given."""
        fronts = all(map(columns.is_front, (response.url, *self.site.listings)))
        if page is not None and not fronts:
            return []
        try:
            front = cms.opened(response.body, response.url, site=self.site, headers=headers_of(response))
        except PageError:
            return []
        index = feeds.kind(front) is not None
        named = list(columns.instead(front, page) or ()) if index or fronts else []
        most = MOST_SITEMAPS if index else MOST_COLUMNS
        if index and len(named) > most:
            logger.warning("%s names %d sitemaps; the %d changed last are read", response.url, len(named), most)
        self.guessed |= set(() if index else named[:most])
        return named[:most]

    def _reads_as_article(self, response: Response, page: ListingPage | None) -> bool:
        """Whether a seed is the address of an article."""
        return outweighs(cms.what_is(response.body, response.url, site=self.site, headers=headers_of(response)), page)

    def missed_listing(self, failure: Failure) -> Iterator[Found]:
        about = failure.request.cb_kwargs  # type: ignore[attr-defined]
        capture = Capture(url=about["url"], captured_at=instant(self.now()), error=failures.words(failure))
        yield self._unread_listing(capture, about["listing"])

    def _unread_listing(self, capture: Capture, listing: str) -> ListingItem:
        logger.info("listing %s: %s", capture.url, capture.error)
        self.unread[capture.url] = capture.error or ""
        return ListingItem(site=self.site.name, capture=capture, listing=listing)

    def _fresh(self, page: ListingPage, listing: str) -> bool:
        """Whether a page gives reason to turn to the next: a row never met in this listing, or a walk that broke off before.

        Not dates: a pinned old item stands above newer ones.
        """
        rows = {
            (keys.of(entry.url), entry.title if entry.kind == "opener" else "") for entry in page.entries
        } - self.met[listing]
        self.met[listing] |= rows  # in this run: a listing that links to itself for ever ends here
        if self.full or self.unfinished[listing]:
            return bool(rows)
        urls = [entry.url for entry in page.entries if entry.kind != "opener"]
        known = frontier.known(self.archive.conn, urls, listing, self.now())
        return any(url not in known or (known[url].held and known[url].listing != listing) for url in urls)

    def _old(self, page: ListingPage) -> bool:
        dates = [entry.published for entry in page.entries]
        return self.since is not None and all(date is not None and date < self.since for date in dates)

    def _enough(self) -> bool:
        return self.limit is not None and len(self.asked) >= self.limit

    # Articles

    def _entries(self, page: ListingPage, listing: str) -> Iterator[Request]:
        now = self.now()
        known = frontier.known(self.archive.conn, [entry.url for entry in page.entries], listing, now)
        for entry in page.entries:
            if entry.kind != "article" or (self.since and entry.published and entry.published < self.since):
                continue
            if entry.url not in known or self._wants(known[entry.url], now):
                yield from self._article_request(entry.url, entry, listing)

    def _article_request(self, url: str, entry: Entry | None, listing: str) -> Iterator[Request]:
        if keys.of(url) in self.asked or self._enough():
            return
        self.asked.add(keys.of(url))
        about = {"url": url, "entry": entry, "listing": listing}
        held = frontier.validators(self.archive.conn, url)
        yield Request(
            url,
            headers=held.headers if held else None,
            callback=self.parse_article,
            errback=self.missed_article,
            cb_kwargs=about,
            dont_filter=True,
        )

    async def parse_article(
        self, response: Response, url: str, entry: Entry | None, listing: str
    ) -> AsyncIterator[Found]:
        item = await self.look(response, url, entry, listing)
        yield item
        article = item.article
        if article and article.counter:
            for request in self.want(Wanted(counter=article.counter, native_id=article.native_id, url=url)):
                yield request
        if article and self.assets:
            for request in self.assets.of(article, self.archive.conn, again=self.revisit == "all"):
                yield request

    async def look(self, response: Response, url: str, entry: Entry | None, listing: str) -> ArticleItem:
        """What came of asking for an article's page."""
        capture, error, gone = self._captured(response, url), None, response.status in GONE
        if response.status == UNCHANGED:
            capture = self._unchanged(capture)
        article: Article | None = None
        parts: tuple[Capture, ...] = ()
        if capture.error is None:
            try:
                article = await self.readers.article(capture.payload or b"", response.url, self.site, capture.headers)
            except PageError as found:
                error = str(found)
                gone = found.kind in ("missing", "forbidden") or urls.leads_home(url, response.url)
            except Exception as crash:  # noqa: BLE001 - the crawl goes on; the page stays in the archive for the mending
                error = self._crashed(crash, url)
        if error:
            capture = replace(capture, error=error)
        if article is not None and article.continues:
            article, parts = await self._whole(article)
            lost = parts[-1].error if parts else None
            if lost is not None:
                note = f"{INCOMPLETE}page {len(parts) + 1} of the text, {parts[-1].url}: {lost}"
                capture = replace(capture, note=note)
        return ArticleItem(
            site=self.site.name,
            capture=capture,
            article=article,
            entry=entry,
            listing=listing or None,
            gone=gone,
            parts=parts,
        )

    def _unchanged(self, capture: Capture) -> Capture:
        """A 304 stands for the page that is held, with the headers it came with."""
        held = frontier.validators(self.archive.conn, capture.url)
        payload = frontier.payload(self.archive.conn, capture.url)
        if held is None or payload is None:
            return replace(capture, error="HTTP 304, though nothing that is held was asked about")
        headers = held.held | {name.lower(): value for name, value in capture.headers.items()}
        return replace(capture, payload=payload, headers=headers)

    async def _whole(self, first: Article) -> tuple[Article, tuple[Capture, ...]]:
        """An article with the further pages of its text, and their captures: as many as could be read, and the one that could not."""
        further: list[Article] = []
        captures: list[Capture] = []
        met, following = {first.url}, first.continues
        while following and following not in met and len(captures) < MOST_PARTS:
            met.add(following)
            capture, part = await self._part(following)
            captures.append(capture)
            if part is None:
                break
            further.append(part)
            following = part.continues
        whole = joined(first, further)
        return (whole, tuple(captures)) if whole else (first, ())

    async def _part(self, url: str) -> tuple[Capture, Article | None]:
        engine = self.crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(Request(url, dont_filter=True))
        except failures.FAILED as error:
            return Capture(url=url, captured_at=instant(self.now()), error=failures.words(Failure(error))), None
        capture = self._captured(response, url)
        if capture.error is not None:
            return capture, None
        try:
            return capture, await self.readers.article(response.body, response.url, self.site, capture.headers)
        except PageError as found:
            return replace(capture, error=str(found)), None
        except Exception as crash:  # noqa: BLE001 - as of any page
            return replace(capture, error=self._crashed(crash, url)), None

    def missed_article(self, failure: Failure) -> Iterator[Found]:
        about = failure.request.cb_kwargs  # type: ignore[attr-defined]
        capture = Capture(url=about["url"], captured_at=instant(self.now()), error=failures.words(failure))
        yield ArticleItem(site=self.site.name, capture=capture, entry=about["entry"], listing=about["listing"] or None)

    # Both

    def _captured(self, response: Response, url: str) -> Capture:
        failed = response.status >= 400
        return Capture(
            url=url,
            captured_at=instant(self.now()),
            status=response.status,
            headers=headers_of(response),
            payload=None if failed else response.body,
            error=f"HTTP {response.status}{failures.wall(response)}" if failed else None,
            note=failures.loss(response),
        )

    def _crashed(self, crash: Exception, url: str) -> str:
        self.crashes += 1
        logger.error("reading %s crashed; this is a defect of newsspider", url, exc_info=crash)
        return f"crash: {type(crash).__name__}: {crash}"


def asking(asked: str | Form) -> dict[str, Any]:
    """How a page is asked for: by its address, or by sending a form."""
    if isinstance(asked, str):
        return {"url": asked}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode(asked.fields, encoding=asked.encoding, errors="xmlcharrefreplace")
    return {"url": asked.url, "method": "POST", "body": body, "headers": kind}


def outweighs(found: Verdict, page: ListingPage | None) -> bool:
    """Whether a page is an article, also where rows of links on it read as a listing."""
    return found.kind == "article" and (page is None or found.points > verdict.SURE)
