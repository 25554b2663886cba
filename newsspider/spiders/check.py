"""A look at one listing page and three of its articles, for comparing them with what is held. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scrapy.http import Response

from newsspider.items import PageError
from newsspider.spiders.probe import SAMPLES, ProbeSpider, spread


class CheckSpider(ProbeSpider):
    """Four requests and robots.txt. ``held``: whether an address is an article's in the archive; those are looked at first."""

    name = "check"

    def __init__(self, *args: Any, held: Callable[[str], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held

    async def parse(self, response: Response) -> None:
        found, first = self.found, self._arrived(response)
        if first.error is not None:
            return
        listing = self._listing(first)
        if isinstance(listing, PageError):
            found.kind, found.error = listing.kind, str(listing)
            return
        found.kind, found.listing_url, found.listing = "listing", self.url, listing
        articles = [entry for entry in listing.entries if entry.kind == "article"]
        known = [entry for entry in articles if self.held(entry.url)]
        fresh = [entry for entry in articles if entry not in known]
        chosen = list(spread(known, SAMPLES))
        await self._sample([*chosen, *fresh[: SAMPLES - len(chosen)]])
