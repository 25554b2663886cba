"""Reading pages: in this process while they come at a site's pace, in one beside it once reading would hold up the fetching."""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import struct
import sys
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from newsspider import cms
from newsspider.items import Article, ListingPage, Site

logger = logging.getLogger(__name__)
WINDOW, BUSY = 0.25, 0.4  # seconds, and the share of them spent reading from which another process helps
AHEAD = 16  # pages that wait for it; beyond them this process reads, too
SIZE = struct.Struct(">I")  # before each pickle that goes from one process to the other
READY = b"+"  # what it says when it has started, which takes a while
Page = tuple[str, bytes, str, Site, dict[str, str]]


class Readers:
    """Reads for all spiders of this process. Raises PageError where a page is not what was asked for."""

    def __init__(self, *, beside: bool) -> None:
        self._may_start = beside
        self._beside: _Beside | None = None
        self._since, self._spent = time.monotonic(), 0.0

    async def article(self, payload: bytes, url: str, site: Site, headers: Mapping[str, str]) -> Article:
        found = await self._read(("article", payload, url, site, dict(headers)))
        assert isinstance(found, Article)
        return found

    async def listing(self, payload: bytes, url: str, site: Site, headers: Mapping[str, str]) -> ListingPage:
        found = await self._read(("listing", payload, url, site, dict(headers)))
        assert isinstance(found, ListingPage)
        return found

    async def _read(self, page: Page) -> Article | ListingPage:
        if self._may_start and self._busy():
            self._may_start = False
            self._beside = await _Beside.start()
        if self._beside is not None and self._beside.free():
            try:
                return await self._beside.read(page)
            except EOFError:
                logger.warning("the process that reads pages has died; this one reads on alone")
                self._beside = None
        began = time.monotonic()
        try:
            return read(page)
        finally:
            self._spent += time.monotonic() - began

    def _busy(self) -> bool:
        passed = time.monotonic() - self._since
        if passed < WINDOW:
            return False
        busy = self._spent > BUSY * passed
        self._since, self._spent = time.monotonic(), 0.0
        return busy


@cache
def shared(beside: bool) -> Readers:
    return Readers(beside=beside)


class _Beside:
    """A process that reads, page after page in the order asked. It ends when its parent does: its input ends."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        self.process, self._input = process, process.stdin
        self._asked: deque[asyncio.Future[Any]] = deque()
        self._ready = False
        self._answering = asyncio.ensure_future(self._answer())

    @classmethod
    async def start(cls) -> _Beside:
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", __name__)
        # A session of its own: Ctrl-C is this process's to handle.
        return cls(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, start_new_session=True))

    def free(self) -> bool:
        return self._ready and len(self._asked) < AHEAD

    async def read(self, page: Page) -> Article | ListingPage:
        """Raises what reading raised there, and EOFError where the process is no more."""
        answer = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        if self._answering.done():
            raise EOFError
        data = pickle.dumps(page, pickle.HIGHEST_PROTOCOL)
        self._input.write(SIZE.pack(len(data)) + data)
        found = await answer
        if isinstance(found, BaseException):
            raise found
        return found

    async def _answer(self) -> None:
        output = self.process.stdout
        assert output is not None
        try:
            await output.readexactly(len(READY))
            self._ready = True
            while True:
                (size,) = SIZE.unpack(await output.readexactly(SIZE.size))
                found = pickle.loads(await output.readexactly(size))
                self._asked.popleft().set_result(found)
        except (asyncio.IncompleteReadError, OSError):
            await self.process.wait()
            for answer in self._asked:
                answer.set_result(EOFError())


def read(page: Page) -> Article | ListingPage:
    what, payload, url, site, headers = page
    return (cms.read_article if what == "article" else cms.read_listing)(payload, url, site=site, headers=headers)


def serve() -> None:
    """What the process beside does."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody else may write between the answers
    output.write(READY)
    output.flush()
    while head := sys.stdin.buffer.read(SIZE.size):
        page = pickle.loads(sys.stdin.buffer.read(*SIZE.unpack(head)))
        found: object
        try:
            found = read(page)
        except Exception as error:  # noqa: BLE001 - it crosses to the crawl, which tells of it
            found = error
        data = pickle.dumps(found, pickle.HIGHEST_PROTOCOL)
        output.write(SIZE.pack(len(data)) + data)
        output.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # the crawl has ended
        serve()
