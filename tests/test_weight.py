"""Whether looking raises a count."""

from __future__ import annotations

import json
from urllib.request import urlopen

import pytest

from newsspider import cms
from newsspider.archive import Archive, weight
from newsspider.archive.weight import Weight
from newsspider.archive.writing import Writer
from newsspider.items import ArticleItem, Capture, Site


def a_round(first: int, second: int, third: int) -> list[tuple[str, int | None]]:
    return [("counter", first), ("counter", second), ("page", None), ("counter", third)]


@pytest.mark.parametrize(
    ("rounds", "found"),
    [
        ([a_round(5, 5, 5)], Weight(by_counter=0, by_page=0)),
        ([a_round(5, 5, 6), a_round(6, 6, 7)], Weight(by_counter=0, by_page=1)),
        ([a_round(5, 6, 7), a_round(8, 9, 10)], Weight(by_counter=1, by_page=0)),
        ([a_round(5, 6, 8), a_round(8, 9, 11)], Weight(by_counter=1, by_page=1)),
        (
            [a_round(5, 6, 7), a_round(7, 7, 7)],
            Weight(by_counter=0, by_page=0),
        ),  # another reader came in the first round
        ([a_round(5, 9, 20), a_round(20, 29, 40)], Weight(by_counter=None, by_page=None)),  # too many read it
        ([a_round(5, 4, 4)], Weight(by_counter=None, by_page=None)),
        ([[("page", 7), ("page", 8)], [("page", 9), ("page", 10)]], Weight(by_counter=None, by_page=1)),
        ([[("page", 7), ("page", 7)]], Weight(by_counter=None, by_page=0)),
    ],
)
def test_the_weight_of_a_look(rounds, found):
    assert weight.of(rounds) == found


@pytest.mark.parametrize("name", ["webplus", "gbk"])
def test_calibrating(newsspider, campus, ask, tmp_path, name):
    truth = next(truth for truth in campus.readable if truth.site == name)
    with urlopen(truth.url) as reply:
        payload = reply.read()
    with Archive(tmp_path / "archive.db", write=True) as archive:
        writer = Writer(archive, "0.1.0")
        writer.start("crawl", [Site(name=name)], "2023-05-01T00:00:00Z", {})
        capture = Capture(url=truth.url, captured_at="2023-05-01T00:00:00Z", status=200, payload=payload)
        writer.write([ArticleItem(site=name, capture=capture, article=cms.read_article(payload, truth.url))])
        writer.finish("2023-05-01T00:00:00Z", "finished", 1, 1)
    campus.log.clear()
    done = newsspider("calibrate", name, "--json", "-s", "DOWNLOAD_DELAY=0")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["by_page"] == 0
    assert campus.log.beacons == []
    [readings] = ask("SELECT readings FROM calibration")
    assert [views is None for kind, views in json.loads(readings)[0] if kind == "page"] == (
        [True] if name == "webplus" else [False, False]
    )
    [(views, fetches, readings, net)] = ask("SELECT views, page_fetches, counter_readings, net FROM net_views")
    assert net == views
    assert (fetches > 2, readings > 0) == (True, name == "webplus")
