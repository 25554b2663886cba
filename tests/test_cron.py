"""What a run by the clock may rely on: exit codes, lines for the operator, the JSON summary, the log file, the monitor."""

from __future__ import annotations

import http.server
import json
import logging
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest

from newsspider import site as sites
from newsspider.cli import outcome, pings, running, scheduled, wishes, words
from newsspider.cli.outcome import Run
from newsspider.items import Site


def concluded(capsys, *runs: Run, as_json: bool = False, quiet: bool = False, files: tuple[str, ...] = ()):
    code = outcome.conclude(runs, as_json, quiet, files=files)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_run_that_went_well_is_silent_where_it_is_to_be(capsys):
    run = Run(site="a", found={"new": 2, "counts": 1}, reason="finished", requests=5)
    assert concluded(capsys, run, quiet=True) == (0, "", "")
    assert concluded(capsys, run) == (0, "", "a: 2 new; 1 count (5 requests)\n")


@pytest.mark.parametrize("reason", ["shutdown", "max-time", "closespider_timeout", outcome.UNBEGUN])
def test_a_run_that_was_told_to_stop_has_not_failed(capsys, reason):
    code, _, said = concluded(capsys, Run(site="a", reason=reason))
    assert code == 0
    assert "next" in said
    assert "nothing new" not in said
    assert concluded(capsys, Run(site="a", reason=reason), quiet=True) == (0, "", "")


def test_a_dead_site_is_never_one_with_nothing_new(capsys):
    dead = Run(site="a", unread={"http://a.test/": "no such host (DNS)"}, reason="finished", requests=6)
    code, _, said = concluded(capsys, dead)
    assert code == 3
    assert said == "a: failed (6 requests)\na: http://a.test/ could not be read: no such host (DNS)\n"
    assert concluded(capsys, dead, quiet=True)[2] == "a: http://a.test/ could not be read: no such host (DNS)\n"


def test_the_worst_of_some_sites_is_the_exit_code(capsys):
    well, dead = Run(site="a", reason="finished"), Run(site="b", reason="finished", unread={"u": "w"})
    ill, crashed = Run(site="c", reason="finished", health=["x"]), Run(site="d", reason="finished", crashes=1)
    codes = [concluded(capsys, *runs)[0] for runs in ([well], [well, ill], [ill, dead], [dead, crashed, ill])]
    assert codes == [0, 4, 3, 1]
    assert concluded(capsys, well, files=("sites/x.toml: no listings",))[0] == 3
    emptied = Run(
        site="e", reason="finished", unread={"u": "no list"}, health=["u holds no entries"], emptied=frozenset("u")
    )
    assert concluded(capsys, emptied)[0] == 4, "a listing that answered was not unreachable"


def test_the_json_summary_has_the_same_keys_after_every_run(capsys):
    nothing = json.loads(concluded(capsys, as_json=True)[1])
    some = json.loads(
        concluded(capsys, Run(site="a", found={"new": 1, "file failed": 2}, reason="finished"), as_json=True)[1]
    )
    dead = json.loads(concluded(capsys, Run(site="a", unread={"u": "w"}, reason="finished"), as_json=True)[1])
    assert nothing.keys() == some.keys() == dead.keys()
    assert some["sites"][0].keys() == dead["sites"][0].keys()
    assert (nothing["new"], nothing["stopped"], some["new"], some["gone"], some["files_failed"]) == (0, None, 1, 0, 2)
    assert (dead["exit_code"], dead["failed_sites"]) == (3, ["a"])


# Sites of one host


class Stub:
    """A crawler that ends when told to."""

    def __init__(self, *listings: str) -> None:
        self.spidercls = type("Spider", (), {"name": listings[0], "site": Site(name="x", listings=listings)})
        self.stats, self.engine = None, None


class Process:
    def __init__(self) -> None:
        self.begun: list[Stub] = []

    def crawl(self, crawler: Stub):
        self.begun.append(crawler)
        return type("Task", (), {"add_done_callback": lambda *_: None, "cancelled": lambda _: True})()


def test_sites_of_one_host_wait_for_each_other():
    one, two, other = Stub("http://a.test/1"), Stub("http://a.test:81/2"), Stub("http://b.test/")
    process = Process()
    queue = running.Queue(process, [one, two, other], {}, 16)
    queue.begin(None)
    assert process.begun == [one, other]
    queue._done(one, process.crawl(other))
    assert process.begun[-1] is two


