"""The planner and the workers. What is due stands in the database; Procrastinate hands it out, by shard, one job a host at a time."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from procrastinate import exceptions
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status
from procrastinate.worker import Worker

from newsspider.archive import Archive, ArchiveError, polling
from newsspider.fleet import job, moving
from newsspider.fleet.database import Database, FleetError, reason
from newsspider.fleet.job import Outcome, Shard

logger = logging.getLogger(__name__)
LEASE = 60.0  # seconds without a heartbeat after which a worker counts as dead and its jobs are given back
# Parts of the lease. A worker that does not reach the database ends its commands well before they are given to another.
HEARTBEAT, UNHEARD, AGAIN = 1 / 6, 0.4, 1 / 12
PLANS = "plan"  # the queue of the planner's own jobs
DAMAGED, USAGE = 5, 2


def queue(shard: int) -> str:
    return f"shard-{shard}"


class Fleet:
    """The tasks of a fleet on one database. ``shard`` None: it plans, and does no job."""

    def __init__(self, database: Database, shard: Shard | None = None, lease: float = LEASE) -> None:
        self.database, self.shard, self.lease = database, shard, lease
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.lost = asyncio.Event()
        app = database.app
        self.run = app.task(name="run", pass_context=True, queue=PLANS)(self._run)
        plan = app.task(name="plan", queue=PLANS, queueing_lock="plan")(self._plan)
        rescue = app.task(name="rescue", queue=PLANS, queueing_lock="rescue")(self._rescue)
        app.periodic(cron="* * * * *", periodic_id="plan")(plan)
        app.periodic(cron="* * * * * */5", periodic_id="rescue")(rescue)

    async def plan(self) -> list[dict[str, Any]]:
        """Queues what is due; what was queued. Several planners at once queue nothing twice."""
        queued = []
        for row in await self.database.due():
            waiting = self.run.configure(
                lock=row["host"], queueing_lock=f"{row['kind']} {row['site']}", queue=queue(row["shard"])
            )
            try:
                await waiting.defer_async(site=row["site"], kind=row["kind"])
            except exceptions.AlreadyEnqueued:  # another planner was faster
                continue
            queued.append(row)
        return queued

    async def _plan(self, timestamp: int) -> None:
        await self.plan()
        await self.database.forget()

    async def _rescue(self, timestamp: int) -> None:
        """Gives back the jobs of workers that died."""
        jobs = self.database.app.job_manager
        for stalled in await jobs.get_stalled_jobs(seconds_since_heartbeat=self.lease):
            try:
                await jobs.retry_job(stalled)
            except exceptions.UniqueViolation:  # the same work waits already: this one need not come back
                assert stalled.id is not None
                await jobs.finish_job_by_id_async(stalled.id, status=Status.FAILED, delete_job=True)
            except exceptions.ConnectorException as error:
                logger.info("job %s was not given back: %s", stalled.id, reason(error))  # it ended in the meantime

    async def _run(self, context: JobContext, site: str, kind: str) -> None:
        assert self.shard is not None
        assert context.job.id is not None
        try:
            row = await self.database.site(site)
        except FleetError:
            return  # removed since it was queued
        if row["shard"] != self.shard.number:
            return  # moved since it was queued; it is queued again where it lies now
        number = await self.database.begin(context.job.id, row, kind, self.name)
        outcome = await self._outcome(row, kind)
        if self.lost.is_set():
            raise FleetError("the database was out of reach; what the command read is stored, the job is queued again")
        next_poll = _next_poll(self.shard.archive(site)) if kind in ("crawl", "poll") else None
        await self.database.finish(number, site, kind, outcome, next_poll, polls=kind == "crawl")

    async def _outcome(self, row: dict[str, Any], kind: str) -> Outcome:
        assert self.shard is not None
        try:
            command = self.shard.command(kind, row["name"])
            self.shard.define(row["name"], row["definition"])
            await self._arrive(row)
            if kind != "crawl" and not self.shard.archive(row["name"]).exists():
                return Outcome(exit_code=0, summary=None, said="nothing to do: its first crawl is still to come")
        except (ValueError, OSError, ArchiveError, FleetError) as error:
            return Outcome(exit_code=USAGE, summary=None, said=str(error))
        return await job.run(command, self.lost, self.lease * job.GRACE)

    async def _arrive(self, row: dict[str, Any]) -> None:
        """Fetches the archive of a site that was moved here. Raises FleetError where an archive should be, and is not."""
        assert self.shard is not None
        archive = self.shard.archive(row["name"])
        if archive.exists():
            return
        if row["copy"]:
            await asyncio.to_thread(moving.fetch, row["copy"], archive)
            await self.database.arrived(row["name"])
        elif await self.database.ran(row["name"]):
            raise FleetError(
                f"{archive} is not there, though {row['name']} was crawled before; start the worker with the --folder of shard"
                f" {self.shard.number}, or put a backup there. No new archive is begun in its place"
            )

    async def work(self, concurrency: int) -> None:
        """Does jobs until SIGTERM or SIGINT, then ends those that run, each to its end."""
        assert self.shard is not None
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        common: dict[str, Any] = {
            "name": self.name, "install_signal_handlers": False, "update_heartbeat_interval": self.lease * HEARTBEAT,
            "stalled_worker_timeout": self.lease, "delete_jobs": "always", "fetch_job_polling_interval": self.lease * AGAIN,
        }  # fmt: skip
        while not stop.is_set():
            self.lost.clear()
            workers = [
                # The planner's jobs have a seat of their own: long crawls do not hold them up.
                Worker(self.database.app, queues=[PLANS], concurrency=1, **common),
                Worker(self.database.app, queues=[queue(self.shard.number)], concurrency=concurrency, **common),
            ]
            running = [asyncio.create_task(worker.run()) for worker in workers]
            watch = asyncio.create_task(self._watch(workers))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait([*running, stopping], return_when=asyncio.FIRST_COMPLETED)
            for worker in workers:
                worker.stop()  # it takes no new job, and waits for those that run
            ended = await asyncio.gather(*running, return_exceptions=True)
            watch.cancel()
            stopping.cancel()
            for error in ended:
                if isinstance(error, Exception):
                    logger.warning("%s; trying again", reason(error))
            while not stop.is_set() and not await self._answers():
                await asyncio.sleep(self.lease * AGAIN)

    async def _watch(self, workers: list[Worker]) -> None:
        """Sets ``lost`` once the database was out of reach for too long.

        Keeps the workers alive meanwhile: Procrastinate's own heartbeat ends when a worker begins to end, not when its jobs have.
        """
        loop = asyncio.get_running_loop()
        heard = loop.time()
        while True:
            if await self._answers(workers):
                heard = loop.time()
            elif loop.time() - heard > self.lease * UNHEARD:
                self.lost.set()
            await asyncio.sleep(self.lease * AGAIN)

    async def _answers(self, workers: Sequence[Worker] = ()) -> bool:
        """Whether the database does; a sign of life of the workers is what it is asked with."""
        alive = [worker.worker_id for worker in workers if worker.worker_id is not None]
        sign = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = ANY(%(alive)s)"
        try:
            await asyncio.wait_for(self.database.do(sign, alive=alive), self.lease * AGAIN)
        except (FleetError, TimeoutError):
            return False
        return True


def _next_poll(archive: Path) -> timedelta | None:
    """Until a count of the archive is due; None: it holds none, or cannot be read."""
    now = int(datetime.now(UTC).timestamp())
    try:
        with Archive(archive) as held:
            if polling.due(held.conn, now):
                return timedelta(0)
            at = polling.next_due(held.conn, now)
    except ArchiveError:
        return None
    return timedelta(seconds=at - now) if at is not None else None
