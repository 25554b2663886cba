"""Synthetic looks at articles, as they reach the archive, and what an archive says of them in the end."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

from newsspider.archive import Archive, reading, rereads
from newsspider.archive.writing import Writer
from newsspider.items import Article, ArticleItem, Capture, Site

SITE = Site(name="campus", title="示例大学")
ADDRESSES = {  # article 1 stands under two addresses, article 2 has no identity in its CMS
    "http://campus.test/info/1001/1.htm": "vsb:9:1",
    "http://campus.test/info/1002/1.htm": "vsb:9:1",
    "http://campus.test/page/2.html": None,
}


BEGIN = Archive.__init__


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.__new__(Archive)
        BEGIN(archive, path := Path(folder) / "archive.db", write=True)
        archive.close()
        return path.read_bytes()


def begin(archive: Archive, path: Path | str = "archive.db", **asked: Any) -> None:
    """How an `Archive` begins in the tests (conftest.py): a new one is a copy of one whose tables are made, in a tenth of the time."""
    if asked.get("write") and not os.path.lexists(path):
        with suppress(OSError):  # where none can be made, the archive says so itself
            Path(path).write_bytes(_empty())
    BEGIN(archive, path, **asked)


def fresh(path: Path) -> Archive:
    """A new archive to write to, whatever was there."""
    path.write_bytes(_empty())
    return Archive(path, write=True)


def examples(number: int) -> int:
    """How many a property is tried on; NEWSSPIDER_EXAMPLES=20 tries twenty times as many."""
    return number * int(os.environ.get("NEWSSPIDER_EXAMPLES", "1"))


class Look(NamedTuple):
    """``found``: a text, or what went wrong (``gone``, ``failed``)."""

    minute: int
    url: str
    found: str

    @property
    def at(self) -> str:
        day, minute = divmod(self.minute, 24 * 60)
        return f"2026-03-{day + 1:02}T{minute // 60:02}:{minute % 60:02}:00Z"

    def item(self) -> ArticleItem:
        if self.found in ("gone", "failed"):
            gone = self.found == "gone"
            capture = Capture(url=self.url, captured_at=self.at, status=404 if gone else 503, error=self.found)
            return ArticleItem(site=SITE.name, capture=capture, gone=gone)
        body = f"{self.found}：本页为测试而写。"
        payload = f"<html>{self.found}<!-- {self.minute // 7} --></html>".encode()
        capture = Capture(url=self.url, captured_at=self.at, status=200, payload=payload)
        article = Article(
            url=self.url,
            native_id=ADDRESSES[self.url],
            title=f"标题{self.found}",
            published="2026-03-01",
            body=body,
            views=self.minute + "甲乙丙丁".index(self.found),
        )
        return ArticleItem(site=SITE.name, capture=capture, article=article)


LOOK = st.builds(
    Look,
    minute=st.integers(0, 30),
    url=st.sampled_from(sorted(ADDRESSES)),
    found=st.sampled_from(["甲", "乙", "丙", "gone", "failed"]),
)
LOOKS = st.lists(LOOK, min_size=1, max_size=12, unique=True)


def polled(path: Path) -> Archive:
    """An archive with one site and one poll, whose readings a test writes itself."""
    archive = fresh(path)
    archive.conn.execute("INSERT INTO site (name, timezone) VALUES ('s', 'Asia/Shanghai')")
    archive.conn.execute("INSERT INTO crawl (id, kind, started_at, version) VALUES (1, 'poll', '', '')")
    return archive


def record(archive: Archive, looks: Iterable[Look], *, kind: str = "crawl", finish: bool = True) -> Writer:
    """One run that stores looks one by one."""
    writer = Writer(archive, "0.1.0")
    writer.start(kind, [SITE], "2026-03-02T00:00:00Z", {})
    for look in looks:
        writer.write([look.item()])
    if finish:
        writer.finish("2026-03-02T01:00:00Z", "finished", 1, 1)
    return writer


def state(archive: Archive) -> dict[str, Sequence[Any]]:
    """All that does not depend on the order in which it was learned."""
    queries = {
        "articles": "SELECT url, native_id, kind, title, published, views, observed_at, first_seen_at, checked_at, last_seen_at,"
        " gone_since FROM article ORDER BY url",
        "versions": "SELECT a.url AS article, s.captured_at, s.last_seen_at, s.url, s.title, s.body, s.content_digest,"
        " s.payload_digest FROM snapshot s JOIN article a ON a.id = s.article_id ORDER BY a.url, s.captured_at, s.content_digest",
        "captures": "SELECT a.url AS article, c.url, c.captured_at, c.outcome, c.status, c.payload_digest, s.captured_at AS version"
        " FROM capture c LEFT JOIN article a ON a.id = c.article_id LEFT JOIN snapshot s ON s.id = c.snapshot_id"
        " ORDER BY c.captured_at, c.url, c.content_digest, c.error",
        "counts": "SELECT a.url, o.observed_at, o.views, o.method FROM view_observation o JOIN article a ON a.id = o.article_id"
        " ORDER BY a.url, o.observed_at",
        "addresses": "SELECT url, listing, first_seen_at, last_seen_at FROM address ORDER BY url, listing",
        "payloads": "SELECT digest, size FROM payload ORDER BY digest",
    }
    return {name: [tuple(row) for row in archive.rows(sql)] for name, sql in queries.items()}


def reread(archive: Archive, upgrade: rereads.Upgrade, read: Callable[[Mapping[str, Any]], Article | None]) -> None:
    """Keeps what ``read`` makes of every held page, as `newsspider reparse` does."""
    rows = list(reading.article_pages(archive))
    articles = [list(pages) for _, pages in groupby(rows, key=lambda row: row["article_id"] or -row["capture_id"])]
    changes = [rereads.changes(archive.conn, [(row, read(row)) for row in pages]) for pages in articles]
    with archive.transaction() as conn:
        upgrade.keep(conn, changes)
    with archive.transaction() as conn:
        upgrade.unite(conn)
