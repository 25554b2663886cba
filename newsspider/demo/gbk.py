"""A department of the campus with a site in classic ASP: GBK bytes declared gb2312, counts printed in pages and listing."""

from __future__ import annotations

from html import escape
from typing import ClassVar

from newsspider.demo.exchange import Reply, Request, page
from newsspider.demo.site import Site, cut, pages
from newsspider.demo.world import Article

SIZE = 5


class Gbk(Site):
    name = "gbk"
    title = "云麓大学后勤处"
    encoding = "gbk"
    seeds: ClassVar = {"gbk": "/news.asp"}
    menu: ClassVar = {"/news.asp": "后勤新闻"}

    def found(self) -> None:
        for i in reversed(range(12)):
            self.world.add("gbk", "logistics", {"news": 140 - 3 * i}, self.before(3 * i))

    def publish(self) -> Article:
        return self.world.add("gbk", "logistics", {"news": self.next_id()}, self.recent())

    def addresses(self, article: Article) -> tuple[str, ...]:
        return (f"/sview.asp?id={article.id}",)

    def published(self, article: Article) -> tuple[str, str]:
        day = article.published
        return f"{day:%Y-%m-%dT%H:%M}", f"添加时间:{day.year}-{day.month}-{day.day} {day.hour}:{day.minute}"

    def beacon(self, request: Request) -> None:
        return None

    def respond(self, request: Request) -> Reply | None:
        if request.path == "/news.asp":
            number = request.asked.get("page", "1")
            return self.listing(int(number)) if number.isdigit() else None
        if request.path == "/sview.asp" and request.asked.get("id", "").isdigit():
            return self.article(int(request.asked["id"]))
        return None

    def listing(self, number: int) -> Reply | None:
        rows = [article for _, article in self.world.column("gbk", "news")]
        last = pages(rows, SIZE)
        if not 1 <= number <= last:
            return None
        back = f'<a href="news.asp?page=1">首页</a> <a href="news.asp?page={number - 1}">上一页</a>'
        on = f'<a href="news.asp?page={number + 1}">下一页</a> <a href="news.asp?page={last}">尾页</a>'
        return page(
            "gbk_listing",
            encoding="gbk",
            rows_html="\n".join(self.row(article) for article in cut(rows, number, SIZE)),
            pager_html=f"{back if number > 1 else '首页 上一页'} {on if number < last else '下一页 尾页'}",
            number=number,
            last=last,
            total=len(rows),
        )

    def row(self, article: Article) -> str:
        day, title = article.published, escape(article.title)
        return (
            f'<tr><td>·<a href="sview.asp?id={article.id}" title="{title}">{title}</a></td>'
            f"<td>{day.year}-{day.month}-{day.day}</td><td>{self.world.count('gbk', article.id)}</td></tr>"
        )

    def article(self, ident: int) -> Reply:
        article = self.world.find("gbk", ident)
        refusal = self.shown(article)
        if refusal or article is None:
            return refusal or self.missing(status=404)
        return page(
            "gbk_article",
            encoding="gbk",
            title=article.title,
            date=self.published(article)[1],
            department=article.department,
            views=self.world.count("gbk", ident),
            body_html="\r\n".join(f"<p>　　{escape(p)}</p>" for p in article.paragraphs),
        )
