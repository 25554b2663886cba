"""A look at a site for `newsspider check --live`, and printing what a check found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newsspider import health
from newsspider.archive import Archive, reading
from newsspider.cli import probing
from newsspider.cli.words import amount
from newsspider.health import Health, Sample, Value
from newsspider.items import PageError, Site
from newsspider.rereading import Reread
from newsspider.spiders.check import CheckSpider
from newsspider.spiders.findings import Findings

GONE = ("missing", "forbidden")
KINDS = ("differ", "lost", "gained")
WIDEST = 60  # columns of a text that are shown


@dataclass(kw_only=True, slots=True)
class Live:
    """What a listing and three of its articles say now. ``health``: of those articles that are held, against what is held."""

    listing: str
    health: Health
    error: str | None = None
    refused: bool = False  # the listing's page came, and is no listing
    entries: int = 0
    dated: int = 0
    fresh: list[str] = field(default_factory=list)  # articles that read well and are not held yet
    gone: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(
        default_factory=dict
    )  # articles that could not be fetched, or are not held and do not read

    @property
    def astray(self) -> bool:
        """None of the articles that the listing leads to is there: more than withdrawals."""
        return len(self.gone) > 1 and not self.fresh and not self.health.pages

    @property
    def code(self) -> int:
        if self.refused or self.astray or not self.health.well:
            return 4
        return 3 if self.error or self.unread else 0


def live(held: Archive, site: Site, settings: dict[str, str], loud: int, quiet: bool) -> Live:
    """Asks a site for its first listing and three articles, and compares them with what is held."""

    def met(url: str) -> bool:
        return reading.article_page(held, url) is not None

    found = probing.look(site.listings[0], site, settings, loud, quiet, CheckSpider, held=met)
    return compared(held, site, found)


def compared(held: Archive, site: Site, found: Findings) -> Live:
    now = Live(listing=found.url, health=Health(), error=found.error)
    now.refused = found.error is not None and found.kind != "unreachable"
    if found.listing:
        now.entries = len(found.listing.entries)
        now.dated = sum(entry.published is not None for entry in found.listing.entries)
    pages = []
    for sample in found.samples:
        row = reading.article_page(held, sample.url)
        if sample.refused in GONE:
            now.gone[sample.url] = (sample.error or "").removeprefix("unreadable: ")
        elif row is not None and sample.article is not None:
            pages.append(Reread(row, site, sample.article))
        elif row is not None and sample.refused is not None:
            pages.append(Reread(row, site, PageError(sample.refused, (sample.error or "").partition(": ")[2])))
        elif sample.article is not None:
            now.fresh.append(sample.url)
        else:
            now.unread[sample.url] = sample.error or ""
    now.health = health.of(pages)
    return now


def plain(now: Live) -> dict[str, Any]:
    """For ``--json``."""
    return {"code": now.code, "well": now.health.well, **asdict(now)}


def complaints(found: Health, now: Live | None = None) -> list[str]:
    """What makes the exit code another than 0, a sentence each."""
    told = list(_complaints(found))
    if now is not None:
        if now.error:
            told.append(f"live: the listing {now.listing} cannot be read: {now.error}")
        if now.astray:
            told.append(
                f"live: none of the {len(now.gone)} articles that {now.listing} led to is there: are its links read wrongly?"
            )
        told += [f"live: {url} cannot be read: {why}" for url, why in now.unread.items()]
        told += [f"live: {complaint}" for complaint in _complaints(now.health)]
    return told


def _complaints(found: Health) -> Iterator[str]:
    for name, words in found.vanished.items():
        yield f"{name} vanished: {words}"
    for name, tally in found.fields.items():
        if tally.lost:
            sample = next(sample for sample in tally.samples if sample.found is None)
            yield f"{name} is held of {amount(tally.lost, 'page')} that do not show it any more, such as {sample.url}"
    for url, at, why in found.lost[: health.SAMPLES]:
        yield f"{url} of {at} was an article, and does not read as one any more: {why}"
    if (more := len(found.lost) - health.SAMPLES) > 0:
        yield f"{amount(more, 'more page')} do not read any more"
    for url, why in found.broken.items():
        yield f"{url} was an article, and its later captures are none: {why}"


def show(site: Site, found: Health, seconds: float, now: Live | None) -> None:
    """All that was found, on stdout."""
    parts: list[RenderableType] = [Text.assemble((site.name, "bold"), f"  {site.title or ''}".rstrip())]
    if found.pages:
        parts += [Text(f"  {_pages(found, seconds)}"), *_fields(found)]
    if now is not None:
        parts += [Text.assemble("\n", ("Live", "bold"), "  ", (now.listing, "dim")), *_live(now)]
    told = complaints(found, now)
    notes = [*_notes(found), *(_notes(now.health) if now else ())]
    if told or notes:
        parts.append(Text("\nWorth knowing", style="bold"))
        parts += [Text.assemble(("  ✗ ", "red"), line) for line in told]
        parts += [Text.assemble(("  ! ", "yellow"), line) for line in notes]
    parts += [Text(), _verdict(found, now, told)]
    probing.show(Group(*parts))


def _verdict(found: Health, now: Live | None, told: list[str]) -> Text:
    if told:
        return Text("✗ something was lost or cannot be asked, see above", style="red")
    if not found.pages and not (now and now.health.pages):
        return Text("? nothing is held to compare with", style="yellow")
    return Text("✓ every page that was an article reads as one, and no field is lost", style="green")


def _pages(found: Health, seconds: float) -> str:
    span = f"captured {found.first} – {found.last}"
    return (
        f"{amount(found.pages, 'held page')} ({found.read:,} read as articles), {span}, read again in {seconds:.1f} s"
    )


def idle(found: Health) -> Iterator[str]:
    for name in found.idle:
        yield f"selectors.{name} of the site file matches nothing on any page; correct or remove it"


def _notes(found: Health) -> Iterator[str]:
    yield from idle(found)
    if found.gained:
        yield f"{amount(found.gained, 'page')} did not read when captured and do now; `newsspider reparse` takes them in"
    if found.unread:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(found.unread.items()))
        yield f"pages that never were articles: {kinds}"


def _fields(found: Health) -> Iterator[RenderableType]:
    table = Table(
        "field", "pages", *KINDS, "rule", "for example", "read from", box=None, pad_edge=False, show_edge=False
    )
    for name, tally in found.fields.items():
        numbers = [str(getattr(tally, kind) or "") for kind in KINDS]
        head = [name, f"{tally.found:,}", *numbers]
        for rule, sample in tally.rules.items():
            shown = _cut(sample.found), _cut(sample.raw)
            table.add_row(*head, f"{rule} ×{tally.by_rule[rule]:,}", *shown)
            head = [""] * len(head)
        if not tally.rules:
            table.add_row(*head)
    yield Padding(table, (1, 0, 0, 2), expand=False)
    samples = [(name, sample) for name, tally in found.fields.items() for sample in tally.samples]
    if samples:
        yield Text("\nRead otherwise than held", style="bold")
    for name, sample in samples:
        yield Text.assemble("  ", (name, "cyan"), f"  {sample.url}  ", (f"captured {sample.captured_at}", "dim"))
        yield Text.assemble("    held  ", _said(sample.held))
        yield Text.assemble("    now   ", _said(sample.found), (_origin(sample), "dim"))


def _origin(sample: Sample) -> str:
    raw = f" from {_cut(sample.raw)!r}" if sample.raw else ""
    return f"  by {sample.rule}{raw}" if sample.rule else ""


def _said(value: Value) -> Text:
    return Text("nothing", style="red") if value is None else Text(_cut(value))


def _cut(value: Value) -> str:
    text = Text("" if value is None else str(value).replace("\n", "⏎"))
    text.truncate(WIDEST, overflow="ellipsis")
    return text.plain.rstrip()


def _live(now: Live) -> Iterator[RenderableType]:
    if not now.error:
        yield Text(f"  {amount(now.entries, 'entry')}, {now.dated} dated")
    if now.health.pages:
        yield Text(f"  {amount(now.health.pages, 'article')} that are held, as they read now")
        yield from _fields(now.health)
    for url in now.fresh:
        yield Text.assemble(f"  {url}  ", ("reads well, not held yet", "dim"))
    for url, why in now.gone.items():
        yield Text.assemble(f"  {url}  ", (f"withdrawn: {why}", "dim"))
