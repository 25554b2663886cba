"""One spider a site, so that `scrapy list` and `scrapy crawl <site>` know them by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from newsspider import site as sites
from newsspider.items import Site
from newsspider.spiders.news import NewsSpider


def spider_of(site: Site) -> type[NewsSpider]:
    return type("NewsSpider", (NewsSpider,), {"name": site.name, "site": site, "__module__": __name__})


class SiteLoader:
    def __init__(self, archive: str) -> None:
        self.known = {site.name: site for site in sites.known(sites.folder_beside(archive))}

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls(settings["ARCHIVE"])

    def load(self, spider_name: str) -> type[Spider]:
        if spider_name not in self.known:
            raise KeyError(f"no site is named {spider_name!r}; `scrapy list` names them all")
        return spider_of(self.known[spider_name])

    def list(self) -> list[str]:
        return sorted(self.known)

    def find_by_request(self, request: Request) -> Sequence[str]:
        return [name for name, site in sorted(self.known.items()) if sites.covers(site, request.url)]
