"""The curves: real Plotly, gaps for inf and nan, the tangent, updates in place."""

import math
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from components.drawing.figure import widened
from components.pages.neuron import curves
from components.pages.neuron import figures as draw
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.browser.conftest import Visit

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


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
@pytest.mark.parametrize("end", [-1, 1])
def test_the_marker_is_whole_at_the_ends(visit: Visit, width: int, height: int, end: int) -> None:
    page = visit(f"/?w={5 * end}&b={10 * end}", width, height)
    room = """() => {
      const plot = document.querySelector('.js-plotly-plot');
      return plot.data.filter(({ name }) => name === 'here').map(({ x, xaxis, marker }) => {
        const axis = plot._fullLayout[xaxis.replace('x', 'xaxis')];
        const at = axis.l2p(x[0]);
        return Math.min(at, axis._length - at) - (marker.size + marker.line.width) / 2;
      });
    }"""
    rooms = page.evaluate(room)
    assert len(rooms) == 4
    assert min(rooms) >= 0


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
            done(({SHAPES})());
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


BANDS = """() => {
  const plot = document.querySelector('.js-plotly-plot');
  const { left } = plot.getBoundingClientRect();
  return [...document.querySelectorAll('.bands rect[data-kind]')].map((band) => {
    const { part, of } = band.parentElement.dataset;
    const trace = plot.data.find((t) => t.role === 'curve' && t.part === part && t.of === of);
    const axis = plot._fullLayout[trace.xaxis.replace('x', 'xaxis')];
    const upwards = plot._fullLayout[trace.yaxis.replace('y', 'yaxis')];
    const place = band.getBoundingClientRect();
    const { kind, from, to } = band.dataset;
    const ends = [from, to].map((end) => Math.min(Math.max(axis.l2p(Number(end)), 0), axis._length));
    return {
      part, of, stretch: [kind, Number(from), Number(to)],
      drawn: [place.left, place.right, place.top, place.bottom],
      meant: [...ends.map((end) => left + axis._offset + end),
        ...[0, upwards._length].map((end) => plot.getBoundingClientRect().top + upwards._offset + end)],
    };
  });
}"""

LABELS = """() => [...document.querySelectorAll('.bands text')].filter((label) => label.textContent).map((label) => {
  const [inner, outer] = [label.getBBox(), label.ownerSVGElement];
  return { text: label.textContent, from: inner.x, to: inner.x + inner.width, width: outer.width.baseVal.value };
})"""


def expect_bands(page: Page, inputs: Inputs, names: tuple[str, ...] = ("w", "b")) -> None:
    """Every stretch is shaded in both subplots of its input, where the axes say."""
    bands: list[dict[str, Any]] = page.evaluate(BANDS)
    for name, sweep in zip(names, curves.sweep(inputs, names), strict=True):
        expected = [list(stretch) for stretch in draw.stretches(sweep, inputs)]
        for of in draw.ROWS:
            assert [b["stretch"] for b in bands if (b["part"], b["of"]) == (name, of)] == expected
    for band in bands:
        assert band["drawn"] == pytest.approx(band["meant"], abs=0.6)
    labels: list[dict[str, Any]] = page.evaluate(LABELS)
    assert all(label["from"] >= 0 and label["to"] <= label["width"] for label in labels)


def compare_with(page: Page, loss: str) -> None:
    page.get_by_label("compare with").select_option(loss)
    has = f"document.querySelector('.js-plotly-plot').data.some(t => t.name === 'loss of {loss}')"
    page.wait_for_function(
        has if loss else "!document.querySelector('.js-plotly-plot').data.some(t => t.role === 'other')"
    )


@pytest.mark.parametrize(("width", "height", "y"), [(1440, 900, 0.0), (1024, 768, 1.0), (390, 844, 0.0)])
def test_broken_stretches_are_shaded_where_the_axis_says(visit: Visit, width: int, height: int, y: float) -> None:
    page = visit(f"/?w=3&y={y:g}", width=width, height=height)
    page.wait_for_timeout(REST_MS)
    expect_bands(page, Inputs(w=3.0, y=y))
    shown = [label["text"] for label in page.evaluate(LABELS)]
    assert ("nan" if y else "∞") in shown
    assert ("gradient 0" if width != 1024 else "grad 0") in shown


