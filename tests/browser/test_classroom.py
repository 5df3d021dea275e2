"""The classroom: projector mode, sharing, hidden parts, embedding and keys, as a teacher and a student meet them."""

import http.server
import io
import re
import threading
from collections.abc import Iterator

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import FrameLocator, Page, expect

from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.browser.conftest import Visit, expect_number, expect_query, move_to, resize
from tests.serving import Server

SCREENS = pytest.mark.parametrize(("width", "height"), [(1024, 768), (1440, 900), (1920, 1080)])

SIZES = """(selector) => [...document.querySelectorAll(selector)].filter((text) => {
    const box = text.getBoundingClientRect();
    return text.textContent.trim() && box.width && getComputedStyle(text).visibility === "visible";
}).map((text) => parseFloat(getComputedStyle(text).fontSize) * (text.ownerSVGElement ? text.getScreenCTM().a : 1))"""
"""The heights of all visible texts, in pixels of the screen."""

MOVED = """(before) => {
    const parts = [...document.querySelectorAll(
        ".headline, .cards > div, .headline [data-readout], .term, .graph-view, [data-node], .cell, .cell input"
    )];
    const places = parts.map((part) => {
        const { x, y, width, height } = part.getBoundingClientRect();
        const name = part.dataset.readout ?? part.dataset.node ?? part.className;
        const size = part.matches(".term") ? [] : [width, height];
        return [name, ...[x, y, ...size].map(Math.round)].join(" ");
    });
    return before ? places.filter((place, i) => place !== before[i]) : places;
}"""

CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const light = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const parts = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => v / 255);
        const [r, g, b] = parts.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const all = (selector) => [...document.querySelectorAll(selector)].map((part) => getComputedStyle(part));
    const ground = light(getComputedStyle(document.querySelector(".stApp")).backgroundColor);
    const inks = [
        ...all(".headline [data-readout], .headline dt, .sliders .name").map(({ color }) => color),
        ...all("[data-graph] :is(.number, .name, .flow)").map(({ fill }) => fill),
    ];
    return Math.min(...inks.map(light).map((ink) => (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)));
}"""


IS_LIGHT = "!getComputedStyle(document.querySelector('.stApp')).backgroundColor.startsWith('rgb(20,')"

STILL = """() => new Promise((done) => {
  let last = "", times = 0;
  const look = () => {
    const place = JSON.stringify(document.querySelector("[data-graph]").getBoundingClientRect());
    times = place === last ? times + 1 : 0;
    last = place;
    times === 5 ? done() : setTimeout(look, 40);
  };
  look();
})"""


def presenting(page: Page) -> None:
    """Waits until the page is on the projector, with its graph, which has found its place."""
    expect(page.locator("html.presenting")).to_be_attached()
    page.locator("[data-graph] svg").wait_for()
    page.evaluate(STILL)


def not_presenting(page: Page) -> None:
    expect(page.locator("html.presenting")).to_have_count(0)


def link(page: Page) -> str:
    return page.get_by_role("textbox", name="Link", exact=True).input_value()


def share(page: Page) -> str:
    """Opens the panel; the link that it shows."""
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("dialog", name="Share what is on the screen")).to_be_visible()
    return link(page)


def decoded(picture: bytes) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))]


def bounds(page: Page, selector: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


@SCREENS
def test_a_projector_shows_large_texts_that_stay_in_place(visit: Visit, width: int, height: int) -> None:
    page = visit("/?present=1", width, height, parts="graph")
    presenting(page)
    expect(page.locator("[data-graph] svg.projected")).to_be_attached()
    assert min(page.evaluate(SIZES, "[data-graph] text")) >= 20
    assert min(page.evaluate(SIZES, "[data-readout]")) >= 32
    expect_contrast(page)
    expect_headline_graph_and_one_row_of_controls(page, width, height)
    expect_nothing_moves(page, width)


def test_a_projector_gives_the_picture_the_room_of_what_is_covered(visit: Visit) -> None:
    page = visit("/?present=1&predict=dw,db", parts="graph")
    presenting(page)
    for width, height in [(1024, 768), (1366, 768), (1920, 1080)]:
        resize(page, width, height)
        assert min(page.evaluate(SIZES, "[data-graph] text")) >= 20, width
    expect(page.locator(".graph-view .legend")).to_be_hidden()


def expect_contrast(page: Page) -> None:
    """Whatever theme the system has."""
    for theme, is_light in (("light", True), ("dark", False)):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its words
        page.wait_for_function(f"isLight => ({IS_LIGHT}) === isLight", arg=is_light)
        page.wait_for_function(f"() => ({CONTRAST})() >= 7")
    page.emulate_media(color_scheme="light")


def expect_headline_graph_and_one_row_of_controls(page: Page, width: int, height: int) -> None:
    """Nothing else is shown, and nothing lies outside the screen."""
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= height
    for part in ("[data-graph]", ".headline", ".sliders .cells"):
        left, top, right, bottom = bounds(page, part)
        assert left >= 0 <= top
        assert right <= width
        assert bottom <= height
    _, top, _, bottom = bounds(page, "[data-graph]")
    assert bottom - top > height / 2
    for part in (".graph-view .tools", ".starts", ".lesson", ".curves-view", ".by-hand", ".classroom .buttons"):
        expect(page.locator(part).first).to_be_hidden()
    for name, least in (("w", 180), ("y", 100)):
        left, _, right, _ = bounds(page, f"input[type=range][aria-label={name}]")
        assert right - left >= least
    rows = [round(bounds(page, f".sliders .cell:nth-child({number})")[1]) for number in (1, 2, 3, 4)]
    assert len(set(rows)) == 1


def expect_nothing_moves(page: Page, width: int) -> None:
    """Whatever the numbers are."""
    before = page.evaluate(MOVED)
    assert len(before) > 20
    for inputs in (Inputs(w=3.0), Inputs(x=-9.9, w=-4.99, b=-9.9), Inputs(x=-9.9, w=-5.0, b=-9.9, y=1.0)):
        for name in "xwby":
            page.get_by_role("slider", name=name, exact=True).fill(f"{getattr(inputs, name):g}")
        expect_number(page, "dw", repr(neuron.run(inputs).dw))
        assert page.evaluate(MOVED, before) == []
        terms = [bounds(page, f".headline .term:nth-of-type({number})") for number in (1, 3, 5)]
        assert terms[0][2] <= terms[1][0]
        assert terms[1][2] <= terms[2][0]
        assert bounds(page, ".headline b.value")[2] <= terms[1][0]
        assert terms[2][2] <= width


def test_one_button_begins_one_key_ends_and_the_address_says_so(visit: Visit) -> None:
    page = visit("/?w=2")
    page.get_by_role("button", name="Present").click()
    presenting(page)
    expect_query(page, "?w=2&present=1")
    expect(page.locator("[data-graph] svg.projected")).to_be_attached()
    page.keyboard.press("p")
    not_presenting(page)
    expect_query(page, "?w=2")
    expect(page.locator("[data-graph] svg.concept:not(.projected)")).to_be_attached()
    page.go_back()
    presenting(page)


def test_escape_and_a_button_leave_and_the_walk_stays(visit: Visit) -> None:
    page = visit("/?present=1&step=8", 1024, 768, parts="graph")
    presenting(page)
    place, here = page.locator(".walk-bar .place"), page.locator("[data-node=w][data-now=backward]")
    page.locator(".headline").click(position={"x": 4, "y": 4})
    for way in ("key", "button"):
        if way == "key":
            page.keyboard.press("Escape")
        else:
            page.get_by_role("button", name="Leave projector mode").click()
        not_presenting(page)
        expect(place).to_have_text("8 / 8")
        expect_query(page, "?step=8")
        assert page.evaluate("getComputedStyle(document.activeElement, '::before').content") == "none"
        page.keyboard.press("p")
        presenting(page)
        expect(place).to_have_text("8 / 8")
        expect_query(page, "?step=8&present=1")
        expect(here).to_be_attached()
    page.go_back()
    not_presenting(page)
    expect(place).to_have_text("8 / 8")
    page.go_forward()
    expect(place).to_have_text("8 / 8")
    expect(page.locator(".notice")).to_be_hidden()


def test_a_clicker_begins_the_walk_and_drives_it(visit: Visit) -> None:
    page = visit("/?present=1", 1024, 768, parts="graph")
    presenting(page)
    expect(page.locator("[data-graph] svg.projected")).to_be_attached()
    before = bounds(page, "[data-graph]")
    for key, step in (("PageDown", 0), ("PageDown", 1), ("PageDown", 2), ("PageUp", 1)):
        page.keyboard.press(key)
        expect(page.locator(".walk-bar .place")).to_have_text(f"{step} / 8")
    expect(page.locator(".walk-bar .words")).to_contain_text("Forward")
    assert bounds(page, "[data-graph]") == before
    expect_query(page, "?present=1&step=1")


def test_after_a_drag_the_clicker_still_drives_the_walk(visit: Visit) -> None:
    page = visit("/?present=1", 1024, 768, parts="graph")
    presenting(page)
    slider = page.get_by_role("slider", name="w", exact=True)
    slider.click()
    value = slider.input_value()
    page.keyboard.press("PageDown")
    expect(page.locator(".walk-bar .place")).to_have_text("0 / 8")
    assert slider.input_value() == value
    slider.focus()
    page.keyboard.press("PageDown")
    expect(slider).not_to_have_value(value)


def test_the_full_graph_is_one_key_away(visit: Visit) -> None:
    page = visit("/?present=1", 1024, 768, parts="graph")
    presenting(page)
    page.keyboard.press("v")
    expect(page.locator("[data-graph] svg.whole")).to_be_attached()
    expect_query(page, "?present=1&view=full")
    page.keyboard.press("v")
    expect(page.locator("[data-graph] svg.projected")).to_be_attached()
    expect_query(page, "?present=1")


def test_a_phone_can_open_a_projectors_link(visit: Visit) -> None:
    page = visit("/?present=1", 390, 844, touch=True, parts="graph")
    presenting(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    _, top, _, bottom = bounds(page, "[data-graph]")
    assert bottom - top > 250
    assert bottom <= bounds(page, ".sliders .cells")[1]
    for part in (".graph-view .refit", ".graph-view .minimap"):
        expect(page.locator(part)).to_be_visible()
        assert bottom <= bounds(page, part)[1] + 1
        assert bounds(page, part)[3] <= bounds(page, ".line-of-words")[1] + 1
    expect(page.get_by_role("button", name="Leave projector mode")).to_be_visible()


def test_the_link_is_the_state_as_of_now(visit: Visit, server: Server) -> None:
    page = visit("/?x=2")
    page.get_by_role("button", name="Walk through").click()
    expect(page.locator(".walk-bar .place")).to_have_text("0 / 8")
    page.get_by_role("slider", name="step of the walk").fill("5")
    share(page)
    expect(page.get_by_role("textbox", name="Link", exact=True)).to_have_value(f"{server.url}/?x=2&step=5")
    other = visit(link(page).removeprefix(server.url))
    expect(other.locator(".walk-bar .place")).to_have_text("5 / 8")


def test_the_code_is_read_from_the_screen(visit: Visit) -> None:
    page = visit("/?w=-2.5&y=1", theme="dark")
    shared = share(page)
    page.wait_for_function("document.querySelector('.classroom .code img').naturalWidth > 0")
    for width, height, theme in ((1440, 900, "light"), (1024, 768, "dark"), (390, 844, "light")):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its words
        resize(page, width, height)
        expect_readable(page, shared, width, height)


def expect_readable(page: Page, shared: str, width: int, height: int) -> None:
    """The panel's code, and the one that fills the screen."""
    assert decoded(page.screenshot()) == [shared]
    page.get_by_role("button", name="Show the QR code on the whole screen").click()
    large = page.get_by_role("dialog", name="QR code", exact=True)
    expect(large).to_be_visible()
    left, top, right, bottom = bounds(page, ".large-code img")
    assert right - left == pytest.approx(bottom - top, abs=1)
    assert min(width, height) * 0.8 <= right - left <= min(width, height)
    assert decoded(page.screenshot()) == [shared]
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(page.get_by_role("dialog", name="Share what is on the screen")).to_be_visible()


