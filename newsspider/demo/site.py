"""What the three sites of the campus have in common."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

from newsspider.demo.exchange import Reply, Request, page, text
from newsspider.demo.world import Article, World

Row = TypeVar("Row")
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
STATIC = {".js": "application/javascript", ".css": "text/css", ".ico": "image/x-icon"}


class Site:
    """A site of the campus: founds its articles in the world, and answers for them."""

    name: str
    title: str
    encoding = "utf-8"
    seeds: ClassVar[dict[str, str]]  # name of the seed → path of the listing
    menu: ClassVar[dict[str, str]]  # path of a listing → what the front page calls it
    robots = "User-agent: *\nDisallow: /nbwd/\n"  # the pages link to /nbwd/

    def __init__(self, world: World) -> None:
        self.world = world
        self.found()

    def found(self) -> None:
        raise NotImplementedError

    def respond(self, request: Request) -> Reply | None:
        """None: there is no such page."""
        raise NotImplementedError

    def addresses(self, article: Article) -> tuple[str, ...]:
        """Every path under which the site lists the article, the original's first."""
        raise NotImplementedError

    def published(self, article: Article) -> tuple[str, str]:
        """The date in ISO 8601 at the precision printed, and the date line as printed."""
        raise NotImplementedError

    def body(self, article: Article) -> str:
        return "\n".join(article.paragraphs)

    def publish(self) -> Article:
        """A new article, an hour old."""
        raise NotImplementedError

    def beacon(self, request: Request) -> int | None:
        """The id whose count the request raises; 0 where it is a page's or the site's. None: it is no beacon."""
        raise NotImplementedError

    def answer(self, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return text(self.robots, kind="text/plain")
        raised = self.beacon(request)
        if raised is not None:
            self.world.beacons[self.name, raised] += 1
            return Reply(kind="image/gif")
        if request.path in ("/", "/index.htm"):
            links = "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in self.menu.items())
            return page("home", encoding=self.encoding, title=self.title, links_html=links)
        suffix = "." + request.path.rpartition(".")[2]
        if suffix in STATIC:
            return Reply(kind=STATIC[suffix])
        if suffix in (".png", ".gif", ".jpg"):
            return Reply(body=PIXEL, kind="image/png")
        if request.path == "/authserver/login":
            return self.login()
        return self.respond(request) or self.missing(status=404)

    def login(self) -> Reply:
        return page("login", encoding=self.encoding)

    def missing(self, status: int) -> Reply:
        return page("missing", encoding=self.encoding, status=status)

    def shown(self, article: Article | None) -> Reply | None:
        """What stands at the address of an article that cannot be read; None: it can be."""
        if article is None or not self.world.held(article) or article.nature in ("external", "file"):
            return self.missing(status=404)
        if article.nature == "login":
            return self.login()
        return self.missing(status=200) if article.nature == "missing" else None

    def before(self, i: int) -> datetime:
        """Publication of the i-th newest: the first the day before the clock starts, the 24th 2.5 years; of a lively campus 24 days."""
        day = self.world.start - timedelta(days=1 + i + (0 if self.world.lively else int(1.7 * i * i)))
        return day.replace(hour=9 + 5 * i % 9, minute=37 * i % 60, second=0, microsecond=0)

    def recent(self) -> datetime:
        return (self.world.now - timedelta(hours=1)).replace(second=0, microsecond=0)

    def old(self, article: Article) -> bool:
        """Whether the article was published with the templates and addresses of an earlier release of the CMS."""
        return article.published < self.world.start - timedelta(days=500)

    def next_id(self) -> int:
        return 1 + max(ident for article in self.world.of(self.name) for ident in article.places.values())


def cut(rows: Sequence[Row], number: int, size: int) -> Sequence[Row]:
    """Page ``number``, from 1."""
    return rows[(number - 1) * size : number * size]


def pages(rows: Sequence[object], size: int) -> int:
    return max(-(-len(rows) // size), 1)
