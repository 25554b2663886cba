"""newsspider: crawl and archive university news. The public API, usable without a crawl and without a network.

`read_article` and `read_listing` turn the bytes of a page into records, `what_is` says what a page is and why; `Archive` opens an
archive.db.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsspider.archive import Archive
    from newsspider.cms import read_article, read_listing, what_is
    from newsspider.items import Article, Attachment, Counter, Entry, ListingPage, PageError, Site

__version__ = "0.1.0"
__all__ = [
    "Archive",
    "Article",
    "Attachment",
    "Counter",
    "Entry",
    "ListingPage",
    "PageError",
    "Site",
    "__version__",
    "read_article",
    "read_listing",
    "what_is",
]


def __getattr__(name: str) -> Any:
    # Loaded on first use: Scrapy and lxml cost 0.3 s, which a command that only asks the archive need not pay.
    if name not in __all__:
        raise AttributeError(f"module 'newsspider' has no attribute {name!r}")
    places = {"Archive": "archive", "read_article": "cms", "read_listing": "cms", "what_is": "cms"}
    return getattr(importlib.import_module(f"newsspider.{places.get(name, 'items')}"), name)
