"""The pictures of the README, made from the demo: ./run.sh pictures ARCHIVE. Needs Chromium and a Chinese font (fonts-noto-cjk)."""

from __future__ import annotations

import base64
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent / "tests"))

from browser import Browser  # noqa: E402

from newsspider import report  # noqa: E402
from newsspider.archive import Archive, overview  # noqa: E402
from newsspider.serve import app  # noqa: E402

WIDTH, HEIGHT = 900, 950  # pixels


def main(path: str) -> None:
    with tempfile.TemporaryDirectory() as made, Archive(path) as archive:
        ended = datetime.fromtimestamp(overview.last_moment(archive) or 0, UTC)  # as it looked then
        most_read = archive.rows("SELECT id FROM article ORDER BY views DESC LIMIT 1")[0]["id"]
        report.write(archive, Path(made), ended, chosen=[most_read])
        with Browser(Path(made, "profile")) as browser, served(Path(path)) as address:
            browser.tell("Emulation.setScrollbarsHidden", hidden=True)
            for language, ending in (("en", ""), ("zh", ".zh")):
                chosen = f"document.getElementById('language-{language}').click()"
                shot(browser, Path(made, "index.html"), chosen, DOCS / f"report{ending}.png", HEIGHT)
                shot(browser, Path(made, f"article-{most_read}.html"), chosen, DOCS / f"article{ending}.png", 820)
                front = f"{address}/?lang={language}"
                shot(browser, front, "document.activeElement.blur()", DOCS / f"serve{ending}.png", 720)


@contextmanager
def served(archive: Path) -> Iterator[str]:
    """`newsspider serve` in a thread; gives its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app.of(archive).app(), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def shot(browser: Browser, page: Path | str, before: str, picture: Path, height: int) -> None:
    """``before``: what is done in the page first."""
    browser.open(page, width=WIDTH, height=height)
    browser.ask(before)
    image = browser.tell("Page.captureScreenshot", format="png")
    picture.write_bytes(base64.b64decode(image["data"]))
    print(f"{picture.relative_to(DOCS.parent)}: {picture.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(sys.argv[1])
