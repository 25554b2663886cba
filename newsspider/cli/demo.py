"""newsspider demo"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import socket
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from newsspider import transcribing
from newsspider.archive import Archive, health, reading
from newsspider.cli import options, outcome, running, transcribe
from newsspider.cli.words import amount
from newsspider.demo import Campus
from newsspider.demo.fortnight import DAYS, NAMES, Fortnight
from newsspider.items import Site

# The sites are on this machine, and each run is over before another process could help to read. One request at a time: what is asked
# first, and so what is stored first, is the same in every demo.
IMPATIENT = {
    "DOWNLOAD_DELAY": "0",
    "HOST_REST": "0",
    "READ_BESIDE": "0",
    "SITES_AT_ONCE": "1",
    "CONCURRENT_REQUESTS": "1",
}
NAMED = "闻人照野"  # by a PDF of the demo
PORT = 18911  # the articles of every demo have the same addresses


@click.command()
@options.together(options.archive)
def demo(archive: Path) -> int:
    """Crawl and poll three replica university sites on loopback for fourteen virtual days, and say what to look at."""
    if archive.exists() and not _of_the_demo(archive):
        raise click.UsageError(f"{archive} holds other sites; name another file with --archive, or move it away")
    for ending in ("", "-wal", "-shm"):
        Path(f"{archive}{ending}").unlink(missing_ok=True)
    with Campus(lively=True, port=_free(PORT)) as campus, _processes() as pool:
        fortnight = Fortnight(campus)
        sites = fortnight.sites
        click.echo(f"Three sites with {len(campus.articles)} articles stand on loopback:")
        for site in sites:
            click.echo(f"  {site.name:<16} {site.title}  {site.homepage}")
        click.echo(f"\nA crawl and two polls a day, for {DAYS} virtual days:")
        counts = 0
        for day, kind in fortnight.moments():
            if kind == "poll":
                counts += pool.submit(_poll, archive, campus.now).result()
                continue
            runs = pool.submit(_crawl, archive, campus.now, sites).result()
            if code := outcome.exit_code([run.code for run in runs if run.code != 4]):
                outcome.conclude(runs, as_json=False, quiet=True)
                return code
            found: Counter[str] = sum((Counter(run.found) for run in runs), Counter({"counts": counts}))
            click.echo(f"  day {day:>2}  {campus.now:%Y-%m-%d}  {outcome.summary(found)}")
            counts = 0
        with Archive(archive, write=True) as held:
            transcribe.keep(held, {"pdf": transcribing.tool("pdf")}, campus.now)
    _look(archive, fortnight)
    return 0


def _free(port: int) -> int:
    """The port where nobody listens on it, else 0: any."""
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _of_the_demo(archive: Path) -> bool:
    with Archive(archive) as held:
        return all(name in NAMES.values() or name.startswith("127.0.0.") for name in reading.site_names(held))


# Scrapy runs once a process.


def _processes() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["newsspider.cli.warm"])  # so each begins in a tenth of the time
    return ProcessPoolExecutor(max_workers=1, mp_context=context, max_tasks_per_child=1)


def _crawl(archive: Path, now: datetime, sites: Sequence[Site]) -> list[outcome.Run]:
    from newsspider.spiders.loader import spider_of

    settings = {**IMPATIENT, "CLOCK": now.isoformat()}
    with running.lock(archive, "crawl"):
        arguments = {"assets": 1}  # megabytes
        return running.run([spider_of(site) for site in sites], archive, settings, arguments, loud=0, quiet=True)


def _poll(archive: Path, now: datetime) -> int:
    """How many counts were read."""
    from newsspider.cli.poll import poll

    settings = [f"-s{name}={value}" for name, value in {**IMPATIENT, "CLOCK": now.isoformat()}.items()]
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        poll.main(["--archive", str(archive), "--json", "--quiet", *settings], standalone_mode=False)
    return json.loads(told.getvalue())["counts"]


# What to look at


def _look(archive: Path, fortnight: Fortnight) -> None:
    called = sys.argv[0] if Path(sys.argv[0]).name == "newsspider" else "newsspider"
    at = "" if archive == Path("archive.db") else f" --archive {archive}"
    with Archive(archive) as held:
        told = {what: reading.article(held, url) for what, url in fortnight.told.items()}
        sick = health.complaints(held)
        size = {name: held.rows(f"SELECT count(*) AS n FROM {name}")[0]["n"] for name in SIZE}
    click.echo(f"\n{archive} holds {', '.join(amount(size[name], SIZE[name]) for name in SIZE)}. What to look at:\n")
    for what, does, row in _told(told):
        click.echo(f"  {what:<26} {row['title']}\n      {called} {does} {row['id']}{at}")
    click.echo(f"  {'said by a file alone':<26} {told['listed']['title']}\n      {called} search --files {NAMED}{at}")
    click.echo(
        f"  {'as it was stored':<26} the page itself, in a browser (pip install '.[serve]')\n      {called} open {told['edited']['id']}{at}"
    )
    for row in sick:
        click.echo(f"  {'went quiet':<26} {row['site']}: {row['message']}\n      {called} status{at}")
    click.echo(f"  {'silent edits':<26} how late, how much, and what went\n      {called} edits --silent{at}")
    click.echo(
        f"  {'views that were expected':<26} of the last articles, from those before\n      {called} top --by expectation{at}"
    )
    click.echo(f"  {'what alerts would tell':<26} by mail, feed or webhook\n      {called} alerts --dry-run{at}")
    click.echo(
        f"\nAll of it in a browser:\n\n      {called} report{at}\n      {called} serve{at}      (pip install '.[serve]')"
    )


SIZE = {"article": "article", "snapshot": "version", "view_observation": "reading"}


def _told(told: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(what happened, the verb that shows it, the article)"""
    for key, what, verb in (
        ("spread", "went viral", "show"),
        ("edited", "edited without a word", "diff"),
        ("withdrawn", "withdrawn, and came back", "history"),
        ("reset", "its counter was reset", "show"),
        ("reprinted", "reprinted by another site", "related"),
        ("twice", "one story under two ids", "related"),
    ):
        yield what, verb, told[key]
