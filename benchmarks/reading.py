"""How many pages a second are read on one core, everything extracted, and how right: the scores that may only rise.

    python benchmarks/reading.py                # speed over the pages at hand, and every score beside the one pinned
    python benchmarks/reading.py --pin          # keep the scores that rose, in benchmarks/quality.json

The pages and their scorer lie outside the project, in $NEWSSPIDER_SHARED (default: ../shared beside the repository). Speed is counted in
processor time, the best of three rounds. Exit code 1 where a score is below the pinned one.
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
    records = [json.loads(line) for line in (shared / "pages" / "pages.jsonl").open(encoding="utf-8")]
    work: dict[str, list[tuple[bytes, str]]] = {"articles": [], "listings": []}
    for record in records:
        payload = (shared / "pages" / "html" / f"{record['id']}.html").read_bytes()
        kind = "listings" if record["kind"] in ("listing", "index") else "articles"
        work[kind].append(
            (payload, record["url"] or "https://news.example.edu.cn/" + record["origin"].split(":", 1)[1])
        )
    best: dict[str, float] = {}
    for kind, pages in work.items():
        reader = newsspider.read_listing if kind == "listings" else newsspider.read_article
        for _ in range(4):  # the first round warms up
            start = time.process_time()
            for payload, url in pages:
                with contextlib.suppress(newsspider.PageError):
                    reader(payload, url)
            best[kind] = max(best.get(kind, 0.0), len(pages) / (time.process_time() - start))
    total = sum(map(len, work.values()))
    best["all"] = total / sum(len(pages) / best[kind] for kind, pages in work.items())
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pin", action="store_true", help="write the scores to benchmarks/quality.json")
    args = parser.parse_args()
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
