from __future__ import annotations

import base64
import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from browser import PROGRAM, Browser
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from newsspider import report
from newsspider.archive import Archive
from newsspider.archive.writing import Writer
from newsspider.demo import Campus
from newsspider.demo.world import CORRECTION
from newsspider.items import (
    Article,
    ArticleItem,
    Capture,
    CountsItem,
    ListingItem,
    ListingPage,
    Site,
    ViewObservation,
    instant,
)
from newsspider.report import bars, coverage, curve, reprints, ticks

NOW = datetime(2026, 3, 20, tzinfo=UTC)
BEGIN = datetime(2026, 3, 1, 4, tzinfo=UTC)
HOSTILE = """<script>hit=1</script>"><img src=x onerror=hit=1>' & ]]> {{ 7*7 }} 招生"""
SITES = (Site(name="news", title="示例大学新闻网", homepage="javascript:hit=1"), Site(name="hostile", title=HOSTILE))


def url(site: str, number: int) -> str:
    return f"http://{site}.test/info/1001/{number}.htm"


def look(site: str, number: int, at: datetime, body: str | None, title: str = "") -> ArticleItem:
    """``body`` None: the page is gone."""
    address = url(site, number)
    if body is None:
        capture = Capture(url=address, captured_at=instant(at), status=404, error=f"404 {HOSTILE}")
        return ArticleItem(site=site, capture=capture, gone=True)
    capture = Capture(url=address, captured_at=instant(at), status=200, payload=body.encode())
    title = title or f"第{number}号通知"
    found = Article(url=address, native_id=f"{site}:{number}", title=title, published="2026-03-01T12:00", body=body)
    return ArticleItem(site=site, capture=capture, article=found)


def count(site: str, number: int, at: datetime, views: int, step: int | None = None) -> CountsItem:
    one = ViewObservation(
        site=site, observed_at=instant(at), views=views, step=step, method="counter", native_id=f"{site}:{number}"
    )
    return CountsItem(site=site, observations=(one,))


