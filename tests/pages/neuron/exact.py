"""A second opinion on every loss, in plain Python: its value and its gradient at z, in forms that lose no digits."""

import math
from collections.abc import Callable, Mapping

from components.pages.neuron.model import Inputs


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def residual(z: float, y: float) -> float:
    """σ(z) - y without cancelling."""
    return -sigmoid(-z) if y == 1 else sigmoid(z)


def cross_entropy(z: float, y: float) -> float:
    return max(z, 0.0) - z * y + math.log1p(math.exp(-abs(z)))


def squared(z: float, y: float) -> float:
    return residual(z, y) ** 2


def squared_at_z(z: float, y: float) -> float:
    return 2 * residual(z, y) * sigmoid(z) * sigmoid(-z)


OfZ = Callable[[float, float], float]
OPINIONS: Mapping[str, tuple[OfZ, OfZ]] = {
    "notebook": (cross_entropy, residual),
    "bce": (cross_entropy, residual),
    "logits": (cross_entropy, residual),
    "squared": (squared, squared_at_z),
}
"""By loss: its value and its gradient, both of z and y."""


def exact_loss(inputs: Inputs) -> float:
    return OPINIONS[inputs.loss][0](inputs.w * inputs.x + inputs.b, inputs.y)


def exact_at_z(inputs: Inputs) -> float:
    return OPINIONS[inputs.loss][1](inputs.w * inputs.x + inputs.b, inputs.y)


def exact_gradients(inputs: Inputs) -> tuple[float, float]:
    """By w and by b."""
    return exact_at_z(inputs) * inputs.x, exact_at_z(inputs)
