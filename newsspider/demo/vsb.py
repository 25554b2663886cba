"""The news site of the campus, as Boda VSB makes them: paging numbered from the oldest, counts behind click JSPs.

A copy of an article in a second column has an address and an id of its own, but carries the original's id in ``_showDynClicks``.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import ClassVar

from newsspider.demo.exchange import Reply, Request, page, text
from newsspider.demo.site import Site, cut, pages
from newsspider.demo.world import Article

OWNER = "1391770023"
COLUMNS = {"zhxw": ("综合新闻", 1021, 7), "tzgg": ("通知公告", 1033, 6)}  # title, tree id, articles a page
TREES = {str(tree): column for column, (_, tree, _) in COLUMNS.items()}
CLICK = "/system/resource/code/news/click/"
BEACONS = re.compile(r"/datainput\.jsp$|/addclicktimes\.jsp$")
KINDS = ("theme", "meeting", "prize", "lecture")


class Vsb(Site):
    name = "vsb"
    title = "云麓大学新闻网"
    seeds: ClassVar = {"vsb": "/zhxw.htm", "vsb-notices": "/tzgg.htm"}
    menu: ClassVar = {f"/{column}.htm": title for column, (title, _, _) in COLUMNS.items()}

    def found(self) -> None:
        add = self.world.add
        for i in reversed(range(24)):  # ids rise with the date
            places = {"zhxw": 2600 - 3 * i}
            if i in (2, 5, 9):
                places["tzgg"] = 3200 - 3 * i
            add("vsb", KINDS[i % 4], places, self.before(i), pinned=i == 17)
        for i in reversed(range(10)):
            attachment = (2816128 + i, "附件1：申请表.docx") if i in (1, 6) else None
            add("vsb", "notice", {"tzgg": 2901 - 3 * i}, self.before(2 * i), attachment=attachment)
        weixin = "https://mp.weixin.qq.com/s/newsspider-replica-campus"
        add("vsb", "prize", {"zhxw": 2595}, self.before(1), nature="external", link=weixin)
        add("vsb", "meeting", {"zhxw": 2586}, self.before(4), nature="login")
        add("vsb", "theme", {"zhxw": 2577}, self.before(7), nature="missing")

    def publish(self) -> Article:
        return self.world.add("vsb", "theme", {"zhxw": self.next_id()}, self.recent())

    def addresses(self, article: Article) -> tuple[str, ...]:
        if article.link:
            return (article.link,)
        return tuple("/" + self.address(column, ident) for column, ident in article.places.items())

    def address(self, column: str, ident: int) -> str:
        tree = COLUMNS[column][1]
        if column == "tzgg" and ident % 10 == 5:  # not published statically, as some are on real sites
            return f"content.jsp?urltype=news.NewsContentUrl&wbtreeid={tree}&wbnewsid={ident}"
        return f"info/{tree}/{ident}.htm"

    def published(self, article: Article) -> tuple[str, str]:
        if self.old(article):
            return f"{article.published:%Y-%m-%d}", f"{article.published:%Y-%m-%d}"
        if "zhxw" in article.places:
            return f"{article.published:%Y-%m-%dT%H:%M}", f"日期：{article.published:%Y-%m-%d %H:%M}"
        return f"{article.published:%Y-%m-%d}", f"发布时间：{article.published:%Y年%m月%d日}"

    def beacon(self, request: Request) -> int | None:
        if not BEACONS.search(request.path):
            return None
        ident = request.asked.get("newsid", request.asked.get("wburlid", ""))
        return int(ident) if ident.isdigit() else 0

    def respond(self, request: Request) -> Reply | None:
        path, asked = request.path, request.asked
        if found := re.fullmatch(r"/(\w+)(?:/(\d+))?\.htm", path):
            return self.listing(found[1], int(found[2] or 0))
        if found := re.fullmatch(r"/info/(\d+)/(\d+)\.htm", path):
            return self.article(found[1], int(found[2]))
        if path == "/content.jsp" and asked.get("wbnewsid", "").isdigit():
            return self.article(asked.get("wbtreeid", ""), int(asked["wbnewsid"]))
        if path.startswith(CLICK):
            return self.counter(path.removeprefix(CLICK), dict(asked))
        if path == "/system/_content/download.jsp":
            name = f"attachment; filename=form{asked.get('wbfileid', '')}.docx"
            return Reply(body=b"PK\x03\x04 synthetic", kind="application/msword", headers={"Content-Disposition": name})
        return None

    def counter(self, jsp: str, asked: dict[str, str]) -> Reply | None:
        several, single = asked.get("clickids", ""), asked.get("clickid", "")
        news = asked.get("wbnewsid", "")
        if re.search(r"[<>'\"]", several + single + news):
            return text("<html><body>HTTP Status 400</body></html>", status=400)
        right = asked.get("owner") == OWNER and asked.get("clicktype", asked.get("type")) in ("wbnews", "wbnewsfile")
        if not right or not (several or single or news):
            return Reply()
        if jsp == "dynclicks.jsp":
            return text(str(self.views(single)))
        if jsp == "dynclicksbatch.jsp":
            return text(",".join(str(self.views(ident)) for ident in several.split(",")))
        rows = [
            {"wbshowtimes": self.views(i), "randomid": asked.get("randomid"), "wbnewsid": int(i) if i.isdigit() else i}
            for i in news.split(",")
        ]
        if jsp == "clicktimes.jsp":
            return text(json.dumps(rows[0]))
        return text(json.dumps(rows)) if jsp == "batchclicktimes.jsp" else None

    def views(self, ident: str) -> int:
        return self.world.count("vsb", int(ident)) if ident.isdigit() else -1

    def listing(self, column: str, file: int) -> Reply | None:
        """``file`` 0 is page 1; the others are numbered from the oldest, which is 1."""
        if column not in COLUMNS:
            return None
        title, tree, size = COLUMNS[column]
        rows = self.world.column("vsb", column)
        last = pages(rows, size)
        if file >= last:
            return None
        number = last - file + 1 if file else 1
        up = "../" if file else ""
        here = cut(rows, number, size)
        lines = "".join(self.line(column, up, i, ident, article) for i, (ident, article) in enumerate(here))
        ids = [ident for ident, _ in here]
        return page(
            "vsb_listing",
            title=title,
            tree=tree,
            owner=OWNER,
            up=up,
            lines_html=lines,
            pager_html=pager(column, number, last, len(rows)),
            spans_html=",".join(f"'dynclicks_u8_{ident}'" for ident in ids),
            ids_html=",".join(map(str, ids)),
        )

    def line(self, column: str, up: str, i: int, ident: int, article: Article) -> str:
        href = article.link or up + self.address(column, ident)
        clicks = f'<i>点击：<span id="dynclicks_u8_{ident}"></span></i>' if column == "tzgg" else ""
        title = escape(article.title)
        return (
            f'<li id="line_u8_{i}"><a href="{escape(href)}" target="_blank" title="{title}">{title}</a>'
            f"<span>{article.published:%Y-%m-%d}</span>{clicks}</li>\n"
        )

    def article(self, tree: str, ident: int) -> Reply:
        article, column = self.world.find("vsb", ident), TREES.get(tree, "")
        if article is not None and article.places.get(column) != ident:
            article = None
        refusal = self.shown(article)
        if refusal or article is None:
            return refusal or self.missing(status=404)
        name = "vsb_old" if self.old(article) else "vsb_article" if "zhxw" in article.places else "vsb_notice"
        picture = f"/__local/{article.id % 16:X}/B4/38/FE75E2C44E064508DD3EEA62236_{article.id:08X}_A24.png"
        return page(
            name,
            title=article.title,
            column=COLUMNS[column][0],
            tree=tree,
            owner=OWNER,
            ident=ident,
            clickid=article.id,
            date=self.published(article)[1],
            source=article.department,
            author=article.author,
            picture=picture,
            first_html=paragraphs(article.paragraphs[:1]),
            rest_html=paragraphs(article.paragraphs[1:]),
            attachment_html=attachment(article),
            neighbours_html=self.neighbours(column, ident),
        )

    def neighbours(self, column: str, ident: int) -> str:
        rows = [row for row in self.world.column("vsb", column) if row[1].nature == "article"]
        i = next((i for i, row in enumerate(rows) if row[0] == ident), None)
        if i is None:
            return ""
        beside = (("上一条", rows[i - 1 : i]), ("下一条", rows[i + 1 : i + 2]))
        return "".join(
            f'<p>{label}：<a href="/{escape(self.address(column, row[0]))}">{escape(row[1].title)}</a></p>'
            for label, found in beside
            for row in found
        )


def paragraphs(those: tuple[str, ...]) -> str:
    return "\n".join(f'<p style="text-indent:2em"><span style="font-size:16px">{escape(p)}</span></p>' for p in those)


def attachment(article: Article) -> str:
    if article.attachment is None:
        return ""
    ident, name = article.attachment
    href = f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;owner={OWNER}&amp;wbfileid={ident}"
    times = f'<script>getClickTimes({ident},{OWNER},"wbnewsfile","attach")</script>'
    return f'<ul><li>附件【<a href="{href}">{name}</a>】已下载<span id="nattach{ident}">{times}</span>次</li></ul>'


def pager(column: str, number: int, last: int, total: int) -> str:
    def href(page: int) -> str:
        if page == 1:
            return f"../{column}.htm"
        return f"{column}/{last - page + 1}.htm" if number == 1 else f"{last - page + 1}.htm"

    def button(name: str, label: str, page: int, on: bool) -> str:
        if not on:
            return f'<span class="p_{name}_d p_fun_d">{label}</span>'
        return f'<span class="p_{name} p_fun"><a href="{href(page)}">{label}</a></span>'

    numbers = "".join(
        f'<span class="p_no_d">{n}</span>' if n == number else f'<span class="p_no"><a href="{href(n)}">{n}</a></span>'
        for n in range(1, last + 1)
    )
    return (
        f'<span class="p_t">共{total}条</span> <span class="p_pages">{button("first", "首页", 1, number > 1)}'
        f"{button('prev', '上页', number - 1, number > 1)}{numbers}{button('next', '下页', number + 1, number < last)}"
        f"{button('last', '尾页', last, number < last)}</span>"
    )
