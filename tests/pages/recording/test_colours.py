"""Colours by a figure: each node's level, what has none, and a legend that says so."""

import json
import math

import pytest

from components.address.packed import pack
from components.address.view import GraphView
from components.drawing.colour_scale import LEVELS
from components.pages.recording.colours import FIGURES, level
from components.pages.recording.figures import worst
from components.pages.recording.model import Inputs
from tests.messages import Message, answer
from tests.pages.recording import small

LAST = len(LEVELS) - 1


def coloured(example: str, colour: str, moment: int | None = None, query: str = "", view: str = "full") -> Message:
    return answer("recording", Inputs(example=example, moment=moment, colour=colour), GraphView(view), query=query)


def by_node(said: Message) -> dict[str, object]:
    ids = [node[0] for node in said["static"]["nodes"]]
    return dict(zip(ids, said["graph"]["colours"]["levels"], strict=True))


def test_a_vanishing_gradient_goes_down_the_whole_scale() -> None:
    said = coloured("sigmoids", "gradient")
    found = by_node(said)
    assert (found["loss"], found["model.0.weight"]) == (LAST, 0)
    down = [found[f"model.{layer}.weight"] for layer in range(0, 24, 2)]
    assert down == sorted(down, key=str)
    assert said["graph"]["colours"]["legend"] | {"about": ""} == {
        "about": "", "ends": ["1e−12", "1"], "kinds": [], "bare": 0, "of": 61,
    }  # fmt: skip


def test_what_is_not_recorded_has_no_colour_and_what_is_nan_has_its_own() -> None:
    recording = json.loads(small.text())
    for node in recording["moments"][1]["nodes"]:
        if node["op"] == "TBackward0":
            node |= {"value": None, "summary": None}
    inputs = Inputs(graph=pack(json.dumps(recording)), colour="value")
    said = answer("recording", inputs, GraphView("full"))
    assert [by_node(said)[name] for name in ("t", "t_2")] == [None, None]
    assert said["graph"]["colours"]["legend"]["bare"] == 2
    found = by_node(coloured("first_nan", "value", moment=6))
    assert {name for name, one in found.items() if one == "broken"} == {"log", "add", "loss"}
    found = by_node(coloured("first_nan", "nonfinite", moment=6))
    assert set(found.values()) == {"broken", "sound"}


def test_shares_of_zeros_stand_on_a_scale_of_their_own() -> None:
    said = coloured("gan", "value-zeros")
    assert said["graph"]["colours"]["legend"]["ends"] == ["0 %", "100 %"]
    assert isinstance(by_node(said)["relu"], int)
    assert by_node(said)["leakyrelu"] == "sound"


def test_a_folded_block_has_the_colour_of_the_largest_in_it() -> None:
    said = coloured("sigmoids", "gradient", view="concept")
    assert said["static"]["graph"]["LR"].count("data-node=") == len(said["graph"]["colours"]["levels"]) < 61
    assert LAST - 1 in said["graph"]["colours"]["levels"]


@pytest.mark.parametrize(
    ("one", "expected"),
    [(1.0, LAST), (0.0999, 8), (1e-5, 5), (1e-9, 1), (1e-10, 0), (0.0, "zero"), (math.nan, "broken"), (None, None)],
)
def test_sizes_stand_on_a_logarithmic_scale(one: float | None, expected: object) -> None:
    assert level(one, FIGURES["gradient"], (-10.0, 0.0)) == expected


def test_the_figure_of_many_is_the_worst() -> None:
    assert worst([None, 0.0, 3.0]) == 3.0
    assert math.isnan(worst([1.0, math.nan, 2.0]) or 0)
    assert (worst([None, None]), worst([0.0, None])) == (None, 0.0)


def test_what_is_hidden_colours_nothing() -> None:
    for colour, query, is_shown in (
        ("gradient", "?hide=answers", False),
        ("gradient-zeros", "?hide=gradients", False),
        ("value", "?hide=gradients", True),
        ("value", "?hide=numbers", False),
        ("nonfinite", "?hide=gradients", True),
        ("nonfinite", "?hide=numbers", False),
        ("", "", False),
    ):
        assert bool(coloured("sigmoids", colour, query=query)["graph"]["colours"]) is is_shown, (colour, query)
