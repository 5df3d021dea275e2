"""The Chain rule page in a real browser: three sizes, two themes, live while dragging, kept in the address."""

import math
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from components.pages.chain_rule import model as chain
from components.pages.chain_rule.model import Inputs
from tests.browser.conftest import Visit, expect_number, expect_query, move_to, number, slider

REST_MS = 400
PLOT = "document.querySelector('.js-plotly-plot')"


def trace(page: Page, name: str, axis: str = "") -> dict[str, Any]:
    data = f"[...{PLOT}.data].map(({{name, x, y, yaxis}}) => ({{name, x, y, yaxis}}))"
    found: list[dict[str, Any]] = page.evaluate(data)
    return next(t for t in found if t["name"] == name and axis in ("", t["yaxis"]))


@pytest.mark.parametrize(("width", "height", "theme"), [(1440, 900, "light"), (1024, 768, "dark"), (390, 844, "light")])
def test_the_page_at_every_size_in_both_themes(visit: Visit, width: int, height: int, theme: str) -> None:
    page = visit("/chain-rule", width=width, height=height, theme=theme)
    expect_number(page, "z", "0.41211849451065063")
    expect_number(page, "dz_dx", "-5.4667816162109375")
    expect(page.locator("[data-readout=dz_dx]")).to_have_text("−5.4668")
    expect(page.locator("[data-node]")).to_have_count(3)
    page.get_by_label("result").select_option("y")
    expect(page.locator("[data-node]")).to_have_count(2)
    expect(page.locator("[data-readout=dz_dx]")).to_be_hidden()
    expect(page.locator("[data-readout=dy_dx]")).to_have_text("+6.0000")
    page.wait_for_timeout(REST_MS)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width


def test_the_bars_are_to_scale_and_the_waves_follow_x(visit: Visit) -> None:
    page = visit("/chain-rule")
    lengths = "bars => bars.map(bar => bar.getBoundingClientRect().width)"
    one, y, z, added = page.locator(".speeds .bar").evaluate_all(lengths)
    run = chain.run(Inputs())
    for length, slope in ((y, run.dy_dx), (z, run.dz_dx), (added, run.dz_dx_by_notebook)):
        assert length / one == pytest.approx(abs(slope), rel=0.02)
    shown = f"{PLOT}._fullLayout.xaxis3.range"
    before = page.evaluate(shown)
    page.get_by_role("slider", name="x", exact=True).fill("5")
    page.wait_for_function(f"{shown}[0] > 3 && {shown}[1] < 7")
    page.get_by_role("slider", name="x", exact=True).fill("2")
    page.wait_for_function(f"before => JSON.stringify({shown}) === JSON.stringify(before)", arg=before)


def test_the_three_answers_and_their_code(visit: Visit) -> None:
    page = visit("/chain-rule?x=2")
    expect_number(page, "notebook_dz_dx", "3.346356379136388")
    expect_number(page, "manual_dz_dx", repr(chain.by_hand(2.0)))
    answers = page.get_by_role("region", name="Three answers")
    expect(answers.get_by_role("row")).to_have_text(
        [
            "autogradz.backward(); x.grad−2.6146",
            "by hand2 * x * math.cos(x ** 2)−2.6146",
            "the notebook2 * x + math.cos(x ** 2)+3.3464",
        ]
    )
    expect(answers).to_contain_text("The notebook’s function disagrees: it is off by 5.9609.")
    page.get_by_role("button", name="nearly equal").click()
    expect(answers).to_contain_text(
        "Close by, at x = −0.9290, sum and product are equal by accident: both are −1.2079."
    )


def test_the_gradient_of_a_non_leaf(visit: Visit) -> None:
    page = visit("/chain-rule")
    asked = page.get_by_role("region", name="And where is y.grad?")
    expect(asked.locator(".warning")).to_have_text(chain.Y_GRAD_WARNING)
    expect(asked.locator("pre")).to_contain_text(
        ["return y.grad", "UserWarning", "None", "y.retain_grad()", "tensor(-0.9111)"]
    )
    page.get_by_role("slider", name="x", exact=True).fill("0")
    expect(asked.locator("pre").last).to_have_text("tensor(1.)")


