"""The founding record: one text file an article, labelled 标题, 发布日期, 浏览次数, 正文内容."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from newsspider import whole

Row = sqlite3.Row | Mapping[str, Any]  # a row of `reading.latest`, or of the articles of a cut

LONGEST = 200  # bytes of an id or a site's name in a file's name; file systems take 255 in all


def record(row: Row) -> str:
    """The date line as printed, the body a paragraph a line; what is not known stays empty."""
    views = "" if row["views"] is None else row["views"]
    date = row["published_text"] or row["published"] or ""
    return f"标题: {row['title']}\n发布日期: {date}\n浏览次数: {views}\n正文内容:\n{row['body']}\n"


def name(row: Row) -> str:
    """A file name that is the same in every archive of the site: from the identity in the CMS, else from the address."""
    if row["native_id"]:
        return f"{_safe(row['native_id'])}.txt"
    return f"{_safe(row['site'])}-{_short(row['url'])}.txt"


def _safe(text: str) -> str:
    """A part of a file's name; a long one ends in a digest of it all."""
    safe = re.sub(r"[^\w.-]+", "-", text)
    if len(safe.encode()) <= LONGEST:
        return safe
    return f"{safe.encode()[: LONGEST - 17].decode(errors='ignore')}-{_short(text)}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write(rows: Iterable[Row], folder: Path) -> int:
    """Writes the records; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for row in rows:
        whole.write(folder / name(row), record(row))
        count += 1
    return count
