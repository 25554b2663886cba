"""What an archive plans for its counts. All synthetic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from newsspider import schedule
from newsspider.archive import Archive, counts, polling
from newsspider.archive.chain import Sums

NOW = int(datetime(2026, 3, 1, 2, tzinfo=UTC).timestamp())
HOUR, DAY = 3600, 86400


@pytest.fixture
def archive(tmp_path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive.db", write=True) as archive:
        for name in ("one", "two"):
            archive.conn.execute("INSERT INTO site (name, timezone) VALUES (?, 'Asia/Shanghai')", (name,))
        archive.conn.execute("INSERT INTO crawl (id, kind, started_at, version) VALUES (1, 'poll', '', '')")
        yield archive


def hold(archive: Archive, article_id: int, *, site: str = "one", counter: bool = True, gone: bool = False) -> None:
    key = str(article_id)
    archive.conn.execute(
        "INSERT INTO article (id, site, url, published, first_seen_at, counter, counter_family, counter_owner, counter_key,"
        " gone_since) VALUES (?,?,?,'2026-03-01T09:00','2026-03-01T01:30:00Z',?,?,?,?,?)",
        (
            *(article_id, site, f"http://{site}.test/{article_id}.htm"),
            *((f"http://{site}.test/dynclicks.jsp?clickid={key}", "vsb", "9", key) if counter else (None,) * 4),
            "2026-03-01T02:00:00Z" if gone else None,
        ),
    )


def read(archive: Archive, article_id: int, at: int, views: int, method: int = 0) -> None:
    counts.observe(archive.conn, Sums(), article_id, at, views, method, 1)


def ids(waiting: list[schedule.Waiting]) -> list[int]:
    return sorted(count.article_id for count in waiting)


def due_at(archive: Archive, article_id: int) -> int:
    return archive.rows("SELECT due_at FROM counting WHERE article_id = ?", (article_id,))[0][0]


def test_a_count_never_read_is_due(archive: Archive) -> None:
    hold(archive, 1)
    hold(archive, 2, counter=False)  # nothing is known of its count: its page prints none
    hold(archive, 3, gone=True)
    hold(archive, 4, site="two")
    assert ids(polling.due(archive.conn, NOW)) == [1, 4]
    assert ids(polling.due(archive.conn, NOW, "two")) == [4]
    assert ids(polling.every(archive.conn)) == [1, 4]


def test_a_reading_plans_the_next(archive: Archive) -> None:
    hold(archive, 1)
    read(archive, 1, NOW, 100)
    assert NOW + 8 * 60 < due_at(archive, 1) <= NOW + 61 * 60  # no longer than its age, an hour
    assert polling.due(archive.conn, NOW + 60) == []
    assert polling.next_due(archive.conn, NOW) == due_at(archive, 1)
    assert ids(polling.due(archive.conn, due_at(archive, 1))) == [1]


def test_those_that_share_a_counter_ride_along(archive: Archive) -> None:
    for article_id, site in ((1, "one"), (2, "one"), (3, "two")):
        hold(archive, article_id, site=site)
        read(archive, article_id, NOW, 100)
    archive.conn.execute("UPDATE counting SET due_at = ? WHERE article_id IN (2, 3)", (NOW + 30 * DAY,))
    assert ids(polling.due(archive.conn, NOW + DAY)) == [1]
    found = polling.due(archive.conn, NOW + 4 * DAY)
    [batch] = schedule.batches(found, NOW + 4 * DAY)
    assert ids(list(batch.counts)) == [1, 2]


def test_a_count_is_read_where_it_was_found(archive: Archive) -> None:
    for article_id in (1, 2, 3):
        hold(archive, article_id, counter=article_id == 1)
        listing = "http://one.test/list.htm" if article_id == 2 else ""
        archive.conn.execute(
            "INSERT INTO address (url, listing, article_id, first_seen_at, last_seen_at) VALUES (?,?,?,'','')",
            (f"http://one.test/{article_id}.htm", listing, article_id),
        )
    read(archive, 1, NOW, 5)
    read(archive, 2, NOW, 5, method=1)
    read(archive, 3, NOW, 5, method=2)
    by_counter, in_listing, on_page = polling.counts(archive.conn, [1, 2, 3])
    assert by_counter.counter
    assert by_counter.counter.key == "1"
    assert (in_listing.counter, in_listing.listing) == (None, "http://one.test/list.htm")
    assert (on_page.counter, on_page.listing, on_page.url) == (None, None, "http://one.test/3.htm")
    assert [w.together for w in sorted(polling.every(archive.conn))] == [50, polling.LISTING_ROWS, 1]


def test_a_counter_that_gives_nothing_is_asked_less(archive: Archive) -> None:
    hold(archive, 1)
    polling.missed(archive.conn, 1, NOW)
    first = due_at(archive, 1)
    assert NOW < first <= NOW + HOUR
    polling.missed(archive.conn, 1, first)
    assert first + HOUR < due_at(archive, 1) <= first + 2 * HOUR
    read(archive, 1, NOW + DAY, 5)
    assert archive.rows("SELECT misses FROM counting")[0][0] == 0


def test_a_late_reading_changes_no_plan(archive: Archive) -> None:
    hold(archive, 1)
    read(archive, 1, NOW, 100)
    planned = due_at(archive, 1)
    read(archive, 1, NOW - HOUR, 90)
    assert due_at(archive, 1) == planned


def test_a_day_has_its_ceiling(archive: Archive) -> None:
    polling.spend(archive.conn, NOW, {"one.test": 3})
    polling.spend(archive.conn, NOW, {"one.test": 4, "two.test": 1})
    assert polling.spent(archive.conn, NOW) == {"one.test": 7, "two.test": 1}
    assert polling.spent(archive.conn, NOW + DAY) == {}
