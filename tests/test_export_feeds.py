"""Feeds of new, edited and withdrawn articles. All synthetic."""

from __future__ import annotations

import json
from pathlib import Path

import feedparser
import pytest
from click.testing import CliRunner
from looks import Look, record

from newsspider.archive import Archive, notices
from newsspider.cli import export as verb
from newsspider.export import feeds

ONE = "http://campus.test/info/1001/1.htm"
OTHER = "http://campus.test/page/2.html"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Archive(path, write=True) as archive:
        record(archive, [Look(1, ONE, "甲"), Look(2, OTHER, "甲"), Look(30, ONE, "乙"), Look(40, OTHER, "gone")])
    return path


EXPECTED = [("withdrawn", OTHER), ("edited", ONE), ("new", OTHER), ("new", ONE)]


def test_atom_is_valid_and_the_latest_comes_first(path: Path) -> None:
    with Archive(path) as archive:
        found = feedparser.parse(feeds.feed("atom", notices.latest(archive)))
    assert not found.bozo
    assert [(entry.tags[0].term, entry.link) for entry in found.entries] == EXPECTED
    assert len({entry.id for entry in found.entries}) == 4
    assert found.feed.updated == found.entries[0].updated == "2026-03-01T00:40:00Z"
    assert found.entries[1].title == "[改 edited] 标题乙"


def test_json_feed(path: Path) -> None:
    with Archive(path) as archive:
        found = json.loads(feeds.feed("jsonfeed", notices.latest(archive), url="http://here.test/feed.json"))
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert [(item["tags"][0], item["url"]) for item in found["items"]] == EXPECTED
    assert {"id", "url", "title", "content_text", "date_modified", "tags"} == found["items"][0].keys()


def test_of_a_search_and_of_a_site(path: Path) -> None:
    with Archive(path) as archive:
        assert {one.url for one in notices.latest(archive, query="乙")} == {ONE}
        assert notices.latest(archive, site="other") == []
        assert len(notices.latest(archive, limit=2)) == 2


def test_an_empty_feed_and_control_characters(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive.db", write=True) as archive:
        assert not feedparser.parse(feeds.feed("atom", notices.latest(archive))).bozo
        record(archive, [Look(1, ONE, "甲")])
        archive.conn.execute("UPDATE snapshot SET title = 'a' || char(8) || '<b>&'")
        found = feedparser.parse(feeds.feed("atom", notices.latest(archive)))
    assert not found.bozo
    assert found.entries[0].title_detail.value == "[新 new] a<b>&"


def test_the_command(path: Path, tmp_path: Path) -> None:
    def run(*words: object) -> str:
        said = CliRunner().invoke(verb.export, ["--archive", str(path), *map(str, words)])
        return f"{said.output}{said.exception or ''}"

    assert "<feed xmlns" in run("--format", "atom", "--quiet")
    assert "<feed xmlns" in run("-", "--format", "atom", "--quiet")
    assert "4 entries in" in run(tmp_path / "news.atom", "--format", "atom")
    assert len(feedparser.parse((tmp_path / "news.atom").read_text(encoding="utf-8")).entries) == 4
    assert "did you mean campus" in run("--format", "jsonfeed", "--site", "campu")
    assert "one feed" in run("--format", "atom,csv")
