"""The rows of every table of a cut, one pass, in the order of each table's key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from newsspider.archive.cut import Cut, Row

Progress = Callable[[str, int, int], None]


def of(cut: Cut, progress: Progress) -> Iterator[tuple[str, Row]]:
    """(table, row). ``progress`` takes (part, done, of how many; 0: not known)."""
    sites = cut.sites()
    for row in sites:
        yield "sites", row
    for row in cut.runs():
        yield "runs", row
    yield from _counts(cut, {site["site"]: ZoneInfo(site["timezone"]) for site in sites}, progress)
    yield from _articles(cut, progress)


def _counts(cut: Cut, zones: dict[str, ZoneInfo], progress: Progress) -> Iterator[tuple[str, Row]]:
    def day(row: Row) -> tuple[int, date]:
        return row["article_id"], datetime.fromtimestamp(row["second"], zones[row["site"]]).date()

    done = 0
    for (_, date_), group in groupby(cut.observations(), key=day):
        rows = list(group)
        for row in rows:
            yield "observations", {**row, "views_step": row["step"]}
            done += 1
            if done % 10_000 == 0:
                progress("observations", done, 0)
        yield "daily_counts", _day(date_, rows)


def _day(day: date, rows: list[Row]) -> Row:
    views = [row["views"] for row in rows]
    return {
        **{name: rows[0][name] for name in ("article_id", "site")},
        "day": day.isoformat(),
        "views": views[-1],
        "lowest": min(views),
        "highest": max(views),
        "readings": len(views),
        "last_at": rows[-1]["observed_at"],
    }


def _articles(cut: Cut, progress: Progress) -> Iterator[tuple[str, Row]]:
    total = len(cut.ids())
    for done, past in enumerate(cut.articles()):
        if done % 100 == 0:
            progress("articles", done, total)
        yield "articles", past.article
        for row in past.versions:
            yield "versions", row
        for row in past.edits:
            yield "edits", {**row, **{f"{side}_length": _length(row[side]) for side in ("before", "after")}}
        for row in past.withdrawals:
            yield "withdrawals", row
        for row in cut.events(past.article["article_id"]):
            yield "events", {**row, "site": past.article["site"]}


def _length(text: str | None) -> int | None:
    return None if text is None else len(text)
