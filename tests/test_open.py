"""Stored pages shown again: `newsspider open`, and WACZ files. The pages are synthetic."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import PROGRAM, Browser
from click.testing import CliRunner
from parsel import Selector

from newsspider import read_article, replay
from newsspider.archive import Archive
from newsspider.archive.writing import Writer
from newsspider.cli import newsspider
from newsspider.export import wacz
from newsspider.items import ArticleItem, Capture, FileItem, Site

URL = "http://news.campus.test/info/1001/1.htm"
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
INLINE = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="
PAGE = f"""<html><head><title>关于放假的通知-示例大学</title><meta charset="utf-8"><link rel="stylesheet" href="/a.css">
<script src="http://track.test/t.js"></script><style>@import url(http://track.test/a.css)</style></head><body onload="hit=1">
<h1>关于放假的通知</h1><div>发布时间：2026-03-01</div><div id="vsb_content">
<p>各单位：清明节放假三天，请做好安全工作，注意用电用水，假期值班安排另行通知。</p>
<img src="/__local/loading.gif" orisrc="/img/held.gif" alt="通知"><img src="{INLINE}">
<img src="/img/missing.png" alt="附图" onerror="hit=1">
<p>{{version}}请遵照执行。</p><a href="javascript:hit=1">x</a><a href="data:text/html,hit">y</a><a href="/info/1001/2.htm">下一篇</a>
<iframe src="http://track.test/"></iframe><form action="http://track.test/"><input></form><svg onload="hit=1"><image href="http://track.test/a.png"/></svg>
</div></body></html>"""  # fmt: skip


def at(day: int) -> str:
    return f"2026-03-{day:02}T01:00:00Z"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A page in two versions, with one of its images."""
    path = tmp_path / "archive.db"
    with Archive(path, write=True) as held:
        writer = Writer(held, "0.1.0")
        writer.start("crawl", [Site(name="campus")], at(1), {})
        for day, version in ((1, "旧版。"), (5, "新版。")):
            payload = PAGE.replace("{version}", version).encode()
            headers = {"Content-Type": "text/html; charset=utf-8"}
            capture = Capture(url=URL, captured_at=at(day), status=200, headers=headers, payload=payload)
            writer.write([ArticleItem(site="campus", capture=capture, article=read_article(payload, URL))])
        image = Capture(
            url="http://news.campus.test/img/held.gif",
            captured_at=at(2),
            status=200,
            headers={"Content-Type": "image/gif"},
            payload=PIXEL,
        )
        writer.write([FileItem(site="campus", capture=image, media_type="image/gif")])
        writer.finish(at(6), "finished", 3, 3)
    return path


def opened(archive: Path, *more: str) -> tuple[Path, str]:
    out = archive.with_name("page.html")
    result = CliRunner().invoke(newsspider, ["open", "1", "--archive", str(archive), "--out", str(out), *more])
    assert result.exit_code == 0, result.output
    return out, out.read_text(encoding="utf-8")


def test_the_stored_page_stands_alone_without_scripts(archive: Path) -> None:
    page = Selector(opened(archive)[1])
    assert page.css("p::text").getall()[-1] == "新版。请遵照执行。"
    assert not page.css("script, link, iframe, form, input, svg, [onload], [onerror]")
    sources = page.css("img::attr(src)").getall()
    assert len(sources) == 2
    assert sources[0].startswith("data:image/gif;base64,")
    assert sources[1] == INLINE
    assert not page.xpath("//body/div/text()[contains(., '示例大学')]"), (
        "what stands in the head is no part of the page"
    )
    assert page.css(".missing::text").getall() == ["[附图: http://news.campus.test/img/missing.png]"]
    assert page.css("a::attr(href)").getall() == ["http://news.campus.test/info/1001/2.htm"]


def test_it_is_shown_as_it_was_then(archive: Path) -> None:
    assert "旧版。" in opened(archive, "--at", "2026-03-03")[1]
    early = CliRunner().invoke(newsspider, ["open", "1", "--at", "2026-02-01", "--archive", str(archive)])
    assert "was not held yet" in str(early.exception or early.output)


def test_an_article_of_which_no_page_is_held_says_so(archive: Path) -> None:
    with Archive(archive, write=True) as held, held.transaction() as conn:
        conn.execute("UPDATE snapshot SET payload_digest = NULL")
    result = CliRunner().invoke(newsspider, ["open", "1", "--archive", str(archive)])
    assert "only its text" in str(result.exception or result.output)


@pytest.mark.parametrize(
    "page", ["", "<", "<!-- ", "plain", "<img src='http://[' alt=a>", "<p>\x00\ud800</p>", "<?xml?><img src=x>"]
)
def test_any_page_can_be_shown(page: str) -> None:
    assert "script" not in replay.page(page, URL, lambda url: None)


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="Chromium is not installed")
def test_the_browser_asks_nobody(archive: Path, tmp_path: Path) -> None:
    place, _ = opened(archive)
    with Browser(tmp_path / "profile") as browser:
        browser.open(place, width=800)
        assert [url for url in browser.requests if not url.startswith("data:")] == [place.resolve().as_uri()]
        assert browser.ask("typeof hit") == "undefined"
        assert browser.ask("document.images[0].naturalWidth") == 1


