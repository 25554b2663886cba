"""The site file that a probe's findings make: only what the pages and the address show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from newsspider import site as sites
from newsspider.extract import organisations
from newsspider.spiders.findings import Findings

LEAST_DATED = 3  # rows with a date, for a column to be worth following
_SCRIPTS = (("ko", re.compile(r"[가-힯]")), ("ja", re.compile(r"[぀-ヿ]")), ("zh", re.compile(r"[㐀-鿿]")))
_CHINESE = {"cn": "zh-CN", "sg": "zh-CN", "tw": "zh-TW", "hk": "zh-HK", "mo": "zh-MO"}
_COUNTRIES = {"uk": "GB"}
_SEPARATORS = " -–—_|｜·•:："


def name(url: str) -> str:
    """A short name for the site at an address: organisation and subdomain.

    >>> name("https://news.xjtu.edu.cn/zyxw.htm"), name("https://www.example.edu/")
    ('xjtu-news', 'example')
    """
    host = organisations.parts(url)
    parts = [host.domain, *reversed(host.subdomain.split("."))] if host.suffix else [urlsplit(url).netloc]
    return re.sub(r"[^\w]+", "-", "-".join(part for part in parts if part and part != "www")).strip("-").lower()


def listings(found: Findings) -> list[str]:
    """The listings to crawl: the one probed, or those a front page leads to that have dates."""
    columns = [column.url for column in found.columns if column.dated >= LEAST_DATED]
    return columns or ([found.listing_url] if found.listing_url else [])


def toml(found: Findings, name: str, day: str) -> str:
    """The file's text. ``day``: when the pages were read. Raises ValueError where no listing was found."""
    chosen = listings(found)
    if not chosen:
        raise ValueError(f"no listing was found at {found.url}")
    keys = {"name": name, **dict(_facts(found, chosen[0])), "checked": day}
    width = max(map(len, keys))
    lines = [f"{key:<{width}} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items()]
    urls = "".join(f"    {json.dumps(url, ensure_ascii=False)},\n" for url in chosen)
    return "\n".join(lines) + f"\nlistings = [\n{urls}]\n"


def _facts(found: Findings, listing: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(listing)
    domain = (parts.hostname or "").rpartition(".")[2]
    if title := site_title(found):
        yield "title", title
    yield "homepage", f"{parts.scheme}://{parts.netloc}/"
    if zone := sites.zone(listing):
        yield "country", _COUNTRIES.get(domain, domain.upper())
    if tongue := language(found, domain):
        yield "language", tongue
    if zone:
        yield "timezone", zone
    if found.family not in (None, "generic"):
        yield "cms", found.family or ""


def site_title(found: Findings) -> str | None:
    """What the <title>s of a listing and its articles end with alike: the site's own name. That of a front page is all of it."""
    if found.kind == "front page" or not found.titles:
        return found.title
    end = found.title or ""
    for title in found.titles:
        while not title.endswith(end):
            end = end[1:]
    return end.strip(_SEPARATORS) or None


def language(found: Findings, domain: str) -> str | None:
    """BCP 47, as <html lang> says; but the script of the titles refutes what a template says by default."""
    texts = "".join(sample.article.title for sample in found.samples if sample.article) or found.title or ""
    declared = found.language or ""
    for tongue, script in _SCRIPTS:
        if len(script.findall(texts)) * 5 > len(texts):
            right = declared.lower().split("-")[0] == tongue and (tongue != "zh" or "-" in declared)
            return declared if right else _CHINESE.get(domain, "zh") if tongue == "zh" else tongue
    return declared if declared and declared[:2].lower() not in ("zh", "ja", "ko") else None
