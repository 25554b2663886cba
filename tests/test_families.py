"""Families that other packages provide, by entry point: as pip would install them, but without pip."""

from __future__ import annotations

import logging
import os
import tomllib

import pytest
from test_add_a_site import blocks

from newsspider import cms
from newsspider.cms.base import Page

PAGE = """<html><head><meta name="generator" content="Maple CMS 3"><title>枫林新闻</title></head><body>
<div class="menu"><a href="/">首页</a></div><h1>枫林新闻</h1><h2 class="maple-title">图书馆开放夜间阅览</h2>
<i class="maple-date">2026/03/01 09:30</i><div class="maple-text"><p>图书馆自本周起开放夜间阅览，开放至二十三时。</p></div></body></html>"""
URL = "https://news.maple.example/n/17"


def install(folder, package, module, code, point, version="1.0"):
    """What pip leaves in site-packages."""
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    about = folder / f"{package.replace('-', '_')}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    (about / "entry_points.txt").write_text(f"[newsspider.families]\n{point}\n")


@pytest.fixture
def site_packages(tmp_path, monkeypatch):
    """A folder on the path; families are looked up anew."""

    def forget():
        cms.families.cache_clear()
        cms._others.cache_clear()

    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    forget()
    yield folder
    monkeypatch.undo()
    forget()


def maple(folder):
    """The example of docs/add-a-site.md."""
    [project] = [table for table in map(tomllib.loads, blocks("toml")) if "project" in table]
    [code] = blocks("python")
    [(name, target)] = project["project"]["entry-points"]["newsspider.families"].items()
    module = target.partition(":")[0]
    install(folder, project["project"]["name"], module, code, f"{name} = {target}")


def test_the_family_of_the_documentation_reads_its_pages(site_packages):
    assert cms.read_article(PAGE.encode(), URL).title == "枫林新闻"
    maple(site_packages)
    cms.families.cache_clear()
    cms._others.cache_clear()
    page = Page(PAGE.encode(), URL)
    family, why = cms.family_of(page)
    assert (family.name, why) == ("maple", 'content="Maple CMS')
    article = cms.read_article(PAGE.encode(), URL)
    assert (article.title, article.published, article.native_id) == (
        *("图书馆开放夜间阅览", "2026-03-01T09:30"),
        "maple:news.maple.example:17",
    )
    assert article.body == "图书馆自本周起开放夜间阅览，开放至二十三时。"
    assert article.rules["title"] == "maple title"
    again = cms.read_article(PAGE.encode(), "https://news.maple.example/column/events/n/17")
    assert again.native_id == article.native_id, "one article under two addresses"


BROKEN = "from newsspider.cms.base import Family\nclass Broken(Family):\n    "


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import a_module_that_is_not_there\n", "ModuleNotFoundError: No module named 'a_module_that_is_not_there'"),
        ("class Other: pass\n", "AttributeError"),
        ("class Broken: pass\n", "it is no class derived from newsspider.cms.base.Family"),
        (f"{BROKEN}pass\n", "the class has no name"),
        (f"{BROKEN}name = 'vsb'\n", "another family is named 'vsb'"),
        (f"{BROKEN}name = 'b'\n    def __init__(self): raise RuntimeError('no licence')\n", "RuntimeError: no licence"),
    ],
)
def test_a_broken_family_is_named_and_stops_no_other(site_packages, caplog, code, said):
    install(
        site_packages,
        "a-broken-package",
        f"broken_{abs(hash(code))}",
        code,
        f"broken = broken_{abs(hash(code))}:Broken",
    )
    maple(site_packages)
    with caplog.at_level(logging.ERROR):
        assert [family.name for family in cms.families()][:2] == ["maple", "vsb"]
    [record] = caplog.records
    assert "of the package a-broken-package 1.0 cannot be used and is left out" in record.getMessage()
    assert said in record.getMessage()


def test_the_command_line_says_what_is_broken_and_goes_on(site_packages, newsspider, campus):
    install(site_packages, "a-broken-package", "broken_module", "import nothing_of_that_name\n", "b = broken_module:B")
    path = os.pathsep.join([str(site_packages), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = newsspider("probe", campus.urls["gbk"], "-s", "DOWNLOAD_DELAY=0", PYTHONPATH=path)
    assert done.returncode == 0
    assert done.stderr.count("'b' of the package a-broken-package 1.0 cannot be used") == 1


def test_a_family_that_fails_on_a_page_is_passed_over(site_packages, caplog):
    code = f"{BROKEN}name = 'broken'\n    def evidence(self, page): return 1 / 0\n"
    install(site_packages, "a-broken-package", "broken_evidence", code, "broken = broken_evidence:Broken")
    maple(site_packages)
    assert cms.read_article(PAGE.encode(), URL).family == "maple"
    assert "the family 'broken' of a-broken-package 1.0 crashed on https://news.maple.example/n/17" in caplog.text


def test_a_defect_of_our_own_families_is_not_hidden(site_packages, monkeypatch):
    monkeypatch.setattr("newsspider.cms.generic.Generic.evidence", lambda self, page: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cms.read_article(PAGE.encode(), URL)
