"""newsspider transcribe"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from newsspider import transcribing
from newsspider.archive import Archive, naming, reading, transcripts
from newsspider.cli import extras, options, steps
from newsspider.cli.words import amount
from newsspider.items import instant


@click.command()
@click.option(
    "--ocr", is_flag=True, help="Also recognise text in scanned PDFs, and in the pictures of articles that say little."
)
@click.option("--all-pictures", is_flag=True, help="With --ocr: in every held picture.")
@click.option("--site", metavar="SITE", help="Only this site's files.")
@options.together(options.archive, options.quiet)
def transcribe(ocr: bool, all_pictures: bool, site: str | None, archive: Path, quiet: bool) -> None:
    """Read what held files say: the text layer of PDFs, and with --ocr scans and pictures of text. `search --files` finds it.

    `crawl --assets` holds files. What is read is kept apart from the texts of articles, with its method.
    """
    if all_pictures and not ocr:
        raise click.UsageError("--all-pictures goes with --ocr")
    if ocr:
        with extras.needed("ocr", "--ocr"):
            import PIL  # noqa: F401
    try:
        tools = {method: transcribing.tool(method) for method in (("pdf", "ocr") if ocr else ("pdf",))}
    except transcribing.Missing as error:
        raise click.UsageError(str(error)) from error
    with Archive(archive, write=True) as held, steps.shown(quiet) as progress:
        naming.check(held, site)
        read, failed = keep(held, tools, datetime.now(UTC), site, all_pictures, progress)
    if not quiet:
        without = f", {amount(failed, 'file')} could not be read" if failed else ""
        click.echo(f"{amount(read, 'file')} read{without}", err=True)


def keep(
    held: Archive,
    tools: Mapping[str, str],
    now: datetime,
    site: str | None = None,
    all_pictures: bool = False,
    progress: Callable[[str, int, int], None] = lambda part, done, total: None,
) -> tuple[int, int]:
    """Reads the files that wait, by each method with its tool: how many said something, and how many could not be read."""
    read = failed = 0
    for method, tool in tools.items():
        waiting = transcripts.due(held, method, site, all_pictures)
        for number, file in enumerate(waiting):
            progress(f"{method} of files", number, len(waiting))
            said = transcribing.read(reading.payload(held, file.digest) or b"", method)
            transcripts.keep(held, file.digest, method, tool, instant(now), said.text, said.error)
            read += bool(said.text)
            failed += said.text is None
            if said.error:
                click.echo(f"{file.url}: {said.error}", err=True)
    return read, failed
