"""The day of publication: what could be it, and the evidence that chooses. A page that prints none has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from newsspider.extract import zones
from newsspider.reading.choice import Candidate, Choice, Evidence, choose

Kind = Literal[
    "selector",
    "family",
    "printed",
    "boxed",
    "alone",
    "script",
    "meta",
    "markup",
    "JSON-LD",
    "time",
    "time below",
    "below",
    "far below",
]


@dataclass(frozen=True, kw_only=True)
class Day(Candidate):
    """A date (ISO 8601) that could be that of publication.

    ``printed``: as the page prints it; None: only machines are told. ``label``: as `newsspider.reading.stamps.Stamp`. What else
    tells: it stands in the line of the title, beside the time or place of an event, is given as machines write; the head
    declares it to be the day of the last change; it is the declared day with day and month exchanged; a line prints it.
    """

    value: str
    kind: Kind
    printed: str | None = None
    label: str = "bare"
    in_title: bool = False
    of_event: bool = False
    for_machines: bool = False
    changed: bool = False
    exchanged: bool = False
    shown: bool = True

    @property
    def bare(self) -> bool:
        return self.kind in ("printed", "boxed", "alone") and self.label == "bare"


TABLE: tuple[Evidence[Day], ...] = (
    Evidence("the site's own selector", lambda day: day.kind == "selector", "whoever wrote the site file has looked"),
    Evidence("the family's template", lambda day: day.kind == "family", "WebPlus: .arti_update"),
    Evidence("labelled as published", lambda day: day.label == "published", "发布时间：2024-03-19"),
    Evidence("labelled as a day", lambda day: day.label == "plain", "日期：2024-03-19"),
    Evidence("labelled as updated", lambda day: day.label == "updated", "更新时间 of Chinese templates is the day of publication"),
    Evidence("in the heading, without a label", lambda day: day.bare, "a date alone below the title"),
    Evidence("in boxes", lambda day: day.kind == "boxed", "19 / 2024-03: less sure than a date in one piece"),
    Evidence("below a teaser", lambda day: day.kind == "alone", "title, summary, a picture's words, then the date"),
    Evidence("known to a script of the family", lambda day: day.kind == "script", "RPage"),
    Evidence("declared in <meta>", lambda day: day.kind == "meta", "article:published_time"),
    Evidence("declared in the markup", lambda day: day.kind == "markup", "itemprop=datePublished, .entry-date"),
    Evidence("declared in JSON-LD", lambda day: day.kind == "JSON-LD", "SEO plugins write it on every page"),
    Evidence("declared by <time>", lambda day: day.kind == "time", "<time datetime> beside 'two days ago'"),
    Evidence("declared by <time> below", lambda day: day.kind == "time below", "the first thing said below a text"),
    Evidence("below the text", lambda day: day.kind == "below", "blogs sign below"),
    Evidence("far below the text", lambda day: day.kind == "far below", "the one labelled date below a form"),
    Evidence("declared as the last change", lambda day: day.bare and day.changed, "a blog that prints only the day of its last change"),
    Evidence("in the title", lambda day: day.bare and day.in_title, "the day of a defence: 陈一于2022年11月22日进行答辩"),
    Evidence("of an event", lambda day: day.bare and day.of_event, "Oct 16, 2018 / 12:00 pm - 2:00 pm"),
    Evidence("written for machines", lambda day: day.bare and day.for_machines, "a hidden rich snippet: 2017-09-04T09:24:24+00:00"),
    Evidence("day and month exchanged", lambda day: day.bare and day.exchanged, "09.10.2024 where the head says September 10"),
    Evidence("no line prints it", lambda day: day.kind == "JSON-LD" and not day.shown, "a static page of WordPress"),
)  # fmt: skip


def choice(days: list[Day]) -> Choice[Day]:
    return choose(days, "published", TABLE)


def is_sure(day: Day) -> bool:
    """Nothing that could still be found weighs more: the rest need not be looked for."""
    return day.kind in ("selector", "family") or (day.kind == "printed" and day.label in ("published", "plain"))


def is_ruled_out(day: Day) -> bool:
    return choice([day]).winner is None


def exchanged(one: str, other: str) -> bool:
    """
    >>> exchanged("2024-10-09", "2024-09-10T16:07"), exchanged("2024-10-09", "2024-10-09")
    (True, False)
    """
    return one[:10] != other[:10] and (one[:4], one[5:7], one[8:10]) == (other[:4], other[8:10], other[5:7])


def same_day(one: str, other: str) -> bool:
    """One day, or an instant in UTC and the day that it is somewhere."""
    return one[:10] == other[:10] or zones.is_local(one, other) or zones.is_local(other, one)
