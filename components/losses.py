"""The losses that can be chosen: one table, and in each entry all that the app knows of that loss."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

OfTarget = Callable[[Tensor, Tensor], Tensor]
"""A function of a prediction (or of z) and a target, entry by entry."""

CROSS_ENTROPY_ON_Z = "binary_cross_entropy_with_logits"


class Script(NamedTuple):
    """A loss in the script to take home: where it comes from, its call, and dL/dy_pred as it is written by hand."""

    origin: str
    call: str
    dL_dy_pred: str


class Derivation(NamedTuple):
    """The way from the loss to z by hand: ∂L/∂ŷ, then ∂L/∂z as the product with σ's slope, and a last remark.

    Mathematics is notation; `{y_pred}` and `{y}` in it are ŷ and y, in symbols or in numbers, `{error}` is ŷ − y.
    `title` asks what the way answers.
    """

    title: str
    dL_dy_pred: str
    product: tuple[str, str]
    remark: tuple[str, str]


class Mistake(NamedTuple):
    """A usual wrong answer of ŷ and y, and what is said to it."""

    value: Callable[[float, float], float]
    words: str


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong with a loss's gradient in floating point, in words.

    `undefined` says why it is nan, at y = 0 and at y = 1 (`{dtype}`). `clamp` is how near to 0 and 1 it lets ŷ come,
    `log_limit` the least value of its logarithms, `floor` the least divisor of its derivative by ŷ ("" for none).
    `lost` is the cause where it loses digits of z and not of ŷ (`{left}` is what is left of the gradient), `rounded`
    why many ulps are off where ŷ is near 0 or 1. `right` and `wrong` end the sentence, by whether the prediction is;
    `vanishing` is said where the prediction is sure and wrong and the gradient, rightly computed, small: `{by}`,
    `{gradient}`, `{slope}` of σ, `{error}` the gradient that a cross-entropy would have.
    """

    undefined: tuple[str, str] = ("The gradient is not a number here.",) * 2
    clamp: str = ""
    log_limit: str = ""
    floor: str = ""
    lost: str = ""
    rounded: str = "ŷ is near y, and ŷ − y keeps only the digits in which the two differ. It is harmless: ŷ is right."
    right: str = "The prediction is right and the true gradient tiny: nothing is lost by it."
    wrong: str = f"In practice: {CROSS_ENTROPY_ON_Z}, which takes z, not ŷ."
    vanishing: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss of a prediction (or of z, where it `takes_logits`) and a target.

    `title` is its full name, `formulas` are its mathematics at y = 0 and at y = 1. `torch_mean` is torch's own function
    for the mean over all entries, where it has one. `dL_dy_pred` is its derivative by
    hand, `dL_dz` the closed form of its gradient at z: of float64 tensors, nothing in it cancels; without one (None)
    nothing is judged. `loss_range` is its axis, `steepest` the largest size of the gradient at z. `mistakes` are usual
    wrong answers for the loss, `mistakes_at_z` for its gradient at z.
    """

    title: str
    function: OfTarget
    dL_dy_pred: OfTarget
    dL_dz: OfTarget | None
    formulas: tuple[str, str]
    derivation: Derivation
    script: Script
    loss_range: tuple[float, float]
    steepest: float
    takes_logits: bool = False
    torch_mean: OfTarget | None = None
    faults: Faults = Faults()
    mistakes: tuple[Mistake, ...] = ()
    mistakes_at_z: tuple[Mistake, ...] = ()

    def mean(self, z: Tensor, target: Tensor) -> Tensor:
        """The mean loss over all entries of z, as a program writes it: by torch's own mean where it has one."""
        values = z if self.takes_logits else torch.sigmoid(z)
        return self.torch_mean(values, target) if self.torch_mean else self.function(values, target).mean()


EPSILON = 1e-8


def _notebook(prediction: Tensor, target: Tensor) -> Tensor:
    """The notebook's own loss: -(y log ŷ + (1 - y) log(1 - ŷ)) with ŷ clamped to [EPSILON, 1 - EPSILON]."""
    prediction = torch.clamp(prediction, EPSILON, 1 - EPSILON)
    return -(target * torch.log(prediction) + (1 - target) * torch.log(1 - prediction))


def _bce(prediction: Tensor, target: Tensor) -> Tensor:
    """torch's loss of a prediction; it bounds each logarithm below by -100."""
    return functional.binary_cross_entropy(prediction, _like(target, prediction), reduction=_reduction(prediction))


def _logits(z: Tensor, target: Tensor) -> Tensor:
    """torch's loss of the neuron's z, which never forms 1 - ŷ."""
    return functional.binary_cross_entropy_with_logits(z, _like(target, z), reduction=_reduction(z))


def _like(target: Tensor, values: Tensor) -> Tensor:
    return target if target.shape == values.shape else target.expand_as(values)


def _reduction(values: Tensor) -> str:
    """torch's default for the one neuron; none where every entry is a neuron of its own."""
    return "none" if values.ndim else "mean"


def _residual_over_slope(prediction: Tensor, target: Tensor) -> Tensor:
    """The notebook's own derivation of the cross-entropy, in its order of operations."""
    return (prediction - target) / (prediction * (1 - prediction))


def _residual(z: Tensor, target: Tensor) -> Tensor:
    """σ(z) − y of the cross-entropy, for y of 0 or 1; σ(z) − 1 is formed as −σ(−z)."""
    return torch.where(target == 1, -torch.sigmoid(-z), torch.sigmoid(z))


def _squared(prediction: Tensor, target: Tensor) -> Tensor:
    return (prediction - target) ** 2


def _twice_residual(prediction: Tensor, target: Tensor) -> Tensor:
    return 2 * (prediction - target)


