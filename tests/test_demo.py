"""The demo: fourteen virtual days on the campus, in which everything happens that an archive is for."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import socket
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import forked
import pytest
from conftest import command

from newsspider.cli import demo as demo_verb
from newsspider.demo import Campus
from newsspider.demo.fortnight import DAYS, Fortnight

Rows = Callable[..., list[Any]]


@pytest.fixture
def rows(demo: Path) -> Rows:
    def ask(sql: str, *parameters: object) -> list[Any]:
        with sqlite3.connect(demo / "archive.db") as conn:
            found = conn.execute(sql, parameters).fetchall()
        conn.close()
        return found

    return ask


def told(demo: Path, what: str) -> tuple[str, list[str]]:
    """The title that the demo names, and the command that it says to look with."""
    found = re.search(rf"^  {what} +(.+)\n +(\S+) (.+)$", (demo / "said").read_text(encoding="utf-8"), re.M)
    assert found, what
    return found[1], shlex.split(found[3])


def test_almost_every_article_has_a_series(rows: Rows) -> None:
    ((articles, followed),) = rows(
        """SELECT count(*), sum(readings >= 3) FROM (
           SELECT (SELECT count(*) FROM view_observation o WHERE o.article_id = a.id) AS readings
           FROM article a JOIN snapshot s ON s.article_id = a.id GROUP BY a.id)"""
    )
    assert articles > 75
    assert followed > 0.9 * articles
    assert rows("SELECT count(DISTINCT substr(started_at, 1, 10)) FROM crawl") == [(DAYS,)]


def test_where_its_port_is_taken_the_demo_takes_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo_verb._free(port) == 0
    assert demo_verb._free(port) == port


def test_one_goes_viral(demo: Path, rows: Rows) -> None:
    title, (verb, ident) = told(demo, "went viral")
    assert verb == "show"
    assert rows("SELECT title FROM article ORDER BY views DESC LIMIT 1") == [(title,)]
    (most, next_most) = rows("SELECT views, id FROM article ORDER BY views DESC LIMIT 2")
    assert most[0] > 5 * next_most[0]
    assert most[1] == int(ident)


def test_one_is_edited_without_a_word(demo: Path) -> None:
    _, words = told(demo, "edited without a word")
    ran = command(demo)(*words, "--json")
    changes = json.loads(ran.stdout)["changes"]
    assert [*changes] == ["body"]  # neither the title nor the printed date says so
    assert {piece["kind"] for piece in changes["body"]} == {"same", "gone", "new"}


def test_one_is_withdrawn_and_comes_back(demo: Path, rows: Rows) -> None:
    _, words = told(demo, "withdrawn, and came back")
    events = json.loads(command(demo)(*words, "--json").stdout)["history"]
    (missing,) = [event for event in events if "missing_at" in event]
    assert missing["missing_at"] < missing["reappeared_at"]
    assert rows("SELECT gone_since FROM article WHERE id = ?", words[1]) == [(None,)]


def test_one_counter_is_reset(demo: Path, rows: Rows) -> None:
    _, (_, ident) = told(demo, "its counter was reset")
    sql = "SELECT views FROM view_observation WHERE article_id = ? ORDER BY observed_at"
    series = [views for (views,) in rows(sql, ident)]
    assert sum(after < before for before, after in itertools.pairwise(series)) == 1


def test_one_is_reprinted_and_one_stands_there_twice(demo: Path, rows: Rows) -> None:
    _, (verb, copy) = told(demo, "reprinted by another site")
    assert verb == "related"
    assert ("yunlu-news", "yunlu-computing", 1) in rows(
        f"SELECT first_site, site, likeness > 0.95 FROM repost WHERE article_id = {copy}"
    )
    _, (_, again) = told(demo, "one story under two ids")
    [(articles, views)] = rows(f"SELECT articles, views FROM story WHERE article_ids LIKE '%,{again}]'")
    assert articles == 2
    assert [(views,)] == rows(
        "SELECT sum(a.views) FROM story s JOIN json_each(s.article_ids) j JOIN article a ON a.id = j.value"
        f" WHERE s.article_ids LIKE '%,{again}]'"
    )


def test_a_file_says_what_no_page_says(demo: Path) -> None:
    title, (verb, *words) = told(demo, "said by a file alone")
    assert verb == "search"
    assert title in command(demo)(verb, *words).stdout
    assert title not in command(demo)(verb, words[-1]).stdout


def test_a_page_as_it_was_stored(demo: Path) -> None:
    _, (verb, ident) = told(demo, "as it was stored")
    assert command(demo)(verb, ident, "--out", "stored.html").returncode == 0
    assert "云麓大学" in (demo / "stored.html").read_text(encoding="utf-8")


def test_one_site_goes_quiet_and_no_other_alarm_rings(demo: Path, rows: Rows) -> None:
    title, words = told(demo, "went quiet")
    assert "nothing new since 2023-04-24" in title
    assert words == ["status"]
    assert "nothing new since" in command(demo)("status").stdout
    assert command(demo)("report", "--out", "report").returncode == 0
    states = re.findall(
        r'<article class="site (\w+)" data-site="([\w-]+)"', (demo / "report" / "index.html").read_text()
    )
    assert {name: state for state, name in states if state != "ok"} == {"yunlu-logistics": "changed"}
    assert {*rows("SELECT site, sign FROM health WHERE message IS NOT NULL")} == {("yunlu-logistics", "quiet")}


def test_alerts_would_tell_of_all_of_it(demo: Path) -> None:
    ran = command(demo)("alerts", "--dry-run", "--json")
    assert Counter(one["event"] for one in json.loads(ran.stdout)) == dict.fromkeys(
        ("edited", "withdrawn", "back", "reset", "spike", "quiet"), 1
    )
    assert told(demo, "what alerts would tell")[1] == ["alerts", "--dry-run"]


def test_the_silent_edit_is_listed(demo: Path) -> None:
    _, (_, ident) = told(demo, "edited without a word")
    _, words = told(demo, "silent edits")
    [found] = json.loads(command(demo)(*words, "--json").stdout)
    assert (found["article_id"], found["silent"]) == (int(ident), True)
    assert found["numbers"]


def test_the_archive_is_whole(demo: Path) -> None:
    assert command(demo)("verify").returncode == 0


def test_it_does_not_touch_other_archives(demo: Path, tmp_path: Path) -> None:
    with sqlite3.connect(demo / "archive.db") as conn:
        copy = sqlite3.connect(tmp_path / "archive.db")
        conn.backup(copy)
    conn.close()
    copy.execute("INSERT INTO site (name, timezone) VALUES ('xjtu-news', 'Asia/Shanghai')")
    copy.commit()
    copy.close()
    before = (tmp_path / "archive.db").read_bytes()
    ran = command(tmp_path)("demo")
    assert (ran.returncode, "holds other sites" in ran.stderr) == (2, True)
    assert (tmp_path / "archive.db").read_bytes() == before


def test_the_story_is_the_same_every_time() -> None:
    def story() -> list[object]:
        with Campus(lively=True) as campus:
            fortnight = Fortnight(campus)
            days = [(day, kind, campus.now) for day, kind in fortnight.moments()]
            ends = [(truth.title, truth.published, truth.body, truth.views, truth.gone) for truth in campus.articles]
            titles = [campus.truth(campus.at(url)).title for url in fortnight.told.values()]
        assert len({*titles}) == len(titles) == 7
        return [*days, *ends, *titles]

    assert story() == story()


@pytest.mark.slow
def test_a_day_of_the_demo_is_stored_alike_every_time(tmp_path: Path) -> None:
    """All rows, their numbers and times; but the name of each run is its own, and what is sealed holds that."""

    def stored(name: str, campus: Campus) -> dict[str, list[Any]]:
        campus.renew()
        with demo_verb._processes() as pool:
            pool.submit(demo_verb._crawl, tmp_path / name, campus.now, Fortnight(campus).sites).result()
        with closing(sqlite3.connect(tmp_path / name)) as conn:
            conn.execute("UPDATE crawl SET uuid = id, checksum = id")
            tables = {table for (table,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} - APART
            return {table: conn.execute(f"SELECT * FROM {table}").fetchall() for table in tables}

    forked.start()
    with Campus(lively=True) as campus:
        first, second = stored("first.db", campus), stored("second.db", campus)
    assert [table for table, rows in first.items() if rows != second[table]] == []
    assert len(first["capture"]) > 70


# When a step was taken, what covers the names of the runs, and how SQLite stores the index of a search.
APART = {"_sqlite_migrations", "chain", "seal", "snapshot_search_data", "snapshot_search_idx"}
