"""Bad input: each ends in a clear message, the rest of the crawl goes on, and nothing stored is lost."""

from __future__ import annotations

import fcntl
import os
import runpy
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import crawl_of
from looks import Look, record

from newsspider.archive import Archive, Full
from newsspider.demo import Campus

WAYS = {
    **{status: f"HTTP {status}" for status in ("403", "404", "412", "500", "502")},
    "empty": "empty: ",
    "cut": "the answer broke off",
    "drop": "",
    "maze": "max redirections reached",
    "loop": "max redirections reached",
    "login": "login: ",
    "captcha": "captcha: ",
    "challenge": "challenge: ",
    "pdf": "file: ",
    "big": "too large",
    "slow": "timed out",
}

KILLS = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "kills.py"))


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """A crawl in which one article fails in each way: what is recorded of each, and the addresses of the articles stored."""
    folder = tmp_path_factory.mktemp("spoilt")
    with Campus() as campus:
        alone = [truth.url for truth in campus.readable if truth.site == "vsb" and len(truth.urls) == 1]
        victims = dict(zip(WAYS, alone, strict=False))
        for how, url in victims.items():
            campus.fail(url.partition("/info")[2], how, seconds=12)
        settings = ("-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_TIMEOUT=6")
        done = crawl_of(campus, folder)(campus.urls["vsb"], campus.urls["vsb-notices"], *settings)
        others = [truth for truth in campus.readable if truth.site == "vsb" and truth.url not in victims.values()]
    assert done.returncode == 0, done.stderr
    with Archive(folder / "archive.db") as archive:
        failed = dict(map(tuple, archive.rows("SELECT url, error FROM capture WHERE outcome = 'failed'")))
        held = {row[0] for row in archive.rows("SELECT url FROM article WHERE kind = 'article'")}
    return {how: failed.get(url) for how, url in victims.items()}, held, [set(truth.urls) for truth in others]


@pytest.mark.parametrize("how", WAYS)
def test_what_is_wrong_with_a_page_is_recorded(spoilt, how):
    assert WAYS[how] in spoilt[0][how]


def test_a_page_that_fails_stops_no_other(spoilt):
    _, held, others = spoilt
    assert len(held) == len(others)
    assert all(addresses & held for addresses in others)


def test_a_wrong_charset_declaration_changes_nothing(crawl, campus, ask):
    campus.fail(r"/info/|sview", "charset")
    crawl(campus.urls["vsb"], campus.urls["gbk"])
    titles = {url: truth.title for truth in campus.readable for url in truth.urls}
    held = dict(ask("SELECT url, title FROM article WHERE kind = 'article'"))
    assert held
    assert {url: titles[url] for url in held} == held


@pytest.mark.parametrize("how", ["empty", "503"])
def test_a_page_that_fails_once_is_asked_for_again(crawl, campus, ask, how):
    truth = next(truth for truth in campus.readable if truth.site == "vsb" and len(truth.urls) == 1)
    campus.fail(truth.url.partition("/info")[2], how, times=1)
    assert crawl(campus.urls["vsb"]).returncode == 0
    assert ask("SELECT count(*) FROM article WHERE url = ?", truth.url) == [1]


def test_what_could_not_be_read_is_tried_again_soon_however_old(crawl, campus, ask):
    truth = min((truth for truth in campus.readable if truth.site == "vsb"), key=lambda truth: truth.published)
    campus.fail(truth.url.partition("/info")[2], "503")
    crawl(campus.urls["vsb"], campus.urls["vsb-notices"], "-s", "RETRY_TIMES=0")
    assert ask("SELECT count(*) FROM article WHERE url = ?", truth.url) == [0]
    campus.mend()
    campus.pass_time()
    crawl(campus.urls["vsb"], campus.urls["vsb-notices"])
    assert ask("SELECT count(*) FROM article WHERE url = ?", truth.url) == [1]


@pytest.mark.parametrize("how", ["self", "endless"])
def test_a_listing_that_goes_on_for_ever_ends(crawl, campus, how):
    campus.fail("zhxw", how)
    assert crawl(campus.urls["vsb"]).returncode == 0
    assert len([visit for visit in campus.log.of("vsb", "page") if "zhxw" in visit.target]) < 10


