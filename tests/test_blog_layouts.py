"""Pages in the layouts that themes of blogs give to lists and notices. All invented."""

from __future__ import annotations

import pytest

from newsspider import ListingPage, read_article, read_listing

URL = "https://news.example.edu/tags/library/"
TITLES = ("图书馆新馆试运行 三千六百个座位开放", "图书馆闭馆整理通知", "历史系公开港口书信数字档案")
STATE = (
    "<div class='state'><a href='/about/'>示例大学新闻中心</a></div>"
    "<nav class='state'><a href='/archives/'>25</a><a href='/categories/'>3</a><a href='/tags/'>26</a></nav>"
)


def listing(inner: str) -> ListingPage:
    html = (
        f"<html lang='zh'><head><meta charset='utf-8'><title>图书馆</title></head><body><aside class='sidebar'>"
        f"<a href='/'>示例大学新闻网</a>{STATE}</aside>{inner}<footer><a href='https://www.example.org/'>Example</a></footer></body></html>"
    )
    return read_listing(html.encode(), URL)


def rows(template: str, count: int) -> str:
    return "".join(template.format(n=n, title=title) for n, title in enumerate(TITLES[:count], start=1))


ROW = "<div class='item'><time>2024-07-1{n}</time><a href='/2024/{n}.html'>{title}</a></div>"


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize(
    "around",
    [
        "<main class='layout'><div id='tag'><div>图书馆</div><div class='sort'>{}</div></div><div class='aside'></div></main>",
        "<main class='sidebar-right'><div class='posts'><div id='tag'>{}</div></div></main>",
    ],
)
def test_rows_in_boxes_that_are_called_after_their_page_or_its_layout(around: str, count: int) -> None:
    found = listing(around.format(rows(ROW, count)))
    assert [(entry.title, entry.published) for entry in found.entries] == [
        (title, f"2024-07-1{n}") for n, title in enumerate(TITLES[:count], start=1)
    ]
    assert found.next_url is None


@pytest.mark.parametrize(
    ("title", "day"), [("2024-07-1{n}T15:20:00+08:00", True), ("07/1{n}/2024", False), ("July", False)]
)
def test_days_that_abbreviations_spell_out(title: str, day: bool) -> None:
    dates = (
        f"<dl><dt><abbr title='{title}'>Jul. 1{{n}}</abbr></dt><dd><a href='/2024/{{n}}.html'>{{title}}</a></dd></dl>"
    )
    found = listing(f"<div class='archive'><h1>图书馆</h1>{rows(dates, 3)}</div>")
    assert [entry.published for entry in found.entries] == [
        f"2024-07-1{n}T15:20:00+08:00" if day else None for n in range(1, 4)
    ]


def test_a_notice_of_a_few_words_before_a_box_that_says_more() -> None:
    box = "<div><h6>Disclaimer</h6><p>All that is said here is said by the office, and by nobody else, unless another is named.</p></div>"
    html = (
        f"<html lang='zh'><meta charset='utf-8'><title>{TITLES[1]} | 示例大学新闻网</title><h1>{TITLES[1]}</h1>"
        f"<main><p>因搬迁，旧馆本周闭馆。</p></main><ul><li>2024-05-11</li><li>By 许清和</li><li><a href='/n/'>通知公告</a></li></ul>"
        f"{box}</html>"
    )
    assert read_article(html.encode(), URL).body == "因搬迁，旧馆本周闭馆。"


def test_the_only_row_of_a_tag_below_the_path_to_it() -> None:
    path = "<a href='/'><i></i></a><a href='/tags/'>标签</a><a href='/tags/library/index.html'>图书馆</a>"
    thumb = f"<div class='thumb'><a href='/2024/1.html'><img src='/1.jpg' alt='{TITLES[0]}'></a></div>"
    title = f"<header><a href='/news/'>校园新闻</a><h2><a href='/2024/1.html'>{TITLES[0]}</a></h2></header><div><p>今日开放。</p></div>"
    meta = "<span><time>2024-07-11</time><a href='/tags/library/'>图书馆</a></span><span><a href='/2024/1.html'>阅读全文</a></span>"
    post = f"<div class='e'><div class='m'>{thumb}<div>{title}</div></div><footer>{meta}</footer></div>"
    found = listing(
        f"<section><article class='c'><div>{path}</div></article><article class='h'>{post}</article></section>"
    )
    assert [(entry.title, entry.published) for entry in found.entries] == [(TITLES[0], "2024-07-11")]
