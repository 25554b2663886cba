"""Articles in the layouts of systems and themes that no family's rules name: one shell, many headings. All invented."""

from __future__ import annotations

import re

import pytest

from newsspider import Article, PageError, read_article
from newsspider.reading import content

PROSE = (
    "为进一步提升本科教学质量，三月十八日下午，学校在行政楼第一会议室召开本科教学工作推进会，各学院院长、教务处负责人参加。",
    "会议指出，各学院要围绕立德树人根本任务，优化专业结构，加强课程建设，推动教师潜心教学，确保各项任务按期完成。",
    "与会人员围绕专业认证、课程思政、实践教学等议题进行了交流，并就下一阶段的重点工作提出了意见和建议。",
)
TITLE = "学校召开本科教学工作推进会"
KOREAN = "신임 교수 간담회 개최 안내"
ENGLISH = "New satellite method measures soil moisture"
URL = "https://news.example.edu/a/1.html"
MENU = "<div class='nav'>" + "".join(
    f"<li><a href='/{n}.htm'>{name}</a></li>"
    for n, name in enumerate(("首页", "学校要闻", "通知公告", "공지사항", "News"))
)
FOOT = "<div class='foot'><p>地址：示例路1号</p><p>版权所有 示例大学 2020-01-01 访问量：128937</p></div>"


def page(heading: str, title: str, *, below: str = "", head: str = "") -> bytes:
    text = "".join(f"<p>{line}</p>" for line in PROSE)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{MENU}</div>"
        f"<div class='main'><div class='right'>{heading}<div>{text}</div>{below}</div></div>{FOOT}</body></html>"
    ).encode()


def read(heading: str, title: str = f"{TITLE}-示例大学新闻网", *, below: str = "", head: str = "") -> Article:
    return read_article(page(heading, title, below=below, head=head), URL)


@pytest.mark.parametrize(
    ("fields", "published", "views"),
    [
        ("<ul><li>来源：宣传部</li><li>日期：2024-03-19</li><li>点击量：77</li></ul>", "2024-03-19", 77),
        ("<p>作者：张三</p><p>发布时间：2024-03-19</p><p>浏览次数：33</p>", "2024-03-19", 33),
        ("<dl><dt>发布日期</dt><dd>2024-03-19</dd><dt>浏览次数</dt><dd>45</dd></dl>", "2024-03-19", 45),
        (
            "<table><tr><td>发布时间</td><td>2024-03-19</td></tr><tr><td>浏览次数</td><td>45</td></tr></table>",
            "2024-03-19",
            45,
        ),
        ("<p>2024-03-19 已读：20</p>", "2024-03-19", 20),
        ("<p>发布时间：2024-03-19　浏览次数：<span id='count'></span>次</p>", "2024-03-19", None),
        ("<p>发布于 3天前</p>", None, None),
        ("<p>来源：新闻网　作者：张三</p>", None, None),
        ("<div><b>19</b><span>2024-03</span></div>", "2024-03-19", None),
        ("<div><p>19</p><p>2024.03</p></div>", "2024-03-19", None),
        ("<div><p>03-19</p><p>2024</p></div>", "2024-03-19", None),
        ("<div><div>2024</div><div>03/19</div></div>", "2024-03-19", None),
        ("<p>最后更新时间：2024-05-01　发布时间：2024-03-19</p>", "2024-03-19", None),
        ("<p>최초등록일 2024-03-19 최종수정일 2024-05-01 조회 12</p>", "2024-03-19", 12),
        ("<p>게시기간 2024-03-08 ~ 2024-03-31</p>", None, None),
        ("<p>글쓴이 : 교무처</p><p>날짜 : 24-03-19 11:22</p><p>조회 : 88</p>", "2024-03-19T11:22", 88),
        ("<p>Published March 19, 2024. Updated May 2, 2024.</p>", "2024-03-19", None),
        ("<p>Publié le 19 mars 2024 – Mis à jour le 2 mai 2024</p>", "2024-03-19", None),
        ("<p>Pressemitteilung Nr. 12 vom 19.03.2024</p>", "2024-03-19", None),
        ("<p>19 марта 2024</p>", "2024-03-19", None),
        ("<p>令和6年3月19日</p>", "2024-03-19", None),
        ("<time datetime='2024-03-19'>yesterday</time>", "2024-03-19", None),
        ("<p>19 март 2024 11:22</p>", "2024-03-19T11:22", None),
        ("<p>開催日時：2024年4月2日</p>", None, None),
        ("<p>March 19, 2024 · 321 total views, 2 views today</p>", "2024-03-19", 321),
    ],
)
def test_fields_below_the_title(fields: str, published: str | None, views: int | None) -> None:
    its = read(f"<h1>{TITLE}</h1>{fields}")
    assert (its.title, its.published, its.views) == (TITLE, published, views)
    text = its.body.splitlines()
    assert text[-3:] == list(PROSE)
    assert text[:-3] in ([], ["yesterday"], ["開催日時：2024年4月2日"])


