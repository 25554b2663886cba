"""Articles that say the same, of other sites and of the same: found by marks of their texts, and held. docs/following.md."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator

from newsspider.extract import likeness

TABLES = ("text_mark", "alike", "alike_due")
BODY = "SELECT body FROM snapshot WHERE article_id = ? ORDER BY captured_at DESC, id DESC LIMIT 1"
COMMON = 64  # articles of a mark that are looked at: what more have is a phrase
MOST = 16  # articles that a text is compared with
SHARED = 2  # marks that two texts have in common before they are compared


def write(conn: sqlite3.Connection, article_id: int) -> None:
    """Within a transaction: the marks of an article's latest text, and what it is alike to."""
    conn.execute("DELETE FROM text_mark WHERE article_id = ?", (article_id,))
    conn.execute("DELETE FROM alike WHERE article_id = ?1 OR other_id = ?1", (article_id,))
    found = conn.execute(BODY, (article_id,)).fetchone()
    marks = likeness.marks(found[0]) if found else frozenset()
    if not marks:
        return
    pairs = [
        (min(article_id, other), max(article_id, other), score)
        for other, score in _alike(conn, article_id, found[0], marks)
    ]
    conn.executemany("INSERT INTO alike (article_id, other_id, likeness) VALUES (?,?,?)", pairs)
    conn.executemany("INSERT INTO text_mark (mark, article_id) VALUES (?,?)", [(mark, article_id) for mark in marks])


def _alike(conn: sqlite3.Connection, article_id: int, body: str, marks: frozenset[int]) -> Iterator[tuple[int, float]]:
    met = Counter(
        row[0]
        for mark in sorted(marks)
        for row in conn.execute("SELECT article_id FROM text_mark WHERE mark = ? LIMIT ?", (mark, COMMON))
    )
    text = None
    for other, shared in met.most_common(MOST):
        if shared < min(SHARED, len(marks)) or other == article_id:
            continue
        text = text or likeness.Text(body)
        its = conn.execute(BODY, (other,)).fetchone()
        if its and (score := likeness.of(text, likeness.Text(its[0]))):
            yield other, score


def wrong(conn: sqlite3.Connection) -> Iterator[int]:
    """Articles whose marks or likenesses do not follow from their texts; those that are due are not looked at."""
    due = {row[0] for row in conn.execute("SELECT article_id FROM alike_due")}
    held: dict[int, set[int]] = {}
    for mark, article_id in conn.execute("SELECT mark, article_id FROM text_mark"):
        held.setdefault(article_id, set()).add(mark)
    for (article_id,) in conn.execute("SELECT DISTINCT article_id FROM snapshot").fetchall():
        body = conn.execute(BODY, (article_id,)).fetchone()[0]
        if held.pop(article_id, set()) != likeness.marks(body) and article_id not in due:
            yield article_id
    yield from held.keys() - due
    for article_id, other_id, score in conn.execute("SELECT * FROM alike").fetchall():
        if article_id in due or other_id in due:
            continue
        bodies = [conn.execute(BODY, (one,)).fetchone() for one in (article_id, other_id)]
        if not all(bodies) or likeness.of(*(likeness.Text(body[0]) for body in bodies)) != score:
            yield article_id
