"""Pages in the layouts that open-source systems give to articles: a title, fields, a named text, comments. All invented."""

from __future__ import annotations

import pytest

from newsspider import Article, read_article, read_listing

URL = "https://news.example.edu/2024/03/19/car-park/"
TITLE = "Car park C closed"
NOTICE = "Car park C is closed on Friday; use lot 122."
FIELDS = "<ul><li>March 19, 2024</li></ul>"
FORM = (
    "<div id='respond' class='comment-respond'><h3>Leave a Reply</h3><form class='comment-form'>"
    "<p class='comment-notes'>Your email address will not be published. Required fields are marked *</p>"
    "<p class='comment-form-comment'>Comment *</p><p class='comment-form-cookies-consent'>Save my name, email, and website in "
    "this browser for the next time I comment.</p></form></div>"
)
MORE = "<div><h2>More posts</h2>" + "".join(
    f"<h3><a href='/{n}/'>{title}</a></h3><div><time datetime='2024-02-{n:02}'>February {n}, 2024</time></div>"
    for n, title in enumerate(
        (
            "Library extends opening hours",
            "Students win national bridge competition",
            "Volunteers restore walled garden",
        ),
        start=11,
    )
)


def read(inner: str, *, body: str = "", main: str = "") -> Article:
    html = (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{TITLE} – Example University News</title></head>"
        f"<body {body}><header><a href='/'>Example University News</a></header><main {main}>{inner}</main>"
        "<footer><p>© 2024 Example University News</p></footer></body></html>"
    )
    return read_article(html.encode(), URL)


@pytest.mark.parametrize(
    "text", [f"<p>{NOTICE}</p>", f"<p>{NOTICE}</p><p><a href='/form.pdf'>Application form</a></p>"]
)
@pytest.mark.parametrize("below", [FORM, FORM + MORE, MORE, ""])
@pytest.mark.parametrize("fields", [FIELDS, ""])
def test_a_notice_of_a_few_words_above_the_form_for_comments(fields: str, below: str, text: str) -> None:
    its = read(f"<article><h1>{TITLE}</h1>{fields}<div class='entry-content'>{text}</div></article>{below}")
    assert (its.title, its.body.splitlines()[0]) == (TITLE, NOTICE)
    assert set(its.body.splitlines()) <= {NOTICE, "Application form"}
    assert its.published == ("2024-03-19" if fields else None)


@pytest.mark.parametrize(
    "names", [("class='single no-comments footer-top-visible'", ""), ("", "id='skip-link--target'")]
)
def test_what_holds_the_whole_page_is_not_what_surrounds_the_text(names: tuple[str, str]) -> None:
    body, main = names
    inner = f"<h1>{TITLE}</h1><div><p>{NOTICE}</p></div>{MORE}"
    assert read(inner, body=body, main=main).body == NOTICE


@pytest.mark.parametrize("wrapper", ["flex relative w-full", "sidebar-right content", "post-content-bottom"])
@pytest.mark.parametrize("name", ["post-content", "e-content article-entry"])
@pytest.mark.parametrize("above", ["", "<div>Loading, just a moment please...</div>"])
def test_a_notice_in_a_box_that_is_called_after_its_place(above: str, name: str, wrapper: str) -> None:
    inner = f"<h1>{TITLE}</h1><div>2024-03-19</div><div class='{name}'><p>{NOTICE}</p></div><ul><li>Author: Mark Lee</li></ul>"
    its = read(f"{above}<div class='{wrapper}'>{inner}</div>")
    assert (its.title, its.published, its.body) == (TITLE, "2024-03-19", NOTICE)


TITLES = (
    "图书馆五一假期开放时间安排及有关注意事项",
    "停水通知",
    "学校召开春季学期教学工作会议部署重点工作",
    "校长为新任班主任颁发聘书",
    "研究生学术论坛征文启事",
    "计算机学院举办“代码之夜”程序设计竞赛",
)
PAGER = "<nav class='pagination'><span class='current'>2</span><a href='/page/1'>1</a><a href='/page/3'>3</a></nav>"


