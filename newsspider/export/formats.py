"""Rows of one table as a file: CSV, JSON Lines, Parquet. All written in one pass, in bounded memory, the same rows as the same bytes."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from newsspider.export.tables import Kind, Lang, Table

# A spreadsheet takes a cell for a formula that begins so. A quote before it stops that; text that begins with a quote gets one, too, so
# that one quote is taken from every text cell to read it back.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
BATCH_ROWS, BATCH_CHARACTERS = 20_000, 4_000_000


class Writer(Protocol):
    def add(self, row: Sequence[Any]) -> None: ...
    def close(self) -> None: ...


def safe(value: str) -> str:
    """A text cell that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("招生"), safe("'quoted'")
    ("'=1+1", '招生', "''quoted'")
    """
    return f"'{value}" if value.startswith(FORMULA) else value


class Csv:
    """UTF-8, comma, LF; missing is an empty cell, true and false are words."""

    def __init__(self, path: Path, table: Table, lang: Lang, bom: bool) -> None:
        self.file = path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="")
        self.writer = csv.writer(self.file, lineterminator="\n")
        self.writer.writerow([column.named(lang) for column in table.columns])

    def add(self, row: Sequence[Any]) -> None:
        self.writer.writerow([_cell(value) for value in row])

    def close(self) -> None:
        self.file.close()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe(value) if isinstance(value, str) else value


class Jsonl:
    """An object a line; missing is null."""

    def __init__(self, path: Path, table: Table, lang: Lang) -> None:
        self.file = path.open("w", encoding="utf-8", newline="\n")
        self.names = [column.named(lang) for column in table.columns]

    def add(self, row: Sequence[Any]) -> None:
        self.file.write(json.dumps(dict(zip(self.names, row, strict=True)), ensure_ascii=False) + "\n")

    def close(self) -> None:
        self.file.close()


class Parquet:
    """Needs the extra ``parquet`` (pyarrow). Instants are timestamps of UTC, days are dates. ``batch``: rows held in memory at most."""

    def __init__(self, path: Path, table: Table, lang: Lang, batch: int = BATCH_ROWS) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        self.kinds: list[Kind] = [column.kind for column in table.columns]
        types = [arrow_type(kind) for kind in self.kinds]
        self.schema = pa.schema(
            [
                pa.field(
                    *(column.named(lang), kind, not column.required),
                    {"description": column.says(lang), **({"unit": column.unit} if column.unit else {})},
                )
                for column, kind in zip(table.columns, types, strict=True)
            ]
        )
        self.file = path.open("wb")
        self.writer = parquet.ParquetWriter(self.file, self.schema, compression="zstd")
        self.batch = batch
        self.rows: list[Sequence[Any]] = []
        self.characters = 0

    def add(self, row: Sequence[Any]) -> None:
        self.rows.append(row)
        self.characters += sum(len(value) for value in row if isinstance(value, str))
        if len(self.rows) >= self.batch or self.characters >= BATCH_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if not self.rows:
            return
        columns = [
            pa.array([typed(value, kind) for value in values], field.type)
            for values, kind, field in zip(zip(*self.rows, strict=True), self.kinds, self.schema, strict=True)
        ]
        self.writer.write_batch(pa.record_batch(columns, schema=self.schema))
        self.rows, self.characters = [], 0

    def close(self) -> None:
        try:
            self._flush()
            self.writer.close()
        finally:
            self.file.close()


def arrow_type(kind: Kind) -> Any:
    import pyarrow as pa

    return {
        "integer": pa.int64(),
        "string": pa.string(),
        "datetime": pa.timestamp("us", "UTC"),
        "date": pa.date32(),
        "boolean": pa.bool_(),
    }[kind]


def typed(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "datetime":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "date" else value


def opened(kind: str, path: Path, table: Table, lang: Lang, bom: bool) -> Writer:
    if kind == "csv":
        return Csv(path, table, lang, bom)
    return Jsonl(path, table, lang) if kind == "jsonl" else Parquet(path, table, lang)
