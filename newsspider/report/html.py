"""Contents as HTML. Everything is escaped by the templates; style and script stand in the page, and its policy allows no other."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from newsspider.report import curve, durations
from newsspider.report.contents import DAY, LATEST, RECENT, SILENT, STRIP, Article, Contents

# What the page knows an event by: (中文, English).
EVENTS = {
    "reset": ("重置", "reset"),
    "drop": ("下降", "drop"),
    "restored": ("恢复", "back again"),
    "moved": ("换计数器", "another counter"),
    "jump": ("突增", "jump"),
    "freeze": ("停滞", "standstill"),
    "capped": ("封顶", "capped"),
    "rounded": ("取整", "rounded"),
    "edit": ("修改", "edited"),
    "gone": ("撤下", "withdrawn"),
}
FIELDS = {
    "title": ("标题", "title"),
    "published": ("发布日期", "published"),
    "source": ("来源", "source"),
    "author": ("作者", "author"),
    "editor": ("编辑", "editor"),
    "body": ("正文", "text"),
    "views": ("浏览次数", "views"),
}
# What a site is compared with its own past by.
SIGNS = {
    "refusals": ("被拒绝的请求", "requests refused"),
    "entries": ("列表有条目", "columns with entries"),
    "duplicates": ("重复的新文章", "new articles that repeat another"),
    "published": ("有发布日期", "pages with a date"),
    "source": ("有来源", "pages with a source"),
    "author": ("有作者", "pages with an author"),
    "editor": ("有编辑", "pages with an editor"),
    "counters": ("有浏览次数", "pages with a view count"),
    "body": ("正文长度（中位数，字）", "length of texts (median, characters)"),
    "alike": ("不同的正文", "texts that differ"),
    "quiet": ("没有新文章的天数", "days without news"),
}
ROWS = 250  # of a page of the list of all articles
WEEKDAYS = (("一", "Mo"), ("二", "Tu"), ("三", "We"), ("四", "Th"), ("五", "Fr"), ("六", "Sa"), ("日", "Su"))
STATES = {
    "ok": ("正常", "well"),
    "silent": (f"{SILENT} 天以上无记录", f"silent for {SILENT} days or more"),
    "failing": ("失败多", "failing"),
    "broken": ("上次中断", "last crawl broke off"),
    "unread": ("尚未读到", "not read yet"),
    "changed": ("与以往不同", "not as it was"),
}
TELLS = {
    "published": ("发布日期", "the date"),
    "updated": ("更新时间", "a date of change"),
    "last-modified": ("Last-Modified", "Last-Modified"),
}
READINGS = 200  # rows of the table of an article's readings


def index(found: Contents, now: datetime) -> str:
    return _page("index.html", now, report=found, names={site.name: site.title for site in found.sites})


def article(found: Contents, one: Article, now: datetime) -> str:
    return _page("article.html", now, report=found, article=one, readings=curve.runs(one.readings))


def sites(found: Contents, now: datetime) -> Iterator[tuple[str, str]]:
    """The page of each site, with its file's name."""
    for site in found.sites:
        yield site.file, _page("site.html", now, report=found, site=site)


ORDERS = {"date": "articles", "views": "articles-by-views"}


