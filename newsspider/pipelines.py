"""From the spiders to the archive: the only writers to it during a crawl."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from datetime import date, datetime
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.asyncio import create_looping_call

from newsspider import __version__, vitals
from newsspider import site as sites
from newsspider.archive import Archive, ArchiveError, Locked, health, naming
from newsspider.archive.writing import Writer
from newsspider.items import ArticleItem, CountsItem, FileItem, ListingItem, instant

logger = logging.getLogger(__name__)
Item = ArticleItem | ListingItem | CountsItem | FileItem
ISO = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?)?)?")


class Validate:
    """Lets nothing into the archive that its columns do not promise."""

    def process_item(self, item: Item) -> Item:
        match item:
            case ArticleItem(article=article) if article is not None:
                if not article.title.strip():
                    raise DropItem(f"{article.url}: an article without a title")
                if article.published is not None and not ISO.fullmatch(article.published):
                    raise DropItem(f"{article.url}: published {article.published!r} is not ISO 8601")
            case CountsItem(observations=observations) if any(observation.views < 0 for observation in observations):
                raise DropItem("a negative view count")
        return item


class Store:
    """Writes in batches: of `BATCH` items, `BYTES` or `SECONDS`, whichever comes first. A kill loses at most the last one.

    What was held already is held once: payloads by their digest, versions by that of their content (newsspider.archive).
    """

    BATCH = 200
    BYTES = 16 * 1024 * 1024  # of payload: images and attachments are large
    SECONDS = 1.0
    PATIENCE = 5  # times in a row that another program may keep us waiting, ARCHIVE_BUSY seconds each

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.waiting: list[Item] = []
        self.weight = 0  # bytes of payload that wait
        self.writer: Writer | None = None
        self.tally = vitals.Tally()
        self.failed: ArchiveError | None = None
        self.refused = 0
        self.closing: asyncio.Future[None] | bool = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        store = cls(crawler)
        crawler.signals.connect(store.spider_closed, signal=signals.spider_closed)
        return store

    def open_spider(self) -> None:
        spider: Any = self.crawler.spider
        settings = self.crawler.settings
        try:
            self.archive = Archive(settings["ARCHIVE"], write=True, busy=settings.getfloat("ARCHIVE_BUSY"))
            self._one_site(spider)
            writer = Writer(self.archive, __version__)
            writer.start(spider.run_kind, [spider.site], instant(spider.now()), spider.configuration())
        except ArchiveError as error:
            self._give_up(error)
            return
        self.writer = writer
        self.tally.selectors = frozenset(spider.site.selectors)
        spider.found = writer.found
        self.clock = create_looping_call(self._flush)
        self.clock.start(self.SECONDS, now=False)

    def _one_site(self, spider: Any) -> None:
        """Crawled by its address before it had a file, a site is held under its host: that is the same site."""
        site = spider.site
        hosts = {urlsplit(url).netloc for url in site.listings} - {site.name}
        if spider.run_kind == "crawl" and hosts & {*naming.names(self.archive.conn)}:
            others = [one for one in sites.known(sites.folder_beside(self.archive.path)) if one.name != site.name]
            alone = {host for host in hosts if not any(sites.covers(other, f"http://{host}/") for other in others)}
            naming.adopt(self.archive, site.name, alone, instant(spider.now()))

    def process_item(self, item: Item) -> Item:
        self.waiting.append(item)
        self.tally.add(item)
        self.weight += _weight(item)
        if len(self.waiting) >= self.BATCH or self.weight >= self.BYTES:
            self._flush()
        return item

    def _flush(self) -> None:
        if not self.waiting or self.failed or self.writer is None:
            return
        batch, self.waiting, self.weight = self.waiting, [], 0
        try:
            try:
                self.writer.write(batch)
            except sqlite3.IntegrityError:  # one item breaks a promise of the schema: the others are stored
                for item in batch:
                    self._write_alone(self.writer, item)
        except Locked as error:  # another program takes its time: the batch waits for the next turn, not for ever
            self.refused += 1
            self.waiting = batch + self.waiting
            logger.warning("%s", error)
            if self.refused >= self.PATIENCE:
                self._give_up(error)
        except ArchiveError as error:  # nothing more can be stored: the run ends, what was committed is safe
            self._give_up(error)
        else:
            self.refused = 0

    def _give_up(self, error: ArchiveError) -> None:
        spider: Any = self.crawler.spider
        self.failed = spider.broken = error
        if not self.closing:
            engine = self.crawler.engine
            assert engine is not None
            self.closing = asyncio.ensure_future(engine.close_spider_async(reason="archive"))

    def _write_alone(self, writer: Writer, item: Item) -> None:
        try:
            writer.write([item])
        except sqlite3.IntegrityError as error:
            spider: Any = self.crawler.spider
            spider.crashes += 1
            logger.error("cannot store %s; this is a defect of newsspider: %s", item, error)

    def close_spider(self) -> None:
        if self.writer is not None:
            self.closing = self.closing or True
            self.clock.stop()
            while self.waiting and not self.failed:
                self._flush()

    def spider_closed(self, spider: Any, reason: str) -> None:
        if self.writer is None:  # the archive could not be opened
            return
        stats = self.crawler.stats
        requests = stats.get_value("downloader/request_count", 0)
        received = stats.get_value("downloader/response_bytes", 0)
        if not self.failed:
            try:
                now = spider.now()
                self.writer.finish(instant(now), reason, requests, received)
                if spider.run_kind == "crawl" and reason == "finished":
                    self._compare(spider, now)
            except ArchiveError as error:
                spider.broken = error
        self.archive.close()

    def _compare(self, spider: Any, now: datetime) -> None:
        """Measures the crawl beside the site's own past; what is wrong is handed to the spider, and all is kept."""
        writer, site, conn = self.writer, spider.site.name, self.archive.conn
        assert writer is not None
        today = now.astimezone(ZoneInfo(spider.site.timezone)).date()
        measures = list(self.tally.measures(*health.duplicates(conn, site, writer.started)))
        past = {
            name: [vitals.Measure(name=name, value=value, of=total) for value, total in rows]
            for name, rows in health.past(conn, site, writer.crawl_id).items()
        }
        days = [day for day in map(date.fromisoformat, health.days(conn, site)) if day <= today]
        met = datetime.fromisoformat(health.met(conn, site) or instant(now)).date()
        known = health.listings_read(conn, self.tally.emptied)
        found = vitals.signs(self.tally, measures, past, days, met, today, known)
        rows = [
            (
                one.measure.name,
                one.measure.value,
                one.measure.of,
                one.limit,
                one.message and one.message.replace("SITE", site),
            )
            for one in found
        ]
        with self.archive.transaction():
            health.keep(conn, writer.crawl_id, site, rows)
        spider.health = [message for *_, message in rows if message]
        spider.emptied = known


def _weight(item: Item) -> int:
    return len(item.capture.payload or b"") if item.capture else 0
