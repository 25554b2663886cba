"""Many sites on many machines: the plan by itself, and workers on a PostgreSQL of the tests' own."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import forked
import postgres
import pytest
from fleet_campus import FleetCampus
from postgres import Postgres

from newsspider.archive import Archive, ArchiveError, Damaged, fixity
from newsspider.fleet import moving, plan, standing

PROGRAMS = postgres.programs()
LEASE = 10.0  # seconds; a loaded machine lets a living worker wait for some
DAY = timedelta(days=1)
Fleet = Callable[..., "subprocess.CompletedProcess[str]"]


def test_sites_that_share_a_host_by_way_of_a_third_share_a_lock() -> None:
    locks = plan.locks({"a": ["1.cn", "2.cn"], "b": ["3.cn"], "c": ["3.cn", "2.cn"], "d": ["4.cn"]})
    assert len({locks["a"], locks["b"], locks["c"]}) == 1
    assert locks["d"] not in (locks["a"], "1.cn", "2.cn", "3.cn")


def test_a_site_goes_where_its_host_is_else_where_fewest_are() -> None:
    assert plan.shard("x.cn", {"x.cn": 2}, {1: 1, 2: 50}) == 2
    assert plan.shard("y.cn", {"x.cn": 2}, {1: 1, 2: 50}) == 1
    assert plan.shard("y.cn", {}, {}) == 1


def test_a_lock_on_two_shards_is_told() -> None:
    assert plan.divided({"a": "x.cn", "b": "x.cn", "c": "y.cn"}, {"a": 1, "b": 2, "c": 1}) == {"x.cn": [1, 2]}


@pytest.mark.parametrize(
    ("kind", "code", "failures", "next_poll", "expected"),
    [
        ("crawl", 0, 0, None, DAY),
        ("crawl", 3, 1, None, timedelta(hours=1)),
        ("crawl", 3, 2, None, timedelta(hours=2)),
        ("crawl", 3, 40, None, DAY),
        ("crawl", -9, 1, None, timedelta(hours=1)),
        ("crawl", 75, 0, None, plan.FENCE),
        ("poll", 0, 0, timedelta(0), timedelta(minutes=10)),
        ("poll", 0, 0, timedelta(hours=5), timedelta(hours=5)),
        ("poll", 0, 0, None, plan.NOTHING_TO_POLL),
    ],
)
def test_when_work_is_due_again(
    kind: str, code: int, failures: int, next_poll: timedelta | None, expected: timedelta
) -> None:
    assert plan.wait(kind, plan.EVERY[kind], code, failures, next_poll) == expected


def test_a_copy_in_an_object_store_arrives_whole_or_not_at_all(tmp_path: Path) -> None:
    import fsspec

    Archive(tmp_path / "a.db", write=True).close()
    address = moving.send(tmp_path / "a.db", "memory://copies", datetime.now(UTC))
    moving.fetch(address, tmp_path / "elsewhere" / "a.db")
    assert moving.head(tmp_path / "elsewhere" / "a.db") == moving.head(tmp_path / "a.db")
    with fsspec.open(address, "wb") as copy:
        copy.write((tmp_path / "a.db").read_bytes()[:5000])
    with pytest.raises((Damaged, ArchiveError)):
        moving.fetch(address, tmp_path / "third" / "a.db")
    assert not list((tmp_path / "third").iterdir())


def test_the_page_holds_what_failed_and_nothing_executable(tmp_path: Path) -> None:
    trouble = standing.Trouble(
        site="a", shard=1, kind="crawl", exit_code=3, finished_at="2026-03-01T00:00:00Z", failures=2,
        due_at="2026-03-01T02:00:00Z", said="<script>alert(1)</script>",
    )  # fmt: skip
    shard = standing.Shard(number=1, sites=1, due=1, waiting=0, running=0, failed=1, late=1, latest=7200)
    page = standing.page(
        standing.Standing(
            at="2026-03-01T00:00:00Z",
            last_at=None,
            next_at="2026-03-01T02:00:00Z",
            workers=1,
            sites=1,
            shards=[shard],
            moving=[],
            troubles=[trouble],
        )
    )
    assert "<script>" not in page
    assert "crawl failed twice" in page
    assert "1 site · 1 worker · no job has ended yet · next due at 2026-03-01T02:00:00Z" in page


# On a real PostgreSQL


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    if PROGRAMS is None:
        pytest.skip("PostgreSQL is not here, and apt-get could not install it")
    folder = tmp_path_factory.mktemp("postgres")
    for parent in (folder, *folder.parents):  # initdb runs as another user, who has to get there
        if parent.owner() == "root" and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o111)
    with Postgres(PROGRAMS, folder / "cluster") as server:
        yield server


@pytest.fixture
def fleet(server: Postgres) -> Fleet:
    """`newsspider fleet …` on a database of the test's own."""
    import psycopg

    name = f"t{time.monotonic_ns()}"
    with psycopg.connect(server.dsn, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name}")
    dsn = server.dsn.rpartition("/")[0] + f"/{name}"

    def run(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "NEWSSPIDER_DSN": dsn}
        done = forked.run(["fleet", *map(str, arguments)], Path.cwd(), environment, timeout=100)
        assert done.returncode == code, done.stderr
        return done

    run.dsn = dsn  # type: ignore[attr-defined]
    return run


