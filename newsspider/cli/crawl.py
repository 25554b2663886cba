"""newsspider crawl"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from newsspider import site as sites
from newsspider.archive import Archive, naming, polling, reading
from newsspider.cli import options, outcome, running, scheduled, words
from newsspider.items import Site
from newsspider.spiders import moment


@click.command()
@click.argument("targets", metavar="SITE|URL…", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All sites of your own sites/ folder.")
@click.option(
    "--revisit",
    type=click.Choice(["due", "all", "none"]),
    default="due",
    show_default=True,
    help="Which known articles to look at again: those due by age and last look, all, or none.",
)
@click.option("--full", is_flag=True, help="Follow the listings to their end, also where everything is known.")
@click.option(
    "--since",
    type=words.Day(),
    metavar="DATE",
    help="Leave out what the listings date before DATE (2026-01-31, yesterday).",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most N article pages a site.")
@click.option("--max-pages", type=click.IntRange(1), metavar="N", help="At most N pages of each listing.")
@click.option(
    "--assets", is_flag=True, help="Store images and attachments too, each once; of articles held already as well."
)
@click.option(
    "--assets-limit",
    type=click.FloatRange(0, min_open=True),
    default=20.0,
    show_default=True,
    metavar="MB",
    help="Leave out images and attachments larger than this.",
)
@options.together(options.contact, options.archive, options.setting, options.as_json, options.quiet, options.verbose)
@scheduled.max_time
@scheduled.told
@options.network
def crawl(
    targets: tuple[str, ...],
    everything: bool,
    revisit: str,
    full: bool,
    since: date | None,
    limit: int | None,
    max_pages: int | None,
    assets: bool,
    assets_limit: float,
    contact: str | None,
    archive: Path,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    verbose: int,
    max_time: int | None,
) -> int:
    """Crawl sites: new articles, those due for a second look, and their view counts.

    SITE is the name of a site file; a URL is a listing page (or an article) of any site, no configuration needed.
    """
    own = sites.folder_beside(archive)
    wrong: list[str] = []
    chosen = _all(own, wrong) if everything else together([asked(one, own, archive) for one in targets])
    if not chosen and not wrong:
        raise click.UsageError("name at least one site or URL, or say --all")
    from newsspider.spiders.loader import spider_of

    pairs = options.of_request(settings, contact)
    begun = time.monotonic()
    arguments = {
        "revisit": revisit,
        "full": full,
        "since": since and since.isoformat(),
        "limit": limit,
        "max_pages": max_pages,
        "assets": assets_limit if assets else None,
    }
    with running.lock(archive, "crawl"):
        with Archive(archive, write=True) as held:  # what is wrong with the file is said before the first request
            running.warn_of_clock(held, moment.now(pairs), quiet)
        runs = running.run([spider_of(site) for site in chosen], archive, pairs, arguments, verbose, quiet, max_time)
    return outcome.conclude(runs, as_json, quiet, files=wrong, seconds=time.monotonic() - begun)


def asked(target: str, own: Path, archive: Path) -> Site:
    """The site of a name or an address: as its file says, else as the archive knows it."""
    is_address = "://" in target
    if not archive.exists() or (not is_address and any(site.name == target for site in sites.known(own))):
        return sites.of_address(target, own) if is_address else sites.named(target, own)
    with Archive(archive) as held:
        if not is_address:
            return _held(held, target, own) or sites.named(target, own, naming.names(held.conn))
        site = sites.of_address(target, own)
        renamed = naming.current(held.conn, site.name)
        known = renamed and _held(held, renamed, own)
        return replace(known, listings=site.listings) if known else site


def _held(held: Archive, name: str, own: Path) -> Site | None:
    """A site of the archive that no file names."""
    if now := naming.current(held.conn, name):
        raise sites.SiteError(f"{name} was renamed; it is called {now} now")
    row = polling.sites(held.conn).get(name)
    listings = tuple(reading.listings(held, name))
    if row is None or not listings:
        return None
    return replace(stored(row), listings=listings)


def stored(row: Any) -> Site:
    """A site as the archive knows it."""
    fields = ("name", "title", "homepage", "country", "language", "timezone", "cms")
    return Site(**{field: row[field] for field in fields})


def _all(own: Path, wrong: list[str]) -> list[Site]:
    """The sites of a folder; what is wrong with a file costs that site alone."""
    chosen, errors = sites.folder(own)
    if not chosen and not errors:
        raise sites.SiteError(f"no site files in {own}; `newsspider add URL` writes one")
    wrong += [f"{error}; this site was left out" for error in errors]
    return chosen


def together(chosen: list[Site]) -> list[Site]:
    """Sites once each, with the listings of all the addresses that fell to them."""
    merged: dict[str, Site] = {}
    for site in chosen:
        before = merged.get(site.name, replace(site, listings=()))
        merged[site.name] = replace(before, listings=tuple(dict.fromkeys((*before.listings, *site.listings))))
    return list(merged.values())
