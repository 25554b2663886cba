"""The report: a folder of HTML pages that need no network, no server and no JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from newsspider import whole
from newsspider.archive import Archive, overview


def write(
    archive: Archive,
    out: Path,
    now: datetime,
    *,
    most: int = 20,
    days: int = 7,
    chosen: Sequence[int] = (),
    only: str | None = None,
) -> list[Path]:
    """Writes ``index.html``, a page for each article it lists and for those ``chosen``, and CSV files; returns the pages' paths.

    ``most``: the length of each list of articles; ``days``: the window of growth, which ends where the archive does; ``only``: of this
    site alone.
    """
    # Loaded on use: Jinja takes a twentieth of a second, and a chart on the terminal needs none of it.
    from newsspider.report import contents, downloads, pages

    with overview.at_one_moment(archive):
        found = contents.gather(archive, most=most, days=days, chosen=chosen, only=only)
    out.mkdir(parents=True, exist_ok=True)
    written = []

    def page(name: str, text: str) -> None:
        whole.write(out / name, text)
        written.append(out / name)

    if found is None:
        page("index.html", pages.empty(archive.path.name, now))
        return written
    page("index.html", pages.index(found, now))
    for table in downloads.of_report(found):
        whole.write(out / table.name, table.text)
    for article in found.articles.values():
        page(pages.file_name(article.id), pages.article(found, article, now))
        if article.readings:
            readings = downloads.of_article(article)
            whole.write(out / readings.name, readings.text)
    return written
