from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looks import SITE, Look, examples, record

from newsspider.archive import Archive, fixity, schema
from newsspider.archive.writing import Writer

URL = "http://campus.test/info/1001/1.htm"
OTHER = "http://campus.test/page/2.html"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Archive(path, write=True) as archive:
        record(archive, [Look(1, URL, "甲"), Look(2, OTHER, "甲"), Look(3, URL, "乙")])
        record(archive, [Look(4, URL, "乙"), Look(5, OTHER, "gone"), Look(6, URL, "failed")])
    return path


def damages(path: Path) -> list[str]:
    with Archive(path) as archive:
        return [f"{damage.what}: {damage.found}" for damage in fixity.verify(archive)]


def edit(path: Path, sql: str) -> None:
    conn = sqlite3.connect(path)
    conn.execute(sql)
    conn.commit()
    conn.close()


def test_reading_writes_nothing(path: Path) -> None:
    before = path.read_bytes()
    with Archive(path) as archive:
        assert not schema.stale(archive.conn)
    assert path.read_bytes() == before


def test_an_archive_as_written_is_whole(path: Path) -> None:
    assert damages(path) == []


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE view_observation SET views = views + 1 WHERE article_id = 1 AND observed_at % 2 = 0", "run 1"),
        ("DELETE FROM view_observation WHERE article_id = 2", "run 1"),
        ("UPDATE article SET views = views + 1 WHERE id = 1", "article 1"),
        ("UPDATE article SET title = '别的' WHERE id = 1", "article 1"),
        ("UPDATE snapshot SET body = body || ' ' WHERE id = 1", "snapshot 1"),
        ("UPDATE snapshot SET captured_at = '2020-01-01T00:00:00Z' WHERE id = 1", "snapshot 1"),
        ("UPDATE capture SET captured_at = '2026-03-01T00:01:01Z' WHERE id = 1", "run 1"),
        ("UPDATE capture SET status = 200 WHERE status = 503", "run 2"),
        ("DELETE FROM capture WHERE error = 'gone'", "run 2"),
        ("UPDATE crawl SET requests = 2 WHERE id = 1", "run 1"),
        ("UPDATE crawl SET finished_at = NULL WHERE id = 1", "run 1"),
        ("UPDATE payload SET size = size + 1", "payload sha256"),
        ("UPDATE chain SET crawl_id = 2 WHERE id = 1", "chain link 1"),
        ("DELETE FROM chain WHERE id = 1", "run 1"),
    ],
)
def test_an_edit_shows(path: Path, sql: str, what: str) -> None:
    edit(path, sql)
    assert any(damage.startswith(what) for damage in damages(path))


def test_an_edit_that_mends_its_digests_shows_all_the_same(path: Path) -> None:
    from newsspider.archive import digest

    changed = digest.fields("标题甲", "2026-03-01", None, None, None, "改过")
    edit(path, f"UPDATE snapshot SET body = '改过', content_digest = '{changed}' WHERE id = 1")
    assert "snapshot 1: is not what its captures read" in damages(path)
    edit(path, f"UPDATE capture SET content_digest = '{changed}' WHERE snapshot_id = 1")
    assert any(damage.startswith("run 1") for damage in damages(path))


COLUMNS = ["payload.body", "snapshot.body", "snapshot.title", "view_observation.views", "dictionary.body"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With pages that stand alone, with a dictionary and as patches, and counts that no other number in the file looks like."""
    path = tmp_path_factory.mktemp("whole") / "archive.db"
    with Archive(path, write=True) as archive:
        record(archive, [Look(minute, URL, "甲乙丙"[minute % 3]) for minute in range(4)])
        items = []
        for number in range(30):
            look = Look(200 + number, f"http://campus.test/info/1001/{number + 7}.htm", "甲")
            payload = f"<html>{'一样的菜单' * 50}{number}</html>".encode()
            item = Look(look.minute, URL, "甲").item()
            article = replace(
                item.article, url=look.url, native_id=None, body=f"第{number}条正文", views=0x3A5C7E10 + number
            )
            capture = replace(item.capture, url=look.url, payload=payload)
            items.append(replace(item, article=article, capture=capture))
            items.append(
                replace(
                    item,
                    article=article,
                    capture=replace(capture, captured_at=Look(900, "", "").at, payload=payload + b"x"),
                )
            )
        writer = Writer(archive, "0.1.0")
        writer.start("crawl", [SITE], "2026-03-03T00:00:00Z", {})
        writer.write(items)
        writer.finish("2026-03-03T01:00:00Z", "finished", 1, 1)
        kinds = archive.rows("SELECT count(*), sum(dictionary IS NOT NULL) > 0, sum(base IS NOT NULL) > 0 FROM payload")
        assert tuple(kinds[0])[1:] == (1, 1)
    return path


@pytest.mark.slow
@settings(max_examples=examples(40), deadline=None)
@given(data=st.data(), column=st.sampled_from(COLUMNS))
def test_a_flipped_bit_anywhere_is_found(whole: Path, data: st.DataObject, column: str) -> None:
    table, name = column.split(".")
    conn = sqlite3.connect(whole)
    values = [row[0] for row in conn.execute(f"SELECT {name} FROM {table}" + " WHERE views > 1e8" * (name == "views"))]
    conn.close()
    value = data.draw(st.sampled_from(values))
    stored = value.to_bytes(4, "big") if isinstance(value, int) else value.encode() if isinstance(value, str) else value
    bytes_ = bytearray(whole.read_bytes())
    places = [found.start() for found in re.finditer(re.escape(stored), bytes_)]
    start = data.draw(st.sampled_from(places))
    bytes_[start + data.draw(st.integers(0, len(stored) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    broken = whole.with_name("broken.db")
    broken.write_bytes(bytes_)
    assert damages(broken)


def test_a_killed_run_is_linked_when_the_next_of_its_kind_starts(path: Path) -> None:
    with Archive(path, write=True) as archive:
        record(archive, [Look(7, URL, "丙")], finish=False)
    assert damages(path) == []
    with Archive(path, write=True) as archive:
        record(archive, [Look(8, URL, "丙")])
        reasons = [row[0] for row in archive.rows("SELECT reason FROM chain ORDER BY id")]
    assert reasons == ["finished", "finished", "killed", "finished"]
    assert damages(path) == []
    edit(path, "UPDATE crawl SET started_at = '2020-01-01T00:00:00Z' WHERE id = 3")
    assert "run 3: was changed after it was linked into the chain" in damages(path)
