"""newsspider fleet: many sites on many machines."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsspider import site as sites
from newsspider.cli import extras, options, steps

if TYPE_CHECKING:
    from newsspider.fleet.database import Database

FOLDER = click.Path(path_type=Path, file_okay=False)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

dsn = click.option(
    "--dsn",
    envvar="NEWSSPIDER_DSN",
    default="",
    help="The PostgreSQL database, as libpq takes it (postgresql://host/name). A password belongs into ~/.pgpass.",
)


class Refused(click.ClickException):
    exit_code = 2


class Interval(click.ParamType):
    name = "INTERVAL"

    def convert(self, value: Any, param: Any, ctx: Any) -> timedelta:
        if isinstance(value, timedelta):
            return value
        parts = re.fullmatch(r"(\d+)([smhd])", value)
        if not parts or not int(parts[1]):
            self.fail(f"{value!r} is no interval: 30m, 12h, 7d", param, ctx)
        return timedelta(**{UNITS[parts[2]]: int(parts[1])})


@click.group()
def fleet() -> None:
    """Many sites on many machines: what is due stands in PostgreSQL, workers crawl, each into the archives of its own disk.

    \b
    newsspider fleet init                          once
    newsspider fleet add sites/*.toml              sites, spread over the shards
    newsspider fleet work --shard 1 --folder DIR   on each machine, for ever
    newsspider fleet status
    """


@fleet.command()
@dsn
def init(dsn: str) -> int:
    """Make the tables in the database; again changes nothing."""

    async def prepare(database: Database) -> int:
        new = await database.prepare()
        click.echo(
            "the tables are made; `newsspider fleet add FILE…` adds sites" if new else "the tables are there", err=True
        )
        return 0

    return _with(dsn, prepare)


@fleet.command()
@click.argument(
    "files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@click.option(
    "--shard",
    type=click.IntRange(1),
    metavar="N",
    help="Put them there; else where fewest are, sites of one host together.",
)
@click.option("--crawl-every", type=Interval(), default="1d", show_default=True, help="How often to crawl.")
@click.option(
    "--poll-every", type=Interval(), default="10m", show_default=True, help="How often to read due counts at the most."
)
@click.option(
    "--verify-every", type=Interval(), default="7d", show_default=True, help="How often to verify the archive."
)
@click.option("--backup-every", type=Interval(), help="How often to back the archive up (workers need --backup).")
@click.option("--lake-every", type=Interval(), help="How often to bring the lake up to it (workers need --lake).")
@dsn
def add(files: tuple[Path, ...], shard: int | None, dsn: str, **every: timedelta | None) -> int:
    """Add sites by their files, or replace their definitions and intervals."""
    read = [(sites.read(path), path.read_text(encoding="utf-8")) for path in files]
    intervals = {name.removesuffix("_every"): interval for name, interval in every.items() if interval}

    async def put(database: Database) -> int:
        from newsspider.fleet import plan

        for site, definition in read:
            row = await database.add(site.name, definition, _hosts(site.listings), shard, intervals)
            click.echo(f"{row['name']}: {'added' if row['new'] else 'changed'}, shard {row['shard']}", err=True)
        rows = await database.sites()
        held = {row["name"]: row for row in rows}
        for lock, shards in plan.divided(
            {name: row["host"] for name, row in held.items()}, {name: row["shard"] for name, row in held.items()}
        ).items():
            click.echo(
                f"sites of {lock} lie on shards {', '.join(map(str, shards))}: they wait for each other; "
                f"`newsspider fleet move` brings them together",
                err=True,
            )
        return 0

    return _with(dsn, put)


@fleet.command()
@click.argument("names", metavar="SITE…", nargs=-1, required=True)
@dsn
def remove(names: tuple[str, ...], dsn: str) -> int:
    """Take sites out of the fleet. Their archives stay where they are, as complete as ever."""

    async def take(database: Database) -> int:
        for name in names:
            await database.remove(name)
            click.echo(f"{name}: no longer of the fleet; its archive stays", err=True)
        return 0

    return _with(dsn, take)


@fleet.command()
@click.option("--dry-run", is_flag=True, help="Print what is due, and queue nothing.")
@options.together(dsn, options.as_json, options.quiet)
def plan(dry_run: bool, dsn: str, as_json: bool, quiet: bool) -> int:
    """Queue what is due, now. Workers do this by themselves every minute; several at once queue nothing twice."""

    async def queue(database: Database) -> int:
        from newsspider.fleet.work import Fleet

        rows = await database.due() if dry_run else await Fleet(database).plan()
        if as_json:
            click.echo(json.dumps([_plain(row) for row in rows], ensure_ascii=False))
        else:
            for row in rows:
                click.echo(
                    f"{row['kind']:<7} {row['site']}  (shard {row['shard']}, due since {_instant(row['due_at'])})"
                )
        if not quiet and not as_json:
            verb = "due" if dry_run else "queued"
            click.echo(f"{len(rows)} {verb}" if rows else "nothing is due, or it waits already", err=True)
        return 0

    return _with(dsn, queue)


@fleet.command()
@click.option(
    "--shard", type=click.IntRange(1), required=True, metavar="N", help="The shard whose archives lie in --folder."
)
@click.option(
    "--folder", type=FOLDER, default=Path("sites"), show_default=True, help="Where they lie: NAME.db for each site."
)
@click.option("--concurrency", type=click.IntRange(1), default=2, show_default=True, metavar="M", help="Jobs at once.")
@click.option(
    "--lease",
    type=click.FloatRange(1),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Without a sign of life for so long, a worker's jobs are given to another; the same for all workers.",
)
@click.option("--backup", metavar="DIR|URL", help="Where backups go.")
@click.option("--lake", metavar="DIR|URL", help="Where the lake is, one for all shards.")
@options.together(options.contact, options.setting, dsn, options.verbose)
def work(
    shard: int,
    folder: Path,
    concurrency: int,
    lease: float,
    backup: str | None,
    lake: str | None,
    contact: str | None,
    settings: tuple[str, ...],
    dsn: str,
    verbose: int,
) -> int:
    """Do the jobs of a shard until SIGTERM or Ctrl-C; those that run are done to their end."""
    import logging

    options.pairs(settings)
    if contact:
        settings += (f"CONTACT={contact}",)
    logging.basicConfig(format="%(asctime)s %(message)s", level={0: "WARNING", 1: "INFO"}.get(verbose, "DEBUG"))
    for name in ("procrastinate", "psycopg.pool", "asyncio"):  # with tracebacks; the worker itself says it in a line
        logging.getLogger(name).setLevel({0: "CRITICAL", 1: "WARNING"}.get(verbose, "DEBUG"))
    _make(folder)

    async def run(database: Database) -> int:
        from newsspider.fleet.job import Shard
        from newsspider.fleet.work import Fleet

        await database.sites()  # what is wrong with the database is said before the first job
        click.echo(
            f"shard {shard} in {folder}: {concurrency} jobs at once; SIGTERM ends it when they are done", err=True
        )
        place = Shard(number=shard, folder=folder, backups=backup, lake=lake, settings=settings)
        await Fleet(database, place, lease).work(concurrency)
        return 0

    return _with(dsn, run, connections=concurrency + 6)


@fleet.command()
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it as a page.")
@options.together(dsn, options.as_json)
def status(html: Path | None, dsn: str, as_json: bool) -> int:
    """How the fleet stands: sites, what is due, runs, failed or is late, by shard."""

    async def show(database: Database) -> int:
        from newsspider.fleet import standing

        found = standing.of(await database.standing(), await database.workers(), datetime.now(UTC))
        if as_json:
            click.echo(json.dumps(standing.plain(found), ensure_ascii=False))
        elif html:
            html.write_text(standing.page(found), encoding="utf-8")
            click.echo(f"{html}", err=True)
        else:
            click.echo(standing.text(found))
        return 0

    return _with(dsn, show)


@fleet.command()
@click.argument("names", metavar="[SITE…]", nargs=-1)
@dsn
def retry(names: tuple[str, ...], dsn: str) -> int:
    """Make what failed due now; without SITE, of all sites."""

    async def again(database: Database) -> int:
        for name in names:
            await database.site(name)
        number = await database.retry(names)
        click.echo(f"{number} {'job is' if number == 1 else 'jobs are'} due now", err=True)
        return 0

    return _with(dsn, again)


@fleet.command()
@click.argument("name", metavar="SITE")
@click.argument("shard", metavar="SHARD", type=click.IntRange(1))
@click.option("--from", "folder", type=FOLDER, required=True, help="The folder of the shard it leaves.")
@click.option(
    "--to",
    metavar="DIR|URL",
    required=True,
    help="The folder of the other shard; or a place that both reach, such as s3://…",
)
@options.together(dsn, options.quiet)
def move(name: str, shard: int, folder: Path, to: str, dsn: str, quiet: bool) -> int:
    """Move a site to another shard, with a verified copy of its archive. The old file stays, renamed."""

    async def go(database: Database) -> int:
        from newsspider.fleet import moving
        from newsspider.fleet.database import FleetError

        row = await database.site(name)
        if row["shard"] == shard:
            raise FleetError(f"{name} lies on shard {shard} already")
        archive = folder / f"{name}.db"
        await database.hold(name, shard)
        try:
            while await database.running(name):
                if not quiet:
                    click.echo(f"{name}: waiting for the job that runs…", err=True)
                await asyncio.sleep(2)
            address = None
            if archive.exists():
                with steps.shown(quiet) as progress:
                    address = moving.send(archive, to, datetime.now(UTC), progress)
                await database.moved(name, shard, address if "://" in to else None)
                archive.rename(archive.with_name(f"{archive.name}.moved-to-shard-{shard}"))
            elif await database.ran(name):
                raise FleetError(f"{archive} is not there; name the folder of shard {row['shard']} with --from")
            else:
                await database.moved(name, shard, None)
        except BaseException:
            await database.stay(name)
            raise
        if not quiet:
            click.echo(
                f"{name}: on shard {shard} now{f', by the verified copy {address}' if address else ''}", err=True
            )
        return 0

    return _with(dsn, go)


def _with(dsn: str, do: Any, connections: int = 4) -> int:
    """Runs ``do`` with the database open. An extra that is missing, or a database that does not answer, is a usage error."""
    with extras.needed("fleet", "the fleet"):
        from newsspider.fleet.database import Database, FleetError

    async def run() -> int:
        async with Database(dsn, connections) as database:
            return await do(database)

    try:
        return asyncio.run(run())
    except (FleetError, OSError) as error:
        raise Refused(str(error)) from error


def _hosts(listings: tuple[str, ...]) -> list[str]:
    from urllib.parse import urlsplit

    return sorted({urlsplit(url).hostname or "" for url in listings})


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"cannot make {folder}: {error.strerror}") from error


def _instant(moment: datetime) -> str:
    from newsspider.items import instant

    return instant(moment)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _instant(value) if isinstance(value, datetime) else value for key, value in row.items()}