def test_ticks_go_into_the_link_with_what_goes_along(visit: Visit) -> None:
    page = visit()
    assert share(page).endswith("/")
    page.get_by_role("checkbox", name="sliders and starting points").check()
    page.get_by_role("checkbox", name="every gradient, wherever it stands").check()
    expect(page.get_by_role("checkbox", name="curves")).to_be_checked()
    expect(page.get_by_role("checkbox", name="curves")).to_be_disabled()
    page.get_by_role("checkbox", name="for a projector").check()
    assert link(page).endswith("/?present=1&hide=sliders,answers")
    page.get_by_role("checkbox", name="inside another page").check()
    assert link(page).endswith("/?present=1&hide=sliders,answers&embed=true")
    snippet = page.get_by_role("textbox", name="HTML for another page")
    expect(snippet).to_have_value(re.compile("<iframe src=.*&amp;embed=true"))
    page.get_by_role("checkbox", name="every gradient, wherever it stands").uncheck()
    expect(page.get_by_role("checkbox", name="curves")).not_to_be_checked()
    assert "hide=sliders&" in link(page)


CLIPBOARDS = {
    "allowed": "navigator.clipboard.writeText = async (text) => { window.copied = text; }",
    "refused": "navigator.clipboard.writeText = () => Promise.reject(new Error('no'))",
    "missing": "Object.defineProperty(navigator, 'clipboard', { value: undefined })",
}


