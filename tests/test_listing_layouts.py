"""Listings in the layouts that university sites draw them, each within the same distracting page: all invented (synthetic)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import newsspider

BASE = "https://news.example.edu.cn/xwzx/tzgg.htm"
COUNT = 8
TITLES = [
    "关于做好2024年春季学期开学工作的通知",
    "学校召开本科教育教学工作会议",
    "我校两项成果获省科学技术奖",
    "2023-2024学年国家奖学金拟推荐名单公示",
    "材料学院师生赴企业开展产学研交流",
    "校长一行访问海外合作高校",
    "图书馆寒假开放时间安排",
    "第十二届青年教师教学竞赛举行",
]

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

Row = Callable[[int, str, int, int], str]


def row(template: str) -> Row:
    """``{href} {title} {cut} {y} {m} {d} {name} {n}`` of a row filled in."""

    def filled(n: int, title: str, month: int, day: int) -> str:
        return template.format(
            href=f"../info/1021/{3100 + n}.htm",
            title=title,
            cut=title[:10] + "...",
            y=2024,
            m=f"{month:02}",
            d=f"{day:02}",
            month=month,
            day=day,
            minguo=113,
            ja=6,
            name=MONTHS[month - 1],
            views=200 + n,
            n=n + 1,
        )

    return filled


# name: (before the rows, a row, after the rows)
LAYOUTS: dict[str, tuple[str, str, str]] = {
    "li-span": ("<ul>", '<li><a href="{href}">{title}</a><span>{y}-{m}-{d}</span></li>', "</ul>"),
    "li-date-first": ("<ul>", '<li><span class="rq">[{y}/{m}/{d}]</span><a href="{href}">{title}</a></li>', "</ul>"),
    "li-bare-text-date": ("<ul>", '<li><a href="{href}">{title}</a>{y}年{month}月{day}日</li>', "</ul>"),
    "all-in-link": ("<ul>", '<li><a href="{href}"><i></i><p>{title}</p><em>{y}.{m}.{d}</em></a></li>', "</ul>"),
    "cut-with-title": ("<ul>", '<li><a href="{href}" title="{title}">{cut}</a><i>{y}-{m}-{d}</i></li>', "</ul>"),
    "table-row": (
        "<table><tr><th>序号</th><th>标题</th><th>发布时间</th><th>点击</th></tr>",
        '<tr><td>{n}</td><td><a href="{href}">{title}</a></td><td>{y}-{m}-{d}</td><td>{views}</td></tr>',
        "</table>",
    ),
    "table-nested": (
        "<table><tbody>",
        '<tr id="line_u5_{n}"><td><table><tr><td>·</td><td><a class="c1" href="{href}">{title}</a></td>'
        '<td><span class="t">{y}/{m}/{d}&nbsp;</span></td></tr></table></td></tr>',
        "</tbody></table>",
    ),
    "table-two-rows": (
        "<table>",
        '<tr><td><a href="{href}"><b>{title}</b></a></td></tr><tr><td>发布时间：{y}-{m}-{d} 浏览次数：{views}</td></tr>',
        "</table>",
    ),
    "table-each": (
        "<div>",
        '<table width="98%"><tr><td><div><a href="{href}">{title}</a></div></td><td>{y}-{m}-{d}</td></tr></table>',
        "</div>",
    ),
    "dl": ("<dl>", '<dt><a href="{href}">{title}</a></dt><dd>{y}-{m}-{d}</dd>', "</dl>"),
    "dl-each": ("<div>", '<dl><dt>{y}-{m}-{d}</dt><dd><a href="{href}">{title}</a></dd></dl>', "</div>"),
    "bare-links": ("<div>", '<a href="{href}">{title}</a> ({y}-{m}-{d})<br>', "</div>"),
    "bare-links-spans": ("<p>", '<span>{y}-{m}-{d}</span><a href="{href}">{title}</a><br>', "</p>"),
    "paragraphs": ("<div>", '<p>· <a href="{href}">{title}</a> <font color="gray">{y}-{m}-{d}</font></p>', "</div>"),
    "box-day-yearmonth": (
        "<ul>",
        '<li><div class="date"><span>{d}</span><i>{y}.{m}</i></div><h3><a href="{href}">{title}</a></h3>'
        "<p>为进一步加强管理，现将有关事项通知如下，请各单位遵照执行……</p></li>",
        "</ul>",
    ),
    "box-yearmonth-day": (
        "<ul>",
        '<li><a href="{href}"><h2>{title}</h2><div class="zy">本网讯，会议于近日举行……</div></a>'
        "<div><div>{y}-{m}</div><p>{d}</p></div></li>",
        "</ul>",
    ),
    "box-monthday-year": ("<ul>", '<li><a href="{href}"><b>{m}-{d}</b><b>{y}</b><h4>{title}</h4></a></li>', "</ul>"),
    "box-day-month-comma": (
        "<div>",
        '<div class="row"><div class="day">{d}</div><div class="ym">{m}月,{y}</div><a href="{href}">{title}</a></div>',
        "</div>",
    ),
    "picture-card": (
        '<div class="cards">',
        '<div class="item"><a href="{href}"><img src="a.jpg"></a><div class="info"><a href="{href}">{title}</a>'
        '<p>会议指出，要认真学习……</p><span>发布日期：{y}-{m}-{d}</span><a href="{href}">查看详情</a></div></div>',
        "</div>",
    ),
    "title-beside-picture-link": (
        "<div>",
        '<div class="pic"><a href="{href}"><img src="a.jpg"></a><span class="bt">{title}</span><em>{y}-{m}-{d}</em></div>',
        "</div>",
    ),
    "read-more": (
        "<div>",
        '<article><h2>{title}</h2><time datetime="{y}-{m}-{d}">{y}年{m}月{d}日</time><p>……</p><a href="{href}">阅读全文</a></article>',
        "</div>",
    ),
    "category-link": (
        "<ul>",
        '<li><a href="../tzgg.htm">[通知公告]</a><a href="{href}">{title}</a><span>{y}-{m}-{d}</span></li>',
        "</ul>",
    ),
    "department-link": (
        "<ul>",
        '<li><a href="{href}" class="t">{title}</a><a class="dept" href="/dept/{n}.htm">党委宣传部、新闻中心、融媒体中心联合办公室</a>'
        "<span>{y}-{m}-{d}</span></li>",
        "</ul>",
    ),
    "onclick-row": (
        "<div>",
        '<div class="x" onclick="location.href=\'{href}\'"><b>{title}</b><i>{y}-{m}-{d}</i></div>',
        "</div>",
    ),
    "script-link": (
        "<ul>",
        '<li><a href="javascript:void(0)" onclick="openit(\'{href}\')">{title}</a><i>{y}-{m}-{d}</i></li>',
        "</ul>",
    ),
    "minguo": ("<ul>", '<li><a href="{href}">{title}</a><span>{minguo}-{m}-{d}</span></li>', "</ul>"),
    "groups-of-four": (
        "<div><ul class='g'>",
        '<li><a href="{href}">{title}</a><span>{y}-{m}-{d}</span></li></ul><ul class="g">',
        "</ul></div>",
    ),
    "with-time": ("<ul>", '<li><a href="{href}">{title}</a><span>{y}-{m}-{d} 09:{d}</span></li>', "</ul>"),
    "box-day-month-year": (
        "<ul>",
        '<li><b>{d}</b><span>{m}</span><i class="y">{y}</i><a href="{href}">{title}</a></li>',
        "</ul>",
    ),
    "box-with-slash": (
        "<div>",
        '<div class="n"><div><b>{d}</b>/<span>{m}</span><span>{y}</span></div><p><a href="{href}">{title}</a></p></div>',
        "</div>",
    ),
    "box-heading-is-a-day": (
        "<ul>",
        '<li><a href="{href}"><div><h4>{d}</h4><p>{y}-{m}</p></div><h3>{title}</h3><p>12月10日，学院组织专题学习……</p></a></li>',
        "</ul>",
    ),
    "box-month-by-name": (
        "<ul>",
        '<li><div><span>{name}</span><b>{d}</b><i class="y">{y}</i></div><a href="{href}">{title}</a></li>',
        "</ul>",
    ),
    "heading-then-lines": (
        "<div>",
        '<h3><a href="{href}">{title}</a></h3><p>{y}年{m}月{d}日</p><p>会议在图书馆报告厅举行，校领导和各学院负责人参加</p>',
        "</div>",
    ),
    "date-then-heading": (
        "<div>",
        '<p>{y}/{m}/{d}</p><h3><a href="{href}">{title}</a></h3><p>会议在图书馆报告厅举行，校领导和各学院负责人参加</p>',
        "</div>",
    ),
    "minguo-unpadded": ("<ul>", '<li><span>{minguo}/{month}/{day}</span><a href="{href}">{title}</a></li>', "</ul>"),
    "reiwa": ("<ul>", '<li><span>令和{ja}年{month}月{day}日</span><a href="{href}">{title}</a></li>', "</ul>"),
    "full-width": ("<ul>", '<li><a href="{href}">{title}</a><em>［{y}－{m}－{d}］</em></li>', "</ul>"),
    "label-beside-value": (
        "<ul>",
        '<li><a href="{href}">{title}</a><dl><dt>등록일</dt><dd>{y}.{m}.{d}</dd><dt>조회수</dt><dd>{views}</dd></dl></li>',
        "</ul>",
    ),
    "label-before-an-element": (
        "<ul>",
        '<li><a href="{href}">{title}</a><ul><li>{y}-{m}-{d}</li><li>浏览量<span class="n"> {views}</span></li></ul></li>',
        "</ul>",
    ),
    "eye": (
        "<ul>",
        '<li><a href="{href}">{title}</a><p><i class="icon-time"></i>{y}-{m}-{d}</p><p><i class="fa fa-eye"></i> {views}</p>'
        '<p><i class="fa fa-comment"></i> 7</p></li>',
        "</ul>",
    ),
    "counts-side-by-side": (
        "<ul>",
        '<li><a href="{href}">{title}</a><p><span>{y}-{m}-{d}</span><span>{views} views</span><span>3 comments</span></p></li>',
        "</ul>",
    ),
    "head-of-blocks": (
        '<ul><li><b>제목</b><b class="d">작성일</b><b class="n">조회수</b></li>',
        '<li><a href="{href}">{title}</a><b class="d">{y}-{m}-{d}</b><b class="n">{views}</b></li>',
        "</ul>",
    ),
    "year-above": (
        "<h4>2024年</h4><ul>",
        '<li><a href="{href}">{title}</a><span>{m}-{d}</span></li>',
        "</ul>",
    ),
    "year-in-address": (
        "<ul>",
        '<li><a href="{href}?day={y}{m}{d}">{title}</a><span>{month}月{day}日</span></li>',
        "</ul>",
    ),
    "column-above-title": (
        "<ul>",
        '<li><a href="{href}"><div><h4>学院新闻</h4><h3>{title}</h3><p>{y}-{m}-{d}</p></div></a></li>',
        "</ul>",
    ),
    "date-in-summary-too": (
        "<ul>",
        '<li><a href="{href}"><h4>{title}</h4><p>回顾2021年6月2日活动</p><h6>{y}-{m}-{d}</h6></a></li>',
        "</ul>",
    ),
    "whole-posts": (
        "<div>",
        '<article><h2><a href="{href}">{title}</a></h2><p>{y}年{m}月{d}日</p><p>'
        + "会议认为，要把各项工作做细做实，确保取得成效，并对下一步的安排提出要求。" * 50
        + '</p><p><a href="/about/{n}.htm">相关说明</a></p></article>',
        "</div>",
    ),
    "utility-classes": (
        '<div class="position-relative margin-top">',
        '<a href="{href}" class="list-group-item">{title}<span class="badge pull-right">{y}-{m}-{d}</span></a>',
        "</div>",
    ),
    "number-in-link": (
        "<ul>",
        '<li><a href="{href}"><em>0{n}</em><span>{title}</span><i>{y}-{m}-{d}</i></a></li>',
        "</ul>",
    ),
    "published-in-french": (
        "<div>",
        '<div class="a"><a href="{href}">{title}</a><p>Publié le {d}/{m}/{y} par le service de la communication</p></div>',
        "</div>",
    ),
    "separators": (
        "<div>",
        '<div class="n"><a href="{href}">{title}</a><span>{y}-{m}-{d}</span></div><div class="line"></div>',
        "</div>",
    ),
}

MENU = "".join(
    f'<li><a href="/{name}.htm">{name}{n}</a></li>' for n, name in enumerate(["学校概况", "机构设置", "人才培养"] * 8)
)
HOT = "".join(
    f'<li><a href="../info/1050/{n}.htm">热点新闻之第{n}条标题写得比较长一些</a><span>2024-01-{n}</span></li>'
    for n in range(11, 21)
)
SLIDES = "".join(
    f'<li><a href="../info/1060/{n}.htm"><img src="{n}.jpg" alt="头条图片新闻标题第{n}号"></a></li>' for n in range(5)
)
LINKS = "".join(f'<a href="https://www.example{n}.edu.cn/">兄弟院校名称{n}</a>' for n in range(9))
PAGER = (
    '<div class="pages"><span>共52条</span><span class="p_no_d">1</span><span class="p_no"><a href="tzgg/6.htm">2</a></span>'
    '<span class="p_no"><a href="tzgg/5.htm">3</a></span><a href="tzgg/6.htm">下页</a><a href="tzgg/1.htm">尾页</a></div>'
)


def page(rows: str, pager: str) -> bytes:
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>通知公告-示例大学</title></head><body>
    <div class="header"><ul class="nav">{MENU}</ul></div><div class="slider"><ul>{SLIDES}</ul></div>
    <div class="wrap"><div class="left"><h3>新闻中心</h3><ul><li><a href="/xwzx/xyyw.htm">学校要闻</a></li>
    <li><a href="/xwzx/tzgg.htm">通知公告</a></li><li><a href="/xwzx/mtbd.htm">媒体报道</a></li></ul>
    <h3>热点新闻</h3><ul class="hot">{HOT}</ul></div>
    <div class="right"><div class="position">当前位置：<a href="/">首页</a>&gt;<a href="/xwzx.htm">新闻中心</a></div>
    <h2>通知公告</h2><div class="list">{rows}{pager}</div></div></div>
    <div class="footer"><p>友情链接</p>{LINKS}<p>版权所有 示例大学 2024-01-01</p></div></body></html>""".encode()


