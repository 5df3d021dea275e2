"""The Training page: the start and the points dragged, the cursor on the path, runs compared, links, the keyboard."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from components.pages.training.model import Inputs
from components.pages.training.page import FORM
from tests.browser.conftest import STILL, Visit, number, resize
from tests.messages import answer

SIZES = [(1440, 900), (1024, 768), (390, 844)]

PLACE = """([view, name, index]) => {
  const plot = document.querySelector(`.${view} .js-plotly-plot`);
  if (!plot?._fullLayout?.xaxis || !plot.querySelector('.point')) return null;
  const { left, top } = plot.getBoundingClientRect();
  const { xaxis, yaxis } = plot._fullLayout;
  const { x, y } = plot.data.find((trace) => trace.name === name);
  const [across, up] = [xaxis._offset + xaxis.l2p(x[index]), yaxis._offset + yaxis.l2p(y[index])];
  return [left + across, top + up, xaxis.l2p(1) - xaxis.l2p(0)];
}"""
"""Where on the screen a trace's point is, and the pixels of 1 on the x-axis."""


def place(page: Page, view: str, name: str, index: int = 0) -> list[float]:
    """The same, once it is drawn and nothing moves any more."""
    page.wait_for_function(PLACE, arg=[view, name, index])
    page.evaluate(STILL)
    found: list[float] = page.evaluate(PLACE, [view, name, index])
    return found


def trace(page: Page, name: str, view: str = "map-view") -> dict[str, Any]:
    script = """([view, name]) => {
      const { x, y } = document.querySelector(`.${view} .js-plotly-plot`).data.find((trace) => trace.name === name);
      return { x, y };
    }"""
    found: dict[str, Any] = page.evaluate(script, [view, name])
    return found


def inputs_of(page: Page) -> Inputs:
    """What the address says."""
    inputs, notices = FORM.read(parse_qs(urlsplit(page.url).query, keep_blank_values=True))
    assert notices == ()
    return inputs


def expect_state(page: Page, inputs: Inputs) -> None:
    """All numbers of the headline, and the first path, are those that the server gives for this state."""
    expected = answer("training", inputs, released=True)
    for name in ("step", "w", "b", "loss", "dw", "db", "w_grad", "sharpness"):
        expect(page.locator(f"[data-readout={name}]")).to_have_attribute("data-value", expected["readouts"][name][0])
    last = expected.arrays["path.w"][-1]
    page.wait_for_function(
        "(last) => document.querySelector('.map-view .js-plotly-plot').data"
        ".find(({ name }) => name === 'path').x.at(-1) === last",
        arg=last,
    )
    assert trace(page, "path")["y"] == pytest.approx(expected.arrays["path.b"], abs=0)


def released(page: Page, name: str, than: str) -> str:
    """What the address says of a parameter once that is something else."""
    page.wait_for_function(
        "([name, before]) => (new URLSearchParams(location.search).get(name) ?? '') !== before", arg=[name, than]
    )
    return parse_qs(urlsplit(page.url).query)[name][0]


def test_the_start_is_dragged_and_the_path_follows(visit: Visit) -> None:
    page = visit("/training?at=5")
    left, top, unit = place(page, "map-view", "start")
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + unit, top + unit, steps=3)
    page.mouse.move(left + 2 * unit, top + 2 * unit, steps=3)
    page.mouse.up()
    assert float(released(page, "w", "")) == pytest.approx(-2, abs=0.1)
    inputs = inputs_of(page)
    assert inputs.b == pytest.approx(1, abs=0.2)
    assert inputs.at == 0
    expect_state(page, inputs)
    page.locator(".start-handle").focus()
    page.keyboard.press("ArrowRight")
    assert float(released(page, "w", str(inputs.w))) == pytest.approx(inputs.w + 0.1, abs=0.001)
    expect_state(page, inputs_of(page))


def test_points_are_dragged_turned_added_and_removed(visit: Visit) -> None:
    page = visit("/training")
    left, top, unit = place(page, "data-view", "points", 0)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + unit / 2, top, steps=3)
    page.mouse.move(left + unit, top, steps=3)
    page.mouse.up()
    points = released(page, "points", "")
    assert points == "-1,0;-1,1;0,0;1,1;2,1"
    left, top, _ = place(page, "data-view", "points", 4)
    page.mouse.click(left, top)
    points = released(page, "points", points)
    assert points == "-1,0;-1,1;0,0;1,1;2,0"
    table = page.locator(".point-table")
    for button, after in (
        ("label of point 3: 0", "-1,0;-1,1;0,1;1,1;2,0"),
        ("Add a point", "-1,0;-1,1;0,1;1,1;2,0;3,1"),
        ("Remove point 1", "-1,1;0,1;1,1;2,0;3,1"),
    ):
        table.get_by_role("button", name=button).press("Enter")
        points = released(page, "points", points)
        assert points == after
    field = table.get_by_role("textbox", name="x of point 5")
    field.fill("−2,5")
    field.press("Enter")
    assert released(page, "points", points) == "-1,1;0,1;1,1;2,0;-2.5,1"
    field.fill("abc")
    field.press("Enter")
    expect(page.locator(".notice")).to_contain_text("x of point 5 = “abc” is not a number; x of point 5 stays -2.5.")
    expect_state(page, inputs_of(page))
    assert page.evaluate("document.querySelector('.map-view .js-plotly-plot').data[0].z.length") == 101


