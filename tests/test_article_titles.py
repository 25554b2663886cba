"""Titles that the page's <title> does not confirm: it is the site's name, or the column's."""

from __future__ import annotations

import re

import pytest
from article_shell import TEXT, TITLE, paragraphs, read

from newsspider import read_article

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


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<h4><span>[학사]</span> 신임 교원 간담회 안내</h4>", "신임 교원 간담회 안내"),
        ("<h4>[학사] 신임 교원 간담회 안내</h4>", "[학사] 신임 교원 간담회 안내"),
    ],
)
def test_a_category_in_an_element_of_its_own_before_the_title(heading: str, title: str) -> None:
    assert read(f"{heading}<p>작성일 2024-03-19</p>{paragraphs()}", "공지사항 | 예시대학교").title == title


@pytest.mark.parametrize("element", ["article", "div class='post'"])
def test_another_article_beside_the_one_with_the_title(element: str) -> None:
    other = "会议在行政楼召开，学校各部门负责人参加，会上通报了近期工作的进展情况，并对下一阶段作出了部署安排。"
    second = f"<{element}><h2>学校召开工作例会</h2><p>2024-03-25</p><div>{paragraphs((other,) * 4)}</div></{element.split()[0]}>"
    its = read(
        f"<main><{element}><h2>{TITLE}</h2><p>2024-03-19</p><div>{paragraphs()}</div></{element.split()[0]}>{second}</main>"
    )
    assert (its.title, its.published, its.body.splitlines()) == (TITLE, "2024-03-19", list(TEXT))


def test_the_parts_of_a_text_are_no_articles_of_their_own() -> None:
    parts = "".join(
        f"<div class='frame'><h2>{name}</h2>{paragraphs(TEXT[1:4])}</div>" for name in ("一、对象", "二、办法")
    )
    its = read(f"<main><div class='frame'><h2>{TITLE}</h2><p>2024-03-19</p>{paragraphs()}</div>{parts}</main>")
    assert its.body.splitlines() == [*TEXT, "一、对象", *TEXT[1:4], "二、办法", *TEXT[1:4]]


def test_the_name_of_the_field_that_holds_the_text() -> None:
    fields = f"<tr><th>標題</th><td>{TITLE}</td></tr><tr><th>公告日期</th><td>113-03-19</td></tr>"
    its = read(f"<table>{fields}<tr><th>內容</th><td>{paragraphs()}</td></tr></table>", "最新消息")
    assert (its.title, its.published, its.body.splitlines()) == (TITLE, "2024-03-19", list(TEXT))


def test_the_line_that_a_template_draws_below_a_text() -> None:
    below = "<div><strong>------分隔线----------------------------</strong></div><ul><li>上一篇：<a href='/2'>旧闻</a></li></ul>"
    its = read(f"<div class='viewbox'><h2>{TITLE}</h2><div>2024-03-19</div><div>{paragraphs()}</div>{below}</div>")
    assert its.body.splitlines() == list(TEXT)


TEASERS = "".join(
    f"<li><a href='/{n}.htm'>学校召开第{n}次党建工作会议</a><p>学校部署近期重点工作，各学院负责人参加了会议并作交流发言。</p></li>"
    for n in range(4)
)


@pytest.mark.parametrize("shape", ["<h1>{}</h1>", "<div>{}</div>"])
@pytest.mark.parametrize("lines", [(TEXT[1],), (TEXT[1], *("王一", "李二", "张三", "赵四", "钱五", "孙六"))])
def test_a_short_text_beside_teasers(lines: tuple[str, ...], shape: str) -> None:
    article = f"<div class='art'>{shape.format(TITLE)}<p>2024-03-19</p><div>{paragraphs(lines)}</div></div>"
    its = read(f"<div class='wrap'><div>{article}</div><div class='fr'><h3>推荐新闻</h3><ul>{TEASERS}</ul></div></div>")
    assert (its.title, its.published, its.body.splitlines()) == (TITLE, "2024-03-19", list(lines))


CARDS = "".join(
    f"<div class='card'><h4><a href='/{n}'>Students win the {n}th robotics prize</a></h4><p>The robotics club of the university won "
    f"the first prize with a machine that sorts waste.</p><span>April {n}, 2024</span></div>"
    for n in range(5, 9)
)
ENGLISH = "New satellite method measures soil moisture"
PROSE = (
    "A team of researchers has developed a method that measures soil moisture from orbit with far greater precision than before.",
    "The new approach lets us see dry spells coming weeks earlier, said the lead author, a professor of earth science.",
    "The work was supported by a national foundation and carried out with partners in three countries.",
)


