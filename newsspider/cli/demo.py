"""newsspider demo"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from newsspider.archive import Archive, reading
from newsspider.cli import options
from newsspider.demo import Campus


@click.command()
@options.together(options.archive)
def demo(archive: Path) -> int:
    """Crawl a replica campus on loopback, let a day pass, crawl it again."""
    if archive.exists() and not _of_the_demo(archive):
        raise click.UsageError(f"{archive} holds other sites; name another file with --archive, or move it away")
    for old in archive.parent.glob(f"{archive.name}*"):
        old.unlink()
    with Campus() as campus:
        click.echo(f"Three sites with {len(campus.articles)} articles stand on loopback:")
        for name, url in campus.urls.items():
            click.echo(f"  {name:<18} {url}")
        click.echo("\nFirst pass")
        if code := _crawl(campus, archive):
            return code
        changes = campus.pass_time()
        click.echo(f"\n{changes.hours:.0f} hours pass: counts rise, and")
        click.echo(f"  edited     {changes.edited.title}")
        click.echo(f"  withdrawn  {changes.withdrawn.title}")
        click.echo(f"  published  {changes.published.title}")
        click.echo("\nSecond pass")
        if code := _crawl(campus, archive):
            return code
    with Archive(archive) as held:
        edited = reading.article(held, changes.edited.url)
        rows = reading.latest(held)
        growth = max(rows, key=lambda row: row["views"] or 0)
        click.echo(f"\n{archive} holds it all. Three commands to try next:")
    at = "" if archive == Path("archive.db") else f" --archive {archive}"
    name = sys.argv[0] if Path(sys.argv[0]).name == "newsspider" else "newsspider"
    click.echo(f"  {name} show {edited['id']}{at}      the edited article: versions, counts, text")
    click.echo(f"  {name} status{at}      how each site stands")
    click.echo(f"  {name} show {growth['id']}{at}      the most read article")
    return 0


def _of_the_demo(archive: Path) -> bool:
    with Archive(archive) as held:
        return all(row["site"].startswith("127.0.0.") for row in reading.sites(held))


def _crawl(campus: Campus, archive: Path) -> int:
    """A crawl in a process of its own, at the campus's time: Scrapy runs once a process."""
    ahead = (campus.now - datetime.now(UTC)).total_seconds()
    settings = ["-s", "DOWNLOAD_DELAY=0", "-s", f"CLOCK_OFFSET={ahead:.3f}"]
    command = [sys.executable, "-m", "newsspider", "crawl", "--archive", str(archive), *settings, *campus.urls.values()]
    sys.stdout.flush()
    return subprocess.run(command, check=False).returncode
