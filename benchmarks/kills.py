"""kill -9 at random moments: afterwards the archive verifies, and the same command again ends where one uninterrupted run ends.

    ./run.sh bench kills [--moments 50] [crawl reparse ingest merge]

Each verb runs in a process of its own and is killed between its start and the time that a whole run takes.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsspider import read_article
from newsspider.archive import Archive, fixity
from newsspider.archive.writing import Writer
from newsspider.demo import Campus
from newsspider.export import warc
from newsspider.items import ArticleItem, Capture, Site

ARTICLES = 400
HOST = "news.campus.test"
SENTENCES = "这一段是为测试写的，说的是一所不存在的大学里发生的第{n}件小事。"
PAGE = """<html><head><title>{title}-示例大学新闻网</title><meta charset="utf-8">
<!--Announced by Visual SiteBuilder 9--></head><body><form name="_newscontent_fromname">
<div class="content"><h1 class="title">{title}</h1><div class="info">发布时间：2026-02-01 09:00　来源：校报</div>
<div id="vsb_content"><div class="v_news_content"><p>{text}</p><p>{text}</p></div></div></div></form>
<script>_jsq_(1001,'/content.jsp',{n},77)</script></body></html>"""

# All that does not depend on when and by which run it was learned, and (OF_TIME) what a run of today adds to that.
STATE = {
    "articles": "SELECT coalesce(native_id, url), kind, title, published FROM article",  # of two addresses either comes first
    "versions": "SELECT coalesce(a.native_id, a.url), s.content_digest FROM snapshot s JOIN article a ON a.id = s.article_id",
    "addresses": "SELECT url, listing FROM address",
    "files": "SELECT DISTINCT url, kind, payload_digest, media_type, size, error FROM attachment",
    "frontier": "SELECT url, listing, error FROM frontier",
}
OF_TIME = {
    "when": "SELECT url, first_seen_at, checked_at, last_seen_at, gone_since, views, observed_at FROM article",
    "spans": "SELECT url, captured_at, last_seen_at, content_digest, author FROM snapshot",
    "captures": "SELECT url, captured_at, kind, outcome, status, payload_digest, content_digest, error FROM capture",
    "counts": "SELECT a.url, o.observed_at, o.views, o.method FROM view_observation o JOIN article a ON a.id = o.article_id",
    "payloads": "SELECT digest, size FROM payload",
    "rereads": "SELECT c.url, c.captured_at, r.content_digest, r.changes FROM reread r JOIN capture c ON c.id = r.capture_id",
}


def state(path: Path, timeless: bool) -> dict[str, list[tuple[Any, ...]]]:
    with Archive(path) as archive:
        queries = STATE if timeless else STATE | OF_TIME
        return {name: sorted((tuple(row) for row in archive.rows(sql)), key=repr) for name, sql in queries.items()}


def damages(path: Path) -> list[fixity.Damage]:
    """None also where nothing was written yet."""
    if not path.exists() or not path.stat().st_size:
        return []
    with Archive(path) as archive:
        return list(fixity.verify(archive))


@dataclass(frozen=True, kw_only=True)
class Case:
    """A verb with its arguments, and the folder that a run starts from: ``archive.db`` in it, or nothing."""

    command: tuple[str, ...]
    start: Path
    timeless: bool = False  # a crawl captures at its own times

    def spawn(self, folder: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "newsspider", *self.command, "--quiet"]
        return subprocess.Popen(command, cwd=folder, env=os.environ, stderr=subprocess.PIPE)

    def whole(self, folder: Path) -> float:
        """Seconds of one uninterrupted run."""
        begin = time.perf_counter()
        process = self.spawn(folder)
        _, said = process.communicate(timeout=120)
        if process.returncode:
            raise SystemExit(f"{' '.join(self.command)} ended with {process.returncode}: {said.decode()}")
        return time.perf_counter() - begin


def trials(case: Case, moments: int, dice: random.Random) -> Iterator[tuple[float, str]]:
    """For each: when it was killed (share of a whole run), and what was wrong afterwards; nothing should be."""
    with tempfile.TemporaryDirectory() as name:
        reference = Path(name) / "whole"
        shutil.copytree(case.start, reference)
        seconds = case.whole(reference)
        expected = state(reference / "archive.db", case.timeless)
        for number in range(moments):
            folder = Path(name) / str(number)
            shutil.copytree(case.start, folder)
            moment = dice.random()
            yield moment, _killed(case, folder, moment * seconds, expected)
            shutil.rmtree(folder)


def _killed(case: Case, folder: Path, seconds: float, expected: Mapping[str, Any]) -> str:
    victim = case.spawn(folder)
    try:
        victim.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        victim.kill()
        victim.communicate()
    path = folder / "archive.db"
    if found := damages(path):
        return f"damaged: {found[0]}"
    case.whole(folder)
    if found := damages(path):
        return f"damaged after the rerun: {found[0]}"
    now = state(path, case.timeless)
    return ", ".join(f"other {name}" for name in expected if now[name] != expected[name])


# What is run


def page(n: int, edition: int) -> bytes:
    return PAGE.format(title=f"第{n}号新闻的标题{'（更正）' * edition}", n=n, text=SENTENCES.format(n=n)).encode()


def hold(path: Path, captures: list[tuple[int, int]], *, badly: bool = False) -> Path:
    """An archive of captures (article, edition); ``badly``: read by a parser that took the source for the author."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Archive(path, write=True) as archive:
        writer = Writer(archive, "0")
        writer.start("crawl", [Site(name=HOST, listings=(f"http://{HOST}/",))], "2026-03-01T00:00:00Z", {})
        batch = []
        for n, edition in captures:
            url, at = f"http://{HOST}/info/1001/{n}.htm", f"2026-03-{edition + 1:02}T{n // 60:02}:{n % 60:02}:00Z"
            payload = page(n, edition)
            capture = Capture(
                url=url, captured_at=at, status=200, headers={"content-type": "text/html"}, payload=payload
            )
            article = read_article(payload, url)
            if badly:
                article = replace(article, author=article.source, source=None)
            batch.append(ArticleItem(site=HOST, capture=capture, article=article))
        writer.write(batch)
        writer.finish("2026-03-09T00:00:00Z", "finished", 0, 0)
    return path


