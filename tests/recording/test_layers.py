"""Layers and sizes: the order of a forward pass, and figures only where the recording says them."""

import math

import pytest
import torch
from torch import nn

from components.recording.layers import Layer, layers
from components.recording.read import Numbers, RecordedMoment, Summary, read
from components.recording.recorder import record
from components.recording.sizes import largest, zeros
from tests.recording.programs import backward
from tests.recording.test_examples import example


class Block(nn.Module):
    """A module with a parameter of its own beside another module."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 2)
        self.scale = nn.Parameter(torch.ones(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = x + self.linear(x) * self.scale
        return result


def recorded() -> RecordedMoment:
    torch.manual_seed(0)
    first, second = Block(), nn.Linear(2, 1)
    bias = torch.zeros(1, requires_grad=True)
    with record() as r:
        backward((second(first(torch.randn(3, 2))) + bias).sum())
    return read(r.text().encode()).moments[0]


def named(moment: RecordedMoment) -> dict[str, Layer]:
    return {layer.name: layer for layer in layers(moment)}


def test_layers_stand_in_the_order_of_a_forward_pass() -> None:
    assert list(named(recorded())) == ["first.linear", "first.scale", "second", "bias"]
    assert [layer.name for layer in layers(example("sigmoids").moments[0])] == [f"model.{2 * i}" for i in range(12)]
    assert [layer.name for layer in layers(example("gan").moments[1])] == [
        *("generator.0", "generator.2", "discriminator.0", "discriminator.2"),
    ]
    assert [layer.name for layer in layers(example("lstm").moments[0])] == ["cell", "head"]
    assert [layer.name for layer in layers(example("first_nan").moments[0])] == ["mean", "width"]


def test_a_layer_has_its_parameters_and_the_nodes_by_which_its_result_leaves_it() -> None:
    found = named(recorded())
    assert {name: len(layer.leaves) for name, layer in found.items()} == {
        "first.linear": 2, "first.scale": 1, "second": 2, "bias": 1,
    }  # fmt: skip
    assert [node.op for node in found["second"].results] == ["AddmmBackward0"]
    assert [node.op for node in found["first.scale"].results] == ["MulBackward0"]


@pytest.mark.parametrize(
    ("summary", "size"),
    [
        (None, None),
        (Summary(-3.0, 2.0, 0.0, 0), 3.0),
        (Summary(0.0, 0.0, 0.0, 0), 0.0),
        (Summary(None, None, None, 0), None),
    ],
)
def test_a_size_is_the_largest_entry_without_its_sign(summary: Summary | None, size: float | None) -> None:
    assert largest(Numbers(None, summary)) == size
    assert math.isnan(largest(Numbers(None, Summary(-3.0, 2.0, 0.0, 1))) or 0)


def test_zeros_are_counted_only_where_that_is_certain() -> None:
    counted, uncounted = Summary(0.0, 1.0, 0.5, 0, 10), Summary(0.0, 1.0, 0.5, 0)
    assert zeros(Numbers((0.0,) * 16, counted), "ReluBackward0", (4, 10)) == 0.25
    assert zeros(Numbers((0.0,) * 16, uncounted), "ReluBackward0", (4, 10)) is None
    assert zeros(Numbers((0.0, 1.0), uncounted), "ReluBackward0", (2,)) == 0.5
    for op, shape in (("SplitBackward0", (4, 10)), ("ReluBackward0", None), ("ReluBackward0", (3,))):
        assert zeros(Numbers((0.0,), counted), op, shape) is None
