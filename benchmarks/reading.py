"""How many pages a second are read on one core, everything extracted, and how right: the scores that may only rise.

    python benchmarks/reading.py                # speed over the pages at hand, and every score beside the one pinned
    python benchmarks/reading.py --pin          # keep the scores that rose, in benchmarks/quality.json

The pages and their scorer lie outside the project, in $NEWSSPIDER_SHARED (default: ../shared beside the repository). Speed is counted in
processor time: the best of three rounds over the articles and over the listings, and what a new process needs to load the readers and read
each page once. Exit code 1 where a score is below the pinned one.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import newsspider

SHARED = Path(os.environ.get("NEWSSPIDER_SHARED", Path(__file__).resolve().parents[2] / "shared"))
PINNED = Path(__file__).parent / "quality.json"
LOWER_IS_BETTER = ("crashed", "date invented", "date wrong", "views invented")


def scores(shared: Path) -> dict[str, float]:
    """The figures of the scorer, without its speed."""
    command = [sys.executable, str(shared / "score_extraction.py"), "--json"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1]).stdout
    return {name: value for name, (value, _) in json.loads(printed).items() if name != "pages per second"}


def fallen(now: dict[str, float], pinned: dict[str, float]) -> dict[str, tuple[float, float]]:
    """The figures that are worse than the pinned ones, as (now, pinned)."""
    worse = {}
    for name in pinned.keys() | (now.keys() & set(LOWER_IS_BETTER)):
        lower = name in LOWER_IS_BETTER
        mine, floor = now.get(name, 0.0), pinned.get(name, 0.0)
        if (mine > floor) if lower else (mine < floor):
            worse[name] = mine, floor
    return worse


def speed(shared: Path) -> dict[str, float]:
    """Pages a second of processor time, by what is read."""
    best: dict[str, float] = {}
    work = pages_of(shared)
    for kind, pages in work.items():
        for _ in range(4):  # the first round warms up
            start = time.process_time()
            read(kind, pages)
            best[kind] = max(best.get(kind, 0.0), len(pages) / (time.process_time() - start))
    total = sum(map(len, work.values()))
    best["all"] = total / sum(len(pages) / best[kind] for kind, pages in work.items())
    once = subprocess.run([sys.executable, __file__, "--once"], check=True, capture_output=True, text=True)
    best["all, once"] = float(once.stdout)
    return best


def once(shared: Path) -> float:
    """Pages a second of processor time in a new process, which loads the readers and reads each page once."""
    work = pages_of(shared)
    start = time.process_time()
    for kind, pages in work.items():
        read(kind, pages)
    return sum(map(len, work.values())) / (time.process_time() - start)


def read(kind: str, pages: list[tuple[bytes, str]]) -> None:
    reader = newsspider.read_listing if kind == "listings" else newsspider.read_article
    for payload, url in pages:
        with contextlib.suppress(newsspider.PageError):
            reader(payload, url)


def pages_of(shared: Path) -> dict[str, list[tuple[bytes, str]]]:
    """The pages and their addresses, by what is read from them."""
    records = [json.loads(line) for line in (shared / "pages" / "pages.jsonl").open(encoding="utf-8")]
    work: dict[str, list[tuple[bytes, str]]] = {"articles": [], "listings": []}
    for record in records:
        payload = (shared / "pages" / "html" / f"{record['id']}.html").read_bytes()
        kind = "listings" if record["kind"] in ("listing", "index") else "articles"
        work[kind].append(
            (payload, record["url"] or "https://news.example.edu.cn/" + record["origin"].split(":", 1)[1])
        )
    return work


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pin", action="store_true", help="write the scores to benchmarks/quality.json")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.once:
        print(once(SHARED))
        return 0
    if not (SHARED / "pages").is_dir():
        print(f"no pages at {SHARED / 'pages'}: set NEWSSPIDER_SHARED to the folder that holds them", file=sys.stderr)
        return 2
    for kind, rate in speed(SHARED).items():
        print(f"{kind:22} {rate:8.1f} pages/s")
    now, pinned = scores(SHARED), json.loads(PINNED.read_text(encoding="utf-8")) if PINNED.exists() else {}
    for name, value in now.items():
        print(f"{name:22} {value:8.4f}  pinned {pinned.get(name)}")
    worse = fallen(now, pinned)
    for name, (mine, floor) in worse.items():
        print(f"fell: {name} {mine} (pinned {floor})", file=sys.stderr)
    if args.pin and not worse:
        PINNED.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
