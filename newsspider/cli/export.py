"""newsspider export"""

from __future__ import annotations

from pathlib import Path

import click

from newsspider.archive import Archive, naming, reading
from newsspider.cli import options, steps
from newsspider.cli.words import amount
from newsspider.export import txt


@click.command()
@click.option(
    "--format",
    "kind",
    type=click.Choice(["txt", "warc"]),
    default="txt",
    show_default=True,
    help="txt: one text file an article. warc: every capture, with a CDXJ index, for pywb.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("export"),
    show_default=True,
    help="The folder to write to; it is made.",
)
@click.option("--site", metavar="SITE", help="This site's articles only.")
@options.together(options.archive, options.quiet)
def export(kind: str, out: Path, site: str | None, archive: Path, quiet: bool) -> None:
    """Write the articles, as last seen, to files."""
    if kind == "warc":
        from newsspider.export import warc

        with Archive(archive) as held, steps.shown(quiet) as progress:
            naming.check(held, site)
            path, count = warc.write(held, out, site, progress)
        if not quiet:
            click.echo(f"{amount(count, 'capture')} in {path} and its .cdxj", err=True)
        return
    with Archive(archive) as held:
        naming.check(held, site)
        count = txt.write(reading.latest(held, site), out)
    if not quiet:
        click.echo(f"{amount(count, 'article')} in {out}/", err=True)
