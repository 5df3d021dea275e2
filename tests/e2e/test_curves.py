"""The curves: real Plotly, gaps for inf and nan, the tangent, updates in place."""

import math
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from components.engine import neuron
from components.engine.neuron import Inputs
from tests.e2e.conftest import Visit

REST_MS = 400


def traces(page: Page) -> list[dict[str, Any]]:
    data = (
        "[...document.querySelector('.js-plotly-plot').data].map(({name, x, y, part, of}) => ({name, x, y, part, of}))"
    )
    found: list[dict[str, Any]] = page.evaluate(data)
    return found


def trace(page: Page, name: str, part: str, of: str = "loss") -> dict[str, Any]:
    return next(t for t in traces(page) if t["name"] == name and t["part"] == part and t["of"] == of)


def test_names_and_marker(visit: Visit) -> None:
    page = visit()
    run = neuron.run(Inputs())
    assert {t["name"] for t in traces(page)} == {"loss", "dL/dw", "dL/db", "here", "tangent", "position"}
    assert trace(page, "here", "w")["x"] == [1]
    assert trace(page, "here", "w")["y"] == [run.loss]
    assert trace(page, "here", "b", "gradient")["y"] == [run.db]


def test_the_tangents_slope_is_the_gradient(visit: Visit) -> None:
    page = visit("/?w=-0.3&x=2")
    run = neuron.run(Inputs(x=2.0, w=-0.3))
    for name, gradient in (("w", run.dw), ("b", run.db)):
        line = trace(page, "tangent", name)
        slope = (line["y"][1] - line["y"][0]) / (line["x"][1] - line["x"][0])
        assert math.isclose(slope, gradient, rel_tol=1e-9)


def test_inf_and_nan_are_gaps(visit: Visit) -> None:
    page = visit("/?w=3")
    loss = trace(page, "loss", "w")
    values = dict(zip(loss["x"], loss["y"], strict=True))
    assert values[3] is None
    assert values[-3] is not None
    assert trace(page, "here", "w")["y"] == [None]
    assert trace(page, "position", "w")["x"] == [3, 3]


def test_against_x_on_demand(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="against x too").click()
    page.wait_for_function("document.querySelector('.js-plotly-plot').data.some(t => t.name === 'dL/dx')")
    assert trace(page, "here", "x", "gradient")["y"] == [neuron.run(Inputs()).dx]
    page.get_by_role("button", name="against x too").click()
    page.wait_for_function("!document.querySelector('.js-plotly-plot').data.some(t => t.name === 'dL/dx')")


def test_updates_keep_the_plot_and_its_zoom(visit: Visit) -> None:
    page = visit()
    page.evaluate("window.plot = document.querySelector('.js-plotly-plot')")
    page.evaluate("Plotly.relayout(window.plot, {'xaxis.range': [0, 2]})")
    page.get_by_role("slider", name="w", exact=True).fill("1.5")
    expect(page.locator("[data-node=w]")).to_have_attribute("data-value", "1.5")
    page.wait_for_timeout(REST_MS)
    assert page.evaluate("window.plot === document.querySelector('.js-plotly-plot')")
    assert page.evaluate("window.plot._fullLayout.xaxis.range") == [0, 2]


SHAPES = """() => [...document.querySelectorAll('.js-plotly-plot .js-line, .js-plotly-plot .point')].map((shape) => {
  const { x, y, width, height } = shape.getBoundingClientRect();
  return [x, y, width, height];
})"""


def test_what_moves_under_the_hand_is_what_plotly_draws_at_rest(visit: Visit) -> None:
    """The fast repaint and Plotly's own drawing put every line and marker in the same place."""
    page = visit()
    standing = page.evaluate(SHAPES)
    page.evaluate(
        f"""() => {{
          window.early = new Promise((done) => new MutationObserver((_, seen) => {{
            seen.disconnect();
            requestAnimationFrame(() => done(({SHAPES})()));
          }}).observe(document.querySelector('.js-plotly-plot .js-line'), {{ attributes: true }}));
        }}"""
    )
    page.get_by_role("slider", name="b", exact=True).fill("-4")
    early = page.evaluate("window.early")
    page.wait_for_timeout(REST_MS)
    late = page.evaluate(SHAPES)
    assert early != standing
    assert [side for shape in early for side in shape] == pytest.approx([s for shape in late for s in shape], abs=0.6)


def test_after_any_moves_the_curves_are_those_of_a_fresh_page(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="against x too").click()
    for name, value in (("w", "-0.4"), ("b", "1.5"), ("w", "0.8"), ("x", "-2.5"), ("y", "1"), ("b", "-3")):
        page.get_by_role("slider", name=name, exact=True).fill(value)
    page.locator('[data-readout=b][data-value="-3.0"]').wait_for()
    page.wait_for_timeout(REST_MS)
    fresh = visit("/?x=-2.5&w=0.8&b=-3&y=1")
    fresh.get_by_role("button", name="against x too").click()
    fresh.wait_for_function("document.querySelector('.js-plotly-plot').data.some(t => t.name === 'dL/dx')")
    fresh.wait_for_timeout(REST_MS)
    assert traces(page) == traces(fresh)
