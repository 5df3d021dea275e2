"""A phone: everything that a finger is to meet is 44 pixels high and wide, and the sliders leave the graph in view."""

import pytest

from tests.browser.conftest import Visit

PAGES = [
    "/", "/?view=full", "/?node=w&step=3", "/?predict=dw,db", "/?tour=2", "/chain-rule", "/vectors?reduce=none",
    "/gradient-lab?run=backward,again",
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


@pytest.mark.parametrize("address", PAGES)
def test_a_finger_meets_44_pixels(visit: Visit, address: str) -> None:
    page = visit(address, 390, 844, touch=True)
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390


@pytest.mark.parametrize("address", PAGES)
def test_the_pinned_sliders_leave_the_page_its_room(visit: Visit, address: str) -> None:
    page = visit(address, 390, 844, touch=True)
    box = page.locator(".sliders").bounding_box()
    assert box is not None
    assert box["y"] > 844 / 2
    assert box["y"] + box["height"] <= 844


def test_a_finger_beside_a_card_opens_it_and_outside_its_corner_its_group(visit: Visit) -> None:
    page = visit("/", 390, 844, touch=True)
    card = page.locator("[data-node=w] .card").bounding_box()
    assert card is not None
    page.touchscreen.tap(card["x"] + card["width"] / 2, card["y"] + card["height"] + 2)
    page.locator('[data-inspector="w"]').wait_for()
    page.keyboard.press("Escape")
    handle = page.locator(".toggle[data-group=z] circle").bounding_box()
    assert handle is not None
    page.touchscreen.tap(handle["x"] - 12, handle["y"] + handle["height"] / 2)
    page.locator(".toggle[data-group=z][aria-expanded=true]").wait_for()
