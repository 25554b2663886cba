"""Looking after a site: its held pages read again, and a few of it now, beside what is held."""

from __future__ import annotations

import json

import pytest
from held_pages import HOST, hold, look, missed, page, url

from newsspider import Archive, health, rereading

COUNTER = "<script>_showDynClicks('wbnews', 7, 99)</script>"
LOGIN = """<title>统一身份认证</title><form action="/cas/login"><input type="text" name="username">
    <input type="password" name="password"><button>登录</button></form>""".encode()


@pytest.fixture
def found(tmp_path):
    """The health of the pages of some looks."""

    def of(*items, own=None):
        with Archive(hold(tmp_path / "archive.db", items)) as archive:
            return health.of(rereading.pages(archive, own or tmp_path / "sites"))

    return of


def test_pages_that_read_as_they_did_are_well(found):
    seen = found(look(1, page()), look(2, page("第二条新闻消息", "发布时间：2026-03-02")))
    assert seen.well
    assert (seen.pages, seen.read, seen.lost) == (2, 2, [])
    assert [seen.fields[name].found for name in ("title", "published", "body", "views", "source")] == [2, 2, 2, 1, 0]
    assert not any(one.differ or one.lost or one.gained or one.samples for one in seen.fields.values())
    [(rule, sample)] = seen.fields["views"].rules.items()
    assert (rule, sample.found, sample.raw) == ("labelled count of the heading", 12, "浏览次数：12")
    assert seen.fields["published"].rules["labelled date of the heading"].raw == "发布时间：2026-03-01"


@pytest.mark.parametrize(
    ("field", "then", "kind", "well"),
    [
        ("title", "学校召开会议", "differ", True),
        ("published", "2026-03-02", "differ", True),
        ("published", None, "gained", True),
        ("views", None, "gained", True),
        ("views", 120, "differ", True),
        ("source", "宣传部", "lost", False),
        ("author", "白予安", "lost", False),
        ("editor", "白予安", "lost", False),
        ("body", "旧的正文", "differ", True),
    ],
)
def test_a_field_that_reads_otherwise_is_told(found, field, then, kind, well):
    seen = found(look(1, page(), **{field: then}), look(2, page()))
    tally = seen.fields[field]
    assert [name for name in ("differ", "lost", "gained") for _ in range(getattr(tally, name))] == [kind]
    [sample] = tally.samples
    assert (sample.url, sample.held) == (url(1), then)
    assert seen.well is well


SAID = "会议强调，要把本科教学放在首位，并通报了本学期的安排。" * 4


@pytest.mark.parametrize(
    ("then", "held", "now"),
    [
        ("会议强调" + "，" * 500, "会议强调" + "，" * 196 + "…", SAID),
        (SAID[:-1] + "！", "…位，并通报了本学期的安排！", "…位，并通报了本学期的安排。"),
    ],
)
def test_of_long_texts_the_passage_that_differs_is_shown(found, then, held, now):
    [sample] = found(look(1, page(), body=then)).fields["body"].samples
    assert (sample.held[0], sample.held[-13:], len(sample.held) <= 201) == (held[0], held[-13:], True)
    assert (sample.found[0], sample.found[-13:]) == (now[0], now[-13:])


def test_a_counter_that_is_lost_is_a_lost_field(found):
    with_counter = page().replace(b"<body>", b"<body>" + COUNTER.encode())
    counted = look(1, with_counter).article
    assert counted.counter is not None
    assert found(look(1, with_counter)).well
    seen = found(look(1, page(), counter=counted.counter))
    assert (seen.fields["counter"].lost, seen.well) == (1, False)


def test_a_counter_of_a_later_layout_is_not_missed_in_an_earlier_page(found):
    with_counter = page().replace(b"<body>", b"<body>" + COUNTER.encode())
    early, late = look(1, page(), at="2026-01-01T00:00:00Z"), look(1, with_counter, at="2026-02-01T00:00:00Z")
    assert found(early, late).fields["counter"].lost == 0


def test_a_page_that_was_an_article_and_is_none_is_lost(found):
    seen = found(look(1, LOGIN, blind=True), look(2, page()))
    assert [(address, why[:5]) for address, _, why in seen.lost] == [(url(1), "login")]
    assert not seen.well


def test_an_article_whose_later_captures_are_a_wall_is_broken_until_one_reads_again(found):
    early, late, last = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"
    walled = found(look(1, page(), at=early), missed(1, LOGIN, at=late))
    assert [*walled.broken] == [url(1)]
    assert not walled.well
    again = found(look(1, page(), at=last))
    assert (again.broken, again.unread, again.well) == ({}, {"login": 1}, True)


def test_a_page_that_never_was_an_article_is_counted_and_no_more(found):
    seen = found(missed(1, LOGIN), missed(2, page()), look(3, page()))
    assert (seen.unread, seen.gained, seen.read, seen.well) == ({"login": 1}, 1, 2, True)


