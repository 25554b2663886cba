"""Authors whom a page names without a label: by its markup, or in a line of their own. All invented."""

from __future__ import annotations

import pytest
from article_shell import TEXT, TITLE, paragraphs, read

DATE = "<span>2024-03-19</span>"
LINES = {
    "rel": "<a rel='author' href='/a/7/'>Mark Thornbury</a>",
    "microdata": "<span itemprop='author' itemscope><span itemprop='name'>Mark Thornbury</span>, Press Office</span>",
    "h-entry": "<span class='p-author h-card'>Mark Thornbury</span>",
    "hCard": "<span class='author vcard'>By <a class='url fn n' href='/a/7/'>Mark Thornbury</a></span>",
    "twice": "<a rel='author' href='/a/7/'>Mark Thornbury</a> <i class='author vcard'>by Mark Thornbury</i>",
}


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize(
    "shape",
    [
        "<h1>{0}</h1><p>{1}</p><p>{2}</p><div class='article-content'>{3}</div>",
        "<h1>{0}</h1><p>{1}</p><div>{3}</div><footer>{2}</footer>",
    ],
)
def test_a_marked_author(shape: str, name: str) -> None:
    its = read(shape.format(TITLE, DATE, LINES[name], paragraphs()))
    assert (its.author, its.body.splitlines()) == ("Mark Thornbury", list(TEXT))


@pytest.mark.parametrize(
    "line",
    [
        "<a rel='author' href='/a/7/'>Mark Thornbury</a> <a rel='author' href='/a/8/'>Anna Fielding</a>",
        "<span itemprop='author' hidden><meta itemprop='name' content='Mark Thornbury'></span>",
        "<ol class='comments'><li><b class='comment-author author vcard'>Mark Thornbury</b></li></ol>",
        "<a rel='author' href='/a/7/'>17 articles by the office</a>",
    ],
)
def test_marks_that_name_nobody_alone(line: str) -> None:
    assert read(f"<h1>{TITLE}</h1><p>{DATE}</p><div>{paragraphs()}</div><div>{line}</div>").author is None


def test_a_labelled_author_comes_first() -> None:
    line = "<p>2024-03-19 作者：张一然</p><p><a rel='author' href='/a/7/'>xcb01</a></p>"
    assert read(f"<h1>{TITLE}</h1>{line}{paragraphs()}").author == "张一然"


@pytest.mark.parametrize(("line", "author"), [("By Anna Fielding", "Anna Fielding"), ("By post or in person", None)])
def test_a_line_with_a_name_alone(line: str, author: str | None) -> None:
    assert (
        read(f"<h1>{TITLE}</h1><ul><li>{line}</li><li>2024-03-19</li></ul>{paragraphs()}", lang="en").author == author
    )
