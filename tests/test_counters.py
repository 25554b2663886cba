"""Counters: what is asked, and what a reply means."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.cms import counters
from newsspider.items import Counter

CLICKS = "https://news.example.edu.cn/system/resource/code/news/click/"


def vsb(key: str) -> Counter:
    url = f"{CLICKS}dynclicks.jsp?clickid={key}&owner=1391370217&clicktype=wbnews"
    return Counter(family="vsb", owner="1391370217", key=key, url=url)


def webplus(key: str) -> Counter:
    url = f"https://news.example.edu.cn/_visitcountdisplay?siteId=264&type=3&articleId={key}"
    return Counter(family="webplus", owner="264", key=key, url=url)


def clicktimes(key: str) -> Counter:
    url = f"{CLICKS}clicktimes.jsp?wbnewsid={key}&owner=1391370217&type=wbnews&randomid=n"
    return Counter(family="vsb-clicktimes", owner="1391370217", key=key, url=url)


@pytest.mark.parametrize(
    ("make", "method", "url"),
    [
        (vsb, "GET", f"{CLICKS}dynclicksbatch.jsp?clickids=7,8&owner=1391370217&clicktype=wbnews"),
        (clicktimes, "GET", f"{CLICKS}batchclicktimes.jsp?wbnewsid=7,8&owner=1391370217&type=wbnews&randomid=n"),
        (
            webplus,
            "POST",
            "https://news.example.edu.cn/_visitcountdisplay?articleIds=7,8&siteId=264&type=3&funType=0",
        ),
    ],
)
def test_a_batch_is_one_request(make, method, url):
    question = counters.batch([make("7"), make("8")])
    assert (question.method, question.url) == (method, url)


def test_a_batch_of_one_is_a_single_reading():
    assert counters.batch([vsb("7")]) == counters.single(vsb("7"))


@pytest.mark.parametrize(
    ("make", "url"),
    [
        (vsb, f"{CLICKS}dynclicks.jsp?clickid=7"),
        (vsb, f"{CLICKS}other.jsp?clickid=7&owner=1"),
        (clicktimes, f"{CLICKS}clicktimes.jsp?id=7"),
        (webplus, "https://news.example.edu.cn/a?b=/_visitcountdisplay?siteId=264&type=3&articleId=7"),
        (webplus, "https://[::1/_visitcountdisplay?siteId=264&articleId=7"),
        (webplus, "ftp://news.example.edu.cn/_visitcountdisplay?siteId=264&articleId=7"),
    ],
)
def test_a_counter_with_an_odd_address_is_not_asked(make, url):
    assert counters.odd(make("7")) is None
    assert counters.odd(replace(make("7"), url=url))
    assert counters.odd(replace(make("7"), family="other"))


def test_counters_of_two_owners_are_two_groups():
    other = Counter(family="vsb", owner="1", key="7", url=vsb("7").url)
    assert counters.group(vsb("7")) == counters.group(vsb("8")) != counters.group(other)


@pytest.mark.parametrize(
    ("make", "text", "values"),
    [
        (vsb, "12,345", [12, 345]),
        (vsb, " 12,-1\r\n", [12, None]),
        (vsb, "\ufeff0,345", [0, 345]),
        (webplus, '[{"articleId":8,"count":5},{"articleId":7,"count":4}]', [4, 5]),
        (
            clicktimes,
            '[{"wbshowtimes":3,"wbnewsid":7,"randomid":"n"},{"wbshowtimes":9,"wbnewsid":8,"randomid":"n"}]',
            [3, 9],
        ),
    ],
)
def test_a_batch_reply(make, text, values):
    assert counters.answer(counters.batch([make("7"), make("8")]), text) == values


BAD = [
    "",
    "12",
    "12,",
    "12,x",
    "1,2,3",
    "12,3.5",
    "1.2万,3",
    "非法请求",
    "<html><body>404</body></html>",
    "null",
    "[]",
    "{}",
    "[" * 100_000,
    '{"articleId": ' * 900,
    f'[{{"articleId":7,"count":{"9" * 4_301}}},{{"articleId":8,"count":1}}]',
    '[{"articleId":7,"count":1e999},{"articleId":8,"count":1}]',
    "١,٢",
]


@pytest.mark.parametrize("make", [vsb, webplus, clicktimes])
@pytest.mark.parametrize("text", BAD)
def test_a_reply_that_is_not_the_counts_is_refused(make, text):
    with pytest.raises(counters.BadReply):
        counters.answer(counters.batch([make("7"), make("8")]), text)


@pytest.mark.parametrize(
    ("make", "text", "value"),
    [
        (vsb, "4526", 4526),
        (vsb, "-1", None),
        (webplus, "1234", 1234),
        (webplus, "<p>1234</p>", 1234),
        (webplus, "<span>12</span>", 12),
        (webplus, "<p>1,234</p>", 1234),
        (vsb, "12\u00a0345", 12345),
        (vsb, "1'234", 1234),
        (clicktimes, '{"wbshowtimes":"1.234","wbnewsid":7}', 1234),
        (clicktimes, '{"wbshowtimes":1135,"randomid":"n","wbnewsid":7}', 1135),
    ],
)
def test_a_single_reply(make, text, value):
    assert counters.answer(counters.single(make("7")), text) == [value]


@pytest.mark.parametrize("make", [vsb, webplus, clicktimes])
@pytest.mark.parametrize(
    "text",
    ["", "1 23", "12.34", "非法请求", "<html>1</html>", "4526次", '{"wbshowtimes":1,"wbnewsid":8}', "99999999999999"],
)
def test_a_single_reply_that_is_no_count_is_refused(make, text):
    with pytest.raises(counters.BadReply):
        counters.answer(counters.single(make("7")), text)


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=50), st.data())
def test_a_shortened_batch_is_never_taken(values, data):
    keys = [str(number) for number in range(len(values))]
    asked = [vsb(key) for key in keys]
    assert counters.answer(counters.batch(asked), ",".join(map(str, values))) == values
    lost = data.draw(st.integers(0, len(values) - 1))
    rest = values[:lost] + values[lost + 1 :]
    with pytest.raises(counters.BadReply):
        counters.answer(counters.batch(asked), ",".join(map(str, rest)))
    rows = [{"articleId": key, "count": value} for key, value in zip(keys, values, strict=True)]
    assert counters.answer(counters.batch([webplus(key) for key in keys]), json.dumps(rows)) == values
    with pytest.raises(counters.BadReply):
        counters.answer(counters.batch([webplus(key) for key in keys]), json.dumps(rows[:lost] + rows[lost + 1 :]))


@pytest.mark.parametrize(
    ("url", "raises"),
    [
        ("/system/resource/code/datainput.jsp?owner=1&e=1", True),
        ("/system/resource/code/news/click/addclicktimes.jsp?wburlid=1", True),
        ("/_visitcount?siteId=264&type=3&articleId=7", True),
        ("/_visitcount", True),
        ("/_visitcountdisplay?siteId=264&type=3&articleId=7", False),
        ("/system/resource/code/news/click/dynclicks.jsp?clickid=7", False),
        ("/wp-admin/admin-ajax.php?action=tptn_tracker", True),
        ("/module/visitcount/visit.jsp?type=3&i_articleid=7", True),
        ("/module/web/jpage/dataproxy.jsp?page=1", False),
        ("/info/1002/2.htm", False),
        ("/e/public/ViewClick/?classid=2&id=7&addclick=1", True),
        ("/e/public/ViewClick?classid=2&id=7", True),
        ("/js/hits.js?id=7&addclick=1", True),
        ("/plus/count.php?aid=7", True),
        ("/api.php?op=count&id=7", True),
        ("/api.php?id=7&op=count", True),
        ("/api.php?op=list", False),
        ("/count.asp?id=7", True),
        ("/account.asp?id=7", False),
        ("/count.asp.htm", False),
        ("/content_view.jspx?contentId=7", True),
        ("/addHits/7", True),
    ],
)
def test_beacons_are_known(url, raises):
    assert counters.is_beacon("https://news.example.edu.cn" + url) is raises


@pytest.mark.parametrize(
    "url",
    [
        "/system/%61ddclicktimes.jsp?a=1",
        "/system/%2561ddclicktimes%252ejsp",
        "/system/ADDCLICKTIMES.JSP",
        "/system/%u0061ddclicktimes.jsp",
        "/system/addclicktimes.jsp;jsessionid=1?a=1",
        "/%5Fvisitcount?siteId=1",
        "/./_visitcount",
        "/x/..//_visitcount?siteId=1",
        "//_visitcount",
        "/x/%2e%2e/_visitcount",
        "/module%2Fvisitcount/visit.jsp",
        "/module/./visitcount//visit.jsp",
        "/module\\visitcount\\visit.jsp",
        "/plus/x/../count.php",
        "/api.php?%6fp=count",
    ],
)
def test_a_beacon_is_known_in_any_spelling(url):
    assert counters.is_beacon("http://news.example.edu.cn:8080" + url)
