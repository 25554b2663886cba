"""Which of several lists is the page's own, and what belongs to it. All pages here are synthetic."""

from __future__ import annotations

import pytest

import newsspider

URL = "https://news.example.edu.cn/xwzx/tzgg.htm"
NAMES = [
    "关于做好春季学期开学工作的通知",
    "学校召开本科教育教学工作会议",
    "图书馆寒假开放时间安排",
    "第十二届教学竞赛举行",
]
MENU = '<div class="nav"><a href="/a.htm">学校概况</a><a href="/b.htm">机构设置</a><a href="/c.htm">人才培养</a></div>'
FOOT = '<div class="footer">版权所有：示例大学 地址：示例路1号 邮编：100000</div>'
HOT = "".join(
    f'<li><a href="/info/1050/{n}.htm">师生在第{n}届全国比赛中获得佳绩</a><span>2024-01-{n}</span></li>'
    for n in range(10, 18)
)


def row(n: int, *, date: bool = True) -> str:
    when = f"<span>2024-03-{20 - n}</span>" if date else ""
    return f'<li><a href="/info/1021/{900 - n}.htm">{NAMES[n]}</a>{when}</li>'


def page(own: str, beside: str = "", title: str = "通知公告-示例大学") -> bytes:
    return f"""<html><head><meta charset="utf-8"><title>{title}</title></head><body>{MENU}
    <div class="wrap"><div class="main"><div class="place"><a href="/">首页</a> &gt; <a href="/xwzx.htm">新闻中心</a></div>
    <div class="tit"><span>通知公告</span></div>{own}</div><div class="more-lists">{beside}</div></div>{FOOT}</body></html>""".encode()


def titles(html: bytes) -> list[str]:
    return [entry.title for entry in newsspider.read_listing(html, URL).entries]


@pytest.mark.parametrize("head", ["<h3>热点新闻</h3>", "<h3>最新动态</h3>", "<p><b>点击排行</b></p>"])
@pytest.mark.parametrize("count", [2, 3])
def test_a_short_list_without_dates_beside_a_longer_dated_one(head: str, count: int) -> None:
    own = "".join(row(n, date=False) for n in range(count))
    assert titles(page(f"<ul>{own}</ul>", f"<div>{head}<ul>{HOT}</ul></div>")) == NAMES[:count]


def test_one_row_without_a_date_below_the_name_of_the_column() -> None:
    assert titles(page(f"<ul>{row(0, date=False)}</ul>")) == NAMES[:1]


@pytest.mark.parametrize(
    "own",
    [
        '<p>详见<a href="/info/1021/9.htm">学校召开本科教育教学工作会议</a></p>',
        '<p><a href="/a.pdf">学校管理办法汇编.pdf</a></p>',
    ],
)
def test_a_link_in_a_text_is_no_list(own: str) -> None:
    with pytest.raises(newsspider.PageError):
        newsspider.read_listing(page(own), URL)


def test_single_articles_in_the_menu_are_no_list() -> None:
    menu = "".join(
        f'<li><a href="/info/1001/{n}.htm">{name}</a></li>' for n, name in enumerate(["处室简介", "现任领导"])
    )
    own = "".join(map(row, range(4)))
    assert titles(page(f"<ul>{menu}</ul>", f"<h3>2024年</h3><ul>{own}</ul>")) == NAMES


def test_an_empty_column_beside_what_is_read_most() -> None:
    with pytest.raises(newsspider.PageError, match="暂无内容"):
        newsspider.read_listing(page("<p>暂无内容</p>", f"<h3>热点新闻</h3><ul>{HOT}</ul>"), URL)


def test_an_article_with_related_ones() -> None:
    text = "<p>学校于今日启用新桥，南北两个校区从此相连，师生往来更为方便，各项配套工作也已经准备就绪。</p>" * 6
    html = page(f"<h1>新桥启用</h1><p>2024-01-05</p><div>{text}</div><h3>相关新闻</h3><ul>{HOT}</ul>", title="新桥启用")
    with pytest.raises(newsspider.PageError) as refused:
        newsspider.read_listing(html, URL)
    assert refused.value.kind == "article"