def rows(fleet: Fleet, sql: str) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(fleet.dsn, autocommit=True) as conn:  # type: ignore[attr-defined]
        cursor = conn.execute(sql)
        return cursor.fetchall() if cursor.description else []


def worker(fleet: Fleet, shard: int, folder: Path, *settings: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "newsspider", "fleet", "work", "--shard", str(shard), "--folder", str(folder)]
    command += ["--lake", str(folder.parent / "lake")]
    options = [part for setting in ("DOWNLOAD_DELAY=0.05", *settings) for part in ("-s", setting)]
    return subprocess.Popen(
        [*command, "--lease", str(LEASE), *options],
        env={**os.environ, "NEWSSPIDER_DSN": fleet.dsn},  # type: ignore[attr-defined]
        stderr=subprocess.DEVNULL,
    )


def settled(fleet: Fleet, kinds: str = "'crawl'") -> bool:
    """Whether nothing of these kinds is due, waits or runs."""
    return rows(
        fleet,
        f"SELECT (SELECT count(*) FROM fleet_due WHERE kind IN ({kinds}) AND due_at <= now())"
        " + (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = 'run')",
    ) == [(0,)]


def wait_for(condition: Callable[[], bool], tries: int = 600) -> None:
    for _ in range(tries):
        if condition():
            return
        time.sleep(0.2)
    raise AssertionError("it did not come to pass")


def test_what_is_no_fleet_or_no_server_is_a_sentence(fleet: Fleet, tmp_path: Path) -> None:
    assert "newsspider fleet init" in fleet("status", code=2).stderr
    assert "PostgreSQL does not answer" in fleet("status", "--dsn", "postgresql://127.0.0.1:1/x", code=2).stderr
    fleet("init")
    fleet("init")
    assert "no site of the fleet is named 'nope'" in fleet("retry", "nope", code=2).stderr


