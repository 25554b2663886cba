"""Digests, and what they decide."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from newsspider.items import Article

Outcome = Literal["new", "changed", "revisit"]


def payload(body: bytes) -> str:
    """``sha256:<hex>`` of the bytes as received."""
    return "sha256:" + hashlib.sha256(body).hexdigest()


def content(article: Article) -> str:
    """``sha256:<hex>`` of what a reader reads: title, date, credits and body; not the count, not the page around it."""
    return fields(article.title, article.published, article.source, article.author, article.editor, article.body)


def fields(
    title: str | None, published: str | None, source: str | None, author: str | None, editor: str | None, body: str
) -> str:
    """The same from the columns of a snapshot, so that a held version can be verified."""
    text = json.dumps([title, published, source, author, editor, body], ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def outcome(held: str | None, found: str) -> Outcome:
    """What a capture with the content ``found`` is, after a version ``held`` (None: the article has no version yet)."""
    if held is None:
        return "new"
    return "revisit" if held == found else "changed"
