"""Counts that pages print rounded (1.2万) or capped (9999+), from the page into the archive. All synthetic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsspider import read_article, read_listing
from newsspider.archive import Archive, fixity, merging
from newsspider.archive.writing import Writer
from newsspider.cli.show import show
from newsspider.items import ArticleItem, Capture, ListingItem, Site

AT = "2026-03-01T06:00:00Z"
PAGE = """<html><head><title>{title}</title></head><body><h1>{title}</h1>
<div>发布时间：2026-03-01 09:00　阅读：{count}</div><div class="v_news_content">{text}</div></body></html>"""
TEXT = "<p>连日来，学院组织师生开展了多项活动，大家认真学习、热烈讨论，收获很多。</p>" * 6
ROWS = "".join(
    f'<tr><td><a href="/info/1/{n}.htm">学院举办第{n}届学术年会的通知</a></td><td>2026-03-0{n}</td><td>{count}</td></tr>'
    for n, count in ((3, "9999+"), (2, "1.5万"), (1, "77"))
)
LISTING = f"<html><body><table><tr><th>标题</th><th>发布时间</th><th>阅读</th></tr>{ROWS}</table></body></html>"


def item(n: int, count: str) -> ArticleItem:
    url = f"http://s.test/info/1/{n}.htm"
    payload = PAGE.format(title=f"学院举办第{n}届学术年会的通知", count=count, text=TEXT).encode()
    capture = Capture(url=url, captured_at=AT, status=200, payload=payload)
    return ArticleItem(site="s", capture=capture, article=read_article(payload, url))


def write(path: Path, *items: ArticleItem | ListingItem) -> None:
    with Archive(path, write=True) as archive:
        writer = Writer(archive, "0.1.0")
        writer.start("crawl", [Site(name="s")], AT, {})
        writer.write(items)
        writer.finish(AT, "finished", 1, 1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    write(tmp_path / "archive.db", item(1, "1.2万"), item(2, "9999+"), item(3, "345"))
    with Archive(tmp_path / "archive.db", write=True) as archive:
        yield archive


def counts(archive: Archive) -> list[tuple[int, int | None]]:
    return [
        tuple(row) for row in archive.rows("SELECT views, step FROM view_observation ORDER BY article_id, observed_at")
    ]


def test_a_reading_says_how_exactly_it_was_printed(archive: Archive) -> None:
    assert counts(archive) == [(12_000, 1000), (9999, 0), (345, None)]
    assert [tuple(row) for row in archive.rows("SELECT views, views_step FROM article ORDER BY id")] == counts(archive)
    assert [tuple(row) for row in archive.rows("SELECT article_id, event FROM counter_event ORDER BY 1")] == [
        (1, "rounded"),
        (2, "capped"),
    ]


def test_it_is_shown(archive: Archive) -> None:
    def shown(article: int) -> str:
        return CliRunner().invoke(show, [str(article), "--archive", str(archive.path)]).output

    assert f"views      ≈12,000 at {AT}\n" in shown(1)
    assert f"  1  {AT}  rounded\n" in shown(1)
    assert f"views      ≥9,999 at {AT}\n" in shown(2)
    assert f"views      345 at {AT}\n" in shown(3)


def test_it_is_a_fact_of_the_run(archive: Archive) -> None:
    assert list(fixity.verify(archive)) == []
    archive.conn.execute("UPDATE view_observation SET step = NULL WHERE article_id = 1")
    assert list(fixity.verify(archive)) != [], "a rounded count passed off as an exact one"


def test_it_goes_along_when_archives_are_merged(archive: Archive, tmp_path: Path) -> None:
    with Archive(tmp_path / "other.db", write=True) as other:
        merging.merge(other, archive.path)
        assert counts(other) == counts(archive)
        assert list(fixity.verify(other)) == []


def test_rows_of_a_listing_too(archive: Archive, tmp_path: Path) -> None:
    page = read_listing(LISTING.encode(), "http://s.test/list.htm")
    assert [(entry.views, entry.views_step) for entry in page.entries] == [(9999, 0), (15_000, 1000), (77, None)]
    capture = Capture(url="http://s.test/list.htm", captured_at="2026-03-01T07:00:00Z", status=200)
    write(archive.path, ListingItem(site="s", capture=capture, listing=capture.url, page=page))
    assert counts(archive) == [(12_000, 1000), (77, None), (9999, 0), (15_000, 1000), (345, None), (9999, 0)]
