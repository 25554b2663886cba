"""Pages that are not what was asked for, known by what they show instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from newsspider.cms import entries, groups, links
from newsspider.extract import dates, files, labels, published
from newsspider.extract.blocks import HEAD
from newsspider.items import PageError, PageKind

if TYPE_CHECKING:
    from newsspider.cms.base import Page

_PASSWORD = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.I)
_LEADS_TO = re.compile(
    r"location(?:\.href|\.replace)?\s*(?:=|\()\s*[\"']([^\"']+)|http-equiv=[\"']?refresh[^>]+url=([^\"'>]+)", re.I
)
_TOLD = re.compile(r"\balert\s*\(\s*[\"']([^\"']{1,200})")
_GUARD = re.compile(
    r"_Incapsula_Resource|/cdn-cgi/challenge-platform/|\bacw_sc__v2\b|__jsl_clearance|wzws-waf-cgi", re.I
)
_TO_LOGIN = re.compile(r"login|cas\b|sso|auth", re.I)
MAX_BYTES = 10_000_000
DEEPEST = 500  # browsers stop at 512; the deepest of 110 real pages has 29
MOST_ELEMENTS = 60_000  # read in a second or little more; the largest of 110 real pages has 2,063
MOST_LINKS = 3_000  # of a listing; the largest of the real ones has 515
_SAMPLE = 100  # rows that tell whether a page is a listing
_ELEMENTS = etree.XPath("count(//*)")
_TOO_DEEP = etree.XPath("boolean(/" + "/".join("*" * DEEPEST) + ")")
_LONGEST_NOTHING = 60
_TEXTUAL = re.compile(r"html|xml|text|json|javascript|octet-stream", re.I)


def check_bytes(payload: bytes, content_type: str | None = None) -> None:
    """Raises PageError where the bytes are no page."""
    head = payload[:512].lstrip()
    if not head:
        raise PageError("empty", "no bytes" if not payload else "white space only")
    if what := files.words(head):
        raise PageError("file", what)
    if content_type and not _TEXTUAL.search(content_type) and b"<" not in head:
        raise PageError("file", f"content of type {content_type}")
    if len(payload) > MAX_BYTES:
        raise PageError("unreadable", f"{len(payload):,} bytes, more than the {MAX_BYTES:,} that a page may have")
    if head[:1] in (b"{", b"[") and b"<" not in payload[:4096]:
        raise PageError("unreadable", "JSON, not HTML")


# Phrases of error pages, in lines of pages that have little else, and in their titles.
_PHRASES: tuple[tuple[PageKind, re.Pattern[str]], ...] = (
    (
        "captcha",
        re.compile(
            r"请输入验证码|輸入驗證碼|验证码下载|完成(?:安全)?验证|(?:请|拖动)\W*(?:向右)?滑[动块]|滑动验证后|访问(?:过于|太)频繁|"
            r"^\W*are you a robot|verify (?:that )?you are (?:a )?human|(?:complete|pass) the security check|security check to access"
            r"|(?:complete|solve) the (?:re)?captcha|^\W*(?:re)?captcha\W*$",
            re.I,
        ),
    ),
    (
        "challenge",
        re.compile(
            r"checking your browser|^\W*just a moment|enable javascript and cookies|ddos protection|安全检查中|"
            r"请开启\s?javascript|正在进行安全|网站防火墙|云防护|请求(?:已)?被(?:拦截|管理员禁止)|已被拦截|拦截提示|"
            r"web应用防火墙|访问被阻断|对网站造成安全威胁|attention required|requested url was rejected|request rejected|incapsula incident"
            r"|you have been blocked|web application firewall",
            re.I,
        ),
    ),
    (
        "forbidden",
        re.compile(
            r"无权(?:访问|查看|浏览|限)|(?:不允许|禁止|拒绝|限制)访问|(?:文章|信息|内容|新闻)(?:尚未|未通过|正在)审核|沒有權限|"
            r"没有(?:访问)?权限|仅限校内|仅对校内|"
            r"校内(?:用户|IP)?访问|[为是属]校内资源|请使用校园网|不在允许(?:访问)?的?(?:范围|IP)|access (?:is )?denied|403 forbidden"
            r"|you are not authorized|do(?:es)?n[o’']t have permission to access|접근\s?권한이 없|学内(?:からのみ|限定)",
            re.I,
        ),
    ),
    (
        "login",
        re.compile(
            r"请先登录|请登录|登录后(?:才能|可|方可)?(?:查看|访问|阅读)|请使用统一身份认证"
            r"|sign in to continue|please (?:log|sign) ?in|로그인이 필요",
            re.I,
        ),
    ),
    (
        "missing",
        re.compile(
            r"(?:页面|頁面|网页|網頁|栏目|欄目)(?:不存在|未找到)(?!的)|您(?:所)?(?:访问|请求)的(?:页面|网页|文章|内容|信息|栏目)(?:不存在|已(?:经)?(?:被)?(?:删除|失效|过期))|"
            r"(?:找不到|没有找到|未找到)(?:该|您|您要|此|指定|相关)?(?:的)?(?:页面|网页|文件|内容|文章|资源)|"
            r"(?:该|此|本)?(?:文章|信息|内容|新闻|页面)(?:已(?:经)?(?:被)?(?:删除|下线|移除|撤回)|不存在(?!的)|正在建设)|"
            r"(?:栏目|页面|网站|内容)正?在?建设中|^(?:更多)?(?:精彩|内容|页面|栏目)*\W*敬请期待\W*$|"
            r"(?:网站|系统)(?:正在(?:升级)?维护|(?:升级)?维护中)|無此(?:網頁|文章)|"
            r"page (?:you requested )?(?:was |is |could |cannot |can't )*(?:not (?:be )?found|no longer available)|"
            r"(?:could ?n[o’']t|can ?not|unable to) find (?:that|this|the) page|ページ[がは]見つかりません|페이지를 찾을 수 없|"
            r"(?:página|pagina) (?:solicitada )?(?:no|não|non) (?:encontrada|existe|trovata|encontrado)"
            r"|page (?:demandée )?(?:est )?(?:introuvable|non trouvée)|"
            r"seite (?:konnte |wurde )?nicht gefunden|404\s*(?:[-–—:]\s*)?(?:not found|error|错误|页面|未找到|找不到)|error 404|"
            r"(?:file|url|resource|document) (?:was )?not found|존재하지 않는|삭제된 (?:글|게시물)"
            r"|系统(?:出错|错误|繁忙)|服务器错误|参数错误|"
            r"数据库连接(?:失败|错误)|establishing a database connection|internal server error|502 bad gateway|504 gateway"
            r"|service unavailable|"
            r"(?:site|page) (?:is )?(?:currently )?under (?:maintenance|construction)"
            r"|^\W*under (?:maintenance|construction)|welcome to nginx",
            re.I,
        ),
    ),
)
_ASKED = re.compile(
    r"统一(?:身份)?认证|请(?:先|您)?登录|(?:用户|系统|账号|^)\s?登\s?[录入]|vpn|single sign[- ]on|\b(?:log|sign) ?in\b"
    r"|central authentication|로그인|ログイン",
    re.I,
)  # beside a password
# What speaks of error pages without being one: 关于系统维护的通知, 如遇页面不存在.
_ABOUT = re.compile(r"(?:通知|公告|公示|说明|指南|手册|办法|规定|通告|须知|安排|教程)\W*$|如遇|如果|若|如有")
_APOLOGY = r"\W*(?:抱歉|对不起|很抱歉|提示|系统提示|sorry)?\W*"
_BETWEEN = re.compile(r"\s*[-_|—–·»]+\s*")
_COLUMN = 6  # characters of the name of a column, such as 通知公告
_DATE_LINE = 80  # characters of a line that tells the day of publication
_LITTLE = 600  # characters outside links, of a page that may be an error page
_SLACK = 8  # characters of a title besides the phrase that makes it an error page's
# A line that says this and nothing else.
_NOTHING = re.compile(
    r"\W*(?:(?:抱歉|对不起|對不起)\W*)?(?:(?:该|本|此)?栏目)?(?:暂|尚|目前|目前尚|暫|当前)?(?:没有|沒有|无|無)(?:找到|任何|相关|相關|的)*"
    r"(?:信息|内容|內容|数据|记录|紀錄|資料|资料|文章|新闻|公告|公告訊息|通知|结果)\W*"
    r"|\W*(?:등록된|조회된|검색된) ?(?:게시물|게시글|글|자료|내용|데이터|공지사항)[이가은] ?(?:없습니다|존재하지 않습니다)\W*"
    r"|\W*(?:nothing found|(?:there (?:are|is) )?(?:currently )?no (?:news(?: items?)?|posts?|articles?|results?|items?"
    r"|entries|records?|announcements?)(?: (?:were|was))?(?: (?:found|available|yet|at th(?:is time|e moment)|to (?:show|display)))?)\W*"
    r"|\W*(?:keine (?:nachrichten|meldungen|einträge|artikel|beiträge|ergebnisse)(?: (?:verfügbar|vorhanden|gefunden))?"
    r"|aucune? (?:actualité|article|résultat|élément)(?: (?:pour le moment|trouvée?|disponible))?"
    r"|no (?:hay|se encontraron) (?:noticias|resultados|entradas|artículos)(?: disponibles)?"
    r"|nessun[ao]? (?:notizia|risultato|articolo)(?: (?:trovat[oa]|disponibile))?|nenhuma? (?:notícia|resultado)(?: encontrad[oa])?)\W*"
    r"|\W*(?:現在、?)?(?:お知らせ|ニュース|記事|データ|該当する(?:記事|データ))(?:は|が)(?:ありません|ございません|見つかりません(?:でした)?)\W*",
    re.I,
)
# Titles of pages that are no listing, whatever they list besides.
_TITLES: tuple[tuple[PageKind, re.Pattern[str]], ...] = (
    ("login", re.compile(r"身份认证|统一认证|(?:用户|系统|账号|^)登[录入]|\b(?:log|sign) ?in\b|로그인|ログイン", re.I)),
    (
        "missing",
        re.compile(r"^\W*404\b|page not found|^\W*not found|页面不存在|頁面不存在|ページが見つかりません", re.I),
    ),
)


def check_tree(page: Page) -> None:
    """Raises PageError where the page has no element, or is nested as no software but a broken one nests."""
    if not isinstance(page.root.tag, str):
        raise PageError("empty", "no element in the page")
    if _TOO_DEEP(page.root.getroottree()):
        raise PageError("unreadable", f"elements nested more than {DEEPEST} deep")


def check_size(page: Page) -> None:
    """Raises PageError where a page has more elements than can be read in good time; it is held, and can be read again later."""
    if page.text.count("<") * 2 < MOST_ELEMENTS:  # a tag opens its element and at most one that was left out
        return
    if (size := int(_ELEMENTS(page.root))) > MOST_ELEMENTS:
        raise PageError("unreadable", f"{size:,} elements, more than the {MOST_ELEMENTS:,} that a page may have")


def check_page(page: Page) -> None:
    """Raises PageError where what little the page says is that there is no article here."""
    lines = page.blocks.lines
    title = page.head_titles[-1] if page.head_titles else ""
    own, below_date = _own_lines(page)
    little = sum(map(len, own)) < _LITTLE
    # What has a date of publication, or a notice's title, is an article, unless its text begins like an error page.
    an_article = (
        below_date
        or any(len(part) > _COLUMN and _ABOUT.search(part) for part in _BETWEEN.split(title))
        or _is_headed(page)
    )
    asks = _asks(page)
    if asks:
        found = _in_title(_ASKED, title, own, little=little)
        found = found or next(filter(None, map(_ASKED.search, own if little and not an_article else ())), None)
        if found:
            raise PageError("login", f"the page says “{found[0]}”")
    for kind, phrase in _PHRASES:
        found = _in_title(phrase, title, own, little=little)
        for text in own if found is None and little else ():
            found = found or (None if _ABOUT.search(text) else _says(phrase, text, first=an_article))
        if found:
            raise PageError(kind, f"the page says “{found[0]}”")
    if sum(map(len, own)) < _LITTLE // 2:
        check_nothing(page)
    if not lines:
        html = page.text
        for kind, phrase in _PHRASES:
            if found := next((m for told in _TOLD.findall(html) if (m := phrase.search(told))), None):
                raise PageError(kind, f"a script says “{found[0]}”")
        if found := _LEADS_TO.search(html):
            target = found[1] or found[2]
            raise PageError("login" if _TO_LOGIN.search(target) else "challenge", f"a script that leads to {target}")
        if found := _GUARD.search(html):
            raise PageError("challenge", f"the page of a firewall ({found[0]})")
        if "<html" in html.lower() and "</html" not in html.lower():
            raise PageError("empty", "cut off before its text")
        if "<script" in html.lower():
            raise PageError("challenge", "a page of scripts without text")
        raise PageError("empty", "a page without text")


def _is_headed(page: Page) -> bool:
    """A heading says what the head declares to be the title, or begins with, and a date stands below it."""
    lines = page.blocks.lines
    titled = page.declared_titles
    at = next(
        (
            n
            for n, line in enumerate(lines)
            if line.heading and len(line.text) > _COLUMN and titled.likeness(line.text) >= 3
        ),
        len(lines),
    )
    return any(len(line.text) <= _DATE_LINE and dates.first(line.text) for line in lines[at + 1 : at + 4])


def _in_title(phrase: re.Pattern[str], title: str, own: Sequence[str], *, little: bool) -> re.Match[str] | None:
    """The phrase in a title that says hardly more, or of a page that says hardly more; not in that of an article on the matter."""
    for part in _BETWEEN.split(title):
        found = phrase.search(part)
        if found and not _ABOUT.search(part) and (len(part) <= len(found[0]) + _SLACK or (little and part not in own)):
            return found
    return None


def _says(phrase: re.Pattern[str], text: str, *, first: bool) -> re.Match[str] | None:
    found = phrase.search(text)
    return found if found and not (first and not re.fullmatch(_APOLOGY, text[: found.start()], re.I)) else None


def check_title(page: Page) -> None:
    """Raises PageError where the page's own title says that it is no listing."""
    title = page.head_titles[-1] if page.head_titles else ""
    for kind, phrase in _TITLES:
        if (found := phrase.search(title)) and (kind != "login" or _asks(page)):
            raise PageError(kind, f"the page says “{found[0]}”")


