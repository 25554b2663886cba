"""What a reader of `newsspider serve` waits for: every stored question, and the page of every table and view, slowest first.

    python benchmarks/answers.py [--articles 3000] [--readings 100]
    python benchmarks/answers.py --articles 300000 --kept big/archive.db     # 30 million readings, made once and asked again

Articles of three years, each read at intervals that grow with its age, ``--readings`` times on average; every hundredth count is reset
once. To each a text, fetches, a file and an address; every twentieth is edited, every hundredth withdrawn, every fiftieth fetch fails.
The readings and their derived rows are written by SQL, in the order of the table: what the writers would write, in a fraction of the
time. Milliseconds of processor time for a whole page as Datasette makes it, the better of two. The file is deleted at the end, unless
it is ``--kept``.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sqlite3
import tempfile
import time
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import search
import series

from newsspider.archive import Archive, derived
from newsspider.serve import app, metadata

TOGETHER = 5000  # articles in a transaction
POLL = 6 * 3600  # seconds from a run to the next

ARTICLES = """
WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < :articles),
born AS (SELECT id, :start + :span * id / (:articles + 1) AS at, 'site-' || (id % :sites) AS site FROM n)
INSERT INTO article (id, site, url, native_id, published, counter, counter_family, counter_owner, counter_key, first_seen_at)
SELECT id, site, 'https://' || site || '.example/info/1001/' || id || '.htm', 'vsb:' || site || ':' || id,
       strftime('%Y-%m-%dT%H:%M', at, 'unixepoch'), 'https://' || site || '.example/counter?clickid=' || id, 'vsb', site, id,
       strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch')
FROM born
"""
RUNS = """
WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id <= :span / :poll)
INSERT INTO crawl (id, kind, started_at, version)
SELECT id, 'poll', strftime('%Y-%m-%dT%H:%M:%SZ', :start + (id - 1) * :poll, 'unixepoch'), '' FROM n
"""
# A count nears its total as the article ages, and has a view a day after that: none stands still. The dice are the article's number.
READINGS = """
INSERT INTO view_observation
SELECT id, at, CASE WHEN id % 100 = 0 AND age > 40 * 86400 THEN views / 10 ELSE views END, 0, (at - :start) / :poll + 1, NULL
FROM (
    SELECT a.id, a.born + g.age + (a.id * 7919 + g.age) % 600 AS at, g.age,
           (50 + a.id * 7919 % 2000) * g.age / (g.age + 172800) + g.age / 86400 AS views
    FROM (SELECT id, CAST(strftime('%s', published) AS INTEGER) AS born FROM article ORDER BY id) a CROSS JOIN temp.age g
    WHERE a.born + g.age < :end - 600
)
"""
LAST = """
UPDATE article SET (views, observed_at, checked_at, last_seen_at) = (
    SELECT views, strftime('%Y-%m-%dT%H:%M:%SZ', observed_at, 'unixepoch'), strftime('%Y-%m-%dT%H:%M:%SZ', observed_at, 'unixepoch'),
           strftime('%Y-%m-%dT%H:%M:%SZ', observed_at, 'unixepoch')
    FROM view_observation WHERE article_id = id ORDER BY observed_at DESC LIMIT 1)
"""
COUNTING = """
INSERT INTO counting
SELECT id, strftime('%s', observed_at) + 0, strftime('%s', observed_at) + 86400, 0.1, 0, 0, strftime('%s', published) + 0, NULL
FROM article WHERE observed_at IS NOT NULL
"""
EPOCHS = """
INSERT INTO count_epoch
SELECT a.id, 0, NULL, strftime('%Y-%m-%dT%H:%M:%SZ', o.first, 'unixepoch'), a.observed_at, f.views, a.views, o.readings, a.views - f.views,
       strftime('%Y-%m-%dT%H:%M:%SZ', s.at, 'unixepoch'), s.times, 1
