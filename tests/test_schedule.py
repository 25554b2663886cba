"""When a page is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider import schedule

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "looked", "due"),
    [
        (2 * HOUR, 30 * timedelta(minutes=1), False),
        (2 * HOUR, HOUR, True),
        (3 * DAY, 5 * HOUR, False),
        (3 * DAY, 6 * HOUR, True),
        (20 * DAY, 2 * DAY, False),
        (20 * DAY, 3 * DAY - 10 * timedelta(minutes=1), True),  # a nightly job that starts a little early
        (200 * DAY, 20 * DAY, False),
        (200 * DAY, 30 * DAY, True),
        (4000 * DAY, 300 * DAY, False),
        (4000 * DAY, 360 * DAY, True),
        (-DAY, 10 * timedelta(minutes=1), False),  # dated tomorrow
    ],
)
def test_a_page_is_due(age: timedelta, looked: timedelta, due: bool) -> None:
    assert schedule.due(since=NOW - age, looked_at=NOW - looked, now=NOW) is due


def test_a_page_never_looked_at_is_due() -> None:
    assert schedule.due(since=NOW - 4000 * DAY, looked_at=None, now=NOW)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_an_older_page_waits_no_less(age: int, older: int, looked: int) -> None:
    def due(seconds: int) -> bool:
        return schedule.due(since=NOW - timedelta(seconds=seconds), looked_at=NOW - timedelta(seconds=looked), now=NOW)

    assert due(age) or not due(age + older)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (None, NOW),
        ("2026-02-28", datetime(2026, 2, 27, 16, tzinfo=UTC)),
        ("2026-02-28T09:30", datetime(2026, 2, 28, 1, 30, tzinfo=UTC)),
        ("2026-02-28T09:30:00+00:00", datetime(2026, 2, 28, 9, 30, tzinfo=UTC)),
        ("2026-02", NOW),
        ("2027-01-01", NOW),
    ],
)
def test_age_counts_from_publication(published: str | None, expected: datetime) -> None:
    assert schedule.since(published, NOW, "Asia/Shanghai") == expected
