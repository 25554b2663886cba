"""The title of an article: a line of the page that the page's own <title> confirms, without the site's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from newsspider.extract import dates

_SEPARATOR = re.compile(
    r"\s*[|｜»«·•]\s*|\s+[>›‹]+\s+|::|\s*_\s*|\s+[-–—:：]+\s+|[-–—]+(?=[^-–—]*(?:大学|学院|学校|大學|學院|网|部|处|中心|系|院|室|馆|University|College)[^-–—]*$)|--+"
)
_SITE = re.compile(
    r"(?:大学|大學|学院|學院|学校|學校|网|網|网站|網站|官网|首页|首頁|主页|处|處|部|中心|系|研究所|图书馆|圖書館|委员会|委員會|办公室|辦公室|대학교|대학|대학원|학과|학부|"
    r"\b(?:University|College|School|Institute|Department|Faculty|Newsroom|Homepage|Home|Universität|Hochschule|Université|"
    r"Universidad|Universidade|Università|Universiteit|Universitet))$|^(?:the )?university of\b|^(?:대학교|首页|home)$",
    re.I,
)
_PART = re.compile(
    r"(?:the )?(?:[A-Z][\w'’&.-]*,? )*(?:University|College|School|Institute|Department|Faculty|Office|Cent(?:er|re)) (?:of|for)"
    r"(?: (?:[A-Z][\w'’&.-]*,?|of|and|for|the|in|&))+"
)
_ROMANCE = re.compile(
    r"(?:[A-ZÀ-Ý][\w’'-]* )?(?:Universi(?:té|dade?|tà|tat)|École|Escuela|Instituto?|Faculté|Facultad)(?: [A-ZÀ-Ý][\w’'-]*)?"
    r" (?:des?|du|di|d[ao]|degli|del(?:la)?|d[’']) ?(?:(?:las?|los|les|l[’']) ?)?[A-ZÀ-Ý][\w’'-]*"
    r"(?: (?:(?:des?|del|di|y|et|e|la) )*[A-ZÀ-Ý][\w’'-]*)*"
)
_SAYS = re.compile(  # what no name has
    r"[:：?？!！。；《》“”]|入[藏选围驻]|赴|召开|举[行办]|参[观加]|走进|来访|到访|调研|签约|揭牌|落成|成立|慰问|亮相|当选|共建"
    r"|^(?:our|your|my) ",
    re.I,
)
_SMALL = frozenset(
    "of for the and in at on to de la del des du da di do dos das der die das für und et e y i a".split()
)
_CUT = re.compile(r"\s*(?:\.{3,}|…+)$")
_REMARK = re.compile(r"(?:\s/\s|[(（\[]).*$")
_SIGNS = re.compile(r"[\W_]+")
_FOLD = re.compile(r"[\s\u200b\ufeff]+")
_LABEL = re.compile(r"[^\W\d_]{2,12}:\s?")
_BAR = re.compile(r"\s[|｜]\s")
_LEAST = 6  # characters
_MARK = "\0"  # in no title


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """``text`` without white space, width and case, to compare titles by."""
    return "".join(unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "").split()).lower()


def names_site(text: str) -> bool:
    """``text`` is what institutions, their parts and their home pages are called.

    >>> [names_site(text) for text in ("示例大学新闻网", "University of Example", "关于放假的通知", "Open day")]
    [True, True, False, False]
    >>> names_site("Open day: who may study at our university")
    False
    """
    text = text.strip(" -–—>»|_")
    return (
        len(text) <= 60
        and not any(word.islower() and word.isalpha() and word not in _SMALL for word in _words(text))
        and (
            _SITE.search(text) is not None or _PART.fullmatch(text) is not None or _ROMANCE.fullmatch(text) is not None
        )
        and not _SAYS.search(text)
    )


def _words(text: str) -> list[str]:
    """The words of a text in Latin letters, of which a name begins each with a capital, but for the small ones; else none."""
    return text.split() if text.isascii() and not text.islower() else []


def _parts(title: str) -> list[str]:
    return [part.strip() for part in _SEPARATOR.split(title) if part and part.strip()]


def without_site(title: str, site_name: str | None = None) -> str:
    """A <title> without the site's name, which stands last or first.

    >>> without_site("关于放假的通知-示例大学"), without_site("Open day | News | Example University")
    ('关于放假的通知', 'Open day')
    >>> without_site("Example University | Open day"), without_site("示例大学 - 通知公告 - 关于放假的通知")
    ('Open day', '关于放假的通知')
    """
    title = _FOLD.sub(" ", title).strip()
    if site_name:
        title = re.sub(r"\s*[-|_–—:·]+\s*" + re.escape(site_name) + r"\s*$", "", title)
    parts = _parts(title)
    if len(parts) > 1 and names_site(parts[0]):
        return next((part for part in reversed(parts) if not names_site(part)), parts[0])
    return parts[0] if parts else title


class Declared:
    """The titles that a page's head declares, to hold its lines against."""

    def __init__(self, page_titles: list[str]) -> None:
        self.exact = {fold(title) for title in page_titles} | {fold(without_site(title)) for title in page_titles}
        folded = sorted({fold(title) for title in page_titles})
        cuts = [(re.split(r"\.\.\.|…", title)[0], title) for title in folded]
        self._cut = tuple(cut for cut, title in cuts if len(cut) >= 8 and cut != title)
        self._alike = {_letters(title) for title in self.exact}
        self._longest = max(map(len, self.exact), default=0) + 30  # a title with all that marks and signs add to it
        self._stated = {fold(title) for title in page_titles[:-1]}
        self._parts = {fold(part) for title in page_titles for part in _parts(title)} - self.exact
        self._long = tuple(title for title in folded if len(title) >= 8)
        self._beginnings = tuple(_letters(title) for title in folded)
        self._firsts = {letters[0] for letters in (*self._alike, *self._beginnings) if letters}
        # All in one text, which one search covers: every line of a page is held against it.
        self._all = _MARK + _MARK.join(folded)

    def states(self, line: str) -> bool:
        """The head says in so many words that ``line`` is the title, in another place than the <title>."""
        return fold(line) in self._stated

    def likeness(self, line: str) -> float:
        """How the titles bear out that ``line`` is the article's: 0 not at all, 6 one is just that."""
        mine = fold(line)
        if len(mine) < 2:
            return 0
        if mine in self.exact:
            return 6
        # Few lines begin as a title does; the others need not be stripped of all signs to be told from it.
        may_be = 6 <= len(mine) <= self._longest and (mine[0] in self._firsts or not mine[0].isalnum())
        letters = _letters(mine) if may_be else ""
        if letters and letters in self._alike:
            return 5.5
        if mine in self._parts:
            return 4
        if _MARK + mine in self._all or mine.startswith(self._cut):
            return 3.5
        if len(letters) >= 12 and any(title.startswith(letters) for title in self._beginnings):
            return 3.5
        if mine.startswith(self._long):  # the line goes on with a date or a subtitle
            return 3
        return 2.5 if len(mine) >= 6 and mine in self._all else 0


