"""Rewrite what the pages beside this file are expected to give, from what reading them gives now: rewrite.py [site | site/slug …].

Pages in the folder of a catalogue site are read with its file.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from newsspider import PageError, read_article, read_listing
from newsspider import site as sites

PAGES = Path(__file__).parent
SITES = {site.name: site for site in sites.known()}
FIELDS = (
    "native_id title published published_text body source author editor views views_text counter images attachments family"
).split()


def reading(record: Path) -> dict[str, Any]:
    """What reading the page beside ``record`` gives: {"expect": fields} or {"error": kind}."""
    facts = json.loads(record.read_text(encoding="utf-8"))
    reader = read_listing if record.name.startswith("listing-") else read_article
    payload, site = record.with_suffix(".html").read_bytes(), SITES.get(record.parent.name)
    try:
        found = json.loads(json.dumps(asdict(reader(payload, facts["url"], site=site, headers=facts.get("headers")))))
    except PageError as error:
        return {"error": error.kind}
    if reader is read_article:
        return {"expect": {name: found[name] for name in FIELDS}}
    entries = [
        {name: value for name, value in entry.items() if value is not None and (name, value) != ("kind", "article")}
        for entry in found["entries"]
    ]
    return {"expect": {"family": found["family"], "next_url": found["next_url"], "entries": entries}}


def main(names: list[str]) -> None:
    for record in sorted([*PAGES.glob("*/article-*.json"), *PAGES.glob("*/listing-*.json")]):
        if names and not {record.parent.name, f"{record.parent.name}/{record.stem}"} & {*names}:
            continue
        facts = json.loads(record.read_text(encoding="utf-8"))
        kept = {key: value for key, value in facts.items() if key not in ("expect", "error")}
        text = json.dumps(kept | reading(record), ensure_ascii=False, indent=2)
        record.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
