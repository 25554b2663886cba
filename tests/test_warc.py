"""WARC both ways. The pages are synthetic; the WARC files are made here, by warcio, and broken here."""

from __future__ import annotations

import gzip
import select
import shutil
import socket
import subprocess
import sys
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from click.testing import CliRunner, Result
from looks import SITE, state
from warcio.cli import main as warcio
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsspider import read_article
from newsspider.archive import Archive, fixity
from newsspider.archive.writing import Writer
from newsspider.cli import newsspider
from newsspider.export import warc
from newsspider.ingest import bodies, ingest
from newsspider.ingest.bodies import zstd
from newsspider.items import ArticleItem, Capture

HOST = "http://news.campus.test"
NOW = datetime(2026, 4, 1, tzinfo=UTC)
WAYBACK = Path(sys.executable).with_name("wayback")  # pywb, which `newsspider[test]` brings
PAGE = """<html><head><title>{title}-示例大学新闻网</title><meta charset="utf-8">
<!--Announced by Visual SiteBuilder 9--></head><body><form name="_newscontent_fromname">
<div class="content"><h1 class="title">{title}</h1>
<div class="info">发布时间：2026-02-0{number} 09:00　来源：校报　浏览次数：<script>_showDynClicks("wbnews", 77, {number})</script></div>
<div id="vsb_content"><div class="v_news_content"><p>{text}这一段是为测试写的，说的是一所不存在的大学里发生的一件小事。</p>
<p>第二段也是如此，它只是让正文像正文那样长一些，不至于被当成导航。</p></div></div></div></form></body></html>"""


def page(number: int, text: str = "") -> bytes:
    return PAGE.format(title=f"第{number}号新闻的标题", number=number, text=text).encode()


def url(number: int) -> str:
    return f"{HOST}/info/1001/{number}.htm"


def at(day: int) -> str:
    return f"2026-03-{day:02}T01:00:00Z"


MISSING = "<title>404</title><p>页面不存在</p>".encode()
LOOKS = [  # (day, article, bytes or status)
    (1, 1, page(1)),
    (1, 2, page(2)),
    (2, 1, page(1)),
    (3, 1, page(1, "改过。")),
    (4, 2, 404),
]


def item(day: int, number: int, found: bytes | int) -> ArticleItem:
    if isinstance(found, int):
        capture = Capture(url=url(number), captured_at=at(day), status=found, error=f"HTTP {found}")
        return ArticleItem(site=HOST[7:], capture=capture, gone=True)
    headers = {"Content-Type": "text/html; charset=utf-8"}
    capture = Capture(url=url(number), captured_at=at(day), status=200, headers=headers, payload=found)
    return ArticleItem(site=HOST[7:], capture=capture, article=read_article(found, url(number)))


@pytest.fixture
def crawled(tmp_path: Path) -> Path:
    path = tmp_path / "crawled.db"
    with Archive(path, write=True) as archive:
        writer = Writer(archive, "0.1.0")
        writer.start("crawl", [replace(SITE, name=HOST[7:])], at(1), {})
        writer.write([item(*look) for look in LOOKS])
        writer.finish(at(5), "finished", 5, 5)
    return path


