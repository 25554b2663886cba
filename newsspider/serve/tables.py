"""How the page of a table opens, as ``tables.toml`` says, where nobody asks otherwise."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from newsspider.serve import metadata

FEW = ("article_id", "_search")  # what is asked by these is counted quickly in any view


def opened(table: str, query: str) -> str:
    """The query string of a page, with the columns it shows and whether its rows are counted.

    >>> opened("gone", "site=campus")
    'site=campus&_col=article_id&_col=site&_col=title&_col=published&_col=last_seen_at&_col=gone_since'
    >>> opened("look_day", "_all=1")
    '_all=1&_nocount=1'
    >>> opened("epoch", "article_id=17")
    'article_id=17'
    """
    own = metadata.words("tables").get(table, {})
    asked = parse_qsl(query, keep_blank_values=True)
    names = {name.partition("__")[0] for name, _ in asked}
    if not names & {"_col", "_nocol", "_all"}:
        asked += [("_col", column) for column in own.get("columns", ())]
    if not own.get("count", True) and not names & {"_nocount", *FEW}:
        asked.append(("_nocount", "1"))
    return urlencode(asked)
