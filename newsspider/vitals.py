"""Whether a site is as it was: what a crawl met, measured, and compared with the site's own past. Pure.

A crawl is one `Tally`; the archive keeps the measures of every crawl (table ``health``), and `signs` judges the last one by those
before it. No limit is the same for all sites: how long a site may be quiet, which share of its pages has a field, how long
its texts are, all is learnt from the site itself.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from newsspider.items import SELECTED, Article, ArticleItem, Capture, CountsItem, FileItem, ListingItem

FIELDS = ("published", "source", "author", "editor")
REFUSED = (401, 403, 405, 406, 412, 418, 429, 451, 503)
WALLS = ("login", "captcha", "challenge", "forbidden")
RARE = 0.001  # a run is told of where chance alone would bring it once in a thousand
ENOUGH = 10  # pages of the past, below which nothing is compared
TOGETHER = 5  # pages of a run; smaller ones are judged together with those before them
SHRUNK = 0.3
TEXT = 150  # characters; shorter texts shrink without a meaning
YEAR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """``value`` of ``of``: pages that have a field of the pages read, days of how many are usual, … ``unit`` says which."""

    name: str
    value: float
    of: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """A measure, the limit that the site's own past sets for it (None: no past yet), and what is wrong in words (None: nothing)."""

    measure: Measure
    limit: float | None = None
    message: str | None = None


@dataclass
class Tally:
    """What a crawl of one site met, counted as it goes."""

    selectors: frozenset[str] = frozenset()  # of the site file
    asked: int = 0
    refused: int = 0
    read: int = 0
    counted: int = 0
    has: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))
    matched: dict[str, int] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)  # digest of a text, by its article
    listings: int = 0
    emptied: dict[str, str] = field(
        default_factory=dict
    )  # listings that answered without a list, and what came instead

    def add(self, item: ArticleItem | ListingItem | CountsItem | FileItem) -> None:
        match item:
            case ArticleItem():
                self._look(item.capture)
                if item.article is not None:
                    self._article(item.article)
            case ListingItem():
                self._look(item.capture)
                self._listing(item)
            case CountsItem():
                self.counted += sum(one.method == "counter" for one in item.observations)

    def _look(self, capture: Capture) -> None:
        self.asked += 1
        wall = (capture.error or "").partition(":")[0] in WALLS
        self.refused += capture.status in REFUSED or wall

    def _article(self, article: Article) -> None:
        self.read += 1
        self.counted += article.views is not None
        for name in FIELDS:
            self.has[name] += getattr(article, name) is not None
        for name in self.selectors.intersection(SELECTED):
            self.matched[name] = self.matched.get(name, 0) + (article.rules.get(name) == f"site.selectors.{name}")
        self.lengths.append(len(article.body))
        if article.body:
            self.texts[article.native_id or article.url] = hashlib.blake2b(
                article.body.encode(), digest_size=8
            ).digest()

    def _listing(self, item: ListingItem) -> None:
        kind = (item.capture.error or "").partition(":")[0]
        if item.page is not None:
            self.listings += 1
        elif (
            item.capture.status == 200
            and item.capture.url == item.listing
            and kind in ("empty", "article", "unreadable")
        ):
            self.emptied[item.listing] = item.capture.error or ""

    def measures(self, duplicates: int = 0, new: int = 0) -> Iterator[Measure]:
        """``duplicates``: of the ``new`` articles, those that say what another article says."""
        yield Measure(name="refusals", value=self.refused, of=self.asked)
        yield Measure(name="entries", value=self.listings, of=self.listings + len(self.emptied))
        yield Measure(name="duplicates", value=duplicates, of=new)
        if not self.read:
            return
        for name, count in self.has.items():
            yield Measure(name=name, value=count, of=self.read)
        yield Measure(name="counters", value=min(self.counted, self.read), of=self.read)
        yield Measure(name="body", value=median(self.lengths), of=self.read)
        if self.texts:
            yield Measure(name="alike", value=len({*self.texts.values()}), of=len(self.texts))
        for name, count in self.matched.items():
            yield Measure(name=f"selectors.{name}", value=count, of=self.read)


Past = Mapping[str, Sequence[Measure]]  # of earlier crawls by name, the latest first


