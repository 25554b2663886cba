"""The archive in a browser: Datasette as `newsspider serve` makes it ready."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import crawl_of

from newsspider import replay
from newsspider.archive import Archive
from newsspider.demo import Campus
from newsspider.serve import app, metadata

Get = Callable[[str], Any]
DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The campus, crawled twice with a day between."""
    folder = tmp_path_factory.mktemp("serve")
    with Campus() as campus:
        crawl = crawl_of(campus, folder)
        for _ in range(2):
            crawl(campus.urls["vsb"], "--revisit", "all")
            campus.pass_time()
    return folder / "archive.db"


@pytest.fixture(scope="module")
def get(archive: Path) -> Iterator[Get]:
    from datasette.plugins import pm

    served = app.of(archive)
    yield lambda path, **headers: asyncio.run(served.client.get(path, headers=headers))
    pm.unregister(name="newsspider")


def one(archive: Path, sql: str) -> Any:
    with sqlite3.connect(archive) as conn:
        row = conn.execute(sql).fetchone()
    conn.close()
    return row[0]


def test_everything_has_a_description_in_both_languages(archive: Path) -> None:
    with Archive(archive) as held:
        described = metadata.described(held.conn)
    for name, about in described.items():
        if name.startswith(("snapshot_search", "_sqlite")):
            continue
        assert about["zh"], f"chinese.toml: tables.{name}"
        assert about["en"], f"the schema has no comment on {name}"
        with Archive(archive) as held:
            columns = [row[1] for row in held.conn.execute(f'PRAGMA table_info("{name}")')]
        assert [column for column in columns if not re.search("[一-鿿]", about["columns"].get(column, ""))] == [], name


def test_every_question_answers_at_once(archive: Path, get: Get) -> None:
    assert len(metadata.words("questions")) == 21
    for name, question in metadata.words("questions").items():
        with Archive(archive) as held:
            start = time.process_time()
            held.rows(question["sql"])
            spent = time.process_time() - start
            everything = time.process_time()
            held.rows("SELECT count(*), max(length(body)) FROM snapshot, article")  # a yardstick of the same machine
            assert spent < 50 * (time.process_time() - everything) + 0.2, name
        answer = get(f"/archive/{name}.json?_shape=objects")
        assert answer.status_code == 200, name
        assert answer.json()["ok"]


def test_a_table_opens_with_columns_and_a_sort_that_it_has(archive: Path, get: Get) -> None:
    with Archive(archive) as held:
        for name, own in metadata.words("tables").items():
            columns = [row[1] for row in held.conn.execute(f'PRAGMA table_info("{name}")')]
            named = {*own.get("columns", ()), *own.get("facets", ()), own.get("sort", columns[0])}
            assert named <= set(columns), name
            assert get(f"/archive/{name}").status_code == 200, name


def test_a_page_shows_the_main_columns_and_a_link_to_the_others(get: Get) -> None:
    shown, everything = get("/archive/article").text, get("/archive/article?_all=1").text
    assert 'data-column="counter_key"' not in shown
    assert 'data-column="counter_key"' in everything
    assert 'href="/archive/article?_all=1"' in shown
    assert 'href="/archive/article"' in everything
    assert "Rows are not counted" in get("/archive/views_over_time?lang=en").text
    assert "Rows are not counted" not in get("/archive/views_over_time?article_id=1&lang=en").text


def test_no_question_hides_a_table(archive: Path) -> None:
    with Archive(archive) as held:
        assert not metadata.words("questions").keys() & metadata.described(held.conn).keys()


def test_the_front_page_speaks_both_languages(get: Get) -> None:
    assert "浏览最多的文章" in get("/").text
    assert "The most read articles" in get("/", **{"accept-language": "en-GB,en"}).text
    assert "The most read articles" in get("/?lang=en").text


def test_the_search_box_finds_two_characters_as_the_command_does(archive: Path, get: Get) -> None:
    word = one(archive, "SELECT substr(title, 3, 2) FROM article WHERE title IS NOT NULL AND kind = 'article'")
    with Archive(archive) as held:
        found = held.search(word)
    page = get(f"/search?q={word}").text
    assert f"共 {found.total} 条" in page
    assert page.count("<mark>") >= len(found.hits)
    rows = get(f"/archive/latest_text.json?_search={word}&_shape=objects").json()["rows"]
    assert {row["article_id"] for row in rows} == {hit.article_id for hit in found.hits}


