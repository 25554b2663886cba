"""Records in order, which become a DataFrame where pandas is installed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, TypeVar

from newsspider.archive import ArchiveError

if TYPE_CHECKING:
    import pandas

Record = TypeVar("Record")
Instant = str  # UTC, ISO 8601: a time with its zone in a frame

# How a field of a record stands in a frame, by its annotation. Missing is NA, and integers with gaps stay integers.
TYPES = {
    "int": "int64",
    "int | None": "Int64",
    "float": "float64",
    "float | None": "Float64",
    "bool": "bool",
    "str": "string",
    "str | None": "string",
    "Instant": "datetime64[us, UTC]",
    "Instant | None": "datetime64[us, UTC]",
}


class Records(tuple[Record, ...]):
    """A tuple of records; ``frame()`` gives them as a pandas DataFrame."""

    kind: type[Record]

    @classmethod
    def of(cls, kind: type[Record], found: Iterable[Record] = ()) -> Records[Record]:
        """``kind``: their dataclass, so that also a frame without rows has its columns."""
        made = cls(found)
        made.kind = kind
        return made

    def frame(self) -> pandas.DataFrame:
        """A row a record, a column a field, the same types whatever is in them. Raises ArchiveError where pandas is not installed."""
        try:
            import pandas
        except ImportError:
            raise ArchiveError("pandas is not installed; `pip install pandas` installs it") from None
        types: dict[str, Any] = {one.name: TYPES.get(str(one.type), "object") for one in fields(self.kind)}  # type: ignore[arg-type]
        rows = [asdict(one) for one in self]  # type: ignore[call-overload]
        return pandas.DataFrame(
            {name: pandas.Series([row[name] for row in rows], dtype=kind) for name, kind in types.items()}
        )
