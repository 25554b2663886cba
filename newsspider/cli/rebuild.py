"""newsspider rebuild"""

from __future__ import annotations

from pathlib import Path

import click

from newsspider.archive import Archive, derived, schema
from newsspider.cli import options, steps


@click.command()
@options.together(options.archive, options.quiet)
def rebuild(archive: Path, quiet: bool) -> int:
    """Make what is held twice for quick answers anew: the index of `newsspider search`, events and epochs of counts, the views.

    `newsspider verify` says when that is needed. Nothing else is touched, and a crawl may write meanwhile.
    """
    with Archive(archive, write=True) as held, steps.shown(quiet) as progress:
        schema.renew_views(held.conn)
        derived.rebuild(held.conn, held.sealed, progress)
    if not quiet:
        click.echo(f"{archive}: the search index, the tables of counts and the views are made anew", err=True)
    return 0
