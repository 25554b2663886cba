"""One bit of an archive changes on the disk: does any verb end in a traceback, and does `verify` find all that reads otherwise?

    ./run.sh bench flips [--flips 200] [--seed 1]

Each flip is one random bit of a copy of a small archive, on which nine verbs are run, each in a process of its own that is forked from this
one; `poll` asks a port where nobody answers. Printed: how each verb ended, and each fault: a traceback, an exit code that says neither
"well" nor "damaged", or a flip that changed a cell, the schema or the index of the search and that `verify` does not find. Exit code 1
where there is any. Nothing leaves loopback.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import socket
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import scrapy.core.downloader.handlers.http11
import scrapy.crawler  # noqa: F401  what the verbs load, loaded once

import newsspider.spiders.news
import newsspider.spiders.views  # noqa: F401
from newsspider.archive import Archive, derived, schema
from newsspider.archive.writing import Writer
from newsspider.cli import main as command
from newsspider.items import (
    Article,
    ArticleItem,
    Attachment,
    Capture,
    CountsItem,
    Entry,
    ListingItem,
    ListingPage,
    Site,
    ViewObservation,
)
from newsspider.items import (
    Counter as CountAddress,
)

ARTICLES = 30
SECONDS = 120  # for one verb
VERBS: Mapping[str, tuple[str, ...]] = {
    "verify": ("verify", "--quiet"),
    "status": ("status",),
    "show": ("show", "3"),
    "history": ("history", "3"),
    "diff": ("diff", "3"),
    "top": ("top", "--by", "views"),
    "report": ("report", "--out", "report"),
    "export": ("export", "--out", "export"),
    "poll": (
        *("poll", "--all", "--quiet", "-s", "DOWNLOAD_DELAY=0", "-s", "DOWNLOAD_DELAY_JITTER=0"),
        *("-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_TIMEOUT=5", "-s", "HOST_REST=0.1"),
    ),
}
TEXT = "云岭大学教务处召开第{n}次本科教学工作例会，各学院分管教学工作的负责人参加了会议并作了发言。"


# The archive


def items(port: int) -> list[ArticleItem | ListingItem | CountsItem]:
    """Two looks at each article, the second at an edited text, with a column, files, counts and a page that failed."""
    home = f"http://127.0.0.1:{port}"
    found: list[ArticleItem | ListingItem | CountsItem] = []
    for look, day in enumerate(("2026-03-01", "2026-03-08")):
        entries = tuple(
            Entry(url=f"{home}/info/1001/{n}.htm", title=f"第{n}次例会", published="2026-02-27", views=n)
            for n in range(ARTICLES + 3)
        )
        column = f"{home}/list.htm"
        capture = Capture(url=column, captured_at=f"{day}T00:00:00Z", status=200, payload=f"<ul>{look}</ul>".encode())
        found.append(
            ListingItem(
                site="campus", listing=column, capture=capture, page=ListingPage(entries=entries), last=bool(look)
            )
        )
        for n, entry in enumerate(entries):
            capture = Capture(
                url=entry.url,
                captured_at=f"{day}T0{look + 1}:{n:02}:00Z",
                status=200,
                headers={"content-type": "text/html", "server": "VWebServer"},
                payload=(f"<html>{'一样的菜单' * 40}" + TEXT.format(n=n) * (look + 2) + "</html>").encode(),
            )
            if n >= ARTICLES:
                capture = Capture(url=entry.url, captured_at=capture.captured_at, status=503, error="HTTP 503")
            found.append(
                ArticleItem(
                    site="campus",
                    capture=capture,
                    article=article(n, look, entry.url, home) if n < ARTICLES else None,
                    entry=entry,
                    listing=column,
                )
            )
        readings = tuple(
            ViewObservation(
                site="campus",
                native_id=f"vsb:1391370217:{n}",
                observed_at=f"{day}T1{hour}:00:00Z",
                views=100 * look + 10 * hour + n,
                method="counter",
            )
            for hour in range(3)
            for n in range(ARTICLES)
        )
        found.append(CountsItem(site="campus", observations=readings))
    return found


def article(n: int, look: int, url: str, home: str) -> Article:
    counter = f"{home}/system/resource/code/news/click/dynclicks.jsp?clickid={n}&owner=1391370217&clicktype=wbnews"
    return Article(
        url=url,
        native_id=f"vsb:1391370217:{n}",
        title=f"第{n}次例会{'（更正）' * look}",
        published="2026-02-27",
        published_text="发布时间：2026-02-27",
        body="\n".join([TEXT.format(n=n)] * (look + 2)),
        source="教务处",
        author="张三",
        counter=CountAddress(family="vsb", owner="1391370217", key=str(n), url=counter),
        images=(f"{home}/a{n}.jpg",),
        attachments=(Attachment(url=f"{home}/b{n}.pdf", title=f"附件{n}"),),
        family="vsb",
    )


def make(path: Path, port: int) -> None:
    home = f"http://127.0.0.1:{port}/"
    site = Site(
        name="campus",
        title="云岭大学",
        homepage=home,
        country="CN",
        language="zh-CN",
        cms="vsb",
        listings=(f"{home}list.htm",),
    )
    with Archive(path, write=True) as archive:
        writer = Writer(archive, "0")
        writer.start("crawl", [site], "2026-03-01T00:00:00Z", {})
        writer.write(items(port))
        writer.finish("2026-03-09T00:00:00Z", "finished", 70, 70_000)


# What is read in it


def cells(path: Path) -> dict[str, Any] | None:
    """Every row of every table as bytes, the schema, and which words the search index holds of what; None: it cannot be read."""
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as conn:
        conn.text_factory = bytes
        try:
            found: dict[str, Any] = {
                "schema": conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
            }
            for table, (kind, *_) in schema.expected().items():
                if kind == "table" and not table.startswith(derived.INDEX):
                    found[table] = conn.execute(f'SELECT * FROM "{table}"').fetchall()
            conn.execute(f"CREATE VIRTUAL TABLE temp.held USING fts5vocab(main, {derived.INDEX}, instance)")
            found[derived.INDEX] = conn.execute("SELECT term, doc FROM temp.held").fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return None
    return found


class Flip(NamedTuple):
    byte: int
    bit: int

    def put(self, whole: bytes, path: Path) -> None:
        changed = bytearray(whole)
        changed[self.byte] ^= 1 << self.bit
        path.write_bytes(changed)
        for end in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + end).unlink(missing_ok=True)


class Ended(NamedTuple):
    code: int | None  # None: not in time
    said: str  # on stderr

    @property
    def how(self) -> str:
        if self.code is None:
            return "not in time"
        if "Traceback (most recent call last)" in self.said or self.code < 0:
            return f"traceback: {' '.join(self.said.strip().splitlines()[-1:])[:200]}"
        return f"exit {self.code}"


def run(arguments: tuple[str, ...], folder: Path) -> Ended:
    said = folder / "stderr"
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        out = os.open(os.devnull, os.O_RDWR)
        for number, file in ((0, out), (1, out), (2, os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))):
            os.dup2(file, number)
        code = 70
        try:
            command(list(arguments))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        except BaseException:  # noqa: BLE001  the child ends here, whatever happened
            sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
            code = 1
        finally:
            sys.stderr.flush()
            os._exit(code)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return Ended(os.waitstatus_to_exitcode(status), said.read_text("utf-8", "replace"))
        time.sleep(0.01)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return Ended(None, said.read_text("utf-8", "replace"))


def tried(flip: Flip, whole: bytes, folder: Path) -> dict[str, Ended]:
    """How each verb ends on an archive with that flip; each starts from the same bytes."""
    ended = {}
    for verb, arguments in VERBS.items():
        flip.put(whole, folder / "archive.db")
        ended[verb] = run(arguments, folder)
        for made in ("report", "export"):
            shutil.rmtree(folder / made, ignore_errors=True)
    return ended


def faults(ended: Mapping[str, Ended], usual: Mapping[str, Ended], reads: bool) -> dict[str, str]:
    """By verb; ``reads``: the flip changed what is read."""
    found = {
        verb: end.how
        for verb, end in ended.items()
        if end.how not in {f"exit {code}" for code in (0, 2, 5, usual[verb].code)}
    }
    if reads and ended["verify"].how != "exit 5":
        found["verify"] = f"{ended['verify'].how}, although something reads otherwise"
    elif ended["verify"].how not in ("exit 0", "exit 5"):
        found["verify"] = ended["verify"].how
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    dice = random.Random(args.seed)
    begin, wrong, otherwise, hows = time.monotonic(), 0, 0, defaultdict[str, Counter[str]](Counter)
    with tempfile.TemporaryDirectory() as name, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, and not listening: whoever asks is refused
        folder = Path(name)
        path = folder / "archive.db"
        make(path, nobody.getsockname()[1])
        whole, before = path.read_bytes(), cells(path)
        usual = {verb: run(arguments, folder) for verb, arguments in VERBS.items()}
        print(f"{len(whole):,} bytes; as it is:", ", ".join(f"{verb} {end.how}" for verb, end in usual.items()))
        for number in range(args.flips):
            flip = Flip(dice.randrange(len(whole)), dice.randrange(8))
            flip.put(whole, path)
            reads = cells(path) != before
            ended = tried(flip, whole, folder)
            otherwise += reads
            for verb, end in ended.items():
                hows[verb][end.how.partition(":")[0]] += 1
            for verb, what in faults(ended, usual, reads).items():
                wrong += 1
                print(f"  flip {number}, bit {flip.bit} of byte {flip.byte}: {verb} {what}", flush=True)
    print(f"{args.flips} flips, {otherwise} of them change what is read, {time.monotonic() - begin:.0f} s")
    for verb, counted in hows.items():
        print(f"{verb}:", ", ".join(f"{times} {how}" for how, times in counted.most_common()))
    print(f"{wrong} faults")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
