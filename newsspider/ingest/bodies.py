"""The body of a WARC record as the page it was: out of its chunks, and unpacked, up to what a page may have."""

from __future__ import annotations

import sys
import zlib
from typing import Any

import brotli  # it comes with Scrapy; pywb brings another of the same name
from warcio.bufferedreaders import ChunkedDataReader

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LARGEST = 64 * 1024 * 1024  # bytes, unpacked
STEP = 64  # bytes unpacked at a time: in the worst case they stand for 50 MB of brotli
GZIP, ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
MAGIC = {"gzip": GZIP, "x-gzip": GZIP, "zstd": ZSTD}
TEXT = (b"<", b"{")
BLANKS = b"\xef\xbb\xbf \t\r\n"


class Broken(ValueError):
    """The body cannot be unpacked, is not whole, or is larger than a page."""


def read(record: Any) -> bytes:
    """Raises Broken."""
    answer, stream = record.http_headers, record.raw_stream
    if answer and "chunked" in (answer.get_header("Transfer-Encoding") or "").lower():
        stream = ChunkedDataReader(stream, decomp_type=None)
    body: bytes = stream.read()
    codings = (answer.get_header("Content-Encoding") or "") if answer else ""
    for coding in reversed(codings.lower().split(",")):
        body = _unpacked(body, coding.strip())
    return body


def _unpacked(body: bytes, coding: str) -> bytes:
    if coding in ("", "identity") or _is_plain(body, coding):
        return body
    try:
        return _inflated(body, coding)
    except Broken:
        raise
    except Exception as error:
        raise Broken(f"the {coding} body cannot be unpacked: {error}") from error


def _is_plain(body: bytes, coding: str) -> bool:
    """Many tools store a page unpacked, and its headers as they came."""
    return not body.startswith(MAGIC.get(coding, b"")) or body.lstrip(BLANKS)[:1] in TEXT


def _inflated(body: bytes, coding: str) -> bytes:
    text, at, stream = bytearray(), 0, _decoder(body, coding)
    while at < len(body):
        text += stream.decompress(body[at : at + STEP])
        at += STEP
        if len(text) > LARGEST:
            raise Broken(f"over {LARGEST} bytes unpacked")
        if stream.eof:
            body, at = stream.unused_data + body[at:], 0
            if coding not in MAGIC or not body.startswith(MAGIC[coding]):
                return bytes(text)
            stream = _decoder(body, coding)  # several streams one behind the other are one body
    raise Broken(f"the {coding} body ends too early")


def _decoder(body: bytes, coding: str) -> Any:
    match coding:
        case "gzip" | "x-gzip":
            return zlib.decompressobj(31)
        case "deflate":  # with the header of zlib, or without
            wrapped = body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
            return zlib.decompressobj(15 if wrapped else -15)
        case "zstd":
            return zstd.ZstdDecompressor()
        case "br":
            return _Brotli()
    raise Broken(f"Content-Encoding {coding[:40]!r} is not known")


class _Brotli:
    """As zlib's and zstd's decoders are used, whichever of the two packages is installed."""

    unused_data = b""

    def __init__(self) -> None:
        stream: Any = brotli.Decompressor()
        self.decompress = stream.process if hasattr(stream, "process") else stream.decompress
        self._finish = stream.is_finished if hasattr(stream, "is_finished") else stream.finish

    @property
    def eof(self) -> bool:
        try:
            return self._finish() is not False
        except (brotli.error, AssertionError):  # pywb's brotli has no question for it
            return False