def printed(number: int, views: int) -> tuple[int, int | None]:
    """A count as it is printed for an article, with its step."""
    if number == 3 and views > 9999:
        return 9999, 0
    return (views // 1000 * 1000, 1000) if number == 4 and views >= 10_000 else (views, None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def archive(folder: Path) -> Iterator[Archive]:
    """Synthetic: two sites, three days without a look, an edit, a withdrawal, a reset, a site full of markup.

    The counts of articles 3 and 4 end as 9999+ and in thousands.
    """
    with Archive(folder / "archive.db", write=True) as archive:
        for site in SITES:
            writer = Writer(archive, "0.1.0")
            writer.start("crawl", [site], instant(BEGIN), {})
            title = HOSTILE if site.name == "hostile" else ""
            for number in range(1, 6):
                writer.write([look(site.name, number, BEGIN, f"共100人参加。\n{title or '第二段'}", title)])
            for hour in range(0, 18 * 24, 5):
                at = BEGIN + timedelta(hours=hour, minutes=1)
                if not 5 <= hour / 24 < 8:
                    views = [hour * number * 10 for number in range(1, 6)]
                    views[4] = views[4] if hour < 240 else 7 + hour
                    writer.write([count(site.name, n, at, *printed(n, views[n - 1])) for n in range(1, 6)])
            later = BEGIN + timedelta(days=9)
            writer.write([look(site.name, 1, later, f"共120人参加。\n{title or '第二段'}", title)])
            writer.write([look(site.name, 2, later, None)])
            listing = ListingItem(
                site=site.name,
                listing=url(site.name, 0),
                capture=Capture(url=url(site.name, 0), captured_at=instant(later), status=200),
                page=ListingPage(entries=()),
                last=True,
            )
            writer.write([listing])
            writer.finish(instant(later), "finished", 9, 9)
        yield archive


@pytest.fixture(scope="module")
def pages(archive: Archive, folder: Path) -> Path:
    report.write(archive, folder / "report", NOW, days=7)
    return folder / "report"


def read(page: Path) -> Selector:
    return Selector(page.read_text(encoding="utf-8"))


def numbers(row: Selector) -> list[int | None]:
    texts = [
        "".join(cell.css("::text").getall()).replace(",", "").replace("−", "-").lstrip("≈≥")
        for cell in row.css("td.num[data-value]")
    ]
    return [None if text in ("–", "?") else int(text) for text in texts]


def numbers_of(row: Selector) -> list[str]:
    return ["".join(cell.css("::text").getall()) for cell in row.css("td.num")]


def plain(text: str) -> str:
    return " ".join(text.split())


def test_a_report_of_the_campus_says_what_the_archive_holds(
    campus: Campus,
    crawl: Callable[..., Any],
    newsspider: Callable[..., Any],
    ask: Callable[..., list[Any]],
    tmp_path: Path,
) -> None:
    crawl(*campus.urls.values())
    changes = campus.pass_time(30)
    crawl(*campus.urls.values())
    made = newsspider("report", "--out", "pages")
    assert made.returncode == 0, made.stderr
    page = read(tmp_path / "pages/index.html")
    totals = {
        one.attrib["data-total"]: int(one.css("::text").get("").replace(",", "")) for one in page.css("[data-total]")
    }
    [held] = ask(
        "SELECT (SELECT count(*) FROM site), (SELECT count(*) FROM article), (SELECT count(*) FROM snapshot),"
        " (SELECT count(*) FROM view_observation), (SELECT sum(views) FROM article)"
    )
    assert [totals[name] for name in ("sites", "articles", "versions", "readings", "views")] == list(held)
    growth = dict(
        ask(
            "SELECT article_id, max(views) - min(views) FROM view_observation GROUP BY 1 HAVING max(views) > min(views)"
        )
    )
    assert totals["growth"] == sum(growth.values())
    for row in page.css("#sites tr[data-site]"):
        [expected] = ask(
            "SELECT count(*), (SELECT count(*) FROM snapshot s JOIN article b ON b.id = s.article_id WHERE b.site = a.site),"
            " count(gone_since), count(views), (SELECT count(*) FROM view_observation o JOIN article b ON b.id = o.article_id"
            " WHERE b.site = a.site), sum(views) FROM article a WHERE site = ? GROUP BY site",
            row.attrib["data-site"],
        )
        assert numbers(row)[:6] == list(expected)
    rows = page.css("#growth tr[data-article]")
    assert [(int(row.attrib["data-article"]), numbers(row)[0]) for row in rows] == sorted(
        growth.items(), key=lambda pair: (-pair[1], pair[0])
    )[:20]
    edit = page.css("#edits details")[0]
    assert edit.css(".title::text").get() == changes.edited.title
    assert CORRECTION in "".join(edit.css("ins::text").getall())
    assert page.css("#withdrawn tr[data-article] a::text").getall() == [changes.withdrawn.title]
    assert page.css("#coverage rect:not(.level-1):not(.level0) title").getall()


def test_growth_is_what_was_read_in_the_window(archive: Archive, pages: Path) -> None:
    """The archive ends at hour 430; 7 days before is hour 262, and the last reading by then that of hour 260."""
    found = {
        row.attrib["data-article"]: numbers(row)[0]
        for row in read(pages / "index.html").css("#growth tr[data-article]")
    }
    by_number = {1: 1700, 2: 3400, 3: 9999 - 7800, 4: 17_000 - 10_000, 5: 170}  # as printed: 3 is capped, 4 rounded
    names = archive.rows("SELECT id, native_id FROM article")
    assert found == {str(row["id"]): by_number[int(row["native_id"][-1])] for row in names}


def test_a_curve_breaks_where_the_count_was_reset(archive: Archive, pages: Path) -> None:
    [row] = archive.rows("SELECT id FROM article WHERE native_id = 'news:5'")
    page = read(pages / f"article-{row['id']}.html")
    assert len(page.css(".plot path.line")) == 2
    assert plain("".join(page.css(".marks .reset ::text").getall())) == "1 重置reset 2026-03-11 12:01 11,750 → 247"


def test_days_without_a_look_are_gaps(pages: Path) -> None:
    text = plain("".join(read(pages / "index.html").css(".gaps span ::text").getall()))
    assert "2026-03-07 – 2026-03-08 (2 天d)" in text


def test_an_edit_is_shown_character_by_character(pages: Path) -> None:
    [edit] = [one for one in read(pages / "index.html").css("#edits details") if "第1号通知" in one.get()]
    assert edit.css("dd.body del::text").getall() == ["100"]
    assert edit.css("dd.body ins::text").getall() == ["120"]


def test_what_sites_say_is_text(pages: Path) -> None:
    for path in pages.glob("*.html"):
        page = read(path)
        assert len(page.css("script:not([type])")) == 1
        assert len(page.css("script")) == (2 if path.name == "articles.html" else 1)
        assert not page.css("img, iframe, object, embed, link, form, base, [style], [src]")
        assert not page.xpath("//@*[starts-with(name(), 'on')]")
        assert all(
            href.startswith(("http://", "https://", "#")) or (pages / href.partition("#")[0]).is_file()
            for href in page.css("::attr(href)").getall()
        )
    index = read(pages / "index.html")
    assert HOSTILE in index.css("#edits .title::text").getall()
    assert HOSTILE in "".join(index.css("#sites th a::text").getall())
    assert any(HOSTILE in text for text in index.css("#health .error::text").getall()) or any(
        HOSTILE in text for text in index.css("#withdrawn td::text").getall()
    )


def test_the_policy_allows_the_page_s_own_script_and_style_alone(pages: Path) -> None:
    page = read(pages / "index.html")

    def digest(name: str) -> str:
        text = page.css(f"{name}::text").get("")
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    policy = page.css("meta[http-equiv=Content-Security-Policy]::attr(content)").get()
    assert policy == (
        f"default-src 'none'; style-src {digest('style')}; script-src {digest('script')}; base-uri 'none'; form-action 'none'"
    )


def test_what_is_shown_can_be_had_as_csv(archive: Archive, pages: Path) -> None:
    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader((pages / name).read_text(encoding="utf-8-sig").splitlines()))

    [row] = archive.rows("SELECT id, (SELECT count(*) FROM view_observation WHERE article_id = article.id) AS readings"
                         " FROM article WHERE native_id = 'news:5'")  # fmt: skip
    readings = rows(f"article-{row['id']}.csv")
    assert len(readings) == row["readings"]
    assert readings[0] == {"observed_at": "2026-03-01T04:01:00Z", "views": "0", "step": "", "epoch": "0"}
    assert [(one["field"], one["gone"], one["new"]) for one in rows("edits.csv")] == [("body", "100", "120")] * 2
    assert {one["site"]: one["articles"] for one in rows("sites.csv")} == {"news": "5", "hostile": "5"}
    assert len(rows("growth.csv")) == 10
    assert [one["readings"] for one in rows("coverage.csv")][6:8] == ["0", "0"]


