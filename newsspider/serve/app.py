"""Datasette, made ready for one archive."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

from newsspider.archive import Archive
from newsspider.serve import metadata
from newsspider.serve.plugin import Plugin

HERE = files("newsspider.serve")
SETTINGS = {
    "sql_time_limit_ms": 5000,
    "default_page_size": 50,
    "facet_time_limit_ms": 500,
    "suggest_facets": False,  # tried on every column, 50 ms each; a column's menu still has "Facet by this"
    "num_sql_threads": 3,
    "template_debug": False,
}


def of(path: Path) -> Any:
    """Opened read-only, in the default mode: safe beside a crawl that writes (never immutable: its pages change under it)."""
    with Archive(path) as held:
        about = metadata.metadata(path, held.conn)
    pm.register(Plugin(path), name="newsspider")
    return Datasette(
        [str(path)],
        metadata=about,
        settings=SETTINGS,
        template_dir=str(HERE.joinpath("templates")),
        static_mounts=[("assets", str(HERE.joinpath("assets")))],
    )
