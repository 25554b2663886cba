"""Held pages read again and kept: an upgrade of ours, no edit of theirs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from held_pages import HOST, TITLE, hold, look, missed, page, url
from looks import state

from newsspider import reparse
from newsspider.archive import Archive, fixity, merging, reading
from newsspider.cli import newsspider

NOW = datetime(2026, 4, 1, tzinfo=UTC)
OTHER = "学校召开科研工作会议"


def at(day: int) -> str:
    return f"2026-03-{day:02}T08:00:00Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two articles, read badly: the date of the first is missing, an edit of its title was seen, and nothing was read at last."""
    looks = [
        look(1, page(), at(1), published=None, published_text=None, views=None),
        look(2, page("另一条消息"), at(1)),
        look(1, page(), at(2), published=None, published_text=None, views=None),
        look(1, page(OTHER), at(3), published=None, published_text=None, views=None),
        missed(1, page(OTHER), at(4), why="missing: the page says so"),
        missed(3, page("从前读不出的消息"), at(4)),
    ]
    return hold(tmp_path / "archive.db", looks)


def again(path: Path, *, dry: bool = False) -> reparse.Report:
    with Archive(path, write=not dry) as archive:
        report = reparse.reparse(archive, path.parent / "sites", NOW, dry=dry)
        assert list(fixity.verify(archive)) == []
        return report


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with Archive(path) as archive:
        return [tuple(row) for row in archive.rows(sql)]


VERSIONS = "SELECT article_id, title, published, substr(captured_at, 9, 2), substr(last_seen_at, 9, 2) FROM snapshot ORDER BY 1, 4"


def test_versions_are_those_of_what_is_read_now(path: Path) -> None:
    report = again(path)
    assert rows(path, VERSIONS) == [
        (1, TITLE, "2026-03-01", "01", "02"),
        (1, OTHER, "2026-03-01", "03", "04"),
        (2, "另一条消息", "2026-03-01", "01", "01"),
        (3, "从前读不出的消息", "2026-03-01", "04", "04"),
    ]
    assert (report.pages, report.otherwise, report.gained, report.lost) == (6, 5, 2, [])
    assert {name: (tally.pages, tally.articles) for name, tally in report.fields.items()} == {
        **dict.fromkeys(("published", "views"), (3, 1)),
        "published_text": (2, 1),
    }
    assert rows(path, "SELECT published, last_seen_at, gone_since, views FROM article WHERE id = 1") == [
        ("2026-03-01", at(4), None, 12)
    ]
    assert rows(path, "SELECT * FROM frontier") == []


def test_it_is_an_upgrade_and_no_edit(path: Path) -> None:
    before = rows(path, "SELECT * FROM edit")
    again(path)
    assert rows(path, "SELECT version, field FROM edit") == [(2, "title")]
    assert len(before) == 1
    with Archive(path) as archive:
        told = {
            (row["field"], row["before"]) for row in archive.rows("SELECT * FROM parser_upgrade WHERE article_id = 1")
        }
        history = reading.history(archive, 1)
    assert {("published", None), ("published_text", None), ("views", None)} <= told
    assert history[0]["reread"] == ["published", "published_text", "views"]


def test_what_was_read_before_stays(path: Path, tmp_path: Path) -> None:
    other = hold(tmp_path / "other.db", [look(1, page(), body="旧的正文", title="旧标题", author="张三")])
    again(other)
    [(changes, before)] = rows(other, "SELECT changes, parser_before FROM reread")
    assert json.loads(str(changes)) == {"title": "旧标题", "author": "张三", "body": "旧的正文"}
    assert str(before).startswith("0/")


def test_again_changes_nothing(path: Path) -> None:
    again(path)
    with Archive(path) as archive:
        before = state(archive)
    report = again(path)
    assert (report.otherwise, report.gained, report.fields) == (0, 0, {})
    with Archive(path) as archive:
        assert state(archive) == before
        assert [row[0] for row in archive.rows("SELECT kind FROM crawl")] == ["crawl", "reparse", "reparse"]


def test_a_dry_run_writes_nothing(path: Path) -> None:
    before = path.read_bytes()
    dry = again(path, dry=True)
    assert path.read_bytes() == before
    assert dry == again(path)


def test_a_page_that_is_refused_now_stays_and_goes_with_its_version(tmp_path: Path) -> None:
    none = b"<title>404 Not Found</title><h1>404 Not Found</h1>"
    looks = [
        look(1, page(), at(1), author="张三"),
        look(1, none, at(2), blind=True, author="张三"),
        look(1, page(), at(3), author="张三"),
    ]
    path = hold(tmp_path / "archive.db", looks)
    report = again(path)
    assert [lost[:2] for lost in report.lost] == [(url(1), at(2))]
    assert rows(path, VERSIONS) == [(1, TITLE, "2026-03-01", "01", "03")]
    assert rows(path, "SELECT author FROM snapshot") == [(None,)]
    assert again(path).otherwise == 0


