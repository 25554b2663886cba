"""What counts are expected to come to, and what is held of it. All synthetic."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from looks import polled

from newsspider import expectation
from newsspider.archive import Archive, counts, derived, occasions, spikes
from newsspider.archive.chain import Sums
from newsspider.cli.show import show
from newsspider.cli.top import top
from newsspider.expectation import Course, Reading
from newsspider.report import curve

HOUR, DAY = 3600, 86400
START = int(datetime(2026, 3, 1, 1, 0, tzinfo=UTC).timestamp())  # 09:00 in Shanghai


def readings(*pairs: tuple[float, int]) -> list[Reading]:
    return [Reading(round(hours * HOUR), views) for hours, views in pairs]


@pytest.mark.parametrize(
    ("known", "exact", "count"),
    [
        (readings((4, 40), (8, 60)), True, 50.0),  # on the line between
        (readings((6, 40), (7, 60)), True, 40.0),
        (readings((12, 60)), True, 30.0),  # from 0 at its publication
        (readings((12, 60)), False, None),  # whose hour is not known
        (readings((1, 5), (5, 60)), True, None),  # not yet
        (readings((1, 5), (14, 60)), True, None),  # too far apart
        ([], True, None),
    ],
)
def test_the_count_at_an_age(known: list[Reading], exact: bool, count: float | None) -> None:
    assert expectation.count_at(known, 0, 6, exact=exact) == count


def test_a_count_that_fell_is_known_until_then() -> None:
    assert expectation.unbroken(readings((1, 5), (2, 5), (3, 4), (4, 9))) == readings((1, 5), (2, 5))
    assert expectation.unbroken(readings((1, 5))) == readings((1, 5))


def siblings(*growths: float, half: float | None = 50) -> list[Course]:
    return [Course(half, 99, 100 * growth - 1) for growth in growths]


def test_of_too_few_siblings_nothing_is_said() -> None:
    own = Course(50, 99)
    assert expectation.expected(own, siblings(*[2] * (expectation.LEAST - 1))) is None
    assert expectation.expected(own, siblings(*[2] * expectation.LEAST)) == (199, 199, 199, expectation.LEAST)


def test_the_middle_and_the_extremes_of_its_siblings_are_expected() -> None:
    found = expectation.expected(Course(None, 9), siblings(1, 1.5, 2, 2, 3, 3, 4, 5, 8))
    assert found == (29, 9, 79, 9)


def test_those_that_went_the_same_course_so_far_say_what_comes() -> None:
    slow, fast = siblings(*[1.1] * 39, half=95), siblings(*[6] * 39, half=20)
    mixed = [one for pair in zip(slow, fast, strict=True) for one in pair]
    assert [expectation.expected(Course(half, 99), mixed) for half in (90, 30)] == [
        (109, 109, 109, 39),
        (599, 599, 599, 39),
    ]
    unknown = expectation.expected(Course(None, 99), mixed)
    assert unknown is not None
    assert (unknown.low, unknown.high) == (109, 599)


def test_the_bounds_hold_what_they_say() -> None:
    """A fortieth of forty lies between the extremes of the others in 38 of 40 cases, whatever their distribution."""
    dice = random.Random(4)
    within = 0
    for _ in range(400):
        growths = [math.exp(dice.expovariate(1)) for _ in range(40)]
        found = expectation.expected(Course(50, 99), siblings(*growths[:39]))
        assert found is not None
        within += found.low <= 100 * growths[39] - 1 <= found.high
    assert 0.92 < within / 400 < 0.98


# In the archive

Follow = Callable[..., None]


@pytest.fixture
def archive(tmp_path) -> Iterator[Archive]:
    with polled(tmp_path / "archive.db") as archive:
        yield archive


@pytest.fixture
def follow(archive: Archive) -> Follow:
    """Reads an article that was published so many days after the first, by hours of its age and its count."""

    def read(
        article: int, *pairs: tuple[float, int], day: int = 0, hour: str = "T09:00", step: int | None = None
    ) -> None:
        published = f"2026-03-{1 + day:02d}{hour}"
        with archive.transaction() as conn:
            conn.execute(
                "INSERT OR IGNORE INTO article (id, site, url, title, published, first_seen_at, checked_at)"
                " VALUES (?,'s',?,'题',?,'2026-04-09T00:00:00Z','2026-04-09T00:00:00Z')",
                (article, f"http://s.test/{article}", published),
            )
            for hours, views in pairs:
                counts.observe(conn, Sums(), article, START + day * DAY + round(hours * HOUR), views, 0, 1, step)

    return read


@pytest.fixture
def past(follow: Follow) -> None:
    """Twenty articles of the first day: 10 views after 3 hours, 20 after 6, 30 to 49 after a day, three times as many in a week."""
    for number in range(20):
        follow(100 + number, (3, 10), (6, 20), (12, 25), (24, 30 + number), (168, 3 * (30 + number)))


def said(archive: Archive, article: int = 1) -> list[tuple[Any, ...]]:
    assert list(derived.wrong(archive.conn, lambda *_: None)) == []
    sql = "SELECT age, said_after, expected, low, high, siblings, came, times, outside FROM views_expected WHERE article_id = ?"
    return [tuple(row) for row in archive.rows(f"{sql} ORDER BY met_at", (article,))]


@pytest.mark.usefixtures("past")
def test_what_is_expected_is_said_after_its_first_hours_and_compared_with_what_came(
    archive: Archive, follow: Follow
) -> None:
    follow(1, (3, 20), (5, 30), day=10)
    assert said(archive) == []
    follow(1, (6, 40), day=10)
    day = ("24 h", "6 h", 78.1, 59.5, 96.6, 20)
    assert said(archive) == [(*day, None, 0.51, None)]
    follow(1, (12, 60), (20, 95), day=10)
    assert said(archive) == [(*day, None, 1.22, None)]
    follow(1, (23, 100), day=10)
    assert said(archive) == [(*day, None, 1.28, "above")]
    follow(1, (24, 104), day=10)
    [first, second] = said(archive)
    assert first == (*day, 104.0, 1.33, "above")
    assert (second[:2], second[5:]) == (("7 d", "24 h"), (20, None, 0.34, None))


@pytest.mark.usefixtures("past")
def test_what_was_said_stays(archive: Archive, follow: Follow) -> None:
    follow(1, (3, 20), (6, 40), day=10)
    before = said(archive)
    for number in range(200, 240):
        follow(number, (3, 10), (6, 20), (24, 300), day=8)
    follow(1, (7, 44), day=10)
    derived.rebuild(archive.conn, archive.sealed, lambda *_: None)
    assert [row[:6] for row in said(archive)] == [row[:6] for row in before]
    follow(1, (2, 1), (5.9, 38), day=10)  # these came late: at 6 hours, it had 40 still
    assert [row[:6] for row in said(archive)] == [row[:6] for row in before]
    archive.conn.execute("UPDATE view_observation SET views = 42 WHERE article_id = 1 AND views = 40")
    with archive.transaction():
        pass
    [(_, _, expected, *_)] = said(archive)
    assert expected != before[0][2]


def test_of_a_site_without_a_past_nothing_is_expected(archive: Archive, follow: Follow) -> None:
    follow(1, (3, 20), (6, 40))
    assert said(archive) == [("24 h", "6 h", None, None, None, 0, None, None, None)]


@pytest.mark.usefixtures("past")
def test_a_fall_before_the_next_age_is_noticed(archive: Archive, follow: Follow) -> None:
    follow(1, (3, 20), (6, 40), day=10)
    follow(1, (8, 2), day=10)
    follow(1, (24, 50), day=10)
    assert [(row[0], row[6]) for row in said(archive)] == [("24 h", None)]


@pytest.mark.usefixtures("past")
@pytest.mark.parametrize(
    ("pairs", "more"),
    [
        ([(1, 30), (3, 20), (6, 40)], {}),  # it fell
        ([(3, 20), (6, 40)], {"step": 10}),  # it is printed rounded
        ([(9, 20), (12, 40)], {"hour": ""}),  # the hour of its publication is not known
        ([(20, 400), (23, 500)], {}),  # it was met late
    ],
)
def test_nothing_is_expected_of_a_count_whose_first_hours_are_not_known(
    archive: Archive, follow: Follow, pairs: list[tuple[float, int]], more: dict[str, Any]
) -> None:
    follow(1, *pairs, day=10, **more)
    assert said(archive) == []


@pytest.mark.usefixtures("past")
def test_the_future_says_nothing(archive: Archive, follow: Follow) -> None:
    """Siblings that had not met the later age when the forecast was due are no witnesses, also where the archive is filled later."""
    follow(1, (3, 20), (6, 40))
    assert said(archive)[0][5] == 0


@pytest.mark.usefixtures("past")
def test_one_that_runs_in_its_first_day_is_told(archive: Archive, follow: Follow) -> None:
    follow(1, (3, 20), (6, 40), (12, 300), (18, 900), (24, 950), day=10)
    follow(2, (3, 20), (6, 40), (12, 80), (24, 90), day=10)
    [spike] = occasions.of_counts(archive, "2026-03-01T00:00:00Z")
    assert (spike.event, spike.article_id, spike.at, spike.counts) == ("spike", 1, "2026-03-11T13:00:00Z", (40, 300))
    assert list(occasions.of_counts(archive, "2026-03-11T13:00:01Z")) == []


# Shown


@pytest.mark.usefixtures("past")
def test_it_is_shown_and_ranked_and_given_to_python(archive: Archive, follow: Follow) -> None:
    follow(1, (3, 20), (6, 40), (12, 90), (25, 310), day=10)
    follow(2, (3, 20), (6, 40), (24, 78), day=10)
    [day, week] = archive.expected(1)
    assert (day.age, day.expected, day.outside, week.came) == ("24 h", 78.1, "above", None)
    assert (len(archive.expected(site="s")), archive.expected(site="none")) == (64, ())
    frame = archive.expected(1).frame()
    assert [str(frame[name].dtype) for name in ("expected", "met_at")] == ["Float64", "datetime64[us, UTC]"]
    asked = ["--archive", str(archive.path)]
    shown = CliRunner().invoke(show, ["1", *asked]).output
    assert "expected   78 by 24 h, 60 – 97 (said after 6 h); came 293, above all that was expected" in shown
    ranked = CliRunner().invoke(top, ["--by", "expectation", "--window", "1d", "--json", *asked])
    assert [(row["article_id"], row["age"]) for row in json.loads(ranked.output)][:2] == [(1, "24 h"), (2, "24 h")]
    assert "3.8   " in CliRunner().invoke(top, ["--by", "expectation", *asked]).output
    none = CliRunner().invoke(top, ["--by", "expectation", "--site", "s", "--month", "2020-01", *asked])
    assert "nothing was expected of an article of s" in none.output


def test_where_it_was_expected_to_lie_is_drawn_as_far_as_the_plot_reaches() -> None:
    counts = [curve.Reading(hours * HOUR, hours * 10, 0) for hours in range(11)]  # up to 100, on a plot of 10 hours

    def drawn(**more: int) -> str:
        bound = {
            "since": 2 * HOUR,
            "until": 6 * HOUR,
            "views": 20,
            "low": 30,
            "expected": 50,
            "high": 60,
            "siblings": 9,
        }
        return curve.draw(counts, [], UTC, bounds=[spikes.Bound(**bound | more)]).expected

    assert drawn() == "M200 800L600 400V700Z"
    assert drawn(until=22 * HOUR, high=120, low=20) == "M200 800L1000 400V800Z"  # it goes on beyond the plot
    assert drawn(high=180) == "M200 800L400 0H600V700Z"  # it is cut off at the top
    assert drawn(since=10 * HOUR) == drawn(views=100, high=200) == ""
