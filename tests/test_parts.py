"""Articles over several pages are one text, and half of one is no edit. All invented."""

from __future__ import annotations

import pytest
from school import TEXT, School, article, listing, news

import newsspider
from newsspider.items import Article, joined

HOST = "http://www.example.edu.cn"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0")


def links(*pairs: tuple[str, str]) -> str:
    return '<div class="pages">' + "".join(f'<a href="{url}">{label}</a>' for label, url in pairs) + "</div>"


def continues(path: str, below: str) -> str | None:
    found = newsspider.read_article(article(1, TEXT, below).encode(), HOST + path).continues
    return found and found.removeprefix(HOST)


@pytest.mark.parametrize(
    ("path", "below", "following"),
    [
        (
            "/n/7.html",
            links(("1", "7.html"), ("2", "7_2.html"), ("3", "7_3.html"), ("下一页", "7_2.html")),
            "/n/7_2.html",
        ),
        (
            "/n/7_2.html",
            links(("上一页", "7.html"), ("1", "7.html"), ("3", "7_3.html"), ("下一页", "7_3.html")),
            "/n/7_3.html",
        ),
        ("/n/7_3.html", links(("上一页", "7_2.html"), ("1", "7.html"), ("2", "7_2.html")), None),
        ("/n/t7.html", links(("2", "t7_1.html"), ("3", "t7_2.html")), "/n/t7_1.html"),
        ("/n/t7_1.html", links(("1", "t7.html"), ("3", "t7_2.html")), "/n/t7_2.html"),
        ("/n/7.html", links(("1", "7.html"), ("2", "7-2.html")), "/n/7-2.html"),
        ("/show.php?id=7", links(("2", "?id=7&page=2"), ("下一页", "?id=7&page=2")), "/show.php?id=7&page=2"),
        ("/show.php?id=7&page=2", links(("1", "?id=7&page=1"), ("3", "?id=7&page=3")), "/show.php?id=7&page=3"),
        ("/2026/03/meeting/", links(("1", "/2026/03/meeting/"), ("2", "/2026/03/meeting/2/")), "/2026/03/meeting/2/"),
        ("/2026/03/meeting/2/", links(("1", "/2026/03/meeting/"), ("3", "/2026/03/meeting/3/")), "/2026/03/meeting/3/"),
        # Not the article's own pages:
        ("/n/7.html", links(("下一篇", "8.html"), ("next", "8.html")), None),
        ("/n/a-1.html", links(("next", "a-2.html"), ("prev", "a-0.html")), None),
        ("/n/2026_7.html", links(("下一页", "2026_8.html")), None),
        ("/n/7.html", links(("2", "/list_2.html"), ("下一页", "/list_2.html")), None),
        ("/n/7.html", '<div class="comments">' + links(("1", "7.html"), ("2", "7_2.html")) + "</div>", None),
        ("/show.php?id=7", links(("2", "?page=2"), ("下一页", "?page=2")), None),
        ("/n/7.html", '<div class="pages"><a href="7_2.html">附图</a></div>', None),
    ],
)
def test_the_next_page_of_a_text(path, below, following):
    assert continues(path, below) == following


def test_pages_that_say_the_same_again_are_no_continuation():
    def said(body: str) -> Article:
        return Article(url=HOST, title="会议", published=None, body=body, images=(body[:1],))

    assert joined(said("甲\n乙"), [said("丙\n乙")]) == said("甲\n乙\n丙\n乙").__class__(
        url=HOST, title="会议", published=None, body="甲\n乙\n丙\n乙", images=("甲", "丙")
    )
    assert joined(said("甲\n乙"), [said("甲\n乙")]) is None
    assert joined(said("甲\n乙"), [said("")]) is None


def test_an_article_of_several_pages_is_one_and_half_of_it_is_no_edit(newsspider, ask):
    down: set[str] = set()

    def serve(target, form):
        if target == "/xw.htm":
            return listing(news(range(3)))
        if target in down:
            return None
        name, _, part = target[6:-5].partition("_")
        number = int(part or 1)
        near = (("1", f"{name}.html"), ("2", f"{name}_2.html"), ("3", f"{name}_3.html"))
        pager = links(*near, *([("下一页", f"{name}_{number + 1}.html")] if number < 3 else []))
        return article(int(name), f"<p>这是会议报道的第{number}部分。</p>{TEXT}", "" if name == "2" else pager)

    with School(serve) as school:
        down.add("/news/1_3.html")
        first = newsspider("crawl", school.url + "/xw.htm", *FAST)
        assert first.returncode == 0, first.stderr
        bodies = dict(ask("SELECT substr(url, -6, 1), body FROM snapshot"))
        assert [bodies["0"].count(f"第{n}部分") for n in (1, 2, 3)] == [1, 1, 1]
        assert [bodies["1"].count(f"第{n}部分") for n in (1, 2, 3)] == [1, 1, 0]
        said = ask("SELECT error FROM capture WHERE url LIKE '%/1.html'")
        assert said[0].startswith("incomplete: page 3 of the text, ")
        assert "incomplete: page 3" in newsspider("show", school.url + "/news/1.html").stdout
        again = ("crawl", school.url + "/xw.htm", *FAST, "--revisit", "all")
        down.clear()
        newsspider(*again, "-s", "CLOCK_OFFSET=90000")
        assert ask("SELECT count(*), (SELECT count(*) FROM edit), (SELECT count(*) FROM revision) FROM snapshot") == [
            (4, 0, 0)
        ]
        down.add("/news/0_2.html")
        newsspider(*again, "-s", "CLOCK_OFFSET=180000")
    assert ask("SELECT count(*), (SELECT count(*) FROM edit), (SELECT count(*) FROM article) FROM snapshot") == [
        (4, 0, 3)
    ]
    assert ask("SELECT outcome FROM capture WHERE url LIKE '%/0.html' ORDER BY id") == ["new", "revisit", "failed"]
    assert ask("SELECT count(*) FROM capture WHERE url LIKE '%/0_3.html'") == [2]
    before = ask("SELECT id, body FROM snapshot ORDER BY id")
    assert newsspider("reparse").returncode == 0
    assert ask("SELECT id, body FROM snapshot ORDER BY id") == before
    assert newsspider("verify").returncode == 0
