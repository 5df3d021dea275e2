"""Notebooks and scripts in a real browser: opened on either page, made to run by one press, and undone by another."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_playground import PATIENCE, address, program, readout
from tests.browser.test_touch import SMALL, ZOOMED_INTO
from tests.notebook.made import TEACHERS, cell, notebook
from tests.pages.recording import small
from tests.sandbox.elsewhere import REGRESSION

TAG = "<img src=x onerror=alert(1)>"
FIRST_CELL = re.compile(r"^# %% cell 1\n# %matplotlib inline\nimport numpy")
DROP = """([event, name, text, count]) => {
  const dataTransfer = new DataTransfer();
  for (let i = 0; i < count; i += 1) dataTransfer.items.add(new File([text], name));
  if (!count) dataTransfer.setData("text/plain", text);
  const place = document.querySelector(".page");
  place.dispatchEvent(new DragEvent(event, { dataTransfer, bubbles: true, cancelable: true }));
}"""


def choose(page: Page, name: str, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})


def drag(page: Page, event: str, *arguments: Any) -> None:
    page.evaluate(DROP, [event, *arguments])


def test_a_notebook_is_opened_and_runs_once_all_that_is_refused_is_replaced(visit: Visit) -> None:
    page = visit("/playground", parts="text")
    page.locator(".program-view[data-ready]").wait_for(timeout=PATIENCE)
    choose(page, "lesson.ipynb", TEACHERS)
    expect(program(page)).to_have_value(FIRST_CELL, timeout=PATIENCE)
    expect(readout(page, "refused")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator(".notice")).to_contain_text("8 cells of the notebook")
    expect(page.locator(".notice")).to_contain_text("%matplotlib")
    expect(page.locator(".editor .lines [data-mark=refused]")).to_have_count(6)
    refused = program(page).input_value()
    field = page.get_by_role("textbox", name="shape").first
    expect(field).to_have_value("20, 1")
    page.get_by_role("button", name="Replace all 6").click()
    expect(readout(page, "w.grad")).to_have_count(1, timeout=PATIENCE)
    expect(readout(page, "refused")).to_have_count(0)
    assert "x = torch.rand(20, 1)" in program(page).input_value()
    page.get_by_role("button", name="Undo").click()
    expect(program(page)).to_have_value(refused)
    expect(readout(page, "refused")).to_have_count(1, timeout=PATIENCE)
    choose(page, "hostile.ipynb", notebook(cell(f"'{TAG}'", outputs=[{"text": TAG}]), f"import {TAG}"))
    expect(page.locator(".notice")).to_contain_text("2 cells")
    expect(page.locator("img[src=x]")).to_have_count(0)
    before = program(page).input_value()
    choose(page, "broken.ipynb", TEACHERS[:-9])
    expect(page.locator(".notice")).to_contain_text("its end is missing")
    assert program(page).input_value() == before


def test_on_a_phone_what_is_refused_can_be_replaced_by_a_finger(visit: Visit) -> None:
    page = visit(address(REGRESSION), 390, 844, touch=True, parts="text")
    replace = page.get_by_role("button", name="Replace all")
    expect(replace).to_be_in_viewport(timeout=PATIENCE)  # while the program is longer than the window
    page.get_by_role("textbox", name="shape").first.wait_for()
    assert page.evaluate(SMALL) == []
    assert page.evaluate(ZOOMED_INTO) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390
    replace.tap()
    expect(readout(page, "refused")).to_have_count(0, timeout=PATIENCE)
    page.get_by_role("button", name="Undo").tap()
    expect(program(page)).to_have_value(REGRESSION)


def test_what_is_dropped_is_opened_by_its_own_page(visit: Visit) -> None:
    page = visit("/open", parts="text")
    page.locator("[data-page=recording][data-state=empty]").wait_for()
    drag(page, "dragover", "a.py", "x = 1", 1)
    expect(page.get_by_text("Drop to open")).to_be_visible()
    drag(page, "drop", "a.py", "x = 1", 2)
    expect(page.get_by_text("Drop to open")).to_be_hidden()
    expect(page.locator(".recording-view .says")).to_have_text("Drop one file at a time.")
    drag(page, "drop", "", "some text", 0)
    expect(page.locator(".recording-view .says")).to_contain_text("Only a file can be dropped")
    drag(page, "drop", "mine.py", "import torch\nx = torch.tensor(3.5)\n", 1)
    expect(readout(page, "x")).to_have_attribute("data-value", "3.5", timeout=PATIENCE)
    expect(page.locator(".notice")).to_contain_text("“mine.py” is open.")
    assert "/playground?code=" in page.url
    drag(page, "dragover", "graph.json", small.text(), 1)
    expect(page.get_by_text("Drop to open")).to_be_visible()
    drag(page, "drop", "graph.json", small.text(), 1)
    page.locator("[data-graph] [data-node=sigmoid][data-line]").wait_for(timeout=PATIENCE)
    assert "/open?graph=" in page.url
    page.go_back()
    expect(readout(page, "x")).to_have_attribute("data-value", "3.5", timeout=PATIENCE)
