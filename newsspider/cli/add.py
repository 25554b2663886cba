"""newsspider add"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import click

from newsspider.cli import options


@click.command()
@click.argument("url")
@click.option("--name", metavar="NAME", help="What to call the site; made from its host unless given.")
@click.option("--force", is_flag=True, help="Overwrite a file of that name.")
@options.together(options.contact, options.archive, options.setting, options.quiet, options.verbose)
@options.network
def add(
    url: str,
    name: str | None,
    force: bool,
    contact: str | None,
    archive: Path,
    settings: tuple[str, ...],
    quiet: bool,
    verbose: int,
) -> int:
    """Write a site file for a news column, or for the columns a front page leads to: sites/NAME.toml beside the archive.

    The pages are read as `newsspider probe` reads them; the file holds what they show, for you to correct. A column that needs no
    correction needs no file, either: `newsspider crawl URL` takes any address.
    """
    from newsspider import site as sites
    from newsspider.cli import probing
    from newsspider.spiders import draft

    sites.check_address(url)
    name = name or draft.name(url)
    if not re.fullmatch(sites.NAME, name):
        raise click.UsageError(f"--name {name}: a name has letters, digits, - and . alone; it becomes that of a file")
    path = sites.folder_beside(archive) / f"{name}.toml"
    if path.exists() and not force:
        raise click.UsageError(f"{path} is there already; add the address to its listings, or say --force or --name")
    found = probing.look(url, None, options.of_request(settings, contact), verbose, quiet)
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    try:
        text = draft.toml(found, name, day)
    except ValueError as error:
        click.echo(f"newsspider: {error} ({found.error or found.kind}); nothing was written", err=True)
        return 3
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if not quiet:
        click.echo(f"{path}\n\n{text}")
        probing.show(probing.verdict(found))
        click.echo(
            f"\nNext: newsspider crawl {name}\n      scrapy list now names it, too; newsspider check {name} looks after it"
        )
    return 0
