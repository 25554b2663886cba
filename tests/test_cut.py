"""What an archive knew by a moment is what it said at that moment, whatever was crawled, polled, ingested or read again since."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from looks import ADDRESSES, SITE, Look, reread

from newsspider.archive import Archive, digest, reading, rereads
from newsspider.archive.cut import Cut
from newsspider.archive.writing import Writer
from newsspider.items import Article, ArticleItem, CountsItem, ViewObservation

DAY = 24 * 60
FIRST, SECOND = (url for url, native in sorted(ADDRESSES.items()) if native)
TABLES = ("sites", "runs", "calibrations", "observations", "captures")


class Run(NamedTuple):
    """``looks``: of the run's own day, of an ingest of days before. Only a poll has ``counts``."""

    kind: str
    looks: Sequence[Look] = ()
    counts: Sequence[int] = ()


def looks(minutes: st.SearchStrategy[int]) -> st.SearchStrategy[list[Look]]:
    look = st.builds(
        Look,
        minute=minutes,
        url=st.sampled_from(sorted(ADDRESSES)),
        found=st.sampled_from(["甲", "乙", "丙", "丁", "gone", "failed"]),
    )
    # An article has one count at each instant, under whatever address.
    return st.lists(look, min_size=1, max_size=5, unique_by=lambda one: (one.minute, ADDRESSES[one.url])).map(sorted)


@st.composite
def histories(draw: st.DrawFn) -> list[Run]:
    """A run a day. Nothing fails at an address before it was read once: nobody knew then whose it is."""
    runs: list[Run] = []
    read: set[str] = set()

    def plausible(found: list[Look]) -> list[Look]:
        firsts = [look for number, look in enumerate(found) if look.url not in {one.url for one in found[:number]}]
        strange = {look for look in firsts if look.url not in read}
        read.update(look.url for look in found)
        return [look._replace(found="甲") if look in strange else look for look in found]

    for day in range(1, 1 + draw(st.integers(2, 5))):
        match draw(st.sampled_from(["crawl", "crawl", "poll", "ingest", "reparse"])):
            case "crawl":
                runs.append(Run("crawl", plausible(draw(looks(st.integers(day * DAY, day * DAY + 30))))))
            case "poll":
                runs.append(Run("poll", counts=draw(st.lists(st.integers(0, 3000), min_size=1, max_size=4))))
            case "ingest":
                # No two runs look at the same instant: an article has one count at each.
                minutes = st.sampled_from([one for one in range(day, day * DAY, 10) if one % DAY > 60])
                runs.append(Run("ingest", plausible(draw(looks(minutes)))))
            case kind:
                runs.append(Run(kind))
    return runs


def as_then(look: Look) -> ArticleItem:
    """The first parser read nothing of pages that say 丁."""
    item = look.item()
    if look.found != "丁":
        return item
    return replace(item, article=None, capture=replace(item.capture, error="unreadable: 丁"))


class Past:
    """An archive that grows run by run; ``told`` holds what it said at moments, when those were now."""

    def __init__(self, path: Path) -> None:
        self.path, self.day, self.parsers = path, 0, 1
        self.told: dict[str, Mapping[str, Any]] = {}

    def take(self, run: Run) -> None:
        self.day += 1
        with Archive(self.path, write=True) as archive:
            self.writer = Writer(archive, str(self.parsers))
            self.writer.start(run.kind, [SITE], Look(self.day * DAY, "", "").at, {})
            if run.kind == "reparse":
                self.reread(archive)
            else:
                self.look(archive, run)
            self.writer.finish(Look(self.day * DAY + 60, "", "").at, "finished", 3, 4000)
            self.tell(archive, Look(self.day * DAY + 60, "", "").at)

    def tell(self, archive: Archive, at: str) -> None:
        self.told[at] = known(archive, at)

    def look(self, archive: Archive, run: Run) -> None:
        for minute, views in enumerate(run.counts, self.day * DAY):
            at = Look(minute, "", "").at
            seen = ViewObservation(site=SITE.name, observed_at=at, views=views, method="counter", native_id="vsb:9:1")
            self.writer.write([CountsItem(site=SITE.name, observations=(seen,))])
            self.tell(archive, at)
        for minute, together in groupby(run.looks, key=lambda look: look.minute):
            for look in together:
                if run.kind == "crawl" or not held(archive, look):
                    self.writer.write([as_then(look)])
            if run.kind == "crawl":  # the archive is asked while the crawl runs
                self.tell(archive, Look(minute, "", "").at)

    def reread(self, archive: Archive) -> None:
        """A new parser reads every page otherwise, and those that say 丁 at all."""
        self.parsers += 1
        upgrade = rereads.Upgrade(self.writer.crawl_id, str(self.parsers))
        reread(archive, upgrade, lambda row: self.read(archive, row))

    def read(self, archive: Archive, row: Mapping[str, Any]) -> Article:
        page = (reading.payload(archive, row["payload_digest"]) or b"").decode().removeprefix("<html>")
        minute = (int(row["captured_at"][8:10]) - 1) * DAY + int(row["captured_at"][11:13]) * 60
        look = Look(minute + int(row["captured_at"][14:16]), row["url"], page[0])
        article = look.item().article
        assert article
        return replace(article, title=f"{article.title}·{self.parsers}", source=f"校报{self.parsers}")


def held(archive: Archive, look: Look) -> bool:
    capture = as_then(look).capture
    if capture.payload is not None:
        return reading.captured(archive, capture.url, capture.captured_at, digest.payload(capture.payload))
    return bool(archive.rows("SELECT 1 FROM capture WHERE url = ? AND captured_at = ?", (look.url, look.at)))


def known(archive: Archive, at: str) -> dict[str, Any]:
    """Every row of every table of an export."""
    with Cut(archive, at).open() as cut:
        rows: dict[str, Any] = {name: [dict(row) for row in getattr(cut, name)()] for name in TABLES}
        past = list(cut.articles())
        rows["articles"] = [one.article for one in past]
        for table in ("versions", "edits", "withdrawals"):
            rows[table] = [row for one in past for row in getattr(one, table)]
        rows["events"] = [row for one in past for row in cut.events(one.article["article_id"])]
    return rows


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "archive.db"
    with Archive(path, write=True):
        return path


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(runs=histories())
@example(  # one re-reading of what two runs brought, the later run the earlier look
    runs=[
        Run("crawl", [Look(DAY, FIRST, "甲")]),
        Run("crawl", [Look(2 * DAY, FIRST, "甲")]),
        Run("ingest", [Look(63, FIRST, "甲")]),
        Run("reparse"),
    ]
)
@example(  # the earliest look was read last, and has another address
    runs=[
        Run("crawl", [Look(DAY, FIRST, "甲")]),
        Run("crawl", [Look(2 * DAY, SECOND, "甲")]),
        Run("ingest", [Look(63, SECOND, "丁")]),
        Run("reparse"),
    ]
)
def test_what_was_known_by_a_moment_stays_so(
    tmp_path_factory: pytest.TempPathFactory, empty: Path, runs: list[Run]
) -> None:
    past = Past(tmp_path_factory.mktemp("past") / "archive.db")
    shutil.copy(empty, past.path)
    for run in runs:
        past.take(run)
    with Archive(past.path) as archive:
        for at, told in past.told.items():
            now = known(archive, at)
            for table, rows in told.items():
                assert now[table] == rows, (at, table)