def _squared_at_z(z: Tensor, target: Tensor) -> Tensor:
    """2(σ(z) − y)·σ(z)(1 − σ(z)), for y of 0 or 1; 1 − σ(z) is formed as σ(−z)."""
    return 2 * _residual(z, target) * torch.sigmoid(z) * torch.sigmoid(-z)


_cross_entropy = partial(
    Loss,
    dL_dy_pred=_residual_over_slope,
    dL_dz=_residual,
    formulas=("−log(1 − ŷ)", "−log(ŷ)"),
    derivation=Derivation(
        "Why is the gradient at z just ŷ − y?",
        "({y_pred} − {y}) / ({y_pred}·(1 − {y_pred}))",
        ("in the product, ŷ·(1 − ŷ) cancels", "(ŷ − y) / (ŷ·(1 − ŷ))·ŷ·(1 − ŷ) = ŷ − y"),
        ("with_logits never divides by ŷ·(1 − ŷ)", "∂L/∂z = σ(z) − y"),
    ),
    loss_range=(-0.8, 21.5),
    steepest=1.0,
)
"""A loss with the derivatives of the cross-entropy."""

_CLAMPED = """\
def binary_cross_entropy(prediction, target):
    epsilon = 1e-8  # against log(0); but in float32, 1 - 1e-8 is just 1
    prediction = torch.clamp(prediction, epsilon, 1 - epsilon)
    return -(target * torch.log(prediction) + (1 - target) * torch.log(1 - prediction))"""

_SQUARED = """\
def squared_error(prediction, target):
    return (prediction - target) ** 2"""

_FROM_TORCH = "from torch.nn.functional import "
_BY_HAND = "(y_pred - y) / (y_pred * (1 - y_pred))"
_LETS_THROUGH = "In {dtype}, 1 − 1e−8 is 1: the clamp lets ŷ = 1 through, log(1 − ŷ) is −∞, "

LOSSES: dict[str, Loss] = {
    "notebook": _cross_entropy(
        "the notebook's own",
        _notebook,
        script=Script(_CLAMPED, "binary_cross_entropy(y_pred, y)", _BY_HAND),
        faults=Faults(
            undefined=(
                f"{_LETS_THROUGH}the loss is ∞, and 0 · ∞ is nan. {Faults().wrong}",
                f"{_LETS_THROUGH}and 0 · −∞ is nan, though the prediction is right. {Faults().wrong}",
            ),
            clamp="1e−8",
        ),
    ),
    "bce": _cross_entropy(
        "binary_cross_entropy",
        _bce,
        torch_mean=functional.binary_cross_entropy,
        script=Script(
            _FROM_TORCH + "binary_cross_entropy",
            "binary_cross_entropy(y_pred, y)  # no logarithm below -100",
            _BY_HAND,
        ),
        faults=Faults(log_limit="−100", floor="1e−12"),
    ),
    "logits": _cross_entropy(
        CROSS_ENTROPY_ON_Z,
        _logits,
        torch_mean=functional.binary_cross_entropy_with_logits,
        script=Script(
            _FROM_TORCH + CROSS_ENTROPY_ON_Z,
            "binary_cross_entropy_with_logits(z, y)  # takes z: 1 - y_pred is never formed",
            _BY_HAND,
        ),
        takes_logits=True,
        faults=Faults(
            lost="σ(z) and y agree in half of their digits or more, and their difference is {left}",
        ),
    ),
    "squared": Loss(
        "squared error, (ŷ − y)²",
        _squared,
        dL_dy_pred=_twice_residual,
        dL_dz=_squared_at_z,
        formulas=("ŷ²", "(ŷ − 1)²"),
        derivation=Derivation(
            "Why does the gradient at z vanish where ŷ is sure?",
            "2·({y_pred} − {y})",
            ("in the product, ŷ·(1 − ŷ) stays", "2·(ŷ − y)·ŷ·(1 − ŷ)"),
            ("a cross-entropy’s, where it cancels", "∂L/∂z = ŷ − y = {y_pred} − {y} = {error}"),
        ),
        script=Script(_SQUARED, "squared_error(y_pred, y)", "2 * (y_pred - y)"),
        loss_range=(-0.04, 1.08),
        steepest=8 / 27,
        faults=Faults(
            rounded="1 − ŷ keeps only the digits in which ŷ and 1 differ. It is harmless: a descent needs no more.",
            wrong=f"Even the true one is too small: {CROSS_ENTROPY_ON_Z} is not.",
            vanishing=(
                "Rightly computed, yet small: ŷ is sure and wrong, but σ’s slope there, {slope}, is a factor of"
                " ∂L/∂{by} = {gradient}. A cross-entropy would have {error}."
            ),
        ),
        mistakes=(Mistake(lambda y_pred, y: y_pred - y, "That is ŷ − y itself: it is still to be squared."),),
        mistakes_at_z=(
            Mistake(
                lambda y_pred, y: y_pred - y,
                "That is a cross-entropy’s gradient. Here ŷ(1 − ŷ) does not cancel, and the square brings a factor 2.",
            ),
            Mistake(
                lambda y_pred, y: (y_pred - y) * y_pred * (1 - y_pred),
                "That is half of it: the derivative of a square brings a factor 2.",
            ),
        ),
    ),
}
"""By the name in addresses; the first is the notebook's, and the default."""

DEFAULT = next(iter(LOSSES))

STABLE = next(name for name, loss in LOSSES.items() if loss.takes_logits)
"""The loss that keeps its gradient at every z: what a training uses."""

SQUARED = "squared"
"""The loss whose gradient vanishes where a prediction is sure and wrong."""
