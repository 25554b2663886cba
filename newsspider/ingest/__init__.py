"""Ingest: articles and their capture times from WARC files that others made (wget, Heritrix, Browsertrix, Common Crawl), or we.

No network. A capture that is held already is passed over, so that a file may be ingested again; captures older than what is held go
before it. Pages that are no articles are passed over, and so is an undated page of a layout nobody knows, unless its address is
known as an article's: a whole crawl of a university is full of pages that look like one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsspider import __version__, cms
from newsspider import site as sites
from newsspider.archive import Archive, digest, reading
from newsspider.archive.writing import Writer
from newsspider.ingest import records
from newsspider.items import Article, ArticleItem, Capture, PageError, Site, instant

BATCH = 200
GONE = (404, 410)
SCHEMES = ("http", "https")


def ingest(
    archive: Archive,
    paths: Iterable[Path],
    own: Path,
    now: datetime,
    *,
    only: Site | None = None,
    complain: Callable[[str], None] = lambda words: None,
    progress: Callable[[str, int, int], None] = lambda part, done, total: None,
) -> Counter[str]:
    """What was added, by outcome, and what was passed over. ``own``: the folder of the user's site files; ``only``: its hosts alone.

    Raises Locked, Full or Damaged as a crawl would; what was committed before is safe, and the same file may be ingested again.
    """
    paths = list(paths)
    reader = _Reader(archive, own, only, complain)
    writer: Writer | None = None
    batch: list[ArticleItem] = []

    def flush() -> None:
        nonlocal writer
        if not batch:
            return
        if writer is None:  # a run that adds nothing leaves no trace
            writer = Writer(archive, __version__)
            writer.start("ingest", [], instant(now), {"files": [path.name for path in paths]})
        writer.meet_sites(reader.sites_met())
        writer.write(batch)
        batch.clear()

    for number, path in enumerate(paths):
        progress("file", number, len(paths))
        for done, item in enumerate(reader.items(path)):
            batch.append(item)
            progress(path.name, done, 0)
            if len(batch) == BATCH:
                flush()
    flush()
    batch += reader.withdrawn()
    flush()
    if writer is not None:
        writer.finish(instant(now), "finished", 0, 0)
        reader.passed.update(writer.found)
    return reader.passed


class _Reader:
    """Turns records into looks at articles."""

    def __init__(self, archive: Archive, own: Path, only: Site | None, complain: Callable[[str], None]) -> None:
        self.archive, self.own, self.only, self.complain = archive, own, only, complain
        self.passed: Counter[str] = Counter()
        self.pages: dict[str, str] = {}  # payload digest as WARC files write it: as we do; for revisit records
        self.recent: dict[str, bytes] = {}  # pages handed on that may not be stored yet
        self.gone: list[ArticleItem] = []
        self.taken: set[tuple[str, str, str | None]] = set()
        self.site_of = cache(self._site_of)
        self.met: dict[str, Site] = {}

    def items(self, path: Path) -> Iterator[ArticleItem]:
        for record in records.read(path, self.complain):
            url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
            if record.rec_type not in ("response", "revisit", "resource") or urlsplit(url).scheme not in SCHEMES:
                continue
            site = self.site_of(urlsplit(url).netloc)
            item = site and self._item(record, url, site)
            if item:
                self._remember(item.capture)
                yield item

    def _remember(self, capture: Capture) -> None:
        name = _name(capture)
        self.taken.add((capture.url, capture.captured_at, name))
        if name and capture.payload:
            self.recent[name] = capture.payload
        while len(self.recent) > 2 * BATCH:
            del self.recent[next(iter(self.recent))]

    def sites_met(self) -> list[Site]:
        return list(self.met.values())

    def withdrawn(self) -> list[ArticleItem]:
        """Looks that found nothing, of articles that are known by now: the rest of the web's dead links are not our concern."""
        return [item for item in self.gone if reading.met(self.archive, item.capture.url)]

    def _site_of(self, netloc: str) -> Site | None:
        if self.only and not sites.covers(self.only, f"http://{netloc}/"):
            return None
        return self.only or sites.of_address(f"http://{netloc}/", self.own)

    def _item(self, record: Any, url: str, site: Site) -> ArticleItem | None:
        capture = self._capture(record, url)
        if capture is None or self._held(capture):
            return None
        if capture.status in GONE:
            self.gone.append(ArticleItem(site=site.name, capture=capture, gone=True))
            return None
        article = self._article(capture, site)
        if article is None:
            return None
        self.met[site.name] = site
        return ArticleItem(site=site.name, capture=capture, article=article)

    def _capture(self, record: Any, url: str) -> Capture | None:
        try:
            at = instant(datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")))
        except (TypeError, ValueError):
            self._pass("without a date", f"{url}: no WARC-Date")
            return None
        answer = record.http_headers
        status = int(answer.get_statuscode()) if answer and answer.get_statuscode().isdigit() else 200
        headers = dict(answer.headers) if answer else {"Content-Type": record.content_type or ""}
        if status in GONE:
            return Capture(url=url, captured_at=at, status=status, headers=headers, error=f"HTTP {status}")
        if status != 200:
            return None
        payload = self._payload(record, url)
        return Capture(url=url, captured_at=at, status=status, headers=headers, payload=payload) if payload else None

    def _payload(self, record: Any, url: str) -> bytes | None:
        name = record.rec_headers.get_header("WARC-Payload-Digest")
        if record.rec_type == "revisit":
            held = self.pages.get(name or "")
            if held is None:
                self._pass("revisits of pages not held", f"{url}: a revisit of a page that is in none of these files")
                return None
            return self.recent.get(held) or reading.payload(self.archive, held)
        try:
            payload = record.content_stream().read()
        except (OSError, ValueError, EOFError) as error:
            self._pass("broken", f"{url}: {error}")
            return None
        if name and payload:
            self.pages[name] = digest.payload(payload)
        return payload

    def _held(self, capture: Capture) -> bool:
        key = (capture.url, capture.captured_at, _name(capture))
        held = key in self.taken or reading.captured(self.archive, *key)
        self.passed["held already"] += held
        return held

    def _article(self, capture: Capture, site: Site) -> Article | None:
        assert capture.payload is not None
        try:
            article = cms.read_article(
                capture.payload, capture.url, site=site.at(capture.captured_at), headers=capture.headers
            )
        except PageError as error:
            self.passed[f"no article: {error.kind}"] += 1
            return None
        dated = article.published is not None or article.native_id is not None
        if not dated and not reading.met(self.archive, capture.url):
            self.passed["no article: undated"] += 1
            return None
        return article

    def _pass(self, what: str, words: str) -> None:
        self.passed[what] += 1
        self.complain(words)


def _name(capture: Capture) -> str | None:
    return digest.payload(capture.payload) if capture.payload else None
