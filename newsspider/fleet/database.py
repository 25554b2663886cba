"""What the fleet asks PostgreSQL, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib.resources import files
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException

from newsspider.fleet import plan
from newsspider.fleet.job import Outcome

Row = dict[str, Any]


class FleetError(Exception):
    """What is wrong with the fleet or its database, and what to do."""


class Database:
    """PostgreSQL through Procrastinate's own connections. A context manager; ``app`` is open inside of it."""

    def __init__(self, dsn: str, connections: int = 4) -> None:
        self.dsn = dsn
        self.app = App(connector=PsycopgConnector(conninfo=dsn, min_size=2, max_size=max(2, connections), timeout=10.0))

    async def __aenter__(self) -> Database:
        try:
            # By itself first: the pool tries for half a minute before it says anything.
            await (await psycopg.AsyncConnection.connect(self.dsn, connect_timeout=10)).close()
        except psycopg.Error as error:
            raise FleetError(
                f"PostgreSQL does not answer: {reason(error)}; name it with --dsn or NEWSSPIDER_DSN"
            ) from error
        await self.app.open_async()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.app.close_async()

    async def rows(self, sql: str, **values: Any) -> list[Row]:
        """Raises FleetError where the database does not answer or is none of a fleet."""
        try:
            return await self.app.connector.execute_query_all_async(query=sql, **values)  # type: ignore[arg-type]
        except ConnectorException as error:
            raise _taught(error) from error

    async def do(self, sql: str, **values: Any) -> None:
        try:
            await self.app.connector.execute_query_async(query=sql, **values)  # type: ignore[arg-type]
        except ConnectorException as error:
            raise _taught(error) from error

    async def prepare(self) -> bool:
        """Makes the tables; whether there were none."""
        new = (await self.rows("SELECT to_regclass('procrastinate_jobs') IS NULL AS new"))[0]["new"]
        if new:
            await self.app.schema_manager.apply_schema_async()
        await self.do(files("newsspider.fleet").joinpath("schema.sql").read_text(encoding="utf-8"))
        return new

    # Sites

    async def sites(self) -> list[Row]:
        return await self.rows("SELECT * FROM fleet_site ORDER BY name")

    async def site(self, name: str) -> Row:
        """Raises FleetError where there is none of that name."""
        found = await self.rows("SELECT * FROM fleet_site WHERE name = %(name)s", name=name)
        if not found:
            raise FleetError(
                f"no site of the fleet is named {name!r}; `newsspider fleet status` names them, `fleet add FILE` adds one"
            )
        return found[0]

    async def add(
        self, name: str, definition: str, hosts: Sequence[str], shard: int | None, every: Mapping[str, timedelta]
    ) -> Row:
        """Adds a site, or replaces its definition; the locks of all sites follow. ``shard`` None: it is chosen, or stays."""
        known = {row["name"]: row for row in await self.sites()}
        locks = plan.locks({**{site: row["hosts"] for site, row in known.items()}, name: hosts})
        shards = {site: row["shard"] for site, row in known.items()}
        if name in known:
            if shard not in (None, shards[name]):
                raise FleetError(
                    f"{name} lies on shard {shards[name]}; `newsspider fleet move {name} {shard}` takes its archive along"
                )
            chosen = shards[name]
        else:
            taken = {locks[site]: number for site, number in shards.items()}
            chosen = shard if shard is not None else plan.shard(locks[name], taken, await self._sizes())
        await self.do(
            "INSERT INTO fleet_site (name, definition, hosts, host, shard)"
            " VALUES (%(name)s, %(definition)s, %(hosts)s, %(host)s, %(shard)s)"
            " ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, hosts = excluded.hosts",
            name=name, definition=definition, hosts=list(hosts), host=locks[name], shard=chosen,
        )  # fmt: skip
        for site, lock in locks.items():
            if site not in known or known[site]["host"] != lock:
                await self.do("UPDATE fleet_site SET host = %(lock)s WHERE name = %(site)s", lock=lock, site=site)
        for kind, interval in every.items():
            await self.do(
                # Nothing but a crawl is due before there is an archive.
                "INSERT INTO fleet_due (site, kind, every, due_at) VALUES (%(site)s, %(kind)s, %(every)s,"
                " CASE WHEN %(kind)s = 'crawl' THEN now() ELSE now() + %(every)s END)"
                " ON CONFLICT (site, kind) DO UPDATE SET every = excluded.every",
                site=name, kind=kind, every=interval,
            )  # fmt: skip
        return {"name": name, "shard": chosen, "host": locks[name], "new": name not in known}

    async def _sizes(self) -> dict[int, int]:
        rows = await self.rows("SELECT shard, count(*) AS sites FROM fleet_site GROUP BY shard")
        return {row["shard"]: row["sites"] for row in rows}

    async def remove(self, name: str) -> None:
        await self.site(name)
        await self.do("DELETE FROM fleet_site WHERE name = %(name)s", name=name)

    # Work

    async def due(self) -> list[Row]:
        """What is due and neither waits nor runs, the latest first."""
        return await self.rows(
            "SELECT d.site, d.kind, s.shard, s.host, d.due_at FROM fleet_due d JOIN fleet_site s ON s.name = d.site"
            " WHERE d.due_at <= now() AND s.moving_to IS NULL AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs j"
            "  WHERE j.queueing_lock = d.kind || ' ' || d.site AND j.status IN ('todo', 'doing'))"
            " ORDER BY d.due_at, d.site, d.kind"
        )

    async def begin(self, job: int, site: Row, kind: str, worker: str) -> int:
        """The number of a run that begins now."""
        found = await self.rows(
            "INSERT INTO fleet_run (job, site, kind, shard, worker, due_at) SELECT %(job)s, %(site)s, %(kind)s, %(shard)s,"
            " %(worker)s, (SELECT due_at FROM fleet_due WHERE site = %(site)s AND kind = %(kind)s) RETURNING id",
            job=job, site=site["name"], kind=kind, shard=site["shard"], worker=worker,
        )  # fmt: skip
        return found[0]["id"]

    async def finish(
        self, run: int, site: str, kind: str, outcome: Outcome, next_poll: timedelta | None, polls: bool
    ) -> None:
        """Records what came of a run and when the next of its kind is due; ``polls``: and the next poll, after a crawl."""
        await self.do(
            "UPDATE fleet_run SET finished_at = now(), exit_code = %(exit_code)s, summary = %(summary)s::jsonb, said = %(said)s"
            " WHERE id = %(run)s",
            run=run, exit_code=outcome.exit_code, summary=_jsonb(outcome.summary), said=outcome.said.replace("\0", ""),
        )  # fmt: skip
        held = await self.rows(
            "SELECT * FROM fleet_due WHERE site = %(site)s AND kind = %(kind)s", site=site, kind=kind
        )
        for row in held:  # none: the site was removed meanwhile
            failures = row["failures"] + 1 if plan.failed(outcome.exit_code) else 0
            wait = plan.wait(kind, row["every"], outcome.exit_code, failures, next_poll)
            await self.do(
                "UPDATE fleet_due SET due_at = now() + %(wait)s, failures = %(failures)s WHERE site = %(site)s AND kind = %(kind)s",
                wait=wait, failures=failures, site=site, kind=kind,
            )  # fmt: skip
        if polls and next_poll is not None:
            await self.do(
                "UPDATE fleet_due SET due_at = now() + greatest(every, %(wait)s) WHERE site = %(site)s AND kind = 'poll'"
                " AND failures = 0",
                wait=next_poll, site=site,
            )  # fmt: skip

    async def retry(self, names: Sequence[str]) -> int:
        """Makes what failed last due now; how many jobs. Without names: of all sites."""
        found = await self.rows(
            "UPDATE fleet_due SET due_at = now() WHERE failures > 0 AND (%(all)s OR site = ANY(%(names)s)) RETURNING site",
            all=not names, names=list(names),
        )  # fmt: skip
        return len(found)

    async def forget(self) -> None:
        """Drops old runs: polls that went well after a day, others after a quarter of a year."""
        await self.do(
            "DELETE FROM fleet_run WHERE finished_at < now() - interval '90 days'"
            " OR kind = 'poll' AND exit_code = 0 AND finished_at < now() - interval '1 day'"
        )

    # Moving

    async def hold(self, name: str, shard: int) -> None:
        """Queues nothing more for a site, takes back what waits."""
        await self.do("UPDATE fleet_site SET moving_to = %(shard)s WHERE name = %(name)s", name=name, shard=shard)
        await self.do(
            "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo' AND args ->> 'site' = %(name)s",
            name=name,
        )

    async def running(self, name: str) -> list[Row]:
        return await self.rows(
            "SELECT args ->> 'kind' AS kind FROM procrastinate_jobs WHERE status = 'doing' AND args ->> 'site' = %(name)s",
            name=name,
        )

    async def moved(self, name: str, shard: int, copy: str | None) -> None:
        await self.do(
            "UPDATE fleet_site SET shard = %(shard)s, moving_to = NULL, copy = %(copy)s WHERE name = %(name)s",
            name=name, shard=shard, copy=copy,
        )  # fmt: skip

    async def stay(self, name: str) -> None:
        await self.do("UPDATE fleet_site SET moving_to = NULL WHERE name = %(name)s", name=name)

    async def arrived(self, name: str) -> None:
        """The copy that a moved archive began with is no longer needed."""
        await self.do("UPDATE fleet_site SET copy = NULL WHERE name = %(name)s", name=name)

    async def ran(self, name: str) -> bool:
        """Whether a crawl of the site ever ended well, so that its archive must exist."""
        return bool(
            await self.rows(
                "SELECT 1 FROM fleet_run WHERE site = %(name)s AND kind = 'crawl' AND exit_code IN (0, 3, 4) LIMIT 1",
                name=name,
            )
        )

    # How it stands

    async def standing(self) -> list[Row]:
        """A row a site and kind: when due, how late in seconds, whether it waits or runs, and the last run that ended."""
        return await self.rows(STANDING)

    async def workers(self) -> int:
        """`fleet work` processes alive within the last minute. Each stands twice in the table: with its plans, and with its jobs."""
        rows = await self.rows(
            "SELECT (count(*) + 1) / 2 AS alive FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
        )
        return rows[0]["alive"]


