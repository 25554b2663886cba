"""The replica campus, and crawls of it in processes of their own: Scrapy runs once a process."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import forked
import looks
import pytest

from newsspider.archive import Archive
from newsspider.demo import Campus
from newsspider.demo.server import Visit

Run = Callable[..., "subprocess.CompletedProcess[str]"]


# What needs one of these fixtures is slow: the demo, a browser, PostgreSQL, pywb. Other tests say it themselves: @pytest.mark.slow.
SLOW = {"demo", "browser", "server", "replayed", "spoilt"}
# Whole crawls are, too, but those that every change needs.
CRAWLED = {"test_crawl.py", "test_poll.py"}
# Begun first: what takes longest is not to be what the other processes wait for in the end.
LONG = {
    f"test_{name}.py"
    for name in ("fleet", "kills", "demo", "docs", "crawl", "bad_input", "poll", "one_site", "assets", "serve")
}


def pytest_itemcollected(item: pytest.Item) -> None:
    asked = {*getattr(item, "fixturenames", ())}
    if SLOW & asked or ("crawl" in asked and item.path.name not in CRAWLED):
        item.add_marker(pytest.mark.slow)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)


class Crawled(NamedTuple):
    """``visits``: what the crawl asked."""

    campus: Campus
    folder: Path
    done: subprocess.CompletedProcess[str]
    visits: list[Visit]


@pytest.fixture(scope="session", autouse=True)
def new_archives_are_copies() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Archive, "__init__", looks.begin)
        yield


@pytest.fixture
def campus() -> Iterator[Campus]:
    with Campus() as campus:
        yield campus


def command(folder: Path) -> Run:
    """The command line, run in a folder: ``command(folder)("crawl", url)``."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return forked.run([*map(str, arguments)], folder, {**os.environ, "NO_COLOR": "1", **environment}, timeout=100)

    return run


def crawl_of(campus: Campus, folder: Path) -> Run:
    """A crawl at the campus's time and without politeness, into archive.db in a folder."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        ahead = (campus.now - datetime.now(UTC)).total_seconds()
        pace = ("DOWNLOAD_DELAY=0", "HOST_REST=0", "READ_BESIDE=0", f"CLOCK_OFFSET={ahead:.3f}")
        return command(folder)("crawl", *arguments, *(word for setting in pace for word in ("-s", setting)))

    return run


@pytest.fixture(scope="session")
def crawled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """A campus, the first crawl of all of it, and the folder with its archive."""
    folder = tmp_path_factory.mktemp("crawled")
    with Campus() as campus:
        done = crawl_of(campus, folder)(*campus.urls.values())
        yield Crawled(campus, folder, done, list(campus.log.visits))


@pytest.fixture
def crawled(crawled_once: Crawled, tmp_path: Path) -> Campus:
    """A campus as it was after its first crawl, whose archive is ./archive.db; how that asked is forgotten."""
    shutil.copy(crawled_once.folder / "archive.db", tmp_path)
    crawled_once.campus.renew()
    return crawled_once.campus


@pytest.fixture
def newsspider(tmp_path: Path) -> Run:
    """The command line, run in a folder of the test's own."""
    return command(tmp_path)


@pytest.fixture
def crawl_again(tmp_path: Path, crawled: Campus) -> Run:
    """A crawl of the campus that was crawled once."""
    return crawl_of(crawled, tmp_path)


@pytest.fixture
def crawl(tmp_path: Path, campus: Campus) -> Run:
    """A crawl of the campus into ./archive.db of the test's own folder."""
    return crawl_of(campus, tmp_path)


def asking(folder: Path) -> Callable[..., list[Any]]:
    """Rows of archive.db in a folder; single columns as plain values."""

    def rows(sql: str, *parameters: object) -> list[Any]:
        with sqlite3.connect(folder / "archive.db") as conn:
            found = conn.execute(sql, parameters).fetchall()
        conn.close()
        return [row[0] if len(row) == 1 else row for row in found]

    return rows


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., list[Any]]:
    """Rows of ./archive.db of the test's own folder."""
    return asking(tmp_path)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the archive of `newsspider demo`, and what it printed in ``said``; made once for all processes of a test run."""
    several = "PYTEST_XDIST_WORKER" in os.environ  # each then has a folder of its own in one
    folder = (tmp_path_factory.getbasetemp().parent if several else tmp_path_factory.getbasetemp()) / "demo"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "said").exists():
            ran = forked.run(["demo"], folder, {**os.environ, "NO_COLOR": "1"}, timeout=3600)
            assert ran.returncode == 0, ran.stderr
            (folder / "said").write_text(ran.stdout, encoding="utf-8")
    return folder
