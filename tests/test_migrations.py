"""Archives of every earlier schema, opened with the code of today: no row is lost and all of it verifies."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from newsspider.archive import Archive, chain, digest, fixity, payloads, schema, seals
from newsspider.archive.payloads import zstd

STEPS = [step.__name__ for step in schema.STEPS]
PAGE = "<html>示例大学</html>".encode()
NAME = digest.payload(PAGE)
CONTENT = digest.fields("标题", "2026-03-01", None, None, None, "正文")
AT = "2026-03-01T00:01:00Z"
DERIVED = (
    "_",
    "sqlite_",
    "snapshot_search",
    "search_due",
    "count_",
    "alike",
    "text_mark",
    "reading_tally",
    "seal",
)  # made from other tables; `verify` compares them

# By the step that made the table: the row, by its columns of then.
ROWS: dict[str, list[tuple[str, dict[str, object]]]] = {
    "m001_founding": [
        ("site", {"name": "campus", "timezone": "Asia/Shanghai"}),
        (
            "crawl",
            {
                "id": 1,
                "kind": "crawl",
                "site": "campus",
                "started_at": AT,
                "finished_at": AT,
                "version": "0.1.0",
                "config": "{}",
            },
        ),
        ("crawl", {"id": 2, "kind": "crawl", "started_at": AT, "version": "0.1.0"}),  # it was killed
        ("listing", {"url": "http://campus.test/l.htm", "site": "campus"}),
        (
            "article",
            {"id": 7, "site": "campus", "url": "http://campus.test/1.htm", "native_id": "vsb:9:1", "title": "标题"}
            | {"published": "2026-03-01", "views": 12, "observed_at": AT, "counter": "http://campus.test/c?1"}
            | {"counter_family": "vsb", "counter_owner": "9", "counter_key": "1"}
            | {"first_seen_at": AT, "checked_at": AT, "last_seen_at": AT},
        ),
        (
            "address",
            {
                "url": "http://campus.test/1.htm",
                "listing": "",
                "article_id": 7,
                "first_seen_at": AT,
                "last_seen_at": AT,
            },
        ),
        ("frontier", {"url": "http://campus.test/2.htm", "site": "campus", "listing": "", "first_seen_at": AT}),
        ("payload", {"digest": NAME, "body": zstd.compress(PAGE), "encoding": "zstd", "size": len(PAGE)}),
        (
            "snapshot",
            {"id": 3, "article_id": 7, "captured_at": AT, "last_seen_at": AT, "url": "http://campus.test/1.htm"}
            | {"title": "标题", "published": "2026-03-01", "body": "正文", "content_digest": CONTENT}
            | {"payload_digest": NAME, "parser": "0.1.0/vsb"},
        ),
        (
            "capture",
            {
                "id": 5,
                "crawl_id": 1,
                "kind": "article",
                "url": "http://campus.test/1.htm",
                "captured_at": AT,
                "article_id": 7,
            }
            | {"snapshot_id": 3, "status": 200, "headers": "{}", "payload_digest": NAME, "outcome": "new"},
        ),
        (
            "capture",
            {
                "id": 6,
                "crawl_id": 2,
                "kind": "article",
                "url": "http://campus.test/1.htm",
                "captured_at": "2026-02-01T00:00:00Z",
            }
            | {"article_id": 7, "status": 404, "outcome": "gone", "error": "HTTP 404"},
        ),
        ("view_observation", {"article_id": 7, "observed_at": 1772323260, "views": 12, "method": 0, "crawl_id": 1}),
        (
            "attachment",
            {
                "article_id": 7,
                "url": "http://campus.test/a.pdf",
                "kind": "file",
                "first_seen_at": AT,
                "last_seen_at": AT,
            },
        ),
    ],
    "m002_fixity": [
        (
            "reread",
            {
                "capture_id": 5,
                "crawl_id": 2,
                "parser_before": "0.0.9/vsb",
                "parser": "0.1.0/vsb",
                "content_digest": CONTENT,
            }
            | {"changes": '{"author": "张三"}'},
        ),
        (
            "dictionary",
            {"id": 77, "site": "campus", "made_at": AT, "digest": digest.payload(b"words"), "body": b"words"},
        ),
    ],
    "m003_counting": [
        ("counting", {"article_id": 7, "asked_at": 1772323260, "due_at": 1772326860, "misses": 0}),
        ("counter_change", {"article_id": 7, "changed_at": AT, "family": "vsb", "owner": "9", "key": "0"}),
        ("poll_day", {"host": "campus.test", "day": "2026-03-01", "requests": 3}),
        ("calibration", {"site": "campus", "family": "vsb", "measured_at": AT, "article_id": 7, "readings": "[]"}),
    ],
    "m016_health": [
        ("health", {"crawl_id": 1, "site": "campus", "sign": "body", "value": 900.0, "total": 3.0, "message": "短"})
    ],
    "m017_former_names": [("former_name", {"name": "campus.test", "site": "campus", "renamed_at": AT})],
    "m007_joined": [
        ("joined", {"crawl_id": 1, "was": 8, "article_id": 7, "because": "key", "held": "{}"}),
    ],
    "m020_alerts": [
        ("alert_rule", {"rule": "all", "since": AT, "looked_at": AT, "capture_id": 5}),
        (
            "alert",
            {"id": 1, "uid": "a", "rule": "all", "event": "new", "site": "campus", "article_id": 7, "at": AT}
            | {"made_at": AT, "message": "{}"},
        ),
        ("alert_delivery", {"alert_id": 1, "way": "desk", "due_at": AT}),
    ],
    "m024_expectation": [
        (
            "forecast",
            {"article_id": 7, "hours": 24, "after": 6, "views": 12.0, "siblings": 20}
            | {"expected": 30.0, "low": 13.0, "high": 90.0},
        )
    ],
    "m022_transcripts": [
        ("transcript", {"payload_digest": NAME, "method": "pdf", "tool": "pypdf 7", "made_at": AT, "text": "放假"})
    ],
    "m006_identity": [("moved", {"place": "campus.test:8443", "before": "campus.test:8080", "found_at": AT})],
}


def earlier(path: Path, step: str) -> None:
    """An archive with rows, as the version whose last migration was ``step`` left it."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.row_factory = sqlite3.Row
    conn.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    db = Database(conn, execute_plugins=False)
    for done, following in zip(STEPS, [*STEPS[1:], None], strict=True):
        schema.loaded().apply(db, stop_before=following)
        for table, row in ROWS.get(done, []):
            marks = ",".join("?" * len(row))
            conn.execute(f"INSERT INTO {table} ({','.join(row)}) VALUES ({marks})", list(row.values()))
        if done == "m002_fixity":
            reread = ROWS[done][0][1]
            sums = chain.Sums()
            sums.add(2, chain.text_fact(*(reread[column] for column in chain.REREAD.split(", "))))
            sums.write(conn)
        if done == step:
            break
    if STEPS.index("m010_seals") <= STEPS.index(step):
        seals.fill(conn, seals.texts(conn))
    # Somebody's own view, of a table that a later step makes anew.
    conn.execute("CREATE VIEW mine AS SELECT url FROM capture")
    conn.close()