def rows(
    template: str, titles: tuple[str, ...], pager: str = PAGER, before: str = "", after: str = ""
) -> list[tuple[str, str, str | None]]:
    """What a listing has whose rows have tags now and then, and the tags in their classes: address, title, date."""
    its = "".join(
        template.format(
            n=n,
            title=title,
            day=20 - n,
            names=f"category-{n} tag-{n} tag-x{n}" if n % 3 else f"category-{n}",
            tags=f"<div class='tags'><a href='/tag/{n}'>教学{n}</a> <a href='/tag/x{n}'>校园文化</a></div>"
            if n % 3
            else "",
            file=f"<p><a href='/files/{n}.pdf'>附件{n}：申请表</a></p>" if n == 1 else "",
            author="林知远" if n % 2 else "苏晚晴",
        )
        for n, title in enumerate(titles)
    )
    html = (
        "<!DOCTYPE html><html lang='zh-CN'><head><meta charset='utf-8'><title>示例大学新闻网</title></head><body>"
        f"<header><a href='/'>示例大学新闻网</a></header><main>{before}{its}{after}{pager}</main></body></html>"
    )
    found = read_listing(html.encode(), "https://news.example.edu/page/2")
    return [(entry.url.rpartition("/")[2], entry.title, entry.published) for entry in found.entries]


COLUMNS = (
    "<li class='post post-{n} {names}'><hr><div class='columns'><div class='column'><h2><a href='/archives/{n}'>{title}</a></h2></div>"
    "<div class='column'><div class='date'><a href='/archives/{n}'><time>Oct {day}, 2026</time></a></div>"
    "<p>by</p><div><a href='/author/{n}'>{author}</a></div><div>in <a href='/category/{n}'>新闻{n}</a></div></div></div></li>"
)
WHOLE = (
    "<article class='post post-{n} {names}'><header class='entry-header'><div><div><a href='/category/{n}'>新闻{n}</a></div></div>"
    "<h2><a href='/archives/{n}'>{title}</a></h2><ul class='post-meta'><li>By <a href='/author/{n}'>{author}</a></li>"
    "<li><a href='/archives/{n}'>2026年10月{day}日</a></li></ul></header>"
    "<div class='post-inner'><p>各有关单位要高度重视，认真组织，确保各项任务按时完成，并做好材料归档工作。</p>{file}</div>"
    "<div class='section-inner'>{tags}</div></article>"
)

BELOW = (
    "<article class='box'><header><h2><a href='/archives/{n}'>{title}</a></h2></header><section><ul class='links'>"
    "<li><a href='/author/{n}'>{author}</a></li><li>2026年10月{day}日</li><li><ul><li><a href='/category/{n}'>新闻{n}</a></li></ul></li>"
    "<li>{tags}</li></ul></section><section><div>{file}<p>各有关单位要高度重视，认真组织，确保各项任务按时完成。</p>"
    "<p><a href='/archives/{n}'>继续阅读 »</a></p></div><div class='row'><ul class='social'>"
    "<li><a href='https://a.example/?u={n}'>Share</a></li><li><a href='https://b.example/?u={n}'>Tweet</a></li>"
    "<li><a href='mailto:?body={n}'>Mail</a></li><li><a href='https://c.example/?u={n}'>Post</a></li></ul></div></section></article>"
)


@pytest.mark.parametrize("template", [COLUMNS, WHOLE, BELOW])
def test_rows_of_which_some_have_more_parts_than_others(template: str) -> None:
    assert rows(template, TITLES) == [(str(n), title, f"2026-10-{20 - n}") for n, title in enumerate(TITLES)]


def test_two_rows_whose_month_is_a_chinese_number() -> None:
    template = (
        "<li><h2><a href='/archives/{n}'>{title}</a></h2><div><a href='/archives/{n}'>十月 {day}, 2026</a></div></li>"
    )
    assert rows(f"<div>{template}</div>", TITLES[2:4], pager="") == [
        ("0", TITLES[2], "2026-10-20"),
        ("1", TITLES[3], "2026-10-19"),
    ]


