"""What Datasette is told of an archive: titles, descriptions, facets and the stored questions, from the schema's own comments."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

_COLUMN = re.compile(r"^ {4}\"?(\w+)\"? [^\n]*?-- ([^\n]+)$", re.M)
_TITLE = re.compile(r"^CREATE (?:TABLE|VIEW) \"?(\w+)\"?[^\n]*?-- ([^\n]+)$", re.M)
INNER = (
    "_sqlite_migrations",
    "search_due",
    "count_due",
    "alike_due",
    "count_age_due",
    "text_mark",
    "snapshot_search",
    "poll_day",
    "counting",
    "sqlite_sequence",
)


@cache
def words(name: str) -> dict[str, Any]:
    """One of the files beside this one: ``chinese``, ``questions`` or ``tables``."""
    return tomllib.loads(files("newsspider.serve").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def described(conn: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """Every table and view with its title and columns, English from the comments in the file, Chinese beside it."""
    found = {}
    chinese = words("chinese")
    for name, sql in conn.execute(
        "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'view') AND sql IS NOT NULL"
    ):
        title = _TITLE.search(sql)
        own, comments = chinese.get(name, {}), dict(_COLUMN.findall(sql))
        columns = {}
        for column in (row[1] for row in conn.execute(f'PRAGMA table_info("{name}")')):
            both = (own.get(column) or chinese["columns"].get(column), comments.get(column))
            if text := " · ".join(part for part in both if part):
                columns[column] = text
        english = title[2] if title else None
        found[name] = {"zh": chinese["tables"].get(name), "en": english, "columns": columns}
    return found


def metadata(archive: Path, conn: sqlite3.Connection) -> dict[str, Any]:
    """For `Datasette(metadata=…)`, version 0.65."""
    tables: dict[str, dict[str, Any]] = {}
    for name, about in described(conn).items():
        table: dict[str, Any] = {
            "columns": about["columns"],
            "description": " · ".join(filter(None, (about["zh"], about["en"]))),
        }
        own = words("tables").get(name, {})
        table |= {"facets": own["facets"]} if "facets" in own else {}
        table |= {"sort_desc": own["sort"]} if "sort" in own else {}
        table |= {"hidden": True} if name.startswith("snapshot_search_") or name in INNER else {}
        tables[name] = table
    tables["latest_text"] |= {"fts_table": "snapshot_search", "fts_pk": "snapshot_id", "label_column": "title"}
    tables["article"] |= {"label_column": "title"}
    queries = {
        name: {"title": f"{question['zh']} · {question['en']}", "sql": question["sql"], "hide_sql": True}
        for name, question in words("questions").items()
    }
    return {
        "title": "大学新闻档案 · University news archive",
        "description": f"{archive.name}，由 newsspider 采集；文章版权归原作者。"
        " Collected by newsspider; the news belongs to those who wrote it.",
        "databases": {archive.stem: {"tables": tables, "queries": queries}},
    }
