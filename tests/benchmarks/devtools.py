"""A Chromium that is measured from outside, by its DevTools protocol alone.

Playwright listens to every script, and while somebody does, Chromium describes each exception that a script catches
with all its places: reading Plotly takes four times as long as it does in a visitor's browser.
"""

import contextlib
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.serving import CHROMIUM_FLAGS, chromium

PATIENCE = 120.0


@dataclass
class Tab:
    """One page with a cache of its own, and what its network has done."""

    socket: ClientConnection
    session: str = ""
    requests: dict[str, int] = field(default_factory=dict)
    """Bytes on the wire by request; -1 while one is under way."""
    last_change: float = 0
    _number: int = 0

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of one command; what is told meanwhile is noted."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters}
        self.socket.send(json.dumps(command | ({"sessionId": self.session} if self.session else {})))
        while True:
            message = json.loads(self.socket.recv(PATIENCE))
            if message.get("id") == self._number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return dict(message["result"])
            self._note(message.get("method"), message.get("params", {}))

    def _note(self, event: str | None, told: dict[str, Any]) -> None:
        request = told.get("requestId", "")
        if event == "Network.requestWillBeSent" and told["request"]["url"].startswith("http"):
            self.requests[request] = -1
        elif event == "Network.loadingFinished" and request in self.requests:
            self.requests[request] = int(told["encodedDataLength"])
        elif event == "Network.loadingFailed" and request in self.requests:
            self.requests[request] = 0
        else:
            return
        self.last_change = time.monotonic()

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Waits until an expression holds."""
        end = time.monotonic() + PATIENCE
        while not self.evaluate(expression):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.05)

    def wait_until_quiet(self, seconds: float = 1) -> None:
        """Waits until nothing has been fetched for so long."""
        while -1 in self.requests.values() or time.monotonic() < self.last_change + seconds:
            self.evaluate("0")
            time.sleep(0.05)


class Chromium:
    """A browser, and new visitors in it."""

    def __init__(self, address: str) -> None:
        self._address = address

    @contextlib.contextmanager
    def visitor(self) -> Iterator[Tab]:
        """A page that nobody has used before, its cache empty."""
        with connect(self._address, max_size=None) as socket:
            tab = Tab(socket)
            context = tab.call("Target.createBrowserContext")["browserContextId"]
            target = tab.call(
                "Target.createTarget", url="about:blank", browserContextId=context, width=1440, height=900
            )
            tab.session = tab.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
            tab.call("Network.enable")
            tab.call("Page.enable")
            yield tab
            tab.session = ""
            tab.call("Target.disposeBrowserContext", browserContextId=context)


@contextlib.contextmanager
def launch() -> Iterator[Chromium]:
    """A browser without a window."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [
            chromium() or _playwrights(),
            "--headless=new",
            "--remote-debugging-port=0",
            "--window-size=1440,900",
        ]
        command += [f"--user-data-dir={folder}", "--no-first-run", *CHROMIUM_FLAGS, "about:blank"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                yield Chromium(_address(Path(folder) / "DevToolsActivePort"))
            finally:
                process.terminate()


def _playwrights() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _address(file: Path) -> str:
    end = time.monotonic() + PATIENCE
    while not file.exists() or "\n" not in file.read_text():
        if time.monotonic() > end:
            raise TimeoutError("Chromium does not start")
        time.sleep(0.05)
    port, path = file.read_text().split("\n")[:2]
    return f"ws://127.0.0.1:{port}{path}"
