"""WARC 1.1 and its CDXJ index: every capture as an answer of the site, the same bytes again as a revisit.

Needs the extra ``warc`` (warcio). Answers whose bytes are not held (HTTP errors) are records marked ``WARC-Truncated``: that the
page was missing is a fact, what the error page said is not known.
"""

from __future__ import annotations

import json
import posixpath
import re
import sqlite3
import uuid
from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from newsspider import __version__, whole
from newsspider.archive import Archive, payloads, reading

# Of the transfer, not of the bytes held: those are decoded.
OF_THE_TRANSFER = ("content-encoding", "transfer-encoding", "content-length", "certificate-problem")


def write(
    archive: Archive,
    folder: Path,
    site: str | None = None,
    progress: Callable[[str, int, int], None] = lambda part, done, total: None,
    captures: Iterable[sqlite3.Row] | None = None,
) -> tuple[Path, int]:
    """Writes ``<archive>.warc.gz`` and ``<archive>.cdxj`` into ``folder``: the WARC's path, and how many captures it holds.

    ``captures``: these alone, as `reading.captures` gives them. The same captures give the same bytes.
    """
    from warcio.warcwriter import WARCWriter

    folder.mkdir(parents=True, exist_ok=True)
    of_site = "-" + re.sub(r"[^\w.:-]+", "-", site)[:100] if site else ""
    path = folder / f"{archive.path.stem}{of_site}.warc.gz"
    opener, index = payloads.Opener(archive.conn), list[str]()
    first: dict[str, tuple[str, str, str]] = {}
    with whole.file(path) as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")
        writer.write_record(_warcinfo(writer, path.name))
        for number, row in enumerate(reading.captures(archive, site) if captures is None else captures):
            progress("capture", number, 0)
            record = _record(writer, row, opener, first)
            start = out.tell()
            writer.write_record(record)
            index.append(_index_line(record, row, path.name, start, out.tell() - start))
    whole.write(path.with_suffix("").with_suffix(".cdxj"), "".join(sorted(index)))
    return path, len(index)


def _warcinfo(writer: Any, name: str) -> Any:
    record = writer.create_warcinfo_record(
        name,
        {
            "software": f"newsspider/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        },
    )
    record.rec_headers.replace_header("WARC-Date", "1970-01-01T00:00:00Z")  # the same archive, the same bytes
    record.rec_headers.replace_header("WARC-Record-ID", _name(f"warcinfo {name}"))
    return record


def _record(writer: Any, row: sqlite3.Row, opener: payloads.Opener, first: dict[str, tuple[str, str, str]]) -> Any:
    """``first`` maps a payload's digest to where it was written: (URL, date, digest as WARC has it)."""
    body = opener.body(row) if row["payload_digest"] else b""
    about = {
        "WARC-Record-ID": _name(f"{row['url']} {row['captured_at']} {row['id']}"),
        "WARC-Date": row["captured_at"],
    }
    answer = _answer(row, len(body))
    if row["payload_digest"] in first:
        url, date, digest = first[row["payload_digest"]]
        return writer.create_revisit_record(row["url"], digest, url, date, http_headers=answer, warc_headers_dict=about)
    if not row["payload_digest"]:
        about["WARC-Truncated"] = "unspecified"
    record = writer.create_warc_record(
        row["url"], "response", payload=BytesIO(body), length=len(body), http_headers=answer, warc_headers_dict=about
    )
    if row["payload_digest"]:
        digest = record.rec_headers.get_header("WARC-Payload-Digest")
        first[row["payload_digest"]] = (row["url"], row["captured_at"], digest)
    return record


def _answer(row: sqlite3.Row, size: int) -> Any:
    from warcio.statusandheaders import StatusAndHeaders

    held = json.loads(row["headers"] or "{}")
    headers = [(name.title(), value.replace("\n", " ")) for name, value in held.items() if name not in OF_THE_TRANSFER]
    try:
        phrase = HTTPStatus(row["status"]).phrase
    except ValueError:
        phrase = ""
    return StatusAndHeaders(
        f"{row['status']} {phrase}".strip(), [*headers, ("Content-Length", str(size))], protocol="HTTP/1.1"
    )


def _index_line(record: Any, row: sqlite3.Row, name: str, offset: int, length: int) -> str:
    revisit = record.rec_type == "revisit"
    mime = record.http_headers.get_header("Content-Type", "unk").partition(";")[0].strip() or "unk"
    about = {
        "url": row["url"],
        "mime": "warc/revisit" if revisit else mime,
        "status": str(row["status"]),
        "digest": record.rec_headers.get_header("WARC-Payload-Digest").removeprefix("sha1:"),
        "length": str(length),
        "offset": str(offset),
        "filename": name,
    }
    stamp = re.sub(r"\D", "", row["captured_at"])
    return f"{surt(row['url'])} {stamp} {json.dumps(about, ensure_ascii=False)}\n"


def _name(text: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, text)}>"


def surt(url: str) -> str:
    """The key of an address in a CDXJ index: host backwards, without what does not tell two pages apart.

    >>> surt("http://www.News.example.edu.cn/Info/1001/1.htm?b=2&a=1")
    'cn,edu,example,news)/info/1001/1.htm?a=1&b=2'
    """
    parts = urlsplit(quote(url, safe="!\"$%&'()*+,-./:;<=>?@[\\]^_`{|}~#").lower())
    host = re.sub(r"^www\d*\.", "", parts.hostname or "")
    port = f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}.get(parts.scheme) else ""
    path = re.sub(r"/+", "/", posixpath.normpath(parts.path)) if parts.path else "/"
    query = "&".join(sorted(filter(None, parts.query.split("&"))))
    return f"{','.join(reversed(host.split('.')))}{port}){path}{'?' + query if query else ''}"
