"""newsspider history, diff: how an article changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from newsspider.archive import Archive, reading
from newsspider.cli import options, terminal
from newsspider.cli.words import amount
from newsspider.extract import changes

FIELDS = ("title", "published", "published_text", "source", "author", "editor", "body")
PLAIN = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}  # as wdiff and git mark words


@click.command()
@click.argument("article", metavar="ID|URL|TITLE")
@options.together(options.archive, options.as_json)
def history(article: str, archive: Path, as_json: bool) -> None:
    """List the versions of an article: when each was seen, what changed, and when it was missing.

    The times are those of our looks: a change came after the version before was last seen, and by the time the next was first seen.
    """
    with Archive(archive) as held:
        row = reading.article(held, article)
        events = reading.history(held, row["id"])
    if as_json:
        click.echo(json.dumps({"id": row["id"], "url": row["url"], "history": events}, ensure_ascii=False))
        return
    click.echo(terminal.style(row["title"] or row["url"], bold=True))
    for event in events:
        click.echo(_line(event))
    if not events:
        click.echo(NO_VERSION.get(row["kind"], UNREAD), err=True)


NO_VERSION = {"external": "it lies on a host of somebody else, which is not asked", "file": "it is a file, not a page"}
UNREAD = "no version of it is held: its page was not read yet, or could not be; `newsspider status --unread` says which"


def _line(event: dict[str, Any]) -> str:
    if "missing_at" in event:
        back = f", back by {event['reappeared_at']}" if event["reappeared_at"] else ""
        why = event["error"] or event["status"] or ""
        return terminal.style(f"     missing since {event['missing_at']}{back}  {why}", fg="red")
    changed = ", ".join(event["changed"]) or "first version held"
    seen = f"{event['captured_at']} – {event['last_seen_at']}"
    upgraded = f"; read otherwise since: {', '.join(event['reread'])}" if event["reread"] else ""
    return f"{event['version']:>3}  {seen}  {amount(event['looks'], 'look')}  {changed}{upgraded}"


@click.command()
@click.argument("article", metavar="ID|URL|TITLE")
@click.argument("one", metavar="[VERSION", type=int, required=False)
@click.argument("other", metavar="VERSION]", type=int, required=False)
@options.together(options.archive, options.as_json)
def diff(article: str, one: int | None, other: int | None, archive: Path, as_json: bool) -> None:
    """Show what changed between two versions of an article; the last two unless numbers say which.

    Chinese is compared character by character, other scripts word by word.
    """
    with Archive(archive) as held:
        row = reading.article(held, article)
        versions = reading.versions(held, row["id"])
    if one is None:
        one, other = len(versions) - 1, len(versions)
    elif other is None:
        other = one + 1
    if not 1 <= one <= len(versions) or not 1 <= (other or 0) <= len(versions):
        held_of_it = f"article {row['id']} has {amount(len(versions), 'version') if versions else 'no version'}"
        more = "`newsspider history` lists them" if len(versions) > 1 else "there is nothing to compare"
        raise click.UsageError(f"{held_of_it}; {more}")
    before, after = versions[one - 1], versions[(other or 0) - 1]
    found = {field: changes.between(before[field] or "", after[field] or "") for field in FIELDS}
    found = {field: pieces for field, pieces in found.items() if any(piece.kind != "same" for piece in pieces)}
    if as_json:
        plain = {field: [piece._asdict() for piece in pieces] for field, pieces in found.items()}
        click.echo(json.dumps({"id": row["id"], "versions": [one, other], "changes": plain}, ensure_ascii=False))
        return
    click.echo(_heading(one, before))
    click.echo(_heading(other or 0, after))
    for line in changed(found):
        click.echo(line, color=terminal.coloured())


def changed(found: Mapping[str, Sequence[changes.Change]]) -> Iterator[str]:
    """The paragraphs of each field that changed, as lines for the terminal."""
    coloured = terminal.coloured()
    for field, pieces in found.items():
        yield f"\n{field}:"
        for line in _changed_lines("".join(_mark(piece, coloured) for piece in pieces), coloured):
            yield f"  {line}"


def _heading(number: int, version: sqlite3.Row) -> str:
    return f"version {number}: {version['captured_at']} – {version['last_seen_at']}"


def _mark(piece: changes.Change, coloured: bool) -> str:
    """Line by line, so that each can be shown alone."""
    lines = piece.text.split("\n")
    if piece.kind == "same":
        return piece.text
    if coloured:
        gone = piece.kind == "gone"
        styled = [
            terminal.style(line, fg="red" if gone else "green", strikethrough=gone, underline=not gone)
            for line in lines
        ]
        return "\n".join(mark if line else "" for mark, line in zip(styled, lines, strict=True))
    return "\n".join(PLAIN[piece.kind].format(line) if line else "" for line in lines)


def _changed_lines(text: str, coloured: bool) -> list[str]:
    """The paragraphs that changed; where others lie between, an ellipsis."""
    marks = (terminal.STYLED,) if coloured else ("[-", "{+")
    shown: list[str] = []
    for line in text.split("\n"):
        if any(mark in line for mark in marks):
            shown.append(line)
        elif shown[-1:] != ["…"]:
            shown.append("…")
    return shown
