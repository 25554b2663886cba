"""Fits the points of newsspider/reading/weights.toml on pages whose truth a person checked, hosts left out in turn.

    python benchmarks/tune.py                       # how right each field is with today's points, and with fitted ones; writes nothing
    python benchmarks/tune.py published --write     # keep the fitted ones of a field
    python benchmarks/tune.py verdict --worst 20    # the pages that are judged most wrongly when their host was not learned from

Needs scikit-learn's fellow scipy (``pip install scipy``), which newsspider itself does not. Pages lie in $NEWSSPIDER_SHARED (default:
../shared beside the repository), in ``pages``, ``field`` and ``outside``. A row whose points a person set, in ``[FIELD.by_hand]``,
keeps them; a row that no page bears out is named, so that it can go.

Every field is fitted alike: the candidates of a page have points, and having none of them has zero; the points are those that make
the right answers likeliest. The verdict has one candidate, that the page is a text of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import os
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy
import weights
from scipy.optimize import minimize

from newsspider import PageError, cms
from newsspider.reading import byline, choice, published, title, verdict

SHARED = Path(os.environ.get("NEWSSPIDER_SHARED", Path(__file__).resolve().parents[2] / "shared"))
TABLES: dict[str, Sequence[Any]] = {
    "verdict": verdict.TABLE,
    "published": published.TABLE,
    "title": title.TABLE,
    "byline": byline.TABLE,
}
NAMED = {"byline": "author"}  # the field of the truth, where the table has another name
TEXTS, LISTS = ("article", "page"), ("listing", "index")
OUTSIDE = {
    "verdict": 0.3,
    "published": 0.5,
    "title": 0.5,
    "byline": 0.5,
}  # what a page of the wide web weighs beside one of a university
SPREAD = {
    "verdict": 0.3,
    "published": 4.0,
    "title": 1.0,
    "byline": 4.0,
}  # how freely points are fitted: the variance they are thought to have
SCALE = {"verdict": 10.0, "published": 10.0, "title": 1.0, "byline": 10.0}  # points of a logit
DIGITS = {"verdict": 0, "published": 0, "title": 1, "byline": 0}
FOLDS = 12  # parts of the hosts, each left out in turn


@dataclass
class Page:
    """A page: the signs of each candidate (a row each), and which of them are right."""

    name: str
    kind: str
    host: str
    signs: numpy.ndarray
    right: numpy.ndarray

    @property
    def collection(self) -> str:
        return self.name.partition("/")[0]


def pages(field: str, shared: Path) -> Iterator[Page]:
    name = NAMED.get(field, field)
    for folder in ("pages", "field", "outside"):
        for line in (shared / folder / "pages.jsonl").open(encoding="utf-8"):
            record = json.loads(line)
            kind = record.get("kind", "article")
            truth = record if folder == "outside" else record.get("truth") or {}
            if kind not in ((*TEXTS, *LISTS) if field == "verdict" else TEXTS) or (
                field != "verdict" and name not in truth
            ):
                continue
            path = shared / folder / "html" / f"{record['id']}.html"
            packed = path.with_name(f"{path.name}.gz")
            payload = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
            url = record["url"] or "https://news.example.edu.cn/" + record["origin"].split(":", 1)[1]
            try:
                opened = cms.opened(payload, url)
            except PageError:
                continue
            right, its = [kind in TEXTS], [verdict.Look(value="text", where="page", page=opened)]
            if field != "verdict":
                its = _candidates(name, opened)
                right = [_is_right(field, it.value, truth.get(name) or "") for it in its]
            signs = numpy.array([[row.holds(it) for row in TABLES[field]] for it in its], dtype=float)
            host = urlsplit(url).netloc if record["url"] else record["origin"].split("@")[0]
            if folder == "outside":  # hardly two of one host
                host = record["id"]
            yield Page(
                f"{folder}/{record['id']}",
                kind,
                host,
                signs.reshape(-1, len(TABLES[field])),
                numpy.array(right, dtype=bool),
            )


def _candidates(field: str, page: cms.Page) -> list[Any]:
    """What the reader weighed; where it is sure before, what it had weighed until then."""
    with contextlib.suppress(PageError):
        cms.family_of(page)[0].article(page)
    chosen = page.choices.get(field)
    return [it.candidate for it in chosen.weighed] if chosen else []


def _is_right(field: str, value: str, truth: str) -> bool:
    if field == "published":
        return len(truth) >= 10 and value[:10] == truth[:10]
    return bool(truth) and _letters(value) == _letters(truth)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text)).lower()


def fit(field: str, its: Sequence[Page], by_hand: numpy.ndarray) -> numpy.ndarray:
    """Points that make the right answers likeliest; those that are no NaN in ``by_hand`` stay."""
    free = numpy.isnan(by_hand)
    fixed = numpy.nan_to_num(by_hand / SCALE[field], nan=0.0, neginf=-1e3)
    known = [
        (OUTSIDE[field] if page.collection == "outside" else 1.0, page.signs, page.right)
        for page in its
        if len(page.signs)
    ]

    def loss(points: numpy.ndarray) -> tuple[float, numpy.ndarray]:
        every = fixed.copy()
        every[free] = points
        total, slope = (points**2).sum() / (2 * SPREAD[field]), numpy.zeros(len(every))
        for weight, signs, right in known:
            sums = signs @ every
            likely = numpy.exp(sums - max(0.0, sums.max()))
            likely /= likely.sum() + numpy.exp(-max(0.0, sums.max()))
            wanted, chance = (likely * right, (likely * right).sum()) if right.any() else (0 * likely, 1 - likely.sum())
            total -= weight * numpy.log(max(chance, 1e-12))
            slope -= weight * ((wanted / max(chance, 1e-12) if right.any() else wanted) - likely) @ signs
        return total, slope[free] + points / SPREAD[field]

    points = by_hand.copy()
    found = minimize(loss, numpy.zeros(free.sum()), jac=True, method="L-BFGS-B", options={"maxiter": 100}).x
    points[free] = numpy.round(found * SCALE[field], DIGITS[field])
    return points


def chosen(page: Page, points: numpy.ndarray) -> int | None:
    """Which candidate has most points above zero."""
    if not len(page.signs):
        return None
    sums = [points[signs > 0] @ signs[signs > 0] for signs in page.signs]
    best = int(numpy.argmax(sums))
    return best if sums[best] > 0 else None


def shares(its: Sequence[Page], picks: Sequence[int | None]) -> dict[str, float]:
    """The share of each set's pages of a kind that is judged wrongly: nothing where something is right, or something else."""
    wrong = defaultdict(list)
    for page, pick in zip(its, picks, strict=True):
        there = bool(page.right.any())
        name = f"{page.collection} {page.kind}"
        wrong[f"{name}: missed" if there else f"{name}: given"].append(pick is None if there else pick is not None)
        if there:
            wrong[f"{name}: another"].append(pick is not None and not page.right[pick])
    return {name: sum(values) / len(values) for name, values in sorted(wrong.items())}


