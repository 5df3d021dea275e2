"""Loss and gradients along a whole slider's range at once: every point in one tensor, one backward for all."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from components.losses import LOSSES
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from components.precision import DTYPES, TINY

RANGES: dict[str, tuple[float, float]] = {"x": (-10.0, 10.0), "w": (-5.0, 5.0), "b": (-10.0, 10.0)}
"""The range that each input is swept over."""

POINTS = 201

Kind = Literal["infinite", "undefined", "dead", "lost"]
KINDS: tuple[Kind, ...] = ("infinite", "undefined", "dead", "lost")

LEFT = 0.1
"""A gradient that is not 0 counts as lost where it is less than this part of the closed form's."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Loss and torch's gradient against one input: tensors of POINTS entries, inf and nan where torch has them."""

    over: str
    loss: Tensor
    gradient: Tensor


@dataclass(frozen=True, slots=True)
class Stretch:
    """The points from `first` to `last` of a sweep, all of one kind.

    The loss is inf (infinite) or nan (undefined); or the gradient is exactly 0 and the closed form's is not (dead), or
    most of it is gone (lost). Where the closed form's is smaller than the dtype's normal numbers it counts as 0.
    """

    kind: Kind
    first: int
    last: int


def axis(name: str) -> Tensor:
    """The POINTS values (float32) that `name` takes in a sweep."""
    return _AXES[name]


def moved(inputs: Inputs, before: Inputs | None, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `names` whose sweep is another one than at `before`: all but the one input that was changed."""
    if before is None:
        return names
    changed = {name for name in neuron.COMPUTED_FROM if getattr(inputs, name) != getattr(before, name)}
    return tuple(name for name in names if changed - {name})


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


def stretches(sweep: Sweep, inputs: Inputs) -> tuple[Stretch, ...]:
    """The longest runs of points of one kind, in the axis's order."""
    is_whole, is_moving = bool(sweep.loss.isfinite().all()), bool(sweep.gradient.all())
    is_spared = is_moving and not LOSSES[inputs.loss].faults.floor
    if is_whole and is_spared:
        return ()
    kinds = torch.zeros(POINTS, dtype=torch.uint8) if is_spared else _silenced(sweep, inputs)
    if not is_whole:
        kinds = torch.where(sweep.loss.isnan(), 2, torch.where(sweep.loss.isinf(), 1, kinds))
    found, counts = torch.unique_consecutive(kinds, return_counts=True)
    runs, first = [], 0
    for kind, count in zip(found.tolist(), counts.tolist(), strict=True):
        runs += [Stretch(KINDS[kind - 1], first, first + count - 1)] if kind else []
        first += count
    return tuple(runs)


def _silenced(sweep: Sweep, inputs: Inputs) -> Tensor:
    """3 where the gradient is exactly 0 and the closed form's is not, 4 where most of it is lost, else 0.

    Only a loss with a floor loses most of a gradient and not all.
    """
    dL_dz = LOSSES[inputs.loss].dL_dz
    if dL_dz is None:
        return torch.zeros(POINTS, dtype=torch.uint8)
    values = torch.tensor([inputs.x, inputs.w, inputs.b, inputs.y, 1.0], dtype=torch.float64)
    at = dict(zip(("x", "w", "b", "y", "one"), values.unbind(), strict=True))
    at[sweep.over] = _EXACT_AXES[sweep.over]
    factor = at[{"w": "x", "b": "one", "x": "w"}[sweep.over]]
    truth = (dL_dz(at["w"] * at["x"] + at["b"], at["y"]) * factor).abs()
    lost = torch.where(sweep.gradient.abs() < LEFT * truth, 4, 0)
    dead = torch.where(sweep.gradient == 0, 3, lost)
    return torch.where(truth >= TINY[inputs.dtype], dead, 0)


_AXES = {name: torch.linspace(low, high, POINTS, dtype=torch.float64).float() for name, (low, high) in RANGES.items()}
_EXACT_AXES = {name: values.double() for name, values in _AXES.items()}
