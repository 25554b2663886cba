"""The sites of the campus on loopback sockets, and the log of what was asked of them."""

from __future__ import annotations

import hashlib
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from socketserver import TCPServer
from typing import Any

from newsspider.demo.exchange import Reply, Request

Answer = Callable[[str, Request], Reply]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """``at`` is seconds of a monotonic clock; ``kind`` page, counter, beacon, robots or file."""

    site: str
    method: str
    target: str
    kind: str
    status: int
    at: float
    agent: str


@dataclass
class Log:
    """``max_in_flight`` requests were answered at once at the most, ``most[site]`` of them on one site."""

    visits: list[Visit] = field(default_factory=list)
    in_flight: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    max_in_flight: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, site: str | None = None, kind: str | None = None) -> list[Visit]:
        return [v for v in self.visits if site in (None, v.site) and kind in (None, v.kind)]

    @property
    def beacons(self) -> list[Visit]:
        return self.of(kind="beacon")

    @property
    def kinds(self) -> Counter[str]:
        return Counter(visit.kind for visit in self.visits)

    def twice(self) -> list[str]:
        """Pages that were fetched more than once."""
        pages = Counter(f"{v.site} {v.target}" for v in self.of(kind="page"))
        return [page for page, times in pages.items() if times > 1]

    def gaps(self, site: str) -> list[float]:
        """Seconds between the starts of one request to a site and the next."""
        moments = sorted(visit.at for visit in self.of(site))
        return [later - sooner for sooner, later in pairwise(moments)]

    def enter(self, site: str) -> None:
        with self.lock:
            self.in_flight[site] += 1
            self.most[site] = max(self.most[site], self.in_flight[site])
            self.max_in_flight = max(self.max_in_flight, self.in_flight.total())

    def leave(self, site: str) -> None:
        with self.lock:
            self.in_flight[site] -= 1

    def clear(self) -> None:
        with self.lock:
            self.visits.clear()
            self.most.clear()
            self.max_in_flight = 0


def kind_of(request: Request, reply: Reply) -> str:
    path = request.path
    if path == "/robots.txt":
        return "robots"
    if path.endswith(("/datainput.jsp", "/addclicktimes.jsp", "/_visitcount")):
        return "beacon"
    if "/news/click/" in path or path.endswith(("/_visitcountdisplay", "/_wp3services/generalQuery")):
        return "counter"
    return "page" if reply.kind.startswith("text/html") else "file"


def machine() -> datetime:
    return datetime.now(UTC)


class Door(ThreadingHTTPServer):
    """One site on one socket. ``now`` dates its replies; ``closing`` ends the waits of slow ones."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        site: str,
        answer: Answer,
        log: Log,
        now: Callable[[], datetime] = machine,
    ) -> None:
        super().__init__(address, Visitor)
        self.site, self.answer, self.log, self.now = site, answer, log, now
        self.closing = threading.Event()
        self.open: set[socket.socket] = set()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's own asks a name server who 127.0.0.2 is

    @property
    def origin(self) -> str:
        host, port = self.socket.getsockname()[:2]
        return f"http://{host}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # a client that hangs up is no error of ours
            super().handle_error(request, client_address)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def close(self) -> None:
        self.closing.set()
        self.shutdown()
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was faster
        self.server_close()
        self.thread.join()


class Visitor(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "VWebServer"
    sys_version = ""
    wbufsize = -1  # head and body leave in one packet
    server: Door

    def log_message(self, *args: object) -> None:
        pass

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(self.server.now().timestamp() if timestamp is None else timestamp)

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        request = Request.of(self.command, self.path, self.rfile.read(length).decode(errors="replace"))
        site, log = self.server.site, self.server.log
        if request.path.startswith("/_campus/"):
            self.send(self.server.answer(site, request))
            return
        began = time.monotonic()
        log.enter(site)
        try:
            reply = self.revalidated(self.server.answer(site, request))
            visit = Visit(
                site=site,
                method=self.command,
                target=self.path,
                kind=kind_of(request, reply),
                status=reply.status,
                at=began,
                agent=self.headers.get("User-Agent", ""),
            )
            with log.lock:
                log.visits.append(visit)
            if reply.delay:
                self.server.closing.wait(reply.delay)
            self.send(reply)
        finally:
            log.leave(site)

    do_POST = do_HEAD = do_GET

    def revalidated(self, reply: Reply) -> Reply:
        """Static pages carry an ETag, and are not sent again to one who holds them."""
        if reply.status != 200 or not self.path.endswith(".htm") or reply.length is not None:
            return reply
        tag = f'"{hashlib.md5(reply.body, usedforsecurity=False).hexdigest()}"'
        if self.headers.get("If-None-Match") == tag:
            return Reply(status=304, kind=reply.kind, headers={"ETag": tag})
        return replace(reply, headers={**reply.headers, "ETag": tag})

    def send(self, reply: Reply) -> None:
        if reply.drop:
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.repeat > 1:
            self.send_header("Connection", "close")
        elif reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
        self.end_headers()
        if self.command != "HEAD":
            for _ in range(reply.repeat):
                self.wfile.write(reply.body)
        if reply.length is not None or reply.repeat > 1:
            self.close_connection = True
