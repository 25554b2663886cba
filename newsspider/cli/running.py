"""Running spiders from the command line: lock, progress, summary, exit code."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsspider.archive import ArchiveError, Locked

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess


@contextmanager
def lock(archive: Path, verb: str) -> Iterator[None]:
    """Held while a run of ``verb`` writes to ``archive``. Raises Locked where another holds it."""
    path = archive.with_name(f"{archive.name}.{verb}.lock")
    try:
        file = path.open("a+")
    except OSError as error:
        raise ArchiveError(f"cannot write beside {archive}: {error}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Locked(
                f"another {verb} of {archive} is running ({file.read().strip() or 'its process is not known'})"
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}\n")
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


@dataclass
class Run:
    """What came of the spider of one site."""

    site: str
    found: dict[str, int] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)  # listings and counters, and why
    unplanned: dict[str, int] = field(default_factory=dict)  # requests of a poll beyond its plan, by host
    reason: str = ""
    requests: int = 0
    crashes: int = 0
    broken: ArchiveError | None = None

    @property
    def failed(self) -> bool:
        return bool(self.unread) or self.reason != "finished"


def run(
    spiders: Sequence[type], archive: Path, settings: dict[str, str], arguments: dict[str, Any], loud: int, quiet: bool
) -> list[Run]:
    """Runs spiders side by side in this process, each at its site's own pace."""
    from newsspider.cli.progress import Progress

    process = crawler_process(settings, loud, quiet)
    process.settings.set("ARCHIVE", str(archive), priority="project")
    crawlers = [process.create_crawler(spider) for spider in spiders]
    crashed: dict[Any, BaseException] = {}
    for crawler in crawlers:

        def done(task: Any, crawler: Any = crawler) -> None:
            if not task.cancelled() and task.exception():
                crashed[crawler] = task.exception()

        process.crawl(crawler, **arguments).add_done_callback(done)
    with Progress(crawlers, shown=sys.stderr.isatty() and not quiet and not loud):
        process.start()
    return [_outcome(crawler, crashed.get(crawler)) for crawler in crawlers]


def crawler_process(settings: dict[str, str], loud: int, quiet: bool) -> AsyncCrawlerProcess:
    """Scrapy with our settings, and over them those of the command line. It runs once a process."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    chosen = Settings()
    chosen.setmodule("newsspider.settings", priority="project")
    chosen.set("LOG_LEVEL", {0: "ERROR" if quiet else "WARNING", 1: "INFO"}.get(loud, "DEBUG"), priority="project")
    for name, value in settings.items():
        chosen.set(name, value, priority="cmdline")
    process = AsyncCrawlerProcess(chosen)
    logging.getLogger("scrapy").setLevel(chosen["LOG_LEVEL"])
    if not loud:  # a traceback for a host that is down; what could not be read is said in a line
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel("CRITICAL")
    return process


def _outcome(crawler: Any, crash: BaseException | None) -> Run:
    spider = crawler.spider
    if crash is not None or spider is None:
        name = crawler.spidercls.name
        if isinstance(crash, ArchiveError):
            return Run(site=name, reason="the archive", broken=crash)
        logging.getLogger(__name__).error("%s did not start", name, exc_info=crash)
        return Run(site=name, reason="it did not start", crashes=1)
    stats = crawler.stats.get_stats()
    return Run(
        site=spider.name,
        found=dict(spider.found),
        unread=dict(spider.unread),
        unplanned=dict(spider.unplanned),
        reason=stats.get("finish_reason", "it did not start"),
        requests=stats.get("downloader/request_count", 0),
        crashes=spider.crashes + stats.get("spider_exceptions/count", 0),
        broken=spider.broken,
    )


def conclude(runs: list[Run], as_json: bool, quiet: bool) -> int:
    """Prints what came of the runs; the exit code."""
    if as_json:
        click.echo(json.dumps([_plain(run) for run in runs], ensure_ascii=False))
    for run in runs:
        if not quiet and not as_json:
            click.echo(f"{run.site}: {summary(run.found)} ({run.requests} requests)", err=True)
        for url, why in run.unread.items():
            click.echo(f"{run.site}: {url} could not be read: {why}", err=True)
        if run.reason != "finished" and not run.broken:
            click.echo(f"{run.site}: stopped early ({run.reason}); run it again to go on", err=True)
    broken = next((run.broken for run in runs if run.broken), None)
    if broken:
        raise broken
    if any(run.crashes for run in runs):
        return 1
    return 3 if any(run.failed for run in runs) else 0


def _plain(run: Run) -> dict[str, Any]:
    return {"site": run.site, **run.found, "unread": run.unread, "reason": run.reason, "requests": run.requests}


def summary(found: dict[str, int]) -> str:
    """``33 new, 2 changed, 4 failed; 33 counts; 12 files, 1 files in vain``."""
    outcomes = [f"{found[name]} {name}" for name in ("new", "changed", "revisit", "gone", "failed") if found.get(name)]
    counts = f"{found['counts']} counts" if found.get("counts") else ""
    files = sum(found.get(f"file {outcome}", 0) for outcome in ("new", "changed", "revisit"))
    vain = found.get("file failed", 0)
    assets = ", ".join([f"{files} files"] * bool(files) + [f"{vain} files in vain"] * bool(vain))
    return "; ".join(filter(None, [", ".join(outcomes), counts, assets])) or "nothing new"
