"""Records in order, which become a DataFrame where pandas is installed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from newsspider.archive import ArchiveError

if TYPE_CHECKING:
    import pandas

Record = TypeVar("Record")


class Records(tuple[Record, ...]):
    """A tuple of records; ``frame()`` gives them as a pandas DataFrame."""

    __slots__ = ()

    def frame(self) -> pandas.DataFrame:
        """Raises ArchiveError where pandas is not installed."""
        try:
            import pandas
        except ImportError:
            raise ArchiveError("pandas is not installed; `pip install pandas` installs it") from None
        return pandas.DataFrame([asdict(one) for one in self])  # type: ignore[call-overload]
