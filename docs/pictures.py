"""The pictures of the README, made from the demo: ./run.sh pictures ARCHIVE. Needs Chromium and a Chinese font (fonts-noto-cjk)."""

from __future__ import annotations

import base64
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent / "tests"))

from browser import Browser  # noqa: E402

from newsspider import report  # noqa: E402
from newsspider.archive import Archive, overview  # noqa: E402

WIDTH, HEIGHT = 900, 950  # pixels


def main(path: str) -> None:
    with tempfile.TemporaryDirectory() as made, Archive(path) as archive:
        ended = datetime.fromtimestamp(overview.last_moment(archive) or 0, UTC)  # as it looked then
        most_read = archive.rows("SELECT id FROM article ORDER BY views DESC LIMIT 1")[0]["id"]
        report.write(archive, Path(made), ended, chosen=[most_read])
        with Browser(Path(made, "profile")) as browser:
            for language, ending in (("en", ""), ("zh", ".zh")):
                shot(browser, Path(made, "index.html"), language, DOCS / f"report{ending}.png", HEIGHT)
                shot(browser, Path(made, f"article-{most_read}.html"), language, DOCS / f"article{ending}.png", 820)


def shot(browser: Browser, page: Path, language: str, picture: Path, height: int) -> None:
    browser.tell("Emulation.setScrollbarsHidden", hidden=True)
    browser.open(page, width=WIDTH, height=height)
    browser.ask(f"document.getElementById('language-{language}').click()")
    image = browser.tell("Page.captureScreenshot", format="png")
    picture.write_bytes(base64.b64decode(image["data"]))
    print(f"{picture.relative_to(DOCS.parent)}: {picture.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(sys.argv[1])
