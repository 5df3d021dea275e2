"""Loss and gradients along a whole slider's range at once: every point in one tensor, one backward for all."""

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from components.engine import neuron
from components.engine.losses import DTYPES
from components.engine.neuron import Inputs

RANGES: dict[str, tuple[float, float]] = {"x": (-10.0, 10.0), "w": (-5.0, 5.0), "b": (-10.0, 10.0)}
"""The range that each input is swept over."""

POINTS = 201


@dataclass(frozen=True, slots=True)
class Sweep:
    """Loss and torch's gradient against one input: tensors of POINTS entries, inf and nan where torch has them."""

    over: str
    loss: Tensor
    gradient: Tensor


def axis(name: str) -> Tensor:
    """The POINTS values (float32) that `name` takes in a sweep."""
    return _AXES[name]


def moved(inputs: Inputs, before: Inputs | None, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `names` whose sweep is another one than at `before`: all but the one input that was changed."""
    changed = {name for name in _FIELDS if before is None or getattr(inputs, name) != getattr(before, name)}
    return tuple(name for name in names if changed - {name} or before is None)


def sweep(inputs: Inputs, names: tuple[str, ...] = ("w", "b")) -> tuple[Sweep, ...]:
    """A Sweep for each of `names`, the other inputs held at their current values."""
    if not names:
        return ()
    dtype = DTYPES[inputs.dtype]
    at = {name: torch.full((len(names), POINTS), getattr(inputs, name), dtype=dtype) for name in RANGES}
    for row, name in enumerate(names):
        at[name][row] = _AXES[name]
    swept = [at[name].requires_grad_() for name in names]
    loss = neuron.losses(at["x"], at["w"], at["b"], torch.tensor(inputs.y, dtype=dtype), inputs.loss)
    gradients = torch.autograd.grad(loss, swept, torch.ones_like(loss))
    loss = loss.detach()
    return tuple(Sweep(name, loss[row], gradients[row][row]) for row, name in enumerate(names))


_FIELDS = tuple(field.name for field in fields(Inputs))
_AXES = {name: torch.linspace(low, high, POINTS, dtype=torch.float64).float() for name, (low, high) in RANGES.items()}
