"""The loss over (w, b), and how sharply it bends: by torch, at every point at once."""

from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from components.losses import LOSSES
from components.pages.training.descent import Point, data

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
    x, y = data(points)
    at = (torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True))
    gradient = torch.autograd.grad(LOSSES[loss].mean(at[0] * x + at[1], y), at, create_graph=True)
    rows = [torch.autograd.grad(one, at, retain_graph=True, allow_unused=True) for one in gradient]
    hessian = torch.stack([torch.stack([_or_zero(entry) for entry in row]) for row in rows])
    if not hessian.isfinite().all():
        return Curvature(torch.nan, torch.nan)
    least, sharpness = torch.linalg.eigvalsh(hessian).tolist()
    return Curvature(least, sharpness)


def _or_zero(entry: Tensor | None) -> Tensor:
    """What is not connected does not bend."""
    return torch.zeros(()) if entry is None else entry


CURVE_POINTS = 121


def sigmoid(w: float, b: float, span: float) -> Tensor:
    """σ(w·x + b) at CURVE_POINTS values of x (float32) from −span to span."""
    return torch.sigmoid(w * torch.linspace(-span, span, CURVE_POINTS) + b)
