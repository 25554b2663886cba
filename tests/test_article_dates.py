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


LECTURE = "学术报告：土壤水分遥感的新方法"
EVENTS = (
    "<table><tr><th>时间</th><td>2024年3月20日 14:30</td></tr><tr><th>地点</th><td>行政楼</td></tr></table>",
    "<dl><dt>时间</dt><dd>2024年3月20日 14:30</dd><dt>地点</dt><dd>行政楼</dd></dl>",
    "<dl><dt>Date</dt><dd>March 20, 2024</dd><dt>Location</dt><dd>Main Hall</dd></dl>",
    "<p>【时间】2024年3月20日</p><p>【地点】行政楼</p>",
    "<p>时　　间：2024年3月20日</p><p>地　　点：行政楼</p>",
    "<p>时间：2024年3月20日</p><p>腾讯会议：123-456</p>",
)


@pytest.mark.parametrize("event", EVENTS)
def test_when_and_where_something_takes_place_is_no_day_of_publication(event: str) -> None:
    text = f"<div>{event}{paragraphs()}</div>"
    assert read(f"<h1>{LECTURE}</h1>{text}", f"{LECTURE}-示例大学").published is None
    its = read(f"<h1>{LECTURE}</h1><p>2024-03-12</p>{text}", f"{LECTURE}-示例大学")
    assert (its.title, its.published) == (LECTURE, "2024-03-12")


BUTTONS = "<ul>" + "".join(f"<li>{name}</li>" for name in ("分享到", "微信", "微博", "QQ空间", "复制链接")) + "</ul>"
FILES = (
    "<h4>附件</h4><ul>" + "".join(f"<li><a href='/{n}.doc'>申报书第{n}部分.doc</a></li>" for n in range(5)) + "</ul>"
)


def test_the_one_labelled_date_far_below_a_text() -> None:
    text = f"<h1>{TITLE}</h1><div class='content'>{paragraphs()}</div>{BUTTONS}{FILES}"
    assert read(f"{text}<div><p>发布时间：2024-03-19</p><p>来源：教务处</p></div>").published == "2024-03-19"
    other = "<p>发布时间：2024-03-18</p>"
    assert read(f"{text}<div><p>发布时间：2024-03-19</p></div>{other}").published is None
    assert read(f"{text}<div><p>2024-03-19</p></div>").published is None
    teaser = "<div><h4>推荐</h4><div><a href='/3.htm'>学校召开全校本科教学工作会议</a><p>发布时间：2024-05-11</p></div></div>"
    assert read(f"{text}{teaser}").published is None


@pytest.mark.parametrize(
    ("ending", "kept"),
    [
        ("<p>作者：王一</p><p>来源：宣传部</p><p>发布时间：2024-03-19</p>", ()),
        ("<p>Last updated: April 2, 2024</p>", ()),
        ("<p>教务处</p><p>2024年3月19日</p>", ("教务处", "2024年3月19日")),
        ("<p>报名截止时间：2024年3月19日</p>", ("报名截止时间：2024年3月19日",)),
        ("<p>2024年3月19日</p><p>发布时间：2024-03-19</p>", ("2024年3月19日",)),
    ],
)
def test_labels_that_end_a_text_are_the_templates(ending: str, kept: tuple[str, ...]) -> None:
    its = read(f"<h1>{TITLE}</h1><div>{paragraphs()}{ending}</div>")
    assert its.body.splitlines() == [*TEXT, *kept]


def test_a_count_that_touches_the_date_beside_it() -> None:
    its = read(f"<h1>{TITLE}</h1><p><span>点击：120</span><span>2024-03-19 10:11</span></p>{paragraphs()}")
    assert (its.views, its.published) == (120, "2024-03-19T10:11")


def test_fields_of_a_board_in_english() -> None:
    fields = "<dl><dt>Writer</dt><dd>Admin</dd><dt>Date</dt><dd>2024-03-19</dd><dt>Hits</dt><dd>120</dd></dl>"
    its = read(f"<div><h4>{LECTURE}</h4>{fields}<div>{paragraphs()}</div></div>", "Notice | Example University")
    assert (its.title, its.published, its.views) == (LECTURE, "2024-03-19", 120)
    assert its.body.splitlines() == list(TEXT)