def test_what_is_read_most_may_be_all_there_is() -> None:
    assert len(titles(page("", f"<h3>热点新闻</h3><ul>{HOT}</ul>", title="热点新闻-示例大学"))) == 8


LEFT, RIGHT = "".join(map(row, (0, 1))), "".join(map(row, (2, 3)))


@pytest.mark.parametrize(
    "halves",
    [
        f'<div class="lists"><ul class="left">{LEFT}</ul><ul class="right">{RIGHT}</ul></div>',
        f'<div class="lists"><div class="fl"><ul>{LEFT}</ul></div><div class="fr"><ul>{RIGHT}</ul></div></div>',
    ],
)
def test_two_halves_of_a_list(halves: str) -> None:
    assert titles(page(halves)) == NAMES


PAGER = '<div class="pages"><span>1</span><a href="tzgg/6.htm">2</a><a href="tzgg/6.htm">下页</a></div>'


@pytest.mark.parametrize("pager", ["", PAGER])
@pytest.mark.parametrize(
    "head", ['<div class="t">学院新闻<a href="/xw.htm">更多</a></div>', '<div class="t">推荐阅读</div>']
)
def test_boxes_of_one_make_with_names_of_their_own(head: str, pager: str) -> None:
    own, others = f'<div class="c"><ul>{LEFT}{RIGHT}</ul>{pager}</div>', f'<div class="c"><ul>{HOT}</ul></div>'
    boxes = f'<div class="a"><div class="t">通知公告</div>{own}</div><div class="a">{head}{others}</div>'
    assert titles(page(boxes)) == NAMES


def test_a_box_without_dates_among_boxes_of_one_make() -> None:
    own = "".join(row(n, date=False) for n in range(3))
    more = '<div class="t">学院新闻<a href="/xw.htm">更多</a></div>'
    boxes = f'<div class="a"><div class="t">通知公告</div><ul>{own}</ul></div><div class="a">{more}<ul>{HOT}</ul></div>'
    assert titles(page(boxes)) == NAMES[:3]


def test_a_last_page_without_dates_beside_what_is_read_most() -> None:
    last = '<div class="pages"><a href="../tzgg.htm">首页</a><a href="2.htm">上页</a><span>下页</span></div>'
    own = f"<ul>{row(0, date=False)}{row(1, date=False)}</ul>{last}"
    assert titles(page(own, f"<div><h3>热点新闻</h3><ul>{HOT}</ul></div>")) == NAMES[:2]


def test_what_is_read_most_in_a_table_below_the_menu() -> None:
    cells = "".join(
        f'<tr><td><a href="/info/1050/{n}.htm">师生在第{n}届全国比赛中获得佳绩</a></td><td>01-{n}</td></tr>'
        for n in range(10, 18)
    )
    menu = '<table><tr><td>导航</td></tr><tr><td><a href="/gzdt.htm">工作动态</a></td></tr></table>'
    left = f"<td>{menu}<table><tr><td>热门文章</td></tr>{cells}</table></td>"
    html = f"""<html><head><title>通知公告-教务处</title></head><body><table><tr>{left}<td><table><tr><td>当前位置:
    <a href="/">首页</a>&gt;<a href="/tzgg.htm">通知公告</a></td></tr><tr><td><ul>{LEFT}{RIGHT}</ul></td></tr></table></td></tr>
    </table></body></html>"""
    assert titles(html.encode()) == NAMES


def test_dated_pictures_before_a_list_are_no_half_of_it() -> None:
    pictures = "".join(
        f'<li><a href="/info/1050/{n}.htm"><img src="a.jpg"><p>图片新闻第{n}条的标题</p></a><span>2024-02-{n}</span></li>'
        for n in (11, 12)
    )
    assert titles(page(f'<div class="pics"><ul>{pictures}</ul></div><ul class="list">{LEFT}{RIGHT}</ul>')) == NAMES


