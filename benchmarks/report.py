"""A report on many articles: how long it takes, and how large it is.

    ./run.sh bench report [--articles 10000] [--readings 30] [--keep FOLDER]

An archive like that of `benchmarks/answers.py`: so many articles of three years, each read so often on average, with a text of
about 600 characters; one in twenty was edited, one in a hundred withdrawn. Prints seconds of time and of the processor, the memory,
the files and their bytes.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import answers
import series

from newsspider import report
from newsspider.archive import Archive

CHARACTERS = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--readings", type=int, default=30)
    parser.add_argument("--keep", type=Path, help="a folder for the archive and the report")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "archive.db"
        if not path.exists():
            with Archive(path, write=True) as archive:
                stored = answers.fill(archive, asked.articles, asked.readings)
                answers.add_pages(archive, asked.articles, CHARACTERS)
                print(
                    f"{asked.articles:,} articles, {stored:,} readings, {path.stat().st_size / 1e6:.0f} MB",
                    file=sys.stderr,
                )
        with Archive(path) as archive:
            start, used = time.perf_counter(), time.process_time()
            pages = report.write(archive, folder / "report", datetime.fromtimestamp(series.NOW, UTC))
            took, used = time.perf_counter() - start, time.process_time() - used
        files = [file.stat().st_size for file in (folder / "report").iterdir()]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{took:.1f} s ({used:.1f} s of the processor), {memory:.0f} MB of memory")
        print(
            f"{len(pages):,} pages, {len(files):,} files, {sum(files) / 1e6:.1f} MB, the largest {max(files) / 1e6:.1f} MB"
        )


if __name__ == "__main__":
    main()
