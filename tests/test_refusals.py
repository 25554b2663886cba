"""Pages that are no article are refused, with what they are instead. All pages here are synthetic."""

from __future__ import annotations

import pytest

from newsspider import PageError, read_article, read_listing

URL = "https://news.example.edu.cn/info/1001/2002.htm"


def page(body: str, title: str = "", head: str = "") -> bytes:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'.encode()


MENU = '<div class="nav">' + "".join(f'<a href="/{n}.htm">栏目{n}</a>' for n in range(8)) + "</div>"
FOOT = '<div class="footer">版权所有：示例大学 地址：示例路1号 邮编：100000</div>'
ROWS = "".join(
    f'<li><a href="/info/1001/{n}.htm">关于第{n}号通知的通知</a><span>2026-03-{n:02}</span></li>' for n in range(1, 16)
)

REFUSED = [
    (
        "login",
        page(
            '<form><input name="u"><input type="password" name="p"><button>登录</button></form>', "示例大学统一身份认证"
        ),
    ),
    ("login", page(MENU + "<p>该内容仅对校内师生开放，请先登录。</p><input type=password>", "通知公告")),
    ("login", page("<script>location.href='https://sso.example.edu.cn/cas/login?service=x'</script>")),
    ("captcha", page("<h1>请输入验证码下载附件</h1><img src=createimage.jsp><input name=codeValue>", "附件下载")),
    ("captcha", page("<p>Please verify you are human by completing the action below.</p>", "www.example.edu")),
    (
        "challenge",
        page("", head="<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;</script><script src=/a.js></script>"),
    ),
    (
        "challenge",
        page("<noscript>Enable JavaScript and cookies to continue</noscript><script>x()</script>", "Just a moment..."),
    ),
    ("challenge", page("<p>请求已被网站防火墙拦截，事件编号 12345。</p>", "访问被拦截")),
    (
        "challenge",
        page(
            '<iframe src="/_Incapsula_Resource?CWUDNSAI=9&xinfo=1-2" width="100%" height="100%">Request unsuccessful.</iframe>'
        ),
    ),
    ("forbidden", page("<div>系统提示</div><div>您无权访问此页面！</div>", "系统提示")),
    ("forbidden", page("<h1>403 Forbidden</h1><hr>nginx", "403 Forbidden")),
    ("forbidden", page(MENU + "<p>该信息仅限校内访问，请使用校园网或VPN。</p>" + FOOT, "示例大学")),
    ("missing", page("<h1>404</h1><p>对不起，您访问的页面不存在！</p><a href=/>返回首页</a>", "出错了")),
    ("missing", page(MENU + "<div>该文章已删除或不存在</div>" + FOOT, "示例大学")),
    (
        "missing",
        page("<h1>Page not found</h1><p>The requested page could not be found.</p>" + MENU, "Page not found | Example"),
    ),
    ("missing", page("<h1>HTTP Status 500 – Internal Server Error</h1>", "Apache Tomcat")),
    ("challenge", page("<p>The requested URL was rejected. Your support ID is: 12</p>", "Request Rejected")),
    ("challenge", page("<h1>405</h1><p>由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>", "405")),
    ("challenge", page("<p>您的访问请求可能对网站造成安全威胁，请求已被管理员禁止。</p>", "拦截提示")),
    ("captcha", page("<p>您的访问过于频繁，请稍后再试</p>", "访问过于频繁")),
    ("captcha", page("<p>请点击下图中的文字完成验证</p>", "安全验证")),
    ("forbidden", page("<p>您的IP地址（1.2.3.4）不在允许访问的范围内</p>", "提示")),
    ("forbidden", page("<p>此信息仅对校内开放</p>" + FOOT, "示例大学")),
    ("forbidden", page("<p>このページは学内からのみアクセスできます。</p>", "お知らせ")),
    ("login", page("<h3>WebVPN 登录</h3><input name=u><input type=password>", "WebVPN")),
    ("login", page("<h1>Sign in</h1><input name=u><input type='password'>", "Sign in to your account")),
    ("login", page("<h2>ログイン</h2><input name=id><input type=password>", "認証システム")),
    ("missing", page("<h1>HTTP状态 404 - 未找到</h1><p>源服务器未能找到目标资源的表示</p>", "HTTP状态 404 - 未找到")),
    ("missing", page("<h1>Página no encontrada</h1><p>La página solicitada no existe.</p>", "Página no encontrada")),
    (
        "missing",
        page("<h1>Seite nicht gefunden</h1><p>Die angeforderte Seite fehlt.</p>", "Seite nicht gefunden - Uni"),
    ),
    ("missing", page("<h1>Page introuvable</h1><p>Elle a peut-être été déplacée.</p>", "Page introuvable")),
    ("missing", page("<p>요청하신 페이지를 찾을 수 없습니다.</p>", "오류")),
    ("missing", page("<h1>お探しのページは見つかりませんでした</h1>", "404 Not Found")),
    ("missing", page("<p>系统维护中，请稍后访问</p>", "系统维护")),
    ("missing", page("<h1>504 Gateway Time-out</h1><hr>nginx", "504 Gateway Time-out")),
    ("missing", page("<p>栏目不存在或已删除</p><a href=/>返回首页</a>", "提示信息")),
    ("missing", page("<script>alert('参数错误');history.back();</script>")),
    ("empty", page("<h1>News</h1><p>There are no news items to display.</p>", "News")),
    ("empty", page("<h1>Aktuelles</h1><p>Keine Meldungen vorhanden.</p>", "Aktuelles")),
    ("empty", page("<h1>Actualités</h1><p>Aucune actualité pour le moment.</p>", "Actualités")),
    ("empty", page("<h1>お知らせ</h1><p>現在お知らせはありません。</p>", "お知らせ")),
    ("listing", page(MENU + f"<ul>{ROWS}</ul>" + FOOT, "通知公告-示例大学")),
    ("empty", page("")),
    ("empty", page(MENU + FOOT, "示例大学")),
    ("empty", b""),
    ("empty", b" \r\n\t "),
    ("empty", b"<html><head><title>x</title><script>var a=1"),
    ("empty", page(MENU + "<h2>通知公告</h2><div>暂无信息！</div>" + FOOT, "通知公告-示例大学")),
    (
        "empty",
        page("<h3>공지사항</h3><table><tr><th>제목</th></tr><tr><td>등록된 게시물이 없습니다.</td></tr></table>"),
    ),
    ("empty", page(MENU + "<h1>Nothing Found</h1><p>Perhaps searching can help.</p>", "Campus Archives - Example")),
    ("file", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"),
    ("file", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    ("file", b"\xff\xd8\xff\xe0\0\x10JFIF"),
    ("file", b"PK\x03\x04\x14\0\x06\0"),
    ("file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("unreadable", b"<html>" + b"<p>x</p>" * 1_300_000),
    ("unreadable", b'{"code":401,"msg":"token"}'),
]


@pytest.mark.parametrize(("kind", "payload"), REFUSED, ids=[f"{kind}-{n}" for n, (kind, _) in enumerate(REFUSED)])
def test_refused(kind: str, payload: bytes) -> None:
    with pytest.raises(PageError) as refused:
        read_article(payload, URL)
    assert refused.value.kind == kind, refused.value.found


def test_a_placeholder_of_webplus() -> None:
    payload = page('<div class="wp_articlecontent"></div>' + MENU, "信息公开网")
    with pytest.raises(PageError, match="empty"):
        read_article(payload, "http://xxgk.example.edu.cn/00/00/c8736a0/page.htm")


def test_bytes_of_a_file_whatever_the_header_says() -> None:
    with pytest.raises(PageError, match="PDF"):
        read_article(b"%PDF-1.4 ...", URL, headers={"Content-Type": "text/html"})


PASSWORD = "<form>用户名<input name=u> 密码<input type=password name=p></form>"
SITES = "".join(f'<li><a href="https://www.u{n}.example.edu/">示例友好院校第{n}所大学</a></li>' for n in range(9))
NO_LISTING = [
    ("login", page(PASSWORD + f"<h3>系统公告</h3><ul>{ROWS}</ul>", "教务管理系统 - 用户登录")),
    ("missing", page(f"<h2>抱歉，您要访问的页面不存在</h2><h3>最新</h3><ul>{ROWS}</ul>", "404-示例大学")),
    ("empty", page(MENU + f"<ul>{SITES}</ul>" + FOOT, "相关链接-示例大学")),
]


@pytest.mark.parametrize(("kind", "payload"), NO_LISTING, ids=[kind for kind, _ in NO_LISTING])
def test_no_listing(kind: str, payload: bytes) -> None:
    with pytest.raises(PageError) as refused:
        read_listing(payload, URL)
    assert refused.value.kind == kind, refused.value.found


def test_a_listing_may_have_a_box_to_log_in() -> None:
    assert len(read_listing(page(PASSWORD + f"<ul>{ROWS}</ul>", "通知公告"), URL).entries) == 15


def test_a_listing_may_be_of_logins() -> None:
    last = '<a href="1.htm">上页</a><a href="3.htm">下页</a>'
    payload = page(PASSWORD + f"<div><ul>{ROWS}</ul><p>{last}</p></div>", "系统登录通知")
    assert len(read_listing(payload, URL).entries) == 15


ABOUT = {
    "关于校园网系统维护的通知": "定于今晚22点进行系统维护，届时服务暂停。",
    "统一身份认证系统升级公告": "统一身份认证系统将于周六升级。",
    "关于限制访问部分端口的通知": "自即日起限制访问部分端口。",
    "滑动验证上线通知": "登录页面将启用滑动验证。",
    "关于访问被拦截问题的说明": "如遇请求被拦截，请与信息中心联系。",
    "校园文化艺术节开幕": "精彩活动轮番上演，敬请期待！",
    "职称申报进展": "目前申报材料正在审核，结果将另行公布。",
    "Construction update": "The north entrance is under construction until May.",
    "Parking on campus": "Visitors not authorized to park will be towed; it takes just a moment to register.",
    "Not found: the lost manuscripts": "The library reports that the manuscripts were not found.",
}
LONG = "各学院：为做好本学期信息系统的使用工作，现将有关事项通知如下，请各单位认真组织学习并按时完成。" * 6


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("line", ["<div>发布时间：2026-03-01 作者：信息中心</div>", "<div>2026-03-01</div>"])
@pytest.mark.parametrize("title", ABOUT)
def test_an_article_on_what_error_pages_say(title: str, line: str, long: bool) -> None:
    text = LONG if long else ABOUT[title]
    html = page(MENU + f"<h1>{title}</h1>{line}<div><p>{text}</p></div>" + FOOT, f"{title}-示例大学")
    assert read_article(html, URL).body == text


def test_an_article_of_one_line_on_a_captcha() -> None:
    body = "<h1>附件下载说明</h1><div>发布时间：2026-03-01 作者：信息中心</div><div><p>下载附件时请输入验证码，四位数字即可。</p></div>"
    assert (
        read_article(page(MENU + body + FOOT, "附件下载说明-示例大学"), URL).body
        == "下载附件时请输入验证码，四位数字即可。"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "请登录系统后提交材料。",
        "若页面不存在，请联系管理员。",
        "如遇验证码错误，请输入验证码后重试。",
        "未经许可禁止访问机房。",
    ],
)
def test_an_article_may_speak_of_all_this(sentence: str) -> None:
    text = "各学院：为做好本学期信息系统的使用工作，现将有关事项通知如下，请各单位认真组织学习并按时完成。" * 6
    body = (
        f"<h1>关于系统使用的通知</h1><div>发布时间：2026-03-01</div><div class=c><p>{text}</p><p>{sentence}</p></div>"
    )
    article = read_article(page(MENU + body + FOOT, "关于系统使用的通知-示例大学"), URL)
    assert article.body.endswith(sentence)


def test_a_short_article_beside_a_form_to_log_in_is_read() -> None:
    form = "<div>登录</div><form><input name=u><input type=password></form>"
    text = "3月12日下午，示例大学在图书馆报告厅召开本学期教学工作会议，各学院负责人参加会议。"
    heading = "<h1>示例大学召开本学期教学工作会议</h1><div>2026-03-12 10:56 示例网</div>"
    its = read_article(
        page(f"{MENU}{heading}<p>{text}</p>{form}", "示例大学召开本学期教学工作会议-要闻频道-示例网"), URL
    )
    assert its.body == text


@pytest.mark.parametrize("nothing", ["没有找到内容！", "No results found.", "无权访问"])
@pytest.mark.parametrize(
    "box", ["<div class='search-box'><p>{}</p></div>", "<form role='search'><div><p>{}</p></div></form>"]
)
def test_what_the_box_of_a_search_says_once_it_is_used(box: str, nothing: str) -> None:
    beside = box.format(nothing)
    text = "<h1>图书馆闭馆整理通知</h1><p>2024-05-11</p><div class='post-content'><p>因搬迁，旧馆本周闭馆。</p></div>"
    assert read_article(page(beside + text, "图书馆闭馆整理通知"), URL).body == "因搬迁，旧馆本周闭馆。"
    row = "<h2>通知公告</h2><ul><li><a href='/info/1001/7.htm'>图书馆闭馆整理通知</a><span>2024-05-11</span></li></ul>"
    assert len(read_listing(page(beside + row, "通知公告"), "https://news.example.edu.cn/tzgg.htm").entries) == 1


@pytest.mark.parametrize(
    "below",
    [
        "上一篇：<a href='/info/1001/2001.htm'>上一篇：</a>",
        "<ul><li><a href='/files/list.docx'>附件：名单.docx</a> 2026-03-12</li></ul>",
        "<p>原文 <a href='javascript:;'>https://www.example.edu.cn/2026/page.htm</a> 2026-03-11</p>",
    ],
)
def test_an_article_with_a_link_or_a_file_is_no_listing(below: str) -> None:
    text = "<p>示例大学在图书馆报告厅召开本学期教学工作会议，各学院负责人参加会议。</p>" * 3
    html = f"{MENU}<form><h2>召开本学期教学工作会议</h2><div>发布时间：2026-03-12</div><div id=vsb_content>{text}</div>{below}</form>"
    with pytest.raises(PageError) as error:
        read_listing(page(html, "召开本学期教学工作会议-示例大学"), URL)
    assert error.value.kind == "article"