def made(path: Path, looks: list[tuple[int, int, bytes | int]], *, gzipped: bool = True, chunked: bool = False) -> Path:
    """A WARC of looks, as others write them."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=gzipped)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "other/1.0"}))
        for day, number, found in looks:
            status, body = (f"{found} Not Found", b"") if isinstance(found, int) else ("200 OK", found)
            headers = [("Content-Type", "text/html")]
            if chunked:
                headers.append(("Transfer-Encoding", "chunked"))
                body = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (100, body[:100], len(body) - 100, body[100:])
            elif found != 404:
                headers.append(("Content-Encoding", "gzip"))
                body = gzip.compress(body)
            answer = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
            about = {"WARC-Date": at(day)}
            writer.write_record(
                writer.create_warc_record(
                    url(number), "response", BytesIO(body), len(body), http_headers=answer, warc_headers_dict=about
                )
            )
    return path


def taken(archive: Archive, *paths: Path) -> tuple[dict[str, int], list[str]]:
    complaints: list[str] = []
    found = ingest(archive, paths, archive.path.parent / "sites", NOW, complain=complaints.append)
    return {what: number for what, number in found.items() if number}, complaints


def versions(archive: Archive) -> list[object]:
    """All that a WARC can carry of an archive."""
    held = state(archive)
    return [held["articles"], held["versions"], held["captures"]]


def test_out_and_in_again(crawled: Path, tmp_path: Path) -> None:
    with Archive(crawled) as archive:
        path, count = warc.write(archive, tmp_path / "out")
        assert count == len(LOOKS)
        before = versions(archive)
        first = path.read_bytes()
        warc.write(archive, tmp_path / "out")
        assert path.read_bytes() == first
    with Archive(tmp_path / "fresh.db", write=True) as archive:
        taken(archive, path)
        assert versions(archive) == before
        assert list(fixity.verify(archive)) == []


def test_warcio_finds_nothing_to_say(crawled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Archive(crawled) as archive:
        path, _ = warc.write(archive, tmp_path)
    with pytest.raises(SystemExit) as ended:
        warcio(["check", "-v", str(path)])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "digest pass" in said
    assert "fail" not in said


def test_the_index_points_to_the_records(crawled: Path, tmp_path: Path) -> None:
    import json

    with Archive(crawled) as archive:
        path, _ = warc.write(archive, tmp_path)
    lines = (tmp_path / "crawled.cdxj").read_text().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == len(LOOKS)
    assert lines[0].startswith("test,campus,news)/info/1001/1.htm 20260301010000 {")
    for line in lines:
        about = json.loads(line.split(" ", 2)[2])
        start, length = int(about["offset"]), int(about["length"])
        record = gzip.decompress(path.read_bytes()[start : start + length]).decode()
        assert f"WARC-Target-URI: {about['url']}\r\n" in record
    assert sum('"warc/revisit"' in line for line in lines) == 1


@pytest.mark.parametrize(
    ("address", "key"),
    [  # as pywb 2.10 has them
        ("http://127.0.0.1:18801/info/1001/2.htm?b=2&a=1", "1,0,0,127:18801)/info/1001/2.htm?a=1&b=2"),
        ("http://www.Example.edu.cn/Info/1001/1.htm", "cn,edu,example)/info/1001/1.htm"),
        ("https://news.example.edu.cn:443/", "cn,edu,example,news)/"),
        ("http://news.example.edu.cn/a/?id=1#x", "cn,edu,example,news)/a?id=1"),
        ("http://a.b.cn/新闻/1.htm", "cn,b,a)/%e6%96%b0%e9%97%bb/1.htm"),
        ("http://a.b.cn/a//b/../c.htm", "cn,b,a)/a/c.htm"),
        ("http://www2.a.b.cn:8080/x?", "cn,b,a:8080)/x"),
        ("http://a.b.cn", "cn,b,a)/"),
    ],
)
def test_keys_of_the_index(address: str, key: str) -> None:
    assert warc.surt(address) == key


@pytest.mark.parametrize("kind", ["gzipped", "plain", "chunked", "one piece"])
def test_files_of_others(tmp_path: Path, kind: str) -> None:
    path = made(tmp_path / "other.warc.gz", LOOKS[:2], gzipped=kind == "gzipped", chunked=kind == "chunked")
    if kind == "one piece":
        path.write_bytes(gzip.compress(path.read_bytes()))
    with Archive(tmp_path / "archive.db", write=True) as archive:
        found, complaints = taken(archive, path)
        assert complaints == []
        assert found == {"new": 2}
        assert archive.rows("SELECT native_id FROM article WHERE url = ?", (url(1),))[0][0] == "vsb:77:1"
        again, _ = taken(archive, path)
        assert again == {"held already": 2}
        assert len(archive.rows("SELECT * FROM crawl")) == 1


def test_older_captures_go_before_newer_ones(tmp_path: Path) -> None:
    early, late = made(tmp_path / "1.warc.gz", LOOKS[:3]), made(tmp_path / "2.warc.gz", LOOKS[3:])
    states = []
    for order in ((early, late), (late, early), (late, early, late)):
        with Archive(tmp_path / f"{len(states)}.db", write=True) as archive:
            for path in order:
                taken(archive, path)
            states.append(versions(archive)[1])
    assert states[0] == states[1] == states[2]
    assert len(states[0]) == 3


def test_a_dead_link_of_an_article_is_its_withdrawal(tmp_path: Path) -> None:
    looks = [*LOOKS, (4, 9, 404)]
    with Archive(tmp_path / "archive.db", write=True) as archive:
        taken(archive, made(tmp_path / "1.warc.gz", looks))
        assert [row[0] for row in archive.rows("SELECT gone_since FROM article ORDER BY native_id")] == [None, at(4)]
        assert archive.rows("SELECT * FROM frontier") == []


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_broken_record_is_passed_over(tmp_path: Path, gzipped: bool) -> None:
    looks = [(1, 1, page(1)), (1, 2, page(2)), (1, 3, page(3))]
    path = made(tmp_path / "broken.warc.gz", looks, gzipped=gzipped)
    whole = path.read_bytes()
    if gzipped:
        members = whole.split(b"\x1f\x8b\x08")  # the pages inside are gzipped too, but that is compressed again
        members[2] = members[2][:40] + bytes(30) + members[2][70:]
        path.write_bytes(b"\x1f\x8b\x08".join(members))
    else:
        path.write_bytes(whole.replace(b"Content-Length", b"Length", 2).replace(b"Length", b"Content-Length", 1))
    with Archive(tmp_path / "archive.db", write=True) as archive:
        found, complaints = taken(archive, path)
    assert found["new"] == 2
    assert any("record at byte" in words for words in complaints)


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_file_that_was_cut_off(tmp_path: Path, gzipped: bool) -> None:
    path = made(tmp_path / "cut.warc.gz", LOOKS[:2], gzipped=gzipped)
    path.write_bytes(path.read_bytes()[:-200])
    with Archive(tmp_path / "archive.db", write=True) as archive:
        found, complaints = taken(archive, path)
    assert found == {"new": 1}
    assert "the file ends within it" in complaints[0]


def record(number: int, http: bytes = b"", **headers: object) -> bytes:
    """A record as bytes, with what it says of itself made worse."""
    http = http or b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(number)
    about = {
        "WARC-Type": "response",
        "WARC-Target-URI": url(number),
        "WARC-Date": at(1),
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": len(http),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in about.items())
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + http + b"\r\n\r\n"


def packed(coding: str, body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: %s\r\n\r\n" % coding.encode() + body


BROKEN = {
    "no address": record(1, WARC_Target_URI="http://[::1"),
    "a day before the year 1 in UTC": record(1, WARC_Date="0001-01-01T00:00:00+14:00"),
    "a status that int takes": record(1, "HTTP/1.1 ² OK\r\n\r\n".encode() + page(1)),
    "a status of 5,000 digits": record(1, b"HTTP/1.1 " + b"9" * 5000 + b" OK\r\n\r\n" + page(1)),
    "a length of 5,000 digits": record(1, Content_Length="9" * 5000),
    "a length beyond the file": record(1, Content_Length=10**9),
    "a header without an end": b"WARC/1.0\r\n" + b"X-Pad: 1\r\n" * 200_000,
    "cut, and others written behind it": record(1)[:-60],
    "brotli that is none": record(1, packed("br", b"\xff" * 500)),
    "brotli that ends too early": record(1, packed("br", brotli.compress(page(1))[:-9])),
    "gzip that ends too early": record(1, packed("gzip", gzip.compress(page(1))[:-9])),
    "a coding that nobody knows": record(1, packed("lz4", b"\x04" * 500)),
}


@pytest.mark.parametrize("bad", BROKEN.values(), ids=BROKEN)
def test_one_broken_record_costs_no_other(tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "broken.warc"
    path.write_bytes(record(2) + bad + record(3) + record(4))
    with Archive(tmp_path / "archive.db", write=True) as archive:
        found, complaints = taken(archive, path)
    assert found["new"] == 3
    assert len(complaints) == 1
    assert url(1) in complaints[0] or "record at byte" in complaints[0]


@pytest.mark.parametrize("bad", [gzip.compress(record(1))[:-30], b"\x1f\x8b\x08" + bytes(range(255, 100, -1)) * 30])
def test_a_broken_member_costs_no_other(tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "broken.warc.gz"
    path.write_bytes(bad + gzip.compress(record(2)) + bad + gzip.compress(record(3)))
    with Archive(tmp_path / "archive.db", write=True) as archive:
        found, complaints = taken(archive, path)
    assert found["new"] == 2
    assert complaints
    assert all("record at byte" in words for words in complaints)


def bare(text: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(text) + squeeze.flush()


CODINGS = {
    "br": brotli.compress,
    "zstd": zstd.compress,
    "gzip": lambda text: gzip.compress(text[:50]) + gzip.compress(text[50:]),
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": bare,
    "gzip, br": lambda text: brotli.compress(gzip.compress(text)),
    "identity": bytes,
    "gzip ": bytes,  # unpacked by the tool that stored it, its header as it came
    "br ": lambda text: b"\xef\xbb\xbf" + text,
}


def test_bodies_in_every_coding_are_read(tmp_path: Path) -> None:
    path = tmp_path / "packed.warc"
    pages = (
        record(number, packed(coding, pack(page(number)))) for number, (coding, pack) in enumerate(CODINGS.items(), 1)
    )
    path.write_bytes(b"".join(pages))
    with Archive(tmp_path / "archive.db", write=True) as archive:
        found, complaints = taken(archive, path)
    assert (found, complaints) == ({"new": len(CODINGS)}, [])


ZEROS = {
    "gzip": lambda size: gzip.compress(bytes(size)),
    "zstd": lambda size: zstd.compress(bytes(size)),
    "br": lambda size: brotli.compress(bytes(size), quality=5),
}


@pytest.mark.parametrize("coding", ZEROS)
def test_a_bomb_is_given_up_at_the_size_of_a_page(monkeypatch: pytest.MonkeyPatch, coding: str) -> None:
    monkeypatch.setattr(bodies, "LARGEST", 1 << 20)
    bomb, given = ZEROS[coding](1 << 24), 0
    decoder = bodies._decoder

    class Counted:
        def __init__(self, *about: object) -> None:
            self.stream = decoder(*about)  # type: ignore[arg-type]

        def decompress(self, piece: bytes) -> bytes:
            nonlocal given
            text: bytes = self.stream.decompress(piece)
            given += len(text)
            return text

        def __getattr__(self, name: str) -> object:
            return getattr(self.stream, name)

    monkeypatch.setattr(bodies, "_decoder", Counted)
    with pytest.raises(bodies.Broken, match="over 1048576 bytes"):
        bodies._unpacked(bomb, coding)
    assert given < (1 << 23)


def of_others(path: Path, records: list[tuple[str, str, str, str, bytes, dict[str, str]]]) -> Path:
    """Records as (type, URL, date, status line, body, WARC headers), with requests and metadata between, as crawlers write them."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for kind, target, date, status, body, about in records:
            request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
            writer.write_record(writer.create_warc_record(target, "request", http_headers=request))
            answer = StatusAndHeaders(
                status, [("Content-Type", "text/html"), *about.pop("http", [])], protocol="HTTP/1.1"
            )
            headers = {"WARC-Date": date, **about}
            writer.write_record(
                writer.create_warc_record(
                    target, kind, BytesIO(body), len(body), http_headers=answer, warc_headers_dict=headers
                )
            )
        writer.write_record(writer.create_warc_record("metadata://x/log", "metadata", BytesIO(b"x"), 1))
    return path


