"""newsspider show, status: what the archive holds, on the terminal."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from newsspider.archive import Archive, files, health, naming, outbox, overview, reading, records
from newsspider.cli import options, plot, terminal
from newsspider.cli.words import amount

BARS = "▁▂▃▄▅▆▇█"
CHANGES = ("drop", "reset", "restored", "moved", "jump")  # events with a count before and after
WIDE = 110  # columns of a terminal that hold all of status; narrower ones get the columns that matter most
CHARTED = 3  # readings; fewer say as much in a line


@click.command()
@click.argument("article", metavar="ID|URL|TITLE")
@click.option(
    "--payload", is_flag=True, help="Print the page's bytes as received instead; of an attachment, given its address."
)
@click.option(
    "--at", "moment", metavar="DATE", help="What it said then: 2026-03-01 (the end of that day) or 2026-03-01T09:00."
)
@options.together(options.archive, options.as_json)
def show(article: str, payload: bool, moment: str | None, archive: Path, as_json: bool) -> None:
    """Show an article: its fields, versions and view counts."""
    with Archive(archive) as held:
        if payload and (digest := files.held(held.conn, article)):
            _write(held, digest)
            return
        row: Mapping[str, Any] | sqlite3.Row = reading.article(held, article)
        versions = reading.versions(held, row["id"])
        series = reading.series(held, row["id"])
        steps = reading.steps(held, row["id"])
        events = overview.events(held, row["id"])
        if moment:
            at = options.instant_of(moment, reading.timezone(held, row["site"]))
            row = reading.as_of(held, reading.article(held, article), at)
            versions = [version for version in versions if version["captured_at"] <= at]
            series = [(observed, views) for observed, views in series if _iso(observed) <= at]
            events = [event for event in events if event["at"] <= at]
        if payload:
            digest = next(
                (version["payload_digest"] for version in reversed(versions) if version["payload_digest"]), None
            )
            if digest is None:
                raise click.ClickException(f"no payload is held of article {row['id']}")
            _write(held, digest)
            return
        growth = reading.growth(held, row["id"], series[-1][0]) if series else 0
        addresses = reading.addresses(held, row["id"])
        linked = files.read(held.conn, row["id"])
        expected = [one for one in records.expected(held, row["id"]) if one.expected is not None and not moment]
    if as_json:
        plain = {
            **dict(row),
            "addresses": [dict(one) for one in addresses],
            "versions": [dict(one) for one in versions],
            "attachments": [dict(one) for one in linked],
        }
        plain["observations"] = [
            {"observed_at": _iso(at), "views": views, "step": steps.get(at)} for at, views in series
        ]
        plain["expected"] = [asdict(one) for one in expected]
        plain["events"] = [{key: event[key] for key in ("event", "at", "before", "after")} for event in events]
        click.echo(json.dumps(plain, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(row, versions, series, steps, events, growth, addresses, linked, expected)))


def _lines(
    row: Mapping[str, Any] | sqlite3.Row,
    versions: list[sqlite3.Row],
    series: list[tuple[int, int]],
    steps: Mapping[int, int],
    events: list[sqlite3.Row],
    growth: int,
    addresses: list[Any],
    linked: list[sqlite3.Row],
    expected: Sequence[records.Expectation],
) -> list[str]:
    latest = versions[-1] if versions else None
    lines = [terminal.style(row["title"] or row["url"], bold=True), ""]
    width = shutil.get_terminal_size().columns
    chart = plot.area(series, width, [event["second"] for event in events]) if len(series) >= CHARTED else []

    def line(label: str, value: object) -> None:
        if value not in (None, ""):
            lines.append(f"{label:<11}{value}")

    printed = f"  ({latest['published_text']})" if latest and latest["published_text"] else ""
    line("published", row["published"] and row["published"] + printed)
    course = sparkline([views for _, views in series]) if series and not chart else ""
    line("views", _views(series, steps, growth, course))
    for number, one in enumerate(expected):
        line("" if number else "expected", _expected(one))
    if latest:
        for field in ("source", "author", "editor"):
            line(field, latest[field])
    line("id", f"{row['id']}  {row['native_id'] or ''}".rstrip())
    for number, url in enumerate(dict.fromkeys(one["url"] for one in addresses)):
        line("" if number else "address", url)
    line("seen", f"{row['first_seen_at']} – {row['last_seen_at']}" if row["last_seen_at"] else None)
    line("gone since", row["gone_since"] and terminal.style(row["gone_since"], fg="red"))
    for number, version in enumerate(versions, 1):
        line(
            "" if number > 1 else "versions",
            f"{number}  {version['captured_at']} – {version['last_seen_at']}  {version['title']}  {version['incomplete'] or ''}".rstrip(),
        )
    for number, file in enumerate(file for file in linked if file["kind"] == "file"):
        line("" if number else "files", f"{file['url']}  {_file(file)}".rstrip())
    pictures = [file for file in linked if file["kind"] == "image"]
    stored = sum(file["size"] is not None for file in pictures)
    line("images", f"{len(pictures)}{f', {stored} of them held' if stored else ''}" if pictures else None)
    if chart:
        lines += ["", *chart]
    if events:
        lines += ["", *(_event(number, event) for number, event in enumerate(events, 1))]
    if latest:
        lines += ["", latest["body"]]
    return lines


def _file(file: sqlite3.Row) -> str:
    if file["size"] is not None:
        return f"{file['title'] or ''}  {file['media_type']}, {file['size']:,} bytes".strip()
    return f"{file['title'] or ''}  {file['error'] or ''}".strip()


def _views(series: list[tuple[int, int]], steps: Mapping[int, int], growth: int, course: str) -> str | None:
    if not series:
        return None
    at, views = series[-1]
    said = f"{printed(views, steps.get(at))} at {_iso(at)}"
    if len(series) > 1:
        said += f"  {course}{'  ' if course else ''}{growth:+,} since {_iso(series[0][0])}"
    return said


def _expected(one: records.Expectation) -> str:
    """What was expected by an age, and what came."""
    came = f"; came {one.came:,.0f}" if one.came is not None else ""
    said = f"{one.expected:,.0f} by {one.age}, {one.low:,.0f} – {one.high:,.0f} (said after {one.said_after}){came}"
    return f"{said}, {one.outside} all that was expected" if one.outside else said


def printed(views: int, step: int | None) -> str:
    """A count as exactly as its site prints it: ``1,234``, ``≈12,000`` (in steps), ``≥9,999`` (at least)."""
    return f"{'' if step is None else '≈' if step else '≥'}{views:,}"


def _event(number: int, event: sqlite3.Row) -> str:
    change = f"  {event['before']:,} → {event['after']:,}" if event["event"] in CHANGES else ""
    return f"{number:>3}  {event['at']}  {event['event']:<8}{change}".rstrip()


def sparkline(values: list[int], width: int = 40) -> str:
    """The course of some values as a line of bars, at most ``width`` of them.

    >>> sparkline([0, 10, 20, 70])
    '▁▂▃█'
    """
    if len(values) > width:
        values = [values[number * (len(values) - 1) // (width - 1)] for number in range(width)]
    low, high = min(values), max(values)
    return "".join(BARS[(value - low) * (len(BARS) - 1) // (high - low) if high > low else 0] for value in values)


def _write(held: Archive, digest: str) -> None:
    from newsspider.archive import payloads  # zstd is loaded where bytes are asked for

    sys.stdout.buffer.write(payloads.body(held.conn, digest))


def _iso(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


@click.command()
@click.option("--unread", is_flag=True, help="List the entries whose page could not be read, and why.")
@click.option("--site", metavar="SITE", help="This site only.")
@options.together(options.archive, options.as_json)
def status(unread: bool, site: str | None, archive: Path, as_json: bool) -> None:
    """Show how each site stands: what is held, what its last crawl brought, and what is not as it was."""
    with Archive(archive) as held:
        naming.check(held, site)
        rows = [dict(row) for row in (reading.unread(held, site) if unread else reading.sites(held, site))]
        ill = health.complaints(held, site)
        left = [dict(one) for one in outbox.standing(held) if site in (None, one["site"])]
    if not unread:
        for row in rows:
            row["health"] = [dict(one) for one in ill if one["site"] == row["site"]]
            row["alerts"] = [one for one in left if one["site"] == row["site"]]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    elif unread:
        for row in rows:
            click.echo(
                f"{row['url']}\n    {row['title'] or ''}  {row['error'] or 'not tried yet'}  {row['tried_at'] or ''}"
            )
    else:
        _table(rows)
        for one in ill:
            click.echo(f"{one['site']}: {one['message']} (since {one['since'][:10]})")
        for waits in left:
            click.echo(_left(waits))


def _left(one: Mapping[str, Any]) -> str:
    """What has not gone out on a way."""
    wait = "waits" if one["waiting"] == 1 else "wait"
    said = [f"{amount(one['waiting'], 'alert')} {wait} for {one['way']} since {one['since']}"] if one["waiting"] else []
    if one["refused"]:
        said.append(f"{amount(one['refused'], 'alert')} refused by {one['way']}")
    why = f" ({one['error']})" if one["error"] else ""
    return f"{one['site']}: {', '.join(said)}{why}"


def _table(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    console = terminal.console()
    width = console.width if console.is_terminal else 200
    named = ("articles", "versions", "counted", "gone", "unread") if width >= WIDE else ("articles", "gone", "unread")
    numbers = [name for name in named if any(row[name] for row in rows)]
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("site", no_wrap=width >= WIDE, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right")
    for name in ("newest", "last crawl", "brought"):
        table.add_column(name, no_wrap=name != "brought")
    for row in rows:
        when = (row["crawled_at"] or "never").replace("T", " ").removesuffix("Z")[: 16 if width >= WIDE else 10]
        brought = [f"{row[name]} {name}" for name in ("new", "changed", "failed") if row[name]]
        if row["crawled_at"] and row["reason"] != "finished":
            brought.append(row["reason"] or "broke off")
        counts = [f"{row[name]:,}" if row[name] else "" for name in numbers]
        table.add_row(row["site"], *counts, row["newest"] or "", when, ", ".join(brought))
    terminal.console(width=width).print(table)
    for row in rows:
        for one in (row["stuck"] or "").splitlines():
            click.echo(f"{row['site']}: further pages cannot be followed at {one}")
