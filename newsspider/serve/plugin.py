"""The pages beside Datasette's own: front page, search, an article with its curve and versions, stored pages, feeds of changes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from datasette import Response, hookimpl

from newsspider import replay
from newsspider.archive import Archive, ArchiveError, ages, files, notices, overview, reading
from newsspider.archive import search as searching
from newsspider.export import feeds
from newsspider.extract import changes, charset
from newsspider.report import curve
from newsspider.serve import metadata, tables

HITS = 20  # on a page of the search
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
FEEDS = {
    "atom": ("atom", "application/atom+xml; charset=utf-8"),
    "json": ("jsonfeed", "application/feed+json; charset=utf-8"),
}
FIELDS = ("title", "published", "source", "author", "editor", "body")


class Plugin:
    """For one archive; Datasette takes an object as well as a module."""

    __name__ = "newsspider"

    def __init__(self, path: Path) -> None:
        self.path = path

    @hookimpl
    def register_routes(self) -> list[tuple[str, Callable[..., Any]]]:
        return [
            (r"^/$", self.front),
            (r"^/search$", self.search),
            (r"^/article/(?P<id>\d+)$", self.article),
            (r"^/article/(?P<id>\d+)/version/(?P<number>\d+)$", self.version),
            (r"^/article/(?P<id>\d+)/page/(?P<number>\d+)$", self.page),
            (r"^/image$", self.image),
            (r"^/feed\.(?P<kind>atom|json)$", self.feed),
        ]

    @hookimpl
    def extra_template_vars(self, request: Any) -> dict[str, Any]:
        chinese = language(request) == "zh"
        return {
            "chinese": chinese,
            "t": lambda zh, en: zh if chinese else en,
            "questions": metadata.words("questions"),
            "archive_name": self.path.stem,
        }

    @hookimpl
    def extra_css_urls(self) -> list[str]:
        return ["/assets/newsspider.css"]

    @hookimpl(trylast=True)  # after Datasette's own, whose place it takes
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        conn.create_function(
            "escape_fts", 1, lambda text: searching.read(text or "").candidates() or '""', deterministic=True
        )

    @hookimpl
    def render_cell(self, row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
        """Numbers of articles lead to their pages."""
        from markupsafe import Markup

        if isinstance(value, int) and (
            column == "article_id" or (column == "id" and table in ("article", None) and "title" in tuple(row.keys()))
        ):
            return Markup('<a href="/article/{0}">{0}</a>').format(value)
        return None

    @hookimpl
    def asgi_wrapper(self, datasette: Any) -> Callable[[Any], Any]:
        def wrap(app: Any) -> Any:
            async def answer(scope: Any, receive: Any, send: Any) -> None:
                async def guarded(message: Any) -> None:
                    if message["type"] == "http.response.start":
                        named = {name.lower() for name, _ in message["headers"]}
                        if b"content-security-policy" not in named:
                            message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode())]
                        message["headers"] = [
                            *message["headers"], (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"),
                        ]  # fmt: skip
                    await send(message)

                await app(self._opened(scope), receive, guarded)

            return answer

        return wrap

    def _opened(self, scope: Any) -> Any:
        """Of the page of a table, as it is shown; of anything else, as it was asked."""
        folder, _, table = scope.get("path", "").strip("/").rpartition("/")
        if scope["type"] != "http" or folder != quote(self.path.stem):
            return scope
        return scope | {"query_string": tables.opened(table, scope["query_string"].decode("latin-1")).encode()}

    # Pages

    async def front(self, request: Any, datasette: Any) -> Response:
        return await self._html(datasette, request, "index.html", {})

    async def search(self, request: Any, datasette: Any) -> Response:
        query = (request.args.get("q") or "").strip()
        sort = request.args.get("sort") if request.args.get("sort") in ("date", "views", "relevance") else "date"
        versions = bool(request.args.get("versions"))
        found, error = None, None
        if query:
            try:
                found = await self._ask(lambda held: held.search(query, sort=sort, versions=versions, limit=HITS * 5))
            except (ValueError, ArchiveError) as wrong:
                error = str(wrong)
        told = {
            "query": query,
            "sort": sort,
            "versions": versions,
            "found": found,
            "error": error,
            "pieces": pieces,
            "marks": _marks(query),
        }
        return await self._html(datasette, request, "search.html", told)

    async def article(self, request: Any, datasette: Any) -> Response:
        number = int(request.url_vars["id"])

        def gather(held: Archive) -> dict[str, Any] | None:
            if not reading.known(held, number):
                return None
            article = held.article(number)
            zone = ZoneInfo(reading.timezone(held, article.site))
            series, events = held.series(number), held.events(number)
            return {
                "article": article, "curve": _curve(held, number, zone, events), "versions": held.versions(number), "events": events,
                "expected": [one for one in held.expected(number) if one.expected is not None],
                "series": series, "zone": zone, "addresses": reading.addresses(held, number), "files": files.read(held.conn, number),
                "when": lambda at: _local(at, zone),
            }  # fmt: skip

        told = await self._ask(gather)
        if told is None:
            return await self._missing(datasette, request, f"no article has the number {number}")
        return await self._html(datasette, request, "article.html", told)

    async def version(self, request: Any, datasette: Any) -> Response:
        versions, number = await self._versions(request)
        if not 1 <= number <= len(versions):
            return await self._missing(datasette, request, f"this article has {len(versions)} versions")
        now, before = versions[number - 1], versions[number - 2] if number > 1 else None
        differences = {}
        if before is not None:
            found = {name: changes.between(getattr(before, name) or "", getattr(now, name) or "") for name in FIELDS}
            differences = {name: parts for name, parts in found.items() if any(part.kind != "same" for part in parts)}
        told = {"version": now, "before": before, "differences": differences, "last": len(versions)}
        return await self._html(datasette, request, "version.html", told)

    async def page(self, request: Any, datasette: Any) -> Response:
        versions, number = await self._versions(request)
        version = versions[number - 1] if 1 <= number <= len(versions) else None

        def read(held: Archive) -> str | None:
            found = reading.page_of(held, version.snapshot_id) if version else None
            if version is None or found is None:
                return None
            _, text = charset.decoded(*found)

            def image(url: str) -> str | None:
                return f"/image?url={quote(url, safe='')}" if files.held(held.conn, url) else None

            return replay.page(text, version.url, image)

        shown = await self._ask(read)
        if shown is None:
            return await self._missing(datasette, request, "no page of this version is held")
        body = await datasette.render_template("page.html", {"shown": shown, "version": version}, request=request)
        return Response.html(body, headers={"content-security-policy": replay.POLICY})

    async def image(self, request: Any, datasette: Any) -> Response:
        url = request.args.get("url") or ""
        found = await self._ask(lambda held: reading.file_of(held, url))
        if found is None or not found[1].startswith("image/") or "svg" in found[1]:
            return await self._missing(datasette, request, "that image is not held")
        return Response(found[0], content_type=found[1], headers={"content-security-policy": replay.POLICY})

    async def feed(self, request: Any, datasette: Any) -> Response:
        """Atom, or JSON Feed: of all, of ``site``, of what the search ``q`` finds."""
        kind, content_type = FEEDS[request.url_vars["kind"]]
        site, query = request.args.get("site"), request.args.get("q")
        found = await self._ask(lambda held: notices.latest(held, site=site, query=query))
        return Response(feeds.feed(kind, found, site=site, query=query), content_type=content_type)

    async def _versions(self, request: Any) -> tuple[Sequence[Any], int]:
        """Of the article that is asked for, none where it is not known; and the number that is asked for."""
        article_id, number = int(request.url_vars["id"]), int(request.url_vars["number"])

        def read(held: Archive) -> Sequence[Any]:
            return held.versions(article_id) if reading.known(held, article_id) else ()

        return await self._ask(read), number

    async def _missing(self, datasette: Any, request: Any, why: str) -> Response:
        return Response.html(await datasette.render_template("missing.html", {"why": why}, request=request), status=404)

    async def _ask(self, question: Callable[[Archive], Any]) -> Any:
        """In a thread, on a connection of its own: a long search holds nobody up."""

        def ask() -> Any:
            with Archive(self.path) as held:
                return question(held)

        return await asyncio.to_thread(ask)

    async def _html(self, datasette: Any, request: Any, template: str, told: dict[str, Any]) -> Response:
        return Response.html(await datasette.render_template(template, told, request=request))


def language(request: Any) -> str:
    """zh or en: as ``?lang=`` says, else as the browser prefers; Chinese where it says nothing."""
    if request is None:
        return "zh"
    if (asked := request.args.get("lang")) in ("zh", "en"):
        return asked
    preferred = request.headers.get("accept-language", "zh").lower()
    return "en" if preferred.startswith("en") or ("zh" not in preferred and "en" in preferred) else "zh"


def pieces(text: str, marks: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is marked.

    >>> pieces("关于招生的通知", [(2, 4)])
    [('关于', False), ('招生', True), ('的通知', False)]
    """
    found, end = [], 0
    for start, stop in marks:
        found += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return [(piece, marked) for piece, marked in [*found, (text[end:], False)] if piece]


def _marks(query: str) -> Callable[[str], list[tuple[int, int]]]:
    """Where a text says what is looked for."""
    asked = searching.read(query)
    return lambda text: searching.marks(text, asked)


def _curve(held: Archive, number: int, zone: ZoneInfo, events: Sequence[Any]) -> curve.Curve | None:
    readings = [curve.Reading(*one) for one in overview.readings(held, number)]
    if len(readings) < 2:
        return None
    marks = [curve.Mark(event.event, _second(event.at), event.before, event.after) for event in events]
    return curve.draw(readings, marks, zone, bounds=ages.bounds(held.conn, number))


def _second(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())


def _local(instant: str | None, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(zone):%Y-%m-%d %H:%M}" if instant else "–"
