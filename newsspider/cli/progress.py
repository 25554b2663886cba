"""A progress line for each site on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from newsspider.cli import terminal, words


def remaining(done: int, known: int, delay: float, elapsed: float) -> float:
    """Seconds that the requests known by now will take: at the pace so far, and no faster than is polite."""
    return max(0, known - done) * max(delay, elapsed / done if done else 0.0)


def _pace(crawler: Any) -> float:
    """Seconds between requests to the host that is asked most slowly."""
    slots = crawler.engine.downloader.slots.values() if crawler.engine else ()
    return max((slot.delay for slot in slots), default=crawler.settings.getfloat("DOWNLOAD_DELAY"))


class Progress:
    """Shows, twice a second, how many of the requests known so far are answered, what was found, and how long the rest will take."""

    def __init__(self, crawlers: Sequence[Any], shown: bool) -> None:
        self.crawlers, self.shown = crawlers, shown
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        text = TextColumn("{task.fields[found]}")
        self.bars = Bars(
            *columns, text, console=terminal.console(stderr=True), transient=True, get_time=None, auto_refresh=False
        )

    def __enter__(self) -> Self:
        if self.shown:
            from scrapy import signals

            self.bars.start()
            for crawler in self.crawlers:
                task = self.bars.add_task(crawler.spidercls.name, total=None, found="")
                self._follow(crawler, task, signals)
        return self

    def _follow(self, crawler: Any, task: Any, signals: Any) -> None:
        def update() -> None:
            from newsspider.cli.outcome import summary

            stats = crawler.stats.get_stats()
            done, total = stats.get("response_received_count", 0), stats.get("scheduler/enqueued", 0)
            found = summary(crawler.spider.found) if crawler.spider else ""
            if left := remaining(done, total, _pace(crawler), self.bars.tasks[task].elapsed or 0.0):
                found += f"; {words.span(left)} to go"
            self.bars.update(task, completed=done, total=max(total, done), found=found)
            self.bars.refresh()

        def opened() -> None:
            from scrapy.utils.asyncio import create_looping_call

            crawler.progress_clock = create_looping_call(update)
            crawler.progress_clock.start(0.5, now=False)

        def closed() -> None:
            crawler.progress_clock.stop()

        crawler.progress = (opened, closed)  # signals hold their receivers weakly
        crawler.signals.connect(opened, signal=signals.spider_opened)
        crawler.signals.connect(closed, signal=signals.spider_closed)

    def __exit__(self, *_: object) -> None:
        if self.shown:
            self.bars.stop()
