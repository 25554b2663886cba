"""The title of an article: what tells for and against a line of the page."""

from __future__ import annotations

from dataclasses import dataclass

from newsspider.reading.choice import Candidate, Choice, Evidence, choose


@dataclass(frozen=True, kw_only=True)
class Line(Candidate):
    """A line that could be the title, the ``at``-th of the page.

    ``likeness``: as `newsspider.extract.titles.Declared.likeness`, less where the line names a site or a column (``named``);
    ``letters``: of it; ``level``: 1 for <h1>, 0 for no heading; ``field``: a row of a table says that it is the title; ``called``:
    so is its class; ``above``: how many lines above the date it stands, 9: elsewhere; ``shown``: the line that stands where a title
    would; ``far``: how many lines from the beginning of the text.
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


TABLE: tuple[Evidence[Line], ...] = (
    Evidence("any line", lambda line: 1, "a line of which only its place speaks is none"),
    Evidence("as the head declares it", lambda line: line.likeness, "<title> begins with it"),
    Evidence("long, and declared", lambda line: min(line.letters, 30) / 10 if line.likeness else 0, "a column is short"),
    Evidence("<h1>", lambda line: line.level == 1, ""),
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