REVISED = (
    "<article><div><a href='/archives/{n}'>{title}</a></div><div><span>von <a href='/author/1'>A. Beispiel</a></span> —\n"
    "zuletzt geändert {day}.10.2026 11:00</div></article>",
    "<article><h2><a href='/archives/{n}'>{title}</a></h2><div>최종 수정일: 2026-10-{day} 11:00</div></article>",
)
TABLE = "<tr><td><a href='/archives/{n}'>{title}</a></td><td>{author}</td><td>2026-10-{day} 11:00</td></tr>"


@pytest.mark.parametrize("template", REVISED)
def test_when_a_row_was_changed_is_no_day_of_publication(template: str) -> None:
    assert {date for _, _, date in rows(template, TITLES)} == {None}


@pytest.mark.parametrize("head", ["最后修改日期", "Last modified", "Modification date", "Letzte Änderung", "수정일"])
def test_a_column_that_tells_when_rows_were_changed(head: str) -> None:
    its = rows(TABLE, TITLES, before=f"<table><tr><th>标题</th><th>创建者</th><th>{head}</th></tr>", after="</table>")
    assert [(title, date) for _, title, date in its] == [(title, None) for title in TITLES]


@pytest.mark.parametrize(
    ("above", "below", "author"),
    [
        (
            "<span class='byline'><span>Posted by</span><span class='author vcard'><a>Mira Talbach</a></span></span>",
            "",
            True,
        ),
        ("<ul><li class='post-author'><span>Post author</span> By <a href='/a/2'>Mira Talbach</a></li></ul>", "", True),
        ("<p>Written by</p><div class='post-author-name'><a href='/a/2'>Mira Talbach</a></div>", "", True),
        ("<span class='label-by-author'>Von <span>Mira Talbach</span> —</span>", "", True),
        ("", "<p class='author__name'>Mira Talbach</p>", True),
        ("<span class='byline'>By Mira Talbach on March 19, 2024</span>", "", True),
        ("<span class='author'>Mira Talbach</span> <span class='author'>Jonas Wesselhof</span>", "", False),
        ("", "<div class='comment'><b class='author'>Mira Talbach</b></div>", False),
        ("", "<h2>More posts</h2><p class='author'>Mira Talbach</p>", False),
        ("", "<p class='about-author'>Posts by Mira Talbach</p>", False),
    ],
)
def test_the_author_whom_a_template_names_so(above: str, below: str, author: bool) -> None:
    its = read(f"<h1>{TITLE}</h1>{above}<div class='entry-content'><p>{NOTICE}</p><p>{NOTICE * 3}</p></div>{below}")
    assert its.author == ("Mira Talbach" if author else None)


def test_a_notice_of_a_few_words_below_fields_and_title() -> None:
    fields = "<div class='level'>Published 2024-03-19, updated 2024-03-28, by Mark Thornbury in <a href='/n/'>Notices</a></div>"
    tags = "<div>Tags:</div><ul><li><a href='/t/parking/'>Parking</a></li></ul>"
    its = read(f"<div>{fields}<h1>{TITLE}</h1><div class='content'><p>{NOTICE}</p>{tags}</div></div>")
    assert (its.title, its.published, its.body) == (TITLE, "2024-03-19", NOTICE)


PROSE = "The project brought together researchers from four departments, who spent three years collecting samples."


@pytest.mark.parametrize("text", [(NOTICE,), (PROSE, NOTICE)])
@pytest.mark.parametrize("name", ["Related", "Das könnte Sie interessieren"])
def test_cards_below_a_text_say_more_than_it(name: str, text: tuple[str, ...]) -> None:
    cards = "".join(
        f"<div class='card'><h3><a href='/{n}/'>Students win national competition {n}</a></h3><p><i>March {n}, 2024</i></p>"
        f"<p>{PROSE} {PROSE}</p></div>"
        for n in range(11, 14)
    )
    inner = "".join(f"<p>{line}</p>" for line in text)
    its = read(
        f"<article><div><h1>{TITLE}</h1><p><span>March 19, 2024</span></p></div><div class='container article-body'>{inner}</div>"
        f"<div class='container'><h2>{name}</h2><div class='row'>{cards}</div></div></article>"
    )
    assert (its.published, its.body.splitlines()) == ("2024-03-19", list(text))
