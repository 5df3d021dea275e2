"""A vector's state as a script that prints the page's numbers, digit for digit."""

from components.drawing.script import Script
from components.pages.vectors import model
from components.pages.vectors.model import Inputs

_NEXT = "\n---\n"
"""Between two cells."""

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
y = {forward}
rows = [torch.autograd.grad(entry, x, retain_graph=True)[0] for entry in y.reshape(-1)]
print("jacobian =", torch.stack(rows).tolist())"""

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


def script(inputs: Inputs) -> Script:
    """A vector and its squares at `inputs`, as they are reduced there."""
    lines = model.program(inputs)
    forward = lines[1].removeprefix("y = ")
    backward = _VECTOR.format(v=list(inputs.v)) if inputs.reduce == "none" else _NUMBER
    if inputs.reduce == "none" and "y.backward()" in lines:
        backward = _REFUSED + _NEXT + backward
    text = _VECTORS.format(x=list(inputs.values), forward=forward, backward=backward)
    return Script("vectors", "A vector: its squares, backward, and the Jacobian", tuple(text.split(_NEXT)))
