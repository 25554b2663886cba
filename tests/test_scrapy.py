"""For those who know Scrapy: `scrapy crawl SITE -O out.jsonl` and `-a`."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scrapy.extensions.feedexport import FeedExporter

from newsspider.demo import Campus
from newsspider.items import Article, ArticleItem, Capture, Counter, CountsItem, Entry, ListingItem, ViewObservation
from newsspider.spiders.commands import crawl as verb
from newsspider.spiders.rows import Rows

AT = "2026-03-01T00:00:00Z"


def looked(number: int, *, counter: bool = True, printed: int | None = None, entry: Entry | None = None) -> ArticleItem:
    url = f"http://one.test/{number}.htm"
    asked = (
        Counter(family="vsb", owner="9", key=str(number), url=f"http://one.test/count/{number}") if counter else None
    )
    article = Article(
        url=url,
        native_id=f"vsb:9:{number}" if number % 2 else None,
        title="题",
        body="文",
        views=printed,
        counter=asked,
    )
    return ArticleItem(
        site="one", capture=Capture(url=url, captured_at=AT, payload=b"<html>"), article=article, entry=entry
    )


def counted(number: int, views: int) -> CountsItem:
    native_id = f"vsb:9:{number}" if number % 2 else None
    one = ViewObservation(
        site="one",
        observed_at=AT,
        views=views,
        method="counter",
        native_id=native_id,
        url=f"http://one.test/{number}.htm",
    )
    return CountsItem(site="one", observations=(one,))


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> tuple[Rows, list[dict[str, Any]]]:
    written: list[dict[str, Any]] = []

    async def closed(self: FeedExporter, spider: Any) -> None: ...

    monkeypatch.setattr(FeedExporter, "__init__", lambda self, crawler: None)
    monkeypatch.setattr(FeedExporter, "item_scraped", lambda self, item, spider: written.append(item))
    monkeypatch.setattr(FeedExporter, "close_spider", closed)
    return Rows(None), written


def test_one_row_an_article_with_its_count_and_none_is_lost(rows: tuple[Rows, list[dict[str, Any]]]) -> None:
    feed, written = rows
    entry = Entry(url="", title="", views=5)
    failed = ArticleItem(site="one", capture=Capture(url="http://one.test/9.htm", captured_at=AT, error="timeout"))
    listing = ListingItem(
        site="one", capture=Capture(url="http://one.test/", captured_at=AT), listing="http://one.test/"
    )
    for item in (
        *(looked(1), looked(2), looked(3), looked(4), looked(5, counter=False, printed=50)),
        *(looked(6, counter=False, entry=entry), looked(1), failed, listing),
        *(counted(1, 10), counted(2, 20), CountsItem(site="one", missed=("http://one.test/3.htm",)), looked(2)),
    ):
        feed.item_scraped(item, None)
    asyncio.run(feed.close_spider(None))
    found = {row["url"][-5]: row["views"] for row in written}
    assert found == {"1": 10, "2": 20, "3": None, "4": None, "5": 50, "6": 5}
    assert len(written) == 6
    assert "payload" not in json.dumps(written)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("limti", "5", "did you mean limit?"),
        ("maxpages", "5", "did you mean max_pages?"),
        ("limit", "many", "takes a number above zero"),
        ("revisit", "never", "takes due, all or none"),
    ],
)
def test_a_misspelt_argument_is_refused(name: str, value: str, said: str) -> None:
    assert said in (verb.wrong(name, value) or "")


@pytest.mark.parametrize(
    ("name", "value"), [("limit", "5"), ("full", "1"), ("revisit", "all"), ("since", "2026-01-01"), ("assets", "0.5")]
)
def test_every_argument_is_taken(name: str, value: str) -> None:
    assert verb.wrong(name, value) is None


def scrapy(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newsspider.settings"}
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_crawl_writes_rows(campus: Campus, tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    listing = campus.urls["vsb"]
    (tmp_path / "sites" / "replica.toml").write_text(
        f'name = "replica"\ntimezone = "Asia/Shanghai"\nlistings = ["{listing}"]\n'
    )
    settings = ["-s", "DOWNLOAD_DELAY=0", "-s", "HOST_REST=0", "-s", "LOG_LEVEL=ERROR"]
    ran = scrapy(tmp_path, "crawl", "replica", "-O", "out.jsonl", "-O", "out.csv", "-a", "limit=4", *settings)
    assert ran.returncode == 0, ran.stderr
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(found) == 4
    assert all(isinstance(row["views"], int) for row in found)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [row["url"] for row in csv.DictReader(file)] == [row["url"] for row in found]
    assert "did you mean limit" in scrapy(tmp_path, "crawl", "replica", "-a", "limti=4").stderr
