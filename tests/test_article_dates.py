"""Days of publication as headings of other countries print them, and where they stand."""

from __future__ import annotations

import pytest
from article_shell import TEXT, TITLE, paragraphs, read


@pytest.mark.parametrize(
    ("lang", "line", "published"),
    [
        ("de", "8.5.12", "2012-05-08"),
        ("fr", "(19.03.24)", "2024-03-19"),
        ("ko", "24.03.19", "2024-03-19"),
        ("en", "24.03.19", None),
        ("de", "31.13.24", None),
        ("fr", "Publié le 09/03/2024", "2024-03-09"),
        ("en-us", "Posted 03/09/2024", "2024-03-09"),
        ("en", "Posted 03/09/2024", None),
        ("zh", "发布时间：24-03-19 10:11", "2024-03-19T10:11"),
        ("de", "Stand: 19.03.2024", None),
    ],
)
@pytest.mark.parametrize(
    "shape", ["<h1>{title}</h1><p>{line}</p>{text}", "<p>{line}</p><h1>{title}</h1><div>{text}</div>"]
)
def test_a_line_with_the_date(shape: str, lang: str, line: str, published: str | None) -> None:
    its = read(shape.format(title=TITLE, line=line, text=paragraphs()), lang=lang)
    assert (its.title, its.published) == (TITLE, published)
    assert its.body.splitlines()[-len(TEXT) :] == list(TEXT)
    assert published is None or its.body.splitlines() == list(TEXT)


@pytest.mark.parametrize(
    ("opens", "published"),
    [
        ("（2024-03-19）", "2024-03-19"),
        ("[2024年3月19日] ", "2024-03-19"),
        ("(March 19, 2024) ", "2024-03-19"),
        ("（2024-03-19至2024-04-02）", None),
        ("2024年3月19日，", None),
    ],
)
def test_a_date_in_brackets_that_the_text_opens_with(opens: str, published: str | None) -> None:
    its = read(f"<h1>{TITLE}</h1><div>{paragraphs((opens + TEXT[1], *TEXT[2:]))}</div>")
    assert its.published == published
    assert its.body.splitlines()[0] == " ".join((opens + TEXT[1]).split())
