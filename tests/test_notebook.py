"""docs/notebook.ipynb runs on the archive of the demo, and shows what it says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "notebook.ipynb"
RUN = """
import json, sys
import matplotlib.pyplot as plt
plt.show = lambda: print("curves:", [[len(line.get_xdata()) > 2 for line in panel.lines] for panel in plt.gcf().axes])
names = {}
for cell in json.load(sys.stdin)["cells"]:
    if cell["cell_type"] == "code":
        exec("".join(cell["source"]), names)
"""


def cells(kind: str) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(PAGE.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def test_every_cell_runs(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    shutil.copy(demo / "archive.db", tmp_path)
    ran = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=tmp_path / "docs",
        env={**os.environ, "MPLBACKEND": "Agg", "MPLCONFIGDIR": str(tmp_path)},
        input=PAGE.read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "curves: [[True], [True, False], [True], [True, False]]" in ran.stdout
    assert "from the CSV, the Parquet file and the archive" in ran.stdout
    assert (tmp_path / "export" / "CITATION.cff").is_file()


def test_what_it_shows_is_small_and_complete() -> None:
    shown = [output for cell in cells("code") for output in cell["outputs"]]
    assert [output for output in shown if output["output_type"] == "error"] == []
    assert len([output for output in shown if "image/png" in output.get("data", {})]) == 1
    assert all(cell["outputs"] for cell in cells("code")[1:])
    assert PAGE.stat().st_size < 150_000
