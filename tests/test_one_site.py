"""A site is one site: under its host, under the name of its file, under a name that was changed."""

from __future__ import annotations

import pytest

from newsspider.archive import Archive, ArchiveError, fixity, health, naming
from newsspider.cli import crawl as crawling
from newsspider.site import SiteError


def names(ask):
    return ask(
        "SELECT DISTINCT site FROM article UNION SELECT name FROM site UNION SELECT site FROM crawl WHERE site IS NOT NULL"
    )


def damages(tmp_path):
    with Archive(tmp_path / "archive.db") as held:
        return [*fixity.verify(held)]


def test_an_address_its_file_and_its_new_name_are_one_site(newsspider, campus, crawl, ask, tmp_path):
    url = campus.urls["gbk"]
    assert crawl(url).returncode == 0
    host = ask("SELECT name FROM site")[0]
    articles = ask("SELECT count(*) FROM article")
    assert newsspider("add", url, "--name", "yunlu", "-s", "DOWNLOAD_DELAY=0").returncode == 0
    assert crawl("yunlu").returncode == 0
    assert names(ask) == ["yunlu"]
    assert crawl(url).returncode == 0, "and by its address it is the same"
    assert names(ask) == ["yunlu"]

    done = newsspider("rename", "yunlu", "yunlu-news")
    assert (done.returncode, (tmp_path / "sites" / "yunlu-news.toml").exists()) == (0, True)
    assert crawl("yunlu-news").returncode == 0
    assert names(ask) == ["yunlu-news"]
    assert ask("SELECT count(*) FROM article") == articles
    assert ask("SELECT name, site FROM former_name ORDER BY renamed_at, name") == [
        (host, "yunlu-news"),
        ("yunlu", "yunlu-news"),
    ]
    assert damages(tmp_path) == []
    refused = newsspider("crawl", "yunlu")
    assert (refused.returncode, "yunlu-news" in refused.stderr) == (2, True)


def test_a_site_without_a_file_is_crawled_under_the_name_it_was_given(newsspider, campus, crawl, ask):
    url = campus.urls["gbk"]
    crawl(url)
    host = ask("SELECT name FROM site")[0]
    assert newsspider("rename", host, "yunlu").returncode == 0
    assert [crawl("yunlu").returncode, crawl(url).returncode] == [0, 0]
    assert names(ask) == ["yunlu"]


@pytest.fixture
def held(tmp_path):
    archive = Archive(tmp_path / "archive.db", write=True)
    for name in ("xjtu-news", "fudan"):
        archive.conn.execute("INSERT INTO site (name, timezone) VALUES (?, 'Asia/Shanghai')", (name,))
    yield archive
    archive.conn.close()


@pytest.mark.parametrize(
    "verb", [("export",), ("top",), ("status",), ("status", "--unread"), ("poll", "--plan"), ("reparse", "--dry-run")]
)
def test_a_site_that_is_none_is_refused_with_the_near_names(held, newsspider, verb):
    held.close()
    done = newsspider(*verb, "--site", "xjtu-new")
    assert done.returncode == 2
    assert "did you mean xjtu-news?" in done.stderr


def test_a_crawl_names_the_near_ones_that_are_held(held, tmp_path):
    held.conn.execute("UPDATE site SET name = 'yunlu-news' WHERE name = 'fudan'")
    held.close()
    with pytest.raises(SiteError, match="did you mean yunlu-news"):
        crawling.asked("yunlu-new", tmp_path / "sites", tmp_path / "archive.db")


def test_an_unknown_name_without_near_ones_names_those_there_are(held):
    with pytest.raises(ArchiveError, match="there are fudan, xjtu-news"):
        naming.check(held, "zzz")


def test_health_is_kept_and_told_since_when(held):
    for number in range(1, 5):
        held.conn.execute(
            "INSERT INTO crawl (uuid, kind, site, started_at, version) VALUES (?, 'crawl', 'fudan', ?, '0')",
            (str(number), f"2026-03-0{number}T00:00:00Z"),
        )
        message = "no dates" if number != 2 else None
        health.keep(held.conn, number, "fudan", [("published", 1, 5, 0.5, message), ("body", 100, 5, None, None)])
    [row] = health.complaints(held)
    assert (row["site"], row["message"], row["since"]) == ("fudan", "no dates", "2026-03-03T00:00:00Z")
    assert health.complaints(held, "xjtu-news") == []
    assert health.past(held.conn, "fudan", 3)["body"] == [(100, 5), (100, 5)]
