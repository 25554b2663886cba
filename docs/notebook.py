"""Runs docs/notebook.ipynb and keeps what its cells print and draw. `./run.sh notebook` calls this, beside the archive of the demo.

python docs/notebook.py FOLDER      # a folder in which ../archive.db is the archive
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

PAGE = Path(__file__).with_name("notebook.ipynb")


def main(folder: str) -> None:
    notebook = nbformat.read(PAGE, as_version=4)
    NotebookClient(notebook, record_timing=False, resources={"metadata": {"path": folder}}).execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("text/html", None)  # the same table again, three times as long
    nbformat.write(notebook, PAGE)


if __name__ == "__main__":
    main(sys.argv[1])
