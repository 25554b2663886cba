"""Listings, from pages written for this project after the layouts of real ones: tests/pages/<site>/listing-*.html and .json."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looks import examples

import newsspider
from newsspider import site as sites

PAGES = Path(__file__).parent / "pages"
SITES = {site.name: site for site in sites.known()}
LISTINGS = sorted(PAGES.glob("*/listing-*.json"))
FIELDS = ("url", "title", "published", "views", "kind", "counter")


def read(rules: Path) -> tuple[newsspider.ListingPage, dict[str, Any]]:
    known = json.loads(rules.read_text(encoding="utf-8"))
    payload, site = rules.with_suffix(".html").read_bytes(), SITES.get(rules.parent.name)
    return newsspider.read_listing(payload, known["url"], site=site), known["expect"]


def name_of(rules: Path) -> str:
    return f"{rules.parent.name}/{rules.stem}"


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("rules", LISTINGS, ids=name_of)
def test_entries(rules: Path, field: str) -> None:
    page, expect = read(rules)
    defaults = {"kind": "article"}
    found = [dataclasses.asdict(entry)[field] for entry in page.entries]
    assert found == [entry.get(field, defaults.get(field)) for entry in expect["entries"]]


@pytest.mark.parametrize("field", ["next_url", "family"])
@pytest.mark.parametrize("rules", LISTINGS, ids=name_of)
def test_page(rules: Path, field: str) -> None:
    page, expect = read(rules)
    assert getattr(page, field) == expect[field]


SELECTORS = {
    "entries": "div.odd-one",
    "entry_title": "b.name",
    "entry_published": "i.when",
    "entry_views": ".//u/text()",
    "next": "a#onward",
}
CHOSEN = """<ul><li><a href="/menu.htm">很长很长的导航菜单条目名称一</a>2024-05-05</li>
<li><a href="/b.htm">很长很长的导航菜单条目名称二</a>2024-05-06</li></ul>
<div class="odd-one"><a href="/1.htm">进入</a><b class="name">通知一</b><i class="when">2024-03-01</i><u>17</u></div>
<div class="odd-one"><a href="/2.htm">进入</a><b class="name">通知二</b><i class="when">2024-02-01</i></div>
<a id="onward" href="?p=2">翻</a>"""


def test_a_site_file_may_name_the_rows() -> None:
    site = newsspider.Site(name="example", selectors=SELECTORS)
    page = newsspider.read_listing(CHOSEN.encode(), "https://news.example.edu/l.htm", site=site)
    found = [(entry.url, entry.title, entry.published, entry.views) for entry in page.entries]
    assert found == [
        ("https://news.example.edu/1.htm", "通知一", "2024-03-01", 17),
        ("https://news.example.edu/2.htm", "通知二", "2024-02-01", None),
    ]
    assert page.next_url == "https://news.example.edu/l.htm?p=2"


def test_a_selector_that_finds_no_row_is_named() -> None:
    site = newsspider.Site(name="example", selectors={"entries": "li.gone"})
    with pytest.raises(newsspider.PageError, match=r"li\.gone"):
        newsspider.read_listing(CHOSEN.encode(), "https://news.example.edu/l.htm", site=site)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A listing cut off, overwritten in places, or with something odd put into it."""
    payload = draw(st.sampled_from(LISTINGS)).with_suffix(".html").read_bytes()
    at = draw(st.integers(0, len(payload)))
    odd = draw(
        st.sampled_from(
            [b"\0", b"<div>" * 300, b'<a href="http://[">x</a>', b"<base href='//['>", b"<table><tr>", b"\xff\xfe"]
        )
    )
    match draw(st.sampled_from(["cut", "put in", "overwrite", "splice"])):
        case "cut":
            return payload[:at]
        case "put in":
            return payload[:at] + odd + payload[at:]
        case "overwrite":
            return payload[:at] + draw(st.binary(max_size=40)) + payload[at + 40 :]
        case _:
            return payload[:at] + payload[draw(st.integers(0, len(payload))) :]


@given(payload=damaged())
@settings(max_examples=examples(30), deadline=None)
def test_a_damaged_page_is_read_or_refused(payload: bytes) -> None:
    try:
        page = newsspider.read_listing(payload, "https://news.example.edu/list.htm")
    except newsspider.PageError:
        return
    assert page.entries
    assert all(entry.url and entry.title for entry in page.entries)
