"""Running spiders from the command line: the lock, which site when, the log."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import logging.handlers
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from newsspider.archive import Archive, ArchiveError, Locked, clock
from newsspider.cli import options, scheduled
from newsspider.cli.outcome import UNBEGUN, Run
from newsspider.items import Site

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings


def lock_file(archive: Path, verb: str) -> Path:
    """Beside the archive itself, whatever links lead to it."""
    return Path(f"{os.path.realpath(archive)}.{verb}.lock")


@contextmanager
def lock(archive: Path, verb: str) -> Iterator[None]:
    """Held while a run of ``verb`` writes to ``archive``. Raises Locked where another holds it."""
    path = lock_file(archive, verb)
    while True:
        with _opened(path) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = file.read(100).decode("ascii", "replace").strip() or "its process is not known"
                raise Locked(f"another {verb} of {archive} is running ({holder})") from None
            if os.fstat(file.fileno()).st_nlink == 0:
                continue  # the run before removed it between our two steps; nobody else would see this lock
            with suppress(OSError):  # a full disk: the lock holds all the same, and only its holder is not named
                file.truncate(0)
                file.write(b"process %d\n" % os.getpid())
            try:
                yield
            finally:
                with suppress(OSError):
                    path.unlink()
            return


def _opened(path: Path) -> FileIO:
    file = FileIO(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o666), "r+")  # O_NONBLOCK: no wait for a pipe
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise ArchiveError(f"{path} is a pipe or a device; remove it: runs lock the archive by a file of this name")
    return file


def warn_of_clock(held: Archive, now: datetime, quiet: bool) -> None:
    """Says which runs lie ahead of now. Not under ``--quiet``: it would be said every night; `verify` says it always."""
    for line in () if quiet else clock.runs(held.conn, now):
        click.echo(line, err=True)


def run(
    spiders: Sequence[type],
    archive: Path,
    settings: dict[str, str],
    arguments: dict[str, Any],
    loud: int,
    quiet: bool,
    max_time: float | None = None,
) -> list[Run]:
    """Runs spiders side by side in this process, each at its site's own pace; those of one host one after the other.

    After ``max_time`` seconds the requests under way end, and the rest is left to the next run.
    """
    from newsspider.cli.progress import Progress

    process = crawler_process(settings, loud, quiet)
    process.settings.set("ARCHIVE", str(archive), priority="project")
    crawlers = [process.create_crawler(spider) for spider in spiders]
    queue = Queue(process, crawlers, arguments, max(1, process.settings.getint("SITES_AT_ONCE")))
    with Progress(crawlers, shown=sys.stderr.isatty() and not quiet and not loud):
        queue.begin(max_time)
        process.start()
    return [_outcome(crawler, queue) for crawler in crawlers]


class Queue:
    """Which crawler begins when: some sites at once, and never two that ask the same host, which would double its load."""

    def __init__(
        self, process: AsyncCrawlerProcess, crawlers: Sequence[Any], arguments: dict[str, Any], at_once: int
    ) -> None:
        self.process, self.arguments, self.at_once = process, arguments, at_once
        self.waiting = list(crawlers)
        self.hosts: dict[Any, set[str]] = {crawler: _hosts(crawler.spidercls) for crawler in crawlers}
        self.busy: set[str] = set()
        self.running: set[Any] = set()
        self.crashed: dict[Any, BaseException] = {}
        self.over = ""  # why nothing more begins

    def begin(self, max_time: float | None) -> None:
        if max_time:
            asyncio.get_event_loop().call_later(max_time, self._time_is_up)
        self._fill()

    def _fill(self) -> None:
        for crawler in list(self.waiting):
            if self.over or len(self.running) >= self.at_once:
                return
            if not self.hosts[crawler] & self.busy:
                self._start(crawler)

    def _start(self, crawler: Any) -> None:
        self.waiting.remove(crawler)
        self.running.add(crawler)
        self.busy |= self.hosts[crawler]
        self.process.crawl(crawler, **self.arguments).add_done_callback(partial(self._done, crawler))

    def _done(self, crawler: Any, task: Any) -> None:
        if not task.cancelled() and task.exception():
            self.crashed[crawler] = task.exception()
        self.running.discard(crawler)
        self.busy -= self.hosts[crawler]
        stats = crawler.stats.get_stats() if crawler.stats else {}
        if stats.get("finish_reason") == "shutdown":
            self.over = "shutdown"
        self._fill()

    def _time_is_up(self) -> None:
        self.over = "max-time"
        for crawler in self.running:
            if crawler.engine:
                # kept: the loop holds its tasks weakly
                crawler.closing_task = asyncio.ensure_future(_close(crawler))


async def _close(crawler: Any) -> None:
    with suppress(RuntimeError):  # it is closing already
        await crawler.engine.close_spider_async(reason="max-time")


def _hosts(spider: type) -> set[str]:
    site: Site | None = getattr(spider, "site", None)
    asked = (site.listings or (site.homepage or "",)) if site else ()
    return {urlsplit(url).hostname or "" for url in asked} - {""}


def crawler_process(settings: dict[str, str], loud: int, quiet: bool) -> AsyncCrawlerProcess:
    """Scrapy with our settings, and over them those of the command line. It runs once a process."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    chosen = Settings()
    chosen.setmodule("newsspider.settings", priority="project")
    chosen.set("LOG_LEVEL", {0: "ERROR" if quiet else "WARNING", 1: "INFO"}.get(loud, "DEBUG"), priority="project")
    for name, value in {**options.of_flags(), **settings}.items():
        chosen.set(name, value, priority="cmdline")
    chosen.set("LOG_INSTALL_ROOT_HANDLER", False, priority="project")  # Scrapy's would be made anew by every crawler
    process = AsyncCrawlerProcess(chosen)
    _log(chosen, plain=not loud and "LOG_LEVEL" not in settings)
    return process


