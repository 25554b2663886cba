"""Every label and phrase stands once: in words.toml, under one meaning."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from newsspider.reading import stamps, words

ROOT = Path(words.__file__).parent
SURE = 4  # letters of a phrase that is no part of another by chance


def said(path: Path) -> str:
    """The strings of a module, without its docstrings and the reasons of its tables."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = (
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Evidence"
    )
    docs = {id(node.args[-1]) for node in calls} | {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docs)
    return "\n".join(node.value for node in constants if isinstance(node.value, str))


def test_no_phrase_has_two_meanings() -> None:
    times = Counter(phrase.replace("·", "").lower() for meaning in words.table() for phrase in words.phrases(meaning))
    assert [phrase for phrase, n in times.items() if n > 1] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.py")), ids=lambda path: path.stem)
def test_no_phrase_stands_in_the_code(path: Path) -> None:
    text = said(path).lower()
    asian = (phrase for meaning in words.table() for phrase in words.phrases(meaning) if not phrase.isascii())
    assert [phrase for phrase in asian if len(phrase) >= SURE and phrase.replace("·", "").lower() in text] == []


def test_the_longer_phrase_comes_first() -> None:
    found = re.search(words.one_of("updated", "revised"), "最后更新时间：2024-03-19", re.I)
    assert found is not None
    assert found[0] == "最后更新时间"
    assert re.search(words.one_of("revised"), "outupdated", re.I) is None


@pytest.mark.parametrize("meaning", ["published", "plain"])
def test_every_label_of_the_day_dates_an_article(meaning: str) -> None:
    for phrase in words.phrases(meaning):
        label = phrase.replace("·", "")
        found = stamps.first(f"{label}: 2024-03-19 10:11")
        assert found is not None, label
        assert (found.iso, found.label) == ("2024-03-19T10:11", meaning), label


@pytest.mark.parametrize("meaning", ["revised", "another_day", "posting_period", "occasion"])
def test_no_other_label_does(meaning: str) -> None:
    for phrase in words.phrases(meaning):
        label = phrase.replace("·", "")
        assert stamps.first(f"{label}: 2024-03-19") is None, label
    for phrase in words.phrases("occasion"):
        assert stamps.first(f"{phrase}时间：2024-03-19") is None, phrase
