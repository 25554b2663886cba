"""The replica campus answers as the sites do (DOMAIN: VSB, WebPlus, classic ASP), ages, and fails as they fail."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from newsspider.demo import Campus, faults
from newsspider.demo.world import CORRECTION, START

OWNER = "1391770023"
CLICK = "/system/resource/code/news/click/"


class Answer:
    def __init__(self, url: str, method: str = "GET", form: str = "", headers: dict[str, str] | None = None) -> None:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(method, target, form or None, headers or {})
            response = connection.getresponse()
            self.status, self.headers = response.status, dict(response.getheaders())
            self.body = response.read()
        finally:
            connection.close()
        self.text = self.body.decode("gbk" if b"charset=gb" in self.body else "utf-8", errors="replace")


def ask(campus: Campus, site: str, target: str, method: str = "GET", form: str = "", **headers: str) -> Answer:
    """``headers`` with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(urljoin(campus.urls[site], target), method, form, named)


@pytest.fixture(scope="module")
def campus() -> Iterator[Campus]:
    """Untouched: the tests that use it change nothing."""
    with Campus() as served:
        yield served


@pytest.fixture
def living() -> Iterator[Campus]:
    with Campus() as served:
        yield served


def walk(campus: Campus, seed: str) -> list[str]:
    """The listing pages of a seed, by the link called 下页 or 下一页."""
    url, pages = campus.urls[seed], []
    while True:
        page = Answer(url)
        assert page.status == 200
        pages.append(page.text)
        link = re.search(r'<a[^>]*href="([^"]*)"[^>]*>(?:<span>)?下一?页', page.text)
        if link is None or link[1].startswith("javascript"):
            return pages
        url = urljoin(url, link[1])


@pytest.mark.parametrize(
    ("seed", "pages", "rows"), [("vsb", 4, 27), ("vsb-notices", 3, 13), ("webplus", 3, 17), ("gbk", 3, 12)]
)
def test_listings_page_to_the_end(campus: Campus, seed: str, pages: int, rows: int) -> None:
    found = walk(campus, seed)
    links = re.findall(r'<a href="([^"]+)"[^>]* title="', "".join(found))
    assert (len(found), len(links), len(set(links))) == (pages, rows, rows)


def test_vsb_numbers_its_pages_from_the_oldest(campus: Campus) -> None:
    first = ask(campus, "vsb", "/zhxw.htm")
    assert '<span class="p_next p_fun"><a href="zhxw/3.htm">' in first.text
    assert "2020-10-" in ask(campus, "vsb", "/zhxw/1.htm").text
    assert ask(campus, "vsb", "/zhxw/4.htm").status == 404


def test_a_pinned_item_leads_out_of_date_order(campus: Campus) -> None:
    days = re.findall(r"<span>(\d{4}-\d\d-\d\d)</span>", ask(campus, "vsb", "/zhxw.htm").text)
    assert days[0] < days[-1]
    assert days[1:] == sorted(days[1:], reverse=True)


def test_the_batch_on_a_listing_is_aligned_with_its_rows(campus: Campus) -> None:
    text = "".join(walk(campus, "vsb"))
    hrefs = re.findall(r'id="line_u8_\d+"><a href="([^"]+)"', text)
    ids = [ident for batch in re.findall(r"\],\[([\d,]+)\],", text) for ident in batch.split(",")]
    assert len(hrefs) == len(ids)
    assert all(ident in href for href, ident in zip(hrefs, ids, strict=True) if "/info/" in href or "info/" in href)
    assert any(href.startswith("https://mp.weixin.qq.com/") for href in hrefs)


def test_every_article_says_what_the_truth_says(campus: Campus) -> None:
    assert len(campus.readable) == 62
    for truth in campus.readable:
        for url in truth.urls:
            page = Answer(url)
            assert page.status == 200
            assert truth.title in page.text
            assert truth.published_text in page.text
            assert all(paragraph in page.text for paragraph in truth.body.split("\n"))


