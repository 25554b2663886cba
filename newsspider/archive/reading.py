"""What people ask of an archive: one article, its versions, its counts, how the sites stand. Reads only."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from newsspider.archive import Archive, ArchiveError, files, identity


def article(archive: Archive, name: str) -> sqlite3.Row:
    """The article with that id, address or native id, or the one whose title or address has this in it.

    Raises ArchiveError where there is none, and where there are several: it lists them.
    """
    found: list[sqlite3.Row] = []
    for condition in NAMED:
        found = archive.rows(f"SELECT * FROM article WHERE {condition} ORDER BY id LIMIT {LISTED + 1}", {"name": name})
        if len(found) == 1:
            return found[0]
        if found:
            break
    if not found:
        raise ArchiveError(
            f"no article in {archive.path} has the id or address {name!r}, or these words in its title or address; "
            "`newsspider list` lists what is held"
        )
    lines = [
        f"  {row['id']}  {(row['published'] or '?')[:10]}  {row['title'] or row['url']}  ({row['site']})"
        for row in found
    ]
    more = "\n  …" if len(found) > LISTED else ""
    raise ArchiveError(f"{name!r} fits several articles; name one by its id:\n" + "\n".join(lines[:LISTED]) + more)


LISTED = 10
NAMED = (  # the first of these that fits any article decides
    "CAST(id AS TEXT) = :name",
    "id IN (SELECT article_id FROM address WHERE url = :name) OR url = :name OR native_id = :name",
    "title = :name",
    "instr(lower(title), lower(:name)) OR instr(url, :name)",
)


def versions(archive: Archive, article_id: int) -> list[sqlite3.Row]:
    """The snapshots of an article, oldest first; ``incomplete`` says which page of its text could not be read."""
    sql = """SELECT s.*, (SELECT c.error FROM capture c WHERE c.snapshot_id = s.id AND c.error LIKE 'incomplete: %' LIMIT 1)
        AS incomplete FROM snapshot s WHERE article_id = ? ORDER BY captured_at, id"""
    return archive.rows(sql, (article_id,))


def series(archive: Archive, article_id: int) -> list[tuple[int, int]]:
    """The readings of an article's count: (seconds since 1970, views), oldest first."""
    sql = "SELECT observed_at, views FROM view_observation WHERE article_id = ? ORDER BY observed_at"
    return [(row[0], row[1]) for row in archive.rows(sql, (article_id,))]


def steps(archive: Archive, article_id: int) -> dict[int, int]:
    """How exactly the readings were printed that are not to the unit, by their second: view_observation.step."""
    sql = "SELECT observed_at, step FROM view_observation WHERE article_id = ? AND step IS NOT NULL"
    return {row["observed_at"]: row["step"] for row in archive.rows(sql, (article_id,))}


def growth(archive: Archive, article_id: int, until: int) -> int:
    """How much a count grew from its first reading to that second; where it fell or became another counter's, it began anew."""
    sql = "SELECT coalesce(sum(growth), 0) AS growth FROM reading WHERE article_id = ? AND observed_at <= ?"
    return archive.rows(sql, (article_id, until))[0]["growth"]


def addresses(archive: Archive, article_id: int) -> list[sqlite3.Row]:
    return archive.rows(
        "SELECT url, listing FROM address WHERE article_id = ? ORDER BY first_seen_at, url", (article_id,)
    )


def latest(archive: Archive, site: str | None = None) -> Iterator[sqlite3.Row]:
    """Every article that has a version, with its latest one and its last count; in the order of their ids."""
    sql = """
        SELECT a.id, a.site, a.url, a.native_id, a.views, a.observed_at, a.gone_since, a.first_seen_at, a.last_seen_at,
               s.title, s.published, s.published_text, s.source, s.author, s.editor, s.body, s.captured_at
        FROM article a JOIN snapshot s ON s.id = (
            SELECT id FROM snapshot WHERE article_id = a.id ORDER BY captured_at DESC, id DESC LIMIT 1)
        WHERE ?1 IS NULL OR a.site = ?1 ORDER BY a.id"""
    # Not `yield from` the cursor itself: that closes it, perhaps after the archive.
    yield from (row for row in archive.conn.execute(sql, (site,)))


