from __future__ import annotations

import json
import re
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest
from click.testing import CliRunner, Result
from looks import Look, record

from newsspider.archive import Archive, ArchiveError, Damaged, backups, fixity, reading
from newsspider.archive.store import Store
from newsspider.cli import newsspider

URL = "http://campus.test/info/1001/1.htm"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    looks = [Look(1, URL, "甲"), Look(2, URL, "甲"), Look(30, URL, "乙"), Look(40, URL, "gone"), Look(50, URL, "甲")]
    with Archive(path, write=True) as archive:
        record(archive, looks)
    return path


def run(path: Path, *arguments: object) -> Result:
    verb, *rest = map(str, arguments)
    return CliRunner().invoke(newsspider, [verb, "--archive", str(path), *rest], standalone_mode=False)


def test_verify_names_the_damage(path: Path) -> None:
    whole = run(path, "verify")
    assert whole.return_value == 0
    assert whole.stdout.startswith("sha256:")
    conn = sqlite3.connect(path)
    conn.execute("UPDATE snapshot SET body = '改' WHERE id = 1")
    conn.commit()
    conn.close()
    broken = run(path, "verify", "--json")
    assert broken.return_value == 5
    damage = json.loads(broken.stdout)["damage"]
    assert damage == [{"what": "snapshot 1", "found": "its text is not what its content digest says"}]


def test_a_head_noted_earlier_shows_a_rewritten_chain(path: Path) -> None:
    with Archive(path) as archive:
        head = fixity.head(archive)
    with Archive(path, write=True) as archive:
        record(archive, [Look(60, URL, "丙")])
    assert run(path, "verify", "--head", head).return_value == 0
    assert run(path, "verify", "--head", "sha256:0").return_value == 5


def test_a_backup_while_a_crawl_writes(path: Path, tmp_path: Path) -> None:
    going = threading.Event()
    done = threading.Event()

    def crawl() -> None:
        with Archive(path, write=True) as archive:
            minute = 100
            while not done.is_set():
                record(archive, [Look(minute, URL, "甲")])
                going.set()
                minute += 1

    writer = threading.Thread(target=crawl)
    writer.start()
    going.wait(10)
    try:
        copies = [backups.backup(path, tmp_path / str(number), NOW) for number in range(3)]
    finally:
        done.set()
        writer.join()
    for copy in copies:
        with Archive(copy) as archive:
            assert list(fixity.verify(archive)) == []
            assert len(archive.rows("SELECT * FROM capture")) > 5
    assert [copy.name for copy in copies] == ["archive-20260302T000000Z.db"] * 3
    assert list((tmp_path / "0").iterdir()) == [copies[0]]


def test_a_backup_in_an_object_store(path: Path, tmp_path: Path) -> None:
    for _ in range(2):
        done = run(path, "backup", "memory://kept/news")
        assert done.return_value == 0
        address = done.stderr.split()[0]
        assert re.fullmatch(r"memory:///kept/news/archive-\d{8}T\d{6}Z\.db", address)
        assert done.stderr.rstrip().endswith("MB), verified")
        copy = tmp_path / "copy.db"
        with fsspec.open(address, "rb") as held:
            copy.write_bytes(held.read())
        with Archive(copy) as archive:
            assert list(fixity.verify(archive)) == []
    assert sorted(one.name for one in path.parent.iterdir()) == ["archive.db", "copy.db"]
    assert "no address that fsspec knows" in str(run(path, "backup", "nowhere://kept").exception)


def test_what_arrives_otherwise_is_no_backup(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store("memory://short")
    monkeypatch.setattr(store.fs, "put_file", lambda source, to: store.fs.pipe_file(to, Path(source).read_bytes()[:-1]))
    with pytest.raises(Damaged, match="is not the one that was sent"):
        backups.send(path, store, NOW)
    assert store.fs.ls("/short") == []
    assert [one.name for one in path.parent.iterdir()] == ["archive.db"]


def test_what_a_store_refuses_is_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise FileNotFoundError("The specified bucket does not exist")

    store = Store("memory://refused")
    monkeypatch.setattr(store.fs, "put_file", refused)
    with pytest.raises(ArchiveError, match=r"memory://refused cannot be written .*The specified bucket does not exist"):
        backups.send(path, store, NOW)


def test_no_backup_of_a_damaged_archive(path: Path, tmp_path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.execute("UPDATE view_observation SET views = 0")
    conn.commit()
    conn.close()
    with pytest.raises(Damaged, match="no backup was made"):
        backups.backup(path, tmp_path / "backups", NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def test_merging_from_the_command_line(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with Archive(other, write=True) as archive:
        record(archive, [Look(5, URL, "乙")])
    first = run(path, "merge", other)
    assert first.return_value == 0
    assert "1 capture" in first.stderr
    assert "nothing new" in run(path, "merge", other).stderr
    assert run(path, "verify").return_value == 0


def test_compacting_from_the_command_line(path: Path) -> None:
    assert run(path, "compact").return_value == 0
    assert run(path, "verify").return_value == 0


def test_the_history_of_an_article(path: Path) -> None:
    shown = run(path, "history", URL).stdout.splitlines()
    assert shown[0] == "标题甲"
    assert [re.split("looks?  ", line)[-1].strip() for line in shown[1:]] == [
        "first version held",
        "title, body",
        "missing since 2026-03-01T00:40:00Z, back by 2026-03-01T00:50:00Z  gone",
        "title, body",
    ]
    events = json.loads(run(path, "history", URL, "--json").stdout)["history"]
    assert [event.get("looks") for event in events] == [2, 1, None, 1]


def test_the_difference_of_two_versions(path: Path) -> None:
    assert "标题[-甲-]{+乙+}" in run(path, "diff", URL, 1, 2).stdout
    assert "标题[-乙-]{+甲+}" in run(path, "diff", URL).stdout
    found = json.loads(run(path, "diff", URL, 1, 3, "--json").stdout)
    assert found["changes"] == {}
    assert "has 3 versions" in str(run(path, "diff", URL, 3, 4).exception)


@pytest.mark.parametrize(
    ("moment", "title", "gone"),
    [
        ("2026-03-01T08:29", "标题甲", False),  # the site's zone is eight hours ahead
        ("2026-03-01T08:30", "标题乙", False),
        ("2026-03-01T00:45:00Z", "标题乙", True),
        ("2026-03-01", "标题甲", False),
    ],
)
def test_what_it_said_then(path: Path, moment: str, title: str, gone: bool) -> None:
    shown = json.loads(run(path, "show", URL, "--at", moment, "--json").stdout)
    assert (shown["title"], shown["gone_since"] is not None) == (title, gone)


def test_before_anything_was_held(path: Path) -> None:
    answer = run(path, "show", URL, "--at", "2026-02-01")
    assert "was not held yet" in str(answer.exception)
    with Archive(path) as archive:
        assert reading.timezone(archive, "campus") == "Asia/Shanghai"


def test_an_article_without_a_count_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    item = Look(1, URL, "甲").item()
    assert item.article
    with Archive(path, write=True) as archive:
        record(archive, []).write([replace(item, article=replace(item.article, views=None))])
    shown = run(path, "show", 1)
    assert "标题甲" in shown.stdout
    assert "views" not in shown.stdout
