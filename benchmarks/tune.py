"""Fits the points of newsspider/reading/weights.toml on pages whose truth a person checked, each host left out in turn.

    python benchmarks/tune.py             # how right the verdict is with today's points, and with fitted ones; writes nothing
    python benchmarks/tune.py --write     # keep the fitted ones
    python benchmarks/tune.py --worst 20  # the pages that are judged most wrongly when their host was not learned from

Needs scikit-learn's fellow scipy (``pip install scipy``), which newsspider itself does not. Pages lie in $NEWSSPIDER_SHARED (default:
../shared beside the repository), in ``pages``, ``field`` and ``outside``. A row whose points a person set, in ``[verdict.by_hand]``,
keeps them; a row that no page bears out is named, so that it can go.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy
from scipy.optimize import minimize

from newsspider import PageError, cms
from newsspider.reading import choice, verdict

SHARED = Path(os.environ.get("NEWSSPIDER_SHARED", Path(__file__).resolve().parents[2] / "shared"))
WEIGHTS = Path(verdict.__file__).parent / "weights.toml"
TEXTS, LISTS = ("article", "page"), ("listing", "index")
OUTSIDE = 0.3  # what a page of the wide web weighs beside one of a university
SPREAD = 0.3  # how freely points are fitted: the variance that they are thought to have
SCALE = 10  # points are tenths of a logit


@dataclass
class Labelled:
    name: str
    kind: str
    host: str
    holds: list[bool]

    @property
    def is_text(self) -> bool:
        return self.kind in TEXTS


def labelled(shared: Path) -> Iterator[Labelled]:
    for folder in ("pages", "field", "outside"):
        for line in (shared / folder / "pages.jsonl").open(encoding="utf-8"):
            record = json.loads(line)
            kind = record.get("kind", "article")
            if kind not in (*TEXTS, *LISTS):
                continue
            path = shared / folder / "html" / f"{record['id']}.html"
            packed = path.with_name(f"{path.name}.gz")
            payload = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
            url = record["url"] or "https://news.example.edu.cn/" + record["origin"].split(":", 1)[1]
            try:
                look = verdict.Look(value="text", where="page", page=cms.opened(payload, url))
            except PageError:
                continue
            host = urlsplit(url).netloc if record["url"] else record["origin"].split("@")[0]
            if folder == "outside":  # hardly two of one host: a fold each of forty
                host = f"fold {sum(record['id'].encode()) % 40}"
            yield Labelled(f"{folder}/{record['id']}", kind, host, [row.holds(look) for row in verdict.TABLE])


def fit(signs: numpy.ndarray, is_text: numpy.ndarray, weight: numpy.ndarray, by_hand: numpy.ndarray) -> numpy.ndarray:
    """Points that make the labels likeliest; those that are no NaN in ``by_hand`` stay."""
    free = numpy.isnan(by_hand)
    fixed = signs[:, ~free] @ by_hand[~free] / SCALE
    side = numpy.where(is_text, 1.0, -1.0)

    def loss(points: numpy.ndarray) -> tuple[float, numpy.ndarray]:
        margin = (fixed + signs[:, free] @ points) * side
        wrong = 1 / (1 + numpy.exp(margin))
        return (weight * numpy.logaddexp(0, -margin)).sum() + (points**2).sum() / (2 * SPREAD), points / SPREAD - signs[
            :, free
        ].T @ (weight * side * wrong)

    points = by_hand.copy()
    points[free] = numpy.round(minimize(loss, numpy.zeros(free.sum()), jac=True, method="L-BFGS-B").x * SCALE)
    return points


def shares(pages: list[Labelled], points: numpy.ndarray) -> dict[str, float]:
    """The share of each set's pages of a kind that is judged wrongly."""
    wrong = defaultdict(list)
    for page, sum_ in zip(pages, points, strict=True):
        wrong[f"{page.name.split('/')[0]} {page.kind}"].append((sum_ > 0) != page.is_text)
    return {name: sum(its) / len(its) for name, its in sorted(wrong.items())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="keep the fitted points")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name N pages")
    args = parser.parse_args()
    pages = list(labelled(SHARED))
    signs = numpy.array([page.holds for page in pages], dtype=float)
    is_text = numpy.array([page.is_text for page in pages])
    weight = numpy.array([OUTSIDE if page.name.startswith("outside") else 1.0 for page in pages])
    hosts = numpy.array([page.host for page in pages])
    written = tomllib.loads(WEIGHTS.read_text(encoding="utf-8")) if WEIGHTS.exists() else {}
    hand = written.get("verdict", {}).get("by_hand", {})
    by_hand = numpy.array([float(hand.get(row.name, "nan")) for row in verdict.TABLE])
    apart = numpy.zeros(len(pages))
    for host in sorted(set(hosts)):
        rest = hosts != host
        apart[~rest] = signs[~rest] @ fit(signs[rest], is_text[rest], weight[rest], by_hand)
    points = fit(signs, is_text, weight, by_hand)
    figures = {"hosts left out": shares(pages, apart), "fitted": shares(pages, signs @ points)}
    if "verdict" in written:
        known = choice.weights()["verdict"]
        old = signs @ numpy.array([known.get(row.name, 0.0) for row in verdict.TABLE])
        figures = {"today": shares(pages, old), **figures}
    print(f"{'judged wrongly':20}" + "".join(f"{name:>16}" for name in figures))
    for name in next(iter(figures.values())):
        print(f"{name:20}" + "".join(f"{its[name]:16.3f}" for its in figures.values()))
    for row, value, count in zip(verdict.TABLE, points, signs.sum(axis=0), strict=True):
        if not count or not value:
            print(f"carries no page: {row.name}")
    wrong = sorted(
        (-abs(it), it, page.name, page.kind) for it, page in zip(apart, pages, strict=True) if (it > 0) != page.is_text
    )
    for _, it, name, kind in wrong[: args.worst]:
        print(f"{it:+6.0f} {kind:8} {name}")
    if args.write:
        write({row.name: value for row, value in zip(verdict.TABLE, points, strict=True) if row.name not in hand})


def write(points: dict[str, float]) -> None:
    """Puts the points in the place of those in the table [verdict]."""
    text = WEIGHTS.read_text(encoding="utf-8")
    before, _, rest = text.partition("[verdict]\n")
    after = rest[rest.index("\n[") :] if "\n[" in rest else ""
    rows = "".join(f'"{name}" = {value:.0f}\n' for name, value in points.items())
    WEIGHTS.write_text(f"{before}[verdict]\n{rows}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