@contextmanager
def cases(folder: Path, verbs: list[str]) -> Iterator[dict[str, Case]]:
    every = [(n, edition) for edition in range(2) for n in range(ARTICLES)]
    empty = folder / "empty"
    empty.mkdir(parents=True)
    found: dict[str, Case] = {}
    with ExitStack() as stack:
        if "crawl" in verbs:
            campus = stack.enter_context(Campus())
            campus.fail(".*", "slow", seconds=0.005)
            ahead = f"CLOCK_OFFSET={(campus.now - datetime.now(UTC)).total_seconds():.0f}"
            command = ("crawl", *campus.urls.values(), "--assets", "-s", "DOWNLOAD_DELAY=0", "-s", ahead)
            found["crawl"] = Case(command=command, start=empty, timeless=True)
        if "reparse" in verbs:
            found["reparse"] = Case(
                command=("reparse",), start=hold(folder / "badly" / "archive.db", every, badly=True).parent
            )
        if "ingest" in verbs:
            with Archive(hold(folder / "source" / "archive.db", every)) as archive:
                file, _ = warc.write(archive, folder / "warc")
            found["ingest"] = Case(command=("ingest", str(file)), start=empty)
        if "merge" in verbs:
            other = hold(folder / "there" / "archive.db", every[ARTICLES // 2 :])
            here = hold(folder / "here" / "archive.db", every[: ARTICLES + 100])
            found["merge"] = Case(command=("merge", str(other)), start=here.parent)
        yield found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = ("crawl", "reparse", "ingest", "merge")
    parser.add_argument("verbs", nargs="*", choices=[[], *verbs], help="(default: all four)")
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as name, cases(Path(name), args.verbs or list(verbs)) as chosen:
        for verb, case in chosen.items():
            wrong = [(moment, what) for moment, what in trials(case, args.moments, random.Random(args.seed)) if what]
            failed += len(wrong)
            print(
                f"{verb}: killed {args.moments} times, {args.moments - len(wrong)} times whole and completed by a rerun"
            )
            for moment, what in wrong:
                print(f"  killed at {moment:.0%} of a run: {what}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
