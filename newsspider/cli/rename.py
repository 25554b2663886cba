"""newsspider rename"""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from newsspider import site as sites
from newsspider.archive import Archive, naming
from newsspider.cli import options, running
from newsspider.items import instant


@click.command()
@click.argument("old")
@click.argument("new")
@options.together(options.archive, options.quiet)
def rename(old: str, new: str, archive: Path, quiet: bool) -> int:
    """Call a site by another name, in the archive and in its site file; where both names are held, they become one site.

    The old name stays a fact of the archive (table former_name).
    """
    if not re.fullmatch(sites.NAME, new):
        raise click.UsageError(f"{new}: a name has letters, digits, - and . alone; it becomes that of a file")
    if old == new:
        raise click.UsageError(f"{old} is called so already")
    with ExitStack() as stack:
        for verb in ("crawl", "poll", "reparse"):  # they would write under the old name
            stack.enter_context(running.lock(archive, verb))
        held = stack.enter_context(Archive(archive, write=True))
        naming.check(held, old)
        joined = new in naming.names(held.conn)
        moved = _file(sites.folder_beside(archive), old, new)
        with held.transaction() as conn:
            naming.rename(conn, old, new, instant(datetime.now(UTC)))
    if not quiet:
        click.echo(f"{old} is {new} now" + (", together with what was held of that" if joined else ""), err=True)
        if moved:
            click.echo(f"its file is {moved}", err=True)
    return 0


def _file(folder: Path, old: str, new: str) -> Path | None:
    """Moves a site's file to its new name. Raises a usage error where a file of that name is another site's."""
    path, target = folder / f"{old}.toml", folder / f"{new}.toml"
    if not path.exists():
        return None
    if target.exists():
        raise click.UsageError(
            f"{path} and {target} are both there; put their listings into {target}, remove {path}, and say it again"
        )
    text = path.read_text(encoding="utf-8")
    named = re.sub(rf'^(name\s*=\s*)["\']{re.escape(old)}["\']', lambda m: f'{m[1]}"{new}"', text, count=1, flags=re.M)
    target.write_text(named, encoding="utf-8")
    path.unlink()
    return target
