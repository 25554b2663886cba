"""newsspider verify, backup, merge, compact: keeping an archive whole."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from newsspider.archive import Archive, backups, clock, dictionaries, fixity, merging
from newsspider.cli import options, running, steps
from newsspider.cli.words import amount
from newsspider.items import instant

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--head", metavar="DIGEST", help="Also check that the chain still holds this link, noted earlier.")
@options.together(options.archive, options.as_json, options.quiet)
def verify(head: str | None, archive: Path, as_json: bool, quiet: bool) -> int:
    """Check that the archive holds what was put in: every digest, every sum, every link of the chain of runs.

    Prints what is damaged, one line each, and exits with 5. The head it prints, kept elsewhere, proves later with --head that
    nothing before it was rewritten.
    """
    with Archive(archive) as held, steps.shown(quiet) as progress:
        found = list(fixity.verify(held, progress))
        if head and not fixity.holds(held, head):
            found.append(fixity.Damage(f"chain link {head}", "is not there any more: the chain was rewritten"))
        last = fixity.head(held)
        ahead = [] if found else clock.rows(held.conn, datetime.now(UTC))
    if as_json:
        rows = [{"what": damage.what, "found": damage.found} for damage in found]
        click.echo(
            json.dumps({"archive": str(archive), "head": last, "damage": rows, "ahead": ahead}, ensure_ascii=False)
        )
    else:
        for damage in found:
            click.echo(f"{damage.what} {damage.found}")
    if found:
        click.echo(f"{archive} is damaged in {amount(len(found), 'place')}; restore it from a backup", err=True)
        return 5
    for line in ahead if not quiet and not as_json else ():
        click.echo(line, err=True)
    if not quiet and not as_json:
        click.echo(
            f"{archive} is whole; the chain of runs ends in {'this link' if last else 'nothing, for no run has ended'}",
            err=True,
        )
        if last:
            click.echo(last)
    return 0


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@options.together(options.archive, options.quiet)
def backup(folder: Path, archive: Path, quiet: bool) -> int:
    """Copy the archive to DIR, as it stands at one moment, also while a crawl writes; the copy is verified."""
    with steps.shown(quiet) as progress:
        copy = backups.backup(archive, folder, datetime.now(UTC), progress)
    if not quiet:
        click.echo(f"{copy} ({copy.stat().st_size / 1e6:.1f} MB), verified", err=True)
    return 0


@click.command()
@click.argument("others", metavar="OTHER.db…", nargs=-1, required=True, type=options.FILE)
@options.together(options.archive, options.quiet)
def merge(others: tuple[Path, ...], archive: Path, quiet: bool) -> int:
    """Put all that other archives hold into this one; again adds nothing, and their order does not matter."""
    with ExitStack() as stack:
        for verb in ("merge", "crawl", "poll"):  # it writes in one long transaction, which they would wait for
            stack.enter_context(running.lock(archive, verb))
        held = stack.enter_context(Archive(archive, write=True))
        progress = stack.enter_context(steps.shown(quiet))
        for other in others:
            added = merging.merge(held, other, progress)
            if not quiet:
                rows = ", ".join(f"{number} {table}" for table, number in added.items())
                click.echo(f"{other}: {rows or 'nothing new'}", err=True)
    return 0


@click.command()
@options.together(options.archive, options.quiet)
def compact(archive: Path, quiet: bool) -> int:
    """Store pages smaller: dictionaries of today's pages, every page compressed anew, free room given back."""
    with running.lock(archive, "crawl"), Archive(archive, write=True) as held, steps.shown(quiet) as progress:
        before, after = dictionaries.compact(held, instant(datetime.now(UTC)), progress)
    if not quiet:
        click.echo(f"pages take {after / 1e6:.1f} MB, {before / 1e6:.1f} MB before", err=True)
    return 0
