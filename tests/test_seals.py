"""Whatever is changed in the file without newsspider, `verify` finds: every column of every table, and every text of the schema."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from looks import Look, record
from test_migrations import STEPS, earlier

from newsspider.archive import Archive, Damaged, derived, fixity, schema, seals

URL = "http://campus.test/info/1001/1.htm"
DUE = (
    "search_due",
    "count_due",
    "alike_due",
    "count_age_due",
)  # a row in them says that something is still to be made: it is no damage
TABLES = sorted(name for name, (kind, *_) in schema.expected().items() if kind == "table")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a row in every table that has a sum."""
    path = tmp_path_factory.mktemp("whole") / "archive.db"
    earlier(path, STEPS[-1])
    with Archive(path, write=True) as archive:
        assert list(fixity.verify(archive)) == []
    return path


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(whole, tmp_path / "archive.db"))


def found(path: Path) -> list[str]:
    try:
        with Archive(path) as archive:
            return [f"{damage.what} {damage.found}" for damage in fixity.verify(archive)]
    except Damaged as error:
        return [str(error)]


def edit(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            conn.execute(statement)


def test_every_table_has_a_sum_or_is_made_from_others(path: Path) -> None:
    with Archive(path) as archive:
        assert set(seals.held(archive.conn, "rows")) == set(seals.tables(archive.conn, schema.expected()))
        covered = {*seals.held(archive.conn, "rows"), "view_observation", "reread", "seal"}
    assert {name for name in TABLES if not derived.holds(name)} == covered


def _cells(path: Path, table: str) -> Iterator[tuple[str, str]]:
    """(column, SQL that changes one value of it)"""
    with closing(sqlite3.connect(path)) as conn:
        for _, column, kind, *_ in conn.execute(f"PRAGMA table_info({table})").fetchall():
            text = "coalesce({0}, '') || 'x'" if kind == "TEXT" else "coalesce({0}, 0) + 1000"
            changed = "x'00'" if kind == "BLOB" else text.format(column)
            least = f"SELECT min(coalesce({column}, '')) FROM {table}"
            yield column, f"UPDATE {table} SET {column} = {changed} WHERE coalesce({column}, '') = ({least})"


@pytest.mark.parametrize(
    "table", [name for name in TABLES if not name.startswith("snapshot_search") and name not in DUE]
)
def test_a_change_of_any_column_shows(whole: Path, path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as conn:
        held = conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    if not held:  # events and freezes: none follows from the rows here
        names = {row[1] for row in sqlite3.connect(path).execute(f"PRAGMA table_info({table})")}
        assert derived.holds(table)
        edit(path, f"INSERT INTO {table} VALUES ({','.join(['7'] * len(names))})")
        assert found(path)
        return
    for column, sql in _cells(path, table):
        shutil.copy(whole, path)
        edit(path, sql)
        assert found(path), f"{table}.{column}"
    shutil.copy(whole, path)
    edit(path, f"DELETE FROM {table}")
    assert found(path)


def test_what_differs_in_the_schema_is_said(path: Path) -> None:
    edit(path, "UPDATE sqlite_master SET sql = replace(sql, '-- a news site', '-- a news bite') WHERE name = 'site'")
    [said] = found(path)
    assert said.startswith("schema of site is not what newsspider writes: 'bite")
    assert "in place of 'site" in said


@pytest.mark.parametrize("name", ["capture_url", "count_read", "article_site", "gone"])
def test_what_is_missing_in_the_schema_is_said(path: Path, name: str) -> None:
    edit(path, f"DELETE FROM sqlite_master WHERE name = '{name}'")
    assert f"schema of {name} is not there" in found(path)


def test_a_view_that_was_damaged_is_no_old_one(path: Path) -> None:
    """It is said, not mended in silence; `newsspider rebuild` makes it anew."""
    edit(
        path,
        "UPDATE sqlite_master SET sql = replace(sql, 'that were withdrawn', 'that wera withdrawn') WHERE name = 'gone'",
    )
    for write in (True, False):
        with Archive(path, write=write):
            pass
        assert [line for line in found(path) if line.startswith("schema of gone")]
    with Archive(path, write=True) as archive:
        schema.renew_views(archive.conn)
    assert found(path) == []


def test_a_view_of_an_earlier_version_is_replaced(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("DROP VIEW gone")
        conn.execute("CREATE VIEW gone AS SELECT 1 AS earlier")
        seals.fill_texts(conn, schema.expected())
    assert found(path) == []
    with Archive(path) as archive:
        assert archive.rows("SELECT article_id FROM gone") is not None


def test_somebodys_own_table_and_view_are_no_damage(path: Path) -> None:
    edit(
        path,
        "CREATE TABLE note (text TEXT)",
        "INSERT INTO note VALUES ('a')",
        "CREATE VIEW noted AS SELECT * FROM note",
    )
    assert found(path) == []


def test_no_migration_makes_damage_look_right(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    earlier(path, STEPS[-2])
    edit(path, "UPDATE article SET counter = 'http://campus.test/other'")
    with Archive(path, write=True):
        pass
    assert any(line.startswith("table article has rows") for line in found(path))


def test_a_list_of_steps_that_was_damaged_is_no_newer_version(path: Path) -> None:
    edit(path, "UPDATE _sqlite_migrations SET name = 'm013_searcg' WHERE name = 'm013_search'")
    with pytest.raises(Damaged, match="steps"):
        Archive(path)
    edit(path, "UPDATE _sqlite_migrations SET name = 'm013_search' WHERE name = 'm013_searcg'")
    edit(path, "DELETE FROM _sqlite_migrations WHERE name = 'm008_stuck'")
    with pytest.raises(Damaged, match="steps"):
        Archive(path)


def test_a_mark_that_was_damaged_is_damage(path: Path) -> None:
    edit(path, "PRAGMA application_id = 5")
    with pytest.raises(Damaged, match="mark"):
        Archive(path)


def test_two_writers_and_one_that_is_killed_leave_the_sums_right(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive(path, write=True) as one, Archive(path, write=True) as other:
        crawl = record(one, [Look(1, URL, "甲")], finish=False)
        poll = record(other, [Look(2, URL, "乙")], kind="poll", finish=False)
        crawl.write([Look(3, URL, "丙").item()])
        poll.write([Look(4, URL, "failed").item()])
        with pytest.raises(sqlite3.IntegrityError), one.transaction() as conn:
            conn.executemany("UPDATE article SET title = ?, site = ?", [("taken back", "campus"), ("taken back", None)])
    assert found(path) == []


@pytest.mark.parametrize("kind", ["rows", "text"])
def test_a_sum_that_is_gone_shows(path: Path, kind: str) -> None:
    edit(path, f"UPDATE seal SET name = 'artikle' WHERE (kind, name) = ('{kind}', 'article')")
    assert any("article has no sum any more" in line for line in found(path))


@pytest.mark.parametrize(
    ("text", "damaged"),
    [
        (b"-- every change of an article after", b"-- ever\xff change of an article after"),
        (b"CREATE TABLE site (", b"CREATE TABLE site \xff"),  # SQLite's own message is no UTF-8
    ],
)
def test_a_text_of_the_schema_that_is_no_utf_8_is_damage(path: Path, text: bytes, damaged: bytes) -> None:
    path.write_bytes(path.read_bytes().replace(text, damaged))
    assert any("is damaged" in line for line in found(path))
