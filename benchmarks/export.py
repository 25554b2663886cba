"""Exports of a large archive: what each format costs in memory and time, and that a second one has the same bytes.

    python benchmarks/export.py [--articles 10000] [--readings 100] [--formats csv,jsonl,parquet,txt,warc]      # a million readings

The archive is that of series.py, with a captured page for each article. Each format is written by the command line in a process of its
own. Seconds are of processor time, memory is the peak of what was resident. The files are deleted at the end.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import series

from newsspider.archive import Archive, identity
from newsspider.archive.writing import Writer
from newsspider.items import Article, ArticleItem, Capture, Site

WORDS = "学校举行新学期工作会议部署教学科研与学生工作要点师生代表参加了活动并作交流发言"
BATCH = 500


def text(dice: random.Random) -> str:
    return "\n".join("".join(dice.choices(WORDS, k=90)) + "。" for _ in range(6))


def pages(archive: Archive) -> None:
    """A page of some hundred characters for each article: what a version and a capture are made of."""
    dice = random.Random(5)
    rows = archive.rows("SELECT id, url, site, native_id, published, first_seen_at FROM article ORDER BY id")
    with archive.transaction() as conn:
        for row in rows:
            identity.meet(conn, row["id"], row["url"], "", row["first_seen_at"])
    sites = [Site(name=row[0], timezone="Asia/Shanghai") for row in archive.rows("SELECT name FROM site ORDER BY name")]
    writer = Writer(archive, "0.1.0")
    writer.start("crawl", sites, series.iso(series.NOW - series.SPAN), {})
    for start in range(0, len(rows), BATCH):
        items = []
        for row in rows[start : start + BATCH]:
            body = text(dice)
            payload = f"<html><body><h1>{'题' * 20}</h1>{body}</body></html>".encode()
            capture = Capture(url=row["url"], captured_at=row["first_seen_at"], status=200, payload=payload)
            article = Article(
                url=row["url"], native_id=row["native_id"], title="题" * 20, published=row["published"], body=body
            )
            items.append(ArticleItem(site=row["site"], capture=capture, article=article))
        writer.write(items)
    writer.finish(series.iso(series.NOW), "finished", len(rows), len(rows))


# The high water mark of this process alone: what wait4 tells begins with the parent's.
EXPORT = """
import atexit, pathlib, re, sys
from newsspider.cli import main
peak = pathlib.Path(sys.argv.pop(1))
atexit.register(lambda: peak.write_text(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]))
main()
"""


def exported(path: Path, folder: Path, kinds: str) -> tuple[float, int]:
    """Seconds of processor time, and the peak of resident memory in MB."""
    words = [str(folder), "--archive", str(path), "--format", kinds, "--as-of", series.iso(series.NOW), "--quiet"]
    peak = path.with_suffix(".peak")
    process = subprocess.Popen([sys.executable, "-c", EXPORT, str(peak), "export", *words])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"export --format {kinds} failed")
    return usage.ru_utime + usage.ru_stime, int(peak.read_text()) // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--readings", type=int, default=100)
    parser.add_argument("--formats", default="csv,jsonl,parquet,txt,warc", help="each by itself, then all at once")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        with Archive(path, write=True) as archive:
            readings = series.fill(archive, asked.articles, asked.readings)
            pages(archive)
        print(f"{asked.articles:,} articles, {readings:,} readings, {path.stat().st_size >> 20} MB")
        for kinds in (*asked.formats.split(","), asked.formats):
            seconds, megabytes = exported(path, Path(folder) / kinds, kinds)
            size = sum(one.stat().st_size for one in (Path(folder) / kinds).rglob("*") if one.is_file()) >> 20
            print(
                f"{kinds:28} {seconds:6.1f} s {readings / seconds:9,.0f} readings/s {megabytes:5} MB {size:5} MB written"
            )
        exported(path, Path(folder) / "again", asked.formats)
        same = [(Path(folder) / name / "SHA256SUMS").read_bytes() for name in (asked.formats, "again")]
        print("a second export has the same bytes" if same[0] == same[1] else "A SECOND EXPORT DIFFERS")


if __name__ == "__main__":
    main()
