"""Fits the points that tell lines of text from others, [body] to [body_ends] of newsspider/reading/weights.toml, on pages whose text a
person checked.

    python benchmarks/tune_body.py             # how right bodies are on hosts left out of the fitting, a fifth of them at a time
    python benchmarks/tune_body.py --write     # fit on all pages, and keep the points

Needs scipy, which newsspider itself does not. Pages lie in $NEWSSPIDER_SHARED (default: ../shared beside the repository), in ``outside``,
``field`` and ``pages``. A line is of the text where the page's true text has it, in its order. The points make these labels likeliest
as a chain (a conditional random field), each wrong line dearer by its length, one that is missing more than one too many.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import numpy
import weights
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from newsspider import PageError, cms
from newsspider.reading import body, choice, heading

SHARED = Path(os.environ.get("NEWSSPIDER_SHARED", Path(__file__).resolve().parents[2] / "shared"))
TABLES = ("body", "body_begins", "body_goes_on", "body_ends")
FOLDS = 5
LONGEST = 1500  # lines of a page that is learned from
TOGETHER = 120  # pages
SCALE = 10  # points are tenths of a logit
UNIVERSITY = 1.5  # what a page of a university weighs beside one of the wide web
MISSING, TOO_MANY = 0.6, 0.2  # what a wrong line of 100 bytes costs, up to 300 bytes
ANCHOR, GRAM = 24, 12  # characters of a line that says where in the text it stands; of a piece of one
ROUNDS = 100


@dataclass
class Labelled:
    name: str
    fold: int
    truth: str
    lines: list[str]
    is_text: list[bool]
    signs: list[list[str]]
    borders: list[list[str]]


def labelled(shared: Path) -> Iterator[Labelled]:
    for folder in ("outside", "field", "pages"):
        for line in (shared / folder / "pages.jsonl").open(encoding="utf-8"):
            record = json.loads(line)
            truth = (record if folder == "outside" else record.get("truth") or {}).get("body")
            path = shared / folder / "html" / f"{record['id']}.html"
            url = record["url"] or "https://news.example.edu.cn/" + record["origin"].split(":", 1)[1]
            host = urlsplit(url).netloc if record["url"] else record["origin"].split("@")[0]
            try:
                payload = path.read_bytes() if path.exists() else gzip.decompress(Path(f"{path}.gz").read_bytes())
                page = cms.opened(payload, url) if truth else None
            except PageError:
                page = None
            if page is None:
                continue
            its = page.blocks.lines
            described = body.Described(page.blocks, heading.declared(page))
            texts = [line.text for line in its]
            if not any(is_text := of_text(texts, truth)[:LONGEST]):
                continue
            yield Labelled(
                name=f"{folder}/{record['id']}",
                fold=int(hashlib.md5(host.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS,
                truth=truth,
                lines=texts,
                is_text=is_text,
                signs=[
                    [*body.words(line.text, line.linked, line.heading, line.element.tag), *body.names("body", place)]
                    for line, place in zip(its, described.places, strict=True)
                ],
                borders=[body.names("body_begins", border) for border in described.borders],
            )


def folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def of_text(lines: Sequence[str], truth: str) -> list[bool]:
    """Which lines the true text has: long ones wherever they are, in the longest order that agrees; others between these."""
    said, texts = folded(truth), [folded(line) for line in lines]
    known = [(at, *span) for at, text in enumerate(texts) if (span := place(text, said))]
    best: list[tuple[int, int]] = []  # the characters that a chain up to here holds, and the one before in it
    for at, (_, first, end) in enumerate(known):
        before = [(best[i][0], i) for i in range(max(0, at - 400), at) if known[i][1] < first]
        held, i = max(before, default=(0, -1))
        best.append((held + end - first, i))
    chain: list[tuple[int, int, int]] = []
    i = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    while i >= 0:
        chain.append(known[i])
        i = best[i][1]
    found = {at for at, _, _ in chain}
    ends = [(-1, 0, 0), *reversed(chain), (len(lines), len(said), len(said))]
    for (above, _, start), (below, end, _) in pairwise(ends):
        found.update(between(texts, range(above + 1, below), said[start:end], upward=above < 0))
    return [at in found for at in range(len(lines))]


def place(text: str, said: str) -> tuple[int, int] | None:
    """Where a long line stands in the true text, or most of its pieces do."""
    if len(text) < ANCHOR:
        return None
    if (first := said.find(text)) >= 0:
        return first, first + len(text)
    pieces = [said.find(text[at : at + GRAM]) for at in range(0, len(text) - GRAM, max(8, len(text) // GRAM))]
    held = [at for at in pieces if at >= 0]
    return (min(held), min(held) + len(text)) if len(held) >= 0.6 * len(pieces) else None


def between(texts: list[str], lines: range, gap: str, *, upward: bool) -> Iterator[int]:
    """The lines whose texts follow each other in ``gap``, of the true text between two long ones."""
    at = 0
    if upward:
        gap = gap[::-1]
    for line in reversed(lines) if upward else lines:
        text = texts[line][::-1] if upward else texts[line]
        first = gap.find(text, at) if text else -1
        if first >= 0 and (first - at < 40 or len(text) >= GRAM):
            yield line
            at = first + len(text)


class Batch:
    """Pages side by side, for one pass over their lines."""

    def __init__(self, pages: list[Labelled], signs: dict[str, int], borders: dict[str, int]) -> None:
        self.long = numpy.array([min(len(page.lines), LONGEST) for page in pages])
        self.shape = len(pages), int(self.long.max())
        rows = [(page, size) for page, size in zip(pages, self.long, strict=True)]
        self.at = numpy.concatenate([row * self.shape[1] + numpy.arange(size) for row, size in enumerate(self.long)])
        self.edge = numpy.concatenate(
            [row * (self.shape[1] + 1) + numpy.arange(size + 1) for row, size in enumerate(self.long)]
        )
        self.signs = matrix([its for page, size in rows for its in page.signs[:size]], signs)
        self.borders = matrix([its for page, size in rows for its in (*page.borders[:size], page.borders[-1])], borders)
        self.is_text = numpy.concatenate([numpy.array(page.is_text[:size], dtype=float) for page, size in rows])
        state = [numpy.concatenate([[0], page.is_text[:size], [0]]).astype(int) for page, size in rows]
        starts = numpy.concatenate([its[:-1] < its[1:] for its in state])
        again = numpy.concatenate([numpy.cumsum(its)[:-1] > 0 for its in state])
        stops = numpy.concatenate([its[:-1] > its[1:] for its in state])
        self.turns = [its.astype(float) for its in (starts & ~again, starts & again, stops)]
        self.weight = numpy.array([1.0 if page.name.startswith("outside") else UNIVERSITY for page in pages])
        sizes = numpy.array([min(len(line.encode()), 300) / 100 for page, size in rows for line in page.lines[:size]])
        self.cost = numpy.where(self.is_text > 0, -MISSING * sizes - 0.2, TOO_MANY * sizes + 0.1)

    def loss(self, points: numpy.ndarray) -> tuple[float, numpy.ndarray]:
        """How unlikely the labels are, and its slope: forward and backward over the lines of all pages at once."""
        pages, lines = self.shape
        line, begin, again, end = self._scores(points)
        none, sum_ = numpy.full(pages, -1e9), numpy.logaddexp
        ahead = [(none, none)]  # in a text, behind one; before the first nothing is won or lost
        for at in range(lines):
            inside, after = ahead[-1]
            ahead.append(
                (sum_(sum_(begin[:, at], inside), after + again[:, at]) + line[:, at], sum_(after, inside + end[:, at]))
            )
        last = [(ahead[size][0][row] + end[row, size], ahead[size][1][row]) for row, size in enumerate(self.long)]
        sums = numpy.array([sum_(*its) for its in last])
        share = numpy.zeros(self.shape)
        turned = [numpy.zeros((pages, lines + 1)) for _ in range(3)]
        inside, after = none, none  # from here to the end
        for at in range(lines, -1, -1):
            if at < lines:
                its = inside + line[:, at] - sums
                share[:, at] = _likely(ahead[at + 1][0] + inside - sums)
                turned[0][:, at] = _likely(begin[:, at] + its)
                turned[1][:, at] = _likely(ahead[at][1] + again[:, at] + its)
                turned[2][:, at] = _likely(ahead[at][0] + end[:, at] + after - sums)
                its = inside + line[:, at]
                inside, after = sum_(its, after + end[:, at]), sum_(after, its + again[:, at])
            is_last = self.long == at
            inside, after = numpy.where(is_last, end[:, at], inside), numpy.where(is_last, 0.0, after)
        turned[2][numpy.arange(pages), self.long] = _likely(numpy.array([its[0] for its in last]) - sums)
        by_line, by_edge = numpy.repeat(self.weight, self.long), numpy.repeat(self.weight, self.long + 1)
        true = (self.is_text * line.ravel()[self.at] * by_line).sum()
        slope = [self.signs.T @ ((share.ravel()[self.at] - self.is_text) * by_line)]
        for scores, mine, its in zip((begin, again, end), turned, self.turns, strict=True):
            true += (its * scores.ravel()[self.edge] * by_edge).sum()
            slope.append(self.borders.T @ ((mine.ravel()[self.edge] - its) * by_edge))
        return (sums * self.weight).sum() - true, numpy.concatenate(slope)

    def _scores(self, points: numpy.ndarray) -> list[numpy.ndarray]:
        pages, lines = self.shape
        own, *edges = numpy.split(points, self.signs.shape[1] + self.borders.shape[1] * numpy.arange(3))
        parts = [
            (self.signs @ own + self.cost, self.at, lines),
            *((self.borders @ its, self.edge, lines + 1) for its in edges),
        ]
        scores = []
        for values, where, width in parts:
            table = numpy.zeros(pages * width)
            table[where] = values
            scores.append(table.reshape(pages, width))
        return scores


def _likely(log: numpy.ndarray) -> numpy.ndarray:
    return numpy.exp(numpy.clip(log, -50, 0))


def matrix(rows: list[list[str]], columns: dict[str, int]) -> csr_matrix:
    its = [[columns[name] for name in row] for row in rows]
    starts = numpy.cumsum([0, *map(len, its)])
    return csr_matrix(
        (numpy.ones(starts[-1]), [at for row in its for at in row], starts), shape=(len(rows), len(columns))
    )


def fit(pages: list[Labelled], signs: dict[str, int], borders: dict[str, int]) -> dict[str, dict[str, int]]:
    by_length = sorted(pages, key=lambda page: len(page.lines))
    batches = [Batch(by_length[at : at + TOGETHER], signs, borders) for at in range(0, len(pages), TOGETHER)]

    def loss(points: numpy.ndarray) -> tuple[float, numpy.ndarray]:
        parts = [batch.loss(points) for batch in batches]
        return sum(value for value, _ in parts) + points @ points / 2, sum(slope for _, slope in parts) + points

    start = numpy.zeros(len(signs) + 3 * len(borders))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    parts = numpy.split(numpy.round(found * SCALE).astype(int), len(signs) + len(borders) * numpy.arange(3))
    tables = zip(TABLES, (signs, borders, borders, borders), parts, strict=True)
    return {table: {name: int(part[at]) for name, at in columns.items()} for table, columns, part in tables}


def f1(page: Labelled, points: dict[str, dict[str, int]]) -> float:
    worth = [float(sum(points["body"].get(sign, 0) for sign in its)) for its in page.signs]
    edges = [[float(sum(points[table].get(name, 0) for name in its)) for its in page.borders] for table in TABLES[1:]]
    mine = Counter(re.findall(r"\w", " ".join(page.lines[at] for at in body.best(worth, *edges)).lower()))
    if page.name.startswith("outside"):
        mine = Counter(re.findall(r"\w+", " ".join(page.lines[at] for at in body.best(worth, *edges)).lower()))
        truth = Counter(re.findall(r"\w+", page.truth.lower()))
    else:
        truth = Counter(re.findall(r"\w", page.truth.lower()))
    return 2 * sum((mine & truth).values()) / max(1, sum(mine.values()) + sum(truth.values()))


def report(name: str, scores: dict[str, float]) -> None:
    for folder in ("outside", "field", "pages"):
        its = [score for page, score in scores.items() if page.startswith(folder)]
        print(
            f"{name:16} {folder:8} F1 {sum(its) / max(1, len(its)):.4f}  below .6: {sum(score < 0.6 for score in its)} of {len(its)}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="fit on all pages and keep the points")
    args = parser.parse_args()
    pages = list(labelled(SHARED))
    signs, borders = (
        {name: at for at, name in enumerate(sorted({*its}))}
        for its in (
            (name for page in pages for row in page.signs for name in row),
            (name for page in pages for row in page.borders for name in row),
        )
    )
    known = choice.weights()
    report("today", {page.name: f1(page, {table: known[table] for table in TABLES}) for page in pages})
    if args.write:
        points = fit(pages, signs, borders)
        report("fitted", {page.name: f1(page, points) for page in pages})
        weights.keep({table: {name: value for name, value in its.items() if value} for table, its in points.items()})
        return
    scores: dict[str, float] = {}
    for fold in range(FOLDS):
        points = fit([page for page in pages if page.fold != fold], signs, borders)
        scores |= {page.name: f1(page, points) for page in pages if page.fold == fold}
    report("hosts left out", scores)


if __name__ == "__main__":
    main()
