"""What is said of an occasion: plain text, with the difference of an edit. Pure; the same occasion makes the same message."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from newsspider.archive.occasions import FIELDS, Occasion
from newsspider.characters import plain, visible
from newsspider.extract import changes

TEXT, DIFFERENCE = 1500, 6000  # characters of each that a message carries
CUT = "…"
WITH_TEXT = ("new", "withdrawn")  # else it is one that readers still find
MARKS = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
SAID = {
    "new": "New",
    "edited": "Edited",
    "withdrawn": "Withdrawn",
    "back": "Back",
    "spike": "Views jumped",
    "drop": "Views fell",
    "reset": "Views were reset",
    "quiet": "Quiet",
    "broken": "Not as it was",
    "well": "Well again",
}


def uid(*parts: str) -> str:
    """The name of an alert or a message: of the same parts always the same."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def uid_of(rule: str, one: Occasion) -> str:
    return uid(rule, one.event, one.site, one.identity, one.at)


def message(one: Occasion) -> dict[str, Any]:
    """What a receiver is told, as JSON has it."""
    about: dict[str, Any] = {"event": one.event, "site": one.site, "at": one.at, "url": one.url, "note": one.note}
    about |= dict.fromkeys(("article", "text", "changes", "counts"))
    if one.article_id is not None:
        title = plain(one.fields.get("title") or "") or one.url
        body = visible(one.fields.get("body") or "")
        published = one.fields.get("published")
        about["article"] = {"id": one.article_id, "title": title, "published": published, "views": one.views}
        if one.event in WITH_TEXT:
            about["text"] = body if len(body) <= TEXT else body[:TEXT] + CUT
    if one.before is not None:
        about["changes"] = {field: pieces for field in FIELDS if (pieces := _pieces(one, field))}
    if one.counts is not None:
        about["counts"] = {"before": one.counts[0], "after": one.counts[1]}
    return about


def _pieces(one: Occasion, field: str) -> list[list[str]]:
    """(same, gone or new; text) of a field that changed; what stayed the same is shortened between changes, and all in the end."""
    before, after = (visible((said or {}).get(field) or "") for said in (one.before, one.fields))
    if before == after:
        return []
    found: list[list[str]] = []
    room = DIFFERENCE
    for kind, text in changes.between(before, after):
        if kind == "same" and len(text) > 60:
            text = f"{text[:25] if found else CUT}{CUT if found else ''}{text[-25:]}"
        found.append([kind, text if len(text) <= room else text[:room] + CUT])
        room -= len(text)
        if room <= 0:
            break
    return found


def subject(about: Mapping[str, Any]) -> str:
    """One line.

    >>> subject({"event": "edited", "site": "campus", "article": {"title": "招生通知"}})
    'Edited: 招生通知 (campus)'
    """
    if article := about.get("article"):
        return plain(f"{SAID[about['event']]}: {article['title']} ({about['site']})")
    return plain(f"{SAID[about['event']]}: {about['site']}")


def text(about: Mapping[str, Any]) -> str:
    """Some lines: what, where, the count, the difference or the text."""
    lines = [subject(about), f"noticed {about['at']}"]
    if about.get("url"):
        lines.append(about["url"])
    if about.get("note"):
        lines.append(visible(about["note"]))
    article = about.get("article") or {}
    if article.get("published"):
        lines.append(f"published {plain(article['published'])}")
    if counts := about.get("counts"):
        lines.append(f"views {_number(counts['before'])} → {_number(counts['after'])}")
    elif article.get("views") is not None:
        lines.append(f"views {article['views']:,}")
    for field, pieces in (about.get("changes") or {}).items():
        lines += ["", f"{field}:", "".join(MARKS[kind].format(piece) for kind, piece in pieces)]
    if about.get("text"):
        lines += ["", about["text"]]
    return "\n".join(lines)


def _number(count: int | None) -> str:
    return "?" if count is None else f"{count:,}"


def together(abouts: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Subject and text of a message that tells of one alert or of several."""
    if len(abouts) == 1:
        return subject(abouts[0]), text(abouts[0])
    listed = "\n".join(f"- {subject(about)}" for about in abouts)
    whole = "\n\n----\n\n".join(map(text, abouts))
    return f"{len(abouts)} alerts: {subject(abouts[0])} …", f"{listed}\n\n{whole}"
