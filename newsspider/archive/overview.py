"""What a report shows of a whole archive. Lists are bounded, what is summed is read in one pass; instants are seconds since 1970."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from newsspider.archive import Archive, measures

SECOND = "CAST(strftime('%s', {}) AS INTEGER)"
LATEST = "(SELECT id FROM snapshot WHERE article_id = {} ORDER BY captured_at DESC, id DESC LIMIT 1)"


@contextmanager
def at_one_moment(archive: Archive) -> Iterator[None]:
    """All queries within see the archive as it is now, whatever a crawl writes meanwhile."""
    archive.conn.execute("BEGIN")
    try:
        yield
    finally:
        archive.conn.execute("COMMIT")


def last_moment(archive: Archive) -> int | None:
    """When something was last looked at. None: nothing ever was."""
    [(at,)] = archive.rows(f"""
        SELECT {SECOND.format("max(at)")} FROM (
            SELECT max(observed_at) AS at FROM article UNION ALL SELECT max(checked_at) FROM article
            UNION ALL SELECT max(coalesce(finished_at, started_at)) FROM crawl)""")
    return at


def first_looks(archive: Archive) -> dict[str, int]:
    """When each site was first looked at."""
    sql = f"""
        SELECT site, {SECOND.format("min(at)")} FROM (
            SELECT site, min(first_seen_at) AS at FROM article GROUP BY site
            UNION ALL SELECT site, min(started_at) FROM crawl WHERE site IS NOT NULL AND kind IN ('crawl', 'poll') GROUP BY site)
        GROUP BY site"""
    return dict(map(tuple, archive.rows(sql)))


OF_SITE = "(:site IS NULL OR {} = :site)"


def sites(archive: Archive, site: str | None = None) -> list[sqlite3.Row]:
    """What is held of each site; here and below, a ``site`` is looked at alone."""
    sql = f"""
        SELECT s.name AS site, s.title, s.homepage, s.timezone, s.cms, t.*,
               (SELECT count(*) FROM frontier f WHERE f.site = s.name) AS unread,
               (SELECT count(*) FROM frontier f WHERE f.site = s.name AND f.error IS NOT NULL) AS unreadable,
               c.started_at AS crawled_at, c.reason
        FROM site s JOIN (
            SELECT i.name, count(a.id) AS articles, total(a.versions) AS versions, total(a.readings) AS readings,
                   count(a.views) AS counted, sum(a.views) AS views, count(a.gone_since) AS gone,
                   {SECOND.format("max(a.observed_at)")} AS observed, {SECOND.format("max(a.checked_at)")} AS checked
            FROM site i LEFT JOIN (
                SELECT *, (SELECT count(*) FROM view_observation o WHERE o.article_id = article.id) AS readings,
                       (SELECT count(*) FROM snapshot v WHERE v.article_id = article.id) AS versions
                FROM article) a ON a.site = i.name
            GROUP BY i.name) t ON t.name = s.name
        LEFT JOIN crawl c ON c.id = (SELECT max(id) FROM crawl WHERE site = s.name AND kind = 'crawl')
        WHERE {OF_SITE.format("s.name")} ORDER BY t.articles DESC, s.name"""
    return archive.rows(sql, {"site": site})


def growth_of_sites(archive: Archive, start: int, end: int) -> dict[str, int]:
    """The growth of all counts of a site between two instants; a site without readings in it is left out."""
    growth = measures.growth(":start", ":end")
    sql = f"SELECT site, sum(growth) FROM ({growth}) WHERE growth IS NOT NULL GROUP BY site"
    return dict(map(tuple, archive.rows(sql, {"start": start, "end": end})))


def growers(archive: Archive, start: int, end: int, most: int, site: str | None = None) -> list[sqlite3.Row]:
    """The articles that grew most, in `measures.growth`'s columns."""
    found = measures.growth(":start", ":end", where="site = :site" if site else "", most=":most")
    sql = f"SELECT * FROM ({found}) WHERE growth > 0 ORDER BY growth DESC, article_id"
    return archive.rows(sql, {"start": start, "end": end, "most": most, "site": site})


def readings_by_day(archive: Archive, site: str, start: int, end: int, days: int) -> list[sqlite3.Row]:
    """(day, readings) of a site between two instants, in days of 86,400 seconds from ``start``, the last being ``days - 1``."""
    # Site by site: sorting the days of all of them at once takes twice as long.
    sql = """
        SELECT min((o.observed_at - :start) / 86400, :last) AS day, count(*) AS readings
        FROM article a CROSS JOIN view_observation o
            ON o.article_id = a.id AND o.observed_at >= :start AND o.observed_at < :end
        WHERE a.site = :site AND a.observed_at >= strftime('%Y-%m-%dT%H:%M:%SZ', :start, 'unixepoch')
        GROUP BY 1"""
    return archive.rows(sql, {"site": site, "start": start, "end": end, "last": days - 1})


def captures_by_day(archive: Archive, start: int, end: int, days: int) -> list[sqlite3.Row]:
    """(site, day, captures, failed); the site is None where a run was for several and no article was found."""
    sql = f"""
        SELECT coalesce(a.site, r.site) AS site, min(({SECOND.format("c.captured_at")} - :start) / 86400, :last) AS day,
               count(*) AS captures, sum(c.outcome = 'failed') AS failed
        FROM capture c JOIN crawl r ON r.id = c.crawl_id LEFT JOIN article a ON a.id = c.article_id
        WHERE c.captured_at >= strftime('%Y-%m-%dT%H:%M:%SZ', :start, 'unixepoch')
          AND c.captured_at < strftime('%Y-%m-%dT%H:%M:%SZ', :end, 'unixepoch')
        GROUP BY 1, 2"""
    return archive.rows(sql, {"start": start, "end": end, "last": days - 1})