@pytest.mark.parametrize("page_title", [f"{ENGLISH} | Example University", "Example University"])
@pytest.mark.parametrize(
    "heading",
    [
        f"<h1>{ENGLISH}</h1><p>March 19, 2024</p>",
        f"<p>March 19, 2024</p><h1>{ENGLISH}</h1>",
        f"<div>{ENGLISH}</div><p>March 19, 2024</p>",
        f"<p><a href='/by'>Jane Sample</a></p><p>March 19, 2024</p><h1>{ENGLISH}</h1>",
    ],
)
def test_an_article_below_cards_of_others(heading: str, page_title: str) -> None:
    its = read(f"<div>{CARDS}</div><main>{heading}<div>{paragraphs(PROSE)}</div></main>", page_title, lang="en")
    assert (its.title, its.published, its.body.splitlines()) == (ENGLISH, "2024-03-19", list(PROSE))


def test_a_title_between_the_fields_of_a_board_and_the_text() -> None:
    fields = "<dl><dt>작성자</dt><dd>학사지원팀</dd><dt>작성일</dt><dd>2024-03-19</dd><dt>조회수</dt><dd>12</dd></dl>"
    its = read(f"{fields}<div>{TITLE}</div><div>{paragraphs()}</div>", "예시대학교", lang="ko")
    assert (its.title, its.published, its.views) == (TITLE, "2024-03-19", 12)


def test_a_category_above_the_heading_though_the_head_names_it_alone() -> None:
    its = read(
        f"<main><p class='category'>研究成果</p><h1>{TITLE}</h1><p>2024年3月19日</p>{paragraphs()}</main>",
        "研究成果 | 例示大学",
    )
    assert (its.title, its.published) == (TITLE, "2024-03-19")


@pytest.mark.parametrize(
    "name", ["Université d'Exemple", "Universidad de Ejemplo", "Università degli Studi di Esempio", "範例大學圖書館"]
)
def test_the_name_of_a_site_in_other_languages_is_no_title(name: str) -> None:
    its = read(f"<div>{TITLE}</div><p>发布时间：2024-03-19</p><div>{paragraphs()}</div>", name)
    assert its.title == TITLE


@pytest.mark.parametrize("page_title", [f"{TITLE}-示例大学", "示例大学教务处"])
@pytest.mark.parametrize("heading", ["<h1>{}<span>2024-03-19</span></h1>", "<h2>{}<small>（2024-03-19）</small></h2>"])
def test_a_date_in_an_element_of_its_own_behind_the_title(heading: str, page_title: str) -> None:
    its = read(f"{heading.format(TITLE)}<div>{paragraphs()}</div>", page_title)
    assert (its.title, its.published) == (TITLE, "2024-03-19")
    assert read(f"<h1>{TITLE}2024-03-19</h1>{paragraphs()}", page_title).title in (TITLE, f"{TITLE}2024-03-19")


PICTURES = "<p><img src='/u/1.jpg'></p><p><img src='/u/2.jpg'></p>"


@pytest.mark.parametrize("page_title", [f"{TITLE}-示例大学", "示例大学教务处"])
@pytest.mark.parametrize("heading", ["<h1>{}</h1><p>时间：2024-03-19</p>", "<p>时间：2024-03-19</p><h1>{}</h1>"])
def test_an_article_of_pictures_alone(heading: str, page_title: str) -> None:
    its = read(f"<div class='nr'>{heading.format(TITLE)}<div>{PICTURES}</div></div>", page_title)
    assert (its.title, its.published, its.body, len(its.images)) == (TITLE, "2024-03-19", "", 2)


@pytest.mark.parametrize("sign", ["¶", "#", "§", "\uf0c1"])
@pytest.mark.parametrize(
    "shape",
    ["{name}<a class='x' href='#its' title='Link to this heading'>{sign}</a>", "<a href='#its'>{sign}</a> {name}"],
)
def test_a_sign_that_links_to_its_heading(shape: str, sign: str) -> None:
    heading = shape.format(name=TITLE, sign=sign)
    part = shape.format(name="申报条件", sign=sign)
    its = read(f"<h1>{heading}</h1><p>2024-03-19</p>{paragraphs(TEXT[:2])}<h2>{part}</h2>{paragraphs(TEXT[2:])}")
    assert (its.title, its.body.splitlines()[2]) == (TITLE, "申报条件")


@pytest.mark.parametrize("title", ["面向初学者的程序设计语言 C#", "编程入门：C<a href='#sharp'>#</a>语言的由来"])
def test_a_sign_that_is_the_titles(title: str) -> None:
    told = re.sub("<[^>]+>", "", title)
    assert read(f"<h1>{title}</h1><p>2024-03-19</p>{paragraphs()}", page_title=told).title == told


