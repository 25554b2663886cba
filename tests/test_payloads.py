from __future__ import annotations

from pathlib import Path

import pytest
from looks import SITE, Look, record

from newsspider.archive import Archive, dictionaries, fixity, payloads

HEAD = "".join(f"<div class='menu-{number}'><a href='/{number}.htm'>栏目{number}</a></div>" for number in range(200))


def page(number: int, words: str = "") -> bytes:
    text = "".join(chr(0x4E00 + (number * 7919 + place * 104729) % 20000) for place in range(300))
    return f"<html>{HEAD}<h1>第{number}号</h1><p>{text}{words}</p></html>".encode()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "archive.db", write=True)
    record(archive, [])
    return archive


def keep(archive: Archive, pages: dict[str, bytes], minute: int = 0) -> None:
    """Holds pages as captures of one run."""
    with archive.transaction() as conn:
        packer = payloads.Packer(conn)
        for url, body in pages.items():
            name = packer.keep(body, SITE.name, url)
            conn.execute(
                "INSERT INTO capture (crawl_id, kind, url, captured_at, payload_digest, outcome) VALUES (1, 'article', ?, ?, ?, 'new')",
                (url, Look(minute, url, "").at, name),
            )


def test_the_bytes_come_back(archive: Archive) -> None:
    bodies = {f"http://campus.test/{number}": page(number) for number in range(5)}
    keep(archive, {**bodies, "http://campus.test/empty": b"\x00\xff"})
    rows = dict(archive.rows("SELECT url, payload_digest FROM capture"))
    assert all(payloads.body(archive.conn, rows[url]) == body for url, body in bodies.items())


def test_a_page_not_held(archive: Archive) -> None:
    with pytest.raises(KeyError, match="sha256:0"):
        payloads.body(archive.conn, "sha256:0")


def test_a_site_gets_a_dictionary_once_enough_pages_are_held(archive: Archive) -> None:
    few = {f"http://campus.test/{number}": page(number) for number in range(dictionaries.ENOUGH - 1)}
    keep(archive, few)
    dictionaries.begin(archive, "2026-03-02T00:00:00Z")
    assert archive.rows("SELECT * FROM dictionary") == []
    keep(archive, {"http://campus.test/next": page(99)})
    before = archive.rows("SELECT sum(length(body)) FROM payload")[0][0]
    dictionaries.begin(archive, "2026-03-02T00:00:00Z")
    after = archive.rows("SELECT sum(length(body)) FROM payload")[0][0]
    assert len(archive.rows("SELECT * FROM dictionary")) == 1
    assert after < before * 0.7
    keep(archive, {"http://campus.test/later": page(123)})
    [row] = archive.rows(
        "SELECT * FROM payload WHERE digest = (SELECT payload_digest FROM capture WHERE url LIKE '%later')"
    )
    assert row["dictionary"] is not None
    assert payloads.Opener(archive.conn).body(row) == page(123)


def test_a_changed_page_costs_its_difference(archive: Archive) -> None:
    url = "http://campus.test/1"
    for minute, words in enumerate(["", "一处", "又一处"]):
        keep(archive, {url: page(1, words)}, minute)
    rows = archive.rows("SELECT * FROM payload ORDER BY rowid")
    assert [row["base"] for row in rows] == [None, rows[0]["digest"], rows[0]["digest"]]
    assert all(len(row["body"]) < 60 for row in rows[1:])
    assert [payloads.Opener(archive.conn).body(row) for row in rows] == [page(1), page(1, "一处"), page(1, "又一处")]


def test_compacting_keeps_every_byte(archive: Archive) -> None:
    keep(archive, {f"http://campus.test/{number}": page(number) for number in range(40)})
    keep(archive, {"http://campus.test/1": page(1, "改")}, 5)
    before, after = dictionaries.compact(archive, "2026-03-02T00:00:00Z", lambda part, done, total: None)
    assert after < before
    dictionaries.compact(archive, "2026-03-03T00:00:00Z", lambda part, done, total: None)
    assert len(archive.rows("SELECT * FROM dictionary")) == 1
    found = [damage.what for damage in fixity.verify(archive) if not damage.what.startswith("run")]
    assert found == []
