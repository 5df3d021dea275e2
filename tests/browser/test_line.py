"""The live line as a browser speaks it, and what happens where it cannot be opened."""

import json
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.browser.conftest import expect_number, expect_query, number, ready, slider
from tests.serving import Server

DW_AT_2 = "6.700200080871582"


class Frames:
    """All that a page sends and hears on its sockets."""

    def __init__(self, page: Page) -> None:
        self.events: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.pings: list[dict[str, Any]] = []
        self.to_streamlit = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        if socket.url.endswith("/live"):
            socket.on("framesent", lambda text: self._keep(json.loads(text), self.events))
            socket.on("framereceived", lambda data: self._keep(_decoded(data), self.answers))
        else:
            socket.on("framesent", lambda _: self._count())

    def _keep(self, message: dict[str, Any], messages: list[dict[str, Any]]) -> None:
        (self.pings if "ping" in message else messages).append(message)

    def _count(self) -> None:
        self.to_streamlit += 1


def _decoded(data: Any) -> dict[str, Any]:
    (length,) = struct.unpack_from("<I", data)
    assert length % 4 == 0
    message: dict[str, Any] = json.loads(data[4 : 4 + length])
    assert sum(count for _, count in message.get("arrays", [])) * 4 == len(data) - 4 - length
    return message


@pytest.fixture
def watched(server: Server, browser: Browser) -> Iterator[tuple[Page, Frames]]:
    """A page whose frames are heard from the beginning."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    frames = Frames(page)
    page.goto(server.url)
    ready(page)
    yield page, frames
    context.close()


def until(page: Page, condition: Callable[[], bool]) -> None:
    """Waits until a condition on what was heard holds; frames arrive while the page is asked something."""
    for _ in range(3000):
        if condition():
            return
        page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError("what was waited for did not come")


def test_a_drag_is_spoken_on_the_line_alone(watched: tuple[Page, Frames]) -> None:
    page, frames = watched
    page.wait_for_function("() => document.querySelector('[data-readout=dw]').dataset.value")
    before = frames.to_streamlit
    for value in (1.5, 1.75, 2):
        page.get_by_role("slider", name="w", exact=True).fill(str(value))
    expect_number(page, "w", "2.0")
    expect_query(page, "?w=2")
    assert frames.to_streamlit == before
    assert {event["page"] for event in frames.events} == {"neuron"}
    numbers = [event["seq"] for event in frames.events]
    assert numbers == sorted(set(numbers))
    assert frames.events[-1]["values"]["w"] == 2
    until(page, lambda: any(answer["seq"] == numbers[-1] for answer in frames.answers))
    assert [answer["seq"] for answer in frames.answers] == sorted(answer["seq"] for answer in frames.answers)


def test_nothing_is_asked_while_nothing_is_touched(watched: tuple[Page, Frames]) -> None:
    page, frames = watched
    page.get_by_role("slider", name="w", exact=True).fill("2")
    expect_query(page, "?w=2")
    until(page, lambda: any("address" in answer for answer in frames.answers))
    count = len(frames.events)
    page.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 500))")
    assert len(frames.events) == count


def test_where_the_line_is_refused_updates_stay_live(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.route_web_socket("**/live", lambda socket: socket.close())
    page.goto(server.url)
    ready(page)
    page.get_by_role("slider", name="w", exact=True).fill("2")
    expect_number(page, "w", "2.0")
    expect_query(page, "?w=2")
    page.get_by_role("slider", name="b", exact=True).fill("-3.5")
    expect_number(page, "b", "-3.5")
    expect_query(page, "?w=2&b=-3.5")
    page.go_back()
    expect_number(page, "b", "0.0")
    assert slider(page, "w") == "2"
    assert number(page, "w") == "2.0"
    context.close()


def test_a_network_that_blocks_websockets_is_named(server: Server, browser: Browser) -> None:
    """What has to be let through is said until it is."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    blocked = [True]
    page.route_web_socket("**/*", lambda socket: socket.close() if blocked else socket.connect_to_server())
    page.goto(server.url)
    said = page.get_by_role("alert")
    expect(said).to_contain_text("This network blocks WebSockets", timeout=30_000)
    for path in ("_stcore/stream", "live"):
        expect(said).to_contain_text(f"{server.url.replace('http', 'ws')}/{path}")
    blocked.clear()
    expect(said).to_have_count(0, timeout=60_000)
    ready(page)
    context.close()


def test_where_only_the_line_is_blocked_the_page_says_so(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.route_web_socket("**/live", lambda socket: socket.close())
    page.goto(server.url)
    ready(page)
    said = page.locator(".connection")
    expect(said).to_contain_text(f"let {server.url.replace('http', 'ws')}/live through", timeout=30_000)
    said.get_by_role("button", name="Dismiss").click()
    expect(said).to_have_text("")
    context.close()
