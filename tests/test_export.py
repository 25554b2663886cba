"""Datasets: what the archive knew by a moment, in files that validators accept and loaders read. All synthetic."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from looks import SITE, Look, record

from newsspider.archive import Archive, ArchiveError, Damaged
from newsspider.archive.cut import Cut
from newsspider.archive.writing import Writer
from newsspider.cli import export as verb
from newsspider.export import dataset, formats, tables
from newsspider.items import Article, ArticleItem

ONE = "http://campus.test/info/1001/1.htm"
OTHER = "http://campus.test/page/2.html"
LOOKS = [
    Look(1, ONE, "甲"),
    Look(2, OTHER, "甲"),
    Look(1500, ONE, "乙"),
    Look(1600, ONE, "gone"),
    Look(1700, ONE, "丙"),
    Look(3000, OTHER, "gone"),
]
CUT = "2026-03-03T00:00:00Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Archive(path, write=True) as archive:
        record(archive, LOOKS)
    return path


def silent(part: str, done: int, total: int) -> None: ...


def written(path: Path, folder: Path, **asked: Any) -> dataset.Made:
    asked = {"at": CUT, "formats": ("csv",), **asked}
    with Archive(path) as archive:
        return dataset.write(archive, folder, dataset.Wish(**asked), silent)


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(*words: object) -> Any:
    return CliRunner().invoke(verb.export, [*map(str, words)], catch_exceptions=True)


# What was known by then


def test_what_was_seen_by_the_cut(path: Path, tmp_path: Path) -> None:
    written(path, tmp_path / "out", at="2026-03-02T02:00:00Z")
    [one, other] = rows(tmp_path / "out", "articles")
    assert (one["title"], one["views"], one["versions"]) == ("标题乙", "1501", "2")
    assert (other["title"], other["gone_since"]) == ("标题甲", "")
    assert [row["version"] for row in rows(tmp_path / "out", "versions")] == ["1", "2", "1"]
    assert {(row["field"], row["before"]) for row in rows(tmp_path / "out", "edits")} == {
        ("title", "标题甲"),
        ("body", "甲：本页为测试而写。"),
    }
    assert rows(tmp_path / "out", "withdrawals") == []


def test_withdrawals_are_known_from_the_look_that_found_them(path: Path, tmp_path: Path) -> None:
    written(path, tmp_path / "during", at=Look(1650, ONE, "").at)
    assert [row["reappeared_at"] for row in rows(tmp_path / "during", "withdrawals")] == [""]
    assert rows(tmp_path / "during", "articles")[0]["gone_since"] == Look(1600, ONE, "").at
    written(path, tmp_path / "after", at=CUT)
    assert [row["reappeared_at"] for row in rows(tmp_path / "after", "withdrawals")] == [Look(1700, ONE, "").at]
    assert rows(tmp_path / "after", "articles")[0]["gone_since"] == ""


def brought(archive: Archive, kind: str, at: str, looks: Iterable[Look]) -> None:
    writer = Writer(archive, "0.1.0")
    writer.start(kind, [SITE], at, {})
    for look in looks:
        writer.write([look.item()])
    writer.finish(at.replace("T00", "T01"), "finished", 0, 0)


def later_crawl(archive: Archive) -> None:
    brought(archive, "crawl", "2026-03-04T00:00:00Z", [Look(4400, ONE, "丁"), Look(4401, OTHER, "乙")])


def later_ingest(archive: Archive) -> None:
    """Looks from the same days, brought after the cut."""
    early = [Look(0, ONE, "丙"), Look(1550, ONE, "丁"), Look(2, "http://campus.test/info/1002/1.htm", "乙")]
    brought(archive, "ingest", "2026-03-09T00:00:00Z", early)


def later_reparse(archive: Archive) -> None:
    """Every page of article 1 reads otherwise by a later parser."""
    from newsspider.archive import reading, rereads

    writer = Writer(archive, "0.2.0")
    writer.start("reparse", [], "2026-03-09T00:00:00Z", {})
    upgrade = rereads.Upgrade(writer.crawl_id, "0.2.0")
    pages = [row for row in reading.article_pages(archive) if row["article_id"] == 1]
    again = [
        (
            row,
            Article(
                url=row["url"],
                title=f"新{row['title']}",
                published="2026-02-28",
                body=row["text"] + "完",
                views=row["views"],
            ),
        )
        for row in pages
    ]
    with archive.transaction() as conn:
        upgrade.keep(conn, [rereads.changes(conn, again)])
    writer.finish("2026-03-09T01:00:00Z", "finished", 0, 0)


@pytest.mark.parametrize("later", [later_crawl, later_ingest])
@pytest.mark.parametrize("at", ["2026-03-02T02:00:00Z", CUT, "2026-03-03T02:00:00Z"])
def test_the_same_cut_is_the_same_bytes_whatever_came_later(
    path: Path, tmp_path: Path, at: str, later: Callable[[Archive], None]
) -> None:
    written(path, tmp_path / "one", at=at, formats=("csv", "jsonl", "parquet", "txt", "warc"))
    with Archive(path, write=True) as archive:
        later(archive)
    written(path, tmp_path / "two", at=at, formats=("csv", "jsonl", "parquet", "txt", "warc"))
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_what_a_later_parser_reads_is_not_what_was_known(path: Path, tmp_path: Path) -> None:
    written(path, tmp_path / "one")
    with Archive(path, write=True) as archive:
        later_reparse(archive)
    written(path, tmp_path / "two")
    for table in ("articles", "versions", "edits", "withdrawals"):
        for before, after in zip(rows(tmp_path / "one", table), rows(tmp_path / "two", table), strict=True):
            assert after == before
    written(path, tmp_path / "new", at="2026-03-10T00:00:00Z")
    assert rows(tmp_path / "new", "articles")[0]["title"] == "新标题丙"
    assert rows(tmp_path / "new", "runs")[-1]["kind"] == "reparse"


def test_events_are_those_of_the_readings_known(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"

    def look(minute: int, views: int) -> ArticleItem:
        item = Look(minute, ONE, "甲").item()
        assert item.article
        article = Article(url=ONE, native_id="vsb:9:1", title="标题", body="文", views=views)
        return ArticleItem(site=SITE.name, capture=item.capture, article=article)

    with Archive(path, write=True) as archive:
        writer = Writer(archive, "0.1.0")
        writer.start("crawl", [SITE], "2026-03-01T00:00:00Z", {})
        for minute, views in ((0, 1000), (60, 1200), (120, 100), (180, 1300), (1500, 90)):
            writer.write([look(minute, views)])
        writer.finish("2026-03-02T02:00:00Z", "finished", 1, 1)
        expected = [tuple(row) for row in archive.rows("SELECT event, at FROM counter_event ORDER BY at")]
        for at, known in (("2026-03-01T02:30:00Z", 1), ("2026-03-02T02:00:00Z", len(expected))):
            with Cut(archive, at).open() as cut:
                assert [(row["event"], row["at"]) for row in cut.events(1)] == expected[:known]
    assert [event for event, _ in expected] == ["reset", "restored", "reset"]


def test_days_are_those_of_the_site(path: Path, tmp_path: Path) -> None:
    with Archive(path, write=True) as archive:
        brought(
            archive,
            "crawl",
            "2026-03-04T00:00:00Z",
            [Look(3 * 1440 + 15 * 60, ONE, "丙"), Look(3 * 1440 + 17 * 60, ONE, "丙")],
        )
        archive.conn.execute("UPDATE site SET timezone = 'Asia/Shanghai'")
    written(path, tmp_path / "out", at="2026-03-30T00:00:00Z")
    assert [
        (row["day"], row["readings"]) for row in rows(tmp_path / "out", "daily_counts") if row["article_id"] == "1"
    ][-2:] == [
        ("2026-03-04", "1"),
        ("2026-03-05", "1"),
    ]


# Files


def test_an_export_is_checked_replaced_and_guarded(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(path, out, formats=("csv", "jsonl"))
    assert dataset.check(out) == len(contents(out)) - 1
    (out / "notes.txt").write_text("mine")
    written(path, out)
    assert (out / "notes.txt").read_text() == "mine"
    assert not (out / "data" / "articles.jsonl").exists()
    (out / "data" / "articles.csv").write_text("")
    (out / "codebook.csv").unlink()
    with pytest.raises(Damaged, match=r"codebook\.csv is missing; data/articles\.csv is not as"):
        dataset.check(out)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").write_text("…")
    with pytest.raises(ArchiveError, match="not empty and no export"):
        written(path, tmp_path / "full")
    with pytest.raises(ArchiveError, match="no export of newsspider"):
        dataset.check(tmp_path / "full")


def test_a_write_that_breaks_off_leaves_the_earlier_export(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    written(path, out)
    before = contents(out)
    monkeypatch.setattr(dataset.card, "pages", lambda made: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        written(path, out, at="2026-03-01T12:00:00Z")
    assert contents(out) == before


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'quoted", "'=1"])
def test_no_cell_is_a_formula_and_each_can_be_read_back(text: str) -> None:
    assert formats.safe(text) == f"'{text}"
    assert formats.safe("招生") == "招生"


def test_without_texts(path: Path, tmp_path: Path) -> None:
    written(path, tmp_path / "out", texts=False, formats=("csv", "jsonl"))
    assert not [name for name, held in contents(tmp_path / "out").items() if "本页为测试而写".encode() in held]
    assert {row["after_length"] for row in rows(tmp_path / "out", "edits") if row["field"] == "body"} == {"10"}


def test_the_founding_names_in_chinese(path: Path, tmp_path: Path) -> None:
    written(path, tmp_path / "out", lang="zh", formats=("jsonl",))
    first = json.loads((tmp_path / "out" / "data" / "articles.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert {
        "标题": "标题丙",
        "发布日期": "2026-03-01",
        "浏览次数": 1702,
        "正文内容": "丙：本页为测试而写。",
    }.items() <= first.items()


def test_names_are_told_apart_in_both_languages() -> None:
    for table in tables.TABLES:
        for lang in ("en", "zh"):
            names = [column.named(lang) for column in table.columns]
            assert len(set(names)) == len(names)
        assert {*table.key} <= {column.name for column in table.columns if column.required}


# The command


def test_the_command(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run(out, "--archive", path, "--as-of", "2026-03-02", "--site", "campus", "--format", "csv,jsonl", "--bom")
    assert said.exit_code == 0, said.output
    assert "2 articles, 4 versions, 4 readings by 2026-03-02T23:59:59Z" in said.output
    assert (out / "data" / "articles.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "all as written" in run(out, "--check").output
    assert "is no format; it takes csv" in run(out, "--archive", path, "--format", "xls").output
    assert "did you mean campus" in str(run(out, "--archive", path, "--site", "campu").exception)


def test_a_day_that_is_not_over_is_cut_at_the_last_moment(path: Path, tmp_path: Path) -> None:
    said = run(tmp_path / "out", "--archive", path, "--as-of", "9000-01-01")
    assert "is not over yet: the cut is at the archive's last moment, 2026-03-03T02:00:00Z" in said.output


@pytest.mark.parametrize(("kind", "module", "extra"), [("parquet", "pyarrow", "parquet"), ("warc", "warcio", "warc")])
def test_a_missing_extra_is_one_sentence(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    said = run(tmp_path / "out", "--archive", path, "--format", kind)
    assert said.exit_code == 2
    assert f"pip install 'newsspider[{extra}]'" in said.output


# Validators and loaders


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    with Archive(folder / "archive.db", write=True) as archive:
        record(archive, LOOKS)
    written(folder / "archive.db", folder / "out", formats=("csv", "jsonl", "parquet", "txt", "warc"))
    return folder / "out"


def test_frictionless_finds_the_package_valid(everything: Path) -> None:
    import frictionless

    report = frictionless.Package(str(everything / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "type", "message"])


def test_rocrate_reads_the_crate(everything: Path) -> None:
    from rocrate.rocrate import ROCrate

    crate = ROCrate(str(everything))
    assert "data/articles.parquet" in {entity.id for entity in crate.data_entities}
    assert crate.root_dataset["license"].id == "https://spdx.org/licenses/CC-BY-4.0"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib, which it uses
def test_mlcroissant_reads_the_records(everything: Path) -> None:
    import mlcroissant

    found = mlcroissant.Dataset(jsonld=str(everything / "croissant.json"))
    records = list(found.records("articles"))
    assert [record["articles/views"] for record in records] == [1702, 2]


@pytest.mark.slow
def test_cffconvert_takes_the_citation(everything: Path, tmp_path: Path) -> None:
    """Apart: it wants an older jsonschema than frictionless does."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    installed = subprocess.run([*pip, "--target", tmp_path / "apart", "cffconvert"], capture_output=True, check=False)
    if installed.returncode:
        pytest.skip("pip could not install cffconvert")
    code = (
        "import cffconvert, pathlib, sys; citation = cffconvert.Citation(pathlib.Path(sys.argv[1]).read_text('utf-8'));"
        "citation.validate(); print(citation.as_bibtex())"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, everything / "CITATION.cff"],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "apart")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert "newsspider" in said.stdout