FROM article a
JOIN (SELECT article_id, min(observed_at) AS first, count(*) AS readings FROM view_observation GROUP BY 1) o ON o.article_id = a.id
JOIN view_observation f ON f.article_id = a.id AND f.observed_at = o.first
JOIN (SELECT v.article_id, min(v.observed_at) AS at, count(*) AS times FROM article l JOIN view_observation v ON v.article_id = l.id
      AND v.views = l.views GROUP BY 1) s ON s.article_id = a.id
WHERE a.id % 100 <> 0
"""


def fill(archive: Archive, articles: int, readings: int) -> int:
    """Articles with their counts; returns how many readings there are."""
    conn = archive.conn
    sites = min(100, max(3, articles // 3000))
    told = {
        "articles": articles,
        "sites": sites,
        "poll": POLL,
        "span": series.SPAN,
        "start": series.NOW - series.SPAN,
        "end": series.NOW,
    }
    triggers = conn.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'view_observation'"
    ).fetchall()
    with archive.transaction():
        for name, _ in triggers:
            conn.execute(f"DROP TRIGGER {name}")
        conn.executemany(
            "INSERT INTO site (name, timezone) VALUES (?,'Asia/Shanghai')", [(f"site-{n}",) for n in range(sites)]
        )
        conn.execute("CREATE TEMP TABLE age (age INTEGER PRIMARY KEY)")
        conn.executemany("INSERT INTO temp.age VALUES (?)", [(age,) for age in ages(readings)])
        for sql in (ARTICLES, RUNS, READINGS, LAST, COUNTING, EPOCHS):
            conn.execute(sql, told)
        conn.execute(f"INSERT INTO reading_tally {derived.TALLY}")
        conn.execute("INSERT INTO count_due SELECT id FROM article WHERE id % 100 = 0 AND observed_at IS NOT NULL")
        for _, sql in triggers:
            conn.execute(sql)
    return conn.execute("SELECT count(*) FROM view_observation").fetchone()[0]


def ages(readings: int) -> list[int]:
    """Ages in seconds at which each article is read, so that articles of all ages have so many readings on average."""
    often = readings / 35
    while True:
        found = list(series.ages(random.Random(3), series.SPAN, often))
        average = sum(series.SPAN - age for age in found) / series.SPAN
        if abs(average - readings) <= 0.02 * readings:
            return found
        often *= readings / average


def add_pages(archive: Archive, articles: int, characters: int) -> None:
    """What a crawl holds of each article beside its counts."""
    bodies = search.texts(articles, characters)
    conn = archive.conn
    for start in range(1, articles + 1, TOGETHER):
        with archive.transaction():
            for id_, body in enumerate(islice(bodies, TOGETHER), start):
                add_page(conn, id_, body)


def add_page(conn: sqlite3.Connection, id_: int, body: str) -> None:
    url, site, met, last = conn.execute(
        "SELECT url, site, first_seen_at, coalesce(last_seen_at, first_seen_at) FROM article WHERE id = ?", (id_,)
    ).fetchone()
    run = (int(datetime.fromisoformat(met).timestamp()) - series.NOW + series.SPAN) // POLL + 1
    gone = last if id_ % 100 == 0 else None
    for number, text in enumerate([body, body + "\n更正：见上。"] if id_ % 20 == 0 else [body]):
        made = conn.execute(
            "INSERT INTO snapshot (article_id, captured_at, last_seen_at, url, title, published, body, content_digest, parser)"
            " VALUES (?,?,?,?,?,?,?,?,'0.1.0/vsb')",
            (id_, last if number else met, last, url, text[:20], met[:16], text, f"sha256:{id_}-{number}"),
        )
        add_capture(conn, run, id_, url, last if number else met, made.lastrowid, "changed" if number else "new")
    add_capture(conn, run, id_, url, last, None if gone else made.lastrowid, "gone" if gone else "revisit")
    if id_ % 50 == 0:
        add_capture(conn, run, None, url, met, None, "failed")
    conn.execute("UPDATE article SET title = ?, gone_since = ? WHERE id = ?", (body[:20], gone, id_))
    conn.execute(
        "INSERT INTO address (url, listing, article_id, first_seen_at, last_seen_at, key) VALUES (?,?,?,?,?,?)",
        (url, f"https://{site}.example/index.htm", id_, met, last, url),
    )
    conn.execute(
        "INSERT INTO attachment (article_id, url, kind, title, first_seen_at, last_seen_at) VALUES (?,?,'image','图',?,?)",
        (id_, f"{url}.jpg", met, last),
    )


def add_capture(
    conn: sqlite3.Connection, run: int, article_id: int | None, url: str, at: str, version: int | None, outcome: str
) -> None:
    status, error = {"failed": (503, "HTTP 503"), "gone": (404, "HTTP 404")}.get(outcome, (200, None))
    conn.execute(
        "INSERT INTO capture (crawl_id, kind, url, captured_at, article_id, snapshot_id, status, outcome, error)"
        " VALUES (?,'article',?,?,?,?,?,?,?)",
        (run, url, at, article_id, version, status, outcome, error),
    )


def pages(path: Path) -> list[tuple[str, str]]:
    """(name, address) of every page that is asked for."""
    name = path.stem
    with Archive(path) as held:
        shown = metadata.metadata(path, held.conn)["databases"][name]["tables"]
        newest = held.rows("SELECT max(id) AS id FROM article")[0]["id"]
    return [
        *(("front page", "/"), ("the list of tables", f"/{name}")),
        *((f"question {question}", f"/{name}/{question}") for question in metadata.words("questions")),
        *((f"page of {table}", f"/{name}/{table}") for table, about in shown.items() if not about.get("hidden")),
        *((f"search {word}", f"/search?q={word}") for word in ("招生", "科研团队", "招生 OR 就业 NOT 会议")),
        *(("latest_text, 招生", f"/{name}/latest_text?_search=招生"), ("feed", "/feed.atom")),
        *(("an article", f"/article/{newest}"), ("the longest series", "/article/1"), ("a version", "/article/20/version/2")),
        *((f"one article's {view}", f"/{name}/{view}?article_id=1") for view in ("views_over_time", "reading")),
    ]  # fmt: skip


async def ask(served: Any, address: str) -> tuple[float, str]:
    """Milliseconds, and what is wrong with the answer."""
    best, wrong = float("inf"), ""
    for _ in range(2):
        begun = time.process_time()
        answer = await served.client.get(address, follow_redirects=True)
        best = min(best, time.process_time() - begun)
        if answer.status_code != 200:
            wrong = f"status {answer.status_code}"
        elif "timed out" in answer.text:
            wrong = "a facet timed out"
    return best * 1000, wrong


async def measure(path: Path) -> None:
    served = app.of(path)
    found = [(*await ask(served, address), name) for name, address in pages(path)]
    for milliseconds, wrong, name in sorted(found, reverse=True):
        print(f"{milliseconds:9.1f} ms  {name}{'  ' + wrong if wrong else ''}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--readings", type=int, default=100)
    parser.add_argument("--characters", type=int, default=100, help="of each text")
    parser.add_argument("--kept", type=Path, help="asked where it is there, else made here, and left")
    args = parser.parse_args()
    logging.disable()
    with tempfile.TemporaryDirectory() as folder:
        path = args.kept or Path(folder) / "archive.db"
        if not path.exists():
            begun = time.process_time()
            with Archive(path, write=True) as archive:
                stored = fill(archive, args.articles, args.readings)
                add_pages(archive, args.articles, args.characters)
            print(f"{args.articles:,} articles, {stored:,} readings, made in {time.process_time() - begun:.0f} s")
        print(f"{path.stat().st_size / 1e6:,.0f} MB")
        asyncio.run(measure(path))


if __name__ == "__main__":
    main()
