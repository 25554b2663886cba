"""Characters that are no text: controls, marks that turn the direction of writing, marks without a width.

A title or a name is kept without them. A body keeps what its page has; they are made visible where they are printed. The joiner and
the non-joiner are letters' business in Persian, Indic scripts and emoji: there they stay in both.
"""

from __future__ import annotations

import re

_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NO_WIDTH = "\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_BESIDE = "\u0590-\u08ff\u0900-\u109f\u1780-\u18af\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"  # scripts and signs that are joined
_JOINER = f"(?<![{_BESIDE}])[\u200c\u200d]|[\u200c\u200d](?![{_BESIDE}])"
_ODD = re.compile(f"[\0-\x1f\x7f-\x9f\u2028\u2029{_DIRECTION}{_NO_WIDTH}]|{_JOINER}")
_SPACES = "\t\n\v\f\r\x85\u2028\u2029"
_LAYOUT = "\t\n"


def plain(text: str) -> str:
    r"""A title or a name without them.

    >>> plain("会议\x1b[2J召\u200b开\u202e"), plain("می\u200cخواهم")
    ('会议[2J召开', 'می\u200cخواهم')
    """
    return _ODD.sub(lambda found: " " if found[0] in _SPACES else "", text) if _ODD.search(text) else text


def visible(text: str) -> str:
    r"""A text for a terminal: each of them as JSON writes it, so that JSON stays the same JSON.

    >>> print(visible("\x1b[2J\u202e"))
    \u001b[2J\u202e
    """
    return _ODD.sub(lambda found: found[0] if found[0] in _LAYOUT else _escaped(found[0]), text)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
