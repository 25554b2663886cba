"""Articles that an archive of before holds twice become one, and two again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from looks import fresh, state

from newsspider.archive import Archive, ArchiveError, fixity, identity, joining, merging, versions
from newsspider.archive.writing import Writer
from newsspider.cli import newsspider
from newsspider.extract import keys
from newsspider.items import Article, ArticleItem, Attachment, Capture, Site

NOW = "2026-12-24T00:00:00Z"
ONE = Article(
    url="http://news.a.edu.cn/news/1.html",
    title="学校举行开学典礼",
    published="2026-09-01",
    published_text="日期：2026-09-01",
    body="新生共3120人。",
    views=10,
    attachments=(Attachment(url="http://news.a.edu.cn/a.pdf", title="附件"),),
)
TWICE = replace(ONE, url="https://www.news.a.edu.cn/news/1.html", published_text="2026-09-01", views=12)
OTHER = replace(
    ONE,
    title="学校举行毕业典礼",
    published="2026-07-01",
    body="毕业生共2980人。",
    url="https://news.a.edu.cn/news/2.html",
)


@contextmanager
def before_keys() -> Iterator[None]:
    """Every address is an article, as before there were keys."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "key", lambda conn, url: url)
        patch.setattr(identity, "organisation", lambda conn, url: keys.organisation(url))
        yield


def write(archive: Archive, *looks: tuple[int, Article, str | None]) -> None:
    """Looks at articles: the day, what was read, the address asked for where a redirect led there."""
    with before_keys():
        writer = Writer(archive, "0.1.0")
        writer.start("crawl", [Site(name="a", timezone="UTC")], "2026-12-01T00:00:00Z", {})
        for day, article, asked in looks:
            at, url = f"2026-12-{day:02}T00:00:00Z", asked or article.url
            capture = Capture(url=url, captured_at=at, status=200, payload=article.body.encode())
            writer.write([ArticleItem(site="a", capture=capture, article=article)])
        writer.finish("2026-12-20T00:00:00Z", "finished", 1, 1)
    with archive.transaction() as conn:  # as the migration does
        for table in ("address", "frontier", "listing"):
            for (url,) in conn.execute(f"SELECT DISTINCT url FROM {table}").fetchall():
                conn.execute(f"UPDATE {table} SET key = ? WHERE url = ?", (keys.of(url), url))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with fresh(tmp_path / "archive.db") as held:
        yield held


def number(archive: Archive, table: str) -> int:
    return archive.rows(f"SELECT count(*) FROM {table}")[0][0]


def test_doubles_become_one_and_again_changes_nothing(archive: Archive) -> None:
    edited = replace(TWICE, body="新生共3121人。")
    write(archive, (1, ONE, None), (2, TWICE, None), (3, ONE, None), (4, edited, None), (4, OTHER, None))
    tables = ("capture", "address", "view_observation", "payload")
    before = {table: number(archive, table) for table in tables}
    run, found = joining.join(archive, "0.1.0", NOW)
    assert [(double.kept, double.other, double.why) for double in found] == [(1, 2, "key")]
    assert {table: number(archive, table) for table in tables} == before
    assert [row["body"] for row in archive.rows("SELECT body FROM snapshot WHERE article_id = 1 ORDER BY id")] == [
        ONE.body,
        edited.body,
    ]
    assert archive.rows("SELECT reason FROM chain WHERE crawl_id = ?", (run,))[0][0] == "finished"
    assert list(fixity.verify(archive)) == []
    after = state(archive)
    assert joining.join(archive, "0.1.0", NOW) == (0, [])
    assert state(archive) == after


SAME_SECOND = [(1, ONE, None), (1, TWICE, None), (3, replace(ONE, views=11), None), (3, TWICE, None)]
SERIES = [
    (1, ONE, None),
    (2, TWICE, None),
    (3, replace(ONE, body="新生共3121人。"), None),
    (5, TWICE, None),
    (6, OTHER, None),
]
OLDER = [(2, ONE, None), (1, TWICE, None), (4, ONE, None)]
THREE = [(1, ONE, None), (2, TWICE, None), (3, replace(ONE, url=ONE.url + ";jsessionid=0A"), None)]


