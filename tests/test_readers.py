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
    """Readers that have more to read than one process can."""
    monkeypatch.setattr(readers.Readers, "_busy", lambda self: True)
    return readers.Readers(1)


def test_another_process_reads_the_same(busy: readers.Readers) -> None:
    async def read() -> None:
        assert await busy.article(PAGE, URL, SITE, {}) == read_article(PAGE, URL, site=SITE)
        with pytest.raises(PageError) as refused:
            await busy.article(EMPTY, URL, SITE, {})
        assert refused.value.kind == "empty"
        assert busy._pool is not None
        os.kill(next(iter(busy._pool._processes)), signal.SIGKILL)
        assert (await busy.article(PAGE, URL, SITE, {})).title, "this process reads on"
        assert busy._pool is None

    asyncio.run(read())


def test_few_pages_are_read_here() -> None:
    alone = readers.Readers(1)
    asyncio.run(alone.article(PAGE, URL, SITE, {}))
    assert alone._pool is None


CRAWL = """
import asyncio, time
from newsspider.spiders import readers
from tests_page import PAGE, SITE, URL

async def read():
    readers.Readers._busy = lambda self: True
    one = readers.Readers(1)
    await one.article(PAGE, URL, SITE, {})
    print(*one._pool._processes, flush=True)
    time.sleep(60)

if __name__ == "__main__":
    asyncio.run(read())
"""


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
