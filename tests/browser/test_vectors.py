"""The Vectors page: entries dragged, added and removed, the heat maps, torch's refusal, links, the keyboard."""

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from components.pages.vectors import model as vectors
from components.pages.vectors.model import Inputs
from tests.browser.conftest import Visit, expect_number, expect_query, move_to, number, resize, slider
from tests.browser.test_controls import drag_to

SIZES = [(1440, 900), (1024, 768), (390, 844)]
ERROR = "RuntimeError: grad can be implicitly created only for scalar outputs"
EIGHT = "values=-4,-3.3,-2,-1,0,2.5,3,10"


def cells(page: Page, table: str) -> list[str]:
    return page.locator(f".heat-map .{table} td").all_text_contents()


def entries(page: Page, name: str = "x") -> Locator:
    return page.get_by_role("group", name=f"Entries of {name}", exact=True).get_by_role("slider")


def grad(page: Page) -> list[float]:
    listed: list[float] = json.loads(number(page, "grad"))
    return listed


def test_the_notebooks_cells_are_on_the_page(visit: Visit) -> None:
    page = visit("/vectors")
    assert number(page, "y") == "4.666666507720947"
    expect(page.locator("[data-readout=y]")).to_have_text("4.6667")
    expect(page.locator("[data-readout=grad]")).to_have_text("[0.6667, 1.3333, 2.0000]")
    assert cells(page, "matrix") == ["+2", "0", "0", "0", "+4", "0", "0", "0", "+6"]
    assert cells(page, "product") == ["+0.667", "+1.33", "+2"]
    code = page.locator(".program")
    expect(code.locator("code").nth(1)).to_have_text("y = (x ** 2).mean()")
    expect(code.locator(".output")).to_have_text(
        ["tensor(4.6667, grad_fn=<MeanBackward0>)", "tensor([0.6667, 1.3333, 2.0000])"]
    )
    ops = page.locator("[data-graph] [data-node]").evaluate_all("nodes => nodes.map(node => node.dataset.op)")
    assert ops == ["AccumulateGrad", "PowBackward0", "MeanBackward0"]


@pytest.mark.parametrize("query", ["", "?reduce=sum", "?reduce=none&v=1,-2,0.5", f"?{EIGHT}", f"?{EIGHT}&reduce=none"])
def test_everything_fits_and_nothing_scrolls_sideways(visit: Visit, query: str) -> None:
    page = visit(f"/vectors{query}")
    for width, height in SIZES:
        resize(page, width, height)
        expect_fitting(page, width, height)


def expect_fitting(page: Page, width: int, height: int) -> None:
    """The heat map holds all its cells, and they their texts; beside it nothing scrolls."""
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    picture = page.locator(".heat-map").bounding_box()
    assert picture
    boxes = page.locator(".heat-map :is(td, caption)").evaluate_all(
        "cells => cells.map(c => [c.getBoundingClientRect().left, c.getBoundingClientRect().right])"
    )
    assert min(left for left, _ in boxes) >= picture["x"]
    assert max(right for _, right in boxes) <= picture["x"] + picture["width"]
    spilt = "cells => cells.filter(c => c.scrollWidth > c.clientWidth + 1).map(c => c.textContent)"
    assert page.locator(".heat-map td").evaluate_all(spilt) == []
    lefts = "cells => cells.map(cell => cell.getBoundingClientRect().left)"
    sums, matrix = (page.locator(f".heat-map .{name} td").evaluate_all(lefts) for name in ("product", "matrix"))
    assert sums == pytest.approx(matrix[: len(sums)], abs=0.5)
    if width > 860:
        bottoms = page.locator(".heat-map td").evaluate_all("cells => cells.map(c => c.getBoundingClientRect().bottom)")
        assert max(bottoms) <= height


def test_one_row_of_the_jacobian_is_marked_where_v_takes_it(visit: Visit) -> None:
    page = visit("/vectors")
    taken = page.locator(".heat-map td.taken")
    assert taken.count() == 0
    page.get_by_role("button", name="one row of J").click()
    expect(taken).to_have_text(["+1", "0", "+4", "0", "0", "+4", "0"])
    page.get_by_role("slider", name="v[0]", exact=True).fill("1")
    expect(taken).to_have_count(0)


def test_everything_moves_while_an_entry_is_dragged(visit: Visit) -> None:
    page = visit("/vectors")
    drag_to(page, "x[1]", 1.0)
    expect(page.locator("[data-node=x]")).to_have_attribute("data-value", "[1.0, 10.0, 3.0]")
    run = vectors.run(Inputs((1.0, 10.0, 3.0)))
    expect_number(page, "grad", str(run.grad))
    assert cells(page, "matrix")[4] == "+20"
    expect(page.locator(".program code").first).to_contain_text("[1.0, 10.0, 3.0]")
    assert page.evaluate("location.search") == ""
    page.mouse.up()
    expect_query(page, "?values=1%2C10%2C3")


