"""newsspider schedule"""

from __future__ import annotations

import getpass
import shlex
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from newsspider import site as sites
from newsspider.alerts import rules
from newsspider.archive import Archive, naming
from newsspider.cli import options, pings


@dataclass(frozen=True, kw_only=True)
class Job:
    """One line of a crontab, one service with its timer. ``commands`` run one after the other, as long as they go well."""

    name: str
    what: str
    cron: str
    calendar: str
    commands: tuple[tuple[str, ...], ...]


@click.command()
@click.option("--systemd", is_flag=True, help="Print services and timers of systemd instead of lines for crontab.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="With --systemd: write the units into DIR.",
)
@click.option("--user", metavar="NAME", help="With --systemd: the user the services run as; you, unless given.")
@click.option(
    "--ping", type=pings.Address(), metavar="URL", help="Let the runs tell a monitor at URL/crawl and URL/poll."
)
@options.together(options.contact, options.archive)
def schedule(
    systemd: bool, out: Path | None, user: str | None, ping: str | None, contact: str | None, archive: Path
) -> int:
    """Print what runs this archive by the clock: a crawl every night, polls, alerts where alerts.toml
    has rules, a weekly check with a backup, a monthly compaction.

    All paths are absolute. Nothing is installed: the first lines say how to do that.
    """
    archive = archive.resolve()
    jobs = list(_jobs(archive, ping))
    if not systemd:
        click.echo("\n".join(_crontab(archive, jobs, contact)))
        return 0
    units = {name: text for job in jobs for name, text in _units(archive, job, user or getpass.getuser(), contact)}
    if out is None:
        click.echo("\n".join(f"# {name}\n{text}" for name, text in units.items()), nl=False)
        return 0
    out.mkdir(parents=True, exist_ok=True)
    for name, text in units.items():
        (out / name).write_text(text, encoding="utf-8")
    timers = " ".join(name for name in units if name.endswith(".timer"))
    click.echo(
        f"{len(units)} units in {out}; start them: systemctl daemon-reload && systemctl enable --now {timers}", err=True
    )
    return 0


def _jobs(archive: Path, ping: str | None) -> Iterator[Job]:
    program = str(_program())
    at = ("--archive", str(archive), "--quiet")
    # Each archive has its own minute, so that many on one machine, or at one school, do not all ask at once.
    minute = 2 + zlib.crc32(str(archive).encode()) % 56

    def told(verb: str) -> tuple[str, ...]:
        return ("--ping", pings.place(ping, verb)) if ping else ()

    yield Job(
        name="crawl",
        what="new articles, and those due for another look",
        cron=f"{minute} 2 * * *",
        calendar=f"*-*-* 02:{minute:02}:00",
        commands=((program, "crawl", *_targets(archive), *at, *told("crawl")),),
    )
    yield Job(
        name="poll",
        what="the view counts that are due",
        cron="*/10 * * * *",
        calendar="*:0/10",
        commands=((program, "poll", *at, *told("poll")),),
    )
    if rules.beside(archive).exists():
        yield Job(
            name="alerts",
            what="what its rules tell of, between two polls",
            cron="5-59/10 * * * *",
            calendar="*:5/10",
            commands=((program, "alerts", *at),),
        )
    yield Job(
        name="verify",
        what="whether all is as it was put in, and a backup",
        cron=f"{minute} 4 * * 0",
        calendar=f"Sun 04:{minute:02}:00",
        commands=((program, "verify", *at), (program, "backup", str(archive.parent / "backups"), *at)),
    )
    yield Job(
        name="compact",
        what="less room for the pages",
        cron=f"{minute} 6 1 * *",
        calendar=f"*-*-01 06:{minute:02}:00",
        commands=((program, "compact", *at),),
    )


def _program() -> Path:
    """The installed program of this very environment."""
    beside = Path(sys.executable).with_name("newsspider")
    return beside if beside.exists() else Path(sys.argv[0]).resolve()


def _targets(archive: Path) -> tuple[str, ...]:
    """All site files; where there are none, the sites that the archive holds."""
    if any(sites.folder_beside(archive).glob("*.toml")) or not archive.exists():
        return ("--all",)
    with Archive(archive) as held:
        return tuple(naming.names(held.conn)) or ("--all",)


def _crontab(archive: Path, jobs: list[Job], contact: str | None) -> Iterator[str]:
    yield f"# newsspider, for {archive}. To add these lines: crontab -e, or (crontab -l; newsspider schedule) | crontab -"
    yield "# What is printed is mailed by cron; nothing is printed when all is well."
    if contact:
        yield f"NEWSSPIDER_CONTACT={contact}"
    for job in jobs:
        commands = " && ".join(map(shlex.join, job.commands)).replace("%", r"\%")  # cron makes a line break of %
        folder = shlex.quote(str(archive.parent)).replace("%", r"\%")
        yield f"# {job.what}"
        yield f"{job.cron}  cd {folder} && {commands}"


def _units(archive: Path, job: Job, user: str, contact: str | None) -> Iterator[tuple[str, str]]:
    environment = f"Environment={_quoted(f'NEWSSPIDER_CONTACT={contact}')}\n" if contact else ""
    starts = "\n".join(f"ExecStart={' '.join(map(_quoted, command))}" for command in job.commands)
    about = str(archive).replace("%", "%%")
    yield (
        f"newsspider-{job.name}.service",
        f"""[Unit]
Description=newsspider {job.name} of {about}: {job.what}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
WorkingDirectory={str(archive.parent).replace("%", "%%")}
{environment}{starts}
# On SIGTERM the requests under way end and are stored.
TimeoutStopSec=180
Nice=10
# No SuccessExitStatus: 3 is a site that failed, 4 one that is not as it was, 75 another run that did not end.
""",
    )
    yield (
        f"newsspider-{job.name}.timer",
        f"""[Unit]
Description=newsspider {job.name} of {about}

[Timer]
OnCalendar={job.calendar}
Persistent=true
RandomizedDelaySec={60 if job.name in ("poll", "alerts") else 300}

[Install]
WantedBy=timers.target
""",
    )


def _quoted(word: str) -> str:
    """A word of a command line of systemd, which has its own rules.

    >>> _quoted("/srv/100% news/a.db")
    '"/srv/100%% news/a.db"'
    """
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if plain != word or any(sign in word for sign in " ';") else plain
