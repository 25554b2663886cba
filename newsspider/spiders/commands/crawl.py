"""`scrapy crawl`, which refuses a misspelt ``-a`` before anything starts."""

from __future__ import annotations

import argparse
import inspect

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from newsspider.spelling import near
from newsspider.spiders.news import NewsSpider

NUMBERS = {"limit": int, "max_pages": int, "assets": float}


def known() -> list[str]:
    """The arguments of the spider."""
    parameters = inspect.signature(NewsSpider.__init__).parameters.values()
    return [one.name for one in parameters if one.kind is one.KEYWORD_ONLY]


def wrong(name: str, value: str) -> str | None:
    """What is wrong with ``-a name=value``; None: nothing."""
    if name not in known():
        return f"-a {name}: no argument has that name{near(name, known())}; there are {', '.join(known())}"
    if name == "revisit" and value not in ("due", "all", "none"):
        return f"-a revisit={value}: it takes due, all or none"
    if name in NUMBERS:
        try:
            if NUMBERS[name](value) <= 0:
                raise ValueError
        except ValueError:
            return f"-a {name}={value}: it takes a number above zero"
    return None


class Command(crawl.Command):
    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        for name, value in opts.spargs.items():
            if said := wrong(name, value):
                raise UsageError(said, print_help=False)
