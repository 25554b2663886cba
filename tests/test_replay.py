"""A real site's recorded pages beside the project (../shared), served on loopback with counters whose truth is known."""

from __future__ import annotations

import importlib.util
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

SHARED = Path(__file__).parents[2] / "shared"
TICKS = 10
HOUR = 3600

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (SHARED / "replay.py").is_file(), reason="no recorded site lies beside the project"),
]

# One process that has imported everything, and a copy of it for each poll: Scrapy runs once a process.
POLLS = """
import os, sys
from urllib.request import urlopen
import newsspider.cli.running, newsspider.spiders.views, scrapy.crawler, scrapy.core.downloader.handlers.http11
from newsspider.cli import main

for tick in range(1, int(sys.argv[2]) + 1):
    urlopen(sys.argv[1] + "/_replay/tick?n=1").close()
    child = os.fork()
    if not child:
        sys.argv = ["newsspider", "poll", "--all", "--quiet", "-s", "DOWNLOAD_DELAY=0", "-s", f"CLOCK_OFFSET={tick * 3600}"]
        main()
    if os.waitpid(child, 0)[1]:
        sys.exit(f"the poll at tick {tick} failed")
"""


@pytest.fixture
def origin() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, SHARED / "replay.py", SHARED / "sites/xjtu-ai", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()
        for _ in range(50):
            with socket.socket() as door:
                if not door.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def truth() -> Callable[[str, int], int]:
    spec = importlib.util.spec_from_file_location("replay", SHARED / "replay.py")
    assert spec is not None
    assert spec.loader is not None
    replay = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(replay)
    return replay.count


def log(origin: str) -> dict[str, Any]:
    with urlopen(f"{origin}/_replay/log") as reply:
        return json.load(reply)


def test_polls_over_ten_ticks_store_the_truth(origin, newsspider, ask, tmp_path):
    seeds = [f"{origin}/{path}" for path in ("tzgg.html", "xwdt.html", "djgz/djdt.html")]
    done = newsspider("crawl", *seeds, "-s", "DOWNLOAD_DELAY=0")
    assert done.returncode == 0, done.stderr
    assert ask("SELECT count(*), count(DISTINCT counter_owner) FROM article") == [(69, 1)]
    before = log(origin)["requests"]

    polled = subprocess.run(
        [sys.executable, "-c", POLLS, origin, str(TICKS)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (polled.returncode, polled.stderr) == (0, "")

    after = log(origin)
    assert after["beacons"] == []
    assert after["requests"]["counter"] - before["counter"] == 2 * TICKS
    assert after["requests"]["page"] == before["page"]
    count = truth()
    series = ask(
        "SELECT counter_key, o.views FROM article a JOIN view_observation o ON o.article_id = a.id ORDER BY a.id, o.observed_at"
    )
    keys = dict.fromkeys(key for key, _ in series)
    assert len(keys) == 69
    assert series == [(key, count(key, tick)) for key in keys for tick in range(TICKS + 1)]
    grown = ask("SELECT counter_key, growth FROM epoch JOIN article a ON a.id = article_id WHERE epoch = 0")
    assert len(grown) == 69, "one epoch each"
    assert dict(grown) == {key: count(key, TICKS) - count(key, 0) for key in keys}
