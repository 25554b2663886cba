"""What the pages show, as CSV files beside them. Instants are UTC."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from newsspider.export.formats import safe
from newsspider.report.article import Article
from newsspider.report.bars import Quartiles
from newsspider.report.contents import Contents, Site


class Table(NamedTuple):
    name: str  # of the file
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    @property
    def text(self) -> str:
        """With a mark by which Excel knows UTF-8; no cell is taken for a formula."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in self.rows)
        return "\ufeff" + out.getvalue()


SITE = ("site", "title", "homepage", "cms", "articles", "versions", "gone", "counted", "readings", "views")
ARTICLE = ("id", "site", "title", "published", "views", "step", "versions", "gone_since", "url")
COMPARED = (
    "site",
    "articles_a_week",
    *(f"{what}_{part}" for what in ("views", "half_life_hours") for part in Quartiles._fields),
)
REPRINT = ("first_site", "site", "articles", "days")
FAILURE = ("sites", "error", "times", "last_at")


def of_report(found: Contents) -> list[Table]:
    """Those that have a row."""
    return [table for table in _tables(found) if table.rows]


def _tables(found: Contents) -> Iterator[Table]:
    yield Table(
        "sites.csv", (*SITE, "growth"), [[*(one.row[name] for name in SITE), one.growth] for one in found.sites]
    )
    listed = [[getattr(one, name) for name in ARTICLE] for one in found.listed["date"]]
    yield Table("articles.csv", ARTICLE, listed)
    yield Table("comparison.csv", COMPARED, [_compared(site) for site in found.sites])
    days = [cell.day for cell in found.calendar.cells if cell.begun]
    columns = ("day", "readings", "captures", "failed")
    yield Table("coverage.csv", columns, [[one.day, one.readings, one.captures, one.failed] for one in days])
    grown = ("article_id", "site", "title", "published", "url", "growth", "low", "high", "from_at", "until_at")
    yield Table("growth.csv", grown, [[row[name] for name in grown] for row, _ in found.growing])
    changed = (
        "article_id",
        "site",
        "title",
        "version",
        "changed_after",
        "changed_by",
        "silent",
        "field",
        "gone",
        "new",
    )
    yield Table("edits.csv", changed, list(_edits(found)))
    yield Table("reprints.csv", REPRINT, [[row[name] for name in REPRINT] for row in found.reprints])
    gone = (
        "id",
        "site",
        "title",
        "published",
        "url",
        "last_seen_at",
        "missing_at",
        "reappeared_at",
        "status",
        "error",
        "views",
    )
    yield Table("withdrawn.csv", gone, [[row[name] for name in gone] for row, _ in found.withdrawn])
    yield Table("failures.csv", FAILURE, [[row[name] for name in FAILURE] for row in found.failures])


def _edits(found: Contents) -> Iterator[Sequence[Any]]:
    for one in found.edited:
        article, edit = one.article, one.edit
        for field in edit.fields:
            pieces = {
                kind: " … ".join(piece.text for piece in field.pieces if piece.kind == kind) for kind in ("gone", "new")
            }
            about = (
                article.id,
                article.row["site"],
                article.title,
                edit.version,
                edit.changed_after,
                edit.changed_by,
                int(one.silent),
            )
            yield *about, field.name, pieces["gone"], pieces["new"]


def _compared(site: Site) -> Sequence[Any]:
    views, lives = site.portrait.quartiles, site.portrait.half_lives
    return [site.name, site.portrait.recent, *(views or (None,) * 3), *(lives.hours if lives else (None,) * 3)]


def of_site(site: Site) -> Table:
    """What the charts and tables of its page show: what, of which label, how many."""
    found = site.portrait
    rows: list[Sequence[Any]] = []
    for what, chart in (("articles", found.months), ("articles by views", found.views)):
        rows += [(what, bar.label, bar.value) for bar in (chart.bars if chart else ())]
    rows += [("articles by weekday", DAYS[day], number) for day, number in enumerate(found.weekdays)]
    rows += [("articles by hour", f"{DAYS[one.weekday]} {one.hour:02}", one.articles) for one in found.hours]
    rows += [("articles of column", one["url"], one["articles"]) for one in found.columns]
    rows += [("readings by age", one.en, one.readings) for one in found.pace]
    rows += [(f"health: {one['sign']}", f"of {one['total']:g}", one["value"]) for one in site.health]
    return Table(site.file.replace(".html", ".csv"), ("what", "label", "value"), rows)


DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def of_article(article: Article) -> Table:
    rows = [(_instant(one.at), one.views, one.step, one.epoch) for one in article.readings]
    return Table(f"article-{article.id}.csv", ("observed_at", "views", "step", "epoch"), rows)


def _instant(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}"
