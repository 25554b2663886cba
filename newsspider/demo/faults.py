"""The ways in which real sites fail, each a function from the right reply to the wrong one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from newsspider.demo.exchange import Reply, Request, page, text

LABELS = ("下页", "下一页")


@dataclass
class Fault:
    """``times`` None: for ever; else that many requests, and then the site is well again."""

    pattern: re.Pattern[str]
    how: str
    site: str | None = None
    times: int | None = None
    seconds: float = 30.0
    met: int = 0

    def strikes(self, site: str, request: Request) -> bool:
        if self.site not in (None, site) or not self.pattern.search(request.target):
            return False
        self.met += 1
        return self.times is None or self.met <= self.times

    def spoil(self, request: Request, reply: Reply) -> Reply:
        if self.how == "slow":
            return replace(reply, delay=self.seconds)
        if self.how.isdigit():
            headers = {"Retry-After": "1"} if self.how == "429" else {}
            return replace(
                text(f"<html><body><h1>{self.how}</h1></body></html>", status=int(self.how)), headers=headers
            )
        return FAULTS[self.how](request, reply)


def redirect(target: str) -> Reply:
    return Reply(status=302, headers={"Location": target})


def maze(request: Request, reply: Reply) -> Reply:
    """A redirect that never meets the same address twice; a ``loop`` leads back to itself."""
    return redirect(f"{request.path}?hop={int(request.asked.get('hop', 0)) + 1}")


def endless(request: Request, reply: Reply) -> Reply:
    """下页 of a listing leads to the same rows under yet another address."""
    return forward(reply, f"{request.path}?round={int(request.asked.get('round', 0)) + 1}")


def forward(reply: Reply, target: str) -> Reply:
    body = reply.body
    for encoding in ("utf-8", "gbk"):
        labels = b"|".join(label.encode(encoding) for label in LABELS)
        link = re.compile(rb'<a([^>]*?)href="[^"]*"([^>]*)>((?:<span>)?(?:' + labels + rb"))")
        body = link.sub(lambda m: b"<a" + m[1] + b'href="' + target.encode() + b'"' + m[2] + b">" + m[3], body)
    return replace(reply, body=body)


def declare_wrongly(request: Request, reply: Reply) -> Reply:
    """UTF-8 is declared gb2312 and GBK is declared UTF-8, in the header and in the page."""
    wrong = b"utf-8" if b"charset=gb" in reply.body else b"gb2312"
    body = re.sub(rb"charset=[\w-]+", b"charset=" + wrong, reply.body, count=1)
    return replace(reply, body=body, kind=f"text/html; charset={wrong.decode()}")


def shorten(request: Request, reply: Reply) -> Reply:
    """One value of a batch is missing."""
    rest = (
        reply.body.rpartition(b",")[0] if reply.kind == "text/html" else re.sub(rb",? ?\{[^{]*\}\]$", b"]", reply.body)
    )
    return replace(reply, body=rest)


FAULTS: dict[str, Callable[[Request, Reply], Reply]] = {
    "empty": lambda request, reply: replace(reply, body=b""),
    "cut": lambda request, reply: replace(reply, body=reply.body[: len(reply.body) // 2], length=len(reply.body)),
    "drop": lambda request, reply: replace(reply, drop=True),
    "charset": declare_wrongly,
    "loop": lambda request, reply: redirect(request.target),
    "maze": maze,
    "login": lambda request, reply: redirect("/authserver/login?service=campus"),
    "captcha": lambda request, reply: page("captcha"),
    "challenge": lambda request, reply: text("<script>document.cookie='x=1';location.reload()</script>", status=412),
    "self": lambda request, reply: forward(reply, request.target),
    "endless": endless,
    "pdf": lambda request, reply: Reply(body=b"%PDF-1.4\n% synthetic\n", kind="application/pdf"),
    "big": lambda request, reply: replace(reply, body=reply.body + b"<!--" + b"x" * 2**20 + b"-->", repeat=50),
    "minus": lambda request, reply: text("-1"),
    "html": lambda request, reply: text("<html><head><title>Error</title></head><body>500</body></html>"),
    "illegal": lambda request, reply: text("非法请求"),
    "short": shorten,
}
WAYS = ("slow", *FAULTS)  # and any HTTP status, as "503"


def fault(pattern: str, how: str, *, site: str | None, times: int | None, seconds: float) -> Fault:
    if how not in WAYS and not re.fullmatch(r"[45]\d\d", how):
        raise ValueError(f"no way to fail is called {how!r}; there are {', '.join(WAYS)} and the statuses 400 to 599")
    return Fault(re.compile(pattern), how, site=site, times=times, seconds=seconds)