def test_records_as_crawlers_write_them(tmp_path: Path) -> None:
    again = {"WARC-Refers-To-Target-URI": url(1), "WARC-Refers-To-Date": at(1), "WARC-Payload-Digest": "sha1:UNKNOWN"}
    first = of_others(
        tmp_path / "1.warc.gz",
        [
            (
                "response",
                f"<{url(1)}>",
                "2026-03-01T01:00:00.123456Z",
                "200 OK",
                page(1),
                {},
            ),  # wget, and fractions of a second
            ("response", url(2), at(1), "200 OK", page(2)[:900], {"WARC-Truncated": "length"}),  # Common Crawl
            ("response", url(3), at(1), "200 OK", page(3), {"http": [("X-Crawl-Content-Encoding", "gzip")]}),
            (
                "response",
                url(4),
                at(1),
                "200 OK",
                page(4),
                {"http": [("Transfer-Encoding", "chunked")]},
            ),  # said, and not so
        ],
    )
    second = of_others(
        tmp_path / "2.warc.gz",
        [
            ("revisit", url(1), at(2), "200 OK", b"", dict(again)),  # Heritrix, Browsertrix: of a page in another file
            ("response", url(1), at(3), "304 Not Modified", b"", {}),
            ("response", url(3), at(3), "302 Found", b"", {"http": [("Location", "/index.htm")]}),
            (
                "response",
                url(4),
                at(3),
                "200 OK",
                MISSING,
                {},
            ),
            ("response", url(9), at(3), "302 Found", b"", {"http": [("Location", "/index.htm")]}),
            ("response", url(1), "yesterday", "200 OK", page(1), {}),
        ],
    )
    with Archive(tmp_path / "archive.db", write=True) as archive:
        found, complaints = taken(archive, first)
        assert found == {"new": 3, "cut off": 1}
        assert "was cut off" in complaints[0]
        found, complaints = taken(archive, second)
        assert found == {"revisit": 2, "gone": 2, "without a date": 1}
        assert [row[0] for row in archive.rows("SELECT last_seen_at FROM snapshot WHERE url = ?", (url(1),))] == [at(3)]
        assert [row[0] for row in archive.rows("SELECT gone_since FROM article ORDER BY native_id")] == [
            None,
            at(3),
            at(3),
        ]
        assert set(taken(archive, first, second)[0]) <= {"held already", "cut off", "without a date"}
        assert list(fixity.verify(archive)) == []


