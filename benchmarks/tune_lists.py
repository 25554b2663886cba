"""Fits the points by which a page's own list is chosen ([list] in newsspider/reading/weights.toml), each host left out in turn.

    python benchmarks/tune_lists.py             # how many lists are chosen rightly with today's points, and with fitted ones
    python benchmarks/tune_lists.py --write     # keep the fitted ones
    python benchmarks/tune_lists.py --worst 20  # the pages whose list is chosen most wrongly when their host was not learned from

Needs scipy, as benchmarks/tune.py does; pages lie in $NEWSSPIDER_SHARED, in ``pages`` and ``field``. A row of the table in
``[list.by_hand]`` keeps its points.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import numpy
import weights
from scipy.optimize import minimize

from newsspider import PageError, cms
from newsspider.cms import listing
from newsspider.reading import choice, lists

SHARED = Path(os.environ.get("NEWSSPIDER_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SPREAD = 0.5  # how freely points are fitted: the variance that they are thought to have
SCALE = 10  # points are tenths of a logit
NO_LIST = 0.2  # what a page weighs that has no list of its own, beside one that has
RIGHT = 0.9  # F1 of links of a candidate that is the page's list


@dataclass
class Labelled:
    name: str
    host: str
    holds: numpy.ndarray  # a row a candidate, a column a row of the table; the first candidate is none
    right: numpy.ndarray  # which candidates are the page's list


def labelled(shared: Path) -> Iterator[Labelled]:
    for folder in ("pages", "field"):
        for line in (shared / folder / "pages.jsonl").open(encoding="utf-8"):
            record = json.loads(line)
            truth = record.get("truth") or {}
            its = truth.get("items") or []
            if record["kind"] not in ("article", "page", "listing") or (record["kind"] == "listing" and not its):
                continue
            payload = (shared / folder / "html" / f"{record['id']}.html").read_bytes()
            url = record["url"] or "https://news.example.edu.cn/" + record["origin"].split(":", 1)[1]
            try:
                page = cms.opened(payload, url)
                follows, every = listing.looked_at(page)
                found = lists.described(every, listing.around(page, every, follows))
            except PageError:
                continue
            want = {_bare(urljoin(url, it.get("href") or it.get("url"))) for it in its}
            likeness = numpy.array([0.0, *(_f1(want, it) for it in found)])
            best = likeness.max()
            right = rightly(likeness, found)
            if record["kind"] == "listing" and best < 0.3:
                print(f"no candidate is the list of {folder}/{record['id']}: {best:.2f}")
                continue
            holds = numpy.array(
                [[0.0] * len(lists.TABLE), *([float(row.holds(it)) for row in lists.TABLE] for it in found)]
            )
            host = urlsplit(url).netloc if record["url"] else record["origin"].split("@")[0]
            yield Labelled(f"{folder}/{record['id']}", host, holds, right)


def _bare(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")


def _f1(want: set[str], it: lists.Repeated) -> float:
    got = {_bare(row.main.url) for row in it.value}
    return 2 * len(want & got) / max(1, len(want) + len(got))


def rightly(likeness: numpy.ndarray, found: list[lists.Repeated]) -> numpy.ndarray:
    """Which candidates are the page's list, the first being none: those with its links and, among them, most of the dates."""
    if likeness.max() < 0.3:
        return numpy.arange(len(likeness)) == 0
    dated = numpy.where(likeness >= RIGHT * likeness.max(), [0, *(it.dated for it in found)], -1)
    return (dated >= 0) & (dated >= RIGHT * dated.max())


def weight(page: Labelled) -> float:
    return NO_LIST if page.right[0] else 1.0


def fit(pages: list[Labelled], by_hand: numpy.ndarray) -> numpy.ndarray:
    """Points that make the right lists likeliest among the candidates of their pages."""
    free = numpy.isnan(by_hand)
    most = max(len(page.holds) for page in pages)
    holds = numpy.array([numpy.pad(page.holds, ((0, most - len(page.holds)), (0, 0))) for page in pages])
    right = numpy.array([numpy.pad(page.right, (0, most - len(page.right))) for page in pages])
    none = numpy.array([numpy.arange(most) >= len(page.holds) for page in pages])
    weights = numpy.array([weight(page) for page in pages])

    def loss(given: numpy.ndarray) -> tuple[float, numpy.ndarray]:
        points = by_hand.copy()
        points[free] = given
        of = numpy.where(none, -1e9, holds @ points)
        every = numpy.exp(of - of.max(axis=1, keepdims=True))
        every /= every.sum(axis=1, keepdims=True)
        share = (every * right).sum(axis=1)
        wrong = (every - every * right / share[:, None]) * weights[:, None]
        slope = numpy.einsum("pc,pck->k", wrong, holds)[free]
        return -(weights * numpy.log(share)).sum() + (given**2).sum() / (2 * SPREAD * SCALE), slope + given / (
            SPREAD * SCALE
        )

    points = by_hand.copy()
    points[free] = minimize(loss, numpy.zeros(free.sum()), jac=True, method="L-BFGS-B").x
    return points


def is_right(page: Labelled, points: numpy.ndarray) -> bool:
    return bool(page.right[int((page.holds @ points).argmax())])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="keep the fitted points")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name N pages")
    args = parser.parse_args()
    pages = list(labelled(SHARED))
    written = tomllib.loads(weights.WEIGHTS.read_text(encoding="utf-8")).get("list", {})
    hand = written.get("by_hand", {})
    by_hand = numpy.array([float(hand.get(row.name, "nan")) / SCALE for row in lists.TABLE])
    apart = {}
    for host in sorted({page.host for page in pages}):
        points = fit([page for page in pages if page.host != host], by_hand)
        apart |= {page.name: is_right(page, points) for page in pages if page.host == host}
    points = fit(pages, by_hand)
    known = choice.weights().get("list", {})
    today = numpy.array([known.get(row.name, 0.0) for row in lists.TABLE])
    for kind in (False, True):
        its = [page for page in pages if bool(page.right[0]) == kind]
        shares = [
            sum(apart[page.name] for page in its),
            *(sum(is_right(page, by) for page in its) for by in (points, today)),
        ]
        print(
            f"{'no list' if kind else 'lists':8} n={len(its)}: hosts left out, fitted, today",
            [round(n / max(1, len(its)), 4) for n in shares],
        )
    for row, value in zip(lists.TABLE, points, strict=True):
        print(f"{value * SCALE:7.1f}  {row.name}")
    for page in [page for page in pages if not apart[page.name] and not page.right[0]][: args.worst]:
        print(page.name)
    if args.write:
        its = zip(lists.TABLE, points, strict=True)
        weights.keep({"list": {row.name: round(value * SCALE) for row, value in its if row.name not in hand}})


if __name__ == "__main__":
    main()
