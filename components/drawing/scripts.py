"""Take it home: the state of each page as a script that prints the page's numbers, digit for digit."""

from collections.abc import Callable, Mapping
from textwrap import indent
from typing import Any

from components.drawing.script import Script
from components.engine import experiments, neuron
from components.engine.experiments import EXPERIMENTS, Cell, Lab

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
    return Script("neuron", "One neuron: forward, backward, and by hand", tuple(text.split("\n---\n")))


def _lab(lab: Lab) -> Script:
    """The cells that were run, as a plain program has them, and what torch keeps in the end."""
    *before, last = experiments.run(lab).cells
    cells = [*(_as_program(cell, "") for cell in before), _as_program(last, '"error =", ')]
    kept = 'print("x.grad =", x.grad if x.grad is None else x.grad.item())'
    title = f"Gradient lab, {EXPERIMENTS[lab.experiment].title}: what was pressed, in order"
    return Script("gradient_lab", title, ("import torch", *cells, kept))


def _as_program(cell: Cell, label: str) -> str:
    """A notebook shows a last value by itself, a program prints it; an error that is part of the lesson is caught."""
    *lines, last = cell.source.split("\n")
    source = "\n".join([*lines, f"print({last})"]) if cell.value else cell.source
    if not cell.error:
        return source
    caught = _CAUGHT.format(label=label)
    return f"try:\n{indent(source, '    ')}\n{caught}"


_CAUGHT = """\
except Exception as error:
    print({label}f"{{type(error).__name__}}: {{error}}")"""

SCRIPTS: Mapping[str, Callable[[Any], Script]] = {"neuron": _neuron, "gradient_lab": _lab}
"""By page: what writes the script of a state."""
