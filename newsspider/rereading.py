"""Reading a held page again, offline: with the parser of today and the site's rules that were valid when it was captured."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from newsspider import cms
from newsspider import site as sites
from newsspider.archive import Archive, payloads, reading
from newsspider.items import INCOMPLETE, Article, PageError, Site, joined


class Reread(NamedTuple):
    """``held``: the capture with what was read then (a row of `reading.article_pages`); ``found``: what is read now."""

    held: sqlite3.Row
    site: Site
    found: Article | PageError


def pages(
    archive: Archive,
    own: Path,
    names: Collection[str] | None = None,
    *,
    after: reading.Position = (0, 0),
    wanted: Callable[[sqlite3.Row], bool] = lambda held: True,
) -> Iterator[Reread]:
    """Every held capture of an article, article by article, so that it can be resumed ``after`` one (`reading.position`).

    ``own``: the folder of the user's site files; ``names``: of sites, as the archive has them; ``wanted``: asked before a page is
    opened and read. The archive may be written to between two of them. Raises SiteError for a site file that cannot be used.
    """
    opener = payloads.Opener(archive.conn)
    rules = Rules(own)
    for held in reading.article_pages(archive, names, after=after):
        if wanted(held):
            site = rules.site(held["site"], held["url"]).at(held["captured_at"])
            yield Reread(held, site, _whole(archive, held, opener, site))


class Rules:
    """The site that a held page belongs to, as today's files have it."""

    def __init__(self, own: Path) -> None:
        self.own = own
        self._named = cache(lambda: {site.name: site for site in sites.known(own)})
        self._of_host = cache(lambda home: sites.of_address(home, own))

    def site(self, name: str | None, url: str) -> Site:
        """By its name; else by its host, also where the file was written after the capture."""
        known = self._named().get(name or "")
        return known or self._of_host("{0.scheme}://{0.netloc}/".format(urlsplit(url)))


def _whole(archive: Archive, held: sqlite3.Row, opener: payloads.Opener, site: Site) -> Article | PageError:
    """With the further pages of its text, as far as they were read then."""
    if held["snapshot_id"] is None and (held["error"] or "").startswith(INCOMPLETE):
        return PageError("unreadable", held["error"])
    first = _read(held, opener, site)
    if isinstance(first, PageError) or not first.continues:
        return first
    further: list[Article] = []
    met: set[str] = {first.url}
    following: str | None = first.continues
    while following and following not in met and (row := reading.part(archive, held["capture_id"], following)):
        met.add(following)
        page = _read(row, opener, site)
        if isinstance(page, PageError):
            break
        further.append(page)
        following = page.continues
    return joined(first, further) or first


def _read(held: sqlite3.Row, opener: payloads.Opener, site: Site) -> Article | PageError:
    try:
        payload = opener.body(held)
    except (payloads.Unreadable, KeyError) as error:
        return PageError("unreadable", f"the stored bytes are damaged ({error}); `newsspider verify` lists what is")
    try:
        return cms.read_article(payload, held["url"], site=site, headers=json.loads(held["headers"] or "{}"))
    except PageError as error:
        return error
    except Exception as crash:  # noqa: BLE001 - one page that shows a defect must not end the run
        return PageError("unreadable", f"crash: {type(crash).__name__}: {crash}")
