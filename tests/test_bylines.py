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


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("尤一然 2024-03-19 10:11:12", "尤一然"),
        ("2024-03-19 张一然 李二", "张一然 李二"),
        ("Mark Thornbury | Posted on March 19, 2024", "Mark Thornbury"),
        ("March 19, 2024 by Anna de la Rue · 5 min read", "Anna de la Rue"),
        ("By<b class='n'>Mark Thornbury</b><i class='d'>March 19, 2024</i>", "Mark Thornbury"),
        ("Von Anna Feld und Max Orth, 19.03.2024", "Anna Feld und Max Orth"),
        ("Por Anna Ruiz - 19/03/2024", "Anna Ruiz"),
        ("Author: By Mark Thornbury 2024-03-19", "Mark Thornbury"),
        ("By Mark Thornbury, Executive Editor 2024-03-19", "Mark Thornbury"),
        ("记者 张一然 2024-03-19", "张一然"),
        ("Autor: Max Orth | 19.03.2024", "Max Orth"),
        ("Par Anna Feld le 19 mars 2024", "Anna Feld"),
        ("Photography<a class='n' href='/a/'>Mark Thornbury</a> | March 19, 2024", "Mark Thornbury"),
        ("Mark Thornbury, Communications | March 19, 2024", "Mark Thornbury"),
        ("March 19, 2024<br>Mark Thornbury", "Mark Thornbury"),
        ("New Haven, March 19, 2024", None),
        ("San Francisco | March 19, 2024", None),
        ("Women's Soccer | March 19, 2024", None),
        ("周一 2024-03-19", None),
        ("高校新闻 2024-03-19", None),
        ("宣传部 2024-03-19", None),
        ("综合新闻 2024-03-19", None),
        ("Campus News | March 19, 2024", None),
        ("Research & Innovation · March 19, 2024", None),
        ("Photo by Anna Fielding. March 19, 2024", None),
    ],
)
def test_a_line_with_a_name_and_the_date(line: str, author: str | None) -> None:
    its = read(f"<h1>{TITLE}</h1><p>{line}</p><div>{paragraphs()}</div>")
    assert (its.author, its.published is not None) == (author, True)


@pytest.mark.parametrize("name", ["Mark Thornbury", "Campus News", "admin"])
@pytest.mark.parametrize("printed", [True, False])
def test_the_author_that_the_head_declares(name: str, *, printed: bool) -> None:
    line = f"<p>{name}</p>" * printed
    head = f"<meta name='author' content='{name}'>"
    its = read(f"{head}<h1>{TITLE}</h1>{line}<p>{DATE}</p><p>5 min read</p><div>{paragraphs()}</div>")
    assert its.author == ("Mark Thornbury" if printed and name == "Mark Thornbury" else None)


def test_a_link_of_the_menu_beside_the_date_is_a_column() -> None:
    menu = "<ul><li><a href='/a/'>Ada Lovelace</a></li><li><a href='/b/'>Events</a></li></ul>"
    assert read(f"{menu}<h1>{TITLE}</h1><p>Ada Lovelace | March 19, 2024</p><div>{paragraphs()}</div>").author is None


@pytest.mark.parametrize("line", ["Dear Colleagues", "Mark Thornbury"])
def test_the_first_line_below_the_date_may_be_a_salutation_or_a_caption(line: str) -> None:
    its = read(f"<h1>{TITLE}</h1><p>March 19, 2024</p><div><p>{line}</p>{paragraphs()}</div>", lang="en")
    assert its.author is None
