"""Sites: one TOML file each, in the catalogue (`newsspider/sites`) or in the user's own ``sites/`` beside the archive."""

from __future__ import annotations

import codecs
import logging
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsspider import scope
from newsspider.characters import plain
from newsspider.items import SELECTED, Site
from newsspider.spelling import near

logger = logging.getLogger(__name__)

CATALOGUE = Path(__file__).parent / "sites"
ZONES = {
    "cn": "Asia/Shanghai",
    "hk": "Asia/Hong_Kong",
    "mo": "Asia/Macau",
    "tw": "Asia/Taipei",
    "kr": "Asia/Seoul",
    "jp": "Asia/Tokyo",
    "sg": "Asia/Singapore",
    "uk": "Europe/London",
    "de": "Europe/Berlin",
    "fr": "Europe/Paris",
}
TEXTS = ("title", "homepage", "country", "language", "timezone", "cms", "encoding", "checked")
KEYS = ("name", *TEXTS, "listings", "hosts", "allow_private", "selectors", "earlier")
SELECTORS = (
    *SELECTED,
    *("entries", "entry_title", "entry_published", "entry_views", "next"),
)
NAME = r"\w[\w.-]*"  # of a site: it becomes that of a file
LONGEST = 100  # characters of it
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HOST = re.compile(r"[^\s/:@?#]+")
_HOST_OF = re.compile(r"[^\s\x00-\x20]+")  # of an address; an IPv6 address has colons
_OF_PYTHON = ("idna", "punycode", "raw-unicode-escape", "unicode-escape")  # encodings, but of no page


SECRET = (
    "an address with a user's name or password in it (user:password@host) is not taken: the archive is handed on, with its addresses;"
    " name the address without them"
)


class SiteError(Exception):
    """A site file that cannot be used, or a site that is not known; the message names the file and the key."""


def folder_beside(archive: str | Path) -> Path:
    """Where a user's own site files lie: ``sites/`` beside the archive."""
    return Path(archive).parent / "sites"


def read(path: Path) -> Site:
    """The site a TOML file describes. Raises SiteError with the file, the key and what is wrong."""
    try:
        if path.exists() and not path.is_file():
            raise SiteError("is no file")  # a pipe would be waited for
        return site_of(tomllib.loads(path.read_text(encoding="utf-8")), path.stem)
    except (OSError, ValueError, SiteError) as error:  # ValueError: bytes, TOML, a number of 5,000 digits
        raise SiteError(f"{path}: {error}") from error
    except RecursionError as error:
        raise SiteError(f"{path}: brackets within brackets, too deep to be read") from error


def site_of(table: Mapping[str, object], name: str) -> Site:
    """The site that the keys of a file describe; ``name`` where it has none. Raises SiteError.

    Dates of a site without ``timezone`` are in the zone of its country, as its first host's domain tells it, else in UTC.
    """
    values: dict[str, object] = {"name": name}
    for key, value in table.items():
        match key, value:
            case "listings", list() if value and all(isinstance(url, str) for url in value):
                values[key] = tuple(value)
                _check_addresses(key, value)
            case "hosts", list() if all(isinstance(name, str) and _HOST.fullmatch(name) for name in value):
                values[key] = tuple(value)
            case "allow_private", bool():
                values[key] = value
            case "selectors", dict():
                values[key] = _selectors(value)
            case "earlier", list():
                values[key] = tuple(
                    sorted((_earlier(rules) for rules in value), key=lambda rules: rules[0], reverse=True)
                )
            case "homepage", str():
                if _is_address(value):
                    _check_addresses(key, [value])
                    values[key] = value
                else:  # it is shown and never asked: no reason to leave the site out
                    logger.warning("homepage: %r of %s is not an http(s) address; it is left out", value, name)
            case _ if key in (*TEXTS, "name") and isinstance(value, str | date):
                values[key] = plain(str(value)) if key in TEXTS else str(value)
            case _ if key in KEYS:
                raise SiteError(f"{key} = {value!r} is not what {key} takes; docs/add-a-site.md lists the keys")
            case _:
                raise SiteError(f"no key is named {key}; docs/add-a-site.md lists them: {', '.join(KEYS)}")
    if "listings" not in values:
        raise SiteError("no listings; name the address of at least one listing page")
    site = Site(**{"timezone": zone(table["listings"][0]) or "UTC", **values})  # type: ignore[arg-type, index]
    _check(site)
    return site


def _check_addresses(key: str, addresses: Iterable[str]) -> None:
    for url in addresses:
        if scope.has_secret(url):
            raise SiteError(f"{key}: {SECRET}")
        if not _is_address(url):
            raise SiteError(f"{key}: {url!r} is not an http(s) address")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in scope.SCHEMES and bool(_HOST_OF.fullmatch(parts.hostname or "")) and parts.port != 0
    except ValueError:
        return False


