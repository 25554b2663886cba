"""What bytes are, by the bytes themselves: names and declared types of files are often wrong."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

# (first bytes, media type, in words): https://en.wikipedia.org/wiki/List_of_file_signatures
SIGNATURES = (
    (b"%PDF", "application/pdf", "a PDF"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "a PNG image"),
    (b"GIF8", "image/gif", "a GIF image"),
    (b"\xff\xd8\xff", "image/jpeg", "a JPEG image"),
    (b"RIFF", "application/octet-stream", "a media file"),  # more is said 8 bytes on, see RIFF
    (b"PK\x03\x04", "application/zip", "a ZIP archive or an Office document"),
    (b"Rar!", "application/vnd.rar", "a RAR archive"),
    (b"7z\xbc\xaf", "application/x-7z-compressed", "a 7z archive"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage", "an old Office document"),  # doc, xls, ppt, wps alike
    (b"{\\rtf", "application/rtf", "an RTF document"),
    (b"\x1f\x8b", "application/gzip", "gzip data"),
    (b"ID3", "audio/mpeg", "an audio file"),
    (b"II*\x00", "image/tiff", "a TIFF image"),
    (b"MM\x00*", "image/tiff", "a TIFF image"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon", "an icon"),
    (b"FLV\x01", "video/x-flv", "a video"),
    (b"\x1aE\xdf\xa3", "video/webm", "a video"),
)
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/vnd.wave", b"AVI ": "video/vnd.avi"}
BRANDS = {b"avif": "image/avif", b"heic": "image/heic", b"heix": "image/heic", b"M4A ": "audio/mp4"}
OFFICE = {"word/": "wordprocessingml.document", "xl/": "spreadsheetml.sheet", "ppt/": "presentationml.presentation"}
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<script[\s>]|<meta[\s>]", re.I)
_SVG = re.compile(rb"<svg[\s>]", re.I)


def words(head: bytes) -> str | None:
    """What kind of file begins like this; None: none that is known."""
    if head[4:8] == b"ftyp":
        return "a picture" if head[8:12] in BRANDS and BRANDS[head[8:12]].startswith("image") else "a video"
    return next((what for start, _, what in SIGNATURES if head.startswith(start)), None)


def media_type(body: bytes) -> str:
    """The media type that the bytes show; ``text/html`` also for a fragment, ``application/octet-stream`` for what is not known.

    >>> media_type(b"%PDF-1.7 ..."), media_type("<html><body>请输入验证码</body></html>".encode())
    ('application/pdf', 'text/html')
    """
    head = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"RIFF"):
        return RIFF.get(head[8:12], "application/octet-stream")
    if head.startswith(b"PK\x03\x04"):
        return _zip(body)
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "image/bmp"
    for start, kind, _ in SIGNATURES:
        if head.startswith(start):
            return kind
    if head.startswith(b"<"):
        if _HTML.search(head):  # also a page that draws with SVG
            return "text/html"
        return "image/svg+xml" if _SVG.search(head) else "application/xml" if head.startswith(b"<?xml") else "text/html"
    if _HTML.search(head):
        return "text/html"
    return "application/octet-stream" if not head or b"\x00" in head else _text(body)


def _zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(body)) as packed:
            names = packed.namelist()
            if "mimetype" in names and packed.getinfo("mimetype").file_size < 100:  # OpenDocument, EPUB
                return packed.read("mimetype").decode("ascii").strip()
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, RuntimeError, OSError, EOFError):
        return "application/zip"  # cut off, or not a plain one: its first bytes are all there is to go by
    for folder, kind in OFFICE.items():
        if any(name.startswith(folder) for name in names):
            return f"application/vnd.openxmlformats-officedocument.{kind}"
    return "application/zip"


def _text(body: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "text/plain"
    return "application/octet-stream"
