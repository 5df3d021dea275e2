"""Take it home: the state of each page as a script that prints the page's numbers, digit for digit."""

import ast
from collections.abc import Callable, Mapping
from textwrap import indent, wrap
from typing import Any

from components.drawing import torch_errors as faults
from components.drawing.script import Script
from components.pages.chain_rule import model as chain
from components.pages.gradient_lab import model as experiments
from components.pages.gradient_lab.model import EXPERIMENTS, Cell, Lab
from components.pages.neuron import model as neuron
from components.pages.vectors import model as vectors

_NEXT = "\n---\n"
"""Between two cells."""

_CLAMPED = """\
def binary_cross_entropy(prediction, target):
    epsilon = 1e-8  # against log(0); but in float32, 1 - 1e-8 is just 1
    prediction = torch.clamp(prediction, epsilon, 1 - epsilon)
    return -(target * torch.log(prediction) + (1 - target) * torch.log(1 - prediction))"""

_FROM_TORCH = "from torch.nn.functional import "

_LOSSES = {
    "notebook": (_CLAMPED, "binary_cross_entropy(y_pred, y)"),
    "bce": (_FROM_TORCH + "binary_cross_entropy", "binary_cross_entropy(y_pred, y)  # no logarithm below -100"),
    "logits": (
        _FROM_TORCH + "binary_cross_entropy_with_logits",
        "binary_cross_entropy_with_logits(z, y)  # takes z: 1 - y_pred is never formed",
    ),
}
"""Where each loss comes from, and its call."""

_NEURON = """\
import torch

{origin}

x = torch.tensor({x}{dtype})  # the input
y = torch.tensor({y}{dtype})  # the label: 0 or 1
w = torch.tensor({w}{dtype}, requires_grad=True)  # weight and bias are leaves:
b = torch.tensor({b}{dtype}, requires_grad=True)  # torch keeps their gradients
---
# Forward: torch remembers every step.
z = w * x + b
y_pred = torch.sigmoid(z)
loss = {call}
print("z =", z.item())  # item(): the number with all its digits
print("y_pred =", y_pred.item())
print("loss =", loss.item())
---
# Backward: the same steps from the loss to the leaves, by the chain rule.
loss.backward()
print("w.grad =", w.grad.item())
print("b.grad =", b.grad.item())
---
# By hand: three factors, multiplied.
with torch.no_grad():  # plain arithmetic, nothing to remember
    dL_dy_pred = (y_pred - y) / (y_pred * (1 - y_pred))
    dy_pred_dz = y_pred * (1 - y_pred)
    print("dL/dw by hand =", (dL_dy_pred * dy_pred_dz * x).item())  # dz/dw = x
    print("dL/db by hand =", (dL_dy_pred * dy_pred_dz * 1).item())  # dz/db = 1"""


def _neuron(inputs: neuron.Inputs) -> Script:
    """The neuron at `inputs`: forward, backward, and the notebook's derivatives by hand."""
    origin, call = _LOSSES[inputs.loss]
    dtype = "" if inputs.dtype == "float32" else f", dtype=torch.{inputs.dtype}"
    numbers = {name: repr(getattr(inputs, name)) for name in ("x", "y", "w", "b")}
    text = _NEURON.format(origin=origin, call=call, dtype=dtype, **numbers)
    return Script("neuron", "One neuron: forward, backward, and by hand", tuple(text.split(_NEXT)))


_VECTORS = """\
import torch

x = torch.tensor({x}, requires_grad=True)
---
# Forward: every entry is squared.
y = {forward}
print("y =", y.tolist())  # tolist(): the numbers with all their digits
---
{backward}
print("x.grad =", x.grad.tolist())
---
# The Jacobian of y by x: row by row the outputs, column by column the entries of x.
jacobian = torch.autograd.functional.jacobian(lambda x: {forward}, x.detach())
print("jacobian =", jacobian.reshape(-1, len(x)).tolist())"""

_NUMBER = """\
# Backward: y is one number, so torch knows where to begin.
y.backward()"""

_REFUSED = """\
# y is a vector: torch does not guess how much each of its entries counts.
try:
    y.backward()
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")"""

