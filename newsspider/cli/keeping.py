"""newsspider verify, backup, merge, compact: keeping an archive whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from newsspider import __version__
from newsspider.archive import Archive, ArchiveError, backups, clock, dictionaries, fixity, joining, merging
from newsspider.cli import extras, options, running, steps
from newsspider.cli.words import amount
from newsspider.items import instant


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
@click.argument("place", metavar="DIR|URL")
@options.together(options.archive, options.quiet)
def backup(place: str, archive: Path, quiet: bool) -> int:
    """Copy the archive to a folder or an object store, as it stands at one moment, also while a crawl writes.

    The copy is verified. An address such as s3://bucket/news is what fsspec knows, with the package it asks for.
    """
    now = datetime.now(UTC)
    with steps.shown(quiet) as progress:
        if "://" in place:
            with extras.needed("fleet", "a backup to an address"):
                from newsspider.archive.store import Store
            with extras.place(place):
                store = Store(place)
            copy, size = backups.send(archive, store, now, progress)
        else:
            made = backups.backup(archive, Path(place), now, progress)
            copy, size = str(made), made.stat().st_size
    if not quiet:
        click.echo(f"{copy} ({size / 1e6:.1f} MB), verified", err=True)
    return 0


@click.command()
@click.argument("others", metavar="[OTHER.db]…", nargs=-1, type=options.FILE)
@click.option("--self", "within", is_flag=True, help="Make one of articles that this archive holds twice.")
@click.option("--undo", metavar="RUN", type=int, help="Part again what a run of merge --self joined.")
@options.together(options.archive, options.quiet)
def merge(others: tuple[Path, ...], within: bool, undo: int | None, archive: Path, quiet: bool) -> int:
    """Put all that other archives hold into this one; again adds nothing, and their order does not matter.

    With --self: articles that were met under several addresses before newsspider knew them for one (http and https, session
    ids, redirects, rel=canonical) become one. Nothing is lost, and the table `joined` keeps how they stood.
    """
    if bool(others) + within + (undo is not None) != 1:
        raise click.UsageError("name other archives, or give --self, or --undo RUN")
    with ExitStack() as stack:
        for verb in ("merge", "crawl", "poll"):  # it writes in one long transaction, which they would wait for
            stack.enter_context(running.lock(archive, verb))
        if not others and not archive.exists():
            raise ArchiveError(f"there is no archive at {archive}")
        held = stack.enter_context(Archive(archive, write=True))
        progress = stack.enter_context(steps.shown(quiet))
        now = instant(datetime.now(UTC))
        lines = []
        if within:
            lines.append(_joined(*joining.join(held, __version__, now)))
        elif undo is not None:
            lines.append(f"{joining.part(held, undo, __version__, now)} article(s) stand by themselves again")
        for other in others:
            added = merging.merge(held, other, progress)
            rows = ", ".join(f"{number} {table}" for table, number in added.items())
            lines.append(f"{other}: {rows or 'nothing new'}")
    for line in () if quiet else lines:
        click.echo(line, err=True)
    return 0


def _joined(run: int, found: Sequence[joining.Double]) -> str:
    if not found:
        return "no article is held twice"
    kept = len({double.kept for double in found})
    return f"{len(found) + kept} articles are {kept} now; `newsspider merge --undo {run}` takes it back"


@click.command()
@options.together(options.archive, options.quiet)
def compact(archive: Path, quiet: bool) -> int:
    """Store pages smaller: dictionaries of today's pages, every page compressed anew, free room given back."""
    with running.lock(archive, "crawl"), Archive(archive, write=True) as held, steps.shown(quiet) as progress:
        before, after = dictionaries.compact(held, instant(datetime.now(UTC)), progress)
    if not quiet:
        click.echo(f"pages take {after / 1e6:.1f} MB, {before / 1e6:.1f} MB before", err=True)
    return 0
