"""What can be predicted of the neuron, and what the usual mistakes give instead."""

from dataclasses import replace

from components.graph import fold
from components.graph.mistakes import Mistake, Questions, mistakes, question
from components.graph.model import Graph
from components.losses import LOSSES
from components.pages.neuron import model
from components.pages.neuron.model import Inputs, Run

OTHER_LABEL = "That is right for the other label. What does ŷ − y say here?"
NO_BIAS = "That is w·x alone: the bias b is still to be added."
ADDED = "That is the sum of all three: w and x are multiplied, then b is added."
NO_SIGMOID = "That is z itself: the sigmoid squeezes it between 0 and 1."
OTHER_CLASS = "That is 1 − ŷ, the probability of the other label."


def questions(inputs: Inputs) -> Questions:
    """The gradients and the values of the neuron, by the names of their readouts."""
    run, other = model.run(inputs), model.run(replace(inputs, y=1.0 - inputs.y))
    graph = fold.fold(run.snapshot)
    asked = (
        question("dw", "∂L/∂w", run.dw, _of_gradient(run, graph, "w", inputs.x, other.dw)).of("the loss", "w"),
        question("db", "∂L/∂b", run.db, _of_gradient(run, graph, "b", 1.0, other.db)).of("the loss", "b"),
        question("z", "z", run.z, _of_z(inputs)),
        question("y_pred", "ŷ", run.y_pred, (_said(run.z, NO_SIGMOID), _said(1 - run.y_pred, OTHER_CLASS))),
        question("loss", "L", run.loss, _of_loss(run, other)),
    )
    return asked, graph


def _said(value: float, words: str) -> Mistake:
    return Mistake("other", value, words)


def _of_gradient(run: Run, graph: Graph, leaf: str, factor: float, of_other_label: float) -> tuple[Mistake, ...]:
    """`factor` is what the gradient at z is multiplied by."""
    at_z = LOSSES[run.inputs.loss].mistakes_at_z
    own = (_said(mistake.value(run.y_pred, run.inputs.y) * factor, mistake.words) for mistake in at_z)
    return (*own, *mistakes(graph, leaf), _said(of_other_label, OTHER_LABEL))


def _of_z(inputs: Inputs) -> tuple[Mistake, ...]:
    return _said(inputs.w * inputs.x, NO_BIAS), _said(inputs.w + inputs.x + inputs.b, ADDED)


def _of_loss(run: Run, other: Run) -> tuple[Mistake, ...]:
    own = (_said(m.value(run.y_pred, run.inputs.y), m.words) for m in LOSSES[run.inputs.loss].mistakes)
    return (*own, _said(other.loss, OTHER_LABEL), Mistake("sign", -run.loss))