def _selectors(table: Mapping[str, object]) -> dict[str, str]:
    # Loaded here alone: most site files have none, and Scrapy takes a third of a second.
    from newsspider.cms import selectors

    for field, selector in table.items():
        if field not in SELECTORS:
            raise SiteError(f"no field is named {field}; selectors take {', '.join(SELECTORS)}")
        if not isinstance(selector, str):
            raise SiteError(f"selectors.{field} = {selector!r} is not a text")
        try:
            selectors.check(selector)
        except ValueError as error:
            raise SiteError(f"selectors.{field}: {error}") from error
    return {field: str(selector) for field, selector in table.items()}


def _earlier(rules: object) -> tuple[str, dict[str, str]]:
    match rules:
        case {"valid_until": str() | date() as day, "selectors": dict(selectors), **more} if not more:
            if _DAY.fullmatch(str(day)):
                return str(day), _selectors(selectors)
    raise SiteError('[[earlier]] takes valid_until = "2025-06-30", a day, and a table of selectors')


def _check(site: Site) -> None:
    if (
        not site.name.strip(" .")
        or len(site.name) > LONGEST
        or not site.name.isprintable()
        or set(site.name) & set("/\\")
    ):
        raise SiteError(
            f"name = {site.name[:LONGEST]!r} is no name: at most {LONGEST} letters and digits, and no slash"
        )
    try:
        ZoneInfo(site.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: Asia, which is a folder
        raise SiteError(f"timezone = {site.timezone!r} is no zone of the IANA, such as Asia/Shanghai") from error
    if site.encoding is not None:
        try:
            if codecs.lookup(site.encoding).name in _OF_PYTHON:
                raise LookupError(site.encoding)
            b"a".decode(site.encoding, "replace")  # some turn bytes into bytes, or take none
        except (LookupError, ValueError) as error:
            raise SiteError(f"encoding = {site.encoding!r} is no encoding; leave it out: the bytes tell") from error
    if site.cms is not None:
        from newsspider.cms import families

        known = [family.name for family in families()]
        if site.cms not in known:
            raise SiteError(
                f"cms = {site.cms!r} is no family; there are {', '.join(known)}; another's comes with a package that provides it"
            )


def zone(url: str) -> str | None:
    """The IANA zone of the country that a host's domain names, where that has but one."""
    return ZONES.get((urlsplit(url).hostname or "").rpartition(".")[2])


def folder(own: Path) -> tuple[list[Site], list[SiteError]]:
    """The sites that the files of a folder describe, and what is wrong with files that cannot be used."""
    sites: dict[str, tuple[Path, Site]] = {}
    errors = []
    for path in sorted(own.glob("*.toml")):
        try:
            site = read(path)
            if site.name in sites:
                raise SiteError(
                    f"{path}: {sites[site.name][0].name} names its site {site.name} already; give one another name"
                )
            sites[site.name] = (path, site)
        except SiteError as error:
            errors.append(error)
    return [site for _, site in sites.values()], errors


def known(own: Path | None = None) -> Iterator[Site]:
    """All sites: the user's own first, then those of the catalogue whose names they do not take.

    A file of the user's that cannot be used is left out: `named` says what is wrong with it when its site is asked for.
    """
    taken = set()
    for site in (*(folder(own)[0] if own else ()), *map(read, sorted(CATALOGUE.rglob("*.toml")))):
        if site.name not in taken:
            taken.add(site.name)
            yield site


def named(name: str, own: Path | None = None, held: Iterable[str] = ()) -> Site:
    """Raises SiteError where no site has that name; ``held``: further names that may have been meant."""
    sites = {site.name: site for site in known(own)}
    if name not in sites:
        if own and (own / f"{name}.toml").exists():
            read(own / f"{name}.toml")  # raises what is wrong with it
        meant = near(name, [*sites, *held])
        address = f"n address works as well: newsspider crawl {_as_address(name)}"
        raise SiteError(
            f"no site is named {name!r}{meant} A{address}" if meant else f"no site is named {name!r}; a{address}"
        )
    return sites[name]


def _as_address(name: str) -> str:
    return f"https://{name}" if "." in name.partition("/")[0].strip(".") else "https://…"


def covers(site: Site, url: str) -> bool:
    """Whether an address is on one of the site's hosts."""
    return urlsplit(url).netloc in {urlsplit(listing).netloc for listing in site.listings}


def check_address(url: str) -> None:
    """Raises SiteError for what is no http(s) address, and for one with a password in it."""
    if scope.has_secret(url):
        raise SiteError(SECRET)
    if not _is_address(url):
        if "://" not in url and "." in url.partition("/")[0]:
            raise SiteError(f"{url!r} lacks its beginning; try https://{url} or http://{url}")
        raise SiteError(f"{url!r} is neither the name of a site nor an http(s) address")


def of_address(url: str, own: Path | None = None) -> Site:
    """The site an address belongs to, with that address as its only listing; a site of its own host where no file covers it.

    Raises SiteError for what is no http(s) address.
    """
    check_address(url)
    for site in known(own):
        if covers(site, url):
            return replace(site, listings=(url,))
    parts = urlsplit(url)
    home = f"{parts.scheme}://{parts.netloc}/"
    return Site(name=parts.netloc, homepage=home, listings=(url,), timezone=zone(url) or "UTC")
