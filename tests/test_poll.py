"""The poll, end to end, on the replica campus: counts and nothing but counts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from urllib.request import urlopen

import pytest

from newsspider import cms
from newsspider.archive import Archive, fixity
from newsspider.archive.writing import Writer
from newsspider.demo import Campus
from newsspider.items import ArticleItem, Capture, Site, instant


def store(campus, path):
    """An archive of the campus's articles as a crawl would have stored them, without their counts."""
    with Archive(path, write=True) as archive:
        for site in ("vsb", "webplus", "gbk"):
            writer = Writer(archive, "0.1.0")
            truths = [truth for truth in campus.readable if truth.site == site]
            writer.start("crawl", [Site(name=site, homepage=truths[0].url)], instant(campus.now), {})
            for truth in truths:
                with urlopen(truth.url) as reply:
                    payload = reply.read()
                capture = Capture(url=truth.url, captured_at=instant(campus.now), status=200, payload=payload)
                article = cms.read_article(payload, truth.url)
                writer.write([ArticleItem(site=site, capture=capture, article=article)])
            writer.finish(instant(campus.now), "finished", 0, 0)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    path = tmp_path_factory.mktemp("stored") / "archive.db"
    with Campus() as campus:
        store(campus, path)
        yield campus, path


@pytest.fixture
def held(stored, tmp_path):
    """A campus whose articles are held in ./archive.db, without their counts; its log is empty."""
    campus, path = stored
    campus.renew()
    shutil.copy(path, tmp_path)
    return campus


@pytest.fixture
def poll(newsspider, stored):
    """A poll at the campus's time and without politeness, of ./archive.db."""

    def run(*arguments):
        ahead = (stored[0].now - datetime.now(UTC)).total_seconds()
        return newsspider("poll", *arguments, "-s", "DOWNLOAD_DELAY=0", "-s", f"CLOCK_OFFSET={ahead:.3f}")

    return run


def wrong_counts(campus, ask, site: str) -> list[object]:
    """The articles of a site whose last count is not the one the campus has."""
    truths = {truth.url: truth.views for truth in campus.readable}
    return [row for row in ask("SELECT url, views FROM article WHERE site = ?", site) if truths[row[0]] != row[1]]


