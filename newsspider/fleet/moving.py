"""An archive's way from one shard to another: by a verified copy, in a folder or an object store."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import fsspec

from newsspider.archive import Archive, Damaged, backups, fixity
from newsspider.archive.store import Store

Progress = Callable[[str, int, int], None]


def send(archive: Path, to: str, now: datetime, progress: Progress = lambda part, done, total: None) -> str:
    """Puts a verified copy of ``archive`` into a folder, or under a URL that fsspec knows; its address.

    Raises Damaged where the archive or the copy does not verify.
    """
    if "://" not in to:
        target = Path(to).resolve() / archive.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise FileExistsError(f"{target} is there already; move it away first")
        backups.backup(archive, target.parent, now, progress).rename(target)
        return str(target)
    address, _ = backups.send(archive, Store(to), now, progress, archive.name)
    return address


def fetch(address: str, archive: Path) -> None:
    """Puts the copy at ``address`` in the place of ``archive``. Raises Damaged where it does not verify."""
    part = archive.with_suffix(".arriving")
    try:
        archive.parent.mkdir(parents=True, exist_ok=True)
        with fsspec.open(address, "rb") as source, part.open("wb") as target:
            shutil.copyfileobj(source, target)
        with Archive(part) as held:
            broken = next(iter(fixity.verify(held)), None)
        if broken:
            raise Damaged(f"the copy of {archive.name} at {address} is damaged ({broken.what} {broken.found})")
        part.replace(archive)
    finally:
        part.unlink(missing_ok=True)


def head(archive: Path) -> str | None:
    """The last link of the chain of runs, the same in a copy."""
    with Archive(archive) as held:
        return fixity.head(held)
