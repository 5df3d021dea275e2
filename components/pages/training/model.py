"""A training: up to three descents from one start, and at the cursor torch's backward graph of the mean loss there."""

from dataclasses import dataclass, replace
from functools import lru_cache

import torch

from components.graph import read
from components.graph.model import Number, Snapshot
from components.graph.read import Annotations
from components.graph.record import Recording
from components.losses import LOSSES, STABLE
from components.pages.training import descent
from components.pages.training.descent import EACH, Point, Setup, State
from components.pages.training.optimizers import PLAIN
from components.pages.training.surface import Curvature, curvature

EXTENTS = ("5", "10", "20", "40", "80")
"""How far the map of the loss goes, in w and in b; the first is the default."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a visitor sets: the points, the start, the loss, the optimiser, and the step `at` which the cursor stands.

    `zero` says when gradients are cleared, `batch` how many points a mini-batch has (0: all), drawn by a generator with
    this `seed`. `compare` are further runs from one start, `optimizer:zero:momentum:lr:loss`; `extent` is the map's,
    `log` shows the loss on a logarithmic axis.
    """

    points: tuple[Point, ...] = ((-2.0, 0.0), (-1.0, 1.0), (0.0, 0.0), (1.0, 1.0), (2.0, 1.0))
    w: float = -4.0
    b: float = 3.0
    loss: str = STABLE
    optimizer: str = PLAIN
    lr: float = 0.5
    momentum: float = 0.9
    steps: float = 60.0
    at: float = 0.0
    zero: str = EACH
    batch: float = 0.0
    seed: float = 0.0
    compare: tuple[str, ...] = ()
    extent: str = EXTENTS[0]
    log: bool = False


def setup(inputs: Inputs) -> Setup:
    """What the first run depends on."""
    return Setup(
        points=inputs.points,
        w=inputs.w,
        b=inputs.b,
        loss=inputs.loss,
        optimizer=inputs.optimizer,
        lr=inputs.lr,
        momentum=inputs.momentum,
        zero=inputs.zero,
        batch=int(inputs.batch),
        seed=int(inputs.seed),
    )


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the first run stands: the step and its state, the state before it, and all that torch says there.

    `dw` and `db` are the gradient of the mean loss over all points, freshly computed; `predictions` are ŷ of each
    point, `shares` each point's part of (dw, db).
    """

    step: int
    state: State
    before: State | None
    loss: float
    dw: float
    db: float
    predictions: list[float]
    shares: list[tuple[float, float]]
    curvature: Curvature
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Run:
    """One state of the page: the setups of all runs, their states so far, and the first run's cursor."""

    inputs: Inputs
    setups: tuple[Setup, ...]
    paths: tuple[tuple[State, ...], ...]
    cursor: Cursor

    @property
    def snapshot(self) -> Snapshot:
        """torch's backward graph at the cursor."""
        return self.cursor.snapshot

    @property
    def is_whole(self) -> bool:
        """Whether every path has all its steps, or has ended."""
        return all(len(path) > self.inputs.steps or not path[-1].is_finite for path in self.paths)


def run(inputs: Inputs, setups: tuple[Setup, ...], most: int | None = None) -> Run:
    """All runs at `inputs`; `most` bounds the steps newly taken by all paths together, those to the cursor apart."""
    steps, at = int(inputs.steps), int(inputs.at)
    share = None if most is None else most // len(setups)
    first = descent.states(setups[0], steps, share if share is None else max(share, at))
    paths = (first, *(descent.states(one, steps, share) for one in setups[1:]))
    return Run(inputs, setups, paths, _cursor(setups[0], paths[0], min(at, len(paths[0]) - 1)))


def until_cursor(run: Run) -> Run:
    """The same without what follows the cursor."""
    return replace(run, paths=tuple(path[: run.cursor.step + 1] for path in run.paths))


def _cursor(chosen: Setup, path: tuple[State, ...], at: int) -> Cursor:
    state = path[at]
    snapshot = _snapshot(chosen.points, chosen.loss, state.w, state.b)
    values = {node.id: node.value for node in snapshot.graph.nodes}
    gradients = {node.id: node.gradient for node in snapshot.graph.nodes}
    at_z, x = _list(gradients["z"]), [x for x, _ in chosen.points]
    return Cursor(
        step=at,
        state=state,
        before=path[at - 1] if at else None,
        loss=_number(values["loss"]),
        dw=_number(gradients["w"]),
        db=_number(gradients["b"]),
        predictions=torch.sigmoid(torch.tensor(_list(values["z"]))).tolist(),
        shares=[((torch.tensor(one) * of).item(), one) for one, of in zip(at_z, x, strict=True)],
        curvature=curvature(chosen.points, chosen.loss, state.w, state.b),
        snapshot=snapshot,
    )


@lru_cache(maxsize=64)
def _snapshot(points: tuple[Point, ...], loss: str, w_value: float, b_value: float) -> Snapshot:
    """torch's backward graph of the mean loss over all points."""
    x, y = descent.data(points)
    w, b = torch.tensor(w_value, requires_grad=True), torch.tensor(b_value, requires_grad=True)
    with Recording() as recording:
        z = w * x + b
        result = LOSSES[loss].mean(z, y)
    names = {"x": x, "w": w, "b": b, "y": y, "z": z, "loss": result}
    annotations = Annotations({"loss": "L"}, program=f"training, {loss}, {len(points)}")
    return read.snapshot(result, recording, names, annotations=annotations)


def _number(value: Number) -> float:
    assert isinstance(value, float)
    return value


def _list(value: Number) -> list[float]:
    assert isinstance(value, list)
    return value
