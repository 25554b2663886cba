"""Whether the held pages of a site still read as they did: what is read from each now, field by field, beside what was read then."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from newsspider.items import Article, PageError
from newsspider.rereading import Reread

FIELDS = ("title", "published", "views", "counter", "body", "source", "author", "editor")
SAMPLES = 3
RECENT = 10  # pages: a field that most earlier ones have and none of these has is one that the site's layout lost
MOST = 0.8
LONGEST = 200  # characters of a text that are kept as a sample
BEFORE = 20  # of these, before the first one that differs

Value = str | int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A field of one page. ``held``: as it was read then; ``found``: now, from the text ``raw`` by ``rule``.

    Of long texts that differ, both are the passage where they do.
    """

    url: str
    captured_at: str
    held: Value
    found: Value
    raw: str | None
    rule: str | None


class Lost(NamedTuple):
    url: str
    captured_at: str
    why: str


@dataclass(kw_only=True, slots=True)
class Field:
    """In how many pages a field is found, was held, reads otherwise, was lost or gained; samples of these, and one of each rule."""

    found: int = 0
    held: int = 0
    differ: int = 0
    lost: int = 0
    gained: int = 0
    samples: list[Sample] = field(default_factory=list)
    by_rule: dict[str, int] = field(default_factory=dict)
    rules: dict[str, Sample] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class Health:
    """What reading all held pages of a site again shows. Captures, not articles, are counted as pages."""

    pages: int = 0
    read: int = 0
    first: str | None = None
    last: str | None = None
    fields: dict[str, Field] = field(default_factory=lambda: {name: Field() for name in FIELDS})
    unread: dict[str, int] = field(default_factory=dict)  # pages that never were articles, by what they are instead
    gained: int = 0  # pages that did not read then and do now
    lost: list[Lost] = field(default_factory=list)  # pages that read then, and not now
    broken: dict[str, str] = field(default_factory=dict)  # articles whose later captures do not read, and why
    vanished: dict[str, str] = field(default_factory=dict)  # fields that recent pages lack, in words
    idle: list[str] = field(default_factory=list)  # the site's own selectors that match nothing anywhere

    @property
    def well(self) -> bool:
        return not (self.lost or self.broken or self.vanished or any(one.lost for one in self.fields.values()))


def of(pages: Iterable[Reread]) -> Health:
    health, recent = Health(), list[tuple[str, int, frozenset[str]]]()
    selectors = set[str]()
    for page in pages:
        at = page.held["captured_at"]
        health.pages += 1
        health.first, health.last = min(health.first or at, at), max(health.last or at, at)
        if isinstance(page.found, PageError):
            _unread(health, page, page.found)
            continue
        health.read += 1
        health.gained += page.held["snapshot_id"] is None
        selectors |= page.site.selectors.keys() & set(FIELDS)
        found = _compare(health, page, page.found)
        heapq.heappush(recent, (at, page.held["capture_id"], found))
        if len(recent) > RECENT:
            heapq.heappop(recent)
    health.vanished = dict(_vanished(health, [found for _, _, found in recent]))
    health.idle = sorted(name for name in selectors if f"site.selectors.{name}" not in health.fields[name].by_rule)
    return health


def _unread(health: Health, page: Reread, error: PageError) -> None:
    held = page.held
    if held["snapshot_id"] is not None:
        health.lost.append(Lost(held["url"], held["captured_at"], str(error)))
        return
    health.unread[error.kind] = health.unread.get(error.kind, 0) + 1
    if held["last_seen_at"] and held["captured_at"] > held["last_seen_at"] and not held["withdrawn"]:
        health.broken[held["url"]] = str(error)


def _compare(health: Health, page: Reread, article: Article) -> frozenset[str]:
    """The names of the fields that the page has."""
    held, found = held_values(page.held), found_values(article)
    for name, now in found.items():
        tally = health.fields[name]
        then = held.get(name)
        tally.found += now is not None
        tally.held += then is not None
        sample = Sample(
            url=page.held["url"],
            captured_at=page.held["captured_at"],
            held=passage(then, now),
            found=passage(now, then),
            raw=_raw(article, name),
            rule=article.rules.get(name) if now is not None else None,
        )
        if now is not None:
            rule = sample.rule or "?"
            tally.by_rule[rule] = tally.by_rule.get(rule, 0) + 1
            tally.rules.setdefault(rule, sample)
        if page.held["snapshot_id"] is None or name not in held or then == now:
            continue
        kind = "gained" if then is None else "lost" if now is None else "differ"
        setattr(tally, kind, getattr(tally, kind) + 1)
        if getattr(tally, kind) <= SAMPLES:
            tally.samples.append(sample)
    return frozenset(name for name, value in found.items() if value is not None)


def held_values(row: sqlite3.Row) -> dict[str, Value]:
    """The fields of a row of `reading.article_pages`; ``counter`` only where it is known of that capture, the article's last."""
    values: dict[str, Value] = {
        name: row[name] for name in ("title", "published", "views", "source", "author", "editor")
    }
    values["body"] = row["text"] or None
    if row["captured_at"] == row["last_seen_at"]:
        key = row["counter_key"]
        values["counter"] = key and f"{row['counter_family']}:{row['counter_owner']}:{key}"
    return values


def found_values(article: Article) -> dict[str, Value]:
    """The fields of an article, as `held_values` has them."""
    counter = article.counter
    return {
        **{name: getattr(article, name) for name in ("title", "published", "views")},
        "counter": counter and f"{counter.family}:{counter.owner}:{counter.key}",
        "body": article.body or None,
        **{name: getattr(article, name) for name in ("source", "author", "editor")},
    }


def _raw(article: Article, name: str) -> str | None:
    """The text of the page that a field was read from, where the record keeps it."""
    texts = {"published": article.published_text, "views": article.views_text}
    return article.counter.url if name == "counter" and article.counter else texts.get(name)


def passage(value: Value, other: Value, longest: int = LONGEST) -> Value:
    """The part of a text in which it differs from another; of two that are equal, the beginning.

    >>> passage("一" * 100 + "完", "一" * 100, 30)
    '…一一一一一一一一一一一一一一一一一一一一完'
    """
    if not isinstance(value, str):
        return value
    if value == other:
        return value[:longest]
    beside = str(other or "")
    pairs = enumerate(zip(value, beside, strict=False))
    differs = next((at for at, (one, two) in pairs if one != two), min(len(value), len(beside)))
    start = differs - BEFORE if differs > 2 * BEFORE or differs >= longest else 0
    cut = ("…" if start else "") + value[start : start + longest]
    return cut + ("…" if len(value) > start + longest else "")


def _vanished(health: Health, recent: list[frozenset[str]]) -> Iterator[tuple[str, str]]:
    earlier = health.read - len(recent)
    if earlier < RECENT:
        return
    for name, tally in health.fields.items():
        had = tally.found - sum(name in found for found in recent)
        if had == tally.found and had >= MOST * earlier:
            yield name, f"{had} of {earlier} earlier pages have it, none of the last {len(recent)}"