def test_the_page_of_an_article_has_its_text_and_its_versions(archive: Archive, pages: Path) -> None:
    page = read(pages / "article-1.html")
    assert page.css("#text p::text").getall() == ["共120人参加。", "第二段"]
    assert [plain("".join(one.css("summary b ::text").getall())) for one in page.css("#versions > details")] == [
        "第 2 版Version 2",
        "第 1 版Version 1",
    ]
    assert page.css("#versions details.whole p::text").getall() == ["共100人参加。", "第二段"]


def test_readings_that_found_the_same_are_said_once(pages: Path) -> None:
    rows = [numbers_of(row) for row in read(pages / "article-3.html").css("table.readings tbody tr")]
    assert rows[0] == ["≥9,999", "20"]
    assert all(times == "1" for _, times in rows[1:])


def test_an_edit_of_which_the_page_says_nothing_is_called_silent(pages: Path) -> None:
    [edit] = [one for one in read(pages / "index.html").css("#edits details.silent") if "第1号通知" in one.get()]
    told = plain("".join(edit.css(".told .en::text, .told::text").getall()))
    assert "Neither the date, a date of change nor Last-Modified says so." in told
    assert "0 days or more after publication, after 2,150 views" in told
    assert "100" in told


def test_the_page_of_a_site_says_what_it_is_like(archive: Archive, pages: Path) -> None:
    page = read(pages / "site-news.html")
    assert page.css("#months .bars rect title::text").getall() == ["2026-03: 5"]
    assert sum(int(number) for number in page.css(".weekdays td.num::text").getall()) == 5
    assert page.css("svg.hours title::text").getall() == ["Su 12:00–12:59: 5"]
    steps = dict(one.rsplit(": ", 1) for one in page.css("#views .bars title::text").getall())
    views = [row[0] for row in archive.rows("SELECT views FROM article WHERE site = 'news'")]
    assert sum(map(int, steps.values())) == len(views)
    assert int(steps["200–499"]) == sum(200 <= count < 500 for count in views)
    assert plain("".join(page.css("#polls tbody tr:last-child ::text").getall())) == "首月first month2405 小时5 h"


