"""Searching: what a query says, and the articles or versions that hold it.

The index (`snapshot_search`) gives the versions that can hold it; where more than two letters are asked for, the text itself decides.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise, product
from typing import Any, Literal

from newsspider.archive import Archive, ArchiveError, folding
from newsspider.archive.frames import Instant, Records

Sort = Literal["date", "views", "relevance"]
CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
SIMPLE = re.compile("[0-9a-z\u3400-\u4dbf\u4e00-\u9fff]+")
FORMS = re.compile(
    "[\u2e80-\u2fdf\u3036-\u303a\u3190-\u319f\u3200-\u33ff\uf900-\ufaff\U0001f200-\U0001f2ff\U0002f800-\U0002fa1f]"
)
MOST_WAYS = 64  # in which a word is looked for
BEFORE, ROOM = 24, 90  # characters of a snippet: before the first hit, and in all


# What a query says


class Text:
    """A text to be looked through; folded where it has to be, which takes a third of a millisecond."""

    def __init__(self, written: str) -> None:
        self.written = written

    @cached_property
    def same(self) -> str:
        return same(self.written)

    @cached_property
    def small(self) -> str:
        return self.written.casefold()

    @cached_property
    def plain(self) -> bool:
        """Whether folding makes no Chinese character of another one."""
        return not FORMS.search(self.written)


class Query:
    """What is asked of a text."""

    def holds(self, text: Text) -> bool:
        raise NotImplementedError

    def terms(self) -> Iterator[Term]:
        """What is to be marked in a hit."""
        return iter(())

    def candidates(self) -> str | None:
        """As the index is asked; None: it cannot be."""
        return None

    def exact(self) -> bool:
        """Whether the candidates are the hits."""
        return False


@dataclass(frozen=True)
class Term(Query):
    text: str  # folded and simplified

    def holds(self, text: Text) -> bool:
        if self._ways:
            if any(way in text.written for way in self._ways):
                return True
            if text.plain:
                return False
        # Folding joins none of these with what stands beside it: a text that has them so has them folded, too.
        return bool(SIMPLE.fullmatch(self.text) and self.text in text.small) or self.text in text.same

    @cached_property
    def _ways(self) -> tuple[str, ...]:
        """As a word of Chinese characters alone can be written; empty: of another, or in too many ways."""
        if not CHINESE.fullmatch(self.text):
            return ()
        written = [folding.written(character) for character in self.text]
        return tuple(map("".join, product(*written))) if math.prod(map(len, written)) <= MOST_WAYS else ()

    def times(self, text: Text) -> int:
        return sum(text.written.count(way) for way in self._ways) or text.same.count(self.text)

    def terms(self) -> Iterator[Term]:
        if self.text:
            yield self

    def candidates(self) -> str | None:
        asked = []
        for run in folding.runs(self.text):
            pairs = [run] if len(run) == 1 else list(dict.fromkeys(map("".join, pairwise(run))))
            for pair in pairs:
                ways = map("".join, product(*map(folding.written, pair)))
                asked.append(_either(f'"{way}"{" *" if len(pair) == 1 else ""}' for way in ways))
        return " AND ".join(asked) or None

    def exact(self) -> bool:
        return len(self.text) <= 2 and folding.runs(self.text) == [self.text]


@dataclass(frozen=True)
class Not(Query):
    of: Query

    def holds(self, text: Text) -> bool:
        return not self.of.holds(text)


@dataclass(frozen=True)
class Every(Query):
    of: tuple[Query, ...]

    def holds(self, text: Text) -> bool:
        return all(one.holds(text) for one in self.of)

    def terms(self) -> Iterator[Term]:
        for one in self.of:
            yield from one.terms()

    def candidates(self) -> str | None:
        asked = [f"({ways})" for ways in (one.candidates() for one in self.of) if ways]
        return " AND ".join(asked) or None

    def exact(self) -> bool:
        return all(one.exact() for one in self.of)


class Either(Every):
    def holds(self, text: Text) -> bool:
        return any(one.holds(text) for one in self.of)

    def candidates(self) -> str | None:
        asked = [one.candidates() for one in self.of]
        return None if None in asked else _either(f"({ways})" for ways in asked)


def _either(ways: Iterator[str]) -> str:
    found = list(ways)
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})"


def read(text: str) -> Query:
    """``招生 OR 就业 NOT "考试 通知"``; words side by side are all asked for. Raises ArchiveError for an empty one.

    AND, OR and NOT are capital letters standing alone, with a word on either side; elsewhere they are words.
    """
    tokens = [(match[1] is not None, match[1] or match[0]) for match in re.finditer(r'"([^"]+)"(?!\S)|\S+', text)]
    if not tokens:
        raise ArchiveError("the query is empty; `newsspider search 招生` searches for a word")
    either: list[list[Query]] = [[]]
    negated, open_ = False, True  # open_: a word has to follow
    for number, (quoted, word) in enumerate(tokens):
        last = number == len(tokens) - 1
        if not quoted and not last and word == "NOT":
            negated, open_ = not negated, True
        elif not quoted and not last and not open_ and word in ("AND", "OR"):
            open_ = True
            if word == "OR":
                either.append([])
        else:
            term = Term(folding.simplified(folding.fold(word)))
            either[-1].append(Not(term) if negated else term)
            negated, open_ = False, False
    ways = tuple(way[0] if len(way) == 1 else Every(tuple(way)) for way in either)
    return ways[0] if len(ways) == 1 else Either(ways)


# What holds it


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An article whose latest version holds the query; of a search in all versions, a version. ``marks``: (start, end) in ``snippet``."""

    article_id: int
    site: str
    url: str
    title: str | None
    published: str | None
    views: int | None
    snippet: str
    marks: tuple[tuple[int, int], ...]
    version: int | None  # counted from 1; None: known from a listing alone
    captured_at: Instant | None  # when that version was first seen
    last_seen_at: Instant | None  # and last
    still: bool  # the article's latest version holds it too


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """``total``: the number of all hits, also of those beyond the limit."""

    total: int
    hits: Records[Hit]


