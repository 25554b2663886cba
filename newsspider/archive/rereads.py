"""What today's parser and rules read otherwise in pages held before: recorded as an upgrade of ours, never as an edit of theirs.

All captures of an article are upgraded in one transaction: at no moment do the readings of two parsers stand side by side as an
edit. What was read before stays, beside the capture, in `reread`. A page that reads as no article any more keeps what was read, and
goes with the rest of its version.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from newsspider.archive import chain, counts, digest, files, identity, polling, versions
from newsspider.items import Article

FIELDS = {name: name for name in ("title", "published", "published_text", "source", "author", "editor")} | {
    "body": "text"
}
PAGE = 2  # view_observation.method


class Change(NamedTuple):
    """``held`` is a row of `reading.article_pages`; ``article`` None: nothing is read there any more.

    ``was``: the fields that read otherwise, with what they were; ``links``: images and files that were not known.
    """

    held: sqlite3.Row
    article: Article | None
    was: dict[str, Any]
    links: tuple[tuple[str, str, str | None], ...]  # address, kind, title

    @property
    def any(self) -> bool:
        return bool(self.was or self.links)


Count = tuple[int, int]  # views, and the step they are printed in (-1: to the unit)


def changes(conn: sqlite3.Connection, pages: Sequence[tuple[sqlite3.Row, Article | None]]) -> list[Change]:
    """What the pages of one article read now against what is held of them. Writes nothing."""
    highest: dict[str, Count] = {}  # of several pages captured in one second one count is held
    for held, article in pages:
        if article is not None and article.views is not None:
            at = held["captured_at"]
            highest[at] = max(highest.get(at, (-1, -1)), _count(article.views, article.views_step))
    return [_change(conn, held, article, highest.get(held["captured_at"])) for held, article in pages]


def _count(views: int, step: int | None) -> Count:
    return views, -1 if step is None else step


def _change(conn: sqlite3.Connection, held: sqlite3.Row, article: Article | None, highest: Count | None) -> Change:
    if article is None:
        return Change(held, None, {}, ())
    was = {name: held[column] for name, column in FIELDS.items() if held[column] != getattr(article, name)}
    if (held["version_at"], held["version_url"]) != (held["captured_at"], held["url"]) and held["version_at"]:
        was.pop("published_text", None)  # a version has that of its first capture
    if _counted_otherwise(conn, held, article, highest):
        was["views"] = held["views"]
    if held["captured_at"] == held["last_seen_at"] and article.counter:
        before = (held["counter_family"], held["counter_owner"], held["counter_key"])
        if before != (article.counter.family, article.counter.owner, article.counter.key):
            was["counter"] = held["counter"]
    if held["article_id"] is not None and held["native_id"] is None and article.native_id:
        was["native_id"] = None
    linked = dict.fromkeys(article.images, ("image", None)) | {
        file.url: ("file", file.title) for file in article.attachments
    }
    known = {file["url"] for file in files.read(conn, held["article_id"])} if linked and held["article_id"] else set()
    links = ((url, kind, title) for url, (kind, title) in linked.items() if url not in known)
    return Change(held, article, was, tuple(links))


def _counted_otherwise(conn: sqlite3.Connection, held: sqlite3.Row, article: Article, highest: Count | None) -> bool:
    if article.views is None or _count(article.views, article.views_step) != highest:
        return False
    row = conn.execute(
        "SELECT views, method, step FROM view_observation WHERE article_id = ? AND observed_at = ?",
        (held["article_id"], polling.second(held["captured_at"])),
    ).fetchone()
    # A counter that was read in the same second is more direct.
    return row is None or (row["method"] == PAGE and _count(row["views"], row["step"]) != highest)


class _Read(NamedTuple):
    snapshot_id: int
    content: str  # its digest
    parser: str


class Upgrade:
    """A run that reads again; ``keep`` within a transaction of its own."""

    def __init__(self, crawl_id: int, version: str) -> None:
        self.crawl_id, self.version = crawl_id, version
        self._sums = chain.Sums()
        self.same: list[tuple[int, int]] = []  # articles that prove to be one: `unite` them when all is read

    def keep(self, conn: sqlite3.Connection, articles: Iterable[Sequence[Change]]) -> None:
        """``articles``: the changes of all held pages of one, in turn; those of pages that read as they did included."""
        self._sums.clear()
        for changes in articles:
            if any(one.any for one in changes):
                self._article(conn, changes)
        self._sums.write(conn)

    def unite(self, conn: sqlite3.Connection) -> None:
        """Makes one of articles that proved to be one. When all is read: it changes what was known of others."""
        self._sums.clear()
        for kept, other in self.same:
            rows = conn.execute("SELECT id FROM article WHERE id IN (?, ?)", (kept, other)).fetchall()
            if len(rows) == 2 and kept != other:
                identity.unite(conn, self._sums, kept, other)
        self._sums.write(conn)

    def _article(self, conn: sqlite3.Connection, changes: Sequence[Change]) -> None:
        article_id: int | None = None
        now: dict[int, _Read] = {}  # by version before
        made: dict[tuple[str, str | None], int] = {}  # snapshots, by content and date line
        told = set[tuple[int | None, str]]()
        for one in changes:
            if one.article is None:
                continue
            article_id = self._identify(conn, one, one.article)
            self._know(conn, article_id, one, one.article)
            found = self._read(conn, article_id, one, one.article, made)
            if one.held["snapshot_id"] is not None:
                now.setdefault(one.held["snapshot_id"], found)
            if one.was:
                was = json.dumps(one.was, ensure_ascii=False)
                said = (one.held["snapshot_id"], was)
                self._record(conn, one.held, found, None if said in told and said[0] else was)
                told.add(said)
        for one in changes:
            version = one.held["snapshot_id"]
            if one.article is None and version in now and now[version].snapshot_id != version:
                self._record(conn, one.held, now[version], None)
        if article_id is not None:
            versions.settle(conn, article_id)

    def _identify(self, conn: sqlite3.Connection, one: Change, article: Article) -> int:
        held = one.held
        if "native_id" in one.was:
            self._name(conn, held["article_id"], article.native_id)
        if held["snapshot_id"] is not None:
            return held["article_id"]
        article_id = held["article_id"]
        if article_id is None:
            article_id = identity.identify(conn, self._sums, held["site"], article, held["captured_at"])
        self._meet(conn, article_id, held, article)
        return article_id

    def _meet(self, conn: sqlite3.Connection, article_id: int, held: sqlite3.Row, article: Article) -> None:
        """A page that did not read before: its addresses are the article's, in the columns that they were met in."""
        at = held["captured_at"]
        for url in {held["url"], article.url}:
            row = conn.execute("DELETE FROM frontier WHERE url = ? RETURNING listing", (url,)).fetchone()
            row = (
                row
                or conn.execute(
                    "SELECT listing FROM address WHERE url = ? ORDER BY last_seen_at DESC, listing DESC LIMIT 1", (url,)
                ).fetchone()
            )
            identity.meet(conn, article_id, url, row["listing"] if row else "", at)
            identity.adopt(conn, article_id, url)
        versions.met_earlier(conn, article_id, at, article.url)

    def _name(self, conn: sqlite3.Connection, article_id: int, native_id: str | None) -> None:
        [url] = conn.execute("SELECT url FROM article WHERE id = ?", (article_id,)).fetchone()
        named = native_id and identity.named(conn, native_id, url)
        if not named:
            conn.execute("UPDATE article SET native_id = ? WHERE id = ?", (native_id, article_id))
        elif named != article_id:
            self.same.append((named, article_id))

    def _know(self, conn: sqlite3.Connection, article_id: int, one: Change, article: Article) -> None:
        """What is not of a version: counts, counter and links."""
        held, at = one.held, one.held["captured_at"]
        for url, kind, title in one.links:
            files.meet(conn, article_id, url, kind, title, at, at)
        if article.counter and ("counter" in one.was or held["article_id"] is None):
            conn.execute(
                "UPDATE article SET counter = ?, counter_family = ?, counter_owner = ?, counter_key = ?"
                " WHERE id = ? AND coalesce(last_seen_at, '') <= ?",
                (
                    article.counter.url,
                    article.counter.family,
                    article.counter.owner,
                    article.counter.key,
                    article_id,
                    at,
                ),
            )
        if "views" in one.was and article.views is not None:
            counts.observe(
                *(conn, self._sums, article_id, polling.second(at), article.views, PAGE),
                *(self.crawl_id, article.views_step),
            )

    def _read(
        self,
        conn: sqlite3.Connection,
        article_id: int,
        one: Change,
        article: Article,
        made: dict[tuple[str, str | None], int],
    ) -> _Read:
        held = one.held
        parser, content = f"{self.version}/{article.family}", digest.content(article)
        if held["snapshot_id"] is not None and not one.was.keys() & FIELDS.keys():
            return _Read(held["snapshot_id"], content, parser)
        key = (content, article.published_text)
        if key not in made:
            about = (held["captured_at"], held["url"], article, held["payload_digest"], parser)
            made[key] = versions.hold(conn, article_id, *about)
        return _Read(made[key], content, parser)

    def _record(self, conn: sqlite3.Connection, held: sqlite3.Row, found: _Read, was: str | None) -> None:
        conn.execute("UPDATE capture SET snapshot_id = ? WHERE id = ?", (found.snapshot_id, held["capture_id"]))
        fact = (held["capture_id"], held["parser"], found.parser, found.content, was)
        conn.execute(f"INSERT INTO reread (crawl_id, {chain.REREAD}) VALUES (?,?,?,?,?,?)", (self.crawl_id, *fact))
        self._sums.add(self.crawl_id, chain.text_fact(*fact))


# How far a run has come: beside its configuration, so that it can be taken up


def note(conn: sqlite3.Connection, crawl_id: int, after: str) -> None:
    """``after``: JSON."""
    conn.execute("UPDATE crawl SET config = json_set(config, '$.after', json(?)) WHERE id = ?", (after, crawl_id))


def unfinished(conn: sqlite3.Connection, version: str) -> dict[str, Any] | None:
    """The configuration of the last run, where it was broken off and of this version."""
    row = conn.execute("SELECT * FROM crawl WHERE kind = 'reparse' ORDER BY id DESC LIMIT 1").fetchone()
    return json.loads(row["config"]) if row and row["finished_at"] is None and row["version"] == version else None


def address(conn: sqlite3.Connection, capture_id: int) -> str | None:
    row = conn.execute("SELECT url FROM capture WHERE id = ?", (capture_id,)).fetchone()
    return row and row[0]
