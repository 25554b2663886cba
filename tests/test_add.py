"""Writing a site file from what the pages show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsspider import site as sites
from newsspider.items import Article, ListingPage
from newsspider.spiders import draft
from newsspider.spiders.findings import Column, Findings, Sample

URL = "https://ai.example.edu.cn/xwdt.htm"
TITLES = ("校运会开幕-人工智能学院-云麓大学", "我校召开教学工作会议-人工智能学院-云麓大学")
READ = tuple(Sample(url=URL, article=Article(url=URL, title=title.split("-")[0], body="正文")) for title in TITLES)
FOUND = Findings(
    url=URL,
    kind="listing",
    title="新闻动态-人工智能学院-云麓大学",
    titles=TITLES,
    family="vsb",
    listing_url=URL,
    listing=ListingPage(entries=()),
    samples=READ,
)


@pytest.fixture
def add(newsspider):
    def run(url, *arguments):
        return newsspider("add", url, "-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0", *arguments)

    return run


def test_a_column_becomes_a_site_that_can_be_crawled(add, crawl, campus, ask, tmp_path):
    done = add(campus.urls["webplus"], "--name", "yunlu-cs")
    assert done.returncode == 0, done.stderr
    site = sites.read(tmp_path / "sites" / "yunlu-cs.toml")
    assert (site.name, site.cms, site.listings) == ("yunlu-cs", "webplus", (campus.urls["webplus"],))
    assert "newsspider crawl yunlu-cs" in done.stdout
    assert crawl("yunlu-cs", "--limit", 3).returncode == 0
    assert ask("SELECT DISTINCT site FROM article") == ["yunlu-cs"]


def test_a_front_page_becomes_a_site_with_its_columns(add, campus, tmp_path):
    add(campus.doors["vsb"].origin + "/", "--name", "yunlu", "--quiet")
    site = sites.read(tmp_path / "sites" / "yunlu.toml")
    assert site.listings == (campus.urls["vsb"], campus.urls["vsb-notices"])
    assert site.title == "云麓大学新闻网"


def test_a_file_is_not_overwritten(add, campus, tmp_path):
    path = tmp_path / "sites" / "mine.toml"
    path.parent.mkdir()
    mine = f'# by hand\nlistings = ["{URL}"]\n'
    path.write_text(mine)
    done = add(campus.urls["gbk"], "--name", "mine")
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert path.read_text() == mine
    assert campus.log.visits == [], "and nobody was asked for anything"
    assert add(campus.urls["gbk"], "--name", "mine", "--force").returncode == 0
    assert sites.read(path).listings == (campus.urls["gbk"],)


def test_an_address_without_a_listing_makes_no_file(add, campus, tmp_path):
    done = add(next(truth for truth in campus.readable if truth.site == "gbk").url)
    assert done.returncode == 3
    assert "no listing was found" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../x", "a b", ""])
def test_a_name_is_that_of_a_file(add, name):
    assert add(URL, "--name", name or " ").returncode == 2


def test_the_file_holds_what_the_pages_show():
    text = draft.toml(FOUND, draft.name(URL), "2026-03-01")
    assert text.splitlines() == [
        'name     = "example-ai"',
        'title    = "人工智能学院-云麓大学"',
        'homepage = "https://ai.example.edu.cn/"',
        'country  = "CN"',
        'language = "zh-CN"',
        'timezone = "Asia/Shanghai"',
        'cms      = "vsb"',
        'checked  = "2026-03-01"',
        "listings = [",
        f'    "{URL}",',
        "]",
    ]


@pytest.mark.parametrize(
    ("declared", "title", "domain", "language"),
    [
        ("en", "校运会开幕", "cn", "zh-CN"),  # what the template says by default
        ("zh-TW", "校運會開幕", "tw", "zh-TW"),
        ("zh", "校運會開幕", "hk", "zh-HK"),
        (None, "학위수여식 안내", "kr", "ko"),
        ("ja", "入学式のお知らせ", "jp", "ja"),
        ("en-GB", "Graduation ceremony", "uk", "en-GB"),
        ("zh-CN", "Graduation ceremony", "cn", None),
        (None, "Graduation ceremony", "edu", None),
    ],
)
def test_the_language_is_what_the_titles_are_written_in(declared, title, domain, language):
    sample = Sample(url=URL, article=Article(url=URL, title=title, body=""))
    assert draft.language(replace(FOUND, language=declared, samples=(sample,)), domain) == language


def test_what_is_not_known_is_left_out():
    url = "https://news.example.edu/stories"
    found = Findings(url=url, kind="listing", family="generic", listing_url=url)
    keys = [line.split()[0] for line in draft.toml(found, "example", "2026-03-01").splitlines()]
    assert keys == ["name", "homepage", "checked", "listings", f'"{url}",', "]"]


def test_columns_without_dates_are_left_out():
    columns = (
        Column(url="https://a.example/1", title="新闻", dated=9),
        Column(url="https://a.example/2", title="公告"),
    )
    assert draft.listings(replace(FOUND, columns=columns)) == ["https://a.example/1"]
    with pytest.raises(ValueError, match="no listing was found"):
        draft.toml(replace(FOUND, listing_url=None), "x", "2026-03-01")
