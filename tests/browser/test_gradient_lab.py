"""The gradient lab in a browser: every experiment, both themes, three sizes; press, undo, reload, link, Back, keys."""

import json

from playwright.sync_api import Page, expect

from components.pages.gradient_lab import model as experiments
from components.pages.gradient_lab.model import EXPERIMENTS, MOST, Lab
from tests.browser.conftest import Visit, expect_query, number, ready

LAB = "/gradient-lab"
SIZES = [(390, 844), (1024, 768), (1440, 900)]


def press(page: Page, call: str) -> None:
    page.get_by_role("button", name=call, exact=True).click()


def expect_grad(page: Page, exact: str) -> None:
    page.locator(f'[data-readout=grad][data-value="{exact}"]').wait_for()


def error(page: Page) -> str:
    return page.locator("[data-readout=error]").get_attribute("data-value") or ""


def cells(page: Page) -> list[list[str]]:
    """Each cell's texts, as they stand in the notebook."""
    read = "list => list.map(cell => [...cell.querySelectorAll('pre')].map(pre => pre.textContent))"
    said: list[list[str]] = page.locator(".notebook .cell").evaluate_all(read)
    return said


def expected(lab: Lab) -> list[list[str]]:
    return [[text for text in cell if text] for cell in experiments.run(lab).cells]


def test_every_experiment_shows_what_the_engine_says(visit: Visit) -> None:
    page = visit(LAB)
    for name, experiment in EXPERIMENTS.items():
        page.get_by_role("button", name=experiment.title, exact=True).click()
        page.locator(f'.tab[data-name="{name}"][aria-pressed="true"]').wait_for()
        lab = Lab(experiment=name, run=tuple(experiment.presses))
        for key in lab.run:
            page.locator(f'[data-name="{key}"].press').click()
        page.wait_for_function(
            "count => document.querySelectorAll('.notebook .cell').length === count", arg=len(expected(lab))
        )
        assert cells(page) == expected(lab)
        done = experiments.run(lab)
        expect_grad(page, repr(done.grad))
        assert error(page) == done.error
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
        nodes = page.locator("[data-node]").evaluate_all("all => all.map(node => node.dataset.node)")
        assert nodes == [node.id for node in done.snapshot.graph.nodes]


def test_passes_add_up_and_are_cleared(visit: Visit) -> None:
    page = visit(LAB)
    expect_grad(page, "None")
    for exact in ("4.0", "8.0", "12.0"):
        press(page, "backward()")
        expect_grad(page, exact)
    expect(page.locator("[data-node=x]")).to_have_attribute("data-grad", "12.0")
    expect(page.locator("[data-edge]")).to_have_attribute("data-grad", "4.0")
    press(page, "zero_()")
    expect_grad(page, "0.0")
    press(page, "x.grad = None")
    expect_grad(page, "None")
    read = "document.querySelector('.js-plotly-plot').data.map(({name, y}) => [name, [...y]])"
    page.wait_for_function(f"JSON.stringify({read}).includes('null,4,8,12,0,null')")
    assert dict(page.evaluate(read))["here"] == [None]


def test_one_graph_twice_is_torchs_error_and_retain_graph_the_way_round(visit: Visit) -> None:
    page = visit(LAB)
    press(page, "backward()")
    press(page, "backward() again")
    page.locator('[data-readout=error][data-value^="RuntimeError: Trying to backward"]').wait_for()
    expect(page.locator(".cause")).to_contain_text("freed")
    expect(page.locator(".cure")).to_contain_text("retain_graph=True")
    press(page, "Undo")
    page.locator('[data-readout=error][data-value=""]').wait_for(state="attached")
    press(page, "backward(retain_graph=True)")
    press(page, "backward() again")
    expect_grad(page, "12.0")
    assert error(page) == ""


def test_the_graph_falls_apart(visit: Visit) -> None:
    page = visit(f"{LAB}?experiment=requires-grad")
    expect(page.locator("[data-node=y]")).to_have_attribute("data-op", "PowBackward0")
    press(page, "x.requires_grad_(False)")
    page.locator('[data-node=y][data-op="input"]').wait_for()
    press(page, "backward()")
    page.locator('[data-readout=error][data-value$="does not have a grad_fn"]').wait_for()


