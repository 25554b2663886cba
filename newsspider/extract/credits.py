"""Source, author and editor, from the lines that label them."""

from __future__ import annotations

import re
from typing import NamedTuple

from newsspider.extract import counts

SOURCE = "[信文稿新资][息章件闻料]来源|內容來源|来源|來源|来自|出处|[供来投]稿单位|供稿部门|发布部门|发[布文]单位|发布机构|출처|Source"
_ROLES = {
    "source": SOURCE,
    "author": "文字作者|文字记者|投稿人?|拟稿人?|文章作者|文/图|图/文|图文|撰稿人?|撰文|撰写|作者|通讯员|记者|文字|文|"
    "작성자|글쓴이|Authors?|Written by|By",
    "giver": "供稿人?",  # often a department, beside the author
    "editor": "责任编辑|責任編輯|责编|值班编辑|网络编辑|编辑者?|編輯|Editors?",
    "other": (
        "图片作者|摄影|图片|图|摄|审核人?|审稿人?|编审|核发|签发|校对|校稿|初审|复审|终审|[一二三]审[一二三]校|[一二三]审|[一二三]校|排版|"
        "发布者|发布人|发布時間|发布时间|发布日期|發佈日期|發布日期|发稿时间|发表时间|发表日期|添加时间|更新时间|更新日期|信息日期|修订时间|最后更新|时间|日期|時間|"
        "浏览次数|浏览量|浏览数|浏览|阅读次数|阅读量|阅读|点击次数|点击数|点击量|点击率|点击|人气|访问次数|访问量|关注|查看|"
        "录入[员者人]?|发布|索取号|所属类型|属于|栏目|分类|类别|标签|关键词|字体|字号|分享|打印|조회수?|작성일|등록일|수정일|날짜|첨부(?:파일)?|댓글|数量|Date|Time|Published|Views|Hits|Clicks|Tags|Categor(?:y|ies)"
    ),
}
_LABELS = re.compile(
    "(?:"
    + "|".join(rf"(?P<{role}>{labels})" for role, labels in _ROLES.items())
    + r")[^\S\n]*(?:[:：／/](?!/)[^\S\n]*|(?<=[\uac00-\ud7a3])\s\s*)",
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
_GLUED = re.compile(r"(?<=[\u4e00-\u9fff])\d+$")  # a count in the element beside a name


# A line with the name alone.
_BYLINE = re.compile(r"^[Bb]y\s+((?:[A-Z][\w.'’-]*[ \t]?){2,4}|[\u4e00-\u9fff·]{2,10})$", re.M)
# What systems print for want of a name.
_NOBODY = frozenset(("未知", "暂无", "无", "不详", "null", "none", "unknown", "n/a", "undefined"))


class Credits(NamedTuple):
    source: str | None = None
    author: str | None = None
    editor: str | None = None


def of(text: str) -> Credits:
    r"""Whom the lines of ``text`` name; fields may run into one another, and empty ones keep their labels.

    >>> of("来源：新华网\n分享到微信"), of("日期：2024-03-19 来源：\n首页"), of("作者：\n张一然").author
    (Credits(source='新华网', author=None, editor=None), Credits(source=None, author=None, editor=None), '张一然')
    >>> of("作者：未知 来源：暂无")
    Credits(source=None, author=None, editor=None)
    >>> of("By Mark Thornbury\n2024-03-19").author, of("By the university's press office").author
    ('Mark Thornbury', None)
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
        value = _OPEN.sub("", value.strip(_TRIM))
        if role != "source":
            value = _GLUED.sub("", value)
        if value and len(value) <= 80 and value.lower() not in _NOBODY:
            found[role] = value
    if "author" not in found and (line := _BYLINE.search(text)):
        found["author"] = line[1]
    given = found.pop("giver", None)
    return Credits(**{"author": given, **found} if given else found)
