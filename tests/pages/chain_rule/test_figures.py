"""The chain's figure: what stands still, what moves, and the sentences."""

import json
import math
from typing import Any

import pytest

from components.pages.chain_rule import figures as draw
from components.pages.chain_rule import model as chain
from components.pages.chain_rule.model import Inputs


def trace(name: str, result: str = "z") -> dict[str, Any]:
    return next(t for t in draw.figure(result)["traces"] if t["name"] == name)


def keys(result: str) -> set[str]:
    return {t["key"] for t in draw.figure(result)["traces"] if "key" in t}


def test_the_traces_have_the_names_of_the_contract() -> None:
    names = [t["name"] for t in draw.figure("z")["traces"]]
    assert {"y", "dy/dx", "z", "dz/dx", "the notebook’s answer"} <= set(names)
    assert names.count("here") == 4
    assert [t["name"] for t in draw.figure("y")["traces"]].count("here") == 2


@pytest.mark.parametrize("result", ["z", "y"])
@pytest.mark.parametrize("x", [3.0, 0.0, -10.0, 9.9])
def test_all_that_moves_has_its_place(result: str, x: float) -> None:
    assert set(draw.dynamic(chain.run(Inputs(x, result)))) - {"axes"} == keys(result)


@pytest.mark.parametrize("result", ["z", "y"])
def test_figure_and_movement_are_json(result: str) -> None:
    json.dumps([draw.figure(result), draw.dynamic(chain.run(Inputs(result=result)))], allow_nan=False)


def test_curves_span_the_sliders_range() -> None:
    z = trace("z")
    assert z["span"] == chain.RANGE
    assert len(z["y"]) == chain.FINE
    assert z["y"][1300] == pytest.approx(math.sin(9), abs=1e-4)


@pytest.mark.parametrize("tenths", range(-100, 101))
def test_the_waves_are_opened_where_their_slope_can_be_seen(tenths: int) -> None:
    """x is inside, with a part of the wave on either side; fewer than ten waves stand beside each other."""
    x = tenths / 10
    low, high = draw.window(x)
    assert low + 0.5 <= x <= high - 0.5
    assert abs(high * high - low * low) / (2 * math.pi) < 10
    assert ("axes" in draw.dynamic(chain.run(Inputs(x)))) is not ("axes" in draw.dynamic(chain.run(Inputs(x, "y"))))


def test_rings_stand_where_the_two_curves_cross() -> None:
    rings = trace("they meet")
    assert len(rings["x"]) == len(rings["y"]) == 31
    for x, y in zip(rings["x"], rings["y"], strict=True):
        assert y == pytest.approx(2 * x + math.cos(x * x), abs=0.01)
        assert y == pytest.approx(2 * x * math.cos(x * x), abs=0.05)


@pytest.mark.parametrize("x", [3.0, -0.9, 0.0, 10.0, -7.3])
def test_tangents_have_autograds_slope(x: float) -> None:
    run = chain.run(Inputs(x))
    moved = draw.dynamic(run)
    for name, slope in (("y", run.dy_dx), ("z", run.dz_dx)):
        (x0, x1), (y0, y1) = moved[f"tangent {name}"]["x"], moved[f"tangent {name}"]["y"]
        assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, rel=1e-6, abs=1e-9)
        assert (x0 + x1) / 2 == pytest.approx(x)


@pytest.mark.parametrize("result", ["z", "y"])
def test_every_value_is_inside_its_axes(result: str) -> None:
    layout = draw.figure(result)["wide"]
    for t in draw.figure(result)["traces"]:
        if t.get("role") == "curve":
            low, high = layout[t["yaxis"].replace("y", "yaxis")]["range"]
            assert low < min(t["y"])
            assert max(t["y"]) < high


@pytest.mark.parametrize("layout", ["wide", "narrow"])
@pytest.mark.parametrize("result", ["z", "y"])
def test_subplots_do_not_overlap(layout: str, result: str) -> None:
    axes = draw.figure(result)[layout]
    boxes = [
        (*axes[f"xaxis{n}"]["domain"], *axes[f"yaxis{n}"]["domain"]) for n in ("", "2", "3", "4") if f"xaxis{n}" in axes
    ]
    for i, (left, right, bottom, top) in enumerate(boxes):
        assert 0 <= left < right <= 1
        assert 0 <= bottom < top <= 1
        for left2, right2, bottom2, top2 in boxes[:i]:
            assert right <= left2 or right2 <= left or top <= bottom2 or top2 <= bottom


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (
            Inputs(),
            "y moves 6 times as fast as x, z moves −0.9111 times as fast as y; so z moves 6 × (−0.9111) = −5.4668"
            " times as fast as x.",
        ),
        (Inputs(result="y"), "y moves 6 times as fast as x: the nearer x is to 0, the slower."),
        (
            Inputs(0.0),
            "y stands still while x moves, z moves as fast as y; so z moves 0 × 1 = 0 times as fast as x.",
        ),
    ],
)
def test_the_chain_in_a_sentence(inputs: Inputs, said: str) -> None:
    assert draw.sentence(chain.run(inputs)) == said


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (-0.9, "Close by, at x = −0.9290, sum and product are equal by accident: both are −1.2079."),
        (
            3.0,
            "Sum and product are equal by accident at 31 places left of 0 (the rings), at none right of it.",
        ),
    ],
)
def test_meetings_in_a_sentence(x: float, said: str) -> None:
    assert draw.meeting(chain.run(Inputs(x))) == said