def test_both_files_at_once_end_alike(tmp_path: Path) -> None:
    looks = [(day, 1 + number % 7, page(1 + number % 7, f"{day}。")) for day in range(1, 20) for number in range(30)]
    one, other = made(tmp_path / "1.warc.gz", looks[::2]), made(tmp_path / "2.warc.gz", looks[1::2])
    states = []
    for order in ((one, other), (other, one)):
        with Archive(tmp_path / f"{len(states)}.db", write=True) as archive:
            taken(archive, *order)
            states.append(versions(archive))
    assert states[0] == states[1]


def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsspider import ingest as ingesting

    monkeypatch.setattr(ingesting, "BATCH", 10)
    sizes: list[int] = []
    stored = ingesting._Reader.stored

    def counted(reader: ingesting._Reader) -> None:
        sizes.append(len(reader.recent) + len(reader.taken) + len(reader.last))
        stored(reader)

    monkeypatch.setattr(ingesting._Reader, "stored", counted)
    looks = [(day, number, page(number, f"{day}。")) for day in range(1, 20) for number in range(1, 9)]
    done: list[tuple[int, int]] = []
    with Archive(tmp_path / "archive.db", write=True) as archive:
        path = made(tmp_path / "large.warc.gz", looks)
        ingest(archive, [path], tmp_path, NOW, progress=lambda part, read, size: done.append((read, size)))
    assert len(sizes) > 10
    assert max(sizes) <= 30
    assert done[-1][1] == path.stat().st_size
    assert [read for read, _ in done] == sorted(read for read, _ in done)


