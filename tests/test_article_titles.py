"""Titles that the page's <title> does not confirm: it is the site's name, or the column's."""

from __future__ import annotations

import pytest
from article_shell import TEXT, TITLE, paragraphs, read

SHAPES = (
    "<h1>{}</h1>",
    "<h4>{}</h4>",
    "<div class='title'>{}</div>",
    "<div>{}</div>",
    "<p align='center'><strong>{}</strong></p>",
    "<table><tr><td><font size='4'>{}</font></td></tr></table>",
)
DATE = "<div>发布时间：2024-03-19</div>"


@pytest.mark.parametrize("page_title", ["示例大学教务处", "通知公告-示例大学教务处"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "order", ["{title}{date}<div>{text}</div>", "{date}{title}<div>{text}</div>", "{title}<div>{text}</div>{date}"]
)
def test_a_title_that_stands_above_or_below_the_date(order: str, shape: str, page_title: str) -> None:
    its = read(order.format(title=shape.format(TITLE), date=DATE, text=paragraphs()), page_title)
    assert (its.title, its.published) == (TITLE, "2024-03-19")
    assert its.body.splitlines() == list(TEXT)