def _log(settings: Settings, plain: bool) -> None:
    """What is logged goes to stderr; ``plain``: our own lines alone, without tracebacks, for what went wrong is told at the end."""
    file = settings["LOG_FILE"]
    handler = logging.handlers.WatchedFileHandler(file, encoding="utf-8") if file else logging.StreamHandler()
    handler.setLevel(settings["LOG_LEVEL"])
    if plain:
        handler.addFilter(_ours)
        handler.setFormatter(_Line("newsspider: %(message)s"))
    else:
        handler.setFormatter(logging.Formatter(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"]))
    root = logging.getLogger()
    root.setLevel(logging.NOTSET)
    root.addHandler(handler)
    level = logging.getLevelNamesMapping()[settings["LOG_LEVEL"]]
    logging.getLogger("scrapy").setLevel(min(level, logging.WARNING) if scheduled.to_file() else level)


def _ours(record: logging.LogRecord) -> bool:
    """Scrapy's core is heard where it crashes; what its middlewares warn of is told at the end in our words."""
    return record.name.startswith("newsspider") or (
        record.name.startswith("scrapy.core") and record.levelno >= logging.ERROR
    )


class _Line(logging.Formatter):
    """A record in one line."""

    def format(self, record: logging.LogRecord) -> str:
        record.message = record.getMessage()
        return self.formatMessage(record)


def _outcome(crawler: Any, queue: Queue) -> Run:
    spider = crawler.spider
    crash = queue.crashed.get(crawler)
    name = crawler.spidercls.name
    if crawler in queue.waiting:
        return Run(site=name, reason=UNBEGUN)
    if crash is not None or spider is None:
        if isinstance(crash, ArchiveError):
            return Run(site=name, reason="the archive", broken=crash)
        logging.getLogger(__name__).error("%s did not start: %s", name, crash, exc_info=crash)
        return Run(site=name, reason="it did not start", crashes=1)
    stats = crawler.stats.get_stats()
    return Run(
        site=spider.name,
        found=dict(spider.found),
        unread=dict(spider.unread),
        stuck=dict(spider.stuck),
        unplanned=dict(spider.unplanned),
        reason=stats.get("finish_reason", "it did not start"),
        requests=stats.get("downloader/request_count", 0),
        crashes=spider.crashes + stats.get("spider_exceptions/count", 0),
        broken=spider.broken,
        health=list(spider.health),
        notes=list(spider.notes),
        emptied=frozenset(spider.emptied),
    )
