"""What may be asked at all: one decision, for every request and every redirect, by the address alone. No network, no clock."""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from newsspider.items import Site

SCHEMES = ("http", "https")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}", re.I)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Where a run may go. ``organisations``: registered domains, and hosts that have none; ``hosts``: single hosts beside them.

    ``seeds``: the hosts that the operator named, which may be private ones; ``private``: all hosts in scope may be.
    """

    organisations: frozenset[str]
    hosts: frozenset[str] = frozenset()
    seeds: frozenset[str] = frozenset()
    private: bool = False

    def refusal(self, url: str) -> str | None:
        """Why an address is not to be asked, in words; None: it may be."""
        try:
            parts = urlsplit(url)
            name = host(url)
        except ValueError:
            return "no address"
        if parts.scheme not in SCHEMES:
            return f"{parts.scheme or 'no'} address: only http and https are asked"
        if "@" in parts.netloc:
            return "an address with a user's name or password in it is not asked"
        if not name:
            return "no host in the address"
        if name not in self.hosts and organisation(name) not in self.organisations:
            return f"{name} is outside of the site (its site file can name it: hosts)"
        if not self.may_be_private(name) and (what := private(name)):
            return f"{name} is {what}; --allow-private asks it"
        return None

    def may_be_private(self, name: str) -> bool:
        """Whether a host (as `host` gives it) may be, or have, an address that only some networks reach."""
        return self.private or (name in self.seeds and private(name) is not None)


def of(site: Site, more: Iterable[str] = (), *, private: bool = False) -> Scope:
    """The scope of a site; ``more``: addresses that the operator named beside those of the site."""
    named = [*site.listings, *more]
    if site.homepage:
        named.append(site.homepage)
    seeds = frozenset(filter(None, map(host, named))) or frozenset({host(f"//{site.name}")})
    return Scope(
        organisations=frozenset(map(organisation, seeds)),
        hosts=frozenset(_plain(name) for name in site.hosts),
        seeds=seeds,
        private=private or site.allow_private,
    )


@lru_cache(maxsize=1024)
def organisation(name: str) -> str:
    """The registered domain of a host; the host itself where it has none. The list of suffixes is loaded for names alone."""
    if "." not in name or number(name):
        return name
    from newsspider.extract import organisations

    return organisations.of(name)


def host(url: str) -> str:
    """The host of an address as all its spellings have it: lower case, no final dot, numbers as the address they mean.

    >>> host("http://WWW.Example.edu.cn.:8080/"), host("http://0x7f.1/"), host("http://2130706433/"), host("http://[::ffff:127.0.0.1]/")
    ('www.example.edu.cn', '127.0.0.1', '127.0.0.1', '127.0.0.1')
    """
    return _plain(urlsplit(url).hostname or "")


def _plain(name: str) -> str:
    name = unicodedata.normalize("NFKC", unquote(name)).replace("\u3002", ".").lower().strip().strip("[]").rstrip(".")
    address = number(name)
    return str(address) if address else name


def number(name: str) -> Address | None:
    """The address that a host's name is, in any spelling that the system's resolver takes; None for a name.

    IPv4 that is wrapped into IPv6 is unwrapped.
    """
    if _NUMBERS.fullmatch(name):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(name))
        except OSError:
            return None
    try:
        return _unwrapped(ipaddress.ip_address(name.partition("%")[0]))
    except ValueError:
        return None


def _unwrapped(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):  # ::a.b.c.d
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def private(name: str) -> str | None:
    """What kind of address that only some networks reach a host is, in words; None for all others, and for names.

    >>> private("10.1.2.3"), private("169.254.169.254"), private("8.8.8.8"), private("news.example.edu.cn")
    ('a private address', 'a link-local address', None, None)
    """
    if name == "localhost" or name.endswith(".localhost"):
        return "this machine"
    address = number(name)
    if address is None:
        return None
    for what, holds in (
        ("an unspecified address", address.is_unspecified),
        ("this machine", address.is_loopback),
        ("a link-local address", address.is_link_local),
        ("a multicast address", address.is_multicast),
        ("a reserved address", address.is_reserved),
        ("a private address", not address.is_global),
    ):
        if holds:
            return what
    return None


_SECRET = re.compile(r"\b(https?|ftp):[/\\]+[^/\\?#\s]*@", re.I)


def has_secret(text: str) -> bool:
    """Whether an address in a text has a user's name or password in it."""
    return _SECRET.search(text) is not None


def without_secret(url: str) -> str:
    """An address as it may be shown: what stands before the host is left out.

    >>> without_secret("https://reader:hunter2@news.example.edu.cn/a.htm")
    'https://…@news.example.edu.cn/a.htm'
    """
    return _SECRET.sub(r"\1://…@", url)
