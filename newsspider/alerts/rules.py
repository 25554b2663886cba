"""``alerts.toml``: which alerts an occasion causes, and by which ways they go. Pure but for the one file."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsspider import scope, spans
from newsspider.archive import ArchiveError, occasions, search
from newsspider.archive.occasions import Occasion
from newsspider.spelling import near

NAME = "alerts.toml"
WITHOUT_NEW = tuple(event for event in occasions.EVENTS if event != "new")
RULE = ("name", "when", "words", "site", "column", "to")
WAYS = {  # keys of each kind: those it must have, those it may have
    "webhook": (("url", "secret"), ()),
    "mail": (("server", "from", "to"), ("security", "user", "password")),
    "apprise": (("url",), ()),
    "feed": (("path",), ("keep",)),
}
SECRET = ("url", "secret", "password")  # these may stand in a file or in the environment instead
SECURITY = ("starttls", "tls", "none")
SHORTEST = 24  # characters of a webhook's secret


class RuleError(ArchiveError):
    """``alerts.toml`` cannot be used; the message names the place and says what it takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    name: str
    when: tuple[str, ...] = WITHOUT_NEW
    words: search.Query | None = None
    sites: tuple[str, ...] = ()  # empty: all
    column: str | None = None  # a part of the address of a listing
    to: tuple[str, ...] = ()

    def fits(self, one: Occasion) -> bool:
        """Whether this rule tells of an occasion."""
        return (
            one.event in self.when
            and (not self.sites or one.site in self.sites)
            and (self.column is None or any(self.column in listing for listing in one.columns))
            and (self.words is None or any(self.words.holds(search.Text(text)) for text in _texts(one)))
        )


def _texts(one: Occasion) -> list[str]:
    """What an article says, and of an edit what it said."""
    return [f"{said.get('title') or ''}\n{said.get('body') or ''}" for said in (one.fields, one.before) if said]


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """``kind``: webhook, mail, apprise, feed; ``options``: its keys; ``digest``: seconds, 0: each alert goes out by itself."""

    name: str
    kind: str
    options: Mapping[str, Any]
    digest: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    rules: tuple[Rule, ...] = (Rule(name="everything"),)  # what a dry run shows where there is no file
    ways: Mapping[str, Way]
    allow: tuple[str, ...] = ()


def beside(archive: Path) -> Path:
    return Path(os.path.realpath(archive)).parent / NAME


def read(path: Path, environment: Mapping[str, str]) -> Rules:
    """Raises RuleError."""
    try:
        if path.exists() and not path.is_file():
            raise RuleError("it is no file")  # a pipe would be waited for
        return of(tomllib.loads(path.read_text(encoding="utf-8")), path.parent, environment)
    except FileNotFoundError as error:
        raise RuleError(f"there is no {path}; `newsspider alerts --example` prints one to begin with") from error
    except (OSError, ValueError, RuleError) as error:  # ValueError: bytes, TOML
        raise RuleError(f"{path}: {error}") from error


def of(table: Mapping[str, Any], folder: Path, environment: Mapping[str, str]) -> Rules:
    """The rules that a file's table says. ``folder``: where the files that it names lie."""
    _keys("", table, ("allow", "ways", "rules"))
    allow = tuple(_texts_of("allow", table.get("allow", [])))
    ways = {
        name: _way(name, options, allow, folder, environment) for name, options in _table(table, "ways", dict).items()
    }
    rules = [_rule(number, rule, ways) for number, rule in enumerate(_table(table, "rules", list), 1)]
    if not rules:
        raise RuleError("no rules; a rule is [[rules]] with name, when and to")
    names = [rule.name for rule in rules]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise RuleError(f"two rules are named {twice!r}; the outbox knows them by their names, so give one another")
    return Rules(rules=tuple(rules), ways=ways, allow=allow)


