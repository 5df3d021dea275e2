"""The app in a real browser: one server and one Chromium for all tests, a new visitor for each."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.serving import Server

Visit = Callable[..., Page]

FIRST = {"graph": "[data-node][data-value]", "text": ".readouts[data-ready]"}
"""What is there when a test may begin that does not need all parts."""


STILL = """() => new Promise((done) => {
  let last = "", times = 0;
  const look = () => {
    const parts = [...document.querySelectorAll(".app *")];
    const now = String(parts.flatMap((part) => { const { x, y, width, height } = part.getBoundingClientRect();
      return [x, y, width, height].map(Math.round); }));
    times = now === last ? times + 1 : 0;
    last = now;
    times === 3 ? done() : setTimeout(look, 50);
  };
  look();
})"""


def poll(page: Page, expression: str, *, arg: Any = None, timeout: float = 30_000) -> None:
    """Playwright's `wait_for_function` without its `eval`, which the page's own policy forbids."""
    end = time.monotonic() + timeout / 1000
    while True:
        with contextlib.suppress(Error):  # the page is just being left for another
            if page.evaluate(expression, arg):
                return
        if time.monotonic() > end:
            raise TimeoutError(f"{timeout:.0f} ms: {expression}")
        page.wait_for_timeout(20)


@pytest.fixture(scope="session", autouse=True)
def policy_in_force() -> Iterator[None]:
    """Every test here runs under the Content-Security-Policy that visitors get."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "wait_for_function", poll)
        yield


@pytest.fixture(scope="session")
def households(server: Server, browser: Browser) -> Iterator[dict[bool, BrowserContext]]:
    """A browser for the pointer and one for the finger. Each keeps a page open, so that its process, and with it the
    compiled scripts, outlive every test.
    """
    contexts = {touch: browser.new_context(has_touch=touch) for touch in (False, True)}
    for context in contexts.values():
        context.new_page().goto(f"{server.url}/_stcore/health")
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def visit(server: Server, households: dict[bool, BrowserContext]) -> Iterator[Visit]:
    """Opens an address of the app as a new visitor; at the end no page may have reported an error."""
    pages: list[Page] = []
    errors: list[str] = []

    def open_page(
        address: str = "/",
        width: int = 1440,
        height: int = 900,
        theme: str = "light",
        *,
        touch: bool = False,
        parts: str = "all",
    ) -> Page:
        page = households[touch].new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.goto(server.url + address)
        ready(page) if parts == "all" else page.locator(FIRST[parts]).first.wait_for(timeout=30_000)
        return page

    yield open_page
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.close()
    for context in households.values():
        context.clear_cookies()
        context.clear_permissions()
    assert errors == []


def ready(page: Page) -> None:
    """Waits until the numbers, the graph and, where a page has them, the curves are on the page."""
    page.locator("[data-readout][data-value]").first.wait_for(timeout=30_000)
    page.locator("[data-graph] [data-node][data-value]").first.wait_for()
    if page.locator(":is(.curves-view, .plots):not([hidden] *)").count():
        page.locator(".js-plotly-plot .scatterlayer .trace").first.wait_for(state="attached")


def number(page: Page, name: str) -> str:
    """All digits of a readout."""
    return page.locator(f"[data-readout={name}]").get_attribute("data-value") or ""


def slider(page: Page, name: str) -> str:
    return page.get_by_role("slider", name=name, exact=True).input_value()


def expect_number(page: Page, name: str, exact: str) -> None:
    """Waits until a readout shows exactly this number."""
    page.locator(f'[data-readout={name}][data-value="{exact}"]').wait_for()


def expect_query(page: Page, query: str) -> None:
    """Waits until the address ends in this query ("" for none); a comma may be written either way."""
    page.wait_for_function("query => location.search.replaceAll('%2C', ',') === query", arg=query.replace("%2C", ","))


def move_to(page: Page, query: str) -> None:
    """Asks for another address of the page that is open, as Back and Forward do."""
    page.evaluate(
        """(query) => {
          history.pushState({}, "", location.pathname + query);
          dispatchEvent(new PopStateEvent("popstate", { state: {} }));
        }""",
        query,
    )


def resize(page: Page, width: int, height: int) -> None:
    """Gives the window another size, and waits until all stands still."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(STILL)