def test_everything_follows_the_pointer_and_the_address_its_release(visit: Visit) -> None:
    page = visit("/chain-rule")
    box = page.get_by_role("slider", name="x", exact=True).bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.649, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, y, steps=5)
    x = float(slider(page, "x"))
    assert -4.5 < x < -3.5
    expect_number(page, "dz_dx", repr(chain.run(Inputs(x)).dz_dx))
    expect(page.locator("[data-node=y]")).to_have_attribute("data-value", repr(chain.run(Inputs(x)).y))
    page.wait_for_function(f"{PLOT}.data.find(({{name}}) => name === 'here').x[0] === {x}")
    assert page.evaluate("location.search") == ""
    page.mouse.up()
    expect_query(page, f"?x={x:g}")


def test_links_and_back(visit: Visit) -> None:
    page = visit("/chain-rule")
    page.get_by_role("slider", name="x", exact=True).fill("-2.5")
    expect_query(page, "?x=-2.5")
    page.get_by_label("result").select_option("y")
    expect_query(page, "?x=-2.5&result=y")
    second = visit(page.evaluate("location.pathname + location.search"))
    assert slider(second, "x") == "-2.5"
    assert number(second, "dy_dx") == "-5.0"
    expect(second.locator("[data-node=z]")).to_have_count(0)
    page.go_back()
    expect(page.locator("[data-node=z]")).to_have_count(1)
    page.go_back()
    expect_number(page, "dz_dx", "-5.4667816162109375")
    assert slider(page, "x") == "3"


BAD = [
    ("x=11", "10", "x = 11 is out of range; x is 10, the largest value."),
    ("x=1.26", "1.3", "x = 1.26 is between two steps; x is 1.3, the nearer one."),
    ("x=inf", "3", "x = “inf” is not a number; x is 3, its default."),
    ("x=1&x=2", "3", "x is given 2 times; x is 3, its default."),
    ("result=w", "3", "result = “w” is none of z, y; result is z, its default."),
    ("result=y&node=z", "3", "node = “z” is not in this graph; nothing is selected."),
    ("x=%3Cimg%20src%3Dx%20onerror%3Dran()%3E", "3", "x = “<img src=x onerror=ran"),
]


def test_bad_addresses_open_with_one_line(visit: Visit) -> None:
    page = visit(f"/chain-rule?{BAD[0][0]}")
    for query, value, said in BAD:
        move_to(page, f"?{query}")
        expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
        expect(page.get_by_role("slider", name="x", exact=True)).to_have_value(value)


def test_the_keyboard(visit: Visit) -> None:
    page = visit("/chain-rule")
    page.get_by_role("slider", name="x", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    expect_number(page, "dz_dx", repr(chain.run(Inputs(2.9)).dz_dx))
    page.keyboard.press("Home")
    expect_query(page, "?x=-10")
    page.locator("[data-node=y]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-inspector=y]")).to_contain_text("PowBackward0")
    expect_query(page, "?x=-10&node=y")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-node=x]")).to_be_focused()


def test_the_curves_are_plotlys_own(visit: Visit) -> None:
    page = visit("/chain-rule")
    for name in ("y", "dy/dx", "z", "dz/dx", "the notebook’s answer"):
        assert len(trace(page, name)["x"]) == len(trace(page, name)["y"])
    z = trace(page, "z")
    assert z["y"][z["x"].index(3)] == pytest.approx(math.sin(9), abs=1e-4)
    assert trace(page, "here", "y4")["y"] == [chain.run(Inputs()).dz_dx]
    tangent = trace(page, "tangent", "y3")
    slope = (tangent["y"][1] - tangent["y"][0]) / (tangent["x"][1] - tangent["x"][0])
    assert slope == pytest.approx(chain.run(Inputs()).dz_dx)
    colours: set[str] = set(page.evaluate(f"{PLOT}.data.map(({{line, marker}}) => (line ?? marker).color)"))
    assert all(colour.startswith("#") for colour in colours)


