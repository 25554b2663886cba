"""A page is read to its end, as browsers show it, whatever tags stray in it."""

from __future__ import annotations

import pytest

from newsspider import read_article, read_listing

URL = "https://news.example.edu.cn/2026/0320/1201.html"
TITLE = "材料学院召开新学期教学工作会议"
PARTS = [f"会议{part}安排了新学期的教学工作，各系负责人介绍了课程建设的进展。" for part in ("首先", "随后", "最后")]
NAV = '<div class="nav"><a href="/">首页</a> <a href="/xw/">新闻</a> <a href="/tz/">通知</a></div>'
HEAD = f'<html><head><meta charset="utf-8"><title>{TITLE}-云麓大学</title></head><body>'
PARAGRAPHS = [f"<p>{part}</p>" for part in PARTS]
TEXT = f'<div class="text">{"".join(PARAGRAPHS)}</div>'
HEADING = f'<div class="con"><h1>{TITLE}</h1><p class="d">发布时间：2026-03-20</p>'
FOOT = '<div class="foot">版权所有 云麓大学</div>'
END = "</body></html>"
WITHIN = f"<html><head><title>x</title></head><body>{PARAGRAPHS[0]}{END}{''.join(PARAGRAPHS[1:])}"


@pytest.mark.parametrize(
    "html",
    [
        f"{HEAD}{NAV}{END}{HEADING}{TEXT}</div>{FOOT}",
        f"<html><head><title>云麓大学</title></head><body>{NAV}{END}<!DOCTYPE html>{HEAD}{HEADING}{TEXT}</div>{FOOT}{END}",
        f"{HEAD}{NAV}{HEADING}{TEXT.replace('</p><p>', f'</p>{END}<p>', 1)}</div>{FOOT}{END}",
        f"{HEAD}{NAV}{HEADING}{TEXT.replace('随后', '</html>随后')}</div>{FOOT}{END}",
        f"{HEAD}{NAV}{HEADING}{TEXT.replace('</p><p>', '</p></BODY><p>', 1)}</div>{FOOT}{END}",
        f'{HEAD}{NAV}{HEADING}<div class="text">{WITHIN}</div></div>{FOOT}{END}',
    ],
    ids=["all behind it", "two pages", "between paragraphs", "in a sentence", "</body> alone", "a page within"],
)
def test_an_article_goes_on_behind_a_stray_end(html: str) -> None:
    article = read_article(html.encode(), URL)
    assert (article.title, article.published, article.body.split("\n")) == (TITLE, "2026-03-20", PARTS)


def test_rows_go_on_behind_a_stray_end() -> None:
    rows = "".join(f'<li><a href="/{n}.htm">{TITLE}之{n}</a><span>2026-03-{n}</span></li>' for n in range(10, 16))
    html = f"{HEAD}{NAV}{END}<h2>学院新闻</h2><ul>{rows}</ul>{FOOT}{END}"
    assert len(read_listing(html.encode(), "https://news.example.edu.cn/xw/").entries) == 6


@pytest.mark.parametrize("anchor", ['<a name="top">', '<a name="top" id="top"/>', '<a class="anchor">'])
def test_a_text_in_an_anchor_that_leads_nowhere_is_no_link(anchor: str) -> None:
    article = read_article(f"{HEAD}{NAV}{anchor}{HEADING}{TEXT}</div>{FOOT}{END}".encode(), URL)
    assert (article.title, article.published, article.body.split("\n")) == (TITLE, "2026-03-20", PARTS)
