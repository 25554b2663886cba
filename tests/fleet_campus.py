"""Replica sites for a fleet: so many hosts on loopback, two sites each, and the log of what was asked of them."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from newsspider.demo.exchange import Reply, Request
from newsspider.demo.server import Door, Log
from newsspider.demo.vsb import Vsb
from newsspider.demo.world import World


class FleetCampus:
    """A context manager. Each host serves one campus site; its two columns are two sites of the fleet."""

    def __init__(self, hosts: int) -> None:
        self.log = Log()
        self.doors = [
            Door((f"127.0.1.{number}", 0), f"host-{number}", self._answers(), self.log)
            for number in range(1, hosts + 1)
        ]

    def _answers(self):
        site, lock = Vsb(World()), threading.Lock()

        def answer(name: str, request: Request) -> Reply:
            with lock:
                return site.answer(request)

        return answer

    def __enter__(self) -> Self:
        for door in self.doors:
            door.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for door in self.doors:
            door.close()

    def write(self, folder: Path) -> list[Path]:
        """A site file for each column of each host."""
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for door in self.doors:
            for seed, path in Vsb.seeds.items():
                file = folder / f"{door.site}-{seed}.toml"
                file.write_text(f'timezone = "Asia/Shanghai"\nlistings = ["{door.origin}{path}"]\n')
                files.append(file)
        return files
