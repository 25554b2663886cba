"""Telling a monitor that a run began and how it ended: ``URL/start``, then ``URL``, or ``URL/<exit code>``, or ``URL/fail`` after a crash.

These are the addresses of healthchecks.io and of what speaks like it. Only the address that the operator named is asked, no
redirect is followed, and a monitor that does not answer never changes the exit code of a run.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import click

from newsspider import __version__

SECONDS = 5.0  # to wait for the monitor, each of two times
MOST = 10_000  # bytes of a message; healthchecks keeps as much


class Address(click.ParamType):
    name = "url"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            self.fail(f"{value!r} is no http(s) address", param, ctx)
        return value


class _Alone(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def around(url: str | None, run: Callable[[], int], code_of: Callable[[Exception], int | None]) -> int:
    """What ``run`` returns or raises; the monitor hears of its start and its end."""
    if not url:
        return run()
    _send(url, "start")
    try:
        code = run()
    except click.ClickException as error:
        _send(url, str(error.exit_code), error.format_message())
        raise
    except Exception as error:
        code_known = code_of(error)
        _send(url, "fail" if code_known is None else str(code_known), str(error))
        raise
    except BaseException:
        _send(url, "fail", "broken off")
        raise
    _send(url, str(code) if code else "")
    return code


def place(url: str, event: str) -> str:
    """Where an event is told; what the address asks (``?create=1``) stays behind.

    >>> place("https://hc.example/ping/abc?create=1", "start")
    'https://hc.example/ping/abc/start?create=1'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{event}")) if event else url


def _send(url: str, event: str, message: str = "") -> None:
    request = urllib.request.Request(place(url, event), data=message.encode()[:MOST], method="POST")
    request.add_header("User-Agent", f"newsspider/{__version__}")
    request.add_header("Content-Type", "text/plain; charset=utf-8")
    opener = urllib.request.build_opener(_Alone)
    why = ""
    for _ in range(2):
        try:
            opener.open(request, timeout=SECONDS).close()
            return
        except urllib.error.HTTPError as error:
            why = f"HTTP {error.code}"
        except (OSError, ValueError, http.client.HTTPException) as error:
            why = str(getattr(error, "reason", error)) or type(error).__name__
    click.echo(f"newsspider: {request.full_url} could not be told of this run: {why}", err=True)