def test_copy_works_without_leave_to_use_the_clipboard(visit: Visit) -> None:
    page = visit("/?w=2")
    page.evaluate("document.addEventListener('copy', () => { window.copied = document.activeElement.value; })")
    share(page)
    for clipboard, change in CLIPBOARDS.items():
        page.evaluate(f"() => {{ window.copied = null; {change}; }}")
        page.get_by_role("button", name="Copy", exact=True).click()
        copied = page.get_by_role("status").filter(has_text="Copied.")
        expect(copied).to_be_visible()
        assert page.evaluate("window.copied") == link(page), clipboard
        page.get_by_role("checkbox", name="for a projector").click()
        expect(copied).to_have_count(0)


def test_focus_stays_in_the_panel_and_returns(visit: Visit) -> None:
    page = visit()
    share(page)
    inside = "document.activeElement === document.body || document.activeElement.closest('dialog.share') !== null"
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.keyboard.press("p")
    not_presenting(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog.share")).to_be_hidden()
    expect(page.get_by_role("button", name="Share", exact=True)).to_be_focused()


def test_the_preview_is_what_the_student_gets_and_loads_on_demand(visit: Visit) -> None:
    page = visit("/?w=2")
    share(page)
    page.get_by_role("checkbox", name="sliders and starting points").check()
    assert [frame.url for frame in page.frames if "hide" in frame.url] == []
    page.get_by_text("What students get").click()
    small = page.frame_locator(".preview iframe")
    small.locator("[data-node=loss][data-value]").wait_for(timeout=30_000)
    expect(small.locator(".sliders .cells")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".preview iframe")).to_have_attribute("src", "about:blank")


def test_a_link_that_is_too_long_for_a_code_is_said_to_be(visit: Visit) -> None:
    page = visit("/?other=" + "x" * 600)
    share(page)
    expect(page.get_by_text("This link is too long for a QR code")).to_be_visible()
    expect(page.locator(".classroom .code")).to_be_hidden()


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


