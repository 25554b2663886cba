"""Alerts: what rules tell of, and that each goes out once, in order, whatever happens. Receivers are real servers on loopback."""

from __future__ import annotations

import json
import random
import runpy
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import forked
import pytest
from click.testing import CliRunner
from looks import Look, record

from newsspider.alerts import messages, rules, sending, ways
from newsspider.archive import Archive, fixity, occasions, outbox, spikes
from newsspider.archive.occasions import Occasion
from newsspider.cli.alerts import alerts
from newsspider.cli.show import status
from newsspider.expectation import Reading

BENCH = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "alerts.py"))
ONE, OTHER = "http://campus.test/info/1001/1.htm", "http://campus.test/page/2.html"
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
EDIT = Occasion(
    event="edited",
    at="2026-03-02T00:00:00Z",
    site="campus",
    identity="vsb:9:1",
    url=ONE,
    article_id=1,
    columns=("http://campus.test/xwdt.htm",),
    fields={"title": "招生通知", "body": "招生120人，\x1b[2J欢迎报名。"},
    before={"title": "招生通知", "body": "招生100人，欢迎报名。"},
)
WEB = {"kind": "webhook", "url": "http://hooks.test/x", "secret": "a secret of twenty-four letters"}
FEED = {"kind": "feed", "path": "alerts.atom"}


def of(rule: Mapping[str, Any] = {}, way: Mapping[str, Any] = FEED, **table: Any) -> rules.Rules:
    whole = {"ways": {"desk": way}, "rules": [{"name": "all", "to": ["desk"], **rule}], **table}
    return rules.of(whole, Path("/nowhere"), {"TOKEN": "tgram://1/2"})


