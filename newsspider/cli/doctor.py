"""newsspider doctor"""

from __future__ import annotations

import fcntl
import importlib.metadata
import json
import os
import re
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import click

from newsspider import site as sites
from newsspider.alerts import rules
from newsspider.archive import Archive, ArchiveError, Damaged, condition, health, overview, reading
from newsspider.cli import alerts, hosts, options, running, terminal
from newsspider.cli.words import amount, span

MB, GB = 10**6, 10**9
LEAST = 200 * MB  # of free disk
SKEW = 120  # seconds between our clock and that of others
VERBS = ("crawl", "poll", "reparse", "ingest", "merge")
SIGNS = {"well": ("✓", "green"), "note": ("!", "yellow"), "ill": ("✗", "red")}


@dataclass(frozen=True, kw_only=True)
class Check:
    """``state``: well, note (worth knowing), ill. ``do``: what to do, empty where there is nothing."""

    what: str
    state: str
    said: str
    do: str = ""
    code: int = 4


@click.command()
@click.option("--offline", is_flag=True, help="Ask no site.")
@options.together(options.contact, options.archive, options.as_json, options.quiet)
def doctor(offline: bool, contact: str | None, archive: Path, as_json: bool, quiet: bool) -> int:
    """Check all that a run by the clock relies on: disk, clock, SQLite, the archive, locks, site files, alerts, health, and the sites.

    Each host is asked once, for its robots.txt. Exit code 4: something is to be done; 5: the archive is damaged.
    """
    checks = list(_checks(archive, contact, offline))
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False))
    else:
        for check in checks:
            if not quiet or check.state == "ill":
                sign, colour = SIGNS[check.state]
                click.echo(
                    f"{terminal.style(sign, fg=colour)} {check.what:<10} {check.said}"
                    + (f"; {check.do}" if check.do else "")
                )
    return max((check.code for check in checks if check.state == "ill"), default=0)


def _checks(archive: Path, contact: str | None, offline: bool) -> Iterator[Check]:
    now = datetime.now(UTC)
    yield from _disk(archive)
    yield from _sqlite()
    yield from _extras()
    yield from _locks(archive)
    chosen, wrong = sites.folder(sites.folder_beside(archive))
    listings: dict[str, list[str]] = {site.name: list(site.listings) for site in chosen}
    yield from (
        Check(what="site file", state="ill", said=str(error), do="correct it; the other sites are crawled")
        for error in wrong
    )
    if chosen:
        yield Check(
            what="site files", state="well", said=f"{amount(len(chosen), 'file')} in {sites.folder_beside(archive)}"
        )
    last = None
    try:
        stale = archive.exists() and condition.stale(archive)
        with Archive(archive) as held:
            last = overview.last_moment(held)
            yield from _archive(held, stale)
            yield from _alerts(held)
            for name in reading.site_names(held):
                listings.setdefault(name, reading.listings(held, name))
    except Damaged as error:
        yield Check(what="archive", state="ill", said=str(error), do="`newsspider verify` lists what is lost", code=5)
    except (ArchiveError, sqlite3.Error) as error:
        state = "ill" if archive.exists() else "note"
        yield Check(
            what="archive",
            state=state,
            said=str(error),
            do="" if archive.exists() else "that is in order before the first crawl",
        )
    yield from _past(last, now)
    if not offline:
        yield from _hosts(listings, contact)


def _disk(archive: Path) -> Iterator[Check]:
    folder = archive.resolve().parent
    if not folder.is_dir():
        yield Check(
            what="folder", state="ill", said=f"{folder} is not there", do="make it, or name another with --archive"
        )
        return
    free, size = shutil.disk_usage(folder).free, archive.stat().st_size if archive.exists() else 0
    said = f"{free / GB:.1f} GB free beside an archive of {size / MB:,.1f} MB"
    if free < LEAST:
        yield Check(
            what="disk", state="ill", said=said, do="make room: a run ends with exit code 1 when the disk is full"
        )
    elif free < size + GB:
        yield Check(
            what="disk", state="note", said=said, do="compact and backup need as much room again as the archive has"
        )
    else:
        yield Check(what="disk", state="well", said=said)
    if not os.access(folder, os.W_OK) or (archive.exists() and not os.access(archive, os.W_OK)):
        yield Check(
            what="rights",
            state="ill",
            said=f"{archive} or its folder may not be written by you",
            do="run as the user who owns it",
        )


def _sqlite() -> Iterator[Check]:
    lacks = list(condition.missing())
    if lacks:
        yield Check(
            what="SQLite", state="ill", said=f"it lacks {', '.join(lacks)}", do="use a Python with a newer SQLite"
        )
    else:
        yield Check(what="SQLite", state="well", said=f"{sqlite3.sqlite_version} has all that is needed")


