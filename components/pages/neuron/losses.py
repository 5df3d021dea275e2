"""The binary cross-entropies: one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

EPSILON = 1e-8


def notebook(prediction: Tensor, target: Tensor) -> Tensor:
    """The notebook's own loss: -(y log p + (1 - y) log(1 - p)) with p clamped to [EPSILON, 1 - EPSILON]."""
    prediction = torch.clamp(prediction, EPSILON, 1 - EPSILON)
    return -(target * torch.log(prediction) + (1 - target) * torch.log(1 - prediction))


def bce(prediction: Tensor, target: Tensor) -> Tensor:
    """torch's loss of a prediction, entry by entry; it bounds each logarithm below by -100."""
    return functional.binary_cross_entropy(prediction, _like(target, prediction), reduction=_reduction(prediction))


def logits(z: Tensor, target: Tensor) -> Tensor:
    """torch's loss of the neuron's z, entry by entry, which never forms 1 - p."""
    return functional.binary_cross_entropy_with_logits(z, _like(target, z), reduction=_reduction(z))


def _like(target: Tensor, values: Tensor) -> Tensor:
    return target if target.shape == values.shape else target.expand_as(values)


def _reduction(values: Tensor) -> str:
    """torch's default for the one neuron; none where every entry is a neuron of its own."""
    return "none" if values.ndim else "mean"


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss of a prediction (or of z, where it `takes_logits`) and a target.

    `title` is its full name, `aliases` are names of inner results, by node id.
    """

    of: Callable[[Tensor, Tensor], Tensor]
    title: str
    takes_logits: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)


LOSSES: dict[str, Loss] = {
    "notebook": Loss(notebook, "the notebook's own", aliases={"clamp": "p"}),
    "bce": Loss(bce, "binary_cross_entropy"),
    "logits": Loss(logits, "binary_cross_entropy_with_logits", takes_logits=True),
}

DTYPES = {"float32": torch.float32, "float64": torch.float64}
