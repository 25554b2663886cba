"""What a fleet carries: the queue, a job, the way back after kills, and a year of three thousand sites.

    ./run.sh bench fleet queue [--sites 3000]     small jobs a second through PostgreSQL and Procrastinate
    ./run.sh bench fleet job [--jobs 40]          what a job costs beside the command that it runs
    ./run.sh bench fleet kills [--hosts 10] [--workers 4]
                                                  two sites a host; workers killed in mid-crawl and mid-poll, PostgreSQL killed, two
                                                  planners, a worker whose clock is an hour ahead: exit 1 where anything is lost,
                                                  done twice, or a host is met by two
    ./run.sh bench fleet year [--start S --page S]
                                                  a simulation; the seconds of processor time that a command takes to start
                                                  and a page takes to read are what `job` and `bench crawl` measure

Needs PostgreSQL, as the tests do, for all but `year`; `kills` also Debian's package faketime.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import postgres
from fleet_campus import FleetCampus
from postgres import Postgres

DAY = 86400.0


@contextmanager
def server() -> Iterator[tuple[Postgres, Path]]:
    programs = postgres.programs()
    if programs is None:
        sys.exit("PostgreSQL is not here, and apt-get could not install it")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        with Postgres(programs, folder / "postgres") as running:
            yield running, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fleet(dsn: str, *arguments: object) -> str:
    return subprocess.run(
        [sys.executable, "-m", "newsspider", "fleet", *map(str, arguments)],
        env={**os.environ, "NEWSSPIDER_DSN": dsn}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def asked(dsn: str, sql: str) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as conn:
        cursor = conn.execute(sql)
        return cursor.fetchall() if cursor.description else []


# The queue


def queue(sites: int) -> None:
    """Polls that do nothing, of so many sites on as many hosts: queued by one planner, done by one worker of 20 seats."""
    with server() as (running, folder):
        fleet(running.dsn, "init")
        asked(
            running.dsn,
            "INSERT INTO fleet_site (name, definition, hosts, host, shard)"
            f" SELECT 's' || n, '', ARRAY['h' || n], 'h' || n, 1 FROM generate_series(1, {sites}) n",
        )
        asked(
            running.dsn,
            "INSERT INTO fleet_due (site, kind, every) SELECT name, 'poll', interval '10 minutes' FROM fleet_site",
        )
        queued, done = asyncio.run(_queue(running.dsn, folder))
    print(f"queued: {sites / queued:,.0f} jobs a second; done: {sites / done:,.0f} a second ({sites:,} jobs)")


async def _queue(dsn: str, folder: Path) -> tuple[float, float]:
    from newsspider.fleet import job, work
    from newsspider.fleet.database import Database

    async def nothing(*_: object) -> job.Outcome:
        return job.Outcome(exit_code=0, summary={"counts": 0}, said="")

    job.run, work._next_poll = nothing, lambda archive: timedelta(hours=1)  # type: ignore[assignment]
    async with Database(dsn, 26) as database:
        place = job.Shard(number=1, folder=folder)
        for row in await database.sites():
            place.archive(row["name"]).touch()
        one = work.Fleet(database, place)
        start = time.perf_counter()
        await one.plan()
        queued = time.perf_counter() - start
        working = asyncio.create_task(one.work(20))
        start = time.perf_counter()
        while (await database.rows("SELECT count(*) AS left FROM procrastinate_jobs WHERE task_name = 'run'"))[0][
            "left"
        ]:
            await asyncio.sleep(0.1)
        done = time.perf_counter() - start
        os.kill(os.getpid(), 15)
        await working
    return queued, done


def job(jobs: int) -> None:
    """Polls of archives where nothing is due: as commands, and as jobs of one worker with one seat."""
    from newsspider.archive import Archive

    with server() as (running, folder), FleetCampus((jobs + 1) // 2) as campus:
        fleet(running.dsn, "init")
        files = campus.write(folder / "files")[:jobs]
        fleet(running.dsn, "add", *files)
        (folder / "sites").mkdir()
        for file in files:
            Archive(folder / "sites" / f"{file.stem}.db", write=True).close()
        command = [sys.executable, "-m", "newsspider", "poll", "--json", "--quiet", "--archive"]
        alone = [_timed([*command, str(folder / "sites" / f"{file.stem}.db")]) for file in files]
        asked(
            running.dsn,
            "UPDATE fleet_due SET due_at = CASE kind WHEN 'poll' THEN now() ELSE now() + interval '1 day' END",
        )
        fleet(running.dsn, "plan")
        worker = start_worker(running.dsn, folder, "--concurrency", "1")
        wait_for(lambda: not asked(running.dsn, "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'run'"))
        worker.terminate()
        worker.wait()
        began, ended = asked(running.dsn, "SELECT min(started_at), max(finished_at) FROM fleet_run")[0]
    wall, cpu = (statistics.median(values) for values in zip(*alone, strict=True))
    each = (ended - began).total_seconds() / jobs
    print(
        f"the command alone: {wall:.2f} s, {cpu:.2f} s of processor time; as a job {each:.2f} s: {each / wall:.2f} times"
    )


def _timed(command: list[str]) -> tuple[float, float]:
    start, before = time.perf_counter(), os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return time.perf_counter() - start, cpu


# Kills


LEASE = 20  # seconds


def start_worker(dsn: str, folder: Path, *options: str, **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "newsspider", "fleet", "work", "--shard", "1", "--folder", str(folder / "sites")]
    return subprocess.Popen(
        [*command, "--lease", str(LEASE), *options],
        env={**os.environ, "NEWSSPIDER_DSN": dsn, **environment}, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def wait_for(condition: Callable[[], object], seconds: float = 900) -> float:
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > seconds:
            sys.exit("it did not come to an end")
        time.sleep(0.2)
    return time.monotonic() - start


def kills(hosts: int, workers: int) -> None:
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        subprocess.run(
            ["apt-get", "install", "--yes", "--no-install-recommends", "faketime"], check=False, capture_output=True
        )
        library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    ahead = {"LD_PRELOAD": str(library), "FAKETIME": "+1h", "FAKETIME_DONT_FAKE_MONOTONIC": "1"} if library else {}
    print("one worker's clock is an hour ahead" if library else "no faketime here: all clocks are right")
    with server() as (running, folder), FleetCampus(hosts) as campus:
        dsn = running.dsn
        settled = (
            "SELECT 1 FROM fleet_due WHERE kind = '{}' AND due_at <= now()"
            " UNION ALL SELECT 1 FROM procrastinate_jobs WHERE task_name = 'run' AND status IN ('todo', 'doing')"
        )
        fleet(dsn, "init")
        files = campus.write(folder / "files")
        fleet(dsn, "add", *files)
        polite = ("-s", "DOWNLOAD_DELAY=0.2", "-s", "DOWNLOAD_DELAY_JITTER=0")
        running_workers = [start_worker(dsn, folder, *polite, **(ahead if n == 0 else {})) for n in range(workers)]
        planners = [subprocess.Popen([sys.executable, "-m", "newsspider", "fleet", "plan", "--quiet"],
                                     env={**os.environ, "NEWSSPIDER_DSN": dsn}, stdout=subprocess.DEVNULL) for _ in range(2)]  # fmt: skip
        try:
            wait_for(lambda: len(campus.log.of(kind="page")) > 10 * hosts)
            print("killed in mid-crawl:", _kill_one(dsn, running_workers))
            running_workers.append(start_worker(dsn, folder, *polite))
            wait_for(lambda: len(campus.log.of(kind="page")) > 20 * hosts)
            running.kill()
            time.sleep(LEASE)
            running.start()
            returned = asked(dsn, "SELECT now()")[0][0]
            back = wait_for(lambda: asked(dsn, f"SELECT 1 FROM fleet_run WHERE started_at > '{returned}'"))
            print(
                f"PostgreSQL was away for {LEASE} s; jobs begin again {back:.0f} s after it came back (the lease is {LEASE} s)"
            )
            wait_for(lambda: not asked(dsn, settled.format("crawl")))
            polls = ("-s", "DOWNLOAD_DELAY=0.2", "-s", "DOWNLOAD_DELAY_JITTER=0", "-s", "CLOCK_OFFSET=172800")
            for worker in running_workers:
                worker.terminate()
            print("workers ended with", {worker.wait() for worker in running_workers})
            running_workers[:] = [start_worker(dsn, folder, *polls) for _ in range(workers)]
            asked(dsn, "UPDATE fleet_due SET due_at = now() WHERE kind = 'poll'")
            before = len(campus.log.of(kind="counter"))
            wait_for(lambda: len(campus.log.of(kind="counter")) > before + 3)
            print("killed in mid-poll:", _kill_one(dsn, running_workers))
            running_workers.append(start_worker(dsn, folder, *polls))
            wait_for(lambda: not asked(dsn, settled.format("poll")))
        finally:
            for process in [*running_workers, *planners]:
                process.terminate()
                process.wait()
        wrong = list(_wrong(dsn, folder, campus, len(files)))
    print(
        "\n".join(wrong)
        or f"{len(files)} sites on {hosts} hosts: nothing lost, nothing twice, no host met by two, all archives verify"
    )
    sys.exit(bool(wrong))


def _kill_one(dsn: str, workers: list[subprocess.Popen[bytes]]) -> int:
    """Kills a worker that has a job."""
    pids = {str(worker.pid): worker for worker in workers if worker.poll() is None}
    for (name,) in asked(dsn, "SELECT worker FROM fleet_run WHERE finished_at IS NULL ORDER BY id DESC"):
        if worker := pids.get(name.rpartition(":")[2]):
            worker.kill()
            worker.wait()
            return worker.pid
    return 0


def _wrong(dsn: str, folder: Path, campus: FleetCampus, sites: int) -> Iterator[str]:
    held: dict[str, set[tuple[int, ...]]] = {}
    archives = sorted((folder / "sites").glob("*.db"))
    if len(archives) != sites:
        yield f"{len(archives)} archives of {sites} sites"
    for path in archives:
        if subprocess.run(
            [sys.executable, "-m", "newsspider", "verify", "--quiet", "--archive", path], check=False
        ).returncode:
            yield f"{path.name} does not verify"
        with sqlite3.connect(path) as conn:
            found = conn.execute(
                "SELECT count(*), count(views), count(DISTINCT url) FROM article WHERE kind = 'article'"
            ).fetchone()
            polled = conn.execute(
                "SELECT count(*) FROM (SELECT 1 FROM view_observation GROUP BY article_id HAVING count(*) > 1)"
            )
            found += (polled.fetchone()[0],)  # what is due in two days, the same on each host
        conn.close()
        held.setdefault(path.stem.partition("-vsb")[2], set()).add(found)
    for column, counts in held.items():
        if len(counts) > 1 or len(set(next(iter(counts))[:3])) > 1:
            yield f"column {column or 'vsb'}: articles, counts, addresses and polls differ between hosts: {counts}"
    for host, most in campus.log.most.items():
        if most > 1:
            yield f"{host} had {most} requests in flight"
    for door in campus.doors:
        gaps = campus.log.gaps(door.site)
        if statistics.median(gaps) < 0.18:
            yield f"{door.site}: half the gaps are under {statistics.median(gaps):.2f} s; 0.2 were to be kept"
    for first, second in asked(
        dsn,
        "SELECT a.id, b.id FROM fleet_run a JOIN fleet_site s ON s.name = a.site JOIN fleet_run b ON b.id > a.id"
        " JOIN fleet_site t ON t.name = b.site AND t.host = s.host"
        " WHERE a.finished_at IS NOT NULL AND b.started_at < a.finished_at AND b.exit_code <> 75",
    ):
        yield f"runs {first} and {second} were on one host at once"
    for site, kind, code, said in asked(
        dsn, "SELECT site, kind, exit_code, said FROM fleet_run WHERE exit_code NOT IN (0, 75)"
    ):
        yield f"{site}: {kind} ended with {code}: {said}"


# A year


@dataclass
class SiteModel:
    articles: int
    host: int

    @property
    def new(self) -> float:
        """Articles a day: its articles came in ten years."""
        return self.articles / 3650

    @property
    def crawl_requests(self) -> float:
        """robots.txt, three listings, what is new, and the looks that schedule.REVISITS asks for in a crawl a day."""
        return 4 + self.new * (1 + 1 + 7 + 8 + 11) + self.articles / 360

    @property
    def polls(self) -> float:
        """A day: 24 with 500 articles and 52 with 3,000, as docs/polling.md measures."""
        return 24 * (self.articles / 500) ** 0.43


def shard(sites: int, seats: int, cores: int, start: float, page: float, days: int, seed: int = 1) -> dict[str, float]:
    """A shard for so many days: its jobs in order of their due times, as many at once as there are seats, one a host.

    Each request takes a second of waiting (the polite delay), each command ``start`` and each page ``page`` seconds of one core.
    Processor time is shared: where more commands want it than there are cores, all take longer.
    """
    dice = random.Random(seed)
    models = [
        SiteModel(int(min(20000, max(50, dice.lognormvariate(7, 1)))), dice.randrange(max(1, int(sites * 0.8))))
        for _ in range(sites)
    ]
    events: list[tuple[float, int, str]] = []
    for number in range(sites):
        heapq.heappush(events, (dice.random() * DAY, number, "crawl"))
        heapq.heappush(events, (dice.random() * 3600, number, "poll"))
    waiting: deque[tuple[float, int, str]] = deque()
    ends: list[tuple[float, int, float, int, str]] = []
    busy_hosts: set[int] = set()
    late: list[float] = []
    requests = processor = bound = busy = 0.0
    now = 0.0
    while now < days * DAY:
        now = min(events[0][0] if events else ends[0][0], ends[0][0] if ends else events[0][0])
        while events and events[0][0] <= now:
            waiting.append(heapq.heappop(events))
        while ends and ends[0][0] <= now:
            _, number, due, _, kind = heapq.heappop(ends)
            busy_hosts.discard(models[number].host)
            again = DAY if kind == "crawl" else dice.expovariate(models[number].polls / DAY)
            heapq.heappush(events, (now + max(600.0, again), number, kind))
        for _ in range(len(waiting)):
            if len(ends) >= seats:
                break
            due, number, kind = waiting.popleft()
            model = models[number]
            if model.host in busy_hosts:
                waiting.append((due, number, kind))
                continue
            asked = model.crawl_requests if kind == "crawl" else 2.0
            cpu = start + page * asked
            length = asked + cpu * max(1.0, (len(ends) + 1) * cpu / (asked + cpu) / cores)
            late.append(now - due)
            requests, processor, busy = requests + asked, processor + cpu, busy + length
            bound = max(bound, now - due)
            busy_hosts.add(model.host)
            heapq.heappush(ends, (now + length, number, due, len(late), kind))
    late.sort()
    return {
        "jobs a day": len(late) / days, "requests a day": requests / days, "seats busy": busy / (seats * days * DAY),
        "cores busy": processor / (cores * days * DAY), "late, median s": late[len(late) // 2], "late, 99 % s": late[int(len(late) * 0.99)],
        "late, most s": late[-1],
    }  # fmt: skip


def year(sites: int, start: float, page: float, days: int) -> None:
    print(
        f"{sites:,} sites, {days} days; a command takes {start} s of processor time to start, a page {page} s; 2 cores a machine"
    )
    print(f"{'shards':>6} {'sites each':>10} {'seats':>5}", end="")
    first = True
    for shards, seats in ((1, 8), (1, 16), (1, 32), (2, 8), (3, 8), (6, 4)):
        found = shard(sites // shards, seats, 2, start, page, days)
        if first:
            print("".join(f" {name:>15}" for name in found))
            first = False
        print(
            f"{shards:>6} {sites // shards:>10} {seats:>5}" + "".join(f" {value:>15,.2f}" for value in found.values()),
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["queue", "job", "kills", "year"])
    parser.add_argument("--sites", type=int, default=3000)
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--hosts", type=int, default=10)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--start", type=float, default=1.2)
    parser.add_argument("--page", type=float, default=0.005)
    parser.add_argument("--days", type=int, default=365)
    options = parser.parse_args()
    match options.what:
        case "queue":
            queue(options.sites)
        case "job":
            job(options.jobs)
        case "kills":
            kills(options.hosts, options.workers)
        case "year":
            year(options.sites, options.start, options.page, options.days)


if __name__ == "__main__":
    main()
