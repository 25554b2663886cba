"""Silent edits: what changed without a word of the page, and what it did to the text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from looks import SITE

from newsspider.archive import Archive
from newsspider.archive.writing import Writer
from newsspider.cli.edits import edits
from newsspider.extract import rewording
from newsspider.extract.silence import Signs, told
from newsspider.items import Article, ArticleItem, Capture


def did(before: str, after: str, title: tuple[str, str] = ("标题", "标题")) -> rewording.Rewording:
    return rewording.of(title, (before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("我们的学生门来了。", "我们的学生们来了。"),
        ("会议召开，", "会议召开。"),
        ("校长王健国表示祝贺。", "校长王建国表示祝贺。"),
        ("We will recieve guests.", "We will receive guests."),
        ("Professor Jane Deo spoke.", "Professor Jane Doe spoke."),
        ("招生 1,200 人", "招生1200人"),
        ("共十二个专业", "共12个专业"),
        ("共１２个专业", "共12个专业"),
    ],
)
def test_a_typo_takes_nothing_away(before: str, after: str) -> None:
    found = did(before, after)
    assert (found.typo, found.names, found.numbers) == (True, (), ())


@pytest.mark.parametrize(
    ("before", "after", "names", "numbers"),
    [
        ("校长王建国、书记李四光教授出席。", "校长王建国出席。", ("李四光",), ()),
        ("招生100人。", "招生120人。", (), ("100",)),
        ("共9项，第9期。", "共16项，第9期。", (), ("9",)),
        ("事故造成三十五人受伤。", "事故造成多人受伤。", (), ("三十五",)),
        ("合格率百分之九十五。", "合格率较高。", (), ("百分之九十五",)),
        (
            "President John Smith and Mary Jones met 35 students.",
            "President John Smith met students.",
            ("Mary Jones",),
            ("35",),
        ),
        ("Prof. Ada Byron said so. Byron left.", "Byron said so.", (), ()),  # shortened, not gone
        ("院长张三说。", "张三说。", (), ()),
        ("学校不同意。", "学校同意。", (), ()),
        ("常务副校长出席，党委书记讲话。", "领导出席。", (), ()),  # posts, no names
    ],
)
def test_names_and_numbers_that_vanished(
    before: str, after: str, names: tuple[str, ...], numbers: tuple[str, ...]
) -> None:
    found = did(before, after)
    assert (found.names, found.numbers, found.typo) == (names, numbers, False)


def test_how_much_changed() -> None:
    found = did("甲乙丙丁", "甲乙丙丁戊己庚辛", title=("", ""))
    assert (found.gone, found.new, found.share) == (0, 4, round(4 / 14, 4))
    assert did("同", "同").share == 0


def test_a_title_that_was_softened() -> None:
    assert did("文", "文", ("关于张某学术造假的处分决定", "关于张某的情况说明")).softened == ("造假", "处分")
    assert did("x", "x", ("Dean fired after fraud", "Dean steps down")).softened == ("fired", "fraud")
    assert did("文", "文", ("关于张某的处分", "关于张某的处分决定")).softened == ()


MARCH = Signs(published="2026-03-01", published_text="2026-03-01")


@pytest.mark.parametrize(
    ("before", "after", "signs"),
    [
        (MARCH, MARCH, ()),
        (MARCH, Signs(published="2026-03-02", published_text="2026-03-02"), ("published",)),
        (MARCH, Signs(published="2026-03-01", published_text="2026-03-01（修订）"), ("published",)),
        (MARCH, Signs(published="2026-03-01", published_text="2026-03-01", updated=frozenset(["更新"])), ("updated",)),
    ],
)
def test_what_a_page_says_of_its_change(before: Signs, after: Signs, signs: tuple[str, ...]) -> None:
    assert told(before, after) == signs


@pytest.mark.parametrize(
    ("before", "after", "tells"),
    [
        ({"Mon"}, {"Tue"}, True),
        ({"Mon"}, {"Mon"}, False),
        (set(), {"Tue"}, False),
        ({"Mon", "Tue"}, {"Wed"}, False),  # each answer has another one
    ],
)
def test_last_modified(before: set[str], after: set[str], tells: bool) -> None:
    pair = (Signs(published=None, last_modified=frozenset(one)) for one in (before, after))
    assert bool(told(*pair)) is tells


# Of an archive


PAGE = "<html><p>{updated}</p><p>{body}</p></html>"


def look(
    day: int, url: str, body: str, *, modified: str | None = None, updated: str = "", title: str = "通知"
) -> list[object]:
    at = f"2026-03-{day:02}T00:00:00Z"
    headers = {"Last-Modified": modified} if modified else {}
    payload = PAGE.format(updated=updated, body=body).encode()
    capture = Capture(url=url, captured_at=at, status=200, payload=payload, headers=headers)
    article = Article(url=url, title=title, published="2026-03-01", body=body, views=100 * day)
    return [ArticleItem(site=SITE.name, capture=capture, article=article)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    looks = [
        look(2, "http://campus.test/silent", "院长张三说，招生100人。", updated="更新时间：2026-03-01"),
        look(9, "http://campus.test/silent", "学院招生若干人。", updated="更新时间：2026-03-01"),
        look(2, "http://campus.test/dated", "招生100人。", updated="更新时间：2026-03-01"),
        look(9, "http://campus.test/dated", "招生120人。", updated="更新时间：2026-03-08"),
        look(2, "http://campus.test/modified", "招生100人。", modified="Sun, 01 Mar 2026 00:00:00 GMT"),
        look(9, "http://campus.test/modified", "招生120人。", modified="Sun, 08 Mar 2026 00:00:00 GMT"),
        look(2, "http://campus.test/typo", "同学门好。"),
        look(9, "http://campus.test/typo", "同学们好。"),
    ]
    with Archive(path, write=True) as archive:
        writer = Writer(archive, "0.1.0")
        writer.start("crawl", [SITE], "2026-03-02T00:00:00Z", {})
        for one in looks:
            writer.write(one)
        writer.finish("2026-03-10T01:00:00Z", "finished", 1, 1)
    return path


def run(path: Path, *words: str) -> list[dict[str, object]]:
    said = CliRunner().invoke(edits, ["--archive", str(path), "--json", *words])
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def test_the_verb_names_silent_edits(path: Path) -> None:
    [found] = run(path, "--silent")
    assert {
        key: found[key] for key in ("url", "version", "days_after_publication", "views", "silent", "names", "numbers")
    } == {
        "url": "http://campus.test/silent",
        "version": 2,
        "days_after_publication": 1,
        "views": 900,
        "silent": True,
        "names": ["张三"],
        "numbers": ["100"],
    }
    assert [one["told"] for one in sorted(run(path), key=lambda one: str(one["url"]))] == [
        ["updated"],
        ["last-modified"],
        [],
    ]
    assert len(run(path, "--silent", "--typos")) == 2
    assert run(path, "--since", "2026-04") == []
    text = CliRunner().invoke(edits, ["--archive", str(path), "--silent"]).output
    assert "names gone: 张三" in text
    assert "1 day or more after publication, after 900 views" in text
    assert "1 silent edit" in text


def test_the_view_knows_them_by_date_and_last_modified(path: Path) -> None:
    with Archive(path) as archive:
        found = [
            tuple(row)
            for row in archive.rows("SELECT url, views, days_after_publication FROM silent_edit ORDER BY url")
        ]
    assert found == [(f"http://campus.test/{name}", 900, 1) for name in ("dated", "silent", "typo")]
