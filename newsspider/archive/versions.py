"""Versions of an article: runs of captures with the same content, in the order of their capture times.

Captures may arrive in any order (a WARC of last year is ingested today): the versions, and what the article's row says, are
always those of the sorted sequence. A capture later than all before it is placed directly; any other one settles its article anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from newsspider.archive import digest
from newsspider.items import INCOMPLETE, Article

READ = "title, published, published_text, source, author, editor, body, content_digest, parser, rules"
IN_ORDER = "c.captured_at, c.url, c.content_digest, c.payload_digest, c.id"


class Placed(NamedTuple):
    snapshot_id: int
    content: str  # its digest
    outcome: digest.Outcome
    late: bool  # not the latest: `settle` once the capture's row stands


def place(
    conn: sqlite3.Connection, article_id: int, at: str, url: str, article: Article, payload: str | None, parser: str
) -> Placed:
    """Holds what a capture at ``at`` read."""
    found = digest.content(article)
    last = conn.execute(
        "SELECT a.checked_at, s.id, s.content_digest FROM article a LEFT JOIN snapshot s ON s.article_id = a.id"
        " WHERE a.id = ? ORDER BY s.captured_at DESC, s.id DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    late = (last["checked_at"] or "") >= at
    if not late and last["content_digest"] == found:
        conn.execute("UPDATE snapshot SET last_seen_at = ? WHERE id = ?", (at, last["id"]))
        return Placed(last["id"], found, "revisit", late)
    made = hold(conn, article_id, at, url, article, payload, parser)
    return Placed(made, found, digest.outcome(last["content_digest"], found), late)


def whole(conn: sqlite3.Connection, article_id: int) -> bool:
    """Whether the last version of an article was read from all the pages of its text."""
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM capture c WHERE c.snapshot_id = s.id AND c.error LIKE ? || '%') FROM snapshot s"
        " WHERE s.article_id = ? ORDER BY s.captured_at DESC, s.id DESC LIMIT 1",
        (INCOMPLETE, article_id),
    ).fetchone()
    return row is not None and not row[0]


def hold(
    conn: sqlite3.Connection, article_id: int, at: str, url: str, article: Article, payload: str | None, parser: str
) -> int:
    """A new snapshot of what a capture at ``at`` read; its id. Where it does not come last, `settle` puts it in its place."""
    values = (
        *(article_id, at, at, url, payload, article.title, article.published, article.published_text),
        *(article.source, article.author, article.editor, article.body, digest.content(article), parser),
        json.dumps(dict(article.rules), ensure_ascii=False, sort_keys=True) if article.rules else None,
    )
    made = conn.execute(
        f"INSERT INTO snapshot (article_id, captured_at, last_seen_at, url, payload_digest, {READ})"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        values,
    ).lastrowid
    assert made is not None
    return made


def met_earlier(conn: sqlite3.Connection, article_id: int, at: str, url: str) -> None:
    """An article goes by the address it was first met under, also when that is learned later."""
    conn.execute(
        "UPDATE OR IGNORE article SET first_seen_at = ?1, url = ?2 WHERE id = ?3 AND (first_seen_at, url) > (?1, ?2)",
        (at, url, article_id),
    )


def settle(conn: sqlite3.Connection, article_id: int) -> None:
    """Makes versions, outcomes and the article's row those of its captures in the order of time."""
    captures = conn.execute(
        "SELECT c.id, c.captured_at, c.url, c.payload_digest, c.outcome, c.withdrawn, c.snapshot_id, s.content_digest"
        f" FROM capture c LEFT JOIN snapshot s ON s.id = c.snapshot_id WHERE c.article_id = ? ORDER BY {IN_ORDER}",
        (article_id,),
    ).fetchall()
    readings = [capture for capture in captures if capture["snapshot_id"] is not None]
    versions = [list(run) for _, run in groupby(readings, key=lambda capture: capture["content_digest"])]
    taken: set[int] = set()
    placed: list[int] = []
    for number, run in enumerate(versions):
        # Of two versions seen in one second the later one has the higher id: readers order by both.
        together = number > 0 and versions[number - 1][0]["captured_at"] == run[0]["captured_at"]
        lowest = placed[-1] if together else 0
        free = [id_ for id_ in {capture["snapshot_id"] for capture in run} - taken if id_ > lowest]
        placed.append(_hold(conn, run, min(free, default=None)))
        taken.add(placed[-1])
    outcomes = _outcomes(captures, versions)
    conn.executemany(
        "UPDATE capture SET outcome = ? WHERE id = ?",
        [(outcome, id_) for id_, before, outcome in outcomes if before != outcome],
    )
    conn.execute(
        "DELETE FROM snapshot WHERE article_id = ? AND id NOT IN (SELECT snapshot_id FROM capture"
        " WHERE article_id = ? AND snapshot_id IS NOT NULL)",
        (article_id, article_id),
    )
    _know(conn, article_id, captures, readings, placed[-1] if placed else None)