ORDER = {
    "date": "published IS NULL, published DESC, article_id DESC, id DESC",
    "views": "views IS NULL, views DESC, article_id DESC, id DESC",
    "relevance": "weight DESC, published IS NULL, published DESC, article_id DESC, id DESC",
}
LATEST = "(SELECT id FROM snapshot WHERE article_id = a.id ORDER BY captured_at DESC, id DESC LIMIT 1)"
# The hits: of an article the latest version, its title where a listing alone gave it; of all versions each.
HITS = """
SELECT s.id, a.id AS article_id, a.published, a.views, {weight} AS weight
FROM {source} JOIN article a ON a.id = s.article_id
WHERE {where} {filters}
"""
LISTED = """
UNION ALL SELECT NULL, a.id, a.published, a.views, {weight}
FROM article a LEFT JOIN snapshot s ON false
WHERE a.kind <> 'article' AND NOT EXISTS (SELECT 1 FROM snapshot v WHERE v.article_id = a.id) AND query_holds(a.title, '') {filters}
"""


def find(
    archive: Archive,
    text: str,
    *,
    site: str | None = None,
    since: str | None = None,
    until: str | None = None,
    titles: bool = False,
    versions: bool = False,
    sort: Sort = "date",
    limit: int = 20,
) -> Found:
    """The articles that hold a query; with ``versions``, every version that does.

    ``since`` and ``until``: days, months or years of publication, both included. ``relevance``: hits in the title first, then by how often
    the text has it.
    """
    query = read(text)
    _define(archive.conn, query, titles)
    asked = {"site": site, "since": since, "until": until, "match": query.candidates(), "limit": limit}
    sql = _hits(query, asked, titles, versions, sort)
    rows = archive.rows(
        f"SELECT *, count(*) OVER () AS total FROM ({sql}) ORDER BY {ORDER[sort]} LIMIT max(1, :limit)", asked
    )
    hits = Records.of(Hit, (_hit(archive, query, row, titles) for row in rows[:limit]))
    return Found(total=rows[0]["total"] if rows else 0, hits=hits)