def _rule(number: int, rule: Any, ways: Mapping[str, Way]) -> Rule:
    where = f"rule {number}"
    if not isinstance(rule, dict):
        raise RuleError(f"{where} is no table; it is written [[rules]]")
    _keys(where, rule, RULE)
    name = rule.get("name")
    if not isinstance(name, str) or not name.strip():
        raise RuleError(f"{where} has no name")
    where = f"rule {name!r}"
    when = _chosen(f"{where}: when", rule.get("when", WITHOUT_NEW), occasions.EVENTS)
    to = _chosen(f"{where}: to", rule.get("to", ()), ways)
    if not to:
        raise RuleError(f"{where} goes nowhere; name ways in `to`{_listed(ways)}")
    words, column = _text(where, rule, "words"), _text(where, rule, "column")
    if (words or column) and not set(when) - set(occasions.SITE):
        raise RuleError(f"{where}: {', '.join(when)} happen to a site, which has no words and no column")
    try:
        query = search.read(words) if words is not None else None
    except ArchiveError as error:
        raise RuleError(f"{where}: words: {error}") from error
    sites = rule.get("site", [])
    sites = _texts_of(f"{where}: site", [sites] if isinstance(sites, str) else sites)
    return Rule(name=name, when=when, words=query, sites=tuple(sites), column=column, to=to)


