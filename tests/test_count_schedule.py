"""When a count is next read, and which counts go into which request."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsspider import schedule
from newsspider.schedule import Waiting

NOW = 1_772_000_000
HOUR, DAY = 1.0, 24.0
HOURS = st.floats(0, 10**5)
SPEEDS = st.floats(1e-6, 1e6)
VIEWS = st.integers(0, 10**9)


def waiting(
    article_id: int, urgency: float, *, host: str = "a.example", group: str = "1", together: int = 50
) -> Waiting:
    """A count of which ``urgency`` of its interval of 1,000 seconds has passed."""
    asked_at = NOW - round(1000 * urgency)
    return Waiting(article_id, host, group, together, asked_at, asked_at + 1000)


@given(VIEWS, SPEEDS, HOURS, HOURS, st.sampled_from([1, 20, 50]))
def test_an_older_count_waits_no_less(views: int, speed: float, age: float, more: float, together: int) -> None:
    young = schedule.interval(views=views, speed=speed, age=age, together=together)
    assert schedule.interval(views=views, speed=speed, age=age + more, together=together) >= young


@given(VIEWS, SPEEDS, HOURS, st.floats(1, 1000))
def test_a_faster_count_waits_no_more(views: int, speed: float, age: float, times: float) -> None:
    slow = schedule.interval(views=views, speed=speed, age=age)
    assert schedule.interval(views=views, speed=speed * times, age=age) <= slow


@given(VIEWS, SPEEDS, HOURS, st.sampled_from([1, 20, 50]))
def test_an_interval_is_bounded(views: int, speed: float, age: float, together: int) -> None:
    hours = schedule.interval(views=views, speed=speed, age=age, together=together)
    assert schedule.SOONEST <= hours <= max(schedule.SOONEST, min(age, schedule.LATEST))


@given(VIEWS, SPEEDS, HOURS)
def test_a_count_that_costs_a_page_waits_no_less(views: int, speed: float, age: float) -> None:
    batched = schedule.interval(views=views, speed=speed, age=age)
    assert schedule.interval(views=views, speed=speed, age=age, together=1) >= batched


@given(st.none() | SPEEDS, VIEWS, st.integers(-(10**6), 10**6), HOURS, HOURS)
def test_a_speed_is_above_nothing(before: float | None, views: int, growth: int, hours: float, age: float) -> None:
    assert schedule.speed(before, views=views, growth=growth, hours=hours, age=age) > 0


@given(SPEEDS, st.floats(0.01, 1000))
def test_without_growth_the_speed_falls(before: float, hours: float) -> None:
    assert schedule.speed(before, views=9, growth=0, hours=hours, age=100) < before


def test_the_first_speed_is_the_mean_since_publication() -> None:
    assert schedule.speed(None, views=99, growth=0, hours=0, age=10) == 10


def test_a_burst_is_believed_at_once() -> None:
    assert schedule.speed(0.04, views=500, growth=100, hours=1, age=1000) == 100


def test_one_view_in_ten_minutes_is_no_burst() -> None:
    assert schedule.speed(0.04, views=500, growth=1, hours=1 / 6, age=1000) < 0.09


def test_a_flat_stretch_lowers_the_rate_and_a_burst_raises_it() -> None:
    speed, intervals = 1.0, []
    for growth in (0, 0, 0, 200):
        hours = intervals[-1] if intervals else 1.0
        speed = schedule.speed(speed, views=300, growth=growth, hours=hours, age=30 * DAY)
        intervals.append(schedule.interval(views=300, speed=speed, age=30 * DAY))
    assert intervals[0] < intervals[1] < intervals[2]
    assert intervals[3] < intervals[2] / 3


def test_a_counter_that_gives_nothing_is_asked_ever_less() -> None:
    delays = [schedule.missed(misses) for misses in range(1, 40)]
    assert delays[:3] == [1, 2, 4]
    assert delays == sorted(delays)
    assert delays[-1] == 7 * DAY


@given(st.integers(1, 10**9), st.integers(0, 2**32), st.floats(0, 10**4))
def test_the_next_reading_is_neither_past_nor_late(article_id: int, asked_at: int, hours: float) -> None:
    at = schedule.next_reading(article_id, asked_at, hours)
    assert at == schedule.next_reading(article_id, asked_at, hours)
    assert asked_at + hours * 3600 * (1 - schedule.JITTER) - 1 <= at <= asked_at + hours * 3600 + 1


def test_counts_read_together_do_not_stay_in_step() -> None:
    due = [schedule.next_reading(article_id, NOW, DAY) for article_id in range(1, 1001)]
    per_ten_minutes = max(sum(at // 600 == slot for at in due) for slot in {at // 600 for at in due})
    assert per_ten_minutes < 120  # spread over 2.4 hours, 70 each on average


GIVEN = st.lists(
    st.builds(
        waiting,
        st.integers(1, 10**6),
        st.floats(0, 5),
        host=st.sampled_from(["a.example", "b.example"]),
        group=st.sampled_from(["1", "2"]),
    ),
    max_size=200,
    unique_by=lambda count: count.article_id,
)


@given(GIVEN)
def test_every_due_count_goes_into_one_batch_and_no_request_is_needless(given: list[Waiting]) -> None:
    batches = schedule.batches(given, NOW)
    asked = [count for batch in batches for count in batch.counts]
    assert len(asked) == len(set(asked))
    assert {count for count in given if count.urgency(NOW) >= 1} <= set(asked)
    assert all(count.urgency(NOW) >= schedule.RIDES for count in asked)
    for batch in batches:
        assert len(batch.counts) <= 50
        assert len({(count.host, count.group) for count in batch.counts}) == 1
        assert batch.counts[0].urgency(NOW) >= 1
    assert [b.urgency for b in batches] == sorted((b.urgency for b in batches), reverse=True)


def test_the_nearly_due_ride_along_and_cost_no_request() -> None:
    batches = schedule.batches([waiting(1, 1.2), waiting(2, 0.5), waiting(3, 0.05)], NOW)
    assert [[count.article_id for count in batch.counts] for batch in batches] == [[1, 2]]


def test_nothing_due_asks_nothing() -> None:
    assert schedule.batches([waiting(n, 0.9) for n in range(1, 100)], NOW) == []


def test_every_count_when_told_so() -> None:
    batches = schedule.batches([waiting(n, 0.0) for n in range(1, 70)], NOW, every=True)
    assert sorted(len(batch.counts) for batch in batches) == [19, 50]


def test_a_count_never_asked_comes_first() -> None:
    given = [waiting(n, 1.5) for n in range(1, 51)] + [Waiting(99, "a.example", "2")]
    assert schedule.batches(given, NOW)[0].counts[0].article_id == 99


@given(GIVEN, st.integers(0, 600))
def test_the_ceiling_of_a_host_holds(given: list[Waiting], spent: int) -> None:
    pages = [Waiting(c.article_id, c.host, c.article_id, 1, c.asked_at, c.due_at) for c in given]
    kept = schedule.within(schedule.batches(pages, NOW), {"a.example": spent})
    for host, before in (("a.example", spent), ("b.example", 0)):
        asked = sum(batch.host == host for batch in kept)
        assert asked <= schedule.AT_ONCE
        assert asked == 0 or asked + before <= schedule.DAILY


def test_after_a_downtime_the_most_urgent_come_first_and_a_run_takes_its_share() -> None:
    given = [waiting(n, 1 + n / 1000, group=str(n), together=1) for n in range(1, 1001)]
    kept = schedule.within(schedule.batches(given, NOW), {})
    assert [batch.counts[0].article_id for batch in kept] == list(range(1000, 1000 - schedule.AT_ONCE, -1))
