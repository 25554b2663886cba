"""Whether the archive still holds what was put in: every digest computed again, every sum and every link of the chain."""

from __future__ import annotations

import itertools
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from newsspider.archive import Archive, chain, ddl, derived, digest, identity, payloads, schema, seals


@dataclass(frozen=True, slots=True)
class Damage:
    """``what`` names a row (``payload sha256:…``), ``found`` says what is wrong with it."""

    what: str
    found: str


Progress = Callable[[str, int, int], None]  # (part, done, of how many)


def verify(archive: Archive, progress: Progress = lambda part, done, total: None) -> Iterator[Damage]:
    """Every damage found; reads the whole file, in one state of it, also while a crawl writes."""
    conn = archive.conn
    # A flipped byte may leave text that is no UTF-8: it has to reach the digest, not break the reading.
    conn.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    conn.execute("BEGIN")
    try:
        for check in (_structure, _schema, _payloads, _dictionaries, _snapshots, _keys, _runs, _links, _derived, _rows):
            try:
                yield from check(conn, progress)
            except Exception as error:  # noqa: BLE001  whatever is made of a damaged value, the other checks go on
                yield Damage(check.__name__.strip("_"), f"cannot be read to its end: {error}")
    finally:
        conn.execute("ROLLBACK")
        conn.text_factory = str


def head(archive: Archive) -> str | None:
    """The digest of the chain's last link: who keeps it elsewhere can tell later that nothing before it was rewritten."""
    rows = archive.rows("SELECT digest FROM chain ORDER BY id DESC LIMIT 1")
    return rows[0][0] if rows else None


def holds(archive: Archive, link: str) -> bool:
    """Whether a digest that was the head once is still a link of the chain."""
    return bool(archive.rows("SELECT 1 FROM chain WHERE digest = ?", (link,)))


def _structure(conn: sqlite3.Connection, progress: Progress) -> Iterator[Damage]:
    progress("structure", 0, 0)
    for (line,) in conn.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield Damage("file", line)
    for table, rowid, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        yield Damage(f"{table} row {rowid}", f"points to a row of {parent} that is not there")


def _schema(conn: sqlite3.Connection, progress: Progress) -> Iterator[Damage]:
    """Tables, indexes, triggers and views: as newsspider left them in this file, and as this version writes them."""
    found, held, broken = seals.texts(conn), seals.held(conn, "text"), {*seals.broken_texts(conn)}
    for name, text in schema.expected().items():
        if name not in found:
            yield Damage(f"schema of {name}", "is not there")
        elif name in broken or not _alike(found[name], text):
            yield Damage(f"schema of {name}", f"is not what newsspider writes{_difference(found[name], text)}")
        elif name not in held:
            yield Damage(f"schema of {name}", "has no sum any more")


def _alike(found: tuple[Any, ...], text: tuple[Any, ...]) -> bool:
    """Not where the text is SQLite's or sqlite-utils' own, which may differ by their version; where it was damaged, its seal shows."""
    kind, table, sql = found
    own = table.startswith("_") or derived.holds(table)
    return own or found == text or (kind, table, ddl.tidied(sql or "")) == text


def _difference(found: tuple[Any, ...], text: tuple[Any, ...]) -> str:
    """Both from the first letter that differs."""
    for ours, theirs in zip(map(str, found), map(str, text), strict=True):
        at = next((at for at, (a, b) in enumerate(itertools.zip_longest(ours, theirs)) if a != b), None)
        if at is not None:
            return f": {ours[at : at + 20]!a} in place of {theirs[at : at + 20]!a}"
    return ""


def _rows(conn: sqlite3.Connection, progress: Progress) -> Iterator[Damage]:
    held, tables = seals.held(conn, "rows"), seals.tables(conn, schema.expected())
    for number, table in enumerate(tables):
        progress("rows", number, len(tables))
        if table not in held:
            yield Damage(f"table {table}", "has no sum any more")
        elif seals.total(conn, table) != held[table]:
            yield Damage(f"table {table}", "has rows that were changed, removed or added without newsspider")


def _counted(conn: sqlite3.Connection, progress: Progress, table: str, columns: str) -> Iterator[sqlite3.Row]:
    yield from _told(conn, progress, table, conn.execute(f"SELECT {columns} FROM {table}"))