def test_a_field_that_recent_pages_lack_has_vanished(found):
    def day(number, line):
        return look(number, page(f"第{number}条新闻消息", line), at=f"2026-01-{number:02}T00:00:00Z")

    before = [day(number, "发布时间：2026-03-01 浏览次数：12") for number in range(1, 13)]
    after = [day(number, "发布时间：2026-03-01") for number in range(13, 23)]
    assert found(*before, *after[:9]).vanished == {}
    seen = found(after[9])
    assert seen.vanished == {"views": "12 of 12 earlier pages have it, none of the last 10"}
    assert not seen.well


def test_a_selector_that_matches_nothing_is_told(found, tmp_path):
    own = tmp_path / "sites"
    own.mkdir()
    (own / "yunlu.toml").write_text(
        f'listings = ["https://{HOST}/xw.htm"]\nselectors = {{ title = "h1.t", source = "b.none" }}\n'
    )
    seen = found(look(1, page()), own=own)
    assert seen.idle == ["source"]
    assert seen.well


# From the command line


@pytest.fixture
def check(newsspider):
    def run(*arguments):
        return newsspider("check", *arguments, "-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0")

    return run


def files(folder):
    """What the folder holds, but for what SQLite lays beside a file that is read."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith(("-shm", "-wal"))}


def test_a_crawled_site_is_well_and_nobody_is_asked(check, crawled, tmp_path):
    before = files(tmp_path)
    for seed in ("vsb", "webplus", "gbk"):
        done = check(crawled.doors[seed].origin.partition("//")[2])
        assert done.returncode == 0, done.stdout + done.stderr
        assert "every page that was an article reads as one" in done.stdout
        assert check(crawled.urls[seed], "--quiet").stdout == ""
    assert crawled.log.visits == []
    assert files(tmp_path) == before


def test_a_live_look_compares_three_articles_and_disturbs_nobody(check, crawled, tmp_path):
    before = files(tmp_path)
    done = check(crawled.urls["vsb"], "--live", "--json")
    assert done.returncode == 0, done.stderr
    live = json.loads(done.stdout)["live"]
    assert (live["listing"], live["entries"], live["dated"]) == (crawled.urls["vsb"], 7, 7)
    assert (live["health"]["pages"], live["health"]["read"], live["unread"]) == (3, 3, {})
    assert crawled.log.kinds == {"page": 4, "robots": 1}
    assert files(tmp_path) == before, "not a byte of the archive is written"


def test_a_live_look_shows_edits_and_passes_over_a_withdrawal(check, crawled):
    its = [truth for truth in crawled.readable if truth.site == "webplus"]
    for truth in its:
        crawled.edit(truth.url)
    crawled.withdraw(max(its, key=lambda truth: truth.published).url, listed=True)
    done = check(crawled.urls["webplus"], "--live", "--json")
    live = json.loads(done.stdout)["live"]
    assert (len(live["gone"]), live["health"]["pages"], done.returncode) == (1, 2, 0)
    assert live["health"]["fields"]["body"]["differ"] == 2


def test_a_listing_whose_links_lead_nowhere_fails_the_check(check, crawled):
    for truth in [truth for truth in crawled.readable if truth.site == "webplus"]:
        crawled.withdraw(truth.url, listed=True)
    done = check(crawled.urls["webplus"], "--live", "--quiet")
    assert done.returncode == 4
    assert "none of the 3 articles" in done.stderr


def test_a_live_look_at_a_site_that_became_a_wall_fails_the_check(check, crawled):
    crawled.fail("info", "login", site="vsb")
    done = check(crawled.urls["vsb"], "--live")
    assert done.returncode == 4, done.stdout
    assert "does not read as one any more" in done.stdout


def test_a_site_that_does_not_answer_is_no_defect_of_the_rules(check, crawled):
    crawled.fail("zhxw", "503", site="vsb")
    done = check(crawled.urls["vsb"], "--live", "--quiet")
    assert done.returncode == 3
    assert "HTTP 503" in done.stderr


def test_what_robots_txt_forbids_is_not_fetched(check, crawled):
    done = check(crawled.doors["vsb"].origin + "/nbwd/index.htm", "--live", "--quiet")
    assert done.returncode == 3
    assert "cannot be read" in done.stderr
    assert crawled.log.kinds == {"robots": 1}


def test_a_site_file_that_came_later_covers_what_is_held(check, crawled, tmp_path):
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "yunlu.toml").write_text(
        f'listings = ["{crawled.urls["vsb"]}"]\nselectors = {{ source = "b.none" }}\n'
    )
    done = check("yunlu", "--json")
    assert done.returncode == 4
    seen = json.loads(done.stdout)
    assert (seen["site"], seen["idle"], seen["fields"]["title"]["lost"]) == ("yunlu", ["source"], 0)
    assert seen["fields"]["source"]["lost"] == seen["fields"]["source"]["held"] > 0


def test_a_site_of_which_nothing_is_held_is_not_called_well(check, crawl, campus):
    crawl(campus.urls["vsb"], "--limit", 1)
    done = check(campus.urls["webplus"], "--live")
    assert done.returncode == 0, done.stderr
    assert "reads well, not held yet" in done.stdout
    assert "nothing is held to compare with" in done.stdout


def test_what_is_not_held_is_said(check, crawled, tmp_path):
    assert check("nowhere").returncode == 2
    done = check("https://other.example.edu/")
    assert (done.returncode, "newsspider crawl" in done.stderr) == (2, True)
