"""A graph of about a thousand nodes: shown whole, moved about in, found by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import ROOT, serve


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    errors: list[str] = []
    with serve(ROOT / "tests" / "benchmarks" / "apps" / "mlp.py") as server:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        opened = context.new_page()
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.goto(server.url)
        opened.locator("[data-node=loss][data-value]").wait_for(state="attached", timeout=30_000)
        yield opened
        context.close()
    assert errors == []


def test_all_nodes_are_there(page: Page) -> None:
    assert 900 < page.locator("[data-graph] [data-node]").count() < 1200
    assert page.locator("[data-graph] .culled").count() == 0


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


def test_the_keyboard_brings_a_node_into_view(page: Page) -> None:
    page.locator("[data-node=loss]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-node=loss]")).to_be_in_viewport()
    page.get_by_role("button", name="Fit").click()
    page.wait_for_function("document.querySelectorAll('.node.culled').length === 0")
