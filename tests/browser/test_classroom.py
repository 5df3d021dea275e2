"""What a class sees: hidden parts, and pages embedded in a course."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.browser.classroom import not_presenting, presenting
from tests.browser.conftest import Visit, expect_number, expect_query
from tests.serving import Server


def test_hidden_answers_are_not_in_the_page_nor_in_a_message(visit: Visit) -> None:
    page = visit("/?hide=answers&w=0.37&x=1.3&b=0.4", parts="graph")
    sent: list[bytes] = []

    def keep(frame: str | bytes) -> None:
        sent.append(frame if isinstance(frame, bytes) else frame.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    page.reload()
    page.locator("[data-node=loss][data-value]").wait_for()
    page.locator("[data-node=w]").click()
    expect(page.locator("[data-inspector=w]")).to_be_visible()
    page.get_by_role("slider", name="w", exact=True).fill("0.38")
    before, after = (neuron.run(Inputs(w=w, x=1.3, b=0.4)) for w in (0.37, 0.38))
    expect_number(page, "loss", repr(after.loss))
    text, said = page.evaluate("document.documentElement.outerHTML"), b"".join(sent)
    assert repr(before.loss).encode() in said
    for secret in (repr(run.dw)[:6] for run in (before, after)):
        assert secret not in text
        assert secret.encode() not in said
    expect(page.locator("[data-readout=dw]")).to_have_text("?")
    expect(page.locator("[data-node=w]")).to_have_attribute("data-grad", "covered")
    for part in (".curves-view", ".by-hand", ".opinions"):
        expect(page.locator(part)).to_have_count(0)


def test_without_sliders_the_page_still_works(visit: Visit) -> None:
    page = visit("/?hide=sliders,lesson&view=full")
    expect(page.locator("[aria-label=w][type=range]")).to_be_hidden()
    expect(page.locator(".lesson")).to_have_count(0)
    page.locator("[data-node=mul]").click()
    expect(page.locator("[data-inspector=mul]")).to_be_visible()
    expect_query(page, "?hide=sliders%2Clesson&view=full&node=mul")


def test_an_unknown_part_is_said_and_left_out(visit: Visit) -> None:
    page = visit("/?hide=curves,%3Cb%3E", parts="graph")
    said = "hide = “<b>” is no part of a page; it is left out."
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    expect(page.locator(".curves-view")).to_have_count(0)


def test_what_a_class_sees_stays_from_page_to_page(visit: Visit) -> None:
    page = visit("/?hide=lesson&w=2", parts="graph")
    page.keyboard.press("p")
    presenting(page)
    expect_query(page, "?hide=lesson&w=2&present=1")
    page.keyboard.press("Escape")
    not_presenting(page)
    expect_query(page, "?hide=lesson&w=2")
    page.get_by_role("link", name="Neuron").click()
    expect(page.locator("[data-readout=w]")).to_have_text("2.00")
    expect_query(page, "?hide=lesson&w=2")


@pytest.fixture
def course() -> Iterator[tuple[str, list[str]]]:
    """A course page of another origin, and its body for a test to write."""
    body: list[str] = []

    class Course(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><link rel=icon href=data:,><title>x</title>{''.join(body)}".encode())

        def log_message(self, *_: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Course) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/", body
        running.shutdown()


def embedded(page: Page) -> FrameLocator:
    frame = page.frame_locator("iframe")
    frame.locator("[data-node=loss][data-value]").wait_for(timeout=30_000)
    return frame


def test_one_graph_in_a_course_page(visit: Visit, server: Server, course: tuple[str, list[str]]) -> None:
    address, body = course
    source = f"{server.url}/?embed=true&amp;w=2&amp;hide=sliders,headline,by-hand,curves,opinions"
    body.append(f'<iframe src="{source}" width="600" height="400" style="border:0"></iframe>')
    page = visit(parts="text")
    page.goto(address)
    frame = embedded(page)
    for part in (".headline", ".curves-view", ".lesson", ".by-hand", ".pages", ".buttons", ".cells"):
        expect(frame.locator(part).locator("visible=true")).to_have_count(0)
    graph = frame.locator("[data-graph]").bounding_box()
    assert graph is not None
    assert graph["width"] > 540
    assert graph["height"] > 180
    main = frame.locator("[data-testid=stMain]")
    assert main.evaluate("e => [e.scrollHeight <= 401, e.scrollWidth <= 600]") == [True, True]
    frame.locator("[data-node=z]").click()
    expect(frame.locator("[data-inspector=z]")).to_be_visible()


def test_an_embedded_page_is_alive(visit: Visit, server: Server, course: tuple[str, list[str]]) -> None:
    address, body = course
    body.append(f'<iframe src="{server.url}/?embed=true&amp;show=lesson" width="900" height="700"></iframe>')
    page = visit(parts="text")
    page.goto(address)
    frame = embedded(page)
    frame.get_by_role("slider", name="w", exact=True).fill("2")
    expect(frame.locator("[data-readout=w]")).to_have_text("2.00")
    expect(frame.locator(".lesson")).to_be_attached()
    expect(frame.get_by_role("button", name="Share", exact=True)).to_have_count(0)
    for value in ("-1", "-2"):
        frame.get_by_role("slider", name="w", exact=True).fill(value)
    inner = page.frames[1]
    assert inner.evaluate("location.search") == "?embed=true&show=lesson&w=-2"
    page.go_back()  # the course's, and not the frame's
    assert page.url != address


def test_a_class_keeps_its_room_from_page_to_page(visit: Visit) -> None:
    page = visit("/?hide=lesson,answers&w=2")
    page.get_by_role("link", name="Chain rule").click()
    page.locator("[data-page=chain_rule] [data-graph] [data-node]").first.wait_for()
    assert "hide=lesson" in page.url
    assert page.locator(".lesson >> visible=true").count() == 0
    assert page.locator('[data-readout="dz_dx"][data-value]:not([data-value="covered"])').count() == 0
    page.get_by_role("link", name="Neuron").click()
    page.locator("[data-page=neuron] [data-graph] [data-node]").first.wait_for()
    assert "w=2" in page.url
