"""What can be predicted of a vector and its squares, and what the usual mistakes give instead."""

from components.graph.mistakes import Mistake, Questions, at_index, mistakes, question
from components.pages.vectors import model
from components.pages.vectors.model import Inputs

NO_V = "That is ∂y/∂x alone: what arrives from above, v, is still to be multiplied."


def questions(inputs: Inputs) -> Questions:
    """The last entry of x.grad."""
    run = model.run(inputs)
    last = len(inputs.values) - 1
    graph = at_index(run.snapshot.graph, last)
    without_v = (Mistake("other", run.squares[last][last], NO_V),) if inputs.reduce == "none" else ()
    usual = (*without_v, *mistakes(graph, "x"))
    asked = question("grad", f"x.grad[{last}]", run.grad[last], usual)
    return (asked.of("v · y" if inputs.reduce == "none" else "y", f"x[{last}]"),), graph
