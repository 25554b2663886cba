"""newsspider ingest"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from newsspider import site as sites
from newsspider.cli import extras, options, running, steps


@click.command()
@click.argument("files", metavar="FILE.warc.gz…", nargs=-1, required=True, type=options.FILE)
@click.option("--site", metavar="SITE", help="Only what the hosts of this site answered.")
@options.together(options.archive, options.quiet, options.verbose)
def ingest(files: tuple[Path, ...], site: str | None, archive: Path, quiet: bool, verbose: int) -> int:
    """Take articles from WARC files, with the times they were captured: history from before, without a network.

    The same file again adds nothing. Broken records are named on stderr and passed over; -v names every page that is passed over.
    """
    with extras.needed("warc", "ingest"):
        from newsspider.ingest import ingest as taken
    from newsspider.archive import Archive

    own = sites.folder_beside(archive)
    complaints: list[str] = []

    def complain(words: str) -> None:
        complaints.append(words)
        if verbose or "record at byte" in words or "cannot be read" in words:
            click.echo(words, err=True)

    with running.lock(archive, "ingest"), Archive(archive, write=True) as held, steps.shown(quiet) as progress:
        found = taken(
            *(held, files, own, datetime.now(UTC)),
            only=sites.named(site, own) if site else None,
            complain=complain,
            progress=progress,
        )
    if not quiet:
        click.echo(", ".join(f"{number} {what}" for what, number in found.items() if number) or "nothing new", err=True)
    return 0