def test_titles_are_unique_and_texts_the_same_every_time(campus: Campus) -> None:
    titles = [truth.title for truth in campus.articles]
    assert len(set(titles)) == len(titles)
    again = Campus().world.articles
    assert [article.paragraphs for article in again] == [article.paragraphs for article in campus.world.articles]


def test_a_copy_carries_the_id_of_its_original(campus: Campus) -> None:
    copied = [truth for truth in campus.readable if len(truth.urls) == 2]
    assert len(copied) == 3
    for truth in copied:
        pages = [Answer(url).text for url in truth.urls]
        assert {re.search(r'_showDynClicks\("wbnews", \d+, (\d+)\)', page)[1] for page in pages} == {str(truth.id)}  # type: ignore[index]
        own = [re.search(r"_jsq_\(\d+,'/content.jsp',(\d+)", page)[1] for page in pages]  # type: ignore[index]
        assert own[0] == str(truth.id) != own[1]
        assert campus.count("vsb", int(own[1])) < truth.views


@pytest.mark.parametrize(
    ("query", "status", "body"),
    [
        ({"clickid": "2600", "owner": OWNER, "clicktype": "wbnews"}, 200, None),
        ({"clickid": "2600", "clicktype": "wbnews"}, 200, ""),
        ({"clickid": "2600", "owner": "1", "clicktype": "wbnews"}, 200, ""),
        ({"clickid": "9", "owner": OWNER, "clicktype": "wbnews"}, 200, "0"),
        ({"clickid": "65813abc", "owner": OWNER, "clicktype": "wbnews"}, 200, "-1"),
        ({"clickid": "<1", "owner": OWNER, "clicktype": "wbnews"}, 400, "<html><body>HTTP Status 400</body></html>"),
    ],
)
def test_vsb_single_counter(campus: Campus, query: dict[str, str], status: int, body: str | None) -> None:
    answer = ask(campus, "vsb", f"{CLICK}dynclicks.jsp?{urlencode(query)}")
    assert (answer.status, answer.text) == (status, str(campus.count("vsb", 2600)) if body is None else body)


def test_vsb_batch_counter_answers_in_the_order_asked(campus: Campus) -> None:
    answer = ask(campus, "vsb", f"{CLICK}dynclicksbatch.jsp?clickids=2600,1,x,2594&owner={OWNER}&clicktype=wbnews")
    assert answer.text == f"{campus.count('vsb', 2600)},0,-1,{campus.count('vsb', 2594)}"


def test_vsb_older_counters(campus: Campus) -> None:
    query = f"owner={OWNER}&type=wbnews&randomid=n"
    views = campus.count("vsb", 2531)
    answer = ask(campus, "vsb", f"{CLICK}clicktimes.jsp?wbnewsid=2531&{query}")
    assert json.loads(answer.text) == {"wbshowtimes": views, "randomid": "n", "wbnewsid": 2531}
    answer = ask(campus, "vsb", f"{CLICK}batchclicktimes.jsp?wbnewsid=2531,2600&{query}")
    assert [row["wbshowtimes"] for row in json.loads(answer.text)] == [views, campus.count("vsb", 2600)]


def test_webplus_counter(campus: Campus) -> None:
    base = "/_visitcountdisplay?siteId=264"
    views = campus.count("webplus", 360136)
    assert ask(campus, "webplus", f"{base}&type=3&articleId=360136", "POST").text == str(views)
    assert ask(campus, "webplus", f"{base}&type=3&articleId=360136").text == "非法请求"
    assert ask(campus, "webplus", "/_visitcountdisplay?articleId=360136", "POST").text == "非法请求"
    assert int(ask(campus, "webplus", f"{base}&type=1", "POST").text) > 80_000
    batch = ask(campus, "webplus", f"{base}&type=3&funType=0", "POST", "articleIds=360136,1")
    assert json.loads(batch.text) == [{"articleId": 360136, "count": views}, {"articleId": 1, "count": 0}]


def test_webplus_prints_the_junk_of_publication(campus: Campus) -> None:
    text = ask(campus, "webplus", "/2023/0421/c24012a360136/page.htm").text
    assert 'type=3&articleId=360136">10</span>' in text
    assert re.search(r'type=1&showDate=1">\d+000' + "2019年03月03日</span>", text)


