"""A value is chosen by evidence whose points add up, and the reckoning is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from article_shell import TITLE, paragraphs, read

from newsspider.reading import choice, published, title
from newsspider.reading.published import Day


def test_points_add_up_and_the_whole_reckoning_is_kept() -> None:
    bare = Day(value="2024-03-19", where="date of the heading", kind="printed", printed="2024-03-19")
    meta = Day(value="2024-03-21", where="<meta date>", kind="meta")
    chosen = published.choice([meta, bare])
    assert chosen.winner is bare
    assert chosen.rule == "date of the heading: in the heading, without a label +36"
    assert [(it.candidate, it.points) for it in chosen.weighed] == [(bare, 36), (meta, 30)]


def test_a_veto_rules_out_whatever_else_speaks() -> None:
    day = Day(value="2018-10-16", where="date of the heading", kind="printed", of_event=True)
    chosen = published.choice([day])
    assert chosen.winner is None
    assert chosen.weighed[0].points == choice.VETO
    assert chosen.rule == ""


@pytest.mark.parametrize(("field", "table"), [("published", published.TABLE), ("title", title.TABLE)])
def test_every_row_of_a_table_has_its_weight_and_every_weight_its_row(field: str, table: Sequence[Any]) -> None:
    assert set(choice.weights()[field]) == {row.name for row in table}


def test_a_sign_counts_as_often_as_it_holds() -> None:
    declared = title.Line(value="Open day", where="line 3, <h2>", at=3, likeness=6, letters=7, level=2, above=1)
    other = title.Line(value="News", where="line 1, <h1>", at=1, letters=4, level=1, named=True, above=3)
    chosen = title.choice([other, declared])
    assert chosen.winner is declared
    assert chosen.weighed[0].points == pytest.approx(-3.5 + 6 + 0.7 + 2.5 + 2.4)


HEAD = f"<h1>{TITLE}</h1>"


def ld(day: str, more: str = "") -> str:
    return f'<script type="application/ld+json">{{"datePublished": "{day}"{more}}}</script>'


@pytest.mark.parametrize(
    ("inner", "published"),
    [
        # what a plugin declares on every page counts where the page prints it
        (f"{ld('2024-03-19T10:00:00Z')}{HEAD}{paragraphs()}", None),
        (f"{ld('2024-03-19T10:00:00Z')}{HEAD}{paragraphs()}<p>Last updated: March 21, 2024</p>", None),
        (f"{ld('2024-03-19')}{HEAD}<p>Updated 21 March 2024 · first shown 19 March 2024</p>{paragraphs()}", "2024-03-19"),
        # the printed day before the declared one, but not where that of the last change is printed
        (f"{ld('2024-03-01')}{HEAD}<p>2024-03-19</p>{paragraphs()}", "2024-03-19"),
        (f"<meta name='pubdate' content='2024-03-01'>{HEAD}<p>2024-03-19</p>{paragraphs()}", "2024-03-19"),
        (
            "<meta name='pubdate' content='2024-03-01'><meta property='article:modified_time' content='2024-03-19'>"
            f"{HEAD}<p>2024-03-19</p>{paragraphs()}",
            "2024-03-01",
        ),
        # the day of an event, and the notice of one
        (f"{HEAD}<p>Tue, Oct 16, 2018</p><p>12:00 pm - 2:00 pm</p>{paragraphs()}", None),
        (f"<p>Oct 16 2018</p>{HEAD}<p>October 16, 2018</p><h2>Location</h2><p>Hall 3</p>{paragraphs()}", None),
        (f"{HEAD}<p>2024-03-19 浏览：77</p><p>报告人：陈一</p><p>时间：2024年3月26日14:30-16:30</p>{paragraphs()}", "2024-03-19"),
        (f"{HEAD}<p>2024-03-19</p><p>时间：2024年3月26日14:30</p><p>地点：理科楼301</p>{paragraphs()}", "2024-03-19"),
        # what only machines should read
        (f"{HEAD}<span class='updated'>2017-09-04T09:24:24+00:00</span>{paragraphs()}", None),
        (f"{HEAD}<p>OCTOBER 13, 2025</p>{paragraphs()}", "2025-10-13"),
        # a teaser before the date
        (f"{HEAD}<p>All you should know about it.</p><p>August 25, 2024</p>{paragraphs()}", "2024-08-25"),
        # other labels, in any language
        (f"{HEAD}<p>Effective Date: January 25, 2017</p>{paragraphs()}", None),
        (f"{HEAD}<p>面试时间：2024-03-10</p>{paragraphs()}", None),
        (f"{HEAD}<p>Approved on 25 May 2017</p>{paragraphs()}", None),
        # a box of news below
        (f"{HEAD}{paragraphs()}<h2>News</h2><h3><a href='/n/1'>A smart city for all of us</a></h3><p>Posted on May 2, 2018</p>", None),
    ],
)  # fmt: skip
def test_the_day_of_publication(inner: str, published: str | None) -> None:
    found = read(inner, lang="en").published
    assert (found and found[:10]) == published


def test_elements_that_touch_are_two_words() -> None:
    inner = "<a class='c' href='/x'>Mental Health</a><span class='d'>DECEMBER 22, 2022</span>"
    inner += "<span class='u'>Updated: JANUARY 02, 2023</span>"
    assert read(f"{HEAD}<div>{inner}</div>{paragraphs()}", lang="en").published == "2022-12-22"


@pytest.mark.parametrize(
    ("head", "inner", "published"),
    [
        # names that sites give the day in <meta>
        ("<meta name='parsely-pub-date' content='2024-03-19T10:00:00Z'>", f"{HEAD}{paragraphs()}", "2024-03-19"),
        ("<meta name='w-published-date' content='2024-03-19'>", f"{HEAD}{paragraphs()}", "2024-03-19"),
        ("<meta name='publisher' content='2024 Example 03 19'>", f"{HEAD}{paragraphs()}", None),
        # declared twice, once in UTC: no line has to print it
        (
            "<meta property='article:published_time' content='2024-03-19T22:00:00+00:00'>",
            f"{ld('2024-03-19T18:00:00-04:00')}{HEAD}{paragraphs()}",
            "2024-03-19",
        ),
        # <time> of a change
        ("", f"{HEAD}<p>Updated <time datetime='2024-03-19T10:00'>two days ago</time></p>{paragraphs()}", None),
        ("", f"{HEAD}<p><time class='updated' datetime='2024-03-19T10:00'>two days ago</time></p>{paragraphs()}", None),
        ("", f"{HEAD}<p>Updated <time datetime='2024-03-19'>March 19, 2024</time></p>{paragraphs()}", None),
        # before links to the column and the author
        ("", f"{HEAD}<p>March 19, 2024 | <a href='/w'>Wellness &amp; Prevention</a></p>{paragraphs()}", "2024-03-19"),
        ("", f"{HEAD}<p>March 19, 2024 <a href='/n/2'>Another article has a title that is long</a></p>{paragraphs()}", None),
        # the one labelled day anywhere below, its label on the line above
        ("", f"{HEAD}{paragraphs()}<h3>More</h3><p>Language</p><p>English</p><p>Published</p><p>Feb 2, 2023</p>", "2023-02-02"),
        ("", f"{HEAD}{paragraphs()}<p>Posted on the 15/12/2025 by <a href='/j'>Jane</a></p>", "2025-12-15"),
    ],
)  # fmt: skip
def test_the_day_that_a_page_tells_apart_from_its_heading(head: str, inner: str, published: str | None) -> None:
    found = read(head + inner, lang="en").published
    assert (found and found[:10]) == published
