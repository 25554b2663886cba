"""Site files: their keys, their selectors, and the families that other packages bring."""

from __future__ import annotations

import os

import pytest

import newsspider
from newsspider import site as sites
from newsspider.items import Site

URL = "https://news.example.edu.cn/info/1004/2.htm"
LISTINGS = {"listings": ["https://news.example.edu.cn/xwdt.htm"]}
PAGE = """<html><head><title>校运会开幕</title></head><body><h1>校运会开幕</h1>
<p>发布时间：2024-04-20 浏览次数：12</p><div class="v_news_content"><p>春季运动会于今日上午在东操场隆重开幕，三十二支代表队参加。</p></div>
<div class="old"><b class="name">二〇二四年校运会</b><i class="day">2024年4月19日</i><u class="hits">阅读 31 次</u>
<em class="by">体育部</em><div class="text"><p>旧版正文，另有一段说明文字。</p></div></div></body></html>"""
OLD = {
    "title": ".old .name",
    "published": ".old .day",
    "body": "//div[@class='text']",
    "views": ".hits",
    "source": ".by",
}


def read(site: Site | None) -> newsspider.Article:
    return newsspider.read_article(PAGE.encode(), URL, site=site)


def site(**keys: object) -> Site:
    return sites.site_of({**LISTINGS, **keys}, "example")


def test_a_selector_wins_over_the_rules_of_the_family():
    plain, own = read(None), read(site(selectors=OLD))
    assert (plain.title, plain.published, plain.views, plain.source) == ("校运会开幕", "2024-04-20", 12, None)
    assert (own.title, own.published, own.views, own.source) == ("二〇二四年校运会", "2024-04-19", 31, "体育部")
    assert own.body == "旧版正文，另有一段说明文字。"
    assert {own.rules[field] for field in OLD} == {f"site.selectors.{field}" for field in OLD}


def test_a_capture_is_read_with_the_selectors_of_its_day():
    dated = site(
        selectors={"title": "h1"},
        earlier=[
            {"valid_until": "2024-12-31", "selectors": OLD},
            {"valid_until": "2020-06-30", "selectors": {"title": ".older"}},
        ],
    )
    titles = {day: read(dated.at(day)).title for day in ("2024-12-31T08:00:00Z", "2025-01-01T08:00:00Z")}
    assert titles == {"2024-12-31T08:00:00Z": "二〇二四年校运会", "2025-01-01T08:00:00Z": "校运会开幕"}
    assert dated.at("2020-06-30").selectors == {"title": ".older"}
    assert [until for until, _ in dated.earlier] == ["2024-12-31", "2020-06-30"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"listings": []}, "listings = [] is not what listings takes"),
        ({"listings": ["xwdt.htm"]}, "listings: 'xwdt.htm' is not an http(s) address"),
        ({"listings": ["file:///srv/xwdt.htm"]}, "is not an http(s) address"),
        ({"listings": ["https://reader:secret@x.edu.cn/"]}, "listings: an address with a user's name or password"),
        ({"homepage": "https://reader:secret@x.edu.cn/"}, "homepage: an address with a user's name or password"),
        ({"hosts": ["https://cdn.example.com/"]}, "is not what hosts takes"),
        ({"allow_private": "yes"}, "allow_private = 'yes' is not what allow_private takes"),
        ({"titel": "x"}, "no key is named titel"),
        ({"title": 7}, "title = 7 is not what title takes"),
        ({"selectors": {"datum": ".x"}}, "no field is named datum; selectors take title, published"),
        ({"selectors": {"title": "h1["}}, "selectors.title: the selector 'h1[' is neither CSS nor XPath"),
        ({"selectors": {"title": 1}}, "selectors.title = 1 is not a text"),
        ({"earlier": [{"valid_until": "June", "selectors": {}}]}, '[[earlier]] takes valid_until = "2025-06-30"'),
        ({"earlier": [{"valid_until": "2024-01-01", "selectors": {}, "x": 1}]}, "[[earlier]] takes"),
        ({"timezone": "China"}, "timezone = 'China' is no zone"),
        ({"encoding": "gbk2"}, "encoding = 'gbk2' is no encoding"),
        ({"cms": "vbs"}, "cms = 'vbs' is no family; there are"),
        ({"selectors": {"title": "//h1[$x]"}}, "selectors.title: the selector '//h1[$x]' has a variable, $x"),
        ({"selectors": {"body": "//h1[foo(.)]"}}, "calls foo(), which XPath 1.0 does not have"),
        ({"selectors": {"next": "//svg:a/@href"}}, "has a prefix, svg:a"),
        ({"selectors": {"title": "string(//h1)"}}, "selectors.title"),
        ({"selectors": {"title": "/html/body = 1"}}, "gives no elements, but False"),
        ({"selectors": {"title": "//h1\0"}}, "selectors.title"),
        ({"selectors": {"title": ":not(" * 3000 + ")" * 3000}}, "selectors.title"),
        ({"earlier": [{"valid_until": "2024-01-01", "selectors": {"title": "//x:h1"}}]}, "has a prefix, x:h1"),
        ({"name": ""}, "name = '' is no name"),
        ({"name": ".."}, "name = '..' is no name"),
        ({"name": "a/../../b"}, "is no name"),
        ({"name": "a\x1b[2J"}, "is no name"),
        ({"name": "会" * 101}, "is no name"),
        ({"listings": ["http://[::1"]}, "listings: 'http://[::1' is not an http(s) address"),
        ({"listings": ["http://x.edu.cn:99999/"]}, "is not an http(s) address"),
        ({"listings": ["http://x y.edu.cn/"]}, "is not an http(s) address"),
        ({"timezone": "Asia"}, "timezone = 'Asia' is no zone"),
        ({"timezone": "../" * 2000}, "is no zone"),
        ({"encoding": "rot13"}, "encoding = 'rot13' is no encoding"),
        ({"encoding": "zlib"}, "encoding = 'zlib' is no encoding"),
        ({"encoding": "undefined"}, "encoding = 'undefined' is no encoding"),
        ({"encoding": "unicode_escape"}, "encoding = 'unicode_escape' is no encoding"),
    ],
)
def test_a_wrong_key_is_named(keys, said):
    with pytest.raises(sites.SiteError) as error:
        site(**keys)
    assert said in str(error.value)