def test_a_stretch_too_narrow_for_its_label_has_none(visit: Visit) -> None:
    page = visit("/")
    page.wait_for_timeout(REST_MS)
    expect_bands(page, Inputs())
    assert ["infinite", 9.95, 10] in [band["stretch"] for band in page.evaluate(BANDS)]
    assert [label["text"] for label in page.evaluate(LABELS)] == ["gradient 0", "∞"] * 2


def test_shades_follow_a_drag_before_plotly_draws(visit: Visit) -> None:
    page = visit("/?w=2&y=1")
    page.wait_for_timeout(REST_MS)
    page.evaluate("""() => {
      window.reacts = 0;
      const react = Plotly.react;
      Plotly.react = (...all) => { window.reacts += 1; return react(...all); };
    }""")
    page.evaluate(
        """() => new Promise((done) => {
          new MutationObserver((_, seen) => {
            seen.disconnect();
            window.reactsThen = window.reacts;
            done();
          }).observe(document.querySelector('.bands'), { attributes: true, subtree: true, childList: true });
          const range = document.querySelector('input[aria-label="b"]');
          range.value = "-8";
          range.dispatchEvent(new Event("input", { bubbles: true }));
        })"""
    )
    expect_bands(page, Inputs(w=2.0, b=-8.0, y=1.0))
    assert page.evaluate("window.reactsThen") == 0
    page.wait_for_timeout(REST_MS)
    expect_bands(page, Inputs(w=2.0, b=-8.0, y=1.0))
    assert page.evaluate("window.reacts") > 0


def test_shades_follow_zoom_and_size(visit: Visit) -> None:
    page = visit("/?w=3&y=1")
    page.wait_for_timeout(REST_MS)
    for zoom in ([0, 3], [3, 4], [-1, 1], [-5, 5]):
        page.evaluate("zoom => Plotly.relayout(document.querySelector('.js-plotly-plot'), {'xaxis.range': zoom})", zoom)
        expect_bands(page, Inputs(w=3.0, y=1.0))
    page.set_viewport_size({"width": 600, "height": 900})
    page.wait_for_timeout(REST_MS)
    expect_bands(page, Inputs(w=3.0, y=1.0))
    page.get_by_role("button", name="against x too").click()
    page.wait_for_function("document.querySelector('.js-plotly-plot').data.some(t => t.name === 'dL/dx')")
    page.wait_for_timeout(REST_MS)
    expect_bands(page, Inputs(w=3.0, y=1.0), ("w", "b", "x"))


def test_shades_follow_a_hand_that_drags_the_axis(visit: Visit) -> None:
    page = visit("/?w=3&y=1")
    page.wait_for_timeout(REST_MS)
    before = page.evaluate("document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range[0]")
    handle = page.locator(".js-plotly-plot .xy .drag.ewdrag, .js-plotly-plot .ewdrag").first.bounding_box()
    assert handle is not None
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=3)
    page.mouse.move(x + 60, y, steps=3)
    page.wait_for_timeout(100)
    expect_bands(page, Inputs(w=3.0, y=1.0))
    page.mouse.up()
    page.wait_for_timeout(REST_MS)
    expect_bands(page, Inputs(w=3.0, y=1.0))
    assert page.evaluate("document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range[0]") < before


def test_what_is_shaded_is_also_said(visit: Visit) -> None:
    page = visit("/?w=3&y=1")
    page.wait_for_timeout(REST_MS)
    said = page.locator(".curves-view .told")
    expect(said).to_have_text(
        "Against w: the gradient is 0, though the closed form's is not from −5 to −2.725; "
        "the loss is not a number from 2.475 to 5. Against b: the loss is not a number from −3.45 to 10."
    )
    page.get_by_role("slider", name="x", exact=True).fill("0")
    expect(said).to_have_text("")


def test_a_second_loss_can_be_laid_over(visit: Visit) -> None:
    page = visit("/?w=3")
    compare_with(page, "logits")
    over = {t["name"] for t in traces(page)} & {"loss of logits", "dL/dw of logits", "dL/db of logits"}
    assert len(over) == 3
    for name, sweep in zip(("w", "b"), curves.sweep(Inputs(w=3.0, loss="logits")), strict=True):
        assert trace(page, "loss of logits", name)["y"] == sweep.loss.tolist()
        assert trace(page, f"dL/d{name} of logits", name, "gradient")["y"] == sweep.gradient.tolist()
    assert trace(page, "loss", "w")["y"][-1] is None
    page.wait_for_timeout(REST_MS)
    dashes = "[...document.querySelectorAll('.js-plotly-plot .js-line')].map(line => line.style.strokeDasharray)"
    assert page.evaluate(dashes).count("6px, 4px") == 4
    compare_with(page, "")
    assert not {t["name"] for t in traces(page)} & over


