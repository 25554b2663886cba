"""What a stored version costs: bytes in the archive beside gzip of each page, and beside the text alone.

    ./run.sh bench payloads [--sites ../shared/sites] [--passes 5]

Two sets of pages: real ones (``--sites``: folders of recorded pages, a site each) and the replica campus, crawled in several passes with
a day between, in which it edits and publishes. All go through the archive's own code: the first pages plain, then with a dictionary of
their site, changed pages as a patch; and once more after `newsspider compact`. ``gzip`` is level 6 of each page; ``text`` is what the
articles say (zstd level 19 of title and body of each version, which no store of whole pages can go below for long). Also: other
ways to make a dictionary from the same pages.
"""

from __future__ import annotations

import argparse
import gzip
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsspider import PageError, read_article
from newsspider.archive import Archive, dictionaries, payloads
from newsspider.archive.payloads import zstd
from newsspider.archive.writing import Writer
from newsspider.demo import Campus
from newsspider.items import ArticleItem, Capture, Site

AT = "2026-03-01T00:00:00Z"


def silent(part: str, done: int, total: int) -> None:
    pass


def stored(path: Path, folder: Path) -> None:
    """Holds the articles of a folder of recorded pages, as one site."""
    site = Site(name=folder.name)
    with Archive(path, write=True) as archive:
        writer = Writer(archive, "0")
        writer.start("crawl", [site], AT, {})
        batch = []
        for page in sorted(folder.rglob("*.htm*")):
            url = f"http://{folder.name}.example.edu.cn/{page.relative_to(folder)}"
            capture = Capture(url=url, captured_at=AT, status=200, payload=page.read_bytes())
            try:
                article = read_article(page.read_bytes(), url)
            except PageError:
                continue
            batch.append(ArticleItem(site=site.name, capture=capture, article=article))
            if len(batch) == 20:
                writer.write(batch)
                batch.clear()
        writer.write(batch)
        writer.finish(AT, "finished", 0, 0)


def crawled(path: Path, passes: int) -> None:
    """Holds what so many crawls of the campus find, a day apart."""
    with Campus() as campus:
        for number in range(passes):
            ahead = (campus.now - datetime.now(UTC)) / timedelta(seconds=1)
            settings = ["-s", "DOWNLOAD_DELAY=0", "-s", f"CLOCK_OFFSET={ahead:.0f}"]
            command = [sys.executable, "-m", "newsspider", "crawl", *campus.urls.values(), "--archive", str(path)]
            subprocess.run([*command, "--revisit", "all", "--quiet", *settings], check=True)
            if number < passes - 1:
                for truth in campus.readable[:: len(campus.readable) // 12]:
                    campus.edit(truth.url)
                campus.pass_time()


def told(name: str, path: Path) -> None:
    with Archive(path, write=True) as archive:
        conn = archive.conn
        # Of versions alone: listings and pages that could not be read are held too, and cost as much.
        rows = archive.rows(
            "SELECT DISTINCT p.* FROM payload p JOIN capture c ON c.payload_digest = p.digest WHERE c.snapshot_id IS NOT NULL"
        )
        versions = archive.rows("SELECT title, body FROM snapshot")
        pages = [payloads.body(conn, row["digest"]) for row in rows]
        names = [row["digest"] for row in rows]
        whole, zipped = sum(map(len, pages)), sum(len(gzip.compress(page, 6)) for page in pages)
        text = sum(len(zstd.compress(f"{row['title']}\n{row['body']}".encode(), 19)) for row in versions)
        print(
            f"\n{name}: {len(pages)} pages of {len(versions)} versions, {whole / len(pages):,.0f} bytes a page as received"
        )
        line("gzip -6 of each page", zipped, versions, zipped, text)
        line("text alone, zstd -19", text, versions, zipped, text)
        line("as crawled", cost(archive, names), versions, zipped, text)
        dictionaries.compact(archive, AT, silent)
        line("after compact", cost(archive, names), versions, zipped, text)
        shared = archive.rows("SELECT coalesce(sum(length(body)), 0) FROM dictionary")[0][0]
        print(f"  (and {shared:,} bytes of dictionaries, once)")
        compared(pages)


def cost(archive: Archive, names: Iterable[str]) -> int:
    return sum(archive.rows("SELECT length(body) FROM payload WHERE digest = ?", (name,))[0][0] for name in names)


def line(what: str, size: int, versions: list[object], zipped: int, text: int) -> None:
    ratio = f"{zipped / size:5.1f} × smaller than gzip, {size / text:5.2f} × the text"
    print(f"  {what:22} {size / len(versions):8,.0f} bytes a version  {ratio}")


def compared(pages: list[bytes]) -> None:
    """Dictionaries made from half of the pages, on the other half."""
    known, fresh = pages[::2], pages[1::2]
    if len(known) < 12:
        return
    ways = {"as the archive does": dictionaries.make(known)}
    try:
        ways["trained by zstd"] = zstd.train_dict(known, 112 * 1024)
    except zstd.ZstdError as error:
        print(f"  zstd cannot train on these: {error}")
    ways["one page of the site"] = zstd.ZstdDict(known[0], is_raw=True)
    for what, made in ways.items():
        size = sum(len(zstd.compress(page, dictionaries.LEVEL, zstd_dict=made.as_digested_dict)) for page in fresh)
        print(f"  pages not in it, dictionary {what:22} {size / len(fresh):8,.0f} bytes a page")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=Path, default=Path("../shared/sites"))
    parser.add_argument("--passes", type=int, default=5, help="crawls of the campus (default: %(default)s)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for folder in sorted(args.sites.iterdir()) if args.sites.is_dir() else ():
            path = Path(name) / f"{folder.name}.db"
            stored(path, folder)
            told(folder.name, path)
        path = Path(name) / "campus.db"
        crawled(path, args.passes)
        told("replica campus", path)


if __name__ == "__main__":
    main()
