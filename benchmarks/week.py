"""A week of cron on the replica campus: crawls and polls that overlap, kills, a clock that jumps, a disk that fills, a site that dies, one
that is rebuilt, one that goes quiet. After every run the archive verifies, the exit code is right, and what is said is one true sentence.

    ./run.sh bench week [--seed 1] [--polls 12]

The disk is filled on a small file system of its own (tmpfs); without the right to mount one that step is left out, and said.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from newsspider import vitals
from newsspider.archive import Archive, fixity, health, reading
from newsspider.demo import Campus
from newsspider.demo.exchange import Reply, Request, text
from newsspider.demo.site import Site

SITES = {"vsb": ("vsb", "vsb-notices"), "webplus": ("webplus",), "gbk": ("gbk",)}
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0")
NEW_FRONT = "<html><head><title>新版网站</title></head><body><h1>新版网站</h1><p>{}</p></body></html>".format(
    "网站改版，敬请期待。" * 20
)
MISTAKEN = "Traceback|Failure|Error:|<class|object at 0x"


class Rebuilt(Site):
    """A site whose columns stand elsewhere now: the old addresses answer with a page that lists nothing."""

    def __init__(self, before: Site) -> None:
        self.before = before

    def __getattr__(self, name: str) -> object:
        return getattr(self.before, name)

    def answer(self, request: Request) -> Reply:
        listing = request.path in self.before.seeds.values()
        return text(NEW_FRONT, kind="text/html; charset=utf-8") if listing else self.before.answer(request)


class Week:
    """Runs newsspider at the campus's time, and judges each run."""

    def __init__(self, campus: Campus, folder: Path, seed: int) -> None:
        self.campus, self.folder, self.dice = campus, folder, random.Random(seed)
        self.archive = folder / "archive.db"
        self.runs: list[tuple[str, int]] = []
        self.wrong: list[str] = []

    def start(self, *arguments: str, back: float = 0.0) -> subprocess.Popen[str]:
        """``back``: hours that the clock of this run is behind."""
        ahead = (self.campus.now - datetime.now(UTC)).total_seconds() - back * 3600
        asked = arguments[0] in ("crawl", "poll")
        more = (*FAST, "-s", f"CLOCK_OFFSET={ahead:.0f}") if asked else ()
        command = [sys.executable, "-m", "newsspider", *arguments, "--quiet", *more]
        return subprocess.Popen(
            command, cwd=self.folder, env=os.environ | {"NO_COLOR": "1"}, stderr=subprocess.PIPE, text=True
        )

    def end(self, what: str, process: subprocess.Popen[str], code: int | Sequence[int], says: str = "") -> None:
        """Waits for a run. ``says``: what its one sentence must match; empty: it must say nothing."""
        _, said = process.communicate()
        lines = said.strip().splitlines()
        codes = (code,) if isinstance(code, int) else code
        self.runs.append((what, process.returncode))
        print(f"{len(self.runs):>4} {what}: exit code {process.returncode}", file=sys.stderr)
        if process.returncode not in codes:
            self.wrong.append(f"{what}: exit code {process.returncode}, not {code}: {said.strip()[-300:]}")
        elif process.returncode == 0 and lines:
            self.wrong.append(f"{what}: all was well, and it said {lines[0]!r}")
        elif process.returncode and says and not re.search(says, said):
            self.wrong.append(f"{what}: it said {said.strip()[-300:]!r}, nothing of {says}")
        if re.search(MISTAKEN, said):
            self.wrong.append(f"{what}: it said {said.strip()[-300:]!r}")
        self.judge(what)

    def judge(self, what: str) -> None:
        if self.archive.exists() and self.archive.stat().st_size:
            with Archive(self.archive) as held:
                self.wrong += [f"after {what}: {one.what} {one.found}" for one in fixity.verify(held)][:3]

    def run(self, what: str, *arguments: str, code: int | Sequence[int] = 0, says: str = "", back: float = 0.0) -> None:
        self.end(what, self.start(*arguments, back=back), code, says)

    def day(
        self, polls: int, *, code: int = 0, says: str = "", publish: Sequence[str] = ("vsb", "webplus", "gbk")
    ) -> None:
        """A day without a kill: news, a crawl, polls of which some run while the crawl does."""
        for site in publish:
            self.campus.publish(site)
        self.campus.pass_time(2)
        crawl = self.start("crawl", "--all")
        poll = self.start("poll")
        self.end("poll beside a crawl", poll, (0, 3) if code == 3 else 0, says)
        self.end("crawl", crawl, code, says)
        for _ in range(polls):
            self.campus.advance(22 / polls)
            self.run("poll", "poll", code=(0, 3) if code == 3 else 0, says="counter|could not be read")

    def overlap(self) -> None:
        """Two crawls at once: one has the lock, the other says so."""
        self.campus.fail(".*", "slow", seconds=1.0)
        first = (
            self.start("crawl", "--all", "--revisit", "all") if self.archive.exists() else self.start("crawl", "--all")
        )
        lock = self.folder / "archive.db.crawl.lock"
        while not lock.exists() and first.poll() is None:
            time.sleep(0.02)
        self.run("second crawl", "crawl", "--all", code=75, says=r"another crawl .* is running")
        self.campus.mend()
        self.end("first crawl", first, 0)

    def rhythm(self, site: str) -> int:
        """The days that the site may be quiet, as its own past has it."""
        with Archive(self.archive) as held:
            days = [date.fromisoformat(day) for day in health.days(held.conn, site)]
        return vitals.allowed(days, self.campus.now.date()) or 30

    def kill(self, times: int) -> None:
        for _ in range(times):
            self.campus.publish("vsb")
            self.campus.advance(3)
            victim = self.start("crawl", "--all", "--revisit", "all")
            try:
                victim.wait(timeout=self.dice.uniform(0.5, 3.0))
            except subprocess.TimeoutExpired:
                victim.kill()
            self.end("killed crawl", victim, (-signal.SIGKILL, 0))
            self.run("crawl after a kill", "crawl", "--all")

    def stop(self) -> None:
        """SIGTERM: what is under way ends, and that is no failure."""
        self.campus.fail(".*", "slow", seconds=1.0)
        process = self.start("crawl", "--all", "--revisit", "all")
        before = len(self.campus.log.visits)
        while len(self.campus.log.visits) < before + 5 and process.poll() is None:
            time.sleep(0.02)
        process.terminate()
        self.end("crawl that was told to stop", process, 0)
        self.campus.mend()
        with Archive(self.archive) as held:
            reasons = {row["reason"] for row in reading.sites(held)}
        if "shutdown" not in reasons:
            self.wrong.append(f"crawl that was told to stop: the archive knows of no signal, but of {reasons}")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of 64 MB; None where that may not be mounted."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(week: Week) -> None:
    """The disk is full when a crawl begins; when there is room again, the next one goes on."""
    ballast = week.folder / "ballast"
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(bytes(2**16))
                file.flush()
        except OSError:
            pass
    week.campus.advance(24 * 40)
    for _ in range(3):
        week.campus.publish("vsb")
    week.run("crawl on a full disk", "crawl", "--all", "--revisit", "all", "--assets", code=1, says="no room left")
    ballast.unlink()
    week.run("crawl with room again", "crawl", "--all")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--polls", type=int, default=12, help="polls a day")
    args = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name, small_disk(Path(name)) as disk, Campus() as campus:
        folder = Path(name)
        (folder / "sites").mkdir()
        for site, seeds in SITES.items():
            listings = json.dumps([campus.urls[seed] for seed in seeds])
            (folder / "sites" / f"{site}.toml").write_text(f'timezone = "Asia/Shanghai"\nlistings = {listings}\n')
        week = Week(campus, folder, args.seed)
        try:
            _seven_days(week, args.polls, disk is not None)
        finally:
            _tell(week, time.monotonic() - began)
        if disk is None:
            print("the disk was not filled: a file system could not be mounted")
    sys.exit(1 if week.wrong else 0)


