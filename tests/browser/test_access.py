"""Everyone: what axe finds on every page and in every mode (nothing is excused), and no scrolling aside at any size."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from components.address.packed import pack
from tests.browser.conftest import poll
from tests.pages.recording import small
from tests.sandbox.elsewhere import REGRESSION
from tests.serving import Server

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = [
    "/", "/?w=3&y=1&view=full&node=w&precision=1", "/?predict=dw,db&step=5", "/?present=1&step=3", "/?tour=2",
    "/chain-rule", "/chain-rule?predict=dz_dx", "/vectors?reduce=none&values=1,2,3,4,5,6,7,8",
    "/gradient-lab?run=backward,again", "/gradient-lab?experiment=detach&run=detach",
    "/training?at=3&compare=adam;sgd:never", "/teach",
    "/playground?preset=training%20loop", f"/playground?code={pack(REGRESSION)}",
    "/open", f"/open?graph={small.packed()}&node=model.0.weight&colour=gradient",
    "/open?example=gan&moment=0&beside=same&node=relu",
]  # fmt: skip
PLACES: list[tuple[int, int, Literal["light", "dark"]]] = [(1440, 900, "light"), (390, 844, "dark")]


TWICE_THE_SIZE: ViewportSize = {"width": 640, "height": 400}
"""200 % of a window 1280 pixels wide."""


@pytest.fixture(scope="module")
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """Where axe may be put into the page."""
    opened = browser.new_context(bypass_csp=True)
    opened.new_page().goto(f"{server.url}/_stcore/health")
    yield opened
    opened.close()


GROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"


def visited(context: BrowserContext, server: Server, address: str, width: int, height: int) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="light")
    page.goto(server.url + address)
    page.locator(".readouts[data-ready]").first.wait_for()
    if page.locator(".curves-view:visible, .plots:visible").count():
        page.locator(".js-plotly-plot .trace").first.wait_for(state="attached")
    return page


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_aside(context: BrowserContext, server: Server, address: str) -> None:
    page = visited(context, server, address, 1440, 900)
    light = page.evaluate(GROUND)
    for width, height, theme in PLACES:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme)
        poll(page, f"([light, isLight]) => ({GROUND} === light) === isLight", arg=[light, theme == "light"])
        found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
        assert len(found["passes"]) > 10
        told = [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found["violations"]]
        assert (theme, told) == (theme, [])
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.set_viewport_size(TWICE_THE_SIZE)
    poll(page, "innerWidth === 640")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.close()
