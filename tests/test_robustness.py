"""Whatever the bytes, a page gives a record or a PageError, and a larger page takes longer only in proportion."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsspider import PageError, read_article, read_listing

PAGES = [path.read_bytes() for path in sorted((Path(__file__).parent / "pages").glob("*/article-*.html"))]
URL = "https://news.example.edu.cn/info/1001/2002.htm"
LINEAR = 9  # times, for four times the size; a square grows by 16


def read(payload: bytes, url: str = URL) -> None:
    try:
        article = read_article(payload, url)
    except PageError:
        return
    assert article.title
    assert article.published is None or article.published[4] == "-"


def growth(page: Callable[[int], str], size: int, reader: Callable[..., object]) -> float:
    """How many times the processor time of reading a page a page of four times its size takes; 4: linear, 16: square.

    Measured again where it looks like too many, so that other work on the machine does not count; what takes no time at all is not
    measured.
    """

    def cost(size: int) -> float:
        payload, start = page(size).encode(), time.process_time()
        with suppress(PageError):
            reader(payload, URL)
        return max(time.process_time() - start, 0.005)

    cost(size // 4)  # what is loaded at the first call
    small, large = cost(size // 4), cost(size)
    for _ in range(3):
        if large / small < LINEAR:
            break
        small, large = min(small, cost(size // 4)), min(large, cost(size))
    return large / small


@given(st.binary(max_size=2000))
def test_any_bytes(payload: bytes) -> None:
    read(payload)


@given(st.text(max_size=500), st.sampled_from(PAGES), st.integers(0, 5000))
def test_any_text_anywhere(text: str, page: bytes, at: int) -> None:
    read(page[:at] + text.encode("utf-8", "surrogatepass") + page[at:])


@given(st.sampled_from(PAGES), st.sampled_from(PAGES), st.integers(0, 5000), st.integers(0, 5000))
@settings(max_examples=60)
def test_truncated_and_spliced(page: bytes, other: bytes, cut: int, at: int) -> None:
    read(page[:cut])
    read(page[:cut] + other[at:])


@given(st.sampled_from(PAGES), st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), max_size=50))
@settings(max_examples=60)
def test_flipped_bytes(page: bytes, flips: list[tuple[int, int]]) -> None:
    damaged = bytearray(page)
    for at, value in flips:
        damaged[at % len(damaged)] = value
    read(bytes(damaged))


@pytest.mark.parametrize("tag", ["div", "p", "span", "a", "table><tr><td", "font", "ul><li"])
def test_nested_5000_deep(tag: str) -> None:
    read(f"<h1>题目</h1><{tag}>".encode() * 5000 + "<p>正文，一段话。</p>".encode())
    page = lambda size: f"<h1>题目</h1><{tag}>" * size + "<p>正文，一段话。</p>"  # noqa: E731
    assert growth(page, 5000, read_article) < LINEAR


def test_nested_5000_deep_in_rows_that_a_script_draws() -> None:
    rows = (
        "<record><![CDATA[" + "<div>" * 5000 + "<a href=/art/2026/3/1/art_1_2.html>放假通知</a>2026-03-01]]></record>"
    )
    with pytest.raises(PageError, match="nested more than"):
        read_listing(f"<script type=text/xml><datastore>{rows}</datastore></script>".encode(), URL)


@pytest.mark.parametrize(
    "url", ["", "x", "http://[::1", "https://例子.中国/新闻/1.html", "javascript:void(0)", "http://a.cn:99999/"]
)
def test_any_address(url: str) -> None:
    for page in PAGES:
        read(page, url)


@pytest.mark.parametrize(
    "href",
    ["http://[", "//[::1", "http://a b/c.pdf", "ftp://x/y.pdf", "\x00.pdf", "http://\ud800.pdf", "&#x110000;.doc"],
)
def test_any_link(href: str) -> None:
    page = f'<h1>题目</h1><p>2026-03-01</p><div class="wp_articlecontent"><p>文。</p><a href="{href}">f</a><img src="{href}"></div>'
    read(page.encode("utf-8", "surrogatepass"))


def test_nuls() -> None:
    for page in PAGES:
        read(page[:200] + b"\0" * 1000 + page[200:])


def test_a_page_too_large_is_refused() -> None:
    with pytest.raises(PageError, match="unreadable"):
        read_article(PAGES[0] * (20_000_000 // len(PAGES[0])), URL)


def test_a_page_of_too_many_elements_is_refused() -> None:
    for read in (read_article, read_listing):
        with pytest.raises(PageError, match=r"100,0\d\d elements, more than"):
            read(b"<h1>\xe9\xa2\x98\xe7\x9b\xae</h1>" + b"<p>x</p>" * 100_000, URL)
    with pytest.raises(PageError, match="5,000 links, more than"):
        read_listing(b"<ul>" + b"<li><a href=/a.htm>news</a>2026-03-01</li>" * 5000 + b"</ul>", URL)


@pytest.mark.parametrize("reader", [read_article, read_listing])
@pytest.mark.parametrize(
    ("page", "size"),
    [
        pytest.param(
            lambda n: "<h1>放假通知</h1>" + "".join(f"<p>2024-03-01 来源：新闻网{i}</p>" for i in range(n)),
            10_000,
            id="date lines",
        ),
        pytest.param(
            lambda n: "<!DOCTYPE html>" + "<!--[if IE 7]><html><![endif]-->\n" * n + "<h1>News</h1>", 40, id="comments"
        ),
        pytest.param(
            lambda n: "<table><tr>" + "<td><a href=/info/1001/1.htm>学院召开会议研究工作</a></td>" * n, 2500, id="cells"
        ),
        pytest.param(
            lambda n: (
                "<form>" + "<input name=a>" * n + "".join(f"<a href='javascript:go({i})'>{i}</a>" for i in range(n))
            ),
            1000,
            id="numbers",
        ),
        pytest.param(
            lambda n: "<ul><li><h3><a href=/1.htm>学院召开会议研究工作</a></h3>2026-03-01 " + "scholar fund " * n,
            50_000,
            id="a long text",
        ),
        pytest.param(
            lambda n: (
                "<h1>放假通知</h1><div class=v_news_content>"
                + "<p>相关新闻" * n
                + ("<p>" + "学校放假，一共三天。" * 20) * 200
            ),
            25_000,
            id="boxes of related news",
        ),
        pytest.param(
            lambda n: "<title>放假通知</title><h1>放假通知</h1><p>" + "学校放假，一共三天。" * 20 + "<p>文，字。" * n,
            20_000,
            id="blocks beside a title",
        ),
    ],
)
def test_four_times_of_anything_takes_about_four_times_as_long(
    page: Callable[[int], str], size: int, reader: Callable[..., object]
) -> None:
    assert growth(page, size, reader) < LINEAR
