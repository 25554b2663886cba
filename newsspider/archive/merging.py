"""Merging: everything another archive holds, put into this one; again adds nothing, and the order of several does not matter.

Runs are told by their uuid, payloads by digest, articles by their identity in the CMS, else by address. Versions follow from the
captures of both (`versions.settle`), so nothing is decided twice.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from newsspider.archive import (
    Archive,
    ArchiveError,
    Damaged,
    chain,
    counts,
    files,
    fixity,
    identity,
    others,
    payloads,
    versions,
)

BATCH = 2000
LATEST_REREAD = """
(SELECT r.started_at || r.uuid FROM {schema}.reread e JOIN {schema}.crawl r ON r.id = e.crawl_id
 WHERE e.capture_id = c.id ORDER BY 1 DESC LIMIT 1)"""
Progress = Callable[[str, int, int], None]


def merge(archive: Archive, path: Path, progress: Progress = lambda part, done, total: None) -> Counter[str]:
    """Rows added, by table. Raises Damaged where the other archive does not verify; then nothing of it is taken."""
    if os.path.realpath(archive.path) == os.path.realpath(path):
        raise ArchiveError(f"{path} is the archive itself")
    with others.opened(archive, path) as other:
        if broken := next(fixity.verify(other, progress), None):
            raise Damaged(f"{path} is damaged ({broken.what} {broken.found}); `newsspider verify` lists what")
        try:
            return _take(archive, other.address, progress)
        except (sqlite3.IntegrityError, ValueError, TypeError) as error:
            raise ArchiveError(f"{path} holds what no newsspider writes ({error}); its runs were not taken") from error


def _take(archive: Archive, address: str, progress: Progress) -> Counter[str]:
    with _attached(archive.conn, address):
        held = _sizes(archive.conn)
        _copy_sites(archive)
        _copy_payloads(archive, progress)
        _copy_transcripts(archive)
        with archive.transaction() as conn:
            _Merger(conn, progress).merge()
        return Counter(
            {table: size - held[table] for table, size in _sizes(archive.conn).items() if size > held[table]}
        )


@contextmanager
def _attached(conn: sqlite3.Connection, address: str) -> Iterator[None]:
    conn.execute("ATTACH ? AS other", (address,))
    try:
        yield
    finally:
        conn.execute("DETACH other")


def _sizes(conn: sqlite3.Connection) -> dict[str, int]:
    tables = ("article", "snapshot", "capture", "view_observation", "payload", "crawl")
    return {table: conn.execute(f"SELECT count(*) FROM main.{table}").fetchone()[0] for table in tables}


def _copy_sites(archive: Archive) -> None:
    columns = ("title", "homepage", "country", "language", "cms")
    filled = ", ".join(f"{column} = coalesce({column}, excluded.{column})" for column in columns)
    with archive.transaction() as conn:
        conn.execute(f"INSERT INTO site SELECT * FROM other.site WHERE true ON CONFLICT (name) DO UPDATE SET {filled}")
        conn.execute("INSERT INTO dictionary SELECT * FROM other.dictionary WHERE true ON CONFLICT DO NOTHING")
        clash = conn.execute(
            "SELECT id FROM dictionary d JOIN other.dictionary o USING (id) WHERE d.digest <> o.digest"
        ).fetchone()
        if clash:
            raise ArchiveError(f"both archives number a dictionary {clash[0]}; `newsspider compact` makes a new one")


def _copy_payloads(archive: Archive, progress: Progress) -> None:
    """In steps: they are content-addressed, so that a merge that was killed goes on where it was."""
    total = archive.conn.execute("SELECT coalesce(max(rowid), 0) FROM other.payload").fetchone()[0]
    for whole in ("IS NULL", "IS NOT NULL"):  # a patch after the page it patches
        for start in range(0, total + 1, BATCH):
            progress("payload", start, total)
            with archive.transaction() as conn:
                conn.execute(
                    f"INSERT INTO payload ({payloads.STORED}) SELECT {payloads.STORED} FROM other.payload o"
                    f" WHERE rowid BETWEEN ? AND ? AND base {whole}"
                    " AND NOT EXISTS (SELECT 1 FROM main.payload p WHERE p.digest = o.digest)",
                    (start, start + BATCH - 1),
                )


def _copy_transcripts(archive: Archive) -> None:
    with archive.transaction() as conn:
        conn.execute("INSERT INTO transcript SELECT * FROM other.transcript WHERE true ON CONFLICT DO NOTHING")


class _Merger:
    """The rows that refer to each other by number, in one transaction; keeps which of theirs is which of ours."""

    def __init__(self, conn: sqlite3.Connection, progress: Progress) -> None:
        self.conn, self.progress = conn, progress
        self.sums = chain.Sums()
        self.runs: dict[int, int] = {}
        self.new_runs: set[int] = set()
        self.ended: set[int] = set()
        self.articles: dict[int, int] = {}
        self.captures: dict[int, int] = {}
        self.touched: set[int] = set()
        self.fetched: set[str] = set()  # addresses of files

    def merge(self) -> None:
        self._runs()
        self._articles()
        self._addresses()
        self._captures()
        self._rereads()
        self._joined()
        self._counts()
        for article_id in sorted(self.touched):
            versions.settle(self.conn, article_id)
        for url in sorted(self.fetched):
            files.settle(self.conn, url)
        self._listings()
        self._health()
        self.sums.write(self.conn)
        for run in sorted(self.ended):
            chain.link(self.conn, run, "merged")

    def _health(self) -> None:
        columns = "site, sign, value, total, threshold, message"
        for theirs, ours in self.runs.items():
            self.conn.execute(
                f"INSERT OR IGNORE INTO health (crawl_id, {columns}) SELECT ?, {columns} FROM other.health WHERE crawl_id = ?",
                (ours, theirs),
            )

    def _theirs(self, table: str, sql: str) -> Iterator[sqlite3.Row]:
        total = self.conn.execute(f"SELECT count(*) FROM other.{table}").fetchone()[0]
        for done, row in enumerate(self.conn.execute(sql)):
            if done % 500 == 0:
                self.progress(table, done, total)
            yield row

    def _runs(self) -> None:
        columns = chain.RUN.replace(", checksum", "")
        for row in self._theirs("crawl", "SELECT * FROM other.crawl ORDER BY id"):
            held = self.conn.execute("SELECT id, finished_at FROM crawl WHERE uuid = ?", (row["uuid"],)).fetchone()
            if held is None:
                made = self.conn.execute(
                    f"INSERT INTO crawl ({columns}) SELECT {columns} FROM other.crawl WHERE id = ? RETURNING id",
                    (row["id"],),
                ).fetchone()
                self.new_runs.add(made["id"])
            elif row["finished_at"] and not held["finished_at"]:  # it was still running when it was merged before
                self.conn.execute(
                    "UPDATE crawl SET (finished_at, reason, requests, bytes) ="
                    " (SELECT finished_at, reason, requests, bytes FROM other.crawl WHERE id = ?) WHERE id = ?",
                    (row["id"], held["id"]),
                )
            ours = self.runs[row["id"]] = (held or made)["id"]
            if row["finished_at"] and not (held and held["finished_at"]):
                self.ended.add(ours)

    def _articles(self) -> None:
        for row in self._theirs("moved", "SELECT * FROM other.moved"):
            identity.move(self.conn, f"http://{row['before']}/", f"http://{row['place']}/", row["found_at"])
        for row in self._theirs("article", "SELECT * FROM other.article ORDER BY id"):
            met = [
                address[0]
                for address in self.conn.execute(
                    "SELECT DISTINCT a.article_id FROM other.address o JOIN main.address a ON a.key = o.key"
                    " WHERE o.article_id = ? ORDER BY a.article_id",
                    (row["id"],),
                )
            ]
            ours = self.articles[row["id"]] = self._same(row, met)
            versions.met_earlier(self.conn, ours, row["first_seen_at"], row["url"])
            self.conn.execute(
                "UPDATE article SET (title, published, counter, counter_family, counter_owner, counter_key, last_seen_at) ="
                " (SELECT title, published, counter, counter_family, counter_owner, counter_key, last_seen_at"
                "  FROM other.article WHERE id = ?1)"
                " WHERE id = ?2 AND (kind <> 'article' OR ?3 = 'article') AND coalesce(last_seen_at, '') < coalesce(?4, '')",
                (row["id"], ours, row["kind"], row["last_seen_at"]),
            )

    def _same(self, row: sqlite3.Row, met: list[int]) -> int:
        """Our article that theirs is, by its identity, else by an address; made where there is none."""
        native, conn = row["native_id"], self.conn
        named = native and identity.named(conn, native, row["url"])
        ours = named or (met[0] if met else None)
        if ours is None:
            held = conn.execute("SELECT id FROM article WHERE url = ?", (row["url"],)).fetchone()
            ours = (
                held[0]
                if held
                else identity.add(conn, row["site"], row["url"], native, row["kind"], row["first_seen_at"])
            )
        elif native and not named:
            conn.execute("UPDATE article SET native_id = ? WHERE id = ? AND native_id IS NULL", (native, ours))
        for other in met:
            nameless = conn.execute("SELECT native_id IS NULL FROM article WHERE id = ?", (other,)).fetchone()[0]
            if other != ours and nameless:
                identity.unite(conn, self.sums, ours, other)
                self.articles = {theirs: ours if one == other else one for theirs, one in self.articles.items()}
        return ours

    def _addresses(self) -> None:
        for row in self._theirs("address", "SELECT * FROM other.address"):
            ours = self.articles[row["article_id"]]
            for at in (row["first_seen_at"], row["last_seen_at"]):
                identity.meet(self.conn, ours, row["url"], row["listing"], at)
            held = identity.find(self.conn, row["url"])
            if held and identity.adopt(self.conn, held, row["url"]):
                self.touched.add(held)
        for row in self._theirs("attachment", "SELECT * FROM other.attachment"):
            about = (row["url"], row["kind"], row["title"], row["first_seen_at"], row["last_seen_at"])
            files.meet(self.conn, self.articles[row["article_id"]], *about)

    def _captures(self) -> None:
        snapshots: dict[int, int] = {}
        latest = LATEST_REREAD.format(schema="other")
        for row in self._theirs("capture", f"SELECT c.*, {latest} AS reread FROM other.capture c ORDER BY c.id"):
            article_id = row["article_id"] and self.articles[row["article_id"]]
            if article_id is None and row["kind"] == "article":
                article_id = identity.find(self.conn, row["url"])
            held = self._held(row)
            ours = held["id"] if held else self._add_capture(row, article_id)
            self.captures[row["id"]] = ours
            if held and (row["reread"] is None or (held["reread"] or "") >= row["reread"]):
                continue
            if row["snapshot_id"] is not None:
                if row["snapshot_id"] not in snapshots:
                    snapshots[row["snapshot_id"]] = self._add_snapshot(row["snapshot_id"], article_id)
                self.conn.execute(
                    "UPDATE capture SET snapshot_id = ? WHERE id = ?", (snapshots[row["snapshot_id"]], ours)
                )
            if article_id is not None:
                self.touched |= {article_id, identity.find(self.conn, row["url"]) or article_id}
            if row["kind"] == "file":
                self.fetched.add(row["url"])

    def _held(self, row: sqlite3.Row) -> sqlite3.Row | None:
        """The same capture in ours: of the same run, or taken from the same WARC by another."""
        run = self.runs[row["crawl_id"]]
        if run in self.new_runs and self._kind(run) != "ingest":
            return None
        latest = LATEST_REREAD.format(schema="main")
        return self.conn.execute(
            f"SELECT c.id, {latest} AS reread FROM main.capture c JOIN main.crawl r ON r.id = c.crawl_id"
            " WHERE c.url = ? AND c.captured_at = ? AND c.kind = ? AND c.status IS ? AND c.payload_digest IS ?"
            " AND c.error IS ? AND (c.crawl_id = ? OR r.kind = 'ingest' AND ?) LIMIT 1",
            (
                *(row["url"], row["captured_at"], row["kind"], row["status"], row["payload_digest"], row["error"]),
                *(run, self._kind(run) == "ingest"),
            ),
        ).fetchone()

    def _kind(self, run: int) -> str:
        return self.conn.execute("SELECT kind FROM crawl WHERE id = ?", (run,)).fetchone()[0]

    def _add_capture(self, row: sqlite3.Row, article_id: int | None) -> int:
        fact = [row[column] for column in chain.CAPTURE.split(", ")]
        run = self.runs[row["crawl_id"]]
        self.sums.add(run, chain.text_fact(*fact))
        made = self.conn.execute(
            f"INSERT INTO capture (crawl_id, article_id, outcome, {chain.CAPTURE}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (run, article_id, row["outcome"], *fact),
        ).lastrowid
        assert made is not None
        return made

    def _add_snapshot(self, theirs: int, article_id: int | None) -> int:
        columns = f"captured_at, last_seen_at, url, payload_digest, {versions.READ}"
        made = self.conn.execute(
            f"INSERT INTO snapshot (article_id, {columns}) SELECT ?, {columns} FROM other.snapshot WHERE id = ?",
            (article_id, theirs),
        ).lastrowid
        assert made is not None
        return made

    def _rereads(self) -> None:
        for row in self._theirs("reread", "SELECT * FROM other.reread"):
            run, capture = self.runs[row["crawl_id"]], self.captures[row["capture_id"]]
            fact = (capture, *(row[column] for column in chain.REREAD.split(", ")[1:]))
            made = self.conn.execute(
                f"INSERT INTO reread (crawl_id, {chain.REREAD}) VALUES (?,?,?,?,?,?) ON CONFLICT DO NOTHING",
                (run, *fact),
            )
            if made.rowcount:
                self.sums.add(run, chain.text_fact(*fact))

    def _joined(self) -> None:
        """How articles stood that were joined there; their numbers stay those of the archive that joined them."""
        for row in self._theirs("joined", "SELECT * FROM other.joined"):
            held = json.loads(row["held"])
            held["captures"] = [self.captures[capture] for capture in held["captures"]]
            for readings in held["both_counted"].values():
                readings[:] = [[*reading[:3], self.runs[reading[3]], *reading[4:]] for reading in readings]
            self.conn.execute(
                "INSERT INTO joined VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET parted_by = coalesce(parted_by, excluded.parted_by)",
                (
                    *(self.runs[row["crawl_id"]], row["was"], self.articles[row["article_id"]], row["because"]),
                    *(json.dumps(held, ensure_ascii=False), row["parted_by"] and self.runs[row["parted_by"]]),
                ),
            )

    def _counts(self) -> None:
        for row in self._theirs("view_observation", "SELECT * FROM other.view_observation"):
            counts.observe(
                *(self.conn, self.sums, self.articles[row["article_id"]]),
                *(row["observed_at"], row["views"], row["method"], self.runs[row["crawl_id"]], row["step"]),
            )

    def _listings(self) -> None:
        self.conn.execute(
            "INSERT INTO listing SELECT * FROM other.listing WHERE true ON CONFLICT (url) DO UPDATE SET"
            " walked_at = max(coalesce(walked_at, ''), coalesce(excluded.walked_at, '')),"
            " unfinished = max(unfinished, excluded.unfinished)"
        )
        self.conn.execute(
            "INSERT INTO frontier SELECT * FROM other.frontier o WHERE NOT EXISTS (SELECT 1 FROM main.address a WHERE a.key = o.key)"
            " ON CONFLICT (url) DO UPDATE SET first_seen_at = min(first_seen_at, excluded.first_seen_at)"
        )
        self.conn.execute("DELETE FROM frontier WHERE key IN (SELECT key FROM address)")