def sites(archive: Archive, site: str | None = None) -> list[sqlite3.Row]:
    """How each site stands: what is held of it, and what its last crawl brought."""
    sql = """
        SELECT s.name AS site, s.title,
               (SELECT count(*) FROM article a WHERE a.site = s.name) AS articles,
               (SELECT count(*) FROM snapshot v JOIN article a ON a.id = v.article_id WHERE a.site = s.name) AS versions,
               (SELECT count(*) FROM article a WHERE a.site = s.name AND a.views IS NOT NULL) AS counted,
               (SELECT count(*) FROM article a WHERE a.site = s.name AND a.gone_since IS NOT NULL) AS gone,
               (SELECT count(*) FROM frontier f WHERE f.site = s.name) AS unread,
               (SELECT max(published) FROM article a WHERE a.site = s.name AND published <= date('now', '+1 day')) AS newest,
               (SELECT group_concat(l.url || ': ' || l.stuck, char(10)) FROM listing l
                WHERE l.site = s.name AND l.stuck IS NOT NULL) AS stuck,
               c.started_at AS crawled_at, c.reason, c.requests, r.new, r.changed, r.failed
        FROM site s
        LEFT JOIN crawl c ON c.id = (SELECT max(id) FROM crawl WHERE site = s.name AND kind = 'crawl')
        LEFT JOIN crawl_summary r ON r.crawl_id = c.id
        WHERE ?1 IS NULL OR s.name = ?1 ORDER BY s.name"""
    return archive.rows(sql, (site,))


def site_names(archive: Archive) -> list[str]:
    return [row["name"] for row in archive.rows("SELECT name FROM site ORDER BY name")]


def unread(archive: Archive, site: str | None = None) -> list[sqlite3.Row]:
    """What could not be read, and why, the latest try first: listings whose last fetch failed, then their entries."""
    sql = """
        SELECT * FROM (
            SELECT r.site, c.url, NULL AS title, c.captured_at AS tried_at, c.error, 'listing' AS kind
            FROM capture c JOIN crawl r ON r.id = c.crawl_id
            WHERE c.kind = 'listing' AND c.outcome = 'failed' AND c.id = (
                SELECT id FROM capture l WHERE l.url = c.url ORDER BY l.captured_at DESC, l.id DESC LIMIT 1)
            UNION ALL SELECT site, url, title, tried_at, error, 'article' FROM frontier)
        WHERE ?1 IS NULL OR site = ?1 ORDER BY kind DESC, tried_at DESC, url"""
    return archive.rows(sql, (site,))


def timezone(archive: Archive, site: str) -> str:
    """The IANA zone of a site's printed dates."""
    return archive.rows("SELECT timezone FROM site WHERE name = ?", (site,))[0][0]


def as_of(archive: Archive, article: sqlite3.Row, at: str) -> dict[str, Any]:
    """The article's row as it was at a UTC instant, as far as looks by then could tell. Raises ArchiveError before the first."""
    seen = [version for version in versions(archive, article["id"]) if version["captured_at"] <= at]
    if not seen:
        raise ArchiveError(f"article {article['id']} was not held yet at {at}; `newsspider history` lists its versions")
    last = seen[-1]
    [count] = archive.rows(
        "SELECT max(observed_at) AS latest, views, strftime('%Y-%m-%dT%H:%M:%SZ', observed_at, 'unixepoch') AS at"
        " FROM view_observation WHERE article_id = ? AND observed_at <= strftime('%s', ?) + 0",
        (article["id"], at),
    )
    gone = archive.rows(
        "SELECT missing_at FROM withdrawal WHERE article_id = ? AND missing_at <= ?2 AND coalesce(reappeared_at > ?2, 1)",
        (article["id"], at),
    )
    return {
        **dict(article),
        "title": last["title"],
        "published": last["published"],
        "views": count["views"],
        "observed_at": count["at"],
        "last_seen_at": min(last["last_seen_at"], at),
        "gone_since": gone[0][0] if gone else None,
    }


