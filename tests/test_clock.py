"""What a clock that was wrong wrote: nothing of it keeps the right one from looking again."""

from datetime import UTC, datetime, timedelta

import pytest

from newsspider import schedule
from newsspider.archive import Archive, clock, frontier, polling, ranking
from newsspider.archive.writing import Writer
from newsspider.items import (
    Article,
    ArticleItem,
    Capture,
    Counter,
    CountsItem,
    Entry,
    ListingItem,
    ListingPage,
    Site,
    ViewObservation,
    instant,
)

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
AHEAD = NOW + timedelta(days=3650)
COLUMN = "https://news.example.edu.cn/xwdt.htm"
URL = "https://news.example.edu.cn/info/1001/2.htm"
SITE = Site(name="example", timezone="UTC", listings=(COLUMN,))
COUNTER = Counter(family="vsb", owner="1", key="2", url="https://news.example.edu.cn/dynclicks.jsp?clickid=2&owner=1")
ARTICLE = Article(
    url=URL, native_id="vsb:1:2", title="学校举行开学典礼", published="2026-11-20", body="正文。", counter=COUNTER
)


def run(archive: Archive, now: datetime, *, kind: str = "crawl", views: int = 7, read: bool = True) -> None:
    writer = Writer(archive, "test")
    writer.start(kind, [SITE], instant(now), {})
    capture = Capture(url=URL, captured_at=instant(now), status=200, payload=b"page")
    entries = ListingPage(entries=(Entry(url=URL, title=ARTICLE.title),))
    column = Capture(url=COLUMN, captured_at=instant(now), status=200)
    article = ARTICLE if read else None
    count = ViewObservation(site="example", observed_at=instant(now), views=views, method="counter", url=URL)
    writer.write(
        [
            ListingItem(site="example", capture=column, listing=COLUMN, page=entries, last=True),
            ArticleItem(site="example", capture=capture, article=article, listing=COLUMN),
            CountsItem(site="example", observations=(count,) if read else ()),
        ]
    )
    writer.finish(instant(now), "finished", 3, 100)


@pytest.fixture
def archive(tmp_path):
    with Archive(tmp_path / "archive.db", write=True) as held:
        yield held


def due_pages(archive: Archive, now: datetime) -> list[str]:
    return [known.url for known in frontier.standing(archive.conn, [COLUMN], now) if known.due(now)]


def due_counts(archive: Archive, now: datetime) -> list[schedule.Waiting]:
    return polling.due(archive.conn, int(now.timestamp()))


@pytest.mark.parametrize("read", [True, False], ids=["read", "tried in vain"])
def test_a_page_looked_at_ahead_of_now_is_due(archive, read):
    run(archive, AHEAD, read=read)
    assert due_pages(archive, NOW) == [URL]


def test_a_page_is_looked_at_once_and_then_when_it_is_due(archive):
    run(archive, AHEAD)
    run(archive, NOW)
    assert due_pages(archive, NOW + timedelta(hours=1)) == []
    assert due_pages(archive, NOW + timedelta(days=4)) == [URL]


def test_a_count_read_ahead_of_now_is_due_and_then_planned_anew(archive):
    run(archive, AHEAD)
    assert due_counts(archive, NOW)
    run(archive, NOW, kind="poll")
    assert not due_counts(archive, NOW + timedelta(minutes=10))
    assert due_counts(archive, NOW + timedelta(days=40))
    assert archive.conn.execute("SELECT count(*) FROM view_observation").fetchone()[0] == 2


def test_urgency_of_a_count_asked_ahead_of_now_is_that_of_one_never_asked():
    now = int(NOW.timestamp())
    ahead = schedule.Waiting(1, "host", "group", 50, now + 9_999_999, now + 99_999_999)
    assert ahead.urgency(now) == schedule.UNREAD


def test_a_late_count_of_a_right_clock_changes_no_plan(archive):
    run(archive, NOW)
    plan = [tuple(row) for row in archive.conn.execute("SELECT asked_at, due_at FROM counting")]
    run(archive, NOW - timedelta(days=300), kind="ingest", views=1)
    assert [tuple(row) for row in archive.conn.execute("SELECT asked_at, due_at FROM counting")] == plan


def test_a_listing_walked_ahead_of_now_is_walked_again(archive):
    run(archive, NOW)
    assert not frontier.unfinished(archive.conn, COLUMN, NOW)
    run(archive, AHEAD)
    assert frontier.unfinished(archive.conn, COLUMN, NOW)
    run(archive, NOW)
    assert not frontier.unfinished(archive.conn, COLUMN, NOW)


def test_a_calibration_and_a_reading_ahead_of_now_decide_nothing(archive):
    run(archive, NOW, views=7)
    for at, by_counter in ((NOW, 0), (NOW.replace(year=9999), 1)):
        archive.conn.execute(
            "INSERT INTO calibration VALUES ('example', 'vsb', ?, 1, '[]', ?, 0)", (instant(at), by_counter)
        )
    assert archive.rows("SELECT by_counter, net FROM net_views")[0]["net"] == 7
    before = ranking.last_reading(archive.conn)
    archive.conn.execute(
        "INSERT INTO article (site, url, views, observed_at, first_seen_at) VALUES ('example','x',9,'9999-01-01T00:00:00Z','')"
    )
    assert ranking.last_reading(archive.conn) == before


def test_the_run_is_named_and_its_rows_are_counted(archive):
    run(archive, NOW - timedelta(days=1))
    run(archive, AHEAD)
    told = clock.runs(archive.conn, NOW)
    assert len(told) == 1
    assert told[0].startswith("run 2 (crawl of example, begun 2036-")
    rows = clock.rows(archive.conn, NOW)
    assert [line for line in rows if line.startswith("run 2: 2 capture(s)")]
    assert [line for line in rows if line.startswith("run 2: 1 count(s)")]
    assert not [line for line in rows if line.startswith("run 1")]
    assert clock.runs(archive.conn, AHEAD) == clock.rows(archive.conn, AHEAD) == []