def test_two_planners_queue_nothing_twice_and_a_moved_site_takes_its_archive_along(
    fleet: Fleet, tmp_path: Path
) -> None:
    with FleetCampus(1) as campus:
        one, two = campus.write(tmp_path / "files")
    fleet("init")
    fleet("add", one, two)
    with ExitStack() as stack:
        planners = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "newsspider", "fleet", "plan", "--json"],
                    env={**os.environ, "NEWSSPIDER_DSN": fleet.dsn},  # type: ignore[attr-defined]
                    stdout=subprocess.PIPE,
                )
            )
            for _ in range(2)
        ]
        queued = [row["site"] for planner in planners for row in json.loads(planner.communicate()[0])]
    assert sorted(queued) == [one.stem, two.stem]
    assert fleet("plan", "--json").stdout == "[]\n"
    (tmp_path / "1").mkdir()
    Archive(tmp_path / "1" / f"{one.stem}.db", write=True).close()
    fleet("move", one.stem, 2, "--from", tmp_path / "1", "--to", tmp_path / "2")
    assert (tmp_path / "2" / f"{one.stem}.db").exists()
    assert [path.name for path in (tmp_path / "1").iterdir()] == [f"{one.stem}.db.moved-to-shard-2"]
    assert rows(fleet, "SELECT name, shard, moving_to FROM fleet_site ORDER BY shard") == [
        (two.stem, 1, None),
        (one.stem, 2, None),
    ]
    assert "lie on shards 1, 2" in fleet("add", one).stderr
    fleet("remove", one.stem)
    assert json.loads(fleet("status", "--json").stdout)["sites"] == 1


def test_a_killed_worker_and_a_killed_database_lose_nothing_and_do_nothing_twice(
    fleet: Fleet, server: Postgres, tmp_path: Path
) -> None:
    with FleetCampus(2) as campus, ExitStack() as stack:
        fleet("init")
        fleet("add", *campus.write(tmp_path / "files"), "--lake-every", "1d")
        workers = [worker(fleet, 1, tmp_path / "sites") for _ in range(2)]
        for one in workers:
            stack.callback(one.wait)
            stack.callback(one.terminate)
        wait_for(lambda: len(campus.log.of(kind="page")) > 6)
        busy = rows(fleet, "SELECT worker FROM fleet_run WHERE finished_at IS NULL")[0][0].rpartition(":")[2]
        next(one for one in workers if str(one.pid) == busy).kill()
        wait_for(lambda: len(campus.log.of(kind="page")) > 14)
        server.kill()
        time.sleep(5)
        server.start()
        wait_for(lambda: settled(fleet))
        rows(fleet, "UPDATE fleet_due SET due_at = now() WHERE kind = 'lake'")
        fleet("plan")
        wait_for(lambda: settled(fleet, "'lake'"))
        articles = [v.target for v in campus.log.of(kind="page") if "/info/" in v.target or "content.jsp" in v.target]
        assert campus.log.most.total() == 2  # never two at a time on a host
    held = {}
    for path in sorted((tmp_path / "sites").glob("*.db")):
        with sqlite3.connect(path) as conn:
            held[path.stem] = conn.execute(
                "SELECT count(*), count(views), count(DISTINCT url) FROM article WHERE kind = 'article'"
            ).fetchone()
        conn.close()
        with Archive(path) as archive:
            assert list(fixity.verify(archive)) == []
    assert len(held) == 4
    assert {len(set(of_site)) for of_site in held.values()} == {1}, held  # every article once, with its count
    lake = duckdb.sql(
        f"SELECT site, count(*), count(views) FROM '{tmp_path}/lake/table=articles/*/*/*.parquet'"
        " WHERE kind = 'article' GROUP BY 1"
    )
    assert {site: counts for site, *counts in lake.fetchall()} == {
        site: list(of_site[:2]) for site, of_site in held.items()
    }
    assert held["host-1-vsb"] == held["host-2-vsb"]
    assert held["host-1-vsb-notices"] == held["host-2-vsb-notices"]
    # At most what was in flight at the kill, or read and not yet committed (a batch is of a second), is asked again.
    assert len(articles) <= sum(of_site[0] for of_site in held.values()) * 1.5
    assert rows(fleet, "SELECT count(*) FROM fleet_run WHERE exit_code NOT IN (0, 75)") == [(0,)]


def test_no_other_module_knows_of_the_fleet() -> None:
    import newsspider

    root = Path(newsspider.__file__).parent
    naming = {path for path in root.rglob("*.py") if "newsspider.fleet" in path.read_text(encoding="utf-8")}
    assert {path.relative_to(root).parts[0] for path in naming} == {"fleet", "cli"}
    assert [path.name for path in naming if path.parent.name == "cli"] == ["fleet.py"]
