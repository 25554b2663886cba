"""newsspider probe"""

from __future__ import annotations

from pathlib import Path

import click

from newsspider.cli import options


@click.command()
@click.argument("url")
@click.option("--bare", is_flag=True, help="Leave out the rules of a site file that covers the address.")
@options.together(options.contact, options.archive, options.setting, options.as_json, options.quiet, options.verbose)
@options.network
def probe(
    url: str,
    bare: bool,
    contact: str | None,
    archive: Path,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> int:
    """Show how newsspider reads a news column (or a front page, or an article), and write nothing.

    Some ten requests: robots.txt, the page, its next page, three articles, and their counters singly and in one batch.
    Exit code 0: title, date, text and count were found in all three; 3: something is missing, and said.
    """
    from newsspider.cli import probing

    site = None if bare else probing.archive_site(url, archive)
    found = probing.look(url, site, options.of_request(settings, contact), verbose, quiet)
    if as_json:
        click.echo(probing.as_json(found))
    elif not quiet:
        probing.show(probing.report(found))
    elif not found.complete:
        click.echo(f"{url}: {probing.verdict(found)}", err=True)
    return 0 if found.complete else 3
