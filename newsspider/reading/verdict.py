"""What a page is: a text of its own (an article, or a page without a day), or a list of others (a listing, a front page).

Each row of the table is a sign of one or the other; its points are in weights.toml, above zero for a text. They are fitted on labelled
pages by benchmarks/tune.py, each host left out in turn; what a person set by hand says why there. What a page is instead of either (a
login, an error page, a feed, a file) is decided before, by `refusals`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsspider.extract.blocks import Block, Blocks
from newsspider.extract.titles import Declared
from newsspider.reading import choice, content, datelike, marks, stamps, words
from newsspider.reading.choice import Candidate, Evidence

SURE = 15  # points of a text, whatever rows stand beside it
MOST_LINES = 600  # from the top of a page that are asked
_PROSE = 60  # what a line of prose is worth
_ROW = 14  # bytes of a link that may be a row's title
_ROW_LINK = 6  # characters of a link that may be a row's title
_ROW_AS_TEXT = 200  # characters of a row that holds more than its link
_DAY, _DAY_WORDS = 40, 12  # characters of a line that is little else than a date, and of its other words
_TOLD = 30  # bytes of a link that is a sentence
_NEAR = (1, -1, 2, -2)  # lines from a row's title to its date, likeliest first
_HEADING_TO_DATE = 4  # lines
_LONGEST_LEAD = 120  # characters of a line that leads to the next article
_LONGEST_SAID = 60  # characters of a line that says "next page"

_FRONT = re.compile(r"/?(?:(?:index|main|home|default)\.\w+)?", re.I)
_INDEX = re.compile(r"/(?:index|home|default)\.\w+", re.I)
_ROOT = re.compile(r"/?(?:main\.\w+)?", re.I)
_ARCHIVE = re.compile(
    r"/(?:tags?|category|categories|author|archives?|topics?|page)/|/(?:19|20)\d\d(?:/[01]\d)?(?:/page/\d+)?/?$", re.I
)
_OF_A_DAY = re.compile(r"/(?:19|20)\d\d[-/]?[01]\d[-/]?(?:[0-3]\d)?/[^/]|/(?:19|20)\d\d-[01]\d")
_OF_A_FULL_DAY = re.compile(r"/(?:19|20)\d\d[-/]?[01]\d[-/]?[0-3]\d/[^/]")
_NUMBERED = re.compile(
    r"/info/\d+/\d+|/c\d+a\d+/|[?&](?:\w*id|articleNo|wr_id|no|p)=[\w-]*\d|/\d{3,}(?:/|\.\w+)?$|[-_/]\d{4,}(?:\.\w+|/)?$|/[tac]?\d{6,}"
)
_EVENT = re.compile(r"/(?:[\w-]*-)?(?:events?|calendar)/[^/]", re.I)
_COLUMN = re.compile(
    r"(?:news|events?|blogs?|updates|stories|announcements?|notices?|press(?:-releases)?|newsroom|calendar|archives?|articles"
    r"|posts|media|in-the-news|\w+-(?:news|events|blog|updates|stories))(?:\.\w+)?",
    re.I,
)
_BOARD = re.compile(r"/(?![\w-]*(?:view|read|detail|content|show))[\w-]*\.do$", re.I)
_BOARD_ARTICLE = re.compile(r"articleNo|mode=view|\w=\d", re.I)
_SINGLE = re.compile(r"(?:^| )(?:single|single-post|postid-\d+|(?:page-)?node-type-(?:article|news\w*))(?: |$)")
_LIST = re.compile(
    r"(?:^| )(?:archive|category|tag|blog|author|date|search|home|front|path-frontpage|post-type-archive)(?: |$)"
)
_STATIC = re.compile(r"(?:^| )(?:page|page-template\S*|page-id-\d+|page-node-type-page)(?: |$)")
_SCHEMA = re.compile(r'"@type"\s*:\s*\[?\s*"\w*(?:Article|BlogPosting)"')
_VIEWS = re.compile(
    rf"(?:{words.one_of('views_verb')}(?:{words.one_of('views_noun')})?|{words.one_of('views')})\s*[:：]", re.I
)
_NEXT = re.compile(rf"\W*(?:{words.one_of('next_page', 'other_page')})\W*", re.I)
_MORE = re.compile(rf"\W*(?:{words.one_of('more')})\b.{{0,24}}", re.I)
_NEIGHBOUR = re.compile(words.one_of("neighbour"), re.I)
_NEIGHBOURS = tuple(phrase.partition("·")[0] for phrase in words.phrases("neighbour"))
_HAS_ARTICLES = re.compile(r"<(?:article|ARTICLE)\b")
_IS_ARCHIVE = re.compile(rf"\W*(?:{words.one_of('archive')})\b", re.I)


class Page(Protocol):
    """What is asked of a page: `newsspider.cms.base.Page` has it."""

    url: str
    text: str

    @property
    def declared(self) -> dict[str, str]: ...
    @property
    def declared_titles(self) -> Declared: ...
    @property
    def blocks(self) -> Blocks: ...
    @property
    def worth(self) -> list[int]: ...
    @property
    def root(self) -> HtmlElement: ...


@dataclass(frozen=True, kw_only=True)
class Look(Candidate):
    """A page, looked at as what may be a text of its own."""

    page: Page

    @cached_property
    def lines(self) -> list[Block]:
        return self.page.blocks.lines[:MOST_LINES]

    @cached_property
    def path(self) -> str:
        return self._split[0]

    @cached_property
    def query(self) -> str:
        return self._split[1]

    @cached_property
    def _split(self) -> tuple[str, str]:
        """Path and query of the address; empty where it is none, such as http://[::1."""
        try:
            parts = urlsplit(self.page.url)
        except ValueError:
            return "", ""
        return parts.path, parts.query

    @property
    def last(self) -> str:
        return self.path.rstrip("/").rpartition("/")[2]

    @cached_property
    def body_class(self) -> str:
        body = self.page.root.find("body")
        return (body.get("class") or "") if body is not None else ""

    def names(self, *names: str) -> bool:
        return any(name in self.page.blocks.by_name for name in names)

    @cached_property
    def linked(self) -> list[bool]:
        return [line.linked * 2 > len(line.text) for line in self.lines]

    @cached_property
    def aside(self) -> list[bool]:
        """Which lines stand in menus, footers and sidebars."""
        return [worth == content.in_chrome(line) for line, worth in zip(self.lines, self.page.worth, strict=False)]

    @cached_property
    def rows(self) -> int:
        """How many lines outside of menus are a link with a date in it or beside it."""
        taken: set[int] = set()  # the dates of rows
        count = 0
        for at, line in enumerate(self.lines):
            if self.aside[at]:
                continue
            if self._is_row_title(at):
                near = next((at + step for step in _NEAR if at + step not in taken and self._is_day(at + step)), None)
                if near is not None:
                    taken.add(near)
                count += near is not None or datelike.looks(line.text)
            elif line.linked >= _ROW_LINK and line.linked * 5 > len(line.text) and len(line.text) < _ROW_AS_TEXT:
                count += datelike.looks(line.text)
        return count

    def _is_row_title(self, at: int) -> bool:
        return self.linked[at] and len(self.lines[at].text.encode("utf-8", "replace")) >= _ROW

    def _is_day(self, at: int) -> bool:
        """A line is little else than a date, and no title."""
        if not 0 <= at < len(self.lines) or len(self.lines[at].text) > _DAY or self._is_row_title(at):
            return False
        text = self.lines[at].text
        return datelike.looks(text) and len(datelike.rest(text)) <= _DAY_WORDS

    @cached_property
    def linked_headings(self) -> int:
        return sum(
            bool(line.heading) and on and not off and len(line.text.encode("utf-8", "replace")) >= 10
            for line, on, off in zip(self.lines, self.linked, self.aside, strict=True)
        )

    @cached_property
    def told(self) -> int:
        """Links outside of menus that are sentences."""
        return sum(
            on and not off and len(line.text.encode("utf-8", "replace")) >= _TOLD
            for line, on, off in zip(self.lines, self.linked, self.aside, strict=True)
        )

    @cached_property
    def prose(self) -> list[int]:
        return [worth for worth in self.page.worth if worth > _PROSE]

    @cached_property
    def run(self) -> int:
        """What the lines of the longest text are worth that no link interrupts."""
        best = total = 0
        for worth, line in zip(self.page.worth, self.page.blocks.lines, strict=True):
            if worth > 0:
                total += worth
                best = max(best, total)
            elif line.linked * 2 > len(line.text) >= 6:
                total = 0
        return best

    @cached_property
    def heading(self) -> int | None:
        """The line of a heading that is what the head declares to be the title."""
        likeness = self.page.declared_titles.likeness
        able = (at for at, line in enumerate(self.lines) if 1 <= line.heading <= 3 and len(line.text) >= 4)
        return next(
            (at for at in able if not self.linked[at] and not self.aside[at] and likeness(self.lines[at].text) >= 5),
            None,
        )

    @cached_property
    def below_heading(self) -> int:
        """What stands between the heading and the first link below it is worth."""
        total = 0
        for at in range(len(self.lines) if self.heading is None else self.heading + 1, len(self.lines)):
            if self.linked[at] and len(self.lines[at].text) >= 6:
                break
            total += max(0, self.page.worth[at])
        return total

    @cached_property
    def dates(self) -> list[tuple[int, str]]:
        """The lines of labels that have a date, each with what the date is of."""
        able = (
            (at, line)
            for at, line in enumerate(self.lines)
            if not self.linked[at] and len(line.text) <= 160 and datelike.looks(line.text) and marks.is_meta(line)
        )
        found = ((at, stamps.first(line.text, day_first=True)) for at, line in able)
        return [(at, stamp.label) for at, stamp in found if stamp is not None]

    @cached_property
    def dated_heading(self) -> bool:
        """A date stands below or above one heading, or between one line and a text, none of them a link."""
        return len({top for at, _ in self.dates if (top := self._heads(at)) is not None}) == 1

    def _heads(self, at: int) -> int | None:
        """The line that the date in another is of."""
        before, after = max(0, at - 1), self.linked[at + 1 : at + 2]
        if any(after) or self.lines[at].linked >= _ROW_LINK:  # a row, or the date above the title of one
            return None
        above = range(at - 1, max(-1, at - 1 - _HEADING_TO_DATE), -1)
        top = next((n for n in above if self.lines[n].heading or self.linked[n]), None)
        if top is not None and self._is_heading(top):
            return top
        if self._is_heading(at + 1) and (self.lines[at + 1].heading == 1 or not self.linked[before]):
            return at + 1
        told = (
            at > 0 and self.page.worth[at + 1 : at + 2] >= [_PROSE] and not (self.linked[before] or self.aside[before])
        )
        return before if told else None

    def _is_heading(self, at: int) -> bool:
        return at < len(self.lines) and 1 <= self.lines[at].heading <= 3 and not (self.linked[at] or self.aside[at])

    @cached_property
    def labelled(self) -> int:
        return sum(label in ("published", "plain", "updated") for _, label in self.dates)

    def say(self, phrase: re.Pattern[str], *, linked: bool = False) -> int:
        """How many lines say this and little else."""
        return sum(
            len(line.text) < _LONGEST_SAID and (on or not linked) and _says(phrase, line.text)
            for line, on in zip(self.lines, self.linked, strict=True)
        )

    @cached_property
    def paged(self) -> int:
        return self.say(_NEXT)

    @cached_property
    def more(self) -> int:
        return self.say(_MORE, linked=True)

    @cached_property
    def link_share(self) -> float:
        return sum(line.linked for line in self.lines) / max(1, sum(len(line.text) for line in self.lines))

    @cached_property
    def of_archive(self) -> bool:
        """A heading says so."""
        return any(line.heading in (1, 2) and _IS_ARCHIVE.match(line.text) for line in self.lines)

    @cached_property
    def leads_on(self) -> bool:
        """A line leads to the article before or after this one. Words are sought before the expression: few pages have any."""
        said = "\n".join(line.text for line in self.lines if len(line.text) < _LONGEST_LEAD)
        low = said.lower()
        return any(word in low for word in _NEIGHBOURS) and _NEIGHBOUR.search(said) is not None

    @cached_property
    def articles(self) -> int:
        return sum(1 for _ in self.page.root.iter("article")) if _HAS_ARTICLES.search(self.page.text) else 0

    @cached_property
    def counted(self) -> bool:
        """WebPlus counts the rows of a list, which an article has none of."""
        counts = (element.text or "" for element in self.page.blocks.by_name.get(".all_count", ()))
        return any(count.strip().isdigit() and int(count) > 0 for count in counts)


