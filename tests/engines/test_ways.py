"""The main ways through the app, in browsers other than Chromium; few visits, since each of them takes seconds."""

from pathlib import Path
from xml.etree import ElementTree

from selenium.webdriver.common.keys import Keys

from components.pages.index import PATHS
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.engines.page import Page, wait

SLIDER = "[type=range][aria-label=w]"
FIELD = "[aria-label='w value']"
UNDERLINED = """
  getComputedStyle(document.querySelector("[data-inspector] button.label")).textDecorationLine === "underline"
"""
COLUMNS = """[...document.querySelectorAll(".heat-map .matrix tbody tr:first-child td")].map((cell, column) => {
  const sum = document.querySelectorAll(".heat-map .product td")[column].getBoundingClientRect();
  return Math.abs(cell.getBoundingClientRect().left - sum.left) + Math.abs(cell.offsetWidth - sum.width);
})"""
"""How far each column's sum stands from it, in pixels."""
IS_COVERED = """
  document.querySelector("[data-readout=dw]").textContent === "?"
  && !document.querySelector("[data-arrows]").checkVisibility()
  && [...document.querySelectorAll("[data-edge] .ahead")].some((one) => one.checkVisibility() && one.textContent)
"""
"""Whether gradients are covered, and the arrows carry values, with nothing to choose between."""


def gradient(w: float, y: int = 0) -> str:
    return repr(neuron.run(Inputs(w=w, y=y)).dw)


def saved(page: Page, ending: str) -> Path:
    """The one file with this ending that has been saved, whole."""
    (file,) = wait(lambda: [*page.downloads.glob(f"*{ending}")], f"a file {ending}")
    wait(lambda: file.stat().st_size, "what is in it")
    return file


def test_numbers_move_under_the_pointer_with_what_is_typed_and_with_keys(page: Page) -> None:
    page.open("/?w=0.5")
    page.hold(SLIDER, 40)
    page.until("Number(document.querySelector(a[0]).value) > 0.5", SLIDER)
    page.until("document.querySelector('[data-readout=dw]').dataset.value !== a[0]", gradient(w=0.5))
    page.expect_query("?w=0.5")
    page.let_go()
    page.until("location.search === `?w=${Number(document.querySelector(a[0]).value)}`", SLIDER)
    page.driver.back()
    page.expect_query("?w=0.5")
    page.expect("dw", gradient(w=0.5))
    page.click(FIELD)
    page.press("2,5", Keys.ENTER)
    page.expect("dw", gradient(w=2.5))
    page.expect_query("?w=2.5")
    page.driver.execute_script("arguments[0].focus()", page.find(SLIDER))
    page.press(Keys.ARROW_LEFT)
    page.expect("dw", gradient(w=2.49))
    page.expect_query("?w=2.49")
    page.press("p")
    page.until("document.documentElement.matches('.presenting')")
    page.press(Keys.ESCAPE)
    page.until("!document.documentElement.matches('.presenting')")


def test_the_graph_is_explained_walked_saved_and_shared(page: Page) -> None:
    page.open("/?w=-2&y=1&view=full")
    page.click("[data-node=mul]")
    page.find("[data-inspector=mul]")
    page.until(UNDERLINED)
    page.click("[data-tool=walk]")
    page.expect_query("?w=-2&y=1&view=full&node=mul&step=0")
    page.press(Keys.PAGE_DOWN)
    page.find("[data-node][data-now=forward]")
    page.press(Keys.END)
    page.find("[data-node][data-now=backward]")
    page.click(".take summary")
    page.click("[data-save=svg]")
    assert "MulBackward0" in "".join(ElementTree.parse(saved(page, ".svg")).getroot().itertext())
    page.press(Keys.ESCAPE)
    page.click("[data-act=share]")
    page.open(page.until("document.querySelector('dialog[open] .link').value").removeprefix(page.url))
    page.expect("dw", gradient(w=-2, y=1))
    page.find("[data-inspector=mul]")
    page.click("[data-act=predict]")
    page.until(IS_COVERED)


def test_sums_stand_below_their_columns(page: Page) -> None:
    page.open("/vectors?values=1,2,3")
    page.until("document.querySelectorAll('.heat-map .product td').length === 3")
    assert max(page.until(COLUMNS)) < 0.5


def test_the_other_pages_open(page: Page) -> None:
    for path in set(PATHS) - {"", "vectors"}:
        page.visit(f"/{path}")
        page.until("document.querySelector('.page h1') && document.querySelector('[data-node][data-value], article')")
        assert "Component Error" not in page.until("document.body.textContent")
