"""Images and attachments that articles link: fetched once a run, at the site's pace, and kept where they are what they should be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newsspider import cms, scope
from newsspider.archive import frontier
from newsspider.extract import files
from newsspider.items import Article, Capture, FileItem, instant
from newsspider.spiders import failures, tls
from newsspider.spiders.counting import CountingSpider

MEGABYTE = 1_000_000
GONE = (404, 410)
PAGES = (".htm", ".html", ".xhtml", ".shtml")
TEXTS = (".txt", ".csv", ".tsv", ".json", ".xml", ".md", ".ics", ".bib", ".tex", ".rtf", ".log", *PAGES)


class Assets:
    """What is held is not fetched again, unless all pages are; what failed is tried again when it is due."""

    def __init__(self, spider: CountingSpider, megabytes: float) -> None:
        self.spider = spider
        self.most = int(megabytes * MEGABYTE)
        self.asked: set[str] = set()

    def left(self, conn: sqlite3.Connection, now: datetime) -> Iterator[Request]:
        """Of articles that are held already."""
        for url in frontier.files(conn, self.spider.site.name, now):
            yield from self._request(url, None)

    def of(self, article: Article, conn: sqlite3.Connection, *, again: bool) -> Iterator[Request]:
        """Of an article just read; ``again``: also what was fetched in an earlier run."""
        names = {**dict.fromkeys(article.images), **{file.url: file.title for file in article.attachments}}
        before = set() if again else frontier.tried(conn, list(names))
        for url, name in names.items():
            if url not in before:
                yield from self._request(url, name)

    def _request(self, url: str, name: str | None) -> Iterator[Request]:
        if url in self.asked or urlsplit(url).scheme not in ("http", "https"):
            return
        self.asked.add(url)
        yield Request(
            url,
            callback=self.parse,
            errback=self.missed,
            cb_kwargs={"url": url, "name": name},
            dont_filter=True,
            priority=-10,  # pages first: they change, and are what the crawl is for
            meta={"download_maxsize": self.most},
        )

    def parse(self, response: Response, url: str, name: str | None) -> Iterator[FileItem]:
        at = instant(self.spider.now())
        capture = Capture(url=url, captured_at=at, status=response.status, headers=headers_of(response))
        site = self.spider.site.name
        if response.status >= 400:
            failed = replace(capture, error=f"HTTP {response.status}")
            yield FileItem(site=site, capture=failed, gone=response.status in GONE)
            return
        kind = files.media_type(response.body)
        wrong = refused(response.body, response.url, kind, (url, response.url, name or ""))
        if wrong:
            yield FileItem(site=site, capture=replace(capture, error=wrong))
        else:
            yield FileItem(site=site, capture=replace(capture, payload=response.body), media_type=kind)

    def missed(self, failure: Failure) -> Iterator[FileItem]:
        url = failure.request.cb_kwargs["url"]  # type: ignore[attr-defined]
        capture = Capture(url=url, captured_at=instant(self.spider.now()), error=failures.words(failure))
        yield FileItem(site=self.spider.site.name, capture=capture)


def refused(body: bytes, url: str, kind: str, names: Iterable[str]) -> str | None:
    """What bytes are instead of a file, in words; None: a file. ``names`` are what it is called: addresses, the link's text."""
    if not body.strip():
        return "empty: no bytes"
    called = {PurePosixPath(urlsplit(name).path).suffix.lower() for name in names if name}
    if kind == "text/html" and not called & set(PAGES):
        found = cms.what_is(body, url)
        return f"{found.kind}: {'a page, not a file' if found.points else found.reason}"
    if kind == "text/plain" and not called & set(TEXTS):
        words = " ".join(body[:400].decode("utf-8", "replace").split())[:60]
        return f"unreadable: words, not a file: {words}"
    return None


def headers_of(response: Response) -> dict[str, str]:
    """The headers of an answer, without the password in an address that it redirects to, and what is wrong with its certificate."""
    found = {name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()}
    if "Location" in found:
        found["Location"] = scope.without_secret(found["Location"])
    for flag in response.flags:
        if flag.startswith(tls.FLAG):
            found["Certificate-Problem"] = flag.removeprefix(tls.FLAG)
    return found
