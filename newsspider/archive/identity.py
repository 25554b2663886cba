"""Which article a page, an address or a count belongs to. One article is one row, however many addresses it has."""

from __future__ import annotations

import sqlite3

from newsspider.archive import chain, counts, files, versions
from newsspider.extract import keys, organisations
from newsspider.items import Article, ViewObservation


def key(conn: sqlite3.Connection, url: str) -> str:
    """By what an address is known: `keys.of` it, with the port that its host had before it moved to another."""
    found = keys.of(url)
    place = keys.place(found)
    row = conn.execute("SELECT before FROM moved WHERE place = ?", (place,)).fetchone()
    return row[0] + found[len(place) :] if row else found


def organisation(conn: sqlite3.Connection, url: str) -> str:
    return organisations.of(keys.place(key(conn, url)))


def find(conn: sqlite3.Connection, url: str) -> int | None:
    """The article that was met under an address; of several (`merging.join`) the one that was met under this very one."""
    row = conn.execute(
        "SELECT article_id FROM address WHERE key = ? ORDER BY url <> ?, article_id LIMIT 1", (key(conn, url), url)
    ).fetchone()
    return row and row[0]


def named(conn: sqlite3.Connection, native_id: str, url: str) -> int | None:
    """The article with an identity in the CMS, within the organisation of an address."""
    row = conn.execute(
        "SELECT id FROM article WHERE native_id = ? AND organisation = ?", (native_id, organisation(conn, url))
    ).fetchone()
    return row and row[0]


def listing(conn: sqlite3.Connection, url: str) -> str:
    """The address under which a listing is held, the given one where it is not."""
    row = conn.execute(
        "SELECT url FROM listing WHERE key = ? ORDER BY url <> ?, rowid LIMIT 1", (key(conn, url), url)
    ).fetchone()
    return row[0] if row else url


def waiting(conn: sqlite3.Connection, url: str) -> str:
    """The address under which a page waits in the frontier, the given one where it does not."""
    row = conn.execute(
        "SELECT url FROM frontier WHERE key = ? ORDER BY url <> ? LIMIT 1", (key(conn, url), url)
    ).fetchone()
    return row[0] if row else url


def move(conn: sqlite3.Connection, asked: str, answered: str, at: str) -> None:
    """Notes that a host answers under another port, where a redirect changes nothing else: the site is the same."""
    before, now = keys.of(asked), keys.of(answered)
    old, new = keys.place(before), keys.place(now)
    same = old.partition(":")[0] == new.partition(":")[0] and before[len(old) :] == now[len(new) :]
    if old == new or not same or conn.execute("SELECT 1 FROM moved WHERE place IN (?, ?)", (old, new)).fetchone():
        return
    conn.execute("INSERT INTO moved VALUES (?,?,?)", (new, old, at))
    for table in ("address", "frontier", "listing"):
        conn.execute(
            f"UPDATE {table} SET key = ?1 || substr(key, length(?2) + 1) WHERE substr(key, 1, length(?2) + 1) = ?2 || '/'",
            (old, new),
        )


def counted(conn: sqlite3.Connection, observation: ViewObservation) -> int | None:
    """The article a count was read for."""
    if observation.native_id is not None:
        if observation.url:
            return named(conn, observation.native_id, observation.url) or find(conn, observation.url)
        rows = conn.execute("SELECT id FROM article WHERE native_id = ? LIMIT 2", (observation.native_id,)).fetchall()
        return rows[0][0] if len(rows) == 1 else None
    return find(conn, observation.url) if observation.url else None


def identify(
    conn: sqlite3.Connection, sums: chain.Sums, site: str, article: Article, at: str, asked: str | None = None
) -> int:
    """The article's row, by its identity in the CMS, else by its address; made where there is none.

    ``asked``: the address that led to it, where a redirect lay between.
    """
    met = find(conn, article.url) or _elsewhere(conn, article, asked)
    if article.native_id is None:
        return met or add(conn, site, article.url, None, "article", at)
    held = named(conn, article.native_id, article.url)
    if met is None:
        return held or add(conn, site, article.url, article.native_id, "article", at)
    nameless = conn.execute("SELECT native_id IS NULL FROM article WHERE id = ?", (met,)).fetchone()[0]
    if held is None:
        if nameless:  # a later parser may learn the identity of an article met before
            conn.execute("UPDATE article SET native_id = ? WHERE id = ?", (article.native_id, met))
        return met
    if nameless and met != held:
        unite(conn, sums, held, met)
    return held


