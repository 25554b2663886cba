"""What every crawl and poll loads and works out anew. A process that is forked from one that has imported this has it already.

Not newsspider.settings, which reads the environment, and no reactor, which belongs to one process.
"""

from __future__ import annotations

import gc
from importlib import import_module

from newsspider.archive import schema
from newsspider.extract import organisations

LOADED = """
newsspider.archive.health newsspider.archive.writing newsspider.cli.crawl newsspider.cli.poll newsspider.cli.progress
newsspider.cms.redirects newsspider.cms.selectors newsspider.pipelines newsspider.spiders.loader newsspider.spiders.news
newsspider.spiders.redirects newsspider.spiders.rows newsspider.spiders.views rich.progress sqlite_utils
scrapy.core.downloader.handlers.http11 scrapy.crawler scrapy.downloadermiddlewares.httpcache scrapy.dupefilters
scrapy.extensions.feedexport scrapy.extensions.throttle scrapy.pqueues scrapy.squeues scrapy.statscollectors
"""

for name in LOADED.split():
    import_module(name)
schema.expected()
organisations.of("news.example.edu.cn")
gc.freeze()  # a fork then writes to fewer of its pages
