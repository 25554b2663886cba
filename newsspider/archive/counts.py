"""Counts as they are held: one reading of an article a second, and the last one beside the article."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from newsspider.archive import chain, polling


def observe(
    conn: sqlite3.Connection,
    sums: chain.Sums,
    article_id: int,
    at: int,
    views: int,
    method: int,
    crawl_id: int,
    step: int | None = None,
) -> None:
    """Holds a count read at ``at``, in seconds since 1970.

    Of two in one second the more direct one stays, then what the latest re-reading read, then the higher.
    """
    made = conn.execute(
        "INSERT INTO view_observation VALUES (?,?,?,?,?,?) ON CONFLICT DO NOTHING",
        (article_id, at, views, method, crawl_id, step),
    )
    if not made.rowcount:
        key = (article_id, at)
        held = conn.execute(
            "SELECT views, method, crawl_id, step FROM view_observation WHERE article_id = ? AND observed_at = ?", key
        ).fetchone()
        before = _rank(conn, held["views"], held["method"], held["crawl_id"], held["step"])
        if before >= _rank(conn, views, method, crawl_id, step):
            return
        sums.remove(held["crawl_id"], chain.count_fact(*key, held["views"], held["method"], held["step"]))
        conn.execute(
            "UPDATE view_observation SET views = ?, method = ?, crawl_id = ?, step = ?"
            " WHERE article_id = ? AND observed_at = ?",
            (views, method, crawl_id, step, *key),
        )
    sums.add(crawl_id, chain.count_fact(article_id, at, views, method, step))
    polling.read(conn, article_id, at, views, method)
    conn.execute(
        "UPDATE article SET views = ?1, observed_at = ?2, views_step = ?4 WHERE id = ?3 AND coalesce(observed_at, '') <= ?2",
        (views, datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), article_id, step),
    )


def _rank(conn: sqlite3.Connection, views: int, method: int, crawl_id: int, step: int | None) -> tuple[object, ...]:
    kind, started = conn.execute("SELECT kind, started_at FROM crawl WHERE id = ?", (crawl_id,)).fetchone()
    return -method, started if kind == "reparse" else "", views, -1 if step is None else step
