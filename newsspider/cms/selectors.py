"""Selectors that site files give, checked before a page is read by them: what they say wrong shows otherwise only where a page matches."""

from __future__ import annotations

import re

from lxml import etree, html

from newsspider.reading.document import compiled

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_VARIABLE = re.compile(r"\$\s*[\w.:-]*")
_PREFIXED = re.compile(r"(?<![\w.:-])(?!xml:)[A-Za-z_][\w.-]*:(?!:)[\w*][\w.-]*")
_CALLED = re.compile(r"([A-Za-z_][\w.-]*)\s*\(")
_KNOWN = frozenset(
    "last position count id local-name namespace-uri name string concat starts-with contains substring-before substring-after"
    " substring string-length normalize-space translate boolean not true false lang number sum floor ceiling round"
    " comment text processing-instruction node and or div mod".split()
)


def check(selector: str) -> None:
    """Raises ValueError for one that cannot find elements or texts on any page."""
    try:
        path = compiled(selector)
        _check_names(path.path)
        found = path(html.document_fromstring("<p>"))
    except (etree.XPathError, RecursionError) as error:
        raise ValueError(f"the selector {selector[:200]!r} cannot be evaluated: {error}") from error
    if not isinstance(found, list):
        raise ValueError(f"the selector {selector!r} gives no elements, but {found!r}")


def _check_names(path: str) -> None:
    bare = _QUOTED.sub("''", path)
    if found := _VARIABLE.search(bare):
        raise ValueError(f"the selector {path!r} has a variable, {found[0]}; there are none")
    if found := _PREFIXED.search(bare):
        raise ValueError(f"the selector {path!r} has a prefix, {found[0]}; leave it out: pages are read as HTML")
    for name in _CALLED.findall(bare):
        if name not in _KNOWN:
            raise ValueError(f"the selector {path!r} calls {name}(), which XPath 1.0 does not have")