STANDING = """
SELECT s.name AS site, s.shard, s.host, s.moving_to, d.kind, d.due_at, d.failures,
       CASE WHEN d.due_at < now() THEN extract(epoch FROM now() - d.due_at)::float ELSE 0 END AS late,
       j.status::text AS status, r.exit_code, r.finished_at, r.said, r.summary
FROM fleet_site s JOIN fleet_due d ON d.site = s.name
LEFT JOIN LATERAL (SELECT status FROM procrastinate_jobs j WHERE j.queueing_lock = d.kind || ' ' || d.site
                   AND j.status IN ('todo', 'doing') ORDER BY status DESC LIMIT 1) j ON true
LEFT JOIN LATERAL (SELECT * FROM fleet_run r WHERE r.site = d.site AND r.kind = d.kind AND r.finished_at IS NOT NULL
                   ORDER BY r.id DESC LIMIT 1) r ON true
ORDER BY s.shard, s.name, d.kind
"""


def _taught(error: ConnectorException) -> FleetError:
    said = reason(error)
    if "fleet_" in said or "procrastinate_" in said:
        return FleetError(f"this database is none of a fleet ({said}); `newsspider fleet init` makes it one")
    return FleetError(f"PostgreSQL does not answer: {said}")


def reason(error: BaseException) -> str:
    """What PostgreSQL said, in one line."""
    error = error.__cause__ if isinstance(error, ConnectorException) and error.__cause__ else error
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _jsonb(value: Any) -> str | None:
    import json

    return None if value is None else json.dumps(value, ensure_ascii=False).replace("\\u0000", "")