def test_several_rows_below_each_day() -> None:
    left, right = ("".join(row(n, date=False) for n in ns) for ns in ((0, 1), (2, 3)))
    found = newsspider.read_listing(
        page(f"<h4>2024-03-20</h4><ul>{left}</ul><h4>2024年3月18日</h4><ul>{right}</ul>"), URL
    ).entries
    assert [entry.title for entry in found] == NAMES
    assert [entry.published for entry in found] == ["2024-03-20"] * 2 + ["2024-03-18"] * 2


def test_the_day_above_a_single_list_may_be_today() -> None:
    rows = "".join(row(n, date=False) for n in range(4))
    found = newsspider.read_listing(page(f"<p>2024年11月26日 星期二</p><ul>{rows}</ul>"), URL).entries
    assert [(entry.title, entry.published) for entry in found] == [(name, None) for name in NAMES]


def test_two_lists_side_by_side_with_names_of_their_own() -> None:
    left, right = f"<h3>学校要闻</h3><ul>{LEFT}</ul>", f"<h3>学术动态</h3><ul>{RIGHT}</ul>"
    assert len(titles(page(f'<div><div class="fl">{left}</div><div class="fr">{right}</div></div>'))) == 2


LARGE = '<div class="one"><img src="a.jpg"><h3><a href="{}">{}</a></h3><p>本网讯……</p><span>2024-03-20</span></div>'


def test_the_latest_article_larger_before_the_others() -> None:
    others = "".join(map(row, range(1, 4)))
    assert titles(page(LARGE.format("/info/1021/900.htm", NAMES[0]) + f"<ul>{others}</ul>")) == NAMES


@pytest.mark.parametrize("address", ["/about/history.htm", "/info/1021/899.htm"])
def test_another_block_before_the_list(address: str) -> None:
    others = "".join(map(row, range(1, 4)))
    assert titles(page(LARGE.format(address, "百年校庆专题网站正式上线") + f"<ul>{others}</ul>")) == NAMES[1:]


STORIES = [
    "University opens new engineering building",
    "Researchers find link between sleep and memory",
    "Library extends hours",
]
STORY = '<li><a href="/2024/12/1{n}/story-{n}/">{name}</a> {when}</li>'
EVENTS = "".join(
    f'<li><a href="/events/lecture-{n}/">Distinguished lecture number {n} in the great hall</a><time>Jan {n}, 2025</time></li>'
    for n in range(10, 18)
)


def english(own: str, beside: str) -> bytes:
    return f"""<html lang="en"><head><title>News | Example University</title></head><body><nav><a href="/about/">About us</a></nav>
    <div class="content"><div class="main"><h1>Latest News</h1>{own}</div><div class="right-col">{beside}</div></div></body>
    </html>""".encode()


def stories(*, dated: bool) -> str:
    when = "<span>Dec 1{n}, 2024</span>" if dated else ""
    return "".join(STORY.format(n=n, name=name, when=when.format(n=n)) for n, name in enumerate(STORIES))


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("more", ['<a href="/events/">All events</a>', ""])
def test_news_beside_events_to_come(more: str, dated: bool) -> None:
    html = english(f"<ul>{stories(dated=dated)}</ul>", f"<h2>Upcoming Events</h2><ul>{EVENTS}</ul>{more}")
    assert titles(html) == STORIES


def test_events_may_be_what_the_page_is_of() -> None:
    html = english("", f"<h2>Upcoming Events</h2><ul>{EVENTS}</ul>").replace(
        b"News | Example", b"Upcoming Events | Example"
    )
    assert len(titles(html)) == 8


def test_stories_shown_larger_below_the_pages_name() -> None:
    first = "".join(
        f'<h2><a href="/2024/12/2{n}/first-{n}/">The featured story number {n} of this week</a></h2>' for n in (1, 2)
    )
    own = f'<div class="big">{first}</div><h3>Older stories</h3><ul>{stories(dated=True)}</ul>'
    html = english(own, "").replace(b"Latest News", b"News")
    assert titles(html) == STORIES
