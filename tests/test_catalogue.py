"""The catalogue: every site file is complete, and held by pages written after its layout (tests/pages/<name>)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsspider import read_article, read_listing
from newsspider import site as sites
from newsspider.items import Site

PAGES = Path(__file__).parent / "pages"
FILES = sorted(sites.CATALOGUE.rglob("*.toml"))
SITES = [sites.read(path) for path in FILES]


def pages(site: Site, kind: str) -> list[tuple[Path, str]]:
    """(HTML, address) of the pages that hold a site file."""
    records = sorted(PAGES.glob(f"{site.name}/{kind}-*.json"))
    return [(record.with_suffix(".html"), json.loads(record.read_text(encoding="utf-8"))["url"]) for record in records]


def test_there_is_a_catalogue_of_several_families():
    assert {None, "vsb", "webplus"} <= {site.cms for site in SITES}
    assert len({site.name for site in SITES}) == len(SITES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_who_and_when(path):
    site = sites.read(path)
    assert (site.name, (site.country or "").lower()) == (path.stem, path.parent.name)
    assert site.title
    assert site.language
    assert site.checked
    hosts = {urlsplit(url).netloc for url in site.listings}
    assert urlsplit(site.homepage).netloc in hosts


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_a_file_is_held_by_a_page_of_each_of_its_listings(site):
    held = pages(site, "listing")
    assert {url for _, url in held} >= set(site.listings)
    for html, url in held:
        listing = read_listing(html.read_bytes(), url, site=site)
        assert listing.family == (site.cms or "generic")
        assert len(listing.entries) >= 3


@pytest.mark.parametrize("site", [site for site in SITES if site.selectors], ids=lambda site: site.name)
def test_every_selector_gives_what_is_not_found_without(site):
    """Selectors of listings stand out in the tests of listings."""
    gave = set()
    for html, url in pages(site, "article"):
        its, plain = (read_article(html.read_bytes(), url, site=rules) for rules in (site, None))
        gave |= {name for name in site.selectors if getattr(its, name, None) != getattr(plain, name, None)}
        assert sites.covers(site, url)
    assert gave == {name for name in site.selectors if not name.startswith(("entries", "entry_", "next"))}


@pytest.mark.slow
def test_scrapy_lists_it(tmp_path):
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newsspider.settings"}
    command = [sys.executable, "-m", "scrapy", "list"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == sorted(site.name for site in SITES)