def test_gbk_prints_its_counts(campus: Campus) -> None:
    views = campus.count("gbk", 140)
    listing, article = ask(campus, "gbk", "/news.asp"), ask(campus, "gbk", "/sview.asp?id=140")
    assert f"<td>{views}</td>" in listing.text
    assert f"阅读次数:{views}<" in article.text
    assert b"charset=gb2312" in article.body
    assert any("喆" in truth.body for truth in campus.readable if truth.site == "gbk"), "no character beyond GB 2312"


def test_what_cannot_be_read(campus: Campus) -> None:
    by_nature = {truth.nature: truth for truth in campus.articles}
    login, missing = (Answer(by_nature[nature].url) for nature in ("login", "missing"))
    assert login.status == missing.status == 200
    assert 'type="password"' in login.text
    assert "您访问的页面不存在" in missing.text
    assert Answer(by_nature["file"].url).body.startswith(b"%PDF")
    assert by_nature["external"].url.startswith("https://mp.weixin.qq.com/")
    assert ask(campus, "vsb", "/info/1033/2600.htm").status == 404


def test_an_attachment_lies_behind_the_download_page(campus: Campus) -> None:
    pages = (Answer(truth.url).text for truth in campus.readable if truth.site == "vsb")
    link = next(found[1] for page in pages if (found := re.search(r'附件【<a href="([^"]+)"', page)))
    answer = ask(campus, "vsb", link.replace("&amp;", "&"))
    assert answer.body.startswith(b"PK")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_robots_forbids_what_every_listing_links(campus: Campus) -> None:
    assert "Disallow: /nbwd/" in ask(campus, "vsb", "/robots.txt").text
    assert "/nbwd/" in ask(campus, "vsb", "/zhxw.htm").text


def test_a_static_page_is_not_sent_twice_to_one_who_holds_it(living: Campus) -> None:
    first = ask(living, "vsb", "/info/1021/2600.htm")
    assert ask(living, "vsb", "/info/1021/2600.htm", If_None_Match=first.headers["ETag"]).status == 304
    living.edit("/info/1021/2600.htm")
    assert ask(living, "vsb", "/info/1021/2600.htm", If_None_Match=first.headers["ETag"]).status == 200


def test_counts_rise_with_the_clock_alone(living: Campus) -> None:
    before = {(truth.site, truth.id): truth.views for truth in living.articles}
    for seed in living.urls:
        walk(living, seed)
    assert {(truth.site, truth.id): truth.views for truth in living.articles} == before
    living.advance(hours=24)
    after = {(truth.site, truth.id): truth.views for truth in living.articles}
    assert all(after[key] >= before[key] for key in before)
    assert sum(after.values()) > sum(before.values())
    assert living.now == START + timedelta(hours=24)


@pytest.mark.parametrize(
    ("site", "ident", "beacon"),
    [
        ("vsb", 2600, f"/system/resource/code/datainput.jsp?owner={OWNER}&newsid=2600"),
        ("vsb", 2600, f"/system/resource/code/news/click/addclicktimes.jsp?wburlid=2600&owner={OWNER}&type=wbnews"),
        ("webplus", 360136, "/_visitcount?siteId=264&type=3&articleId=360136"),
    ],
)
def test_a_beacon_raises_a_count_and_is_logged(living: Campus, site: str, ident: int, beacon: str) -> None:
    before = living.count(site, ident)
    assert ask(living, site, beacon).body == b""
    assert living.count(site, ident) == before + 1
    assert [visit.target for visit in living.log.beacons] == [beacon]


def test_the_log_knows_what_was_asked(living: Campus) -> None:
    for target in ("/robots.txt", "/zhxw.htm", "/zhxw.htm", f"{CLICK}dynclicks.jsp?clickid=1"):
        ask(living, "vsb", target, User_Agent="test")
    assert living.log.kinds == {"robots": 1, "page": 2, "counter": 1}
    assert living.log.twice() == ["vsb /zhxw.htm"]
    assert living.log.max_in_flight == living.log.most["vsb"] == 1
    assert {visit.agent for visit in living.log.visits} == {"test"}
    assert len(living.log.gaps("vsb")) == 3
    living.log.clear()
    assert not living.log.visits