def _tell(week: Week, seconds: float) -> None:
    for run in sorted(set(week.runs)):
        print(f"{week.runs.count(run):>4} × {run[0]}: exit code {run[1]}")
    print(f"{len(week.runs)} runs in {seconds:.0f} s; what was not as it should be: {len(week.wrong) or 'nothing'}")
    for line in week.wrong:
        print(f"  {line}")


def _seven_days(week: Week, polls: int, disk: bool) -> None:
    campus = week.campus
    week.overlap()
    week.day(polls)  # Monday
    week.kill(5)
    week.day(polls)  # Tuesday
    week.stop()
    week.day(polls)  # Wednesday
    week.run("crawl with the clock three days back", "crawl", "--all", "--revisit", "all", back=72)
    week.run("poll with the clock three days back", "poll", "--all", back=72)
    week.day(polls)  # Thursday: the clock is right again
    campus.fail(".*", "drop", site="webplus")
    week.day(
        polls, code=3, says=r"webplus: http\S+ could not be read: ", publish=("vsb", "gbk")
    )  # Friday: a site is dead
    campus.mend()
    week.day(polls)  # Saturday
    before = campus.sites["vsb"]
    campus.sites["vsb"] = Rebuilt(before)
    week.run(
        "crawl of a site that was rebuilt",
        "crawl",
        "--all",
        code=4,
        says=r"vsb: \S+ .*answered without entries.*was the site rebuilt",
    )
    campus.sites["vsb"] = before
    week.day(polls)  # Sunday
    campus.advance(24 * (week.rhythm("gbk") + 3))  # gbk is quiet, the others are not
    for site in ("vsb", "webplus"):
        campus.publish(site)
    week.run("crawl of a site that went quiet", "crawl", "--all", code=4, says=r"gbk: nothing new since \S+, \d+ days")
    campus.publish("gbk")
    week.run("crawl of a site that speaks again", "crawl", "--all")
    if disk:
        fill(week)
    week.run("verify", "verify")


if __name__ == "__main__":
    main()
