"""What the pages show, as CSV files beside them. Instants are UTC."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from newsspider.export.formats import safe
from newsspider.report.article import Article
from newsspider.report.contents import Contents


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
FAILURE = ("sites", "error", "times", "last_at")


def of_report(found: Contents) -> list[Table]:
    """Those that have a row."""
    return [table for table in _tables(found) if table.rows]


def _tables(found: Contents) -> Iterator[Table]:
    yield Table(
        "sites.csv", (*SITE, "growth"), [[*(one.row[name] for name in SITE), one.growth] for one in found.sites]
    )
    days = [cell.day for cell in found.calendar.cells if cell.begun]
    columns = ("day", "readings", "captures", "failed")
    yield Table("coverage.csv", columns, [[one.day, one.readings, one.captures, one.failed] for one in days])
    grown = ("article_id", "site", "title", "published", "url", "growth", "low", "high", "from_at", "until_at")
    yield Table("growth.csv", grown, [[row[name] for name in grown] for row, _ in found.growing])
    changed = ("article_id", "site", "title", "version", "changed_after", "changed_by", "field", "gone", "new")
    yield Table("edits.csv", changed, list(_edits(found)))
    gone = ("id", "site", "title", "published", "url", "last_seen_at", "gone_since", "status", "error", "views")
    yield Table("withdrawn.csv", gone, [[row[name] for name in gone] for row, _ in found.withdrawn])
    yield Table("failures.csv", FAILURE, [[row[name] for name in FAILURE] for row in found.failures])


def _edits(found: Contents) -> Iterator[Sequence[Any]]:
    for article, edit in found.edited:
        for field in edit.fields:
            pieces = {
                kind: " … ".join(one.text for one in field.pieces if one.kind == kind) for kind in ("gone", "new")
            }
            about = (article.id, article.row["site"], article.title, edit.version, edit.changed_after, edit.changed_by)
            yield *about, field.name, pieces["gone"], pieces["new"]


def of_article(article: Article) -> Table:
    rows = [(_instant(one.at), one.views, one.step, one.epoch) for one in article.readings]
    return Table(f"article-{article.id}.csv", ("observed_at", "views", "step", "epoch"), rows)


def _instant(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}"
