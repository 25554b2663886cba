"""The scores on real pages may only rise: benchmarks/quality.json pins them. Skipped where the pages are not at hand."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

READING = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "reading.py"))


def test_no_score_falls() -> None:
    if not (READING["SHARED"] / "pages").is_dir():
        pytest.skip(f"no pages at {READING['SHARED']}")
    pinned = json.loads(READING["PINNED"].read_text(encoding="utf-8"))
    assert READING["fallen"](READING["scores"](READING["SHARED"]), pinned) == {}


@pytest.mark.parametrize(
    ("now", "fell"),
    [
        ({"title": 0.97, "date wrong": 0.0}, {}),
        ({"title": 0.96, "date wrong": 0.0}, {"title": (0.96, 0.97)}),
        ({"title": 0.97, "date wrong": 0.01}, {"date wrong": (0.01, 0.0)}),
        ({"title": 0.97, "date wrong": 0.0, "views invented": 1}, {"views invented": (1, 0.0)}),
        ({"date wrong": 0.0}, {"title": (0.0, 0.97)}),
    ],
)
def test_fallen(now: dict[str, float], fell: dict[str, tuple[float, float]]) -> None:
    assert READING["fallen"](now, {"title": 0.97, "date wrong": 0.0}) == fell
