"""The search index of many articles: its size, how fast it is built, and the time to the first 20 hits.

    python benchmarks/search.py [--documents 200000] [--characters 1150]

Invented Chinese text: words of two to four characters, few of them common, as a language has them. The file is deleted at the end.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from newsspider.archive import Archive, derived, search
from newsspider.archive.search import Sort

QUERIES: tuple[tuple[str, Sort], ...] = (
    ("招生", "date"),
    ("奖", "date"),
    ("学生", "date"),
    ("学生", "views"),
    ("学生", "relevance"),
    ("科研团队", "date"),
    ("招生 OR 就业 NOT 会议", "date"),
    ("2026", "date"),
    ("没有这样一个词", "date"),
)
KNOWN = "学生 学校 工作 教育 会议 就业 招生 科研团队 获奖 2026 AI人才 图书馆".split()


def texts(documents: int, characters: int) -> Iterator[str]:
    dice = random.Random(7)
    common = [chr(0x4E00 + dice.randrange(6000)) for _ in range(2500)]
    words = KNOWN + ["".join(dice.choices(common, k=dice.choice((2, 2, 2, 3, 4)))) for _ in range(40_000)]
    weights = [1 / (place + 300) for place in range(len(words))]
    pool = dice.choices(words, weights, k=1_000_000)
    each = characters * 10 // 27  # words, with their punctuation
    for _ in range(documents):
        start = dice.randrange(len(pool) - each)
        piece = pool[start : start + each]
        yield "\n".join(
            "，".join("".join(piece[at : at + 5]) for at in range(p, p + 40, 5)) + "。" for p in range(0, each, 40)
        )


def fill(archive: Archive, documents: int, characters: int) -> None:
    conn = archive.conn
    conn.execute("BEGIN")
    conn.execute("INSERT INTO site (name, timezone) VALUES ('s', 'Asia/Shanghai')")
    for id_, body in enumerate(texts(documents, characters), 1):
        at = f"20{10 + id_ * 16 // documents}-{id_ % 12 + 1:02}-{id_ % 28 + 1:02}"
        conn.execute(
            "INSERT INTO article (id, site, url, title, published, views, first_seen_at) VALUES (?,'s',?,?,?,?,'')",
            (id_, f"http://s.test/{id_}", body[:20], at, id_ * 7919 % 10_000),
        )
        conn.execute(
            "INSERT INTO snapshot (article_id, captured_at, last_seen_at, url, title, published, body, content_digest, parser)"
            " VALUES (?,?,?,'',?,?,?,'','')",
            (id_, at, at, body[:20], at, body),
        )
    conn.execute("COMMIT")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--characters", type=int, default=1_150)
    parser.add_argument("--folder", type=Path, help="where the file is made (default: the system's temporary folder)")
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=args.folder) as folder,
        Archive(Path(folder) / "archive.db", write=True) as archive,
    ):
        fill(archive, args.documents, args.characters)
        before = pages(archive)
        begun = time.process_time()
        derived.fill(archive.conn, archive.sealed, lambda *_: None)
        seconds = time.process_time() - begun
        grown = pages(archive) - before
        print(f"{args.documents:,} documents: {args.documents / seconds:,.0f} a second into the index,", end=" ")
        print(f"{grown / args.documents / 1000:.2f} KB a document, {grown / before:.0%} of the file without it")
        for query, sort in QUERIES:
            begun = time.process_time()
            found = search.find(archive, query, sort=sort)
            print(f"{(time.process_time() - begun) * 1000:8.1f} ms  {found.total:>8,} hits  {query}  ({sort})")


def pages(archive: Archive) -> int:
    count, free, size = (
        archive.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return (count - free) * size


if __name__ == "__main__":
    main()
