"""The drawing: what it says of every node and edge, that nothing jumps, pan and zoom."""

import pytest
from playwright.sync_api import Page, expect

from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.browser.conftest import Visit, expect_query, move_to, resize


def view_box(page: Page) -> list[float]:
    return [float(part) for part in (page.locator("[data-graph] svg").get_attribute("viewBox") or "").split()]


SAYS = """(told) => told.every(([selector, attributes]) => {
  const found = document.querySelectorAll(`[data-graph] ${selector}`);
  const isSaid = ([name, text]) => found[0].getAttribute(name) === text;
  return found.length === 1 && Object.entries(attributes).every(isSaid);
})"""
"""Whether each part of the graph is there once and says this."""


def test_every_node_and_edge_says_what_torch_says(visit: Visit) -> None:
    page = visit("/?view=full")
    for inputs in (Inputs(), Inputs(w=3.0), Inputs(w=3.0, y=1.0), Inputs(w=-3.0, y=1.0)):
        move_to(page, f"?view=full&w={inputs.w:g}&y={inputs.y:g}")
        graph = neuron.run(inputs).graph
        told = [
            (
                f'[data-node="{node.id}"]',
                {
                    "data-op": node.op,
                    "data-value": repr(node.value),
                    "data-grad": repr(node.gradient),
                    "role": "button",
                },
            )
            for node in graph.nodes
        ] + [
            (
                f'[data-edge="{edge.id}"]',
                {"data-from": edge.consumer, "data-to": edge.input}
                | {"data-local": repr(edge.local), "data-grad": repr(edge.gradient)},
            )
            for edge in graph.edges
        ]
        page.wait_for_function(SAYS, arg=told)


def test_nothing_moves_and_nothing_is_redrawn_when_numbers_change(visit: Visit) -> None:
    page = visit()
    page.evaluate("window.before = document.querySelector('[data-graph] svg')")
    places = "[...document.querySelectorAll('[data-node]')].map(n => JSON.stringify(n.getBoundingClientRect()))"
    before = page.evaluate(places)
    for name, value, shown in (("w", "-5", "-5.0"), ("x", "-10", "-10.0"), ("b", "-10", "-10.0")):
        page.get_by_role("slider", name=name, exact=True).fill(value)
        expect(page.locator(f"[data-node={name}]")).to_have_attribute("data-value", shown)
        assert page.evaluate(places) == before
    assert page.evaluate("window.before === document.querySelector('[data-graph] svg')")


def test_inputs_stand_left_and_the_loss_right(visit: Visit) -> None:
    page = visit()
    lefts = {name: page.locator(f"[data-node={name}]").bounding_box() for name in ("x", "w", "z", "y_pred", "loss")}
    order = [box["x"] for box in lefts.values() if box]
    assert len(order) == 5
    assert order[0] == pytest.approx(order[1], abs=2)
    assert order[1] < order[2] < order[3] < order[4]


def test_the_graph_fits_its_window_at_1440(visit: Visit) -> None:
    page = visit()
    for node in page.locator("[data-node]").all():
        box = node.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1440
        assert box["y"] + box["height"] <= 900
    digits = page.locator("[data-node=loss] .value").bounding_box()
    assert digits
    assert digits["height"] >= 12


def test_the_first_look_is_large(visit: Visit) -> None:
    """Each text of the graph, in pixels; the loss's curve stands whole beside it, or below in a narrower window."""
    page = visit()
    for width, height, least in ((1366, 768, 12), (1440, 900, 14), (1024, 768, 11)):
        resize(page, width, height)
        expect_large(page, width, height, least)


def expect_large(page: Page, width: int, height: int, least: float) -> None:
    """The graph's texts have this size at least, and its curve its place."""
    sizes = page.evaluate(
        """() => [...document.querySelectorAll("[data-graph] svg text")].filter((text) => text.getClientRects().length)
          .map((text) => text.getCTM().a * parseFloat(getComputedStyle(text).fontSize))"""
    )
    assert min(sizes) >= least
    places = [
        page.locator(place).bounding_box() for place in ("[data-graph]", ".curves-view .nsewdrag[data-subplot=xy]")
    ]
    graph, curve = (box for box in places if box)
    assert graph["y"] + graph["height"] <= height
    if width > 1180:
        assert curve["x"] > graph["x"] + graph["width"]
        assert curve["y"] + curve["height"] < height


