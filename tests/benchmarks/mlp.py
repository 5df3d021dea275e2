"""One step of an MLP written by hand, number by number: a backward graph of any size."""

from typing import NamedTuple

import torch
from torch import Tensor

from components.graph import read
from components.graph.model import Snapshot
from components.graph.record import Recording

ABOUT_1000 = (3, 10, 12, 12, 1)
ABOUT_50_000 = (100, 70, 71, 65, 1)
"""Numbers in each layer, from the inputs to the prediction."""


class Step(NamedTuple):
    """The loss of one example, what torch was asked on the way, and the names of all inputs, weights and biases."""

    loss: Tensor
    recording: Recording
    names: dict[str, Tensor]

    def read(self) -> Snapshot:
        return read.snapshot(self.loss, self.recording, self.names)


def step(sizes: tuple[int, ...], x1: float = 0.5) -> Step:
    """Forward through all layers with tanh between them; the loss is the squared distance from 1."""
    numbers = torch.Generator().manual_seed(0)
    names: dict[str, Tensor] = {"x1": torch.tensor(x1)}
    names |= {f"x{i}": torch.randn((), generator=numbers) for i in range(2, sizes[0] + 1)}
    with Recording() as recording:
        values = list(names.values())
        for layer, size in enumerate(sizes[1:], 1):
            values = [_neuron(f"{layer}.{number}", values, numbers, names) for number in range(1, size + 1)]
            values = values if layer == len(sizes) - 1 else [torch.tanh(z) for z in values]
        loss = names["loss"] = (values[0] - 1) ** 2
    return Step(loss, recording, names)


def _neuron(place: str, inputs: list[Tensor], numbers: torch.Generator, names: dict[str, Tensor]) -> Tensor:
    z = names[f"b{place}"] = torch.zeros((), requires_grad=True)
    for number, value in enumerate(inputs, 1):
        w = names[f"w{place}.{number}"] = (torch.randn((), generator=numbers) / len(inputs) ** 0.5).requires_grad_()
        z = z + w * value
    return z


def chain(length: int) -> Tensor:
    """As deep a graph as it has nodes."""
    result = torch.ones((), requires_grad=True)
    for _ in range(length - 1):
        result = result * 0.5
    return result
