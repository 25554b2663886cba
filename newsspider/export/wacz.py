"""WACZ 1.1.1: the WARC of `newsspider.export.warc` with its index and its pages in one file, as ReplayWeb.page opens it.

Needs the extra ``warc`` (warcio). The parts are those of the specification (specs.webrecorder.net/wacz/1.1.1): ``archive/``, ``indexes/``
(CDXJ in compressed blocks, with an index of the blocks), ``pages/`` (every version of an article, with its text for the viewer's
search), ``datapackage.json`` and its digest.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from newsspider import __version__, whole
from newsspider.archive import Archive, reading
from newsspider.export import warc

LINES = 1024  # of the index in a block
Resource = dict[str, Any]


def write(
    archive: Archive,
    folder: Path,
    site: str | None = None,
    progress: Callable[[str, int, int], None] = lambda part, done, total: None,
) -> tuple[Path, int]:
    """Writes ``<archive>.wacz`` into ``folder``: its path, and how many captures it holds. The same captures give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".wacz-") as made:
        held, number = warc.write(archive, Path(made), site, progress)
        path = folder / held.name.replace(".warc.gz", ".wacz")
        index = held.with_suffix("").with_suffix(".cdxj").read_text(encoding="utf-8").splitlines(keepends=True)
        last = max((line.split(" ", 2)[1] for line in index), default="19800101000000")
        with whole.file(path) as out, zipfile.ZipFile(out, "w") as package:
            _fill(_Package(package, last), held, index, reading.pages(archive, site), archive.path.stem)
    return path, number


class _Package:
    """A ZIP file that remembers what it holds. All is dated to the last capture (``last``: 14 digits)."""

    def __init__(self, file: zipfile.ZipFile, last: str) -> None:
        self.file = file
        self.last = last
        self.resources: list[Resource] = []

    @property
    def created(self) -> str:
        at = self.last
        return f"{at[:4]}-{at[4:6]}-{at[6:8]}T{at[8:10]}:{at[10:12]}:{at[12:14]}Z"

    def add(self, name: str, body: bytes, *, deflated: bool = True, listed: bool = True) -> None:
        self.file.writestr(self._about(name, deflated), body)
        if listed:
            self._list(name, hashlib.sha256(body).hexdigest(), len(body))

    def add_file(self, name: str, path: Path) -> None:
        """As it is: a WARC is compressed by itself, and a viewer reads single records of it."""
        about = self._about(name, False)
        about.file_size = (
            path.stat().st_size
        )  # so that only a file that needs it gets the larger header: viewers count on the short one
        with path.open("rb") as held, self.file.open(about, "w") as out:
            shutil.copyfileobj(held, out, 1 << 20)
        with path.open("rb") as held:
            self._list(name, hashlib.file_digest(held, "sha256").hexdigest(), path.stat().st_size)

    def _about(self, name: str, deflated: bool) -> zipfile.ZipInfo:
        at = self.last
        date = (max(int(at[:4]), 1980), *(int(at[place : place + 2]) for place in range(4, 14, 2)))
        about = zipfile.ZipInfo(name, date)  # type: ignore[arg-type]
        about.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
        return about

    def _list(self, path: str, digest: str, size: int) -> None:
        self.resources.append(
            {"name": path.rpartition("/")[2], "path": path, "hash": f"sha256:{digest}", "bytes": size}
        )


def _fill(package: _Package, held: Path, index: list[str], pages: Iterator[Any], title: str) -> None:
    package.add_file(f"archive/{held.name}", held)
    blocks, of_blocks = _blocks(index)
    package.add("indexes/index.cdx.gz", blocks, deflated=False)
    package.add("indexes/index.idx", of_blocks)
    package.add("pages/pages.jsonl", "".join(_pages(pages)).encode())
    described = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title,
        "created": package.created,
        "software": f"newsspider/{__version__}",
        "resources": package.resources,
    }
    text = json.dumps(described, ensure_ascii=False, indent=2).encode()
    package.add("datapackage.json", text, listed=False)
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
    package.add("datapackage-digest.json", json.dumps(digest, indent=2).encode(), listed=False)


def _blocks(index: list[str]) -> tuple[bytes, bytes]:
    """The index in blocks of gzip, and the first key of each with its place."""
    out, lines = BytesIO(), iter(index)
    keys = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': 'index.cdx.gz'})}\n"]
    while block := list(islice(lines, LINES)):
        body = gzip.compress("".join(block).encode(), mtime=0)
        place = {
            "offset": out.tell(),
            "length": len(body),
            "digest": f"sha256:{hashlib.sha256(body).hexdigest()}",
            "filename": "index.cdx.gz",
        }
        keys.append(f"{' '.join(block[0].split(' ', 2)[:2])} {json.dumps(place)}\n")
        out.write(body)
    return out.getvalue(), "".join(keys).encode()


def _pages(pages: Iterator[Any]) -> Iterator[str]:
    """A line each, below a line that says what they are."""
    yield json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}) + "\n"
    for row in pages:
        said = {
            "id": f"{row['id']}",
            "url": row["url"],
            "ts": row["captured_at"],
            "title": row["title"] or row["url"],
            "text": row["body"],
        }
        yield json.dumps(said, ensure_ascii=False) + "\n"
