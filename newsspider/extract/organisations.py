"""Which organisation a host belongs to, by the list of public suffixes that tldextract carries; nothing is fetched."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tldextract


@cache
def _extractor() -> tldextract.TLDExtract:
    # Loaded where a host is first asked for: with all that it imports it takes a tenth of a second.
    import tldextract

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def parts(host: str) -> tldextract.tldextract.ExtractResult:
    return _extractor()(host)


def of(host: str) -> str:
    """The registered domain; the host itself where it has none.

    >>> of("news.x.edu.cn:8080"), of("localhost")
    ('x.edu.cn', 'localhost')
    """
    name = parts(host)
    return f"{name.domain}.{name.suffix}" if name.suffix else host


def is_public_suffix(name: str) -> bool:
    """Whether a name is one below which anybody may have a name.

    >>> is_public_suffix("edu.cn"), is_public_suffix("x.edu.cn")
    (True, False)
    """
    return not parts(name).domain
