"""What tests of the classroom share: the projector, the panel that shares, where something is."""

from playwright.sync_api import Page, expect

SIZES = """(selector) => [...document.querySelectorAll(selector)].filter((text) => {
    const box = text.getBoundingClientRect();
    return text.textContent.trim() && box.width && getComputedStyle(text).visibility === "visible";
}).map((text) => parseFloat(getComputedStyle(text).fontSize) * (text.ownerSVGElement ? text.getScreenCTM().a : 1))"""
"""The heights of all visible texts, in pixels of the screen."""


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


def bounds(page: Page, selector: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]
