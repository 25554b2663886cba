"""Which addresses lead to one page, and which do not."""

import pytest

from newsspider.extract import keys

PAGE = "https://news.example.edu.cn/info/1001/2600.htm"


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example.edu.cn/info/1001/2600.htm",
        "http://news.example.edu.cn:80/info/1001/2600.htm",
        "https://NEWS.example.edu.cn:443//info//1001/2600.htm",
        "https://www.news.example.edu.cn/info/1001/2600.htm",
        PAGE + ";jsessionid=0A1B2C",
        PAGE + "?PHPSESSID=abc123",
        PAGE + "?sid=8f14e45fceea167a5a36dedd4bea2543",
        PAGE + "?utm_source=weixin&utm_medium=social",
        PAGE + "?from=singlemessage&isappinstalled=0",
        PAGE + "?spm=a.b.c&fbclid=x",
        PAGE + "?t=1732780000",
        PAGE + "?_=0.8123",
        "https://news.example.edu.cn/(S(lit3py55t21z5v55vlm25s55))/info/1001/2600.htm",
    ],
)
def test_one_page_under_other_addresses(other):
    assert keys.of(other) == keys.of(PAGE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.edu.cn/view?id=1", "https://a.edu.cn/view?id=2"),
        ("https://a.edu.cn/view.jsp?from=list", "https://a.edu.cn/view.jsp?from=home"),
        ("https://a.edu.cn/view.jsp?from=12", "https://a.edu.cn/view.jsp"),
        ("https://a.edu.cn/view.jsp?sid=1201", "https://a.edu.cn/view.jsp?sid=1202"),
        ("https://a.edu.cn/1.htm?sid=1201", "https://a.edu.cn/1.htm?sid=1202"),
        (
            "https://a.edu.cn/view.jsp?sid=8f14e45fceea167a5a36dedd4bea2543",
            "https://a.edu.cn/view.jsp?sid=c9f0f895fb98ab9159f51fd0297e236d",
        ),
        ("https://a.edu.cn/view.jsp?t=1732780000", "https://a.edu.cn/view.jsp?t=1732780001"),
        ("https://a.edu.cn/2.htm?t=5", "https://a.edu.cn/2.htm?t=6"),
        ("https://a.edu.cn/News/1.htm", "https://a.edu.cn/news/1.htm"),
        ("https://a.edu.cn:8080/1.htm", "https://a.edu.cn/1.htm"),
        ("https://a.edu.cn/1.htm", "https://b.edu.cn/1.htm"),
        ("https://news.a.edu.cn/1.htm", "https://a.edu.cn/1.htm"),
        ("https://a.edu.cn/app#/news/1", "https://a.edu.cn/app#/news/2"),
        ("https://a.edu.cn/a%2Fb.htm", "https://a.edu.cn/a/b.htm"),
        ("http://[broken", "http://[broken2"),
    ],
)
def test_two_pages(one, other):
    assert keys.of(one) != keys.of(other)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://news.a.edu.cn/1.htm", "a.edu.cn"),
        ("http://127.0.0.1:8080/1.htm", "127.0.0.1:8080"),
        ("https://www.b.ac.uk/", "b.ac.uk"),
    ],
)
def test_the_organisation_of_an_address(url, expected):
    assert keys.organisation(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.edu.cn/", False),
        ("https://a.edu.cn/news/index.html", False),
        ("https://a.edu.cn/news/", False),
        ("https://a.edu.cn/index.php?id=12", True),
        ("https://a.edu.cn/news/1.html", True),
    ],
)
def test_the_home_page_of_a_folder_is_no_article(url, expected):
    assert keys.is_article(url) is expected
