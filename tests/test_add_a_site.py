"""docs/add-a-site.md: names every key, selector and family, its examples are valid, and its output is what the commands print.

NEWSSPIDER_REWRITE=1 writes the output anew (`./run.sh docs`); review the difference like code.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

from newsspider import cms
from newsspider import site as sites
from newsspider.cli import VERBS

PAGE = Path(__file__).parents[1] / "docs" / "add-a-site.md"
TEXT = PAGE.read_text(encoding="utf-8")
PORT = "18900"  # of `python -m newsspider.demo`


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.M | re.S)


def rows(heading: str) -> list[str]:
    """The first column of the tables under a heading."""
    part = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", part, re.M)


def test_every_key_is_named():
    assert sorted(rows("A site file")) == sorted(sites.KEYS)


def test_every_selector_is_named():
    assert tuple(rows("Selectors")) == sites.SELECTORS


def test_every_family_is_named():
    [line] = [line for line in TEXT.splitlines() if line.startswith("| `cms` |")]
    assert {family.name for family in cms.OWN} <= set(re.findall(r"`(\w+)`", line))


@pytest.mark.parametrize("example", [text for text in blocks("toml") if "listings" in text])
def test_an_example_is_a_site_file(example):
    site = sites.site_of(tomllib.loads(example), "example")
    assert site.selectors


def test_an_expired_layout_is_chosen_as_the_page_says():
    [dated] = [sites.site_of(tomllib.loads(text), "x") for text in blocks("toml") if "[[earlier]]" in text]
    titles = [dated.at(day).selectors["title"] for day in ("2020-01-01", "2023-01-01", "2026-01-01")]
    assert titles == ["td.headline", "h2.headline", "h1.title"]


def test_its_commands_exist():
    named = set(re.findall(r"(?:`|\$ )newsspider (\w+)", TEXT))
    assert {"probe", "add", "check", "crawl"} <= named
    assert named - VERBS.keys() <= {"reparse"}


def plain(text: str, campus) -> str:
    """Output with the addresses of the campus that the page shows, and without what is never twice the same."""
    for number, door in enumerate(campus.doors.values(), 1):
        text = text.replace(door.origin, f"http://127.0.0.{number}:{PORT}")
    text = re.sub(r"T\d\d:\d\d:\d\dZ", "T00:00:00Z", text)
    text = re.sub(r"read again in [\d.]+ s", "read again in 0.0 s", text)
    return re.sub(r'(checked +=) "[\d-]+"', r'\1 "2026-03-01"', text)


def test_its_output_is_what_the_commands_print(newsspider, crawl, campus):
    text = TEXT
    for block in blocks("console"):
        command = block.splitlines()[0].removeprefix("$ newsspider ")
        verb, *arguments = command.split()
        origin = campus.doors["webplus"].origin
        arguments = [argument.replace(f"http://127.0.0.2:{PORT}", origin) for argument in arguments]
        done = (
            crawl(*arguments, "-s", "CONCURRENT_REQUESTS=1")
            if verb == "crawl"
            else newsspider(verb, *arguments, "-s", "DOWNLOAD_DELAY=0")
        )
        assert done.returncode == 0, done.stderr
        printed = plain(f"{done.stdout.strip()}\n{done.stderr.strip()}".strip(), campus)
        text = text.replace(block, f"$ newsspider {command}\n{printed}\n")
    if os.environ.get("NEWSSPIDER_REWRITE"):
        PAGE.write_text(text, encoding="utf-8")
    else:
        assert text.split() == TEXT.split(), "the commands print something else now: ./run.sh docs"