def test_sign_zero_and_break_differ_without_colour(visit: Visit) -> None:
    page = visit("/?view=full")
    dashes = "e => getComputedStyle(document.querySelector(`[data-edge='${e}'] .line`)).strokeDasharray"
    seen = {edge: page.evaluate(dashes, edge) for edge in ("mul.0-w", "loss.0-add", "log.0-clamp")}
    page.get_by_role("slider", name="w", exact=True).fill("3")
    expect(page.locator("[data-node=w]")).to_have_attribute("data-grad", "nan")
    seen["undefined"] = page.evaluate(dashes, "mul.0-w")
    seen["infinite"] = page.evaluate(dashes, "log_2.0-rsub")
    assert page.locator("[data-node=rsub]").get_attribute("data-grad") == "-inf"
    assert len(set(seen.values())) == 5


def test_a_larger_gradient_is_a_thicker_line(visit: Visit) -> None:
    page = visit("/?view=full")
    width = "e => parseFloat(getComputedStyle(document.querySelector(`[data-edge='${e}'] .line`)).strokeWidth)"
    assert page.evaluate(width, "clamp.0-y_pred") > page.evaluate(width, "mul.0-w") > page.evaluate(width, "z.1-b")


def test_wheel_drag_buttons_and_fit(visit: Visit) -> None:
    page = visit("/?view=full")
    whole = view_box(page)
    page.locator("[data-node=clamp]").hover()
    before = page.locator("[data-node=clamp]").bounding_box()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -400)
    page.keyboard.up("Control")
    zoomed = view_box(page)
    after = page.locator("[data-node=clamp]").bounding_box()
    assert zoomed[2] < whole[2]
    assert before
    assert after
    assert abs(after["x"] + after["width"] / 2 - before["x"] - before["width"] / 2) < 8
    page.mouse.down()
    page.mouse.move(700, 300, steps=5)
    page.mouse.up()
    assert view_box(page)[:2] != zoomed[:2]
    page.get_by_role("button", name="Zoom in").click()
    assert view_box(page)[2] < zoomed[2]
    page.get_by_role("button", name="Fit").click()
    assert view_box(page) == whole


def test_the_wheel_scrolls_the_page_over_every_figure_and_zooms_with_ctrl(visit: Visit) -> None:
    page = visit(height=600)
    axis = "document.querySelector('.js-plotly-plot').layout.xaxis.range?.join() ?? ''"
    scrolled = "(document.querySelector('.stMain') ?? document.scrollingElement).scrollTop"
    for figure, state in (
        ("[data-graph]", "document.querySelector('[data-graph] svg').getAttribute('viewBox')"),
        (".js-plotly-plot .nsewdrag", axis),
    ):
        place = page.locator(figure).first
        place.scroll_into_view_if_needed()
        place.hover()
        before, top = page.evaluate(state), page.evaluate(scrolled)
        page.mouse.wheel(0, 60)
        page.wait_for_function(f"top => {scrolled} > top", arg=top)
        expect(page.get_by_text("+ scroll to zoom").locator("visible=true")).to_have_count(1)
        page.mouse.wheel(0, -60)
        page.wait_for_function(f"top => {scrolled} === top", arg=top)
        assert page.evaluate(state) == before
        page.keyboard.down("Control")
        page.mouse.wheel(0, -60)
        page.wait_for_function(f"before => {state} !== before", arg=before)
        page.keyboard.up("Control")
        assert page.evaluate(scrolled) == top
        expect(page.get_by_text("+ scroll to zoom").locator("visible=true")).to_have_count(0)


