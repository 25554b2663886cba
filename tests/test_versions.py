from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looks import LOOKS, Look, examples, fresh, record, state

from newsspider.archive import Archive, versions

URL = "http://campus.test/info/1001/1.htm"
COPY = "http://campus.test/info/1002/1.htm"


@settings(max_examples=examples(20), deadline=None)
@given(data=st.data(), looks=LOOKS)
def test_any_order_gives_what_the_order_of_time_gives(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, looks: list[Look]
) -> None:
    folder = tmp_path_factory.mktemp("order")
    shuffled = data.draw(st.permutations(looks))
    with fresh(folder / "sorted.db") as one, fresh(folder / "any.db") as other:
        record(one, sorted(looks))
        record(other, shuffled)
        assert state(other) == state(one)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return fresh(tmp_path / "archive.db")


def spans(archive: Archive) -> list[tuple[str, ...]]:
    sql = "SELECT title, substr(captured_at, 15, 2), substr(last_seen_at, 15, 2) FROM snapshot ORDER BY captured_at"
    return [tuple(row) for row in archive.rows(sql)]


def test_back_to_an_earlier_text_is_two_changes(archive: Archive) -> None:
    record(archive, [Look(1, URL, "甲"), Look(2, URL, "乙"), Look(3, URL, "甲"), Look(4, URL, "甲")])
    assert spans(archive) == [("标题甲", "01", "01"), ("标题乙", "02", "02"), ("标题甲", "03", "04")]


def test_a_late_capture_splits_the_version_it_falls_into(archive: Archive) -> None:
    record(archive, [Look(1, URL, "甲"), Look(9, URL, "甲")])
    record(archive, [Look(5, URL, "乙")], kind="ingest")
    assert spans(archive) == [("标题甲", "01", "01"), ("标题乙", "05", "05"), ("标题甲", "09", "09")]


def test_an_older_capture_becomes_the_first_address(archive: Archive) -> None:
    record(archive, [Look(5, URL, "甲")])
    record(archive, [Look(1, COPY, "甲")], kind="ingest")
    [row] = archive.rows("SELECT url, first_seen_at FROM article")
    assert tuple(row) == (COPY, Look(1, COPY, "甲").at)


def test_withdrawn_and_back(archive: Archive) -> None:
    record(archive, [Look(1, URL, "甲"), Look(3, URL, "gone"), Look(4, URL, "gone")])
    assert archive.rows("SELECT gone_since FROM article")[0][0] == Look(3, URL, "").at
    record(archive, [Look(5, URL, "甲")])
    assert archive.rows("SELECT gone_since FROM article")[0][0] is None
    assert len(archive.rows("SELECT * FROM snapshot")) == 1


def test_a_late_reading_does_not_bring_back_what_was_withdrawn_after_it(archive: Archive) -> None:
    record(archive, [Look(1, URL, "甲"), Look(5, URL, "gone"), Look(3, URL, "乙")])
    [row] = archive.rows("SELECT title, gone_since, checked_at FROM article")
    assert tuple(row) == ("标题乙", Look(5, URL, "").at, Look(5, URL, "").at)


def test_settling_again_changes_nothing(archive: Archive) -> None:
    record(archive, [Look(1, URL, "甲"), Look(5, COPY, "乙"), Look(7, URL, "gone"), Look(9, URL, "甲")])
    before = state(archive)
    with archive.transaction() as conn:
        versions.settle(conn, 1)
    assert state(archive) == before


def asked(archive: Archive, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in archive.rows(sql)]


def test_the_views_tell_edits_apart(archive: Archive) -> None:
    record(archive, [Look(1, URL, "甲"), Look(2, URL, "乙"), Look(1500, URL, "甲")])
    assert asked(archive, "SELECT version, field, before, after FROM edit WHERE field = 'title' ORDER BY version") == [
        (2, "title", "标题甲", "标题乙"),
        (3, "title", "标题乙", "标题甲"),
    ]
    assert asked(archive, "SELECT DISTINCT field FROM edit ORDER BY field") == [("body",), ("title",)]
    assert asked(archive, "SELECT version, reverted_by FROM reverted") == [(3, Look(1500, URL, "").at)]


def test_an_edit_long_after_publication(archive: Archive) -> None:
    record(archive, [Look(1, URL, "甲"), Look(2 * 1440, URL, "甲"), Look(3 * 1440, URL, "乙")])
    assert asked(archive, "SELECT version, days_after_publication FROM late_edit") == [(2, 2)]


def test_the_view_of_withdrawals(archive: Archive) -> None:
    record(archive, [Look(1, URL, "甲"), Look(3, URL, "gone"), Look(4, URL, "gone"), Look(5, URL, "甲")])
    record(archive, [Look(6, URL, "failed"), Look(7, URL, "gone")])
    times = [Look(minute, URL, "").at for minute in (1, 3, 5, 7)]
    assert asked(archive, "SELECT last_seen_at, missing_at, reappeared_at FROM withdrawal ORDER BY missing_at") == [
        (times[0], times[1], times[2]),
        (times[2], times[3], None),
    ]