def _told(
    conn: sqlite3.Connection, progress: Progress, table: str, rows: Iterable[sqlite3.Row]
) -> Iterator[sqlite3.Row]:
    total = conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    for done, row in enumerate(rows):
        if done % 1000 == 0:
            progress(table, done, total)
        yield row
    progress(table, total, total)


def _payloads(conn: sqlite3.Connection, progress: Progress) -> Iterator[Damage]:
    """In one thread: with more, they waited for the interpreter longer than they worked."""
    opener = payloads.Opener(conn)
    for row in _told(conn, progress, "payload", _pages_first(conn)):
        if wrong := _wrong(row, opener):
            yield Damage(f"payload {row['digest']}", wrong)


def _pages_first(conn: sqlite3.Connection) -> Iterator[sqlite3.Row]:
    """Every payload; the patches of a page right after it, so that it is unpacked once for them all."""
    patches: defaultdict[str, list[int]] = defaultdict(list)
    for rowid, base in conn.execute("SELECT rowid, base FROM payload WHERE base IS NOT NULL"):
        patches[base].append(rowid)
    columns = f"SELECT {payloads.STORED} FROM payload WHERE"
    for page in conn.execute(f"{columns} base IS NULL"):
        yield page
        for rowid in patches.pop(page["digest"], ()):
            yield conn.execute(f"{columns} rowid = ?", (rowid,)).fetchone()
    for rowid in itertools.chain.from_iterable(patches.values()):
        yield conn.execute(f"{columns} rowid = ?", (rowid,)).fetchone()


def _wrong(row: sqlite3.Row, opener: payloads.Opener) -> str | None:
    # A flipped bit may decompress to the same bytes all the same (zstd frames have spare bits): the CRC sees it.
    if row["crc"] is None or zlib.crc32(row["body"]) != row["crc"]:
        return "its stored bytes have changed"
    try:
        body = opener.body(row)
    except (payloads.Unreadable, KeyError) as error:
        return f"cannot be decompressed: {error}"
    whole = digest.payload(body) == row["digest"] and len(body) == row["size"]
    return None if whole else "is not what its digest and size say"


def _dictionaries(conn: sqlite3.Connection, progress: Progress) -> Iterator[Damage]:
    for name, held, body in conn.execute("SELECT id, digest, body FROM dictionary"):
        if digest.payload(body) != held:
            yield Damage(f"dictionary {name}", "is not what its digest says; payloads compressed with it are lost")


def _snapshots(conn: sqlite3.Connection, progress: Progress) -> Iterator[Damage]:
    columns = "id, content_digest, title, published, source, author, editor, body"
    for id_, held, *fields in _counted(conn, progress, "snapshot", columns):
        if digest.fields(*fields) != held:
            yield Damage(f"snapshot {id_}", "its text is not what its content digest says")


def _keys(conn: sqlite3.Connection, progress: Progress) -> Iterator[Damage]:
    for table in ("address", "frontier", "listing"):
        for url, key in _counted(conn, progress, table, "DISTINCT url, key"):
            if identity.key(conn, url) != key:
                yield Damage(f"{table} {url}", "does not have the key that follows from it")


def _runs(conn: sqlite3.Connection, progress: Progress) -> Iterator[Damage]:
    """The facts of each run, against the checksum it kept while it wrote."""
    sums: defaultdict[int, int] = defaultdict(int)
    for crawl_id, *fact in _counted(conn, progress, "capture", f"crawl_id, {chain.CAPTURE}"):
        sums[crawl_id] += chain.text_fact(*fact)
    for crawl_id, *fact in _counted(conn, progress, "reread", f"crawl_id, {chain.REREAD}"):
        sums[crawl_id] += chain.text_fact(*fact)
    for crawl_id, *reading in _counted(conn, progress, "view_observation", f"crawl_id, {chain.OBSERVATION}"):
        sums[crawl_id] += chain.count_fact(*reading)
    for crawl_id, held in conn.execute("SELECT id, checksum FROM crawl"):
        if chain.checksum(sums.pop(crawl_id, 0)) != (held or chain.checksum(0)):
            yield Damage(
                f"run {crawl_id}", "captures, counts or re-readings of it were changed, removed or added afterwards"
            )
    for crawl_id in sums:
        yield Damage(f"run {crawl_id}", "is not there, although captures or counts name it")


