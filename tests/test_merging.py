from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looks import LOOKS, Look, examples, fresh, record, state

from newsspider.archive import Archive, ArchiveError, Damaged, fixity, merging, payloads

URL = "http://campus.test/info/1001/1.htm"
COPY = "http://campus.test/info/1002/1.htm"


@pytest.mark.slow
@settings(max_examples=examples(12), deadline=None)
@given(data=st.data(), looks=LOOKS)
def test_archives_merged_in_any_order_are_one_archive(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, looks: list[Look]
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    places = data.draw(st.lists(st.integers(0, 2), min_size=len(looks), max_size=len(looks)))
    with fresh(folder / "one.db") as one:
        record(one, sorted(looks))
        expected = state(one)
    parts = [folder / f"{number}.db" for number in range(3)]
    for number, part in enumerate(parts):
        with fresh(part) as archive:
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
        with fresh(path) as archive:
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


def changed(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as conn:
        for statement in statements:
            conn.execute(statement)
    conn.close()


ENDLESS = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n, n, n, n, n, n, n FROM r"
FOREIGN = {
    "a view without an end": ["ALTER TABLE site RENAME TO site_", f"CREATE VIEW site AS {ENDLESS}"],
    "a trigger": ["CREATE TRIGGER t AFTER INSERT ON site BEGIN DELETE FROM article; END"],
    "a trigger of ours, changed": [
        "DROP TRIGGER count_removed",
        "CREATE TRIGGER count_removed AFTER DELETE ON view_observation BEGIN DELETE FROM article; END",
    ],
    "a virtual table": ["CREATE VIRTUAL TABLE t USING fts5(a)"],
    "a table less": ["DROP TABLE listing"],
    "a column more": ["ALTER TABLE site ADD COLUMN extra TEXT"],
    "a generated column more": ["ALTER TABLE site ADD COLUMN g TEXT GENERATED ALWAYS AS (name) VIRTUAL"],
    "a column less": ["ALTER TABLE listing DROP COLUMN walked_at"],
    "a migration less": ["DELETE FROM _sqlite_migrations WHERE name LIKE '%files%'"],
    "a zone that is none": ["UPDATE site SET timezone = '../etc'"],
    "pages that are patches of themselves": ["UPDATE payload SET base = digest"],
    "a page that says it is 6 GB": ["UPDATE payload SET size = 6291456000"],
}


@pytest.mark.parametrize("statements", FOREIGN.values(), ids=FOREIGN)
def test_what_is_no_archive_of_ours_is_refused_and_left_alone(pair: tuple[Path, Path], statements: list[str]) -> None:
    here, there = pair
    changed(there, *statements)
    before, files = there.read_bytes(), sorted(there.parent.iterdir())
    with Archive(here, write=True) as archive:
        held = state(archive)
        with pytest.raises(ArchiveError, match=r"there\.db"):
            merging.merge(archive, there)
        assert state(archive) == held
        assert list(fixity.verify(archive)) == []
    assert (there.read_bytes(), sorted(there.parent.iterdir())) == (before, files)


def test_one_of_an_earlier_version_is_read_from_a_copy(pair: tuple[Path, Path]) -> None:
    here, there = pair
    changed(
        there, "DROP VIEW late_edit", "DELETE FROM seal WHERE name = 'late_edit'"
    )  # a version that had no such view
    (here.parent / f".{here.name}.merge-killed").mkdir()
    before = there.read_bytes()
    with Archive(here, write=True) as archive:
        assert merging.merge(archive, there)["capture"] == 2
    assert there.read_bytes() == before
    assert sorted(path.name for path in there.parent.iterdir()) == ["here.db", "there.db"]


def test_what_is_in_a_journal_only_is_merged_too(pair: tuple[Path, Path]) -> None:
    """A run that was killed leaves its last rows beside the file; the merge takes them, and leaves them there."""
    here, there = pair
    with Archive(there, write=True) as archive:
        archive.conn.execute("PRAGMA wal_autocheckpoint = 0")
        record(archive, [Look(7, COPY, "丙")])
        copies = {path: path.read_bytes() for path in there.parent.glob("there.db*") if not path.name.endswith("-shm")}
    for path, content in copies.items():
        path.write_bytes(content)
    assert copies[there.with_name("there.db-wal")]
    with Archive(here, write=True) as archive:
        assert merging.merge(archive, there)["capture"] == 3
    assert {path: path.read_bytes() for path in there.parent.glob("there.db*")} == copies


def test_a_bomb_is_not_unpacked_beyond_its_size() -> None:
    packed = payloads.zstd.compress(bytes(1 << 20))
    assert payloads.unpacked(packed, 1 << 20) == bytes(1 << 20)
    for body in (packed, packed * 3, packed[:-1]):
        with pytest.raises(payloads.Unreadable):
            payloads.unpacked(body, 1000 if body is packed else 1 << 20)
