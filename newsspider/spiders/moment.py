"""The clock of a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any


def now(settings: Mapping[str, Any]) -> datetime:
    """This machine's time, as far ahead as CLOCK_OFFSET says; where CLOCK names an instant, it stands still there."""
    if standing := settings.get("CLOCK"):
        return datetime.fromisoformat(standing).astimezone(UTC)
    return datetime.now(UTC) + timedelta(seconds=float(settings.get("CLOCK_OFFSET") or 0))
