"""Source, author and editor, from the lines that label them."""

from __future__ import annotations

import re
from typing import NamedTuple

from newsspider.reading import counts, words

_OTHER = ("other_credit", "office", "published", "plain", "updated", "revised", "time", "field")
_LABELS = re.compile(
    "(?:"
    + rf"(?P<source>{words.one_of('source', 'comes_from')})|"
    + "|".join(f"(?P<{role}>{words.one_of(role)})" for role in ("author", "giver", "editor"))
    + rf"|(?P<other>{words.one_of(*_OTHER)}|{counts.LABEL}))"
    + r"[^\S\n]*(?:[:：／/](?!/)[^\S\n]*|(?<=[\uac00-\ud7a3])\s\s*)",
    re.I,
)
_TRIM = " \t　|丨/／,，;；、【】[]()（）<>·-—_"
_DATE = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
# A source may be a newspaper's issue: 今晚报2023年6月28日4版. Apart from it, a date is the article's own.
_OWN_DATE = re.compile(r"(?:\A|[\s|丨,，])\d{4}\s?年\s?\d{1,2}\s?月|\d{4}[-/.]\d{1,2}[-/.]\d")
_COUNT = re.compile(rf"[\s|丨,，](?:(?:{counts.LABEL}|댓글|추천)[^\w\n]*\d|\d+\s*次)", re.I)
_BUTTONS = re.compile(
    r"(?:\s|^|[【\[(（])(?:打\s?印|收藏|关\s?闭|字体|字号|分享|小字体|【?\s*大\s*中\s*小|T\s*\|\s*T).*$|(?:举报(?=[\s\d]|$)|返回\w{0,4}[，,]?查看更多).*$"
)
_AGO = re.compile(r"\s\d+ (?:second|minute|hour|day|week|month|year)s?\b")
_OPEN = re.compile(r"\s*[(（][^)）]*$")  # a remark whose bracket was trimmed
_CLOSED = re.compile(r"[^【\[】\]]*(?=[】\]])")  # 【作者：王一】【关闭】
_ANOTHER = re.compile(r"\s[\u4e00-\u9fff]{2,5}\s*[:：]")
_OFFICE = re.compile(r"[，,]\s*(?:分别|均)?(?:系|是|为|现任|单位).*$")  # what an author is
_GLUED = re.compile(r"(?<=[\u4e00-\u9fff])\d+$")  # a count in the element beside a name


# A line with the name alone, or with what he is from.
_BYLINE = re.compile(
    r"^[Bb]y\s+((?:[A-Z][\w.'’-]*[ \t]?){2,4}|[\u4e00-\u9fff·]{2,10})(?:, [A-Z][\w&.'’ -]{1,40})?$", re.M
)
# What systems print for want of a name.
_NOBODY = frozenset(("未知", "暂无", "无", "不详", "null", "none", "unknown", "n/a", "undefined"))


def is_byline(line: str) -> bool:
    return _BYLINE.match(line) is not None


class Credits(NamedTuple):
    source: str | None = None
    author: str | None = None
    editor: str | None = None


def of(text: str) -> Credits:
    r"""Whom the lines of ``text`` name; fields may run into one another, and empty ones keep their labels.

    >>> of("来源：新华网\n分享到微信"), of("日期：2024-03-19 来源：\n首页"), of("作者：\n张一然").author
    (Credits(source='新华网', author=None, editor=None), Credits(source=None, author=None, editor=None), '张一然')
    >>> of("作者：杨一山 陈二，分别系示例大学图书馆馆长、校长").author, of("撰稿人：阳一 审批官：赵三").author
    ('杨一山 陈二', '阳一')
    >>> of("作者：未知 来源：暂无")
    Credits(source=None, author=None, editor=None)
    >>> of("By Mark Thornbury\n2024-03-19").author, of("By Mark Thornbury, UEX").author, of("By the university's press office").author
    ('Mark Thornbury', 'Mark Thornbury', None)
    >>> of("作者：张一然返回示例网，查看更多").author
    '张一然'
    >>> of("发布时间：2019-09-02作者：张一然 来源：    点击率：次").author
    '张一然'
    >>> of("来源：教务处 2024-03-19 浏览(9)").source, of("来源：今晚报2023年6月28日4版").source, of("来源： 2024-03-19").source
    ('教务处', '今晚报2023年6月28日4版', None)
    """
    found: dict[str, str] = {}
    labels = list(_LABELS.finditer(text))
    for label, after in zip(labels, [*labels[1:], None], strict=False):
        role = label.lastgroup
        if role is None or role == "other" or role in found:
            continue
        value = text[label.end() : after.start() if after else len(text)]
        alone = text[: label.start()].endswith("\n") or label.start() == 0
        value = _BUTTONS.sub("", (value.strip() if alone else value).split("\n")[0])
        if closed := _CLOSED.match(value):
            value = closed[0]
        for form in (_OWN_DATE if role == "source" else _DATE, _COUNT, _AGO):
            if cut := form.search(value):
                value = value[: cut.start()]
        if (other := _ANOTHER.search(value)) is not None:  # a label that words.toml does not have
            value = value[: other.start()]
        if role == "author":
            value = _OFFICE.sub("", value)
        value = _OPEN.sub("", value.strip(_TRIM))
        if role != "source":
            value = _GLUED.sub("", value)
        if value and len(value) <= 80 and value.lower() not in _NOBODY:
            found[role] = value
    if "author" not in found and (line := _BYLINE.search(text)):
        found["author"] = line[1]
    given = found.pop("giver", None)
    return Credits(**{"author": given, **found} if given else found)