def test_a_cut_and_a_region_are_in_the_picture(visit: Visit) -> None:
    page = visit(f"{LAB}?experiment=detach")
    press(page, "x.detach()")
    page.locator(".edge.cut .scissors").wait_for()
    expect(page.locator('.edge.cut[data-from="z"][data-to="x"]')).to_have_attribute("data-grad", "None")
    page.get_by_role("button", name="no_grad", exact=True).click()
    press(page, "torch.no_grad()")
    expect(page.locator(".region .title")).to_have_text("torch.no_grad()")


def test_a_link_reopens_the_run_and_a_reload_keeps_it(visit: Visit) -> None:
    page = visit(LAB)
    for call in ("backward()", "backward()", "zero_()"):
        press(page, call)
    expect_query(page, "?run=backward%2Cbackward%2Czero")
    expect_grad(page, "0.0")
    shown = cells(page)
    page.reload()
    ready(page)
    expect_grad(page, "0.0")
    assert cells(page) == shown
    other = visit(page.evaluate("location.pathname + location.search"), theme="dark")
    expect_grad(other, "0.0")
    assert cells(other) == shown


def test_back_and_forward_walk_through_the_presses(visit: Visit) -> None:
    page = visit(LAB)
    for exact in ("4.0", "8.0"):
        press(page, "backward()")
        expect_grad(page, exact)
        page.wait_for_function("n => location.search.split('backward').length === n + 1", arg=int(float(exact)) // 4)
    page.go_back()
    expect_grad(page, "4.0")
    page.go_back()
    expect_grad(page, "None")
    page.go_forward()
    expect_grad(page, "4.0")


def test_reset_goes_to_the_beginning(visit: Visit) -> None:
    page = visit(f"{LAB}?run=backward,backward")
    expect_grad(page, "8.0")
    press(page, "Reset")
    expect_grad(page, "None")
    expect_query(page, "")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()


def test_a_strange_address_opens_with_one_sentence(visit: Visit) -> None:
    page = visit(f"{LAB}?run=backward,%3Cimg%20src=x%20onerror=window.ran=1%3E")
    expect_grad(page, "4.0")
    expect(page.get_by_role("status").filter(has_text="is no step of accumulate")).to_be_visible()
    assert page.evaluate("window.ran") is None


def test_at_the_bound_the_buttons_rest(visit: Visit) -> None:
    page = visit(f"{LAB}?run={','.join(['backward'] * (MOST - 1))}")
    press(page, "backward()")
    expect_grad(page, repr(4.0 * MOST))
    expect(page.get_by_role("button", name="backward()", exact=True)).to_be_disabled()
    expect(page.locator(".remark")).to_contain_text(f"{MOST} presses")
    press(page, "Undo")
    expect(page.get_by_role("button", name="backward()", exact=True)).to_be_enabled()


def test_by_keyboard_alone(visit: Visit) -> None:
    page = visit(LAB)
    button = page.get_by_role("button", name="backward()", exact=True)
    button.focus()
    for exact in ("4.0", "8.0"):
        page.keyboard.press("Enter")
        expect_grad(page, exact)
    expect(button).to_be_focused()
    page.get_by_role("button", name="detach", exact=True).focus()
    page.keyboard.press("Space")
    page.locator('.tab[data-name="detach"][aria-pressed="true"]').wait_for()
    expect(page.get_by_role("button", name="detach", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.dataset.name") != "detach":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("[data-node=y1]").wait_for()


def test_x_runs_everything_anew_while_it_is_dragged(visit: Visit) -> None:
    page = visit(f"{LAB}?run=backward,backward")
    expect_grad(page, "8.0")
    slider = page.get_by_role("slider", name="x", exact=True)
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_function("document.querySelector('[data-readout=grad]').dataset.value !== '4.0'")
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=5)
    expect_grad(page, "-20.0")
    assert "x=" not in page.evaluate("location.search")
    page.mouse.up()
    page.wait_for_function("location.search.includes('x=-5')")
    assert cells(page) == expected(Lab(x=-5.0, run=("backward", "backward")))


def test_a_touch_screen_has_room_for_fingers(visit: Visit) -> None:
    page = visit(LAB, width=390, height=844, touch=True)
    heights = page.locator(".notebook button").evaluate_all("all => all.map(b => b.getBoundingClientRect().height)")
    assert min(heights) >= 44
    assert json.loads(number(page, "grad").replace("None", "null")) is None
