"""What the replica campus is about: articles, their places in columns, their counts. Pure; its clock moves when told to."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from newsspider.demo import prose

Nature = Literal["article", "external", "login", "missing", "file"]
BEIJING = timezone(timedelta(hours=8))
START = datetime(2023, 4, 22, 8, 0, tzinfo=BEIJING)
CORRECTION = "（更正：本文发布后，编辑部根据来函补充了一处说明，并订正了参加人数。）"
FIGURE = re.compile(r"\d+(?=[名人项份个场门])")
FADES = 48.0  # hours: the pace at which a lively campus loses interest in an article


@dataclass(frozen=True, kw_only=True)
class Article:
    """``places``: column → the id it has there; a copy in a second column has an id of its own, the first is the original's.

    ``nature``: ``external`` lives at ``link`` on another host, ``file`` is a link to a file, ``login`` shows a sign-in page,
    ``missing`` an error page behind status 200.
    """

    site: str
    id: int
    title: str
    published: datetime
    paragraphs: tuple[str, ...]
    author: str
    department: str
    places: dict[str, int]
    nature: Nature = "article"
    link: str | None = None
    attachment: tuple[int, str] | None = None  # file id, name
    pinned: bool = False
    base: int  # views at hour 0
    rate: float  # views an hour
    born: float = 0.0  # hours on the clock when it appeared


@dataclass(frozen=True, kw_only=True)
class Burst:
    """``views`` more in the end, half of them within ``half`` hours of ``at`` on the clock."""

    at: float
    views: int
    half: float

    def by(self, hours: float) -> int:
        return int(self.views * (1 - 0.5 ** (max(hours - self.at, 0.0) / self.half)))


@dataclass
class World:
    """``start`` is the instant at hour 0. ``beacons`` raise counts, as they do on real sites.

    ``lively``: news at regular days, and counts that rise fast at first and slowly later; else news of 2.5 years, and counts in
    straight lines, with which tests can reckon.
    """

    start: datetime = START
    lively: bool = False
    hours: float = 0.0
    articles: list[Article] = field(default_factory=list)
    beacons: Counter[tuple[str, int]] = field(default_factory=Counter)
    gone: set[tuple[str, int]] = field(default_factory=set)
    unlisted: set[tuple[str, int]] = field(default_factory=set)
    bursts: dict[tuple[str, int], Burst] = field(default_factory=dict)
    resets: Counter[tuple[str, int]] = field(default_factory=Counter)  # what a counter had when it began again from 0

    def __post_init__(self) -> None:
        self.start = self.start.astimezone(BEIJING)

    @property
    def now(self) -> datetime:
        return self.start + timedelta(hours=self.hours)

    def column(self, site: str, column: str) -> list[tuple[int, Article]]:
        """The articles of a column with their ids there: pinned ones, then newest first."""
        rows = [
            (article.places[column], article)
            for article in self.articles
            if article.site == site and column in article.places and (site, article.id) not in self.unlisted
        ]
        return sorted(rows, key=lambda row: (row[1].pinned, row[1].published, row[0]), reverse=True)

    def find(self, site: str, ident: int) -> Article | None:
        """By any of its ids; a withdrawn article is found too."""
        return next((a for a in self.of(site) if ident == a.id or ident in a.places.values()), None)

    def of(self, site: str) -> Iterator[Article]:
        return (article for article in self.articles if article.site == site)

    def held(self, article: Article) -> bool:
        """Whether the site still shows it."""
        return (article.site, article.id) not in self.gone

    def count(self, site: str, ident: int) -> int:
        """Views of an id now. A copy's own id is counted apart, and stays far below the original's. Unknown ids have 0."""
        article = self.find(site, ident)
        if article is None:
            return 0
        views = article.base + int(article.rate * self.interest(self.hours - article.born))
        if burst := self.bursts.get((site, article.id)):
            views += burst.by(self.hours)
        views -= self.resets[site, article.id]
        return (views if ident == article.id else views // 9) + self.beacons[site, ident]

    def interest(self, hours: float) -> float:
        """Hours at the first pace that bring as many views as so many hours do."""
        return FADES * math.log1p(hours / FADES) if self.lively else hours

    def total(self, site: str) -> int:
        return 80_000 + sum(self.count(site, article.id) for article in self.of(site))

    def add(
        self,
        site: str,
        kind: str,
        places: dict[str, int],
        published: datetime,
        *,
        nature: Nature = "article",
        link: str | None = None,
        attachment: tuple[int, str] | None = None,
        pinned: bool = False,
    ) -> Article:
        ident = next(iter(places.values()))
        taken = {article.title for article in self.articles}
        seeds = (f"{site}/{ident}/{attempt}" for attempt in range(1000))
        text = next(text for text in (prose.write(kind, seed) for seed in seeds) if text.title not in taken)
        dice = random.Random(f"{site}/{ident}/views")
        age = max((self.now - published) / timedelta(days=1), 0.0)
        article = Article(
            site=site,
            id=ident,
            title=text.title,
            published=published,
            paragraphs=text.paragraphs,
            author=text.author,
            department=text.department,
            places=places,
            nature=nature,
            link=link,
            attachment=attachment,
            pinned=pinned,
            base=dice.randint(20, 90) + int(min(age, 400) * dice.randint(4, 20)),
            rate=round(dice.uniform(0.5, 12) / (1 + age / 20), 3),
            born=self.hours,
        )
        self.articles.append(article)
        return article

    def edit(self, article: Article) -> Article:
        """A paragraph is added to the text."""
        edited = replace(article, paragraphs=(*article.paragraphs, CORRECTION))
        self.articles[self.articles.index(article)] = edited
        return edited

    def reword(self, article: Article) -> Article:
        """A figure of the text becomes another one, and nothing says so. Raises LookupError where it has none."""
        text = "\n".join(article.paragraphs)
        changed, times = FIGURE.subn(lambda found: str(int(found[0]) + 7), text, count=1)
        if not times:
            raise LookupError(f"{article.title} has no figure to change")
        edited = replace(article, paragraphs=tuple(changed.split("\n")))
        self.articles[self.articles.index(article)] = edited
        return edited

    def reprint(self, article: Article, new: Article, credit: str | None) -> Article:
        """``new`` says what ``article`` says, and names its source in a last line, or does not."""
        text = (*article.paragraphs, credit) if credit else article.paragraphs
        copied = replace(new, title=article.title, paragraphs=text)
        self.articles[self.articles.index(new)] = copied
        return copied

    def attach(self, article: Article, name: str) -> Article:
        attached = replace(article, attachment=(article.id, name))
        self.articles[self.articles.index(article)] = attached
        return attached

    def reset(self, article: Article) -> None:
        """The counter begins again from 0."""
        self.resets[article.site, article.id] += self.count(article.site, article.id)

    def withdraw(self, article: Article, *, listed: bool) -> None:
        self.gone.add((article.site, article.id))
        if not listed:
            self.unlisted.add((article.site, article.id))

    def restore(self, article: Article) -> None:
        self.gone.discard((article.site, article.id))
        self.unlisted.discard((article.site, article.id))


def iso(moment: datetime) -> str:
    """``2026-03-01T06:20:00Z``"""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