def _elsewhere(conn: sqlite3.Connection, article: Article, asked: str | None) -> int | None:
    """The article that is known under the address that redirected here, or under the one that the page declares as its own.

    Neither is believed where the text is another: what was deleted leads to a notice, and a template may declare one address for all.
    """
    own = key(conn, article.url)
    for url in filter(None, (asked, article.canonical)):
        if key(conn, url) != own and organisation(conn, url) == organisation(conn, article.url):
            found = find(conn, url) or _declared(conn, key(conn, url))
            if found and _alike(conn, found, article):
                return found
    declared = _declared(conn, own)
    return declared if declared and _alike(conn, declared, article) else None


def _declared(conn: sqlite3.Connection, address: str) -> int | None:
    """The one article whose page declares an address; none where several do."""
    rows = conn.execute("SELECT id FROM article WHERE canonical = ? LIMIT 2", (address,)).fetchall()
    return rows[0][0] if len(rows) == 1 else None


def _alike(conn: sqlite3.Connection, article_id: int, article: Article) -> bool:
    """Whether a page reads as an article that is held, but for an edit: its text, or its title and day, are the same."""
    held = conn.execute(
        "SELECT a.native_id, s.title, s.published, s.body FROM article a JOIN snapshot s ON s.article_id = a.id"
        " WHERE a.id = ? ORDER BY s.captured_at DESC, s.id DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    if held is None or (article.native_id and held["native_id"] and article.native_id != held["native_id"]):
        return False
    if article.body and article.body == held["body"]:
        return True
    return article.published is not None and (article.title, article.published) == (held["title"], held["published"])


def declare(conn: sqlite3.Connection, article_id: int, article: Article) -> None:
    """Keeps the address that an article's page declares as its own."""
    if article.canonical:
        address = key(conn, article.canonical)
        conn.execute(
            "UPDATE article SET canonical = ? WHERE id = ? AND canonical IS NOT ?", (address, article_id, address)
        )


def add(conn: sqlite3.Connection, site: str, url: str, native_id: str | None, kind: str, at: str) -> int:
    made = conn.execute(
        "INSERT INTO article (site, url, native_id, organisation, kind, first_seen_at) VALUES (?,?,?,?,?,?)",
        (site, url, native_id, organisation(conn, url), kind, at),
    ).lastrowid
    assert made is not None
    return made


def meet(conn: sqlite3.Connection, article_id: int, url: str, listing: str, at: str) -> None:
    conn.execute(
        "INSERT INTO address (url, listing, article_id, first_seen_at, last_seen_at, key) VALUES (?,?,?,?,?,?)"
        " ON CONFLICT DO UPDATE SET last_seen_at = max(last_seen_at, excluded.last_seen_at),"
        " first_seen_at = min(first_seen_at, excluded.first_seen_at)",
        (url, listing, article_id, at, at, key(conn, url)),
    )


def adopt(conn: sqlite3.Connection, article_id: int, url: str) -> bool:
    """Gives an article the looks at its address that found nothing while it was unknown; whether there were any."""
    taken = conn.execute(
        "UPDATE capture SET article_id = ? WHERE url = ? AND article_id IS NULL AND kind = 'article'", (article_id, url)
    )
    return taken.rowcount > 0


def unite(conn: sqlite3.Connection, sums: chain.Sums, kept: int, other: int) -> None:
    """Makes two rows that proved to be one article one row; every capture, address and count of both is kept."""
    for at, views, method, crawl_id, step in conn.execute(
        "DELETE FROM view_observation WHERE article_id = ? RETURNING observed_at, views, method, crawl_id, step",
        (other,),
    ).fetchall():
        sums.remove(crawl_id, chain.count_fact(other, at, views, method, step))
        counts.observe(conn, sums, kept, at, views, method, crawl_id, step)
    conn.execute("UPDATE capture SET article_id = ? WHERE article_id = ?", (kept, other))
    conn.execute("UPDATE snapshot SET article_id = ? WHERE article_id = ?", (kept, other))
    conn.execute("UPDATE address SET article_id = ? WHERE article_id = ?", (kept, other))
    conn.execute(
        f"INSERT INTO attachment SELECT ?, {files.COLUMNS} FROM attachment WHERE article_id = ? {files.MET_AGAIN}",
        (kept, other),
    )
    conn.execute("DELETE FROM attachment WHERE article_id = ?", (other,))
    conn.execute("DELETE FROM counting WHERE article_id = ?", (other,))
    for table in ("counter_change", "calibration", "joined", "alert"):  # of two changes in one second one is enough
        conn.execute(f"UPDATE OR IGNORE {table} SET article_id = ? WHERE article_id = ?", (kept, other))
    conn.execute("DELETE FROM counter_change WHERE article_id = ?", (other,))
    first = conn.execute("DELETE FROM article WHERE id = ? RETURNING first_seen_at, url", (other,)).fetchone()
    versions.met_earlier(conn, kept, *first)
    versions.settle(conn, kept)