def test_a_site_that_does_not_exist_fails_alone(crawl, campus, ask):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    refused, unknown = f"http://127.0.0.1:{port}/a.htm", "http://no-such-host.invalid/a.htm"
    done = crawl(refused, unknown, campus.urls["gbk"], "-s", "RETRY_TIMES=0")
    assert done.returncode == 3
    assert f"{refused} could not be read: connection refused" in done.stderr
    assert f"{unknown} could not be read: no such host" in done.stderr
    assert ask("SELECT count(*) FROM article WHERE kind = 'article'") == [
        sum(truth.site == "gbk" for truth in campus.readable)
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["crawl"], "name at least one site"),
        (["crawl", "no-such-site"], "no site is named 'no-such-site'"),
        (["crawl", "ftp://example.edu.cn/"], "neither the name of a site nor an http(s) address"),
        (["crawl", "http://127.0.0.1:9/", "-s", "DOWNLOAD_DELAY"], "it takes NAME=VALUE"),
        (["show", "1"], "there is no archive at archive.db"),
        (["status", "--archive", "."], "is a directory"),
    ],
)
def test_wrong_use_is_told(newsspider, arguments, says):
    done = newsspider(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_site_file_that_is_wrong_names_file_and_key(newsspider, tmp_path):
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "mine.toml").write_text(
        'name = "mine"\nlistings = ["https://example.edu.cn/a.htm"]\nlisting = "x"\n'
    )
    done = newsspider("crawl", "mine")
    assert done.returncode == 2
    assert "mine.toml: no key is named listing" in done.stderr


def test_a_file_that_is_not_ours_is_left_alone(newsspider, tmp_path, campus):
    path = tmp_path / "archive.db"
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE diary (day TEXT)")
    conn.close()
    before = path.read_bytes()
    for verb in (["crawl", campus.urls["gbk"]], ["status"]):
        done = newsspider(*verb)
        assert done.returncode == 2
        assert "is not an archive of newsspider" in done.stderr
    assert path.read_bytes() == before


def test_a_text_file_is_no_archive(newsspider, tmp_path):
    (tmp_path / "archive.db").write_text("dear diary, " * 1000)
    done = newsspider("status")
    assert done.returncode == 5
    assert "archive.db is damaged" in done.stderr


def test_an_archive_from_the_future_says_what_to_install(newsspider, tmp_path, crawl, campus):
    crawl(campus.urls["gbk"])
    with sqlite3.connect(tmp_path / "archive.db") as conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('newsspider', 'm999_later', '')"
        )
        conn.execute("UPDATE crawl SET version = '9.1'")
        # A later version seals what it writes; without its seal the list counts as whole.
        conn.execute("DELETE FROM seal WHERE name = '_sqlite_migrations'")
    conn.close()
    for verb in (["status"], ["crawl", campus.urls["gbk"]]):
        done = newsspider(*verb)
        assert done.returncode == 2
        assert "install newsspider 9.1 or later" in done.stderr


def test_an_archive_that_is_being_written_is_waited_for_then_left(newsspider, tmp_path, crawl, campus):
    crawl(campus.urls["gbk"])
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = newsspider("crawl", campus.urls["gbk"], "-s", "ARCHIVE_BUSY=0.2")
    other.execute("ROLLBACK")
    other.close()
    assert done.returncode == 75
    assert "is locked by another program" in done.stderr


