"""What a page is, and why: a text of its own, a list of others, or something else."""

from __future__ import annotations

import pytest

from newsspider import PageError, read_article, read_listing, what_is
from newsspider.reading import choice, verdict

PROSE = "学校召开新学期教学工作会议，各学院负责人参加，会议总结了上一学期的工作，并部署了新学期的任务。"
ENGLISH = "The library opens at eight in the morning and closes at ten in the evening, and students may bring guests on Sundays."
TITLES = [f"关于组织开展第{n}届大学生创新训练项目的通知" for n in range(1, 9)]
MENU = '<div class="nav"><a href="/">首页</a><a href="/xw/">新闻</a><a href="/tz/">通知</a></div>'
FOOT = '<div class="footer">版权所有 云麓大学</div>'


def page(inner: str, title: str = "云麓大学", head: str = "", body: str = "") -> bytes:
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body {body}>{MENU}{inner}{FOOT}</body></html>"
    ).encode()


def rows(many: int = 8) -> str:
    its = (f'<li><a href="/info/1001/{n}.htm">{TITLES[n]}</a><span>2026-03-0{n + 1}</span></li>' for n in range(many))
    return f'<ul class="list">{"".join(its)}</ul>'


def post(n: int, text: str = ENGLISH * 4) -> str:
    heading = f'<h2><a href="/2026/03/post-{n}/">A day in the library, part {n}</a></h2>'
    return f"<article>{heading}<p>March {n}, 2026</p><p>{text}</p></article>"


ARTICLE = page(
    f"<div class=con><h1>{TITLES[0]}</h1><p>发布时间：2026-03-01 浏览次数：12</p><div class=text>{f'<p>{PROSE}</p>' * 3}</div></div>",
    f"{TITLES[0]}-云麓大学",
)
PAGES = {
    "article": (ARTICLE, "/info/1001/2.htm"),
    "page": (page(f"<h1>学校简介</h1><div>{f'<p>{PROSE}</p>' * 4}</div>", "学校简介-云麓大学"), "/xxgk/xxjj.htm"),
    "listing": (page(f"<h2>通知公告</h2>{rows()}", "通知公告-云麓大学"), "/tzgg.htm"),
    "front": (page(f"<h1>云麓大学</h1><p>{PROSE * 3}</p>{rows(3)}"), "/"),
    "feed": (
        b'<?xml version="1.0"?><rss version="2.0"><channel><item><link>https://a.example/1</link></item></channel></rss>',
        "/rss",
    ),
    "redirect": (
        b'<html><head><meta http-equiv="refresh" content="0; url=/new/1.htm"></head><body></body></html>',
        "/1.htm",
    ),
    "login": (page("<form>统一身份认证<input type=password></form>", "统一身份认证"), "/1.htm"),
    "captcha": (page("<p>请输入验证码</p>"), "/1.htm"),
    "challenge": (page("<p>Checking your browser before you access this site.</p>"), "/1.htm"),
    "missing": (page("<p>提示：访问地址无效，8992找不到对应的栏目！</p>", "提示信息"), "/8992/list.htm"),
    "forbidden": (page("<p>您无权访问此页面</p>"), "/1.htm"),
    "empty": (b"", "/1.htm"),
    "file": (b"%PDF-1.7 ...", "/1.pdf"),
}


@pytest.mark.parametrize("kind", PAGES)
def test_every_kind_is_named_with_its_reason(kind: str) -> None:
    payload, path = PAGES[kind]
    found = what_is(payload, f"https://news.example.edu.cn{path}")
    assert found.kind == kind
    assert found.reason


@pytest.mark.parametrize("kind", [kind for kind in PAGES if kind not in ("article", "page")])
def test_what_is_no_text_is_no_article(kind: str) -> None:
    payload, path = PAGES[kind]
    with pytest.raises(PageError):
        read_article(payload, f"https://news.example.edu.cn{path}")


def test_every_row_of_the_table_has_its_points_and_a_reason() -> None:
    names = [row.name for row in verdict.TABLE]
    assert len(set(names)) == len(names)
    assert set(choice.weights()["verdict"]) == set(names)
    assert all(row.why for row in verdict.TABLE)