def test_a_drag_keeps_the_zoom(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Zoom in").click()
    zoomed = view_box(page)
    page.get_by_role("slider", name="w", exact=True).fill("2")
    expect(page.locator("[data-node=w]")).to_have_attribute("data-value", "2.0")
    assert view_box(page) == zoomed


def test_two_fingers_zoom(visit: Visit) -> None:
    page = visit()
    whole = view_box(page)
    page.evaluate(
        """() => {
          const window = document.querySelector("[data-graph]");
          const finger = (type, pointerId, clientX) => window.dispatchEvent(
            new PointerEvent(type, { pointerId, clientX, clientY: 400, pointerType: "touch", bubbles: true }));
          window.setPointerCapture = () => {};
          finger("pointerdown", 1, 600);
          finger("pointerdown", 2, 700);
          for (let x = 700; x <= 800; x += 10) finger("pointermove", 2, x);
          finger("pointerup", 1, 600);
          finger("pointerup", 2, 800);
        }"""
    )
    assert view_box(page)[2] == pytest.approx(whole[2] / 2, rel=0.05)


def test_back_keeps_the_zoom_and_the_curves_of_x(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Zoom in").click()
    zoomed = view_box(page)
    page.get_by_role("button", name="against x too").click()
    page.wait_for_function("document.querySelector('.js-plotly-plot').data.some(t => t.name === 'dL/dx')")
    expect_query(page, "?with_x=1")
    page.get_by_role("slider", name="w", exact=True).fill("2")
    expect_query(page, "?w=2&with_x=1")
    page.go_back()
    expect(page.locator("[data-node=w]")).to_have_attribute("data-value", "1.0")
    assert view_box(page) == zoomed
    assert page.evaluate("document.querySelector('.js-plotly-plot').data.some(t => t.name === 'dL/dx')")


LINES = """() => [...document.querySelectorAll("[data-edge]")].map((edge) => {
  const shown = [...edge.querySelectorAll(".line, .forward-line")].filter((line) => line.getClientRects().length);
  const heads = shown.map((line) => [getComputedStyle(line).markerStart, getComputedStyle(line).markerEnd]);
  const isHole = edge.querySelector(".backing")?.getClientRects().length
    && ![...edge.querySelectorAll("text")].some((text) => text.textContent && text.getClientRects().length);
  const ways = heads.map(([start, end]) => (end !== "none" ? "ahead" : start !== "none" ? "back" : "bare"));
  return isHole ? "hole" : ways.join();
})"""


def test_every_line_is_one_arrow(visit: Visit) -> None:
    page = visit()
    for query, ways in {
        "": {"back", "ahead"},  # ahead from what takes no gradient
        "?arrows=ahead": {"ahead"},
        "?view=full&step=4": {"ahead"},
        "?view=full&step=25": {"back", "ahead"},
        "?predict=dw": {"ahead"},
    }.items():
        move_to(page, query)
        if "step" in query:
            page.locator(f".walk-bar .place:has-text('{query.partition('step=')[2]} / 25')").wait_for()
        shown = f"JSON.stringify([...new Set(({LINES})())].sort())"
        page.wait_for_function(f"ways => {shown} === JSON.stringify(ways)", arg=sorted(ways))
    assert set(visit("/gradient-lab").evaluate(LINES)) == {"ahead"}


def test_pointing_tells_all_digits(visit: Visit) -> None:
    page = visit("/?view=full")
    page.locator("[data-node=mul]").hover()
    expect(page.locator(".detail")).to_contain_text("0.9987704753875732")
    page.locator("[data-edge='clamp.0-y_pred'] .reach").hover(force=True)
    said = "local derivative 1.0 × upstream gradient 813.3618774414062 = 813.3618774414062, passed on"
    expect(page.locator(".detail")).to_contain_text(said)
    page.locator("[data-node=b]").focus()
    expect(page.locator(".detail")).to_contain_text("leaf")
    page.keyboard.press("Enter")
    expect(page.locator("[data-node=b]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-node=b]")).to_have_attribute(
        "aria-label", "b, leaf, where the gradient is kept: value 0, gradient +0.9988."
    )


def test_on_a_phone_the_graph_runs_downwards(visit: Visit) -> None:
    page = visit("/?view=full", width=390, height=844)
    w, loss = (page.locator(f"[data-node={name}]").bounding_box() for name in ("w", "loss"))
    assert w
    assert loss
    assert loss["y"] > w["y"] + 500
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 375, "height": 844})  # what a scroll bar leaves
    page.wait_for_function(
        """() => new Set([...document.querySelectorAll(".graph-view .bar > :not(.legend)")]
          .map((part) => part.getBoundingClientRect())
          .map(({ top, bottom }) => Math.round((top + bottom) / 2))).size === 2"""
    )
