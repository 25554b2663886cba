"""What came of a run, site by site: a line each, one JSON object, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from newsspider.archive import ArchiveError
from newsspider.cli import scheduled
from newsspider.cli.words import amount

OUTCOMES = ("new", "changed", "revisit", "gone", "failed")
STOPPED = {"shutdown": "a signal", "max-time": "--max-time", "closespider_timeout": "CLOSESPIDER_TIMEOUT"}
UNBEGUN = "not begun"


@dataclass
class Run:
    """What came of the spider of one site."""

    site: str
    found: dict[str, int] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)  # listings and counters, and why
    stuck: dict[str, str] = field(default_factory=dict)  # listings that go on where we cannot follow, and why
    unplanned: dict[str, int] = field(default_factory=dict)  # requests of a poll beyond its plan, by host
    reason: str = ""
    requests: int = 0
    crashes: int = 0
    broken: ArchiveError | None = None
    health: list[str] = field(default_factory=list)  # what is not as it was in earlier runs, a sentence each
    notes: list[str] = field(default_factory=list)  # what the run went on in spite of
    emptied: frozenset[str] = frozenset()  # those of ``unread`` that answered: ``health`` says what is wrong with them

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop before it was done: not a failure, the next run goes on."""
        return self.reason in STOPPED or self.reason == UNBEGUN

    @property
    def failed(self) -> bool:
        return bool(self.unread.keys() - self.emptied) or not (self.stopped or self.reason == "finished")

    @property
    def code(self) -> int:
        return 1 if self.crashes else 3 if self.failed else 4 if self.health else 0


def conclude(
    runs: Sequence[Run],
    as_json: bool,
    quiet: bool,
    *,
    kind: str = "crawl",
    files: Sequence[str] = (),
    seconds: float = 0.0,
) -> int:
    """Tells what came of the runs, and of site files that cannot be used (``files``, a sentence each); the exit code."""
    for line in files:
        scheduled.say(line)
    for run in runs:
        _tell(run, shown=not quiet and not as_json)
    broken = next((run.broken for run in runs if run.broken), None)
    code = 1 if broken else exit_code([run.code for run in runs] + [3] * bool(files))
    if as_json:
        click.echo(json.dumps(plain(runs, kind, files, code, seconds), ensure_ascii=False))
    if broken:
        raise broken
    return code


def exit_code(codes: Sequence[int]) -> int:
    """The worst of some: a crash, then a site that failed, then a health check."""
    return next((code for code in (1, 3, 4) if code in codes), 0)


def _tell(run: Run, shown: bool) -> None:
    if run.reason == UNBEGUN:
        scheduled.say(f"{run.site}: not begun, the run was stopped before; the next one does it", shown=shown)
        return
    requests = f" ({amount(run.requests, 'request')})"
    scheduled.say(f"{run.site}: {_headline(run)}{requests}", shown=shown)
    for url, why in run.unread.items():
        if url not in run.emptied:
            scheduled.say(f"{run.site}: {url} could not be read: {why}")
    for url, why in run.stuck.items():
        scheduled.say(f"{run.site}: {url}: {why}", shown=shown)
    for sentence in run.notes:
        scheduled.say(f"{run.site}: {sentence}", shown=shown)
    for sentence in run.health:
        scheduled.say(f"{run.site}: {sentence}")
    if run.crashes:
        scheduled.say(
            f"{run.site}: newsspider crashed on {amount(run.crashes, 'page')}, which stay in the archive; -v shows where, please report it"
        )
    if run.stopped:
        scheduled.say(f"{run.site}: stopped by {STOPPED[run.reason]}; the next run goes on from here", shown=shown)
    elif run.reason != "finished" and not run.broken:
        scheduled.say(f"{run.site}: stopped early ({run.reason}); run it again to go on")


def _headline(run: Run) -> str:
    """A site that could not be read is never one with nothing new."""
    told = summary(run.found)
    if run.broken:
        return "failed"
    if run.stopped and told == NOTHING:
        return "nothing read yet"
    if run.failed and not any(run.found.get(name) for name in (*OUTCOMES[:4], "counts")):
        return f"failed{'' if told == NOTHING else f'; {told}'}"
    return told


NOTHING = "nothing new"


def summary(found: dict[str, int]) -> str:
    """``33 new, 2 changed, 4 failed; 33 counts; 12 files, 1 file failed``."""
    outcomes = [f"{found[name]:,} {name}" for name in OUTCOMES if found.get(name)]
    counts = amount(found["counts"], "count") if found.get("counts") else ""
    files = sum(found.get(f"file {outcome}", 0) for outcome in ("new", "changed", "revisit"))
    vain = found.get("file failed", 0)
    assets = ", ".join(
        filter(None, [amount(files, "file") if files else "", f"{amount(vain, 'file')} failed" if vain else ""])
    )
    return "; ".join(filter(None, [", ".join(outcomes), counts, assets])) or NOTHING


def plain(runs: Sequence[Run], kind: str, files: Sequence[str], code: int, seconds: float) -> dict[str, Any]:
    """For ``--json``: the same keys after every run, zeros included; each total is the sum of the sites'."""
    sites = [_plain(run) for run in runs]
    totals = {name: sum(site[name] for site in sites) for name in (*TALLIES, "requests")}
    stopped = next((run.reason for run in runs if run.stopped and run.reason != UNBEGUN), None)
    return {
        "kind": kind,
        "exit_code": code,
        "seconds": round(seconds, 1),
        "stopped": stopped,
        **totals,
        "failed_sites": [run.site for run in runs if run.failed or run.crashes],
        "site_files": list(files),
        "sites": sites,
    }


TALLIES = {
    **{name: (name,) for name in OUTCOMES},
    "counts": ("counts",),
    "counters_failed": ("counter failed",),
    "listings": ("listing new", "listing changed", "listing revisit"),
    "listings_failed": ("listing failed",),
    "files": ("file new", "file changed", "file revisit"),
    "files_failed": ("file failed",),
}


def _plain(run: Run) -> dict[str, Any]:
    return {
        "site": run.site,
        "exit_code": 1 if run.broken else run.code,
        "reason": run.reason,
        **{name: sum(run.found.get(key, 0) for key in keys) for name, keys in TALLIES.items()},
        "requests": run.requests,
        "crashes": run.crashes,
        "unread": run.unread,
        "stuck": run.stuck,
        "notes": run.notes,
        "health": run.health,
    }
