"""Text as pages write it: letters, widths and white space."""

from __future__ import annotations

import re

LETTER = re.compile(r"[^\W\d_]")  # of any script

# Full-width forms and the spaces of typesetting, each to one ASCII character: positions stay as they are.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(
    [0x3000, 0x00A0, *range(0x2000, 0x200B), 0x202F, 0x205F], 0x20
)


def narrow(value: str) -> str:
    """``value`` with ASCII for its full-width forms, character for character.

    >>> narrow("日期：２０２３－０４－２１　９：００")
    '日期:2023-04-21 9:00'
    """
    return value.translate(_NARROW)