def test_no_more_sites_are_crawled_at_once_than_was_said():
    process = Process()
    queue = running.Queue(process, [one := Stub("http://a.test/"), two := Stub("http://b.test/")], {}, 1)
    queue.begin(None)
    assert process.begun == [one]
    queue._done(one, process.crawl(two))
    assert process.begun[-1] is two


def test_nothing_begins_after_a_signal():
    one, two = Stub("http://a.test/1"), Stub("http://a.test/2")
    process = Process()
    queue = running.Queue(process, [one, two], {}, 16)
    queue.begin(None)
    one.stats = type("Stats", (), {"get_stats": lambda _: {"finish_reason": "shutdown"}})()
    queue._done(one, type("Task", (), {"cancelled": lambda _: True})())
    assert (process.begun, queue.waiting) == ([one], [two])


# Site files


def test_one_bad_site_file_costs_that_site(tmp_path: Path):
    (tmp_path / "good.toml").write_text('listings = ["http://a.test/"]')
    (tmp_path / "bad.toml").write_text("listings = [")
    (tmp_path / "twin.toml").write_text('name = "good"\nlistings = ["http://b.test/"]')
    chosen, wrong = sites.folder(tmp_path)
    assert [site.name for site in chosen] == ["good"]
    assert [str(error).partition(":")[0] for error in wrong] == [
        str(tmp_path / "bad.toml"),
        str(tmp_path / "twin.toml"),
    ]
    assert sites.named("good", tmp_path).listings == ("http://a.test/",)
    with pytest.raises(sites.SiteError, match=r"bad\.toml"):
        sites.named("bad", tmp_path)
    with pytest.raises(sites.SiteError, match="did you mean good"):
        sites.named("goood", tmp_path)


# Values of options


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2015-01-01", "2015-01-01"),
        ("2021/05/20", "2021-05-20"),
        ("2021.5.20", "2021-05-20"),
        ("20210520", "2021-05-20"),
        ("2021年5月20日", "2021-05-20"),
        ("2021-05", "2021-05-01"),
        ("2021", "2021-01-01"),
        ("today", "2026-03-01"),
        ("Yesterday", "2026-02-28"),
        ("30 days ago", "2026-01-30"),
    ],
)
def test_days(text, means):
    assert words.day(text, date(2026, 3, 1)).isoformat() == means


@pytest.mark.parametrize("text", ["", "soon", "2021-13-01", "2021-02-30", "20-05-2021", "2021-05-20 x", "-1"])
def test_what_is_no_day_is_refused_with_what_is_taken(text):
    with pytest.raises(ValueError, match="yesterday"):
        words.day(text, date(2026, 3, 1))


def test_spans():
    assert [words.seconds(text) for text in ("90s", "30m", "1h30m", "2d")] == [90, 1800, 5400, 172800]
    for wrong in ("", "30", "m", "0s", "-5m", "2 hours"):
        with pytest.raises(ValueError, match="30m"):
            words.seconds(wrong)


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("DOWNLOAD_DELAY", "NAME=VALUE"),
        ("DOWNLOAD_DELAY=abc", "a number"),
        ("CLOCK=noon", "an instant, as 2023-04-21T08:00:00Z"),
        ("SITES_AT_ONCE=-1", "not below zero"),
        ("DOWNLOAD_DELAY=-1", "not below zero"),
        ("DOWNLOAD_DELAY=nan", "a number"),
        ("RETRY_TIMES=1.5", "a whole number"),
        ("ROBOTSTXT_OBEY=maybe", "1 or 0"),
        ("LOG_LEVEL=loud", "WARNING"),
        ("DEFAULT_REQUEST_HEADERS=x", "JSON"),
        ("DOWNLAOD_DELAY=1", "did you mean DOWNLOAD_DELAY"),
        ("robotstxt_obey=1", "did you mean ROBOTSTXT_OBEY"),
    ],
)
def test_a_setting_that_is_none_is_refused_before_anything_starts(setting, says):
    with pytest.raises(click.UsageError, match=says):
        wishes.pairs((setting,))


def test_settings_that_are_some():
    asked = ("DOWNLOAD_DELAY=0.5", "BEACONS=/hit,/stat", "ROBOTSTXT_OBEY=0", "CLOCK_OFFSET=-3600", "USER_AGENT=a=b")
    assert wishes.pairs(asked)["USER_AGENT"] == "a=b"


