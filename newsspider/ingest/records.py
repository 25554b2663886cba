"""The records of a WARC file one by one, whole ones only: chunked or gzipped in one piece, broken and cut-off ones passed over."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

LARGEST = 64 * 1024 * 1024  # bytes of a record that is still looked at: news pages are far below, videos far above
BLOCK = 1 << 16
GZIP = b"\x1f\x8b\x08"
LENGTH = re.compile(rb"^content-length:\s*(\d+)\s*$", re.I | re.M)
Complain = Callable[[str], None]


def read(path: Path, complain: Complain, told: Callable[[int], None] = lambda done: None) -> Iterator[Any]:
    """warcio records. ``complain`` is told in words what was passed over, and where; ``told``: how many bytes of the file are read."""
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
            except (ArchiveLoadFailed, ValueError) as error:
                complain(f"{path}: record at byte {where}: {error}")
                continue
            if record is not None:
                yield record


def _in_one_piece(start: bytes) -> bool:
    """Whether a second record follows the first one within the same gzip member."""
    text = zlib.decompressobj(31).decompress(start, 8 * BLOCK)
    head, _, rest = text.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    return bool(length) and rest[int(length[1]) :].lstrip().startswith(b"WARC/") if length else False


def _members(file: BinaryIO, complain: Complain) -> Iterator[tuple[int, bytes]]:
    """(offset, record) for each gzip member; after a broken one it goes on where the next begins."""
    name = getattr(file, "name", "")
    offset = 0
    while True:
        file.seek(offset)
        unpacker, text, whole = zlib.decompressobj(31), bytearray(), 0
        try:
            while not unpacker.eof:
                block = file.read(BLOCK)
                if not block:
                    break
                got = unpacker.decompress(block)
                whole += len(got)
                if whole <= LARGEST:
                    text += got
        except zlib.error as error:
            complain(f"{name}: record at byte {offset}: {error}")
            after = _next_member(file, offset + 1)
            if after is None:
                return
            offset = after
            continue
        if not unpacker.eof:
            if whole:
                complain(f"{name}: record at byte {offset}: the file ends within it")
            return
        if whole > LARGEST:
            complain(f"{name}: record at byte {offset}: {whole} bytes, passed over")
        else:
            yield offset, bytes(text)
        offset = file.tell() - len(unpacker.unused_data)


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


def _uncompressed(file: Any, complain: Complain) -> Iterator[tuple[int, bytes]]:
    name = getattr(file, "name", "")
    offset = 0
    try:
        while line := file.readline(BLOCK):
            where, offset = offset, offset + len(line)
            if not line.startswith(b"WARC/"):
                if line.strip() and where == 0:
                    complain(f"{name}: does not begin as a WARC file")
                continue
            head = bytearray(line)
            while (line := file.readline(BLOCK)).strip():
                head += line
            head += line
            offset += len(head) - len(head.splitlines(keepends=True)[0])
            length = LENGTH.search(bytes(head))
            if length is None:
                complain(f"{name}: record at byte {where}: no Content-Length")
                continue
            size = int(length[1])
            if size > LARGEST:
                complain(f"{name}: record at byte {where}: {size} bytes, passed over")
                while size > 0 and (block := file.read(min(size, BLOCK))):
                    size, offset = size - len(block), offset + len(block)
                continue
            body = file.read(size)
            offset += len(body)
            if len(body) < size:
                complain(f"{name}: record at byte {where}: the file ends within it")
                return
            yield where, bytes(head) + body + b"\r\n\r\n"
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        complain(f"{name}: cannot be read beyond byte {offset}: {error}")
