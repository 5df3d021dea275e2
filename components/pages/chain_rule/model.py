"""The notebook's chain y = x², z = sin(y): torch's derivative, the product by hand, and the notebook's sum."""

import inspect
import itertools
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from components.graph import read
from components.graph.model import Number, Snapshot
from components.graph.record import Recording
from components.pages.chain_rule import code as chain_code

forward: Callable[[float], tuple[Tensor, Tensor, Tensor]] = chain_code.forward
x_grad_of_z: Callable[[Tensor, Tensor], Tensor] = chain_code.x_grad_of_z
x_grad_of_y: Callable[[Tensor, Tensor], Tensor] = chain_code.x_grad_of_y
y_grad: Callable[[float], Tensor | None] = chain_code.y_grad
y_grad_retained: Callable[[float], Tensor] = chain_code.y_grad_retained
dy_dx: Callable[[float], float] = chain_code.dy_dx
by_hand: Callable[[float], float] = chain_code.dz_dx_by_hand
by_notebook: Callable[[float], float] = chain_code.dz_dx

RANGE = (-10.0, 10.0)
COARSE, FINE = 201, 2001
"""Points of the curves of y and of z: near |x| = 10 sin(x²) swings in 0.31, which FINE meets 31 times."""

NEAR = 0.05
"""Half a step of the slider: how far from a crossing it still stands on it."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a visitor sets: x, and the result to go back from, `z` for the whole chain or `y` for its first step."""

    x: float = 3.0
    result: str = "z"


@dataclass(frozen=True, slots=True)
class Run:
    """One state, computed once: values and derivatives by torch, the answers by hand, the graph of the result.

    `y_grad` is what y keeps after `retain_grad()`.
    """

    inputs: Inputs
    y: float
    z: float
    dy_dx: float
    dz_dy: float
    dz_dx: float
    dy_dx_by_hand: float
    dz_dx_by_hand: float
    dz_dx_by_notebook: float
    y_grad: Tensor
    snapshot: Snapshot


def run(inputs: Inputs) -> Run:
    """Forward and backward at `inputs`, as torch computes them in float32."""
    with Recording() as recording:
        x, y, z = forward(inputs.x)
    whole = read.snapshot(z, recording, {"x": x, "y": y, "z": z})
    local = {edge.id: edge.local for edge in whole.graph.edges}
    snapshot = whole if inputs.result == "z" else read.snapshot(y, recording, {"x": x, "y": y})
    # backward() frees what a graph has saved, which the inspector shows: it runs on graphs of its own.
    first, second = forward(inputs.x), forward(inputs.x)
    return Run(
        inputs=inputs,
        y=y.item(),
        z=z.item(),
        dy_dx=x_grad_of_y(first[0], first[1]).item(),
        dz_dy=_number(local["z.0-y"]),
        dz_dx=x_grad_of_z(second[0], second[2]).item(),
        dy_dx_by_hand=dy_dx(inputs.x),
        dz_dx_by_hand=by_hand(inputs.x),
        dz_dx_by_notebook=by_notebook(inputs.x),
        y_grad=y_grad_retained(inputs.x),
        snapshot=snapshot,
    )


def _number(value: Number) -> float:
    assert isinstance(value, float)
    return value


@dataclass(frozen=True, slots=True)
class Curves:
    """Values over RANGE, evenly spread: y and dy/dx in COARSE points, the others in FINE ones."""

    y: Tensor
    dy_dx: Tensor
    z: Tensor
    dz_dx: Tensor
    dz_dx_by_notebook: Tensor


@lru_cache(maxsize=1)
def curves() -> Curves:
    """The whole range at once, by torch; the notebook's answer by the notebook's own function, point by point."""
    coarse, fine = (_axis(points).requires_grad_() for points in (COARSE, FINE))
    y, z = coarse**2, torch.sin(fine**2)
    (by_y,), (by_z,) = torch.autograd.grad(y.sum(), coarse), torch.autograd.grad(z.sum(), fine)
    summed = torch.tensor([by_notebook(x) for x in _axis(FINE).tolist()])
    return Curves(y.detach(), by_y, z.detach(), by_z, summed)


def _axis(points: int) -> Tensor:
    low, high = RANGE
    return torch.tensor([low + (high - low) * i / (points - 1) for i in range(points)])


@lru_cache(maxsize=1)
def crossings() -> tuple[float, ...]:
    """Every x in RANGE where 2x + cos(x²) happens to be 2x·cos(x²), from left to right."""
    low, high = RANGE
    grid = [low + (high - low) * i / 20_000 for i in range(20_001)]
    return tuple(_root(a, b) for a, b in itertools.pairwise(grid) if _excess(a) * _excess(b) < 0)


def meeting_near(x: float) -> float | None:
    """The crossing that the slider stands on, if it stands on one."""
    nearest = min(crossings(), key=lambda at: abs(at - x))
    return nearest if abs(nearest - x) <= NEAR else None


def _excess(x: float) -> float:
    return by_notebook(x) - by_hand(x)


def _root(a: float, b: float) -> float:
    """The zero of the excess between two points where its sign differs, by halving."""
    while (middle := (a + b) / 2) not in (a, b):
        a, b = (a, middle) if _excess(a) * _excess(middle) <= 0 else (middle, b)
    return a


def sources() -> dict[str, str]:
    """The source of each function that is shown, by its name."""
    shown = (forward, x_grad_of_z, x_grad_of_y, y_grad, y_grad_retained, dy_dx, by_notebook, by_hand)
    return {function.__name__: inspect.getsource(function).strip() for function in shown}


def _ask_for_y_grad() -> tuple[str, object]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        answer = y_grad(3.0)
    return f"{caught[-1].category.__name__}: {caught[-1].message}", answer


# Once, at import: catching a warning swaps a list of the whole process, which no thread of a visitor may do.
Y_GRAD_WARNING, Y_GRAD = _ask_for_y_grad()
"""torch's own words when it is asked for the gradient of a tensor that is not a leaf, and its answer."""
