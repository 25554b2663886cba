"""The documents say what is so: their commands exist, their queries run, their links lead somewhere."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import click
import pytest
from conftest import command

from newsspider.archive import Archive, document
from newsspider.cli import VERBS, newsspider
from newsspider.demo import Campus

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)


def blocks(page: Path, *languages: str) -> list[str]:
    return [text for language, text in BLOCK.findall(page.read_text(encoding="utf-8")) if language in languages]


def commands(page: Path) -> list[list[str]]:
    """The calls of newsspider in a page, as words."""
    lines = "\n".join(blocks(page, "sh", "console", "crontab", "ini", "")).splitlines()
    spoken = re.findall(r"`newsspider ([^`\n]+)`", page.read_text(encoding="utf-8"))
    calls = [call for line in lines for call in re.findall(r"(?:^|[\s/$])newsspider ([a-z].*?)(?= && |\s{2,}|$)", line)]
    return [shlex.split(call, comments=True) for call in (*calls, *spoken)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_their_options_exist(page: Path) -> None:
    for verb, *words in commands(page):
        if not re.fullmatch("[a-z]+", verb):  # COMMAND, 命令
            continue
        command = newsspider.get_command(click.Context(newsspider), verb)
        if isinstance(command, click.Group) and words:  # newsspider fleet status
            verb, command = f"{verb} {words[0]}", command.get_command(click.Context(command), words[0])
        assert command is not None, f"newsspider {verb}"
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        used = {word.partition("=")[0] for word in words if re.match("--?[a-z]", word)}
        assert used <= known, f"newsspider {verb} {sorted(used - known)}"


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "README.zh.md"], ids=lambda page: page.name)
def test_every_command_is_named(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [verb for verb in VERBS if not re.search(rf"`{verb}`|\b{verb}\b", text)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_queries_run(page: Path, tmp_path: Path) -> None:
    with Archive(tmp_path / "archive.db", write=True) as archive:
        for query in "".join(blocks(page, "sql")).split(";\n"):
            # The schema's page is no query; test_lake.py asks the lake.
            if page.name != "schema.md" and query.strip() and "read_parquet(" not in query:
                archive.conn.execute(query)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_the_schema_page_is_current() -> None:
    printed = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")
    assert printed == document.document(), "stale: ./run.sh docs prints it"


def test_every_column_has_a_comment() -> None:
    tables = re.findall(r"^CREATE TABLE (\w+) .*?\n(.*?)^\)", document.document(), re.M | re.S)
    bare = [
        (name, column[1])
        for name, text in tables
        for line in text.splitlines()
        if (column := re.match(r"\s+(\w+) (?:TEXT|INTEGER|REAL|BLOB)\b", line)) and "--" not in line
    ]
    assert len(tables) > 15
    assert bare == []


def test_the_tests_that_hold_the_promises_exist() -> None:
    named = re.findall(r"`(test_\w+\.py)(?:::(test_\w+))?`", (ROOT / "docs" / "safety.md").read_text(encoding="utf-8"))
    assert len(named) > 20
    for file, test in named:
        assert f"def {test}" in (ROOT / "tests" / file).read_text(encoding="utf-8"), f"{file}::{test}"


# Every block of commands is run, in a folder with the archive of the demo, against the replica campus

APART = {  # what is not run here, and why
    r"\./run\.sh ": "installs, or runs all tests; CI calls it, and test_demo.py runs the demo",
    r"(apt-get|sudo|.*/etc/systemd) ?": "needs root",
    r"(\S*python3 -m venv|\S*pip install) ": "installs",
    r"\. \.venv/bin/activate|export \w+=|cd \w+$": "for the shell that a person types into",
    r"newsspider serve\b": "ends with Ctrl-C; test_serve.py asks the server",
    r"(\S*/)?newsspider alerts .*--quiet": "asks receivers; test_alerts.py has some",
    r"newsspider fleet\b": "needs PostgreSQL and other machines; test_fleet.py runs it",
    r"newsspider lake ": "for many archives; test_lake.py runs it, and the queries",
    r"newsspider export .*--(as-of|check)|duckdb |python queries|Rscript ": "test_export.py runs it, with the extras that it needs",
    r"scrapy ": "another program; test_scrapy.py runs it",
}
QUICK = ("crawl", "poll", "probe", "explain", "add")  # they ask the campus, which need not be spared
ALSO = {"doctor": 4, "poll": 3}  # exit codes: a site of the demo went quiet, and none of them stands any longer
MEANT = {"xjtu-news": "yunlu-news", "/srv/news/.venv/bin/newsspider": "newsspider", "SITE": "example-news"}


def lines(page: Path) -> list[str]:
    """The commands of a page's blocks; those of a timetable without their times."""
    typed = [line.split("  #")[0].strip() for block in blocks(page, "sh") for line in block.splitlines()]
    timed = [line.split(None, 5)[5] for block in blocks(page, "crontab") for line in block.splitlines() if line.strip()]
    parts = [part.strip() for line in (*typed, *timed) for part in line.split(" && ")]
    return [part for part in parts if part and not part.startswith(("#", "cd /"))]


