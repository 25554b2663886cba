"""What a probe found at an address, and what to think of it. No request is made here."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from newsspider.extract import charset
from newsspider.items import SELECTED, Article, Entry, ListingPage, PageKind
from newsspider.reading.refusals import MAX_BYTES

FIELDS = ("title", "published", "body", "views")
"""What the archive's record of an article consists of; the other fields many pages do not have."""

_REFUSED = {
    403: "HTTP 403: the server refuses us; some firewalls refuse whole countries, or a User-Agent without a contact (--contact)",
    412: "HTTP 412: a firewall wants a script run first, which newsspider does not do",
    429: "HTTP 429: too many requests; wait, and probe again",
    493: "HTTP 493: the firewall of a WebPlus site refuses us",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Robots:
    """``allowed``: the address may be fetched. ``delay``: the Crawl-delay in seconds, None where none is asked for."""

    url: str
    status: int | None
    allowed: bool = True
    delay: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A listing that a front page links to, as its first page reads."""

    url: str
    title: str
    entries: int = 0
    dated: int = 0
    error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """An article's page as read; ``entry`` is the row of the listing that led there. ``views``: from wherever they were found.

    ``refused``: what the page is instead of an article; None with an ``error``: it could not be fetched.
    """

    url: str
    entry: Entry | None = None
    article: Article | None = None
    error: str | None = None
    refused: PageKind | None = None
    views: int | None = None

    def missing(self) -> list[str]:
        """The `FIELDS` that were not found."""
        if self.article is None:
            return list(FIELDS)
        held = {
            "title": self.article.title,
            "published": self.article.published,
            "body": self.article.body or self.article.images or self.article.attachments,
            "views": self.views is not None,
        }
        return [name for name in FIELDS if not held[name]]


@dataclass(frozen=True, kw_only=True, slots=True)
class CountTest:
    """Counters asked one by one and all at once. ``singles`` and ``batch`` by article id; None: the counter says unknown."""

    family: str
    url: str
    singles: dict[str, int | None]
    batch_url: str | None = None
    batch: dict[str, int | None] = field(default_factory=dict)
    errors: tuple[str, ...] = ()

    @property
    def agree(self) -> bool:
        return bool(self.batch) and all(self.batch.get(key) == views for key, views in self.singles.items())


@dataclass(kw_only=True, slots=True)
class Findings:
    """What stands at ``url``. ``kind`` is what its page is; ``error`` says why it could not be read, where it could not."""

    url: str
    site: str | None = None  # the site file whose rules were used
    selectors: tuple[str, ...] = ()  # those of that file, by field
    kind: PageKind | Literal["front page", "unreachable"] = "unreachable"
    status: int | None = None
    final_url: str | None = None
    redirected_by: tuple[str, ...] = ()  # HTTP statuses, meta refresh, script
    error: str | None = None
    title: str | None = None
    titles: tuple[str, ...] = ()  # <title>s of the other pages that were read
    language: str | None = None
    family: str | None = None
    evidence: str | None = None
    charset: str | None = None
    declared_charset: str | None = None
    robots: Robots | None = None
    columns: tuple[Column, ...] = ()
    listing_url: str | None = None
    listing: ListingPage | None = None
    next_page: ListingPage | None = None
    next_error: str | None = None
    samples: tuple[Sample, ...] = ()
    counters: tuple[CountTest, ...] = ()

    def missing(self) -> dict[str, int]:
        """In how many samples each of `FIELDS` was not found; fields found in all are left out."""
        lost = [name for sample in self.samples for name in sample.missing()]
        return {name: lost.count(name) for name in FIELDS if name in lost}

    @property
    def complete(self) -> bool:
        return bool(self.samples) and not self.missing()


def warnings(found: Findings) -> Iterator[str]:
    """What an operator should know before crawling, a sentence each."""
    yield from _access(found)
    yield from _charset(found)
    if found.listing is not None:
        yield from _listing(found.listing)
        yield from _paging(found)
    elif found.kind == "front page":
        yield "no listing found from this page; open the news column in a browser and probe its address"
    yield from _samples(found.samples)
    yield from _idle(found)
    yield from _counters(found)


def _idle(found: Findings) -> Iterator[str]:
    """Selectors of the site file that match nothing."""
    read = [sample.article.rules for sample in found.samples if sample.article]
    for name in found.selectors:
        rule = f"site.selectors.{name}"
        if name in SELECTED and read and not any(rules.get(name) == rule for rules in read):
            yield f"selectors.{name} of the site file matches nothing in any article that was read; correct or remove it"


def _access(found: Findings) -> Iterator[str]:
    robots = found.robots
    if robots is not None and not robots.allowed:
        yield f"{robots.url} forbids this address; newsspider will not fetch it"
    if robots is not None and robots.delay and robots.delay > 10:
        yield f"robots.txt asks for {robots.delay:g} s between requests: a crawl of 500 articles takes {robots.delay * 500 / 3600:.0f} h"
    if found.status in _REFUSED:
        yield _REFUSED[found.status]
    if found.final_url and urlsplit(found.final_url).netloc != urlsplit(found.url).netloc:
        yield f"the address redirects to another host, {found.final_url}; probe and add that one"
    match found.kind:
        case "challenge":
            yield "the page is made by scripts in the browser, or a firewall's test; newsspider runs no scripts"
        case "login":
            yield "the page asks for a login"
        case "forbidden":
            yield "the page is for readers inside the school's network; crawl from there"
        case "unreadable" if found.error and f"{MAX_BYTES:,}" in found.error:
            yield "no news page is that large; is this a download?"


def _charset(found: Findings) -> Iterator[str]:
    declared, proven = found.declared_charset, found.charset
    if declared and proven and charset.superset(declared) != codec(proven):
        yield f"the page declares {declared}, its bytes are {proven}; they are read as {proven}"


def codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name.lower()


def _listing(listing: ListingPage) -> Iterator[str]:
    kinds = [entry.kind for entry in listing.entries]
    total = len(kinds)
    if "article" not in kinds:
        yield f"no entry of the listing is an article of this site ({_counted(kinds)}): there is nothing to fetch"
    elif kinds.count("article") < total:
        others = total - kinds.count("article")
        what = "is no page" if others == 1 else "are no pages"
        yield f"{others} of {total} entries {what} of this site ({_counted(kinds)}): kept with title and date"
    undated = sum(entry.published is None for entry in listing.entries)
    if undated == total:
        yield "the listing prints no dates"
    elif undated:
        yield f"{undated} of {total} entries of the listing have no date"


def _counted(kinds: Sequence[str]) -> str:
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("external", "file", "opener") if kind in kinds)


def _paging(found: Findings) -> Iterator[str]:
    if found.listing and found.listing.stuck:
        yield f"a next page exists and cannot be followed: {found.listing.stuck}; the rest of the column is out of reach"
    if found.next_error:
        yield f"the next page of the listing cannot be read: {found.next_error}"
    elif found.listing and found.next_page:
        first = {entry.url for entry in found.listing.entries}
        if all(entry.url in first for entry in found.next_page.entries):
            yield "the next page of the listing holds the same entries as its first"


def _samples(samples: tuple[Sample, ...]) -> Iterator[str]:
    for number, sample in enumerate(samples, 1):
        if sample.error:
            yield f"sample {number} cannot be read: {sample.error}"
        entry, article = sample.entry, sample.article
        if entry is None or article is None:
            continue
        if entry.published and article.published and entry.published[:10] != article.published[:10]:
            yield f"sample {number}: the listing says {entry.published}, the article {article.published}"
        listed, held = "".join(entry.title.split()), "".join(article.title.split())
        if listed.rstrip(".…") not in held and held not in listed:
            yield f"sample {number}: the listing's title is {entry.title!r}, the article's {article.title!r}"


def _counters(found: Findings) -> Iterator[str]:
    for test in found.counters:
        yield from test.errors
        if test.batch and not test.agree:
            yield f"the counter answers otherwise when asked for several at once: {test.batch}, singly {test.singles}"
    views = [views for test in found.counters for views in test.singles.values()]
    if views and not any(views) and None not in views:
        yield "all counts are 0; compare one with what a browser shows"
    if (
        found.samples
        and not found.counters
        and all(sample.article and sample.views is None for sample in found.samples)
    ):
        yield "no view counts: the pages print none and name no counter that newsspider knows"
