"""Scrapy settings from the command line (``-s NAME=VALUE``), checked before anything starts."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from newsspider.spelling import near

TRUTHS = ("0", "1", "true", "false")
NOT_BELOW_ZERO = (
    "DOWNLOAD_",
    "CONCURRENT_",
    "SITES_AT_ONCE",
    "RETRY_TIMES",
    "CLOSESPIDER_",
    "AUTOTHROTTLE_",
    "REDIRECT_MAX",
    "ARCHIVE_BUSY",
)


def pairs(settings: tuple[str, ...]) -> dict[str, str]:
    """``-s`` options as a dict. Raises a usage error for a name that no setting has, and a value that its setting does not take."""
    found = {}
    defaults = _defaults()
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise click.UsageError(f"-s {setting}: it takes NAME=VALUE")
        if name not in defaults:
            raise click.UsageError(f"-s {name}: no setting has that name{near(name, defaults)}")
        if wrong := _wrong(name, value, defaults[name]):
            raise click.UsageError(f"-s {name}={value}: it takes {wrong}")
        found[name] = value
    return found


def _defaults() -> dict[str, Any]:
    from scrapy.settings import default_settings

    from newsspider import settings

    return {
        name: value
        for module in (default_settings, settings)
        for name, value in vars(module).items()
        if name.isupper() and not name.startswith("_")
    }


def _wrong(name: str, value: str, default: Any) -> str | None:
    """What a setting takes, where a value is none of it."""
    if name == "LOG_LEVEL":
        return None if value in logging.getLevelNamesMapping() else "DEBUG, INFO, WARNING, ERROR or CRITICAL"
    if name == "CLOCK":
        return None if _is_instant(value) else "an instant, as 2023-04-21T08:00:00Z"
    if isinstance(default, bool):
        return None if value.lower() in TRUTHS else "1 or 0"
    if isinstance(default, int | float):
        return _wrong_number(name, value, type(default))
    if isinstance(default, dict):
        return None if _is_table(value) else "a JSON object"
    return None


def _wrong_number(name: str, value: str, kind: Callable[[str], int | float]) -> str | None:
    try:
        # Scrapy's own defaults are whole numbers also where it takes parts of a second.
        number = (
            float(value) if name.startswith(("DOWNLOAD_DELAY", "DOWNLOAD_TIMEOUT", "AUTOTHROTTLE_")) else kind(value)
        )
    except ValueError:
        return "a whole number" if kind is int else "a number"
    if number != number or number in (float("inf"), float("-inf")):
        return "a number"
    return "a number that is not below zero" if number < 0 and name.startswith(NOT_BELOW_ZERO) else None


def _is_instant(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_table(value: str) -> bool:
    try:
        return isinstance(json.loads(value), dict)
    except ValueError:
        return False
