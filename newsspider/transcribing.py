"""What a file says: the text layer of a PDF, and text recognised in pictures. Each file is read by a process of its own.

Files come from anybody: one that takes too long or too much memory ends its own process and nothing else. As a program, this module
reads one file from stdin (``python -m newsspider.transcribing pdf``) and prints what it says as JSON.
"""

from __future__ import annotations

import io
import json
import re
import resource
import shutil
import subprocess
import sys
from functools import cache
from typing import NamedTuple

SECONDS = {"pdf": 60, "ocr": 300}  # for a file
MEMORY = 2 << 30  # bytes, for the process of a file
PAGES = 200  # of a PDF; what stands behind is not read
LANGUAGES = "chi_sim+eng"
SMALL = 200  # pixels; a picture with a side below is no notice
HAN = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"
BETWEEN = re.compile(f"(?<=[{HAN}])[ \t]+(?=[{HAN}])")


class Said(NamedTuple):
    """``text`` None: it could not be read, ``error`` says why."""

    text: str | None
    error: str | None = None


class Missing(Exception):
    """A program that is needed is not installed; the message says what to do."""


@cache
def tool(method: str) -> str:
    """What reads, with its version. Raises Missing."""
    if method == "pdf":
        import pypdf

        return f"pypdf {pypdf.__version__}"
    if not shutil.which("tesseract"):
        raise Missing("tesseract is not installed: apt-get install tesseract-ocr tesseract-ocr-chi-sim")
    version = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
    held = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=True).stdout.split()
    if absent := set(LANGUAGES.split("+")) - set(held):
        raise Missing(f"tesseract does not know {', '.join(sorted(absent))}: apt-get install tesseract-ocr-chi-sim")
    return f"{(version.stdout or version.stderr).splitlines()[0]} {LANGUAGES}"


def read(payload: bytes, method: str) -> Said:
    """What a file says, by ``pdf`` or ``ocr``."""
    command = [sys.executable, "-m", "newsspider.transcribing", method]
    try:
        done = subprocess.run(command, input=payload, capture_output=True, timeout=SECONDS[method], check=False)
    except subprocess.TimeoutExpired:
        return Said(None, f"it took more than {SECONDS[method]} s")
    try:
        return Said(*json.loads(done.stdout))
    except (ValueError, TypeError):
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return Said(None, last or f"its process ended with code {done.returncode}")


def tidy(text: str) -> str:
    """Lines without blanks at their ends and none between Chinese characters, where programs see some; no empty ones.

    >>> tidy("关 于 放 假  \\n\\n 2026 年 Room 3")
    '关于放假\\n2026 年 Room 3'
    """
    lines = (BETWEEN.sub("", line).strip() for line in text.replace("\0", "").splitlines())
    return "\n".join(line for line in lines if line)


# In the process of one file


def layer(payload: bytes) -> str:
    """The text layer of a PDF."""
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(payload))
    return tidy("\n".join(page.extract_text() for page in reader.pages[:PAGES]))


def recognised(payload: bytes) -> str:
    """The text in a picture, or in the pictures of a PDF, page by page."""
    pictures = _of_pages(payload) if payload.startswith(b"%PDF") else [payload]
    return tidy("\n".join(_ocr(picture) for picture in pictures))


def _of_pages(payload: bytes) -> list[bytes]:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(payload))
    return [image.data for page in reader.pages[:PAGES] for image in page.images]


def _ocr(picture: bytes) -> str:
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        if min(image.size) < SMALL:
            return ""
        plain = io.BytesIO()
        image.convert("L").save(plain, "PNG")
    command = ["tesseract", "stdin", "stdout", "-l", LANGUAGES, "--psm", "3", "-c", "preserve_interword_spaces=1"]
    done = subprocess.run(command, input=plain.getvalue(), capture_output=True, check=False)
    if done.returncode:
        raise ValueError(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2])
    return done.stdout.decode("utf-8", "replace")


def main(method: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    payload = sys.stdin.buffer.read()
    try:
        said = Said(layer(payload) if method == "pdf" else recognised(payload))
    except Exception as error:  # noqa: BLE001  of a file by anybody: whatever is wrong with it is its own
        said = Said(None, f"{type(error).__name__}: {error}"[:300])
    print(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1])
