"""Reading in other processes gives what reading here gives, and outlives whatever happens to them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newsspider import PageError, Site, read_article
from newsspider.spiders import readers

SITE = Site(name="plain", listings=("https://news.example.edu.cn/xwdt.htm",))
URL = "https://news.example.edu.cn/info/1001/1001.htm"
PAGE = (Path(__file__).parent / "pages" / "vsb-plain" / "article-1001.html").read_bytes()
EMPTY = b"<html><body></body></html>"


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> readers.Readers:
    """Readers that have more to read than one process can, and a process beside that takes whatever there is."""
    monkeypatch.setattr(readers.Readers, "_busy", lambda self: True)
    monkeypatch.setattr(readers._Beside, "free", lambda self: True)
    return readers.Readers(beside=True)


def test_another_process_reads_the_same(busy: readers.Readers) -> None:
    async def read() -> None:
        assert await busy.article(PAGE, URL, SITE, {}) == read_article(PAGE, URL, site=SITE)
        with pytest.raises(PageError) as refused:
            await busy.article(EMPTY, URL, SITE, {})
        assert refused.value.kind == "empty"
        assert busy._beside is not None
        many = await asyncio.gather(*(busy.article(PAGE + bytes(n), URL, SITE, {}) for n in range(100)))
        assert len(many) == 100
        os.kill(busy._beside.process.pid, signal.SIGKILL)
        rest = await asyncio.gather(*(busy.article(PAGE, URL, SITE, {}) for _ in range(3)))
        assert [article.title for article in rest] == [many[0].title] * 3, "this process reads on"
        assert busy._beside is None
        assert (await busy.article(PAGE, URL, SITE, {})).title

    asyncio.run(read())


def test_both_processes_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers.Readers, "_busy", lambda self: True)

    async def read() -> None:
        both = readers.Readers(beside=True)
        one = await both.article(PAGE, URL, SITE, {})
        assert both._beside is not None
        while not both._beside.free():  # until then, this process reads
            assert await both.article(PAGE, URL, SITE, {}) == one
            await asyncio.sleep(0.01)
        many = await asyncio.gather(*(both.article(PAGE, URL, SITE, {}) for _ in range(3 * readers.AHEAD)))
        assert many == [one] * len(many)
        both._beside.process.kill()
        await both._beside.process.wait()

    asyncio.run(read())


def test_a_crawl_that_ends_before_it_has_started_is_no_error() -> None:
    here, there = os.pipe()
    reader = subprocess.Popen(
        [sys.executable, "-m", readers.__name__], stdin=subprocess.DEVNULL, stdout=there, stderr=subprocess.PIPE
    )
    os.close(here)
    os.close(there)
    assert reader.communicate()[1] == b""


def test_few_pages_are_read_here() -> None:
    alone = readers.Readers(beside=True)
    asyncio.run(alone.article(PAGE, URL, SITE, {}))
    assert alone._beside is None


CRAWL = """
import asyncio, time
from newsspider.spiders import readers
from tests_page import PAGE, SITE, URL

async def read():
    readers.Readers._busy = lambda self: True
    readers._Beside.free = lambda self: True
    one = readers.Readers(beside=True)
    await one.article(PAGE, URL, SITE, {})
    print(one._beside.process.pid, flush=True)
    time.sleep(60)

if __name__ == "__main__":
    asyncio.run(read())
"""


@pytest.mark.slow
def test_no_process_outlives_a_killed_crawl(tmp_path: Path) -> None:
    (tmp_path / "tests_page.py").write_text(
        f"from newsspider import Site\nPAGE = {PAGE!r}\nURL = {URL!r}\nSITE = Site(name='plain')\n"
    )
    (tmp_path / "killed.py").write_text(CRAWL)
    crawl = subprocess.Popen([sys.executable, "killed.py"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert crawl.stdout is not None
    child = int(crawl.stdout.readline())
    crawl.kill()
    crawl.wait()
    crawl.stdout.close()
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            return
        time.sleep(0.05)
    pytest.fail("the process that reads pages lives on")
