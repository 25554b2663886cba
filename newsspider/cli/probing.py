"""Running a probe from the command line, and printing what it found."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newsspider import site as sites
from newsspider.cli import running, terminal
from newsspider.cli.words import amount
from newsspider.items import Article, ListingPage, Site
from newsspider.spiders import findings
from newsspider.spiders.findings import FIELDS, CountTest, Findings, Robots, Sample
from newsspider.spiders.probe import ProbeSpider

WIDEST = 60  # columns of a text that are shown
LABELS = {"title": "标题", "published": "发布日期", "views": "浏览次数", "body": "正文内容"}


def look(
    url: str,
    site: Site | None,
    settings: dict[str, str],
    loud: int,
    quiet: bool,
    spider: type[ProbeSpider] = ProbeSpider,
    **arguments: Any,
) -> Findings:
    """What stands at ``url``, from some ten requests. Raises SiteError for what is no http(s) address."""
    sites.check_address(url)
    from scrapy import Request, signals

    process = running.crawler_process({**({} if loud else {"LOG_LEVEL": "ERROR"}), **settings}, loud, quiet)
    if not loud:  # the report says what went wrong with the requests; their logs need not
        for name in ("scrapy", "twisted"):
            logging.getLogger(name).setLevel("CRITICAL")
    crawler = process.create_crawler(spider)
    process.crawl(crawler, url=url, site=site, **arguments)
    shown = sys.stderr.isatty() and not quiet and not loud
    console = terminal.console(stderr=True, quiet=not shown)
    with console.status("looking for robots.txt") as status:

        def asked(request: Request) -> None:
            status.update(f"asking for {request.url}")

        crawler.signals.connect(asked, signal=signals.request_reached_downloader)
        process.start()
    looked = crawler.spider
    if not isinstance(looked, ProbeSpider) or crawler.stats.get_value("spider_exceptions/count"):
        raise click.ClickException(f"looking at {url} crashed; this is a defect of newsspider (-v shows where)")
    return looked.found


def plain(found: Findings) -> dict[str, Any]:
    """For ``--json``."""
    return {**asdict(found), "missing": found.missing(), "warnings": list(findings.warnings(found))}


def as_json(found: Findings) -> str:
    return json.dumps(plain(found), ensure_ascii=False)


def report(found: Findings) -> RenderableType:
    """All that was found, for a terminal."""
    parts: list[RenderableType] = [Text(found.url, style="bold"), Padding(_summary(found), (1, 0, 0, 2), expand=False)]
    if found.columns:
        parts += [_heading("Listings this page leads to"), Padding(_columns(found), (0, 0, 0, 2), expand=False)]
    for number, sample in enumerate(found.samples, 1):
        parts += [_heading(f"Article {number}", sample.url), Padding(_sample(sample), (0, 0, 0, 2), expand=False)]
    if told := list(findings.warnings(found)):
        parts.append(_heading("Worth knowing"))
        parts += [Text.assemble(("  ! ", "yellow"), warning) for warning in told]
    parts += [Text(), verdict(found)]
    if found.samples and found.site is None:
        parts.append(Text(f"  newsspider add {found.url} writes a site file for it", style="dim"))
    return Group(*parts)


def verdict(found: Findings) -> Text:
    """The last line: whether all that a record of an article needs was found."""
    if found.complete:
        return Text(f"✓ title, date, text and count found in {amount(len(found.samples), 'article')}", style="green")
    if not found.samples:
        return Text(f"✗ no article read: {found.error or 'no listing led to one'}", style="red")
    lost = ", ".join(f"{name} in {count}" for name, count in found.missing().items())
    return Text(f"✗ missing, of {amount(len(found.samples), 'article')}: {lost}", style="red")


def _heading(text: str, detail: str = "") -> Text:
    return Text.assemble("\n", (text, "bold"), "  " if detail else "", (detail, "dim"))


def _summary(found: Findings) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in _facts(found):
        table.add_row(label, value)
    return table


def _facts(found: Findings) -> Iterator[tuple[str, str | Text]]:
    told = found.error and (
        found.error if found.error.startswith(f"{found.kind}: ") else f"{found.kind}: {found.error}"
    )
    yield "page", Text(told, style="red") if told else found.kind
    if found.final_url and found.redirected_by:
        yield "leads to", f"{found.final_url} ({', '.join(found.redirected_by)})"
    if found.title:
        yield "calls itself", found.title
    if found.family:
        yield "family", f"{found.family} ({found.evidence})"
    if found.site:
        yield "site file", found.site
    if found.charset:
        declared = found.declared_charset
        yield "charset", f"{found.charset}, {f'declared {declared}' if declared else 'none declared'}"
    if found.robots:
        yield "robots.txt", _robots(found.robots)
    if found.listing:
        yield "listing", f"{found.listing_url}"
        yield "", f"{_entries(found.listing)}  by {found.listing.rules.get('entries', '?')}"
        yield "next page", _next(found)
    for test in found.counters:
        yield "counter", f"{test.family}: {_counted(test)}"
        yield "", Text(test.url, style="dim")


def _robots(robots: Robots) -> str | Text:
    if robots.status != 200:
        return f"none (HTTP {robots.status}): nothing is forbidden"
    if not robots.allowed:
        return Text("forbids this address", style="red")
    return "allows this address" + (f", asks for {robots.delay:g} s between requests" if robots.delay else "")


def _entries(page: ListingPage) -> str:
    dated = sum(entry.published is not None for entry in page.entries)
    return f"{amount(len(page.entries), 'entry')}, {dated} dated"


def _next(found: Findings) -> str | Text:
    assert found.listing is not None
    rule = found.listing.rules.get("next_url", "?")
    if found.listing.stuck:
        return Text(f"cannot be followed: {found.listing.stuck}", style="red")
    form = found.listing.next_form
    asked = f"POST {form.url} {form.clicked}" if form else found.listing.next_url
    if not asked:
        return f"none ({rule})"
    if found.next_page is None:
        return Text(f"{asked} by {rule}: {found.next_error}", style="red")
    return f"{asked} by {rule}: {_entries(found.next_page)}"


def _counted(test: CountTest) -> str:
    answered = sum(views is not None for views in test.singles.values())
    said = f"{answered} of {len(test.singles)} answered singly"
    if test.batch_url:
        said += ", the same in one batch" if test.agree else ", otherwise in one batch"
    return said


def _columns(found: Findings) -> Table:
    table = Table.grid(padding=(0, 2))
    for column in found.columns:
        read = column.error or f"{amount(column.entries, 'entry')}, {column.dated} dated"
        chosen = "→" if column.url == found.listing_url else ""
        table.add_row(
            chosen, column.title, Text(column.url, style="dim"), Text(read, style="red" if column.error else "")
        )
    return table


def _sample(sample: Sample) -> RenderableType:
    article = sample.article
    if article is None:
        return Text(f"✗ {sample.error}", style="red")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(style="dim", overflow="fold")
    for name, value, rule in _fields(article, sample):
        mark = Text("✓", style="green") if value else Text("✗", style="red") if name in FIELDS else Text()
        if value or name in FIELDS:
            table.add_row(
                mark, f"{name} {LABELS.get(name, '')}".rstrip(), value or Text("not found", style="red"), rule
            )
    return table


def _fields(article: Article, sample: Sample) -> Iterator[tuple[str, str | None, str]]:
    rules = article.rules
    printed = f"  ({article.published_text})" if article.published_text else ""
    yield "title", article.title, rules.get("title", "")
    yield "published", article.published and article.published + printed, rules.get("published", "")
    counted = rules.get("views") or rules.get("counter") or ("the listing's row" if sample.views is not None else "")
    yield "views", None if sample.views is None else str(sample.views), counted
    for name in ("source", "author", "editor"):
        yield name, getattr(article, name), rules.get(name, "")
    yield "body", _body(article), rules.get("body", "")
    yield "files", ", ".join(filter(None, (file.title for file in article.attachments))), ""
    yield "id", article.native_id, ""


def _body(article: Article) -> str | None:
    if not article.body:
        return f"{amount(len(article.images), 'image')}, no text" if article.images else None
    size = f"{amount(len(article.body), 'character')} in {amount(article.body.count(chr(10)) + 1, 'paragraph')}"
    begins = Text(article.body.partition("\n")[0])
    begins.truncate(WIDEST, overflow="ellipsis")
    return f"{size}: {begins}"


def show(renderable: RenderableType) -> None:
    """On stdout: in colour and as wide as the terminal, or plain."""
    console = terminal.console(width=None if sys.stdout.isatty() else 250, highlight=False)
    with console.capture() as captured:
        console.print(renderable)
    console.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def archive_site(url: str, archive: Path) -> Site | None:
    """The site file that covers an address, if one does."""
    own = sites.folder_beside(archive)
    return next((site for site in sites.known(own) if sites.covers(site, url)), None)
