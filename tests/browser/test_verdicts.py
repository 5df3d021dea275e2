"""Honest numbers on the page: losses, dtypes, four answers, verdicts, and where it goes wrong."""

import pytest
from playwright.sync_api import Page, expect

from components.pages.neuron import diagnosis as check
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.browser.conftest import Visit, expect_number, expect_query, move_to, number


def choose(page: Page, name: str, option: str) -> None:
    page.get_by_label(name, exact=True).select_option(option)


TABLE = [
    ("", Inputs(), "rounding", "ulps from the closed form"),
    ("w=3", Inputs(w=3.0), "undefined", "the loss is ∞"),
    ("w=3&y=1", Inputs(w=3.0, y=1.0), "undefined", "though the prediction is right"),
    ("w=-3&y=1", Inputs(w=-3.0, y=1.0), "clamped", "torch passes back exactly 0"),
    ("w=3&loss=bce", Inputs(w=3.0, loss="bce"), "saturated", "σ, flat there, passes back 0"),
    ("w=-5&y=1&loss=bce", Inputs(w=-5.0, y=1.0, loss="bce"), "saturated", "divides by at least 1e−12"),
    ("w=3&loss=logits", Inputs(w=3.0, loss="logits"), "identical", "to the last digit"),
    ("w=3&loss=squared", Inputs(w=3.0, loss="squared"), "saturated", "Even the true one is too small"),
    ("x=2&w=-4&y=1&loss=squared", Inputs(2.0, -4.0, 0.0, 1.0, "squared"), "rounding", "yet small: ŷ is sure and"),
]


def test_each_row_of_the_table_is_explained(visit: Visit) -> None:
    page = visit("/?view=full")
    for query, inputs, verdict, words in TABLE:
        move_to(page, f"?{query}&view=full")
        run = neuron.run(inputs)
        diagnosis = check.diagnose(run)
        assert diagnosis.truth is not None
        truth, _ = diagnosis.truth
        for name, value in (("loss", run.loss), ("dw", run.dw), ("manual_dw", run.by_hand.dw), ("exact_dw", truth)):
            expect(page.locator(f"[data-readout={name}]")).to_have_attribute("data-value", repr(value))
        expect(page.locator("[data-readout=verdict_dw]")).to_have_attribute("data-value", verdict)
        expect(page.locator(".exactness")).to_contain_text(words)
        marked = page.evaluate("[...document.querySelectorAll('.faulty')].map(p => p.dataset.node ?? p.dataset.edge)")
        assert set(marked) == set(check.faulty(diagnosis))


def test_loss_and_dtype_are_chosen_and_linked(visit: Visit) -> None:
    page = visit("/?w=3")
    choose(page, "loss", "logits")
    expect(page.locator("[data-node=loss]")).to_have_attribute("data-op", "BinaryCrossEntropyWithLogitsBackward0")
    expect_query(page, "?w=3&loss=logits")
    expect(page.get_by_label("dtype", exact=True)).to_be_hidden()
    page.locator(".precision > summary").click()
    expect_query(page, "?w=3&loss=logits&precision=1")
    choose(page, "dtype", "float64")
    expect_number(page, "dw", repr(neuron.run(Inputs(w=3.0, loss="logits", dtype="float64")).dw))
    expect_query(page, "?w=3&loss=logits&dtype=float64&precision=1")
    again = visit("/?w=3&loss=logits&dtype=float64")
    expect(again.get_by_label("dtype", exact=True)).to_have_value("float64")
    expect(again.get_by_label("dtype", exact=True)).to_be_visible()
    assert again.evaluate("location.search") == "?w=3&loss=logits&dtype=float64"
    assert again.get_by_label("loss", exact=True).input_value() == "logits"
    assert number(again, "dw") == number(page, "dw")
    page.go_back()
    expect_number(page, "dw", repr(neuron.run(Inputs(w=3.0, loss="logits")).dw))
    page.get_by_role("button", name="Reset").click()
    expect_query(page, "?precision=1")
    expect(page.locator("[data-node=loss]")).to_have_attribute("data-op", "NegBackward0")
    page.locator(".precision > summary").click()
    expect_query(page, "")
    expect(page.get_by_label("dtype", exact=True)).to_be_hidden()


def test_a_drag_keeps_the_loss(visit: Visit) -> None:
    page = visit("/?loss=bce&dtype=float64")
    page.get_by_role("slider", name="w", exact=True).fill("0.5")
    expect_number(page, "dw", repr(neuron.run(Inputs(w=0.5, loss="bce", dtype="float64")).dw))


def test_a_choice_that_is_none_is_said(visit: Visit) -> None:
    page = visit("/?loss=hinge")
    for query, said in {
        "?loss=hinge": "loss = “hinge”",
        "?dtype=float16": "dtype = “float16”",
        "?h=7": "h = “7”",
        "?loss=bce&loss=logits": "loss is given 2 times",
    }.items():
        move_to(page, query)
        expect(page.locator(".notice")).to_contain_text(said)
        expect(page.locator(".notice")).to_contain_text("its default")
        expect_number(page, "dw", repr(neuron.run(Inputs()).dw))


