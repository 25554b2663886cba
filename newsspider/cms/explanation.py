"""How a page is read, with the reasons: for `newsspider explain`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from newsspider import cms
from newsspider.cms.base import Page
from newsspider.items import Article, PageError, Site
from newsspider.reading import body, content, heading
from newsspider.reading.choice import Choice


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """``choices``: the reckoning of the fields that are chosen among candidates. ``lines``: each line of the page with what it was
    taken for: title, date, text, chrome, footer, or nothing (empty). ``signs``: each line's for and against being of the text, with
    their points."""

    url: str
    family: str
    family_by: str
    found: Article | PageError
    choices: Mapping[str, Choice[Any]]
    lines: tuple[tuple[str, str], ...]
    signs: tuple[tuple[tuple[str, float], ...], ...]


def of(payload: bytes, url: str, *, site: Site | None = None, headers: Mapping[str, str] | None = None) -> Explanation:
    """Raises PageError where the bytes are no page at all."""
    page = cms.opened(payload, url, site=site, headers=headers)
    family, why = cms.family_of(page)
    found: Article | PageError
    try:
        found = family.article(page)
    except PageError as error:
        found = error
        with suppress(PageError):
            family.listing(page)
    return Explanation(
        url=url,
        family=family.name,
        family_by=why,
        found=found,
        choices=page.choices,
        lines=tuple(_taken(page, found if isinstance(found, Article) else None)),
        signs=tuple(body.signs(page.blocks, heading.declared(page))),
    )


def _taken(page: Page, article: Article | None) -> list[tuple[str, str]]:
    texts = set(article.body.split("\n")) if article else set()
    found = []
    for line, value in zip(page.blocks.lines, page.worth, strict=True):
        if article and line.text == article.title:
            its = "title"
        elif line.text in texts:
            its = "text"
        elif article and article.published_text and article.published_text in line.text:
            its = "date"
        elif content.is_footer(line):
            its = "footer"
        else:
            its = "chrome" if value == content.in_chrome(line) or line.linked * 2 > len(line.text) else ""
        found.append((line.text, its))
    return found