def test_every_article_is_in_the_list_page_by_page(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsspider.report.html.ROWS", 4)
    report.write(archive, tmp_path, NOW, pages=0, most=1)
    for stem, column in (
        ("articles", "published DESC, id DESC"),
        ("articles-by-views", "views DESC, published DESC, id DESC"),
    ):
        found, name = [], f"{stem}.html"
        while name:
            page = read(tmp_path / name)
            found += [row.xpath("string(*[1])").get("") for row in page.css("table.all tbody th")]
            name = page.css("a[rel=next]::attr(href)").get("")
        assert found == [row[0] for row in archive.rows(f"SELECT title FROM article ORDER BY {column}")]
    held = json.loads(read(tmp_path / "articles.html").css("#rows::text").get(""))
    assert [row[2] for row in held["rows"]].count(HOSTILE) == 5
    assert {row[0] for row in held["rows"]} >= {0}, "an article without a page leads to its site"


def test_arrows_lead_from_the_first_to_who_reprints_it() -> None:
    rows = [
        {"first_site": "a", "site": "b", "articles": 9, "days": 1.0},
        {"first_site": "b", "site": "a", "articles": 1, "days": None},
        *({"first_site": "a", "site": f"c{n}", "articles": 2, "days": 0.5} for n in range(30)),
    ]
    graph = reprints.draw(rows, {"a": "甲大学新闻网与信息中心"})
    assert graph is not None
    assert (graph.arrows[0].first, graph.arrows[0].later) == ("a", "b")
    assert graph.arrows[0].width > graph.arrows[1].width
    assert graph.arrows[0].path != graph.arrows[1].path
    assert (len(graph.nodes), graph.left_out, graph.nodes[0].name) == (24, 8, "甲大学新闻网与信息…")
    assert all(0 <= place <= reprints.SIDE for node in graph.nodes for place in (node.x, node.y))
    assert reprints.draw([], {}) is None


def test_sites_are_compared_on_one_scale() -> None:
    scale = bars.Scale.around([0, 30, 4000])
    assert [value for _, value in scale.ticks] == [10, 100, 1000, 10_000]
    assert [round(scale.place(value)) for value in (0, 10, 100, 1000, 99_999)] == [0, 0, 33, 67, 100]


def test_months_without_an_article_have_their_place() -> None:
    chart = bars.by_time([("2025-11", 3), ("2026-02", 1)])
    assert chart is not None
    assert [(bar.label, bar.value) for bar in chart.bars] == [
        ("2025-11", 3),
        ("2025-12", 0),
        ("2026-01", 0),
        ("2026-02", 1),
    ]
    long = bars.by_time([("1998-01", 2), ("2026-02", 1)])
    assert long is not None
    assert (long.bars[0].label, long.bars[-1].label, len(long.bars)) == ("1998", "2026", 29)


def test_the_same_archive_gives_the_same_pages(archive: Archive, pages: Path, tmp_path: Path) -> None:
    report.write(archive, tmp_path, NOW, days=7)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in pages.iterdir()
    }


def test_lists_are_as_long_as_asked_and_a_chosen_article_has_a_page(archive: Archive, tmp_path: Path) -> None:
    [row] = archive.rows("SELECT id FROM article WHERE native_id = 'hostile:4'")
    written = report.write(archive, tmp_path, NOW, most=1, chosen=[row["id"]])
    assert len(read(written[0]).css("#growth tr[data-article]")) == 1
    assert tmp_path / f"article-{row['id']}.html" in written