LISTS = {
    "a tag with one post in full": (page(f"<h1>All soccer</h1>{post(1)}", "soccer | Today"), "/tag/soccer"),
    "a month of posts in full": (
        page(f"<h1>Monthly archives: July, 2016</h1>{post(1)}{post(2)}", "July | 2016 | Office"),
        "/2016/07",
    ),
    "posts of an author": (page(f"<h1>tlowery</h1>{post(1)}{post(2)}", "tlowery"), "/author/tlowery/page/2"),
    "a board of jwxe": (page(f"<table>{rows(4)}</table>", "공지사항 게시판목록"), "/physics/notice.do"),
    "a column of WebPlus with one row": (
        page(f"<h2>规划</h2>{rows(1)}<p>总共 <em class=all_count>1</em> 记录</p>", "规划"),
        "/ghjs/list.htm",
    ),
    "rows that are files": (
        page(
            '<h2>年度报告</h2><ul><li><a href="/_upload/1.pdf">（2）委员会年度报告</a><span>2019-12-20</span></li>'
            '<li><a href="/_upload/2.pdf">（1）委员会章程</a><span>2015-01-01</span></li></ul>',
            "年度报告",
        ),
        "/2848/list.htm",
    ),
    "an overview of news and their beginnings": (
        page(f"<h1>News</h1>{post(1, ENGLISH)}{post(2, ENGLISH)}{post(3, ENGLISH)}", "News | Example"),
        "/about/news",
    ),
    "posts with their beginnings and labelled days, below a welcome": (
        page(
            f"<h1>Community stories</h1><p>{ENGLISH * 3}</p>"
            + "".join(
                f"<div><h2><a href='/stories/part-{n}'>A day in the library, part {n}</a></h2>"
                f"<p>Posted on March {n}, 2026</p><p>{ENGLISH}</p></div>"
                for n in range(1, 5)
            ),
            "Community stories - Example University",
            "<meta property='og:type' content='article'>",
        ),
        "/giving/community-stories",
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_no_article(name: str) -> None:
    payload, path = LISTS[name]
    with pytest.raises(PageError) as refused:
        read_article(payload, f"https://www.example.edu{path}")
    assert refused.value.kind == "listing"


TEXTS = {
    "a text above three others with their labelled days": (
        page(
            f"<h1>Two graduates awarded a grant</h1><p>Posted on March 3, 2026</p>{f'<p>{ENGLISH}</p>' * 6}<h3>More news</h3>"
            + "".join(
                f"<h4><a href='/n/{n}'>{TITLES[n]}</a></h4><p>Posted on March {n + 1}, 2026</p>" for n in range(3)
            ),
            "Two graduates awarded a grant | Honors College",
        ),
        "/news-stories/two-graduates-awarded-a-grant",
    ),
    "an article above related rows": (
        ARTICLE.replace(b'<div class="footer', f'<h3>相关阅读</h3>{rows(6)}<div class="footer'.encode()),
        "/info/1001/2.htm",
    ),
    "an article of links to others": (
        page(
            "<table><tr><td>【专题】读书月活动</td></tr><tr><td>发稿时间：2026-03-15 16:40</td></tr><tr><td>"
            + "".join(f'<p>★<a href="/ywsd/2026/03/10/{n}.shtml">{TITLES[n]}</a></p>' for n in range(6))
            + "</td></tr></table>",
            "【专题】读书月活动-专题报道-云麓大学",
        ),
        "/ztbd/system/2026/03/11/000408517.shtml",
    ),
    "an article with links to share it": (
        page(
            f"<h1>Two graduates awarded a grant</h1><p>March 3, 2026</p>{f'<p>{ENGLISH}</p>' * 3}"
            + "".join(f'<a href="https://share.example/{n}">Share this on {n}</a>' for n in ("Facebook", "Linked In")),
            "Two graduates awarded a grant | Honors College",
        ),
        "/news-stories/two-graduates-awarded-a-grant",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_beside_links_is_no_listing(name: str) -> None:
    payload, path = TEXTS[name]
    url = f"https://www.example.edu{path}"
    assert read_article(payload, url).published
    if name == "an article of links to others":  # it reads as either
        return
    with pytest.raises(PageError) as refused:
        read_listing(payload, url)
    assert refused.value.kind == "article"


def test_the_day_of_an_event_is_none_of_publication() -> None:
    payload = page(f"<h1>Open house</h1><p>March 13, 2026</p>{f'<p>{ENGLISH}</p>' * 3}", "Open house | Example")
    assert what_is(payload, "https://www.example.edu/events/open-house").kind == "page"
    assert read_article(payload, "https://www.example.edu/events/open-house").published is None
    assert read_article(payload, "https://www.example.edu/news/open-house").published == "2026-03-13"
