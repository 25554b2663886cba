"""newsspider poll"""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from newsspider import schedule
from newsspider import site as sites
from newsspider.archive import Archive, naming, polling, reading
from newsspider.cli import crawl, options, outcome, running, scheduled
from newsspider.cli.words import amount
from newsspider.items import Site, instant
from newsspider.schedule import Batch
from newsspider.spiders import moment


@click.command()
@click.option("--due/--all", "only_due", default=True, help="The counts that are due (the default), or all of them.")
@click.option("--site", metavar="SITE", help="Only this site's.")
@click.option("--max-requests", type=click.IntRange(1), metavar="N", help="At most N requests, for the most urgent.")
@click.option("--plan", is_flag=True, help="Print what would be asked, and ask nothing.")
@options.together(options.contact, options.archive, options.setting, options.as_json, options.quiet, options.verbose)
@scheduled.max_time
@scheduled.told
@options.network
def poll(
    only_due: bool,
    site: str | None,
    max_requests: int | None,
    plan: bool,
    contact: str | None,
    archive: Path,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    verbose: int,
    max_time: int | None,
) -> int:
    """Read view counts, and only those: up to 50 in a request, the most urgent first.

    Made to be run often, every ten minutes say, also while a crawl is running: what is not due is not asked for.
    """
    pairs = options.of_request(settings, contact)
    begun = time.monotonic()
    now = int(moment.now(pairs).timestamp())
    if plan:
        with Archive(archive) as held:
            batches, wait = _batches(held, now, only_due, site, max_requests)
            _print(batches, wait, polling.next_due(held.conn, now, site), as_json)
        return 0
    with running.lock(archive, "poll"):
        with Archive(archive) as held:
            batches, _ = _batches(held, now, only_due, site, max_requests)
            known = polling.sites(held.conn)
            running.warn_of_clock(held, moment.now(pairs), quiet)
        if not batches:
            if not quiet and not as_json:
                with Archive(archive) as held:
                    click.echo(_nothing(polling.next_due(held.conn, now, site)), err=True)
            return outcome.conclude([], as_json, quiet, kind="poll")
        _spend(archive, now, Counter(batch.host for batch in batches))
        from newsspider.spiders.views import Allowance, spider_of

        by_site: dict[str, list[list[int]]] = {}
        for batch in batches:
            by_site.setdefault(polling.site_of(batch), []).append([count.article_id for count in batch.counts])
        allowance = Allowance() if only_due else Allowance(of_a_host=math.inf)
        if max_requests:
            allowance.in_all = max_requests - len(batches)
        spiders = [spider_of(site_of(known[name], archive), asked, allowance) for name, asked in by_site.items()]
        runs = running.run(spiders, archive, pairs, {}, verbose, quiet, max_time)
        unplanned: Counter[str] = sum((Counter(run.unplanned) for run in runs), Counter())
        if unplanned:
            _spend(archive, now, unplanned)
    return outcome.conclude(runs, as_json, quiet, kind="poll", seconds=time.monotonic() - begun)


def _nothing(next_due: int | None) -> str:
    if next_due is None:
        return "no count is due: no article that is held has a counter"
    return f"no count is due; the next is due at {instant(datetime.fromtimestamp(next_due, UTC))}"


def _batches(held: Archive, now: int, only_due: bool, site: str | None, most: int | None) -> tuple[list[Batch], int]:
    """What this run asks for, and how many requests have to wait for a later one."""
    naming.check(held, site)
    waiting = polling.due(held.conn, now, site) if only_due else polling.every(held.conn, site)
    wanted = schedule.batches(waiting, now, every=not only_due)
    allowed = schedule.within(wanted, polling.spent(held.conn, now)) if only_due else wanted
    return allowed[:most], len(wanted) - len(allowed[:most])


def _spend(archive: Path, now: int, requests: Counter[str]) -> None:
    with Archive(archive, write=True) as held, held.transaction() as conn:
        polling.spend(conn, now, requests)


def site_of(row: Any, archive: Path) -> Site:
    """The site as its file says, for the selectors of its pages; else as the archive knows it."""
    try:
        return sites.named(row["name"], sites.folder_beside(archive))
    except sites.SiteError:
        with Archive(archive) as held:
            return replace(crawl.stored(row), listings=tuple(reading.places(held, row["name"])))


def _print(batches: Sequence[Batch], wait: int, next_due: int | None, as_json: bool) -> None:
    rows = [
        {
            "host": batch.host,
            "asked": polling.address_of(batch),
            "counts": len(batch.counts),
            "urgency": round(batch.urgency, 2),
        }
        for batch in batches
    ]
    following = instant(datetime.fromtimestamp(next_due, UTC)) if next_due else None
    counts = sum(len(batch.counts) for batch in batches)
    if as_json:
        plan = {"requests": len(batches), "counts": counts, "wait": wait, "next_due": following, "batches": rows}
        click.echo(json.dumps(plan, ensure_ascii=False))
        return
    for batch in batches:
        counted = amount(len(batch.counts), "count")
        click.echo(f"{counted:>10}, urgency {round(batch.urgency, 2):>8}: {polling.address_of(batch)}")
    later = f"; {amount(wait, 'request')} more for later runs" if wait else ""
    after = f"; the next is due at {following}" if following else ""
    click.echo(f"{amount(counts, 'count')} in {amount(len(batches), 'request')}{later}{after}")
