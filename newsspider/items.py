"""The records that cross layers. ``*_at`` is a UTC instant in ISO 8601 (``2026-03-01T06:20:00Z``); None means unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from newsspider.characters import plain

EntryKind = Literal["article", "external", "file", "opener"]
PageKind = Literal[
    "login", "captcha", "challenge", "missing", "forbidden", "empty", "listing", "article", "file", "unreadable"
]
Method = Literal["counter", "listing", "page"]


class PageError(Exception):
    """The page is not what was asked for.

    ``kind`` is what it is instead: ``login`` (a sign-in wall), ``captcha``, ``challenge`` (a WAF's script page), ``missing``
    (an error page behind any status), ``forbidden`` (您无权访问), ``empty`` (nothing to read), ``listing`` or ``article``
    (the other of the two), ``file`` (a PDF, an image …), ``unreadable``. ``found`` is the evidence, in words.
    """

    def __init__(self, kind: PageKind, found: str) -> None:
        super().__init__(f"{kind}: {found}")
        self.kind: PageKind = kind
        self.found = found

    def __reduce__(self) -> tuple[type[PageError], tuple[PageKind, str]]:  # from one process to another
        return type(self), (self.kind, self.found)


def _clean(record: object, *names: str) -> None:
    """Titles and names hold nothing that steers a terminal or hides in a text."""
    for name in names:
        text = getattr(record, name)
        if text and (clean := plain(text)) != text:
            object.__setattr__(record, name, clean.strip())


@dataclass(frozen=True, kw_only=True, slots=True)
class Counter:
    """Where and how the view count of one article is read, when it is not on the page.

    ``family`` names the protocol (`newsspider.cms.counters`): ``vsb``, ``vsb-clicktimes``, ``webplus``. ``owner`` is the VSB
    owner or the WebPlus site id, ``key`` the article's id there. ``url`` is the absolute address of the single reading.
    """

    family: str
    owner: str
    key: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One row of a listing, in page order. ``published`` and ``views_step`` as in `Article`; ``views`` only where the row prints it.

    ``kind``: ``external`` is a page of another organisation, ``file`` a document; ``opener`` a row that only a script opens, with
    the script for its ``url`` (or the listing's own address where there is not even that): there is nothing to fetch.
    """

    url: str
    title: str
    published: str | None = None
    views: int | None = None
    views_step: int | None = None
    kind: EntryKind = "article"
    counter: Counter | None = None

    def __post_init__(self) -> None:
        _clean(self, "title")


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What is sent by POST to ``url``, in the page's charset; ``clicked`` is the part of it that the click added."""

    url: str
    fields: tuple[tuple[str, str], ...]
    clicked: str
    encoding: str = "utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListingPage:
    """``next_url`` is the page with the older entries, None on the last one; ``next_form`` what is sent for it where no address leads
    there. ``stuck``: there is such a page, and why it cannot be asked for."""

    entries: tuple[Entry, ...]
    next_url: str | None = None
    next_form: Form | None = None
    stuck: str | None = None
    family: str = "generic"
    rules: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    url: str
    title: str | None = None

    def __post_init__(self) -> None:
        _clean(self, "title")


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """What an article's page says.

    ``published`` is ISO 8601 at the precision printed (``2023-04-21``, ``2023-04-21T09:00``), local to the site unless the page
    gives an offset; ``published_text`` is the date line as printed (``日期：2023-04-21 09:00``). ``body`` is plain text, a
    paragraph a line. ``views`` is the number in the page itself (``views_text`` as printed); ``views_step`` says how exactly
    it is printed: None to the unit, 1000 in thousands (``1.2万``), 0 at least so many (``9999+``). A count that needs a second
    request is described by ``counter`` instead. ``native_id`` is the identity in the CMS: ``vsb:<owner>:<news id>``,
    ``webplus:<host>:<site id>:<article id>``. ``canonical`` is the address that the page declares as its own, where that is
    another of the same organisation. ``rules`` says per field which rule gave it.
    """

    url: str
    native_id: str | None = None
    canonical: str | None = None
    title: str
    published: str | None = None
    published_text: str | None = None
    body: str
    source: str | None = None
    author: str | None = None
    editor: str | None = None
    views: int | None = None
    views_text: str | None = None
    views_step: int | None = None
    counter: Counter | None = None
    images: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    continues: str | None = field(default=None, compare=False)  # the address of the next page of its text
    family: str = "generic"
    rules: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        _clean(self, "title", "published_text", "source", "author", "editor")


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """One fetch. ``status`` None: no answer came. ``error`` None: the fetch and the reading went well, but for what ``note`` says."""

    url: str
    captured_at: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    payload: bytes | None = None
    error: str | None = None
    note: str | None = None


INCOMPLETE = "incomplete: "


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleItem:
    """A looked-at article; ``article`` None: the fetch or the reading failed.

    ``entry`` and ``listing`` are the row that led here and the first page of its column, where there was one. ``gone``:
    the failure says that the article is gone (404, 410, a page that says so), not that looking failed. An article whose further pages
    could not all be read has a note that begins with `INCOMPLETE`.
    """

    site: str
    capture: Capture
    article: Article | None = None
    entry: Entry | None = None
    listing: str | None = None
    gone: bool = False
    parts: tuple[Capture, ...] = ()  # further pages of its text


@dataclass(frozen=True, kw_only=True, slots=True)
class ListingItem:
    """A looked-at page of a listing; ``listing`` is the address of its first page.

    ``page`` None: the fetch or the reading failed. ``last``: the listing was followed as far as needed, this page included. ``stuck``:
    why the walk cannot go on. ``answered``: the address that the page came from, where a redirect
    led to another.
    """

    site: str
    capture: Capture
    listing: str
    page: ListingPage | None = None
    last: bool = False
    stuck: str | None = None
    answered: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FileItem:
    """A looked-at image or attachment; ``media_type`` is what its bytes are, None: the fetch failed, or what came is no file.

    ``gone``: as in `ArticleItem`.
    """

    site: str
    capture: Capture
    media_type: str | None = None
    gone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewObservation:
    """One reading of one view count: of the article with this ``native_id``, else of the one with this ``url``.

    ``step`` as `Article.views_step`.
    """

    site: str
    observed_at: str
    views: int
    method: Method
    step: int | None = None
    url: str | None = None
    native_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CountsItem:
    """One reply of a counter, of up to a batch of counts; ``capture`` is set where it failed.

    ``missed``: addresses of the articles whose counts are given up for this run.
    """

    site: str
    observations: tuple[ViewObservation, ...] = ()
    capture: Capture | None = None
    missed: tuple[str, ...] = ()


SELECTED = (
    "title",
    "published",
    "body",
    "views",
    "source",
    "author",
    "editor",
)  # what a site file may select in an article


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A news site, as its TOML file says. ``cms`` None: the family is detected page by page.

    ``hosts`` may be asked beside those of its organisation; ``allow_private``: also where they have addresses of a private network.
    ``selectors`` are overrides, CSS or XPath by field name (docs/add-a-site.md lists them); ``earlier`` holds the overrides of
    layouts the site had before, each as (last valid day, selectors), newest first.
    """

    name: str
    title: str | None = None
    homepage: str | None = None
    country: str | None = None
    language: str | None = None
    timezone: str = "Asia/Shanghai"
    listings: tuple[str, ...] = ()
    cms: str | None = None
    encoding: str | None = None
    selectors: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[tuple[str, Mapping[str, str]], ...] = ()
    checked: str | None = None
    hosts: tuple[str, ...] = ()
    allow_private: bool = False

    def at(self, day: str) -> Site:
        """This site with the selectors that were valid on ``day`` (ISO 8601)."""
        valid = [(until, selectors) for until, selectors in self.earlier if day[:10] <= until]
        return replace(self, selectors=min(valid, key=lambda rule: rule[0])[1]) if valid else self


def joined(first: Article, further: Sequence[Article]) -> Article | None:
    """One article of several pages; None where they do not continue it: a page that says again what stood before."""
    said = set(first.body.split("\n"))
    bodies = [first.body]
    for part in further:
        lines = part.body.split("\n")
        if not part.body or lines[0] in said:
            return None
        said.update(lines)
        bodies.append(part.body)
    every = (first, *further)
    return replace(
        first,
        body="\n".join(bodies),
        images=tuple(dict.fromkeys(url for one in every for url in one.images)),
        attachments=tuple({file.url: file for one in every for file in one.attachments}.values()),
    )


def instant(moment: datetime) -> str:
    """A UTC instant as the archive writes it, to the second: ``2026-03-01T06:20:00Z``. The moment must carry its zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
