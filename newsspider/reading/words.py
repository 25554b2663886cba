"""The labels and phrases of words.toml as parts of expressions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files

_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

# Where a word does, or a capital after a small letter: Jane ExamplePublished on, of two elements that touch.
_BEGINS = "(?-i:(?<![A-Za-zà-ÿ])|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ]))"


@cache
def table() -> dict[str, dict[str, list[str]]]:
    """The phrases by meaning and language."""
    return tomllib.loads(files("newsspider.reading").joinpath("words.toml").read_text(encoding="utf-8"))


def phrases(*meanings: str, languages: Collection[str] = ()) -> Iterator[str]:
    """Those of ``meanings``, in ``languages`` alone where some are given."""
    for meaning in meanings:
        for language, its in table()[meaning].items():
            if not languages or language in languages:
                yield from its


@cache
def one_of(*meanings: str, languages: tuple[str, ...] = (), least: int = 1) -> str:
    """An expression for any phrase of these meanings with ``least`` characters, the longer before the shorter; for ``re.I``.

    A phrase in letters that make words begins where a word does; in Chinese, Japanese and Korean it may stand in a run.
    """
    its = {phrase for phrase in phrases(*meanings, languages=languages) if len(phrase) >= least}
    longest_first = sorted(its, key=len, reverse=True)
    asian = [_spaced(phrase) for phrase in longest_first if _ASIAN.search(phrase)]
    others = [_spaced(phrase) for phrase in longest_first if not _ASIAN.search(phrase)]
    worded = [rf"{_BEGINS}(?:{'|'.join(others)})"] if others else []
    return f"(?:{'|'.join((*asian, *worded))})"


def _spaced(phrase: str) -> str:
    return re.escape(phrase).replace("·", r"\s{0,4}").replace(r"\ ", r"\s{1,4}")
