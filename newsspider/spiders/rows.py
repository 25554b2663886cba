"""Scrapy's feeds (`scrapy crawl SITE -O out.jsonl`): one row an article, with its count."""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.extensions.feedexport import FeedExporter

from newsspider.items import ArticleItem, CountsItem


def row(item: ArticleItem) -> dict[str, Any]:
    """``views``: what the page prints, else what its listing prints; the counter's comes later."""
    article, entry = item.article, item.entry
    assert article is not None
    printed = article.views if article.views is not None or entry is None else entry.views
    return {
        "site": item.site,
        "url": article.url,
        "native_id": article.native_id,
        "title": article.title,
        "published": article.published,
        "published_text": article.published_text,
        "views": printed,
        "observed_at": None if printed is None else item.capture.captured_at,
        "source": article.source,
        "author": article.author,
        "editor": article.editor,
        "body": article.body,
        "captured_at": item.capture.captured_at,
        "images": list(article.images),
        "attachments": [file.url for file in article.attachments],
    }


class Rows(FeedExporter):
    """Holds an article's row back until its counter was read, or given up; what still waits at the end is written without."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self.waiting: dict[str, dict[str, Any]] = {}  # by native id, else address
        self.written: set[str] = set()

    def item_scraped(self, item: Any, spider: Spider) -> None:
        match item:
            case ArticleItem(article=article) if article is not None:
                key = article.native_id or article.url
                if key in self.written or key in self.waiting:
                    return
                if article.counter is None:
                    self._write(key, row(item), spider)
                else:
                    self.waiting[key] = row(item)
            case CountsItem(observations=observations, missed=missed):
                for one in observations:
                    if found := self._taken(one.native_id, one.url):
                        key, held = found
                        self._write(key, held | {"views": one.views, "observed_at": one.observed_at}, spider)
                for url in missed:
                    if found := self._taken(None, url):
                        self._write(*found, spider)

    def _taken(self, native_id: str | None, url: str | None) -> tuple[str, dict[str, Any]] | None:
        key = native_id or url
        if key not in self.waiting:
            key = next((one for one, held in self.waiting.items() if held["url"] == url), None)
        return None if key is None else (key, self.waiting.pop(key))

    def _write(self, key: str, held: dict[str, Any], spider: Spider) -> None:
        self.written.add(key)
        super().item_scraped(held, spider)

    async def close_spider(self, spider: Spider) -> None:
        for key, held in self.waiting.items():
            self._write(key, held, spider)
        self.waiting.clear()
        await super().close_spider(spider)
