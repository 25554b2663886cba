"""The direction of the layers, read from the imports."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import newsspider

ROOT = Path(newsspider.__file__).parent
MAY_USE = {
    "characters": set(),
    "items": {"characters"},
    "schedule": {"items"},
    "expectation": set(),
    "extract": {"items"},
    "reading": {"items", "extract"},
    "cms": {"items", "extract", "reading"},
    "site": {"characters", "items", "extract", "cms", "scope", "spelling"},
    "spelling": set(),
    "spans": set(),
    "scope": {"items", "extract"},
    "archive": {"items", "spelling", "schedule", "expectation", "extract"},
    "vitals": {"items"},
    "pipelines": {"items", "archive", "site", "vitals"},
    "spiders": {"items", "spelling", "extract", "reading", "cms", "site", "scope", "schedule", "archive"},
    "settings": {"items"},
    "rereading": {"items", "cms", "site", "archive"},
    "health": {"items", "rereading"},
    "reparse": {"items", "site", "rereading", "archive"},
    "ingest": {"items", "extract", "cms", "site", "archive"},
    "whole": set(),
    "export": {"items", "archive", "whole"},
    "alerts": {"items", "characters", "spelling", "spans", "scope", "extract", "archive", "export", "whole"},
    "transcribing": set(),
    "disclosure": {"extract", "reading", "archive"},
    "report": {"items", "extract", "archive", "disclosure", "export", "whole"},
    "replay": {"reading"},
    "serve": {"items", "extract", "archive", "replay", "export", "report"},
    "fleet": {"items", "archive"},
    "demo": {"items"},
}
NO_SCRAPY = (
    "characters",
    "items",
    "spelling",
    "spans",
    "alerts",
    "vitals",
    "schedule",
    "expectation",
    "extract",
    "reading",
    "cms",
    "archive",
    "whole",
    "export",
    "report",
    "fleet",
    "serve",
    "demo",
    "site",
    "scope",
    "disclosure",
    "transcribing",
    "replay",
    "rereading",
    "reparse",
    "health",
    "ingest",
)
MODULES = sorted(p for p in ROOT.rglob("*.py") if p != ROOT / "__init__.py")


def layer(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_layer_uses_only_those_below(path: Path) -> None:
    mine = layer(path)
    if mine in ("cli", "__main__"):
        return
    used = {name.split(".")[1] for name in imports(path) if name.startswith("newsspider.")} - {mine, "__version__"}
    assert used <= MAY_USE[mine], f"{mine} may not import {sorted(used - MAY_USE[mine])}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_scrapy_stays_where_it_belongs(path: Path) -> None:
    scrapy = {name for name in imports(path) if name.split(".")[0] == "scrapy"}
    if layer(path) in NO_SCRAPY:
        assert not scrapy