def test_two_crawls_of_one_archive_do_not_meet(newsspider, tmp_path, campus):
    lock = (tmp_path / "archive.db.crawl.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    done = newsspider("crawl", campus.urls["gbk"])
    lock.close()
    assert done.returncode == 75
    assert "another crawl of archive.db is running" in done.stderr


@pytest.fixture
def small_disk(tmp_path):
    """The test's folder as a disk of its own; call it to leave that many bytes free."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(tmp_path)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk")

    def leave(free):
        there = os.statvfs(tmp_path)
        (tmp_path / "filler").write_bytes(bytes(there.f_bavail * there.f_frsize - free))

    yield leave
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)  # a process may be about to leave it


def test_a_full_disk_loses_nothing_that_was_stored(small_disk, tmp_path, crawl, campus, ask):
    assert crawl(campus.urls["gbk"]).returncode == 0
    before = ask("SELECT url, title, views FROM article ORDER BY id")
    small_disk(100_000)
    done = crawl(campus.urls["webplus"], campus.urls["vsb"], campus.urls["vsb-notices"])
    assert done.returncode == 1
    assert "no room left to write archive.db" in done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    (tmp_path / "filler").unlink()
    assert ask("SELECT url, title, views FROM article WHERE site LIKE '127.0.0.3%' ORDER BY id") == before
    assert ask("PRAGMA integrity_check") == ["ok"]
    assert crawl(*campus.urls.values()).returncode == 0, "with room again, the rest comes"
    assert ask("SELECT count(*) FROM article WHERE kind = 'article'") == [len(campus.readable)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("verb", "free"), [("reparse", 150_000), ("ingest", 150_000), ("ingest", 900_000), ("merge", 150_000)]
)
def test_a_full_disk_in_the_middle_of_other_verbs(small_disk, tmp_path, newsspider, verb, free):
    with KILLS["cases"](tmp_path / "made", [verb]) as cases:
        case = cases[verb]
    shutil.copytree(case.start, tmp_path, dirs_exist_ok=True)
    small_disk(free)
    done = newsspider(*case.command)
    assert done.returncode == 1, done.stderr
    assert "no room left to write archive.db" in done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    (tmp_path / "filler").unlink()
    assert newsspider("verify").returncode == 0
    assert newsspider(*case.command).returncode == 0, "with room again, the rest comes"
    assert newsspider("verify").returncode == 0
    case.whole(case.start)  # never a full disk
    assert KILLS["state"](tmp_path / "archive.db", False) == KILLS["state"](case.start / "archive.db", False)


def test_a_full_disk_leaves_no_half_of_a_file(small_disk, tmp_path, newsspider):
    with Archive(tmp_path / "archive.db", write=True) as archive:
        record(archive, [Look(1, "http://campus.test/info/1001/1.htm", "甲")])
    small_disk(0)
    for verb in (["compact"], ["export"], ["export", "--format", "warc"], ["report"], ["backup", "kept"]):
        done = newsspider(*verb)
        assert done.returncode == 1, (verb, done.stderr)
        assert "no room left to write" in done.stderr
        assert not list(tmp_path.rglob("*.part"))
        for folder in ("export", "report", "kept"):
            shutil.rmtree(tmp_path / folder, ignore_errors=True)
    (tmp_path / "filler").unlink()
    assert newsspider("verify").returncode == 0


def test_a_full_archive_takes_nothing_of_a_batch(tmp_path):
    """The same without a disk: SQLite may not grow the file."""
    with Archive(tmp_path / "archive.db", write=True) as archive:
        (pages,) = archive.conn.execute("PRAGMA page_count").fetchone()
        archive.conn.execute(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(Full, match="no room left"), archive.transaction() as conn:
            conn.execute(
                "INSERT INTO payload (digest, body, encoding, size) VALUES ('a', zeroblob(100000), 'identity', 100000)"
            )
        assert archive.rows("SELECT count(*) FROM payload")[0][0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("moment", [0.7, 1.1, 1.5])
def test_a_killed_crawl_is_completed_by_the_next(tmp_path, campus, crawl, ask, moment):
    campus.fail(".*", "slow", seconds=0.03)
    ahead = (campus.now - datetime.now(UTC)).total_seconds()
    command = [sys.executable, "-m", "newsspider", "crawl", *campus.urls.values()]
    victim = subprocess.Popen(
        [*command, "-s", "DOWNLOAD_DELAY=0.001", "-s", f"CLOCK_OFFSET={ahead:.3f}", "-q"], cwd=tmp_path, env=os.environ
    )
    time.sleep(moment)
    victim.kill()
    victim.wait()
    campus.mend()
    assert crawl(*campus.urls.values()).returncode == 0
    assert ask("PRAGMA integrity_check") == ["ok"]
    assert ask("SELECT count(*) FROM article WHERE kind = 'article'") == [len(campus.readable)]
    truth = {url: (one.title, one.views) for one in campus.readable for url in one.urls}
    held = ask("SELECT url, title, views FROM article WHERE kind = 'article'")
    assert all(truth[url] == (title, views) for url, title, views in held)