def test_a_count_that_was_misread_is_corrected(tmp_path: Path) -> None:
    path = hold(
        tmp_path / "archive.db", [look(1, page(line="发布时间：2026-03-01 浏览次数：1.2万"), views=1, views_step=None)]
    )
    again(path)
    assert rows(path, "SELECT views, step, crawl_id FROM view_observation") == [(12000, 1000, 2)]
    assert rows(path, "SELECT views, views_step FROM article") == [(12000, 1000)]
    assert rows(path, "SELECT crawl_id, reason FROM chain ORDER BY id") == [
        (1, "finished"),
        (1, "amended"),
        (2, "finished"),
    ]


def test_an_identity_that_is_learned_unites(tmp_path: Path) -> None:
    mark = b"<!--Announced by Visual SiteBuilder 9--><script>_jsq_(1001,'/content.jsp',7,1391370217)</script>"
    first, second = look(1, page() + mark, at(1)), look(2, page() + mark, at(2))
    native = first.article.native_id
    assert native
    path = hold(tmp_path / "archive.db", [first, replace(second, article=replace(second.article, native_id=None))])
    assert len(rows(path, "SELECT * FROM article")) == 2
    again(path)
    assert rows(path, "SELECT native_id, first_seen_at, last_seen_at FROM article") == [(native, at(1), at(2))]


def test_merging_does_not_bring_back_the_reading_before(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    again(path)
    for here, there in ((copy, path), (path, copy)):
        with Archive(here, write=True) as archive:
            merging.merge(archive, there)
            assert list(fixity.verify(archive)) == []
    assert rows(copy, VERSIONS) == rows(path, VERSIONS)
    assert rows(copy, "SELECT * FROM view_observation") == rows(path, "SELECT * FROM view_observation")
    assert again(copy).otherwise == 0


def test_the_rules_of_the_day(tmp_path: Path) -> None:
    own = tmp_path / "sites"
    own.mkdir()
    looks = [
        look(1, page("旧版式", mark="div"), "2025-06-30T01:00:00Z", title="?"),
        look(2, page("新版式", mark="h2"), title="?"),
    ]
    path = hold(tmp_path / "archive.db", looks)
    (own / "yunlu.toml").write_text(
        f'listings = ["https://{HOST}/xw.htm"]\nselectors = {{ title = "h2.t" }}\n'
        '[[earlier]]\nvalid_until = "2025-06-30"\nselectors = { title = "div.t" }\n'
    )
    again(path)
    assert rows(path, "SELECT title FROM article ORDER BY id") == [("旧版式",), ("新版式",)]


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reparse, "BATCH", 4)
    monkeypatch.setattr(reading, "PAGES", 5)
    looks = [
        look(number % 15 + 1, page(f"第{number % 15}条"), at(1 + number // 15), author="张三") for number in range(30)
    ]
    return hold(tmp_path / "archive.db", looks)


def broken_off(path: Path, after: int) -> None:
    class Off(Exception):
        pass

    def progress(part: str, done: int, total: int) -> None:
        assert total == 30
        if done > after:
            raise Off

    with Archive(path, write=True) as archive, pytest.raises(Off):
        reparse.reparse(archive, path.parent / "sites", NOW, progress=progress)


def test_a_run_that_was_broken_off_is_taken_up(many: Path) -> None:
    broken_off(many, 17)
    with Archive(many) as archive:
        assert list(fixity.verify(archive)) == []
    report = again(many)
    assert report.before in range(12, 18)
    assert report.before + report.pages == 30
    assert rows(many, "SELECT count(*) FROM snapshot WHERE author IS NOT NULL") == [(0,)]
    assert rows(many, "SELECT count(*) FROM snapshot") == [(15,)]
    assert rows(many, "SELECT reason FROM chain ORDER BY id") == [("finished",), ("killed",), ("finished",)]


def test_other_rules_begin_anew(many: Path) -> None:
    broken_off(many, 17)
    own = many.parent / "sites"
    own.mkdir()
    (own / "other.toml").write_text('listings = ["https://other.example.edu.cn/"]\n')
    assert again(many).before == 0


def run(path: Path, *arguments: object) -> Result:
    return CliRunner().invoke(
        newsspider, ["reparse", "--archive", str(path), *map(str, arguments)], standalone_mode=False
    )


def test_from_the_command_line(path: Path) -> None:
    dry = run(path, "--dry-run")
    assert (dry.return_value, rows(path, "SELECT count(*) FROM reread")) == (0, [(0,)])
    assert "5 would read otherwise" in dry.stdout
    assert "published  3 pages of 1 article" in dry.stdout
    assert "    was  nothing\n    now  2026-03-01" in dry.stdout
    assert json.loads(run(path, "--json", "--site", HOST).stdout)["otherwise"] == 5
    assert "0 read otherwise" in run(path).stdout
    assert "is named 'elsewhere'" in str(run(path, "--site", "elsewhere").exception)
