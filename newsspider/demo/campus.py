"""The replica campus: three sites of invented news on loopback, which age when told to and know the truth about themselves."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from newsspider.demo import faults
from newsspider.demo.exchange import Reply, Request, text
from newsspider.demo.gbk import Gbk
from newsspider.demo.server import Door, Log, machine
from newsspider.demo.site import Site
from newsspider.demo.vsb import Vsb
from newsspider.demo.webplus import WebPlus
from newsspider.demo.world import START, Article, Burst, Nature, World, iso

HOSTS = {"vsb": "127.0.0.1", "webplus": "127.0.0.2", "gbk": "127.0.0.3"}


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What an archive should hold of an article. ``published`` is ISO 8601 at the precision printed, ``body`` a paragraph a line.

    ``urls``: the original's address first. ``nature`` says what stands there: ``article``, or one of ``external``, ``file``,
    ``login``, ``missing``, which no crawler can read; ``gone``: it was withdrawn.
    """

    site: str
    id: int
    nature: Nature
    title: str
    published: str
    published_text: str
    body: str
    views: int
    urls: tuple[str, ...]
    gone: bool

    @property
    def url(self) -> str:
        return self.urls[0]


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What happened between two passes. The articles are as they are now."""

    hours: float
    now: datetime
    edited: Truth
    withdrawn: Truth
    published: Truth


class Campus:
    """A context manager: the sites are served inside of it.

    ``start`` is the instant of the virtual clock at the beginning; dates of all articles follow from it. ``port`` 0 takes a free one. Each
    site has a loopback address of its own, so that a crawler is polite to each alone; where a system has but one, they get a port each.
    ``lively``: news at regular days, counts that rise fast at first and slowly later, and replies dated by the virtual clock.
    """

    def __init__(self, *, start: datetime = START, port: int = 0, lively: bool = False) -> None:
        self.begun = (start, lively)
        self.clock = (lambda: self.now) if lively else machine
        self.log = Log()
        self.faults: list[faults.Fault] = []
        self.lock = threading.RLock()
        self.port = port
        self.doors: dict[str, Door] = {}
        self.renew()

    def renew(self) -> None:
        """All is again as it was in the beginning, at the same addresses, and nothing has been asked."""
        with self.lock:
            start, lively = self.begun
            self.world = World(start, lively=lively)
            self.sites: dict[str, Site] = {
                site.name: site for site in (Vsb(self.world), WebPlus(self.world), Gbk(self.world))
            }
            self.faults.clear()
            self.log.clear()

    def __enter__(self) -> Self:
        port = self.port
        for name in self.sites:
            try:
                door = Door((HOSTS[name], port), name, self.answer, self.log, self.clock)
            except OSError as error:
                if not self.doors:
                    raise OSError(
                        f"cannot listen on {HOSTS[name]}:{port}: {error.strerror}; choose another --port"
                    ) from error
                door = Door(("127.0.0.1", 0), name, self.answer, self.log, self.clock)
            self.doors[name] = door
            port = door.socket.getsockname()[1]
        for door in self.doors.values():
            door.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for door in self.doors.values():
            door.close()

    @property
    def urls(self) -> dict[str, str]:
        """Seeds: the first pages of the listings. ``vsb`` and ``vsb-notices`` are columns of one site."""
        return {
            seed: self.doors[name].origin + path
            for name, site in self.sites.items()
            for seed, path in site.seeds.items()
        }

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def articles(self) -> list[Truth]:
        with self.lock:
            return [self.truth(article) for article in self.world.articles]

    @property
    def readable(self) -> list[Truth]:
        """The articles that a crawl of all seeds must archive."""
        return [truth for truth in self.articles if truth.nature == "article" and not truth.gone]

    def truth(self, article: Article) -> Truth:
        site = self.sites[article.site]
        published, printed = site.published(article)
        origin = self.doors[article.site].origin
        return Truth(
            site=article.site,
            id=article.id,
            nature=article.nature,
            title=article.title,
            published=published,
            published_text=printed,
            body=site.body(article),
            views=self.world.count(article.site, article.id),
            urls=tuple(path if "://" in path else origin + path for path in site.addresses(article)),
            gone=not self.world.held(article),
        )

    def count(self, site: str, ident: int) -> int:
        """The views an id has now: what its counter answers."""
        with self.lock:
            return self.world.count(site, ident)

    def advance(self, hours: float) -> None:
        with self.lock:
            self.world.hours += hours

    def publish(self, site: str = "vsb") -> Truth:
        with self.lock:
            return self.truth(self.sites[site].publish())

    def reprint(self, path: str, site: str) -> Truth:
        """A new article of ``site`` with the text of another one: of another site, which it names, or of its own."""
        with self.lock:
            article = self.at(path)
            credit = None if site == article.site else f"（转载自{self.sites[article.site].title}）"
            return self.truth(self.world.reprint(article, self.sites[site].publish(), credit))

    def attach(self, path: str, name: str) -> Truth:
        with self.lock:
            return self.truth(self.world.attach(self.at(path), name))

    def edit(self, path: str) -> Truth:
        with self.lock:
            return self.truth(self.world.edit(self.at(path)))

    def reword(self, path: str) -> Truth:
        """A figure of the text becomes another one, and nothing says so."""
        with self.lock:
            return self.truth(self.world.reword(self.at(path)))

    def reset(self, path: str) -> Truth:
        """The counter begins again from 0."""
        with self.lock:
            article = self.at(path)
            self.world.reset(article)
            return self.truth(article)

    def spread(self, path: str, views: int, half: float) -> Truth:
        """So many readers more come from now on, half of them within ``half`` hours."""
        with self.lock:
            article = self.at(path)
            self.world.bursts[article.site, article.id] = Burst(at=self.world.hours, views=views, half=half)
            return self.truth(article)

    def withdraw(self, path: str, *, listed: bool = True) -> Truth:
        """``listed``: the listing goes on linking it, as static listings do until they are published again."""
        with self.lock:
            article = self.at(path)
            self.world.withdraw(article, listed=listed)
            return self.truth(article)

    def restore(self, path: str) -> Truth:
        with self.lock:
            article = self.at(path)
            self.world.restore(article)
            return self.truth(article)

    def at(self, path: str) -> Article:
        """The article at a path or URL. Raises LookupError."""
        origins = {door.origin: name for name, door in self.doors.items()}
        parts = urlsplit(path)
        name = origins.get(f"{parts.scheme}://{parts.netloc}")
        wanted = parts.path + (f"?{parts.query}" if parts.query else "")
        for article in self.world.articles:
            if name in (None, article.site) and wanted in self.sites[article.site].addresses(article):
                return article
        raise LookupError(f"no article of the campus lies at {path}; /_campus/articles lists them")

    def pass_time(self, hours: float = 24) -> Changes:
        """A day of the demo: the clock moves, an article is edited, one withdrawn, one published."""
        with self.lock:
            self.advance(hours)
            recent = [article for article in self.world.column("vsb", "zhxw") if article[1].nature == "article"]
            plain = [article for _, article in recent if not article.pinned and len(article.places) == 1]
            edited = self.world.edit(plain[0])
            self.world.withdraw(plain[1], listed=True)
            return Changes(
                hours=hours,
                now=self.now,
                edited=self.truth(edited),
                withdrawn=self.truth(plain[1]),
                published=self.publish(),
            )

    def fail(
        self, pattern: str, how: str, *, site: str | None = None, times: int | None = None, seconds: float = 30.0
    ) -> None:
        """Requests whose path and query match ``pattern`` fail from now on, ``times`` times or until `mend`.

        ``how`` is one of `newsspider.demo.faults.WAYS` or an HTTP status; ``seconds`` is how slow ``slow`` is.
        """
        with self.lock:
            self.faults.append(faults.fault(pattern, how, site=site, times=times, seconds=seconds))

    def mend(self) -> None:
        """Nothing fails any longer."""
        with self.lock:
            self.faults.clear()

    def answer(self, name: str, request: Request) -> Reply:
        with self.lock:
            if request.path.startswith("/_campus/"):
                return self.control(request)
            reply = self.sites[name].answer(request)
            fault = next((fault for fault in self.faults if fault.strikes(name, request)), None)
            return fault.spoil(request, reply) if fault else reply

    def control(self, request: Request) -> Reply:
        """``/_campus/VERB?NAME=VALUE``, for use by hand: JSON, or 400 with what is wrong."""
        verb, asked = request.path.removeprefix("/_campus/"), request.asked
        verbs: dict[str, Callable[[], object]] = {
            "articles": lambda: [asdict(truth) for truth in self.articles],
            "log": lambda: {
                "requests": self.log.kinds,
                "beacons": [visit.target for visit in self.log.beacons],
                "twice": self.log.twice(),
                "max_in_flight": self.log.max_in_flight,
                "most_on_one_site": self.log.most,
            },
            "advance": lambda: self.advance(float(asked.get("hours", "24"))),
            "count": lambda: self.count(asked["site"], int(asked["id"])),
            "edit": lambda: asdict(self.edit(asked["path"])),
            "withdraw": lambda: asdict(self.withdraw(asked["path"], listed=asked.get("listed") != "0")),
            "restore": lambda: asdict(self.restore(asked["path"])),
            "publish": lambda: asdict(self.publish(asked.get("site", "vsb"))),
            "pass": lambda: asdict(self.pass_time(float(asked.get("hours", "24")))),
            "fail": lambda: self.fail(asked["pattern"], asked["how"], site=asked.get("site")),
            "mend": self.mend,
        }
        if verb not in verbs:
            return text(f"no such verb; there are {', '.join(verbs)}\n", status=404, kind="text/plain;charset=utf-8")
        try:
            found = verbs[verb]()
        except (LookupError, ValueError) as error:
            return text(f"{verb}: {error}\n", status=400, kind="text/plain;charset=utf-8")
        reply = json.dumps({"now": iso(self.now), verb: found}, ensure_ascii=False, default=str)
        return text(reply, kind="application/json;charset=utf-8")
