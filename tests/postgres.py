"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on a loopback port, from Debian's package."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self


def programs() -> Path | None:
    """The folder of initdb and postgres; installed by apt where one may; None: not to be had here."""
    if (found := _programs()) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
            "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        }
        for command in ("apt-get update", "apt-get install --yes --no-install-recommends postgresql"):
            subprocess.run(command.split(), check=False, **quiet)  # type: ignore[call-overload]
        found = _programs()
    return found


def _programs() -> Path | None:
    beside = shutil.which("initdb")
    folders = [
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
        *([Path(beside).resolve().parent] if beside else []),
    ]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class Postgres:
    """A context manager. It trusts whoever connects, listens on loopback alone, and does not run as root."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.dsn = f"postgresql://{self.user}@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)
        self._do("initdb", "-D", self.data, "-A", "trust", "-U", self.user, "--no-sync", "-E", "UTF8", "--locale", "C")
        self.start()
        return self

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        """While a process of one that was killed is left, a new one ends at once: it is tried again."""
        for _ in range(20):
            if self._started():
                return
            time.sleep(0.5)
        raise RuntimeError(f"PostgreSQL ended with {self.server.returncode}")

    def _started(self) -> bool:
        options = (
            "fsync=off",
            "max_connections=200",
            f"unix_socket_directories={self.folder}",
            "listen_addresses=127.0.0.1",
        )
        self.server = subprocess.Popen(
            [
                str(self.programs / "postgres"),
                "-D",
                self.data,
                "-p",
                str(self.port),
                *(f"-c{option}" for option in options),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            start_new_session=True,
            **self._as(),
        )
        for _ in range(4000):  # after a kill it goes through its log first
            if self.server.poll() is not None:
                return False
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.port)) == 0 and self._ready():
                    return True
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def _ready(self) -> bool:
        command = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0

    def kill(self) -> None:
        """As a power cut would."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.terminate()
        try:
            self.server.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()

    def _do(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.programs / program), *arguments], check=True, capture_output=True, cwd=self.folder, **self._as()
        )

    def _as(self) -> dict[str, str]:
        return {"user": self.user, "group": self.user} if os.geteuid() == 0 else {}
