"""A second state of the neuron beside the first: with the other label, or with another loss."""

from dataclasses import replace
from typing import Any

from components.address.view import CONCEPT, GraphView
from components.drawing import numbers, panel
from components.drawing.panel import Panel, ViewRequest
from components.graph.model import Structure
from components.losses import LOSSES
from components.pages.content import readouts
from components.pages.neuron import model
from components.pages.neuron.model import Inputs, Run
from components.pages.page import Readout

OTHER_LABEL = "y"

OPTIONS = {"": "nothing", OTHER_LABEL: "the other label"} | {name: loss.title for name, loss in LOSSES.items()}
"""What can stand beside a state, and what each is called."""

OUTLINE = panel.Outline(frozenset(model.CONCEPT), usual=CONCEPT)


def second(inputs: Inputs) -> Inputs:
    """The state that stands beside `inputs`, with nothing beside itself."""
    changed = {"y": 1.0 - inputs.y} if inputs.beside == OTHER_LABEL else {"loss": inputs.beside}
    return replace(inputs, beside="", **changed)


def title(inputs: Inputs) -> str:
    """How the second state differs."""
    if inputs.beside == OTHER_LABEL:
        return f"Beside it: y = {1 - inputs.y:.0f}"
    return f"Beside it: {LOSSES[inputs.beside].title}"


def shown(inputs: Inputs, arrows: str) -> tuple[Run, Panel]:
    """The second state, computed by torch, and the first look at its graph."""
    run = model.run(second(inputs))
    return run, panel.resolve_view(run.snapshot, OUTLINE, ViewRequest(GraphView(arrows=arrows)))


def drawing(structure: Structure) -> dict[str, Any]:
    """The second graph's drawings without a number in them."""
    return panel.drawings(structure, OUTLINE, OUTLINE.concept)


def dynamic(inputs: Inputs, second_panel: Panel) -> dict[str, Any]:
    """What is said of the second state, and the numbers of its graph."""
    return {"title": title(inputs), "graph": panel.dynamic(second_panel)}


def numbers_of(run: Run) -> dict[str, Readout]:
    """The second state's loss and gradients, each under a name of its own."""
    return {
        f"beside.{name}": readout
        for name, readout in (
            readouts(numbers.text, {"loss": run.loss}) | readouts(numbers.signed, {"dw": run.dw, "db": run.db})
        ).items()
    }
