"""kill -9 while alerts go out: none is lost, and none is doubled for a receiver that knows a message by its id.

    ./run.sh bench alerts [--kills 50]

A webhook receiver that fails half of the time (half of these only after it took the message) and a real SMTP server stand on loopback.
Each run of the outbox is a process that is killed before a send, between a send and its mark, or after the mark.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import runpy
import signal
import socket
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller

from newsspider.alerts import rules, sending, ways
from newsspider.archive import Archive, fixity, outbox
from newsspider.items import instant

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
SECRET = "a secret of twenty-four letters"
PROCESSES = multiprocessing.get_context("forkserver")


class Receivers:
    """``web`` and ``mail``: (id of the message, uids of its alerts) as they came, doubles too."""

    def __init__(self, chance: random.Random, failing: float) -> None:
        self.chance, self.failing = chance, failing
        self.web: list[tuple[str, tuple[str, ...]]] = []
        self.mail: list[tuple[str, str]] = []  # id of the message, alert
        self.wrong: list[str] = []  # signatures that do not fit
        outer = self

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.take(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Take)
        with socket.create_server(("127.0.0.1", 0)) as free:  # a controller asks its own port, which 0 is not
            port = free.getsockname()[1]
        self.smtp = Controller(self, hostname="127.0.0.1", port=port)

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        uid, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        if request.headers["webhook-signature"] != ways.signature(SECRET, uid, at, body):
            self.wrong.append(uid)
        fails, taken = self.chance.random() < self.failing, self.chance.random() < 0.5
        if not fails or taken:
            self.web.append((uid, tuple(one["uid"] for one in json.loads(body)["alerts"])))
        request.send_response(503 if fails else 200)
        request.send_header("Content-Length", "0")
        request.end_headers()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.mail.append((letter["Message-ID"], letter.get_content().split("fault ")[1]))
        return "250 taken"

    @contextmanager
    def open(self) -> Iterator[Receivers]:
        thread = Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        self.smtp.start()
        try:
            yield self
        finally:
            self.smtp.stop()
            self.http.shutdown()
            self.http.server_close()
            thread.join()

    def rules(self, folder: Path) -> rules.Rules:
        web, smtp = self.http.server_address[1], self.smtp.port
        return rules.of(
            {
                "allow": ["127.0.0.1"],
                "ways": {
                    "web": {"kind": "webhook", "url": f"http://127.0.0.1:{web}/", "secret": SECRET},
                    "mail": {"kind": "mail", "server": f"127.0.0.1:{smtp}", "security": "none"}
                    | {"from": "news@campus.test", "to": ["desk@campus.test"]},
                },
                "rules": [{"name": "all", "to": ["web", "mail"]}],
            },
            folder,
            {},
        )


def fill(path: Path, number: int) -> None:
    """An archive with so many alerts that have to go out both ways."""
    with Archive(path, write=True) as archive, archive.transaction() as conn:
        conn.execute("INSERT INTO site (name, timezone) VALUES ('campus', 'Asia/Shanghai')")
        for one in range(number):
            about = {"event": "broken", "site": "campus", "at": instant(BEGIN), "url": None, "note": f"fault {one}"}
            row = outbox.Row(
                f"{one:032}", "all", "broken", "campus", None, instant(BEGIN), instant(BEGIN), json.dumps(about)
            )
            outbox.add(conn, row, [("web", instant(BEGIN)), ("mail", instant(BEGIN))])


def run(path: Path, found: rules.Rules, now: datetime, moment: str, at: int) -> None:
    """Sends what is due, and dies at a moment of send number ``at``; ``moment`` empty: it lives."""
    count = 0

    def dying(step: str, inner: Any, *arguments: Any) -> Any:
        nonlocal count
        count += step == "before"
        if moment == step and count >= at:
            os.kill(os.getpid(), signal.SIGKILL)
        result = inner(*arguments)
        if moment == "after" and step == "between" and count >= at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    for kind, send in ways.SEND.items():
        ways.SEND[kind] = partial(dying, "before", send)
    outbox.sent = partial(dying, "between", outbox.sent)  # type: ignore[assignment]
    with Archive(path, write=True) as archive:
        sending.deliver(archive, found, lambda: now)


def trial(folder: Path, kills: int, chance: random.Random) -> dict[str, Any]:
    path = folder / "archive.db"
    alerts = kills + 10
    fill(path, alerts)
    with Receivers(chance, 0.5).open() as receivers:
        found = receivers.rules(folder)
        killed, runs, left = 0, 0, True
        while left:
            runs += 1
            moment = chance.choice(["before", "between", "between", "after"]) if killed < kills else ""
            job = (path, found, BEGIN + runs * timedelta(hours=7), moment, chance.randint(1, 2))
            process = PROCESSES.Process(target=runpy.run_path, args=(__file__, {"JOB": job}, "child"))
            process.start()
            process.join()
            killed += process.exitcode == -signal.SIGKILL
            if process.exitcode not in (0, -signal.SIGKILL):
                raise SystemExit(f"a run ended with {process.exitcode}")
            process.close()
            with Archive(path) as archive:
                left = bool(outbox.standing(archive))
        with Archive(path) as archive:
            damage = len(list(fixity.verify(archive)))
        web, mail = dict(receivers.web), dict(receivers.mail)
        told = Counter(uid for uids in web.values() for uid in uids)
        order = [uids[0] for uids in web.values()]
        return {
            "kills": killed,
            "runs": runs,
            "alerts": alerts,
            "received": {"web": len(receivers.web), "mail": len(receivers.mail)},
            "lost": {"web": alerts - len(told), "mail": alerts - len({*mail.values()})},
            "doubled": {"web": sum(told.values()) - len(told), "mail": len(mail) - len({*mail.values()})},
            "in order": order == sorted(order),
            "wrong signatures": len(receivers.wrong),
            "damage": damage,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    asked = parser.parse_args()
    PROCESSES.set_forkserver_preload(["newsspider.alerts.sending"])
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(trial(Path(folder), asked.kills, random.Random(1)), indent=2))


if __name__ == "__main__":
    main()
elif __name__ == "child":
    run(*JOB)  # type: ignore[name-defined]  # noqa: F821
