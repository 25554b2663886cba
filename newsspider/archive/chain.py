"""The chain of runs: what makes a silent edit of an old run show.

Every fact a run recorded (a capture, a reading of a count, a re-reading) has a SHA-256; their sum modulo 2^256 is the run's
checksum, kept beside the run as it writes, so that a killed run has one too and a check needs a single pass in any order. When a
run ends its row and checksum are digested together with the link before. Facts leave out what is derived and may be settled
anew: versions, outcomes, row ids. Where a fact itself has to move (two articles prove to be one) the run gets a further link.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import defaultdict
from typing import Any

MODULUS = 1 << 256
CAPTURE = "kind, url, captured_at, status, headers, payload_digest, content_digest, withdrawn, error"
OBSERVATION = "article_id, observed_at, views, method, step"
REREAD = "capture_id, parser_before, parser, content_digest, changes"
RUN = "uuid, kind, site, started_at, finished_at, reason, version, config, requests, bytes, checksum"


def text_fact(*columns: Any) -> int:
    """The SHA-256 of a capture or a re-reading, from its columns in the order of CAPTURE or REREAD."""
    return int.from_bytes(_sha256(columns), "big")


def count_fact(article_id: int, observed_at: int, views: int, method: int, step: int | None = None) -> int:
    """The SHA-256 of a reading of a count. Counts are many: a tenth of the time of JSON."""
    text = b"%d %d %d %d" % (article_id, observed_at, views, method)
    if step is not None:
        text += b" %d" % step
    return int.from_bytes(hashlib.sha256(text).digest(), "big")


def checksum(total: int) -> str:
    return f"{total % MODULUS:064x}"


class Sums:
    """What a transaction adds to the checksums of runs; `write` within that transaction."""

    def __init__(self) -> None:
        self._added: defaultdict[int, int] = defaultdict(int)

    def add(self, crawl_id: int, fact: int) -> None:
        self._added[crawl_id] += fact

    def remove(self, crawl_id: int, fact: int) -> None:
        self._added[crawl_id] -= fact

    def write(self, conn: sqlite3.Connection) -> None:
        """A run that had ended already gets a further link, for its facts were moved."""
        for crawl_id, added in self._added.items():
            held = conn.execute("SELECT checksum FROM crawl WHERE id = ?", (crawl_id,)).fetchone()[0]
            conn.execute(
                "UPDATE crawl SET checksum = ? WHERE id = ?", (checksum(int(held or "0", 16) + added), crawl_id)
            )
            if conn.execute("SELECT 1 FROM chain WHERE crawl_id = ?", (crawl_id,)).fetchone():
                link(conn, crawl_id, "amended")
        self.clear()

    def clear(self) -> None:
        self._added.clear()


def link(conn: sqlite3.Connection, crawl_id: int, reason: str) -> None:
    """Adds a run to the chain as it now stands. ``reason``: finished, killed, amended, merged, migrated."""
    before = conn.execute("SELECT digest FROM chain ORDER BY id DESC LIMIT 1").fetchone()
    run = run_digest(conn, crawl_id)
    conn.execute(
        "INSERT INTO chain (crawl_id, reason, run_digest, digest) VALUES (?,?,?,?)",
        (crawl_id, reason, run, joined(before and before[0], crawl_id, reason, run)),
    )


def link_killed(conn: sqlite3.Connection, kind: str, site: str | None) -> None:
    """Adds the runs of a kind and site that never ended; two of them never run at once, so that none can be alive."""
    for (crawl_id,) in conn.execute(
        "SELECT id FROM crawl WHERE kind = ? AND site IS ? AND finished_at IS NULL AND id NOT IN (SELECT crawl_id FROM chain)"
        " ORDER BY id",
        (kind, site),
    ).fetchall():
        link(conn, crawl_id, "killed")


def run_digest(conn: sqlite3.Connection, crawl_id: int) -> str:
    return (
        "sha256:" + _sha256(tuple(conn.execute(f"SELECT {RUN} FROM crawl WHERE id = ?", (crawl_id,)).fetchone())).hex()
    )


def joined(before: str | None, crawl_id: int, reason: str, run: str) -> str:
    """The digest of a link, from that of the link before."""
    return "sha256:" + _sha256((before, crawl_id, reason, run)).hex()


def _sha256(values: tuple[Any, ...]) -> bytes:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
