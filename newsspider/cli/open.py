"""newsspider open"""

from __future__ import annotations

import tempfile
import webbrowser
from pathlib import Path

import click

from newsspider import whole
from newsspider.archive import Archive, reading
from newsspider.cli import extras, options
from newsspider.extract import charset


@click.command("open")
@click.argument("article", metavar="ID|URL|TITLE")
@click.option(
    "--at", "moment", metavar="DATE", help="As it was then: 2026-03-01 (the end of that day) or 2026-03-01T09:00."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the page to this file, and open nothing."
)
@options.together(options.archive, options.quiet)
def open(article: str, moment: str | None, out: Path | None, archive: Path, quiet: bool) -> None:
    """Show the stored page of an article in a browser, with its stored images: without scripts, and without a request to anybody.

    An image that is not held is a frame with its address (`newsspider crawl --assets` holds them).
    """
    with extras.needed("serve", "open"):
        from newsspider import replay
    with Archive(archive) as held:
        row = reading.article(held, article)
        at = options.instant_of(moment, reading.timezone(held, row["site"])) if moment else None
        version = reading.stored_version(held, row["id"], at)
        _, text = charset.decoded(*version.page)
        shown = replay.alone(
            text, version.url, version.captured_at, version.title or version.url, lambda url: reading.file_of(held, url)
        )
    place = out or Path(tempfile.mkdtemp(prefix="newsspider-")) / f"article-{row['id']}.html"
    whole.write(place, shown)
    if not quiet:
        click.echo(f"the page as stored at {version.captured_at}: {place}", err=True)
    if out is None and not webbrowser.open(place.as_uri()):
        click.echo(f"no browser could be started; open {place}", err=True)
