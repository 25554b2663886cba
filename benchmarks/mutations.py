"""Damaged pages: does reading them ever end in anything but a record or a PageError, or take longer than a second?

    python benchmarks/mutations.py [--pages DIR] [--count 10000]

Takes the pages of DIR (default: $NEWSSPIDER_SHARED/pages, else ../shared/pages), damages them in the ways that networks,
disks and bad software do, and reads each both as an article and as a listing. Prints what came of it; exit code 1 where a page
crashed a reader or took more than a second.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import sys
import time
import traceback
from pathlib import Path

import newsspider

SHARED = Path(os.environ.get("NEWSSPIDER_SHARED", Path(__file__).resolve().parents[2] / "shared"))
URL = "https://news.example.edu.cn/info/1001/2002.htm"


def truncated(page: bytes, other: bytes, chance: random.Random) -> bytes:
    return page[: chance.randrange(len(page) + 1)]


def spliced(page: bytes, other: bytes, chance: random.Random) -> bytes:
    return page[: chance.randrange(len(page) + 1)] + other[chance.randrange(len(other) + 1) :]


def flipped(page: bytes, other: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(page)
    for _ in range(chance.choice((1, 20, 500))):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def nested(page: bytes, other: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(page))
    tag = chance.choice(
        (b"<div>", b"<p>", b"<span>", b"<a href=x>", b"<table><tr><td>", b"<font>", b"<ul><li>", b"<b><i>")
    )
    return page[:at] + tag * 5000 + page[at:]


def without_tags_closed(page: bytes, other: bytes, chance: random.Random) -> bytes:
    return page.replace(b"</", b"<", chance.choice((-1, 5, 50)))


def with_nuls(page: bytes, other: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(page))
    return page[:at] + b"\0" * chance.choice((1, 1000)) + page[at:]


def recoded(page: bytes, other: bytes, chance: random.Random) -> bytes:
    return page.decode("utf-8", "replace").encode(chance.choice(("gb18030", "utf-16", "cp949", "big5")), "replace")


def repeated(page: bytes, other: bytes, chance: random.Random) -> bytes:
    at, size = chance.randrange(len(page)), chance.randrange(1, 400)
    return page[:at] + page[at : at + size] * chance.choice((2, 100, 2000)) + page[at:]


def huge(page: bytes, other: bytes, chance: random.Random) -> bytes:
    return page * (20_000_000 // max(1, len(page)) + 1)


DAMAGES = (truncated, spliced, flipped, nested, without_tags_closed, with_nuls, recoded, repeated)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=SHARED / "pages")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    pages = [path.read_bytes() for path in sorted((args.pages / "html").glob("*.html"))]
    outcomes: collections.Counter[str] = collections.Counter()
    failures, slowest = 0, 0.0
    for number in range(args.count):
        chance = random.Random(args.seed * 1_000_003 + number)
        damage = huge if number % 2000 == 1999 else chance.choice(DAMAGES)
        payload = damage(chance.choice(pages), chance.choice(pages), chance)
        for reader in (newsspider.read_article, newsspider.read_listing):
            start = time.process_time()
            try:
                reader(payload, URL)
                outcomes[f"{reader.__name__}: read"] += 1
            except newsspider.PageError as error:
                outcomes[f"{reader.__name__}: {error.kind}"] += 1
            except Exception:  # noqa: BLE001, what is looked for
                failures += 1
                print(f"{damage.__name__} {number} crashed {reader.__name__}", file=sys.stderr)
                traceback.print_exc(limit=-3)
            spent = time.process_time() - start
            slowest = max(slowest, spent)
            if spent > 1:
                failures += 1
                print(f"{damage.__name__} {number} took {reader.__name__} {spent:.1f} s", file=sys.stderr)
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:7} {outcome}")
    print(f"slowest {slowest:.2f} s, {failures} failures in {args.count} pages")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
