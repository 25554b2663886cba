"""Half a page is a failure, and no edit: streams that break off, connections that close too soon, lengths that are not true."""

from __future__ import annotations

import gzip
import zlib

import pytest
from school import TEXT, School, article, listing, news
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils._compression import brotli, zstd

from newsspider.spiders.endings import Decompression, Endings, is_at_end

PAGE = article(1, TEXT * 9).encode()
HOST = "http://news.test"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=1", "-s", "RETRY_PRIORITY_ADJUST=100")


WITHOUT_BROTLI = pytest.mark.skipif(
    not hasattr(brotli.Decompressor, "process"), reason="brotlipy is installed over the brotli that Scrapy needs"
)


def raw(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        (b"gzip", gzip.compress(PAGE)),
        (b"x-gzip", gzip.compress(PAGE[:999]) + gzip.compress(PAGE[999:])),
        (b"deflate", zlib.compress(PAGE)),
        (b"deflate", raw(PAGE)),
        pytest.param(b"br", brotli.compress(PAGE), marks=WITHOUT_BROTLI),
        (b"zstd", zstd.compress(PAGE)),
        (b"zstd", zstd.compress(PAGE[:999]) + zstd.compress(PAGE[999:])),
    ],
)
def test_a_stream_that_breaks_off_is_no_page(encoding, packed):
    assert Decompression._decode(packed, encoding, 0) == PAGE
    for length in (len(packed) // 5, len(packed) // 3, len(packed) - 1):
        with pytest.raises(EOFError):
            Decompression._decode(packed[:length], encoding, 0)


def test_a_wrong_checksum_and_what_stands_behind_a_stream_are_no_end_too_soon():
    packed = gzip.compress(PAGE)
    assert is_at_end(packed + b"\r\n", b"gzip", len(PAGE))
    assert is_at_end(packed[:-8] + b"\0" * 8, b"gzip", len(PAGE))
    assert Decompression._decode(b"", b"gzip", 0) == b""


def answer(path: str, body: bytes, *flags: str, status: int = 200) -> tuple[Request, HtmlResponse]:
    return Request(HOST + path), HtmlResponse(HOST + path, body=body, flags=[*flags], status=status)


HALF = PAGE[: len(PAGE) // 2]
OPEN = PAGE.replace(b"</body></html>", b"")  # of a template that never closes what it opened


def test_a_page_that_ends_sooner_than_its_neighbours_is_broken():
    endings = Endings(lambda url: None)
    assert endings.state(*answer("/info/1/1.htm", PAGE, "partial")) == "whole"
    assert endings.state(*answer("/info/1/2.htm", HALF, "partial")) == "broken"
    assert endings.state(*answer("/info/1/3.htm", OPEN, "partial")) == "broken"
    assert endings.state(*answer("/other", HALF, "partial")) == "broken"
    assert endings.state(*answer("/other", OPEN, "partial")) == "whole", "another template, that ends where one may end"
    assert endings.state(*answer("/other", OPEN[:-40], "partial")) == "whole", "as the one before"
    assert endings.state(*answer("/info/1/4.htm", HALF)) == "whole", "as long as was declared"
    assert endings.state(*answer("/click", b"4526", "partial")) == "whole", "no page"


def test_a_site_that_never_closes_its_pages_is_asked_twice_once():
    endings = Endings(lambda url: None)
    first = answer("/tzgg.htm", OPEN, "partial")
    assert endings.state(*first) == "unsure"
    endings.accept(first[1])
    assert endings.state(*answer("/info/1/2.htm", OPEN, "partial")) == "whole"


def test_what_is_held_of_a_page_tells_first():
    held = Endings({f"{HOST}/a": True, f"{HOST}/b": False}.get)
    assert held.state(*answer("/a", OPEN, "partial")) == "broken"
    assert held.state(*answer("/b", OPEN, "partial")) == "whole"
    moved = answer("/c", OPEN, "partial")
    moved[0].meta["redirect_urls"] = [f"{HOST}/a"]
    assert held.state(*moved) == "broken"


def test_a_length_that_is_never_true_is_known_after_one_page():
    endings = Endings(lambda url: None)
    first = answer("/1", PAGE, "dataloss")
    assert endings.state(*first) == "unsure"
    endings.accept(first[1])
    assert endings.state(*answer("/2", PAGE, "dataloss")) == "whole"
    assert endings.state(*answer("/3", HALF, "dataloss")) == "broken"
    assert endings.state(*answer("/4", HALF, "dataloss", status=404)) == "whole", "it fails by its status"


def test_half_a_page_makes_no_edit_and_a_length_too_large_loses_none(newsspider, ask):
    cut = False
    whole = {f"/news/{n}.html": article(n, TEXT * 9).encode() for n in range(4)}

    def serve(target, form):
        if target == "/xw.htm":
            return listing(news(range(4)))
        body = whole[target]
        half = cut and len(body) // 2
        match target[6]:
            case "0":
                return {"Content-Encoding": "gzip"}, gzip.compress(body)[: (half or len(body)) // 4]
            case "1":
                return {}, body[: half or None]
            case "2":
                return {"Content-Length": str(len(body) + 200)}, body[: half or None]
        return {"Content-Length": str(len(body) + 200)}, body

    with School(serve) as school:
        first = newsspider("crawl", school.url + "/xw.htm", *FAST)
        assert first.returncode == 0, first.stderr
        asked = len(school.asked)
        cut = True
        newsspider("crawl", school.url + "/xw.htm", *FAST, "--revisit", "all", "-s", "CLOCK_OFFSET=90000")
    assert ask("SELECT count(*), count(DISTINCT article_id), (SELECT count(*) FROM edit) FROM snapshot") == [(4, 4, 0)]
    failed = ask("SELECT substr(url, -6, 1), error FROM capture WHERE outcome = 'failed' ORDER BY url")
    assert failed == [
        ("0", "the answer broke off: its compressed stream is not at its end"),
        ("1", "the answer broke off: the connection closed within the page"),
        ("2", "the answer broke off: fewer bytes came than were declared"),
    ]
    taken = ask("SELECT error FROM capture WHERE url LIKE '%/3.html'")
    assert [said[:14] for said in taken] == ["fewer bytes ca"] * 2
    assert asked <= 7, "the listing, four articles, and a second try where a length was not true"
