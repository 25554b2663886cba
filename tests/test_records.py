"""Finding and asking, in Python and on the command line. All synthetic."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import FrozenInstanceError
from pathlib import Path

import pandas
import pytest
from click.testing import CliRunner

from newsspider.archive import Archive, ArchiveError, asking, counts, identity
from newsspider.archive.chain import Sums
from newsspider.cli import newsspider
from newsspider.cli.listing import list as list_verb
from newsspider.cli.listing import sql as sql_verb

DOCS = Path(__file__).parents[1] / "docs"
DAY = 86400
START = 1772323260  # 2026-03-01T00:01:00Z


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Archive(path, write=True) as archive, archive.transaction() as conn:
        conn.execute("INSERT INTO site (name, timezone) VALUES ('one', 'Asia/Shanghai'), ('two', 'Asia/Shanghai')")
        conn.execute(
            "INSERT INTO crawl (id, kind, started_at, version) VALUES (1, 'crawl', '2026-03-01T00:00:00Z', '')"
        )
        for id_, site, title, published in (
            (1, "one", "招生简章", "2026-03-01"),
            (2, "one", "招生计划", "2026-03-05T09:00"),
            (3, "two", "校友会", None),
        ):
            conn.execute(
                "INSERT INTO article (id, site, url, title, published, first_seen_at, last_seen_at) VALUES (?,?,?,?,?,?,?)",
                (
                    id_,
                    site,
                    f"http://{site}.test/{id_}.htm",
                    title,
                    published,
                    "2026-03-05T00:00:00Z",
                    "2026-03-06T00:00:00Z",
                ),
            )
            identity.meet(
                conn, id_, f"http://{site}.test/{id_}.htm", f"http://{site}.test/news/", "2026-03-05T00:00:00Z"
            )
            for number in range(1 + (id_ == 1)):
                conn.execute(
                    "INSERT INTO snapshot (article_id, captured_at, last_seen_at, url, title, body, content_digest, parser)"
                    " VALUES (?,?,?,'',?,?,'','')",
                    (
                        id_,
                        f"2026-03-0{5 + number}T00:00:00Z",
                        f"2026-03-0{5 + number}T00:00:00Z",
                        title,
                        f"正文{number}",
                    ),
                )
        for day, views in enumerate((10, 0, 300)):
            counts.observe(conn, Sums(), 1, START + day * DAY, views, 0, 1)
        counts.observe(conn, Sums(), 3, START, 0, 2, 1)
        conn.execute("UPDATE article SET gone_since = '2026-03-07T00:00:00Z' WHERE id = 3")
        conn.execute(
            "INSERT INTO frontier (url, site, listing, title, first_seen_at) VALUES ('http://one.test/9.htm','one','http://one.test/news/','未读','')"
        )
    return path


def ids(path: Path, **asked) -> list[int | None]:
    with Archive(path) as archive:
        return [article.id for article in archive.articles(**asked)]


def test_articles_by_what_they_are(path: Path) -> None:
    assert ids(path) == [2, 1, 3]
    assert ids(path, sort="id", limit=2) == [1, 2]
    assert ids(path, sort="views") == [1, 3, 2]
    assert ids(path, site="two") == [3]
    assert ids(path, column="one.test/news") == [2, 1]
    assert ids(path, since="2026-03-02") == [2]
    assert ids(path, until="2026-03-01") == [1]
    assert ids(path, until="2026-03") == [2, 1]
    assert ids(path, least=0) == [1, 3]
    assert ids(path, edited=True) == [1]
    assert ids(path, withdrawn=True) == [3]
    assert ids(path, unread=True) == [None]
    assert ids(path, unread=True, edited=True) == []


def test_versions_series_and_events(path: Path) -> None:
    with Archive(path) as archive:
        assert [(version.number, version.body) for version in archive.versions(1)] == [(1, "正文0"), (2, "正文1")]
        assert [(one.observed_at, one.views, one.method) for one in archive.series("http://one.test/1.htm")] == [
            ("2026-03-01T00:01:00Z", 10, "counter"),
            ("2026-03-02T00:01:00Z", 0, "counter"),
            ("2026-03-03T00:01:00Z", 300, "counter"),
        ]
        assert [(event.event, event.before, event.after) for event in archive.events(1)] == [
            ("reset", 10, 0),
            ("restored", 0, 300),
        ]
        assert archive.events(site="two") == ()
        assert [one.article_id for one in archive.search("招生").hits] == [2, 1]
        with pytest.raises(FrozenInstanceError):
            archive.article(1).title = ""  # type: ignore[misc]
        with pytest.raises(sqlite3.OperationalError):
            archive.conn.execute("DELETE FROM article")


def test_views_at_a_moment(path: Path) -> None:
    with Archive(path) as archive:
        then = [(one.article_id, one.observed_at, one.views) for one in archive.views_at("2026-03-02T12:00:00+08:00")]
        assert then == [(1, "2026-03-02T00:01:00Z", 0), (3, "2026-03-01T00:01:00Z", 0)]
        assert archive.views_at("2026-03-01") == ()
        assert len(archive.views_at("2026-03-02", site="two")) == 1
        with pytest.raises(ArchiveError, match="is no moment"):
            archive.views_at("soon")


def test_an_article_by_whatever_names_it(path: Path) -> None:
    with Archive(path) as archive:
        for name in (1, "1", "http://one.test/1.htm", "招生简章", "简章", "one.test/1"):
            assert archive.article(name).id == 1
        with pytest.raises(ArchiveError, match=r"fits several articles; name one by its id:\n  1 .*招生简章.*\n  2 "):
            archive.article("招生")
        with pytest.raises(ArchiveError, match="no article in"):
            archive.article("没有")


def test_a_frame_needs_pandas(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with Archive(path) as archive, pytest.raises(ArchiveError, match="pip install pandas"):
        archive.articles().frame()


def test_frames_keep_zones_gaps_and_whole_numbers(path: Path) -> None:
    with Archive(path) as archive:
        articles, series = archive.articles(sort="id").frame(), archive.series(1).frame()
    assert list(articles["id"]) == [1, 2, 3]
    assert (str(articles["views"].dtype), articles["views"].isna().tolist()) == ("Int64", [False, True, False])
    assert articles["views"].sum() == 300
    assert (str(articles["gone_since"].dtype), articles["gone_since"].isna().sum()) == ("datetime64[us, UTC]", 2)
    assert articles["published"].dtype == "string"
    assert (series["views"].dtype, list(series["views"])) == ("int64", [10, 0, 300])
    assert (str(series["step"].dtype), series["step"].isna().all()) == ("Int64", True)
    assert series["observed_at"].iloc[0].isoformat() == "2026-03-01T00:01:00+00:00"
    assert series.set_index("observed_at")["views"].resample("1D").last().diff().tolist()[1:] == [-10, 300]


def test_every_frame_has_the_same_types_with_rows_and_without(path: Path) -> None:
    def frames(archive: Archive, empty: bool) -> Iterator[pandas.DataFrame]:
        yield archive.articles(site="none" if empty else None).frame()
        yield archive.articles(unread=True, edited=empty).frame()
        yield archive.events(site="none" if empty else None).frame()
        yield archive.views_at("1999-01-01" if empty else "2026-03-02").frame()
        yield archive.search("没有" if empty else "招生").hits.frame()

    with Archive(path) as archive:
        for full, bare in zip(frames(archive, False), frames(archive, True), strict=True):
            assert len(bare) == 0
            assert full.dtypes.to_dict() == bare.dtypes.to_dict()


def test_listed_as_table_csv_and_json(path: Path) -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(list_verb, [*words, "--archive", str(path)])
        assert result.exit_code == 0, result.output
        return result.stdout

    assert "招生简章" in run("--site", "one")
    rows = list(csv.DictReader(io.StringIO(run("--csv"))))
    assert [(row["id"], row["views"]) for row in rows] == [("2", ""), ("1", "300"), ("3", "0")]
    assert json.loads(run("--json", "--withdrawn"))[0]["views"] == 0
    assert json.loads(run("--json", "--views", "1000")) == []


def test_sql_only_reads(path: Path) -> None:
    def run(query: str, *words: str):
        return CliRunner().invoke(sql_verb, [query, *words, "--archive", str(path)])

    assert json.loads(run("SELECT id, id, x'ff' AS b FROM article WHERE id = 1", "--json").stdout) == [
        {"id": 1, "id:2": 1, "b": {"$base64": True, "encoded": "/w=="}}
    ]
    assert run("SELECT title FROM article ORDER BY id LIMIT 1", "--csv").stdout == "title\n招生简章\n"
    assert "招生简章" in run("WITH a AS (SELECT * FROM article) SELECT * FROM a").stdout
    assert json.loads(run("SELECT rowid FROM snapshot_search WHERE snapshot_search MATCH '\"招生\"'", "--json").stdout)
    assert json.loads(run("PRAGMA table_info(article)", "--json").stdout)
    for query in (
        "DELETE FROM article",
        "ATTACH ':memory:' AS x",
        "CREATE TEMP TABLE x (y)",
        "PRAGMA journal_mode = DELETE",
        "VACUUM INTO '/tmp/never.db'",
        "SELECT 1; DELETE FROM article",
        "SELECT load_extension('x')",
        "SELEKT",
        "",
    ):
        result = run(query)
        assert isinstance(result.exception, ArchiveError), query


def test_a_query_that_takes_too_long_is_stopped(path: Path) -> None:
    with Archive(path) as archive:
        with pytest.raises(ArchiveError, match="took longer than"):
            asking.ask(
                archive, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n", 0.01
            )
        assert asking.ask(archive, "SELECT 1", 9).rows == [(1,)]


def shapes() -> list[tuple[str, str, set[str]]]:
    rows = re.findall(
        r"^\| `newsspider (.+?)` \| (.+?) \| (.+) \|$", (DOCS / "json.md").read_text(encoding="utf-8"), re.M
    )
    return [(command, kind, set(re.findall(r"`(\w+)`", keys))) for command, kind, keys in rows]


@pytest.mark.parametrize(
    ("command", "kind", "keys"), shapes(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_json_is_as_documented(path: Path, command: str, kind: str, keys: set[str]) -> None:
    import shlex

    with chdir(path.parent):
        result = CliRunner().invoke(newsspider, [*shlex.split(command), "--archive", str(path)])
    answer = json.loads(result.stdout)
    assert isinstance(answer, list if kind == "a list" else dict)
    if not command.startswith("sql"):
        assert set(answer[0] if isinstance(answer, list) else answer) == keys
    if command.startswith("search"):
        for key in answer["hits"][0]:
            assert f"`{key}`" in (DOCS / "json.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "example", re.findall(r"```python\n(.*?)```", (DOCS / "python.md").read_text(encoding="utf-8"), re.S)
)
def test_the_examples_run(path: Path, example: str, capsys) -> None:
    with chdir(path.parent):
        exec(example, {})
    assert capsys.readouterr().out.strip()
