"""What is said to a prediction."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from components.drawing import predict
from components.graph import fold, mistakes, read
from components.graph.mistakes import Mistake, Question
from components.graph.model import Graph
from components.graph.record import Recording
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs

NOTEBOOK = Inputs()


def concept(inputs: Inputs) -> Graph:
    return fold.fold(neuron.run(inputs).snapshot)


def about_w(inputs: Inputs = NOTEBOOK) -> tuple[Question, Graph]:
    graph = concept(inputs)
    return Question("dw", "∂L/∂w", neuron.run(inputs).dw, mistakes.mistakes(graph, "w")), graph


def say(text: str, inputs: Inputs = NOTEBOOK) -> predict.Said:
    question, graph = about_w(inputs)
    return predict.answer(question, text, graph)


@pytest.mark.parametrize("text", ["6.69", "6.7", "7", "+6.69", " 6,69 ", "6.6918", "6.6917619705200195", "0.669e1"])
def test_right_answers(text: str) -> None:
    assert say(text) == ("right", "Right: ∂L/∂w = +6.6918.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-6.69", "the sign is not"),
        ("−6.69", "the sign is not"),
        ("0.9988", "the step from z back to w is forgotten: multiply by ∂z/∂w = 6.7000"),
        ("820", "the sum of the local derivatives"),
        ("5449", "the step from ŷ back to z is forgotten"),
        ("0.0082", "the step from L back to ŷ is forgotten"),
        ("42", "nor what a usual mistake gives"),
        ("813", "That is what arrives at ŷ"),
        ("0", "is not 0"),
    ],
)
def test_a_miss_is_explained_by_the_mistake_that_gives_it(text: str, words: str) -> None:
    said = say(text)
    assert said.verdict == "wrong"
    assert words in said.words
    assert len(said.words) <= 200


def test_a_forgotten_path_is_named() -> None:
    x = torch.tensor(3.0, requires_grad=True)
    with Recording() as recording:
        y = x * 2 + x * x
    graph = read.snapshot(y, recording, {"x": x, "y": y}).graph
    question = Question("grad", "dy/dx", 8.0, mistakes.mistakes(graph, "x"))
    assert "Other paths lead here too" in predict.answer(question, "2", graph).words


@pytest.mark.parametrize(("text", "verdict"), [("+", "sign"), ("-", "wrong"), ("−", "wrong"), ("0", "wrong")])
def test_signs_are_answers(text: str, verdict: str) -> None:
    assert say(text).verdict == verdict
    mirrored = {"+": "-", "-": "+", "−": "+", "0": "0"}[text]
    assert say(mirrored, Inputs(y=1.0)).verdict == verdict


@pytest.mark.parametrize(("text", "verdict"), [("nan", "right"), ("inf", "wrong"), ("6.7", "wrong"), ("+", "wrong")])
def test_nan_can_be_predicted(text: str, verdict: str) -> None:
    assert say(text, Inputs(w=3.0)).verdict == verdict


def test_infinity_can_be_predicted() -> None:
    question = Question("loss", "L", math.inf, ())
    assert predict.answer(question, "∞", concept(Inputs(w=3.0))).verdict == "right"
    assert predict.answer(question, "-∞", concept(Inputs(w=3.0))).verdict == "wrong"


@pytest.mark.parametrize("text", ["", "hello", "<b>1</b>", "1e999", "0x10", "1_0", "٣", "--1", "x" * 10_000])
def test_what_is_no_answer_is_said_so(text: str) -> None:
    said = say(text)
    assert said.verdict == "none"
    assert "neither a sign nor a number" in said.words
    assert len(said.words) < 150


@given(st.text(max_size=30))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    assert say(text).verdict in ("right", "sign", "wrong", "none")


def test_a_page_may_have_mistakes_of_its_own() -> None:
    question = Question("dw", "∂L/∂w", 6.7, (Mistake("other", 3.0, "That forgets the label."),))
    assert predict.answer(question, "3", concept(Inputs())) == ("wrong", "That forgets the label.")
