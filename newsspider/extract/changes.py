"""What changed between two texts: character by character in Chinese, Japanese and Korean, word by word elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

# Han, kana, hangul and their punctuation stand for themselves; other letters and digits make words.
CJK = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
TOKENS = re.compile(rf"[{CJK}]|[^\W{CJK}]+|.", re.S)
ALIKE = 0.3  # paragraphs that share less than this are another paragraph, not an edited one


class Change(NamedTuple):
    kind: Literal["same", "gone", "new"]
    text: str


def between(before: str, after: str) -> list[Change]:
    """The pieces of both texts in order; ``same`` and ``gone`` make ``before``, ``same`` and ``new`` make ``after``.

    >>> [tuple(change) for change in between("招生100人", "招生120人")]
    [('same', '招生'), ('gone', '100'), ('new', '120'), ('same', '人')]
    """
    return _joined(_paragraphs(before.splitlines(keepends=True), after.splitlines(keepends=True)))


def _paragraphs(before: list[str], after: list[str]) -> Iterator[Change]:
    """Whole paragraphs first: comparing every character with every other takes seconds on a long text."""
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, new = before[i1:i2], after[j1:j2]
        if tag == "equal":
            yield Change("same", "".join(gone))
        elif tag == "replace" and len(gone) == len(new):
            for one, other in zip(gone, new, strict=True):
                yield from _words(one, other)
        else:
            yield from _words("".join(gone), "".join(new))


def _words(before: str, after: str) -> Iterator[Change]:
    gone, new = TOKENS.findall(before), TOKENS.findall(after)
    matcher = SequenceMatcher(None, gone, new, autojunk=False)
    if matcher.quick_ratio() < ALIKE:
        yield from (Change("gone", before), Change("new", after))
        return
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield Change("same", "".join(gone[i1:i2]))
        else:
            yield from (Change("gone", "".join(gone[i1:i2])), Change("new", "".join(new[j1:j2])))


def _joined(changes: Iterator[Change]) -> list[Change]:
    """Without empty pieces, neighbours of a kind in one."""
    joined: list[Change] = []
    for change in changes:
        if not change.text:
            continue
        if joined and joined[-1].kind == change.kind:
            joined[-1] = Change(change.kind, joined[-1].text + change.text)
        else:
            joined.append(change)
    return joined
