"""The chain's state as a script that prints the page's numbers, digit for digit."""

from components.drawing.script import Script
from components.pages.chain_rule import model
from components.pages.chain_rule.model import Inputs

_NEXT = "\n---\n"
"""Between two cells."""

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


def script(inputs: Inputs) -> Script:
    """The chain at `inputs`, back from the chosen result, with the page's own functions beside it."""
    whole = inputs.result == "z"
    title = "The chain rule: y = x², z = sin(y)" if whole else "The first step of the chain: y = x²"
    text = (_CHAIN if whole else _FIRST_STEP).format(x=repr(inputs.x), **model.sources())
    return Script("chain_rule", title, tuple(text.split(_NEXT)))
