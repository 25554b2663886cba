"""Looking at an address before crawling it, on the replica campus."""

from __future__ import annotations

import json

import pytest

from newsspider.cms import opened
from newsspider.items import Article, Entry, ListingPage
from newsspider.spiders import columns
from newsspider.spiders.findings import CountTest, Findings, Robots, Sample, warnings


@pytest.fixture
def probe(newsspider):
    def run(url, *arguments):
        return newsspider("probe", url, "-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0", *arguments)

    return run


@pytest.mark.parametrize(("seed", "family"), [("vsb", "vsb"), ("webplus", "webplus"), ("gbk", "generic")])
def test_a_listing_is_probed_to_its_counts(probe, campus, tmp_path, seed, family):
    done = probe(campus.urls[seed], "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["kind"], found["family"], found["missing"]) == ("listing", family, {})
    truth = {url: t for t in campus.articles for url in t.urls}
    for sample in found["samples"]:
        true, article = truth[sample["url"]], sample["article"]
        assert (article["title"], article["published"], article["body"]) == (true.title, true.published, true.body)
        assert sample["views"] == true.views
        assert {"title", "published", "body"} <= article["rules"].keys()
    assert len(found["samples"]) == 3
    assert found["listing"]["next_url"]
    assert found["next_page"]["entries"]
    assert list(tmp_path.iterdir()) == [], "nothing is written"


def test_a_probe_disturbs_nobody(probe, campus):
    probe(campus.urls["vsb"], "--contact", "archive@example.edu")
    assert campus.log.beacons == []
    assert campus.log.twice() == []
    assert campus.log.visits[0].kind == "robots"
    assert campus.log.kinds.total() <= 12
    assert {"archive@example.edu" in visit.agent for visit in campus.log.visits} == {True}


def test_a_front_page_leads_to_its_listings(probe, campus):
    home = campus.doors["vsb"].origin + "/"
    found = json.loads(probe(home, "--json").stdout)
    assert found["kind"] == "front page"
    assert [(column["title"], column["entries"], column["dated"]) for column in found["columns"]] == [
        ("综合新闻", 7, 7),
        ("通知公告", 6, 6),
    ]
    assert found["listing_url"] == campus.urls["vsb"]
    assert len(found["samples"]) == 3


def test_the_report_names_each_field_and_its_rule(probe, campus):
    done = probe(campus.urls["gbk"])
    truth = max((truth for truth in campus.readable if truth.site == "gbk"), key=lambda truth: truth.published)
    assert done.returncode == 0, done.stderr
    for line in (
        "gb18030, declared gb2312",
        "page=2 by link '下一页'",
        "✓  title 标题",
        "labelled count of the heading",
    ):
        assert line in done.stdout
    assert f"{truth.published}  ({truth.published_text})" in done.stdout
    assert truth.title in done.stdout
    assert done.stdout.splitlines()[-2] == "✓ title, date, text and count found in 3 articles"
    assert "\x1b" not in done.stdout


def test_an_article_is_probed_alone(probe, campus):
    truth = next(truth for truth in campus.readable if truth.site == "webplus")
    found = json.loads(probe(truth.url, "--json").stdout)
    assert found["kind"] == "article"
    assert [sample["views"] for sample in found["samples"]] == [truth.views]
    assert [test["batch_url"] for test in found["counters"]] == [None]


def test_what_robots_txt_forbids_is_not_fetched(probe, campus):
    url = campus.doors["vsb"].origin + "/nbwd/index.htm"
    done = probe(url)
    assert done.returncode == 3
    assert "robots.txt  forbids this address" in done.stdout
    assert [visit.kind for visit in campus.log.visits] == ["robots"]


@pytest.mark.parametrize(
    ("pattern", "how", "said"),
    [
        (r"/zhxw\.htm", "412", "HTTP 412: a firewall wants a script run first"),
        (r"/zhxw\.htm", "empty", "empty: no bytes"),
        (r"/zhxw/\d", "500", "the next page of the listing cannot be read: unreadable: HTTP 500"),
        ("news/click", "html", "missing, of 3 articles: views in 3"),
    ],
)
def test_what_is_missing_is_said(probe, campus, pattern, how, said):
    campus.fail(pattern, how)
    done = probe(campus.urls["vsb"])
    assert said in done.stdout
    assert done.returncode == (0 if "next page" in said else 3)
    assert done.stderr == ""


def test_a_batch_that_disagrees_is_said(probe, campus):
    campus.fail("dynclicksbatch", "short")
    done = probe(campus.urls["vsb"])
    assert "1 values for 2 counters" in done.stdout
    assert done.returncode == 0, "the counts can be read singly"


def test_a_host_that_does_not_answer(probe):
    done = probe("http://127.0.0.1:1/")
    assert done.returncode == 3
    assert "unreachable: connection refused" in done.stdout


def test_an_address_of_another_kind(newsspider):
    done = newsspider("probe", "ftp://www.example.edu/")
    assert done.returncode == 2
    assert "neither the name of a site nor an http(s) address" in done.stderr


# What a probe has to say, from what it found

URL = "https://news.example.edu.cn/xwdt.htm"
ROW = Entry(url="https://news.example.edu.cn/info/1/2.htm", title="校运会开幕", published="2024-04-19")
READ = Article(url=ROW.url, title="校运会开幕", published="2024-04-19", body="春季运动会开幕。")
COUNTED = CountTest(family="vsb", url=URL, singles={"2": 7}, batch={"2": 7})


def found(**changes):
    sample = Sample(url=ROW.url, entry=ROW, article=READ, views=7)
    usual = {"kind": "listing", "status": 200, "listing": ListingPage(entries=(ROW,)), "samples": (sample,)}
    return Findings(url=URL, **{**usual, **changes})


def listing(**changes):
    entry = {"url": ROW.url, "title": ROW.title, "published": ROW.published, **changes}
    return {"listing": ListingPage(entries=(Entry(**entry),))}


def article(**changes):
    read = {"url": ROW.url, "title": READ.title, "published": READ.published, "body": READ.body, **changes}
    return {"samples": (Sample(url=ROW.url, entry=ROW, article=Article(**read), views=7),)}


def test_nothing_is_said_where_all_is_well():
    assert list(warnings(found(counters=(COUNTED,), charset="utf-8", declared_charset="UTF8"))) == []
    assert found().complete


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"robots": Robots(url=URL, status=200, delay=30)}, "asks for 30 s between requests"),
        ({"charset": "utf-8", "declared_charset": "gb2312"}, "declares gb2312, its bytes are utf-8"),
        ({"charset": "gb18030", "declared_charset": "utf-8"}, "declares utf-8, its bytes are gb18030"),
        ({"final_url": "https://sso.example.edu.cn/login"}, "redirects to another host"),
        ({"listing": None, "kind": "challenge"}, "newsspider runs no scripts"),
        ({"listing": None, "kind": "login"}, "asks for a login"),
        ({"listing": None, "kind": "forbidden"}, "inside the school's network"),
        ({"listing": None, "kind": "front page"}, "no listing found from this page"),
        (listing(kind="external"), "there is nothing to fetch"),
        (listing(published=None), "prints no dates"),
        ({"next_page": ListingPage(entries=(ROW,))}, "the same entries as its first"),
        (article(published="2024-04-20"), "the listing says 2024-04-19, the article 2024-04-20"),
        (article(title="学校概况"), "the listing's title is '校运会开幕'"),
        ({"samples": (Sample(url=ROW.url, error="login: …"),)}, "sample 1 cannot be read: login"),
        ({"samples": (Sample(url=ROW.url, article=READ),)}, "no view counts"),
        ({"counters": (CountTest(family="vsb", url=URL, singles={"2": 0}, batch={"2": 0}),)}, "all counts are 0"),
        ({"counters": (CountTest(family="vsb", url=URL, singles={"2": 7}, batch={"2": 8}),)}, "otherwise when asked"),
    ],
)
def test_what_an_operator_should_know(changes, said):
    told = list(warnings(found(**changes)))
    assert len(told) == 1, told
    assert said in told[0]


