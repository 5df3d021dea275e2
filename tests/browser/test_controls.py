"""Setting x, w, b and y: dragging, keys, fields, presets, and what is said of bad input."""

import torch
from playwright.sync_api import Locator, Page, expect

from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.browser.conftest import Visit, expect_number, expect_query, number


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=f"{name} value", exact=True)


def drag_to(page: Page, name: str, fraction: float) -> None:
    """Takes a slider's thumb to a fraction of its length in twenty steps; the hand stays down."""
    control = page.get_by_role("slider", name=name, exact=True)
    box = control.bounding_box()
    assert box
    start, low, high = control.evaluate("range => [range.value, range.min, range.max].map(Number)")
    inset = 12
    reach = box["width"] - 2 * inset
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + inset + reach * (start - low) / (high - low), y)
    page.mouse.down()
    page.mouse.move(box["x"] + inset + reach * fraction, y, steps=20)


def test_everything_moves_while_the_pointer_is_down(visit: Visit) -> None:
    page = visit()
    curve = page.evaluate("document.querySelector('.js-plotly-plot').data.find(t => t.name === 'loss').y.slice()")
    drag_to(page, "x", 0.5)
    expect_number(page, "dw", "0.0")
    expect(page.locator("[data-node=x]")).to_have_attribute("data-value", "0.0")
    moved = page.evaluate("document.querySelector('.js-plotly-plot').data.find(t => t.name === 'loss').y.slice()")
    assert moved != curve
    assert page.evaluate("location.search") == ""
    page.mouse.up()
    expect_query(page, "?x=0")


def test_the_last_value_of_a_fast_drag_is_the_one_shown(visit: Visit) -> None:
    page = visit()
    page.evaluate(
        """() => {
          const range = document.querySelector('input[aria-label="w"]');
          for (let i = 0; i <= 200; i++) {
            range.value = -i / 100;
            range.dispatchEvent(new Event("input", { bubbles: true }));
          }
        }"""
    )
    expect(page.locator("[data-node=w]")).to_have_attribute("data-value", "-2.0")


def test_back_and_forward_walk_through_released_states(visit: Visit) -> None:
    page = visit()
    notebook = number(page, "loss")
    page.get_by_role("slider", name="w", exact=True).fill("2")
    expect_query(page, "?w=2")
    page.get_by_role("slider", name="b", exact=True).fill("-3")
    expect_query(page, "?w=2&b=-3")
    page.go_back()
    expect(page.get_by_role("slider", name="b", exact=True)).to_have_value("0")
    expect(page.get_by_role("slider", name="w", exact=True)).to_have_value("2")
    page.go_back()
    expect_number(page, "loss", notebook)
    page.go_forward()
    expect(page.locator("[data-node=w]")).to_have_attribute("data-value", "2.0")


def test_sliders_obey_the_keyboard(visit: Visit) -> None:
    page = visit()
    page.get_by_role("slider", name="w", exact=True).focus()
    for key, value in {"ArrowRight": "1.01", "End": "5", "ArrowLeft": "4.99", "Home": "-5"}.items():
        page.keyboard.press(key)
        expect_query(page, f"?w={value}")
        expect(page.locator("[data-node=w]")).to_have_attribute("data-value", repr(torch.tensor(float(value)).item()))


def test_holding_a_key_writes_the_address_once(visit: Visit) -> None:
    page = visit()
    before = page.evaluate("history.length")
    page.get_by_role("slider", name="b", exact=True).focus()
    for _ in range(10):
        page.keyboard.down("ArrowRight")
    page.keyboard.up("ArrowRight")
    expect_query(page, "?b=1")
    assert page.evaluate("history.length") == before + 1


def test_number_fields_take_exact_values(visit: Visit) -> None:
    page = visit()
    for typed, value in {"2.5": "2.5", "−2": "-2", "1e-1": "0.1", " 3 ": "3", "0,5": "0.5"}.items():
        field(page, "w").fill(typed)
        page.keyboard.press("Enter")
        expect(page.get_by_role("slider", name="w", exact=True)).to_have_value(value)
        expect_query(page, f"?w={value}")


def test_number_fields_keep_the_last_good_state(visit: Visit) -> None:
    page = visit("/?w=2")
    for typed in ("abc", "nan", "inf", "1e999", "", "--3", "<b>1</b>", "0x10"):
        field(page, "w").fill(typed)
        page.keyboard.press("Tab")
        expect(page.get_by_role("status").filter(has_text="is not a number; w stays 2.")).to_be_visible()
        expect(field(page, "w")).to_have_value("2.00")
        expect(page.locator("[data-node=w]")).to_have_attribute("data-value", "2.0")
        page.get_by_role("button", name="Dismiss").click()
        expect(page.locator(".notice")).to_be_hidden()


def test_number_fields_say_what_they_changed(visit: Visit) -> None:
    page = visit()
    for typed, kept in {"99": "10", "-99": "-10", "1.26": "1.3"}.items():
        field(page, "x").fill(typed)
        page.keyboard.press("Enter")
        expect(page.get_by_role("slider", name="x", exact=True)).to_have_value(kept)
        expect(page.get_by_role("status").filter(has_text=f"x = {typed} is")).to_be_visible()


def test_presets_and_reset(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="undecided").click()
    expect_number(page, "y_pred", "0.5")
    expect(page.get_by_role("button", name="undecided")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Reset").click()
    expect_number(page, "loss", "6.701176166534424")
    expect_query(page, "")


def test_touch_moves_a_slider(visit: Visit) -> None:
    page = visit(width=390, height=844, touch=True)
    box = page.get_by_role("slider", name="w", exact=True).bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] - 14, box["y"] + box["height"] / 2)
    page.wait_for_function("Number(new URLSearchParams(location.search).get('w')) > 4")
    page.wait_for_function("Number(document.querySelector('[data-node=w]').dataset.value) > 4")


def test_a_change_is_announced_once_the_hand_rests(visit: Visit) -> None:
    page = visit()
    place = page.locator(".page .announcer")
    expect(place).to_have_text("")
    page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => said.push(document.querySelector(".page .announcer").textContent))
            .observe(document.querySelector(".page .announcer"), { childList: true });
        }"""
    )
    page.get_by_role("slider", name="w", exact=True).focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    run = neuron.run(Inputs(w=1.2))
    expect(place).to_contain_text(f"gradient by w +{run.dw:.4f}")
    assert len(page.evaluate("said")) < 20


def test_a_notice_goes_when_it_is_no_longer_so(visit: Visit) -> None:
    page = visit("/?w=99")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("w is 5, the largest value.")
    page.get_by_role("slider", name="x", exact=True).fill("2")
    expect_number(page, "z", "10.0")
    expect(notice).to_be_visible()
    field(page, "w").fill("2")
    page.keyboard.press("Enter")
    expect(notice).to_be_hidden()
    field(page, "w").fill("abc")
    page.keyboard.press("Enter")
    expect(notice).to_contain_text("w stays 2.")
    page.get_by_role("slider", name="w", exact=True).press("ArrowRight")
    expect(notice).to_be_hidden()


def test_one_click_into_a_field_and_typing_replaces_its_number(visit: Visit) -> None:
    page = visit()
    field(page, "w").click()
    page.keyboard.type("2,5")
    page.keyboard.press("ArrowUp")
    expect(field(page, "w")).to_have_value("2.51")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect_query(page, "?w=2.5")
    expect(page.locator("[data-node=w]")).to_have_attribute("data-value", "2.5")
    field(page, "w").click(position={"x": 4, "y": 4})
    page.keyboard.type("−")
    expect(field(page, "w")).not_to_have_value("−")
