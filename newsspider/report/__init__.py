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
    pages: int = 300,
    chosen: Sequence[int] = (),
    only: str | None = None,
) -> list[Path]:
    """Writes ``index.html``, the list of all articles, a page for each site and for articles, and CSV files; returns the pages' paths.

    ``most``: the length of each list of articles; ``days``: the window of growth, which ends where the archive does; ``pages``: of the
    latest articles, so many get a page, and those ``chosen``, beside those that the lists name; ``only``: of this site alone.
    """
    # Loaded on use: Jinja takes a twentieth of a second, and a chart on the terminal needs none of it.
    from newsspider.report import article, contents, downloads, html

    wish = contents.Wish(most=most, days=days, pages=pages, chosen=chosen, only=only)
    out.mkdir(parents=True, exist_ok=True)
    written = []

    def page(name: str, text: str) -> None:
        whole.write(out / name, text)
        written.append(out / name)

    with overview.at_one_moment(archive):
        found = contents.gather(archive, wish)
        if found is None:
            page("index.html", html.empty(archive.path.name, now))
            return written
        page("index.html", html.index(found, now))
        for name, text in (*html.roll(found, now), *html.sites(found, now)):
            page(name, text)
        for table in (*downloads.of_report(found), *map(downloads.of_site, found.sites)):
            whole.write(out / table.name, table.text)
        last = int(found.end.timestamp())
        for number in sorted(found.pages):
            one = found.articles.get(number) or article.gather(archive, number, last)
            page(html.file_name(number), html.article(found, one, now))
            if one.readings:
                readings = downloads.of_article(one)
                whole.write(out / readings.name, readings.text)
    return written
