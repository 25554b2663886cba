"""A request and its reply, as plain values: what the sites answer is computed without a socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, kw_only=True)
class Request:
    """``target`` is path and query as sent; ``asked`` the parameters of query and form, the form's winning."""

    method: str
    target: str
    path: str
    asked: Mapping[str, str]

    @classmethod
    def of(cls, method: str, target: str, form: str = "") -> Request:
        parts = urlsplit(target)
        pairs = parse_qsl(parts.query, keep_blank_values=True) + parse_qsl(form, keep_blank_values=True)
        return cls(method=method, target=target, path=parts.path, asked=dict(pairs))


@dataclass(frozen=True, kw_only=True)
class Reply:
    """``length`` is what Content-Length declares where it is not the truth; ``repeat`` sends the body that many times, unannounced."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds
    length: int | None = None
    repeat: int = 1
    drop: bool = False  # the connection is closed without a word


@cache
def template(name: str) -> Template:
    return Template(files("newsspider.demo").joinpath(f"templates/{name}.html").read_text(encoding="utf-8"))


def page(name: str, *, status: int = 200, encoding: str = "utf-8", kind: str = "text/html", **fields: object) -> Reply:
    """A filled template. Fields are escaped, except those whose names end in ``_html``."""
    filled = {key: str(value) if key.endswith("_html") else escape(str(value)) for key, value in fields.items()}
    body = template(name).substitute(filled, encoding=encoding)
    return Reply(status=status, body=body.encode(encoding, "xmlcharrefreplace"), kind=kind)


def text(body: str, *, status: int = 200, kind: str = "text/html") -> Reply:
    return Reply(status=status, body=body.encode(), kind=kind)
