"""The observer's own weight: whether looking raises a count. What `newsspider calibrate` measured."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

PAGE = "page"  # as a family: the count is printed on the page


@dataclass(frozen=True, kw_only=True, slots=True)
class Weight:
    """Views that one reading of the counter and one fetch of the page add; None: not clear, or there is no counter."""

    by_counter: int | None
    by_page: int | None


Round = Sequence[tuple[str, int | None]]


def of(rounds: Sequence[Round]) -> Weight:
    """From rounds of readings in order, as ``("counter", 10), ("counter", 10), ("page", None), ("counter", 11)``.

    A page's own number counts only where there is no counter. Other readers can only add: the least of all rounds is the weight,
    and one above 1, or below 0, is none.

    >>> of([[("counter", 10), ("counter", 10), ("page", None), ("counter", 11)]])
    Weight(by_counter=0, by_page=1)
    >>> of([[("page", 10), ("page", 11)]])
    Weight(by_counter=None, by_page=1)
    """
    if all(kind == PAGE for one in rounds for kind, _ in one):
        pages = [[views for _, views in one if views is not None] for one in rounds]
        return Weight(by_counter=None, by_page=_clear([second - first for first, second in pages]))
    counters = [[views for kind, views in one if kind == "counter" and views is not None] for one in rounds]
    by_counter = _clear([second - first for first, second, _ in counters])
    by_page = None if by_counter is None else _clear([third - second - by_counter for _, second, third in counters])
    return Weight(by_counter=by_counter, by_page=by_page)


def _clear(differences: Sequence[int]) -> int | None:
    least = min(differences)
    return least if least in (0, 1) else None


def quiet(conn: sqlite3.Connection, site: str) -> dict[str, int]:
    """For each family of counters of a site, and for printed counts, the article that grows least: nobody else reads it now."""
    rows = conn.execute(
        "SELECT coalesce(a.counter_family, ?) AS family, a.id, min(coalesce(n.speed, 1e9)) FROM article a"
        " LEFT JOIN counting n ON n.article_id = a.id WHERE a.site = ? AND a.kind = 'article' AND a.gone_since IS NULL"
        " AND (a.counter IS NOT NULL OR a.views IS NOT NULL) GROUP BY 1",
        (PAGE, site),
    )
    return {row["family"]: row["id"] for row in rows}


def keep(
    conn: sqlite3.Connection,
    site: str,
    family: str,
    at: str,
    article_id: int,
    rounds: Sequence[Round],
    found: Weight,
) -> None:
    conn.execute(
        "INSERT OR REPLACE INTO calibration VALUES (?,?,?,?,?,?,?)",
        (site, family, at, article_id, json.dumps(rounds), found.by_counter, found.by_page),
    )
