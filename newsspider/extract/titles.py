"""The title of an article: a line of the page that the page's own <title> confirms, without the site's name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from newsspider.extract.blocks import Block

_SEPARATOR = re.compile(
    r"\s*[|｜_»«·•]\s*|\s+[-–—:：]+\s+|[-–—]+(?=[^-–—]*(?:大学|学院|学校|大學|學院|网|部|处|中心|系|院|室|馆|University|College)[^-–—]*$)|--+"
)
_FOLD = re.compile(r"[\s\u200b\ufeff]+")
_MARK = "\0"  # in no title


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """``text`` without white space, width and case, to compare titles by."""
    return "".join(unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "").split()).lower()


def without_site(title: str, site_name: str | None = None) -> str:
    """A <title> without the site's name.

    >>> without_site("关于放假的通知-示例大学"), without_site("Open day | News | Example University")
    ('关于放假的通知', 'Open day')
    """
    title = _FOLD.sub(" ", title).strip()
    if site_name:
        title = re.sub(r"\s*[-|_–—:·]+\s*" + re.escape(site_name) + r"\s*$", "", title)
    parts = [part for part in _SEPARATOR.split(title) if part and part.strip()]
    return parts[0].strip() if parts else title


class Declared:
    """The titles that a page's head declares, to hold its lines against."""

    def __init__(self, page_titles: list[str]) -> None:
        self.exact = {fold(title) for title in page_titles} | {fold(without_site(title)) for title in page_titles}
        folded = sorted({fold(title) for title in page_titles})
        cuts = [(re.split(r"\.\.\.|…", title)[0], title) for title in folded]
        self._cut = tuple(cut for cut, title in cuts if len(cut) >= 8 and cut != title)
        self._long = tuple(title for title in folded if len(title) >= 8)
        # All in one text: each line of a page is looked for in it, and a loop over the titles takes ten times as long.
        self._all = _MARK + _MARK.join(folded)

    def likeness(self, line: str) -> float:
        """How the titles bear out that ``line`` is the article's: 0 not at all, 6 one is just that."""
        mine = fold(line)
        if len(mine) < 2:
            return 0
        if mine in self.exact:
            return 6
        if _MARK + mine in self._all or mine.startswith(self._cut):
            return 3.5
        if mine.startswith(self._long):  # the line goes on with a date or a subtitle
            return 3
        return 2.5 if len(mine) >= 6 and mine in self._all else 0


def shorter(heading: str, declared: list[str]) -> str | None:
    """The declared title (og:title and the like) that a heading is, with something added to it or left out, or None.

    >>> shorter("Open day 2026 Come and see", ["Open day 2026 - Example University"])
    'Open day 2026'
    """
    letters = _letters(heading)
    if any(fold(title) == fold(heading) for title in declared):
        return None
    for title in declared:
        for mine in (title.strip(), without_site(title)):
            theirs = _letters(mine)
            if len(theirs) >= 6 and letters.startswith(theirs) and fold(mine) != fold(heading):
                return " ".join(mine.split())
    return None


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def whole(lines: list[Block], index: int) -> str:
    """The line at ``index`` with the rest of its heading, which a <br> may have split."""
    element = lines[index].element
    first = index
    while first > 0 and lines[first - 1].element is element:
        first -= 1
    texts = []
    for line in lines[first:]:
        if line.element is not element:
            break
        texts.append(line.text)
    return " ".join(texts)
