"""A dataset: the tables of a cut in one or several formats, with all that describes them. The same cut gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

from newsspider import __version__
from newsspider.archive import Archive, ArchiveError, Damaged
from newsspider.archive.cut import Cut, Row
from newsspider.export import card, descriptors, formats, queries, rows, tables, txt
from newsspider.export.rows import Progress
from newsspider.export.tables import Lang, Table

TABULAR = ("csv", "jsonl", "parquet")
SUMS, STAGE = "SHA256SUMS", ".export-part"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is asked for. ``creator`` and ``licence`` are the dataset's, not the texts'."""

    at: str
    formats: Sequence[str]
    sites: Sequence[str] = ()
    texts: bool = True
    lang: Lang = "en"
    bom: bool = False
    title: str | None = None
    creator: str = "newsspider"
    licence: str = "CC-BY-4.0"

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(table.kept(self.texts) for table in tables.TABLES)


@dataclass(slots=True)
class Coverage:
    """What was looked at of a site, and what that found."""

    counts: Counter[str] = field(default_factory=Counter)  # rows, by table
    days: set[str] = field(default_factory=set)  # UTC, with a reading
    events: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    published: list[str] = field(default_factory=list)  # the earliest and the latest

    def take(self, table: str, row: Row) -> None:
        self.counts[table] += 1
        match table:
            case "observations":
                self.methods[row["method"]] += 1
                self.days.add(row["observed_at"][:10])
            case "articles":
                self.counts["counted"] += row["views"] is not None
                if row["published"]:
                    ends = sorted([*self.published, row["published"]])
                    self.published = [ends[0], ends[-1]]
            case "events":
                self.events[row["event"]] += 1

    def gaps(self) -> Iterator[tuple[str, str]]:
        """Days in a row without a reading, between two with some."""
        days = sorted(map(date.fromisoformat, self.days))
        for before, after in pairwise(days):
            if (after - before).days > 1:
                yield _beside(before, 1), _beside(after, -1)