@pytest.mark.parametrize(
    ("heading", "page_title", "title"),
    [
        (f"<h1>示例大学新闻网</h1><h2>{TITLE}</h2><p>发布时间：2024-03-19</p>", "示例大学新闻网", TITLE),
        (f"<h3>学校要闻</h3><div class='title'>{TITLE}</div><p>发布时间：2024-03-19</p>", "示例大学新闻网", TITLE),
        (f"<h2>新闻动态</h2><div class='biaoti'>{TITLE}</div><p>发布时间：2024-03-19</p>", "示例大学教务处", TITLE),
        (f"<h2>{TITLE}</h2><div class='subtitle'>聚焦质量</div><p>发布时间：2024-03-19</p>", "示例大学教务处", TITLE),
        (f"<p>当前位置：首页 &gt; 要闻 &gt; {TITLE}</p><p>发布时间：2024-03-19</p>", "示例大学", TITLE),
        (f"<h1>News</h1><h2>{ENGLISH}</h2><p>March 19, 2024</p>", "News | Example University", ENGLISH),
        ("<p>March 19, 2024</p>", f"Example University | {ENGLISH}", ENGLISH),
        ("<p>March 19, 2024</p>", f"{ENGLISH} – News – School of Engineering", ENGLISH),
        (f"<h2>공지사항</h2><table><tr><th>제목</th><td>{KOREAN}</td></tr><tr><th>작성일</th><td>2024.03.19</td></tr></table>",
         "공지사항 | 예시대학교", KOREAN),
        (f"<h3>공지사항</h3><table><tr><th>{KOREAN}</th></tr><tr><th>작성자</th><td>교무처</td></tr>"
         "<tr><th>등록일</th><td>2024.03.19</td></tr></table>", "예시대학교", KOREAN),
        (f"<h3 class='tit'>{KOREAN}</h3><dl><dt>작성자</dt><dd>교무처</dd><dt>등록일자</dt><dd>2024/03/19</dd></dl>", "예시대학교", KOREAN),
        (f"<h4>{KOREAN}</h4><p><span>교무처</span> <span>2024-03-19</span> <span>조회 321</span></p>", "공지사항 > 예시대학교", KOREAN),
        ("<table><tr><th>公告主旨</th><td>圖書館新生導覽</td></tr><tr><th>公告單位</th><td>圖書館</td></tr>"
         "<tr><th>公告日期</th><td>113/03/19</td></tr></table>", "範例大學", "圖書館新生導覽"),
        (f"<h1><a href='/'>Star Notes</a></h1><h2>{ENGLISH}</h2><p>March 19, 2024</p>", f"Star Notes » {ENGLISH}", ENGLISH),
        (f"<h1><a href='/a'>Star Notes</a></h1><h3><a href='/a/1.html'>{ENGLISH}</a></h3><p>March 19, 2024</p>",
         f"Star Notes » Archive » {ENGLISH}", ENGLISH),
        ("<h1>Star Notes</h1><h2>A new map <i>Four years of work in the desert</i></h2><p>March 19, 2024</p>",
         "A new map - Four years of work in the desert | Star Notes", "A new map Four years of work in the desert"),
        ("<h1>Ouverture : visiter notre université</h1><p>19 mars 2024</p>", "Ouverture : visiter notre université | Exemple",
         "Ouverture : visiter notre université"),
        (f"<h1>{TITLE[:8]}...</h1><p>2024-03-19</p>", f"{TITLE}_学校要闻_示例大学", TITLE),
    ],
)  # fmt: skip
def test_title_among_the_names_of_site_and_column(heading: str, page_title: str, title: str) -> None:
    its = read(heading, page_title)
    assert its.title == title
    assert its.published == "2024-03-19"
    assert its.body.splitlines() == list(PROSE)


def test_a_date_that_is_part_of_the_declared_title_stays_in_it() -> None:
    title = "The week in the sky, March 19, 2024"
    its = read(f"<h1>{title}</h1><p>March 19, 2024</p>", title, head=f'<meta property="og:title" content="{title}">')
    assert (its.title, its.published) == (title, "2024-03-19")