def _define(conn: sqlite3.Connection, query: Query, titles: bool) -> None:
    def weight(title: str | None, body: str) -> int:
        text = Text(body)
        return query.holds(Text(title or "")) * 1_000_000 + sum(term.times(text) for term in query.terms())

    def holds(title: str | None, body: str) -> bool:
        return query.holds(said(title, "" if titles else body))

    conn.create_function("query_holds", 2, holds, deterministic=True)
    conn.create_function("query_weight", 2, weight, deterministic=True)


def _hits(query: Query, asked: dict[str, Any], titles: bool, versions: bool, sort: Sort) -> str:
    filters = "".join(
        f" AND {condition}"
        for name, condition in (
            ("site", "a.site = :site"),
            ("since", "a.published >= :since"),
            ("until", "substr(a.published, 1, length(:until)) <= :until"),
        )
        if asked[name] is not None
    )
    conditions = []
    if query.candidates() is not None:
        conditions.append("snapshot_search MATCH :match")
    if not versions:
        conditions.append(f"s.id = {LATEST}")
    if titles or not query.exact():
        conditions.append("query_holds(s.title, s.body)" if not titles else "query_holds(s.title, '')")
    indexed = "snapshot_search x CROSS JOIN snapshot s ON s.id = x.rowid"
    parts = {
        "source": "snapshot s" if query.candidates() is None else indexed,
        "where": " AND ".join(conditions) or "true",
        "filters": filters,
    }
    weight = "query_weight({}, {})" if sort == "relevance" else "0"
    sql = HITS.format(weight=weight.format("s.title", "s.body"), **parts)
    return sql if versions else sql + LISTED.format(weight=weight.format("a.title", "''"), filters=filters)


def _hit(archive: Archive, query: Query, row: sqlite3.Row, titles: bool) -> Hit:
    [article] = archive.rows("SELECT * FROM article WHERE id = ?", (row["article_id"],))
    held = archive.rows(
        "SELECT * FROM snapshot WHERE article_id = ? ORDER BY captured_at, id",
        (row["article_id"],),
    )
    place = next((number for number, one in enumerate(held) if one["id"] == row["id"]), None)
    version = None if place is None else held[place]
    words = article if version is None else version
    body = "" if titles or version is None else version["body"]
    piece, marks = snippet(body or words["title"] or "", query)
    latest = held[-1] if held else None
    return Hit(
        article_id=article["id"],
        site=article["site"],
        url=article["url"],
        title=words["title"],
        published=words["published"],
        views=article["views"],
        snippet=piece,
        marks=marks,
        version=None if place is None else place + 1,
        captured_at=None if version is None else version["captured_at"],
        last_seen_at=None if version is None else version["last_seen_at"],
        still=latest is None or query.holds(said(latest["title"], "" if titles else latest["body"])),
    )


def said(title: str | None, body: str) -> Text:
    return Text(f"{title or ''}\n{body}" if body else title or "")


def same(text: str) -> str:
    """A text as a query is compared with it."""
    return folding.simplified(folding.fold(text))


@cache
def _character(character: str) -> str:
    return same(character)


def marks(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the words of a query stand in a text as it is written: (start, end), none in another."""
    places = [number for number, one in enumerate(text) for _ in _character(one)]
    folded = "".join(map(_character, text))
    found = []
    for term in {term.text for term in query.terms()}:
        at = folded.find(term)
        while at >= 0:
            found.append((places[at], places[at + len(term) - 1] + 1))
            at = folded.find(term, at + len(term))
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def snippet(text: str, query: Query) -> tuple[str, tuple[tuple[int, int], ...]]:
    """What stands around the first hit, and where hits are in it."""
    found = marks(text, query)
    start = max(0, found[0][0] - BEFORE) if found else 0
    start = 0 if start < BEFORE // 2 else start
    piece = text[start : start + ROOM].replace("\n", " ")
    before, after = "…" if start else "", "…" if start + ROOM < len(text) else ""
    shift = len(before) - start
    shown = ((one + shift, min(other, start + ROOM) + shift) for one, other in found if start <= one < start + ROOM)
    return before + piece + after, tuple(shown)
