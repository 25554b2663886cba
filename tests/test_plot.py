from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from newsspider.cli import plot
from newsspider.demo import Campus

DAY = 86400
BEGIN = 1772000000  # 2026-02-25 06:13:20 UTC
SERIES = st.dictionaries(st.integers(0, 10**8), st.integers(0, 10**9), min_size=3).map(
    lambda found: sorted(found.items())
)


def test_counts_are_drawn_over_time() -> None:
    assert plot.area([(BEGIN, 0), (BEGIN + DAY, 100), (BEGIN + 2 * DAY, 400), (BEGIN + 4 * DAY, 400)], 40) == [
        "400 ┤                 ██████████████████",
        "    │                 ██████████████████",
        "300 ┤                 ██████████████████",
        "    │                 ██████████████████",
        "200 ┤                 ██████████████████",
        "    │                 ██████████████████",
        "100 ┤        ███████████████████████████",
        "    │        ███████████████████████████",
        "  0 ┼┴───────┴────────┴────────────────┴",
        "     2026-02-25               2026-03-01",
    ]


def test_a_count_far_above_zero_is_drawn_from_below_its_least() -> None:
    lines = plot.area([(BEGIN, 4526), (BEGIN + DAY, 4590), (BEGIN + 2 * DAY, 4619)], 60)
    assert lines[0].startswith("4,650 ┤")
    assert lines[-2].startswith("4,500 ┼")


def test_events_are_numbered_above_their_moments() -> None:
    series = [(BEGIN, 0), (BEGIN + DAY, 100), (BEGIN + 2 * DAY, 400), (BEGIN + 4 * DAY, 400)]
    lines = plot.area(series, 40, [BEGIN + DAY, BEGIN + DAY + 60, BEGIN + 4 * DAY, BEGIN + 9 * DAY])
    assert lines[0] == "     " + " " * 8 + "1" + " " * 25 + "3", "the second would touch the first, the last is outside"
    assert lines[1:] == plot.area(series, 40)


@given(series=SERIES, width=st.integers(0, 300))
def test_lines_keep_to_the_width(series: list[tuple[int, int]], width: int) -> None:
    lines = plot.area(series, width)
    assert all(len(line) <= min(width, plot.WIDEST) for line in lines)
    assert not lines or 4 <= len(lines) <= 14


def test_characters_are_those_of_a_chinese_terminal() -> None:
    """Windows and older Linux terminals in China write GBK; it has the blocks, not the braille."""
    "\n".join(plot.area([(BEGIN + hour * 3600, hour * hour) for hour in range(100)], 80)).encode("gbk")


def test_show_draws_three_readings(campus: Campus, crawl: Callable[..., Any], newsspider: Callable[..., Any]) -> None:
    listing = campus.urls["gbk"]
    for _ in range(3):
        crawl(listing, "--revisit", "all")
        campus.advance(24)
    article = next(truth for truth in campus.readable if truth.site == "gbk")
    shown = newsspider("show", article.url, COLUMNS="60").stdout
    chart = [line for line in shown.splitlines() if line.lstrip(" 0123456789,")[:1] in ("┤", "│", "┼")]
    assert len(chart) >= 5
    assert all(len(line) <= 60 for line in chart)
