"""A whole program as a graph: what is tracked and what is not, real passes, what torch keeps, and regions."""

import pytest
import torch
from torch import Tensor

from components.graph import read, walk
from components.graph.model import Snapshot
from components.graph.read import NO_GRAD
from components.graph.record import Recording


def backward(result: Tensor) -> None:
    result.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped


def square(x: float = 2.0) -> tuple[Recording, Tensor, Tensor]:
    recording = Recording()
    with recording:
        leaf = torch.tensor(x, requires_grad=True)
        return recording, leaf, leaf**2


def kinds(snapshot: Snapshot) -> list[tuple[str, str, str]]:
    return [(node.id, node.op, node.expression) for node in snapshot.graph.nodes]


def ways(snapshot: Snapshot) -> dict[tuple[str, str], tuple[object, object]]:
    return {(e.consumer, e.input): (e.local, e.gradient) for e in snapshot.graph.edges}


def test_before_a_pass_no_gradient_is_known() -> None:
    recording, x, y = square()
    snapshot = read.program_snapshot(recording, {"x": x, "y": y})
    assert kinds(snapshot) == [("x", "AccumulateGrad", ""), ("y", "PowBackward0", "x^2")]
    assert ways(snapshot) == {("y", "x"): (None, None)}
    assert snapshot.seen is not None
    assert snapshot.seen.edges == snapshot.seen.gradients == frozenset()
    assert snapshot.graph.kept == {"x": None}


@pytest.mark.parametrize("x_value", [2.0, -1.5, 0.0])
def test_a_pass_is_on_the_arrows_and_the_sum_in_the_leaf(x_value: float) -> None:
    recording, x, _ = square(x_value)
    for passes in (1, 2, 3):
        with recording:
            y = x**2
            backward(y)
        snapshot = read.program_snapshot(recording, {"x": x, "y": y})
        slope = 2 * x_value
        assert ways(snapshot) == {("y", "x"): (slope, slope)}
        assert snapshot.graph.kept == {"x": passes * slope}
        assert snapshot.graph.node("x").gradient == slope


def test_a_pass_leaves_a_used_graph_readable() -> None:
    recording, x, y = square()
    with recording:
        backward(y)
    with pytest.raises(RuntimeError, match="a second time"), recording:
        backward(y)
    assert ways(read.program_snapshot(recording, {"x": x, "y": y})) == {("y", "x"): (4.0, 4.0)}


def test_looking_ahead_leaves_every_grad_as_it_was() -> None:
    """A retained gradient is filled by any pass that reaches it, so a mere look must put it back."""
    recording, x, y = square()
    with recording:
        y.retain_grad()
        backward(y)
    assert y.grad is not None
    assert x.grad is not None
    assert (y.grad.item(), x.grad.item()) == (1.0, 4.0)
    assert read.program_snapshot(recording, {"x": x, "y": y}).graph.kept == {"x": 4.0, "y": 1.0}


def test_a_detached_copy_is_drawn_with_where_it_came_from() -> None:
    recording, x, y = square()
    with recording:
        z = x.detach()
        y1 = z**2
    snapshot = read.program_snapshot(recording, {"x": x, "z": z, "y1": y1, "y": y})
    assert kinds(snapshot) == [
        ("x", "AccumulateGrad", ""),
        ("z", "input", "x.detach()"),
        ("y1", "input", "z^2"),
        ("y", "PowBackward0", "x^2"),
    ]
    assert ways(snapshot).keys() == {("z", "x"), ("y1", "z"), ("y", "x")}
    assert snapshot.graph.result == "y"


def test_what_is_made_without_tracking_stands_in_a_region() -> None:
    recording, x, _ = square()
    with recording, torch.no_grad():
        y = x**2
    with recording:
        z = x * y
        backward(z)
    snapshot = read.program_snapshot(recording, {"x": x, "y": y, "z": z})
    assert snapshot.graph.regions == ((NO_GRAD, ("y",)),)
    assert ways(snapshot) == {("y", "x"): (None, None), ("z", "x"): (4.0, 4.0), ("z", "y"): (None, None)}
    assert snapshot.graph.structure.regions == snapshot.graph.regions


def test_without_tracking_there_is_no_node_of_torchs() -> None:
    recording, x, _ = square()
    with recording:
        x.requires_grad_(False)
        y = x**2
    snapshot = read.program_snapshot(recording, {"x": x, "y": y})
    assert kinds(snapshot) == [("x", "input", ""), ("y", "input", "x^2")]
    assert snapshot.graph.node("y").gradient is None
    assert snapshot.saved == {}


def test_a_name_that_is_given_anew_leaves_the_old_graph() -> None:
    recording, x, _ = square()
    with recording, torch.no_grad():
        first = x**2
    with recording:
        z = x * first
        y = x**2
    snapshot = read.program_snapshot(recording, {"x": x, "z": z, "y": y})
    assert [node.id for node in snapshot.graph.nodes] == ["x", "pow", "z", "y"]


def test_the_walk_does_not_wait_for_what_takes_no_gradient() -> None:
    recording, x, y = square()
    with recording:
        z = x.detach()
        backward(y)
    graph = read.program_snapshot(recording, {"x": x, "z": z, "y": y}).graph
    steps = walk.steps(graph)
    assert walk.seen(graph, steps, len(steps) - 1).gradients >= {"x", "y"}
