"""The scores on real pages may only rise: benchmarks/quality.json pins them. Skipped where the pages are not at hand."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READING = runpy.run_path(str(ROOT / "benchmarks" / "reading.py"))
PEERS = runpy.run_path(str(ROOT / "benchmarks" / "peers.py"))


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


@pytest.fixture
def pinning(tmp_path, monkeypatch):
    """Runs ``reading.py --pin`` with these scores over those pinned: the exit code, and what is pinned then."""

    def run(now: dict[str, float], pinned: dict[str, float]) -> tuple[int, dict[str, float]]:
        (tmp_path / "pages").mkdir(exist_ok=True)
        path = tmp_path / "quality.json"
        path.write_text(json.dumps(pinned), encoding="utf-8")
        changes = {"SHARED": tmp_path, "PINNED": path, "scores": lambda _: now, "speed": lambda _: {}}
        for name, value in changes.items():
            monkeypatch.setitem(READING["main"].__globals__, name, value)
        monkeypatch.setattr("sys.argv", ["reading.py", "--pin"])
        return READING["main"](), json.loads(path.read_text(encoding="utf-8"))

    return run


def test_a_floor_rises_and_never_falls(pinning) -> None:
    before = {"title": 0.97, "date wrong": 0.01}
    assert pinning({"title": 0.98, "date wrong": 0.0}, before) == (0, {"title": 0.98, "date wrong": 0.0})
    assert pinning({"title": 0.99, "date wrong": 0.02}, before) == (1, before)


def test_without_the_pages_the_benchmarks_say_so(tmp_path, monkeypatch, capsys) -> None:
    for benchmark in (READING, PEERS):
        monkeypatch.setitem(benchmark["main"].__globals__, "SHARED", tmp_path)
        monkeypatch.setattr("sys.argv", ["benchmark.py"])
        assert benchmark["main"]() == 2
        assert "NEWSSPIDER_SHARED" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021-06-18 12:09", "2021-06-18T12:09"),
        ("2024年3月1日 08:05", "2024-03-01T08:05"),
        ("2019-09-30T00:00:00", "2019-09-30"),
        ("2019/9/30", "2019-09-30"),
        ("昨天", None),
        (None, None),
    ],
)
def test_what_the_peers_call_a_date(text: str | None, date: str | None) -> None:
    assert PEERS["iso"](text) == date


def test_the_documentation_has_a_row_for_every_peer() -> None:
    table = PEERS["PAGE"].read_text(encoding="utf-8").partition(PEERS["BEGIN"])[2].partition(PEERS["END"])[0]
    rows = [line.split()[1] for line in table.splitlines() if line.startswith("| ")]
    assert rows[2:] == [package.partition("[")[0] for package in PEERS["PACKAGES"].values()]