def test_the_step_of_the_difference_can_be_changed(visit: Visit) -> None:
    page = visit("/?precision=1")
    page.get_by_text("How far can a difference quotient be trusted?").click()
    plot = page.locator(".opinions .js-plotly-plot")
    expect(plot).to_be_visible(timeout=15_000)
    here = "document.querySelector('.opinions .js-plotly-plot').data.find(t => t.name === 'here').x[0]"
    assert page.evaluate(here) == 1e-5
    page.get_by_role("slider", name="step h of the difference").fill("-2")
    page.wait_for_function(f"{here} === 0.01")
    expect_number(page, "numeric_dw", repr(check.central_differences(Inputs(), (1e-2,))[0].item()))
    expect_query(page, "?h=1e-2&precision=1")


def test_the_cancellation_has_the_numbers_of_this_state(visit: Visit) -> None:
    page = visit("/?w=0.2&y=1&precision=1")
    page.get_by_text("Why is the gradient at").click()
    lines = page.locator(".opinions ol.lines")
    run = neuron.run(Inputs(w=0.2, y=1.0))
    expect(lines).to_contain_text(f"{run.y_pred:.4f}")
    expect(lines).to_contain_text(f"−{abs(run.db):.4f}")
    expect(lines.locator("math").first).to_be_visible()


def test_of_the_squared_error_formulas_derivation_and_axes_are_its_own(visit: Visit) -> None:
    page = visit("/?w=0.2&loss=squared&precision=1")
    expect(page.locator("[data-text=loss_form]")).to_have_text("ŷ²")
    expect(page.locator("[data-text=dL_dy_pred_form]")).to_have_text("2·(ŷ − y)")
    page.get_by_text("Why does the gradient at z vanish").click()
    expect(page.locator(".opinions ol.lines")).to_contain_text("in the product, ŷ·(1 − ŷ) stays")
    page.wait_for_function("document.querySelector('.js-plotly-plot')?.layout?.yaxis?.range[1] < 2")
    page.get_by_role("slider", name="y", exact=True).fill("1")
    expect(page.locator("[data-text=loss_form]")).to_have_text("(ŷ − 1)²")
    choose(page, "loss", "bce")
    expect(page.locator("[data-text=dL_dy_pred_form]")).to_have_text("(ŷ − y) / (ŷ·(1 − ŷ))")
    expect(page.get_by_text("Why is the gradient at z just ŷ − y?")).to_be_visible()
    page.wait_for_function("document.querySelector('.js-plotly-plot').layout.yaxis.range[1] > 2")


def test_the_fused_losses_have_a_concept_too(visit: Visit) -> None:
    page = visit("/?loss=logits&view=concept")
    shown = {node.get_attribute("data-node") for node in page.locator("[data-graph] [data-node]").all()}
    assert shown == {"x", "w", "b", "z", "loss"}


def test_a_number_in_focus_shows_and_copies_all_its_digits(visit: Visit) -> None:
    page = visit("/?precision=1")
    page.locator("dd[data-readout=dw]").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    shown = "getComputedStyle(document.querySelector('dd[data-readout=dw]'), '::after').content"
    assert page.evaluate(shown) == '"6.6917619705200195"'
    page.evaluate("document.addEventListener('copy', e => { window.copied = e.clipboardData.getData('text/plain') })")
    page.keyboard.press("Control+c")
    assert page.evaluate("window.copied") == "6.6917619705200195"
    page.locator("td[data-readout=exact_db]").dblclick()
    page.keyboard.press("Control+c")
    assert page.evaluate("window.copied") == number(page, "exact_db")
    page.get_by_role("slider", name="x", exact=True).fill("-2")
    page.locator("[data-node=x][data-value='-2.0']").wait_for()
    page.locator("dd[data-readout=dw]").click(click_count=3)
    page.keyboard.press("Control+c")
    assert page.evaluate("window.copied") == number(page, "dw")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.headline'))")
    page.keyboard.press("Control+c")
    assert "\u2212" in page.evaluate("getSelection().toString()")
    assert page.evaluate("window.copied") == page.evaluate("getSelection().toString().replaceAll('\u2212', '-')")


BOX = "document.querySelector('{}').getBoundingClientRect().toJSON()"


def test_two_states_stand_side_by_side(visit: Visit) -> None:
    """The other label beside this one: both follow the sliders, and the choice is in the address."""
    page = visit("/?w=0.5")
    page.get_by_label("beside", exact=True).select_option("y")
    expect_query(page, "?w=0.5&beside=y")
    second = page.locator(".beside")
    expect(second.get_by_role("heading")).to_have_text("Beside it: y = 1")
    page.get_by_role("slider", name="w", exact=True).fill("2")
    for name, run in (("dw", neuron.run(Inputs(w=2.0))), ("beside.dw", neuron.run(Inputs(w=2.0, y=1.0)))):
        page.locator(f'[data-readout="{name}"][data-value="{run.dw!r}"]').wait_for()
    expect(second.locator("[data-node=w]")).to_have_attribute("data-grad", repr(neuron.run(Inputs(w=2.0, y=1.0)).dw))
    parts = ("[data-graph]", ".beside .window", ".segments", ".tools", ".line-of-words")
    first, other, segments, tools, words = map(page.evaluate, map(BOX.format, parts))
    assert other["x"] >= first["x"] + first["width"]
    assert (other["y"], other["height"]) == pytest.approx((first["y"], first["height"]), abs=1)
    assert tools["y"] < segments["y"] + segments["height"], "one row"
    assert words["y"] + words["height"] <= 900
    page.get_by_role("button", name="Walk through").click()
    expect(second).to_have_count(0)
    page.get_by_label("beside", exact=True).select_option("")
    expect_query(page, "?w=2&step=0")