def _links(conn: sqlite3.Connection, progress: Progress) -> Iterator[Damage]:
    before: str | None = None
    last: dict[int, str] = {}
    for id_, crawl_id, reason, run, held in _counted(
        conn, progress, "chain", "id, crawl_id, reason, run_digest, digest"
    ):
        if chain.joined(before, crawl_id, reason, run) != held:
            yield Damage(f"chain link {id_}", "does not follow from the link before it")
        before, last[crawl_id] = held, run
    for crawl_id, finished in conn.execute("SELECT id, finished_at FROM crawl").fetchall():
        if crawl_id not in last:
            if finished:
                yield Damage(f"run {crawl_id}", "has ended but is no link of the chain")
        elif chain.run_digest(conn, crawl_id) != last[crawl_id]:
            yield Damage(f"run {crawl_id}", "was changed after it was linked into the chain")


DERIVED = {
    # (what a row of the answer is, what is wrong with it): the rows that are wrong, by name
    ("snapshot", "is not what its captures read"): """
SELECT DISTINCT s.id FROM capture c JOIN snapshot s ON s.id = c.snapshot_id
WHERE s.article_id IS NOT c.article_id OR s.content_digest IS NOT coalesce(
    (SELECT r.content_digest FROM reread r JOIN crawl ON crawl.id = r.crawl_id WHERE r.capture_id = c.id
     ORDER BY crawl.started_at DESC, crawl.uuid DESC LIMIT 1), c.content_digest)""",
    ("snapshot", "does not span its captures"): """
SELECT s.id FROM snapshot s LEFT JOIN capture c ON c.snapshot_id = s.id
GROUP BY s.id HAVING min(c.captured_at) IS NOT s.captured_at OR max(c.captured_at) IS NOT s.last_seen_at""",
    ("article", "does not say what its latest version says"): """
SELECT a.id FROM article a JOIN snapshot s ON s.id = (
    SELECT id FROM snapshot WHERE article_id = a.id ORDER BY captured_at DESC, id DESC LIMIT 1)
WHERE a.title IS NOT s.title OR a.published IS NOT s.published OR a.last_seen_at IS NOT s.last_seen_at""",
    ("attachment", "does not say what its last fetches got"): """
SELECT DISTINCT f.url FROM attachment f LEFT JOIN payload p ON p.digest = f.payload_digest LEFT JOIN (
    SELECT url, max(captured_at) AS at, max(iif(payload_digest IS NULL, NULL, captured_at)) AS good_at
    FROM capture WHERE kind = 'file' GROUP BY url) t ON t.url = f.url
WHERE f.fetched_at IS NOT t.at OR f.media_type IS NOT p.media_type OR f.size IS NOT p.size
   OR (f.payload_digest IS NULL) <> (t.good_at IS NULL) OR f.payload_digest IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM capture c WHERE c.url = f.url AND c.captured_at = t.good_at AND c.payload_digest = f.payload_digest)
   OR t.at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM capture c WHERE c.url = f.url AND c.captured_at = t.at AND c.kind = 'file' AND c.error IS f.error)""",
    ("article", "does not say the count that was read last"): """
SELECT a.id FROM article a LEFT JOIN view_observation o ON o.article_id = a.id AND o.observed_at = (
    SELECT max(observed_at) FROM view_observation WHERE article_id = a.id)
WHERE a.views IS NOT o.views OR a.observed_at IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', o.observed_at, 'unixepoch')""",
}


def _derived(conn: sqlite3.Connection, progress: Progress) -> Iterator[Damage]:
    """What is held twice for quick answers, against what it was taken from."""
    for number, ((row, wrong), sql) in enumerate(DERIVED.items()):
        progress("derived", number, len(DERIVED))
        name: Any
        for (name,) in conn.execute(sql):
            yield Damage(f"{row} {name}", wrong)
    for what, found in derived.wrong(conn, progress):
        yield Damage(what, found)
