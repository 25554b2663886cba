"""Options that many verbs share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click

from newsspider.cli import words

ARCHIVE = f"{__name__}.archive"  # where `click.Context.meta` keeps the path


class _File(click.Path):
    """A file to be read as often as it takes: a pipe could be read once, and might wait for ever."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        path: Any = super().convert(value, parameter, context)
        if not path.is_file():
            self.fail(f"{path} is a pipe or a device; save it as a file first", parameter, context)
        return path


FILE = _File(path_type=Path, dir_okay=False, exists=True)


def _note_archive(context: click.Context, parameter: click.Parameter, path: Path) -> Path:
    from newsspider.archive import is_there  # it takes 20 ms to load: not for --help

    is_there(path)  # what is wrong with it is said before anything else is loaded, read or asked
    context.meta[ARCHIVE] = path
    return path


archive = click.option(
    "--archive",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("archive.db"),
    envvar="NEWSSPIDER_ARCHIVE",
    show_default=True,
    callback=_note_archive,
    help="The archive's file.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for a program to read.")
quiet = click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong (for cron).")
verbose = click.option("--verbose", "-v", count=True, help="Log what is done; twice: every request.")
setting = click.option(
    "-s", "settings", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting, as `scrapy crawl` takes it."
)
contact = click.option(
    "--contact", envvar="NEWSSPIDER_CONTACT", help="Mail address or page to put into the User-Agent."
)


def _setting_of(name: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    """A callback that notes a flag as a Scrapy setting of the run: `of_flags` tells them."""

    def note(context: click.Context, parameter: click.Parameter, given: bool) -> None:
        if given:
            context.meta.setdefault(__name__, {})[name] = True

    return note


_allow_private = click.option(
    "--allow-private",
    is_flag=True,
    expose_value=False,
    callback=_setting_of("ALLOW_PRIVATE"),
    help="Also ask hosts of the site that have addresses of a private network: from inside a campus.",
)
_strict_tls = click.option(
    "--strict-tls",
    is_flag=True,
    expose_value=False,
    callback=_setting_of("DOWNLOAD_VERIFY_CERTIFICATES"),
    help="Read nothing from a host whose certificate is not in order.",
)


def network(function: Any) -> Any:
    """The options of all verbs that ask sites."""
    return _allow_private(_strict_tls(function))


def of_flags() -> dict[str, bool]:
    """The settings that `network` stands for, as given to the verb that runs."""
    context = click.get_current_context(silent=True)
    return dict(context.meta.get(__name__, {})) if context else {}


def of_request(settings: tuple[str, ...], contact: str | None) -> dict[str, str]:
    """``-s`` and ``--contact`` as settings."""
    chosen = pairs(settings)
    if contact:
        chosen.setdefault("CONTACT", contact)
    return chosen


def pairs(settings: tuple[str, ...]) -> dict[str, str]:
    """``-s`` options as a dict. Raises a usage error for a name or a value that no setting has."""
    if not settings:
        return {}
    from newsspider.cli import wishes  # it loads Scrapy's defaults

    return wishes.pairs(settings)


def instant_of(text: str, timezone: str) -> str:
    """The UTC instant a date or time means in a zone; a date alone is the end of its day. Raises a usage error for neither."""
    from zoneinfo import ZoneInfo

    from newsspider.items import instant

    try:
        moment = datetime.fromisoformat(text)
        whole_day = len(text) <= len("2026-03-01")
    except ValueError:
        try:
            moment, whole_day = datetime.combine(words.day(text, date.today()), time()), True
        except ValueError as error:
            raise click.BadParameter(f"{error}; or a day and a time, 2026-03-01T09:00") from None
    if whole_day:
        moment = moment.replace(hour=23, minute=59, second=59)
    return instant(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone)))


def day(text: str | None) -> str | None:
    """A day, month or year as it is compared with ``article.published``. Raises a usage error for anything else."""
    if text is None or re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", text, re.ASCII):
        return text
    try:
        return words.day(text, date.today()).isoformat()
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def together(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Several options as one decorator, in this order."""

    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate
