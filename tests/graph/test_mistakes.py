"""The usual wrong answers: that each is what the mistake really gives, and that answers are told apart."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from components.graph import fold, mistakes, read
from components.graph.mistakes import Mistake
from components.graph.model import Graph
from components.graph.record import Recording
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs

CONCEPT = frozenset(neuron.CONCEPT)


def concept(inputs: Inputs) -> Graph:
    return fold.fold(neuron.run(inputs).snapshot)


def chain(x: float) -> Graph:
    tensor = torch.tensor(x, requires_grad=True)
    with Recording() as recording:
        y = tensor**2
        z = torch.sin(y)
    return read.snapshot(z, recording, {"x": tensor, "y": y, "z": z}).graph


def by_kind(found: tuple[Mistake, ...]) -> dict[tuple[str, str], float]:
    return {(mistake.kind, mistake.about): mistake.value for mistake in found}


def test_the_notebooks_own_mistake_is_a_known_slip() -> None:
    """It adds the two local derivatives: 2x + cos(x²), 3.3463... at 2."""
    found = by_kind(mistakes.mistakes(chain(2.0), "x"))
    assert (
        found["added", ""] == pytest.approx(4.0 + math.cos(4.0), abs=1e-6) == pytest.approx(3.346356379136388, abs=1e-6)
    )
    assert found["left out", "z.0-y"] == 4.0
    assert found["left out", "y.0-x"] == pytest.approx(math.cos(4.0), abs=1e-6)
    assert found["sign", ""] == pytest.approx(-4.0 * math.cos(4.0), abs=1e-6)


def test_the_neurons_slips_are_its_factors_left_out() -> None:
    found = by_kind(mistakes.mistakes(concept(Inputs()), "w"))
    run = neuron.run(Inputs())
    slope, pull = run.by_hand.dy_pred_dz, run.by_hand.dL_dy_pred
    assert found["left out", "z-w"] == pytest.approx(pull * slope, rel=1e-5)
    assert found["left out", "y_pred.0-z"] == pytest.approx(pull * 6.7, rel=1e-5)
    assert found["left out", "loss-y_pred"] == pytest.approx(slope * 6.7, rel=1e-5)
    assert found["added", ""] == pytest.approx(pull + slope + 6.7, rel=1e-5)


def test_a_second_path_can_be_forgotten() -> None:
    x = torch.tensor(3.0, requires_grad=True)
    with Recording() as recording:
        y = x * 2 + x * x
    found = mistakes.mistakes(read.snapshot(y, recording, {"x": x, "y": y}).graph, "x")
    assert {mistake.value for mistake in found if mistake.kind == "one path"} == {2.0, 3.0}
    assert all(mistake.about for mistake in found if mistake.kind == "one path")


@given(st.floats(-10, 10), st.floats(-5, 5), st.floats(-10, 10), st.sampled_from([0.0, 1.0]))
def test_a_slip_is_never_the_truth_and_never_broken(x: float, w: float, b: float, y: float) -> None:
    graph = concept(Inputs(x, w, b, y))
    for name in ("w", "b"):
        truth = graph.node(name).gradient
        for mistake in mistakes.mistakes(graph, name):
            assert math.isfinite(mistake.value)
            assert mistake.value != truth


def test_where_the_gradient_is_undefined_there_are_only_finite_slips() -> None:
    assert all(math.isfinite(mistake.value) for mistake in mistakes.mistakes(concept(Inputs(w=3.0)), "w"))


def test_of_slips_with_one_answer_the_first_is_kept() -> None:
    found = mistakes.distinct(
        1.0, (Mistake("sign", -1.0), Mistake("added", -1.0), Mistake("other", 1.0), Mistake("other", math.inf))
    )
    assert found == (Mistake("sign", -1.0),)


def test_an_entry_sees_its_own_numbers() -> None:
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    with Recording() as recording:
        y = (x**2).mean()
    graph = read.snapshot(y, recording, {"x": x, "y": y}).graph
    entry = mistakes.at_index(graph, 1)
    assert entry.node("x").gradient == pytest.approx(4 / 3)
    found = [mistake.value for mistake in mistakes.mistakes(entry, "x") if mistake.kind == "left out"]
    assert found == pytest.approx([4.0, 1 / 3])


@pytest.mark.parametrize(
    ("said", "half_digit", "answer"),
    [
        (6.69, 0.005, "right"), (6.7, 0.05, "right"), (7.0, 0.5, "right"), (6.75, 0.005, "right"),
        (-6.69, 0.005, "wrong"), (8.0, 0.5, "wrong"), (0.0, 0.5, "wrong"), (math.nan, 0.0, "wrong"),
    ],
)  # fmt: skip
def test_an_answer_is_right_as_closely_as_it_is_said(said: float, half_digit: float, answer: str) -> None:
    assert mistakes.judge(said, half_digit, 6.6918, ()).answer == answer


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, 0.0])
def test_inf_nan_and_zero_are_answers(number: float) -> None:
    assert mistakes.judge(number, 0.0, number, ()).answer == "right"
    assert mistakes.judge(number, 0.0, 1.0, ()).answer == "wrong"


def test_a_small_number_is_not_right_by_being_rounded_to_nothing() -> None:
    assert mistakes.judge(0.0, 0.5, 1e-5, ()).answer == "wrong"
    assert mistakes.judge(1.0, 0.5, 0.6, ()).answer == "wrong"


def test_a_miss_names_its_slip() -> None:
    usual = mistakes.mistakes(chain(3.0), "x")
    judged = mistakes.judge(6.0, 0.5, chain(3.0).node("x").gradient, usual)  # type: ignore[arg-type]  # a single number
    assert judged.mistake is not None
    assert (judged.mistake.kind, judged.mistake.about) == ("left out", "z.0-y")


@pytest.mark.parametrize(("sign", "truth", "answer"), [
    ("+", 2.0, "right"), ("-", 2.0, "wrong"), ("0", 0.0, "right"), ("0", -1e-30, "wrong"), ("-", -1e-30, "right"),
    ("+", math.nan, "wrong"), ("-", math.nan, "wrong"), ("0", math.nan, "wrong"),
])  # fmt: skip
def test_signs(sign: str, truth: float, answer: str) -> None:
    assert mistakes.judge_sign(sign, truth).answer == answer
