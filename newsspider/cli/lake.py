"""newsspider lake"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsspider.archive import Archive, naming
from newsspider.cli import extras, options, steps
from newsspider.cli.words import amount

if TYPE_CHECKING:
    from newsspider.export.lake import Written


@click.command()
@click.argument("place", metavar="DIR|URL")
@click.option("--site", "sites", metavar="SITE", multiple=True, help="This site only; again for more.")
@click.option("--check", is_flag=True, help="Write nothing: compare every file of the lake with its checksum.")
@options.together(options.archive, options.as_json, options.quiet)
def lake(place: str, sites: tuple[str, ...], check: bool, archive: Path, as_json: bool, quiet: bool) -> None:
    """Bring a lake of Parquet files up to the archive: by table, site and month, what changed since the last time.

    Many archives may write to one lake, each site from one archive. docs/scale.md has queries for DuckDB and Spark.
    """
    with extras.needed("parquet", "the lake"):
        import pyarrow  # noqa: F401

        from newsspider.archive.store import Store
        from newsspider.export import dataset
        from newsspider.export import lake as lakes
    with extras.place(place):
        store = Store(place)
    if check:
        number = lakes.check(store, sites)
        if not quiet:
            click.echo(f"{amount(number, 'file')} in {place}, all as written", err=True)
        return
    done = []
    with Archive(archive) as held, steps.shown(quiet) as progress:
        for site in sites:
            naming.check(held, site)
        at, _ = dataset.cut_at(held, None, datetime.now(UTC))
        for site in sites or naming.names(held.conn):
            done.append(lakes.write(held, store, site, at, progress))
    if as_json:
        click.echo(json.dumps({"lake": place, "as_of": at, "sites": [asdict(one) for one in done]}, ensure_ascii=False))
    elif not quiet:
        for one in done:
            click.echo(_said(one), err=True)


def _said(one: Written) -> str:
    if not one.written and not one.removed:
        return f"{one.site}: nothing new by {one.as_of}"
    said = f"{one.site}: {amount(len(one.written), 'file')} written ({one.bytes:,} bytes) by {one.as_of}"
    if one.removed:
        said += f"; {amount(len(one.removed), 'file')} removed"
    if one.revised:
        said += f"; {len(one.revised)} of months that were over, for the archive knows more of them now"
    return said