def rows_of(name: str) -> str:
    before, template, after = LAYOUTS[name]
    fill = row(template)
    return before + "".join(fill(n, title, 12 - n, 28 - n) for n, title in enumerate(TITLES)) + after


@pytest.mark.parametrize("pager", ["", PAGER], ids=["one-page", "paged"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_rows(name: str, pager: str) -> None:
    found = newsspider.read_listing(page(rows_of(name), pager), BASE)
    time = {"with-time": "T09:{:02}"}.get(name, "")
    assert [(entry.url, entry.title, entry.published) for entry in found.entries] == [
        (
            f"https://news.example.edu.cn/info/1021/{3100 + n}.htm"
            + (f"?day=2024{12 - n:02}{28 - n:02}" if name == "year-in-address" else ""),
            title,
            f"2024-{12 - n:02}-{28 - n:02}" + time.format(28 - n),
        )
        for n, title in enumerate(TITLES)
    ]
    assert found.next_url == ("https://news.example.edu.cn/xwzx/tzgg/6.htm" if pager else None)
    views = [200 + n for n in range(COUNT)] if "{views}" in LAYOUTS[name][1] else [None] * COUNT
    assert [entry.views for entry in found.entries] == views


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_last_page_of_two_rows(name: str) -> None:
    before, template, after = LAYOUTS[name]
    rows = before + "".join(row(template)(n, TITLES[n], 5 - n, 20 - n) for n in range(2)) + after
    last = '<div class="pages"><a href="../tzgg.htm">首页</a><a href="2.htm">上页</a><span>下页</span><span>尾页</span></div>'
    found = newsspider.read_listing(page(rows, last), "https://news.example.edu.cn/xwzx/tzgg/1.htm")
    assert [entry.title for entry in found.entries] == TITLES[:2]
    assert [entry.published for entry in found.entries if name != "with-time"] == ["2024-05-20", "2024-04-19"][
        : 2 * (name != "with-time")
    ]
    assert found.next_url is None


def one_list(template: str, pager: str = "") -> list[newsspider.Entry]:
    fill = row(template)
    rows = "".join(fill(n, title, 12 - n, 28 - n) for n, title in enumerate(TITLES))
    return list(newsspider.read_listing(page(f"<ul>{rows}</ul>", pager), BASE).entries)


NO_DATE = {
    "no date at all": '<li><a href="{href}">{title}</a></li>',
    "month and day alone": '<li><a href="{href}">{title}</a><span>{m}-{d}</span></li>',
    "time of a lecture": '<li><a href="{href}">{title}</a><p>主讲人：张某 时间：{y}-{m}-{d} 地点：会议室</p></li>',
    "time of a lecture in lines": '<li><a href="{href}">{title}</a><p>时间：{y}-{m}-{d}</p><p>地点：一号楼</p></li>',
    "deadline": '<li><a href="{href}">{title}</a><p>报名截止时间：{y}-{m}-{d}</p></li>',
    "month and day, and a date in a summary": '<li><a href="{href}">{title}</a><p>回顾2021年6月2日活动</p><i>{m}-{d}</i></li>',
    "date in a summary": '<li><a href="{href}">{title}</a><p>{y}年{month}月{day}日上午，会议在学校召开，校领导出席。</p></li>',
}


@pytest.mark.parametrize("name", NO_DATE)
def test_no_date_of_publication_is_invented(name: str) -> None:
    found = one_list(NO_DATE[name])
    assert [entry.title for entry in found] == TITLES
    assert {entry.published for entry in found} == {None}


@pytest.mark.parametrize(
    "label", ["浏览：{views}", "阅读({views})", "点击数 {views}", "{views}次浏览", "조회 {views}", "Views: {views}"]
)
def test_counts_are_found_by_their_labels(label: str) -> None:
    found = one_list('<li><a href="{href}">{title}</a><span>{y}-{m}-{d}</span><em>' + label + "</em></li>")
    assert [entry.views for entry in found] == [200 + n for n in range(COUNT)]


@pytest.mark.parametrize(
    "label", ["评论：{views}", "下载次数：{views}", "点赞 {views}", "댓글 {views}", "{views}", "{views} comments"]
)
def test_other_numbers_are_no_counts(label: str) -> None:
    found = one_list('<li><a href="{href}">{title}</a><span>{y}-{m}-{d}</span><em>' + label + "</em></li>")
    assert [(entry.published is None, entry.views) for entry in found] == [(False, None)] * COUNT


LATEST = "".join(
    f'<li><a href="../info/1050/{n}.htm">另一栏目之第{n}条标题写得比较长一些</a><span>2024-11-{n}</span></li>'
    for n in range(11, 21)
)
ASIDES = {
    "an excerpt with its more": f'<div class="tt"><h3>学术动态</h3><a href="xsdt.htm">更多&gt;&gt;</a></div><ul>{LATEST}</ul>',
    "what is read most": f"<h3>点击排行</h3><ul>{LATEST}</ul>",
}


@pytest.mark.parametrize(("template", "rows"), [("<i>{y}-{m}-{d}</i>", 2), ("<i>{y}-{m}-{d}</i>", COUNT), ("", COUNT)])
@pytest.mark.parametrize("aside", ASIDES)
def test_a_list_beside_the_pages_own(aside: str, template: str, rows: int) -> None:
    fill = row('<li><a href="{href}">{title}</a>' + template + "</li>")
    own = "".join(fill(n, title, 12 - n, 28 - n) for n, title in enumerate(TITLES[:rows]))
    html = page(f"<ul>{own}</ul>", "").replace(
        b'<div class="left">', f'<div class="l">{ASIDES[aside]}</div><div class="left">'.encode()
    )
    found = newsspider.read_listing(html, BASE)
    assert [entry.title for entry in found.entries] == TITLES[:rows]


@pytest.mark.parametrize(
    ("names", "pager"), [("content-sidebar-wrap", ""), ("has-sidebar", ""), ("hot-news banner-list", PAGER)]
)
def test_names_that_sound_like_chrome(names: str, pager: str) -> None:
    fill = row('<li><a href="{href}">{title}</a><span>{y}-{m}-{d}</span></li>')
    own = "".join(fill(n, title, 12 - n, 28 - n) for n, title in enumerate(TITLES))
    found = newsspider.read_listing(
        page(f'<div class="{names}"><div class="banner"><ul>{own}</ul></div></div>', pager), BASE
    )
    assert [entry.title for entry in found.entries] == TITLES


def test_two_articles_in_a_row_of_a_table() -> None:
    cell = row('<td><a href="{href}">{title}</a></td><td>{y}-{m}-{d}</td>')
    rows = "".join(
        "<tr>" + "".join(cell(n + k, TITLES[n + k], 12 - n - k, 28) for k in (0, 1)) + "</tr>"
        for n in range(0, COUNT, 2)
    )
    found = newsspider.read_listing(page(f"<table>{rows}</table>", PAGER), BASE)
    assert [(entry.title, entry.published) for entry in found.entries] == [
        (title, f"2024-{12 - n:02}-28") for n, title in enumerate(TITLES)
    ]


@pytest.mark.parametrize(
    "boxes",
    [
        "<b>{d}</b><i>{m}月</i>",
        "<i>{month}月</i><b>{day}日</b>",
        "<i>{m}</i><b>{d}</b>",
        "<span>{name}</span><span>{d}</span>",
    ],
)
@pytest.mark.parametrize("address", ["/{y}/{m}{d}/c9a{n}/page.htm", "/art/{y}/{month}/{day}/art_{n}.html"])
def test_a_day_in_boxes_without_its_year(boxes: str, address: str) -> None:
    found = one_list(f'<li><p>{boxes}</p><a href="{address}">{{title}}</a></li>')
    assert [entry.published for entry in found] == [f"2024-{12 - n:02}-{28 - n:02}" for n in range(COUNT)]


def test_boxes_of_another_day_than_the_address() -> None:
    found = one_list('<li><p><b>{d}</b><i>{m}月</i></p><a href="/2024/0303/c9a{n}/page.htm">{title}</a></li>')
    assert {entry.published for entry in found} == {None}


@pytest.mark.parametrize(
    ("printed", "published"),
    [("{m}-{d}", "2024-{:02}-{:02}"), ("{month}月{d}日", "2024-{:02}-{:02}"), ("", "2024-{:02}-{:02}T16:00:00+00:00")],
)
def test_the_printed_day_of_an_instant_declared_in_utc(printed: str, published: str) -> None:
    def time(n: int, title: str, month: int, day: int) -> str:
        declared = f"2024-{month:02}-{day - bool(printed):02}T16:00:00.000Z"
        return row(f'<li><a href="{{href}}">{{title}}</a><time datetime="{declared}">{printed}</time></li>')(
            n, title, month, day
        )

    rows = "".join(time(n, title, 12 - n, 28 - n) for n, title in enumerate(TITLES))
    found = newsspider.read_listing(page(f"<ul>{rows}</ul>", ""), BASE).entries
    assert [entry.published for entry in found] == [published.format(12 - n, 28 - n) for n in range(COUNT)]


def test_a_title_cut_short_after_its_date() -> None:
    fill = row('<li><a href="{href}" title="{title}">{cut}</a><i>{y}-{m}-{d}</i></li>')
    names = [f"2024年3月{n}日校园网维护公告" for n in range(1, COUNT + 1)]
    rows = "".join(fill(n, name, 12 - n, 28 - n) for n, name in enumerate(names))
    rows = rows.replace("校...", "...")
    assert ">2024年3月1日...<" in rows
    found = newsspider.read_listing(page(f"<ul>{rows}</ul>", ""), BASE).entries
    assert [(entry.title, entry.published) for entry in found] == [
        (name, f"2024-{12 - n:02}-{28 - n:02}") for n, name in enumerate(names)
    ]


@pytest.mark.parametrize("head", ["报名截止时间", "접수기간", "Last post", "最后回复"])
def test_dates_of_a_column_of_something_else(head: str) -> None:
    fill = row('<tr><td>{n}</td><td><a href="{href}">{title}</a></td><td>{y}-{m}-{d}</td><td>{views}</td></tr>')
    rows = "".join(fill(n, title, 12 - n, 28 - n) for n, title in enumerate(TITLES))
    table = f"<table><tr><th>序号</th><th>项目</th><th>{head}</th><th>点击</th></tr>{rows}</table>"
    found = newsspider.read_listing(page(table, ""), BASE).entries
    assert [(entry.title, entry.published, entry.views) for entry in found] == [
        (title, None, 200 + n) for n, title in enumerate(TITLES)
    ]


def test_a_short_title_below_how_long_a_film_is() -> None:
    row_of = '<li><a href="{href}"><div><b class="x">03:2{n}</b></div><p>校运会{n}</p><p>{y}-{m}-{d}</p></a></li>'
    assert [entry.title for entry in one_list(row_of)] == [f"校运会{n}" for n in range(1, COUNT + 1)]


def test_arrows_of_a_slider_are_no_pager() -> None:
    slider = b'<div class="x"><a class="prev" href="javascript:;"></a><a class="next" href="javascript:;"></a></div>'
    html = page(rows_of("li-span"), "").replace(b'<div class="slider">', slider + b'<div class="slider">')
    found = newsspider.read_listing(html, BASE)
    assert (found.next_url, len(found.entries)) == (None, COUNT)


def test_the_line_of_column_and_tags_below_a_title() -> None:
    """Short titles of others outweigh it where an article has several tags."""
    facts = '<p><span>{y}-{m}-{d} <a href="/tags/a{n}">Technik</a></span><span><a href="/tags/b{n}">Kunst und Musik</a></span></p>'
    found = one_list('<div class="card"><h2><a href="{href}">{title}</a></h2>' + facts + "</div>")
    assert [(entry.title, entry.published) for entry in found] == [
        (title, f"2024-{12 - n:02}-{28 - n:02}") for n, title in enumerate(TITLES)
    ]


@pytest.mark.parametrize("month", ["2024/{m:02} {n}篇", "{m}月 2024 ({n})", "{name} 2024 ({n})"])
def test_months_with_how_many_articles_they_have(month: str) -> None:
    said = (month.format(m=m, n=m + 3, name=MONTHS[m - 1]) for m in range(1, 9))
    months = "".join(f'<li><a href="/archives/2024/{n}/">{words}</a></li>' for n, words in enumerate(said))
    rows = "".join(
        f'<div class="post"><a href="/2024/{n}.html">{title}</a><span>2024-03-{28 - n}</span></div>'
        for n, title in enumerate(TITLES[:3])
    )
    html = f'<html><body><div class="list">{rows}</div><div><ul class="months">{months}</ul></div></body></html>'
    found = newsspider.read_listing(html.encode(), BASE)
    assert [entry.title for entry in found.entries] == TITLES[:3]


@pytest.mark.parametrize(
    ("time", "published"),
    [
        ("<time itemprop='dateModified' datetime='{y}-{m}-{d}'>{y}-{m}-{d}</time>", False),
        ("<time class='update-time'>{y}-{m}-{d}</time>", False),
        ("<time class='updated'>2024-12-30</time><time class='published'>{y}-{m}-{d}</time>", True),
        ("<time class='entry-date published updated'>{y}-{m}-{d}</time>", True),
    ],
)
def test_the_day_of_the_last_edit(time: str, published: bool) -> None:
    found = one_list(f'<li><a href="{{href}}">{{title}}</a>{time}</li>')
    days = [f"2024-{12 - n:02}-{28 - n:02}" if published else None for n in range(COUNT)]
    assert [entry.published for entry in found] == days


def test_a_page_of_one_row_below_the_name_of_the_site() -> None:
    html = (
        "<html><head><title>Kunst</title></head><body><div class='a'><div class='h'><a href='/'>示例大学新闻网</a></div>"
        f"<div class='b'><ul><li><a href='/2024/07/31.html'>{TITLES[0]}</a><span>2024-07-10</span></li></ul></div>"
        "<div class='c'><a href='https://www.example.org/'>Example</a></div></div></body></html>"
    )
    found = newsspider.read_listing(html.encode(), "https://news.example.edu.cn/tags/kunst/")
    assert [entry.title for entry in found.entries] == [TITLES[0]]


def test_the_path_through_the_site_in_a_card_like_those_of_the_rows() -> None:
    fill = row('<div class="card"><p>{y}-{m}-{d}</p><h2><a href="{href}">{title}</a></h2></div>')
    cards = "".join(fill(n, title, 12 - n, 28 - n) for n, title in enumerate(TITLES))
    path = '<div class="card"><nav class="breadcrumb"><ul><li><a href="/categories/">所有分类</a></li><li>通知公告</li></ul></nav></div>'
    found = newsspider.read_listing(page(f"<div>{path}{cards}</div>", ""), BASE).entries
    assert [entry.title for entry in found] == TITLES


def test_the_line_of_column_and_tags_below_the_only_title() -> None:
    facts = "<div class='m'><div><time>2024-07-10</time> <a href='/c/'>校园新闻</a></div></div>"
    html = (
        "<html><head><title>Kunst</title></head><body><div class='p'><div class='post'><h2><a href='/2024/07/31.html'>"
        f"{TITLES[0]}</a></h2><p>会议认为，要把各项工作做细做实。</p>{facts}</div></div></body></html>"
    )
    found = newsspider.read_listing(html.encode(), "https://news.example.edu.cn/tags/kunst/")
    assert [(entry.title, entry.published) for entry in found.entries] == [(TITLES[0], "2024-07-10")]
