"""A hostile site on loopback, and the command against it: what is asked that must not be?

    ./run.sh bench attack [WORD…]

Each round is a site of its own on 127.0.0.1; 127.0.0.2 stands for a network that is nobody's business. A round ends after `SECONDS` and has
a bound of memory. Printed: a line a round, with what was asked that must not be; exit code 1 where there is any. Nothing leaves loopback.
"""

from __future__ import annotations

import gzip
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

SECONDS, MEGABYTES = 90, 3000
FAST = (
    "-s",
    "DOWNLOAD_DELAY=0",
    "-s",
    "DOWNLOAD_DELAY_JITTER=0",
    "-s",
    "RETRY_TIMES=0",
    "-s",
    "HOST_REST=0.2",
    "-s",
    "DOWNLOAD_TIMEOUT=5",
)
TEXT = "".join(
    f"<p>云岭大学教务处召开第{n}次本科教学工作例会，各学院分管教学工作的负责人参加了会议并作了发言。</p>"
    for n in range(3)
)
BEACON = (
    "addclicktimes.jsp",
    "datainput.jsp",
    "/_visitcount?",
    "viewclick",
    "/plus/count.php",
    "op=count",
    "/count.asp",
    "content_view.jspx",
)
CLICK = "/system/resource/code/news/click/"
SPELT = (
    *(f"{CLICK}%61ddclicktimes.jsp?a=1", f"{CLICK}%2561ddclicktimes%252ejsp?a=1", f"{CLICK}ADDCLICKTIMES.JSP;x=1?a=1"),
    *(
        "/_visit%63ount?siteId=1",
        "/./_visitcount?siteId=1",
        "/a/..//_visitcount?siteId=1",
        "/system/resource/code/data%69nput.jsp?o=1",
    ),
    *("/e/public/ViewClick/?id=1&addclick=1", "/plus/./count.php?aid=1", "/api.php?x=1&%6fp=count", "/count.asp?id=1"),
    *("/content_view%2Ejspx?contentId=1",),
)
Answer = tuple[int, dict[str, str], bytes]
Page = Callable[[str], "Answer | str | None"]