def test_between_two_passes(living: Campus) -> None:
    before = {truth.url: truth for truth in living.articles}
    changes = living.pass_time()
    assert changes.edited.body == before[changes.edited.url].body + "\n" + CORRECTION
    assert CORRECTION in Answer(changes.edited.url).text
    assert changes.withdrawn.gone
    assert Answer(changes.withdrawn.url).status == 404
    assert changes.published.url not in before
    listing = ask(living, "vsb", "/zhxw.htm").text
    assert changes.published.title in listing
    assert changes.withdrawn.title in listing
    assert not living.restore(changes.withdrawn.url).gone
    assert Answer(changes.withdrawn.url).status == 200


@pytest.mark.parametrize("site", ["vsb", "webplus", "gbk"])
def test_a_new_article_leads_its_listing(living: Campus, site: str) -> None:
    truth = living.publish(site)
    assert truth.title in Answer(living.urls[site]).text
    assert truth.title in Answer(truth.url).text


def test_a_withdrawn_article_may_leave_the_listing(living: Campus) -> None:
    truth = living.withdraw("/info/1021/2600.htm", listed=False)
    assert truth.title not in ask(living, "vsb", "/zhxw.htm").text


def test_dates_follow_the_start_of_the_clock() -> None:
    with Campus(start=datetime(2026, 3, 1, 16, 30, tzinfo=UTC)) as campus:
        assert max(truth.published for truth in campus.readable if truth.site == "vsb") == "2026-03-01T09:00"
    with Campus() as campus:
        assert "日期：2023-04-21 09:00" in {truth.published_text for truth in campus.readable}


@pytest.mark.parametrize(("how", "status"), [("503", 503), ("403", 403), ("412", 412), ("500", 500), ("502", 502)])
def test_failing_with_a_status(living: Campus, how: str, status: int) -> None:
    living.fail(r"^/info/", how, times=1)
    assert ask(living, "vsb", "/info/1021/2600.htm").status == status
    assert ask(living, "vsb", "/info/1021/2600.htm").status == 200