def test_the_documented_query_finds_the_same_here_and_in_sqlite3(archive: Path, get: Get) -> None:
    sql = re.findall(r"```sql\n(.*?)```", (DOCS / "search.md").read_text(encoding="utf-8"), re.S)[0]
    word = one(archive, "SELECT substr(title, 3, 2) FROM article WHERE title IS NOT NULL AND kind = 'article'")
    with Archive(archive) as held:
        found = {hit.article_id for hit in held.search(word, limit=100).hits}
    asked = urlencode({"sql": sql.replace("'招生'", ":q"), "q": word, "_shape": "objects"})
    assert {row["article_id"] for row in get(f"/archive.json?{asked}").json()["rows"]} == found
    if program := shutil.which("sqlite3"):
        ids = f"SELECT article_id FROM ({sql.replace('招生', word)})"
        answer = subprocess.run([program, "-readonly", archive, ids], capture_output=True, text=True, check=True)
        assert set(map(int, answer.stdout.split())) == found


def test_an_article_shows_its_curve_versions_and_differences(archive: Path, get: Get) -> None:
    edited = one(archive, "SELECT article_id FROM revision LIMIT 1")
    page = get(f"/article/{edited}").text
    assert '<path class="line"' in page
    assert f"/article/{edited}/version/2" in page
    assert "<ins>" in get(f"/article/{edited}/version/2").text
    assert get("/article/99999").status_code == get(f"/article/{edited}/version/9").status_code == 404


def test_a_stored_page_runs_nothing_and_asks_nobody(archive: Path, get: Get) -> None:
    number = one(archive, "SELECT min(article_id) FROM snapshot WHERE payload_digest IS NOT NULL")
    answer = get(f"/article/{number}/page/1")
    assert answer.headers["content-security-policy"] == replay.POLICY
    assert one(archive, f"SELECT title FROM article WHERE id = {number}") in answer.text
    body = answer.text.partition("</style>")[2]
    assert (
        one(archive, f"SELECT substr(body, 1, instr(body, char(10)) - 1) FROM snapshot WHERE article_id = {number}")
        in body
    )
    assert not re.search(r"<script|<link|<iframe|\son\w+=|src=\"(?!/image)", body)


def test_feeds_of_all_and_of_a_search(archive: Path, get: Get) -> None:
    edited = one(archive, "SELECT a.title FROM revision r JOIN article a ON a.id = r.article_id LIMIT 1")
    atom = get("/feed.atom")
    assert atom.headers["content-type"].startswith("application/atom+xml")
    assert edited in atom.text
    of_search = get(f"/feed.json?q={edited[:4]}").json()["items"]
    assert of_search
    assert len(of_search) < len(get("/feed.json").json()["items"])


HOSTILE = """<body onload="steal()"><script>alert(1)</script><p style="background:url(http://evil.test/a)">文字</p>
<img src="/held.png"><img src=x onerror=alert(1) alt="图"><iframe src="http://evil.test"></iframe><a href="javascript:alert(1)">甲</a>
<a href="/b.htm">乙</a><svg onload=alert(1)><style>@import 'http://evil.test/c'</style><form action="http://evil.test"><input></form>
<meta http-equiv=refresh content="0;url=http://evil.test"><base href="http://evil.test/"><object data="http://evil.test/o"></object>"""


def test_a_hostile_page_is_left_with_its_text() -> None:
    held = {"https://news.example.edu.cn/held.png": "/image?url=https%3A%2F%2Fnews.example.edu.cn%2Fheld.png"}
    shown = replay.page(HOSTILE, "https://news.example.edu.cn/a.htm", held.get)
    for forbidden in (
        "script",
        "evil.test",
        "onload",
        "onerror",
        "javascript:",
        "<iframe",
        "<form",
        "<meta",
        "<base",
        "style=",
    ):
        assert forbidden not in shown, forbidden
    assert "文字" in shown
    assert 'href="https://news.example.edu.cn/b.htm"' in shown
    assert '<img src="/image?url=https%3A%2F%2Fnews.example.edu.cn%2Fheld.png"' in shown
    assert "[图: https://news.example.edu.cn/x]" in shown


def test_nothing_can_be_written(get: Get) -> None:
    answer = get("/archive.json?sql=delete+from+article")
    assert answer.status_code == 400
    assert "default-src 'self'" in get("/").headers["content-security-policy"]


def test_an_extra_that_is_missing_is_a_sentence(monkeypatch: pytest.MonkeyPatch, archive: Path) -> None:
    import sys

    from click.testing import CliRunner

    from newsspider.cli.serve import serve

    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = CliRunner().invoke(serve, ["--archive", str(archive)])
    assert done.exit_code == 2
    assert "pip install 'newsspider[serve]'" in done.output
