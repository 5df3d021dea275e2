"""A descent: the loop that every training is, by torch.optim in float32, with all that happened at each step."""

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, nan
from threading import Lock
from typing import Final, NamedTuple

import torch
from torch import Tensor

from components.losses import LOSSES, STABLE
from components.pages.training import optimizers
from components.pages.training.optimizers import PLAIN

Point = tuple[float, float]

ZEROS = {
    "each": "at each step",
    "never": "forgotten",
    "epoch": "once per epoch (accumulate)",
}
"""When gradients are cleared, by the name in addresses; the first is the default."""

EACH, NEVER, EPOCH = ZEROS


@dataclass(frozen=True, slots=True)
class Setup:
    """What a descent depends on: the points, where it starts, its loss and optimiser, and how points are drawn.

    `batch` is the number of points in a mini-batch (0: all), `seed` that of the generator that draws them.
    """

    points: tuple[Point, ...]
    w: float
    b: float
    loss: str = STABLE
    optimizer: str = PLAIN
    lr: float = 0.5
    momentum: float = 0.9
    zero: str = EACH
    batch: int = 0
    seed: int = 0


class State(NamedTuple):
    """Where a descent is after a number of steps.

    `loss` is that of all points here. `w_grad` and `b_grad` are what `.grad` held when the last step was taken, `kept`
    what the optimiser keeps of w and of b since, `batch` the points that the step saw (None, {} and () at the start).
    """

    w: float
    b: float
    loss: float
    w_grad: float | None = None
    b_grad: float | None = None
    kept: tuple[dict[str, float], dict[str, float]] = ({}, {})
    batch: tuple[int, ...] = ()

    @property
    def is_finite(self) -> bool:
        """Whether a step can be taken from here."""
        return isfinite(self.w) and isfinite(self.b)


class Data(NamedTuple):
    """Points as two float32 vectors."""

    x: Tensor
    y: Tensor


def data(points: tuple[Point, ...]) -> Data:
    """The points' x, and their labels."""
    return Data(torch.tensor([x for x, _ in points]), torch.tensor([y for _, y in points]))


def batches(setup: Setup) -> int:
    """The mini-batches of one epoch."""
    return -(-len(setup.points) // setup.batch) if setup.batch else 1


class Descent:
    """A descent under way: `states` has one entry for each step taken, and the start before them."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.loss = LOSSES[setup.loss]
        self.data = data(setup.points)
        self.w = torch.tensor(setup.w, requires_grad=True)
        self.b = torch.tensor(setup.b, requires_grad=True)
        self.optimizer, self.step = optimizers.make(setup.optimizer, [self.w, self.b], setup.lr, setup.momentum)
        self.generator = torch.Generator().manual_seed(setup.seed)
        self.waiting: list[list[int]] = []
        self.everything = tuple(range(len(setup.points)))
        self.states = [State(self.w.item(), self.b.item(), self._loss_of_all())]

    def go(self, steps: int) -> None:
        """Goes on until so many steps are taken, or w or b is no finite number any more."""
        while len(self.states) <= steps and self.states[-1].is_finite:
            self.states.append(self._next())
        if self.setup.batch == 0:
            self._set_last_loss(self._loss_of_all())

    def _set_last_loss(self, loss: float) -> None:
        self.states[-1] = self.states[-1]._replace(loss=loss)

    def _next(self) -> State:
        """The state after one more step; where steps see all points, its loss is that of the step after it."""
        if self.setup.zero != NEVER:
            self.optimizer.zero_grad()
        seen = self._backward()
        w_grad, b_grad = _number(self.w.grad), _number(self.b.grad)
        self.step()
        kept = tuple(optimizers.state(self.optimizer, self.setup.optimizer, one) for one in (self.w, self.b))
        loss = self._loss_of_all() if self.setup.batch else nan
        return State(self.w.item(), self.b.item(), loss, w_grad, b_grad, (kept[0], kept[1]), seen)

    def _backward(self) -> tuple[int, ...]:
        """Lets gradients flow for one step; gives the points seen."""
        if not self.setup.batch:
            loss = self.loss.mean(self.w * self.data.x + self.b, self.data.y)
            self._set_last_loss(loss.item())
            _backward(loss)
            return self.everything
        if self.setup.zero != EPOCH:
            return self._backward_of(self._draw(), 1)
        drawn = [self._draw() for _ in range(batches(self.setup))]
        seen = [self._backward_of(batch, len(batch) / len(self.setup.points)) for batch in drawn]
        return tuple(point for batch in seen for point in batch)

    def _backward_of(self, batch: list[int], share: float) -> tuple[int, ...]:
        loss = self.loss.mean(self.w * self.data.x[batch] + self.b, self.data.y[batch])
        _backward(loss if share == 1 else loss * share)
        return tuple(batch)

    def _draw(self) -> list[int]:
        """The next mini-batch: each epoch takes all points once, in an order of its own."""
        if not self.waiting:
            order = torch.randperm(len(self.setup.points), generator=self.generator).tolist()
            size = self.setup.batch
            self.waiting = [order[first : first + size] for first in range(0, len(order), size)]
        return self.waiting.pop(0)

    def _loss_of_all(self) -> float:
        with torch.no_grad():
            return self.loss.mean(self.w * self.data.x + self.b, self.data.y).item()


def _backward(loss: Tensor) -> None:
    loss.backward()  # type: ignore[no-untyped-call]  # torch's own method has no types


def _number(gradient: Tensor | None) -> float | None:
    return None if gradient is None else gradient.item()


_LOCK: Final = Lock()


@lru_cache(maxsize=64)
def _begun(setup: Setup) -> Descent:
    return Descent(setup)


def states(setup: Setup, steps: int, most: int | None = None) -> tuple[State, ...]:
    """The states of a descent from its start on, one more than steps; fewer where it ends in nan.

    `most` bounds the steps that are newly taken here (None: as many as are missing).
    """
    with _LOCK:
        descent = _begun(setup)
        known = len(descent.states) - 1
        descent.go(steps if most is None else min(steps, known + most))
        return tuple(descent.states[: steps + 1])
