"""newsspider reparse"""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsspider import health
from newsspider import site as sites
from newsspider.archive import Archive, naming
from newsspider.cli import options, running, steps, terminal
from newsspider.cli.words import amount

if TYPE_CHECKING:
    from newsspider.reparse import Report

WIDEST = 60  # characters of a value that are shown


@click.command()
@click.option("--site", metavar="SITE", help="Only what is held of this site.")
@click.option("--dry-run", "dry", is_flag=True, help="Only tell what would change.")
@options.together(options.archive, options.as_json, options.quiet)
def reparse(site: str | None, dry: bool, archive: Path, as_json: bool, quiet: bool) -> int:
    """Read every held page again with the rules of today, without a network, and tell which fields read otherwise.

    Each page is read with the selectors that were valid when it was captured. What changes is recorded as an upgrade of the parser,
    never as an edit: `newsspider history` and the view parser_upgrade tell it. A run that was broken off is taken up by the next.
    """
    from newsspider import reparse as again

    own = sites.folder_beside(archive)
    begun = time.monotonic()
    with ExitStack() as stack:
        if not dry:
            for verb in ("reparse", "merge", "crawl", "ingest"):  # they would change versions under its hands
                stack.enter_context(running.lock(archive, verb))
        held = stack.enter_context(Archive(archive, write=not dry))
        names = _names(held, site) if site else None
        progress = stack.enter_context(steps.shown(quiet))
        report = again.reparse(held, own, datetime.now(UTC), names, dry=dry, progress=progress)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
    elif not quiet:
        _show(report, time.monotonic() - begun, dry)
    return 0


def _names(held: Archive, site: str) -> list[str]:
    naming.check(held, site)
    return [site]


def _show(report: Report, seconds: float, dry: bool) -> None:
    if report.before:
        click.echo(f"taken up after {amount(report.before, 'page')}, which a run that was broken off had read")
    would = "would read" if dry else "read"
    click.echo(
        f"{amount(report.pages, 'held page')} read again in {seconds:.1f} s; {report.otherwise:,} {would} otherwise"
    )
    if report.gained:
        click.echo(f"{report.gained:,} of them did not read before")
    for name, tally in sorted(report.fields.items(), key=lambda one: -one[1].pages):
        click.echo(
            f"\n{terminal.style(name, bold=True)}  {amount(tally.pages, 'page')} of {amount(tally.articles, 'article')}"
        )
        for url, at, was, now in tally.samples:
            click.echo(f"  {url}  captured {at}\n    was  {_cut(was, now)}\n    now  {_cut(now, was)}")
    if report.lost:
        click.echo(f"\n{amount(len(report.lost), 'page')} not read as an article any more; what was read before stays:")
        for url, at, why in report.lost[:10]:
            click.echo(f"  {url}  captured {at}  {why}")


def _cut(value: Any, other: Any) -> str:
    """The passage in which a value differs from another, on one line."""
    text, beside = ("" if one is None else str(one).replace("\n", "⏎") for one in (value, other))
    return str(health.passage(text, beside, WIDEST)) or "nothing"
