"""The documents say what is so: their commands exist, their queries run, their links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from newsspider.archive import Archive, document
from newsspider.cli import VERBS, newsspider

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)


def blocks(page: Path, *languages: str) -> list[str]:
    return [text for language, text in BLOCK.findall(page.read_text(encoding="utf-8")) if language in languages]


def commands(page: Path) -> list[list[str]]:
    """The calls of newsspider in a page, as words."""
    lines = "\n".join(blocks(page, "sh", "console", "crontab", "")).splitlines()
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
            if page.name != "schema.md" and query.strip():
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
