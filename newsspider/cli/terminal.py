"""What is printed: whatever a page, a site file or another archive says, it cannot steer the terminal.

stderr passes here always, for logs are read on a terminal later; stdout where it is a terminal: in a file or a pipe it is data.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from newsspider.characters import visible

if TYPE_CHECKING:
    from rich.console import Console

_ESC = f"\ufdd0{secrets.token_hex(8)}"  # stands for ESC where we colour; no page can know it
STYLED = f"{_ESC}["  # how a style begins


class _Printed:
    """A text stream that shows odd characters instead of sending them."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        start = "\r" if text.startswith("\r") else ""  # a line that is written over, such as a count of what is done
        pieces = text.removeprefix("\r").split(_ESC)
        self.stream.write(start + "\x1b".join(map(visible, pieces)))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def guarded() -> Iterator[None]:
    """While a verb runs."""
    before = sys.stdout, sys.stderr
    if sys.stdout.isatty():
        sys.stdout = _Printed(sys.stdout)  # type: ignore[assignment]
    sys.stderr = _Printed(sys.stderr)  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def style(text: str, **how: Any) -> str:
    """A text in colour or weight, where stdout is a terminal."""
    if not coloured():
        return text
    begin, _, end = click.style("\0", **how).partition("\0")
    return f"{begin}\0{end}".replace("\x1b", _ESC).replace("\0", text)


def coloured() -> bool:
    """Whether stdout is a terminal that takes colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def console(*, stderr: bool = False, **how: Any) -> Console:
    """Rich's console, whose own codes reach the terminal, and odd characters of what it prints do not."""
    from rich.console import Console
    from rich.segment import Segment

    class Shown(Console):
        def render(self, *what: Any, **options: Any) -> Iterator[Segment]:
            for part in super().render(*what, **options):
                yield part if part.control else Segment(visible(part.text), part.style)

    stream = sys.stderr if stderr else sys.stdout
    return Shown(file=stream.stream if isinstance(stream, _Printed) else stream, **how)
