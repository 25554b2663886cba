"""newsspider check"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsspider import site as sites
from newsspider.archive import Archive, ArchiveError, reading
from newsspider.cli import options, steps
from newsspider.items import Site

if TYPE_CHECKING:
    from newsspider.rereading import Reread


@click.command()
@click.argument("target", metavar="SITE|URL")
@click.option("--live", is_flag=True, help="Also fetch one listing page and three of its articles, and compare them.")
@options.together(options.contact, options.archive, options.setting, options.as_json, options.quiet, options.verbose)
@options.network
def check(
    target: str,
    live: bool,
    contact: str | None,
    archive: Path,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> int:
    """Read the held pages of a site again, without a network, and compare every field with what is held. Nothing is written.

    SITE is the name of a site file or, where there is none, of the site as `newsspider status` has it. Each page is read with the
    selectors that were valid when it was captured. Exit code 4: a field vanished, or what was an article does not read any more;
    3: the site could not be asked (--live).
    """
    from newsspider import health, rereading
    from newsspider.cli import checking

    own = sites.folder_beside(archive)
    with Archive(archive) as held, steps.shown(quiet) as progress:
        site, names = _chosen(held, target, own)
        begun = time.monotonic()
        total = reading.pages_left(held, names)
        found = health.of(_told(rereading.pages(held, own, names), total, progress))
        seconds = time.monotonic() - begun
        if not found.pages and not live:
            raise ArchiveError(f"no page of {site.name} is held in {archive}; `newsspider crawl {target}` fetches them")
        now = None
        if live:
            now = checking.live(held, site, options.of_request(settings, contact), verbose, quiet)
    if as_json:
        plain = {"site": site.name, "well": found.well, **asdict(found), "live": now and checking.plain(now)}
        click.echo(json.dumps(plain, ensure_ascii=False))
    elif quiet:
        for complaint in (*checking.complaints(found, now), *checking.idle(found)):
            click.echo(f"{site.name}: {complaint}", err=True)
    else:
        checking.show(site, found, seconds, now)
    return 4 if not found.well else now.code if now else 0


def _told(pages: Iterable[Reread], total: int, progress: Any) -> Iterator[Reread]:
    for number, page in enumerate(pages, 1):
        progress("pages", number, total)
        yield page


def _chosen(held: Archive, target: str, own: Path) -> tuple[Site, set[str]]:
    """The site, and the names that the archive has it under: its file's, and those of its hosts from before there was a file."""
    known = reading.site_names(held)
    if "://" in target:
        site = sites.of_address(target, own)
    elif target in known and target not in {site.name for site in sites.known(own)}:
        site = sites.of_address(next(iter(reading.listings(held, target)), f"http://{target}/"), own)
    else:
        site = sites.named(target, own)
    return site, {name for name in known if name in (site.name, target) or sites.covers(site, f"http://{name}/")}
