from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looks import LOOKS, Look, record, state

from newsspider.archive import Archive, ArchiveError, Damaged, fixity, merging

URL = "http://campus.test/info/1001/1.htm"
COPY = "http://campus.test/info/1002/1.htm"


@settings(max_examples=40, deadline=None)
@given(data=st.data(), looks=LOOKS)
def test_archives_merged_in_any_order_are_one_archive(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, looks: list[Look]
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    places = data.draw(st.lists(st.integers(0, 2), min_size=len(looks), max_size=len(looks)))
    with Archive(folder / "one.db", write=True) as one:
        record(one, sorted(looks))
        expected = state(one)
    parts = [folder / f"{number}.db" for number in range(3)]
    for number, part in enumerate(parts):
        with Archive(part, write=True) as archive:
            mine = [look for look, place in zip(looks, places, strict=True) if place == number]
            record(archive, data.draw(st.permutations(mine)))
    first, second, third = data.draw(st.permutations(parts))
    with Archive(first, write=True) as archive:
        merging.merge(archive, second)
        merging.merge(archive, third)
        assert state(archive) == expected
        assert merging.merge(archive, second) == {}
        assert state(archive) == expected
        assert list(fixity.verify(archive)) == []


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    paths = (tmp_path / "here.db", tmp_path / "there.db")
    for path, looks in zip(
        paths, ([Look(1, URL, "甲"), Look(9, URL, "甲")], [Look(5, COPY, "乙"), Look(6, COPY, "gone")]), strict=True
    ):
        with Archive(path, write=True) as archive:
            record(archive, looks)
    return paths


def test_what_was_added(pair: tuple[Path, Path]) -> None:
    with Archive(pair[0], write=True) as archive:
        added = merging.merge(archive, pair[1])
    assert added == {"snapshot": 2, "capture": 2, "view_observation": 1, "payload": 1, "crawl": 1}


def test_both_ways_end_alike(pair: tuple[Path, Path]) -> None:
    states = []
    for here, there in (pair, pair[::-1]):
        with Archive(here, write=True) as archive:
            merging.merge(archive, there)
            states.append(state(archive))
    assert states[0] == states[1]


def test_a_run_that_went_on_after_it_was_merged(pair: tuple[Path, Path]) -> None:
    with Archive(pair[0], write=True) as here, Archive(pair[1], write=True) as there:
        writer = record(there, [Look(10, COPY, "丙")], finish=False)
        merging.merge(here, pair[1])
        writer.write([Look(11, COPY, "丁").item()])
        writer.finish("2026-03-02T01:00:00Z", "finished", 1, 1)
        assert merging.merge(here, pair[1])["capture"] == 1
        assert list(fixity.verify(here)) == []
        assert len(here.rows("SELECT * FROM chain WHERE reason = 'merged'")) == 2


def test_a_damaged_archive_is_not_taken(pair: tuple[Path, Path]) -> None:
    with Archive(pair[1], write=True) as there, there.transaction() as conn:
        conn.execute("UPDATE snapshot SET body = ''")
    with Archive(pair[0], write=True) as here:
        before = state(here)
        with pytest.raises(Damaged, match=r"there\.db is damaged"):
            merging.merge(here, pair[1])
        assert state(here) == before


def test_not_with_itself(pair: tuple[Path, Path]) -> None:
    with Archive(pair[0], write=True) as here, pytest.raises(ArchiveError, match="itself"):
        merging.merge(here, pair[0])