def test_a_poll_of_everything_reads_each_count_once(held, poll, ask):
    held.advance(5)
    done = poll("--all", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    for site in ("vsb", "webplus", "gbk"):
        assert wrong_counts(held, ask, site) == []
    assert [visit.site for visit in held.log.of(kind="counter")].count("webplus") == 1
    assert len(held.log.of("vsb", "counter")) == 2  # some of its pages name the older counter
    assert {visit.site for visit in held.log.of(kind="page")} == {"gbk"}  # which prints its counts on the pages alone
    assert held.log.beacons == []
    assert held.log.twice() == []


def test_what_is_due_is_planned_and_read(held, poll, ask):
    told = json.loads(poll("--site", "webplus", "--plan", "--json").stdout)
    assert held.log.visits == []
    assert told["requests"] == 1
    [run] = json.loads(poll("--site", "webplus", "--json").stdout)["sites"]
    assert (run["site"], run["counts"]) == ("webplus", told["counts"])
    assert {visit.site for visit in held.log.visits} == {"webplus"}
    told = json.loads(poll("--site", "webplus", "--plan", "--json").stdout)
    assert told["requests"] == 0
    assert told["next_due"] > instant(held.now)
    assert poll("--site", "webplus").stderr == f"no count is due; the next is due at {told['next_due']}\n"
    held.advance(26)  # a second reading is due within a day
    assert poll("--max-requests", "1", "--site", "webplus").returncode == 0
    assert wrong_counts(held, ask, "webplus") == []
    assert set(ask("SELECT count(*) FROM view_observation GROUP BY article_id")) == {
        2,
        1,
    }  # gbk: its pages, when stored


def test_batches_that_cannot_be_trusted_are_asked_singly(held, poll, ask):
    for how in ("short", "503", "html"):
        held.advance(5)
        held.fail("batch|articleIds", how)
        assert poll("--all", "--site", "vsb").returncode == 0
        assert wrong_counts(held, ask, "vsb") == [], how
        held.mend()
    failures = ask("SELECT outcome, error FROM capture WHERE kind = 'counter' ORDER BY id")
    assert len(failures) == 6
    assert {outcome for outcome, _ in failures} == {"failed"}
    assert "503" in failures[2][1]


def test_a_counter_that_is_down_gives_no_count(held, poll, ask):
    for how in ("empty", "drop", "illegal"):
        held.fail("_visitcountdisplay|generalQuery", how)
        done = poll("--all", "--site", "webplus")
        assert ask("SELECT count(views) FROM article WHERE site = 'webplus'") == [0]
        assert done.returncode == 3
        assert "could not be read" in done.stderr
        assert held.log.kinds["counter"] == 5, "a batch, a list, and three singles"
        held.log.clear()
        held.mend()
    assert poll("--due", "--site", "webplus").returncode == 0
    assert held.log.visits == [], "it is left in peace for a while"


def test_where_no_batch_is_answered_a_list_brings_the_counts(held, poll, ask):
    held.fail("articleIds", "illegal")
    done = poll("--all", "--site", "webplus")
    assert (done.returncode, wrong_counts(held, ask, "webplus")) == (0, [])
    assert held.log.kinds["counter"] == 2, "the batch, and one list"
    assert ask(
        "SELECT DISTINCT method FROM view_observation o JOIN article a ON a.id = article_id WHERE site = 'webplus'"
    ) == [1]
    held.log.clear()
    held.advance(5)
    assert poll("--all", "--site", "webplus").returncode == 0
    assert [visit.target for visit in held.log.of(kind="counter")] == ["/_wp3services/generalQuery?queryObj=articles"]
    assert wrong_counts(held, ask, "webplus") == []
    held.mend()
    held.fail("generalQuery", "404")
    held.advance(5)
    assert poll("--all", "--site", "webplus").returncode == 0, "what the list does not bring is asked singly"
    assert wrong_counts(held, ask, "webplus") == []
    held.log.clear()
    assert poll("--all", "--site", "webplus").returncode == 0
    assert held.log.kinds["counter"] == 1, "and then in batches again"
    assert held.log.beacons == []


@pytest.mark.parametrize("how", ["html", "404", "empty", "minus"])
def test_a_list_that_is_closed_leads_to_singles(held, poll, ask, how):
    held.fail("articleIds", "illegal")
    held.fail("generalQuery", how)
    assert poll("--all", "--site", "webplus").returncode == 0
    assert wrong_counts(held, ask, "webplus") == []
    assert held.log.kinds["counter"] == 2 + sum(truth.site == "webplus" for truth in held.readable)
    failed = ask("SELECT url FROM capture WHERE kind = 'counter' AND outcome = 'failed' ORDER BY id")
    assert ["articleIds" in failed[0], "generalQuery" in failed[1], len(failed)] == [True, True, 2]


def test_a_budget_holds_also_where_batches_fail(held, poll, ask):
    held.fail("batch", "503")
    done = poll("--all", "--site", "vsb", "--max-requests", "6")
    assert done.returncode == 0
    assert held.log.kinds["counter"] == 6
    assert "are left for a later run" in done.stderr
    held.mend()
    assert poll("--site", "vsb").returncode == 0
    assert wrong_counts(held, ask, "vsb") == [], "they stayed due"


def test_one_unknown_count_spoils_no_other_batch(held, poll, ask):
    held.fail("dynclicksbatch", "minus", times=1)
    assert poll("--all", "--site", "vsb").returncode == 0
    assert wrong_counts(held, ask, "vsb") == []


def test_a_counter_that_does_not_know(held, poll, ask):
    held.fail("dynclicks", "minus")
    assert poll("--all", "--site", "vsb").returncode == 0
    known = ask("SELECT counter_family FROM article WHERE site = 'vsb' AND views IS NOT NULL")
    assert set(known) == {"vsb-clicktimes"}
    assert ask("SELECT count(*) FROM capture WHERE error LIKE 'unknown (-1)%'")[0] > 0


@pytest.mark.slow
def test_polls_run_beside_a_crawl(held, poll, ask, tmp_path):
    ahead = (held.now - datetime.now(UTC)).total_seconds()
    pace = ("-s", "DOWNLOAD_DELAY=0.15", "-s", f"CLOCK_OFFSET={ahead:.3f}")
    command = [sys.executable, "-m", "newsspider", "crawl", *held.urls.values(), "--revisit", "all", *pace]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as crawling:
        while not held.log.of("vsb", "page"):
            time.sleep(0.05)
        polled = []
        while crawling.poll() is None:
            polled.append(poll("--all", "--quiet"))
        _, said = crawling.communicate(timeout=60)
    assert polled
    assert {(done.returncode, done.stderr) for done in polled} == {(0, "")}
    assert (crawling.returncode, "locked" in said) == (0, False)
    assert set(ask("SELECT reason FROM crawl")) == {"finished"}
    with Archive(tmp_path / "archive.db") as archive:
        assert list(fixity.verify(archive)) == []


def test_a_short_budget_is_spent_on_the_most_urgent(held, poll, ask):
    assert poll("--all", "--quiet").returncode == 0
    held.advance(48)
    told = json.loads(poll("--plan", "--json").stdout)
    urgencies = [batch["urgency"] for batch in told["batches"]]
    assert (len(urgencies) > 2, urgencies) == (True, sorted(urgencies, reverse=True))
    held.log.clear()
    assert told["wait"] == 0
    assert json.loads(poll("--plan", "--max-requests", "1", "--json").stdout)["wait"] == told["requests"] - 1
    assert f"; {told['requests'] - 2} requests more for later runs" in poll("--plan", "--max-requests", "2").stdout
    [run] = json.loads(poll("--max-requests", "1", "--json").stdout)["sites"]
    assert (run["requests"], run["counts"]) == (2, told["batches"][0]["counts"]), (
        "robots.txt, and the first of the plan"
    )
    again = json.loads(poll("--plan", "--json").stdout)
    assert again["requests"] == told["requests"] - 1


def test_what_robots_txt_forbids_is_not_asked(held, poll, ask):
    held.sites["webplus"].robots = "User-agent: *\nDisallow: /_\n"
    done = poll("--all", "--site", "webplus")
    assert done.returncode == 3
    assert "robots.txt" in done.stderr
    assert held.log.kinds == {"robots": 1}
    assert ask("SELECT count(views) FROM article WHERE site = 'webplus'") == [0]


@pytest.mark.slow
def test_a_host_that_is_down_is_a_line_each(campus, poll, ask, tmp_path):
    store(campus, tmp_path / "archive.db")
    campus.__exit__(None, None, None)
    done = poll("--all", "--site", "webplus", "--quiet")
    assert done.returncode == 3
    [line] = done.stderr.splitlines()
    assert "/_visitcountdisplay could not be read: the counter does not answer: connection refused" in line
    assert ask("SELECT count(*) FROM capture WHERE kind = 'counter' AND status IS NULL") == [5]


def test_a_site_that_is_not_there(held, poll):
    done = poll("--site", "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
