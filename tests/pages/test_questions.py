"""What can be predicted: that the right answers are the pages' own numbers, and the mistakes what they say."""

import math

import pytest

from components.address.classroom import ASKED
from components.graph.mistakes import Question
from components.pages import questions
from components.pages.chain_rule import model as chain
from components.pages.neuron import model as neuron
from components.pages.vectors import model as vectors


def named(asked: questions.Questions) -> dict[str, Question]:
    return {question.name: question for question in asked[0]}


def test_every_page_asks_what_its_address_can_name() -> None:
    found = {
        "neuron": named(questions.of_neuron(neuron.Inputs())),
        "chain_rule": named(questions.of_chain(chain.Inputs())),
        "vectors": named(questions.of_vectors(vectors.Inputs())),
    }
    assert {page: set(of) for page, of in found.items()} == {page: set(of) for page, of in ASKED.items()}


def test_the_neurons_answers_are_the_notebooks() -> None:
    asked = named(questions.of_neuron(neuron.Inputs()))
    assert asked["dw"].truth == 6.6917619705200195
    assert asked["db"].truth == 0.9987704753875732
    assert asked["loss"].truth == 6.701176166534424
    flipped = neuron.run(neuron.Inputs(y=1.0))
    assert flipped.dw in [mistake.value for mistake in asked["dw"].usual]
    assert 7.7 in [pytest.approx(mistake.value) for mistake in asked["z"].usual]


@pytest.mark.parametrize("result", ["z", "y"])
def test_the_whole_chain_is_asked_whatever_is_shown(result: str) -> None:
    (question,), _ = questions.of_chain(chain.Inputs(2.0, result))
    assert question.truth == pytest.approx(4 * math.cos(4.0), abs=1e-6)
    assert any(mistake.kind == "added" for mistake in question.usual)


@pytest.mark.parametrize(("reduce", "truth"), [("mean", 2.0), ("sum", 6.0), ("none", -12.0)])
def test_the_last_entry_is_asked(reduce: str, truth: float) -> None:
    (question,), _ = questions.of_vectors(vectors.Inputs(reduce=reduce, v=(1.0, 1.0, -2.0)))
    assert question.truth == pytest.approx(truth)
    assert question.symbol == "x.grad[2]"
    if reduce == "none":
        assert 6.0 in [pytest.approx(mistake.value) for mistake in question.usual]
