"""Who is named in the lines of a heading, whatever stands beside the names."""

from __future__ import annotations

import pytest
from article_shell import TITLE, paragraphs, read

from newsspider import read_article
from newsspider.reading import credits


@pytest.mark.parametrize(
    ("text", "source", "author", "editor"),
    [
        ("来源：教务处 2024-03-19", "教务处", None, None),
        ("来源：教务处2024-03-19 浏览：3", "教务处", None, None),
        ("文章来源：教务处 | 2024-03-19 | 30次", "教务处", None, None),
        ("来源：宣传部 浏览(90)", "宣传部", None, None),
        ("来源：  2016-05-04|  查看：", None, None, None),
        ("来源：今晚报2023年6月28日", "今晚报2023年6月28日", None, None),
        ("来源：2024年招生办", "2024年招生办", None, None),
        ("来源：教务处举报2024-03-19", "教务处", None, None),
        ("来源：教务处 录入：admin", "教务处", None, None),
        ("发文单位：教务处", "教务处", None, None),
        ("Source: Office of Research   Time: 2024-03-19   Views: 345", "Office of Research", None, None),
        ("供稿：教务处 撰稿：王一 摄影：李二", None, "王一", None),
        ("供稿：教务处 摄影：李二", None, "教务处", None),
        ("撰稿：王一 编审：赵三", None, "王一", None),
        ("【时间：2009-3-9】 　【作者：办公室】 　【关 闭】　　【打 印】", None, "办公室", None),
        ("拟稿人：王一 审核：赵三", None, "王一", None),
        ("2024-03-19编辑：赵三10", None, None, "赵三"),
        ("Posted by: Mira Talbach 1 month, 3 weeks ago", None, "Mira Talbach", None),
        ("작성자 관리자 댓글0건 조회 1,234회", None, "관리자", None),
        ("작성일\n2024.03.19\n작성자\n교무팀\n조회수\n120", None, "교무팀", None),
    ],
)  # fmt: skip
def test_credits(text: str, source: str | None, author: str | None, editor: str | None) -> None:
    its = credits.of(text)
    assert (its.source, its.author or its.giver, its.editor) == (source, author, editor)


@pytest.mark.parametrize(
    "below",
    [
        "<p>（文/王一 编辑：赵三 审核：钱四）</p>",
        "<div><p>作者：王一</p><p>责任编辑：赵三</p><p>发布时间：2024-03-19</p></div>",
        "<div>作者：王一 编辑：赵三</div><h4>相关新闻</h4><ul><li><a href='/2'>另一篇新闻的标题</a></li><li>来源：新华网</li></ul>",
    ],
)
def test_credits_below_a_text(below: str) -> None:
    its = read(f"<h1>{TITLE}</h1><div>{paragraphs()}{below}</div>")
    assert (its.author, its.editor, its.source) == ("王一", "赵三", None)


@pytest.mark.parametrize(
    ("below", "its"),
    [
        ("<dl><dt>作者：</dt><dd>孙一琳</dd><dt>供稿单位：</dt><dd>科学技术研究院</dd></dl>", ("孙一琳", "科学技术研究院", None)),
        ("<p><a href='https://ie.example.com/1'>https://ie.example.com/app/1</a></p><p>编辑：郝一秋</p>", (None, None, "郝一秋")),
        ("<p>（作者：杨一山 陈二，分别系示例大学图书馆馆长、校长）</p>", ("杨一山 陈二", None, None)),
        ("<p>撰稿人：阳一 摄影人：朱二 供稿单位：经管学院 审批官：赵三</p>", ("阳一", "经管学院", None)),
    ],
)  # fmt: skip
def test_credits_of_any_make_below_a_text(below: str, its: tuple[str | None, ...]) -> None:
    found = read(f"<h1>{TITLE}</h1><p>2024-03-19</p><div>{paragraphs()}{below}</div>")
    assert (found.author, found.source, found.editor) == its


def test_a_title_names_nobody() -> None:
    found = read(
        "<h1>一个更真实的沈一文：从传记到年谱长编</h1><p>来源：读书报 2024-03-19</p>" + paragraphs(), "沈一文-示例大学"
    )
    assert (found.author, found.source) == (None, "读书报")


def test_a_name_below_the_text_with_what_he_is_from_behind_a_link() -> None:
    html = (
        "<title>A night on the hill</title><h1>A night on the hill</h1><p>March 19, 2024</p><div>"
        + "<p>The observatory on the hill opens its doors on Saturday, and children can build a sundial of their own.</p>"
        * 3
        + "<p><a href='/staff/thornbury'><em>By Mark Thornbury, UEX</em></a></p></div>"
    )
    assert read_article(html.encode(), "https://news.example.edu/a-night").author == "Mark Thornbury"