def test_what_is_no_warc(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(page(1))
    with Archive(tmp_path / "archive.db", write=True) as archive:
        found, complaints = taken(archive, path)
    assert found == {}
    assert "does not begin as a WARC file" in complaints[0]


@pytest.fixture
def replayed(crawled: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the archive's captures in a running pywb."""
    folder = tmp_path / "pywb" / "collections" / "held"
    with Archive(crawled) as archive:
        path, _ = warc.write(archive, tmp_path)
    for part in ("archive", "indexes"):
        (folder / part).mkdir(parents=True)
    shutil.copy(path, folder / "archive")
    shutil.copy(tmp_path / "crawled.cdxj", folder / "indexes" / "index.cdxj")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(WAYBACK), "--directory", str(tmp_path / "pywb"), "--port", str(port), "--bind", "127.0.0.1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        while server.poll() is None:
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            select.select([], [], [], 0.1)
        yield f"http://127.0.0.1:{port}/held"
        server.terminate()


@pytest.mark.skipif(not WAYBACK.exists(), reason="pywb is not installed; `pip install 'newsspider[test]'` brings it")
def test_pywb_replays_a_page_as_it_was(replayed: str) -> None:
    ask = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for moment, text in (("20260302010000", ""), ("20260303010000", "改过。")):
        with ask.open(f"{replayed}/{moment}id_/{url(1)}") as answer:
            assert answer.read() == page(1, text)


def test_from_the_command_line(crawled: Path, tmp_path: Path) -> None:
    def run(*arguments: object) -> Result:
        return CliRunner().invoke(newsspider, list(map(str, arguments)), standalone_mode=False)

    out = tmp_path / "out"
    assert "5 captures in" in run("export", "--archive", crawled, "--format", "warc", "--out", out).stderr
    fresh = tmp_path / "fresh.db"
    told = run("ingest", "--archive", fresh, out / "crawled.warc.gz")
    assert (told.return_value, told.stderr) == (0, "2 new, 1 revisit, 1 changed, 1 gone\n")
    assert "5 held already" in run("ingest", "--archive", fresh, out / "crawled.warc.gz").stderr
