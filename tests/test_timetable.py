"""The lines and units that run newsspider by the clock, and the check of all that they rely on."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsspider.archive import Archive, condition
from newsspider.cli import doctor, hosts, schedule

RULES = """
[[rules]]
name = "edits"
when = ["edited"]
to = ["feed"]

[ways.feed]
kind = "feed"
path = "alerts.atom"
"""


def ran(verb, *arguments: object):
    return CliRunner().invoke(verb, [*map(str, arguments)], standalone_mode=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A path that needs quotes everywhere."""
    path = tmp_path / "100% news"
    (path / "sites").mkdir(parents=True)
    (path / "sites" / "a.toml").write_text('listings = ["http://a.test/"]')
    return path


def test_lines_for_cron_have_absolute_paths(folder, monkeypatch):
    monkeypatch.chdir(folder)
    lines = ran(schedule.schedule, "--ping", "https://hc.example/x", "--contact", "me@x.org").output.splitlines()
    jobs = [line for line in lines if not line.startswith("#") and "=" not in line.partition(" ")[0]]
    assert [line.split("  cd ")[0] for line in jobs][1] == "*/10 * * * *"
    assert len(jobs) == 4
    for line in jobs:
        assert f"{folder}/archive.db".replace("%", r"\%") in line
        assert "%" not in line.replace(r"\%", ""), "cron ends a command at %"
        assert "--quiet" in line
    assert jobs[0].endswith("--ping https://hc.example/x/crawl")
    assert "NEWSSPIDER_CONTACT=me@x.org" in lines


def test_alerts_are_scheduled_where_there_are_rules(folder):
    (folder / "alerts.toml").write_text(RULES)
    output = ran(schedule.schedule, "--archive", folder / "archive.db").output
    assert re.search(r"^5-59/10 \* \* \* \*  cd .+newsspider alerts --archive .+archive\.db' --quiet$", output, re.M)
    units = folder / "units"
    ran(schedule.schedule, "--systemd", "--out", units, "--archive", folder / "archive.db")
    assert "OnCalendar=*:5/10" in (units / "newsspider-alerts.timer").read_text()


def test_units_hide_no_failure_and_are_well_formed(folder):
    out = folder / "units"
    done = ran(schedule.schedule, "--systemd", "--out", out, "--user", "root", "--archive", folder / "archive.db")
    assert done.exit_code == 0
    units = sorted(out.iterdir())
    assert len(units) == 8
    for unit in units:
        lines = unit.read_text().splitlines()
        assert not any(line.startswith("SuccessExitStatus") for line in lines)
        assert all("100%% news" in line for line in lines if "ExecStart" in line or "WorkingDirectory" in line)
    if shutil.which("systemd-analyze"):
        found = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
        assert (found.returncode, found.stderr) == (0, "")


def test_sites_without_files_are_scheduled_by_name(tmp_path):
    with Archive(tmp_path / "archive.db", write=True) as held:
        held.conn.execute("INSERT INTO site (name, timezone) VALUES ('a.test', 'UTC')")
    assert "crawl a.test --archive" in ran(schedule.schedule, "--archive", tmp_path / "archive.db").output


# The doctor


def checked(archive: Path, *arguments: str):
    done = ran(doctor.doctor, "--json", "--archive", archive, *arguments)
    return done.return_value, {
        (one["what"], one["state"]): f"{one['said']}; {one['do']}" for one in json.loads(done.output)
    }


def test_all_is_well(folder):
    with Archive(folder / "archive.db", write=True):
        pass
    code, found = checked(folder / "archive.db", "--offline")
    assert code == 0
    assert not any(state == "ill" for _, state in found)
    assert ("site files", "well") in found


def test_what_is_not_well_says_what_to_do(folder, monkeypatch):
    (folder / "sites" / "b.toml").write_text("listings = 1")
    with Archive(folder / "archive.db", write=True) as held:
        later = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"
        held.conn.execute("INSERT INTO crawl (uuid, kind, started_at, version) VALUES ('u', 'crawl', ?, '0')", (later,))
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    code, found = checked(folder / "archive.db", "--offline")
    assert code == 4
    assert {what for what, state in found if state == "ill"} == {"disk", "site file", "clock"}
    assert "timedatectl" in found["clock", "ill"]
    assert "b.toml" in found["site file", "ill"]


@pytest.mark.parametrize(
    ("rules", "state", "says"),
    [
        ("RULES", "well", "1 rule and 1 way"),
        ('to = ["nobody"]', "ill", "nobody"),
        ('to = ["feed"]\nsite = "nope"', "ill", "nope"),
        ("rules = ", "ill", "alerts.toml"),
    ],
)
def test_rules_of_alerts_are_checked(folder, rules, state, says):
    with Archive(folder / "archive.db", write=True):
        pass
    text = RULES if rules == "RULES" else RULES.replace('to = ["feed"]', rules) if "to" in rules else rules
    (folder / "alerts.toml").write_text(text)
    code, found = checked(folder / "archive.db", "--offline")
    assert says in found["alerts", state]
    assert code == (0 if state == "well" else 4)


def test_a_damaged_archive_has_an_exit_code_of_its_own(folder):
    with Archive(folder / "archive.db", write=True):
        pass
    with (folder / "archive.db").open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 20_000)
    code, found = checked(folder / "archive.db", "--offline")
    assert code == 5
    assert "backup" in found["archive", "ill"]


def test_sites_are_asked_once_each(folder, campus):
    urls = [campus.urls["vsb"], campus.urls["gbk"], "http://127.0.0.9:1/news.htm", "http://nowhere.invalid/"]
    for number, url in enumerate(urls):
        (folder / "sites" / f"s{number}.toml").write_text(f'listings = ["{url}"]')
    (folder / "sites" / "a.toml").unlink()
    code, found = checked(folder / "archive.db")
    assert code == 4
    assert [visit.target for visit in campus.log.visits] == ["/robots.txt"] * 2
    said = " ".join(found.values())
    assert ("site", "well") in found
    assert "site" in {what for what, state in found if state == "ill"}
    assert "nowhere" not in found["site", "well"]
    assert "open http" in said


def test_what_the_network_says_is_told_in_words():
    assert hosts._words(ConnectionRefusedError(111, "Connection refused")) == "connection refused"
    assert hosts._words(TimeoutError("timed out")) == "timed out"
    assert hosts._words(ssl.SSLError(1, "[SSL] wrong version")).startswith("no TLS connection: ")


def test_this_sqlite_has_what_is_needed(monkeypatch):
    assert list(condition.missing()) == []
    monkeypatch.setattr(condition.sqlite3, "sqlite_version_info", (3, 31, 0))
    assert any("3.37" in line for line in condition.missing())
