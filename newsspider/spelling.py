"""Names that are nearly right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def near(name: str, known: Iterable[str]) -> str:
    """``; did you mean …?`` where names are close to one that is none, else nothing.

    >>> near("xjtu-new", ["xjtu-news", "fudan"])
    '; did you mean xjtu-news?'
    """
    by_lower = {one.lower(): one for one in known}
    low = name.lower()
    close = difflib.get_close_matches(low, by_lower, n=3, cutoff=0.6)
    within = [one for one in by_lower if len(low) > 2 and (low in one or one in low)]
    found = [by_lower[one] for one in close or within[:3]]
    return f"; did you mean {' or '.join(found)}?" if found else ""
