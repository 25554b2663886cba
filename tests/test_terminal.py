"""No page, site file or archive steers the terminal of who looks at it."""

from __future__ import annotations

import io
import pickle
import re
import sys
from dataclasses import replace

import click
import pytest
from rich.table import Table
from rich.text import Text

from newsspider.characters import plain, visible
from newsspider.cli import terminal
from newsspider.items import Article, Attachment, Entry
from newsspider.site import site_of

ODD = "\x1b]0;PWNED\x07\x1b[31mred\x9b2J\u202egnp\u200b\x08\x08\r\u2066\x7f"
SENT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")
OURS = re.compile(r"\x1b\[[0-9;]*m")


class Tty(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


def screen(monkeypatch):
    """stdout and stderr of the test from here on."""
    stream = Tty()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_what_is_printed_shows_them_and_our_colours_stay(monkeypatch):
    stream = screen(monkeypatch)
    with terminal.guarded():
        click.echo(ODD)
        click.echo(ODD, err=True)
        click.echo(terminal.style(ODD, bold=True))
        print(ODD, file=sys.stderr)
        sys.stdout.writelines([ODD])
    said = stream.getvalue()
    assert not SENT.search(OURS.sub("", said))
    assert OURS.findall(said) == ["\x1b[1m", "\x1b[0m"]
    assert (
        said.count("\\u001b]0;PWNED\\u0007\\u001b[31mred\\u009b2J\\u202egnp\\u200b\\u0008\\u0008\\u000d\\u2066\\u007f")
        == 5
    )


def test_a_table_shows_them_and_its_colours_stay(monkeypatch):
    stream = screen(monkeypatch)
    table = Table(header_style="dim")
    table.add_column("title")
    table.add_row(Text(ODD))
    with terminal.guarded():
        terminal.console(width=200).print(table)
        terminal.console(stderr=True, width=200).print(ODD)
    said = stream.getvalue()
    assert not SENT.search(OURS.sub("", said))
    assert OURS.search(said)
    assert "\x1b[31mred" not in said


def test_in_a_pipe_they_are_data(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    with terminal.guarded():
        click.echo(terminal.style("会议\u200b", bold=True))
    assert stream.getvalue() == "会议\u200b\n"


def test_titles_and_names_are_kept_without_them():
    article = Article(
        url="http://x/1",
        title=f"会议{ODD}召开",
        body=ODD,
        author="李\u200b明",
        attachments=(Attachment(url="u", title=ODD),),
    )
    assert article.title == "会议]0;PWNED[31mred2Jgnp 召开"
    assert (article.author, article.body) == ("李明", ODD)
    assert article.attachments[0].title == "]0;PWNED[31mred2Jgnp"
    assert replace(article, title="\x07a").title == "a"
    assert pickle.loads(pickle.dumps(article)) == article
    assert Entry(url="u", title="a\x1b\tb").title == "a b"
    site = site_of({"listings": ["http://x.cn/"], "title": "新闻\x1b[2J"}, "x")
    assert site.title == "新闻[2J"


@pytest.mark.parametrize("text", ["می\u200cخواهم", "👩\u200d🔬", "क्\u200dष", "普通的标题", "Ü é ñ"])
def test_joiners_of_scripts_that_need_them_stay(text):
    assert plain(text) == visible(text) == text