def test_failing_bodies(living: Campus) -> None:
    whole = ask(living, "vsb", "/zhxw.htm").body
    expected = {"empty": b"", "pdf": b"%PDF-1.4\n% synthetic\n"}
    for how, body in expected.items():
        living.mend()
        living.fail("^/zhxw", how)
        assert ask(living, "vsb", "/zhxw.htm").body == body
    living.mend()
    living.fail("^/zhxw", "cut")
    with pytest.raises(http.client.IncompleteRead) as error:
        ask(living, "vsb", "/zhxw.htm")
    assert error.value.partial == whole[: len(whole) // 2]
    living.mend()
    living.fail("^/zhxw", "drop")
    with pytest.raises(http.client.RemoteDisconnected):
        ask(living, "vsb", "/zhxw.htm")
    living.mend()
    assert ask(living, "vsb", "/zhxw.htm").body == whole


def test_a_page_of_fifty_megabytes_announces_no_length(living: Campus) -> None:
    living.fail("^/zhxw", "big")
    answer = ask(living, "vsb", "/zhxw.htm")
    assert len(answer.body) > 50 * 2**20
    assert "Content-Length" not in answer.headers


def test_a_slow_page_ends_with_the_campus(living: Campus) -> None:
    living.fail("^/zhxw", "slow", seconds=3600)
    connection = http.client.HTTPConnection(urlsplit(living.urls["vsb"]).netloc, timeout=0.05)
    connection.request("GET", "/zhxw.htm")
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()


def test_redirects_that_lead_nowhere(living: Campus) -> None:
    living.fail("2600", "loop")
    living.fail("2597", "login")
    living.fail("2594", "maze")
    assert ask(living, "vsb", "/info/1021/2600.htm").headers["Location"] == "/info/1021/2600.htm"
    assert ask(living, "vsb", "/info/1021/2594.htm?hop=6").headers["Location"] == "/info/1021/2594.htm?hop=7"
    target = ask(living, "vsb", "/info/1021/2597.htm").headers["Location"]
    assert "统一身份认证" in ask(living, "vsb", target).text


@pytest.mark.parametrize(("seed", "path"), [("vsb", "/zhxw.htm"), ("webplus", "/xwdt/list.htm"), ("gbk", "/news.asp")])
def test_listings_without_an_end(living: Campus, seed: str, path: str) -> None:
    living.fail(f"^{re.escape(path)}", "self", times=1)
    assert re.search(rf'href="{re.escape(path)}"[^>]*>(<span>)?下一?页', ask(living, seed, path).text)
    living.fail(f"^{re.escape(path)}", "endless")
    assert f"{path}?round=1" in ask(living, seed, path).text
    assert f"{path}?round=2" in ask(living, seed, f"{path}?round=1").text


@pytest.mark.parametrize(
    ("site", "path", "declared", "true"),
    [("vsb", "/zhxw.htm", "gb2312", "utf-8"), ("gbk", "/news.asp", "utf-8", "gbk")],
)
def test_a_wrong_declaration_of_the_charset(living: Campus, site: str, path: str, declared: str, true: str) -> None:
    living.fail(path, "charset")
    answer = ask(living, site, path)
    assert answer.headers["Content-Type"] == f"text/html; charset={declared}"
    assert f"charset={declared}".encode() in answer.body
    assert "云麓大学" in answer.body.decode(true)


@pytest.mark.parametrize(("how", "body"), [("minus", "-1"), ("empty", ""), ("illegal", "非法请求"), ("html", "<html>")])
def test_bad_replies_of_a_counter(living: Campus, how: str, body: str) -> None:
    living.fail("dynclicks", how)
    answer = ask(living, "vsb", f"{CLICK}dynclicks.jsp?clickid=2600&owner={OWNER}&clicktype=wbnews")
    assert (answer.status, answer.text[:6]) == (200, body[:6])


def test_a_batch_may_lack_a_value(living: Campus) -> None:
    living.fail("dynclicksbatch|_visitcountdisplay", "short")
    batch = ask(living, "vsb", f"{CLICK}dynclicksbatch.jsp?clickids=2600,2597&owner={OWNER}&clicktype=wbnews")
    assert batch.text == str(living.count("vsb", 2600))
    batch = ask(living, "webplus", "/_visitcountdisplay?siteId=264&type=3&articleIds=360136,359019", "POST")
    assert [row["articleId"] for row in json.loads(batch.text)] == [360136]


def test_a_download_may_ask_for_a_captcha(living: Campus) -> None:
    living.fail("download.jsp", "captcha")
    assert "请输入验证码" in ask(living, "vsb", "/system/_content/download.jsp?wbfileid=1").text


def test_an_unknown_way_to_fail_is_refused() -> None:
    with pytest.raises(ValueError, match="no way to fail is called 'badly'"):
        Campus().fail("/", "badly")
    assert {"slow", "cut", "endless"} <= set(faults.WAYS)


def test_control_by_hand(living: Campus) -> None:
    count = json.loads(ask(living, "vsb", "/_campus/count?site=vsb&id=2600").text)["count"]
    later = json.loads(ask(living, "vsb", "/_campus/pass").text)
    assert later["now"] == "2023-04-23T00:00:00Z"
    assert living.count("vsb", 2600) > count
    assert ask(living, "vsb", "/_campus/edit?path=/nowhere.htm").status == 400
    assert "no such verb" in ask(living, "vsb", "/_campus/dance").text
    ask(living, "vsb", "/_campus/fail?" + urlencode({"pattern": "^/zhxw", "how": "503"}))
    assert ask(living, "vsb", "/zhxw.htm").status == 503
    assert json.loads(ask(living, "vsb", "/_campus/log").text)["log"]["requests"] == {"page": 1}