ROWS = "".join(
    f"<li><a href='/{n}.htm'>{name}</a>{{0}}2024-05-{n}{{1}}</li>"
    for n, name in enumerate(
        ("学校举行2024年春季运动会开幕式", "关于劳动节放假安排的通知", "我校师生在全国竞赛中获佳绩"), 11
    )
)


@pytest.mark.parametrize("row", [("<span>", "</span>"), ("<p>", "</p>")])
@pytest.mark.parametrize(("line", "published"), [("<p>2024-03-19</p>", "2024-03-19"), ("", None)])
def test_the_days_of_a_list_above_are_not_the_articles(row: tuple[str, str], line: str, published: str | None) -> None:
    its = read(
        f"<h4>最新文章</h4><ul>{ROWS.format(*row)}</ul><div><h1>{TITLE}</h1>{line}<div>{paragraphs()}</div></div>"
    )
    assert (its.title, its.published, its.body.splitlines()) == (TITLE, published, list(TEXT))


NOTICE = ("全校师生：", "因管道检修，3月19日8:00至17:00校区停水，请提前储水。", "后勤处", "2024年3月18日")


@pytest.mark.parametrize(("line", "published"), [("<p>2024-03-17</p>", "2024-03-17"), ("", None)])
def test_the_day_under_a_notice_of_a_few_words_stays_in_it(line: str, published: str | None) -> None:
    its = read(f"<h1>{TITLE}</h1>{line}<div>{paragraphs(NOTICE)}</div>")
    assert (its.published, its.body.splitlines()) == (published, list(NOTICE))


@pytest.mark.parametrize("line", ["比赛时间：2024年4月2日 9:00", "报到日期：2024年4月2日", "1.体检时间：2024年4月2日"])
def test_a_longer_label_that_ends_as_that_of_a_date_does(line: str) -> None:
    its = read(f"<h1>{TITLE}</h1><div><p>{line}</p>{paragraphs()}</div>")
    assert (its.published, its.body.splitlines()) == (None, [line, *TEXT])
    assert read(f"<h1>{TITLE}</h1><p>来源：教务处时间：2024-03-19</p>{paragraphs()}").published == "2024-03-19"


@pytest.mark.parametrize(
    ("lang", "fields", "published"),
    [
        ("de", "<p>19. Mär. 2024</p>", "2024-03-19"),
        ("ja", "<p>更新日：2024年3月19日</p>", None),
        ("ko", "<ul><li>교무처</li><li>2024-03-19</li><li>조회수 12</li></ul>", "2024-03-19"),
    ],
)
def test_fields_below_a_title(lang: str, fields: str, published: str | None) -> None:
    its = read(f"<main><h1>{TITLE}</h1>{fields}{paragraphs()}</main>", lang=lang)
    assert (its.published, its.body.splitlines()) == (published, list(TEXT))


@pytest.mark.parametrize(
    ("line", "declared", "published"),
    [
        ("2024-03-20", "2024-03-19T17:12:00.000Z", "2024-03-20"),
        ("2024-03-20 01:12", "2024-03-19T17:12:00+00:00", "2024-03-20T01:12"),
        ("2024-03-20 09:30", "2024-03-19T17:12:00+00:00", "2024-03-20T09:30"),  # what people read
        ("2024-03-22", "2024-03-19T17:12:00+00:00", "2024-03-22"),
        ("2024-03-20", "2024-03-19T17:12:00-05:00", "2024-03-20"),
        ("", "2024-03-19T17:12:00Z", "2024-03-19T17:12:00+00:00"),
    ],
)
def test_the_printed_day_of_an_instant_declared_in_utc(line: str, declared: str, published: str) -> None:
    meta = f"<meta property='article:published_time' content='{declared}'>"
    its = read(f"<h1>{TITLE}</h1>{meta}<p>{line}</p>{paragraphs()}")
    assert its.published == published


