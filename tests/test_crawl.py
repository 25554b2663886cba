"""The main job, end to end, on the replica campus: listing → article → counter → archive."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest
from conftest import asking

from newsspider.demo.server import Log

ALL = "SELECT a.url, s.title, s.published, s.body, a.views FROM article a JOIN snapshot s ON s.article_id = a.id"


@pytest.fixture
def first(crawled_once):
    """A first crawl of the whole campus, for tests that only look at it: the campus, the run, and the archive to ask."""
    crawled_once.campus.renew()
    return crawled_once.campus, crawled_once.done, asking(crawled_once.folder)


def by_address(ask):
    """What the archive holds, by every address an article was met under."""
    return {
        row[0]: row[1:]
        for row in ask(
            "SELECT d.url, s.title, s.published, s.body, a.views, a.id FROM address d JOIN article a ON a.id = d.article_id"
            " JOIN snapshot s ON s.id = (SELECT max(id) FROM snapshot WHERE article_id = a.id)"
        )
    }


def test_a_crawl_archives_every_article_with_its_count(first):
    campus, done, ask = first
    assert done.returncode == 0, done.stderr
    held = by_address(ask)
    for truth in campus.readable:
        title, published, body, views, _ = held[truth.url]
        assert (title, published, views) == (truth.title, truth.published, truth.views)
        assert body == truth.body
    assert ask("SELECT count(*) FROM article WHERE kind = 'article'") == [len(campus.readable)]


def test_a_crawl_of_a_front_page_follows_the_columns_it_names(crawl, campus, ask):
    home = campus.doors["vsb"].origin + "/"
    done = crawl(home)
    assert done.returncode == 0, done.stderr
    readable = {truth.title for truth in campus.readable if truth.site.startswith("vsb")}
    assert {*ask("SELECT title FROM article WHERE kind = 'article'")} >= readable
    again = crawl(home)
    assert (again.returncode, sorted(campus.log.twice())) == (0, ["vsb /", "vsb /tzgg.htm", "vsb /zhxw.htm"])


def test_a_crawl_disturbs_nobody(crawled_once):
    log = Log(visits=crawled_once.visits)
    assert log.beacons == []
    assert log.twice() == []
    endpoints = [visit.target.partition("?")[0].rpartition("/")[2] for visit in log.of(kind="counter")]
    assert sorted(endpoints) == ["_visitcountdisplay", "batchclicktimes.jsp", "dynclicksbatch.jsp"], (
        "all in one request each"
    )


def test_an_article_in_several_columns_is_one_article(first):
    campus, _, ask = first
    held = by_address(ask)
    shared = [truth for truth in campus.readable if len(truth.urls) > 1]
    assert shared
    for truth in shared:
        assert len({held[url][-1] for url in truth.urls}) == 1


def test_what_is_no_article_is_held_as_what_it_is(first):
    campus, _, ask = first
    natures = {truth.nature: truth for truth in campus.articles if truth.nature != "article"}
    external = natures["external"]
    assert ask("SELECT kind, title FROM article WHERE url = ?", external.url) == [("external", external.title)]
    assert ask("SELECT kind FROM article WHERE url = ?", natures["file"].url) == ["file"]
    errors = dict(ask("SELECT url, error FROM capture WHERE outcome = 'failed'"))
    assert errors[natures["login"].url].startswith("login: ")
    assert errors[natures["missing"].url].startswith("missing: ")


def test_a_second_crawl_finds_nothing_new(crawl_again, crawled, ask):
    campus = crawled
    crawl_again(*campus.urls.values())
    assert ask("SELECT count(*) FROM capture WHERE crawl_id > 3 AND outcome IN ('new', 'changed')") == [0]
    assert ask("SELECT count(*) FROM snapshot") == [len(campus.readable)]
    listings = ask("SELECT count(*) FROM capture WHERE crawl_id > 3 AND kind = 'listing'")
    assert listings == [len(campus.urls)], "the first page of each listing holds nothing new, so no other is asked for"


def test_time_passes(crawl_again, crawled, ask):
    campus = crawled
    changes = campus.pass_time()
    assert crawl_again(*campus.urls.values()).returncode == 0
    new = "SELECT a.url FROM capture c JOIN article a ON a.id = c.article_id WHERE c.crawl_id > 3 AND c.outcome = ?"
    assert ask(new, "new") == [changes.published.url]
    assert ask(new, "changed") == [changes.edited.url]
    assert ask(new, "gone") == [changes.withdrawn.url]
    assert ask("SELECT url FROM gone") == [changes.withdrawn.url]
    assert ask(f"{ALL} WHERE a.url = ? ORDER BY s.id DESC LIMIT 1", changes.edited.url)[0][3] == changes.edited.body
    assert ask("SELECT count(*) FROM snapshot WHERE article_id = (SELECT article_id FROM gone)") == [1]
    due = ask(
        "SELECT a.url, a.views FROM capture c JOIN article a ON a.id = c.article_id WHERE c.crawl_id > 3 AND c.outcome = 'revisit'"
    )
    truth = {url: t.views for t in campus.articles for url in t.urls}
    assert due
    assert all(views == truth[url] for url, views in due if url.startswith("http://127.0.0.1"))


def test_an_article_that_comes_back_is_no_longer_gone(crawl_again, crawled, ask):
    url = crawled.urls["vsb"]
    changes = crawled.pass_time()
    crawl_again(url)
    crawled.restore(changes.withdrawn.url)
    crawled.advance(24)
    crawl_again(url)
    assert ask("SELECT count(*) FROM gone") == [0]
    assert ask("SELECT outcome FROM capture c WHERE c.url = ? ORDER BY id", changes.withdrawn.url) == [
        "new",
        "gone",
        "revisit",
    ]


def test_pinned_items_do_not_stop_a_crawl(crawl, campus, ask):
    """The first rows of the first page are old and known; what is new stands below."""
    url = campus.urls["vsb"]
    crawl(url, "--limit", 1)
    assert crawl(url).returncode == 0
    vsb = {t.url for t in campus.readable if t.site == "vsb"}
    assert len(vsb & set(ask("SELECT url FROM address WHERE listing = ?", url))) > 10


def test_an_article_can_be_crawled_by_its_address(crawl, campus, ask):
    truth = next(truth for truth in campus.readable if truth.site == "vsb")
    assert crawl(truth.url).returncode == 0
    assert ask("SELECT title, views FROM article") == [(truth.title, truth.views)]


def test_counts_that_an_ended_run_did_not_ask_are_read_by_the_next(crawl, campus, ask, tmp_path):
    url = campus.urls["webplus"]
    campus.fail("_visitcountdisplay|_wp3services", "500")
    done = crawl(url)
    assert done.returncode == 3, "the counter could not be read"
    assert "_visitcountdisplay could not be read: the counter does not answer: HTTP 500" in done.stderr
    with sqlite3.connect(tmp_path / "archive.db") as conn:
        conn.execute("DELETE FROM counting WHERE article_id % 2")  # as if killed before it asked
        conn.execute("UPDATE counting SET asked_at = asked_at - 60 WHERE article_id = 2")
    conn.close()
    campus.mend()
    assert crawl(url).returncode == 0
    owed = "SELECT count(*), count(views) FROM article WHERE counter IS NOT NULL AND (id % 2 OR id = 2)"
    [(all_owed, read)] = ask(owed)
    assert all_owed == read > 3
    assert campus.log.kinds["page"] == len({visit.target for visit in campus.log.of(kind="page")}) + 1, (
        "the listing twice"
    )


def test_a_crawl_that_broke_off_is_taken_up(crawl, campus, ask):
    url = campus.urls["vsb"]
    campus.fail(r"/zhxw/\d", "503")  # the second page of the listing
    assert crawl(url).returncode == 3
    some = ask("SELECT count(*) FROM article")[0]
    campus.mend()
    assert crawl(url).returncode == 0
    assert ask("SELECT count(*) FROM article")[0] > some, "the first page held nothing new, and yet the walk went on"


@pytest.mark.parametrize("how", ["minus", "html", "illegal", "short", "empty", "503"])
def test_a_bad_counter_reply_stores_no_wrong_count(newsspider, crawled, ask, how):
    crawled.advance(24)
    crawled.fail("dynclicks|_visitcountdisplay", how)
    ahead = (crawled.now - datetime.now(UTC)).total_seconds()
    newsspider("poll", "--all", "-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0", "-s", f"CLOCK_OFFSET={ahead:.3f}")
    truth = {url: t.views for t in crawled.articles for url in t.urls}
    polled = "FROM view_observation o JOIN article a ON a.id = o.article_id JOIN crawl c ON c.id = o.crawl_id AND c.kind = 'poll'"
    assert [url for url, views in ask(f"SELECT url, o.views {polled}") if truth[url] != views] == []
    if how != "minus":
        assert ask("SELECT count(*) FROM capture WHERE kind = 'counter' AND outcome = 'failed'")[0] >= 1


def test_a_crawl_whose_counters_fail_holds_the_articles(crawl, campus, ask):
    campus.fail("dynclicks|_visitcountdisplay", "503")
    crawl(campus.urls["vsb"], campus.urls["webplus"])
    assert ask("SELECT count(*) FROM article WHERE kind = 'article'")[0] > 30
    truth = {url: t.views for t in campus.articles for url in t.urls}
    assert all(truth[url] == views for url, views in ask("SELECT url, views FROM article WHERE views IS NOT NULL"))


def test_a_short_batch_is_read_singly(crawl, campus, ask):
    campus.fail("batch|articleIds", "short")
    crawl(campus.urls["vsb"], campus.urls["webplus"])
    truth = {url: t.views for t in campus.articles for url in t.urls}
    counts = ask("SELECT url, views FROM article WHERE kind = 'article'")
    assert all(truth[url] == views for url, views in counts)


def test_an_unchanged_page_is_not_sent_again_and_its_count_goes_on(crawl_again, crawled, ask):
    campus = crawled
    seed = campus.urls["vsb"]
    changes = campus.pass_time()
    done = crawl_again(seed, "--revisit", "all")
    assert done.returncode == 0, done.stderr
    unchanged = ask("SELECT article_id FROM capture WHERE status = 304 AND outcome = 'revisit'")
    assert len(unchanged) > 10
    assert ask(
        "SELECT count(*) FROM capture WHERE status = 304 AND (payload_digest IS NULL OR outcome <> 'revisit')"
    ) == [0]
    assert ask("SELECT DISTINCT s.url FROM snapshot s GROUP BY article_id HAVING count(*) > 1") == [changes.edited.url]
    views = dict(ask("SELECT url, views FROM article WHERE kind = 'article'"))
    listed = {*ask("SELECT url FROM address WHERE listing = ?", seed)} & views.keys()
    assert {truth.url: truth.views for truth in campus.readable if truth.url in listed} == {
        truth.url: views[truth.url] for truth in campus.readable if truth.url in listed
    }
