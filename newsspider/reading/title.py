"""The title of an article: which line of a page it is, or what the head declares, and what tells for and against each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsspider.extract import dates, titles
from newsspider.extract.blocks import HEAD, Block, Blocks
from newsspider.extract.text import LETTER
from newsspider.reading import marks, stamps, words
from newsspider.reading.choice import Candidate, Choice, Evidence, choose

if TYPE_CHECKING:
    from newsspider.reading.document import Page

_NAME = re.compile(r"(?<!sub)(?<!sub[-_])titl|\bbt\b|biaoti|headline|subject|\btit\d*$", re.I)
_NAMES_COLUMN = re.compile(r"\s*(?:您?(?:的|所在|当前)?(?:的)?(?:位置|首页)|所在位置|當前位置|home\b\s*[>›»/])", re.I)
_COLUMN = re.compile(
    r"(?:通知公告|公告通知|(?:学校|学院|校园|综合|部门|图片)?(?:新闻|要闻|动态)(?:中心|动态|资讯|快讯)?|工作动态|公告|最新消息|校園公告|"
    r"공지사항|새소식|뉴스|ニュース|お知らせ|news(?:room)?|events|notices?|announcements?|press releases?)",
    re.I,
)
_CRUMBS = re.compile(r"^.*(?:位置|home|首页|首頁).*[>›»]\s*(?=\S{6})", re.I)
_IN_TITLE = re.compile(rf"\s*[\[(（【]?\s*(?:{words.one_of('published', 'plain')})?[:：]?\s*$")
_BARS = re.compile(r"\s+[|·•/]\s+")
_OF_TEXT = re.compile(r"[:：→]|[?？]$|^\W|^(?:\d+|[一二三四五六七八九十]+)[.、]|[\u4e00-\u9fff] [\u4e00-\u9fff]")
_SHORT = 40  # bytes of a line that may be anything
_SAYS = re.compile(r"。|[.;:；：,，]$")  # what a sentence or a salutation has, and no title
_PARTS = re.compile(r"\s+[|–—-]\s+")
_LEAST_HOST = 5  # letters
_COLUMN_NAME = 16  # characters
_LONG = 90  # characters of a heading that is a sentence
LEAST = 3.5  # what any line lacks of being a title
_LEAST_TOLD = 6  # bytes: two characters of Chinese


@dataclass(frozen=True, kw_only=True)
class Line(Candidate):
    """A line that could be the title, the ``at``-th of the page.

    ``likeness``: as `newsspider.extract.titles.Declared.likeness`, less where the line names a site or a column (``named``);
    ``letters``: of it; ``level``: 1 for <h1>, 0 for no heading; ``field``: a row of a table says that it is the title; ``called``:
    so is its class; ``above``: how many lines above the date it stands, 9: elsewhere; ``shown``: the line that stands where a title
    would; ``far``: how many lines from the beginning of the text, or of
    the labels near it; ``only``: no other <h1> is on the page; ``beside``: it is no heading, and the page has such an <h1>.
    """

    value: str
    at: int
    likeness: float = 0
    letters: int = 0
    level: int = 0
    field: bool = False
    called: bool = False
    named: bool = False
    above: int = 9
    shown: bool = False
    far: int = 0
    only: bool = False
    beside: bool = False


TABLE: tuple[Evidence[Line], ...] = (
    Evidence("any line", lambda line: 1, "a line of which only its place speaks is none"),
    Evidence("as the head declares it", lambda line: line.likeness, "<title> begins with it"),
    Evidence("long, and declared", lambda line: min(line.letters, 30) / 10 if line.likeness else 0, "a column is short"),
    Evidence("<h1>", lambda line: line.level == 1, ""),
    Evidence("the only <h1>", lambda line: line.only, "the head says the same in other words"),
    Evidence("no heading, beside the only <h1>", lambda line: line.beside, "a trail that ends with what <title> says"),
    Evidence("<h2>", lambda line: line.level == 2, ""),
    Evidence("<h3>", lambda line: line.level == 3, ""),
    Evidence("<h4> to <h6>", lambda line: line.level > 3, "<h6> above a date, <title> names the site alone"),
    Evidence("named the title by its row", lambda line: line.field, "제목 | 2024학년도 모집 안내"),
    Evidence("called so by its class", lambda line: line.called, "<div class=biaoti>"),
    Evidence("names the site or a column", lambda line: line.named, "<h1>News</h1> above every article"),
    Evidence("of three characters or fewer", lambda line: line.letters < 4, "新闻"),
    Evidence("just above the date", lambda line: line.above == 1, ""),
    Evidence("two lines above the date", lambda line: line.above == 2, "a subtitle stands between"),
    Evidence("three lines above the date", lambda line: line.above == 3, ""),
    Evidence("where a title would stand", lambda line: line.shown and not 1 <= line.above <= 3, "the date stands above it"),
    Evidence("far from the text", lambda line: min(3.0, line.far / 15), "a heading of the menu"),
)  # fmt: skip


def choice(lines: list[Line]) -> Choice[Line]:
    return choose(lines, "title", TABLE)


class Headline(NamedTuple):
    """A title, the rule that found it, and the line where it stands."""

    text: str
    rule: str
    at: int | None


def find(page: Page, start: int, end: int) -> Headline:
    """The title above the text in the lines from ``start`` to ``end``: as the page's <title> has it, a heading, named
    so, just above the date."""
    lines = page.blocks.lines
    below = _below(page, start, end)
    shown = _shown(page, below, end)
    first = max(0, start - HEAD) if start < len(lines) else 0
    able = (_able(lines[index], index, page) for index in range(first, min(end, start + 12, first + HEAD + 12)))
    only = _only(lines)
    its = [
        replace(
            line,
            above=below - line.at,
            shown=line.at == shown,
            far=min(abs(start - line.at), abs(below - line.at)),
            only=line.at == only and _is_whole(line),
        )
        for line in able
        if line
    ]
    if any(line.only for line in its):
        its = [replace(line, beside=line.level == 0 and not line.field) for line in its]
    page.choices["title"] = chosen = choice(its)
    best = chosen.winner.at if chosen.winner else None
    if best is not None and _is_kicker(lines[best : best + 2], page):
        best += 1
    if best is not None and (over := _h1_over(page, first, best, below)) is not None:
        best = over
    if (
        best is not None
        and _is_named(lines[best].text, page)
        and not _is_own(lines[best], page)
        and (told := _told(page))
    ):
        return Headline(told, "declared title, where the page shows its column's name alone", best)
    named = best is not None and _is_named(lines[best].text, page) and not _is_own(lines[best], page)
    if best is not None and (shown is None or shown < below or not named):
        if field := marks.titled(lines[best]):
            return Headline(field, "a row that names it the title", best)
        text = _whole(lines, best) if lines[best].heading else lines[best].text
        confirmed = ", as in <title>" if page.declared_titles.likeness(text) else ""
        return Headline(text, f"<{lines[best].element.tag}> above the text{confirmed}", best)
    if shown is not None and not _names_itself(page, doubtful=_is_doubtful(lines[shown], lines[below])):
        beside = "below the date" if shown > below else "above date and text"
        return Headline(_CRUMBS.sub("", lines[shown].text), f"the line {beside}", shown)
    if page.head_titles:
        told = titles.without_site(page.head_titles[0], page.site_name)
        return Headline(told, "<title> without the site's name", None)
    return Headline("", "none", None)


def _is_whole(line: Line) -> bool:
    """The line is no name, no part of what the head declares, where names of site and column stand, and no sentence about the text."""
    return not line.named and (line.likeness >= 5 or (line.likeness == 0 and len(line.value) <= _LONG))


def _only(lines: list[Block]) -> int | None:
    """The one <h1> of the page that is no link."""
    tops = [at for at, line in enumerate(lines) if line.heading == 1 and line.linked * 2 <= len(line.text)]
    return tops[0] if tops and len({lines[at].text for at in tops}) == 1 else None


def _h1_over(page: Page, first: int, best: int, below: int) -> int | None:
    """The one <h1> above a smaller heading of which the head says nothing: the heading is of a part of the text."""
    lines = page.blocks.lines
    if lines[best].heading < 2 or page.declared_titles.likeness(lines[best].text):
        return None
    tops = [at for at in range(first, best) if lines[at].heading == 1]
    if not tops or len({lines[at].text for at in tops}) > 1 or (lines[tops[-1]].linked * 2 > len(lines[tops[-1]].text)):
        return None
    top = tops[-1]
    if _is_named(lines[top].text, page):  # the column of an article, unless no article stands here
        return top if _is_own(lines[top], page) and not marks.is_meta(lines[below]) else None
    return top if score(lines[top], page) > 0 else None


def _is_own(line: Block, page: Page) -> bool:
    """An <h1> that the head declares to be the title, though the menu has it, too: a column with a text of its own."""
    return (
        line.heading == 1 and titles.fold(line.text) in page.declared_titles.exact and not titles.names_site(line.text)
    )


def _is_doubtful(line: Block, below: Block) -> bool:
    """The line may as well be the first of a text: no date stands below it, and it is short, numbered, a question, or has fields."""
    if marks.is_meta(below) and stamps.label(below.text) is not None:
        return False
    return len(line.text.encode("utf-8", "replace")) < _SHORT or _OF_TEXT.search(line.text) is not None


def _names_itself(page: Page, *, doubtful: bool) -> bool:
    """The <title> says more than whose page it is; where the line that may be the title is ``doubtful``, also a column."""
    for title in page.head_titles:
        told = titles.without_site(title, page.site_name)
        of_site = titles.names_site(told) or told == page.site_name
        of_column = titles.fold(told) in page.menu or _COLUMN.fullmatch(told) is not None
        whole = titles.fold(told) == titles.fold(title)
        if (
            len(told.encode()) >= _LEAST_TOLD
            and not (of_site and (whole or not doubtful))
            and (doubtful or not of_column)
        ):
            return True
    return False


def _is_kicker(lines: list[Block], page: Page) -> bool:
    """A few words, no heading, stand just above one: a category."""
    short = not lines[0].heading and len(lines[0].text.encode("utf-8", "replace")) <= 20
    return short and len(lines) > 1 and lines[1].heading in (1, 2) and _may_be(lines[1], page)


def _shown(page: Page, below: int, end: int) -> int | None:
    """The line that may be the title where nothing marks one: the last above the date, else the first between date and text;
    where no date stands above, the line above the text."""
    lines = page.blocks.lines
    if below >= len(lines):
        return None
    above = range(below - 1, max(-1, below - 4), -1)
    if not marks.is_meta(lines[below]):
        nearest = next((i for i in above if not _SAYS.search(lines[i].text)), below)
        return nearest if nearest < below and _may_be(lines[nearest], page) else None
    its = (i for i in above if _may_be(lines[i], page) and not _SAYS.search(lines[i].text))
    if (found := next(its, None)) is not None:
        return found
    between = takewhile(lambda i: not _SAYS.search(lines[i].text), range(below + 1, min(below + 8, end)))
    after = [i for i in between if _may_be(lines[i], page) and not marks.names_value(lines[i - 1].text)]
    return next((i for i in after if lines[i].heading), after[0] if after else None)


def without_date(title: str) -> tuple[str, str]:
    """A title and the date that a template prints behind it in the same element."""
    found = None
    for found in dates.every(title):  # noqa: B007, the last one counts
        pass
    if found is None or LETTER.search(title[found.end :]):
        return title, ""
    before = title[: found.start]
    cut = _IN_TITLE.search(before)
    kept = before[: cut.start()] if cut else before
    # What is no date line but part of the title ends without a bracket or a space before the date: 校情通报2025-12-01.
    if len(kept) < 4 or (cut is not None and not cut[0]):
        return title, ""
    return kept.strip(), title[len(kept) :].strip()


def without_element(title: str, element: HtmlElement) -> tuple[str, str]:
    """A title and the date that its last element is."""
    inner = next((child for child in element.iterchildren(reversed=True) if isinstance(child.tag, str)), None)
    printed = (
        " ".join("".join(inner.itertext()).split()) if inner is not None and not (inner.tail or "").strip() else ""
    )
    if (
        not 8 <= len(printed) < len(title) - 3
        or not title.endswith(printed)
        or not dates.boxed(printed.strip("()[]（）【】"))
    ):
        return title, ""
    return title.removesuffix(printed).strip(), printed


def without_names(title: str, page: Page) -> str:
    """A title without the name of the site, which stands last or first beside a bar or a dash, without that of a column of the menu
    behind one, and without a column before a colon where the head declares the rest."""
    first, *others = _PARTS.split(title)
    if others:
        last = others[-1]
        for part, rest in ((last, title[: title.rfind(last)]), (first, title[len(first) :])):
            is_site = names_host(part, page.url) or titles.fold(part) == titles.fold(page.site_name or "")
            if is_site or (part is last and titles.fold(part) in page.menu):
                return rest.strip(" |–—-")
    column, _, rest = title.partition(": ")
    declared = page.declared_titles
    return (
        rest
        if rest and len(column) <= _COLUMN_NAME and declared.likeness(rest) >= 5 > declared.likeness(title)
        else title
    )


def names_host(name: str, url: str) -> bool:
    """The name is what the host is called.

    >>> names_host("Artlyst", "https://www.artlyst.com/a"), names_host("Example Tires", "https://exampletire.com/a")
    (True, True)
    >>> names_host("MIT", "https://news.mit.edu/a"), names_host("Art", "https://www.artlyst.com/a")
    (False, False)
    """
    letters = re.sub(r"\W+", "", name).lower()
    labels = (urlsplit(url).hostname or "").lower().split(".")
    return any(len(label) >= _LEAST_HOST and letters in (label, f"{label}s") for label in labels)


def begins(element: HtmlElement, text: str) -> bool:
    """The element begins with another, which holds the ``text`` alone."""
    inner = next((child for child in element if isinstance(child.tag, str)), None)
    return inner is not None and not (element.text or "").strip() and "".join(inner.itertext()).strip() == text.strip()


def after_repeat(blocks: Blocks, first: int, end: int, title: str) -> int:
    """The line after a second heading with the title, and its fields, that the element of a text begins with, else ``first``."""
    lines = blocks.lines
    again = (at for at in range(first, min(end, first + 3)) if lines[at].heading and lines[at].text == title)
    if (at := next(again, None)) is None:
        return first
    around = next(lines[at].element.iterancestors("header"), None)
    if around is not None and blocks.span[around][1] <= end:
        return blocks.span[around][1]
    return next((n for n in range(at + 1, end) if not marks.is_meta(lines[n])), end)


def crumbs_day(line: Block) -> stamps.Stamp | None:
    """The day at the end of a line of short links and names: Example News | Research | Mark Lee | 2024-03-19."""
    parts = _BARS.split(line.text) if line.linked and len(line.text) <= 160 else []
    if len(parts) < 3 or any(len(part) > 40 for part in parts):
        return None
    return stamps.first(parts[-1]) if dates.boxed(parts[-1]) else None


def _is_named(text: str, page: Page) -> bool:
    """A column's name or the site's, however large it is printed, unless the head says in so many words that it is the title."""
    folded = titles.fold(text)
    is_site = bool(page.site_name) and folded == titles.fold(page.site_name)
    if not is_site and folded not in page.menu and not titles.names_site(text) and not _COLUMN.fullmatch(text):
        return False
    return not page.declared_titles.states(text) or text == page.site_name


def _told(page: Page) -> str | None:
    """The first declared title that is no such name."""
    told = (titles.without_site(title, page.site_name) for title in page.head_titles)
    return next((title for title in told if len(title) >= 6 and not _is_named(title, page)), None)


def _whole(lines: list[Block], index: int) -> str:
    """The line at ``index`` with the rest of its heading, which a <br> may have split, without the fields in it."""
    element = lines[index].element
    first = index
    while first > 0 and lines[first - 1].element is element:
        first -= 1
    its = takewhile(lambda line: line.element is element, lines[first:])
    return " ".join(line.text for line in its if line is lines[index] or not marks.is_meta(line))


def _below(page: Page, start: int, end: int) -> int:
    """The first line of labels near the text's beginning, else its first line of prose."""
    lines = page.blocks.lines
    near = range(max(0, start - 15), min(end, start + 10))
    prose = [i for i in near if i >= start and page.worth[i] > 60 and not lines[i].heading]
    sure = next((i for i in prose if _SAYS.search(lines[i].text)), end)
    meta = [i for i in near if i < sure and marks.is_meta(lines[i]) and not marks.is_link(lines[i])]
    rows = [i for i in meta if i < start and in_row(page, i, start, end)]
    if len(rows) > 1:
        meta = [i for i in meta if i not in rows]
    return meta[0] if meta else prose[0] if prose else start


