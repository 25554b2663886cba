"""Searching: what is found is what the text says, whatever the index holds. All synthetic."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from looks import examples, fresh

from newsspider.archive import Archive, ArchiveError, derived, fixity, folding, search
from newsspider.cli.search import search as verb

DOCS = Path(__file__).parents[1] / "docs"
TEXTS = (  # title, body
    ("学校举行2026年招生宣传", "本科招生计划已经公布，AI人才培养方案同时发布。"),
    ("圖書館開放學習空間", "學習空間二十四小時開放。"),
    ("Café ＡＩ lab: C++ & “AT&T”", "The lab is open; android OR and notes 50% off_ 👩‍🔬."),
    ("校友会", '他说"科研 团队"很好。\n科研团队获奖'),
    (None, "nul\x00nul，한국어 がっこう　हिन्दी"),
    ("奖", "12345"),
)


def store(archive: Archive, *texts: tuple[str | None, str], site: str = "s") -> None:
    """An article for each text, with one version."""
    with archive.transaction() as conn:
        conn.execute("INSERT OR IGNORE INTO site (name, timezone) VALUES (?, 'Asia/Shanghai')", (site,))
        for title, body in texts:
            id_ = conn.execute(
                "INSERT INTO article (site, url, title, published, views, first_seen_at)"
                " SELECT ?1, 'http://s.test/' || count(*), ?2, '2026-03-0' || (count(*) + 1), count(*) * 10, '' FROM article",
                (site, title),
            ).lastrowid
            version(archive, id_ or 0, title, body, "2026-03-01T00:00:00Z")


def version(archive: Archive, article_id: int, title: str | None, body: str, at: str) -> int | None:
    return archive.conn.execute(
        "INSERT INTO snapshot (article_id, captured_at, last_seen_at, url, title, body, content_digest, parser)"
        " VALUES (?,?,?,'',?,?,'','')",
        (article_id, at, at, title, body),
    ).lastrowid


@pytest.fixture
def archive(tmp_path):
    with fresh(tmp_path / "archive.db") as archive:
        store(archive, *TEXTS)
        yield archive


def found(archive: Archive, query: str, **asked) -> list[int]:
    result = search.find(archive, query, limit=1000, **asked)
    assert result.total == len(result.hits)
    return [hit.article_id for hit in result.hits]


@pytest.mark.parametrize(
    ("query", "articles"),
    [
        ("招生", [1]),
        ("奖", [6, 4]),
        ("学习", [2]),
        ("學習空間", [2]),
        ("ai", [3, 1]),
        ("ＡＩ人才", [1]),
        ("cafe", [3]),
        ("2026年", [1]),
        ("c++", [3]),
        ("AT&T", [3]),
        ('"科研 团队"', [4]),
        ("科研 团队", [4]),
        ('"很好。科研"', []),
        ("android", [3]),
        ("招生 OR 学习", [2, 1]),
        ("lab NOT 学习", [3]),
        ("NOT 奖", [5, 3, 2, 1]),
        ("学校 AND 招生", [1]),
        ("OR", [3]),
        ("lab or notes", [3]),
        ("학", []),
        ("국", [5]),
        ("한국", [5]),
        ("👩‍🔬", [3]),
        ("50%", [3]),
        ("f_", [3]),
        ("，", [5, 1]),
        ("\x00", [5]),
        ("l\x00n", [5]),
        ("12345", [6]),
        ("1234567", []),
    ],
)
def test_words_are_found(archive: Archive, query: str, articles: list[int]) -> None:
    assert found(archive, query) == articles


LETTERS = st.text(alphabet="招生学习學習aA1é e\u0301ＡI，。 \x00\"'%_*()-:ANDORT👩🏽か\u3099ßıİﬁ²Ⅳ\n한", max_size=8)


@settings(max_examples=examples(12), deadline=None)
@given(
    texts=st.lists(st.tuples(st.none() | LETTERS, LETTERS), min_size=1, max_size=6),
    queries=st.lists(LETTERS, min_size=1, max_size=12),
)
def test_it_equals_looking_through_every_text(tmp_path_factory, texts, queries) -> None:
    with fresh(tmp_path_factory.mktemp("search") / "archive.db") as archive:
        store(archive, *texts)
        wanted = [search.same(f"{title or ''}\n{body}") for title, body in texts]
        headed = [search.same(title or "") for title, _ in texts]
        for query in queries:
            if not query.strip() or '"' in query:
                continue
            asked = search.same(query)
            phrase = f'"{query}"'
            assert sorted(found(archive, phrase)) == [n for n, text in enumerate(wanted, 1) if asked in text]
            assert sorted(found(archive, phrase, titles=True)) == [
                n for n, text in enumerate(headed, 1) if asked in text
            ]
        assert list(derived.wrong(archive.conn, lambda *_: None)) == []


def test_every_query_can_be_read() -> None:
    for query in (
        '"',
        '""',
        "AND",
        "OR OR",
        "NOT",
        "NOT NOT x",
        "a AND",
        "a OR OR b",
        '"a b',
        'a"b c"d',
        "()",
        "-a",
        "*",
    ):
        search.read(query)
    with pytest.raises(ArchiveError, match="empty"):
        search.read("  ")


def test_sorted_limited_and_filtered(archive: Archive) -> None:
    archive.conn.execute("UPDATE article SET views = 99 WHERE id = 1")
    assert found(archive, "ai", sort="views") == [1, 3]
    assert found(archive, "ai", since="2026-03-02") == [3]
    assert found(archive, "ai", until="2026-03-02") == [1]
    assert found(archive, "ai", until="2026-03") == [3, 1]
    assert found(archive, "ai", site="t") == []
    assert found(archive, "科研 OR 招生", sort="relevance") == [1, 4]
    two = search.find(archive, "ai", limit=1)
    assert (two.total, len(two.hits)) == (2, 1)


def test_hits_are_marked_where_they_stand(archive: Archive) -> None:
    [hit] = search.find(archive, "ＡＩ人才").hits
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["AI人才"]
    [hit] = search.find(archive, "学习空间 OR café").hits[-1:]
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["學習空間"]


def test_what_a_page_said_once(archive: Archive) -> None:
    with archive.transaction():
        version(archive, 1, "学校举行2026年宣传", "计划已经公布。", "2026-03-05T00:00:00Z")
    assert found(archive, "招生") == []
    [hit] = search.find(archive, "招生", versions=True).hits
    assert (hit.article_id, hit.version, hit.still) == (1, 1, False)
    assert [(hit.version, hit.still) for hit in search.find(archive, "宣传", versions=True).hits] == [
        (2, True),
        (1, True),
    ]


def test_an_article_of_which_a_listing_alone_tells(archive: Archive) -> None:
    archive.conn.execute(
        "INSERT INTO article (id, site, url, kind, title, first_seen_at) VALUES (9, 's', 'http://x.test/', 'external', '校外招生', '')"
    )
    assert found(archive, "招生") == [1, 9]
    assert found(archive, "招生", titles=True) == [1, 9]


def test_the_index_follows_every_change(archive: Archive) -> None:
    with archive.transaction() as conn:
        conn.execute("UPDATE snapshot SET body = '新的正文' WHERE article_id = 1")
        conn.execute("DELETE FROM snapshot WHERE article_id = 2")
        conn.execute("UPDATE snapshot SET title = '甲' WHERE article_id = 6")
        conn.execute("UPDATE snapshot SET title = '乙' WHERE article_id = 6")
    assert (found(archive, "正文"), found(archive, "方案"), found(archive, "学习")) == ([1], [], [])
    assert (found(archive, "甲"), found(archive, "乙")) == ([], [6])
    assert list(derived.wrong(archive.conn, lambda *_: None)) == []


def test_what_was_changed_by_hand_is_due_and_then_found(archive: Archive) -> None:
    archive.conn.execute("UPDATE snapshot SET body = '新的正文' WHERE article_id = 1")
    assert found(archive, "新的") == []
    with Archive(archive.path, write=True) as again:
        assert found(again, "新的") == [1]


def test_verify_finds_a_wrong_index_and_rebuild_mends_it(archive: Archive) -> None:
    archive.conn.execute("INSERT INTO snapshot_search (rowid, pairs) VALUES (1, '多余')")
    archive.conn.execute("INSERT INTO snapshot_search (rowid, pairs) VALUES (77, '多余')")
    damaged = [damage.what for damage in fixity.verify(archive) if "search" in damage.what]
    assert damaged == ["search index of snapshot 1", "search index of snapshot 77"]
    derived.rebuild(archive.conn, archive.sealed, lambda *_: None)
    assert [damage.what for damage in fixity.verify(archive) if "search" in damage.what] == []
    assert found(archive, "招生") == [1]


def test_the_documented_query_finds_the_same(archive: Archive) -> None:
    """In SQL alone, as docs/search.md has it, for queries that need no folding."""
    sql = re.findall(r"```sql\n(.*?)```", (DOCS / "search.md").read_text(encoding="utf-8"), re.S)[0]
    for query in ("招生", "奖", "ai人才", "科研团队", "学", "12345", "空間"):
        rows = archive.rows(sql.replace("'招生'", f"'{query}'"))
        asked = {row["article_id"] for row in rows}
        assert asked == {
            row["article_id"]
            for row in archive.rows(
                "SELECT article_id FROM latest_text WHERE coalesce(title, '') || char(10) || body LIKE ?",
                (f"%{query}%",),
            )
        }


def test_traditional_characters_have_a_simplified_one_each() -> None:
    table = folding._table()
    assert all(chr(one).isalnum() and other.isalnum() for one, other in table.items())
    assert not any(ord(other) in table for other in table.values())
    assert set(folding.written("台")) >= {"台", "臺"}


def test_on_the_command_line(archive: Archive) -> None:
    options = ["--archive", str(archive.path)]
    result = CliRunner().invoke(verb, ["招生", *options])
    assert "学校举行2026年招生宣传" in result.stdout
    assert "1 hit, newest first" in result.stderr
    answer = json.loads(CliRunner().invoke(verb, ["招生", "--json", *options]).stdout)
    assert answer["total"] == 1
    assert answer["hits"][0]["article_id"] == 1
    nothing = CliRunner().invoke(verb, ["没有这个", "--json", *options])
    assert json.loads(nothing.stdout) == {"query": "没有这个", "total": 0, "hits": []}
    assert isinstance(CliRunner().invoke(verb, ["招生", "--site", "nowhere", *options]).exception, ArchiveError)
    assert CliRunner().invoke(verb, ["招生", "--since", "soon", *options]).exit_code == 2