def _beside(day: date, days: int) -> str:
    return date.fromordinal(day.toordinal() + days).isoformat()


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What was written, for those who describe it."""

    wish: Wish
    sites: Sequence[Row]
    runs: Sequence[Row]
    calibrations: Sequence[Row]
    coverage: Mapping[str, Coverage]
    rows: Mapping[str, int]
    files: Mapping[str, tuple[int, str]]  # bytes and sha256, by path
    version: str = __version__

    def path(self, table: str, kind: str) -> str:
        return f"data/{table}.{kind}"


def write(archive: Archive, folder: Path, wish: Wish, progress: Progress) -> Made:
    """Writes the dataset to a folder that is new, empty, or holds an earlier one of ours; raises ArchiveError for any other.

    An earlier one is replaced when all is written: one that is broken off leaves it as it was.
    """
    earlier = _earlier(folder)
    stage = folder / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    (stage / "data").mkdir(parents=True)
    try:
        with Cut(archive, wish.at, wish.sites).open() as cut:
            made = _tables(cut, stage, wish, progress)
        for name, text in {**card.pages(made), **descriptors.pages(made), **queries.pages(made)}.items():
            (stage / name).parent.mkdir(exist_ok=True)
            (stage / name).write_text(text, encoding="utf-8", newline="\n")
        listed = {name: digest for name, (_, digest) in _files(stage)}
        (stage / SUMS).write_text("".join(f"{digest}  {name}\n" for name, digest in listed.items()), encoding="utf-8")
        _replace(folder, stage, earlier, listed)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return made


def _earlier(folder: Path) -> list[str]:
    """The files of an earlier export that stands there."""
    if folder.exists() and not folder.is_dir():
        raise ArchiveError(f"{folder} is a file; name a folder that is not there yet, or an earlier export")
    held = [path.name for path in folder.iterdir() if path.name != STAGE] if folder.exists() else []
    if not held:
        return []
    if not descriptors.is_ours(folder) or not (folder / SUMS).is_file():
        raise ArchiveError(f"{folder} is not empty and no export of newsspider; name a folder that is not there yet")
    return list(_sums(folder))


def _replace(folder: Path, stage: Path, earlier: Sequence[str], listed: Mapping[str, str]) -> None:
    for name in {*earlier} - {*listed}:
        (folder / name).unlink(missing_ok=True)
    for name in (*listed, SUMS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(stage / name, folder / name)
    for place in sorted({(folder / name).parent for name in earlier} - {folder}):
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()


def _tables(cut: Cut, stage: Path, wish: Wish, progress: Progress) -> Made:
    sites = cut.sites()
    coverage = {site["site"]: Coverage() for site in sites}
    with ExitStack() as stack:
        out = {table.name: _Out(stack, stage, table, wish) for table in wish.tables}
        for name, row in rows.of(cut, progress):
            out[name].add(row)
            if name not in ("sites", "runs"):
                coverage[row["site"]].take(name, row)
            if name == "articles" and row["versions"] and "txt" in wish.formats:
                txt.write([row], stage / "txt")
    if "warc" in wish.formats:
        from newsspider.export import warc

        warc.write(cut.archive, stage / "warc", None, progress, cut.captures())
    return Made(
        wish=wish,
        sites=sites,
        runs=cut.runs(),
        calibrations=cut.calibrations(),
        coverage=coverage,
        rows={name: one.rows for name, one in out.items()},
        files=dict(_files(stage)),
    )


class _Out:
    """One table in all formats asked for."""

    def __init__(self, stack: ExitStack, stage: Path, table: Table, wish: Wish) -> None:
        self.rows = 0
        self.names = [column.name for column in table.columns]
        kinds = {column.name for column in table.columns if column.kind == "boolean"}
        self.truths = [name in kinds for name in self.names]
        self.writers: list[formats.Writer] = []
        for kind in wish.formats:
            if kind in TABULAR:
                path = stage / "data" / f"{table.name}.{kind}"
                writer = formats.opened(kind, path, table, wish.lang, wish.bom)
                stack.callback(writer.close)
                self.writers.append(writer)

    def add(self, row: Row) -> None:
        self.rows += 1
        values = [row[name] for name in self.names]
        for writer in self.writers:
            writer.add(values)


def _files(folder: Path) -> Iterator[tuple[str, tuple[int, str]]]:
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        if path.is_file() and path.name != SUMS:
            yield path.relative_to(folder).as_posix(), (path.stat().st_size, _sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sums(folder: Path) -> dict[str, str]:
    """Raises ArchiveError where the list would lead out of the folder."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in listed:
        if not name or not (folder / name).resolve().is_relative_to(folder.resolve()):
            raise ArchiveError(f"{folder / SUMS} names {name!r}, which is no file of the export")
    return listed


def check(folder: Path) -> int:
    """Compares every file of an export with its checksum: how many there are. Raises Damaged with all that differs."""
    if not (folder / SUMS).is_file() or not descriptors.is_ours(folder):
        raise ArchiveError(f"{folder} is no export of newsspider: it has no {SUMS} and datapackage.json of one")
    listed = _sums(folder)
    wrong = [f"{name} is missing" for name in listed if not (folder / name).is_file()]
    wrong += [
        f"{name} is not as it was written"
        for name, digest in listed.items()
        if (folder / name).is_file() and _sha256(folder / name) != digest
    ]
    if wrong:
        raise Damaged(f"{folder} is not as it was exported: {'; '.join(wrong)}")
    return len(listed)


def cut_at(archive: Archive, asked: str | None, now: datetime) -> tuple[str, bool]:
    """The moment of the cut, and whether it is earlier than asked for: what is still to come can be no cut that is made again."""
    from newsspider.archive import cut

    last = cut.last_moment(archive)
    if last is None:
        raise ArchiveError(f"{archive.path} is empty: there is nothing to export")
    if asked is None:
        return last, False
    limit = max(last, f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    return (last, True) if asked > limit else (asked, False)