def test_a_text_of_pictures_alone_is_a_text():
    pictures = Article(url=URL, title="校园春色", published="2024-04-19", body="", images=("https://x.example/1.jpg",))
    assert Sample(url=URL, article=pictures).missing() == ["views"]
    assert Sample(url=URL, error="empty").missing() == ["title", "published", "body", "views"]


def test_the_columns_of_a_front_page():
    html = """<html><body><ul class="nav"><li><a href="/xxgk.htm">学校概况</a><li><a href="/xwzx.htm">新闻中心</a></ul>
      <div class="box"><div class="hd"><h3>通知公告</h3><a class="more" href="tzgg.htm">更多&gt;&gt;</a></div>
        <ul><li><a href="info/1/2.htm">关于2024年清明节放假安排的通知，请各单位做好值班工作</a></ul></div>
      <div class="box"><div class="hd"><h3>友情链接</h3><a class="more" href="yqlj.htm">更多&gt;&gt;</a></div></div>
      <div class="box"><div class="hd"><span>学校要闻</span><a href="xyyw.htm">更多</a></div>
        <ul><li><a href="info/1/3.htm">召开新闻发布会</a></li></ul></div>
      <a href="https://mp.weixin.qq.com/news">官微新闻</a></body></html>"""
    page = opened(html.encode(), "https://www.example.edu.cn/")
    assert columns.named(page) == {
        "https://www.example.edu.cn/xwzx.htm": "新闻中心",
        "https://www.example.edu.cn/tzgg.htm": "通知公告",
        "https://www.example.edu.cn/xyyw.htm": "学校要闻",
    }


def test_counters_that_agree():
    assert COUNTED.agree
    assert not CountTest(family="vsb", url=URL, singles={"2": 7}).agree, "not asked for several at once"