# WACZ


@pytest.fixture
def package(archive: Path, tmp_path: Path) -> Iterator[tuple[Path, zipfile.ZipFile]]:
    with Archive(archive) as held:
        path, number = wacz.write(held, tmp_path / "out")
    assert number == 3
    with zipfile.ZipFile(path) as opened:
        yield path, opened


@pytest.mark.slow
def test_a_wacz_is_valid_by_its_own_library(package: tuple[Path, zipfile.ZipFile]) -> None:
    pytest.importorskip("wacz", reason="newsspider[test] brings it")
    command = [sys.executable, "-W", "ignore", "-m", "wacz", "validate", "-f", str(package[0])]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout.splitlines()[-1:]) == (
        0,
        ["Validation succeeded, the passed WACZ is valid"],
    )


def test_a_wacz_has_its_pages_its_index_and_their_digests(package: tuple[Path, zipfile.ZipFile]) -> None:
    _, opened = package
    assert opened.testzip() is None
    described = json.loads(opened.read("datapackage.json"))
    for part in described["resources"]:
        assert part["hash"] == f"sha256:{hashlib.sha256(opened.read(part['path'])).hexdigest()}"
    head, *pages = [json.loads(line) for line in opened.read("pages/pages.jsonl").splitlines()]
    assert head["format"] == "json-pages-1.0"
    assert [(page["ts"], page["title"]) for page in pages] == [(at(1), "关于放假的通知"), (at(5), "关于放假的通知")]
    assert "新版。请遵照执行。" in pages[1]["text"]
    stored = {one.filename for one in opened.infolist() if one.compress_type == zipfile.ZIP_STORED}
    assert stored == {"archive/archive.warc.gz", "indexes/index.cdx.gz"}
    assert described["created"] == at(5)


def test_a_viewer_finds_records_by_the_directory_alone(package: tuple[Path, zipfile.ZipFile]) -> None:
    """It reads no header of a part: a part begins where the directory's own entry says, name and extra field included."""
    path, opened = package
    held = path.read_bytes()
    about = opened.getinfo("archive/archive.warc.gz")
    start = about.header_offset + 30 + len(about.filename) + len(about.extra)
    for line in gzip.decompress(opened.read("indexes/index.cdx.gz")).decode().splitlines():
        place = json.loads(line.split(" ", 2)[2])
        record = held[start + int(place["offset"]) :][: int(place["length"])]
        assert f"WARC-Target-URI: {place['url']}" in gzip.decompress(record).decode(errors="replace")


def test_the_same_captures_give_the_same_wacz(
    archive: Path, package: tuple[Path, zipfile.ZipFile], tmp_path: Path
) -> None:
    with Archive(archive) as held:
        again, _ = wacz.write(held, tmp_path / "again")
    assert again.read_bytes() == package[0].read_bytes()
    assert [one.name for one in again.parent.iterdir()] == ["archive.wacz"]


def test_export_writes_a_wacz(archive: Path, tmp_path: Path) -> None:
    asked = ["export", "--archive", str(archive), "--out", str(tmp_path / "w"), "--format"]
    assert CliRunner().invoke(newsspider, [*asked, "wacz", "--site", "campus"]).exit_code == 0
    assert (tmp_path / "w/archive-campus.wacz").is_file()
    assert CliRunner().invoke(newsspider, [*asked, "wacz,csv"]).exit_code == 2
