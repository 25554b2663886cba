"""What is computed from a series of counts, against series worked out by hand. All synthetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looks import examples, fresh, polled

from newsspider import cms
from newsspider.archive import Archive, counts, derived, measures, naming
from newsspider.archive.chain import Sums

PUBLISHED = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
MORNING = "2026-03-01T09:00"
START = int(PUBLISHED.timestamp())
HOUR, DAY = 3600, 86400
Read = Callable[..., None]


@pytest.fixture
def archive(tmp_path) -> Iterator[Archive]:
    with polled(tmp_path / "archive.db") as archive:
        yield archive


@pytest.fixture
def read(archive: Archive) -> Read:
    """Stores an article's readings, given as (hours after publication, count, step if it is printed rounded)."""

    def store(
        *readings: tuple[float, int] | tuple[float, int, int], article: int = 1, published: str | None = MORNING
    ) -> None:
        archive.conn.execute(
            "INSERT OR IGNORE INTO article (id, site, url, title, published, counter, counter_family, counter_owner, counter_key,"
            " first_seen_at, checked_at) VALUES (?,'s',?,'题',?,'http://s.test/c?k=1','vsb','9',?,'2026-03-09T00:00:00Z','2026-03-01T02:00:00Z')",
            (article, f"http://s.test/{article}", published, str(article)),
        )
        for hours, views, *step in readings:
            counts.observe(archive.conn, Sums(), article, START + round(hours * HOUR), views, 0, 1, *step)

    return store