ENGLISH = [page for page in PAGES if not page.name.endswith(".zh.md")]
RUN = {page: [line for line in lines(page) if not any(re.match(one, line) for one in APART)] for page in ENGLISH}


@pytest.fixture
def sandbox(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(demo / "archive.db", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", [page for page in ENGLISH if RUN[page]], ids=lambda page: page.name)
def test_every_command_runs(page: Path, sandbox: Path, campus: Campus) -> None:
    column, article = campus.urls["webplus"], next(truth.url for truth in campus.readable if truth.site == "webplus")
    (sandbox / "sites").mkdir()
    (sandbox / "sites" / "example-news.toml").write_text(f'listings = ["{campus.urls["gbk"]}"]\n', encoding="utf-8")
    there = "https://news.example.edu.cn"
    meant = {**MEANT, "/srv/news": str(sandbox), f"{there}/xwdt.htm": column, f"{there}/info/1001/2606.htm": article}
    with urlopen(article) as answer:
        (sandbox / "page.html").write_bytes(answer.read())
    for line in RUN[page]:
        for written, stands in meant.items():
            line = line.replace(written, stands)
        line = line.replace("--name example-news", "--name another-news")  # the site file of this test has the name
        program, *words = shlex.split(line.partition(" > ")[0])
        if program == "sqlite3":  # the program itself is not installed everywhere
            with closing(sqlite3.connect(words[0])) as conn:
                assert conn.execute(words[1]).fetchall(), line
            continue
        assert program == "newsspider", f"{line}: run it here, or say in APART why not"
        impatient = ["-s", "DOWNLOAD_DELAY=0", "-s", "HOST_REST=0"] if words[0] in QUICK else []
        ran = command(sandbox)(*words, *impatient)
        assert ran.returncode in {0, ALSO.get(words[0], 0)}, f"{line}\n{ran.stdout}{ran.stderr}"


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ENGLISH], ids=lambda page: page.name)
def test_chinese_pages_show_the_commands_of_the_english_ones(page: Path) -> None:
    english = page.with_name(page.name.replace(".zh.md", ".md"))
    assert {*lines(page)} <= {*lines(english)}


def test_the_chinese_readme_shows_the_python_of_the_english_one() -> None:
    shown = [
        [re.sub(r"#.*", "#", block) for block in blocks(ROOT / name, "python")]
        for name in ("README.md", "README.zh.md")
    ]
    assert shown[0] == shown[1]


def test_every_unit_is_one_for_systemd() -> None:
    units = [block for page in PAGES for block in blocks(page, "ini")]
    for unit in units:
        read = configparser.ConfigParser(strict=False, delimiters=("=",))
        read.optionxform = str  # type: ignore[assignment,method-assign]
        read.read_string(unit)
        assert read.sections() == ["Unit", "Service", "Install"]
        assert shlex.split(read["Service"]["ExecStart"])[0].endswith("/bin/newsspider")
    named = {name for unit in units for name in re.findall(r"^Environment=(\w+)=", unit, re.M)}
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "newsspider").rglob("*.py"))
    assert all(f'"{name}"' in code for name in named), named


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "docs" / "python.md"], ids=lambda page: page.name)
def test_every_python_block_runs(page: Path, sandbox: Path, campus: Campus) -> None:
    with urlopen(next(truth.url for truth in campus.readable if truth.site == "vsb")) as answer:
        payload = answer.read()
    found = blocks(page, "python")
    assert found
    for block in found:
        exec(block, {"payload": payload})