def test_nothing_jumps_while_an_entry_moves(visit: Visit) -> None:
    page = visit(f"/vectors?{EIGHT}&reduce=none")
    places = """[...document.querySelectorAll('.heat-map td, .graph-view, .lesson, .sliders .cell')]
      .map(place => JSON.stringify(place.getBoundingClientRect()))"""
    page.evaluate("document.fonts.ready.then(() => true)")
    before = page.evaluate(places)
    for value in ("-9.5", "0", "10"):
        page.get_by_role("slider", name="x[3]", exact=True).fill(value)
        page.locator(f"[data-node=x][data-value*='{float(value)}']").wait_for()
        assert page.evaluate(places) == before


def test_entries_are_added_and_removed(visit: Visit) -> None:
    page = visit("/vectors")
    more = page.get_by_role("button", name="Add an entry to x")
    less = page.get_by_role("button", name="Remove the last entry of x")
    more.click()
    expect_query(page, "?values=1%2C2%2C3%2C4")
    expect_number(page, "grad", str(vectors.run(Inputs((1.0, 2.0, 3.0, 4.0))).grad))
    expect(page.locator(".heat-map .matrix td")).to_have_count(16)
    for _ in range(6):
        more.click(force=True)
    expect(entries(page)).to_have_count(8)
    expect(more).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".heat-map .matrix td")).to_have_count(64)
    for _ in range(9):
        less.click(force=True)
    expect(entries(page)).to_have_count(1)
    expect(less).to_have_attribute("aria-disabled", "true")
    expect_query(page, "?values=1")
    expect_number(page, "grad", "[2.0]")
    page.get_by_role("button", name="Reset").click()
    expect_query(page, "")
    expect(entries(page)).to_have_count(3)


def test_without_a_reduction_torch_refuses_and_v_helps(visit: Visit) -> None:
    page = visit("/vectors")
    expect(entries(page, "v")).to_have_count(0)
    page.get_by_role("combobox", name="reduce").select_option("none")
    expect(page.locator("[data-readout=error]")).to_have_text(ERROR)
    expect(page.locator(".program .cure")).to_contain_text("y.sum().backward()")
    expect(entries(page, "v")).to_have_count(3)
    assert grad(page) == [2.0, 4.0, 6.0]
    page.get_by_role("slider", name="v[0]", exact=True).fill("0")
    page.get_by_role("textbox", name="v[2] value", exact=True).fill("-0.5")
    page.keyboard.press("Enter")
    expect_number(page, "grad", "[0.0, 4.0, -3.0]")
    expect_query(page, "?reduce=none&v=0%2C1%2C-0.5")
    assert json.loads(number(page, "jacobian")) == [[2.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 6.0]]
    page.get_by_role("button", name="Add an entry to x").click()
    expect(entries(page, "v")).to_have_count(4)
    assert slider(page, "v[3]") == "1"
    page.get_by_role("combobox", name="reduce").select_option("sum")
    expect(page.locator("[data-readout=error]")).to_have_count(0)
    expect_number(page, "grad", "[2.0, 4.0, 6.0, 8.0]")


def test_a_link_reopens_its_state_and_back_walks_through_the_states(visit: Visit) -> None:
    page = visit("/vectors?values=0.5,-2&reduce=none&v=3,1.5&node=y")
    assert grad(page) == [3.0, -6.0]
    assert [slider(page, name) for name in ("x[0]", "x[1]", "v[0]", "v[1]")] == ["0.5", "-2", "3", "1.5"]
    expect(page.locator("[data-inspector=y]")).to_be_visible()
    page.get_by_role("slider", name="x[0]", exact=True).fill("1")
    expect_number(page, "grad", "[6.0, -6.0]")
    page.get_by_role("button", name="the notebook").click()
    expect_number(page, "grad", "[0.6666666865348816, 1.3333333730697632, 2.0]")
    page.go_back()
    expect_number(page, "grad", "[6.0, -6.0]")
    page.go_back()
    expect_number(page, "grad", "[3.0, -6.0]")
    expect(entries(page)).to_have_count(2)
    page.go_forward()
    expect_number(page, "grad", "[6.0, -6.0]")


WRONG = [
    ("values=1,99", "values[1] = 99 is out of range; values[1] is 10, the largest value."),
    ("values=%3Cimg%20src=x%20onerror=window.ran=1%3E", "values[0] = “<img src=x onerror=wind…” is not a number;"),
    ("values=1,2,3,4,5,6,7,8,9", "values has 9 numbers, more than 8; values is 1,2,3, its default."),
    ("values=&values=", "values is given 2 times; values is 1,2,3, its default."),
    ("reduce=max", "reduce = “max” is none of mean, sum, none; reduce is mean, its default."),
    ("reduce=none&v=1,2,3,4", "v has 4 numbers where values has 3; it is cut to length."),
    ("node=nowhere", "node = “nowhere” is not in this graph; nothing is selected."),
]


