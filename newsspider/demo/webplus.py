"""A faculty of the campus, as Sudy WebPlus makes its pages: list.htm ascending,
counts behind ``_visitcountdisplay`` and in the lists of ``_wp3services``.

The number that stands in a page's count span is left over from its publication; the footer counts the whole site.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import PurePath
from typing import ClassVar

from newsspider.demo.exchange import Reply, Request, page, text
from newsspider.demo.pdf import pdf
from newsspider.demo.site import Site, cut, pages
from newsspider.demo.world import Article

SITE_ID, COLUMN, SIZE = 264, 24012, 6
LISTED = "附件：参会人员名单.pdf"  # says what no page says
LINES = ("参会人员名单", "闻人照野  数据科学研究所", "司徒望舒  人机交互实验室", "各位与会人员请于会前二十分钟签到。")
KINDS = ("prize", "lecture", "notice", "meeting")
PAGE = re.compile(r"/(?:\d{4}/\d{4}|[0-9a-f]{2}/[0-9a-f]{2})/c24012a(\d+)/page\.htm")


class WebPlus(Site):
    name = "webplus"
    title = "云麓大学计算机学院"
    seeds: ClassVar = {"webplus": "/xwdt/list.htm"}
    menu: ClassVar = {"/xwdt/list.htm": "新闻动态"}

    def found(self) -> None:
        for i in reversed(range(16)):
            attachment = (i, "附件：报名回执.docx") if i in (2, 10) else None
            places = {"xwdt": 360136 - 1117 * i}
            self.world.add("webplus", KINDS[i % 4], places, self.before(2 * i), attachment=attachment)
        report = "/_upload/article/files/48/b8/3bfbad1048ef97d00e99bf70b80e/report.pdf"
        self.world.add("webplus", "notice", {"xwdt": 355000}, self.before(5), nature="file", link=report)

    def publish(self) -> Article:
        return self.world.add("webplus", "meeting", {"xwdt": self.next_id()}, self.recent())

    def addresses(self, article: Article) -> tuple[str, ...]:
        if article.link:
            return (article.link,)
        if self.old(article):
            low = f"{article.id & 0xFFFF:04x}"
            return (f"/{low[:2]}/{low[2:]}/c{COLUMN}a{article.id}/page.htm",)
        return (f"/{article.published:%Y/%m%d}/c{COLUMN}a{article.id}/page.htm",)

    def published(self, article: Article) -> tuple[str, str]:
        return f"{article.published:%Y-%m-%d}", f"发布时间：{article.published:%Y-%m-%d}"

    def body(self, article: Article) -> str:
        """The link of an attachment is a paragraph of the body here."""
        name = [article.attachment[1]] if article.attachment else []
        return "\n".join([*article.paragraphs, *name])

    def beacon(self, request: Request) -> int | None:
        if not request.path.endswith("/_visitcount"):
            return None
        ident = request.asked.get("articleId", "")
        return int(ident) if ident.isdigit() else 0

    def respond(self, request: Request) -> Reply | None:
        if request.path == "/_visitcountdisplay":
            return self.counter(request)
        if request.path == "/_wp3services/generalQuery":
            return self.service(request)
        if found := re.fullmatch(r"/xwdt/list(\d*)\.htm", request.path):
            return self.listing(int(found[1] or 1))
        if found := PAGE.fullmatch(request.path):
            return self.article(int(found[1]), request.path)
        if request.path.startswith("/_upload/article/files/"):
            return self.file(PurePath(request.path))
        return None

    def file(self, path: PurePath) -> Reply:
        if path.suffix == ".docx":
            return Reply(body=b"PK\x03\x04 synthetic", kind="application/msword")
        said = pdf(LINES) if path.stem.isdigit() else b"%PDF-1.4\n% synthetic\n"
        return Reply(body=said, kind="application/pdf")

    def counter(self, request: Request) -> Reply:
        asked = request.asked
        several, single = asked.get("articleIds", ""), asked.get("articleId", "")
        if request.method != "POST" or asked.get("siteId") != str(SITE_ID):
            return text("非法请求")
        if asked.get("type") == "1":
            return text(str(self.world.total("webplus")))
        if asked.get("type") == "3" and re.fullmatch(r"\d+(,\d+)*", several):
            rows = [{"articleId": int(i), "count": self.world.count("webplus", int(i))} for i in several.split(",")]
            return text(json.dumps(rows), kind="application/json")
        if asked.get("type") == "3" and single.isdigit():
            return text(str(self.world.count("webplus", int(single))))
        return text("非法请求")

    def service(self, request: Request) -> Reply:
        """A page of the column as JSON."""
        asked, number, size = request.asked, request.asked.get("pageIndex", ""), request.asked.get("rows", "")
        known = (asked.get("queryObj"), asked.get("siteId"), asked.get("columnId")) == (
            "articles",
            str(SITE_ID),
            str(COLUMN),
        )
        if request.method != "POST" or not (known and number.isdigit() and size.isdigit()):
            return text(json.dumps({"status": "0", "total": 0, "data": []}), kind="application/json")
        rows = [article for _, article in self.world.column("webplus", "xwdt")]
        found = [
            {
                "title": article.title,
                "url": self.addresses(article)[0],
                "id": article.id,
                "publishTime": f"{article.published:%Y-%m-%d %H:%M:%S}.0",
                "visitCount": self.world.count("webplus", article.id),
            }
            for article in cut(rows, int(number), int(size))
        ]
        reply = {"status": "1", "total": len(rows), "data": found}
        return text(json.dumps(reply, ensure_ascii=False), kind="application/json")

    def listing(self, number: int) -> Reply | None:
        rows = [article for _, article in self.world.column("webplus", "xwdt")]
        last = pages(rows, SIZE)
        if not 1 <= number <= last:
            return None
        return page(
            "webplus_listing",
            kind="text/html;charset=UTF-8",
            site=SITE_ID,
            column=COLUMN,
            rows_html="\n".join(self.row(i, article) for i, article in enumerate(cut(rows, number, SIZE), 1)),
            total=len(rows),
            size=SIZE,
            number=number,
            last=last,
            first_href=file(1) if number > 1 else "javascript:void(0);",
            prev_href=file(number - 1) if number > 1 else "javascript:void(0);",
            next_href=file(number + 1) if number < last else "javascript:void(0);",
            last_href=file(last) if number < last else "javascript:void(0);",
            views=self.world.total("webplus") // 1000 * 1000,
        )

    def row(self, i: int, article: Article) -> str:
        title = escape(article.title)
        short = escape(article.title[:18]) + ("..." if len(article.title) > 18 else "")
        return (
            f'<li class="news n{i} clearfix"><span class="news_title">'
            f'<a href="{self.addresses(article)[0]}" target="_blank" title="{title}">{short}</a></span>'
            f'<span class="news_meta">{article.published:%Y-%m-%d}</span></li>'
        )

    def article(self, ident: int, path: str) -> Reply:
        article = self.world.find("webplus", ident)
        if article is not None and path not in self.addresses(article):
            article = None
        refusal = self.shown(article)
        if refusal or article is None:
            return refusal or self.missing(status=404)
        return page(
            "webplus_article",
            kind="text/html;charset=UTF-8",
            site=SITE_ID,
            column=COLUMN,
            ident=ident,
            title=article.title,
            date=self.published(article)[1],
            publisher=article.author,
            summary=article.paragraphs[0][:40] + "...",
            body_html=paragraphs(article),
            views=self.world.total("webplus") // 1000 * 1000,
        )


def file(number: int) -> str:
    return f"/xwdt/list{number if number > 1 else ''}.htm"


def paragraphs(article: Article) -> str:
    style = "text-indent:37px;line-height:37px;"
    those = [f'<p class="MsoNormal" style="{style}"><span>{escape(p)}</span></p>' for p in article.paragraphs]
    if article.attachment:
        number, name = article.attachment
        those.append(
            '<p><img src="/_ueditor/themes/default/images/icon_doc.gif">'
            f'<a href="/_upload/article/files/48/b8/3bfbad1048ef97d00e99bf70b80e/{number:08d}{PurePath(name).suffix}" '
            f"sudyfile-attr=\"{{'title':'{name}'}}\">{name}</a></p>"
        )
    return "".join(those)
