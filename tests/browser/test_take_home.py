"""Take it home: the script is there when the panel is opened, follows the page, and leaves it by three ways."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.browser.conftest import Visit, number
from tests.interpreter import labelled, printed, run_file
from tests.pages.programs import cells
from tests.pages.test_take_home import READOUTS

PANEL = ".take-home"
ADDRESSES = [
    ("neuron", "/?x=-3.1&w=3&y=1&loss=logits&dtype=float64"),
    ("chain_rule", "/chain-rule?x=-0.9"),
    ("vectors", "/vectors?reduce=none&v=1,0,-2"),
    ("gradient_lab", "/gradient-lab?x=-1.3&run=backward,again,backward"),
]
"""A state of each page; many more are written and run without a browser."""
NO_PERMISSION = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
REFUSED = "Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error()) } })"


def panel(page: Page) -> Locator:
    """The panel, opened."""
    found = page.locator(PANEL)
    found.locator("summary").click()
    expect(found.locator("code")).to_contain_text("import torch")
    return found


def code(page: Page) -> str:
    return page.locator(f"{PANEL} code").text_content() or ""


def saved(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.locator(PANEL).get_by_role("button", name=button, exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def shown(page: Page, name: str, labels: Iterable[str]) -> dict[str, str]:
    """The page's own digits for what a script prints."""
    return {label: number(page, READOUTS[name][label]) for label in labels}


@pytest.mark.parametrize(("name", "address"), ADDRESSES)
def test_the_downloads_print_the_pages_numbers(visit: Visit, name: str, address: str, tmp_path: Path) -> None:
    page = visit(address)
    panel(page)
    program, notebook = saved(page, ".py", tmp_path), saved(page, ".ipynb", tmp_path)
    assert (program.name, notebook.name) == (f"{name}.py", f"{name}.ipynb")
    assert program.read_text("utf-8") == code(page)
    said, again = printed([[program.read_text("utf-8")], cells(notebook.read_text("utf-8"))], tmp_path)
    assert labelled(said) == shown(page, name, labelled(said))
    assert again == said
    if name == "neuron":  # a Python for each takes seconds
        assert run_file(program) == (said, "")


def test_copy_copies_the_program_and_says_so(visit: Visit) -> None:
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    place = panel(page)
    place.get_by_role("button", name="Copy").click()
    expect(place.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == code(page)


@pytest.mark.parametrize("browser_says", [NO_PERMISSION, REFUSED], ids=["none", "refused"])
def test_copy_works_without_permission(visit: Visit, browser_says: str) -> None:
    page = visit()
    page.evaluate(browser_says)
    page.evaluate("document.addEventListener('copy', () => { window.copied = getSelection().toString() })")
    place = panel(page)
    place.get_by_role("button", name="Copy").click()
    expect(place.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("window.copied").strip() == code(page).strip()


def test_where_even_that_is_refused_the_program_stands_selected(visit: Visit) -> None:
    page = visit()
    page.evaluate(NO_PERMISSION)
    page.evaluate("document.execCommand = () => false")
    place = panel(page)
    place.get_by_role("button", name="Copy").click()
    expect(place.get_by_role("status")).to_contain_text("keyboard")
    assert page.evaluate("getSelection().toString()").strip() == code(page).strip()


def test_the_open_panel_follows_the_page(visit: Visit) -> None:
    page = visit()
    place = panel(page)
    page.get_by_role("slider", name="w", exact=True).fill("-1.25")
    expect(place.locator("code")).to_contain_text("torch.tensor(-1.25")
    page.get_by_role("slider", name="y", exact=True).fill("1")
    expect(place.locator("code")).to_contain_text("y = torch.tensor(1.0)")
    page.get_by_role("button", name="Walk through").click()
    expect(place.locator("code")).to_contain_text("at the walk’s last step")
    expect(place.get_by_role("button", name="Copy")).to_be_disabled()
    page.keyboard.press("End")
    expect(place.locator("code")).to_contain_text("loss.backward()")
    expect(place.get_by_role("button", name="Copy")).to_be_enabled()


def test_a_closed_panel_asks_for_nothing(visit: Visit) -> None:
    page = visit()
    sent: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(str(frame)))

    page.on("websocket", listen)
    page.reload()
    page.locator("[data-readout=loss][data-value]").wait_for()
    page.get_by_role("slider", name="w", exact=True).fill("2")
    page.locator('[data-readout=z][data-value="13.399999618530273"]').wait_for()
    assert sent
    assert all('"script"' not in frame for frame in sent)
    assert code(page) == ""
    panel(page)
    assert any('"script"' in frame for frame in sent)


def test_the_panel_works_by_keyboard_alone(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    page.locator(f"{PANEL} summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{PANEL} code")).to_contain_text("import torch")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "neuron.py"
