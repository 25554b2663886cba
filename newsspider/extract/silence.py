"""Whether a page said of itself that it was changed. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """What one version of a page said of its age: the printed date, what it prints or declares as updated, Last-Modified."""

    published: str | None
    published_text: str | None = None
    updated: frozenset[str] = frozenset()
    last_modified: frozenset[str] = frozenset()  # of all captures of the version


def told(before: Signs, after: Signs) -> tuple[str, ...]:
    """Which of the signs changed with the text: none, and the edit was silent.

    A server that gives each answer another Last-Modified tells nothing by it.

    >>> before, after = Signs(published="2026-03-01"), Signs(published="2026-03-01", updated=frozenset({"更新时间：2026-03-09"}))
    >>> told(before, before), told(before, after)
    ((), ('updated',))
    """
    found = []
    if (before.published, _plain(before.published_text)) != (after.published, _plain(after.published_text)):
        found.append("published")
    if before.updated != after.updated:
        found.append("updated")
    if _tells(before.last_modified, after.last_modified):
        found.append("last-modified")
    return tuple(found)


def _plain(text: str | None) -> str:
    """A date line without the count beside it, which changes by itself."""
    return "".join(character for character in (text or "") if not character.isspace())


def _tells(before: Collection[str], after: Collection[str]) -> bool:
    """Whether Last-Modified changed with the text, and not with each answer."""
    if not before or not after or set(before) & set(after):
        return False
    return len(before) <= 1 and len(after) <= 1