# What a rule tells of


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ({}, True),
        ({"when": ["new"]}, False),
        ({"words": "招生 NOT 就业"}, True),
        ({"words": "100人"}, True),  # what was taken out counts, too
        ({"words": "就业"}, False),
        ({"site": "campus"}, True),
        ({"site": ["other"]}, False),
        ({"column": "xwdt"}, True),
        ({"column": "tzgg"}, False),
    ],
)
def test_a_rule_fits(rule: dict[str, Any], fits: bool) -> None:
    assert of(rule).rules[0].fits(EDIT) is fits


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"rules": []}, "no rules"),
        ({"rule": {"when": ["editted"]}}, "'editted' is none; did you mean edited?"),
        ({"rule": {"to": ["disk"]}}, "did you mean desk?"),
        ({"rule": {"to": []}}, "goes nowhere"),
        ({"rule": {"word": "x"}}, "no key is named word; did you mean words?"),
        ({"rule": {"when": ["quiet"], "words": "x"}}, "happen to a site"),
        ({"rule": {"name": " "}}, "rule 1 has no name"),
        ({"rule": {"words": " "}}, "words"),
        ({"way": {"kind": "fax"}}, "there are webhook, mail, apprise, feed"),
        ({"way": WEB}, 'hooks.test is not in allow; allow = ["hooks.test"]'),
        ({"way": {**WEB, "secret": "short"}}, "less than 24 characters"),
        ({"way": {**WEB, "url": "ftp://hooks.test/"}}, "no http"),
        ({"way": {**WEB, "url": "http://me:pw@hooks.test/"}}, "password in it"),
        ({"way": {"kind": "webhook", "url": "http://hooks.test/"}}, "no secret, secret_file or secret_env"),
        ({"way": {**WEB, "secret": None, "secret_file": "none"}}, "secret_file cannot be read"),
        ({"way": {"kind": "apprise", "url_env": "NONE"}}, "the environment has no NONE"),
        ({"way": {"kind": "apprise", "url_env": "TOKEN"}}, 'allow = ["tgram:"]'),
        (
            {"way": {"kind": "mail", "server": "smtp.test", "from": "a@b.test", "to": "c@d.test"}},
            "a list of mail addresses",
        ),
        ({"way": {"kind": "feed", "path": "alerts.html"}}, ".atom, .xml or .json"),
        ({"way": {**FEED, "digest": "daily"}}, "digest: 'daily' is no span"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(table: dict[str, Any], says: str) -> None:
    with pytest.raises(rules.RuleError) as caught:
        of(**table)
    assert says in str(caught.value)
    assert "twenty-four" not in str(caught.value)  # no secret


def test_a_host_is_allowed_by_itself_or_with_its_port() -> None:
    assert of(way=WEB, allow=["HOOKS.test."]).ways["desk"].kind == "webhook"
    assert of(way=WEB | {"url": "http://hooks.test:8443/"}, allow=["hooks.test:8443"])
    with pytest.raises(rules.RuleError, match="not in allow"):
        of(way=WEB | {"url": "http://hooks.test:8444/"}, allow=["hooks.test:8443"])


def test_the_example_is_one() -> None:
    printed = CliRunner().invoke(alerts, ["--example"]).output
    found = rules.of(tomllib.loads(printed), Path("/nowhere"), {})
    assert [rule.name for rule in found.rules] == ["admissions", "watch"]
    bare = printed.replace("# [ways", "[ways").replace("\n# ", "\n")
    assert {*tomllib.loads(bare[bare.index("allow") :])["ways"]} == {"reader", "desk", "mail", "phone"}


# What is said


def test_a_message_has_the_difference_and_nothing_that_steers() -> None:
    about = messages.message(EDIT)
    assert about["changes"] == {
        "body": [
            ["same", "招生"],
            ["gone", "100"],
            ["new", "120"],
            ["same", "人，"],
            ["new", "\\u001b[2J"],
            ["same", "欢迎报名。"],
        ]
    }
    subject, text = messages.together([about])
    assert subject == "Edited: 招生通知 (campus)"
    assert "招生[-100-]{+120+}人" in text
    assert messages.together([about, about])[0] == "2 alerts: Edited: 招生通知 (campus) …"


def test_a_long_difference_is_cut() -> None:
    long = replace(EDIT, fields={"body": "新" * 20_000}, before={"body": "旧" * 20_000})
    assert len(json.dumps(messages.message(long), ensure_ascii=False)) < 2 * messages.DIFFERENCE


def test_the_same_occasion_has_the_same_name() -> None:
    assert messages.uid_of("all", EDIT) == messages.uid_of("all", replace(EDIT, article_id=2))
    assert len({messages.uid_of(rule, one) for rule in "ab" for one in (EDIT, replace(EDIT, event="new"))}) == 4


def test_a_letter_is_plain_text_in_one_line_of_subject() -> None:
    evil = replace(EDIT, fields={"title": "标题\nBcc: x@evil.test", "body": "<script>"})
    message = ways.Message(uid="u1", alerts=[messages.message(evil)])
    letter = ways.letter({"from": "news@campus.test", "to": ["a@campus.test", "b@campus.test"]}, message, BEGIN)
    assert (letter.get_content_type(), letter["Message-ID"], letter["Bcc"]) == ("text/plain", "<u1@newsspider>", None)
    assert "\n" not in letter["Subject"]


def test_a_signature_as_the_standard_has_it() -> None:
    # the example of standard-webhooks' own libraries
    secret, uid, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
    assert ways.signature(secret, uid, at, b'{"test": 2432232314}') == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


# What happened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Archive(path, write=True) as archive:
        record(archive, [Look(1, ONE, "甲"), Look(2, OTHER, "甲")])
        record(archive, [Look(30, ONE, "乙"), Look(40, OTHER, "gone"), Look(50, OTHER, "gone"), Look(60, OTHER, "甲")])
    return path


def test_articles_that_are_new_edited_withdrawn_and_back(path: Path) -> None:
    with Archive(path) as archive:
        found = list(occasions.of_articles(archive, 0, ""))
        assert [(one.event, one.url, one.at[11:16]) for one in found] == [
            ("new", ONE, "00:01"),
            ("new", OTHER, "00:02"),
            ("edited", ONE, "00:30"),
            ("withdrawn", OTHER, "00:40"),
            ("back", OTHER, "01:00"),
        ]
        assert (found[2].before or {})["title"] == "标题甲"
        assert [one.event for one in occasions.of_articles(archive, 2, "2026-03-01T00:35:00Z")] == ["withdrawn", "back"]


def test_what_a_later_parser_reads_is_no_edit(path: Path) -> None:
    with Archive(path, write=True) as archive:
        archive.conn.execute("UPDATE snapshot SET payload_digest = (SELECT min(payload_digest) FROM snapshot)")
        assert "edited" not in [one.event for one in occasions.of_articles(archive, 0, "")]


def test_sites_that_go_quiet_and_are_well_again(path: Path) -> None:
    with Archive(path, write=True) as archive:
        for number, message in ((3, None), (4, "nothing new"), (5, "nothing new"), (6, None)):
            at = f"2026-03-0{number}T00:00:00Z"
            archive.conn.execute(
                "INSERT INTO crawl (id, uuid, kind, started_at, finished_at, version) VALUES (?1,?1,'crawl',?2,?2,'0')",
                (number, at),
            )
            archive.conn.execute("INSERT INTO health VALUES (?,'campus','quiet',1,1,1,?)", (number, message))
        found = list(occasions.of_sites(archive, ""))
    assert [(one.event, one.at[8:10], one.note) for one in found] == [
        ("quiet", "04", "nothing new"),
        ("well", "06", "as it was again: quiet"),
    ]


def test_a_listing_that_fails_twice_is_broken(path: Path) -> None:
    with Archive(path, write=True) as archive:
        archive.conn.execute("INSERT INTO listing (url, site) VALUES ('http://campus.test/l.htm', 'campus')")
        for day, outcome in enumerate(["new", "failed", "revisit", "failed", "failed", "failed", "revisit"], 1):
            archive.conn.execute(
                "INSERT INTO capture (crawl_id, kind, url, captured_at, outcome, error) VALUES (1,'listing',?,?,?,'HTTP 500')",
                ("http://campus.test/l.htm", f"2026-03-0{day}T00:00:00Z", outcome),
            )
        found = [(one.event, one.at[8:10]) for one in occasions.of_sites(archive, "")]
    assert found == [("broken", "05"), ("well", "07")]


HOUR = 3600


@pytest.mark.parametrize(
    ("readings", "spike"),
    [
        ([(0, 10), (24 * HOUR, 60), (30 * HOUR, 5000), (36 * HOUR, 9000)], (30 * HOUR, 60, 5000)),
        ([(0, 10), (6 * HOUR, 5000)], None),  # its first day
        ([(0, 0), (24 * HOUR, 2000), (48 * HOUR, 7000)], None),  # as fast as ever
        ([(0, 4000), (24 * HOUR, 4010), (30 * HOUR, 3), (36 * HOUR, 4020)], None),  # it is back
        ([(0, 10), (24 * HOUR, 20), (48 * HOUR, 900)], None),  # few
        (
            [*((h * HOUR, 10 + h) for h in range(30)), *((h * HOUR, 300 * (h - 29)) for h in range(30, 40))],
            (33 * HOUR, 30, 1200),
        ),
    ],
)
def test_a_count_that_begins_to_run(readings: list[tuple[int, int]], spike: tuple[int, int, int] | None) -> None:
    assert list(spikes.onsets([Reading(*one) for one in readings])) == ([spike] if spike else [])


def test_a_count_above_all_that_was_expected_begins_to_run() -> None:
    readings = [
        Reading(hours * HOUR, views) for hours, views in ((1, 10), (6, 40), (12, 90), (18, 220), (20, 400), (30, 450))
    ]
    bound = spikes.Bound(6 * HOUR, 24 * HOUR, views=40, low=45, expected=90, high=180.5, siblings=spikes.SURE)
    assert list(spikes.onsets(readings)) == []
    assert list(spikes.onsets(readings, [bound])) == [(18 * HOUR, 40, 220)]
    assert list(spikes.onsets(readings, [bound._replace(views=121)])) == [
        (20 * HOUR, 121, 400)
    ]  # by 99 is nobody's news
    assert list(spikes.onsets(readings, [bound._replace(until=17 * HOUR)])) == []
    assert list(spikes.onsets(readings, [bound._replace(siblings=spikes.SURE - 1)])) == []


# The outbox


def test_a_rule_begins_when_it_is_first_run_and_tells_of_each_thing_once(path: Path) -> None:
    found = of({"when": ["new", "edited"]})
    at = BEGIN + timedelta(minutes=20)
    with Archive(path, write=True) as archive:
        assert sending.collect(archive, found, at) == 0
        assert [one.event for _, one in sending.rehearse(archive, found, "2026")] == ["new", "new", "edited"]
        record(archive, [Look(70, ONE, "丙"), Look(5, "http://campus.test/info/1002/1.htm", "丁")])  # and one of before
        assert [one.event for _, one in sending.rehearse(archive, found, None)] == ["edited"]
        assert [sending.collect(archive, found, at) for _ in "123"] == [1, 0, 0]
        assert len(outbox.told(archive, "desk", 9)) == 1
        assert list(fixity.verify(archive)) == []


def fill(folder: Path, number: int) -> Path:
    BENCH["fill"](folder / "archive.db", number)
    return folder / "archive.db"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the receiver answers, in turn; then it takes everything."""
    said: list[Any] = []

    def send(way: rules.Way, message: ways.Message, now: datetime) -> None:
        if said and (error := said.pop(0)) is not None:
            raise error

    monkeypatch.setitem(ways.SEND, "webhook", send)
    return said


def states(archive: Archive) -> list[str]:
    rows = archive.rows("SELECT * FROM alert_delivery WHERE way = 'web' ORDER BY alert_id")
    return ["sent" if row["sent_at"] else "refused" if row["refused_at"] else f"{row['tries']} tries" for row in rows]


def web(digest: str | None = None) -> rules.Rules:
    way = {**WEB, "digest": digest} if digest else WEB
    return rules.of(
        {"allow": ["hooks.test"], "ways": {"web": way}, "rules": [{"name": "all", "to": ["web"]}]}, Path(), {}
    )


def test_one_that_fails_waits_longer_each_time_and_the_rest_waits_behind_it(tmp_path: Path, answers: list[Any]) -> None:
    answers += [None, ways.NotSent("HTTP 503"), ways.NotSent("HTTP 503")]
    with Archive(fill(tmp_path, 3), write=True) as archive:
        [result] = sending.deliver(archive, web(), lambda: BEGIN)
        assert (result.sent, result.error, states(archive)) == (1, "HTTP 503", ["sent", "1 tries", "0 tries"])
        for seconds, expected in ((59, "1 tries"), (60, "2 tries"), (179, "2 tries"), (180, "sent")):
            sending.deliver(archive, web(), lambda seconds=seconds: BEGIN + timedelta(seconds=seconds))
            assert states(archive)[1] == expected, seconds
        assert states(archive) == ["sent"] * 3
        assert [sending.wait(tries) for tries in (0, 1, 5, 99)] == [timedelta(minutes=n) for n in (1, 2, 32, 360)]


def test_what_is_refused_for_good_is_set_aside_and_can_be_sent_again(tmp_path: Path, answers: list[Any]) -> None:
    answers += [ways.NotSent("HTTP 422", for_good=True)] * sending.PATIENCE
    with Archive(fill(tmp_path, 2), write=True) as archive:
        for day in range(sending.PATIENCE):
            [result] = sending.deliver(archive, web(), lambda day=day: BEGIN + timedelta(days=day))
        assert (result.refused, result.sent, states(archive)) == (1, 1, ["refused", "sent"])
        assert {row["way"]: row["refused"] for row in outbox.standing(archive)} == {"web": 1, "mail": 0}
        assert outbox.again(archive, "2026-04-01T00:00:00Z") == 1
        sending.deliver(archive, web(), lambda: BEGIN + timedelta(days=31))
        assert states(archive) == ["sent", "sent"]


def test_a_digest_is_one_message_also_when_it_is_tried_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[tuple[str, int]] = []

    def send(way: rules.Way, message: ways.Message, now: datetime) -> None:
        tried.append((message.uid, len(message.alerts)))
        if len(tried) == 1:
            raise ways.NotSent("HTTP 503")

    monkeypatch.setitem(ways.SEND, "webhook", send)
    found = web("24h")
    with Archive(path, write=True) as archive:
        sending.collect(archive, found, BEGIN)
        record(archive, [Look(70, ONE, "丙"), Look(71, ONE, "丁")])
        assert sending.collect(archive, found, BEGIN + timedelta(hours=2)) == 2
        for hours in (2, 23, 24, 25):
            if hours == 25:
                record(archive, [Look(80, ONE, "甲")])
                sending.collect(archive, found, BEGIN + timedelta(hours=hours))
            sending.deliver(archive, found, lambda hours=hours: BEGIN + timedelta(hours=hours))
        assert tried == [tried[0], tried[0]]
        assert tried[0][1] == 2
        sending.deliver(archive, found, lambda: BEGIN + timedelta(hours=48))
        assert [number for _, number in tried] == [2, 2, 1]


def test_killed_between_send_and_mark_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    forked.start()
    found = BENCH["trial"](tmp_path, 3, random.Random(3))
    assert found["kills"] == 3
    assert {key: found[key] for key in ("lost", "doubled")} == {
        key: {"web": 0, "mail": 0} for key in ("lost", "doubled")
    }
    assert (found["in order"], found["wrong signatures"], found["damage"]) == (True, 0, 0)


def test_apprise_gets_plain_text_and_the_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with BENCH["Receivers"](random.Random(1), 0.0).open() as receivers:
        taken: list[dict[str, Any]] = []
        monkeypatch.setattr(receivers, "take", lambda request: _took(request, taken))
        url = f"json://127.0.0.1:{receivers.http.server_address[1]}/"
        with pytest.raises(rules.RuleError, match=r"127\.0\.0\.1 is not in allow"):
            ways.check([*of(way={"kind": "apprise", "url": url}, allow=["json:"]).ways.values()], ["json:"])
        way = of(way={"kind": "apprise", "url": url}, allow=["json:"]).ways["desk"]
        ways.check([way], ["json:", "127.0.0.1"])
        loud = replace(EDIT, fields={"title": "@everyone", "body": "x"})
        ways.apprise(way, ways.Message(uid="u1", alerts=[messages.message(loud)]), BEGIN)
    assert "@everyone" not in json.dumps(taken, ensure_ascii=False)
    assert taken[0]["message"].endswith("u1")
    assert taken[0]["title"].startswith("Edited: @")


def _took(request: Any, taken: list[dict[str, Any]]) -> None:
    taken.append(json.loads(request.rfile.read(int(request.headers["Content-Length"]))))
    request.send_response(200)
    request.send_header("Content-Length", "0")
    request.end_headers()


# The verb


def test_the_verb_from_the_rules_to_the_feed(path: Path) -> None:
    def run(*words: str, verb: Any = alerts) -> tuple[int, str]:
        said = CliRunner().invoke(verb, ["--archive", str(path), *words])
        return said.exit_code, f"{said.output}{said.exception or ''}"

    assert "there is no" in run()[1]
    assert "3 alerts would go out: 1 edited, 1 withdrawn, 1 back; nothing was sent" in run("--dry-run")[1]
    assert "goes with --dry-run" in run("--since", "2026")[1]
    (path.parent / rules.NAME).write_text(
        '[ways.reader]\nkind = "feed"\npath = "alerts.atom"\n[ways.data]\nkind = "feed"\npath = "alerts.json"\n'
        '[[rules]]\nname = "all"\nto = ["reader", "data"]\n',
        encoding="utf-8",
    )
    assert run() == (0, "0 new alerts; 0 messages sent\n")
    with Archive(path, write=True) as archive:
        archive.conn.execute("UPDATE alert_rule SET since = '2026-03-01T00:00:00Z', looked_at = since, capture_id = 0")
    said = json.loads(run("--json")[1])
    assert (said["made"], [way["sent"] for way in said["ways"]], said["waiting"]) == (3, [1, 1], [])
    read = feedparser.parse((path.parent / "alerts.atom").read_text(encoding="utf-8"))
    assert not read.bozo
    assert [entry.tags[0].term for entry in read.entries] == ["back", "withdrawn", "edited"]
    assert len(json.loads((path.parent / "alerts.json").read_text(encoding="utf-8"))["items"]) == 3


def test_status_tells_what_waits(tmp_path: Path) -> None:
    path = fill(tmp_path, 2)
    said = CliRunner().invoke(status, ["--archive", str(path)]).output
    assert "2 alerts wait for mail" in said
    told = json.loads(CliRunner().invoke(status, ["--archive", str(path), "--json"]).output)
    assert [(row["way"], row["waiting"], row["refused"]) for row in told[0]["alerts"]] == [
        ("mail", 2, 0),
        ("web", 2, 0),
    ]
