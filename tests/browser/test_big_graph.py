"""A graph of about a thousand nodes: shown whole, moved about in, found by keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import ROOT, serve

CULLED = re.compile(r"\bculled\b")
BLANK = """
() => {
  const frame = document.querySelector("[data-graph]").getBoundingClientRect();
  const isInside = ({ left, top, right, bottom }) =>
    left < frame.right && frame.left < right && top < frame.bottom && frame.top < bottom;
  const culled = [...document.querySelectorAll(".node.culled:not(.coming)")];
  return culled.filter((node) => isInside(node.getBoundingClientRect())).map((node) => node.dataset.node);
}
"""
"""Nodes that would be in sight, but are not painted."""

WATCH_SIZES = """
window.laid_out = [];
for (const side of ["clientWidth", "clientHeight"]) {
  const { get } = Object.getOwnPropertyDescriptor(Element.prototype, side);
  Object.defineProperty(Element.prototype, side, { get() {
    const isUnpainted = this.matches("[data-graph]") && !this.querySelector("[data-node][data-value]");
    if (isUnpainted) window.laid_out.push(this.querySelectorAll("[data-node]").length);
    return get.call(this);
  } });
}
"""
"""How many nodes were there each time that the window's size was asked for, before the first of them had a number."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    errors: list[str] = []
    with serve(ROOT / "tests" / "benchmarks" / "apps" / "mlp.py") as server:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        opened = context.new_page()
        opened.add_init_script(WATCH_SIZES)
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        opened.goto(server.url)
        opened.locator("[data-node=loss][data-value]").wait_for(state="attached", timeout=30_000)
        yield opened
        context.close()
    assert errors == []


def test_all_nodes_are_there(page: Page) -> None:
    assert 900 < page.locator("[data-graph] [data-node]").count() < 1200
    assert page.locator("[data-graph] .culled").count() == 0
    assert set(page.evaluate("window.laid_out")) == {0}, "they are laid out more than once"


def test_what_lies_outside_the_window_is_not_painted_until_it_is_seen(page: Page) -> None:
    for _ in range(12):
        page.get_by_role("button", name="Zoom in").click()
    expect(page.locator(".minimap")).to_be_visible()
    page.wait_for_function("document.querySelectorAll('.node.culled').length > 500")
    overview = page.locator(".minimap").bounding_box()
    assert overview
    seen = "[...document.querySelectorAll('.node:not(.culled)')].map(n => n.dataset.node).join()"
    before = page.evaluate(seen)
    page.locator(".minimap").click(position={"x": overview["width"] - 20, "y": overview["height"] / 2})
    page.wait_for_function(f"before => {seen} !== before", arg=before)


def middle(page: Page) -> tuple[float, float]:
    box = page.locator("[data-graph]").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_nothing_is_blank_while_the_pointer_still_drags(page: Page) -> None:
    overview = page.locator(".minimap").bounding_box()
    assert overview
    page.locator(".minimap").click(position={"x": overview["width"] / 2, "y": overview["height"] / 2})
    page.wait_for_function("document.querySelector('.gliding') === null")
    page.evaluate(f"{{ window.blank = []; document.onpointermove = () => window.blank.push(...({BLANK})()) }}")
    x, y = middle(page)
    page.mouse.move(x - 600, y)
    page.mouse.down()
    page.mouse.move(x + 600, y, steps=4)
    page.mouse.up()
    assert page.evaluate("window.blank") == []
    page.evaluate("document.onpointermove = null")
    page.get_by_role("button", name="Fit").click()
    page.wait_for_function("document.querySelectorAll('.node.culled').length === 0")


DRAWN_ANEW = """
() => {
  window.drawn = 0;
  const svg = document.querySelector("[data-graph] svg");
  const watch = new MutationObserver((changes) => { window.drawn += changes.length; });
  watch.observe(svg, { attributes: true, subtree: true });
}
"""
SHARP = """
() => {
  const sheet = document.querySelector("[data-graph] .sheet");
  return sheet.style.transform === "" && document.querySelector(".gliding") === null;
}
"""


def test_nothing_is_blank_while_the_wheel_turns_back(page: Page) -> None:
    x, y = middle(page)
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    for _ in range(10):
        page.mouse.wheel(0, -120)
    page.wait_for_function(
        "document.querySelectorAll('.node.culled').length > 0 && !document.querySelector('.gliding')"
    )
    for _ in range(3):
        page.mouse.wheel(0, 120)
        assert page.evaluate(BLANK) == []
    page.keyboard.up("Control")
    page.get_by_role("button", name="Fit").click()
    page.wait_for_function("document.querySelectorAll('.node.culled').length === 0")
    assert page.locator(".coming").count() == 0


TURNED = """([x, y]) => new Promise((tell) => {
    const turn = { deltaY: -60, ctrlKey: true, clientX: x, clientY: y, bubbles: true, cancelable: true };
    for (let i = 0; i < 5; i += 1) document.elementFromPoint(x, y).dispatchEvent(new WheelEvent("wheel", turn));
    requestAnimationFrame(() => {
        tell({ drawn: window.drawn, isGliding: document.querySelector("[data-graph].gliding") !== null });
    });
})"""
"""Turns the wheel, and looks in the very next frame: a slow machine comes to rest between two events of a driver's."""


def test_while_the_wheel_turns_the_picture_moves_as_it_is_and_is_sharp_at_rest(page: Page) -> None:
    page.get_by_role("button", name="Fit").click()
    page.wait_for_function(SHARP)
    x, y = middle(page)
    page.mouse.move(x, y)
    page.evaluate(DRAWN_ANEW)
    assert page.evaluate(TURNED, [x, y]) == {"drawn": 0, "isGliding": True}
    page.wait_for_function(SHARP)
    assert page.evaluate("window.drawn") > 0
    seen, overview = (page.locator(place).bounding_box() for place in (".minimap .seen", ".minimap svg"))
    assert seen
    assert overview
    for side, length in (("x", "width"), ("y", "height")):
        assert seen[side] + seen[length] / 2 == pytest.approx(overview[side] + overview[length] / 2, abs=4)  # type: ignore[literal-required]  # x, y
        assert 0 < seen[length] < overview[length]  # type: ignore[literal-required]  # x, y
    page.get_by_role("button", name="Fit").click()
    page.wait_for_function(SHARP)


def test_the_keyboard_brings_a_node_into_view(page: Page) -> None:
    for _ in range(12):
        page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function("document.querySelectorAll('.node.culled').length > 500")
    loss = page.locator("[data-node=loss]")
    expect(loss).to_have_class(CULLED)
    page.get_by_role("button", name="Fit").focus()
    page.keyboard.press("Tab")
    loss.focus()
    expect(loss).not_to_have_class(CULLED)
    x, y = middle(page)
    page.wait_for_function("document.querySelector('.gliding') === null")
    box = loss.bounding_box()
    assert box
    assert box["x"] + box["width"] / 2 == pytest.approx(x, abs=3)
    assert box["y"] + box["height"] / 2 == pytest.approx(y, abs=3)
    page.get_by_role("button", name="Fit").click()
    page.wait_for_function("document.querySelectorAll('.node.culled').length === 0")