def roll(found: Contents, now: datetime) -> Iterator[tuple[str, str]]:
    """The list of all articles in its orders, page by page; the first holds all rows for the script's search."""
    titles = {site.name: site.title for site in found.sites}
    for order, stem in ORDERS.items():
        rows = found.listed[order]
        pages = max(1, -(-len(rows) // ROWS))
        names = [f"{stem}{f'-{number}' if number > 1 else ''}.html" for number in range(1, pages + 1)]
        for place, name in enumerate(names):
            told = {
                "order": order,
                "rows": rows[place * ROWS : (place + 1) * ROWS],
                "place": place,
                "names": names,
                "near": list(_near(names, place)),
                "all": _rows(found) if name == "articles.html" else "",
                "titles": titles,
            }
            yield name, _page("roll.html", now, report=found, **told)


def _near(names: Sequence[str], place: int) -> Iterator[tuple[int, str]]:
    """(number, name) of the pages that a page leads to: the first, the last, every tenth and its neighbours."""
    for number, name in enumerate(names, 1):
        if number in (1, len(names)) or number % 10 == 0 or abs(number - 1 - place) <= 2:
            yield number, name


def _rows(found: Contents) -> Markup:
    """JSON for the script, which holds no character that could end it."""
    sites = {site.name: number for number, site in enumerate(found.sites)}
    rows = [
        [
            one.id if one.id in found.pages else 0, sites.get(one.site, -1), one.title or one.url, one.published, one.views,
            SIGN_OF.get(one.step, 1), one.versions, int(one.gone_since is not None), None if one.id in found.pages else link(one.url),
        ]
        for one in found.listed["date"]
    ]  # fmt: skip
    text = _json({"sites": [site.title for site in found.sites], "rows": rows})
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


SIGN_OF = {None: 0, 0: 2}  # of a count as it is printed, in the script's list of signs; others are rounded


def empty(archive: str, now: datetime) -> str:
    return _page("empty.html", now, archive=archive)


def file_name(article_id: int) -> str:
    return f"article-{article_id}.html"


def _page(template: str, now: datetime, **values: object) -> str:
    return _templates().get_template(template).render(now=now, **values)


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("newsspider.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "n": number,
        "views": views,
        "signed": signed,
        "at": at,
        "day": day,
        "link": link,
        "json": _json,
        "brief": brief,
        "threshold": threshold,
    }
    style, script = _source("report.css"), _source("report.js")
    templates.globals |= {
        "style": Markup(style),
        "script": Markup(script),
        "policy": f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; base-uri 'none'; form-action 'none'",
        "file_name": file_name,
        "offset": offset,
        "ill": ill,
        "span": durations.of,
        "remarks": remarks,
        "EVENTS": EVENTS,
        "FIELDS": FIELDS,
        "SIGNS": SIGNS,
        "STATES": STATES,
        "TELLS": TELLS,
        "WEEKDAYS": WEEKDAYS,
        "READINGS": READINGS,
        "LATEST": LATEST,
        "RECENT": RECENT,
        "STRIP": STRIP,
        "SILENT": SILENT,
        "DAY": DAY,
    }
    return templates


def _source(name: str) -> str:
    return files("newsspider.report").joinpath("templates", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def number(value: float | None) -> str:
    """``1,234``; a dash where it is not known."""
    return "–" if value is None else f"{value:,.0f}"


def views(value: int | None, step: int | None) -> str:
    """A count as exactly as it was printed: ``1,234``, ``≈12,000``, ``≥9,999``."""
    return number(value) if value is None else curve.SIGNS.get(step, "≈") + number(value)


def remarks(age: sqlite3.Row) -> Iterator[tuple[str, str]]:
    """What a reader of a row of views_at_age should know of it: (中文, English)."""
    if age["truncated"]:
        yield "首次读数较晚", "first read later"
    elif age["high_at"] is None:
        yield "此后未再读", "not read since"
    elif age["gap"]:
        yield "读数间隔大", "readings far apart"
    if age["vague"]:
        yield "只知发布日", "only the day of publication is known"
    if age["fell"]:
        yield "此前下降过", "fell by then"


def brief(value: float) -> str:
    """A round number in few characters: ``10``, ``1k``."""
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"


def ill(sign: sqlite3.Row) -> tuple[str, str]:
    """What is wrong with a site, by a sign of its health: (中文, English)."""
    of = f" / {sign['total']:,.0f}" if sign["sign"] not in ("quiet", "body") else ""
    name = SIGNS.get(sign["sign"], (sign["sign"], ""))[0]
    return f"{name}：{sign['value']:,.0f}{of}，界限 {threshold(sign['threshold'])}", sign["message"]


def threshold(value: float | None) -> str:
    """A share to two digits, a number as a whole one."""
    return "–" if value is None else f"{value:.2g}" if value <= 1 else f"{value:,.0f}"


def signed(value: int | None) -> str:
    return "–" if value is None else f"{value:+,}".replace("-", "−")


def at(value: str | int | datetime | None, zone: tzinfo) -> Markup:
    """An instant by the clock of ``zone``, to the minute."""
    if value is None:
        return Markup("–")
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    elif not isinstance(value, datetime):
        value = datetime.fromtimestamp(value, UTC)
    return Markup("<time>{}</time>").format(f"{value.astimezone(zone):%Y-%m-%d %H:%M}")


def day(published: str | None) -> Markup:
    """A date of publication as the page printed it, at its precision."""
    return Markup("<time>{}</time>").format(published.replace("T", " ")) if published else Markup("–")


def offset(zone: tzinfo, moment: datetime) -> str:
    """``Asia/Shanghai, UTC+08:00``"""
    return f"{zone}, UTC{moment.astimezone(zone).isoformat()[-6:]}" if str(zone) != "UTC" else "UTC"


def link(url: str) -> str | None:
    """The address, if it is one that a browser fetches and does not run."""
    return url if url.startswith(("http://", "https://")) else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
