from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.extract import changes

TEXT = st.lists(st.sampled_from(["招生", "简章", "，", "100", "word", " ", "\n", "第二段\n"])).map("".join)


@given(before=TEXT, after=TEXT)
def test_the_pieces_make_both_texts(before: str, after: str) -> None:
    found = changes.between(before, after)
    assert "".join(text for kind, text in found if kind != "new") == before
    assert "".join(text for kind, text in found if kind != "gone") == after
    assert all(text for _, text in found)


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("共有三人获奖", "共有五人获奖", "共有[-三-]{+五+}人获奖"),
        ("the red fox", "the brown fox", "the [-red-]{+brown+} fox"),
        ("甲段\n乙段。\n", "甲段\n插入的一段\n乙段。\n", "甲段\n{+插入的一段\n+}乙段。\n"),
        ("同", "同", "同"),
        ("", "新文", "{+新文+}"),
    ],
)
def test_marks(before: str, after: str, marked: str) -> None:
    shape = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    assert "".join(shape[kind].format(text) for kind, text in changes.between(before, after)) == marked