def rows(archive: Archive, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    assert list(derived.wrong(archive.conn, lambda *_: None)) == []
    with archive.transaction():  # what was stored becomes what is answered
        pass
    assert list(derived.wrong(archive.conn, lambda *_: None)) == []
    return [tuple(row) for row in archive.rows(sql, parameters)]


def test_growth_is_never_negative_across_a_fall(archive: Archive, read: Read) -> None:
    read((1, 100), (2, 160), (3, 150), (4, 170), (5, 20), (6, 25))
    assert rows(archive, "SELECT views, growth, epoch, event FROM reading WHERE article_id = 1") == [
        (100, None, 0, None),
        (160, 60, 0, None),
        (150, 0, 1, "drop"),
        (170, 20, 1, None),
        (20, 0, 2, "reset"),
        (25, 5, 2, None),
    ]
    assert rows(archive, "SELECT epoch, began_by, first_views, last_views, growth, readings FROM epoch") == [
        (0, None, 100, 160, 60, 2),
        (1, "drop", 150, 170, 20, 2),
        (2, "reset", 20, 25, 5, 2),
    ]


def test_another_counter_begins_an_epoch(archive: Archive, read: Read) -> None:
    read((1, 100), (2, 110))
    archive.conn.execute("UPDATE article SET counter_key = '77', checked_at = '2026-03-01T03:30:00Z' WHERE id = 1")
    read((3, 900), (4, 905))
    assert rows(archive, "SELECT event, growth FROM reading") == [(None, None), (None, 10), ("moved", 0), (None, 5)]
    assert rows(archive, "SELECT owner, key FROM counter_change") == [("9", "1")]
    assert rows(archive, "SELECT event, at, before, after FROM counter_event") == [
        ("moved", "2026-03-01T04:00:00Z", 110, 900)
    ]
    [(growth, low)] = rows(archive, f"SELECT growth, low FROM ({measures.growth(str(START), str(START + DAY))})")
    assert (growth, low) == (15, 15)


def test_an_implausible_jump(archive: Archive, read: Read) -> None:
    read((1, 100), (25, 140), (49, 180), (50, 5000), (51, 5010))
    assert rows(archive, "SELECT event, before, after FROM counter_event") == [("jump", 180, 5000)]


def test_a_burst_is_no_jump(archive: Archive, read: Read) -> None:
    read((1, 100), (25, 2000), (49, 3500), (50, 4600))
    assert rows(archive, "SELECT event FROM counter_event") == []


def test_a_freeze(archive: Archive, read: Read) -> None:
    read((0, 100), (12, 130), (24, 160), (36, 160), (48, 160), (49, 161))
    assert rows(archive, "SELECT event, at, before, after, readings FROM counter_event") == [
        ("freeze", "2026-03-02T01:00:00Z", 60, 160, 3)  # as long before, it grew by 60
    ]
    assert rows(archive, "SELECT until FROM freeze") == [("2026-03-03T01:00:00Z",)]


def test_a_count_that_grew_slowly_before_is_not_frozen(archive: Archive, read: Read) -> None:
    read((1, 100), (12, 101), (24, 102), (36, 102), (60, 102), (120, 103))
    assert rows(archive, "SELECT * FROM freeze") == []


def test_a_cap_and_rounding(archive: Archive, read: Read) -> None:
    read((0, 9000), (24, 9999), (36, 9999), (48, 9999))
    read((1, 9000), (10, 12000), (20, 13000), (30, 15000), article=2)
    assert rows(archive, "SELECT article_id, event, before, after FROM counter_event ORDER BY article_id") == [
        (1, "capped", 999, 9999),
        (2, "rounded", 12000, 15000),
    ]


def test_a_count_that_is_away_for_a_while_has_grown_by_the_difference(archive: Archive, read: Read) -> None:
    read((1, 4500), (2, 4526), (3, 0), (4, 0), (5, 4530), (6, 4531))
    assert rows(archive, "SELECT views, growth, epoch, event FROM reading") == [
        (4500, None, 0, None),
        (4526, 26, 0, None),
        (0, 0, 1, "reset"),
        (0, 0, 1, None),
        (4530, 4, 2, "restored"),
        (4531, 1, 2, None),
    ]
    assert rows(archive, "SELECT began_by, growth FROM epoch") == [(None, 26), ("reset", 0), ("restored", 5)]
    assert window(archive, 1, 7) == [(1, 31, 31, 31)]
    assert window(archive, 3.5, 7) == [(1, 5, 5, 5)]  # begins while it is away
    assert rows(archive, "SELECT event, before, after FROM counter_event") == [
        ("reset", 4526, 0),
        ("restored", 0, 4530),
    ]


def test_counts_printed_in_ten_thousands_are_marked_and_bounded(archive: Archive, read: Read) -> None:
    read((0.5, 11_000, 1000), (23, 12_000, 1000), (25, 13_000, 1000))
    assert rows(archive, "SELECT event, before, after, readings FROM counter_event") == [("rounded", 11_000, 13_000, 3)]
    # 12,000 in thousands: from 11,500 (rounded) to 12,999 (cut off).
    assert ages(archive)["24 h"][:3] == (11_500, 12_500.0, 13_999)
    # From 12,999 at most to 12,500 at least: it may not have grown. From 11,500 at least to 13,999 at most.
    assert window(archive, 23, 26) == [(1, 0, 1000, 2499)]


def test_a_capped_count_is_a_lower_bound(archive: Archive, read: Read) -> None:
    read((0.5, 9000), (23, 9999, 0), (47, 9999, 0), (71, 9999, 0))
    assert rows(archive, "SELECT event, at, readings FROM counter_event") == [("capped", "2026-03-02T00:00:00Z", 3)]
    assert ages(archive)["24 h"][:3] == (9999, None, None)
    assert window(archive, 0.5, 24) == [(1, 999, 999, None)]
    assert window(archive, 23, 72) == [(1, 0, 0, None)]
    assert rows(archive, "SELECT * FROM half_life") == [], "half of what?"


def test_a_rounded_reading_after_an_exact_one_is_no_fall(archive: Archive, read: Read) -> None:
    read((1, 12_345), (2, 12_000, 1000), (3, 12_350), (4, 9999, 0), (5, 12_351))
    assert rows(archive, "SELECT growth, epoch, event FROM reading") == [
        (None, 0, None),
        (0, 0, None),
        (5, 0, None),
        (0, 0, None),
        (1, 0, None),
    ]
    assert window(archive, 1, 6) == [(1, 6, 6, 6)]


def test_an_exact_count_below_a_rounded_one_is_a_fall(archive: Archive, read: Read) -> None:
    read((1, 12_000, 1000), (2, 11_600), (3, 11_000))
    assert rows(archive, "SELECT event FROM reading") == [(None,), (None,), ("drop",)]


def test_views_at_an_age_after_a_reset(archive: Archive, read: Read) -> None:
    read((0.5, 20), (1.5, 60), (20, 300), (22, 5), (30, 40))
    assert ages(archive)["1 h"] == (20, 40.0, 60, 0, 0, 1)
    assert ages(archive)["24 h"] == (300, None, None, 0, 0, 0)  # at least what it had
    assert rows(archive, "SELECT age FROM views_at_age WHERE fell ORDER BY age") == [("24 h",), ("30 d",), ("7 d",)]


def test_views_at_an_age_of_another_counter(archive: Archive, read: Read) -> None:
    read((0.5, 20))
    archive.conn.execute("UPDATE article SET counter_key = '77', checked_at = '2026-03-01T02:00:00Z' WHERE id = 1")
    read((1.5, 900))
    assert ages(archive)["1 h"][:3] == (20, None, None)


def ages(archive: Archive, article: int = 1) -> dict[str, tuple[Any, ...]]:
    sql = "SELECT age, low, estimate, high, vague, truncated, gap FROM views_at_age WHERE article_id = ?"
    return {row[0]: row[1:] for row in rows(archive, sql, article)}


def test_views_at_an_age_lie_between_the_readings_around_it(archive: Archive, read: Read) -> None:
    read((0.5, 20), (1.5, 60), (24, 300), (100, 400), (200, 500))
    assert ages(archive) == {
        "1 h": (20, 40.0, 60, 0, 0, 1),  # an hour between the readings: more than half of the age
        "24 h": (300, 300.0, 300, 0, 0, 0),  # read on the moment
        "7 d": (400, 468.0, 500, 0, 0, 1),
        "30 d": (500, None, None, 0, 0, 1),  # not read since
    }


def test_first_seen_late(archive: Archive, read: Read) -> None:
    read((31, 90), (40, 100))
    assert ages(archive)["1 h"] == (0, None, 90, 0, 1, 1)
    assert ages(archive)["24 h"] == (0, None, 90, 0, 1, 1)


@pytest.mark.parametrize("published", ["2026-03-01", "2026-03-01T00:00"])
def test_a_day_of_publication_makes_ages_vague(archive: Archive, read: Read, published: str) -> None:
    # Published between 16:00 UTC on the day before and 16:00 UTC: an age of 24 h is met between +15 h and +39 h.
    read((14, 10), (16, 12), (38, 30), (40, 33), published=published)
    assert ages(archive)["24 h"][:4] == (10, None, 33, 1)


def test_no_age_without_a_date(archive: Archive, read: Read) -> None:
    read((1, 1), (2, 2), published=None)
    assert ages(archive) == {}


def test_half_life_lies_between_two_readings(archive: Archive, read: Read) -> None:
    read((1, 20), (10, 40), (30, 60), (100, 100))
    assert rows(archive, "SELECT half, low, high, truncated FROM half_life") == [(50.0, 10.0, 30.0, 0)]


def test_half_life_of_an_article_seen_late_has_no_lower_bound(archive: Archive, read: Read) -> None:
    read((50, 90), (100, 100))
    assert rows(archive, "SELECT low, high, truncated FROM half_life") == [(0, 50.0, 1)]


def test_half_life_of_a_day_of_publication_is_a_day_less_sure(archive: Archive, read: Read) -> None:
    read((30, 20), (50, 40), (60, 60), (100, 100), published="2026-03-01")  # counted from its midnight, 9 hours before
    assert rows(archive, "SELECT low, high, vague FROM half_life") == [(50 + 9 - 24, 69.0, 1)]


def test_half_life_of_a_rounded_count(archive: Archive, read: Read) -> None:
    read((1, 5000), (10, 5800), (20, 6400), (30, 6800), (100, 12_000, 1000))  # half: from 5,750 to 6,499.5
    assert rows(archive, "SELECT low, high FROM half_life") == [(1.0, 30.0)]


def test_a_count_that_fell_below_half_has_no_half_life(archive: Archive, read: Read) -> None:
    read((1, 100), (2, 10), (3, 60))
    assert rows(archive, "SELECT * FROM half_life") == []


def window(archive: Archive, start: float, end: float) -> list[tuple[Any, ...]]:
    query = measures.growth(str(START + round(start * HOUR)), str(START + round(end * HOUR)))
    return rows(archive, f"SELECT article_id, low, growth, high FROM ({query}) ORDER BY article_id")


def test_growth_over_a_window(archive: Archive, read: Read) -> None:
    read((1, 10), (5, 50), (9, 90), (20, 200))
    assert window(archive, 6, 15) == [(1, 0, 40, 40)]  # 90 alone was read within, 50 before
    assert window(archive, 5, 9) == [(1, 40, 40, 40)]
    assert window(archive, 30, 40) == []


def test_growth_of_an_article_published_within_the_window(archive: Archive, read: Read) -> None:
    read((1, 10), (5, 50))
    assert window(archive, -10, 10) == [(1, 40, 40, 50)]


def test_growth_of_an_article_first_seen_within_the_window(archive: Archive, read: Read) -> None:
    read((50, 10), (60, 50))
    assert window(archive, 40, 70) == [(1, 40, 40, None)]


def test_growth_over_a_fall_is_the_sum_of_the_rises(archive: Archive, read: Read) -> None:
    read((1, 10), (5, 50), (6, 0), (7, 30))
    assert window(archive, 2, 10) == [(1, 30, 70, 70)]


def test_a_reading_that_comes_late_is_seen_in_growth(archive: Archive, read: Read) -> None:
    read((1, 10), (5, 50))
    read((3, 80))
    assert window(archive, 2, 10) == [(1, 0, 70, 70)]


@pytest.mark.parametrize("view", ["growth_day", "growth_week", "growth_month"])
def test_the_growth_of_the_last_days_is_a_view(archive: Archive, view: str) -> None:
    [column] = rows(archive, f"SELECT group_concat(name) FROM pragma_table_info('{view}')")
    assert column == ("article_id,site,title,published,url,growth,low,high,from_at,until_at",)


def test_top_by_month(archive: Archive, read: Read) -> None:
    read((1, 10), article=1)
    read((1, 30), article=2)
    read((1, 20), article=3, published="2026-02-11")
    assert rows(archive, "SELECT month, rank, article_id FROM top_by_month ORDER BY month, rank") == [
        ("2026-02", 1, 3),
        ("2026-03", 1, 2),
        ("2026-03", 2, 1),
    ]


@pytest.mark.parametrize(
    ("counter_family", "parser", "net"),
    [
        ("vsb", "0.1.0/vsb", (100, "family")),
        (None, "0.1.0/joomla", (98, "family")),
        (None, "0.1.0/drupal", (100, "family")),
        (None, "0.1.0/generic", (None, None)),
    ],
)
def test_what_is_known_of_a_family_stands_until_its_site_is_measured(
    archive: Archive, read: Read, counter_family: str | None, parser: str, net: tuple[int | None, str | None]
) -> None:
    read((9, 100))
    archive.conn.execute("UPDATE article SET counter_family = ? WHERE id = 1", (counter_family,))
    archive.conn.execute("UPDATE view_observation SET method = ?", (0 if counter_family else 2,))
    archive.conn.execute(
        "INSERT INTO snapshot (id, article_id, captured_at, last_seen_at, url, body, content_digest, parser)"
        " VALUES (1, 1, '2026-03-01T02:00:00Z', '2026-03-01T03:00:00Z', 'http://s.test/1', '', '', ?)",
        (parser,),
    )
    for hour in (2, 3):
        archive.conn.execute(
            "INSERT INTO capture (crawl_id, kind, url, captured_at, article_id, snapshot_id, status, outcome)"
            " VALUES (1, 'article', 'http://s.test/1', ?, 1, 1, 200, 'revisit')",
            (f"2026-03-01T0{hour}:00:00Z",),
        )
    assert rows(archive, "SELECT net, basis FROM net_views") == [net]
    archive.conn.execute("UPDATE article SET views_step = 1000")
    assert rows(archive, "SELECT net FROM net_views") == [(None,)], "of a rounded count single views cannot be taken"


def test_families_that_are_known_to_add_views_are_families(archive: Archive) -> None:
    known = {family.name for family in cms.families()} | {"vsb", "vsb-clicktimes", "webplus"}
    assert {name for (name,) in rows(archive, "SELECT family FROM observer_effect")} <= known


@pytest.mark.parametrize(("by_counter", "by_page", "net"), [(0, 1, 97), (1, 0, 98), (None, 1, None), (0, 0, 100)])
def test_a_count_less_our_own_looks(
    archive: Archive, read: Read, by_counter: int | None, by_page: int, net: int | None
) -> None:
    read((1, 90), (2, 100))
    archive.conn.execute("UPDATE article SET counter_family = 'vsb' WHERE id = 1")
    for hour, status in ((0, 200), (0, 200), (0, 200), (0, 503), (9, 200)):  # one failed, one after the last reading
        archive.conn.execute(
            "INSERT INTO capture (crawl_id, kind, url, captured_at, article_id, status, outcome)"
            " VALUES (1, 'article', 'http://s.test/1', ?, 1, ?, 'revisit')",
            (f"2026-03-01T0{1 + hour // 2}:30:00Z", status),
        )
    archive.conn.execute(
        "INSERT INTO calibration VALUES ('s', 'vsb', '2026-03-01T00:00:00Z', 1, '[]', ?, ?)", (by_counter, by_page)
    )
    assert rows(archive, "SELECT page_fetches, counter_readings, net FROM net_views") == [(3, 2, net)]


@settings(max_examples=examples(15), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from((0.2, 5, 30, 200)),
            st.sampled_from((-9000, -60, -1, 0, 0, 0, 1, 25, 600, 5000)),
            st.sampled_from((None,) * 9 + (0, 1000)),
            st.booleans(),
        ),
        max_size=14,
    )
)
def test_what_is_held_follows_from_the_readings(
    tmp_path_factory, course: list[tuple[float, int, int | None, bool]]
) -> None:
    with fresh(tmp_path_factory.mktemp("course") / "archive.db") as archive:
        conn = archive.conn
        conn.execute("INSERT INTO site (name, timezone) VALUES ('s', 'Asia/Shanghai')")
        conn.execute("INSERT INTO crawl (id, kind, started_at, version) VALUES (1, 'poll', '', '')")
        conn.execute(
            "INSERT INTO article (id, site, url, counter_key, first_seen_at) VALUES (1, 's', '', '0', '2026-03-01T00:00:00Z')"
        )
        at, views = START, 300
        for number, (hours, more, step, moves) in enumerate(course):
            at, views = at + round(hours * HOUR), max(0, views + more)
            with archive.transaction():
                if moves and number % 5 == 0:
                    conn.execute(
                        "UPDATE article SET counter_key = ?, checked_at = strftime('%Y-%m-%dT%H:%M:%SZ', ?, 'unixepoch')",
                        (str(number), at - 60),
                    )
                earlier = at - DAY * 2 if moves and number % 4 == 3 else at  # some come late
                counts.observe(conn, Sums(), 1, earlier, views, 0, 1, step)
            assert list(derived.wrong(conn, lambda *_: None)) == []
        with archive.transaction():
            conn.execute("DELETE FROM view_observation WHERE views % 2")
        assert list(derived.wrong(conn, lambda *_: None)) == []
        before = [list(archive.rows(f"SELECT * FROM {view}")) for view in ("epoch", "counter_event", "freeze")]
        conn.execute("UPDATE count_epoch SET growth = growth + 1")
        assert bool(list(derived.wrong(conn, lambda *_: None))) == bool(before[0])
        derived.rebuild(conn, archive.sealed, lambda *_: None)
        assert [list(archive.rows(f"SELECT * FROM {view}")) for view in ("epoch", "counter_event", "freeze")] == before


