"""A large archive: what it costs to open, show, verify, back up and read again.

    ./run.sh bench archive [--versions 100000] [--keep archive.db]

Makes an archive of that many versions: ten sites, each article in two versions of a 34 KB VSB page, stored as a crawl stores them. Then,
in one run: opening it, `show` and `history` of random articles (in this process, and as commands), `verify` against the speed of
SHA-256 alone on the same bytes, `backup` while a crawl writes (the copy is verified, and nothing of the crawl is lost), and
`reparse --dry-run` of the last site, whose pages are read for it as a crawl reads them.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsspider import read_article, reparse
from newsspider.archive import Archive, backups, fixity, payloads, reading
from newsspider.archive.writing import Writer
from newsspider.items import Article, ArticleItem, Capture, Counter, Site, instant

SITES = 10
READ = 1000  # pages of the last site: read as a crawl reads them
START = datetime(2025, 1, 1, tzinfo=UTC)
WORDS = "学校召开会议研究部署推进落实教育改革发展师生科研团队成果学院领导讲话精神工作要求建设一流大学人才培养服务社会文化交流合作创新"
PAGE = """<html><head><title>{title}-示例大学</title><meta charset="utf-8"><!--Announced by Visual SiteBuilder 9-->
<script>{script}</script></head><body><ul class="nav">{nav}</ul><div class="content"><form name="_newscontent_fromname">
<h1>{title}</h1><div class="info">日期：{date}　浏览次数：<script>_showDynClicks("wbnews", {owner}, {n})</script></div>
<div id="vsb_content"><div class="v_news_content">{body}</div></div></form></div>
<script>_jsq_(1001,'/content.jsp',{n},{owner})</script></body></html>"""


def text(dice: random.Random, length: int) -> str:
    return "".join(dice.choices(WORDS, k=length))


def items(versions: int) -> Iterator[ArticleItem]:
    """Each article twice, the second time with a sentence more."""
    dice = random.Random(5)
    chrome = [
        {
            "nav": "".join(f'<li><a href="/col{n}.htm">{text(dice, 6)}</a></li>' for n in range(110)),
            "script": "".join(f"var setting{n}='{text(dice, 20)}';" for n in range(110)),
        }
        for _ in range(SITES)
    ]
    articles = [(n, n % (SITES - 1)) for n in range((versions - READ) // 2)] + [
        (n, SITES - 1) for n in range(READ // 2)
    ]
    for n, site in articles:
        title, date = f"{text(dice, 20)}{n}", f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}"
        lines = [text(dice, 198) + "。" for _ in range(10)]
        for edition in range(2):
            lines = [*lines, text(dice, 30) + "。"] if edition else lines
            body = "".join(f"<p>{line}</p>" for line in lines)
            page = PAGE.format(title=title, date=date, n=n, owner=9000 + site, body=body, **chrome[site])
            payload = (page + " " * max(0, 34_000 - len(page.encode()))).encode()
            url = f"http://news{site}.example.edu.cn/info/1001/{n}.htm"
            at = START + timedelta(minutes=n, days=90 * edition)
            capture = Capture(
                url=url,
                captured_at=instant(at),
                status=200,
                payload=payload,
                headers={"content-type": "text/html"},
            )
            yield ArticleItem(
                site=f"site{site}",
                capture=capture,
                article=read_article(payload, url) if site == SITES - 1 else made(n, site, url, title, date, lines),
            )


def made(n: int, site: int, url: str, title: str, date: str, lines: list[str]) -> Article:
    """What reading the page would give, without the time it takes."""
    return Article(
        url=url,
        title=title,
        published=date,
        published_text=f"日期：{date}",
        body="\n".join(lines),
        native_id=f"vsb:{9000 + site}:{n}",
        counter=Counter(
            family="vsb", owner=str(9000 + site), key=str(n), url=f"http://news{site}.example.edu.cn/c?{n}"
        ),
        views=None,
        family="vsb",
    )


def fill(path: Path, versions: int) -> float:
    """Seconds spent on storing, without making the pages."""
    with Archive(path, write=True) as archive:
        writer = Writer(archive, "0")
        sites = [Site(name=f"site{n}", listings=(f"http://news{n}.example.edu.cn/",)) for n in range(SITES)]
        writer.start("crawl", sites, instant(START), {})
        spent, batch = 0.0, list[ArticleItem]()
        for item in items(versions):
            batch.append(item)
            if len(batch) == 200:
                begin = time.perf_counter()
                writer.write(batch)
                spent += time.perf_counter() - begin
                batch.clear()
        writer.write(batch)
        begin = time.perf_counter()
        writer.finish(instant(START + timedelta(days=200)), "finished", versions, versions * 34_000)
        return spent + time.perf_counter() - begin


def best(times: int, what: object) -> float:
    """Milliseconds of the quickest of some calls, each with its own random number."""
    found = []
    for number in range(times):
        begin = time.perf_counter()
        what(number)  # type: ignore[operator]
        found.append(time.perf_counter() - begin)
    return min(found) * 1000


def asked(path: Path, dice: random.Random) -> None:
    with Archive(path) as archive:
        count = archive.rows("SELECT max(id) FROM article WHERE site <> 'late'")[0][0]
    ids = [dice.randint(1, count) for _ in range(20)]

    def opened(number: int) -> None:
        Archive(path).close()

    def shown(number: int) -> None:
        with Archive(path) as archive:
            row = reading.article(archive, str(ids[number]))
            versions = reading.versions(archive, row["id"])
            assert len(versions) == 2, "each article has two versions"
            reading.series(archive, row["id"])
            reading.addresses(archive, row["id"])

    def told(number: int) -> None:
        with Archive(path) as archive:
            assert len(reading.history(archive, ids[number])) == 2

    def command(verb: str) -> object:
        def run(number: int) -> None:
            arguments = [verb, str(ids[number]), "--archive", str(path)]
            subprocess.run([sys.executable, "-m", "newsspider", *arguments], check=True, stdout=subprocess.DEVNULL)

        return run

    bare = best(5, lambda number: subprocess.run([sys.executable, "-c", "pass"], check=True))
    print(f"open {best(20, opened):.1f} ms, show {best(20, shown):.1f} ms, history {best(20, told):.1f} ms")
    print(
        f"as commands: show {best(7, command('show')):.0f} ms, history {best(7, command('history')):.0f} ms"
        f" (an empty Python program: {bare:.0f} ms)"
    )


def verified(path: Path) -> None:
    with Archive(path) as archive:
        size = archive.rows("SELECT sum(size) FROM payload")[0][0] / 1e6
        block = payloads.body(archive.conn, archive.rows("SELECT digest FROM payload LIMIT 1")[0][0])
        begin, used = time.perf_counter(), time.process_time()
        damage = list(fixity.verify(archive))
        seconds, used = time.perf_counter() - begin, time.process_time() - used
    assert damage == [], damage[:3]
    rounds = max(1, int(500e6 / len(block)))
    begin, alone = time.perf_counter(), time.process_time()
    for _ in range(rounds):
        hashlib.sha256(block).digest()
    spent, alone = time.perf_counter() - begin, time.process_time() - alone
    done = rounds * len(block) / 1e6
    print(
        f"verify {size:,.0f} MB of payload in {seconds:.1f} s: {size / seconds:.0f} MB/s, {size / used:.0f} MB a second of CPU;"
        f" SHA-256 alone {done / spent:.0f} MB/s, {done / alone:.0f} of CPU"
    )


def backed_up(path: Path, folder: Path) -> None:
    """While a crawl writes; nothing that it wrote is lost, and the copy is whole."""
    done = threading.Event()
    written = 0

    def crawl() -> None:
        nonlocal written
        with Archive(path, write=True) as archive:
            writer = Writer(archive, "0")
            writer.start("crawl", [Site(name="late")], instant(START), {})
            while not done.is_set():
                url = f"http://late.example.edu.cn/{written}.htm"
                capture = Capture(url=url, captured_at=instant(START), status=200, payload=url.encode())
                article = Article(url=url, title=f"第{written}条", body="正文")
                writer.write([ArticleItem(site="late", capture=capture, article=article)])
                written += 1
            writer.finish(instant(START), "finished", written, written)

    thread = threading.Thread(target=crawl)
    thread.start()
    begin = time.perf_counter()
    try:
        copy = backups.backup(path, folder, datetime.now(UTC))
    finally:
        seconds = time.perf_counter() - begin
        done.set()
        thread.join()
    with Archive(path) as archive:
        held = archive.rows("SELECT count(*) FROM article WHERE site = 'late'")[0][0]
    with Archive(copy) as archive:
        copied = archive.rows("SELECT count(*) FROM snapshot")[0][0]
    assert held == written, f"{written - held} articles of the crawl are lost"
    print(
        f"backup of {copy.stat().st_size / 1e6:,.0f} MB, verified, in {seconds:.1f} s, while a crawl stored {written:,} articles;"
        f" {copied:,} versions in the copy"
    )


def read_again(path: Path, folder: Path) -> None:
    with Archive(path) as archive:
        begin = time.process_time()
        report = reparse.reparse(archive, folder / "sites", datetime.now(UTC), [f"site{SITES - 1}"], dry=True)
        seconds = time.process_time() - begin
    assert (report.pages, report.otherwise, report.lost) == (READ, 0, []), report
    print(f"reparse --dry-run: {report.pages / seconds:.0f} pages a second of one core")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--versions", type=int, default=100_000, help="at least 2000 (default: %(default)s)")
    parser.add_argument(
        "--keep", type=Path, metavar="FILE", help="make the archive there and keep it; use it if it is there"
    )
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = args.keep or folder / "archive.db"
        if not path.exists():
            seconds = fill(path, max(args.versions, 2 * READ))
            print(
                f"{args.versions:,} versions stored at {args.versions / seconds:.0f} a second: {os.path.getsize(path) / 1e6:,.0f} MB"
            )
        asked(path, random.Random(1))
        verified(path)
        read_again(path, folder)
        backed_up(path, folder)


if __name__ == "__main__":
    main()
