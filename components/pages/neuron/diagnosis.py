"""The neuron's gradients beside their closed form: verdicts, and the parts of the graph where digits are lost."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from components import precision
from components.losses import LOSSES
from components.pages.neuron import model
from components.pages.neuron.model import Inputs, Run
from components.precision import VERDICTS, Verdict

ByParameter = tuple[float, float]
"""A gradient by w and by b."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A run, the closed form's gradients, and the verdicts on the run's own; None where the loss has no closed form."""

    run: Run
    truth: ByParameter | None
    verdicts: tuple[Verdict, Verdict] | None

    @property
    def worst(self) -> Verdict | None:
        """The verdict that has more to say."""
        return max(self.verdicts, key=VERDICTS.index) if self.verdicts else None


def diagnose(run: Run) -> Diagnosis:
    """A run's gradients beside the closed form, which is computed here alone."""
    truth = closed_form(run.inputs)
    return Diagnosis(run, truth, _judge(run, truth) if truth else None)


def closed_form(inputs: Inputs) -> ByParameter | None:
    """The closed form's dL/dw and dL/db in float64, at the numbers that the visitor set."""
    z = inputs.w * inputs.x + inputs.b
    at_z = _gradient_at_z(inputs, z)
    return None if at_z is None else (at_z * inputs.x, at_z)


def _gradient_at_z(inputs: Inputs, z: float) -> float | None:
    dL_dz = LOSSES[inputs.loss].dL_dz
    return float(dL_dz(*torch.tensor([z, inputs.y], dtype=torch.float64).unbind())) if dL_dz else None


def central_differences(inputs: Inputs, steps: tuple[float, ...]) -> Tensor:
    """Central differences of the chosen loss in float64: a row by w and one by b, a column for each step."""
    x, y = torch.tensor([inputs.x, inputs.y], dtype=torch.float64).unbind()
    return precision.central_differences(
        lambda w, b: model.losses(x, w, b, y, inputs.loss), (inputs.w, inputs.b), steps
    )


def _judge(run: Run, truth: ByParameter) -> tuple[Verdict, Verdict]:
    dtype, is_cut = run.inputs.dtype, _is_cut(run)
    by_w, by_b = (precision.classify(*pair, dtype, is_cut) for pair in zip((run.dw, run.db), truth, strict=True))
    return by_w, by_b


def _is_cut(run: Run) -> bool:
    """Whether the loss's clamp is flat here: torch's own local derivative there is 0."""
    return any(edge.consumer == "clamp" and edge.local == 0 for edge in run.graph.edges)


def is_floored(run: Run) -> bool:
    """Whether the loss's own local derivative at ŷ has lost half of its digits to a floor under its divisor.

    The factor by hand is the same quotient without a floor.
    """
    dtype, without = run.inputs.dtype, run.by_hand.dL_dy_pred
    at_loss = [e.local for e in run.graph.edges if (e.consumer, e.input) == ("loss", "y_pred")]
    return any(isinstance(local, float) and precision.is_lost(local, without, dtype) for local in at_loss)


def is_flat(diagnosis: Diagnosis) -> bool:
    """Whether ŷ has too few digits left for the gradient at z: the factors by hand, without a floor, lose it too."""
    run, truth = diagnosis.run, diagnosis.truth
    return truth is not None and precision.is_lost(run.by_hand.db, truth[1], run.inputs.dtype)


def is_moved_by_z(diagnosis: Diagnosis) -> bool:
    """Whether more than half of the error in the gradient at z is there in z already, before σ is taken."""
    run, truth = diagnosis.run, diagnosis.truth
    at_rounded_z = _gradient_at_z(run.inputs, run.z)
    if truth is None or at_rounded_z is None:
        return False
    return abs(at_rounded_z - truth[1]) > abs(run.db - truth[1]) / 2


def faulty(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Ids of the nodes and edges where it goes wrong, in the order in which it happens."""
    run = diagnosis.run
    if diagnosis.worst == "undefined":
        return _first_broken(run)
    if diagnosis.worst == "clamped":
        return tuple(part for e in run.graph.edges if e.consumer == "clamp" for part in (e.consumer, e.id))
    return _first_lost(diagnosis) if diagnosis.worst == "saturated" else ()


def _first_lost(diagnosis: Diagnosis) -> tuple[str, ...]:
    """The loss where its floor cuts, and what z goes through where that alone does not explain it."""
    edges, floored = diagnosis.run.graph.edges, is_floored(diagnosis.run)
    wanted = ["y_pred"] * floored + ["z"] * (not floored or is_flat(diagnosis))
    return tuple(part for name in wanted for e in edges if e.input == name for part in (e.consumer, e.id))


def _first_broken(run: Run) -> tuple[str, ...]:
    """Nodes that make inf or nan of finite numbers, what they made it from, and edges that make nan of 0 and inf."""
    nodes = {node.id: node for node in run.graph.nodes}
    forward: list[str] = []
    for node_id, edges in run.graph.edges_from().items():
        sources = [edge.input for edge in edges]
        if edges and _is_broken(nodes[node_id].value) and not any(_is_broken(nodes[s].value) for s in sources):
            forward += [*sources, node_id]
    backward = [e.id for e in run.graph.edges if _is_nan(e.gradient) and not _is_nan(nodes[e.consumer].gradient)]
    return (*forward, *backward)


def _is_broken(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)
