"""Rewrite what the pages beside this file are expected to give, from what reading them gives now: rewrite.py [site/slug …]."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from newsspider import PageError, read_article

PAGES = Path(__file__).parent
FIELDS = (
    "native_id title published published_text body source author editor views views_text counter images attachments family"
).split()


def reading(record: Path) -> dict[str, Any]:
    """What reading the page beside ``record`` gives: {"expect": fields} or {"error": kind}."""
    facts = json.loads(record.read_text(encoding="utf-8"))
    try:
        article = read_article(record.with_suffix(".html").read_bytes(), facts["url"], headers=facts.get("headers"))
    except PageError as error:
        return {"error": error.kind}
    fields = json.loads(json.dumps(asdict(article), default=str))
    return {"expect": {name: fields[name] for name in FIELDS}}


def main(names: list[str]) -> None:
    for record in sorted(PAGES.glob("*/article-*.json")):
        if names and f"{record.parent.name}/{record.stem}" not in names:
            continue
        facts = json.loads(record.read_text(encoding="utf-8"))
        kept = {key: value for key, value in facts.items() if key not in ("expect", "error")}
        text = json.dumps(kept | reading(record), ensure_ascii=False, indent=2)
        record.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
