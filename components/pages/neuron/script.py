"""The neuron's state as a script that prints the page's numbers, digit for digit."""

from components.drawing.script import Script
from components.losses import LOSSES
from components.pages.neuron.model import Inputs

_NEXT = "\n---\n"
"""Between two cells."""

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
    dL_dy_pred = {dL_dy_pred}
    dy_pred_dz = y_pred * (1 - y_pred)
    print("dL/dw by hand =", (dL_dy_pred * dy_pred_dz * x).item())  # dz/dw = x
    print("dL/db by hand =", (dL_dy_pred * dy_pred_dz * 1).item())  # dz/db = 1"""


def script(inputs: Inputs) -> Script:
    """The neuron at `inputs`: forward, backward, and the derivatives by hand."""
    dtype = "" if inputs.dtype == "float32" else f", dtype=torch.{inputs.dtype}"
    numbers = {name: repr(getattr(inputs, name)) for name in ("x", "y", "w", "b")}
    text = _NEURON.format(dtype=dtype, **LOSSES[inputs.loss].script._asdict(), **numbers)
    return Script("neuron", "One neuron: forward, backward, and by hand", tuple(text.split(_NEXT)))
