"""Programs for the playground's benchmark, with numbers to fill in: one that has run before is not run again."""

import itertools
from collections.abc import Iterator

DRAGGED_LINE = 4
"""The line of `twenty_lines` whose number is dragged and typed."""


def twenty_lines(w: str = "0.50", other: int = 0) -> str:
    """A neuron of two hidden units with shared weights: 20 lines, a graph of 30 nodes."""
    return f"""import torch
x1, x2 = torch.tensor(0.5), torch.tensor(-1.5)
target = torch.tensor(1.{other:06d})
w = torch.tensor({w}, requires_grad=True)
v = torch.tensor(-0.80, requires_grad=True)
b = torch.tensor(0.10, requires_grad=True)
c = torch.tensor(0.30, requires_grad=True)

def unit(a1, a2, bias):
    return torch.tanh(w * a1 + v * a2 + bias)

h1 = unit(x1, x2, b)
h2 = unit(x2, x1, c)
z = w * h1 + v * h2 + b * c
y = torch.sigmoid(-z)
error = (y - target) ** 2
penalty = 0.01 * (w ** 2 + v ** 2 + b ** 2)
loss = error + penalty
loss.backward()
print(loss.item(), w.grad, v.grad)
"""


def thousand_nodes(more: int = 0) -> str:
    """A layer of 18 inputs and 18 units, number by number: 1,000 nodes of torch's and `more`, and constants."""
    return f"""import torch

n = 18
weights = [[torch.tensor(0.01 * (i - j), requires_grad=True) for i in range(n)] for j in range(n)]
inputs = [0.1 * i for i in range(n)]
total = torch.tensor(0.0)
for row in weights:
    z = row[0] * inputs[0]
    for weight, number in zip(row[1:], inputs[1:]):
        z = z + weight * number
    total = total + torch.tanh(z)
for step in range({9 + more}):
    total = total * 0.9
loss = total ** 2
loss.backward()
"""


def typed(writer: int) -> Iterator[str]:
    """What somebody's program says each time that the hand rests: a new number, half a line, a new line."""
    for number in itertools.count(writer * 10_000):
        program = twenty_lines(other=number)
        yield program
        yield f"{program}more = torch.tanh(w"
        yield program.replace("\nloss.backward()", f"\nloss = loss + {number % 7 + 1} * c ** 2\nloss.backward()")


HOSTILE = (
    "x = 1\nwhile x > 0: x = 1",
    "x = 1\nwhile x: x = [0] * 100000",
    "import torch\ni = 1\nwhile i: x = torch.ones(1000, 1000) @ torch.ones(1000, 1000)",
    "import torch\nx = [torch.ones(1000, 1000) for _ in range(100000)]",
    "import torch\nx = torch.ones(100000, 100000)",
    "import torch\nx = torch.tensor(1.0, requires_grad=True)\ni = 1\nwhile i: x = torch.sin(x)",
    "def f(n): return 1 if n < 1 else f(n - 1) + f(n - 1)\nf(60)",
    "i = 1\nwhile i: print('x' * 1000)",
    "x = 2\ni = 1\nwhile i: x = x * x",
    "x = 'a'\ni = 1\nwhile i: x = x + x",
)
"""Endless loops, and too much of everything: a program for each of ten visitors, each of them stopped at a limit."""
