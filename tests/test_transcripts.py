"""What files say: the text layer of PDFs, and text recognised in pictures. The files are made here."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsspider import transcribing
from newsspider.archive import Archive, fixity, merging, transcripts
from newsspider.archive.writing import Writer
from newsspider.cli import newsspider
from newsspider.demo.pdf import pdf
from newsspider.items import Article, ArticleItem, Attachment, Capture, FileItem, Site

pytest.importorskip("pypdf")
URL = "http://news.campus.test/info/1001/1.htm"
FILES = "http://news.campus.test/files"
LINES = ("关于清明节放假的通知", "各单位：四月四日至六日放假三天。")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A notice that says little, with a PDF, a broken one, and a file that is neither."""
    path = tmp_path / "archive.db"
    files = {"a.pdf": pdf(LINES), "broken.pdf": pdf(LINES)[:300], "empty.pdf": pdf(())}
    with Archive(path, write=True) as held:
        writer = Writer(held, "0.1.0")
        writer.start("crawl", [Site(name="campus")], "2026-03-01T01:00:00Z", {})
        article = Article(
            url=URL,
            title="通知",
            published="2026-03-01",
            body="见附件。",
            attachments=tuple(Attachment(url=f"{FILES}/{name}", title=name) for name in files),
        )
        capture = Capture(url=URL, captured_at="2026-03-01T01:00:00Z", status=200, payload=b"page")
        writer.write([ArticleItem(site="campus", capture=capture, article=article)])
        for name, payload in files.items():
            got = Capture(url=f"{FILES}/{name}", captured_at="2026-03-01T02:00:00Z", status=200, payload=payload)
            writer.write([FileItem(site="campus", capture=got, media_type="application/pdf")])
        writer.finish("2026-03-01T03:00:00Z", "finished", 3, 3)
    return path


def run(archive: Path, *arguments: str) -> Result:
    return CliRunner().invoke(newsspider, [*arguments, "--archive", str(archive)])


def test_the_text_layer_of_pdfs_is_held_apart_and_found(archive: Path) -> None:
    done = run(archive, "transcribe")
    assert done.exit_code == 0, done.output
    assert "1 file read, 1 file could not be read" in done.output
    with Archive(archive) as held:
        [said] = transcripts.of_article(held, 1)
        assert (said["method"], said["text"]) == ("pdf", "\n".join(LINES))
        assert said["tool"].startswith("pypdf ")
        assert held.versions(1)[0].body == "见附件。"
        assert not held.search("清明节").hits
        assert list(fixity.verify(held)) == []
    found = json.loads(run(archive, "search", "--files", "清明節 放假", "--json").output)
    assert (found["total"], found["files"][0]["file_url"]) == (1, f"{FILES}/a.pdf")
    assert "放假三天" in run(archive, "search", "--files", "四月四日").output
    assert "0 files read" in run(archive, "transcribe").output, "each file is read once"
    assert json.loads(run(archive, "search", "--files", "清明", "--since", "2027", "--json").output)["total"] == 0


def test_a_merge_takes_what_files_say(archive: Path, tmp_path: Path) -> None:
    with Archive(archive, write=True) as held:
        [file, *_] = transcripts.due(held, "pdf")
        transcripts.keep(held, file.digest, "pdf", "pypdf 7", "2026-03-02T00:00:00Z", "放假三天", None)
    with Archive(tmp_path / "all.db", write=True) as target:
        merging.merge(target, archive)
        assert [row["text"] for row in transcripts.of_article(target, 1)] == ["放假三天"]


def test_pictures_are_read_of_articles_that_say_little(archive: Path) -> None:
    with Archive(archive, write=True) as held:
        assert transcripts.due(held, "ocr") == []
        for file in transcripts.due(held, "pdf"):
            transcripts.keep(held, file.digest, "pdf", "pypdf 7", "2026-03-02T00:00:00Z", "", None)
        assert len(transcripts.due(held, "ocr")) == 3, "PDFs without a text layer are scans"
        with held.transaction() as conn:
            conn.execute("UPDATE payload SET media_type = 'image/png' WHERE media_type IS NOT NULL")
        assert len(transcripts.due(held, "ocr")) == 3
        with held.transaction() as conn:
            conn.execute("UPDATE snapshot SET body = ?", ("很长的正文" * 100,))
        assert transcripts.due(held, "ocr") == []
        assert len(transcripts.due(held, "ocr", every=True)) == 3
        assert transcripts.due(held, "ocr", "elsewhere", every=True) == []


@pytest.mark.parametrize("payload", [b"no pdf at all", b"%PDF-1.7\n" + b"[" * 100_000])
def test_a_file_that_cannot_be_read_is_an_error_and_no_crash(payload: bytes) -> None:
    said = transcribing.read(payload, "pdf")
    assert said.text is None
    assert said.error


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*arguments: object, **options: object) -> None:
        raise subprocess.TimeoutExpired("python", 60)

    monkeypatch.setattr(subprocess, "run", slow)
    assert transcribing.read(b"%PDF", "pdf") == (None, "it took more than 60 s")


def test_what_recognises_text_says_how_it_is_installed(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    transcribing.tool.cache_clear()
    done = run(archive, "transcribe", "--ocr")
    assert done.exit_code == 2
    assert "apt-get install tesseract-ocr tesseract-ocr-chi-sim" in done.output


FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


@pytest.mark.skipif(
    not shutil.which("tesseract") or not FONT.exists(), reason="needs tesseract-ocr-chi-sim and fonts-noto-cjk"
)
def test_text_is_recognised_in_a_scan(tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", (900, 300), 255)
    ImageDraw.Draw(image).multiline_text(
        (40, 60), "清明节放假通知\n放假三天", 0, ImageFont.truetype(str(FONT), 56), spacing=30
    )
    scan = pdf((), picture=(image.tobytes(), *image.size))
    assert transcribing.layer(scan) == ""
    assert transcribing.read(scan, "ocr").text == "清明节放假通知\n放假三天"
