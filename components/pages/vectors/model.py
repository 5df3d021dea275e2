"""A vector x, its squares, and what backward() makes of them: summed up to one number, or left as they are."""

from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

import torch
from torch import Tensor

from components.graph import read
from components.graph.model import Graph, Number, Snapshot
from components.graph.record import Recording, topological_order, vjp


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a visitor sets: the entries of x, how their squares become y, and the v that backward() is given then.

    The defaults are the notebook's.
    """

    values: tuple[float, ...] = (1.0, 2.0, 3.0)
    reduce: str = "mean"
    v: tuple[float, ...] = (1.0, 1.0, 1.0)


PROGRAMS: dict[str, tuple[str, ...]] = {
    "mean": ("y = (x ** 2).mean()", "y", "y.backward()", "x.grad"),
    "sum": ("y = (x ** 2).sum()", "y", "y.backward()", "x.grad"),
    "none": ("y = x ** 2", "y", "y.backward()", "v = torch.tensor({v})", "y.backward(gradient=v)", "x.grad"),
}
"""By the name of the reduction, the lines that are run and shown after x is made."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was run: its text, and what a notebook prints below it, the error (`Type: message`) apart."""

    code: str
    output: str = ""
    error: str = ""


SQUARES = "PowBackward0"
"""What torch calls x ** 2 in its graph."""

Vector = list[float]
Matrix = list[list[float]]


@dataclass(frozen=True, slots=True)
class Run:
    """One state, computed once: y and x.grad, the Jacobians by torch, and the program as it ran.

    `jacobian` is that of y by x; `squares` that of x ** 2 by x; `upstream` what arrives at x ** 2: v, or what the
    reduction passes back. So upstream · squares = grad, whatever the reduction.
    """

    inputs: Inputs
    y: Number
    grad: Vector
    jacobian: Matrix
    squares: Matrix
    upstream: Vector
    lines: tuple[Line, ...]
    snapshot: Snapshot

    @property
    def error(self) -> str:
        """torch's refusal, `Type: message`; empty where there is none."""
        return next((line.error for line in self.lines if line.error), "")


def program(inputs: Inputs) -> tuple[str, ...]:
    """The lines of Python that belong to a state. Nothing in them comes from outside but finite numbers."""
    lines = [line.format(v=list(inputs.v)) for line in PROGRAMS[inputs.reduce]]
    if inputs.reduce == "none" and len(inputs.values) == 1:
        lines.remove("y.backward()")  # one entry counts as a number: it would run, and use the graph up
    return (f"x = torch.tensor({list(inputs.values)}, requires_grad=True)", *lines)


def run(inputs: Inputs) -> Run:
    """Runs the program of a state, and reads the graph that its first two lines make.

    They are run twice, since backward() uses up what a graph has saved.
    """
    lines = program(inputs)
    names: dict[str, Any] = {"torch": torch}
    ran = tuple([_run(line, names) for line in lines])
    y, snapshot = _read(lines[:2], torch.tensor(inputs.v) if inputs.reduce == "none" else None)
    squares = _squares(y, len(inputs.values))
    grad = names["x"].grad.tolist()
    return Run(
        inputs=inputs,
        y=snapshot.graph.nodes[-1].value,
        grad=grad,
        jacobian=squares if inputs.reduce == "none" else [grad],
        squares=squares,
        upstream=_upstream(snapshot.graph),
        lines=ran,
        snapshot=snapshot,
    )


def _read(lines: tuple[str, ...], upstream: Tensor | None) -> tuple[Tensor, Snapshot]:
    names: dict[str, Any] = {"torch": torch}
    with Recording() as recording:
        for line in lines:
            exec(_compiled(line), names)
    x, y = names["x"], names["y"]
    return y, read.snapshot(y, recording, {"x": x, "y": y}, upstream=upstream)


def _run(code: str, names: dict[str, Any]) -> Line:
    """Runs one line as a notebook would: what it gives is printed, an error of torch's is caught."""
    try:
        result = eval(_compiled(code), names)
    except RuntimeError as error:
        return Line(code, error=f"{type(error).__name__}: {error}")
    return Line(code, output="" if result is None else repr(result))


@lru_cache(maxsize=64)
def _compiled(code: str) -> CodeType:
    return compile(code, "<page>", "exec" if " = " in code else "eval")


def _upstream(graph: Graph) -> Vector:
    """What arrives at x ** 2."""
    (arrived,) = (node.gradient for node in graph.nodes if node.op == SQUARES)
    assert isinstance(arrived, list)
    return arrived


def _squares(y: Tensor, length: int) -> Matrix:
    """The Jacobian of x ** 2: torch's vector-Jacobian product with each row of the identity."""
    (power,) = (node for node in topological_order(y) if node.name() == SQUARES)
    with torch.no_grad():
        rows = [vjp(power, (row,))[0] for row in torch.eye(length)]
    return [row.tolist() for row in rows if row is not None]