def in_row(page: Page, index: int, start: int, end: int) -> bool:
    """A date stands with the title of another article in an element without the text."""
    lines, span = page.blocks.lines, page.blocks.span
    for above in range(index - 1, max(-1, index - 4), -1):
        text = lines[above].text
        if lines[above].linked * 2 > len(text) > 6 and not page.declared_titles.likeness(text):
            around = (span[e] for e in lines[index].element.iterancestors() if e in span)
            return next((last <= start or first >= end for first, last in around if first <= above), False)
    return False


def _leads_up(line: Block, page: Page) -> bool:
    """The heading is a link to the site's first page or to another above this one: it names the site, or a part of it."""
    links = [*line.element.iterancestors("a"), *line.element.iter("a")]
    target = page.link(links[-1].get("href")) if links else None
    if target is None:
        return False
    path = urlsplit(target).path.rstrip("/") + "/"
    return path == "/" or (urlsplit(page.url).path.startswith(path) and len(urlsplit(page.url).path) > len(path))


def _may_be(line: Block, page: Page) -> bool:
    if not 4 <= len(line.text) <= 120 or line.linked * 2 > len(line.text) or marks.is_meta(line):
        return False
    text = _CRUMBS.sub("", line.text)
    return not _NAMES_COLUMN.match(text) and not _is_named(text, page)


