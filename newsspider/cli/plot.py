"""A view count over time, drawn in the characters that every terminal font has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from newsspider.report import ticks

EIGHTHS = " ▁▂▃▄▅▆▇█"
WIDEST = 100  # columns; a longer line is no easier to read
NARROWEST = 24


def area(series: Sequence[tuple[int, int]], width: int, marks: Sequence[int] = ()) -> list[str]:
    """``series``: (seconds since 1970, views) in order. The lines are at most ``width`` columns wide; none where that is too narrow.

    A column is as high as the last count read by then: the least that the count can be. Below, a tick stands where it was read;
    above, the number of each of ``marks`` (instants, from 1).
    """
    counts = [views for _, views in series]
    scale = ticks.counts(0 if min(counts) * 2 < max(counts) else min(counts), max(counts), most=4)
    margin = max(len(f"{views:,}") for views in scale)
    columns = min(width, WIDEST) - margin - 2
    if columns < NARROWEST:
        return []
    places = [_column(at, series, columns) for at, _ in series]
    heights = _heights(places, counts, columns)
    rows = (len(scale) - 1) * (4 if len(scale) == 2 else 2)
    unit = (scale[-1] - scale[0]) / (rows * 8)
    filled = [round((views - scale[0]) / unit) for views in heights]
    labels = {(views - scale[0]) * rows // (scale[-1] - scale[0]): f"{views:,}" for views in scale}
    lines = []
    for row in range(rows, 0, -1):
        bars = "".join(EIGHTHS[max(0, min(8, eighths - (row - 1) * 8))] for eighths in filled)
        lines.append(f"{labels.get(row, ''):>{margin}} {'┤' if row in labels else '│'}{bars}".rstrip())
    if marks:
        lines.insert(0, " " * (margin + 2) + _numbers([_column(at, series, columns) for at in marks], columns))
    read = set(places)
    axis = "".join("┴" if column in read else "─" for column in range(columns))
    return [*lines, f"{labels[0]:>{margin}} ┼{axis}", " " * (margin + 2) + _times(series[0][0], series[-1][0], columns)]


def _numbers(places: Sequence[int], columns: int) -> str:
    """The numbers from 1 above their columns; one that would touch the one before is left out."""
    line = ""
    for number, place in enumerate(places, 1):
        if 0 <= place < columns and (not line or place > len(line)):
            line = f"{line:<{place}}{number}"
    return line


def _column(at: int, series: Sequence[tuple[int, int]], columns: int) -> int:
    start, end = series[0][0], series[-1][0]
    return (at - start) * (columns - 1) // max(1, end - start)


def _heights(places: Sequence[int], counts: Sequence[int], columns: int) -> list[int]:
    """The last count read by each column."""
    read = dict(zip(places, counts, strict=True))
    heights = [counts[0]]
    for column in range(1, columns):
        heights.append(read.get(column, heights[-1]))
    return heights


def _times(start: int, end: int, columns: int) -> str:
    """The first and the last instant below their columns, at the precision that there is room for."""
    for form in ("%Y-%m-%d %H:%M UTC", "%Y-%m-%d"):
        first, last = (datetime.fromtimestamp(at, UTC).strftime(form) for at in (start, end))
        if len(first) + len(last) < columns:
            return first + last.rjust(columns - len(first))
    return first
