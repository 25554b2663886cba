"""Edits as they can be read: each field that changed, long unchanged stretches left out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from newsspider.extract import changes

FIELDS = ("title", "published", "source", "author", "editor", "body")
CONTEXT = 28  # characters kept beside a change
LONGEST = 60_000  # characters; comparing more takes seconds


class Piece(NamedTuple):
    kind: Literal["same", "gone", "new", "left out"]
    text: str


class Field(NamedTuple):
    name: str
    pieces: Sequence[Piece]
    more: bool = False  # whether changes were left out

    def shortened(self, most: int) -> Field:
        """With the first ``most`` changes."""
        places = [place for place, piece in enumerate(self.pieces) if piece.kind in ("gone", "new")]
        return self if len(places) <= most else Field(self.name, self.pieces[: places[most - 1] + 1], True)


class Edit(NamedTuple):
    snapshot_id: int  # of the version it made
    version: int
    changed_after: str  # UTC; the version before was last seen then
    changed_by: str  # UTC; this one was first seen then
    fields: Sequence[Field]

    def shortened(self, most: int) -> Edit:
        return self._replace(fields=[field.shortened(most) for field in self.fields])


def of(versions: Sequence[sqlite3.Row], most: int = 10) -> list[Edit]:
    """The last edits between an article's versions, the newest first, at most ``most``."""
    pairs = list(enumerate(pairwise(versions), 2))[-most:]
    return [
        Edit(after["id"], number, before["last_seen_at"], after["captured_at"], list(_fields(before, after)))
        for number, (before, after) in reversed(pairs)
    ]


def _fields(before: sqlite3.Row, after: sqlite3.Row) -> Iterator[Field]:
    for name in FIELDS:
        old, new = before[name] or "", after[name] or ""
        if old == new:
            continue
        if len(old) + len(new) > LONGEST:
            yield Field(name, [Piece("gone", old[:CONTEXT] + "…"), Piece("new", new[:CONTEXT] + "…")], True)
        else:
            yield Field(name, list(condensed(changes.between(old, new))))


def condensed(pieces: Sequence[changes.Change]) -> Iterator[Piece]:
    """With `CONTEXT` characters beside each change, and ``left out`` between."""
    for number, (kind, text) in enumerate(pieces):
        if kind != "same" or len(text) <= 2 * CONTEXT + 8:
            yield Piece(kind, text)
            continue
        if number:
            yield Piece("same", text[:CONTEXT])
        yield Piece("left out", "…")
        if number < len(pieces) - 1:
            yield Piece("same", text[-CONTEXT:])