def test_a_report_of_one_site_tells_of_no_other(archive: Archive, tmp_path: Path) -> None:
    written = report.write(archive, tmp_path, NOW, days=7, only="news")
    index = read(written[0])
    assert index.css("#sites tr[data-site]::attr(data-site)").getall() == ["news"]
    [(articles, views)] = archive.rows("SELECT count(*), sum(views) FROM article WHERE site = 'news'")
    shown = {one.attrib["data-total"]: one.css("::text").get() for one in index.css("[data-total]")}
    assert (shown["articles"], shown["views"]) == (str(articles), f"{views:,}")
    assert not any("hostile" in path.read_text(encoding="utf-8") for path in written)


def test_an_archive_without_a_look_says_what_to_do(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive.db", write=True) as empty:
        [page] = report.write(empty, tmp_path / "report", NOW)
    assert "newsspider crawl" in "".join(read(page).css("code::text").getall())


def test_lists_without_an_article_say_what_to_do(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive.db", write=True) as young:
        writer = Writer(young, "0.1.0")
        writer.start("crawl", SITES[:1], instant(BEGIN), {})
        writer.write([look("news", 1, BEGIN, "正文"), count("news", 1, BEGIN, 5)])
        [page, *_] = report.write(young, tmp_path / "report", NOW)
        own = tmp_path / "report/article-1.html"
    assert len(read(page).css(".nothing")) == 3
    assert "newsspider poll" in read(own).css(".nothing code::text").getall()


# In a browser

chromium = pytest.mark.skipif(PROGRAM is None, reason="Chromium is not installed (Debian: apt-get install chromium)")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


FRONT = ("index.html", "articles.html", "site-hostile.html")


@chromium
@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_pages_open_without_error_overflow_or_request(browser: Browser, pages: Path, width: int, script: bool) -> None:
    for page in (*(pages / name for name in FRONT), *sorted(pages.glob("article-*.html"))[:1]):
        browser.open(page, width=width, dark=width == 390, script=script)
        assert browser.requests == [page.resolve().as_uri()]
        assert browser.errors == []
        assert browser.ask("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        drawn = "document.querySelector('.plot path.line, .bars rect, table.all td').getBoundingClientRect().width > 10"
        assert browser.ask(drawn)
        assert browser.ask("typeof hit") == "undefined"


@chromium
def test_the_page_may_ask_nothing_of_the_network(browser: Browser, pages: Path) -> None:
    browser.open(pages / "index.html", width=1280)
    browser.ask("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/beacon.png'}))")
    assert browser.wait("Network.loadingFailed")["blockedReason"] == "csp"


SHOWN = "[...document.querySelectorAll('.panel h3 a')].filter(one => one.checkVisibility()).map(one => one.getAttribute('href'))"


@chromium
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_click_on_a_title_shows_its_curve(browser: Browser, pages: Path, script: bool) -> None:
    browser.open(pages / "index.html", width=1280, script=script)
    for number in (1, 3):
        browser.click(f"label[for=curve-{number}]")
        row = browser.ask(f"document.querySelector('label[for=curve-{number}]').closest('tr').dataset.article")
        assert browser.ask(SHOWN) == [f"article-{row}.html"]


@chromium
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_the_language_is_switched(browser: Browser, pages: Path, script: bool) -> None:
    browser.open(pages / "index.html", width=1280, script=script)
    headings = "[...document.querySelectorAll('h2')].map(one => one.innerText)"
    browser.click("label:has(#language-en)")
    assert "Health of the sites" in browser.ask(headings)
    browser.click("label:has(#language-zh)")
    assert "各站运行状况" in browser.ask(headings)
    browser.click("label:has(#language-both)")
    assert "各站运行状况Health of the sites" in browser.ask(headings)


@chromium
def test_the_language_is_remembered(browser: Browser, pages: Path) -> None:
    browser.open(pages / "index.html", width=1280)
    browser.click("label:has(#language-en)")
    browser.open(pages / "index.html", width=1280)
    assert browser.ask("document.querySelector('input[name=language]:checked').value") == "en"


@chromium
def test_tables_are_sorted_by_number(browser: Browser, pages: Path) -> None:
    browser.open(pages / "index.html", width=1280)
    column = "[...document.querySelectorAll('.picks tbody tr')].map(row => Number(row.cells[1].dataset.value))"
    found = browser.ask(column)
    browser.click(".picks th:nth-child(2) button")  # the first click puts the greatest first
    browser.click(".picks th:nth-child(2) button")
    assert browser.ask(column) == sorted(found)


@chromium
def test_the_list_is_searched_without_a_server(browser: Browser, pages: Path) -> None:
    browser.open(pages / "articles.html", width=1280)
    shown = "[...document.querySelectorAll('table.all tbody th > :first-child')].map(one => one.textContent)"
    assert len(browser.ask(shown)) == 10
    typed = "(i => (i.value = {!r}, i.dispatchEvent(new Event('input'))))(document.querySelector('.filter input'))"
    browser.ask(typed.format("３号 通知"))
    assert browser.ask(shown) == ["第3号通知"]
    browser.ask(typed.format("onerror"))
    assert browser.ask(shown) == [HOSTILE] * 5
    browser.click("th[data-sort=views] button")
    counts = (
        "[...document.querySelectorAll('table.all td.num')].map(one => Number(one.textContent.replace(/[^0-9]/g, '')))"
    )
    assert browser.ask(counts) == sorted(browser.ask(counts), reverse=True)
    assert browser.ask("typeof hit") == "undefined"


@chromium
def test_the_pointer_shows_the_nearest_reading(browser: Browser, pages: Path) -> None:
    browser.open(pages / "index.html", width=1280)
    plot = browser.ask(
        "(p => (p.scrollIntoView(), p.getBoundingClientRect().toJSON()))(document.querySelector('.plot'))"
    )
    browser.move(plot["x"] + plot["width"] - 1, plot["y"] + 20)
    points = json.loads(browser.ask("document.querySelector('.plot').dataset.points"))
    time, views, sign = points[-1][2:]
    tip = browser.ask("document.querySelector('.tip').innerText")
    assert tip.startswith(f"{sign}{views:,} (+")
    assert tip.endswith(time)


def test_the_arrow_keys_go_from_reading_to_reading(browser: Browser, pages: Path) -> None:
    browser.open(pages / "index.html", width=1280)
    points = json.loads(browser.ask("document.querySelector('.plot').dataset.points"))
    browser.ask("document.querySelector('.plot').focus()")
    for key, number in (("ArrowRight", 0), ("ArrowRight", 1), ("End", -1), ("ArrowLeft", -2), ("Home", 0)):
        browser.ask(
            f"document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))"
        )
        assert browser.ask("document.querySelector('.tip').innerText").endswith(points[number][2]), key
    browser.ask("document.activeElement.blur()")
    assert browser.ask("document.querySelector('.tip').hidden")


def test_counts_are_shown_as_exactly_as_they_were_printed(pages: Path) -> None:
    rounded, capped = (read(pages / f"article-{number}.html") for number in (4, 3))
    assert rounded.css("dd[data-views]::text").get("").strip() == "≈17,000"
    assert capped.css("dd[data-views]::text").get("").strip() == "≥9,999"
    assert [mark.attrib["class"] for mark in (*rounded.css(".marks li"), *capped.css(".marks li"))] == [
        "rounded",
        "capped",
    ]
    assert "≈17,000" in rounded.css("table.readings").get("")
    assert "≥9,999" in capped.css("table.readings").get("")
    [box] = rounded.css("path.box::attr(d)").getall()
    assert box.count("M") > 10, "also where two readings are alike, the count is not known"


def test_a_count_that_comes_back_is_marked(folder: Path) -> None:
    with Archive(folder / "away.db", write=True) as archive:
        writer = Writer(archive, "0.1.0")
        writer.start("crawl", [SITES[0]], instant(BEGIN), {})
        writer.write([look("news", 1, BEGIN, "正文。")])
        for hour, views in enumerate((4500, 4526, 0, 4530)):
            writer.write([count("news", 1, BEGIN + timedelta(hours=hour), views)])
        writer.finish(instant(BEGIN), "finished", 1, 1)
        report.write(archive, folder / "away", NOW, chosen=[1])
    page = read(folder / "away/article-1.html")
    assert [mark.attrib["class"] for mark in page.css(".marks li")] == ["reset", "restored"]
    assert len(page.css("path.line")) == 3
    index = read(folder / "away/index.html")
    assert numbers(index.css("[data-article]")[0])[0] == 30


# What is drawn

READINGS = st.lists(
    st.tuples(st.integers(0, 10**7), st.integers(0, 10**6)), min_size=2, max_size=80, unique_by=lambda pair: pair[0]
).map(
    lambda pairs: [
        curve.Reading(at, views, 0) for (at, _), views in zip(sorted(pairs), sorted(v for _, v in pairs), strict=True)
    ]
)


@given(readings=READINGS, most=st.integers(2, 20))
def test_thinned_readings_keep_the_bounds_true(readings: list[curve.Reading], most: int) -> None:
    kept = curve.thinned(readings, most)
    assert len(kept) <= max(most, 2) + 2
    assert (kept[0], kept[-1]) == (readings[0], readings[-1])
    for one in readings:
        before = max(other for other in kept if other.at <= one.at)
        after = min(other for other in kept if other.at >= one.at)
        assert before.views <= one.views <= after.views


@given(readings=READINGS)
def test_a_curve_stays_within_its_plot(readings: list[curve.Reading]) -> None:
    drawn = curve.draw(readings, [], UTC)
    assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y, *_ in drawn.points)
    assert all(0 <= place <= 100 for place, _ in (*drawn.x_ticks, *drawn.y_ticks))
    assert 2 <= len(drawn.y_ticks) <= 8


@given(
    start=st.integers(0, 2 * 10**9),
    seconds=st.integers(3600, 10**9),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin"]),
)
def test_times_on_an_axis_are_round_and_few(start: int, seconds: int, zone: str) -> None:
    found = ticks.instants(start, start + seconds, ZoneInfo(zone))
    assert len(found) <= 6
    assert all(start <= at <= start + seconds for at, _ in found)
    assert [at for at, _ in found] == sorted({at for at, _ in found})
    assert all(datetime.fromtimestamp(at, ZoneInfo(zone)).minute == 0 for at, _ in found)


def test_an_axis_that_does_not_start_at_zero_says_so(tmp_path: Path) -> None:
    with Archive(tmp_path / "high.db", write=True) as archive:
        writer = Writer(archive, "0.1.0")
        writer.start("crawl", [SITES[0]], instant(BEGIN), {})
        writer.write([look("news", 1, BEGIN, "正文。"), look("news", 2, BEGIN, "正文。")])
        for days, views in enumerate((4520, 4560, 4580), 3):
            writer.write([count("news", 1, BEGIN + timedelta(days=days), views)])
            writer.write([count("news", 2, BEGIN + timedelta(days=days), views - 4500)])
        writer.finish(instant(BEGIN), "finished", 1, 1)
        report.write(archive, tmp_path, NOW)
    high, low = (read(tmp_path / f"article-{number}.html") for number in (1, 2))
    assert "the y-axis starts at 4,520, not at 0" in high.css("figcaption .from .en::text").getall()
    assert not low.css("figcaption .from")


def test_days_before_the_first_look_are_told_from_those_without_one() -> None:
    days = coverage.span(date(2026, 3, 4))
    looked = {day: coverage.Day(day, readings=1) for day in (date(2026, 2, 2), date(2026, 2, 5))}
    young = coverage.calendar(looked, days, date(2026, 2, 2))
    levels = {cell.day.day: cell.level for cell in young.cells}
    assert [levels[date(2026, 2, day)] for day in (1, 3)] == [coverage.NOT_BEGUN, 0]
    assert young.gaps == [
        coverage.Gap(date(2026, 2, 6), date(2026, 3, 4)),
        coverage.Gap(date(2026, 2, 3), date(2026, 2, 4)),
    ]
    old = coverage.calendar(looked, days, date(2020, 1, 1))
    assert old.gaps[-1].first == days[0], "an archive that was silent for months had begun long before"


def test_days_of_23_and_25_hours_are_told_apart() -> None:
    days = [date(2026, 3, 27) + timedelta(days=number) for number in range(5)]  # the clock moves on the 29th
    runs = coverage.stretches(days, ZoneInfo("Europe/Berlin"))
    assert [(first, number, (end - start) // 3600) for first, number, start, end in runs] == [
        *((0, 2, 48), (2, 1, 23), (3, 2, 48))
    ]