def test_the_name_of_the_site_is_no_title_where_the_head_tells_both() -> None:
    head = f'<meta property="og:site_name" content="Star Notes"><meta property="og:title" content="{ENGLISH}">'
    assert read("<h1>Star Notes</h1><p>March 19, 2024</p>", f"{ENGLISH} - Star Notes", head=head).title == ENGLISH


def test_a_date_that_an_abbreviation_spells_out() -> None:
    its = read(f"<h1>{TITLE}</h1><p>By A. Writer – <abbr title='2024-03-19T10:00:00Z'>1 hr ago</abbr></p>")
    assert its.published == "2024-03-19T10:00:00+00:00"


def test_a_date_in_a_long_caption_is_not_the_day_of_publication() -> None:
    caption = "Archivbild, aufgenommen am 2. Mai 2019. " + "Es zeigt die Sternwarte vor dem Umbau. " * 9
    assert read(f"<h1>{TITLE}</h1><p>{caption}</p>").published is None


def test_a_date_that_links_to_its_day() -> None:
    html = page(f"<h1>{TITLE}</h1>", TITLE).replace(
        b"<div><p>", b"<div><div><a href='/day'>2024-03-19 09:05</a></div><p>"
    )
    its = read_article(html, URL)
    assert (its.published, its.body.splitlines()) == ("2024-03-19T09:05", list(PROSE))


def test_a_sentence_below_the_text_that_says_when_it_was_written() -> None:
    its = read(
        f"<h1>{TITLE}</h1>", below="<div>Dieser Artikel wurde am 19. März 2024 um 14:48 von Ada geschrieben.</div>"
    )
    assert its.published == "2024-03-19T14:48"


def test_a_quote_that_cuts_a_declared_title_off_does_not_cut_the_heading() -> None:
    title = '奖金揭晓！"示例奖"首位获奖者'
    its = read(
        f"<h1>{title}</h1><p>2024-03-19</p>", f"{title}-示例大学", head=f'<meta property="og:title" content="{title}">'
    )
    assert its.title == title


@pytest.mark.parametrize(
    "below",
    [
        "<div><p>您是第 12345 位访客</p><p>浏览量：99999</p></div>",
        "<p>上一篇：<a href='a'>关于放假的通知</a></p><p>下一篇：<a href='b'>关于毕业设计的通知</a></p>",
        "<p>[ 打印本页 ] [ 关闭窗口 ] [ 返回顶部 ]</p>",
        "<p>相关附件</p><ul><li><a href='a.pdf'>a.工作安排的通知</a></li><li><a href='b.pdf'>b.工作小组名单</a></li></ul>",
        "<p>分享：</p><p>为你推荐</p><p>北山天文台对外开放，市民可以预约参观，每日限三百人。</p>",
        "<ul><li><a href='p'>前の記事へ</a></li><li><a href='n'>次の記事へ</a></li></ul>",
        "<div><h3>相关新闻</h3>"
        + "".join(f"<li><a href='{n}'>学校召开第{n}次工作会议</a> 2024-02-0{n}</li>" for n in range(1, 7)),
    ],
)
def test_what_stands_below_a_text_is_none_of_it(below: str) -> None:
    its = read(
        f"<h1>{TITLE}</h1><p>发布时间：2024-03-19</p>", below="</div></div>" + below if "位访客" in below else below
    )
    assert (its.title, its.published, its.views) == (TITLE, "2024-03-19", None)
    assert its.body.splitlines() == list(PROSE)


TEASERS = "".join(f"<p><a href='{n}'>学校召开第{n}次工作会议部署重点工作</a></p><p>{PROSE[1]}</p>" for n in range(1, 5))


@pytest.mark.parametrize(
    ("beside", "wrapped"),
    [
        (f"<div><h3>热门文章</h3>{TEASERS}</div>", False),
        ("<div><h3>Contact</h3><p>Office of Communications</p><p>Phone: 555-1234</p></div>", False),
        (f"<div id='onetrust-consent-sdk'><h2>Privacy</h2><p>{PROSE[2]}</p></div>", False),
        (f"<div id='onetrust-consent-sdk'><p>{PROSE[2]}</p></div>", True),
    ],
)
def test_what_stands_beside_a_text_is_none_of_it(beside: str, wrapped: bool) -> None:
    text = "".join(f"<p>{line}</p>" for line in (*PROSE, *PROSE[:1] * wrapped))
    html = f"<meta charset='utf-8'><title>{TITLE}</title>{MENU}</div><div><div><h1>{TITLE}</h1><p>2024-03-19</p>{text}</div>{beside}</div>"
    assert read_article(html.encode(), URL).body.splitlines() == [*PROSE, *PROSE[:1] * wrapped]


