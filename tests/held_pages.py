"""An archive of synthetic pages, with what was read from them once: for reading them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from newsspider.archive import Archive
from newsspider.archive.writing import Writer
from newsspider.cms import read_article
from newsspider.items import ArticleItem, Capture, Site

HOST = "news.example.edu.cn"
AT = "2026-03-01T08:00:00Z"
TITLE = "学校召开教学工作会议"


def page(title: str = TITLE, line: str = "发布时间：2026-03-01 浏览次数：12", mark: str = "h1") -> bytes:
    return f"""<!doctype html><meta charset="utf-8"><title>{title}-云麓大学</title><body>
        <div class="nav"><a href="/">首页</a></div><{mark} class="t">{title}</{mark}><p class="d">{line}</p>
        <div class="text"><p>{"会议强调，要把本科教学放在首位，并通报了本学期的安排。" * 4}</p></div>""".encode()


def url(number: int) -> str:
    return f"https://{HOST}/{number}.htm"


def look(number: int, payload: bytes, at: str = AT, site: str = HOST, **otherwise: object) -> ArticleItem:
    """A page that was read then as it is now, but for some fields."""
    capture = Capture(url=url(number), captured_at=at, status=200, payload=payload)
    article = read_article(page(), url(number)) if otherwise.pop("blind", False) else read_article(payload, url(number))
    return ArticleItem(site=site, capture=capture, article=replace(article, **otherwise))


def missed(number: int, payload: bytes, at: str = AT, site: str = HOST, why: str = "empty: nothing") -> ArticleItem:
    """A page that nothing could be read from."""
    return ArticleItem(
        site=site, capture=Capture(url=url(number), captured_at=at, status=200, payload=payload, error=why)
    )


def hold(path: Path, items: Iterable[ArticleItem], sites: Sequence[str] = (HOST,)) -> Path:
    with Archive(path, write=True) as archive:
        writer = Writer(archive, "0")
        writer.start("crawl", [Site(name=name) for name in sites], AT, {})
        writer.write(items)
        writer.finish(AT, "finished", 0, 0)
    return path
