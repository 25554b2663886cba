"""One page, fetched as a probe fetches it: in scope, after robots.txt, and written nowhere."""

from __future__ import annotations

from typing import Any

from scrapy.http import Response

from newsspider.spiders.probe import Fetched, ProbeSpider


class OnePage(ProbeSpider):
    """``kept`` gets the answer."""

    name = "one-page"

    def __init__(self, *args: Any, kept: list[Fetched], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept

    async def parse(self, response: Response) -> None:
        self.kept.append(self._arrived(response))
