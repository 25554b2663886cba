"""Next pages that no link leads to: forms that are sent, buttons that load more, scripts that nobody here can run. All invented."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from school import School, article, listing, news

import newsspider

URL = "http://www.example.edu.cn/news.aspx?lm=2"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0")
STATE = (
    '<form method="post" action="./news.aspx?lm=2"><input type="hidden" name="__VIEWSTATE" value="abc">'
    '<input type="hidden" name="__EVENTTARGET"><input name="key" value=""><select name="size"><option value="10">十'
    '<option value="20" selected>二十</select><input type="submit" name="go" value="搜索">'
)
OPTIONS = 'WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions("lb", "", true, "", "", false, true))'


def read(below: str, form: str = STATE) -> newsspider.items.ListingPage:
    html = listing(news(range(8)), below)
    if form:
        html = html.replace("<body>", f"<body>{form}").replace("</body>", "</form></body>")
    return newsspider.read_listing(html.encode(), URL)


def back(argument: str, label: str, target: str = "ctl00$Pager1") -> str:
    return f"<a href=\"javascript:__doPostBack('{target}','{argument}')\">{label}</a>"


@pytest.mark.parametrize(
    ("below", "target", "argument"),
    [
        (f"<div><span>1</span>{back('2', '2')}{back('2', '下一页')}</div>", "ctl00$Pager1", "2"),
        (f"<div><a disabled='disabled'>上一页</a>{back('', '后页', 'lnkNext')}</div>", "lnkNext", ""),
        (
            f"<table><tr><td><span>2</span></td><td>{back('Page$1', '1', 'gv')}</td><td>{back('Page$3', '3', 'gv')}</td></tr></table>",
            "gv",
            "Page$3",
        ),
        (
            f"<div><a href='javascript:{OPTIONS}'>下一页</a></div>",
            "lb",
            "",
        ),
        ('<div><a href="javascript:__doPostBack(&#39;p&#39;,&#39;2&#39;)">下页</a></div>', "p", "2"),
    ],
)
def test_a_postback_is_sent_with_the_fields_of_its_form(below, target, argument):
    page = read(below)
    assert page.stuck is None
    assert page.next_form is not None
    assert page.next_form.url == "http://www.example.edu.cn/news.aspx?lm=2"
    assert dict(page.next_form.fields) == {
        "__VIEWSTATE": "abc",
        "__EVENTTARGET": target,
        "__EVENTARGUMENT": argument,
        "key": "",
        "size": "20",
    }


def test_other_forms_that_post():
    button = read(
        '<form method=post action="/list"><input type=hidden name=p value=2><input type=submit name=next value="下一页"></form>',
        "",
    )
    assert button.next_form is not None
    assert (button.next_form.url, button.next_form.fields) == (
        "http://www.example.edu.cn/list",
        (("p", "2"), ("next", "下一页")),
    )
    script = read(
        '<form method=post><input name=pageNo value=1></form><div><a href="javascript:goPage(2)">下一页</a></div>',
        "",
    )
    assert script.next_form is not None
    assert script.next_form.fields == (("pageNo", "2"),)
    elsewhere = read(f"<div>{back('2', '下一页')}</div>", STATE.replace("./news", "http://elsewhere.test/"))
    assert elsewhere.next_form is None


@pytest.mark.parametrize(
    "button",
    [
        '<div class="more" data-url="/news/more?page=2">加载更多</div>',
        '<button data-href="more?page=2" class="btn">点击加载更多</button>',
        '<a href="javascript:;" onclick="load(\'/news/more?page=2\')">加载更多</a>',
        '<p><span data-api="/news/more?page=" data-page="2">加载更多&gt;&gt;</span></p>',
        '<button data-next-url="http://www.example.edu.cn/news/more?page=2">Load more news</button>',
        '<a href="/news/more?page=2">加载更多</a>',
    ],
)
def test_a_button_that_names_what_it_loads(button):
    page = read(button, "")
    assert page.next_url is not None
    assert page.next_url.endswith("more?page=2")


@pytest.mark.parametrize(
    "below",
    [
        '<div class="page">第1页 共5页 <a href="javascript:goPage(2)">下一页</a></div>',
        '<div class="page"><a href="#" class="next">下一页</a> 1/20</div>',
        '<div class="page"><a href="javascript:void(0)" onclick="page.next()">下一页</a></div>',
        '<button onclick="loadMore()">加载更多</button>',
        '<div id="more">点击加载更多</div>',
    ],
)
def test_a_next_page_that_cannot_be_asked_for_is_no_end(below):
    page = read(below, "")
    assert (page.next_url, page.next_form) == (None, None)
    assert page.stuck


@pytest.mark.parametrize(
    "below",
    [
        "",
        '<div class="page">第5页 共5页 <a href="javascript:goPage(6)">下一页</a></div>',
        '<div class="page">20/20 <a href="javascript:;">下一页</a></div>',
        '<div class="page"><a class="disabled" href="javascript:go(2)">下一页</a></div>',
        '<div class="page"><a href="javascript:void(0);">下一页</a></div>',
        f"<div>{back('1', '1')}<span>2</span><a disabled='disabled'>下一页</a></div>",
        '<div style="display:none">加载更多</div>',
        '<div data-url="/x?page=2">更多</div><div data-url="http://elsewhere.test/x?page=2">查看更多</div>',
    ],
)
def test_the_last_page_is_the_end(below):
    page = read(below)
    assert (page.next_form, page.stuck) == (None, None)


@pytest.mark.slow
def test_a_crawl_follows_forms_to_the_end_and_says_where_it_cannot_follow(newsspider, ask):
    def serve(target, form):
        if target == "/stuck.htm":
            return listing(news(range(6, 9)), '<div>第1页 共3页 <a href="javascript:goPage(2)">下一页</a></div>')
        if target != "/news.aspx":
            return article(int(target[6:-5]))
        sent = parse_qs(form)
        number = int(sent.get("__EVENTARGUMENT", ["1"])[0])
        if form and sent.get("__VIEWSTATE") != [f"state{number - 1}"]:
            return "<h1>Validation of viewstate failed</h1>"
        links = f"<span>{number}</span>" + (back(str(number + 1), "下一页") if number < 3 else back("1", "首页"))
        state = STATE.replace("abc", f"state{number}").replace("?lm=2", "")
        page = listing(news(range(2 * number - 2, 2 * number)), f"<div>{links}</div>")
        return page.replace("<body>", "<body>" + state).replace("</body>", "</form></body>")

    with School(serve) as school:
        done = newsspider("crawl", f"{school.url}/news.aspx", *FAST)
        assert done.returncode == 0, done.stderr
        assert ask("SELECT count(*), (SELECT sum(unfinished) FROM listing) FROM article") == [(6, 0)]
        pages = ask(
            "SELECT substr(url, instr(url, '#')) FROM capture WHERE kind = 'listing' AND outcome = 'new' ORDER BY id"
        )
        assert [page[-24:] for page in pages[1:]] == [
            "Pager1&__EVENTARGUMENT=2"[-24:],
            "Pager1&__EVENTARGUMENT=3"[-24:],
        ]
        done = newsspider("crawl", f"{school.url}/stuck.htm", *FAST)
        assert (done.returncode, "further pages cannot be followed" in done.stderr) == (0, True), done.stderr
        assert ask("SELECT unfinished FROM listing WHERE url LIKE '%stuck.htm'") == [1]
        school.asked.clear()
        again = newsspider("crawl", f"{school.url}/stuck.htm", *FAST)
        assert ("further pages cannot be followed" in again.stderr, len(school.asked)) == (True, 1)
        assert ask("SELECT unfinished FROM listing WHERE url LIKE '%stuck.htm'") == [1]
        assert "cannot be followed at" in newsspider("status").stdout
        assert (
            "a next page exists and cannot be followed" in newsspider("probe", f"{school.url}/stuck.htm", *FAST).stdout
        )
