"""Whether an answer came whole. Half a page would be told as an edit that nobody made.

What a transfer says of itself is known here as Scrapy's flags: ``dataloss``, fewer bytes than the Content-Length promised or a chunk that
is missing; ``partial``, a connection that closed without having said how much would come, which is how HTTP/1.0 ends; and our own ``cut``,
a compressed stream that is not at its end: Scrapy decodes what came of it as if that were all.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response
from scrapy.utils._compression import brotli, zstd  # whichever of the packages Scrapy decodes with

_DOCUMENT = re.compile(rb"<!doctype html|<html|<body", re.I)
_END = re.compile(rb"</html\s*>", re.I)
_TAIL = 1024  # bytes behind which a template may put remarks
_STOPS = re.compile(rb"(?:</\w+\s*>|-->)\s*$")  # where a template without </html> ends; a transfer breaks off anywhere
_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_NUMBERS = re.compile(r"\d+")
State = Literal["whole", "broken", "unsure"]


class Decompression(HttpCompressionMiddleware):
    """Scrapy's, which flags a stream that breaks off: what came of it is no page."""

    def process_response(  # type: ignore[override]  # Scrapy does not want `spider` any more
        self, request: Request, response: Response
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except EOFError:
            return response.replace(body=b"", flags=[*response.flags, "cut"])

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        decoded = HttpCompressionMiddleware._decode(body, encoding, max_size)
        if body and not is_at_end(body, encoding.removeprefix(b"x-"), len(decoded)):
            raise EOFError
        return decoded


def is_at_end(body: bytes, encoding: bytes, size: int) -> bool:
    """Whether a compressed stream is complete. ``size``: bytes it was decoded to."""
    match encoding:
        case b"gzip":
            # The last four bytes of a member are its size; the stream is searched where they are not.
            return body[-4:] == (size % 2**32).to_bytes(4, "little") or _inflated(body, 31)
        case b"deflate":
            return _inflated(body, 15) or _inflated(body, -15)
        case b"br":
            unbrotli = brotli.Decompressor()
            unbrotli.process(body)
            return bool(unbrotli.is_finished())
        case b"zstd":
            frame = zstd.ZstdDecompressor()
            frame.decompress(body)
            while frame.eof and frame.unused_data.startswith(_ZSTD):
                rest, frame = frame.unused_data, zstd.ZstdDecompressor()
                frame.decompress(rest)
            return bool(frame.eof)
    return True


def _inflated(body: bytes, bits: int) -> bool:
    """Whether each stream ends within the bytes. A checksum that is wrong stands at its end, too."""
    stream = zlib.decompressobj(wbits=bits)
    try:
        stream.decompress(body)
        while stream.eof and stream.unused_data.startswith(_GZIP):
            rest, stream = stream.unused_data, zlib.decompressobj(wbits=bits)
            stream.decompress(rest)
    except zlib.error as error:
        return "incorrect data check" in str(error) or "incorrect length check" in str(error)
    return stream.eof


class Endings:
    """What is known of how the pages of each host end, from those of this run. ``held(url)``: whether the page held ended with </html>."""

    def __init__(self, held: Callable[[str], bool | None]) -> None:
        self.held = held
        self._closed: Counter[str] = Counter()  # by host, and by the shape of an address
        self._open: Counter[str] = Counter()
        self._overstating: set[str] = (
            set()
        )  # hosts whose pages declare more than they have, whenever they are asked for

    def state(self, request: Request, response: Response) -> State:
        """What to think of an answer: ``unsure``, and it is to be asked for again, and then taken. It is remembered where it came whole."""
        if response.status >= 300:
            return "whole"
        if "cut" in response.flags:
            return "broken"
        its_end = closes(response.body)
        if "dataloss" in response.flags:
            host = urlsplit(response.url).netloc
            return "broken" if not its_end else "whole" if host in self._overstating else "unsure"
        if not _DOCUMENT.search(response.body[:2048]):
            return "whole"
        if its_end:
            self._closed.update(_kinds(response.url))
            return "whole"
        state = self._judged(request, response) if "partial" in response.flags else "whole"
        if state == "whole":
            self.accept(response)
        return state

    def accept(self, response: Response) -> None:
        """Remembers that the pages of a host declare more than they have, or that such as this one end without </html>."""
        if "dataloss" in response.flags:
            self._overstating.add(urlsplit(response.url).netloc)
        else:
            self._open.update(_kinds(response.url))

    def _judged(self, request: Request, response: Response) -> State:
        held = self.held(next(iter(request.meta.get("redirect_urls", ())), response.url))
        if held is not None:
            return "broken" if held else "whole"
        host, shape = _kinds(response.url)
        if self._closed[shape] and not self._open[shape]:
            return "broken"
        if self._open[shape] and not self._closed[shape]:
            return "whole"
        if not self._closed[host]:
            return "whole" if self._open[host] else "unsure"
        return "whole" if _stops(response.body) else "broken"


def closes(body: bytes) -> bool:
    return _END.search(body[-_TAIL:]) is not None


def _stops(body: bytes) -> bool:
    """A page without </html> ends where one may end: behind a closing tag, its boxes closed."""
    lower = body.lower()
    return _STOPS.search(body) is not None and lower.count(b"<div") <= lower.count(b"</div")


def _kinds(url: str) -> tuple[str, str]:
    """The host of an address, and its shape: as it is without its numbers."""
    parts = urlsplit(url)
    return parts.netloc, f"{parts.netloc}{_NUMBERS.sub('0', parts.path)}"
