"""Names that are nearly right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LIKE = 0.74  # of two spellings, from which one is taken for a slip of the other; "start" and "status" have 0.73
PART = 5  # letters of a part that names a whole anywhere in it; a shorter one does so at its beginning


def near(name: str, known: Iterable[str]) -> str:
    """``; did you mean …?`` where names are close to one that is none, else nothing.

    >>> near("xjtu-new", ["xjtu-news", "mit-news", "fudan"])
    '; did you mean xjtu-news?'
    >>> near("delay", ["DOWNLOAD_DELAY", "CONTACT"])
    '; did you mean DOWNLOAD_DELAY?'
    >>> near("delete", ["related", "list"])
    ''
    """
    by_lower = {one.lower(): one for one in known}
    low = name.lower()
    close = difflib.get_close_matches(low, by_lower, n=3, cutoff=LIKE)
    parts = [one for one in by_lower if _begins(low, one) or (len(low) >= PART and low in one)]
    found = [by_lower[one] for one in close or parts[:3]]
    return f"; did you mean {' or '.join(found)}?" if found else ""


def _begins(one: str, other: str) -> bool:
    return min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one))
