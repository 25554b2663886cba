"""Articles read from stored pages, a test a field."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from newsspider import Article, Site, read_article
from newsspider import site as sites

PAGES = Path(__file__).parent / "pages"
SITES = {site.name: site for site in sites.known()}
RECORDS = {
    f"{path.parent.name}/{path.stem}": json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(PAGES.glob("*/article-*.json"))
}
CASES = [(name, field) for name, record in RECORDS.items() for field in record["expect"]]


@cache
def article(name: str) -> Article:
    record = RECORDS[name]
    payload, site = (PAGES / f"{name}.html").read_bytes(), SITES.get(name.partition("/")[0])
    return read_article(payload, record["url"], site=site, headers=record.get("headers"))


@pytest.mark.parametrize(("name", "field"), CASES, ids=[f"{name}::{field}" for name, field in CASES])
def test_field(name: str, field: str) -> None:
    found: Any = json.loads(json.dumps(asdict(article(name))[field]))
    assert found == RECORDS[name]["expect"][field]


@pytest.mark.parametrize("name", RECORDS)
def test_every_field_says_what_rule_gave_it(name: str) -> None:
    its = article(name)
    given = {
        field
        for field in ("title", "published", "source", "author", "editor", "views", "counter")
        if getattr(its, field)
    }
    assert given <= set(its.rules)


def test_the_copy_of_an_article_in_another_column_has_its_identity() -> None:
    assert article("vsb-plain/article-copy").native_id == article("vsb-plain/article-1001").native_id


def test_a_site_file_has_the_last_word() -> None:
    name = "plain/article-lecture"
    site = Site(
        name="math",
        selectors={
            "title": "//div[@class='text']/p[1]",
            "published": ".text > p:last-child",
            "body": ".text p:nth-child(3)",
        },
    )
    its = read_article((PAGES / f"{name}.html").read_bytes(), RECORDS[name]["url"], site=site)
    assert (its.title, its.published, its.body) == ("报告人：陈一", "2026-03-08", "地点：理科楼301")
    assert its.rules["published"] == "site.selectors.published"


def test_a_selector_that_is_none_says_so() -> None:
    site = Site(name="math", selectors={"title": "h1["})
    with pytest.raises(ValueError, match=r"h1\["):
        read_article(b"<h1>x</h1><p>y</p>", "https://math.example.edu.cn/1.htm", site=site)


def test_a_family_that_is_none_says_which_there_are() -> None:
    with pytest.raises(ValueError, match="known: vsb, webplus"):
        read_article(b"<h1>x</h1><p>y</p>", "https://math.example.edu.cn/", site=Site(name="math", cms="vbs"))