def test_a_wrong_address_opens_with_one_line(visit: Visit) -> None:
    page = visit(f"/vectors?{WRONG[0][0]}")
    for query, said in WRONG:
        move_to(page, f"?{query}")
        expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
        assert page.evaluate("window.ran") is None
        page.get_by_role("button", name="Dismiss").click()
        expect(page.locator(".notice")).to_be_hidden()


def test_a_cell_says_what_it_is_and_lights_its_entry(visit: Visit) -> None:
    page = visit("/vectors")
    detail = page.locator(".heat-map .detail")
    page.locator(".heat-map .product td").nth(1).hover()
    expect(detail).to_have_text("∂y/∂x[1] = 2·x[1]/n = 2·2/3 = 1.3333333730697632 = x.grad[1]")
    lit = page.locator(".heat-map td.lit")
    expect(lit).to_have_count(5)
    expect(page.locator(".sliders .cell.lit")).to_contain_text("x[1]")
    page.locator(".heat-map .matrix td").nth(2).hover()
    expect(detail).to_have_text("∂(x[0]²)/∂x[2] = 0.0: x[0]² does not depend on x[2].")
    page.get_by_role("slider", name="x[0]", exact=True).hover()
    expect(page.locator(".heat-map .matrix th.lit")).to_contain_text("x[0]")
    expect(detail).to_have_text("Point at a number to read here what it is.")


def test_the_page_works_by_keyboard_alone(visit: Visit) -> None:
    page = visit("/vectors?reduce=none")
    page.get_by_role("slider", name="x[2]", exact=True).focus()
    page.keyboard.press("Home")
    expect_query(page, "?values=1%2C2%2C-10&reduce=none")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(entries(page)).to_have_count(4)
    expect(page.get_by_role("button", name="Add an entry to x")).to_be_focused()
    expect(page.locator(".heat-map .matrix td")).to_have_count(16)
    page.locator(".heat-map .matrix td").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    detail = page.locator(".heat-map .detail")
    expect(detail).to_have_text("∂y[1]/∂x[1] = 2·x[1] = 2·2 = 4.0")
    expect(page.locator("td:focus")).to_have_attribute("aria-label", "∂y[1]/∂x[1] = 2·x[1] = 2·2 = 4.0")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(detail).to_have_text("∂y[1]/∂x[1] = 2·x[1] = 2·2 = 4.0")
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    expect(page.locator("td:focus")).to_have_text("0")


def test_eight_sliders_on_a_phone_are_in_reach_and_large_enough(visit: Visit) -> None:
    page = visit(f"/vectors?{EIGHT}&reduce=none", 390, 844, touch=True)
    panel = page.locator(".sliders .lists").bounding_box()
    assert panel
    assert panel["height"] < 844 * 0.5
    last = page.get_by_role("slider", name="v[7]", exact=True)
    last.scroll_into_view_if_needed()
    box = last.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 844
    assert box["width"] >= 120
    page.touchscreen.tap(box["x"] + box["width"] - 14, box["y"] + box["height"] / 2)
    page.wait_for_function("JSON.parse(document.querySelector('[data-readout=grad]').dataset.value)[7] > 150")
    small = "buttons => buttons.filter(b => Math.min(b.offsetWidth, b.offsetHeight) < 44).map(b => b.ariaLabel)"
    assert page.locator(".sliders .size button").evaluate_all(small) == []


def test_tensors_on_cards_fit_and_are_told_in_full(visit: Visit) -> None:
    page = visit(f"/vectors?{EIGHT}")
    for node in ("x", "pow"):
        card = page.locator(f"[data-node={node}]")
        wide = card.locator(".card").bounding_box()
        assert wide
        for text in card.locator(".number").all():
            box = text.bounding_box()
            assert box
            assert box["x"] > wide["x"]
    page.locator("[data-node=x]").hover()
    expect(page.locator(".graph-view .detail")).to_contain_text("[−4.0, −3.299999952316284, ")


def test_one_cell_is_copied_as_one_number(visit: Visit) -> None:
    page = visit("/vectors?values=1,-2,3&reduce=none")
    page.evaluate("document.addEventListener('copy', e => { window.copied = e.clipboardData.getData('text/plain') })")
    cell = page.locator(".heat-map .matrix td").nth(4)
    cell.dblclick()
    page.keyboard.press("Control+c")
    assert page.evaluate("window.copied") == "-4.0"
    page.evaluate("getSelection().removeAllRanges()")
    page.locator(".heat-map .matrix td").nth(0).focus()
    page.keyboard.press("Control+c")
    assert page.evaluate("window.copied") == "2.0"
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.heat-map .matrix tbody'))")
    page.keyboard.press("Control+c")
    assert json.loads(page.evaluate("window.copied")) == json.loads(number(page, "jacobian"))
