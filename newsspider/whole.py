"""Files that are written whole or not at all: a full disk leaves what was there before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def file(path: Path) -> Iterator[BinaryIO]:
    """Takes the place of ``path`` when all is written; until then it is called ``.part``."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)  # of a run that was killed
    try:
        with part.open("xb") as out:
            yield out
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def write(path: Path, text: str) -> None:
    with file(path) as out:
        out.write(text.encode())
