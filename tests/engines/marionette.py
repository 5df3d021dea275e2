"""Selenium's commands over Marionette, the protocol that Firefox itself speaks: no geckodriver between the two."""

import json
import socket
from typing import Any, Final

from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.remote_connection import RemoteConnection

ANSWER_SECONDS: Final = 60
_FAILED: Final = 500
_NAMES: Final = {
    Command.NEW_SESSION: "WebDriver:NewSession",
    Command.QUIT: "Marionette:Quit",
    Command.GET: "WebDriver:Navigate",
    Command.GO_BACK: "WebDriver:Back",
    Command.W3C_EXECUTE_SCRIPT: "WebDriver:ExecuteScript",
    Command.FIND_ELEMENT: "WebDriver:FindElement",
    Command.FIND_ELEMENTS: "WebDriver:FindElements",
    Command.SEND_KEYS_TO_ELEMENT: "WebDriver:ElementSendKeys",
    Command.W3C_ACTIONS: "WebDriver:PerformActions",
    Command.SET_WINDOW_RECT: "WebDriver:SetWindowRect",
    Command.SWITCH_TO_FRAME: "WebDriver:SwitchToFrame",
    Command.SCREENSHOT: "WebDriver:TakeScreenshot",
}
"""Selenium's names of the commands that are used here, and Marionette's; parameters and results are the same."""


class MarionetteConnection(RemoteConnection):
    """A socket to a Firefox that was started with `--marionette`; each packet is its length, a colon and JSON."""

    def __init__(self, port: int) -> None:
        super().__init__(client_config=ClientConfig(remote_server_addr=f"http://127.0.0.1:{port}"))
        self._socket = socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS)
        self._stream = self._socket.makefile("rb")
        self._last = 0
        self._receive()

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        """The answer to one command, as a WebDriver server would give it."""
        error, result = self._ask(_NAMES[command], params)
        if error:
            return {"status": _FAILED, "value": json.dumps({"value": error})}
        return {"value": result["value"] if isinstance(result, dict) and [*result] == ["value"] else result}

    def _ask(self, name: str, parameters: dict[str, Any]) -> tuple[dict[str, Any] | None, Any]:
        """The error, or else the result, of one of Marionette's own commands."""
        self._last += 1
        packet = json.dumps([0, self._last, name, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(packet), packet))
        _, number, error, result = self._receive()
        assert number == self._last
        return error, result

    def run_as_browser(self, script: str, *arguments: Any) -> Any:
        """The result of a script that runs as the browser's own; needs `--remote-allow-system-access`."""
        self._ask("Marionette:SetContext", {"value": "chrome"})
        error, result = self._ask("WebDriver:ExecuteScript", {"script": script, "args": arguments})
        self._ask("Marionette:SetContext", {"value": "content"})
        if error:
            raise RuntimeError(error["message"])
        return result["value"]

    def close(self) -> None:
        """Closes the socket."""
        self._stream.close()
        self._socket.close()

    def _receive(self) -> Any:
        length = b""
        while (digit := self._stream.read(1)) != b":":
            length += digit
        return json.loads(self._stream.read(int(length)))