def test_the_chosen_loss_is_not_offered_for_comparison(visit: Visit) -> None:
    page = visit()
    offered = page.get_by_label("compare with").locator("option")
    expect(offered).to_have_text(
        ["nothing", "binary_cross_entropy", "binary_cross_entropy_with_logits", "squared error, (ŷ − y)²"]
    )
    compare_with(page, "bce")
    page.get_by_label("loss", exact=True).select_option("bce")
    expect(offered).to_have_text(
        ["nothing", "the notebook's own", "binary_cross_entropy_with_logits", "squared error, (ŷ − y)²"]
    )
    expect(page.get_by_label("compare with")).to_have_value("")
    page.wait_for_function("!document.querySelector('.js-plotly-plot').data.some(t => t.role === 'other')")


def test_after_a_drag_with_a_second_loss_the_curves_are_those_of_a_fresh_page(visit: Visit) -> None:
    page = visit()
    compare_with(page, "bce")
    for name, value in (("w", "-4"), ("b", "1.5"), ("w", "4"), ("x", "-2.5"), ("w", "4.5"), ("y", "1"), ("b", "-9")):
        page.get_by_role("slider", name=name, exact=True).fill(value)
    page.locator('[data-readout=b][data-value="-9.0"]').wait_for()
    page.wait_for_timeout(REST_MS)
    fresh = visit("/?x=-2.5&w=4.5&b=-9&y=1")
    compare_with(fresh, "bce")
    fresh.wait_for_timeout(REST_MS)
    assert traces(page) == traces(fresh)
    assert page.evaluate(BANDS) == fresh.evaluate(BANDS)
    expect_bands(page, Inputs(x=-2.5, w=4.5, b=-9.0, y=1.0))


MARKERS = """() => {
  const plot = document.querySelector('.js-plotly-plot');
  const { left, top } = plot.getBoundingClientRect();
  return Object.fromEntries(plot.data.filter(({ name }) => name === 'here').map(({ part, of, x, y, xaxis, yaxis }) => {
    const [across, up] = [xaxis, yaxis].map((axis) => plot._fullLayout[axis.replace(/^[xy]/, '$&axis')]);
    const height = y[0] === null ? up._length / 2 : up.l2p(y[0]);
    return [`${part} ${of}`, [left + across._offset + across.l2p(x[0]), top + up._offset + height, across._length]];
  }));
}"""


@pytest.mark.parametrize(("query", "marker"), [("/", "w loss"), ("/", "w gradient"), ("/?w=3", "w loss")])
def test_a_marker_is_dragged_with_its_slider(visit: Visit, query: str, marker: str) -> None:
    """Where the loss is infinite there is no marker, and its line is taken."""
    page = visit(query)
    name = marker[0]
    before = float(page.get_by_role("slider", name=name, exact=True).input_value())
    left, top, length = page.evaluate(MARKERS)[marker]
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left - length / 8, top, steps=4)
    page.mouse.move(left - length / 4, top, steps=4)
    page.mouse.up()
    low, high = curves.RANGES[name]
    slider = page.get_by_role("slider", name=name, exact=True)
    wanted = before - (high - low) / 4
    page.wait_for_function(
        "([name, low, high]) => { const value = Number(new URLSearchParams(location.search).get(name));"
        " return low < value && value < high; }",
        arg=[name, wanted - 0.3, wanted + 0.3],
    )
    value = parse_qs(urlsplit(page.url).query)[name][0]
    expect(slider).to_have_value(value)
    expect(page.locator(f'.headline [data-readout="{name}"]')).to_have_attribute("data-value", str(float(value)))
    assert page.evaluate("document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range") == pytest.approx(
        [*widened(curves.RANGES["w"])]
    )


def test_the_plots_of_one_input_zoom_together(visit: Visit) -> None:
    page = visit()
    page.evaluate("Plotly.relayout(document.querySelector('.js-plotly-plot'), {'xaxis.range': [0, 2]})")
    ranges = page.evaluate(
        "['xaxis2', 'xaxis3'].map((axis) => document.querySelector('.js-plotly-plot')._fullLayout[axis].range)"
    )
    assert ranges[0] == [0, 2]
    assert ranges[1] == pytest.approx([*widened(curves.RANGES["b"])])
