"""The founding record: one text file an article, labelled 标题, 发布日期, 浏览次数, 正文内容."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path


def record(row: sqlite3.Row) -> str:
    """The date line as printed, the body a paragraph a line; what is not known stays empty."""
    views = "" if row["views"] is None else row["views"]
    date = row["published_text"] or row["published"] or ""
    return f"标题: {row['title']}\n发布日期: {date}\n浏览次数: {views}\n正文内容:\n{row['body']}\n"


def name(row: sqlite3.Row) -> str:
    """A file name that is the same in every archive of the site: from the identity in the CMS, else from the address."""
    if row["native_id"]:
        return re.sub(r"[^\w.-]+", "-", row["native_id"]) + ".txt"
    site = re.sub(r"[^\w.-]+", "-", row["site"])
    return f"{site}-{hashlib.sha256(row['url'].encode()).hexdigest()[:16]}.txt"


def write(rows: Iterable[sqlite3.Row], folder: Path) -> int:
    """Writes the records; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    return sum(1 for row in rows if (folder / name(row)).write_text(record(row), encoding="utf-8", newline="\n"))
