"""What can be predicted of the neuron: the right answers are its own numbers, the mistakes what they say."""

from dataclasses import replace

import pytest

from components.graph.mistakes import Question
from components.losses import LOSSES
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from components.pages.neuron.questions import questions

STATES = [Inputs(loss=loss, w=0.4, x=1.7, b=-0.3, y=y) for loss in LOSSES for y in (0.0, 1.0)]


def named(inputs: Inputs) -> dict[str, Question]:
    return {question.name: question for question in questions(inputs)[0]}


def words(question: Question, value: float) -> list[str]:
    """What is said of a wrong answer."""
    return [mistake.about for mistake in question.usual if mistake.value == pytest.approx(value, rel=1e-5)]


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_the_answers_are_the_runs_own(inputs: Inputs) -> None:
    run, asked = neuron.run(inputs), named(inputs)
    assert {name: question.truth for name, question in asked.items()} == {
        name: getattr(run, name) for name in ("dw", "db", "z", "y_pred", "loss")
    }
    assert all(mistake.value != question.truth for question in asked.values() for mistake in question.usual)


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_the_other_labels_gradient_is_a_usual_mistake(inputs: Inputs) -> None:
    asked, flipped = named(inputs), neuron.run(replace(inputs, y=1 - inputs.y))
    assert any("the other label" in text for text in words(asked["dw"], flipped.dw))
    assert any("the other label" in text for text in words(asked["loss"], flipped.loss))


def test_the_notebooks_answers() -> None:
    asked = named(Inputs())
    assert asked["dw"].truth == 6.6917619705200195
    assert asked["db"].truth == 0.9987704753875732
    assert asked["loss"].truth == 6.701176166534424
    assert words(asked["z"], 7.7)


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_a_loss_own_mistakes_are_explained(inputs: Inputs) -> None:
    run, asked, loss = neuron.run(inputs), named(inputs), LOSSES[inputs.loss]
    for mistake in loss.mistakes_at_z:
        at_z = mistake.value(run.y_pred, inputs.y)
        assert words(asked["dw"], at_z * inputs.x) == words(asked["db"], at_z) == [mistake.words]
    for mistake in loss.mistakes:
        assert words(asked["loss"], mistake.value(run.y_pred, inputs.y)) == [mistake.words]
