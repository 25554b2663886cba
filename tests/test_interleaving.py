"""Captures, failures, edits, withdrawals, ingests, re-readings and merges, interleaved in any way, end as the sorted sequence does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from looks import ADDRESSES, SITE, Look, examples, fresh, record, reread, state

from newsspider.archive import Archive, digest, fixity, merging, reading, rereads
from newsspider.archive.writing import Writer
from newsspider.items import Article, ArticleItem

PLACES = 3
LOOK = st.builds(
    Look,
    minute=st.integers(0, 20),
    url=st.sampled_from(sorted(ADDRESSES)),
    found=st.sampled_from(["甲", "乙", "丙", "丁", "gone", "failed"]),
)


class Step(NamedTuple):
    """``kind``: crawl, ingest (of ``looks``), merge (of what is held at ``other``), reread."""

    kind: str
    place: int
    looks: Sequence[Look] = ()
    other: int = 0


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Look], list[Step]]:
    """Looks in the order of time, and steps that bring them to several archives in any order, with merges and re-readings between."""
    looks = draw(st.lists(LOOK, min_size=1, max_size=10, unique=True))
    waiting = draw(st.permutations(looks))
    steps = []
    while waiting:
        taken, waiting = waiting[: (size := draw(st.integers(1, 4)))], waiting[size:]
        place = draw(st.integers(0, PLACES - 1))
        kind = draw(st.sampled_from(["crawl", "ingest"]))
        steps.append(Step(kind, place, taken))
        if kind == "ingest" and draw(st.booleans()):  # the same WARC, taken elsewhere too
            steps.append(Step(kind, draw(st.integers(0, PLACES - 1)), taken))
        match draw(st.sampled_from(["", "merge", "reread"])):
            case "merge":
                here, there = draw(st.permutations(range(PLACES)))[:2]
                steps.append(Step("merge", here, other=there))
            case "reread":
                steps.append(Step("reread", draw(st.integers(0, PLACES - 1))))
    return sorted(looks), steps


def as_then(look: Look) -> ArticleItem:
    """What the parser of then read: nothing of pages that say 丁."""
    item = look.item()
    if look.found != "丁":
        return item
    return replace(item, article=None, capture=replace(item.capture, error="unreadable: 丁"))


def as_now(look: Look) -> Article | None:
    """What the parser of now reads: 甲 and 乙 are the same text to it, and all pages name their source."""
    article = look.item().article
    if article is None:
        return None
    said = "甲" if look.found == "乙" else look.found
    return replace(article, source="校报", title=f"标题{said}", body=f"{said}：本页为测试而写。")


class World:
    def __init__(self, folder: Path, looks: Sequence[Look], places: int = PLACES) -> None:
        self.paths = [folder / f"{number}.db" for number in range(places)]
        self.now = {(look.url, look.at, look.found): as_now(look) for look in looks}
        self.runs = 0
        for path in self.paths:
            with fresh(path) as archive:
                record(archive, [])

    def take(self, step: Step) -> None:
        with Archive(self.paths[step.place], write=True) as archive:
            match step.kind:
                case "merge":
                    merging.merge(archive, self.paths[step.other])
                case "reread":
                    self.reread(archive)
                case kind:
                    self.look(archive, kind, step.looks)
            assert list(fixity.verify(archive)) == [], step

    def start(self, archive: Archive, kind: str) -> Writer:
        self.runs += 1
        writer = Writer(archive, "1")
        writer.start(kind, [SITE], f"2026-04-01T00:{self.runs:02}:00Z", {})
        return writer

    def look(self, archive: Archive, kind: str, looks: Sequence[Look]) -> None:
        writer = self.start(archive, kind)
        for look in looks:
            if kind == "ingest" and held(archive, look):
                continue
            writer.write([as_then(look)])
        writer.finish("2026-04-02T00:00:00Z", "finished", 0, 0)

    def reread(self, archive: Archive) -> None:
        writer = self.start(archive, "reparse")
        upgrade = rereads.Upgrade(writer.crawl_id, "2")
        reread(archive, upgrade, lambda row: self.read(archive, row))
        writer.finish("2026-04-02T00:00:00Z", "finished", 0, 0)

    def read(self, archive: Archive, row: Mapping[str, Any]) -> Article | None:
        said = (reading.payload(archive, row["payload_digest"]) or b"").decode()
        return self.now[row["url"], row["captured_at"], said.removeprefix("<html>")[0]]


def held(archive: Archive, look: Look) -> bool:
    item = as_then(look)
    sql = "SELECT 1 FROM capture WHERE url = ? AND captured_at = ? AND status = ? AND error IS ? AND payload_digest IS NOT NULL = ?"
    capture = item.capture
    about = (capture.url, capture.captured_at, capture.status, capture.error, capture.payload is not None)
    if capture.payload is None:
        return bool(archive.rows(sql, about))
    return reading.captured(archive, capture.url, capture.captured_at, digest.payload(capture.payload))


@pytest.mark.slow
@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories())
def test_any_interleaving_ends_as_the_sorted_sequence(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[list[Look], list[Step]]
) -> None:
    looks, steps = history
    world = World(tmp_path_factory.mktemp("world"), looks)
    for step in [*steps, Step("merge", 0, other=1), Step("merge", 0, other=2), Step("reread", 0)]:
        world.take(step)
    plain = World(tmp_path_factory.mktemp("plain"), looks, places=1)
    for step in (Step("crawl", 0, looks), Step("reread", 0)):
        plain.take(step)
    with Archive(world.paths[0]) as one, Archive(plain.paths[0]) as other:
        assert state(one) == state(other)
    with Archive(world.paths[0], write=True) as archive:
        before = state(archive)
        world.reread(archive)
        assert merging.merge(archive, world.paths[1]) == {}
        assert state(archive) == before


@settings(max_examples=examples(6), deadline=None)
@given(looks=st.lists(LOOK, min_size=1, max_size=10, unique_by=lambda look: look.minute))
def test_rereading_gives_the_versions_of_a_parser_that_had_read_so_from_the_start(
    tmp_path_factory: pytest.TempPathFactory, looks: list[Look]
) -> None:
    world = World(tmp_path_factory.mktemp("world"), looks)
    for step in (Step("crawl", 0, looks), Step("reread", 0)):
        world.take(step)
    with Archive(world.paths[0]) as one, Archive(world.paths[1], write=True) as other:
        writer = world.start(other, "crawl")
        writer.write([replace(look.item(), article=as_now(look)) for look in looks])
        assert state(one)["versions"] == state(other)["versions"]
        assert [row[:5] for row in state(one)["articles"]] == [row[:5] for row in state(other)["articles"]]
