"""The binary cross-entropies: one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

EPSILON = 1e-8


def notebook(prediction: Tensor, target: Tensor) -> Tensor:
    """The notebook's own loss: -(y log p + (1 - y) log(1 - p)) with p clamped to [EPSILON, 1 - EPSILON]."""
    prediction = torch.clamp(prediction, EPSILON, 1 - EPSILON)
    return -(target * torch.log(prediction) + (1 - target) * torch.log(1 - prediction))


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss of a prediction and a target, and what its inner results are called, by node id."""

    of: Callable[[Tensor, Tensor], Tensor]
    aliases: Mapping[str, str] = field(default_factory=dict)


LOSSES: dict[str, Loss] = {
    "notebook": Loss(notebook, aliases={"clamp": "p"}),
}
