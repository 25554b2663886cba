"""A look at an address: what stands there, how it is read, and whether its counters answer. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newsspider import cms
from newsspider.cms import counters
from newsspider.cms.base import Page
from newsspider.extract import charset
from newsspider.items import Article, Counter, Entry, ListingPage, PageError, Site, joined
from newsspider.spiders import columns, failures, politeness
from newsspider.spiders.findings import Column, CountTest, Findings, Robots, Sample
from newsspider.spiders.news import GONE, MOST_PARTS, asking, outweighs

SAMPLES = 3
COLUMNS = 6  # listings of a front page that are looked at


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """An answer, or why there is none."""

    url: str
    status: int | None = None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    error: str | None = None


class ProbeSpider(Spider):
    """Looks at one address with some ten requests. ``site``: read its pages with this site's rules.

    Where the address is a front page, the listings it links to are tried; of a listing, the first and the next page, three
    articles and their counters are read.
    """

    name = "probe"
    custom_settings = {"ITEM_PIPELINES": {}}  # noqa: RUF012 - Scrapy's own way

    def __init__(self, *args: Any, url: str, site: Site | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.url, self.site = url, site
        self.found = Findings(
            url=url, site=site.name if site else None, selectors=tuple(site.selectors) if site else ()
        )
        self.robots: dict[str, Robots] = {}

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        politeness.introduce(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ProbeSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.robots_answered, signal=signals.response_downloaded)
        crawler.signals.connect(spider.robots_parsed, signal=signals.robots_parsed)
        return spider

    def robots_answered(self, response: Response, request: Request) -> None:
        if request.url.endswith("/robots.txt"):
            self.robots[_host(request.url)] = Robots(url=request.url, status=response.status)

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        agent = self.settings["ROBOTSTXT_USER_AGENT"]
        known = self.robots.get(_host(request.url))
        if known:
            allowed, delay = robotparser.allowed(request.url, agent), robotparser.crawl_delay(agent)
            self.robots[_host(request.url)] = replace(known, allowed=allowed, delay=delay)

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url, callback=self.parse, errback=self.missed, dont_filter=True)

    def missed(self, failure: Failure) -> None:
        self.found.error = failures.words(failure)
        self.found.robots = self.robots.get(_host(self.url))

    def _arrived(self, response: Response) -> Fetched:
        found, first = self.found, _fetched(response, self.url)
        found.status, found.robots, found.error = first.status, self.robots.get(_host(self.url)), first.error
        found.final_url = first.url if first.url != self.url else None
        found.redirected_by = tuple(str(how) for how in response.meta.get("redirect_reasons", ()))
        return first

    async def parse(self, response: Response) -> None:
        found, first = self.found, self._arrived(response)
        if first.error is not None:
            return
        try:
            page = cms.opened(first.body, first.url, site=self.site, headers=first.headers)
        except PageError as error:
            found.kind, found.error = error.kind, str(error)
            return
        self._describe(page, first)
        listing, article = self._listing(first), self._article(first)
        judged = cms.what_is(first.body, first.url, site=self.site, headers=first.headers)
        if isinstance(article, Article) and outweighs(judged, listing if isinstance(listing, ListingPage) else None):
            found.kind, found.samples = "article", (Sample(url=first.url, article=article, views=article.views),)
        elif (named := columns.instead(page, listing if isinstance(listing, ListingPage) else None)) is not None:
            found.kind = "front page"
            await self._front(named)
        elif isinstance(listing, PageError):
            found.kind, found.error = listing.kind, str(listing)
        else:
            found.kind, found.listing_url, found.listing = "listing", self.url, listing
        if found.listing:
            await self._walk(found.listing)
        await self._count()

    def _describe(self, page: Page, first: Fetched) -> None:
        found = self.found
        family, found.evidence = cms.family_of(page)
        found.family = family.name
        found.title = page.head_titles[-1] if page.head_titles else None
        found.language = page.root.get("lang") or None
        found.charset = page.encoding
        found.declared_charset = charset.declared(first.body, first.headers.get("Content-Type"))

    async def _front(self, named: Mapping[str, str]) -> None:
        """Tries the listings that a front page names; the one with most dated entries is looked at closely."""
        most, tried = (0, 0), []
        for url, title in list(named.items())[:COLUMNS]:
            fetched = await self._fetch(url)
            listing = self._listing(fetched)
            if isinstance(listing, PageError):
                tried.append(Column(url=url, title=title, error=str(listing)))
                continue
            dated = sum(entry.published is not None for entry in listing.entries)
            tried.append(Column(url=url, title=title, entries=len(listing.entries), dated=dated))
            if (dated, len(listing.entries)) > most:
                most = (dated, len(listing.entries))
                self.found.listing_url, self.found.listing = url, listing
        self.found.columns = tuple(tried)

    async def _walk(self, listing: ListingPage) -> None:
        if asked := listing.next_url or listing.next_form:
            page = self._listing(await self._fetch(**asking(asked)))
            if isinstance(page, PageError):
                self.found.next_error = str(page)
            else:
                self.found.next_page = page
        await self._sample(spread([entry for entry in listing.entries if entry.kind == "article"], SAMPLES))

    async def _sample(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            fetched = await self._fetch(entry.url)
            article = self._article(fetched)
            if isinstance(article, Article) and article.continues:
                article = await self._whole(article)
            if isinstance(article, PageError):
                refused = "missing" if fetched.status in GONE else None if fetched.error else article.kind
                self.found.samples += (Sample(url=entry.url, entry=entry, error=str(article), refused=refused),)
            else:
                views = article.views if article.views is not None else entry.views
                self.found.samples += (Sample(url=entry.url, entry=entry, article=article, views=views),)

    async def _whole(self, first: Article) -> Article:
        """An article with the further pages of its text, as far as they can be read."""
        further: list[Article] = []
        met, following = {first.url}, first.continues
        while following and following not in met and len(further) < MOST_PARTS:
            met.add(following)
            part = self._article(await self._fetch(following))
            if isinstance(part, PageError):
                break
            further.append(part)
            following = part.continues
        return joined(first, further) or first

    async def _count(self) -> None:
        """Reads the samples' counters one by one and, those of a kind, in one batch."""
        kinds: dict[counters.Group, list[Counter]] = defaultdict(list)
        for sample in self.found.samples:
            if sample.article and sample.article.counter:
                kinds[counters.group(sample.article.counter)].append(sample.article.counter)
        self.found.counters = tuple([await self._tested(asked) for asked in kinds.values()])
        self.found.samples = tuple(_counted(sample, self.found.counters) for sample in self.found.samples)

    async def _tested(self, asked: list[Counter]) -> CountTest:
        errors: list[str] = []
        singles = {one.key: (await self._counts(counters.single(one), errors)).get(one.key) for one in asked}
        test = CountTest(family=asked[0].family, url=asked[0].url, singles=singles, errors=tuple(errors))
        if len(asked) > 1:
            question = counters.batch(asked)
            batch = await self._counts(question, errors)
            test = replace(test, batch_url=question.url, batch=batch, errors=tuple(errors))
        return test

    async def _counts(self, question: counters.Question, errors: list[str]) -> dict[str, int | None]:
        reply = await self._fetch(question.url, question.method)
        try:
            if reply.error:
                raise counters.BadReply(reply.error)
            values = counters.answer(question, reply.body.decode("utf-8", "replace"))
        except counters.BadReply as error:
            errors.append(f"counter {question.url}: {error}")
            return {}
        return {counter.key: value for counter, value in zip(question.counters, values, strict=True)}

    async def _fetch(self, url: str, method: str = "GET", **form: Any) -> Fetched:
        engine = self.crawler.engine
        assert engine is not None
        request = Request(url, method=method, **form, meta={"dont_cache": True})
        try:
            return _fetched(await engine.download_async(request), url)
        except failures.FAILED as error:
            return Fetched(url=url, error=failures.words(Failure(error)))

    def _listing(self, fetched: Fetched) -> ListingPage | PageError:
        try:
            page = self._page(fetched)
            return cms.family_of(page)[0].listing(page)
        except PageError as error:
            return error

    def _article(self, fetched: Fetched) -> Article | PageError:
        try:
            page = self._page(fetched)
            article = cms.family_of(page)[0].article(page)
        except PageError as error:
            return error
        self.found.titles += tuple(page.head_titles[-1:])
        return article

    def _page(self, fetched: Fetched) -> Page:
        if fetched.error:
            raise PageError("unreadable", fetched.error)
        return cms.opened(fetched.body, fetched.url, site=self.site, headers=fetched.headers)


def _fetched(response: Response, url: str) -> Fetched:
    failed = response.status >= 400
    return Fetched(
        url=response.url,
        status=response.status,
        body=response.body,
        headers={name.decode("latin-1"): b", ".join(its).decode("latin-1") for name, its in response.headers.items()},
        error=f"HTTP {response.status}" if failed else None,
    )


def _host(url: str) -> str:
    return url.split("/")[2]


def spread(entries: Sequence[Entry], count: int) -> Iterator[Entry]:
    """The first, the last and those between at even distances: older articles may have another template."""
    if len(entries) <= count:
        yield from entries
    else:
        yield from (entries[number * (len(entries) - 1) // (count - 1)] for number in range(count))


def _counted(sample: Sample, tests: Sequence[CountTest]) -> Sample:
    counter = sample.article.counter if sample.article else None
    for test in tests:
        if counter is not None and counter.key in test.singles:
            views = test.singles[counter.key]
            return replace(sample, views=views if views is not None else test.batch.get(counter.key, sample.views))
    return sample
