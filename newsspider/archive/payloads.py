"""Payloads: the bytes of a page as received, compressed.

A page costs most by itself. With a dictionary of its site (`newsspider.archive.dictionaries`) it costs little more than its own
text, and where an earlier page of the same address is held, the difference. benchmarks/payloads.py says how much.
"""

from __future__ import annotations

import sqlite3
import sys
import zlib
from functools import lru_cache
from typing import Any

from newsspider.archive import digest

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3
LARGEST_DICTIONARY = 16 * 1024 * 1024  # bytes; `dictionaries` makes them far smaller
WORTH = 0.95  # a file that zstd makes hardly smaller than this is stored as it is: most are compressed already
STORED = "digest, body, encoding, size, dictionary, base, crc, media_type"


class Unreadable(Exception):
    """The stored bytes do not decompress."""


class Packer:
    """Stores payloads one after another; keeps the dictionaries of the sites at hand."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._opener = Opener(conn)
        self.without_dictionary = 0  # pages kept that had none
        self.dictionary_of = lru_cache(maxsize=64)(self._latest_dictionary)

    def keep(self, body: bytes, site: str, url: str) -> str:
        """Stores what an address of a site answered, unless it is held already; its digest."""
        name = digest.payload(body)
        if not self._conn.execute("SELECT 1 FROM payload WHERE digest = ?", (name,)).fetchone():
            packed, dictionary, base = self._smallest(body, site, url)
            self.without_dictionary += dictionary is None and base is None
            self._conn.execute(
                "INSERT INTO payload (digest, body, encoding, size, dictionary, base, crc) VALUES (?, ?, 'zstd', ?, ?, ?, ?)",
                (name, packed, len(body), dictionary, base, zlib.crc32(packed)),
            )
        return name

    def keep_file(self, body: bytes, media_type: str) -> str:
        """Stores an image or an attachment, unless it is held already; its digest."""
        name = digest.payload(body)
        if self._conn.execute("SELECT 1 FROM payload WHERE digest = ?", (name,)).fetchone():
            self._conn.execute("UPDATE payload SET media_type = ? WHERE digest = ?", (media_type, name))
            return name
        packed = zstd.compress(body, LEVEL)
        stored, encoding = (packed, "zstd") if len(packed) < WORTH * len(body) else (body, "identity")
        self._conn.execute(
            "INSERT INTO payload (digest, body, encoding, size, crc, media_type) VALUES (?,?,?,?,?,?)",
            (name, stored, encoding, len(body), zlib.crc32(stored), media_type),
        )
        return name

    def _smallest(self, body: bytes, site: str, url: str) -> tuple[bytes, int | None, str | None]:
        """(compressed, dictionary, base)"""
        base = self._before(url)
        patch = None
        if base is not None:
            earlier = zstd.ZstdDict(self._opener.body(stored(self._conn, base)), is_raw=True)
            patch = zstd.compress(body, LEVEL, zstd_dict=earlier.as_prefix)
            if len(patch) * 50 < len(body):
                return patch, None, base
        number, known = self.dictionary_of(site)
        packed = zstd.compress(body, LEVEL, zstd_dict=known and known.as_digested_dict)
        # A patch needs two rows to be whole: worth it only where it saves much.
        return (patch, None, base) if patch and len(patch) * 2 < len(packed) else (packed, number, None)

    def _before(self, url: str) -> str | None:
        """The page to patch: of the last capture of that address, or what that one is a patch of; never a patch itself."""
        row = self._conn.execute(
            "SELECT coalesce(p.base, p.digest) FROM capture c JOIN payload p ON p.digest = c.payload_digest"
            " WHERE c.url = ? ORDER BY c.captured_at DESC LIMIT 1",
            (url,),
        ).fetchone()
        return row and row[0]

    def _latest_dictionary(self, site: str) -> tuple[int | None, zstd.ZstdDict | None]:
        row = self._conn.execute(
            "SELECT id, body FROM dictionary WHERE site = ? ORDER BY made_at DESC, id DESC LIMIT 1", (site,)
        ).fetchone()
        return (row[0], zstd.ZstdDict(zstd.decompress(row[1]))) if row else (None, None)


def body(conn: sqlite3.Connection, name: str) -> bytes:
    """The bytes as received. Raises KeyError where they are not held, Unreadable where they are damaged."""
    return Opener(conn).body(stored(conn, name))


def stored(conn: sqlite3.Connection, name: str) -> sqlite3.Row:
    row = conn.execute(f"SELECT {STORED} FROM payload WHERE digest = ?", (name,)).fetchone()
    if row is None:
        raise KeyError(name)
    return row


def unpacked(packed: bytes, size: int, known: Any = None) -> bytes:
    """No more than ``size`` bytes: kilobytes of zstd can stand for gigabytes. Raises Unreadable."""
    frame = zstd.ZstdDecompressor(zstd_dict=known)
    try:
        body = frame.decompress(packed, size + 1)
    except (zstd.ZstdError, ValueError, OverflowError) as error:
        raise Unreadable(str(error)) from error
    if not frame.eof or frame.unused_data:
        raise Unreadable(f"it is not one whole zstd frame of {size} bytes")
    return body


class Opener:
    """Opens payloads one after another; keeps the dictionaries, and the pages that others are patches of, at hand."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._dictionary = lru_cache(maxsize=64)(self._read_dictionary)
        self._base = lru_cache(maxsize=64)(self._read_base)
        self._last: tuple[str, bytes] | None = None  # its digest, and the payload that was opened last

    def body(self, row: sqlite3.Row) -> bytes:
        """The bytes as received, from a row of STORED. Raises Unreadable, or KeyError for a missing base or dictionary."""
        if row["encoding"] == "identity":
            return bytes(row["body"])
        body = unpacked(row["body"], row["size"], self._known(row))
        self._last = row["digest"], body
        return body

    def _known(self, row: sqlite3.Row) -> Any:
        """What a payload is compressed against, None: nothing."""
        if row["base"] is not None:
            return self._base(row["base"]).as_prefix  # a page serves few patches: not worth digesting
        return self._dictionary(row["dictionary"]) if row["dictionary"] is not None else None

    def _read_dictionary(self, number: int) -> zstd.ZstdDict:
        row = self._conn.execute("SELECT body FROM dictionary WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise KeyError(f"dictionary {number}")
        try:
            return zstd.ZstdDict(unpacked(row[0], LARGEST_DICTIONARY))
        except (Unreadable, zstd.ZstdError, ValueError) as error:
            raise Unreadable(f"dictionary {number}: {error}") from error

    def _read_base(self, name: str) -> zstd.ZstdDict:
        if self._last and self._last[0] == name:
            return zstd.ZstdDict(self._last[1], is_raw=True)
        base = stored(self._conn, name)
        if base["base"] is not None:  # or it might be its own
            raise Unreadable(f"its base {name} is a patch itself")
        return zstd.ZstdDict(self.body(base), is_raw=True)