SHAPES = """() => [...document.querySelectorAll('.js-plotly-plot .js-line, .js-plotly-plot .point')].map((shape) => {
  const { x, y, width, height } = shape.getBoundingClientRect();
  return [x, y, width, height];
})"""


def test_what_moves_under_the_hand_is_what_plotly_draws_at_rest(visit: Visit) -> None:
    page = visit("/chain-rule")
    page.wait_for_timeout(REST_MS)
    standing = page.evaluate(SHAPES)
    page.evaluate(
        f"""() => {{
          window.reacts = 0;
          const react = Plotly.react;
          Plotly.react = (...all) => {{ window.reacts += 1; return react(...all); }};
          window.early = new Promise((done) => new MutationObserver((_, seen) => {{
            seen.disconnect();
            done([window.reacts, ({SHAPES})()]); // the repaint has just ended; Plotly's turn comes later
          }}).observe(document.querySelector('.js-plotly-plot .scatterlayer'), {{ attributes: true, subtree: true }}));
        }}"""
    )
    page.get_by_role("slider", name="x", exact=True).fill("-2.4")
    reacts, early = page.evaluate("window.early")
    assert reacts == 0
    page.wait_for_function("window.reacts === 1")
    late = page.evaluate(SHAPES)
    assert early != standing
    assert [side for shape in early for side in shape] == pytest.approx([s for shape in late for s in shape], abs=0.6)


def test_updates_keep_the_zoom(visit: Visit) -> None:
    page = visit("/chain-rule")
    page.evaluate(f"Plotly.relayout({PLOT}, {{'xaxis3.range': [2, 4]}})")
    page.get_by_role("slider", name="x", exact=True).fill("2.2")
    expect_number(page, "dy_dx", repr(chain.run(Inputs(2.2)).dy_dx))
    page.wait_for_timeout(REST_MS)
    assert page.evaluate(f"{PLOT}._fullLayout.xaxis3.range") == [2, 4]


def test_a_small_graph_is_not_blown_up(visit: Visit) -> None:
    for width in (1440, 1024, 390):
        page = visit("/chain-rule", width=width, height=900)
        card = page.locator("[data-node=x] .card").bounding_box()
        assert card is not None
        assert 130 <= card["width"] <= 182


def test_the_way_between_the_pages_keeps_their_states(visit: Visit) -> None:
    page = visit("/chain-rule?x=-2")
    page.get_by_role("link", name="Neuron").click()
    expect(page.locator("[data-node=loss]")).to_have_count(1)
    page.get_by_role("link", name="Chain rule").click()
    expect_number(page, "dy_dx", "-4.0")
    expect_query(page, "?x=-2")


def test_a_settled_change_is_spoken(visit: Visit) -> None:
    page = visit("/chain-rule")
    page.get_by_role("slider", name="x", exact=True).fill("2")
    said = "slope of y by x +4.0000, slope of z by y −0.6536, slope of z by x −2.6146."
    expect(page.locator(".page .announcer")).to_have_text(said)


def test_the_marker_is_whole_at_the_ends(visit: Visit) -> None:
    page = visit("/chain-rule?x=10")
    page.wait_for_timeout(REST_MS)
    inside = f"""() => {PLOT}.data.filter(({{name}}) => name === 'here').every(({{x, xaxis}}) => {{
      const axis = {PLOT}._fullLayout[xaxis.replace('x', 'xaxis')];
      return axis.l2p(x[0]) + 6 <= axis._length;
    }})"""
    assert page.evaluate(inside)
