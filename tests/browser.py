"""A real browser without a screen: Debian's Chromium, spoken to over a pipe in the DevTools protocol."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROGRAM = shutil.which("chromium")
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-pipe"
).split()


class Browser:
    """One page at a time. ``requests`` and ``errors`` are those of the page opened last."""

    def __init__(self, profile: Path) -> None:
        assert PROGRAM is not None
        asked, self._write = os.pipe()
        self._read, told = os.pipe()
        # Chromium reads commands from descriptor 3 and answers on 4.
        redirected = f'exec "$@" 3<&{asked} 4>&{told}'
        command = ["bash", "-c", redirected, "bash", PROGRAM, *OPTIONS, f"--user-data-dir={profile}"]
        self._program = subprocess.Popen(
            command, pass_fds=(asked, told), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(asked)
        os.close(told)
        self._held = b""
        self._number = 0
        self._session: str | None = None
        self._events: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.errors: list[str] = []
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.tell(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session = None
        self.tell("Browser.close")
        self._program.wait(20)
        os.close(self._write)
        os.close(self._read)

    def tell(self, method: str, **parameters: object) -> dict[str, Any]:
        """Raises RuntimeError for what the browser refuses."""
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self._events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._held:
            part = os.read(self._read, 1 << 20)
            if not part:
                raise RuntimeError("the browser ended")
            self._held += part
        message, self._held = self._held.split(b"\0", 1)
        return json.loads(message)

    def open(self, page: Path | str, *, width: int, height: int = 900, dark: bool = False, script: bool = True) -> None:
        self._events.clear()
        self.tell(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.tell("Emulation.setEmulatedMedia", features=[scheme])
        self.tell("Emulation.setScriptExecutionDisabled", value=not script)
        self.tell("Page.navigate", url=page if isinstance(page, str) else page.resolve().as_uri())
        self.wait("Page.loadEventFired")
        self.ask("1")  # whatever was reported before this answer is in
        self.requests = [self._of(event, "request", "url") for event in self._named("Network.requestWillBeSent")]
        self.errors = [
            *(self._of(event, "exceptionDetails", "text") for event in self._named("Runtime.exceptionThrown")),
            *(self._of(event, "entry", "text") for event in self._named("Log.entryAdded")),
            *(str(event["params"]["args"]) for event in self._named("Runtime.consoleAPICalled")),
        ]

    def _named(self, method: str) -> list[dict[str, Any]]:
        return [event for event in self._events if event.get("method") == method]

    def _of(self, event: dict[str, Any], *names: str) -> str:
        found: Any = event["params"]
        for name in names:
            found = found[name]
        return str(found)

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page."""
        answer = self.tell("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, method: str) -> dict[str, Any]:
        """What an event of the page says, once it is there."""
        while not self._named(method):
            self._events.append(self._next())
        return self._named(method)[0]["params"]

    def move(self, x: float, y: float) -> None:
        self.tell("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, selector: str) -> None:
        box = self.ask(
            f"(e => (e.scrollIntoView({{block: 'center'}}), e.getBoundingClientRect().toJSON()))(document.querySelector({selector!r}))"
        )
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        for kind in ("mousePressed", "mouseReleased"):
            self.tell("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place)

    def picture(self, file: Path) -> None:
        """The whole page as PNG."""
        image = self.tell("Page.captureScreenshot", captureBeyondViewport=True, format="png")
        file.write_bytes(base64.b64decode(image["data"]))
