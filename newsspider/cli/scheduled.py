"""What a verb takes that runs by the clock: ``--max-time``, ``--log-file`` and ``--ping``."""

from __future__ import annotations

import functools
import logging
import logging.handlers
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from newsspider.archive import ArchiveError
from newsspider.cli import pings, words

max_time = click.option(
    "--max-time",
    type=words.Span(),
    metavar="SPAN",
    help="Stop well after so long (90s, 30m, 2h); the next run goes on from there.",
)
log_file = click.option(
    "--log-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PATH",
    help="Also write what is done to this file; it may be rotated meanwhile.",
)
ping = click.option(
    "--ping",
    type=pings.Address(),
    metavar="URL",
    help="Tell a monitor: URL/start, then URL, or URL/<exit code> if all was not well.",
)
RECORD = logging.getLogger("newsspider.record")  # what is said on stderr, for the log file alone
RECORD.propagate = False
RECORD.addHandler(logging.NullHandler())


def told(function: Callable[..., int]) -> Callable[..., int]:
    """Gives a verb ``--ping`` and ``--log-file``."""

    @ping
    @log_file
    @functools.wraps(function)
    def run(*args: Any, ping: str | None, log_file: Path | None, **options: Any) -> int:
        from newsspider.cli import code_of

        with logged(log_file):
            try:
                return pings.around(ping, lambda: function(*args, **options) or 0, code_of)
            except Exception as error:
                RECORD.error("%s", error)
                raise

    return run


@contextmanager
def logged(path: Path | None) -> Iterator[None]:
    """Writes the log to a file, too, and opens it anew where logrotate took it away."""
    if path is None:
        yield
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.WatchedFileHandler(path, encoding="utf-8")
    except OSError as error:
        raise ArchiveError(
            f"cannot write the log file {path}: {error.strerror}; name another with --log-file"
        ) from error
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.setLevel("INFO")
    handler.addFilter(lambda record: record.levelno >= logging.WARNING or record.name.startswith("newsspider"))
    handler.name = "newsspider.file"
    loggers = (logging.getLogger(), RECORD)
    for logger in loggers:
        logger.addHandler(handler)
    RECORD.setLevel("INFO")
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        handler.close()


def say(line: str, *, shown: bool = True) -> None:
    """A line for the operator: on stderr where ``shown``, and in the log file."""
    if shown:
        click.echo(line, err=True)
    RECORD.info("%s", line)


def to_file() -> bool:
    """Whether this run has a log file."""
    return any(handler.name == "newsspider.file" for handler in RECORD.handlers)
