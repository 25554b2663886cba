"""A site of invented news on loopback whose answers a test writes itself, byte by byte where it has to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Headers = dict[str, str]
Answer = "str | bytes | tuple[Headers, bytes] | None"  # None: 404
TEXT = "".join(
    f"<p>{line}</p>"
    for line in (
        "本网讯　近日，云岭大学教务处在行政楼召开本科教学工作例会，各学院分管教学工作的负责人参加了会议。",
        "会议通报了上一学期教学检查的情况，对课程建设、实验教学和学风建设提出了具体要求。",
        "与会人员就教学管理中的问题进行了交流，会议要求各单位认真落实，按期报送工作方案。",
    )
)


class School:
    """``answer`` takes the target and the form sent; a page's headers given without Content-Length are sent without one.

    ``asked`` holds the requests as ``GET /target`` or ``POST /target form``, robots.txt left out.
    """

    def __init__(self, answer: Callable[[str, str], Answer]) -> None:
        self.answer, self.asked = answer, list[str]()
        school = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                if self.path != "/robots.txt":
                    school.asked.append(f"{self.command} {self.path} {form}".strip())
                    school.serve(self, school.answer(self.path, form))
                else:
                    school.serve(self, None)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def serve(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        handler.send_response(404 if answer is None else 200)
        headers, body = answer if isinstance(answer, tuple) else ({}, answer or "<h1>Not Found</h1>")
        body = body.encode() if isinstance(body, str) else body
        if not isinstance(answer, tuple):
            headers = {"Content-Length": str(len(body))}
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def title(number: int) -> str:
    return f"云岭大学召开第{number}次本科教学工作例会"


def article(number: int, text: str = TEXT, below: str = "") -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title(number)}-云岭大学</title></head><body>
<ul class="nav"><li><a href="/">首页</a><li><a href="/tzgg.htm">通知公告</a></ul>
<div class="con"><h1>{title(number)}</h1><p class="info">发布时间：2026-03-{number + 1:02d}　来源：教务处</p>
<div class="text">{text}<p>第{number}次会议的纪要由教务处另行印发。</p></div>
{below}</div><div class="foot">版权所有 云岭大学</div></body></html>"""


def listing(rows: dict[str, int], below: str = "", nav: str = "") -> str:
    """``rows``: the number of the article behind each address."""
    its = "".join(f'<li><a href="{url}">{title(n)}</a><span>2026-03-{n + 1:02d}</span></li>' for url, n in rows.items())
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>学院新闻-云岭大学</title></head><body>
<ul class="nav"><li><a href="/">首页</a><li><a href="/jj.htm">学校简介</a>{nav}</ul>
<div class="list"><h2>学院新闻</h2><ul>{its}</ul>{below}</div><div class="foot">版权所有 云岭大学</div></body></html>"""


def news(numbers: range) -> dict[str, int]:
    return {f"/news/{number}.html": number for number in numbers}
