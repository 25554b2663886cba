"""The file of points that newsspider reads by, as the fitting rewrites it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from newsspider.reading import choice

WEIGHTS = choice.FILE


def keep(points: Mapping[str, Mapping[str, float]]) -> None:
    """Puts points in the place of those in their tables. A comment behind a table's name and what a person set stay."""
    text = WEIGHTS.read_text(encoding="utf-8")
    for name, its in points.items():
        rows = "".join(f'"{row}" = {value:g}\n' for row, value in its.items())
        table = re.compile(rf"^(\[{re.escape(name)}\][^\n]*\n)(?:(?!\[).*\n?)*?(?=\n\[|\Z)", re.M)
        text, found = table.subn(lambda before, rows=rows: before[1] + rows, text, count=1)  # type: ignore[misc]
        if not found:
            raise SystemExit(f"{WEIGHTS} has no table [{name}]: write one, with no row in it")
    WEIGHTS.write_text(text, encoding="utf-8")
