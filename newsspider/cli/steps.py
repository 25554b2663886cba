"""Progress of long work on the terminal, with an end in sight."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from newsspider.cli import terminal


@contextmanager
def shown(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Takes (part, done, of how many) as the work goes on; shows nothing where stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda part, done, total: None
        return
    tasks: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=terminal.console(stderr=True), transient=True) as bars:

        def progress(part: str, done: int, total: int) -> None:
            if part not in tasks:
                tasks[part] = bars.add_task(part)
            bars.update(tasks[part], completed=done, total=total or None)

        yield progress