def history(archive: Archive, article_id: int) -> list[dict[str, Any]]:
    """Versions and withdrawals of an article in the order of time, as plain dicts."""
    changed: dict[int, list[str]] = defaultdict(list)
    for row in archive.rows("SELECT version, field FROM edit WHERE article_id = ? ORDER BY version", (article_id,)):
        changed[row["version"]].append(row["field"])
    reread = archive.rows(
        "SELECT DISTINCT c.snapshot_id, f.key AS field FROM capture c JOIN reread r ON r.capture_id = c.id"
        " JOIN json_each(r.changes) f WHERE c.article_id = ? ORDER BY field",
        (article_id,),
    )
    looks = dict(
        tuple(row)
        for row in archive.rows(
            "SELECT snapshot_id, count(*) FROM capture WHERE article_id = ? GROUP BY snapshot_id", (article_id,)
        )
    )
    events: list[dict[str, Any]] = [
        {
            "version": number,
            "captured_at": row["captured_at"],
            "last_seen_at": row["last_seen_at"],
            "looks": looks.get(row["id"], 0),
            "changed": changed[number],
            "reread": [one["field"] for one in reread if one["snapshot_id"] == row["id"]],
            "title": row["title"],
            "parser": row["parser"],
        }
        for number, row in enumerate(versions(archive, article_id), 1)
    ]
    gone = "SELECT last_seen_at, missing_at, reappeared_at, status, error FROM withdrawal WHERE article_id = ?"
    events += [dict(row) for row in archive.rows(gone, (article_id,))]
    return sorted(events, key=lambda event: event.get("missing_at") or event["captured_at"])


def met(archive: Archive, url: str) -> bool:
    """Whether an article was ever met under an address."""
    return identity.find(archive.conn, url) is not None


def captured(archive: Archive, url: str, at: str, payload: str | None) -> bool:
    """Whether this very capture of an article is held."""
    sql = "SELECT 1 FROM capture WHERE url = ? AND captured_at = ? AND payload_digest IS ? AND kind = 'article'"
    return bool(archive.rows(sql, (url, at, payload)))


def captured_payload(archive: Archive, url: str, at: str) -> str | None:
    """The digest of what an address answered at an instant; where nothing was asked then, of the last answer before."""
    sql = """SELECT payload_digest FROM capture WHERE url = ? AND captured_at <= ? AND payload_digest IS NOT NULL
        ORDER BY captured_at DESC, id DESC LIMIT 1"""
    rows = archive.rows(sql, (url, at))
    return rows[0][0] if rows else None


def payload(archive: Archive, name: str) -> bytes | None:
    """The bytes with a digest, where they are held."""
    from newsspider.archive import payloads  # zstd is loaded where bytes are asked for

    try:
        return payloads.body(archive.conn, name)
    except KeyError:
        return None


def known(archive: Archive, article_id: int) -> bool:
    return bool(archive.rows("SELECT 1 FROM article WHERE id = ?", (article_id,)))


def page_of(archive: Archive, snapshot_id: int) -> tuple[bytes, str | None] | None:
    """The page that a version was read from, as received, and its Content-Type; None: it is not held."""
    [row] = archive.rows("SELECT payload_digest, url FROM snapshot WHERE id = ?", (snapshot_id,))
    if row["payload_digest"] is None:
        return None
    sql = "SELECT headers FROM capture WHERE payload_digest = ? AND url = ? AND headers IS NOT NULL LIMIT 1"
    headers = archive.rows(sql, (row["payload_digest"], row["url"]))
    kind = json.loads(headers[0]["headers"]).get("content-type") if headers else None
    body = payload(archive, row["payload_digest"])
    return None if body is None else (body, kind)


class Stored(NamedTuple):
    """A version with the page that it was read from, as received, and its Content-Type."""

    url: str
    captured_at: str  # UTC
    title: str | None
    page: tuple[bytes, str | None]