_VECTOR = """\
# Backward: v says how much each entry of y counts.
v = torch.tensor({v})
y.backward(gradient=v)"""


def _vectors(inputs: vectors.Inputs) -> Script:
    """A vector and its squares at `inputs`, as they are reduced there."""
    lines = vectors.program(inputs)
    forward = lines[1].removeprefix("y = ")
    backward = _VECTOR.format(v=list(inputs.v)) if inputs.reduce == "none" else _NUMBER
    if inputs.reduce == "none" and "y.backward()" in lines:
        backward = _REFUSED + _NEXT + backward
    text = _VECTORS.format(x=list(inputs.values), forward=forward, backward=backward)
    return Script("vectors", "A vector: its squares, backward, and the Jacobian", tuple(text.split(_NEXT)))


_CHAIN = """\
import math

import torch

x = torch.tensor({x}, requires_grad=True)  # a leaf
y = x ** 2
z = torch.sin(y)
print("y =", y.item())  # item(): the number with all its digits
print("z =", z.item())
---
# Back from z. y is no leaf: it keeps its gradient only where it is told to.
y.retain_grad()
z.backward()
print("dz/dy =", y.grad.item())
print("dz/dx =", x.grad.item())
---
# By hand: the chain rule multiplies the two slopes.
{dz_dx_by_hand}

print("dz/dx by hand =", dz_dx_by_hand({x}))
---
# The notebook's own function adds them, and is wrong.
{dz_dx}

print("dz/dx by the notebook =", dz_dx({x}))"""

_FIRST_STEP = """\
import torch

x = torch.tensor({x}, requires_grad=True)  # a leaf
y = x ** 2
print("y =", y.item())  # item(): the number with all its digits
---
# Back from y: the first step of the chain alone.
y.backward()
print("dy/dx =", x.grad.item())
---
# By hand, as the notebook does it.
{dy_dx}

print("dy/dx by hand =", dy_dx({x}))"""


def _chain_rule(inputs: chain.Inputs) -> Script:
    """The chain at `inputs`, back from the chosen result, with the page's own functions beside it."""
    whole = inputs.result == "z"
    title = "The chain rule: y = x², z = sin(y)" if whole else "The first step of the chain: y = x²"
    text = (_CHAIN if whole else _FIRST_STEP).format(x=repr(inputs.x), **chain.sources())
    return Script("chain_rule", title, tuple(text.split(_NEXT)))


_PRINTS = {"(": "print(({}))", "'": "print(repr({}))"}
"""How a value is printed as a notebook shows it, by its first character, where print() alone would not."""

_CAUGHT = """\
try:
{source}
except Exception as error:
    print(f"{{type(error).__name__}}: {{error}}")"""

_KEPT = 'print("x.grad =", x.grad if x.grad is None else x.grad.item())'


def _lab(lab: Lab) -> Script:
    """The very cells that were run, as a plain program has them, and what torch keeps in the end."""
    cells = [_as_program(cell, lab.experiment) for cell in experiments.run(lab).cells]
    title = f"Gradient lab, {EXPERIMENTS[lab.experiment].title}: what was pressed, in order"
    return Script("gradient_lab", title, ("import torch", *cells, _KEPT))


def _as_program(cell: Cell, experiment: str) -> str:
    """A notebook shows a last value by itself, a program prints it; an error is caught, its cause said above it."""
    source, last = cell.source, ast.parse(cell.source).body[-1]
    if isinstance(last, ast.Expr) and (cell.value or not isinstance(last.value, ast.Call)):
        *before, shown = source.splitlines()
        source = "\n".join([*before, _PRINTS.get(cell.value[:1], "print({})").format(shown)])
    if not cell.error:
        return source
    cause, _ = faults.explain(cell.error, experiment)
    return "\n".join([*wrap(f"# {cause}", 90, subsequent_indent="# "), _CAUGHT.format(source=indent(source, "    "))])


SCRIPTS: Mapping[str, Callable[[Any], Script]] = {
    "neuron": _neuron,
    "chain_rule": _chain_rule,
    "vectors": _vectors,
    "gradient_lab": _lab,
}
"""By page: what writes the script of a state."""
