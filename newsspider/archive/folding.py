"""What a search takes for the same: full width and half width, capital and small letters, letters with and without accents.

Simplified and traditional characters are the same where a query is compared with a text, not in the index: it holds the text as it is
written, so that it can be asked in plain SQL.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

_WITH_ACCENTS = re.compile("[À-ɏ̀-Ͽ\u0400-\u04ffḀ-῿]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_RUN = re.compile(r"[^\W_]+")  # letters and digits


def fold(text: str) -> str:
    """
    >>> fold("ＡＩ人才，Café")
    'ai人才,cafe'
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    if _WITH_ACCENTS.search(text):
        text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
    return text


def runs(folded: str) -> list[str]:
    """Letters and digits that stand together."""
    return _RUN.findall(folded)


def pairs(text: str) -> set[str]:
    """Every two neighbouring letters or digits of a text, and each run's last one alone: what the index holds of it.

    >>> sorted(pairs("科研 AI"))
    ['ai', 'i', '研', '科研']
    """
    found: set[str] = set()
    for run in runs(fold(text)):
        found.update(map("".join, pairwise(run)))
        found.add(run[-1])
    return found


def simplified(folded: str) -> str:
    """
    >>> simplified("學習")
    '学习'
    """
    return folded.translate(_table())


def written(character: str) -> str:
    """All characters that are the same in simplified script, itself among them.

    >>> written("习")
    '习習'
    """
    same = character.translate(_table())
    return same + _traditional().get(same, "")


@cache
def _table() -> Mapping[int, str]:
    lines = (Path(__file__).parent / "traditional.txt").read_text(encoding="utf-8").splitlines()
    return {ord(pair[0]): pair[1] for line in lines if not line.startswith("#") for pair in line.split()}


@cache
def _traditional() -> Mapping[str, str]:
    found: defaultdict[str, str] = defaultdict(str)
    for code in _table():
        found[simplified(chr(code))] += chr(code)
    return found