def stored_version(archive: Archive, article_id: int, at: str | None = None) -> Stored:
    """The latest version of which the page is held, or the one that stood at a UTC instant. Raises ArchiveError where there is none."""
    found = [row for row in versions(archive, article_id) if at is None or row["captured_at"] <= at]
    if not found:
        when = f" at {at}" if at else ""
        raise ArchiveError(
            f"article {article_id} was not held yet{when}; `newsspider history {article_id}` lists its versions"
        )
    for row in reversed(found):
        if page := page_of(archive, row["id"]):
            return Stored(row["url"], row["captured_at"], row["title"], page)
    raise ArchiveError(
        f"no page of article {article_id} is held, only its text; `newsspider show {article_id}` shows it"
    )


def pages(archive: Archive, site: str | None = None) -> Iterator[sqlite3.Row]:
    """Every version of which the page is held: (id, url, captured_at, title, body), in the order of time."""
    yield from archive.conn.execute(
        "SELECT s.id, s.url, s.captured_at, s.title, s.body FROM snapshot s JOIN article a ON a.id = s.article_id"
        " WHERE s.payload_digest IS NOT NULL AND (?1 IS NULL OR a.site = ?1) ORDER BY s.captured_at, s.id",
        (site,),
    )


def file_of(archive: Archive, url: str) -> tuple[bytes, str] | None:
    """An image or attachment as received, and what its bytes are; None: it is not held."""
    digest = files.held(archive.conn, url)
    body = digest and payload(archive, digest)
    if not body:
        return None
    [row] = archive.rows("SELECT media_type FROM payload WHERE digest = ?", (digest,))
    return body, row["media_type"] or ""


def captures(archive: Archive, site: str | None = None) -> Iterator[sqlite3.Row]:
    """Every capture that got an answer, with its payload's row (`payloads.STORED`), in the order of time."""
    yield from archive.conn.execute(f"{CAPTURES} AND (?1 IS NULL OR coalesce(a.site, r.site) = ?1) {IN_TIME}", (site,))


CAPTURES = """
    SELECT c.id, c.kind, c.url, c.captured_at, c.status, c.headers, c.payload_digest,
           p.digest, p.body, p.encoding, p.size, p.dictionary, p.base
    FROM capture c JOIN crawl r ON r.id = c.crawl_id LEFT JOIN article a ON a.id = c.article_id
    LEFT JOIN payload p ON p.digest = c.payload_digest
    WHERE c.status IS NOT NULL AND c.kind <> 'counter'"""
IN_TIME = "ORDER BY c.captured_at, c.id"


PAGES = 200  # rows at a time: no cursor stays open while the caller works, and may write
PAGE = """
    SELECT c.id AS capture_id, c.article_id, c.snapshot_id, coalesce(a.site, f.site, r.site) AS site, c.url, c.captured_at,
           c.headers, c.outcome, c.error, c.withdrawn, c.content_digest AS capture_digest, c.payload_digest,
           s.title, s.published, s.published_text, s.source, s.author, s.editor, s.body AS text, s.content_digest, s.parser,
           s.captured_at AS version_at, s.url AS version_url, v.views,
           a.native_id, a.last_seen_at, a.counter, a.counter_family, a.counter_owner, a.counter_key,
           p.digest, p.body, p.encoding, p.size, p.dictionary, p.base, p.crc
    FROM capture c JOIN crawl r ON r.id = c.crawl_id JOIN payload p ON p.digest = c.payload_digest
    LEFT JOIN article a ON a.id = c.article_id LEFT JOIN frontier f ON f.url = c.url
    LEFT JOIN snapshot s ON s.id = c.snapshot_id
    LEFT JOIN view_observation v ON v.article_id = c.article_id AND v.method = 2
         AND v.observed_at = CAST(strftime('%s', c.captured_at) AS INTEGER)
    WHERE c.kind = 'article' AND (c.status IS NULL OR c.status < 400)
      AND NOT (c.article_id IS NULL AND c.outcome = 'revisit')  -- further pages of an article are read with its first
"""


