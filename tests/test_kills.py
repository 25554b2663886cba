"""kill -9 at a few moments of each verb that writes; benchmarks/kills.py does the same fifty times each."""

from __future__ import annotations

import random
import runpy
from pathlib import Path

import pytest

KILLS = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "kills.py"))


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["crawl", "reparse", "ingest", "merge"])
def test_a_killed_run_leaves_a_whole_archive_and_is_completed_by_the_next(tmp_path: Path, verb: str) -> None:
    with KILLS["cases"](tmp_path, [verb]) as cases:
        assert [what for _, what in KILLS["trials"](cases[verb], 2, random.Random(2))] == [""] * 2
