"""A page of the app in a browser that speaks WebDriver: what a visitor does there, and what can be waited for."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from selenium.common.exceptions import JavascriptException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from tests.engines.marionette import MarionetteConnection

PATIENCE_SECONDS: Final = 30
SIZE: Final = (1366, 768)
_T = TypeVar("_T")
_MIDDLE: Final = """\
arguments[0].scrollIntoView({ block: "nearest", behavior: "instant" });
const { left, right, top, bottom } = arguments[0].getBoundingClientRect();
return [(left + right) / 2, (top + bottom) / 2];
"""
_CONSOLE: Final = """\
const messages = Services.console.getMessageArray();
Services.console.reset();
return messages.filter((one) => one instanceof Ci.nsIScriptError && one.sourceName.startsWith(arguments[0])
  && !(one.flags & Ci.nsIScriptError.warningFlag)).map((one) => one.errorMessage);
"""


class Page:
    """One window of a browser, at addresses of one server."""

    def __init__(self, driver: WebDriver, url: str, downloads: Path) -> None:
        self.driver = driver
        self.url = url
        self.downloads = downloads
        driver.set_window_rect(0, 0, *SIZE)
        inner = driver.execute_script("return [innerWidth, innerHeight]")
        driver.set_window_rect(0, 0, *(2 * whole - part for whole, part in zip(SIZE, inner, strict=True)))

    def visit(self, address: str) -> None:
        """Opens an address."""
        self.driver.get(self.url + address)

    def open(self, address: str) -> None:
        """Opens an address, and waits until the graph has its numbers."""
        self.visit(address)
        self.find("[data-graph] [data-node][data-value]")

    def until(self, script: str, *arguments: Any) -> Any:
        """The value of a JavaScript expression once it is true; arguments are named `a`."""
        text = f"const a = arguments; return ({script});"

        def value() -> Any:
            try:
                return self.driver.execute_script(text, *arguments)
            except JavascriptException:  # what it asks about is not there yet
                return None

        return wait(value, script)

    def find(self, selector: str) -> WebElement:
        """The first element of a selector that can be seen, once there is one."""
        element = self.until("[...document.querySelectorAll(a[0])].find((one) => one.checkVisibility())", selector)
        assert isinstance(element, WebElement)
        return element

    def click(self, selector: str) -> None:
        """A press of the pointer's button in the middle of an element."""
        self.act(lambda pointer: pointer.move_to_location(*self.place(selector)).click())

    def hold(self, selector: str, offset: int) -> None:
        """The pointer's button pressed on an element and moved sideways by so many pixels, not yet let go."""
        x, y = self.place(selector)
        self.act(lambda pointer: pointer.move_to_location(x, y).pointer_down().move_to_location(x + offset, y))

    def let_go(self) -> None:
        """The pointer's button released."""
        self.act(lambda pointer: pointer.pointer_up())

    def act(self, add: Callable[[Any], Any]) -> None:
        """What the pointer does, by pixels of the window: not every driver knows elements of a drawing."""
        actions = ActionBuilder(self.driver, duration=20)
        add(actions.pointer_action)
        actions.perform()

    def place(self, selector: str) -> tuple[int, int]:
        """The middle of an element, scrolled into sight."""
        x, y = self.driver.execute_script(_MIDDLE, self.find(selector))
        return round(x), round(y)

    def press(self, *keys: str) -> None:
        """Keys, one after another, to what has the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def expect(self, readout: str, exact: str) -> None:
        """Waits until a readout has exactly this number."""
        self.until("document.querySelector(`[data-readout=${a[0]}]`).dataset.value === a[1]", readout, exact)

    def number(self, readout: str) -> str:
        """All digits of a readout."""
        return str(self.until("document.querySelector(`[data-readout=${a[0]}]`).dataset.value", readout))

    def expect_query(self, query: str) -> None:
        """Waits until the address ends in this query, "" for none."""
        self.until("location.search === a[0]", query)

    def errors(self) -> list[str]:
        """What the browser has logged as errors of the server's pages since it was asked last; Firefox alone says."""
        connection = self.driver.command_executor
        if not isinstance(connection, MarionetteConnection):
            return []
        return list(connection.run_as_browser(_CONSOLE, self.url))


def wait(value: Callable[[], _T], what: str) -> _T:
    """What a function gives once it is true."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := value():
            return found
        time.sleep(0.02)
    raise TimeoutError(f"{PATIENCE_SECONDS} s: {what}")
