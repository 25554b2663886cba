"""Reading pages: in this process while they come at a site's pace, in others once reading would hold up the fetching."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from typing import Literal

from newsspider import cms
from newsspider.items import Article, ListingPage, Site

logger = logging.getLogger(__name__)
BUSY = 0.25  # share of a second: from there on other processes read


class Readers:
    """Reads for all spiders of this process. Raises PageError where a page is not what was asked for."""

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._since, self._spent = time.monotonic(), 0.0

    async def article(self, payload: bytes, url: str, site: Site, headers: Mapping[str, str]) -> Article:
        found = await self._read("article", payload, url, site, headers)
        assert isinstance(found, Article)
        return found

    async def listing(self, payload: bytes, url: str, site: Site, headers: Mapping[str, str]) -> ListingPage:
        found = await self._read("listing", payload, url, site, headers)
        assert isinstance(found, ListingPage)
        return found

    async def _read(
        self, what: Literal["article", "listing"], payload: bytes, url: str, site: Site, headers: Mapping[str, str]
    ) -> Article | ListingPage:
        page = (what, payload, url, site, dict(headers))
        if self._pool is None and self.processes and self._busy():
            # Not forked: there are threads by now.
            self._pool = ProcessPoolExecutor(self.processes, multiprocessing.get_context("spawn"), _begin)
        if self._pool is not None:
            try:
                return await asyncio.get_running_loop().run_in_executor(self._pool, _read, *page)
            except BrokenProcessPool:
                logger.warning("a process that reads pages has died; this one reads on alone")
                self._pool, self.processes = None, 0
        began = time.monotonic()
        try:
            return _read(*page)
        finally:
            self._spent += time.monotonic() - began

    def _busy(self) -> bool:
        passed = time.monotonic() - self._since
        if passed < 1:
            return False
        busy = self._spent > BUSY * passed
        self._since, self._spent = time.monotonic(), 0.0
        return busy


@cache
def shared(processes: int) -> Readers:
    return Readers(processes)


def _begin() -> None:
    """In each process: Ctrl-C is the parent's to handle, and without it there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(0)


def _read(what: str, payload: bytes, url: str, site: Site, headers: Mapping[str, str]) -> Article | ListingPage:
    read = cms.read_article if what == "article" else cms.read_listing
    return read(payload, url, site=site, headers=headers)
