"""The command line in a process of its own that need not import and work out anew what every run does (`newsspider.cli.warm`)."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing import forkserver
from pathlib import Path

from newsspider.cli import VERBS

SERVER = multiprocessing.get_context("forkserver")
LOADED = ["newsspider.cli.warm", *(f"newsspider.cli.{verb}" for verb in sorted({*VERBS.values()}))]


def start() -> None:
    """The fork server, with all modules loaded. A process has but one, and who starts it says what it loads: others call this first."""
    SERVER.set_forkserver_preload(LOADED)
    forkserver.ensure_running()


def run(
    arguments: list[str], folder: Path, environment: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    start()
    with tempfile.TemporaryDirectory() as said:
        out, err = Path(said, "out"), Path(said, "err")
        process = SERVER.Process(target=_main, args=(arguments, folder, dict(environment), out, err))
        process.start()
        process.join(timeout)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(arguments, timeout)
        code = process.exitcode
        process.close()
        return subprocess.CompletedProcess(arguments, code or 0, out.read_text(), err.read_text())


def _main(arguments: list[str], folder: Path, environment: Mapping[str, str], out: Path, err: Path) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for path, number in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["newsspider", *arguments]
    from newsspider import settings
    from newsspider.cli import main

    settings.READ_BESIDE = False  # a crawl of a test is over before another process could help to read
    main(arguments)
