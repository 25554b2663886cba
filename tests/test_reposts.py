"""Articles that say the same: on made truth, across sites and within one; and held right whatever happens to the texts."""

from __future__ import annotations

import json
import random
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsspider.archive import Archive, derived, fixity
from newsspider.archive.writing import Writer
from newsspider.cli.related import related
from newsspider.extract import likeness
from newsspider.items import Article, ArticleItem, Capture, Site

BENCH = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "reposts.py"))
TEXT = (
    "本月3日上午，我校在图书馆报告厅召开学生社区建设推进会。会议总结了过去一年的工作成效，分析了存在的困难和问题。\n"
    "校长王建国指出，要把学生社区建成育人的重要阵地。各学院负责人围绕导师配备、经费使用展开了讨论，并提出了具体的建议。\n"
    "会议要求有关部门在本学期结束之前拿出方案。学生代表介绍了三个试点社区的情况，与会人员实地参观了新落成的活动中心。"
)
ONE, OTHER = (
    Site(name="one", title="甲大学", timezone="Asia/Shanghai"),
    Site(name="other", title="乙大学", timezone="Asia/Shanghai"),
)


def test_on_made_truth(tmp_path: Path) -> None:
    found = BENCH["run"](tmp_path, 600, 7)
    assert found["reposts"] > 30
    assert found["recall"] >= 0.98
    assert found["precision"] >= 0.99


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (TEXT, True),
        (f"来源：新闻网\n{TEXT.replace('我校', '甲大学')}\n责任编辑：张三", True),
        (TEXT.replace("，", ",").replace("3", "３"), True),
        (TEXT.partition("\n")[2], True),  # its first paragraph was left out
        (TEXT.partition("\n")[0], False),  # a paragraph alone
        (TEXT[::-1], False),
        ("", False),
    ],
)
def test_what_is_alike(other: str, alike: bool) -> None:
    assert (likeness.of(likeness.Text(TEXT), likeness.Text(other)) is not None) is alike
    if alike:
        assert len(likeness.marks(TEXT) & likeness.marks(other)) >= 2


def test_notices_by_one_pattern_are_not() -> None:
    one, other = (BENCH["World"](seed).notice() for seed in (1, 2))
    assert likeness.of(likeness.Text(one), likeness.Text(other)) is None


def item(site: Site, number: int, day: int, body: str, **fields: object) -> ArticleItem:
    url = f"http://{site.name}.test/{number}.htm"
    about = {"title": "推进会召开", "published": f"2026-03-{day:02}", "views": 100, **fields}
    capture = Capture(url=url, captured_at=f"2026-03-{day:02}T00:00:00Z", status=200, payload=f"{url}{body}".encode())
    return ArticleItem(site=site.name, capture=capture, article=Article(url=url, body=body, **about))  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Archive(path, write=True) as archive:
        write(archive, ONE, [item(ONE, 1, 3, TEXT), item(ONE, 2, 3, TEXT), item(ONE, 3, 3, "另一篇文章。" * 20)])
        write(archive, OTHER, [item(OTHER, 9, 5, TEXT.replace("王建国", "王校长"), title="推进会在甲大学召开")])
    return path


def write(archive: Archive, site: Site, items: list[ArticleItem]) -> None:
    writer = Writer(archive, "0.1.0")
    writer.start("crawl", [site], "2026-03-06T00:00:00Z", {})
    for one in items:
        writer.write([one])
    writer.finish("2026-03-06T01:00:00Z", "finished", 1, 1)


def pairs(archive: Archive) -> list[tuple[int, int]]:
    return [tuple(row)[:2] for row in archive.rows("SELECT * FROM alike ORDER BY 1, 2")]


def test_the_views_tell_who_was_first_and_what_is_one_story(path: Path) -> None:
    with Archive(path) as archive:
        assert pairs(archive) == [(1, 2), (1, 4), (2, 4)]
        reposts = archive.rows(
            "SELECT first_site, site, lag_days, lag_seen, title_changed FROM repost WHERE first_id = 1"
        )
        assert [tuple(row) for row in reposts] == [("one", "other", 2, 48.0, 1)]
        stories = archive.rows("SELECT story_id, site, articles, views, article_ids FROM story")
        assert [tuple(row) for row in stories] == [(1, "one", 2, 200, "[1,2]")]


def test_they_follow_the_texts(path: Path) -> None:
    with Archive(path, write=True) as archive:
        write(
            archive,
            ONE,
            [item(ONE, 1, 7, "这是一篇完全不同的文章，和以前那篇没有任何关系，只是用了它的网址和编号。" * 3)],
        )
        assert pairs(archive) == [(2, 4)]
        assert list(fixity.verify(archive)) == []
        archive.conn.execute("UPDATE alike SET likeness = 0.81")
        assert [one.what for one in fixity.verify(archive)] == ["likeness of article 2"]
        derived.rebuild(archive.conn, archive.sealed, lambda part, done, total: None)
        assert (pairs(archive), list(fixity.verify(archive))) == ([(2, 4)], [])


def test_the_verb(path: Path) -> None:
    def run(*words: str) -> str:
        said = CliRunner().invoke(related, ["--archive", str(path), *words])
        assert said.exit_code == 0
        return said.output

    told = run("1")
    assert "推进会在甲大学召开  (other, 2026-03-05)" in told
    assert "2 days later by its date, seen 48 h later, 100 views" in told
    assert "without 王建国" in told
    assert "one story under 2 ids of one: 200 views together" in told
    assert "[-建国-]{+校长+}" in run("1", "--diff")
    assert "no other article says the same" in run("3")
    found = json.loads(run("4", "--json"))["related"]
    assert [(one["article_id"], one["days"], one["same_site"]) for one in found] == [(1, -2, False), (2, -2, False)]


def test_marks_of_a_random_text_are_few() -> None:
    world = BENCH["World"](random.Random(1).randint(1, 9))
    text = BENCH["written"](world.text(), "，")
    assert len(likeness.marks(text)) == likeness.MARKS