def test_loaders_read_the_same_rows_with_types(everything: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb
    import pandas
    from pyarrow import parquet

    monkeypatch.chdir(everything)
    with duckdb.connect() as conn:
        for statement in Path("queries/duckdb.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                conn.execute(statement)
        of_duckdb = conn.execute(
            "SELECT title, views, CAST(first_seen_at AS VARCHAR) FROM articles ORDER BY article_id"
        ).fetchall()
        assert conn.execute("SELECT DISTINCT typeof(day), typeof(views) FROM daily_counts").fetchall() == [
            ("DATE", "BIGINT")
        ]
    of_csv = rows(everything, "articles")
    of_json = [json.loads(line) for line in Path("data/articles.jsonl").read_text(encoding="utf-8").splitlines()]
    of_parquet = parquet.read_table("data/articles.parquet").to_pylist()
    assert [(row["title"], int(row["views"])) for row in of_csv] == [(title, views) for title, views, _ in of_duckdb]
    assert [(row["title"], row["views"]) for row in of_json] == [(row["title"], row["views"]) for row in of_parquet]
    frame = pandas.read_parquet("data/observations.parquet")
    assert str(frame["observed_at"].dtype.tz) == "UTC"
    assert frame["views"].dtype == "int64"


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_ready_queries_run(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, lang: str
) -> None:
    import runpy

    import duckdb

    written(path, tmp_path / "out", formats=(kind,), lang=lang)
    monkeypatch.chdir(tmp_path / "out")
    with duckdb.connect() as conn:
        for statement in Path("queries/duckdb.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                conn.execute(statement)
        assert conn.execute("SELECT count(*) FROM versions").fetchone() == (4,)
    loaded = runpy.run_path("queries/load.py")["tables"]
    assert {name: len(frame) for name, frame in loaded.items()} == {
        "articles": 2,
        "versions": 4,
        "observations": 4,
        "daily_counts": 3,
        "events": 0,
        "edits": 4,
        "withdrawals": 1,
        "sites": 1,
        "runs": 1,
    }


def test_checksums_are_those_of_sha256sum(everything: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=everything, check=True)


@pytest.mark.skipif(not shutil.which("Rscript"), reason="apt-get install r-base-core runs this, too")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_r_loads_the_tables_with_types(path: Path, tmp_path: Path, lang: str) -> None:
    written(path, tmp_path / "out", formats=("csv", "parquet"), lang=lang, bom=True)
    said = """source("queries/load.R", encoding = "UTF-8")
    cat(sapply(tables, nrow), class(tables$observations[[3]])[1], class(tables$daily_counts[[3]]), tables$articles[[1]] + 1)"""
    ran = subprocess.run(
        ["Rscript", "-e", said],
        cwd=tmp_path / "out",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.endswith("2 4 4 3 0 4 1 1 1 POSIXct Date 2 3"), ran.stdout + ran.stderr
