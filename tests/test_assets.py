"""Images and attachments: `crawl --assets` against the replica campus."""

from __future__ import annotations

import sqlite3
import zipfile
from io import BytesIO
from pathlib import Path

import lxml.html
import pytest
from looks import SITE, Look, record

from newsspider.archive import Archive, files, fixity, merging, payloads
from newsspider.archive.writing import Writer
from newsspider.extract.files import media_type
from newsspider.items import Capture, FileItem
from newsspider.reading import media
from newsspider.spiders.assets import refused

URL = "http://campus.test/system/_content/download.jsp?wbfileid=7"
ARTICLE = "http://campus.test/info/1001/1.htm"
CAPTCHA = "<html><title>验证码下载</title><body><form>请输入验证码下载附件<input name=codeValue></form></body></html>".encode()


def office(name: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for part in ("[Content_Types].xml", name):
            packed.writestr(zipfile.ZipInfo(part), "<document/>")  # of 1980: tests are named by their bytes
    return file.getvalue()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.4 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00????", "application/octet-stream"),
        (b"\x00\x00\x00\x1cftypavif", "image/avif"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00", "image/bmp"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (office("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (office("a.txt"), "application/zip"),
        (office("word/document.xml")[:60], "application/zip"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"<!DOCTYPE html><svg/>", "text/html"),
        (CAPTCHA, "text/html"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "application/xml"),
        ("姓名,学号".encode("gbk"), "text/plain"),
        (b"\x01\x02\x00\x03", "application/octet-stream"),
        (b"\xff\xfe\xff\xfe\xff", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_what_bytes_are(body: bytes, kind: str) -> None:
    assert media_type(body) == kind


@pytest.mark.parametrize(
    ("body", "names", "wrong"),
    [
        (b"%PDF-1.4", [URL, "附件.pdf"], None),
        (CAPTCHA, [URL, "附件.pdf"], "captcha: "),
        (b"<html><body><input type=password> \xe8\xaf\xb7\xe7\x99\xbb\xe5\xbd\x95</body></html>", [URL], "login: "),
        (b"<html><body>a page of a downloadable kind</body></html>", ["http://campus.test/page.html"], None),
        (b" \n", [URL], "empty: "),
        ("文件不存在".encode(), [URL, "附件.pdf"], "unreadable: words, not a file: 文件不存在"),
        (b"name,number\n", ["http://campus.test/table.csv"], None),
    ],
)
def test_what_is_a_file(body: bytes, names: list[str], wrong: str | None) -> None:
    found = refused(body, URL, media_type(body), names)
    assert found is None if wrong is None else (found or "").startswith(wrong)


def asset(minute: int, body: bytes | str, url: str = URL) -> FileItem:
    at = Look(minute, url, "").at
    if isinstance(body, str):
        return FileItem(site=SITE.name, capture=Capture(url=url, captured_at=at, status=200, error=body))
    kind = media_type(body)
    return FileItem(site=SITE.name, capture=Capture(url=url, captured_at=at, status=200, payload=body), media_type=kind)


def fetched(path: Path, items: list[FileItem]) -> Archive:
    """An archive of an article that links a file, and some fetches of that."""
    archive = Archive(path, write=True)
    record(archive, [Look(1, ARTICLE, "甲")])
    with archive.transaction() as conn:
        files.meet(conn, 1, URL, "file", "申请表", Look(1, "", "").at, Look(1, "", "").at)
    writer = Writer(archive, "0.1.0")
    writer.start("crawl", [SITE], "2026-03-03T00:00:00Z", {})
    writer.write(items)
    writer.finish("2026-03-03T01:00:00Z", "finished", 1, 1)
    return archive


def told(archive: Archive) -> list[tuple[object, ...]]:
    """What is told of the file, and of each fetch."""
    rows = archive.rows("SELECT media_type, size, substr(fetched_at, 15, 2), error FROM attachment")
    rows += archive.rows(
        "SELECT substr(captured_at, 15, 2), outcome FROM capture WHERE kind = 'file' ORDER BY captured_at"
    )
    return [tuple(row) for row in rows]


FETCHES = [asset(2, b"%PDF-1"), asset(3, b"%PDF-1"), asset(4, "captcha: 请输入验证码"), asset(5, b"%PDF-1 changed")]
TOLD = [
    ("application/pdf", 14, "05", None),
    *[("02", "new"), ("03", "revisit"), ("04", "failed"), ("05", "changed")],
]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_fetches_of_a_file_in_any_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    with fetched(tmp_path / "archive.db", [FETCHES[number] for number in order]) as archive:
        assert told(archive) == TOLD
        assert list(fixity.verify(archive)) == []
        digest = files.held(archive.conn, URL)
        assert digest
        assert payloads.body(archive.conn, digest) == b"%PDF-1 changed"


def test_what_was_held_stays_held(tmp_path: Path) -> None:
    with fetched(tmp_path / "archive.db", [FETCHES[0], FETCHES[2]]) as archive:
        assert told(archive)[0] == ("application/pdf", 6, "04", "captcha: 请输入验证码")


def test_merged_archives_hold_the_files_of_both(tmp_path: Path) -> None:
    fetched(tmp_path / "other.db", FETCHES[1:3]).close()
    with fetched(tmp_path / "archive.db", [FETCHES[3], FETCHES[0]]) as archive:
        merging.merge(archive, tmp_path / "other.db")
        assert told(archive) == TOLD
        assert merging.merge(archive, tmp_path / "other.db") == {}
        assert list(fixity.verify(archive)) == []


@pytest.mark.parametrize(
    "column", ["payload_digest = NULL", "media_type = 'image/png'", "size = 1", "error = 'HTTP 404'"]
)
def test_an_edit_of_what_is_told_shows(tmp_path: Path, column: str) -> None:
    fetched(tmp_path / "archive.db", FETCHES).close()
    with sqlite3.connect(tmp_path / "archive.db") as conn:
        conn.execute(f"UPDATE attachment SET {column}")
    conn.close()
    with Archive(tmp_path / "archive.db") as archive:
        assert f"attachment {URL}" in {damage.what for damage in fixity.verify(archive)}


# Against the campus


def test_no_file_is_fetched_unless_asked_for(crawl, campus, ask):
    crawl(campus.urls["vsb"])
    assert campus.log.of("vsb", "file") == []
    assert set(ask("SELECT fetched_at FROM attachment")) == {None}


def test_files_are_stored_by_digest(crawl, campus, ask, newsspider):
    done = crawl(campus.urls["vsb"], campus.urls["vsb-notices"], campus.urls["webplus"], "--assets")
    assert done.returncode == 0, done.stderr
    assert "files" in done.stderr
    assert ask("SELECT count(*) FROM attachment WHERE payload_digest IS NULL") == [0]
    assert set(ask("SELECT kind, media_type FROM attachment")) == {
        ("image", "image/png"),
        ("file", "application/zip"),
    }
    asked = [visit.target for site in ("vsb", "webplus") for visit in campus.log.of(site, "file")]
    fetched = [target for target in asked if "__local" in target or "download" in target or "_upload" in target]
    assert len(fetched) == len(set(fetched)) == ask("SELECT count(DISTINCT url) FROM attachment")[0]
    assert campus.log.beacons == []
    assert newsspider("verify").returncode == 0
    url = ask("SELECT url FROM attachment WHERE url LIKE '%/_upload/%'")[0]
    assert newsspider("show", "--payload", url).stdout == "PK\x03\x04 synthetic"
    assert (
        f"{url}  " in newsspider("show", str(ask(f"SELECT article_id FROM attachment WHERE url = '{url}'")[0])).stdout
    )
    crawl(campus.urls["vsb"], campus.urls["vsb-notices"], "--assets")
    assert len([visit for visit in campus.log.of("vsb", "file") if "download" in visit.target]) == 2, "held: not again"


def test_a_wall_before_a_download_is_no_file(crawl, campus, ask, newsspider):
    campus.fail("download.jsp", "captcha")
    campus.fail("__local", "404")
    assert crawl(campus.urls["vsb"], campus.urls["vsb-notices"], "--assets").returncode == 0
    assert [one for one in ask("SELECT DISTINCT error FROM attachment") if not one.startswith("captcha: ")] == [
        "HTTP 404"
    ]
    assert set(ask("SELECT outcome, payload_digest FROM capture WHERE kind = 'file'")) == {("failed", None)}
    campus.mend()
    campus.advance(hours=2)
    crawl(campus.urls["vsb"], campus.urls["vsb-notices"], "--assets")
    assert set(ask("SELECT error FROM attachment")) == {None}
    assert newsspider("verify").returncode == 0


def test_a_file_beyond_the_limit_is_left_out(crawl, campus, ask):
    campus.fail("download.jsp", "big")
    crawl(campus.urls["vsb-notices"], "--assets", "--assets-limit", "0.5")
    errors = ask("SELECT error FROM attachment WHERE kind = 'file'")
    assert errors
    assert all("too large" in error for error in errors)


def test_files_of_articles_held_before(crawl, campus, ask):
    crawl(campus.urls["vsb-notices"])
    crawl(campus.urls["vsb-notices"], "--assets")
    assert ask("SELECT count(*) FROM attachment WHERE payload_digest IS NULL") == [0]
    assert campus.log.twice() == ["vsb /tzgg.htm"]


def test_robots_txt_speaks_for_files_too(crawl, campus, ask):
    campus.sites["vsb"].robots = "User-agent: *\nDisallow: /system/_content/\n"
    crawl(campus.urls["vsb-notices"], "--assets")
    assert [
        error for error in ask("SELECT error FROM attachment WHERE kind = 'file'") if "robots.txt" not in error
    ] == []
    assert [visit for visit in campus.log.of("vsb") if "download" in visit.target] == []


def test_files_are_in_the_warc(crawl, campus, ask, newsspider, tmp_path):
    crawl(campus.urls["vsb-notices"], "--assets")
    newsspider("export", "--format", "warc", "--out", "out")
    index = (tmp_path / "out" / "archive.cdxj").read_text(encoding="utf-8")
    for url in ask("SELECT DISTINCT url FROM attachment"):
        assert f'"url": "{url}"' in index


def test_pictures_that_count_readers_are_no_part_of_a_text():
    pictures = [
        '<img src="/up/1.png">',
        '<img src="/up/2.png" width="100%" style="max-width: 100px">',
        '<img src="/a" width="1" height="1">',
        '<img src="/b" width="0px">',
        '<img src="/c" style="width:1px;height:1px">',
        '<img src="/d" style="DISPLAY: none">',
        '<img src="/e" hidden>',
        '<p style="visibility:hidden"><img src="/f"></p>',
    ]
    body = lxml.html.fromstring(f"<div>{''.join(pictures)}</div>")
    assert media.images([body], lambda source: source) == ("/up/1.png", "/up/2.png")
