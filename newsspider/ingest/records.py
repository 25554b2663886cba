"""The records of a WARC file one by one, whole ones only: chunked or gzipped in one piece, broken and cut-off ones passed over."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator

LARGEST = 64 * 1024 * 1024  # bytes of a record that is still looked at: news pages are far below, videos far above
BLOCK = 1 << 16
GZIP = b"\x1f\x8b\x08"
LENGTH = re.compile(rb"^content-length:\s*(\d{1,18})\s*$", re.I | re.M)
HEADER = 1 << 20  # bytes of a record's own header
NEXT = re.compile(rb"WARC/1\.[01]\r?\n(?=WARC-|Content-)")
MARK = b"WARC/1.0\r\nContent-"  # as long as it may be
Complain = Callable[[str], None]


def read(path: Path, complain: Complain, told: Callable[[int], None] = lambda done: None) -> Iterator[tuple[int, Any]]:
    """(offset, warcio record). ``complain`` is told in words what was passed over, and where; ``told``: bytes of the file that are read."""
    with path.open("rb") as file:
        start = file.read(BLOCK)
        file.seek(0)
        if not start.startswith(GZIP):
            pieces = _uncompressed(file, complain)
        elif _in_one_piece(start):
            pieces = _uncompressed(gzip.GzipFile(fileobj=file), complain)
        else:
            pieces = _members(file, complain)
        for where, piece in pieces:
            told(file.tell())
            try:
                record = next(iter(ArchiveIterator(BytesIO(piece), arc2warc=True)), None)
            except Exception as error:  # noqa: BLE001 - whatever a file of others holds costs that record alone
                complain(f"{path}: record at byte {where}: {error}")
                continue
            if record is not None:
                yield where, record


def _in_one_piece(start: bytes) -> bool:
    """Whether a second record follows the first one within the same gzip member."""
    try:
        text = zlib.decompressobj(31).decompress(start, 8 * BLOCK)
    except zlib.error:
        return False
    head, _, rest = text.partition(b"\r\n\r\n")
    size = _size(head)
    return size is not None and rest[size:].lstrip().startswith(b"WARC/")


def _size(head: bytes) -> int | None:
    """What a record's header says of its length; None where it says nothing that can be true."""
    length = LENGTH.search(head)
    return int(length[1]) if length else None


def _members(file: BinaryIO, complain: Complain) -> Iterator[tuple[int, bytes]]:
    """(offset, record) for each gzip member; after a broken one it goes on where the next begins."""
    name = getattr(file, "name", "")
    offset = 0
    while True:
        file.seek(offset)
        unpacker, text = zlib.decompressobj(31), bytearray()
        try:
            while not unpacker.eof and len(text) <= LARGEST and (block := unpacker.unconsumed_tail or file.read(BLOCK)):
                text += unpacker.decompress(block, BLOCK * 16)
            wrong = "" if unpacker.eof else "the file ends within it" if text else "nothing can be read of it"
        except zlib.error as error:
            wrong = str(error)
        if len(text) > LARGEST:
            wrong = f"over {LARGEST} bytes, passed over"
        if not wrong:
            yield offset, bytes(text)
            offset = file.tell() - len(unpacker.unused_data)
            continue
        if file.seek(0, SEEK_END) == offset:
            return
        complain(f"{name}: record at byte {offset}: {wrong}")
        after = _next_member(file, offset + 1)
        if after is None:
            return
        offset = after


def _next_member(file: BinaryIO, start: int) -> int | None:
    """Where the next gzip member that holds a WARC record begins."""
    file.seek(start)
    window, base = b"", start
    while True:
        block = file.read(BLOCK)
        window += block
        at = window.find(GZIP)
        while at != -1:
            try:
                if zlib.decompressobj(31).decompress(window[at : at + BLOCK], 5).startswith(b"WARC/"):
                    return base + at
            except zlib.error:
                pass  # three bytes of something else
            at = window.find(GZIP, at + 1)
        if not block:
            return None
        base, window = base + max(0, len(window) - BLOCK), window[-BLOCK:]


class _Stream:
    """A stream that takes back what was read too far."""

    def __init__(self, file: Any) -> None:
        self._file, self._back, self.offset = file, BytesIO(), 0

    def line(self) -> bytes:
        """At most BLOCK bytes of it."""
        got = self._back.readline(BLOCK)
        if not got.endswith(b"\n") and len(got) < BLOCK:
            got += self._file.readline(BLOCK - len(got))
        self.offset += len(got)
        return got

    def read(self, size: int) -> bytes:
        got = self._back.read(size)
        if len(got) < size:
            got += self._file.read(size - len(got))
        self.offset += len(got)
        return got

    def skip(self, size: int) -> None:
        """Up to the next record where one begins before."""
        before = b""
        while size > 0 and (block := self.read(min(size, BLOCK))):
            size -= len(block)
            before = before[-len(MARK) :] + block
            if cut := NEXT.search(before):
                self.take_back(before[cut.start() :])
                return

    def take_back(self, text: bytes) -> None:
        self.offset -= len(text)
        at = self._back.tell()
        if self._back.getbuffer()[max(0, at - len(text)) : at] == text:
            self._back.seek(at - len(text))
        else:
            self._back = BytesIO(text + self._back.read())


def _uncompressed(file: Any, complain: Complain) -> Iterator[tuple[int, bytes]]:
    name, stream = getattr(file, "name", ""), _Stream(file)
    try:
        while line := stream.line():
            where = stream.offset - len(line)
            if not line.startswith(b"WARC/"):
                if line.strip() and where == 0:
                    complain(f"{name}: does not begin as a WARC file")
                continue
            wrong, record = _record(stream, line)
            if wrong:
                complain(f"{name}: record at byte {where}: {wrong}")
            else:
                yield where, record
    except (EOFError, OSError, zlib.error) as error:
        complain(f"{name}: cannot be read beyond byte {stream.offset}: {error}")


def _record(stream: _Stream, line: bytes) -> tuple[str, bytes]:
    """(what is wrong with it, the record): after its first line."""
    head = bytearray(line)
    while len(head) <= HEADER and (line := stream.line()).strip():
        head += line
    size = _size(bytes(head))
    if len(head) > HEADER:
        return f"a header of over {HEADER} bytes, passed over", b""
    if size is None:
        return "no Content-Length that can be true", b""
    if size > LARGEST:
        stream.skip(size)
        return f"{size} bytes, passed over", b""
    body = stream.read(size)
    behind = stream.read(4)
    stream.take_back(behind)
    # Where a record was cut and another was written behind it, its length reaches into that one.
    if (len(body) < size or (not behind.startswith((b"\r\n", b"\n")) and behind)) and (cut := NEXT.search(body)):
        stream.take_back(body[cut.start() :])
        return "it was cut off; the next one begins within it", b""
    if len(body) < size:
        return "the file ends within it", b""
    return "", bytes(head) + b"\r\n" + body + b"\r\n\r\n"
