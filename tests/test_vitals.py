"""Whether a site is as it was, judged by its own past."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from newsspider import vitals
from newsspider.cli import checking
from newsspider.health import Health
from newsspider.items import Article, ArticleItem, Capture, CountsItem, ListingItem, ListingPage, ViewObservation
from newsspider.spiders import findings
from newsspider.vitals import Measure, Tally

URL = "http://news.campus.test/list.htm"
MONDAY = date(2026, 3, 2)


def page(number: int = 1, *, status: int = 200, error: str | None = None, **fields) -> ArticleItem:
    url = f"http://news.campus.test/{number}.htm"
    capture = Capture(url=url, captured_at="2026-03-02T00:00:00Z", status=status, error=error)
    whole = {"title": "一则新闻", "published": "2026-03-01", "body": f"第{number}条。" * 100, "author": "记者"} | fields
    return ArticleItem(site="a", capture=capture, article=None if error else Article(url=url, **whole))


def tally(*items, selectors: tuple[str, ...] = ()) -> Tally:
    found = Tally(selectors=frozenset(selectors))
    for item in items:
        found.add(item)
    return found


def told(
    now: Tally, *past: Tally, days=(), today=MONDAY, met=MONDAY - timedelta(days=500), known=(), duplicates=(0, 0)
):
    """What is said, by sign; ``past``: the latest first."""
    before: dict[str, list[Measure]] = {}
    for one in past:
        for measure in one.measures():
            before.setdefault(measure.name, []).append(measure)
    measures = list(now.measures(*duplicates))
    found = vitals.signs(now, measures, before, days, met, today, known)
    return {sign.measure.name: sign.message for sign in found if sign.message}


WELL = tally(*(page(number) for number in range(30)))


def test_a_site_that_is_as_it_was_says_nothing():
    assert told(WELL, WELL, WELL) == {}
    assert told(WELL) == {}, "nor does one without a past"
    assert told(tally(), WELL) == {}, "nor a crawl that found nothing new"


@pytest.mark.parametrize("field", ["published", "author"])
def test_a_field_that_fell(field):
    now = tally(*(page(number, **{field: None}) for number in range(6)))
    assert "0 of the last 6 pages" in told(now, WELL)[field]


def test_small_crawls_are_judged_together():
    one = tally(page(1, published=None))
    assert "published" not in told(one, WELL), "one page without a date is no sign"
    assert "published" in told(one, one, one, one, one, WELL)


def test_a_field_that_few_pages_have_may_be_missing():
    some = tally(*(page(number, author="记者" if number % 6 == 0 else None) for number in range(30)))
    assert told(tally(*(page(number, author=None) for number in range(6))), some) == {}


def test_texts_that_shrank_and_texts_that_are_all_alike():
    assert "usual" in told(tally(*(page(number, body=f"短{number}") for number in range(5))), WELL)["body"]
    assert told(tally(page(1, body="短")), WELL) == {}, "one short notice"
    alike = told(tally(*(page(number, body="首页 新闻 通知" * 50) for number in range(5))), WELL)
    assert [*alike] == ["alike"]


def test_a_first_crawl_is_compared_with_nothing():
    alike = tally(*(page(number, body="首页 新闻 通知" * 50) for number in range(12)))
    refused = tally(*(page(number, status=403, error="HTTP 403") for number in range(12)))
    assert told(alike, duplicates=(11, 12)) == told(refused) == {}


def test_counts_that_are_all_unknown():
    def count(number: int) -> CountsItem:
        row = ViewObservation(site="a", observed_at="2026-03-02T00:00:00Z", views=5, method="counter", url=str(number))
        return CountsItem(site="a", observations=(row,))

    counted = tally(*(page(number) for number in range(20)), *map(count, range(20)))
    assert "view count" in told(tally(*(page(number) for number in range(5))), counted)["counters"]
    assert told(tally(*(page(number) for number in range(5)), *map(count, range(5))), counted) == {}


def test_a_listing_that_answers_without_entries():
    def listing(error: str | None) -> ListingItem:
        capture = Capture(url=URL, captured_at="2026-03-02T00:00:00Z", status=200, error=error)
        return ListingItem(site="a", capture=capture, listing=URL, page=None if error else ListingPage(entries=()))

    now = tally(listing("empty: no rows of links"))
    assert URL in told(now, known=[URL])["entries"]
    assert told(now) == {}, "one that never had any is another matter"
    assert told(tally(listing(None)), known=[URL]) == {}


def test_refusals_that_rose():
    refused = tally(*(page(number, status=403, error="HTTP 403") for number in range(6)))
    assert "6 of 6 requests" in told(refused, WELL)["refusals"]
    often = tally(*(page(number, error="login: 校内" if number % 2 else None) for number in range(40)))
    assert told(tally(*(page(number, error="login: 校内" if number % 2 else None) for number in range(6))), often) == {}


def test_duplicates_that_rose():
    assert "5 of 6 new articles" in told(WELL, WELL, duplicates=(5, 6))["duplicates"]
    assert told(WELL, WELL, duplicates=(1, 6)) == {}


def test_a_selector_that_matches_nothing():
    rules = {"title": "site.selectors.title"}
    matching = tally(*(page(number, rules=rules) for number in range(5)), selectors=("title",))
    idle = tally(*(page(number) for number in range(5)), selectors=("title", "editor"))
    assert told(matching) == {}
    assert [*told(idle)] == ["selectors.title"], "editors are named on few pages"
    assert {*told(idle, idle)} == {"selectors.title", "selectors.editor"}


def test_a_probe_and_a_check_name_a_selector_that_matches_nothing():
    read = [
        findings.Sample(url="u", article=page(number, rules={"title": "site.selectors.title"}).article)
        for number in (1, 2)
    ]
    found = findings.Findings(url=URL, site="a", selectors=("title", "body"), samples=tuple(read))
    assert [line for line in findings.warnings(found) if "selectors." in line] == [
        "selectors.body of the site file matches nothing in any article that was read; correct or remove it"
    ]
    assert [*checking.idle(Health(idle=["body"]))] == [
        "selectors.body of the site file matches nothing on any page; correct or remove it"
    ]


# The rhythm of a site


def workdays(first: date, last: date, *holidays: tuple[date, date]) -> list[date]:
    span = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in span if day.weekday() < 5 and not any(start <= day <= end for start, end in holidays)]


def silent(days: list[date], today: date) -> bool:
    return "quiet" in told(WELL, WELL, days=days, today=today)


def test_weekends_are_in_the_rhythm():
    days = workdays(date(2025, 9, 1), date(2026, 2, 27))
    assert [silent(days, date(2026, 2, 27) + timedelta(days=number)) for number in (1, 3, 9)] == [False] * 3
    assert silent(days, date(2026, 2, 27) + timedelta(days=14))


def test_a_site_that_publishes_every_day_is_quiet_sooner():
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(60)]
    assert not silent(days, days[-1] + timedelta(days=3))
    assert silent(days, days[-1] + timedelta(days=5))


def test_holidays_of_the_year_before_do_not_cry_wolf():
    spring = (date(2025, 1, 25), date(2025, 2, 16))
    days = workdays(date(2024, 9, 1), date(2026, 2, 11), spring)
    without = workdays(date(2024, 9, 1), date(2026, 2, 11))
    today = date(2026, 3, 1)  # eighteen days; the feast is three weeks later than the year before
    assert (silent(days, today), silent(without, today)) == (False, True)
    assert silent(days, date(2026, 4, 1)), "it does not last for ever"


def test_a_site_that_was_quiet_when_it_was_met_is_as_it_was():
    days = workdays(date(2022, 9, 1), date(2023, 2, 27))
    found = told(WELL, WELL, days=days, today=date(2023, 6, 1), met=date(2023, 5, 1))
    assert found == {}
    assert "quiet" in told(WELL, WELL, days=days, today=date(2023, 6, 1), met=date(2023, 2, 1))


def test_too_little_is_known_of_a_young_site():
    assert vitals.allowed([MONDAY, MONDAY + timedelta(days=1)], MONDAY + timedelta(days=90)) is None


def test_many_pages_are_weighed_without_overflow():
    many = [Measure(name="published", value=40_000, of=50_000)]
    now = Measure(name="published", value=20_000, of=50_000)
    assert vitals._fell(now, many).message
