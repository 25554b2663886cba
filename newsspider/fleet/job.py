"""A job: one command of newsspider in a process of its own, and what came of it."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAID = 2000  # characters of stderr that are kept
GRACE = 1 / 3  # of a lease that a command has to end in after SIGTERM
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """``summary`` is what the command printed under ``--json``; None: nothing that reads as JSON."""

    exit_code: int
    summary: Any
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Shard:
    """The folder of a shard: ``NAME.db`` for each site, ``sites/NAME.toml`` beside them, and where backups go and the lake is.

    ``settings`` are handed to crawl and poll as ``-s``.
    """

    number: int
    folder: Path
    backups: str | None = None
    lake: str | None = None
    settings: Sequence[str] = ()

    def archive(self, site: str) -> Path:
        return self.folder / f"{site}.db"

    def define(self, site: str, definition: str) -> None:
        """Writes a site's file where `newsspider crawl` looks for it."""
        path = self.folder / "sites" / f"{site}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != definition:
            part = path.with_suffix(".part")
            part.write_text(definition, encoding="utf-8")
            part.replace(path)

    def command(self, kind: str, site: str) -> list[str]:
        """The command line of a job. Raises ValueError for work that this shard was not told how to do."""
        archive = ["--archive", str(self.archive(site))]
        options = [part for setting in self.settings for part in ("-s", setting)]
        match kind:
            case "crawl":
                return ["crawl", site, *archive, "--json", "--quiet", *options]
            case "poll":
                return ["poll", *archive, "--json", "--quiet", *options]
            case "verify":
                return ["verify", *archive, "--json", "--quiet"]
            case "backup" if self.backups:
                return ["backup", self.backups, *archive, "--quiet"]
            case "lake" if self.lake:
                return ["lake", self.lake, *archive, "--json", "--quiet"]
        raise ValueError(f"this worker was not told where a {kind} goes; start it with --{kind} DIR")


async def run(arguments: Sequence[str], lost: asyncio.Event, grace: float) -> Outcome:
    """Runs a command of newsspider to its end; SIGTERM where ``lost`` is set, so that it stores what it has and ends.

    ``grace``: seconds from SIGTERM to SIGKILL.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "newsspider", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # a Ctrl-C at the worker is the worker's alone
        preexec_fn=_ends_with_the_worker,
        env={**os.environ, "NO_COLOR": "1"},
    )
    watch = asyncio.create_task(_end_when(lost, process, grace))
    try:
        out, said = await process.communicate()
    except asyncio.CancelledError:
        await _end(process, grace)
        raise
    finally:
        watch.cancel()
    assert process.returncode is not None
    return Outcome(
        exit_code=process.returncode,
        summary=_json(out.decode(errors="replace")),
        said=said.decode(errors="replace").strip()[-SAID:],
    )


def _ends_with_the_worker() -> None:
    """In the child, before it begins: a worker that is killed takes its commands with it, so that no host is met by two."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


async def _end_when(lost: asyncio.Event, process: asyncio.subprocess.Process, grace: float) -> None:
    await lost.wait()
    await _end(process, grace)


async def _end(process: asyncio.subprocess.Process, grace: float) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), grace)
    except TimeoutError:
        process.kill()


def _json(printed: str) -> Any:
    try:
        return json.loads(printed)
    except ValueError:
        return None
