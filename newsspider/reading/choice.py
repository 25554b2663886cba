"""One value of several candidates, chosen by evidence whose points add up; the whole reckoning is kept, for `newsspider explain`.

A field has one table of evidence: rows of a name, when it holds, and the page that needs it. What a row weighs stands under its
name in weights.toml: points, or ``veto``, which rules a candidate out whatever else speaks for it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

FILE = Path(__file__).with_name("weights.toml")
VETO = float("-inf")
C = TypeVar("C", bound="Candidate")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A value that a field may have. ``where``: its place on the page, in words; fields of the subclasses are its evidence."""

    value: Any
    where: str


@dataclass(frozen=True)
class Evidence(Generic[C]):
    """A row of a field's table. ``holds``: whether, or how much; ``why``: a page that needs it."""

    name: str
    holds: Callable[[C], float]
    why: str


@dataclass(frozen=True, slots=True)
class Weighed(Generic[C]):
    """A candidate with the evidence that holds for it, each with its points, and their sum."""

    candidate: C
    evidence: tuple[tuple[str, float], ...]
    points: float


@dataclass(frozen=True, slots=True)
class Choice(Generic[C]):
    """The winner, None where no candidate has a point to spare, and the whole reckoning, best first."""

    winner: C | None
    weighed: tuple[Weighed[C], ...]

    @property
    def rule(self) -> str:
        """The winner's place and evidence in one line, as snapshots keep it."""
        if self.winner is None:
            return ""
        best = self.weighed[0]
        return f"{best.candidate.where}: {', '.join(f'{name} {points:+g}' for name, points in best.evidence)}"


@cache
def weights() -> dict[str, dict[str, float]]:
    """The points of each row by field, as weights.toml has them: those set by hand before those fitted."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    every = {field: {**rows, **rows.get("by_hand", {})} for field, rows in table.items()}
    return {
        field: {name: VETO if points == "veto" else float(points) for name, points in rows.items() if name != "by_hand"}
        for field, rows in every.items()
    }


def choose(candidates: Iterable[C], field: str, table: Sequence[Evidence[C]]) -> Choice[C]:
    """The candidate with most points above zero; of equals the first."""
    points = weights()[field]
    weighed = []
    for candidate in candidates:
        its = tuple((row.name, points[row.name] * amount) for row in table if (amount := row.holds(candidate)))
        weighed.append(Weighed(candidate, its, sum(value for _, value in its)))
    weighed.sort(key=lambda it: -it.points)
    won = bool(weighed) and weighed[0].points > 0
    return Choice(weighed[0].candidate if won else None, tuple(weighed))