def rows(conn: sqlite3.Connection, columns: dict[str, list[str]]) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: sorted((tuple(row) for row in conn.execute(f"SELECT {','.join(names)} FROM {table}")), key=repr)
        for table, names in columns.items()
    }


def test_every_table_has_rows_here() -> None:
    """So that a migration cannot be forgotten: a new table has to be added to ROWS, with the step that made it."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    schema.upgrade(conn)
    names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    made = {name for name in names if not name.startswith(DERIVED)}
    filled = {table for step in ROWS.values() for table, _ in step} | {"chain"}
    assert made == filled
    assert set(ROWS) <= set(STEPS)


@pytest.mark.parametrize("step", STEPS)
def test_all_rows_of_an_earlier_archive_are_kept(tmp_path: Path, step: str) -> None:
    path = tmp_path / "archive.db"
    earlier(path, step)
    conn = sqlite3.connect(path)
    tables = [
        row[0]
        for row in conn.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'"
        )
    ]
    tables = [table for table in tables if not table.startswith(DERIVED)]
    columns = {table: [row[1] for row in conn.execute(f"PRAGMA table_info({table})")] for table in tables}
    before = rows(conn, columns)
    conn.close()
    assert all(before[table] for made in STEPS[: STEPS.index(step) + 1] for table, _ in ROWS.get(made, []))
    with Archive(path, write=True) as archive:
        assert rows(archive.conn, columns) == before
        assert list(fixity.verify(archive)) == []
        assert payloads.body(archive.conn, NAME) == PAGE
        assert [row[0] for row in archive.rows("SELECT url FROM mine")] == ["http://campus.test/1.htm"] * 2
        assert archive.rows("PRAGMA foreign_keys")[0][0] == 1
    with Archive(path) as archive:
        assert not schema.stale(archive.conn)


@pytest.mark.slow
def test_all_ways_lead_to_the_same_schema(tmp_path: Path) -> None:
    """An archive that was migrated step by step is the same as a new one."""
    schemas = []
    for step in [*STEPS, None]:
        path = tmp_path / f"{step}.db"
        if step:
            earlier(path, step)
        with Archive(path, write=True) as archive:
            sql = "SELECT name, sql FROM sqlite_master WHERE name NOT IN ('mine') ORDER BY name"
            schemas.append([tuple(row) for row in archive.rows(sql)])
    assert all(one == schemas[0] for one in schemas)
