"""Pages that lead elsewhere by themselves. All invented."""

from __future__ import annotations

import pytest
from school import School, article, listing, news

from newsspider.cms import opened, redirects

URL = "http://www.example.edu.cn/old/1.htm"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0")
TARGET = "http://www.example.edu.cn/new/1.htm"


def led(html: str) -> str | None:
    body = html.encode()
    found = redirects.target(opened(body, URL)) if redirects.may_lead(body) else None
    return found[0] if found else None


REFRESHES = [
    '<meta http-equiv="refresh" content="0;url=/new/1.htm">',
    "<META CONTENT='3; URL=../new/1.htm' HTTP-EQUIV=Refresh>",
    "<meta http-equiv=refresh content=\"1;url='/new/1.htm'\">",
    '<meta http-equiv="refresh" content="0.5, /new/1.htm">',
    '<meta http-equiv="refresh" content=";url=/new/1.htm"><p>页面正在跳转，请稍候…</p>',
]
SCRIPTS = [
    'window.location.href="/new/1.htm";',
    "location = '/new/1.htm'",
    "top.location='/new/1.htm';",
    "self.location.replace('/new/1.htm')",
    'document.location.href = "http:\\/\\/www.example.edu.cn\\/new\\/1.htm";',
    "window.location.assign(`/new/1.htm`);",
    'window["location"]; location["href"] = "/new/1.htm"',
    "setTimeout(\"window.location.href='/new/1.htm'\", 3000);",
    "setTimeout(function(){ location.href = '/new/1.htm'; }, 1000)",
    "var url = '/new/1.htm'; window.location.href = url;",
    "window.open('/new/1.htm', '_self')",
    "$(location).attr('href', '/new/1.htm');",
    "window.navigate('/new/1.htm');",
    "var n = 3; setInterval(function(){ if (--n == 0) location.href = '/new/1.htm' }, 1000)",
    "if (/Mobile|iPhone/.test(navigator.userAgent)) location.href='/wap/1.htm'; else location.href='/new/1.htm';",
    "// location.href='/never.htm'\n/* location='/nor.htm' */ location.href='/new/1.htm'",
]


@pytest.mark.parametrize("head", [*REFRESHES, *(f"<script>{script}</script>" for script in SCRIPTS)])
def test_a_page_without_a_text_that_leads_elsewhere(head):
    assert led(f"<html><head><title>跳转</title>{head}</head><body></body></html>") == TARGET


def test_a_body_leads_when_it_is_loaded():
    assert led("<html><body onload=\"location.href='/new/1.htm'\">正在跳转</body></html>") == TARGET


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="refresh" content="60;url=/new/1.htm">',
        '<meta http-equiv="refresh" content="0">',
        '<meta http-equiv="refresh" content="0;url=/old/1.htm">',
        '<noscript><meta http-equiv="refresh" content="0;url=/nojs.htm"></noscript>',
        '<!-- <meta http-equiv="refresh" content="0;url=/new/1.htm"> -->',
        '<meta http-equiv="refresh" content="0;url=/login.jsp?back=1">',
        "<script>location.reload()</script>",
        "<script>location.href = '/old/1.htm?t=' + token;</script>",
        "<script>location.href = base + '/new/1.htm';</script>",
        "<script>var url = '/new/'; url += 'x'; location.href = url;</script>",
        "<script>if (!window.JSON) location.href = '/old-browser.htm'</script>",
        "<script>setTimeout(\"location.href='/new/1.htm'\", 30000);</script>",
        "<script>if (location.href == '/new/1.htm') { }</script>",
        "<script>document.cookie='a=1'; location.href = window.location.href;</script>",
        '<script type="text/template">location.href="/new/1.htm"</script>',
        '<script>location.href="/new/1.htm"</script><form><input type="password"></form>',
        '<script>location.href="/new/1.htm"</script><iframe src="/news.htm"></iframe>',
    ],
)
def test_a_page_that_is_not_followed(head):
    assert led(f"<html><head>{head}</head><body></body></html>") is None


def test_a_page_with_a_text_is_read_whatever_its_scripts_do():
    assert led(article(1).replace("</head>", '<script>location.href="/new/1.htm"</script></head>')) is None


@pytest.mark.slow
def test_crawl_and_probe_follow_pages_that_lead_elsewhere(newsspider, ask):
    def serve(target, form):
        match target:
            case "/":
                return '<html><head><meta http-equiv="refresh" content="0;url=cn/index.html"></head></html>'
            case "/cn/index.html":
                return listing({**news(range(3)), "/maze/0": 4, "/self": 5, "/away": 6})
            case "/news/1.html":
                return '<html><body><script>window.location.href="/moved/1.html";</script></body></html>'
            case "/self":
                return '<html><script>document.cookie="a=1";location.href="/self"</script></html>'
            case "/away":
                return '<html><script>location.href="http://elsewhere.test/1.html"</script></html>'
        if target.startswith("/maze/"):
            return f'<html><script>location.href="/maze/{int(target[6:]) + 1}"</script></html>'
        return article(int(target.split("/")[-1][:-5]))

    with School(serve) as school:
        probed = newsspider("probe", school.url + "/", *FAST)
        assert f"{school.url}/cn/index.html (meta refresh)" in probed.stdout
        school.asked.clear()
        done = newsspider("crawl", school.url + "/", *FAST)
        assert done.returncode == 0, done.stderr
        assert len([one for one in school.asked if "/maze/" in one]) == 6, "REDIRECT_MAX_TIMES and the first"
    assert ask("SELECT count(*), count(DISTINCT title) FROM article") == [(3, 3)]
    failed = dict(ask("SELECT substr(url, -5), error FROM capture WHERE outcome = 'failed'"))
    assert failed["aze/0"] == "max redirections reached"
    assert failed["/self"].startswith("challenge: ")
    assert failed["/away"].startswith("challenge: ")
