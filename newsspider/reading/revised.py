"""What a page says of its last change, in print and in its head."""

from __future__ import annotations

from newsspider.reading import stamps
from newsspider.reading.document import Page

SHORT = 80  # characters of a line that dates; longer ones are sentences
DECLARED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")


def of(page: Page) -> frozenset[str]:
    """The lines that name a day of change (更新时间, Last updated), and what the head declares; empty: it says nothing.

    >>> sorted(of(Page("<p>最后更新：2026-03-09</p><p>更新时间：2026-03-01</p><p>2026-03-02</p>".encode(), "http://campus.test/")))
    ['更新时间：2026-03-01', '最后更新：2026-03-09']
    """
    printed = {
        " ".join(line.text.split())
        for line in page.blocks.lines
        if len(line.text) <= SHORT and stamps.label(line.text) in ("updated", "revised")
    }
    return frozenset(printed | {f"{name} {page.declared[name]}" for name in DECLARED if name in page.declared})
