"""The loss over (w, b), and how sharply it bends: by torch, at every point at once."""

from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from components.losses import LOSSES
from components.pages.training.descent import Data, Point, data

RESOLUTION = 101
"""Values of w, and of b, at which the loss is computed."""


def axis(extent: float) -> Tensor:
    """The RESOLUTION values (float32) that w and b take on a map from −extent to extent."""
    half = RESOLUTION // 2
    return torch.arange(-half, half + 1) * (extent / half)


@lru_cache(maxsize=16)
def surface(points: tuple[Point, ...], loss: str, extent: float) -> Tensor:
    """The mean loss over the points, a row for each b and a column for each w; inf and nan where torch has them."""
    chosen, (x, y), values = LOSSES[loss], data(points), axis(extent)
    z = values[None, :, None] * x + values[:, None, None]
    return chosen.function(z if chosen.takes_logits else torch.sigmoid(z), y).mean(-1)


class Curvature(NamedTuple):
    """The Hessian's eigenvalues at one place, the smaller one first; nan where it is not finite."""

    least: float
    sharpness: float


def curvature(points: tuple[Point, ...], loss: str, w: float, b: float) -> Curvature:
    """How the mean loss bends at (w, b): the eigenvalues of its Hessian, by torch's double backward in float32."""
    _, _, hessian = _derivatives(data(points), loss, torch.tensor([w, b]))
    return _eigenvalues(hessian)


def _eigenvalues(hessian: Tensor) -> Curvature:
    if not hessian.isfinite().all():
        return Curvature(torch.nan, torch.nan)
    least, sharpness = torch.linalg.eigvalsh(hessian).tolist()
    return Curvature(least, sharpness)


def _derivatives(points: Data, loss: str, place: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The mean loss at a place (w, b), its gradient, and its Hessian."""
    at = tuple(one.requires_grad_() for one in place.clone().unbind())
    value = LOSSES[loss].mean(at[0] * points.x + at[1], points.y)
    gradient = torch.autograd.grad(value, at, create_graph=True)
    rows = [torch.autograd.grad(one, at, retain_graph=True, allow_unused=True) for one in gradient]
    hessian = torch.stack([torch.stack([_or_zero(entry, value) for entry in row]) for row in rows])
    return value.detach(), torch.stack(gradient).detach(), hessian


class Bottom(NamedTuple):
    """Where the mean loss is least, and how sharply it bends there."""

    w: float
    b: float
    sharpness: float


MOST_ITERATIONS = 40
FARTHEST = 100.0
"""A bottom farther away than this is none: the loss falls for ever."""


@lru_cache(maxsize=64)
def bottom(points: tuple[Point, ...], loss: str) -> Bottom | None:
    """The bottom of the surface, by Newton's method in float64 from (0, 0); None where it finds none."""
    rows = Data(*(row.double() for row in data(points)))
    place = torch.zeros(2, dtype=torch.float64)
    for _ in range(MOST_ITERATIONS):
        value, gradient, hessian = _derivatives(rows, loss, place)
        least, sharpness = _eigenvalues(hessian)
        if not least > FLAT * sharpness or sharpness < FLATTEST or place.abs().max() > FARTHEST:
            return None
        if gradient.abs().max() < STILL:
            return Bottom(place[0].item(), place[1].item(), sharpness)
        place = _lower(rows, loss, place, -torch.linalg.solve(hessian, gradient), value)
    return None


FLAT = 1e-6
"""A surface that bends so much less one way than the other has a valley without an end."""

FLATTEST = 1e-4
"""A surface that bends so little in every direction falls for ever."""

STILL = 1e-9
"""The size of a gradient at the bottom."""


def _lower(points: Data, loss: str, place: Tensor, step: Tensor, value: Tensor) -> Tensor:
    """The end of the step, or of the longest part of it that does not lead up."""
    for halvings in range(20):
        after: Tensor = place + step / 2**halvings
        if LOSSES[loss].mean(after[0] * points.x + after[1], points.y) <= value:
            return after
    return place


def _or_zero(entry: Tensor | None, like: Tensor) -> Tensor:
    """What is not connected does not bend."""
    return torch.zeros_like(like) if entry is None else entry


CURVE_POINTS = 121


def sigmoid(w: float, b: float, span: float) -> Tensor:
    """σ(w·x + b) at CURVE_POINTS values of x (float32) from −span to span."""
    return torch.sigmoid(w * torch.linspace(-span, span, CURVE_POINTS) + b)