def test_an_instant_declared_in_utc_and_where_the_site_is() -> None:
    meta = "<meta property='article:published_time' content='2024-03-19T17:12:00Z'>"
    for name in ("datePublished", "dateCreated datePublished"):
        time = f"<time itemprop='{name}' datetime='2024-03-20T01:12:00+08:00'></time>"
        assert read(f"{meta}<h1>{TITLE}</h1>{paragraphs()}{time}").published == "2024-03-20T01:12:00+08:00"


@pytest.mark.parametrize(
    "line",
    [
        "<a href='/2024/03/19/a/'>19. März 2024</a>",
        "<a href='/2024/03/19/a/'>March 19, 2024</a>",
        "<span class='hidden'>Post date</span> <a href='/a/1.html'>March 19, 2024</a>",
        "Posted on <a href='/a/1.html'>March 19, 2024</a>",
        "<a href='/a/1.html'>2024年3月19日</a>",
        "<a href='/a/1.html'>Tue, Mar 19, 2024</a>",
        "<a href='/a/1.html'>Dienstag, 19. März 2024</a>",
        "Posted on <a href='/a/1.html'>Tue, Mar 19, 2024</a>",
        "Posted on <a href='/a/1.html'>March 19, 2024</a> by <a href='/author/2'>Friederike Abendroth-Wesselhof</a>",
        "Veröffentlicht am <a href='/a/1.html'>19. März 2024</a> von <a href='/author/2'>Friederike Abendroth</a>",
        "<a href='/a/1.html'>3월 19, 2024</a>",
    ],
)
def test_a_date_that_links_to_its_article_or_its_day(line: str) -> None:
    fields = f"<ul><li>By <a href='/author/1'>A. Beispiel</a></li><li>{line}</li></ul>"
    its = read(f"<h1>{TITLE}</h1>{fields}<div>{paragraphs()}</div>")
    assert (its.published, its.body.splitlines()) == ("2024-03-19", list(TEXT))


@pytest.mark.parametrize(
    ("below", "published"),
    [
        ("<div><time datetime='2024-03-19T13:05:00+01:00'>19. März 2024</time></div><p>A. Beispiel</p>", True),
        ("<div><div><time datetime='2024-03-19T13:05:00+01:00'>3월 19, 2024</time></div></div>", True),
        (
            "<div id='comments'><time datetime='2024-03-19T13:05:00+01:00'>19. März 2024</time><p>Wie schön!</p></div>",
            False,
        ),
        ("<p>A. Beispiel</p><time datetime='2024-03-19T13:05:00+01:00'>19. März 2024</time><p>Wie schön!</p>", False),
        (
            "<ul><li><time datetime='2024-03-19T13:05:00+01:00'>19. März 2024</time> <br>"
            "<a href='/a/2.html'>Neues Zentrum für Quantenoptik eröffnet</a></li></ul>",
            False,
        ),
    ],
)
def test_the_date_that_stands_first_below_a_text(below: str, published: bool) -> None:
    its = read(f"<h1>{TITLE}</h1><div class='entry-content'>{paragraphs()}</div>{below}", lang="de")
    assert its.published == ("2024-03-19T13:05:00+01:00" if published else None)


@pytest.mark.parametrize(
    "above",
    [
        "<div class=share><a href=/print>Diese Seite drucken</a> <a href=/mail>Diese Seite per Mail verschicken</a><br>Empfehlen</div>"
        "<div>19.03.2024</div>",
        "<p><a href=/2024/03/>Donnerstag, 19. März 2024</a></p>",
    ],
)
def test_a_date_above_the_title_and_below_buttons_or_as_a_link(above: str) -> None:
    its = read(f"<div>{above}<h1>{TITLE}</h1>{paragraphs()}</div>", lang="de")
    assert (its.title, its.published) == (TITLE, "2024-03-19")


def test_a_year_that_ends_a_title_is_not_of_the_day_below() -> None:
    its = read(
        f"<h1>Emissions dipped in 2019</h1><p>January 10, 2020 9:00AM</p>{paragraphs()}",
        "Emissions dipped in 2019",
        lang="en",
    )
    assert its.published == "2020-01-10T09:00"