def _way(name: str, way: Any, allow: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Way:
    where = f"way {name!r}"
    if not isinstance(way, dict):
        raise RuleError(f"{where} is no table; it is written [ways.{name}]")
    kind = way.get("kind")
    if kind not in WAYS:
        raise RuleError(f"{where}: kind = {kind!r} is none; there are {', '.join(WAYS)}")
    must, may = WAYS[kind]
    known = [f"{key}{end}" for key in (*must, *may) for end in (("", "_file", "_env") if key in SECRET else ("",))]
    _keys(where, way, ("kind", "digest", *known))
    options = {key: _value(where, key, way, folder, environment) for key in (*must, *may)}
    if missing := next((key for key in must if not options[key]), None):
        ways = f", {missing}_file or {missing}_env" if missing in SECRET else ""
        raise RuleError(f"{where} has no {missing}{ways}")
    CHECKS[kind](where, options, allow)
    if kind == "feed":
        options["path"] = str(folder / str(options["path"]))
    return Way(name=name, kind=kind, options=options, digest=_span(where, way.get("digest")))


def _value(
    where: str, key: str, way: Mapping[str, Any], folder: Path, environment: Mapping[str, str]
) -> str | list[Any] | int | None:
    """What a key says: itself, or in the file or the variable that it names."""
    if key not in SECRET:
        return way.get(key)
    if file := way.get(f"{key}_file"):
        try:
            return (folder / file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError, TypeError) as error:
            raise RuleError(f"{where}: {key}_file cannot be read: {getattr(error, 'strerror', error)}") from error
    if variable := way.get(f"{key}_env"):
        if variable not in environment:
            raise RuleError(
                f"{where}: the environment has no {variable}; cron has few variables, {key}_file needs none"
            )
        return environment[variable].strip()
    return way.get(key)


def _check_webhook(where: str, options: Mapping[str, Any], allow: Sequence[str]) -> None:
    url = options["url"]
    if not isinstance(url, str) or urlsplit(url).scheme not in scope.SCHEMES or not scope.host(url):
        raise RuleError(f"{where}: url is no http(s) address")
    if scope.has_secret(url):
        raise RuleError(
            f"{where}: url has a name or a password in it; put a token into the path, and the whole in url_file"
        )
    if not isinstance(options["secret"], str) or len(options["secret"]) < SHORTEST:
        raise RuleError(
            f"{where}: secret has less than {SHORTEST} characters; `openssl rand -base64 32 > desk.secret` makes one"
        )
    _check_allowed(where, scope.host(url), urlsplit(url).port, allow)


def _check_mail(where: str, options: Mapping[str, Any], allow: Sequence[str]) -> None:
    host, port = server(options["server"])
    if host is None:
        raise RuleError(f"{where}: server is a host, or host:port")
    if not isinstance(options["from"], str) or "@" not in options["from"]:
        raise RuleError(f"{where}: from is no mail address")
    if not isinstance(options["to"], list) or not all(isinstance(one, str) and "@" in one for one in options["to"]):
        raise RuleError(f'{where}: to is a list of mail addresses, to = ["desk@example.org"]')
    if options["security"] not in (None, *SECURITY):
        raise RuleError(f"{where}: security is one of {', '.join(SECURITY)}")
    if options["password"] and options["security"] == "none":
        raise RuleError(f"{where}: a password is not sent in the clear; security is starttls or tls")
    _check_allowed(where, host, port, allow)


def server(text: object) -> tuple[str | None, int | None]:
    """Host and port of ``smtp.example.org:587``; host None: it is neither."""
    try:
        parts = urlsplit(f"//{text}")
        plain = isinstance(text, str) and parts.hostname and not parts.path and not parts.username
        return (scope.host(f"//{text}") if plain else None), parts.port
    except ValueError:
        return None, None


def _check_apprise(where: str, options: Mapping[str, Any], allow: Sequence[str]) -> None:
    """The rest of such an address is its service's own: `newsspider.alerts.ways` looks at it."""
    url = options["url"]
    scheme, found, rest = url.partition("://") if isinstance(url, str) else ("", "", "")
    if not found or not rest:
        raise RuleError(f"{where}: url is no address of Apprise, such as tgram://TOKEN/CHAT")
    if f"{scheme}:" not in allow:
        raise RuleError(f'{where}: {scheme} is not in allow; allow = ["{scheme}:"] lets alerts go there')


def _check_feed(where: str, options: Mapping[str, Any], allow: Sequence[str]) -> None:
    if not isinstance(options["path"], str) or not options["path"].endswith((".atom", ".xml", ".json")):
        raise RuleError(f"{where}: path ends in .atom, .xml or .json")
    if not isinstance(options["keep"], int | None) or (options["keep"] or 1) < 1:
        raise RuleError(f"{where}: keep is a number of alerts, from 1")


CHECKS = {"webhook": _check_webhook, "mail": _check_mail, "apprise": _check_apprise, "feed": _check_feed}


def _check_allowed(where: str, host: str, port: int | None, allow: Sequence[str]) -> None:
    if not allowed(host, port, allow):
        raise RuleError(f'{where}: {host} is not in allow; allow = ["{host}"] lets alerts go there')


def allowed(host: str, port: int | None, allow: Sequence[str]) -> bool:
    """Whether the operator's list has a host, alone or with this port.

    >>> allowed("a.example", 443, ["a.example"]), allowed("a.example", 80, ["a.example:443"]), allowed("b.a.example", None, ["a.example"])
    (True, False, False)
    """
    return any(server(one)[0] == host and server(one)[1] in (None, port) for one in allow)


def _keys(where: str, table: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in table:
        if key not in known:
            at = f"{where}: " if where else ""
            raise RuleError(f"{at}no key is named {key}{near(key, known) or _listed(known)}")


def _table(table: Mapping[str, Any], key: str, kind: type) -> Any:
    found = table.get(key, kind())
    if not isinstance(found, kind):
        raise RuleError(f"{key} is written [{key}.NAME]" if kind is dict else f"{key} is written [[{key}]]")
    return found


def _texts_of(where: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RuleError(f'{where} is a list of texts, ["…"]')
    return value


def _text(where: str, table: Mapping[str, Any], key: str) -> str | None:
    value = table.get(key)
    if not isinstance(value, str | None):
        raise RuleError(f"{where}: {key} = {value!r} is no text")
    return value


def _chosen(where: str, value: Any, known: Any) -> tuple[str, ...]:
    chosen = _texts_of(where, [value] if isinstance(value, str) else list(value) if isinstance(value, tuple) else value)
    for one in chosen:
        if one not in known:
            raise RuleError(f"{where}: {one!r} is none{near(one, known) or _listed(known)}")
    return tuple(dict.fromkeys(chosen))


def _listed(known: Any) -> str:
    return f"; there are {', '.join(known)}" if known else "; the file has none"


def _span(where: str, value: object) -> int:
    if value is None:
        return 0
    try:
        return spans.seconds(str(value))
    except ValueError as error:
        raise RuleError(f"{where}: digest: {error}") from error
