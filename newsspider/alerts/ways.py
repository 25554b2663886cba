"""How a message gets to a receiver: webhook, mail, Apprise, feed. Only what the operator's rules name is asked, no redirect is followed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import re
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from newsspider import __version__, scope, whole
from newsspider.alerts import messages, rules
from newsspider.archive.notices import Notice
from newsspider.export import feeds

SECONDS = 20.0  # to wait for a receiver
FOR_GOOD = (
    400,
    410,
    413,
    415,
    422,
)  # answers that say that this message will never be taken; all others may be of the way
KEEP = 200  # alerts in a feed


class NotSent(Exception):
    """The receiver did not confirm a message; ``for_good``: it says that it never will."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """``uid``: the same at every try, so that a receiver can tell a message it has; ``alerts``: what `messages.message` says of each."""

    uid: str
    alerts: Sequence[Mapping[str, Any]]


Send = Callable[[rules.Way, Message, datetime], str | None]  # what the receiver objected to although it took it


def webhook(way: rules.Way, message: Message, now: datetime) -> str | None:
    """As https://www.standardwebhooks.com has it."""
    body = json.dumps({"type": "newsspider.alerts", "id": message.uid, "alerts": message.alerts}, ensure_ascii=False)
    payload = body.encode("utf-8", "surrogatepass")
    at = str(int(now.timestamp()))
    request = urllib.request.Request(way.options["url"], data=payload, method="POST")
    for name, value in {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"newsspider/{__version__}",
        "Idempotency-Key": message.uid,
        "webhook-id": message.uid,
        "webhook-timestamp": at,
        "webhook-signature": signature(way.options["secret"], message.uid, at, payload),
    }.items():
        request.add_header(name, value)
    try:
        _ALONE.open(request, timeout=SECONDS).close()
    except urllib.error.HTTPError as error:
        error.close()
        raise NotSent(f"HTTP {error.code}", for_good=error.code in FOR_GOOD) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NotSent(str(getattr(error, "reason", error)) or type(error).__name__) from error
    return None


def signature(secret: str, uid: str, at: str, body: bytes) -> str:
    """HMAC-SHA256 of id, time and body. A secret that begins with ``whsec_`` is base64, any other one is taken as it stands."""
    key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
    signed = hmac.new(key, f"{uid}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


class _Alone(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_ALONE = urllib.request.build_opener(_Alone)


def mail(way: rules.Way, message: Message, now: datetime) -> str | None:
    host, port = rules.server(way.options["server"])
    security = way.options["security"] or "starttls"
    try:
        with _smtp(str(host), port, security) as server:
            if security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if way.options["user"]:
                server.login(way.options["user"], way.options["password"] or "")
            refused = server.send_message(letter(way.options, message, now))
    except smtplib.SMTPDataError as error:
        raise NotSent(_smtp_said(error.smtp_code, error.smtp_error), for_good=error.smtp_code >= 500) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise NotSent("; ".join(f"{to}: {_smtp_said(*said)}" for to, said in error.recipients.items())) from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(_smtp_said(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(str(error) or type(error).__name__) from error
    return "; ".join(f"{to}: {_smtp_said(*said)}" for to, said in refused.items()) or None


def _smtp(host: str, port: int | None, security: str) -> smtplib.SMTP:
    if security == "tls":
        return smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(host, port or (587 if security == "starttls" else 25), timeout=SECONDS)


def _smtp_said(code: int, said: bytes | str) -> str:
    return f"SMTP {code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"


def letter(options: Mapping[str, Any], message: Message, now: datetime) -> EmailMessage:
    """Plain text. The id of the message makes its Message-ID: mail systems that see one twice keep one."""
    subject, text = messages.together(message.alerts)
    letter = EmailMessage()
    letter["Subject"] = subject
    letter["From"] = options["from"]
    letter["To"] = ", ".join(options["to"])
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{message.uid}@newsspider>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text, charset="utf-8", cte="base64")
    return letter


def apprise(way: rules.Way, message: Message, now: datetime) -> str | None:
    import apprise as services  # the extra `alerts`; `check` said so where it is missing

    heard: list[str] = []
    receiver = services.Apprise()
    receiver.add(_receiver(way))
    subject, text = messages.together(message.alerts)
    with services.LogCapture(level=services.logging.WARNING) as log:
        taken = receiver.notify(
            title=harmless(subject),
            body=harmless(f"{text}\n\n{message.uid}"),
            body_format=services.NotifyFormat.TEXT,
            interpret_escapes=False,
        )
        heard += log.getvalue().splitlines()
    if not taken:
        raise NotSent(heard[-1][:300] if heard else "the service did not take it")
    return None


def harmless(text: str) -> str:
    """A page that says @everyone or <!channel> calls nobody.

    >>> harmless("@everyone").encode("ascii", "backslashreplace")
    b'@\\\\u200beveryone'
    """
    return re.sub("(@|<!)", "\\1\u200b", text)


def _receiver(way: rules.Way) -> Any:
    import apprise as services

    found = services.Apprise.instantiate(way.options["url"], suppress_exceptions=True)
    if found is None:
        scheme = way.options["url"].partition("://")[0]
        raise rules.RuleError(
            f"way {way.name!r}: url is no address that Apprise knows, for {scheme}: its wiki has them"
        )
    found.redirects = False
    return found


def feed(way: rules.Way, found: Sequence[Mapping[str, Any]]) -> None:
    """Writes the latest alerts of a way, each with its uid, as Atom or JSON Feed. Raises NotSent."""
    path = Path(way.options["path"])
    kind = "jsonfeed" if path.suffix == ".json" else "atom"
    entries = [
        Notice(
            id=f"urn:newsspider:alert:{one['uid']}",
            at=one["at"],
            what=one["event"],
            article_id=one["article_id"],
            site=one["site"],
            url=one["about"]["url"] or f"urn:newsspider:site:{one['site']}",
            title=(one["about"].get("article") or {}).get("title") or one["site"],
            summary=messages.text(one["about"]),
        )
        for one in found
    ]
    try:
        whole.write(path, feeds.feed(kind, entries, query=way.name))
    except OSError as error:
        raise NotSent(f"{path}: {error.strerror}") from error


SEND: dict[str, Send] = {"webhook": webhook, "mail": mail, "apprise": apprise}


def check(ways: Sequence[rules.Way], allow: Sequence[str]) -> None:
    """What only Apprise can tell of its addresses. Raises RuleError, and ImportError where the extra is missing."""
    for way in ways:
        if way.kind == "apprise":
            found = _receiver(way)
            own = "host" in found.template_tokens  # the address names a host; else the service's own is asked
            host = scope.host(f"//{found.host}") if own and getattr(found, "host", None) else None
            if host and not rules.allowed(host, getattr(found, "port", None), allow):
                raise rules.RuleError(
                    f'way {way.name!r}: {host} is not in allow; allow = ["{host}"] lets alerts go there'
                )
