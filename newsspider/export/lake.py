"""The lake: the tables of datasets as Parquet, in a folder or an object store that many archives write to.

A partition is a table, a site and a month (UTC): ``table=observations/site=NAME/month=2026-03/data.parquet``; sites have no month. Only
partitions whose rows changed since the last time are written: those of months that are over rest. ``_lake/NAME.json`` lists what a site has
there, with checksums. Articles have no body there: it stands in their versions, and would be written again with every count.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from newsspider.archive import Archive, ArchiveError, Damaged, naming
from newsspider.archive.cut import Cut, Row
from newsspider.archive.store import Store
from newsspider.export import formats, rows, tables
from newsspider.export.rows import Progress

LISTS = "_lake"
TABLES = {table.name: table.kept(table.name != "articles") for table in tables.TABLES}
MOMENTS = {  # what puts a row into its month: what does not change any more
    "articles": "first_seen_at",
    "versions": "captured_at",
    "observations": "observed_at",
    "daily_counts": "day",
    "events": "at",
    "edits": "changed_by",
    "withdrawals": "missing_at",
    "runs": "started_at",
}
ALWAYS = ""  # in place of a month
AT_ONCE = 12  # months that are written in one pass over the rows: a file for each table is open
BATCH_ROWS = 2_000

Partition = tuple[str, str]  # table and month


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A file of the lake. ``content``: a digest of its rows; ``sha256``: of its bytes; ``frozen``: its month is over."""

    rows: int
    bytes: int
    sha256: str
    content: str
    frozen: bool

    @classmethod
    def of(cls, path: Path, content: str, rows: int, *, frozen: bool) -> Self:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(rows=rows, bytes=path.stat().st_size, sha256=sha256, content=content, frozen=frozen)


@dataclass(kw_only=True, slots=True)
class Written:
    """What came of a site. ``revised``: files of months that were over, and had to be written again."""

    site: str
    as_of: str
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)  # of the whole site, by table
    bytes: int = 0  # of what was written


def name(site: str, partition: Partition) -> str:
    """
    >>> name("example", ("observations", "2026-03"))
    'table=observations/site=example/month=2026-03/data.parquet'
    """
    table, month = partition
    return "/".join(
        [f"table={table}", f"site={quote(site, safe='')}", *([f"month={month}"] if month else []), "data.parquet"]
    )


def _listed(site: str) -> str:
    return f"{LISTS}/{quote(site, safe='')}.json"


@dataclass(frozen=True, slots=True)
class _Listing:
    """What a site has in the lake. ``first_run``: of its archive, by which the lake knows it again."""

    first_run: str | None = None
    files: Mapping[str, Part] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, site: str) -> Self:
        return cls.read(store.text(_listed(site)))

    @classmethod
    def read(cls, text: str | None) -> Self:
        if text is None:
            return cls()
        listed = json.loads(text)
        return cls(listed["first_run"], {path: Part(**part) for path, part in listed["files"].items()})

    def text(self, site: str, as_of: str) -> str:
        files = {path: asdict(self.files[path]) for path in sorted(self.files)}
        listed = {"site": site, "as_of": as_of, "first_run": self.first_run, "files": files}
        return json.dumps(listed, ensure_ascii=False, indent=1) + "\n"


def write(archive: Archive, store: Store, site: str, as_of: str, progress: Progress) -> Written:
    """Brings the lake up to what the archive knows of ``site`` by ``as_of``; again, it writes nothing.

    Raises ArchiveError where the lake has a site of that name from another archive.
    """
    done = Written(site=site, as_of=as_of, rows=dict.fromkeys(TABLES, 0))
    with Cut(archive, as_of, [site]).open() as cut:
        runs = [row["uuid"] for row in cut.runs() if row["uuid"]]
        held = _Listing.of(store, site)
        if held.first_run and held.first_run not in runs:
            raise ArchiveError(
                f"the lake has {site} from another archive; give one of the two another name (newsspider rename)"
            )
        first = held.first_run or next(iter(runs), None)
        found = _contents(cut, progress)
        for (table, _), (_, number) in found.items():
            done.rows[table] += number
        kept = _written(cut, store, found, held.files, done, progress)
    if kept != held.files:
        store.put_text(_listed(site), _Listing(first, kept).text(site, as_of))
    gone = [*sorted(held.files.keys() - kept.keys()), *_of_former_names(archive, store, site, runs)]
    for name in gone:  # when no list names it any more
        store.remove(name)
    done.removed += gone
    return done


