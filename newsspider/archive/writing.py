"""Writing to the archive: what a run found, batch by batch, each all or nothing."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from newsspider.archive import Archive, chain, counts, dictionaries, files, identity, payloads, polling, versions
from newsspider.items import (
    INCOMPLETE,
    Article,
    ArticleItem,
    Capture,
    CountsItem,
    Entry,
    FileItem,
    ListingItem,
    Method,
    Site,
)

METHODS: Mapping[Method, int] = {"counter": 0, "listing": 1, "page": 2}
LIVE = ("crawl", "poll", "calibrate")  # runs that write what they see at that moment
HEADERS = (
    "content-type",
    "last-modified",
    "etag",
    "date",
    "server",
    "location",
    "content-encoding",
    "certificate-problem",
)


class Writer:
    """One run's writer. ``start`` records the run, ``write`` its findings, ``finish`` why it stopped."""

    def __init__(self, archive: Archive, version: str) -> None:
        self.archive, self.version = archive, version
        self.crawl_id, self.started, self._live = 0, "", False
        self._sums = chain.Sums()
        self._packer = payloads.Packer(archive.conn)
        self.found: Counter[str] = Counter()  # articles by outcome, listings, counts, counter failures

    def start(self, kind: str, sites: Iterable[Site], now: str, config: Mapping[str, Any]) -> None:
        sites, self.started, self._live = list(sites), now, kind in LIVE
        with self.archive.transaction() as conn:
            self._meet(conn, sites)
            one = sites[0].name if len(sites) == 1 else None
            chain.link_killed(conn, kind, one)
            self.crawl_id = (
                conn.execute(
                    "INSERT INTO crawl (uuid, kind, site, started_at, version, config) VALUES (?,?,?,?,?,?)",
                    (
                        *(str(uuid.uuid4()), kind, one, now, self.version),
                        json.dumps(config, ensure_ascii=False, default=str),
                    ),
                ).lastrowid
                or 0
            )

    def meet_sites(self, sites: Iterable[Site]) -> None:
        """Holds sites that turned up on the way."""
        with self.archive.transaction() as conn:
            self._meet(conn, sites)

    def _meet(self, conn: sqlite3.Connection, sites: Iterable[Site]) -> None:
        for site in sites:
            conn.execute(
                "INSERT INTO site VALUES (?,?,?,?,?,?,?) ON CONFLICT (name) DO UPDATE SET title = excluded.title,"
                " homepage = excluded.homepage, country = excluded.country, language = excluded.language,"
                " timezone = excluded.timezone, cms = excluded.cms",
                (site.name, site.title, site.homepage, site.country, site.language, site.timezone, site.cms),
            )

    def finish(self, now: str, reason: str, requests: int, received: int) -> None:
        with self.archive.transaction() as conn:
            conn.execute(
                "UPDATE crawl SET finished_at = ?, reason = ?, requests = ?, bytes = ? WHERE id = ?",
                (now, reason, requests, received, self.crawl_id),
            )
            chain.link(conn, self.crawl_id, "finished")
        dictionaries.begin(self.archive, now)

    def write(self, items: Iterable[ArticleItem | ListingItem | CountsItem | FileItem]) -> None:
        """One transaction. Raises Locked, Full or Damaged, and then nothing of ``items`` is stored."""
        if self._packer.without_dictionary >= dictionaries.SAMPLE:  # the pages to come cost a fraction with one
            dictionaries.begin(self.archive, self.started)
            self._packer = payloads.Packer(self.archive.conn)
        self._sums.clear()
        with self.archive.transaction() as conn:
            for item in items:
                match item:
                    case ArticleItem():
                        self._article(conn, item)
                    case ListingItem():
                        self._listing(conn, item)
                    case CountsItem():
                        self._counts(conn, item)
                    case FileItem():
                        self._file(conn, item)
            self._sums.write(conn)

    # An article

    def _article(self, conn: sqlite3.Connection, item: ArticleItem) -> None:
        capture, at = item.capture, item.capture.captured_at
        payload = self._packer.keep(capture.payload, item.site, capture.url) if capture.payload else None
        if item.article is None or self._spoils(conn, item):
            self._missed(conn, item, payload)
            self._parts(conn, item)
            return
        identity.move(conn, capture.url, item.article.url, at)
        article_id = identity.identify(conn, self._sums, item.site, item.article, at, capture.url)
        identity.declare(conn, article_id, item.article)
        listing = identity.listing(conn, item.listing) if item.listing else ""
        parser = f"{self.version}/{item.article.family}"
        placed = versions.place(conn, article_id, at, capture.url, item.article, payload, parser)
        self._know(conn, article_id, item.article, at)
        adopted = False
        for url in {capture.url, item.article.url, item.entry.url if item.entry else capture.url}:
            if (holder := identity.find(conn, url)) not in (None, article_id):  # it led here from an address of another
                conn.execute(
                    "UPDATE article SET checked_at = max(coalesce(checked_at, ''), ?) WHERE id = ?", (at, holder)
                )
                continue
            identity.meet(conn, article_id, url, listing, at)
            adopted |= identity.adopt(conn, article_id, url)
            conn.execute("DELETE FROM frontier WHERE key = ?", (identity.key(conn, url),))
        for kind, url, title in (
            *(("image", url, None) for url in item.article.images),
            *(("file", file.url, file.title) for file in item.article.attachments),
        ):
            files.meet(conn, article_id, url, kind, title, at, at)
        if item.article.views is not None:
            self._observe(conn, article_id, at, item.article.views, "page", item.article.views_step)
        self._captured(
            *(conn, "article", capture, placed.outcome, payload, article_id, placed.snapshot_id),
            content=placed.content,
        )
        self._parts(conn, item)
        if placed.late or adopted:
            versions.met_earlier(conn, article_id, at, item.article.url)
            versions.settle(conn, article_id)

    def _spoils(self, conn: sqlite3.Connection, item: ArticleItem) -> bool:
        """Whether an article of several pages was held whole before, and now not all of them could be read: that is no edit."""
        if item.article is None or not (item.capture.note or "").startswith(INCOMPLETE):
            return False
        known = identity.find(conn, item.entry.url if item.entry else item.capture.url)
        return known is not None and versions.whole(conn, known)

    def _parts(self, conn: sqlite3.Connection, item: ArticleItem) -> None:
        """Further pages of an article are captures of no article of their own: ``revisit``, where they were read."""
        for capture in item.parts:
            payload = self._packer.keep(capture.payload, item.site, capture.url) if capture.payload else None
            outcome = "failed" if capture.error else "revisit"
            self._captured(conn, "article", capture, outcome, payload, None, None, tally="part")

    def _know(self, conn: sqlite3.Connection, article_id: int, article: Article, at: str) -> None:
        """The article's row says what the latest capture said."""
        counter = article.counter
        conn.execute(
            "UPDATE article SET title = ?, published = ?, kind = 'article', counter = ?, counter_family = ?, counter_owner = ?,"
            " counter_key = ?, checked_at = max(coalesce(checked_at, ''), ?), last_seen_at = ?, gone_since = NULL"
            " WHERE id = ? AND coalesce(last_seen_at, '') <= ?",
            (
                *(article.title, article.published),
                *((counter.url, counter.family, counter.owner, counter.key) if counter else (None, None, None, None)),
                *(at, at, article_id, at),
            ),
        )

    def _missed(self, conn: sqlite3.Connection, item: ArticleItem, payload: str | None) -> None:
        """A look that found no article: a gap, or the news that it is gone."""
        capture, at = item.capture, item.capture.captured_at
        url = item.entry.url if item.entry else capture.url
        known = identity.find(conn, url) or identity.find(conn, capture.url)
        late = False
        if known is None:
            conn.execute(
                "INSERT INTO frontier (url, site, listing, title, published, first_seen_at, tried_at, error, key)"
                " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (url) DO UPDATE SET tried_at = ?, error = ?",
                (
                    *(identity.waiting(conn, url), item.site, item.listing or ""),
                    *((item.entry.title, item.entry.published) if item.entry else (None, None)),
                    *(at, at, capture.error, identity.key(conn, url), at, capture.error),
                ),
            )
        else:
            late = bool(conn.execute("SELECT checked_at >= ? FROM article WHERE id = ?", (at, known)).fetchone()[0])
            conn.execute(
                "UPDATE article SET checked_at = ?1, gone_since = coalesce(gone_since, iif(?2, ?1, NULL)) WHERE id = ?3",
                (at, item.gone, known),
            )
        outcome = "gone" if item.gone and known else "failed"
        self._captured(conn, "article", capture, outcome, payload, known, None, withdrawn=item.gone)
        if late and known:
            versions.settle(conn, known)

    def _captured(
        self,
        conn: sqlite3.Connection,
        kind: str,
        capture: Capture,
        outcome: str,
        payload: str | None,
        article_id: int | None,
        snapshot_id: int | None,
        *,
        content: str | None = None,
        withdrawn: bool = False,
        tally: str | None = None,
    ) -> None:
        tally = tally or (outcome if kind == "article" else f"{kind} {outcome}")
        self.found[tally] += 1
        headers = {name.lower(): value for name, value in capture.headers.items() if name.lower() in HEADERS}
        fact = (
            *(kind, capture.url, capture.captured_at, capture.status),
            *(
                json.dumps(headers, ensure_ascii=False) if headers else None,
                payload,
                content,
                int(withdrawn),
                capture.error or capture.note,
            ),
        )
        conn.execute(
            f"INSERT INTO capture (crawl_id, article_id, snapshot_id, outcome, {chain.CAPTURE}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (self.crawl_id, article_id, snapshot_id, outcome, *fact),
        )
        self._sums.add(self.crawl_id, chain.text_fact(*fact))

    # An image or attachment

    def _file(self, conn: sqlite3.Connection, item: FileItem) -> None:
        capture = item.capture
        payload = self._packer.keep_file(capture.payload or b"", item.media_type) if item.media_type else None
        outcome = files.outcome(conn, capture.url, payload)
        self._captured(conn, "file", capture, outcome, payload, None, None, withdrawn=item.gone)
        files.settle(conn, capture.url)

    # A listing

    def _listing(self, conn: sqlite3.Connection, item: ListingItem) -> None:
        capture, at = item.capture, item.capture.captured_at
        if item.page is None:
            payload = self._packer.keep(capture.payload, item.site, capture.url) if capture.payload else None
            self._captured(conn, "listing", capture, "failed", payload, None, None)
            return
        if item.answered:
            identity.move(conn, capture.url, item.answered, at)
        listing = identity.listing(conn, item.listing)
        conn.execute(
            "INSERT INTO listing (url, site, walked_at, unfinished, stuck, key) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT (url) DO UPDATE SET walked_at = excluded.walked_at, unfinished = excluded.unfinished,"
            " stuck = excluded.stuck",
            (listing, item.site, at, not item.last, item.stuck, identity.key(conn, listing)),
        )
        found = replace(item, listing=listing)
        fresh = sum(self._entry(conn, found, entry, at) for entry in item.page.entries)
        seen = conn.execute("SELECT 1 FROM capture WHERE url = ? AND outcome <> 'failed'", (capture.url,)).fetchone()
        outcome = "new" if not seen else "changed" if fresh else "revisit"
        # A listing whose rows are all known is not kept again: its payload differs in nothing but counts and the day's date.
        payload = (
            self._packer.keep(capture.payload, item.site, capture.url)
            if capture.payload and outcome != "revisit"
            else None
        )
        self._captured(conn, "listing", capture, outcome, payload, None, None)

    def _entry(self, conn: sqlite3.Connection, item: ListingItem, entry: Entry, at: str) -> bool:
        """Holds a row of a listing; whether it was met for the first time."""
        article_id = identity.find(conn, entry.url)
        fresh = article_id is None
        if entry.kind == "article":
            if article_id is not None:
                identity.meet(conn, article_id, entry.url, item.listing, at)
            else:
                fresh = bool(
                    conn.execute(
                        "INSERT INTO frontier (url, site, listing, title, published, first_seen_at, key) SELECT ?,?,?,?,?,?,?7"
                        " WHERE NOT EXISTS (SELECT 1 FROM frontier WHERE key = ?7)",
                        (
                            entry.url,
                            item.site,
                            item.listing,
                            entry.title,
                            entry.published,
                            at,
                            identity.key(conn, entry.url),
                        ),
                    ).rowcount
                )
        elif entry.kind == "opener":  # it has no address to be known by
            return False
        else:  # what the listing says is all there is: the page is another site's, or no page
            article_id = article_id or identity.add(conn, item.site, entry.url, None, entry.kind, at)
            counter = entry.counter
            conn.execute(
                "UPDATE article SET title = ?, published = ?, last_seen_at = ?, counter = ?, counter_family = ?,"
                " counter_owner = ?, counter_key = ? WHERE id = ? AND kind <> 'article'",
                (
                    *(entry.title, entry.published, at),
                    *(
                        (counter.url, counter.family, counter.owner, counter.key)
                        if counter
                        else (None, None, None, None)
                    ),
                    article_id,
                ),
            )
            identity.meet(conn, article_id, entry.url, item.listing, at)
        if entry.views is not None and article_id is not None:
            self._observe(conn, article_id, at, entry.views, "listing", entry.views_step)
        return fresh

    # Counts

    def _counts(self, conn: sqlite3.Connection, item: CountsItem) -> None:
        if item.capture is not None:
            self._captured(conn, "counter", item.capture, "failed", None, None, None)
            for missed in filter(None, (identity.find(conn, url) for url in item.missed)):
                polling.missed(conn, missed, polling.second(item.capture.captured_at))
        # In the order of their ids: neighbours in the table are written together.
        found = [(identity.counted(conn, observation), observation) for observation in item.observations]
        for article_id, observation in sorted((pair for pair in found if pair[0]), key=lambda pair: pair[0] or 0):
            self._observe(
                *(conn, article_id or 0, observation.observed_at),
                *(observation.views, observation.method, observation.step),
            )
            self.found["counts"] += 1

    def _observe(
        self, conn: sqlite3.Connection, article_id: int, at: str, views: int, method: Method, step: int | None
    ) -> None:
        seconds = int(datetime.fromisoformat(at).timestamp())
        if self._live:
            polling.forget_ahead(conn, article_id, seconds)
        counts.observe(conn, self._sums, article_id, seconds, views, METHODS[method], self.crawl_id, step)