def test_the_sheet_lists_the_keys_and_closes(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    for words in ("projector mode", "torch’s full graph", "Page Down", "previous step", "explain", "a large step"):
        expect(sheet).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Keys")).to_be_focused()


def test_the_theme_can_be_switched_and_stays_on_every_page(visit: Visit) -> None:
    page = visit("/?w=2")
    ground = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Theme: the system’s").click()
    page.get_by_role("button", name="Theme: light").click()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible(timeout=30_000)
    page.locator("[data-node=loss][data-value]").wait_for()
    expect_query(page, "?w=2")
    dark = page.evaluate(ground)
    assert dark != light
    page.goto(page.url.partition("?")[0] + "vectors")
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible(timeout=30_000)
    assert page.evaluate(ground) == dark


def test_letters_can_be_switched_off_and_stay_off(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("checkbox", name="Keys of one letter work").uncheck()
    page.keyboard.press("Escape")
    for _ in range(2):
        for key in ("?", "p", "v"):
            page.keyboard.press(key)
        expect(page.locator("html.presenting, dialog[open]")).to_have_count(0)
        expect(page.locator("[data-graph] svg.concept")).to_be_attached()
        page.reload()
        page.locator("[data-node=loss][data-value]").wait_for()
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("checkbox", name="Keys of one letter work").check()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    presenting(page)


def test_keys_of_the_browser_are_left_to_it(visit: Visit) -> None:
    page = visit()
    page.evaluate(
        "window.addEventListener('keydown', (event) => {"
        "  window.taken.push(event.defaultPrevented); event.preventDefault(); })"
    )
    for keys in ("Control+p", "Alt+v", "Meta+p", "Control+v"):
        page.evaluate("window.taken = []")
        page.keyboard.press(keys)
        assert page.evaluate("window.taken.length > 0 && !window.taken.includes(true)"), keys
        not_presenting(page)
        expect(page.locator("[data-graph] svg.concept")).to_be_attached()


def test_who_types_is_not_interrupted(visit: Visit) -> None:
    page = visit()
    page.get_by_role("textbox", name="w value").focus()
    for key in ("p", "v", "?"):
        page.keyboard.press(key)
    page.get_by_role("combobox", name="loss").focus()
    page.keyboard.press("p")
    expect(page.locator("html.presenting, dialog[open]")).to_have_count(0)
    expect(page.locator("[data-graph] svg.concept")).to_be_attached()


def test_the_head_keeps_to_its_place(visit: Visit) -> None:
    page = visit("/")
    for width, height in ((1440, 900), (1024, 768)):
        resize(page, width, height)
        expect_head(page, width, 34)
        if width == 1440:
            assert bounds(page, ".graph-view")[3] <= height
    expect_head(visit("/", 390, 844, touch=True), 390, 44)


def expect_head(page: Page, width: int, least: float) -> None:
    """Its buttons are in sight, and large enough."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("share", "present", "keys"):
        left, top, right, bottom = bounds(page, f"[data-act={name}]")
        assert right <= width
        assert min(right - left, bottom - top) >= least


KEPT = {
    "/?": "select[name=loss]", "chain-rule": ".speeds .wrong.lane", "vectors": "select[name=reduce]",
    "reduce=none": ".heat-map", "gradient-lab": ".tabs",
}  # fmt: skip
"""What each page is about, by a piece of its address: a projector shows it."""

PROJECTED = [
    ("/", ["view=full", "view=full&step=3"]),
    ("/chain-rule", [""]),
    ("/vectors", ["", "reduce=none"]),
    ("/gradient-lab", ["run=backward,again", "experiment=no-grad&run=no-grad,use"]),
]


@pytest.mark.parametrize(("path", "queries"), PROJECTED)
def test_every_page_can_be_projected(visit: Visit, path: str, queries: list[str]) -> None:
    page = visit(f"{path}?present=1", 1024, 768, parts="graph")
    for query in queries:
        move_to(page, f"?present=1&{query}")
        presenting(page)
        page.locator("[data-graph] [data-node][data-value]").first.wait_for()
        for width, height in ((1024, 768), (1440, 900)):
            resize(page, width, height)
            expect_projected(page, f"{path}?{query}", width, height)


def expect_projected(page: Page, address: str, width: int, height: int) -> None:
    """All that a projector shows is large, whole and in sight, and nothing else is shown."""
    assert min(page.evaluate(SIZES, "[data-graph] text")) >= 20
    assert min(page.evaluate(SIZES, ":is(.headline, .lab) [data-readout]")) >= 32
    page.locator("[data-graph]").scroll_into_view_if_needed()
    for place in ("[data-graph]", ".sliders .cells:visible, .sliders .lists:visible"):
        left, top, right, bottom = bounds(page, place)
        assert left >= 0 <= top
        assert right <= width
        assert bottom <= height
    for part in (".lesson", ".take-home", ".classroom .buttons", ".plots, .curves-view", ".starts"):
        assert page.locator(f"{part} >> visible=true").count() == 0
    for part in ("h1", ".legend", *(kept for name, kept in KEPT.items() if name in address)):
        expect(page.locator(f"{part} >> visible=true").first).to_be_visible()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= height


LISTS = ["", "&reduce=none", "&values=-9.9,-8.8,7.7,-6.6,5.5,-4.4,-3.3,2.2", "&values=-1.1,-2.2,-3.3,-4.4&reduce=none"]

WITHIN = """() => {
  const bounds = (element) => element.getBoundingClientRect();
  const around = bounds(document.querySelector('[data-graph]'));
  const isIn = (inner, outer) => inner.left >= outer.left && inner.right <= outer.right;
  const said = (part) => [...part.querySelectorAll('text')].filter((text) => text.textContent).map(bounds);
  const cards = [...document.querySelectorAll('[data-graph] [data-node]')].map((node) => ({
    card: bounds(node.querySelector('.card')), texts: said(node),
  }));
  const arrows = [...document.querySelectorAll('[data-graph] [data-edge]')].flatMap(said);
  return cards.every(({ card, texts }) => {
    const [name, value] = texts;
    const isWhole = card.top >= around.top && card.bottom <= around.bottom && isIn(card, around);
    return isWhole && texts.every((text) => isIn(text, card)) && name.right < value.left;
  }) && arrows.filter(({ width }) => width).every((label) => isIn(label, around));
}"""


def test_projected_lists_are_read_as_a_whole(visit: Visit) -> None:
    page = visit("/vectors?present=1", 1024, 768, parts="graph")
    for lists in LISTS:
        move_to(page, f"?present=1{lists}")
        presenting(page)
        page.locator("[data-graph] svg.projected [data-node][data-value]").first.wait_for()
        page.wait_for_function(WITHIN)
        assert min(page.evaluate(SIZES, "[data-graph] .number")) >= 31


def test_arrow_keys_follow_projected_lists_down(visit: Visit) -> None:
    page = visit("/vectors?present=1", 1024, 768, parts="graph")
    presenting(page)
    page.locator("[data-graph] svg.projected [data-node=x]").focus()
    for part in ("[data-edge][data-to=x]", "[data-node]:not([data-node=x], [data-node=y])"):
        page.keyboard.press("ArrowDown")
        expect(page.locator(f"[data-graph] {part}:focus")).to_have_count(1)


IN_SIGHT = """() => {
  const around = document.querySelector("[data-graph]").getBoundingClientRect();
  const cards = [...document.querySelectorAll("[data-graph] .node[data-now] .card")];
  const isInSight = ({ left, right }) => left >= around.left - 1 && right <= around.right + 1;
  return cards.length > 0 && cards.every((card) => isInSight(card.getBoundingClientRect()));
}"""
"""Whether the cards of the walk's step are in sight."""


def test_on_a_projector_the_walk_stays_in_sight(visit: Visit) -> None:
    """torch's full graph is wider than a projector's screen, at a size that can be read."""
    page = visit("/?present=1&view=full&step=0", 1024, 768, parts="graph")
    presenting(page)
    for step in range(1, 26):
        page.keyboard.press("PageDown")
        expect(page.locator(".walk-bar .place")).to_have_text(f"{step} / 25")
        page.wait_for_function(IN_SIGHT)
    expect_query(page, "?present=1&view=full&step=25")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    not_presenting(page)
    page.locator("[data-graph] [data-node=loss]").wait_for()
    left, _, right, _ = bounds(page, "[data-graph]")
    assert left <= bounds(page, "[data-graph] [data-node=w]")[0]
    assert bounds(page, "[data-graph] [data-node=loss]")[2] <= right


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


def test_what_students_predict_is_ticked_in_the_panel(visit: Visit) -> None:
    page = visit("/?w=2")
    share(page)
    page.get_by_role("checkbox", name="∂L/∂w").check()
    page.get_by_role("checkbox", name="ŷ").check()
    assert link(page).endswith("?w=2&predict=dw,y_pred")
    student = visit("/" + link(page).rpartition("/")[2], parts="graph")
    student.locator(".predict .row").nth(1).wait_for()
    assert student.locator(".predict .row").count() == 2
    share(student)
    expect(student.get_by_role("checkbox", name="ŷ")).to_be_checked()