def tune(field: str, *, worst: int, keep: bool) -> None:
    table = TABLES[field]
    its = list(pages(field, SHARED))
    written = tomllib.loads(weights.WEIGHTS.read_text(encoding="utf-8")).get(field, {})
    hand = {name: float("-inf") if value == "veto" else value for name, value in written.get("by_hand", {}).items()}
    by_hand = numpy.array([float(hand.get(row.name, "nan")) for row in table])
    hosts = Counter(page.host for page in its)
    part = {host: at % FOLDS for at, (host, _) in enumerate(sorted(hosts.items(), key=lambda it: (-it[1], it[0])))}
    apart: dict[str, numpy.ndarray] = {}
    for left_out in range(FOLDS):
        learned = fit(field, [page for page in its if part[page.host] != left_out], by_hand)
        apart |= {page.name: learned for page in its if part[page.host] == left_out}
    points = fit(field, its, by_hand)
    today = numpy.array([choice.weights().get(field, {}).get(row.name, 0.0) for row in table])
    figures = {
        name: shares(its, [chosen(page, of(page)) for page in its])
        for name, of in (
            ("today", lambda _: today),
            ("hosts left out", lambda page: apart[page.name]),
            ("fitted", lambda _: points),
        )
    }
    print(f"{field + ', wrong':28}" + "".join(f"{name:>16}" for name in figures))
    for name in figures["today"]:
        print(f"{name:28}" + "".join(f"{values[name]:16.3f}" for values in figures.values()))
    borne_out = sum(page.signs.sum(axis=0) for page in its)
    for row, value, count in zip(table, points, borne_out, strict=True):
        if not count or not value:
            print(f"carries no page: {row.name}")
    wrong = [page for page in its if (pick := chosen(page, apart[page.name])) is None or not page.right[pick]]
    for page in [page for page in wrong if page.right.any() or chosen(page, apart[page.name]) is not None][:worst]:
        print(f"{page.kind:8} {page.name}")
    if keep:
        weights.keep(
            {field: {row.name: value for row, value in zip(table, points, strict=True) if row.name not in hand}}
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fields", nargs="*", metavar="FIELD", help=f"{', '.join(TABLES)}; default: all")
    parser.add_argument("--write", action="store_true", help="keep the fitted points")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name N pages")
    args = parser.parse_args()
    for field in args.fields or TABLES:
        tune(field, worst=args.worst, keep=args.write)


if __name__ == "__main__":
    main()