def test_the_cursor_goes_along_the_path_and_back(visit: Visit) -> None:
    page = visit("/training?optimizer=adam")
    view = page.locator(".cursor-view")
    expect(view.locator(".step-heading")).to_contain_text("The start.")
    view.get_by_role("button", name="Next step").click()
    expect(page.locator("[data-readout=step]")).to_have_attribute("data-value", "1")
    expect(view.locator(".lines p")).to_have_count(10)
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-readout=step]")).to_have_attribute("data-value", "2")
    page.keyboard.press("End")
    expect(page.locator("[data-readout=step]")).to_have_attribute("data-value", "60")
    page.keyboard.press("PageUp")
    expect(page.locator("[data-readout=step]")).to_have_attribute("data-value", "59")
    page.wait_for_function("new URLSearchParams(location.search).get('at') === '59'")
    expect_state(page, inputs_of(page))
    page.keyboard.press("Home")
    expect(page.locator("[data-readout=step]")).to_have_attribute("data-value", "0")
    view.get_by_role("button", name="Play").click()
    page.wait_for_function("Number(document.querySelector('[data-readout=step]').dataset.value) >= 2")
    view.get_by_role("button", name="Pause").click()
    expect(view.get_by_role("button", name="Play")).to_be_visible()


def test_runs_are_compared_from_one_start(visit: Visit) -> None:
    page = visit("/training")
    page.get_by_role("combobox", name="start from").select_option("clean, forgotten, momentum 1")
    expect(page.locator(".comparison")).to_contain_text("are the same at every step, bit for bit. Why?")
    page.wait_for_function("new URLSearchParams(location.search).get('compare') === 'sgd:never;momentum::1'")
    inputs = inputs_of(page)
    assert inputs == FORM.presets["clean, forgotten, momentum 1"]
    expect_state(page, inputs)
    assert trace(page, "path 2") == trace(page, "path 3") != trace(page, "path")
    assert {"loss", "loss 2", "loss 3"} <= set(
        page.evaluate("document.querySelector('.plots .js-plotly-plot').data.map(({ name }) => name)")
    )
    run = page.locator(".map-view .run").nth(1)
    run.click()
    expect(run).to_have_attribute("aria-pressed", "false")
    page.wait_for_function(
        "!document.querySelector('.map-view .js-plotly-plot').data.some(({ name }) => name === 'path 2')"
    )
    again = visit("/training?" + urlsplit(page.url).query)
    expect(again.get_by_role("combobox", name="start from")).to_have_value("clean, forgotten, momentum 1")
    expect_state(again, inputs)


def test_a_learning_rate_that_is_dragged_leaves_a_whole_path(visit: Visit) -> None:
    page = visit("/training?steps=200&compare=adam;momentum")
    lr = page.get_by_role("slider", name="lr", exact=True)
    expect(lr).to_have_attribute("aria-valuetext", "0.5")
    box = lr.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.54, box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in range(1, 8):
        page.mouse.move(box["x"] + box["width"] * (0.54 + part * 0.02), box["y"] + box["height"] / 2)
    page.wait_for_function(
        "['path', 'path 2', 'path 3'].every((name) => document.querySelector('.map-view .js-plotly-plot')"
        ".data.find((trace) => trace.name === name).x.length === 201)"
    )
    page.mouse.up()
    lr_text = released(page, "lr", "")
    assert 1 < float(lr_text) < 10
    expect(page.get_by_role("textbox", name="lr value")).to_have_value(lr_text)
    expect_state(page, inputs_of(page))


def test_a_press_on_the_map_predicts_the_next_point(visit: Visit) -> None:
    page = visit("/training?at=3&lr=2&predict=next")
    left, top, unit = place(page, "map-view", "here")
    here, there = (answer("training", Inputs(at=at, lr=2.0), released=True)["readouts"] for at in (3.0, 4.0))
    across, up = (float(there[name][0]) - float(here[name][0]) for name in ("w", "b"))
    words = page.locator(".predict .words")
    assert len(trace(page, "path")["x"]) == 4
    page.mouse.click(left - across * unit, top + up * unit)
    expect(words).to_have_text("That is up: a descent goes against the gradient.")
    expect(page.locator(".guess")).to_be_visible()
    assert len(trace(page, "path")["x"]) == 4
    page.mouse.click(left + across * unit, top - up * unit)
    expect(words).to_contain_text("Right: (w, b) = (")
    page.wait_for_function(
        "document.querySelector('.map-view .js-plotly-plot').data.find(({ name }) => name === 'path').x.length === 61"
    )


@pytest.mark.parametrize("query", ["?at=7&optimizer=adamw&compare=momentum;adam", "?present=1&at=3&compare=momentum"])
def test_everything_fits(visit: Visit, query: str) -> None:
    page = visit("/training" + query, parts="text")
    place(page, "map-view", "start")
    for width, height in SIZES:
        resize(page, width, height)
        assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
        spilt = page.locator(".cursor-view, .map-view .foot, .training-headline, .sliders").evaluate_all(
            "parts => parts.flatMap(part => [...part.querySelectorAll('*')]).filter(part =>"
            " part.getClientRects().length && part.getBoundingClientRect().right > innerWidth + 1"
            " && !part.closest('.presets, .point-table, .js-plotly-plot'))"
            ".map(part => part.className || part.localName)"
        )
        assert spilt == [], (width, height)
        axes = page.evaluate(
            "(({ xaxis, yaxis }) => [xaxis._length, yaxis._length])"
            "(document.querySelector('.map-view .js-plotly-plot')._fullLayout)"
        )
        assert axes[0] == pytest.approx(axes[1], abs=1.5)


def test_on_a_projector_a_clicker_steps_along_the_path(visit: Visit) -> None:
    page = visit("/training?present=1", parts="text")
    place(page, "map-view", "start")
    for step in ("1", "2"):
        page.keyboard.press("PageDown")
        expect(page.locator("[data-readout=step]")).to_have_attribute("data-value", step)
    assert number(page, "w") == answer("training", Inputs(at=2.0))["readouts"]["w"][0]
