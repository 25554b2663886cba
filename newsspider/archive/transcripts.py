"""What files say (table ``transcript``): which are to be read, what was read, and the articles whose files hold a query."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from newsspider.archive import Archive, search

SHORT = 200  # characters of an article's text, below which its pictures may be the notice
THIN = 20  # characters of a text layer, below which a PDF is a scan

# Files by their bytes, once each; the articles that link them decide which pictures matter.
DUE = """
SELECT DISTINCT t.payload_digest AS digest, p.media_type, min(t.url) AS url
FROM attachment t JOIN payload p ON p.digest = t.payload_digest JOIN article a ON a.id = t.article_id
WHERE (:site IS NULL OR a.site = :site) AND ({which})
  AND NOT EXISTS (SELECT 1 FROM transcript d WHERE d.payload_digest = t.payload_digest AND d.method = :method)
GROUP BY 1, 2 ORDER BY 1"""
PDF = "p.media_type = 'application/pdf'"
SCANNED = f"""{PDF} AND EXISTS (SELECT 1 FROM transcript d WHERE d.payload_digest = t.payload_digest AND d.method = 'pdf'
    AND d.error IS NULL AND length(d.text) < {THIN})"""
PICTURE = f"""p.media_type LIKE 'image/%' AND p.media_type NOT LIKE '%svg%' AND (:all OR coalesce(length((
    SELECT body FROM snapshot s WHERE s.article_id = a.id ORDER BY captured_at DESC, id DESC LIMIT 1)), 0) < {SHORT})"""


class Due(NamedTuple):
    digest: str
    media_type: str
    url: str


def due(archive: Archive, method: str, site: str | None = None, every: bool = False) -> list[Due]:
    """Held files without a transcript by that method. For ``ocr``: PDFs without a text layer, and the pictures of articles that say
    little; with ``every``, all pictures."""
    which = PDF if method == "pdf" else f"({SCANNED}) OR ({PICTURE})"
    rows = archive.rows(DUE.format(which=which), {"method": method, "site": site, "all": every})
    return [Due(*row) for row in rows]


def keep(
    archive: Archive, digest: str, method: str, tool: str, made_at: str, text: str | None, error: str | None
) -> None:
    with archive.transaction() as conn:
        conn.execute(
            "INSERT OR REPLACE INTO transcript (payload_digest, method, tool, made_at, text, error) VALUES (?,?,?,?,?,?)",
            (digest, method, tool, made_at, text, error),
        )


def of_article(archive: Archive, article_id: int) -> list[sqlite3.Row]:
    """(url, title, method, tool, text) of its files that say something."""
    sql = """
        SELECT t.url, t.title, d.method, d.tool, d.text FROM attachment t JOIN transcript d ON d.payload_digest = t.payload_digest
        WHERE t.article_id = ? AND d.text <> '' ORDER BY t.kind, t.first_seen_at, t.url, d.method"""
    return archive.rows(sql, (article_id,))


class FileHit(NamedTuple):
    article_id: int
    site: str
    title: str | None
    published: str | None
    file_url: str
    method: str
    snippet: str
    marks: tuple[tuple[int, int], ...]


HELD = """
SELECT a.id, a.site, a.title, a.published, t.url, d.method, d.text
FROM transcript d JOIN attachment t ON t.payload_digest = d.payload_digest JOIN article a ON a.id = t.article_id
WHERE d.text <> '' AND (:site IS NULL OR a.site = :site) AND (:since IS NULL OR a.published >= :since)
  AND (:until IS NULL OR substr(a.published, 1, length(:until)) <= :until)
ORDER BY a.published IS NULL, a.published DESC, a.id DESC, t.url, d.method"""


def find(
    archive: Archive, text: str, *, site: str | None = None, since: str | None = None, until: str | None = None
) -> Iterator[FileHit]:
    """The files whose transcripts hold a query, those of the latest articles first. All transcripts are looked through."""
    query = search.read(text)
    for row in archive.rows(HELD, {"site": site, "since": since, "until": until}):
        if query.holds(search.Text(row["text"])):
            piece, marks = search.snippet(row["text"], query)
            yield FileHit(
                row["id"], row["site"], row["title"], row["published"], row["url"], row["method"], piece, marks
            )  # fmt: skip
