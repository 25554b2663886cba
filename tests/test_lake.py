"""The lake: Parquet by table, site and month, from many archives. All synthetic."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from looks import Look

from newsspider import cli
from newsspider.archive import Archive, ArchiveError, Damaged, naming
from newsspider.archive.store import Store
from newsspider.archive.writing import Writer
from newsspider.export import dataset, lake
from newsspider.export.lake import Written
from newsspider.items import Site

ONE = "http://campus.test/info/1001/1.htm"
OTHER = "http://campus.test/page/2.html"
MONTH = 31 * 24 * 60  # minutes from the first day of March to the first of April
DOCS = Path(__file__).parents[1] / "docs" / "scale.md"


def silent(part: str, done: int, total: int) -> None: ...


def at(minute: int) -> str:
    return Look(minute, ONE, "").at if minute < MONTH else Look(minute - MONTH, ONE, "").at.replace("-03-", "-04-")


def brought(path: Path, site: str, looks: Iterable[tuple[int, str, str]], kind: str = "crawl") -> None:
    """One run that looks so often; minutes after a month are of April."""
    looks = list(looks)
    with Archive(path, write=True) as archive:
        writer = Writer(archive, "0.1.0")
        writer.start(kind, [Site(name=site, title=site)], at(looks[0][0]), {})
        for minute, url, found in looks:
            item = Look(minute % MONTH, url, found).item()
            writer.write([replace(item, site=site, capture=replace(item.capture, captured_at=at(minute)))])
        writer.finish(at(looks[-1][0]), "finished", 0, 0)


def grown(path: Path, site: str = "campus") -> None:
    brought(
        path,
        site,
        [(1, ONE, "甲"), (2, OTHER, "甲"), (1500, ONE, "乙"), (MONTH + 5, ONE, "乙"), (MONTH + 6, OTHER, "gone")],
    )


def written(path: Path, place: Path | str, site: str = "campus") -> Written:
    with Archive(path) as archive:
        moment, _ = dataset.cut_at(archive, None, datetime.now(UTC))
        return lake.write(archive, Store(str(place)), site, moment, silent)


def files(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


def asked(place: Path, table: str, what: str = "*") -> list[tuple[Any, ...]]:
    return duckdb.sql(
        f"SELECT {what} FROM read_parquet('{place}/table={table}/**/*.parquet', hive_partitioning = true)"
    ).fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    grown(tmp_path / "campus.db")
    return tmp_path / "campus.db"


def test_it_holds_what_an_export_holds_by_the_month(path: Path, tmp_path: Path) -> None:
    done = written(path, tmp_path / "lake")
    with Archive(path) as archive:
        moment, _ = dataset.cut_at(archive, None, datetime.now(UTC))
        made = dataset.write(archive, tmp_path / "out", dataset.Wish(at=moment, formats=("parquet",)), silent)
    assert done.rows == dict(made.rows)
    for table, number in made.rows.items():
        if not number:
            continue
        names = ", ".join(f'"{column.name}"' for column in lake.TABLES[table].columns)
        exported = duckdb.sql(f"SELECT {names} FROM '{tmp_path}/out/data/{table}.parquet'")
        held = duckdb.sql(
            f"SELECT {names} FROM read_parquet('{tmp_path}/lake/table={table}/**/*.parquet', hive_partitioning = true)"
        )
        assert held.types == exported.types, table
        if table != "runs":  # a run of all sites is that of the site there
            assert sorted(held.fetchall(), key=repr) == sorted(exported.fetchall(), key=repr), table
    assert set(asked(tmp_path / "lake", "observations", "DISTINCT month")) == {("2026-03",), ("2026-04",)}
    assert asked(tmp_path / "lake", "versions", "count(body)") == [(3,)]


def test_again_it_writes_nothing(path: Path, tmp_path: Path) -> None:
    written(path, tmp_path / "lake")
    before = files(tmp_path / "lake")
    again = written(path, tmp_path / "lake")
    assert (again.written, again.removed, again.bytes) == ([], [], 0)
    assert files(tmp_path / "lake") == before


def test_what_is_new_is_in_its_month_and_months_that_are_over_rest(path: Path, tmp_path: Path) -> None:
    written(path, tmp_path / "lake")
    before = files(tmp_path / "lake")
    brought(path, "campus", [(MONTH + 90, OTHER, "丙")])
    done = written(path, tmp_path / "lake")
    assert "table=observations/site=campus/month=2026-04/data.parquet" in done.written
    assert "table=observations/site=campus/month=2026-03/data.parquet" not in done.written
    assert "table=daily_counts/site=campus/month=2026-03/data.parquet" not in done.written
    after = files(tmp_path / "lake")
    assert {name for name in before if before[name] != after[name]} <= {*done.written, "_lake/campus.json"}
    listed = json.loads(after["_lake/campus.json"])["files"]
    assert listed["table=observations/site=campus/month=2026-03/data.parquet"]["frozen"]
    assert not listed["table=observations/site=campus/month=2026-04/data.parquet"]["frozen"]


def test_late_readings_of_a_month_that_is_over_are_taken_in_and_told(path: Path, tmp_path: Path) -> None:
    written(path, tmp_path / "lake")
    brought(path, "campus", [(700, ONE, "甲")], kind="ingest")
    done = written(path, tmp_path / "lake")
    assert "table=observations/site=campus/month=2026-03/data.parquet" in done.revised
    assert asked(tmp_path / "lake", "observations", "count(*)") == [(done.rows["observations"],)]


def test_one_that_is_broken_off_is_made_good_by_the_next(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, left = Store.put, [3]

    def breaking(store: Store, source: Path, name: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        put(store, source, name)

    monkeypatch.setattr(Store, "put", breaking)
    with pytest.raises(KeyboardInterrupt):
        written(path, tmp_path / "lake")
    monkeypatch.undo()
    done = written(path, tmp_path / "lake")
    assert asked(tmp_path / "lake", "versions", "count(*)") == [(done.rows["versions"],)]
    assert lake.check(Store(str(tmp_path / "lake"))) == len(files(tmp_path / "lake")) - 1


def test_a_renamed_site_moves(path: Path, tmp_path: Path) -> None:
    written(path, tmp_path / "lake")
    with Archive(path, write=True) as archive, archive.transaction() as conn:
        naming.rename(conn, "campus", "college", "2026-05-01T00:00:00Z")
    done = written(path, tmp_path / "lake", "college")
    assert "_lake/campus.json" in done.removed
    assert asked(tmp_path / "lake", "articles", "DISTINCT site") == [("college",)]
    assert not [name for name in files(tmp_path / "lake") if "campus" in name]


def test_a_site_of_that_name_from_another_archive_is_refused(path: Path, tmp_path: Path) -> None:
    written(path, tmp_path / "lake")
    before = files(tmp_path / "lake")
    brought(tmp_path / "other.db", "campus", [(9, ONE, "丁")])
    with pytest.raises(ArchiveError, match="from another archive"):
        written(tmp_path / "other.db", tmp_path / "lake")
    assert files(tmp_path / "lake") == before


def test_an_object_store_and_what_differs_there(path: Path) -> None:
    import fsspec

    written(path, "memory://lake")
    store = Store("memory://lake")
    assert lake.check(store) > 10
    with fsspec.open("memory://lake/table=sites/site=campus/data.parquet", "ab") as file:
        file.write(b"x")
    store.remove("table=articles/site=campus/month=2026-03/data.parquet")
    with pytest.raises(Damaged, match=r"month=2026-03/data.parquet is missing; .*sites.* is not as it was written"):
        lake.check(store, ["campus"])


@pytest.mark.slow
def test_fifty_sites_and_the_queries_of_the_docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    totals = {}
    for number in range(50):
        site, path = f"site-{number:02}", tmp_path / "archives" / f"{number}.db"
        path.parent.mkdir(exist_ok=True)
        brought(
            path, site, [(1, ONE, "甲"), (2 + number, OTHER, "乙"), (20_000, ONE, "丙"), (MONTH + number, ONE, "丙")]
        )
        written(path, tmp_path / "lake", site)
        with Archive(path) as archive:
            totals[site] = tuple(archive.rows("SELECT count(*), count(views), sum(views) FROM article")[0])
    monkeypatch.chdir(tmp_path)
    queries = re.findall(r"```sql\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    answers = [duckdb.sql(query).fetchall() for query in queries]
    assert len(answers) == 4
    assert all(answers)
    assert {row[0]: row[1:] for row in answers[0]} == totals


def test_the_command(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*words: object) -> Any:
        return CliRunner().invoke(cli.newsspider, ["lake", *map(str, words)])

    place = tmp_path / "lake"
    assert "campus: 11 files written" in run(place, "--archive", path).stderr
    assert "campus: nothing new by 2026-04-01T00:06:00Z" in run(place, "--archive", path).stderr
    summary = json.loads(run(place, "--archive", path, "--json", "--site", "campus").stdout)
    assert summary["sites"][0]["written"] == []
    assert summary["sites"][0]["rows"]["withdrawals"] == 1
    assert "11 files" in run(place, "--check").stderr
    assert "there is no lake at" in str(run(tmp_path / "none", "--check").exception)
    assert "Protocol not known" in run("nope://x", "--archive", path).stderr
