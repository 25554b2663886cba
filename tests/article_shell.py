"""A page around a heading and a text, as templates of universities have it: menu, crumbs, column, footer. All invented."""

from __future__ import annotations

from newsspider import Article, read_article

URL = "https://jwc.example.edu/a/1.html"
TITLE = "关于申报2024年度教学改革项目的通知"
TEXT = (
    "各学院、各有关单位：",
    "根据学校工作安排，现将2024年度校级教学改革项目申报工作有关事项通知如下，请各单位认真组织。",
    "一、申报条件",
    "申报人须为我校在岗教师，具有讲师及以上职称，每人限报一项，往年未结项的项目负责人不得申报。",
    "联系人：李老师 电话：12345678",
)
_MENU = "".join(
    f"<li><a href='/{n}.htm'>{name}</a></li>"
    for n, name in enumerate(("首页", "新闻动态", "通知公告", "下载中心", "联系我们"))
)
_ABOVE = f"<ul class='nav'>{_MENU}</ul><div class='dqwz'>当前位置：<a href='/'>首页</a> &gt; <a href='/2.htm'>通知公告</a> &gt; 正文</div>"
_BELOW = "<div class='footer'><p>地址：示例路1号 电话：010-12345678</p><p>版权所有 © 示例大学 2019</p></div>"


def paragraphs(lines: tuple[str, ...] = TEXT) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def read(inner: str, page_title: str = f"{TITLE}-示例大学教务处", *, lang: str = "zh", url: str = URL) -> Article:
    """The article of the page with ``inner`` where heading and text stand."""
    html = (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{page_title}</title></head><body>"
        f"{_ABOVE}<div class='main'>{inner}</div>{_BELOW}</body></html>"
    )
    return read_article(html.encode(), url)
