"""newsspider alerts"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from newsspider.alerts import messages, rules, sending, ways
from newsspider.archive import Archive, ArchiveError, naming, outbox
from newsspider.cli import extras, options, running
from newsspider.cli.words import amount
from newsspider.items import instant

TELLING = 3  # tries; a receiver that is away for less is not told of under --quiet
FAILED = 3  # exit code


@click.command()
@click.option("--dry-run", is_flag=True, help="Send and write nothing: show what would be told.")
@click.option(
    "--since", metavar="DATE", help="With --dry-run: try the rules on what happened from then on, sent or not."
)
@click.option("--again", is_flag=True, help="Also send now what was refused, and what waits for its next try.")
@click.option("--example", is_flag=True, help="Print an alerts.toml to begin with.")
@options.together(options.archive, options.as_json, options.quiet)
def alerts(
    dry_run: bool, since: str | None, again: bool, example: bool, archive: Path, as_json: bool, quiet: bool
) -> int:
    """Tell of what happened since the last time: new articles, edits, withdrawals, counts that jump or fall, sites that go quiet.

    alerts.toml beside the archive says what is told, and to whom; run it after each crawl and poll. Every alert goes out once, in
    order, and is tried again until its receiver has it. A rule begins when it is first run: --dry-run tries it on the past.
    """
    if example:
        click.echo(files("newsspider.alerts").joinpath("example.toml").read_text(encoding="utf-8"), nl=False)
        return 0
    if since and not dry_run:
        raise click.UsageError("--since goes with --dry-run: what happened before a rule began is not sent")
    path = rules.beside(archive)
    if dry_run:
        found = rules.read(path, os.environ) if path.exists() else rules.Rules(ways={})
        with Archive(archive) as held:
            check(found, held)
            _rehearse(held, found, options.day(since), as_json)
        return 0
    found = rules.read(path, os.environ)
    if not archive.exists():
        raise ArchiveError(f"there is no archive at {archive}; `newsspider crawl …` makes one")
    with running.lock(archive, "alerts"), Archive(archive, write=True) as held:
        check(found, held)
        now = datetime.now(UTC)
        if again:
            outbox.again(held, instant(now))
        made = sending.collect(held, found, now)
        results = sending.deliver(held, found, lambda: datetime.now(UTC))
        left = [dict(row) for row in outbox.standing(held)]
    return _said(made, results, left, found, as_json, quiet)


def check(found: rules.Rules, held: Archive) -> None:
    """Raises where a rule names a site that is not held, or a way cannot be used."""
    for rule in found.rules:
        for site in rule.sites:
            naming.check(held, site)
    with extras.needed("alerts", "a way of Apprise"):
        ways.check(list(found.ways.values()), found.allow)


def _said(
    made: int,
    results: Sequence[sending.Result],
    left: Sequence[dict[str, Any]],
    found: rules.Rules,
    as_json: bool,
    quiet: bool,
) -> int:
    if as_json:
        plain = {"made": made, "ways": [vars(result) for result in results], "waiting": left}
        click.echo(json.dumps(plain, ensure_ascii=False))
    elif not quiet:
        sent = sum(result.sent for result in results)
        click.echo(f"{amount(made, 'new alert')}; {amount(sent, 'message')} sent", err=True)
    for result in results:
        for said in _trouble(result, quiet):
            click.echo(f"way {result.way}: {said}", err=True)
    for way in sorted({row["way"] for row in left} - found.ways.keys()):
        click.echo(
            f"way {way} is no longer in {rules.NAME}, and alerts wait for it; name it again to send them", err=True
        )
    return FAILED if any(result.refused or result.tries >= TELLING for result in results) else 0


def _trouble(result: sending.Result, quiet: bool) -> Iterable[str]:
    if result.error and (not quiet or result.tries >= TELLING):
        yield f"{result.error}; tried {amount(result.tries, 'time')}, and will be again"
    if result.refused:
        yield f"{amount(result.refused, 'message')} refused for good; `newsspider alerts --again` sends what was refused"
    for objection in result.objections:
        yield f"taken, but not for all: {objection}"


def _rehearse(held: Archive, found: rules.Rules, since: str | None, as_json: bool) -> None:
    rows = list(sending.rehearse(held, found, since))
    if as_json:
        plain = [{"rule": rule.name, "to": rule.to, **messages.message(one)} for rule, one in rows]
        click.echo(json.dumps(plain, ensure_ascii=False))
        return
    for rule, one in rows:
        to = f"{rule.name} → {', '.join(rule.to)}" if rule.to else f"there is no {rules.NAME} yet: all but new"
        click.echo(f"[{to}]\n{_indented(messages.text(messages.message(one)))}\n")
    counts = Counter(one.event for _, one in rows)
    told = ", ".join(f"{number} {event}" for event, number in counts.items())
    click.echo(f"{amount(len(rows), 'alert')} would go out{f': {told}' if told else ''}; nothing was sent", err=True)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