def _extras() -> Iterator[Check]:
    """Optional parts of the installation that are not complete."""
    lacking: dict[str, list[str]] = defaultdict(list)
    for line in importlib.metadata.requires("newsspider") or ():
        named = re.match(r"[\w.-]+", line)
        extra = re.search(r"extra == ['\"]([\w-]+)['\"]", line)
        if named and extra and extra[1] != "test" and named[0] != "newsspider" and not _installed(named[0]):
            lacking[extra[1]].append(named[0])
    for name, packages in lacking.items():
        yield Check(
            what="extra",
            state="note",
            said=f"{name} is not installed ({', '.join(packages)})",
            do=f"pip install 'newsspider[{name}]' if you need it",
        )


def _installed(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _locks(archive: Path) -> Iterator[Check]:
    for verb in VERBS:
        path = running.lock_file(archive, verb)
        if not path.is_file():
            continue
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                age = span(max(0.0, datetime.now(UTC).timestamp() - path.stat().st_mtime))
                said = f"a {verb} holds it for {age} ({file.read().strip() or 'its process is not known'})"
                yield Check(
                    what="lock", state="note", said=said, do="another one ends with exit code 75 until it is done"
                )


def _archive(held: Archive, stale: bool) -> Iterator[Check]:
    said = f"{held.path}, {amount(len(reading.site_names(held)), 'site')}"
    was = " (brought up to this version's schema just now)" if stale else ""
    yield Check(what="archive", state="well", said=f"{said}{was}")
    for row in health.complaints(held):
        yield Check(what="health", state="ill", said=f"{row['site']}: since {row['since'][:10]}, {row['message']}")


def _alerts(held: Archive) -> Iterator[Check]:
    path = rules.beside(held.path)
    if not path.exists():
        return
    try:
        found = rules.read(path, os.environ)
        alerts.check(found, held)
    except (ArchiveError, click.UsageError) as error:
        do = "correct it: until then `newsspider alerts` tells nothing"
        yield Check(what="alerts", state="ill", said=str(error), do=do)
        return
    said = f"{amount(len(found.rules), 'rule')} and {amount(len(found.ways), 'way')} in {path}"
    yield Check(what="alerts", state="well", said=said)


def _past(last: int | None, now: datetime) -> Iterator[Check]:
    if last is None:
        return
    ahead = last - now.timestamp()
    then = f"{datetime.fromtimestamp(last, UTC):%Y-%m-%d %H:%M} UTC"
    if ahead > SKEW:
        said = f"it shows {now:%Y-%m-%d %H:%M} UTC, {span(ahead)} before the archive's last run ({then})"
        yield Check(
            what="clock",
            state="ill",
            said=said,
            do="set it (timedatectl); until then new looks seem older than old ones",
        )
    else:
        yield Check(what="clock", state="well", said=f"{now:%Y-%m-%d %H:%M} UTC; the archive was last written {then}")


def _hosts(listings: dict[str, list[str]], contact: str | None) -> Iterator[Check]:
    by_host: dict[str, list[str]] = defaultdict(list)
    for urls in listings.values():
        for url in urls:
            parts = urlsplit(url)
            by_host[f"{parts.scheme}://{parts.netloc}"].append(url)
    if not by_host:
        return
    agent, robot = _agent(contact)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda host: hosts.look(host, tuple(by_host[host]), agent, robot), by_host))
    for host in found:
        yield _host(host)
    skews = [host.ahead for host in found if host.ahead is not None]
    if skews and abs(median(skews)) > SKEW:
        way = "before" if median(skews) > 0 else "after"
        said = f"it is {span(abs(median(skews)))} {way} the clocks of {amount(len(skews), 'host')}"
        yield Check(what="clock", state="ill", said=said, do="set it (timedatectl)")


def _host(host: hosts.Host) -> Check:
    if host.error:
        do = f"open {host.url} in a browser; a site that moved is given its new address in its file"
        return Check(what="site", state="ill", said=f"{host.url}: {host.error}", do=do)
    if host.forbidden:
        more = f" and {len(host.forbidden) - 1} more" if len(host.forbidden) > 1 else ""
        do = "ask its webmaster, or leave the site out"
        return Check(what="site", state="ill", said=f"{host.url}: robots.txt forbids {host.forbidden[0]}{more}", do=do)
    robots = "robots.txt allows its listings" if host.status == 200 else f"no robots.txt (HTTP {host.status})"
    if host.certificate:
        do = "it is crawled all the same, unless --strict-tls is given"
        return Check(
            what="site",
            state="note",
            said=f"{host.url}: {robots}; its certificate does not verify: {host.certificate}",
            do=do,
        )
    return Check(what="site", state="well", said=f"{host.url}: {robots}")


def _agent(contact: str | None) -> tuple[str, str]:
    from scrapy.settings import Settings

    from newsspider.spiders import politeness

    settings = Settings()
    settings.setmodule("newsspider.settings", priority="project")
    if contact:
        settings.set("CONTACT", contact, priority="cmdline")
    politeness.introduce(settings)
    return settings["USER_AGENT"], settings["ROBOTSTXT_USER_AGENT"]
