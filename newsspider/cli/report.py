"""newsspider report"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from newsspider import report as reports
from newsspider.archive import Archive, naming, reading
from newsspider.cli import options


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("report"),
    show_default=True,
    help="The folder to write to; it is made.",
)
@click.option("--most", type=click.IntRange(1, 200), default=20, show_default=True, help="Articles in each list.")
@click.option(
    "--days",
    type=click.IntRange(1),
    default=7,
    show_default=True,
    help="The days before the archive's end in which growth counts.",
)
@click.option("--site", metavar="SITE", help="Of this site only.")
@click.option("--article", "chosen", metavar="ID|URL", multiple=True, help="A page for this article too.")
@click.option(
    "--pages",
    type=click.IntRange(0),
    default=300,
    show_default=True,
    help="Of the latest articles, so many get a page of their own; those that the lists name do anyway.",
)
@options.together(options.archive, options.quiet)
def report(
    out: Path, most: int, days: int, site: str | None, chosen: tuple[str, ...], pages: int, archive: Path, quiet: bool
) -> None:
    """Write a report as HTML pages, for a browser without a network: sites, all articles, growth, edits, reprints, coverage, health."""
    with Archive(archive) as held:
        naming.check(held, site)
        ids = [reading.article(held, name)["id"] for name in chosen]
        written = reports.write(held, out, datetime.now(UTC), most=most, days=days, pages=pages, chosen=ids, only=site)
    if not quiet:
        click.echo(f"{len(written)} pages; open {written[0]}", err=True)
