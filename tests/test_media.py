"""Pictures and files of an article, by the links and elements that name them."""

from __future__ import annotations

import pytest
from lxml import html

from newsspider.reading import media


def holder(inner: str) -> list[html.HtmlElement]:
    return [html.fromstring(f"<div><p>{inner}</p></div>")]


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ('<img src="/a.jpg" srcset="/a-480.jpg 480w, /a-1080.jpg 1080w">', "/a.jpg"),
        ('<img srcset="/a-480.jpg 480w,/a-1080.jpg 1080w">', "/a-1080.jpg"),
        ('<img src="data:image/gif;base64,R0" data-srcset="/a.jpg 1x, /a-2.jpg 2x">', "/a-2.jpg"),
        ('<img src="/img/loading.gif" data-src="/a.jpg">', "/a.jpg"),
        ('<img src="/spacer.gif" srcset="/a.jpg">', "/a.jpg"),
        ('<picture><source srcset="/a.webp 1x, /a-2.webp 1.5x"><img alt="会场"></picture>', "/a-2.webp"),
        ('<img src="/a.jpg" style="position:absolute;width:0;height:0;min-width:100%">', "/a.jpg"),
        ('<picture><source srcset="/a.webp"><img src="/a.jpg"></picture>', "/a.jpg"),
    ],
)
def test_a_picture_is_had_from_where_the_page_says(image: str, address: str) -> None:
    assert media.images(holder(image), lambda href: href) == (address,)


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/count.php" width="1" height="1">',
        '<img src="/count.php" width="0">',
        '<img src="/a.jpg" style="width:1px; height:1px">',
        '<img src="/a.jpg" style="visibility: hidden">',
        '<span style="display:none"><img src="/a.jpg"></span>',
        "<span hidden><img src='/a.jpg'></span>",
        '<img alt="none">',
    ],
)
def test_what_nobody_sees_is_no_picture(image: str) -> None:
    assert media.images(holder(image), lambda href: href) == ()


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ('<a href="/download?id=7">附件.pdf</a>', "附件.pdf"),
        ('<a href="/attachment.jspx?cid=31">附件1：报名表.docx (1.2 MB)</a>', "附件1：报名表.docx (1.2 MB)"),
        ('<a href="/f/7" download="form.xlsx">Application form</a>', "Application form"),
        ('<a href="/f/7" title="名单.xls"><img src="/x.gif"></a>', None),
    ],
)
def test_a_file_is_known_by_its_name_alone(link: str, name: str | None) -> None:
    found = media.files(holder(link), lambda href: href)
    assert list(found.values()) == [name]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/info/1.htm">关于提交.doc文件的通知</a>',
        '<a href="https://www.example.edu.et">www.example.edu.et</a>',
        '<a href="/mail">name@example.edu.et</a>',
        '<a href="/info/2.htm">附件</a>',
    ],
)
def test_a_page_is_no_file(link: str) -> None:
    assert media.files(holder(link), lambda href: href) == {}
