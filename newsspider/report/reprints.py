"""Who reprints whom, as a graph: sites on a circle, an arrow from the first to who printed it later."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SIDE = 360  # of the drawing, in its own units
RADIUS = 112
NAMED = 8  # sites that have room for their names
NAME = 10  # characters of a name
MOST = 24  # sites on the circle
WIDEST = 7


class Node(NamedTuple):
    site: str
    name: str
    x: float
    y: float
    articles: int  # of others that say what it said first


class Arrow(NamedTuple):
    path: str
    width: float
    first: str
    later: str
    articles: int


@dataclass(frozen=True, slots=True)
class Graph:
    nodes: Sequence[Node]
    arrows: Sequence[Arrow]
    named: bool  # whether names stand at the circle, or numbers
    left_out: int  # sites for which there was no room


def draw(rows: Sequence[sqlite3.Row], names: Mapping[str, str]) -> Graph | None:
    """``rows`` of `stories.reprints`. None: nobody reprints anybody."""
    if not rows:
        return None
    weight: dict[str, int] = {}
    for row in rows:
        for site in (row["first_site"], row["site"]):
            weight[site] = weight.get(site, 0) + row["articles"]
    kept = sorted(sorted(weight, key=lambda site: (-weight[site], site))[:MOST])
    places = {site: _place(number, len(kept)) for number, site in enumerate(kept)}
    shown = [row for row in rows if row["first_site"] in places and row["site"] in places]
    most = max(row["articles"] for row in rows)
    nodes = [
        Node(
            site,
            _short(names.get(site, site)),
            *place,
            sum(row["articles"] for row in rows if row["first_site"] == site),
        )
        for site, place in places.items()
    ]
    arrows = [
        Arrow(
            _path(places[row["first_site"]], places[row["site"]]),
            round(1 + (WIDEST - 1) * math.sqrt(row["articles"] / most), 1),
            row["first_site"],
            row["site"],
            row["articles"],
        )
        for row in shown
    ]
    return Graph(nodes, arrows, len(kept) <= NAMED, len(weight) - len(kept))


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"


def _place(number: int, of: int) -> tuple[float, float]:
    angle = 2 * math.pi * number / of - math.pi / 2
    return round(SIDE / 2 + RADIUS * math.cos(angle), 1), round(SIDE / 2 + RADIUS * math.sin(angle), 1)


def _path(start: tuple[float, float], end: tuple[float, float]) -> str:
    """A bow to the right of the straight line, so that two sites that reprint each other have two; it ends before the node."""
    (x1, y1), (x2, y2) = start, end
    dx, dy = x2 - x1, y2 - y1
    length = math.hypot(dx, dy)
    cx, cy = (x1 + x2) / 2 - dy * 0.18, (y1 + y2) / 2 + dx * 0.18
    back = math.hypot(x2 - cx, y2 - cy)
    ex, ey = x2 - (x2 - cx) / back * min(16, length / 3), y2 - (y2 - cy) / back * min(16, length / 3)
    return f"M{x1:.1f} {y1:.1f}Q{cx:.1f} {cy:.1f} {ex:.1f} {ey:.1f}"
