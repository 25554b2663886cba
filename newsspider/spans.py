"""Spans of time as people write them."""

from __future__ import annotations

import re

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
TAKES = "a number and its unit: 90s, 30m, 24h, 7d, 4w"


def seconds(text: str) -> int:
    """The seconds of ``90s``, ``30m``, ``2h``, ``1h30m``, ``7d`` or ``4w``. Raises ValueError with what is taken."""
    said = text.strip().lower()
    if not re.fullmatch(r"(\d+[smhdw])+", said) or not any(map(int, re.findall(r"\d+", said))):
        raise ValueError(f"{text!r} is no span of time; it takes {TAKES}")
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smhdw])", said))