def test_days_without_a_look_and_gaps(archive: Archive, read: Read) -> None:
    read((0, 1), (1, 2), (24 * 4, 3))
    assert rows(archive, "SELECT day, readings, looked FROM look_day") == [
        ("2026-03-01", 2, 1),
        ("2026-03-02", 0, 0),
        ("2026-03-03", 0, 0),
        ("2026-03-04", 0, 0),
        ("2026-03-05", 1, 1),
    ]
    assert rows(archive, "SELECT * FROM polling_gap") == [("s", "2026-03-02", "2026-03-04", 3)]
    assert rows(archive, "SELECT crawl_id, readings FROM crawl_summary") == [(1, 3)]


def test_failures_by_cause(archive: Archive) -> None:
    for number in range(3):
        archive.conn.execute(
            "INSERT INTO capture (crawl_id, kind, url, captured_at, status, outcome, error)"
            " VALUES (1,'article',?,?,404,'failed','HTTP 404')",
            (f"http://s.test/{number % 2}", f"2026-03-0{number + 1}T00:00:00Z"),
        )
    archive.conn.execute("UPDATE crawl SET site = 's'")
    assert rows(archive, "SELECT site, error, times, urls, first_at, last_at FROM failure") == [
        ("s", "HTTP 404", 3, 2, "2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z")
    ]


def test_a_site_of_which_a_run_read_counts_under_two_names(archive: Archive, read: Read) -> None:
    read((0, 1))
    archive.conn.execute("INSERT INTO site (name, timezone) VALUES ('s.test', 'Asia/Shanghai')")
    archive.conn.execute(
        "INSERT INTO article (id, site, url, first_seen_at) VALUES (2, 's.test', 'x', '2026-03-01T00:00:00Z')"
    )
    read((0, 1), article=2)
    with archive.transaction() as conn:
        naming.rename(conn, "s.test", "s", "2026-03-02T00:00:00Z")
    assert rows(archive, "SELECT site, readings FROM reading_tally") == [("s", 2)]