def signs(
    tally: Tally,
    measures: Sequence[Measure],
    past: Past,
    days: Sequence[date],
    met: date,
    today: date,
    known: Sequence[str] = (),
) -> list[Sign]:
    """The measures of a crawl, each with what the past says of it.

    ``days`` of publication; ``met``: when the site was first crawled; ``known``: listings that were read before.
    """
    judged = [_judged(measure, past.get(measure.name, ()), tally, known) for measure in measures]
    return [*judged, *_quiet(days, met, today)]


def _judged(now: Measure, past: Sequence[Measure], tally: Tally, known: Sequence[str]) -> Sign:
    if now.name == "entries":
        return _entries(now, tally, known)
    if now.name == "body":
        return _shrunk(now, past)
    if now.name in ("refusals", "duplicates"):
        return _rose(now, past)
    if now.name == "alike":
        return _alike(now, past)
    if now.name.startswith("selectors."):
        return _idle(now, past)
    return _fell(now, past)


# A share of a site's pages


def _fell(now: Measure, past: Sequence[Measure]) -> Sign:
    """A field that most pages had, and which the pages of this run lack more than chance would have it."""
    recent, before = _recent(now, past)
    count, of = _sums(before)
    if of < ENOUGH or not recent.of:
        return Sign(measure=now)
    usual = (count + 0.5) / (of + 1)
    limit = _lowest(int(recent.of), usual)
    if recent.value >= limit:
        return Sign(measure=now, limit=limit / recent.of)
    what = WORDS.get(now.name, now.name)
    was = f"{recent.value:,.0f} of the last {_pages(recent.of)} have {what}, {usual:.0%} had it before"
    where = "`newsspider poll --plan` and `newsspider probe` show the counter" if now.name == "counters" else LOOK
    return Sign(measure=now, limit=limit / recent.of, message=f"{was}; {where}")


WORDS = {
    "published": "a date",
    "source": "a source",
    "author": "an author",
    "editor": "an editor",
    "counters": "a view count",
}
LOOK = "`newsspider check SITE --live` shows how its pages read now"


def _rose(now: Measure, past: Sequence[Measure]) -> Sign:
    """Refusals and duplicates: some are usual, more than chance would have it are not."""
    count, of = _sums(past)
    usual = (count + 0.5) / (of + 25)  # of a short past: two in a hundred
    if not now.of or not past:
        return Sign(measure=now)
    limit = max(3, int(now.of) - _lowest(int(now.of), 1 - usual) + 1)
    if now.value < limit:
        return Sign(measure=now, limit=limit / now.of)
    if now.name == "refusals":
        said = (
            f"refused {now.value:.0f} of {_pages(now.of, 'request')}, {usual:.0%} before; "
            "crawl slower (-s DOWNLOAD_DELAY=5) and name a contact (--contact), `newsspider status --unread` has the reasons"
        )
    else:
        said = (
            f"{now.value:.0f} of {_pages(now.of, 'new article')} say what another article says, {usual:.0%} did before; "
            "new addresses of old articles? `newsspider probe` shows how they are told apart"
        )
    return Sign(measure=now, limit=limit / now.of, message=said)


def _idle(now: Measure, past: Sequence[Measure]) -> Sign:
    """A selector of the site file that matches nothing."""
    count, of = _sums([now, *past])
    optional = now.name.removeprefix("selectors.") in ("source", "author", "editor", "views")
    if count == 0 and of >= (ENOUGH if optional else 3):
        said = f"{now.name} of the site file matches nothing on {_pages(of)}; correct or remove it, `newsspider probe` shows what it finds"
        return Sign(measure=now, limit=1 / of, message=said)
    return _fell(now, past)


def _recent(now: Measure, past: Sequence[Measure]) -> tuple[Measure, Sequence[Measure]]:
    """A run of few pages together with those before it; and what is left of the past."""
    value, of, used = now.value, now.of, 0
    for measure in past:
        if of >= TOGETHER:
            break
        value, of, used = value + measure.value, of + measure.of, used + 1
    return Measure(name=now.name, value=value, of=of), past[used:]


def _sums(measures: Sequence[Measure]) -> tuple[float, float]:
    return sum(one.value for one in measures), sum(one.of for one in measures)