def failures(archive: Archive, since: int, most: int, site: str | None = None) -> list[sqlite3.Row]:
    """The commonest errors of captures since then: (sites, error, times, last at)."""
    sql = f"""
        SELECT group_concat(DISTINCT coalesce(a.site, r.site)) AS sites, c.error, count(*) AS times, max(c.captured_at) AS last_at
        FROM capture c JOIN crawl r ON r.id = c.crawl_id LEFT JOIN article a ON a.id = c.article_id
        WHERE c.outcome = 'failed' AND c.captured_at >= strftime('%Y-%m-%dT%H:%M:%SZ', :since, 'unixepoch')
          AND {OF_SITE.format("coalesce(a.site, r.site)")}
        GROUP BY c.error ORDER BY times DESC, 1, 2 LIMIT :most"""
    return archive.rows(sql, {"since": since, "most": most, "site": site})


def fields(archive: Archive, site: str, latest: int) -> sqlite3.Row:
    """Of the ``latest`` articles of a site that were read: how many have each field."""
    sql = f"""
        SELECT count(*) AS articles, count(nullif(s.title, '')) AS title, count(s.published) AS published,
               sum(s.body <> '') AS body, count(a.views) AS views, count(s.source) AS source
        FROM (SELECT id, views FROM article WHERE site = ? AND last_seen_at IS NOT NULL ORDER BY id DESC LIMIT ?) a
        JOIN snapshot s ON s.id = {LATEST.format("a.id")}"""
    return archive.rows(sql, (site, latest))[0]


def edited(archive: Archive, most: int, site: str | None = None) -> tuple[list[sqlite3.Row], int]:
    """(id, article_id) of the snapshots that are not their article's first, newest first, at most ``most``; and how many there are."""
    later = f"""snapshot s WHERE EXISTS (
        SELECT 1 FROM snapshot b WHERE b.article_id = s.article_id AND b.captured_at < s.captured_at)
        AND {OF_SITE.format("(SELECT site FROM article WHERE id = s.article_id)")}"""
    asked = {"most": most, "site": site}
    newest = f"SELECT s.id, s.article_id FROM {later} ORDER BY s.captured_at DESC, s.id DESC LIMIT :most"
    return archive.rows(newest, asked), archive.rows(f"SELECT count(*) FROM {later}", asked)[0][0]


def withdrawn(archive: Archive, most: int, site: str | None = None) -> list[sqlite3.Row]:
    """The latest withdrawals, also of articles that came back (``reappeared_at``), with what the site answered in their place."""
    sql = f"""
        SELECT w.*, a.id, a.published, a.views, a.views_step FROM withdrawal w JOIN article a ON a.id = w.article_id
        WHERE {OF_SITE.format("a.site")} ORDER BY w.missing_at DESC, a.id LIMIT :most"""
    return archive.rows(sql, {"most": most, "site": site})


# All articles


class Listed(NamedTuple):
    """An article as the list of all names it."""

    id: int
    site: str
    title: str | None
    published: str | None
    views: int | None
    step: int | None
    versions: int
    gone_since: str | None
    url: str


ORDER = {
    "date": "published IS NULL, published DESC, id DESC",
    "views": "views IS NULL, views DESC, published DESC, id DESC",
}


def listed(archive: Archive, sort: str, limit: int, site: str | None = None) -> list[Listed]:
    """The articles of all sites or of one, by ``date`` or ``views``."""
    sql = f"""
        SELECT id, site, title, published, views, views_step,
               (SELECT count(*) FROM snapshot s WHERE s.article_id = article.id), gone_since, url
        FROM article WHERE (:site IS NULL OR site = :site) ORDER BY {ORDER[sort]} LIMIT :limit"""
    return [Listed(*row) for row in archive.rows(sql, {"site": site, "limit": limit})]


# Of one article


def article(archive: Archive, article_id: int) -> sqlite3.Row:
    sql = """
        SELECT a.*, s.title AS site_title, s.timezone, n.published_at
        FROM article a JOIN site s ON s.name = a.site LEFT JOIN counting n ON n.article_id = a.id WHERE a.id = ?"""
    return archive.rows(sql, (article_id,))[0]


def readings(archive: Archive, article_id: int) -> list[sqlite3.Row]:
    """Every reading with its epoch: (observed_at, views, epoch, step)."""
    sql = "SELECT observed_at, views, epoch, step FROM reading WHERE article_id = ? ORDER BY observed_at"
    return archive.rows(sql, (article_id,))


def events(archive: Archive, article_id: int) -> list[sqlite3.Row]:
    sql = f"SELECT *, {SECOND.format('at')} AS second FROM counter_event WHERE article_id = ? ORDER BY at, event"
    return archive.rows(sql, (article_id,))


def ages(archive: Archive, article_id: int, until: int) -> Sequence[sqlite3.Row]:
    """The views at the ages that the article had reached by then."""
    sql = f"SELECT * FROM views_at_age WHERE article_id = ? AND {SECOND.format('met_at')} <= ?"
    return archive.rows(sql, (article_id, until))


def half_life(archive: Archive, article_id: int) -> sqlite3.Row | None:
    return next(iter(archive.rows("SELECT * FROM half_life WHERE article_id = ?", (article_id,))), None)