@dataclass
class Site:
    """``page`` answers a target: HTML, a whole answer, or None for 404."""

    page: Page
    host: str = "127.0.0.1"
    asked: list[str] = field(default_factory=list)
    slow: bool = False

    def __enter__(self) -> Site:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                found = site.page(self.path)
                status, headers, body = (
                    found if isinstance(found, tuple) else (200 if found else 404, {}, (found or "404").encode())
                )
                try:
                    self.send_response(status)
                    for name, value in {
                        "Content-Type": "text/html; charset=utf-8",
                        "Content-Length": str(len(body)),
                        **headers,
                    }.items():
                        self.send_header(name, value)
                    self.end_headers()
                    for byte in (
                        [body] if not site.slow or "/info/" not in self.path else [bytes([one]) for one in body]
                    ):
                        self.wfile.write(byte)
                        time.sleep(0.5 if site.slow and "/info/" in self.path else 0)
                except OSError:
                    return  # the crawler hung up

            do_POST = do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer((self.host, 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def listing(links: list[str], head: str = "", more: str = "", year: int = 2026) -> str:
    rows = "".join(
        f'<li><a href="{link}">云岭大学召开第{n}次本科教学工作例会通知</a><span>{year}-03-{n % 28 + 1:02d}</span></li>'
        for n, link in enumerate(links)
    )
    pager = f'<div class="pb"><a href="{more}" class="Next">下页</a></div>' if more else ""
    top = f"<html><head><title>通知公告</title>{head}</head><body>"
    return f"{top}<div class=list><h2>通知公告</h2><ul>{rows}</ul>{pager}</div></body></html>"


def article(target: str, head: str = "", body: str = "") -> str:
    key = "".join(filter(str.isdigit, target)) or "1"
    return (
        f"<html><head><title>第{key}次例会</title><!--Announced by Visual SiteBuilder 9-->{head}</head><body>"
        f"<h1>云岭大学召开第{key}次本科教学工作例会</h1>"
        f'<p>发布时间：2026-03-01　点击：<script>_showDynClicks("wbnews", 1391370217, {key})</script></p>'
        f'<div id="vsb_content"><div class="v_news_content">{TEXT}{body}</div></div></body></html>'
    )


def campus(links: list[str], **more: Page) -> Page:
    """A column of ``links``, whose articles are there; ``more``: what is served instead, by the first word of the target."""

    def page(target: str) -> Answer | str | None:
        word = target.split("?")[0].strip("/").split("/")[0].split(".")[0]
        if word in more:
            return more[word](target)
        if target == "/list.htm":
            return listing(links)
        if "dynclicks" in target:
            return 200, {}, b"5"
        return article(target) if "/info/" in target else None

    return page


OWN = [f"/info/1001/{n}.htm" for n in range(2600, 2604)]


def rounds(private: Site) -> Iterator[tuple[str, Page, tuple[str, ...]]]:
    """Name, site, and further options of each round."""
    there = f"{private.host}:{private.port}"
    spelt = [
        there,
        *(
            f"{host}:{private.port}"
            for host in (
                "127.2",
                "2130706434",
                "0x7f.2",
                "0177.0.0.2",
                "127.0.0.2.",
                "[::ffff:127.0.0.2]",
                "[::ffff:7f00:2]",
                "%31%32%37.0.0.2",
            )
        ),
    ]
    evil = [f"http://{host}/x{n}.htm" for n, host in enumerate(spelt)]
    targets = [
        *evil,
        f"//{there}/a.htm",
        "file:///etc/passwd",
        f"ftp://{there}/",
        f"http://a:b@{there}/",
        "http://0:1/",
        "http://[::1]:1/",
    ]

    def to(found: list[str]) -> Page:
        return lambda target: (302, {"Location": found[int(target.split("/")[-1].split(".")[0]) % len(found)]}, b"")

    numbers = [f"/go/{n}.htm" for n in range(len(targets))]
    yield "redirects", campus(numbers, go=to(targets)), ()
    yield "redirects of the listing", campus([], list=lambda target: (302, {"Location": evil[0]}, b"")), ()
    yield "redirects of robots.txt", campus(OWN, robots=lambda target: (302, {"Location": evil[0]}, b"")), ()
    yield "links", campus([*targets, *OWN]), ()
    yield (
        "<base href>",
        campus([], list=lambda target: listing(["a/1.htm", "info/2.htm"], f'<base href="http://{there}/">')),
        (),
    )
    yield "counters", campus(OWN, info=lambda target: article(target, f'<base href="http://{there}/">')), ()
    yield "next pages", campus([], list=lambda target: listing(OWN, more=evil[1])), ()
    images = "".join(f'<p><img src="{url}"></p><p><a href="{url}">附件.pdf</a></p>' for url in [*evil, *SPELT])
    yield "images and attachments", campus(OWN[:1], info=lambda target: article(target, body=images)), ("--assets",)
    yield "beacons as links", campus([*SPELT, *OWN]), ()
    yield "beacons as redirects", campus([f"/go/{n}.htm" for n in range(len(SPELT))], go=to(list(SPELT))), ()
    yield "beacons as next pages", campus([], list=lambda target: listing(OWN, more=SPELT[0])), ()
    yield (
        "refresh",
        campus(OWN, info=lambda target: f'<html><meta http-equiv="refresh" content="0;url={evil[0]}"></html>'),
        (),
    )
    yield "robots.txt 503", campus(OWN, robots=lambda target: (503, {}, b"busy")), ()
    long = b"User-agent: *\nDisallow: /\n" + b"# x\n" * 3_000_000
    yield "robots.txt of 12 MB", campus(OWN, robots=lambda target: (200, {}, long)), ()
    yield (
        "robots.txt of a bomb",
        campus(OWN, robots=lambda target: (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(10**8)))),
        (),
    )
    yield (
        "503 to all articles",
        campus([f"/info/1001/{n}.htm" for n in range(60)], info=lambda target: (503, {}, b"busy")),
        (),
    )
    yield "429 for a day", campus(OWN * 5, info=lambda target: (429, {"Retry-After": "86400"}, b"")), ()

    def calendar(step: int) -> Page:
        def page(target: str) -> str:
            month = int(target.partition("=")[2] or 0)
            return listing(
                [f"/info/1001/{abs(month) * 3 + n}.htm" for n in range(2)],
                more=f"/list.htm?m={month + step}",
                year=max(1, 2026 + month // 2),
            )

        return page

    yield "a calendar", campus([], list=calendar(1)), ()
    yield "a calendar of the past", campus([], list=calendar(-1)), ()
    yield (
        "headers of 5 MB",
        campus(OWN, info=lambda target: (200, {f"X-{n}": "x" * 50_000 for n in range(100)}, b"x")),
        (),
    )
    bomb = gzip.compress(bytes(2 * 10**8))
    yield "gzip bombs", campus(OWN, info=lambda target: (200, {"Content-Encoding": "gzip"}, bomb)), ()
    yield "slow drip", campus(OWN[:2]), ()


FORBIDDEN_ALL = ("robots.txt 503", "robots.txt of 12 MB", "robots.txt of a bomb")
MOST = {"503 to all articles": 20, "429 for a day": 4, "a calendar": 60, "a calendar of the past": 450}


def wrong(name: str, site: Site, private: Site) -> list[str]:
    """What was asked in a round that must not be."""
    found = [f"127.0.0.2{target}" for target in private.asked]
    found += [
        f"a beacon: {target}"
        for target in site.asked
        if any(mark in unquote(unquote(target)).lower().replace("/./", "/") for mark in BEACON)
    ]
    if name in FORBIDDEN_ALL:
        found += [f"in spite of robots.txt: {target}" for target in site.asked if target != "/robots.txt"]
    pages = [target for target in site.asked if target != "/robots.txt"]
    if len(pages) > MOST.get(name, 500):
        found.append(f"{len(pages)} requests")
    return found


def run(folder: Path, url: str, options: tuple[str, ...]) -> tuple[str, str]:
    """How a crawl ended, and what it printed."""
    command = [sys.executable, "-m", "newsspider", "crawl", url, *options, *FAST]
    bound = MEGABYTES << 20
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (bound, bound)),
        )
    except subprocess.TimeoutExpired:
        return "does not end", ""
    return f"exit {done.returncode}", done.stdout + done.stderr


def main(words: list[str]) -> int:
    bad = 0
    with Site(lambda target: article(target), host="127.0.0.2") as private:
        for name, page, options in rounds(private):
            if words and not any(word in name for word in words):
                continue
            private.asked.clear()
            with tempfile.TemporaryDirectory() as folder, Site(page, slow=name == "slow drip") as site:
                began = time.monotonic()
                how, said = run(Path(folder), f"http://127.0.0.1:{site.port}/list.htm", options)
                found = wrong(name, site, private)
                if "Traceback" in said or how == "does not end" or how == "exit 1":
                    found.append(f"{how}: {said.strip()[-200:]}")
                if any(b"a:b@" in path.read_bytes() for path in Path(folder).glob("archive.db*")) and name != "links":
                    found.append("a password in the archive")
                print(
                    f"{'ok ' if not found else 'BAD'} {name}: {len(site.asked)} requests, {how}, {time.monotonic() - began:.0f} s",
                    *found[:5],
                    flush=True,
                )
                bad += bool(found)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
