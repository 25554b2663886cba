"""What an extra installs, asked for by those who need it: one sentence where it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def needed(extra: str, what: str) -> Iterator[None]:
    """Around the imports: turns one that fails into a usage error that says what to install."""
    try:
        yield
    except ImportError as error:
        name = (error.name or "a module").partition(".")[0]
        if name == "newsspider":
            raise
        raise click.UsageError(
            f"{what} needs an extra ({name} is missing): pip install 'newsspider[{extra}]', or '.[{extra}]' in its folder"
        ) from error


@contextmanager
def place(name: str) -> Iterator[None]:
    """Around what opens a folder or an address that fsspec knows: a usage error for one that it does not."""
    try:
        yield
    except ImportError as error:
        raise click.UsageError(f"{name} needs a further package: {error}") from error
    except ValueError as error:
        raise click.UsageError(f"{name} is no folder, and no address that fsspec knows: {error}") from error
