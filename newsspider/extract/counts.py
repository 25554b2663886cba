"""View counts as pages print them, found by their labels. A number without a label of its own is no count."""

from __future__ import annotations

import re
from typing import NamedTuple

from newsspider.extract.text import narrow

_LABEL = (
    r"(?:浏览|瀏覽|阅读|閱讀|点击|點擊|访问|查看|观看|觀看|点阅|點閱|关注|累计浏览|阅览|閲覧)\s*(?:总)?(?:次数|次數|人次|人数|人數|数量|數量|量|率|数|數|度)?"
    r"|人气|人氣|조회\s?수?|읽음|アクセス数|閲覧数|(?:page\s?|post\s?)?views?(?:\s+count)?|hits?|visits?|reads?|visited"
)
_NUMBER = r"(\d{1,3}(?:[,，]\d{3})+|\d+(?:\.\d+)?)\s*([万萬kKwW](?![A-Za-z]))?"
_BEFORE = re.compile(
    rf"(?<![A-Za-z])(?P<label>{_LABEL})\s*:?\s*[\[（(【|]?\s*{_NUMBER}(?![\d./年-])\s*(?P<unit>人次|次|回|人|times|views)?",
    re.I,
)
_AFTER = re.compile(
    rf"(?<![\d.,/:-]){_NUMBER}\s*(?P<label>次?(?:浏览|阅读|点击|访问|查看|瀏覽|閱讀)|(?:page\s?)?views?\b|hits\b|visits\b|reads\b)",
    re.I,
)
_EMPTY = re.compile(
    rf"(?<![A-Za-z\u4e00-\u9fff])(?:{_LABEL})\s*:\s*(?!\s*\d)|(?:浏览|阅读|点击|访问|瀏覽|閱讀|點擊|點閱)(?:次数|次數|人次|数|數|量|率)|조회수",
    re.I,
)

# What a label of the whole site or of a day is preceded by.
_NOT_OURS = re.compile(
    r"(?:总|總|网站|本站|全站|今日|昨日|本日|本周|本月|每日|累计|today'?s?|total|site|online|您是第|下载|附件)\s*$",
    re.I,
)


class Count(NamedTuple):
    """A printed count: its value, and how it is printed, label included."""

    views: int
    text: str


def labelled(value: str) -> Count | None:
    """The first labelled view count in ``value``, or None.

    >>> labelled("发布时间：2012-03-20浏览次数：13019来源：宣传部").views, labelled("已有 4437 次阅读").views
    (13019, 4437)
    >>> labelled("网站总访问量：181749次") is labelled("阅读次数：") is None
    True
    """
    text = narrow(value)
    for form in (_BEFORE, _AFTER):
        for m in form.finditer(text):
            if _NOT_OURS.search(text[: m.start()]):
                continue
            number, scale = (m[2], m[3]) if form is _BEFORE else (m[1], m[2])
            views = float(number.replace(",", "")) * (1 if not scale else 1000 if scale in "kK" else 10_000)
            return Count(round(views), " ".join(value[m.start() : m.end()].split()))
    return None


def alone(value: str) -> Count | None:
    """The number that ``value`` is, where a selector has already found the count."""
    m = re.fullmatch(rf"\D*?{_NUMBER}\D*", narrow(value).strip())
    return (
        Count(round(float(m[1].replace(",", "")) * (10_000 if m[2] and m[2] in "万萬wW" else 1)), m[0]) if m else None
    )


def is_label(value: str) -> bool:
    """The text has a place for a view count, filled or not."""
    return bool(_EMPTY.search(narrow(value)))
