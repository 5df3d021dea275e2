"""The plot of x.grad after each press: gaps where there is nothing, calls below, room for all."""

import pytest

from components.pages.gradient_lab import figures as history
from components.pages.gradient_lab import model as experiments
from components.pages.gradient_lab.model import MOST, Lab


def test_none_is_a_gap_with_a_word_and_never_a_zero() -> None:
    moved = history.dynamic(experiments.run(Lab(run=("backward", "zero", "none", "backward"))).history)
    assert moved["grads"] == {"x": [0, 1, 2, 3, 4], "y": [None, 4.0, 0.0, None, 4.0]}
    assert moved["none"] == {"x": [0, 3], "y": [0, 0], "text": ["None", "None"]}
    assert moved["here"] == {"x": [4], "y": [4.0]}


def test_what_is_no_number_is_a_gap() -> None:
    assert history.dynamic((float("nan"), float("inf"), 1.0))["grads"]["y"] == [None, None, 1.0]


@pytest.mark.parametrize("presses", [0, 1, 8, MOST])
@pytest.mark.parametrize("place", ["wide", "narrow"])
def test_the_axis_has_room_for_every_press(presses: int, place: str) -> None:
    axis = history.figure("accumulate", ("backward",) * presses)[place]["xaxis"]
    assert axis["range"][0] < 0
    assert axis["range"][1] > presses
    assert len(axis["ticktext"]) == presses + 1
    assert sum(map(len, axis["ticktext"])) <= history.LONGEST[place] or not axis["tickvals"]


def test_every_moving_trace_has_a_place() -> None:
    keys = {trace["key"] for trace in history.figure("leaf", ())["traces"]}
    assert keys == history.dynamic((None,)).keys()
    assert {trace["name"] for trace in history.figure("leaf", ())["traces"]} == {"x.grad", "None", "here"}
