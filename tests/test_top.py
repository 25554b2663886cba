"""Top lists. All synthetic."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from newsspider.archive import Archive, counts, ranking
from newsspider.archive.chain import Sums
from newsspider.cli.top import top

START = int(datetime(2026, 3, 1, 1, tzinfo=UTC).timestamp())
HOUR = 3600
ARTICLES = {  # (site, published, its readings as hours after START and count)
    1: ("one", "2026-03-01T09:00", ((0, 10), (10, 500), (20, 510))),
    2: ("one", "2026-02-11", ((0, 900), (10, 900), (20, 960))),
    3: ("two", "2026-03-01", ((0, 5), (20, 25))),
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "archive.db"
    with Archive(path, write=True) as archive:
        archive.conn.execute("INSERT INTO crawl (id, kind, started_at, version) VALUES (1, 'poll', '', '')")
        for article_id, (site, published, readings) in ARTICLES.items():
            archive.conn.execute("INSERT OR IGNORE INTO site (name, timezone) VALUES (?, 'Asia/Shanghai')", (site,))
            archive.conn.execute(
                "INSERT INTO article (id, site, url, title, published, first_seen_at) VALUES (?,?,?,?,?,'2026-03-01T01:00:00Z')",
                (article_id, site, f"http://s.test/{article_id}", f"题{article_id}", published),
            )
            for hours, views in readings:
                counts.observe(archive.conn, Sums(), article_id, START + hours * HOUR, views, 0, 1)
    return path


def ranked(path, start, end, **filters):
    with Archive(path) as archive:
        rows = ranking.by_growth(archive.conn, START + start * HOUR, START + end * HOUR, limit=9, **filters)
        return [(row["article_id"], row["growth"]) for row in rows]


def test_by_growth(path):
    assert ranked(path, 0, 24) == [(1, 500), (2, 60), (3, 20)]
    assert ranked(path, 10, 24) == [(2, 60), (3, 20), (1, 10)]


def test_by_growth_of_a_site_or_a_month(path):
    assert ranked(path, 0, 24, site="two") == [(3, 20)]
    assert ranked(path, 0, 24, month="2026-02") == [(2, 60)]


def test_by_views(path):
    with Archive(path) as archive:
        rows = ranking.by_views(archive.conn, limit=2)
    assert [(row["article_id"], row["views"]) for row in rows] == [(2, 960), (1, 510)]


def test_on_the_command_line(path):
    done = CliRunner().invoke(top, ["--by", "views", "--limit", "1", "--archive", str(path)])
    assert done.output.splitlines()[1:] == ["  960  2026-03-01T21:00:00Z  2026-02-11       2  题2  (one)"]
    done = CliRunner().invoke(top, ["--month", "1999-01", "--archive", str(path)])
    assert "published in 1999-01 was read twice in the 7 days before the last reading" in done.stderr
    done = CliRunner().invoke(top, ["--window", "24h", "--json", "--archive", str(path)])
    assert [row["growth"] for row in json.loads(done.output)][:1] == [500], "an archive that rests still answers"
    done = CliRunner().invoke(top, ["--by", "views", "--json", "--archive", str(path)])
    assert [row["views"] for row in json.loads(done.output)] == [960, 510, 25]


def test_a_window_that_is_none(path):
    done = CliRunner().invoke(top, ["--window", "7 days", "--archive", str(path)])
    assert done.exit_code == 2
    assert "24h" in done.output
