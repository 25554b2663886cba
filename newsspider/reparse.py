"""Reading all held pages again with the parser and the rules of today, and keeping what reads otherwise as an upgrade of ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from newsspider import __version__, rereading
from newsspider import site as sites
from newsspider.archive import Archive, reading, rereads
from newsspider.archive.writing import Writer
from newsspider.items import Article, PageError, instant
from newsspider.rereading import Reread

BATCH = 200  # pages to a transaction, and on to the end of the article
SAMPLES = 3


@dataclass(kw_only=True, slots=True)
class Field:
    """In how many pages, of how many articles, a field reads otherwise; a few of them: address, capture's time, before, now."""

    pages: int = 0
    articles: int = 0
    samples: list[tuple[str, str, Any, Any]] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Report:
    """``before``: pages that an earlier run, which was broken off, had read. ``pages`` and all else count from there on."""

    before: int = 0
    pages: int = 0
    otherwise: int = 0  # pages that read otherwise
    gained: int = 0  # pages that did not read before
    lost: list[tuple[str, str, str]] = field(
        default_factory=list
    )  # read before and not now: address, capture's time, why
    fields: dict[str, Field] = field(default_factory=dict)


def reparse(
    archive: Archive,
    own: Path,
    now: datetime,
    names: Collection[str] | None = None,
    *,
    dry: bool = False,
    progress: Callable[[str, int, int], None] = lambda part, done, total: None,
) -> Report:
    """What reads otherwise. ``own``: the folder of the user's site files; ``names``: of sites; ``dry``: nothing is written.

    A run that was broken off is taken up where it was, unless the rules changed since. Raises Locked, Full or Damaged as a crawl would.
    """
    config = {"sites": sorted(names) if names else None, "rules": _rules(own)}
    after = (0, 0) if dry else _broken_off(archive, config)
    report = Report(before=reading.pages_left(archive, names) - reading.pages_left(archive, names, after=after))
    total = report.before + reading.pages_left(archive, names, after=after)
    writer = Writer(archive, __version__)
    if not dry:
        writer.start("reparse", [], instant(now), {**config, "after": _mark(archive, after)})
    upgrade = rereads.Upgrade(writer.crawl_id, __version__)
    articles: list[list[rereads.Change]] = []
    for changes in _articles(archive, own, names, after, report):
        articles.append(changes)
        after = reading.position(changes[-1].held)
        progress("pages", report.before + report.pages, total)
        if not dry and sum(map(len, articles)) >= BATCH:
            _keep(archive, upgrade, articles, after)
    if not dry:
        _keep(archive, upgrade, articles, after)
        with archive.transaction() as conn:
            upgrade.unite(conn)
        writer.finish(instant(now), "finished", 0, 0)
    progress("pages", total, total)
    return report


def _articles(
    archive: Archive, own: Path, names: Collection[str] | None, after: reading.Position, report: Report
) -> Iterator[list[rereads.Change]]:
    """The pages of one article after the other; a page of no known article alone."""

    def whose(page: Reread) -> tuple[Any, ...]:
        article = page.held["article_id"]
        return (article,) if article else (None, page.held["capture_id"])

    for _, pages in groupby(rereading.pages(archive, own, names, after=after), key=whose):
        read = list(pages)
        found = [(page.held, None if isinstance(page.found, PageError) else page.found) for page in read]
        changes = rereads.changes(archive.conn, found)
        met = set[str]()
        for page, one in zip(read, changes, strict=True):
            _count(report, page, one, met)
        yield changes


def _count(report: Report, page: Reread, one: rereads.Change, met: set[str]) -> None:
    report.pages += 1
    held = page.held
    if isinstance(page.found, PageError):
        if held["snapshot_id"] is not None:
            report.lost.append((held["url"], held["captured_at"], str(page.found)))
        return
    report.gained += held["snapshot_id"] is None
    report.otherwise += one.any
    was = {**one.was, **({"links": None} if one.links else {})} if held["snapshot_id"] is not None else {}
    for name, before in was.items():
        tally = report.fields.setdefault(name, Field())
        tally.pages += 1
        tally.articles += name not in met
        if name not in met and len(tally.samples) < SAMPLES:
            tally.samples.append((held["url"], held["captured_at"], before, _value(page.found, one, name)))
        met.add(name)


def _value(article: Article, one: rereads.Change, name: str) -> Any:
    match name:
        case "links":
            return [url for url, *_ in one.links]
        case "counter":
            return article.counter and article.counter.url
        case _:
            return getattr(article, name)


def _keep(
    archive: Archive, upgrade: rereads.Upgrade, articles: list[list[rereads.Change]], after: reading.Position
) -> None:
    mark = json.dumps(_mark(archive, after))
    with archive.transaction() as conn:
        upgrade.keep(conn, articles)
        rereads.note(conn, upgrade.crawl_id, mark)
    articles.clear()


# Where a run that is broken off is taken up


def _rules(own: Path) -> str:
    """A digest of all that the site files say."""
    return "sha256:" + hashlib.sha256(repr(list(sites.known(own))).encode()).hexdigest()


def _mark(archive: Archive, after: reading.Position) -> list[Any]:
    """With the capture's address: in an archive that this run was merged into, ids are others."""
    return [*after, rereads.address(archive.conn, after[1])]


def _broken_off(archive: Archive, config: dict[str, Any]) -> reading.Position:
    begun = rereads.unfinished(archive.conn, __version__)
    if begun is None or {key: begun.get(key) for key in config} != config:
        return (0, 0)
    article_id, capture_id, url = begun["after"]
    return (article_id, capture_id) if rereads.address(archive.conn, capture_id) == url else (0, 0)