UNKNOWN = 1 << 62  # stands for the article of pages that were never read: after all others
Position = tuple[int, int]  # of an article and of a capture, both by id


def article_pages(
    archive: Archive, sites: Collection[str] | None = None, *, after: Position = (0, 0)
) -> Iterator[sqlite3.Row]:
    """Every capture of an article's page whose bytes are held, article by article; ``after``: from the next one on.

    A row has the capture (``capture_id``, ``site``, ``url``, ``captured_at``, ``headers``, ``error``, ``capture_digest``), the columns of
    its version (NULL: nothing was read), ``views`` as read from that page, what is known of its ``native_id`` and counter, and its
    payload (`payloads.STORED`).
    """
    wanted = None if sites is None else json.dumps(sorted(sites))
    for place in ("(c.article_id, c.id) > (?1, ?2)", "c.article_id IS NULL AND ?1 IS NOT NULL AND c.id > ?2"):
        if "NULL" in place:
            after = (UNKNOWN, after[1] if after[0] == UNKNOWN else 0)
        sql = f"""{PAGE} AND {place} AND (?3 IS NULL OR coalesce(a.site, f.site, r.site) IN (SELECT value FROM json_each(?3)))
            ORDER BY c.article_id, c.id LIMIT ?4"""
        while rows := archive.rows(sql, (*after, wanted, PAGES)):
            yield from rows
            after = position(rows[-1])


def part(archive: Archive, capture_id: int, url: str) -> sqlite3.Row | None:
    """A further page of an article whose first is that capture's: its address, headers and payload."""
    sql = """SELECT c.url, c.headers, p.digest, p.body, p.encoding, p.size, p.dictionary, p.base, p.crc
        FROM capture c JOIN payload p ON p.digest = c.payload_digest
        WHERE c.url = ? AND c.crawl_id = (SELECT crawl_id FROM capture WHERE id = ?) AND c.kind = 'article'
          AND c.article_id IS NULL AND c.outcome = 'revisit' ORDER BY c.id LIMIT 1"""
    return next(iter(archive.rows(sql, (url, capture_id))), None)


def position(row: sqlite3.Row) -> Position:
    """Where a row of `article_pages` stands among them."""
    return (UNKNOWN if row["article_id"] is None else row["article_id"], row["capture_id"])


def pages_left(archive: Archive, sites: Collection[str] | None = None, *, after: Position = (0, 0)) -> int:
    """How many rows `article_pages` has."""
    sql = f"""SELECT count(*) FROM ({PAGE} AND (coalesce(c.article_id, {UNKNOWN}), c.id) > (?1, ?2)
        AND (?3 IS NULL OR coalesce(a.site, f.site, r.site) IN (SELECT value FROM json_each(?3))))"""
    return archive.rows(sql, (*after, None if sites is None else json.dumps(sorted(sites))))[0][0]


def article_page(archive: Archive, url: str) -> sqlite3.Row | None:
    """The last capture of an article, under any of its addresses, that was read well, as `article_pages` has it."""
    sql = f"""{PAGE} AND c.article_id IN (SELECT article_id FROM address WHERE url = ?) AND c.snapshot_id IS NOT NULL
        ORDER BY c.captured_at DESC, c.id DESC LIMIT 1"""
    return next(iter(archive.rows(sql, (url,))), None)


def places(archive: Archive, site: str) -> list[str]:
    """Where a site was met: its listings, else some of its articles. Their hosts are those that may be asked for it."""
    sql = """SELECT url FROM article WHERE site = ? AND kind = 'article' ORDER BY id DESC LIMIT 100"""
    return listings(archive, site) or [row[0] for row in archive.rows(sql, (site,))]


def listings(archive: Archive, site: str) -> list[str]:
    """The columns of a site that were followed, the one with most articles first."""
    sql = """
        SELECT l.url FROM listing l LEFT JOIN address d ON d.listing = l.url WHERE l.site = ?
        GROUP BY l.url ORDER BY count(d.url) DESC, l.url"""
    return [row["url"] for row in archive.rows(sql, (site,))]