def check_nothing(page: Page) -> None:
    """Raises PageError where a line of the page says that there is nothing."""
    for line in page.blocks.lines:
        if len(line.text) < _LONGEST_NOTHING and _NOTHING.fullmatch(line.text):
            raise PageError("empty", f"the page says “{line.text}”")


def _asks(page: Page) -> bool:
    """The page asks for a password."""
    return "assword" in page.text.replace("ASSWORD", "assword") and _PASSWORD.search(page.text) is not None


def _own_lines(page: Page) -> tuple[list[str], bool]:
    """What the page says outside its links, and whether below a labelled date; nothing to judge by where that is a text."""
    own = [line for line in page.blocks.lines if line.linked * 2 < len(line.text)]
    for number, line in enumerate(own[:HEAD]):
        if labels.is_meta(line) and (date := published.first(line.text)) and date.label in ("published", "plain"):
            below = [other.text for other in own[number + 1 :]]
            return (below if sum(map(len, below)) < 80 else [" " * _LITTLE]), True
    return [line.text for line in own], False


def check_listing(page: Page, span: tuple[int, int], *, text: bool) -> None:
    """Raises PageError where rows of links stand in the place of a text. ``text``: the span is sure to hold one."""
    if not text:
        found = links.every(page.root, links.anchors(page.root, page.texts), page.base)[:MOST_LINKS]
        group = groups.find(found, page.texts)
        if group is None or not groups.plausible(group, paged=False):
            return
        its = list(islice(entries.read(group, page), _SAMPLE))
        dated = sum(entry.published is not None for entry in its)
        if dated >= 4 or (len(its) >= 8 and span[0] == span[1]):
            raise PageError("listing", f"{len(group.rows)} rows of links and no text")
        return
    lines = page.blocks.lines[span[0] : span[1]]
    links_at = [at for at, line in enumerate(lines) if line.linked * 2 > len(line.text) >= 8]
    linked = len(links_at)
    worth = page.worth[span[0] : span[1]]
    values = [value for value in worth if value > 0]
    if linked and sum(value for value in worth[: links_at[0]] if value > 0) * 2 > sum(values):
        return  # what follows a text are its related links
    if sum(value for value in values if value > 250) * 2 > sum(values):
        return
    if linked >= 5 and linked * 5 >= len(lines):
        dated = sum(len(line.text) < 120 and dates.first(line.text) is not None for line in lines)
        if dated >= 5:
            raise PageError("listing", f"{linked} links among {dated} dates")
