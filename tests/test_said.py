"""What the command line says: examples, near names, passages that differ, numbers of things."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from newsspider import health
from newsspider import site as sites
from newsspider.archive import Archive
from newsspider.cli import VERBS, examples, newsspider, progress, show, words
from newsspider.cli.summaries import SUMMARIES


def ran(*arguments: str, **environment: str):
    return CliRunner().invoke(newsspider, [*arguments], env=environment, catch_exceptions=False)


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_each_verb_ends_in_two_examples(verb):
    command = newsspider.get_command(click.Context(newsspider), verb)
    said = command.get_help(click.Context(command, info_name=verb))
    assert all(example in said for example in examples.EXAMPLES[verb])
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    for example in examples.EXAMPLES[verb]:
        given = shlex.split(re.search(rf"newsspider {verb}(.*?)(?: && |\) \||$)", example)[1])
        assert {word for word in given if word.startswith("-") and word != "-"} <= options, example


def test_the_help_has_a_whole_line_for_each_verb_and_loads_none():
    assert SUMMARIES.keys() == VERBS.keys()
    loaded = "import sys; from newsspider.cli import main\ntry: main(['--help'])\nfinally: print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert all(re.search(rf"^  {verb} +{re.escape(line)}$", done.stdout, re.M) for verb, line in SUMMARIES.items())
    assert not any(f"'{name}'" in done.stdout for name in ("scrapy", "lxml", "newsspider.archive", "newsspider.cms"))


@pytest.mark.parametrize(("wrong", "right"), [("crwal", "crawl"), ("stat", "status"), ("Verify", "verify")])
def test_a_verb_that_is_none_names_the_near_one(wrong, right):
    done = ran(wrong)
    assert (done.exit_code, f"did you mean {right}" in done.output) == (2, True)


def test_an_article_without_a_version_says_why(tmp_path):
    with Archive(tmp_path / "archive.db", write=True) as held:
        held.conn.execute("INSERT INTO site (name, timezone) VALUES ('s', 'Asia/Shanghai')")
        for kind in ("article", "external"):
            sql = "INSERT INTO article (site, url, kind, first_seen_at) VALUES ('s', ?, ?, '2026-03-01T00:00:00Z')"
            held.conn.execute(sql, (f"http://s.test/{kind}", kind))
    at = str(tmp_path / "archive.db")
    assert "--unread" in ran("history", "1", "--archive", at).output
    assert "host of somebody else" in ran("history", "2", "--archive", at).output
    assert "has no version; there is nothing to compare" in ran("diff", "1", "--archive", at).output


def test_a_site_that_is_none_names_the_near_one_in_whole_sentences():
    with pytest.raises(
        sites.SiteError, match=r"did you mean mit-news\? An address works as well: newsspider crawl https://…$"
    ):
        sites.named("mit-new")


def test_an_option_that_is_none_names_the_near_one():
    assert "--max-pages" in ran("crawl", "--max-page", "3").output


def test_the_archive_may_be_named_before_or_after_the_verb(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSSPIDER_ARCHIVE", "elsewhere.db")
    for name in ("one", "two"):
        with Archive(tmp_path / name, write=True) as held:
            held.conn.execute("INSERT INTO site (name, timezone) VALUES (?, 'UTC')", (name,))
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    assert "one" in ran("--archive", one, "status").output
    assert "two" in ran("status", "--archive", two).output
    assert "two" in ran("--archive", one, "status", "--archive", two).output, "the nearer one counts"


@pytest.mark.parametrize(
    ("count", "what", "said"), [(1, "entry", "1 entry"), (0, "day", "0 days"), (1200, "entry", "1,200 entries")]
)
def test_numbers_of_things(count, what, said):
    assert words.amount(count, what) == said


def test_spans_in_words():
    assert [words.span(number) for number in (45, 600, 7200, 12_000, 3 * 86400)] == [
        "45 s",
        "10 min",
        "2 h",
        "3 h 20 min",
        "3 days",
    ]


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("一" * 500 + "增加的话", "一" * 500),
        ("一" * 300 + "甲" + "二" * 300, "一" * 300 + "乙" + "二" * 300),
        ("甲乙", "甲丙"),
    ],
)
def test_a_passage_is_the_part_that_differs(value, other):
    assert health.passage(value, other, 60) != health.passage(other, value, 60)
    assert len(health.passage(value, other, 60)) <= 62


def test_an_address_without_its_beginning_is_told():
    with pytest.raises(sites.SiteError, match=r"https://news\.example\.edu\.cn/a\.htm"):
        sites.check_address("news.example.edu.cn/a.htm")
    with pytest.raises(sites.SiteError, match=r"newsspider crawl https://news\.example\.edu\.cn/a\.htm"):
        sites.named("news.example.edu.cn/a.htm")


def test_the_time_to_go_is_no_shorter_than_politeness_has_it():
    assert progress.remaining(10, 110, 1.0, 5.0) == 100.0
    assert progress.remaining(10, 110, 1.0, 30.0) == 300.0
    assert progress.remaining(0, 0, 1.0, 3.0) == 0.0


def test_status_fits_into_80_columns(monkeypatch, capsys):
    row = {
        "site": "news.a-long-name.example.edu.cn",
        "articles": 12_345,
        "versions": 15_000,
        "counted": 9_999,
        "gone": 3,
        "unread": 12,
        "newest": "2026-03-01T09:00",
        "crawled_at": "2026-03-01T02:17:00Z",
        "reason": "finished",
        "new": 12,
        "changed": 3,
        "failed": 4,
        "stuck": None,
    }
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    show._table([row])
    lines = click.unstyle(capsys.readouterr().out).splitlines()
    assert max(map(len, lines)) <= 80
    assert "12,345" in lines[1]
    assert "2026-03-01" in lines[1]
