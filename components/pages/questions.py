"""What can be predicted on each page: the right answers, and what the usual mistakes give instead."""

from dataclasses import replace

from components.graph import fold, mistakes
from components.graph.mistakes import Mistake, Question
from components.graph.model import Graph
from components.pages.chain_rule import model as chain
from components.pages.neuron import model as neuron
from components.pages.vectors import model as vectors

Questions = tuple[tuple[Question, ...], Graph]
"""The questions, and the graph that their mistakes are found in."""


def of_neuron(inputs: neuron.Inputs) -> Questions:
    """The gradients and the values of the neuron, by the names of their readouts."""
    run = neuron.run(inputs)
    seen = fold.fold(run.snapshot)
    product = inputs.w * inputs.x
    other = neuron.run(replace(inputs, y=1.0 - inputs.y))
    about = {
        "dw": ("∂L/∂w", run.dw, (*mistakes.mistakes(seen, "w"), Mistake("other", other.dw, OTHER_LABEL))),
        "db": ("∂L/∂b", run.db, (*mistakes.mistakes(seen, "b"), Mistake("other", other.db, OTHER_LABEL))),
        "z": (
            "z",
            run.z,
            (Mistake("other", product, NO_BIAS), Mistake("other", inputs.w + inputs.x + inputs.b, ADDED)),
        ),
        "y_pred": (
            "ŷ",
            run.y_pred,
            (Mistake("other", run.z, NO_SIGMOID), Mistake("other", 1 - run.y_pred, OTHER_CLASS)),
        ),
        "loss": ("L", run.loss, (Mistake("other", other.loss, OTHER_LABEL), Mistake("sign", -run.loss))),
    }
    return tuple(_question(name, *said) for name, said in about.items()), seen


def of_chain(inputs: chain.Inputs) -> Questions:
    """dz/dx of the whole chain."""
    run = chain.run(replace(inputs, result="z"))
    seen = run.snapshot.graph
    return (_question("dz_dx", "dz/dx", run.dz_dx, mistakes.mistakes(seen, "x")),), seen


def of_vectors(inputs: vectors.Inputs) -> Questions:
    """The last entry of x.grad."""
    run = vectors.run(inputs)
    last = len(inputs.values) - 1
    seen = mistakes.at_index(run.snapshot.graph, last)
    without_v = Mistake("other", run.squares[last][last], NO_V) if inputs.reduce == "none" else None
    usual = (*((without_v,) if without_v else ()), *mistakes.mistakes(seen, "x"))
    return (_question("grad", f"x.grad[{last}]", run.grad[last], usual),), seen


def _question(name: str, symbol: str, truth: float, usual: tuple[Mistake, ...]) -> Question:
    return Question(name, symbol, truth, mistakes.distinct(truth, usual))


OTHER_LABEL = "That is right for the other label. What does ŷ − y say here?"
NO_BIAS = "That is w·x alone: the bias b is still to be added."
ADDED = "That is the sum of all three: w and x are multiplied, then b is added."
NO_SIGMOID = "That is z itself: the sigmoid squeezes it between 0 and 1."
OTHER_CLASS = "That is 1 − ŷ, the probability of the other label."
NO_V = "That is ∂y/∂x alone: what arrives from above, v, is still to be multiplied."