def _hold(conn: sqlite3.Connection, run: Sequence[sqlite3.Row], snapshot_id: int | None) -> int:
    """Makes a snapshot (None: a new one) that of a run of captures, with what its first capture read."""
    first, last = run[0], run[-1]
    extent = (first["captured_at"], last["captured_at"], first["url"], first["payload_digest"])
    if snapshot_id is None:
        snapshot_id = conn.execute(
            f"INSERT INTO snapshot (article_id, captured_at, last_seen_at, url, payload_digest, {READ})"
            f" SELECT article_id, ?, ?, ?, ?, {READ} FROM snapshot WHERE id = ?",
            (*extent, first["snapshot_id"]),
        ).lastrowid
        assert snapshot_id is not None
    else:
        if snapshot_id != first["snapshot_id"]:
            conn.execute(
                f"UPDATE snapshot SET ({READ}) = (SELECT {READ} FROM snapshot WHERE id = ?) WHERE id = ?",
                (first["snapshot_id"], snapshot_id),
            )
        conn.execute(
            "UPDATE snapshot SET captured_at = ?, last_seen_at = ?, url = ?, payload_digest = ? WHERE id = ?",
            (*extent, snapshot_id),
        )
    conn.executemany(
        "UPDATE capture SET snapshot_id = ? WHERE id = ?",
        [(snapshot_id, capture["id"]) for capture in run if capture["snapshot_id"] != snapshot_id],
    )
    return snapshot_id


def _outcomes(
    captures: Iterable[sqlite3.Row], versions: Sequence[Sequence[sqlite3.Row]]
) -> Iterable[tuple[int, str, str]]:
    """(capture id, outcome as held, outcome in the order of time)."""
    first_of_version = {run[0]["id"]: "changed" if number else "new" for number, run in enumerate(versions)}
    known = False
    for capture in captures:
        if capture["snapshot_id"] is not None:
            known = True
            outcome = first_of_version.get(capture["id"], "revisit")
        else:
            outcome = "gone" if capture["withdrawn"] and known else "failed"
        yield capture["id"], capture["outcome"], outcome


def _know(
    conn: sqlite3.Connection,
    article_id: int,
    captures: Sequence[sqlite3.Row],
    readings: Sequence[sqlite3.Row],
    latest: int | None,
) -> None:
    """The article's row says what its latest reading said, and whether it was withdrawn since."""
    # Its addresses may lead to another article, whose the look is then.
    led = conn.execute(
        "SELECT max(captured_at) FROM capture WHERE kind = 'article' AND url IN (SELECT url FROM address WHERE article_id = ?)",
        (article_id,),
    ).fetchone()[0]
    checked = max((at for at in (led, captures[-1]["captured_at"] if captures else None) if at), default=None)
    last_seen = readings[-1]["captured_at"] if readings else ""
    gone = [c["captured_at"] for c in captures if c["withdrawn"] and c["captured_at"] > last_seen]
    conn.execute(
        "UPDATE article SET checked_at = ?, gone_since = ? WHERE id = ?",
        (checked, min(gone, default=None), article_id),
    )
    if readings:
        conn.execute(
            "UPDATE article SET (title, published) = (SELECT title, published FROM snapshot WHERE id = ?), last_seen_at = ?,"
            " kind = 'article' WHERE id = ?",
            (latest, last_seen, article_id),
        )