@pytest.mark.parametrize(
    "names",
    [
        "post type-post hentry tag-hot tag-search category-banner",
        "section section--ads",
        "mod-margin-bottom",
        "elementor-widget elementor-widget-text-editor",
        "box position-relative no-print",
    ],
)
def test_names_that_tell_how_an_element_looks_are_no_names_of_what_surrounds_a_text(names: str) -> None:
    comments = "".join(f"<li class='comment'><p>{line}</p></li>" for line in PROSE * 6)
    text = "".join(f"<p>{line}</p>" for line in PROSE)
    html = (
        f"<html><head><title>{TITLE}-示例大学</title></head><body>{MENU}</div>"
        f"<div class='{names}'><h1>{TITLE}</h1><p>2024-03-19</p>{text}</div><ol>{comments}</ol>{FOOT}</body></html>"
    )
    assert read_article(html.encode(), URL).body.splitlines() == list(PROSE)


SHORT = "The observatory opens its doors on Saturday from ten to four; entry is free, and children can build a sundial of their own."
LINKS = "".join(
    f"<li><a href='/{n}'>Another piece of news that is worth reading, number {n}</a></li>" for n in range(20)
)
BOX = "".join(
    f"<p>{n}. Our department offers courses in physics, chemistry and biology, and advises those who would like to study them.</p>"
    for n in range(6)
)
TEASERS = "".join(
    f"<div><a href='/{n}'>A look at the {n}th telescope of the hill and its history</a><p>It was built when nobody thought that stars "
    f"could be seen from here, and {n} people watched it being carried up the hill, piece by piece, by mules, in a week of snow and wind."
    "</p><a href='/more'>Read the rest</a></div>"
    for n in range(8)
)


@pytest.mark.parametrize(
    "beside",
    [
        f"<aside class='widget'><h3>About us</h3><div>{BOX}</div></aside>",
        f"<div>{TEASERS}</div>",
        "<h2>Opinions</h2><div>" + "<b>#</b><p>I went last year with my children, and it was a joy.</p>" * 4 + "</div>",
    ],
)
def test_a_short_text_below_its_title_comes_before_longer_ones_that_stand_apart(beside: str) -> None:
    html = (
        f"<html><head><title>{ENGLISH} | Example</title></head><body>{MENU}</div><div><div><h1>{ENGLISH}</h1><p>March 19, 2024</p>"
        f"<div><p>{SHORT}</p></div></div><ul>{LINKS}</ul>{beside}</div>{FOOT}</body></html>"
    )
    its = read_article(html.encode(), URL)
    assert (its.title, its.published, its.body) == (ENGLISH, "2024-03-19", SHORT)


def test_paragraphs_among_links() -> None:
    lines = [f"{n}: {SHORT}" for n in range(3)]
    html = (
        f"<html><head><title>{ENGLISH} | Example</title></head><body><h1>{ENGLISH}</h1><div><ul>{LINKS}</ul>"
        + "".join(f"<p>{line}</p>" for line in lines)
        + f"<ul>{LINKS}</ul></div></body></html>"
    )
    assert read_article(html.encode(), URL).body.splitlines() == lines


def test_fields_inside_the_element_of_the_title() -> None:
    its = read(f"<h1>{TITLE}<br><span>2024-03-19 10:20:30 来源：本站 点击：320</span></h1>")
    assert (its.title, its.published, its.views) == (TITLE, "2024-03-19T10:20:30", 320)


def test_the_title_that_the_head_alone_tells() -> None:
    head = f"<meta property='og:title' content='{ENGLISH}'>"
    its = read("<h1>Newsroom</h1><p>March 19, 2024</p>", "Newsroom - Example University", head=head)
    assert (its.title, its.published) == (ENGLISH, "2024-03-19")
    assert its.body.splitlines() == list(PROSE)


def test_a_heading_that_stands_below_its_text() -> None:
    its = read(f"<h1>{TITLE}</h1>", below="<p>发布日期：2024-03-19 责任编辑：李四</p>")
    assert its.published == "2024-03-19"
    assert its.body.splitlines() == list(PROSE)


EVENT = (
    "<p>报告人：李明 教授</p><p>时间：2024年4月2日（周二）14:30</p><p>地点：理科楼301</p>"
    "<p>摘要：报告将介绍深度学习的逼近理论、泛化理论与优化理论的最新进展，并讨论若干公开问题。</p>"
)
NOTICE = (
    "<p>各单位：</p><p>根据上级通知精神，现将清明节放假安排通知如下：放假三天，请各单位做好值班和安全工作。</p>"
    "<p>学校办公室</p><p>2024年3月19日</p>"
)


