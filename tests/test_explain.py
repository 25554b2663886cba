"""newsspider explain says why a page is read as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from article_shell import TITLE, URL, paragraphs
from click.testing import CliRunner, Result
from held_pages import hold, look
from held_pages import page as page_of

from newsspider.archive import Archive
from newsspider.cli import newsspider
from newsspider.cms import explanation
from newsspider.items import PageError

PAGE = (
    f"<html><head><meta charset='utf-8'><title>{TITLE}-示例大学</title><meta name='pubdate' content='2024-03-01'></head><body>"
    f"<div class='nav'><a href='/'>首页</a></div><h1>{TITLE}</h1><p>2024-03-19</p>{paragraphs()}</body></html>"
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(newsspider, ["explain", *arguments], standalone_mode=False)


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return str(path)


def test_the_candidates_their_evidence_and_the_winner(page: str) -> None:
    said = run(page, "published", "--url", URL).output
    assert said.splitlines()[0] == URL
    assert "published: 2024-03-19\n  by: date of the heading" in said
    assert (
        "  *        36  2024-03-19  (date of the heading)\n                 +36  in the heading, without a label"
        in said
    )
    assert "           30  2024-03-01  (<meta pubdate>)" in said
    assert "title" not in said


def test_for_a_program(page: str) -> None:
    told = json.loads(run(page, "published", "--json").output)
    best, other = told["fields"]["published"]["candidates"]
    assert (best["value"], best["points"], best["won"]) == ("2024-03-19", 36, True)
    assert (other["where"], other["won"]) == ("<meta pubdate>", False)
    assert told["fields"]["published"]["value"] == "2024-03-19"


def test_lines_are_coloured_by_what_they_were_taken_for(page: str) -> None:
    told = explanation.of(PAGE.encode(), URL)
    assert [its for _, its in told.lines[:4]] == ["chrome", "title", "date", "text"]
    assert f"<div style='background:#ffd54f'>{TITLE}</div>" in run(page, "--html").output


def test_what_is_no_article_is_said(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html><title>404</title><body><h1>404 Not Found</h1><p>nginx</p></body></html>")
    ran = run(str(path))
    assert ran.return_value == 3
    assert "no article: missing" in ran.output
    assert isinstance(explanation.of(path.read_bytes(), URL).found, PageError)


def test_a_name_of_nothing_is_refused() -> None:
    assert "is neither a file" in str(run("nothing-of-that-name").exception)


def test_each_line_with_its_signs(page: str) -> None:
    said = run(page, "body", "--url", URL).output.splitlines()
    at = next(n for n, line in enumerate(said) if line.endswith(f"title  {TITLE}"))
    assert "the title -27" in said[at + 1]
    assert "<p> +8" in next(said[n + 1] for n, line in enumerate(said) if " text   " in line)
    told = json.loads(run(page, "body", "--json").output)["fields"]["body"]["lines"]
    assert [line["taken_for"] for line in told[:3]] == ["chrome", "title", "date"]


def test_the_rows_of_a_listing(tmp_path: Path) -> None:
    path = tmp_path / "list.html"
    rows = "".join(f"<li><a href='/info/1/{n}.htm'>{TITLE}第{n}次</a><i>2024-03-{n}</i></li>" for n in range(10, 20))
    path.write_text(f"<html><title>通知</title><body><h1>通知</h1><ul>{rows}</ul></body></html>", encoding="utf-8")
    ran = run(str(path), "--url", "https://jwc.example.edu/tz/index.htm")
    assert (ran.return_value, f"10 × {TITLE}第10次" in ran.output) == (3, True)
    assert "rows, doubled" in ran.output
    assert "title:" not in ran.output


def test_the_rules_that_a_version_was_read_by_are_kept(tmp_path: Path) -> None:
    then = look(1, page_of(), rules={"title": "the rule of then", "body": "another"})
    path = hold(tmp_path / "archive.db", [then])
    said = run("1", "title", "--archive", str(path)).output
    assert "  kept by: the rule of then (0/generic)" in said
    told = json.loads(run("1", "body", "--json", "--archive", str(path)).output)
    assert told["fields"]["body"]["kept"] == {"rule": "another", "parser": "0/generic"}


def test_rules_are_no_part_of_the_digest(tmp_path: Path) -> None:
    """A page that says the same is the same version, whatever found it."""
    its = [look(1, page_of(), f"2026-03-0{day}T08:00:00Z", rules={"title": f"rule {day}"}) for day in (1, 2)]
    with Archive(hold(tmp_path / "archive.db", its)) as archive:
        assert [row["rules"] for row in archive.rows("SELECT rules FROM snapshot")] == ['{"title": "rule 1"}']
