"""Ingest: articles and their capture times from WARC files that others made (wget, Heritrix, Browsertrix, Common Crawl), or we.

No network. A capture that is held already is passed over, so that a file may be ingested again; captures older than what is held go
before it. Pages that are no articles are passed over, and so is an undated page of a layout nobody knows, unless its address is
known as an article's: a whole crawl of a university is full of pages that look like one.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from newsspider import __version__, cms
from newsspider import site as sites
from newsspider.archive import Archive, ArchiveError, digest, reading
from newsspider.archive.writing import HEADERS, Writer
from newsspider.extract import urls
from newsspider.ingest import bodies, records
from newsspider.items import Article, ArticleItem, Capture, PageError, Site, instant

BATCH = 200
GONE = (404, 410)
MOVED = (301, 302, 303, 307, 308)
NOT_MODIFIED = 304
WITHDRAWN = ("missing", "forbidden")
REMEMBERED = (
    100_000  # digests of pages that a revisit record may name; older ones are found by the record that it names
)
STATUS = re.compile(r"[1-5][0-9][0-9]")
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
        reader.stored()

    for path in paths:
        size = path.stat().st_size
        for item in reader.items(path, lambda done, path=path, size=size: progress(path.name, done, size)):  # type: ignore[misc]
            batch.append(item)
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
        self.gone: list[ArticleItem] = []
        # Of what was handed on and is not stored yet:
        self.recent: dict[str, bytes] = {}  # pages by digest
        self.last: dict[str, tuple[str, str]] = {}  # by address: its last capture's time and digest
        self.taken: set[tuple[str, str, str | None]] = set()
        self.site_of = cache(self._site_of)
        self.met: dict[str, Site] = {}

    def items(self, path: Path, told: Callable[[int], None]) -> Iterator[ArticleItem]:
        for where, record in records.read(path, self.complain, told):
            try:
                item = self._look(record)
            except (ArchiveError, sqlite3.Error, MemoryError):
                raise
            except Exception as error:  # noqa: BLE001 - whatever a file of others holds costs that record alone
                self._pass("broken", f"{path}: record at byte {where}: {type(error).__name__}: {error}"[:500])
                continue
            if item:
                self._remember(item.capture)
                yield item

    def _look(self, record: Any) -> ArticleItem | None:
        url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
        if record.rec_type not in ("response", "revisit", "resource") or urlsplit(url).scheme not in SCHEMES:
            return None
        site = self.site_of(urlsplit(url).netloc)
        return self._item(record, url, site) if site else None

    def _remember(self, capture: Capture) -> None:
        name = _name(capture)
        self.taken.add((capture.url, capture.captured_at, name))
        if name and capture.payload:
            self.recent[name] = capture.payload
            self.last[capture.url] = max(self.last.get(capture.url, ("", "")), (capture.captured_at, name))

    def stored(self) -> None:
        """What was handed on is in the archive now: this takes no more memory for a larger file."""
        self.recent.clear()
        self.last.clear()
        self.taken.clear()

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
        gone = ArticleItem(site=site.name, capture=capture, gone=True)
        if capture.error:
            if self._known(url):
                return gone
            self.gone.append(gone)  # whether there was an article is known when all is read
            return None
        try:
            article = self._article(capture, site)
        except PageError as error:
            if error.kind in WITHDRAWN and self._known(url):
                return replace(gone, capture=replace(capture, error=str(error)))
            self.passed[f"no article: {error.kind}"] += 1
            return None
        if article is None:
            return None
        self.met[site.name] = site
        return ArticleItem(site=site.name, capture=capture, article=article)

    def _known(self, url: str) -> bool:
        return url in self.last or reading.met(self.archive, url)

    def _capture(self, record: Any, url: str) -> Capture | None:
        at = _instant(record.rec_headers.get_header("WARC-Date"))
        if at is None:
            self._pass("without a date", f"{url}: no WARC-Date")
            return None
        answer = record.http_headers
        printed = answer.get_statuscode() if answer else "200"
        if not STATUS.fullmatch(printed):
            raise ValueError(f"{printed[:20]!r} is no HTTP status")
        status = int(printed)
        headers = dict(answer.headers) if answer else {"Content-Type": record.content_type or ""}
        headers = {name: value for name, value in headers.items() if name.lower() in HEADERS}
        about = Capture(url=url, captured_at=at, status=status, headers=headers)
        if status in GONE:
            return replace(about, error=f"HTTP {status}")
        if status in MOVED:
            target = urljoin(url, answer.get_header("Location") or url)
            return replace(about, error=f"redirected to {target}") if urls.leads_home(url, target) else None
        if status not in (200, NOT_MODIFIED):
            return None
        payload = self._payload(record, url, at, status)
        return replace(about, status=200, payload=payload) if payload else None

    def _payload(self, record: Any, url: str, at: str, status: int) -> bytes | None:
        name = record.rec_headers.get_header("WARC-Payload-Digest")
        if record.rec_type == "revisit" or status == NOT_MODIFIED:
            return self._revisited(record, url, at, None if status == NOT_MODIFIED else name)
        if record.rec_headers.get_header("WARC-Truncated"):
            self._pass("cut off", f"{url}: the record of {at} was cut off by the crawler that made it")
            return None
        try:
            payload = bodies.read(record)
        except bodies.Broken as error:
            self._pass("broken", f"{url}: {error}")
            return None
        if name and payload:
            self.pages[name] = digest.payload(payload)
            if len(self.pages) > REMEMBERED:
                del self.pages[next(iter(self.pages))]
        return payload

    def _revisited(self, record: Any, url: str, at: str, name: str | None) -> bytes | None:
        """The page that a revisit record stands for: by its digest, by the record it names, or the last one of that address."""
        held = self.pages.get(name or "")
        if held is None:
            first = (record.rec_headers.get_header("WARC-Refers-To-Target-URI") or url).strip("<>")
            date = record.rec_headers.get_header("WARC-Refers-To-Date")
            when = _instant(date) or at
            known = self.last.get(first)
            held = known[1] if known and known[0] <= when else reading.captured_payload(self.archive, first, when)
        if held is None:
            self._pass("revisits of pages not held", f"{url}: a revisit of a page that is not held")
            return None
        return self.recent.get(held) or reading.payload(self.archive, held)

    def _held(self, capture: Capture) -> bool:
        key = (capture.url, capture.captured_at, _name(capture))
        held = key in self.taken or reading.captured(self.archive, *key)
        self.passed["held already"] += held
        return held

    def _article(self, capture: Capture, site: Site) -> Article | None:
        assert capture.payload is not None
        article = cms.read_article(
            capture.payload, capture.url, site=site.at(capture.captured_at), headers=capture.headers
        )
        dated = article.published is not None or article.native_id is not None
        if not dated and not self._known(capture.url):
            self.passed["no article: undated"] += 1
            return None
        return article

    def _pass(self, what: str, words: str) -> None:
        self.passed[what] += 1
        self.complain(words)


def _instant(date: str | None) -> str | None:
    try:
        return instant(datetime.fromisoformat(date or ""))
    except (ValueError, OverflowError):  # unreadable, without a zone, or no year of ours in UTC
        return None


def _name(capture: Capture) -> str | None:
    return digest.payload(capture.payload) if capture.payload else None
