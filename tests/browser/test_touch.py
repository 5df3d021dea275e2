"""A phone: everything that a finger is to meet is 44 pixels high and wide, and the sliders leave the graph in view."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

PAGES = [
    "/", "/?view=full", "/?node=w&step=3", "/?predict=dw,db", "/?tour=2", "/chain-rule", "/vectors?reduce=none",
    "/gradient-lab?run=backward,again", "/training?compare=adam", "/playground?preset=training%20loop",
]  # fmt: skip

SMALL = """() => [...document.querySelectorAll("button, summary, select, input, [role=button]")].filter((part) => {
    const { width, height } = part.getBoundingClientRect();
    const isTarget = getComputedStyle(part).visibility === "visible" && !part.closest("[inert], [data-edge]");
    return isTarget && width && height && (Math.round(width) < 44 || Math.round(height) < 44);
}).map((part) => {
    const { width, height } = part.getBoundingClientRect();
    return [part.localName, part.getAttribute("aria-label") ?? part.textContent, Math.round(width), Math.round(height)];
})"""
"""Arrows in the graph lie on a table too, and their nodes' explanations say the same."""


ZOOMED_INTO = """() => [...document.querySelectorAll("select, textarea, input:not([type=range], [type=checkbox])")]
  .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16).map((field) => field.outerHTML)"""
"""Fields into which Safari zooms."""

WITHOUT_MINUS = """() => [...document.querySelectorAll("input[type=range]")]
  .map((range) => [range, document.querySelector(`[aria-label="${range.getAttribute("aria-label")} value"]`)])
  .filter(([range]) => !range.hasAttribute("aria-valuetext")) // a position that is not the number itself
  .filter(([range, field]) => Number(range.min) < 0 && field && field.inputMode !== "text")
  .map(([, field]) => field.outerHTML)"""
"""Fields for negative numbers that bring up a pad without a minus."""


@pytest.mark.parametrize("address", PAGES)
def test_a_finger_meets_44_pixels_and_pinned_sliders_leave_room(visit: Visit, address: str) -> None:
    page = visit(address, 390, 844, touch=True, parts="text" if "playground" in address else "all")
    assert page.evaluate(SMALL) == []
    assert page.evaluate(ZOOMED_INTO) == []
    assert page.evaluate(WITHOUT_MINUS) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390
    if "playground" in address:
        page.get_by_role("button", name="Graph", exact=True).tap()
        page.locator("[data-graph] [data-node]").first.wait_for()
        expect(page.get_by_role("textbox", name="program", exact=True)).to_be_hidden()
        assert page.evaluate(SMALL) == []
        return
    box = page.locator(".sliders > :is(.cells, .lists):visible").bounding_box()
    assert box is not None
    assert box["y"] >= 844 - 200
    assert box["y"] + box["height"] <= 844


@pytest.mark.parametrize("query", ["", "example=first_nan&node=mean&moment=0&beside=same&beside_moment=6"])
def test_a_finger_meets_44_pixels_where_recordings_are_opened(visit: Visit, query: str) -> None:
    page = visit(f"/open?{query}", 390, 844, touch=True, parts="text")
    page.locator(f"[data-page=recording][data-state={'open' if query else 'empty'}]").wait_for()
    if query:
        page.locator(".beside-view [data-node][data-value]").first.wait_for()
        page.locator(".inspector .line").first.wait_for()
        page.locator(".compare-view summary").tap()
        page.get_by_role("button", name="Pass 3", exact=True).wait_for()
    assert page.evaluate(SMALL) == []
    assert page.evaluate(ZOOMED_INTO) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390


def test_a_finger_beside_a_card_opens_it_and_outside_its_corner_its_group(visit: Visit) -> None:
    page = visit("/", 390, 844, touch=True)
    handle = page.locator(".toggle[data-group=z] circle").bounding_box()
    assert handle is not None
    page.touchscreen.tap(handle["x"] - 12, handle["y"] + handle["height"] / 2)
    page.locator(".toggle[data-group=z][aria-expanded=true]").wait_for()
    page = visit("/?view=full", 390, 844, touch=True)
    card = page.locator("[data-node=x] .card").bounding_box()
    assert card is not None
    page.touchscreen.tap(card["x"] + card["width"] / 2, card["y"] + card["height"] + 2)
    page.locator('[data-inspector="x"]').wait_for()


def test_after_a_pinch_the_page_still_scrolls_and_fit_is_at_hand(visit: Visit) -> None:
    page = visit("/", 390, 844, touch=True)
    devtools = page.context.new_cdp_session(page)
    drawing = page.locator("[data-graph] svg")
    whole = drawing.get_attribute("viewBox") or ""

    def touch(kind: str, *fingers: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(fingers)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    box = page.locator("[data-graph]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 60
    touch("touchStart", (x - 30, y), (x + 30, y))
    for far in range(40, 100, 10):
        touch("touchMove", (x - far, y), (x + far, y))
    touch("touchEnd")
    expect(drawing).not_to_have_attribute("viewBox", whole)
    scrolled = "document.querySelector('.stMain').scrollTop"
    top = page.evaluate(scrolled)
    touch("touchStart", (x, y))
    for moved in range(10, 130, 10):
        touch("touchMove", (x, y - moved))
    touch("touchEnd")
    page.wait_for_function(f"top => {scrolled} > top + 50", arg=top)
    page.locator(".refit").click()
    expect(drawing).to_have_attribute("viewBox", whole)
    expect(page.locator(".refit")).to_be_hidden()
