"""A back-fill of thousands of pages that is killed again and again: what is held is never asked for a second time.

    ./run.sh bench backfill [--articles 3000] [--kills 10] [--seed 1]

A school on loopback lists its news since 2013, twenty a page. `newsspider crawl URL --since 2015-01-01` is killed at random moments
and begun again until it ends. Counted is what was asked for though it was held; in the end all since 2015 and nothing before is to
be held.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from newsspider.archive import Archive, fixity

FIRST, LAST, SINCE = date(2013, 1, 1), date(2026, 3, 1), date(2015, 1, 1)
A_PAGE = 20
LISTING = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>新闻动态-云麓大学</title></head><body>
<div class="list"><h2>新闻动态</h2><ul>{rows}</ul><div class="page"><a href="{next}">下一页</a></div></div></body></html>"""
ROW = '<li><a href="/info/1001/{n}.htm">云麓大学召开第{n}次教学工作会议</a><span>{day}</span></li>'
ARTICLE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>云麓大学召开第{n}次教学工作会议-云麓大学</title></head><body>
<div class="con"><h1>云麓大学召开第{n}次教学工作会议</h1><p class="info">发布时间：{day}　来源：教务处　浏览次数：{n}</p>
<div class="text"><p>本网讯　近日，云麓大学教务处召开第{n}次教学工作会议，各学院的负责人参加了会议。</p>
<p>会议通报了上一学期教学检查的情况，对课程建设提出了要求。</p></div></div></body></html>"""


class School:
    """``asked``: the numbers of the articles in the order of the requests."""

    def __init__(self, articles: int) -> None:
        self.articles = articles
        self.asked: list[int] = []
        school = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                page = school.page(self.path)
                body = (page or "<h1>Not Found</h1>").encode()
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass  # a crawl that was killed hangs up

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def day(self, number: int) -> date:
        return FIRST + timedelta(days=(LAST - FIRST).days * number // self.articles)

    def page(self, path: str) -> str | None:
        if found := re.fullmatch(r"/info/1001/(\d+)\.htm", path):
            number = int(found[1])
            self.asked.append(number)
            return ARTICLE.format(n=number, day=self.day(number))
        if found := re.fullmatch(r"/xwdt(?:/(\d+))?\.htm", path):
            return self.listing(int(found[1] or 0))
        return None

    def listing(self, page: int) -> str:
        newest = self.articles - page * A_PAGE
        rows = "".join(ROW.format(n=n, day=self.day(n)) for n in range(newest, max(0, newest - A_PAGE), -1))
        return LISTING.format(rows=rows, next=f"/xwdt/{page + 1}.htm" if newest > A_PAGE else "#")

    @property
    def wanted(self) -> set[int]:
        return {number for number in range(1, self.articles + 1) if self.day(number) >= SINCE}


@contextmanager
def served(articles: int) -> Iterator[School]:
    school = School(articles)
    threading.Thread(target=school.server.serve_forever, daemon=True).start()
    try:
        yield school
    finally:
        school.server.shutdown()


def held(path: Path) -> set[int]:
    if not path.exists():
        return set()
    with Archive(path) as archive:
        urls = archive.rows("SELECT url FROM capture WHERE kind = 'article' AND outcome <> 'failed'")
        return {int(row["url"].rpartition("/")[2].removesuffix(".htm")) for row in urls}


def run(school: School, folder: Path, seconds: float | None) -> bool:
    """Whether the crawl ended by itself, within ``seconds``."""
    command = [sys.executable, "-m", "newsspider", "crawl", f"{school.url}/xwdt.htm", "--since", SINCE.isoformat()]
    pace = ["--quiet", "--max-pages", "100000", "-s", "DOWNLOAD_DELAY=0"]
    process = subprocess.Popen([*command, *pace], cwd=folder, stderr=subprocess.PIPE, text=True)
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return False
    if process.returncode:
        raise SystemExit(f"the crawl ended with {process.returncode}: {said[-500:]}")
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=8.0, help="the longest that a run lives before it is killed")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    dice, began, again, kills = random.Random(args.seed), time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as name, served(args.articles) as school:
        path = Path(name) / "archive.db"
        over = False
        while not over:
            before, asked = held(path), len(school.asked)
            over = run(school, Path(name), dice.uniform(1, args.seconds) if kills < args.kills else None)
            kills += not over
            again += sum(number in before for number in school.asked[asked:])
        found, lost = held(path), len(school.asked) - len(set(school.asked))
        with Archive(path) as archive:
            damages = list(fixity.verify(archive))
    missing, beyond = school.wanted - found, found - school.wanted
    print(f"{len(found)} articles since {SINCE} in {time.monotonic() - began:.0f} s, killed {kills} times")
    print(f"asked for though held: {again}; asked for twice, not committed at a kill: {lost - again}")
    print(f"missing: {len(missing)}; from before {SINCE}: {len(beyond)}; damages: {len(damages)}")
    sys.exit(1 if again or missing or beyond or damages else 0)


if __name__ == "__main__":
    main()
