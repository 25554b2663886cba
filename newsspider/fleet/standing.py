"""How a fleet stands: by shard, and what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from newsspider.fleet import plan
from newsspider.items import instant


@dataclass(frozen=True, kw_only=True, slots=True)
class Shard:
    """``due``: past their time, whether they wait or not; ``late``: by ten minutes or more; ``latest``: seconds of the latest."""

    number: int
    sites: int
    due: int
    waiting: int
    running: int
    failed: int
    late: int
    latest: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """Work that failed when it was last done."""

    site: str
    shard: int
    kind: str
    exit_code: int
    finished_at: str
    failures: int
    due_at: str
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """``last_at``: when a job last ended; ``next_at``: when the next falls due."""

    at: str
    last_at: str | None
    next_at: str | None
    workers: int
    sites: int
    shards: Sequence[Shard]
    moving: Sequence[str]
    troubles: Sequence[Trouble]


def of(rows: Sequence[dict[str, Any]], workers: int, now: datetime) -> Standing:
    """From the rows of `Database.standing`."""
    numbers = sorted({row["shard"] for row in rows})
    ended = [row["finished_at"] for row in rows if row["finished_at"]]
    ahead = [row["due_at"] for row in rows if row["due_at"] > now]
    return Standing(
        at=instant(now),
        last_at=instant(max(ended)) if ended else None,
        next_at=instant(min(ahead)) if ahead else None,
        workers=workers,
        sites=len({row["site"] for row in rows}),
        shards=[_shard(number, [row for row in rows if row["shard"] == number]) for number in numbers],
        moving=sorted({row["site"] for row in rows if row["moving_to"] is not None}),
        troubles=[_trouble(row) for row in rows if row["failures"] and plan.failed(row["exit_code"])],
    )


def _shard(number: int, rows: Sequence[dict[str, Any]]) -> Shard:
    late = [row["late"] for row in rows if row["status"] != "doing" and row["late"] >= 600]
    return Shard(
        number=number,
        sites=len({row["site"] for row in rows}),
        due=sum(row["late"] > 0 and row["status"] != "doing" for row in rows),
        waiting=sum(row["status"] == "todo" for row in rows),
        running=sum(row["status"] == "doing" for row in rows),
        failed=sum(bool(row["failures"]) for row in rows),
        late=len(late),
        latest=int(max(late, default=0)),
    )


def _trouble(row: dict[str, Any]) -> Trouble:
    return Trouble(
        site=row["site"],
        shard=row["shard"],
        kind=row["kind"],
        exit_code=row["exit_code"],
        finished_at=instant(row["finished_at"]),
        failures=row["failures"],
        due_at=instant(row["due_at"]),
        said=row["said"] or "",
    )


def plain(standing: Standing) -> dict[str, Any]:
    return asdict(standing)


def text(standing: Standing) -> str:
    """For a terminal of 80 columns."""
    lines = [
        head(standing),
        "",
        f"{'shard':>5} {'sites':>6} {'due':>6} {'waiting':>8} {'running':>8} {'failed':>7} {'late':>6}  latest",
    ]
    lines += [
        f"{s.number:>5} {s.sites:>6} {s.due:>6} {s.waiting:>8} {s.running:>8} {s.failed:>7} {s.late:>6}  {duration(s.latest)}"
        for s in standing.shards
    ]
    if not standing.shards:
        lines = ["no sites yet; `newsspider fleet add FILE…` adds some"]
    if standing.moving:
        lines.append(f"being moved: {', '.join(standing.moving)}")
    for t in standing.troubles:
        lines.append(
            f"{t.site} (shard {t.shard}): {t.kind} failed {times(t.failures)}, exit {t.exit_code}; again at {t.due_at}"
        )
        lines += [f"    {line}" for line in t.said.splitlines()[-2:]]
    if not standing.workers:
        lines.append("no worker is alive; `newsspider fleet work --shard N --folder DIR` starts one")
    return "\n".join(lines)


def head(standing: Standing) -> str:
    counted = ((standing.sites, "site"), (standing.workers, "worker"))
    said = [f"{number} {name}{'' if number == 1 else 's'}" for number, name in counted]
    said.append(f"last job ended at {standing.last_at}" if standing.last_at else "no job has ended yet")
    if standing.next_at:
        said.append(f"next due at {standing.next_at}")
    return " · ".join(said)


def duration(seconds: int) -> str:
    """
    >>> duration(0), duration(700), duration(90_000)
    ('-', '12 min', '25 h')
    """
    if not seconds:
        return "-"
    return f"{round(seconds / 60)} min" if seconds < 2 * 3600 else f"{round(seconds / 3600)} h"


def times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def page(standing: Standing) -> str:
    """One HTML page that asks for nothing from outside."""
    from jinja2 import Environment, PackageLoader

    made = Environment(
        loader=PackageLoader("newsspider.fleet", "."), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return made.get_template("status.html").render(standing=standing, duration=duration, times=times, head=head)