@lru_cache(maxsize=8192)  # menus are on every page of a site
def _says(phrase: re.Pattern[str], text: str) -> bool:
    return phrase.fullmatch(text) is not None


def _at_least(name: str, of: Callable[[Look], float], *steps: tuple[float, str]) -> list[Evidence[Look]]:
    """A row for each step, so that more of a thing weighs more; ``name`` has the number in the place of {}."""

    def row(least: float, why: str) -> Evidence[Look]:
        return Evidence(name.format(f"{least:g}"), lambda it: of(it) >= least, why)

    return [row(least, why) for least, why in steps]


TABLE: tuple[Evidence[Look], ...] = (
    Evidence("every page", lambda it: True, "where the other rows say nothing: texts are more than lists"),
    # Its address
    Evidence(
        "address of a first page",
        lambda it: _ROOT.fullmatch(it.path) is not None and not it.query,
        "home pages with a welcome longer than all their news",
    ),
    Evidence(
        "index page whose heading is not its title",
        lambda it: _INDEX.fullmatch(it.path) is not None and it.heading is None,
        "/index.html of a department with a few words of welcome",
    ),
    Evidence(
        "address of an archive",
        lambda it: _ARCHIVE.search(it.path) is not None,
        "/tag/soccer with one post in full; /2016/07, /category/blog/page/2",
    ),
    Evidence(
        "address named after a column",
        lambda it: _COLUMN.fullmatch(it.last) is not None and not it.query,
        "/about/events and /in-the-news, whose rows have teasers of several lines",
    ),
    Evidence(
        "address of a board",
        lambda it: _BOARD.search(it.path) is not None and not _BOARD_ARTICLE.search(it.query),
        "jwxe: notice.do without articleNo is the board, with dates and views in every row",
    ),
    Evidence(
        "address with a full day",
        lambda it: _OF_A_FULL_DAY.search(it.path) is not None,
        "/2024/03/19/car-park: a notice of a few words above cards of others",
    ),
    Evidence(
        "address with a day",
        lambda it: _OF_A_DAY.search(it.path) is not None,
        "/2018/10/16/slug, /2024/0306/c1a2/page.htm",
    ),
    Evidence(
        "address with a number", lambda it: _NUMBERED.search(it.page.url) is not None, "/info/1025/2600.htm, ?id=77"
    ),
    Evidence(
        "address of words",
        lambda it: it.last.count("-") >= 3 or it.last.count("_") >= 4,
        "/news-stories/two-graduates-awarded-a-grant",
    ),
    # What it declares
    Evidence(
        "og:type article",
        lambda it: it.page.declared.get("og:type", "").lower().startswith("article"),
        "WordPress posts",
    ),
    Evidence("schema.org article", lambda it: _SCHEMA.search(it.page.text) is not None, "news sites with JSON-LD"),
    Evidence(
        "body class of a single post", lambda it: _SINGLE.search(it.body_class) is not None, "WordPress: single-post"
    ),
    Evidence(
        "body class of a list", lambda it: _LIST.search(it.body_class) is not None, "WordPress: archive, category, home"
    ),
    Evidence("body class of a page", lambda it: _STATIC.search(it.body_class) is not None, "WordPress: page-template"),
    Evidence(
        "element of a WebPlus text",
        lambda it: it.names(".wp_articlecontent", ".Article_Content"),
        "columns of WebPlus that hold one text",
    ),
    Evidence(
        "WebPlus counts rows",
        lambda it: it.counted and not it.names(".wp_articlecontent"),
        "<em class=all_count>: a list of one row, or of rows that are files",
    ),
    Evidence(
        "element of a VSB text",
        lambda it: (
            it.names(".v_news_content") or any(name.startswith("#vsb_content") for name in it.page.blocks.by_name)
        ),
        "columns of VSB that hold one text",
    ),
    Evidence("heading of an archive", lambda it: it.of_archive, "Monthly archives: July, 2016"),
    # Its rows
    *_at_least(
        "{} rows with a date or more",
        lambda it: it.rows,
        (1, "a list of one row"),
        (2, "a list of two rows with long teasers"),
        (3, "lists whose rows have a teaser each"),
        (5, "full lists"),
        (8, "full lists beside an introduction"),
    ),
    Evidence("as many rows as lines of prose", lambda it: 2 <= it.rows >= len(it.prose), "lists below an introduction"),
    *_at_least(
        "{} headings that are links or more",
        lambda it: it.linked_headings,
        (1, "an archive of one post"),
        (2, "posts with their beginnings, undated"),
        (5, "overviews of news in boxes"),
    ),
    *_at_least(
        "{} links that are sentences or more",
        lambda it: it.told,
        (3, "undated lists"),
        (8, "undated lists of a page each"),
    ),
    *_at_least(
        "{} lines that lead to other pages or more",
        lambda it: it.paged,
        (1, "lists with a pager"),
        (2, "lists with a pager in full"),
    ),
    *_at_least(
        "{} links to more or more",
        lambda it: it.more,
        (4, "front pages of departments"),
    ),
    *_at_least(
        "{} <article> or more",
        lambda it: it.articles,
        (2, "blogs whose posts stand in full"),
        (4, "overviews in cards"),
    ),
    *_at_least(
        "{} labelled dates or more",
        lambda it: it.labelled,
        (1, "articles"),
        (2, "posts in full, one below the other"),
        (3, "the same"),
    ),
    Evidence(
        "3 headings that are links, and 3 labelled dates",
        lambda it: min(it.linked_headings, it.labelled) >= 3,
        "overviews of posts, each with its beginning and its day",
    ),
    *_at_least(
        "links are {} of the text or more", lambda it: it.link_share, (0.3, "overviews"), (0.7, "lists of titles alone")
    ),
    # Its text
    Evidence(
        "heading that is the declared title and a sentence",
        lambda it: it.heading is not None and len(it.lines[it.heading].text.encode("utf-8", "replace")) >= _TOLD,
        "undated notices of a few words; columns have short names",
    ),
    Evidence(
        "date beside a heading that is no link",
        lambda it: it.dated_heading,
        "a notice of a few words beside a box of news",
    ),
    Evidence(
        "label of views",
        lambda it: any(
            (":" in line.text or "：" in line.text) and len(line.text) <= 160 and _VIEWS.search(line.text)
            for line in it.lines
        ),
        "articles of VSB",
    ),
    Evidence(
        "link to the next article",
        lambda it: it.leads_on,
        "short articles among long menus",
    ),
    *_at_least(
        "text of {} below the heading or more",
        lambda it: it.below_heading,
        (30, "notices of a few words above cards of others"),
        (60, "notices of a sentence"),
    ),
    *_at_least(
        "{} lines of prose or more",
        lambda it: len(it.prose),
        (1, "notices"),
        (8, "long articles with long related lists"),
    ),
    *_at_least(
        "text of {} without a link or more",
        lambda it: it.run,
        (100, "notices"),
        (300, "short articles"),
        (1000, "articles"),
        (3000, "long articles"),
    ),
    *_at_least(
        "line worth {} or more",
        lambda it: max(it.page.worth, default=0),
        (150, "paragraphs, where teasers are shorter"),
        (400, "long paragraphs"),
    ),
)
_WORDS = {
    "article": "an article",
    "page": "a text without a day of publication",
    "listing": "a list",
    "front": "a first page",
}
EVENT = Evidence[Look](
    "address of an event", lambda it: _EVENT.search(it.path) is not None, "/events/open-house: its day is the event's"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a page is, and why.

    ``kind``: ``article``, ``page`` (a text that has no day of publication), ``listing``, ``front`` (a site's first page), ``feed``,
    ``redirect``, else what `PageError` calls it. ``points`` above zero: a text of its own. ``evidence``: each sign with its points,
    the weightiest first; where points do not decide, what was found.
    """

    kind: str
    points: float = 0.0
    evidence: tuple[tuple[str, float], ...] = ()

    @property
    def is_text(self) -> bool:
        return self.points > 0

    @property
    def what(self) -> str:
        """What the page is, in words."""
        return _WORDS.get(self.kind, self.kind)

    @property
    def reason(self) -> str:
        """The three signs that weigh most for what the page is taken for."""
        if not self.points:
            return ", ".join(name for name, _ in self.evidence)
        way = 1 if self.is_text else -1
        most = sorted((it for it in self.evidence if it[1] * way > 0), key=lambda it: -it[1] * way)[:3]
        return ", ".join(f"{name} {points:+g}" for name, points in most)


def of(page: Page) -> Verdict:
    """What the page is by its signs."""
    look = Look(value="text", where="page", page=page)
    weighed = choice.choose([look], "verdict", TABLE).weighed[0]
    if weighed.points > 0:
        kind = "page" if EVENT.holds(look) else "article"
    else:
        kind = "front" if _FRONT.fullmatch(look.path) and not look.query else "listing"
    return Verdict(kind, round(weighed.points, 1), tuple(sorted(weighed.evidence, key=lambda it: -abs(it[1]))))