def score(line: Block, page: Page) -> float:
    """How much a line looks like a title, by itself; 0: not at all."""
    able = _able(line, 0, page)
    return choice([able]).weighed[0].points + LEAST if able else 0


def _able(line: Block, at: int, page: Page) -> Line | None:
    """The line as one that could be the title; None: nothing speaks for it, or it is a row of a list or of labels."""
    text = line.text
    if len(text) > (300 if line.heading else 150) or _NAMES_COLUMN.match(text):
        return None
    likeness = page.declared_titles.likeness(text)
    field = marks.titled(line) is not None
    called = _is_called_title(line.element)
    if not (likeness or line.heading or field or called):
        return None
    letters = len(titles.fold(text))
    linked = line.linked * 2 > len(text)
    least = 3.5 if line.heading else 5
    if linked and line.heading not in (1, 2) and (likeness < least or letters < 8):
        return None
    if not likeness and not field and marks.is_meta(line):
        return None
    named = _is_named(text, page) or (linked and _leads_up(line, page))
    return Line(
        value=text,
        where=f"line {at}, <{line.element.tag}>",
        at=at,
        likeness=min(likeness, 0.5) if named else likeness,
        letters=letters,
        level=line.heading,
        field=field,
        called=called,
        named=named,
    )


def _is_called_title(element: HtmlElement) -> bool:
    """The element, or one of the two around it, by its class or id."""
    node: HtmlElement | None = element
    for _ in range(3):
        if node is None:
            break
        if _calls_title(node.get("class") or "", node.get("id") or ""):
            return True
        node = node.getparent()
    return False


@lru_cache(maxsize=4096)
def _calls_title(classes: str, ident: str) -> bool:
    return _NAME.search(f"{classes} {ident}") is not None