# The monitor


class Monitor(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append((self.path, said))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def monitor() -> Iterator[http.server.HTTPServer]:
    with http.server.HTTPServer(("127.0.0.1", 0), Monitor) as server:
        server.heard, server.status = [], 200
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def pinged(monitor, run):
    url = f"http://127.0.0.1:{monitor.server_port}/ping/x?create=1"
    try:
        return pings.around(url, run, lambda error: 75 if isinstance(error, LookupError) else None)
    finally:
        monitor.heard[:] = [(path.removeprefix("/ping/x").partition("?")[0], said) for path, said in monitor.heard]


def test_a_monitor_hears_of_start_and_success(monitor):
    assert pinged(monitor, lambda: 0) == 0
    assert monitor.heard == [("/start", ""), ("", "")]


def test_a_monitor_hears_of_failures(monitor):
    assert pinged(monitor, lambda: 3) == 3

    def locked() -> int:
        raise LookupError("another holds it")

    def wrong() -> int:
        raise click.UsageError("no such")

    def crash() -> int:
        return 1 // 0

    for run, kind in ((locked, LookupError), (wrong, click.UsageError), (crash, ZeroDivisionError)):
        with pytest.raises(kind):
            pinged(monitor, run)
    ends = [(path, said) for path, said in monitor.heard if path != "/start"]
    assert [path for path, _ in ends] == ["/3", "/75", "/2", "/fail"]
    assert ends[1][1] == "another holds it"


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_monitor_that_is_ill_changes_nothing(monitor, capsys, status):
    monitor.status = status
    assert pinged(monitor, lambda: 0) == 0
    assert f"HTTP {status}" in capsys.readouterr().err
    assert len(monitor.heard) == 4, "asked twice each time, and followed nowhere"


def test_a_monitor_that_is_away_changes_nothing(monitor, capsys):
    monitor.server_close()
    assert pings.around(f"http://127.0.0.1:{monitor.server_port}/", lambda: 4, lambda _: None) == 4
    assert "refused" in capsys.readouterr().err


# The log file


def test_the_log_file_survives_its_rotation(tmp_path: Path, capsys):
    path = tmp_path / "log" / "crawl.log"
    with scheduled.logged(path):
        scheduled.say("one", shown=False)
        path.rename(tmp_path / "crawl.log.1")
        scheduled.say("two")
        logging.getLogger("scrapy.core").info("noise")
        logging.getLogger("newsspider.spiders").warning("a warning")
    scheduled.say("after", shown=False)
    assert (tmp_path / "crawl.log.1").read_text().endswith("one\n")
    lines = path.read_text().splitlines()
    assert [line.rpartition(": ")[2] for line in lines] == ["two", "a warning"]
    assert capsys.readouterr().err == "two\n"


# On the campus


def test_a_crawl_of_all_sites_goes_on_where_one_is_dead_or_its_file_is_wrong(newsspider, campus, tmp_path, monitor):
    folder = tmp_path / "sites"
    folder.mkdir()
    (folder / "living.toml").write_text(f'listings = ["{campus.urls["gbk"]}"]')
    (folder / "dead.toml").write_text('listings = ["http://127.0.0.9:1/news.htm"]')
    (folder / "wrong.toml").write_text('listing = "http://a.test/"')
    ping = f"http://127.0.0.1:{monitor.server_port}"
    fast = ("-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0")
    done = newsspider("crawl", "--all", "--json", "--ping", ping, "--log-file", "crawl.log", *fast)
    assert done.returncode == 3
    told = json.loads(done.stdout)
    assert (told["new"], told["failed_sites"]) == (12, ["dead"])
    assert "wrong.toml" in told["site_files"][0]
    assert "Traceback" not in done.stderr
    assert "refused: " not in done.stderr, "no stutter"
    assert [path for path, _ in monitor.heard] == ["/start", "/3"]
    assert "living: 12 new" in (tmp_path / "crawl.log").read_text()


def test_a_crawl_ends_well_when_its_time_is_up(newsspider, campus, ask):
    done = newsspider("crawl", campus.urls["vsb"], "--max-time", "1s", "-s", "DOWNLOAD_DELAY=0.2")
    assert done.returncode == 0, done.stderr
    assert "stopped by --max-time" in done.stderr
    assert ask("SELECT reason FROM crawl") == ["max-time"]
