"""A place for files that is no archive: a folder, or an object store that fsspec knows, such as s3://bucket/news."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec

from newsspider.archive import ArchiveError


class Store:
    """Raises ValueError for an address that fsspec does not know, ImportError where a package is missing.

    What an object store refuses is an ArchiveError, what a folder refuses an OSError.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self.fs, self.root = fsspec.core.url_to_fs(place)
        self.local = "file" in (self.fs.protocol if isinstance(self.fs.protocol, tuple) else (self.fs.protocol,))

    def address(self, name: str) -> str:
        return str(self.fs.unstrip_protocol(self._path(name)))

    def put(self, source: Path, name: str) -> None:
        """Whole or not at all."""
        path = self._path(name)
        with self._asked():
            self.fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            if self.local:  # an object appears when it is whole, a file grows
                self.fs.put_file(str(source), f"{path}.part")
                Path(f"{path}.part").replace(path)
            else:
                self.fs.put_file(str(source), path)

    def put_text(self, name: str, text: str) -> None:
        with tempfile.TemporaryDirectory(prefix="newsspider-store-") as folder:
            path = Path(folder) / "text"
            path.write_text(text, encoding="utf-8", newline="\n")
            self.put(path, name)

    def remove(self, name: str) -> None:
        with self._asked():
            if self.fs.exists(self._path(name)):
                self.fs.rm_file(self._path(name))

    def text(self, name: str) -> str | None:
        path = self._path(name)
        with self._asked():
            return self.fs.cat_file(path).decode() if self.fs.exists(path) else None

    def sha256(self, name: str) -> str | None:
        path = self._path(name)
        with self._asked():
            if not self.fs.exists(path):
                return None
            with self.fs.open(path, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()

    def names(self, folder: str, suffix: str) -> list[str]:
        """Of the files in a folder of the store, sorted."""
        path = self._path(folder)
        with self._asked():
            found = self.fs.ls(path, detail=False) if self.fs.exists(path) else []
        return sorted(f"{folder}/{name.rpartition('/')[2]}" for name in found if name.endswith(suffix))

    def _path(self, name: str) -> str:
        return f"{self.root.rstrip('/')}/{name}"

    @contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # each store has exceptions of its own
            if self.local:
                raise
            said = str(error).strip() or type(error).__name__
            raise ArchiveError(
                f"{self.place} cannot be written or read ({said}); nothing that was there is lost"
            ) from error
