"""The notebook's neuron: one forward pass, torch's backward, and the same derivatives by hand, all in one dtype."""

from dataclasses import dataclass

import torch
from torch import Tensor

from components.graph import read
from components.graph.model import Graph, Number, Snapshot
from components.graph.read import Annotations
from components.graph.record import Recording, vjp
from components.graph.tensors import plain
from components.losses import DEFAULT, LOSSES, Loss
from components.precision import DTYPES

STEPS = ("1e-5", *(f"1e-{digits}" for digits in range(1, 14) if digits != 5))
"""Steps of the central difference that can be chosen, the usual one first."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a visitor sets: input x, weight w, bias b, the label y (0 or 1), the loss and the dtype, by name.

    The defaults are the notebook's. What follows changes nothing that the model computes: the step `h` of the central
    difference, a second loss for the curves (`other`, "" for none), the curves of x too (`with_x`), whether what is
    about precision is shown (`precision`), and what stands `beside` this state: "", "y" (the other label) or a loss.
    """

    x: float = 6.7
    w: float = 1.0
    b: float = 0.0
    y: float = 0.0
    loss: str = DEFAULT
    dtype: str = "float32"
    h: str = STEPS[0]
    other: str = ""
    with_x: bool = False
    precision: bool = False
    beside: str = ""


COMPUTED_FROM = ("x", "w", "b", "y", "loss", "dtype")
"""The inputs that the model computes with."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """The three factors of the chain rule and their products, multiplied as the notebook does."""

    dL_dy_pred: float
    dy_pred_dz: float
    dz_dw: float
    dz_db: float
    dw: float
    db: float


@dataclass(frozen=True, slots=True)
class Run:
    """One state, computed once: the tensors of the forward pass, torch's gradients, and those by hand."""

    inputs: Inputs
    z: float
    y_pred: float
    loss: float
    dw: float
    db: float
    dx: float
    by_hand: ByHand
    snapshot: Snapshot

    @property
    def graph(self) -> Graph:
        """torch's whole backward graph."""
        return self.snapshot.graph


CONCEPT = ("x", "w", "b", "z", "y_pred", "loss")
"""The ids of what a first look at the neuron shows."""

SYMBOLS = {"y_pred": "ŷ", "clamp": "ŷ", "loss": "L"}
"""What formulas write, by node id; the notebook's clamp leaves what it clamps its name."""

GROUPS = {"z": "the neuron", "loss": "the loss"}
"""What is done in several steps, by the id of its result."""


def run(inputs: Inputs, details: bool = True) -> Run:
    """Forward and backward of the neuron at `inputs`, as torch computes them; `details` as a reading's annotations."""
    chosen, dtype = LOSSES[inputs.loss], DTYPES[inputs.dtype]
    x, y = torch.tensor(inputs.x, dtype=dtype), torch.tensor(inputs.y, dtype=dtype)
    w = torch.tensor(inputs.w, dtype=dtype, requires_grad=True)
    b = torch.tensor(inputs.b, dtype=dtype, requires_grad=True)
    with Recording() as recording:
        z = w * x + b
        y_pred = torch.sigmoid(z)
        loss = chosen.function(z if chosen.takes_logits else y_pred, y)
    names = {"x": x, "w": w, "b": b, "y": y, "z": z, "y_pred": y_pred, "loss": loss}
    annotations = Annotations(SYMBOLS, CONCEPT, details, program=f"neuron, {inputs.loss}")
    snapshot = read.snapshot(loss, recording, names, annotations=annotations)
    gradients = {node.id: node.gradient for node in snapshot.graph.nodes}
    return Run(
        inputs=inputs,
        z=z.item(),
        y_pred=y_pred.item(),
        loss=loss.item(),
        dw=_number(gradients["w"]),
        db=_number(gradients["b"]),
        dx=_input_gradient(x, w.detach(), _number(gradients["mul"])),
        by_hand=_by_hand(x, y_pred.detach(), y, chosen),
        snapshot=snapshot,
    )


def losses(x: Tensor, w: Tensor, b: Tensor, y: Tensor, loss: str) -> Tensor:
    """The neuron's loss for tensors of any one shape, entry by entry."""
    z = w * x + b
    return LOSSES[loss].function(z if LOSSES[loss].takes_logits else torch.sigmoid(z), y)


def _number(gradient: Number) -> float:
    assert isinstance(gradient, float)
    return gradient


def _input_gradient(x: Tensor, w: Tensor, upstream: float) -> float:
    """dL/dx: torch's vector-Jacobian product of w*x with x tracked, apart from the notebook's graph."""
    tracked = x.clone().requires_grad_()
    product = (w * tracked).grad_fn
    assert product is not None
    _, dx = vjp(product, (torch.tensor(upstream, dtype=x.dtype),))
    return _number(plain(dx))


def _by_hand(x: Tensor, y_pred: Tensor, y: Tensor, loss: Loss) -> ByHand:
    """The notebook's derivation, in its own order of operations."""
    dL_dy_pred = loss.dL_dy_pred(y_pred, y)
    dy_pred_dz = y_pred * (1 - y_pred)
    dL_dz = dL_dy_pred * dy_pred_dz
    dL_dw = dL_dz * x
    dL_db = dL_dz * 1
    return ByHand(dL_dy_pred.item(), dy_pred_dz.item(), x.item(), 1.0, dL_dw.item(), dL_db.item())
