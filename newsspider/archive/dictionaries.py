"""Dictionaries: what the pages of one site have in common, so that each is stored without it.

A dictionary is a few of the site's own pages, spread over what is held, finished by zstd with the statistics of a larger sample.
That is smaller and faster than one trained from scratch on pages of one template (benchmarks/payloads.py compares them).
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Sequence

from newsspider.archive import Archive, digest, payloads, teaching
from newsspider.archive.payloads import zstd

ENOUGH = 24  # pages of a site: from here on a dictionary saves more than it takes
SAMPLE, PAGES = 120, 8
LARGEST = 256 * 1024  # bytes of dictionary; compressing takes longer with each
LEVEL = 10  # for pages at rest; a crawl has less time
WORTH = 0.9  # a new dictionary has to make pages smaller than this of what they are
BATCH = 500

OF_SITE = """
SELECT DISTINCT c.payload_digest FROM capture c JOIN crawl r ON r.id = c.crawl_id LEFT JOIN article a ON a.id = c.article_id
WHERE c.payload_digest IS NOT NULL AND c.kind <> 'file' AND coalesce(a.site, r.site) = ? ORDER BY c.id"""


def begin(archive: Archive, now: str) -> None:
    """Makes the first dictionary of every site that has enough pages by now, and compresses its pages anew."""
    for (site,) in archive.rows("SELECT name FROM site WHERE name NOT IN (SELECT site FROM dictionary) ORDER BY name"):
        names = [row[0] for row in archive.rows(OF_SITE, (site,))]
        if len(names) >= ENOUGH:
            _hold(archive, site, make(_sample(archive.conn, names)), now)
            recompress(archive, site, names)


def compact(archive: Archive, now: str, progress: Callable[[str, int, int], None]) -> tuple[int, int]:
    """Compresses all pages anew, with new dictionaries where they pay, and gives freed room back: payload bytes before, after."""
    size = "SELECT coalesce(sum(length(body)), 0) FROM payload"
    before = archive.rows(size)[0][0]
    for (site,) in archive.rows("SELECT name FROM site ORDER BY name"):
        names = [row[0] for row in archive.rows(OF_SITE, (site,))]
        sample = _sample(archive.conn, names[-10 * SAMPLE :])
        if len(names) >= ENOUGH:
            _, held = payloads.Packer(archive.conn).dictionary_of(site)
            made = make(sample)
            if held is None or _size(sample, made) < WORTH * _size(sample, held):
                _hold(archive, site, made, now)
        recompress(archive, site, names, progress)
    with teaching(archive.path):
        archive.conn.execute("VACUUM")
    return before, archive.rows(size)[0][0]


def make(sample: Sequence[bytes]) -> zstd.ZstdDict:
    """A dictionary for pages like these."""
    step = max(1, len(sample) // PAGES)
    content = b"".join(sample[::step][:PAGES])[:LARGEST]
    return zstd.finalize_dict(zstd.ZstdDict(content, is_raw=True), sample, len(content) + 8192, payloads.LEVEL)


def recompress(
    archive: Archive,
    site: str,
    names: Sequence[str],
    progress: Callable[[str, int, int], None] = lambda part, done, total: None,
) -> None:
    """Compresses a site's pages with its latest dictionary, where that makes them smaller; patches stay patches."""
    number, known = payloads.Packer(archive.conn).dictionary_of(site)
    opener = payloads.Opener(archive.conn)
    for start in range(0, len(names), BATCH):
        progress(site, start, len(names))
        with archive.transaction() as conn:
            for name in names[start : start + BATCH]:
                row = payloads.stored(conn, name)
                if row["base"] is not None:
                    continue
                packed = zstd.compress(opener.body(row), LEVEL, zstd_dict=known and known.as_digested_dict)
                if len(packed) < len(row["body"]):
                    conn.execute(
                        "UPDATE payload SET body = ?, encoding = 'zstd', dictionary = ?, crc = ? WHERE digest = ?",
                        (packed, number, zlib.crc32(packed), name),
                    )


def _sample(conn: sqlite3.Connection, names: Sequence[str]) -> list[bytes]:
    step = max(1, len(names) // SAMPLE)
    return [payloads.body(conn, name) for name in names[::step][:SAMPLE]]


def _size(pages: Sequence[bytes], known: zstd.ZstdDict) -> int:
    return sum(len(zstd.compress(page, payloads.LEVEL, zstd_dict=known.as_digested_dict)) for page in pages)


def _hold(archive: Archive, site: str, made: zstd.ZstdDict, now: str) -> None:
    body = zstd.compress(made.dict_content, 19)
    with archive.transaction() as conn:
        conn.execute(
            "INSERT INTO dictionary VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING",
            (made.dict_id, site, now, digest.payload(body), body),
        )