@pytest.mark.parametrize(
    ("text", "published", "first", "last"),
    [
        (EVENT, None, "报告人：李明 教授", "摘要：报告将介绍"),
        (EVENT + "<p>发布时间：2024-03-19</p>", "2024-03-19", "报告人：李明 教授", "摘要：报告将介绍"),
        ("<p>发布时间：2024-03-19　浏览次数：20</p>" + EVENT, "2024-03-19", "报告人：李明 教授", "摘要：报告将介绍"),
        (NOTICE, None, "各单位：", "2024年3月19日"),
    ],
)
def test_the_day_of_an_event_or_of_a_signature_is_not_the_day_of_publication(
    text: str, published: str | None, first: str, last: str
) -> None:
    html = f"<meta charset='utf-8'><title>{TITLE}</title>{MENU}</div><div><h1>{TITLE}</h1>{text}</div>{FOOT}"
    its = read_article(html.encode(), URL)
    assert its.published == published
    lines = its.body.splitlines()
    assert lines[0] == first
    assert lines[-1].startswith(last)
    assert len(lines) == 4


def test_a_page_that_links_to_wechat_is_no_page_of_wechat() -> None:
    its = read(f"<h1>{TITLE}</h1><p>2024-03-19</p>", below="<a href='https://mp.weixin.qq.com/mp/x'>公众号</a>")
    assert its.family == "generic"


def test_rows_with_teasers_are_a_listing_however_much_they_say() -> None:
    rows = "".join(
        f"<div><h3><a href='{n}.htm'>{TITLE}（{n}）</a></h3><p>{PROSE[1]}</p><i>2024-03-{n:02}</i></div>"
        for n in range(1, 9)
    )
    with pytest.raises(PageError) as error:
        read_article(f"<meta charset='utf-8'><title>学校要闻</title>{MENU}</div><div>{rows}</div>{FOOT}".encode(), URL)
    assert error.value.kind == "listing"


def test_the_names_below_pictures_and_a_word_on_copyright_are_no_footers() -> None:
    text = "The herbarium of the university holds 40,000 sheets, and half of them can now be seen from anywhere."
    law = "Their copyright has ended, so that anyone may print them, which the institute is glad to see."
    credit = "<figure><img src='sheet{0}.jpg'><figcaption>© University of Example / A. Smith</figcaption></figure>"
    html = (
        f"<title>Old leaves</title><h1>Old leaves</h1><p>19 March 2024</p><div>{credit.format(1)}<p>{text}</p>"
        f"{credit.format(2)}<p>{law}</p></div><div><a href=/>Home</a><p>{text[:60]}</p></div>"
        "<div>Copyright 2024 University of Example</div>"
    )
    its = read_article(html.encode(), "https://news.example.edu/old-leaves")
    assert text in its.body
    assert law in its.body
    assert "2024 University" not in its.body
    assert len(its.images) == 2


def test_the_elements_known_by_name_are_written_as_names() -> None:
    assert [name for name in content.BODIES if not re.fullmatch(r"[.#][\w-]*\w", name)] == []


def test_a_title_and_its_deck_in_a_box_of_their_own_are_not_the_article() -> None:
    deck = "The herbarium of the university can now be seen from anywhere, sheet by sheet, for the first time in its history."
    text = [f"Sheet {n} was found in a drawer of the institute, which had not been opened in years." for n in range(3)]
    html = (
        f"<title>Old leaves</title><body><main><section><h1>Old leaves</h1><p>{deck}</p></section><ul>"
        + "".join(f"<li><a href='/{n}'>To {n}</a></li>" for n in range(3))
        + f"</ul><div>19 March 2024</div><div>{''.join(f'<p>{line}</p>' for line in text)}</div></main>"
    )
    its = read_article(html.encode(), "https://news.example.edu/old-leaves")
    assert its.body.splitlines()[-3:] == text


def test_labels_above_the_buttons_that_end_a_text_are_no_part_of_it() -> None:
    foot = "<tr><td>发布日期：2024-03-06 责任编辑：张一然</td></tr><tr><td><a>【打印本页】</a><a href=#>【关闭窗口】</a></td></tr>"
    html = (
        f"<meta charset=utf-8><title>{TITLE}</title><table><tr><td><div>{TITLE}</div><div>来源于：办事处</div>"
        f"<p>{PROSE[0]}</p><p>{PROSE[1]}</p></td></tr>{foot}</table>"
    )
    its = read_article(html.encode(), URL)
    assert (its.published, its.editor) == ("2024-03-06", "张一然")
    assert its.body.splitlines() == [PROSE[0], PROSE[1]]
