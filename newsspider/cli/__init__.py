"""The command line. Each group of verbs has a module, loaded when its verb is used."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click
from click.shell_completion import CompletionItem

from newsspider import __version__
from newsspider.cli import examples
from newsspider.cli.summaries import SUMMARIES
from newsspider.spelling import near

VERBS = {
    "demo": "demo",
    "probe": "probe",
    "explain": "explain",
    "add": "add",
    "check": "check",
    "crawl": "crawl",
    "poll": "poll",
    "list": "listing",
    "search": "search",
    "sql": "listing",
    "top": "top",
    "calibrate": "calibrate",
    "rename": "rename",
    "status": "show",
    "doctor": "doctor",
    "schedule": "schedule",
    "alerts": "alerts",
    "show": "show",
    "open": "open",
    "history": "history",
    "diff": "history",
    "edits": "edits",
    "related": "related",
    "export": "export",
    "lake": "lake",
    "report": "report",
    "serve": "serve",
    "verify": "keeping",
    "backup": "keeping",
    "merge": "keeping",
    "compact": "keeping",
    "ingest": "ingest",
    "reparse": "reparse",
    "transcribe": "transcribe",
    "fleet": "fleet",
    "rebuild": "rebuild",
}

EXIT_CODES = """
\b
Exit codes:
  0   all well
  1   a crash, or a full disk
  2   usage: a wrong option, site or file
  3   some sites failed
  4   a health check failed
  5   the archive is damaged
  75  another run holds the lock
"""


class Verbs(click.Group):
    """Subcommands by name, imported on use alone: Scrapy takes a third of a second, all of them together a whole one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"newsspider.cli.{VERBS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        command.epilog = command.epilog or examples.shown(cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        verbs = [CompletionItem(verb, help=line) for verb, line in SUMMARIES.items() if verb.startswith(incomplete)]
        return verbs + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            raise click.UsageError(
                f"no command is named {args[0]!r}{near(args[0], VERBS) or '; newsspider --help lists them'}"
            )
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            from newsspider.cli import options, teaching

            taught = teaching.of(error, ctx.meta.get(options.ARCHIVE))
            if taught is error:
                raise
            raise taught from error


@click.group(cls=Verbs, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="newsspider")
@click.option(
    "--archive",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="The archive's file; it may be named before or after the command.",
)
def newsspider(archive: str | None) -> None:
    """Crawl and archive university news: articles, their versions, and their view counts over time.

    Everything goes into one SQLite file, ./archive.db unless --archive or NEWSSPIDER_ARCHIVE names another.
    """
    if archive:  # where it stands after the command, that one counts
        os.environ["NEWSSPIDER_ARCHIVE"] = archive


def main(arguments: list[str] | None = None) -> Any:
    """The program: runs a verb and turns what went wrong into a line on stderr and an exit code."""
    from newsspider.cli import terminal

    with terminal.guarded():
        sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    code: Any
    try:
        _refuse_secrets(sys.argv[1:] if arguments is None else arguments)
        code = newsspider.main(arguments, prog_name="newsspider", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = 1
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as error:
        known = code_of(error)
        if known is None:
            raise
        click.echo(f"newsspider: {error}", err=True)
        code = known
    return code if isinstance(code, int) else 0


def _refuse_secrets(arguments: list[str]) -> None:
    """Before anything is printed, stored or asked: what stands in the command line is repeated in many places."""
    if any("@" in argument for argument in arguments):
        from newsspider import scope, site

        if any(scope.has_secret(argument) for argument in arguments):
            raise site.SiteError(site.SECRET)


def code_of(error: Exception) -> int | None:
    """The exit code of an error that says by itself what to do, None: of any other."""
    from newsspider.archive import ArchiveError, Damaged, Full, Locked  # only when needed: they take 20 ms to load
    from newsspider.site import SiteError

    codes = {Damaged: 5, Locked: 75, Full: 1, ArchiveError: 2, SiteError: 2}
    return next((code for kind, code in codes.items() if isinstance(error, kind)), None)