BLOG = (
    "A buoy that rights itself after capsizing has survived its first winter in the open sea, engineers report.",
) * 2


@pytest.mark.parametrize(
    ("line", "published"),
    [
        (
            "<a href='/'>News</a> | <a href='/r/'>Research and development</a> | <a href='/m/'>Mark Thornbury</a> | 2024-03-19",
            "2024-03-19",
        ),
        (
            "<a href='/'>News</a> · <a href='/r/'>Research and development</a> · <a href='/m/'>Mark Thornbury</a> · March 19, 2024",
            "2024-03-19",
        ),
        (
            "<a href='/'>News</a> | <a href='/r/'>Research and development</a> | <a href='/m/'>Mark Thornbury</a> | 03/04/2024",
            None,
        ),
        ("<a href='/7.html'>Choir returns from a tour of five cities and eleven halls</a> | News | 2024-03-19", None),
    ],
)
def test_a_day_at_the_end_of_links_and_names(line: str, published: str | None) -> None:
    text = "".join(f"<p>{words}</p>" for words in BLOG)
    its = read(f"<h1>Engineers test a buoy</h1><header>{line}</header>{text}", "Engineers test a buoy", lang="")
    assert its.published == published
    assert its.body.splitlines()[0 if published else -2 :] == list(BLOG)


@pytest.mark.parametrize("fields", ["<p>Published: 2024-03-19</p>", "<p>Created: 2024-03-19.</p>"])
@pytest.mark.parametrize("count", [1, 4])
def test_a_day_first_of_the_fields_below_a_text(fields: str, count: int) -> None:
    tags = "<p>Category: <a href='/n/'>News</a></p><p>Tags: <a href='/t/'>Sea</a></p>"
    below = f"<footer>{fields}<address>By Mark Lee</address>{tags}</footer>"
    text = paragraphs((TEXT[1],) * count)
    its = read(f"<article><h2>{TITLE}</h2>{text}{below}</article>", lang="en")
    assert (its.published, its.body) == ("2024-03-19", "\n".join((TEXT[1],) * count))


def test_a_day_that_an_abbreviation_spells_out_first_below_a_text() -> None:
    below = "<ul><li><abbr title='2024-03-19T07:02:00+08:00'>2024-03-19</abbr></li><li><a href='/t/'>教学改革项目</a></li></ul>"
    assert (
        read(f"<h1>{TITLE}</h1><main>{paragraphs()}</main><div>{below}</div>").published == "2024-03-19T07:02:00+08:00"
    )


def test_the_day_of_the_last_edit_below_that_of_publication() -> None:
    fields = "<ul><li>By <a href='/m'>Mark Lee</a></li><li>2024-03-19</li><li>Updated on 2024-03-28</li></ul>"
    its = read(f"<section class='post-content'><h2>{TITLE}</h2>{fields}{paragraphs()}</section>")
    assert (its.published, its.body.splitlines()) == ("2024-03-19", list(TEXT))


def test_a_second_heading_in_the_element_of_the_text() -> None:
    hidden = (
        f"<header><a href='/n/'>News</a><h1>{TITLE}</h1><span>示例大学新闻中心</span><time>2024-03-19</time></header>"
    )
    its = read(f"<h1>{TITLE}</h1><p>发表于2024-03-19</p><article class='post-content'>{hidden}{paragraphs()}</article>")
    assert (its.title, its.published, its.body.splitlines()) == (TITLE, "2024-03-19", list(TEXT))


def test_the_box_with_title_address_and_licence_below_a_text() -> None:
    box = f"<div><div>{TITLE}</div><div>https://jwc.example.edu/a/1.html</div><div>作者</div><div>林老师</div><div>许可协议</div></div>"
    its = read(f"<article class='post-content'><h1>{TITLE}</h1><p>2024-03-19</p>{paragraphs()}{box}</article>")
    assert its.body.splitlines() == list(TEXT)
