"""Edits of titles and texts, with whether their page tells of them, and what they took away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsspider.archive import Archive, edits, payloads
from newsspider.extract import rewording, silence


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """A row of `newsspider.archive.edits`, what its page said of it (empty: nothing, it was silent), and what it did to the text."""

    row: sqlite3.Row
    told: tuple[str, ...]
    did: rewording.Rewording


def of(archive: Archive, *, site: str | None = None, since: str | None = None) -> Iterator[Edit]:
    """The latest first."""
    opener = payloads.Opener(archive.conn)
    for row in edits.of(archive, site=site, since=since):
        did = rewording.of((row["title_before"] or "", row["title"] or ""), (row["body_before"], row["body"]))
        yield Edit(row=row, told=_told(archive.conn, opener, row), did=did)


def _told(conn: sqlite3.Connection, opener: payloads.Opener, row: sqlite3.Row) -> tuple[str, ...]:
    """The pages are opened only where nothing else tells of the edit."""
    before, after = edits.signs(row)
    if told := silence.told(before, after):
        return told
    pages = [_updated(conn, opener, row[name], row["url"]) for name in ("payload_before", "payload_digest")]
    if pages[0] is None or pages[1] is None:
        return ()
    return silence.told(replace(before, updated=pages[0]), replace(after, updated=pages[1]))


def _updated(conn: sqlite3.Connection, opener: payloads.Opener, digest: str | None, url: str) -> frozenset[str] | None:
    if digest is None:
        return None
    from newsspider.reading import revised  # lxml is loaded where a page is opened
    from newsspider.reading.document import Page

    return revised.of(Page(opener.body(payloads.stored(conn, digest)), url))