def as_declared(heading: str, declared: list[str], parts: Iterable[str] = ()) -> str | None:
    """The declared title that a heading begins, where it is cut off, or begins with, where more stands in it; else None.

    ``declared``: the <title> is the last of them. ``parts``: the texts of the heading's elements and lines; what is more is one.

    >>> both = ["Open day 2026 - Example University", "Example University"]
    >>> as_declared("Open day 2026 Come and see", both, ["Come and see"])
    'Open day 2026'
    >>> as_declared("Open day 2026 for all families", both), as_declared("Open day 2026 (example.org)", both)
    (None, 'Open day 2026')
    >>> as_declared("Open day 2026 for all…", ["Open day 2026 for all families", ""])
    'Open day 2026 for all families'
    >>> as_declared("Open day – what to see", ["Open day - what to see - Example University", ""]) is None
    True
    """
    if (own := _apart(heading, declared[:-1])) is not None:
        return own
    if _CUT.search(heading):
        if any(fold(title).startswith(fold(heading)) for title in declared):  # the dots are its own
            return None
        stem = fold(_CUT.sub("", heading))
        whole = (" ".join(without_site(title).split()) for title in declared)
        return next((title for title in whole if fold(title).startswith(stem) and not _CUT.search(title)), None)
    if any(fold(heading) in fold(title) for title in declared):
        return None
    letters = _letters(heading)
    inside = any(letters in _letters(title) for title in declared)
    for title in declared[:-1]:
        for mine in (title.strip(), without_site(title)):
            theirs = _letters(mine)
            if (
                len(theirs) >= 6
                and letters.startswith(theirs)
                and (theirs == letters or (not inside and _is_more(heading, letters[len(theirs) :], parts)))
                and not _CUT.search(mine)
            ):
                return " ".join(mine.split())
    return None


def _apart(heading: str, declared: Iterable[str]) -> str | None:
    """The declared title that a heading says behind a date or a label, or before a bar.

    >>> _apart("Dec 18 2025 Preparing a transition", ["Preparing a transition"]), _apart("Blog: Open day", ["Open day"])
    ('Preparing a transition', 'Open day')
    >>> _apart("Open day | Opinion", ["Open day"]), _apart("Open day", ["Open day"]), _apart("Our open day", ["open day"])
    ('Open day', None, None)
    """
    for title in (" ".join(told.split()) for told in declared):
        before, found, after = heading.partition(title) if len(title) >= _LEAST else ("", "", "")
        behind = not after and (_LABEL.fullmatch(before) or dates.boxed(before.strip()) is not None)
        if found and (before or after) and (behind or (not before and _BAR.match(after))):
            return title
    return None


def _is_more(heading: str, rest: str, parts: Iterable[str]) -> bool:
    """What a heading says beyond the declared title (``rest``, its letters) is an element of its own, or a remark."""
    remark = _REMARK.search(heading)
    if remark is not None and _letters(remark[0]).startswith(rest):
        return True
    return len(rest) * 3 > len(_letters(heading)) * 2 or any(
        rest.startswith(part) for part in map(_letters, parts) if part
    )


def _letters(text: str) -> str:
    return _SIGNS.sub("", fold(text))