def test_a_wrong_file_is_named(tmp_path):
    path = tmp_path / "x.toml"
    for text, said in (("title = ", "Invalid value"), ("title = 'x'", "no listings")):
        path.write_text(text)
        with pytest.raises(sites.SiteError, match=said) as error:
            sites.read(path)
        assert str(error.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    "selector",
    [
        "//h1[contains(@class, 'a:b $c d()')]",
        "//*[@xml:lang='en']",
        "//h1/text()",
        "(//a[last()])[1]",
        "h1 > a:not(.x)",
    ],
)
def test_a_selector_that_only_looks_wrong_is_taken(selector):
    assert site(selectors={"title": selector}).selectors == {"title": selector}


def test_what_is_no_text_in_a_file_is_named(tmp_path):
    path = tmp_path / "x.toml"
    for made in (b"a = " + b"[" * 5000 + b"]" * 5000, b"a = " + b"9" * 5000, b"name = '\xff'", b"\0"):
        path.write_bytes(made)
        with pytest.raises(sites.SiteError, match=r"x\.toml: "):
            sites.read(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(sites.SiteError, match="is no file"):
        sites.read(path)


def test_a_zone_that_nothing_tells_is_utc():
    assert site().timezone == "Asia/Shanghai"
    assert site(listings=["https://news.example.edu/"]).timezone == "UTC"


def test_an_own_file_wins_over_the_catalogue(tmp_path, monkeypatch):
    own, catalogue = tmp_path / "own", tmp_path / "catalogue" / "cn"
    for folder, title in ((own, "mine"), (catalogue, "theirs")):
        folder.mkdir(parents=True)
        (folder / "example.toml").write_text(f'title = "{title}"\nlistings = {LISTINGS["listings"]}')
    monkeypatch.setattr(sites, "CATALOGUE", tmp_path / "catalogue")
    assert [known.title for known in sites.known(own)] == ["mine"]
    assert [known.title for known in sites.known()] == ["theirs"]


def test_a_homepage_that_is_no_address_is_left_out(caplog) -> None:
    table = {"listings": ["https://news.example.edu.cn/xwdt.htm"], "homepage": "javascript:0"}
    assert sites.site_of(table, "a").homepage is None
    assert "it is left out" in caplog.text