def _lowest(number: int, share: float) -> int:
    """How few of so many pages chance leaves with a field that such a share of pages has, but once in a thousand times."""
    below = 0.0
    for count in range(number + 1):
        ways = math.lgamma(number + 1) - math.lgamma(count + 1) - math.lgamma(number - count + 1)
        below += math.exp(ways + count * math.log(share) + (number - count) * math.log1p(-share))
        if below >= RARE:
            return count
    return number


def _pages(number: float, what: str = "page") -> str:
    return f"{number:,.0f} {what}{'' if number == 1 else 's'}"


# Texts


def _shrunk(now: Measure, past: Sequence[Measure]) -> Sign:
    usual = median([one.value for one in past]) if sum(one.of for one in past) >= ENOUGH else None
    if usual is None or usual < TEXT:
        return Sign(measure=now)
    limit = SHRUNK * usual
    if now.of < 3 or now.value >= limit:
        return Sign(measure=now, limit=limit)
    said = f"texts have {now.value:,.0f} characters, {usual:,.0f} were usual (medians); {LOOK}"
    return Sign(measure=now, limit=limit, message=said)


def _alike(now: Measure, past: Sequence[Measure]) -> Sign:
    distinct, of = _sums(past)
    if of < ENOUGH:
        return Sign(measure=now)
    limit = 0.5 * distinct / of
    if now.of < 4 or now.value / now.of > limit:
        return Sign(measure=now, limit=limit)
    said = f"the texts of {_pages(now.of, 'article')} are {now.value:,.0f} only: what is read may be the frame of the page; {LOOK}"
    return Sign(measure=now, limit=limit, message=said)


# Listings


def _entries(now: Measure, tally: Tally, known: Sequence[str]) -> Sign:
    emptied = [url for url in tally.emptied if url in known]
    if not emptied:
        return Sign(measure=now, limit=1)
    more = f" and {len(emptied) - 1} more" if len(emptied) > 1 else ""
    said = (
        f"{emptied[0]}{more} answered without entries ({tally.emptied[emptied[0]]}), and had them before; was the site rebuilt? "
        f"`newsspider probe {emptied[0]}` shows what stands there"
    )
    return Sign(measure=now, limit=1, message=said)


def _quiet(days: Sequence[date], met: date, today: date) -> Iterator[Sign]:
    """A site that has gone quiet since it was met: one that was so before is as it was."""
    rhythm = allowed(days, today)
    if rhythm is None:
        return
    silent = (today - max(days)).days
    measure = Measure(name="quiet", value=silent, of=rhythm)
    if silent <= rhythm or (met - max(days)).days > rhythm:
        yield Sign(measure=measure, limit=rhythm)
        return
    said = f"nothing new since {max(days)}, {silent} days; so far at most {rhythm} were usual; has the column moved? open its first page"
    yield Sign(measure=measure, limit=rhythm, message=said)


def allowed(days: Sequence[date], today: date) -> int | None:
    """How many days without news a site's own rhythm allows today. None: too little is known of it.

    Weekends are in the gaps between its days of publication; holidays are the gaps that came more than once, or about this
    time in an earlier year.

    >>> from datetime import timedelta
    >>> workdays = [date(2026, 3, 2) + timedelta(days=n) for n in range(60) if n % 7 < 5]
    >>> allowed(workdays, date(2026, 5, 1))
    9
    """
    known = sorted({day for day in days if today - 3 * YEAR <= day <= today})
    if len(known) < ENOUGH:
        return None
    gaps = sorted((after - before).days for before, after in itertools.pairwise(known))
    usual = 3 * gaps[math.ceil(0.95 * len(gaps)) - 1]
    again = gaps[-2] + 1  # the longest but one: a single gap may have been a fault
    return max(4, usual, again, *_season(known, today))


def _season(days: Sequence[date], today: date) -> Iterator[int]:
    """One and a half times each gap that lay about this time in an earlier year."""
    silent = today - days[-1]
    for before, after in itertools.pairwise(days):
        for years in (1, 2):
            then = today - years * YEAR
            if before - timedelta(days=20) <= then and then - silent <= after + timedelta(days=20):
                yield (after - before).days * 3 // 2