@pytest.mark.parametrize("looks", [SAME_SECOND, SERIES, OLDER, THREE])
def test_what_was_joined_can_be_parted(archive: Archive, looks: list[tuple[int, Article, str | None]]) -> None:
    write(archive, *looks)
    tables = {
        "texts": "SELECT article_id, captured_at, published_text, parser FROM snapshot ORDER BY 1, 2",
        "files": "SELECT * FROM attachment ORDER BY 1, 2",
        "numbers": "SELECT id, url FROM article ORDER BY 1",
    }

    def all_of_it() -> dict[str, object]:
        return {"state": state(archive)} | {name: list(map(tuple, archive.rows(sql))) for name, sql in tables.items()}

    before = all_of_it()
    run, found = joining.join(archive, "0.1.0", NOW)
    assert found
    assert all_of_it() != before
    assert joining.part(archive, run, "0.1.0", NOW) == len(found)
    assert list(fixity.verify(archive)) == []
    assert all_of_it() == before
    with pytest.raises(ArchiveError, match="joined no articles"):
        joining.part(archive, run, "0.1.0", NOW)
    assert joining.join(archive, "0.1.0", NOW)[1] == found


def test_a_redirect_and_a_declared_address_join_what_says_the_same(archive: Archive) -> None:
    moved = replace(ONE, url="https://news.a.edu.cn/2026/1.html")
    shown = replace(OTHER, url="https://news.a.edu.cn/show?id=2")
    write(archive, (1, ONE, None), (2, OTHER, None), (3, moved, None), (4, shown, None), (5, moved, ONE.url))
    with archive.transaction() as conn:  # what a crawl before did: the look belonged to where it led
        conn.execute("UPDATE capture SET article_id = 3 WHERE captured_at LIKE '2026-12-05%'")
        for article_id in (1, 3):
            versions.settle(conn, article_id)
        conn.execute("UPDATE article SET canonical = ? WHERE id = 4", (keys.of(OTHER.url),))  # as reparse learns it
    _, found = joining.join(archive, "0.1.0", NOW)
    assert {(double.kept, double.other, double.why) for double in found} == {(1, 3, "redirect"), (2, 4, "canonical")}
    assert list(fixity.verify(archive)) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(TWICE, title="另一条新闻", body="另一篇正文。"),  # one key, and another text
        replace(TWICE, native_id="vsb:1:2"),  # two identities
        replace(OTHER, canonical=ONE.url),  # a template that declares one address for all
    ],
)
def test_what_only_looks_alike_stays_apart(archive: Archive, other: Article) -> None:
    write(archive, (1, replace(ONE, native_id="vsb:1:1") if other.native_id else ONE, None), (2, other, None))
    assert joining.join(archive, "0.1.0", NOW) == (0, [])


def test_a_merge_keeps_how_they_stood(archive: Archive, tmp_path: Path) -> None:
    write(archive, *SAME_SECOND)
    before = state(archive)
    joining.join(archive, "0.1.0", NOW)
    with Archive(tmp_path / "all.db", write=True) as everything:
        write(everything, (9, OTHER, None))
        merging.merge(everything, archive.path)
        assert merging.merge(everything, archive.path) == {}
        [row] = everything.rows("SELECT crawl_id FROM joined")
        joining.part(everything, row["crawl_id"], "0.1.0", NOW)
        assert list(fixity.verify(everything)) == []
        held = state(everything)
        for name in ("versions", "captures", "counts"):
            assert set(before[name]) <= set(held[name])


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive(path, write=True) as archive:
        write(archive, (1, ONE, None), (2, TWICE, None))

    def merge(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(newsspider, ["merge", *words, "--archive", str(path)])
        return result.exit_code, result.output

    assert merge("--self") == (0, "2 articles are 1 now; `newsspider merge --undo 2` takes it back\n")
    assert merge("--self") == (0, "no article is held twice\n")
    assert merge("--undo", "2") == (0, "1 article(s) stand by themselves again\n")
    assert merge("--undo", "1")[0] != 0
    assert merge()[0] == 2
    assert merge("--self", "--undo", "2")[0] == 2