def _written(
    cut: Cut,
    store: Store,
    found: Mapping[Partition, tuple[str, int]],
    held: Mapping[str, Part],
    done: Written,
    progress: Progress,
) -> dict[str, Part]:
    """Every part that the site has in the lake, after those that changed are written."""
    paths = {partition: name(done.site, partition) for partition in found}
    kept = {path: held[path] for path in paths.values() if path in held}
    changed = [key for key, path in paths.items() if path not in held or held[path].content != found[key][0]]
    months = sorted({month for _, month in changed})
    with tempfile.TemporaryDirectory(prefix="newsspider-lake-") as folder:
        for start in range(0, len(months), AT_ONCE):
            some = months[start : start + AT_ONCE]
            for key, file in _files(cut, [key for key in changed if key[1] in some], Path(folder), progress).items():
                path = paths[key]
                part = Part.of(file, *found[key], frozen=ALWAYS < key[1] < done.as_of[:7])
                store.put(file, path)
                file.unlink()
                kept[path] = part
                done.written.append(path)
                done.bytes += part.bytes
                if path in held and held[path].frozen:
                    done.revised.append(path)
    return kept


def _of_former_names(archive: Archive, store: Store, site: str, runs: Sequence[str]) -> list[str]:
    """The files of a site that was called otherwise when the lake was last written."""
    gone = []
    for old in naming.former(archive.conn, site):
        listing = _Listing.of(store, old)
        if listing.files and listing.first_run in runs:
            gone += [_listed(old), *listing.files]
    return gone


def _partition(table: str, row: Row) -> Partition:
    return table, row[MOMENTS[table]][:7] if table in MOMENTS else ALWAYS


def _values(table: str, row: Row) -> list[Any]:
    return [bool(row[c.name]) if c.kind == "boolean" else row[c.name] for c in TABLES[table].columns]


def _contents(cut: Cut, progress: Progress) -> dict[Partition, tuple[str, int]]:
    """A digest and the number of the rows of each partition."""
    digests: dict[Partition, Any] = defaultdict(hashlib.sha256)
    numbers: Counter[Partition] = Counter()
    for table, row in rows.of(cut, progress):
        key = _partition(table, row)
        digests[key].update(json.dumps(_values(table, row), ensure_ascii=False).encode("utf-8", "surrogatepass"))
        numbers[key] += 1
    return {key: (digest.hexdigest(), numbers[key]) for key, digest in digests.items()}


def _files(cut: Cut, wanted: Sequence[Partition], folder: Path, progress: Progress) -> dict[Partition, Path]:
    paths = {key: folder / "_".join(filter(None, key)) for key in wanted}
    with ExitStack() as stack:
        out = {}
        for key, path in paths.items():
            out[key] = formats.Parquet(path, TABLES[key[0]], "en", BATCH_ROWS)
            stack.callback(out[key].close)
        for table, row in rows.of(cut, progress):
            if writer := out.get(_partition(table, row)):
                writer.add(_values(table, row))
    return paths


def check(store: Store, sites: Iterable[str] = ()) -> int:
    """Compares every file of the lake with its checksum: how many there are. Raises Damaged with all that differs."""
    asked = [_listed(site) for site in sites] or store.names(LISTS, ".json")
    if not asked:
        raise ArchiveError(f"there is no lake at {store.root}")
    wrong, number = [], 0
    for listing in asked:
        for path, part in _Listing.read(store.text(listing)).files.items():
            found = store.sha256(path)
            number += 1
            if found != part.sha256:
                wrong.append(f"{path} is {'not as it was written' if found else 'missing'}")
    if wrong:
        raise Damaged(f"the lake is not as it was written: {'; '.join(wrong)}")
    return number
