"""What the page of an article says: its count and what happened to it, its text, its versions, and who says the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from newsspider.archive import Archive, ages, files, overview, reading, stories, transcripts
from newsspider.report import curve, durations, edits


class Version(NamedTuple):
    number: int
    row: sqlite3.Row
    edit: edits.Edit | None  # that made it; None: the first, or one of long ago


class Age(NamedTuple):
    """Ages at which the same is known of a count: rows of ``views_at_age`` that differ in nothing else."""

    ages: Sequence[durations.Words]
    row: sqlite3.Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    row: sqlite3.Row
    readings: Sequence[curve.Reading]
    curve: curve.Curve | None
    sparkline: str
    ages: Sequence[Age]
    half_life: durations.Words | None  # after publication, when half of the present views were reached
    versions: Sequence[Version]  # newest first
    related: Sequence[sqlite3.Row]
    files: Sequence[sqlite3.Row]
    transcripts: Sequence[sqlite3.Row]  # what its files say
    addresses: Sequence[str]
    zone: tzinfo

    @property
    def id(self) -> int:
        return self.row["id"]

    @property
    def title(self) -> str:
        return self.row["title"] or self.row["url"]

    @property
    def edits(self) -> Sequence[edits.Edit]:
        return [version.edit for version in self.versions if version.edit]

    @property
    def text(self) -> Sequence[str]:
        """The latest version's paragraphs; none where the page was never read."""
        return self.versions[0].row["body"].split("\n") if self.versions else ()


def gather(archive: Archive, article_id: int, last: int) -> Article:
    """``last``: the archive's last look, in seconds since 1970."""
    row = overview.article(archive, article_id)
    zone = ZoneInfo(row["timezone"])
    readings = [curve.Reading(*one) for one in overview.readings(archive, article_id)]
    versions = _versions(reading.versions(archive, article_id))
    drawn = len(readings) > 1
    marks = _marks(archive, row, versions) if drawn else []
    return Article(
        row=row,
        readings=readings,
        curve=curve.draw(
            readings, marks, zone, published_at=row["published_at"], bounds=ages.bounds(archive.conn, article_id)
        )
        if drawn
        else None,
        sparkline=curve.sparkline(readings) if drawn else "",
        ages=_ages(overview.ages(archive, article_id, last)) if readings else (),
        half_life=_half_life(overview.half_life(archive, article_id)) if drawn else None,
        versions=versions,
        related=stories.related(archive, article_id),
        files=files.read(archive.conn, article_id),
        transcripts=transcripts.of_article(archive, article_id),
        addresses=list(dict.fromkeys(address["url"] for address in reading.addresses(archive, article_id))),
        zone=zone,
    )


def _versions(rows: Sequence[sqlite3.Row]) -> list[Version]:
    made = {edit.snapshot_id: edit for edit in edits.of(rows)}
    return [Version(number, row, made.get(row["id"])) for number, row in enumerate(rows, 1)][::-1]


def _marks(archive: Archive, row: sqlite3.Row, versions: Sequence[Version]) -> list[curve.Mark]:
    marks = [
        curve.Mark(event["event"], event["second"], event["before"], event["after"])
        for event in overview.events(archive, row["id"])
    ]
    marks += [curve.Mark("edit", _second(one.edit.changed_by)) for one in versions if one.edit]
    if row["gone_since"]:
        marks.append(curve.Mark("gone", _second(row["gone_since"])))
    return sorted(marks, key=lambda mark: mark.at)


SAME = ("low", "estimate", "high", "low_at", "high_at", "vague", "truncated", "gap", "fell")


def _ages(rows: Sequence[sqlite3.Row]) -> list[Age]:
    grouped = [list(group) for _, group in groupby(rows, key=lambda row: tuple(row[name] for name in SAME))]
    return [Age([AGES[row["age"]] for row in group], group[0]) for group in grouped]


AGES = {"1 h": durations.of(1), "24 h": durations.of(24), "7 d": durations.of(168), "30 d": durations.of(720)}


def _half_life(row: sqlite3.Row | None) -> durations.Words | None:
    return durations.between(row["low"], row["high"]) if row and row["high"] is not None else None


def _second(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())