@pytest.mark.parametrize(
    ("inner", "page_title", "title"),
    [
        # the one <h1> before the heading of a part, also where the menu has it
        ("<h1>Handbook</h1>{0}<h2>Miscellaneous</h2>{1}", "Handbook - Honors College", "Handbook"),
        ("<h1>通知公告</h1><h2>关于放假安排的通知事项</h2><p>2024-03-19</p>{0}", "通知公告-示例大学", "关于放假安排的通知事项"),
        # names of institutions, and what only ends in one
        ("<div>{2}</div><p>2024-03-19</p>{0}", "《示例文库》入藏示例大学图书馆-要闻-示例大学", "《示例文库》入藏示例大学图书馆"),
        ("<h1>{2}</h1>{0}", "Professor Example joins the department – UIC", "Professor Example joins the department"),
        # dots of its own
        ("<div>{2}</div><p>2024-03-19</p>{0}", "示例电视台：学生用镜头记录……-媒体-示例大学", "示例电视台：学生用镜头记录……"),
        # a line of the text is none, where <title> has one
        ("<p>主任：周一</p><p>副主任：吴二</p>{0}", "学术委员会-示例学院", "学术委员会"),
        ("<div class='card'><h6>暑假值班安排</h6><div>2024-03-19</div>{0}</div>", "大型仪器共享平台 | 示例大学", "暑假值班安排"),
        # more than the head declares
        ("<h1>Open day 2026 for all families</h1>{0}", "Open day 2026 | Example University", "Open day 2026 for all families"),
    ],
)  # fmt: skip
def test_titles_by_their_evidence(inner: str, page_title: str, title: str) -> None:
    assert read(inner.format(paragraphs(), paragraphs(), title), page_title).title == title


@pytest.mark.parametrize(
    ("inner", "page_title", "title"),
    [
        # the one <h1>, which the head says in other words, before a part of the text that it says in these
        ("<h1>How to choose a laboratory coat</h1><p>Ask us.</p>", "Lab coats: what to buy", "How to choose a laboratory coat"),
        # but neither the site's name nor a part of the declared title
        ("<h1>Portal - Example University</h1><h2>On birds</h2>", "On birds - Portal - Example University", "On birds"),
        ("<h1>Star Notes</h1><h2>A new map of the desert</h2>", "A new map of the desert | Star Notes", "A new map of the desert"),
    ],
)  # fmt: skip
def test_the_only_heading_of_the_first_level(inner: str, page_title: str, title: str) -> None:
    assert read(f"{inner}{paragraphs()}", page_title).title == title


def test_a_headline_told_to_machines_bears_out_a_line() -> None:
    told = '<script type="application/ld+json">{"headline": "Average cost of a study place"}</script>'
    inner = "<ul><li><a href='/c'>Average cost of a study place</a></li></ul><h1>Average cost of a study place</h1>"
    found = read(f"{told}{inner}{paragraphs()}", "Average cost of a study place [2025]: fees by year")
    assert found.title == "Average cost of a study place"


@pytest.mark.parametrize(
    ("heading", "declared", "title"),
    [
        ("Best pictures of the year – Exampler", "Best pictures of the year – Exampler", "Best pictures of the year"),
        ("How walking helps | Opinion", "How walking helps | Opinion", "How walking helps"),
        ("Blog: How walking helps", "How walking helps", "How walking helps"),
        ("Walking: how it helps", "Walking: how it helps", "Walking: how it helps"),
        ("How walking helps – a history", "How walking helps – a history", "How walking helps – a history"),
    ],
)
def test_a_heading_with_the_name_of_the_site_or_of_a_column(heading: str, declared: str, title: str) -> None:
    menu = "<ul><li><a href='/o/'>Opinion</a></li><li><a href='/b/'>Blog</a></li></ul>"
    its = read_article(
        f"<title>{declared}</title>{menu}<h1>{heading}</h1><p>2024-03-19</p>{paragraphs()}".encode(),
        "https://www.exampler.com/a/walking-helps",
    )
    assert its.title == title


def test_a_trail_that_ends_with_what_the_head_declares() -> None:
    trail = "<ul><li><a href='/'>Home</a></li><li>Climate: five solutions</li></ul>"
    head = "<title>Climate: five solutions | Example Lab</title>"
    heading = "Five solutions to climate change that work around the world"
    assert read(f"{head}{trail}<h1>{heading}</h1><p>2024-03-19</p>{paragraphs()}").title == heading


@pytest.mark.parametrize(
    ("heading", "line", "title"),
    [
        ("Weekly wrap-up 12/19/2025", "Dec 19, 2025", "Weekly wrap-up 12/19/2025"),
        ("Weekly wrap-up 12/19/2025", "5 min read", "Weekly wrap-up"),
        ("Weekly wrap-up <i>12/19/2025</i>", "Dec 19, 2025", "Weekly wrap-up"),
    ],
)
def test_a_day_in_a_title_that_is_printed_below_is_part_of_it(heading: str, line: str, title: str) -> None:
    its = read(f"<h1>{heading}</h1><p>{line}</p>{paragraphs()}", lang="en")
    assert (its.title, its.published) == (title, "2025-12-19")
