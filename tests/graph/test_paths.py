"""Every way to a node: how many there are, what each brings, and their sum against torch's gradient."""

import itertools
import math
import time

import pytest
import torch
from torch import Tensor

from components import precision
from components.graph import fold, read
from components.graph.model import Graph, Number
from components.graph.paths import MOST, Path, paths
from components.graph.record import Recording
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.graph.test_read import FINITE, STATES, leaf, scalar

CONCEPT = frozenset(neuron.CONCEPT)
NODES = [node.id for node in neuron.run(Inputs()).graph.nodes]


def read_graph(
    result: Tensor, recording: Recording | None = None, upstream: Tensor | None = None, **names: Tensor
) -> Graph:
    return read.snapshot(result, recording, names, upstream=upstream).graph


def doublings(times: int) -> Graph:
    x = leaf(0.5)
    h = x
    for _ in range(times):
        h = h + h
    return read_graph(h, x=x)


def count(graph: Graph, node_id: str) -> int:
    """How many ways there are, counted from the result's side by sums alone."""
    ways = dict.fromkeys((node.id for node in graph.nodes), 0) | {graph.result: 1}
    edges_from = graph.edges_from()
    for node in reversed(graph.nodes):
        for e in edges_from[node.id]:
            ways[e.input] += ways[node.id]
    return ways[node_id]


def product(path: Path, begun_with: float = 1.0) -> float:
    """The same in float64, by Python."""
    return math.prod([scalar(e.local) for e in path.edges], start=begun_with)


def is_near(number: Number, expected: float) -> bool:
    return bool(number == pytest.approx(expected, rel=1e-5, abs=1e-30))


def goes_through(path: Path, node_id: str) -> bool:
    return any(e.input == node_id for e in path.edges)


@pytest.mark.parametrize("node_id", NODES[:-1])
def test_there_are_as_many_paths_as_can_be_counted(node_id: str) -> None:
    graph = neuron.run(Inputs()).graph
    found = paths(graph, node_id)
    assert len(found.paths) == (0 if graph.node(node_id).gradient is None else count(graph, node_id))
    assert found.complete
    assert len({tuple(e.id for e in path.edges) for path in found.paths}) == len(found.paths)


@pytest.mark.parametrize("node_id", ["w", "b", "z", "clamp", "log_2"])
def test_a_path_leads_from_the_result_to_the_node(node_id: str) -> None:
    for path in paths(neuron.run(Inputs()).graph, node_id).paths:
        assert path.edges[0].consumer == "loss"
        assert path.edges[-1].input == node_id
        assert all(a.input == b.consumer for a, b in itertools.pairwise(path.edges))


@pytest.mark.parametrize(("y", "off", "on"), [(0.0, "log", "log_2"), (1.0, "log_2", "log")])
@pytest.mark.parametrize("node_id", ["w", "b"])
def test_the_label_switches_one_of_two_paths_off(node_id: str, y: float, off: str, on: str) -> None:
    run = neuron.run(Inputs(y=y))
    found = paths(run.graph, node_id)
    (dead,) = (path for path in found.paths if goes_through(path, off))
    (live,) = (path for path in found.paths if goes_through(path, on))
    assert dead.product == 0
    assert live.product == found.total
    assert len(found.paths) == 2


@pytest.mark.parametrize("inputs", FINITE, ids=str)
@pytest.mark.parametrize("node_id", ["w", "b"])
def test_the_sum_of_the_products_is_a_few_ulps_from_the_gradient(node_id: str, inputs: Inputs) -> None:
    graph = neuron.run(inputs).graph
    apart = precision.ulps(scalar(paths(graph, node_id).total), scalar(graph.node(node_id).gradient))
    assert apart is not None
    assert apart <= 4


@pytest.mark.parametrize("inputs", [*FINITE, Inputs(x=1.5, w=0.3, b=-0.2, y=0.25)], ids=str)
@pytest.mark.parametrize("node_id", NODES[:-1])
def test_every_nodes_gradient_is_the_sum_over_its_paths(node_id: str, inputs: Inputs) -> None:
    graph = neuron.run(inputs).graph
    found, gradient = paths(graph, node_id), graph.node(node_id).gradient
    assert all(is_near(path.product, product(path)) for path in found.paths)
    assert found.total is None if gradient is None else is_near(found.total, scalar(gradient))


@pytest.mark.parametrize("off", [1.001, 0.999])
def test_a_product_off_by_a_thousandth_would_be_noticed(off: float) -> None:
    for path in paths(neuron.run(Inputs(x=1.5, w=0.3, y=0.25)).graph, "w").paths:
        assert is_near(path.product, product(path))
        assert not is_near(path.product, product(path) * off)


@pytest.mark.parametrize("inputs", [state for state in STATES if state not in FINITE], ids=str)
def test_where_the_gradient_is_nan_so_is_the_sum(inputs: Inputs) -> None:
    graph = neuron.run(inputs).graph
    assert math.isnan(scalar(graph.node("w").gradient))
    assert math.isnan(scalar(paths(graph, "w").total))


def test_folded_there_is_one_path_with_the_notebooks_three_factors() -> None:
    run = neuron.run(Inputs())
    (path,) = paths(fold.fold(run.snapshot), "w").paths
    hand = run.by_hand
    assert [e.id for e in path.edges] == ["loss-y_pred", "y_pred.0-z", "z-w"]
    assert [e.local for e in path.edges] == pytest.approx([hand.dL_dy_pred, hand.dy_pred_dz, hand.dz_dw], rel=1e-6)
    assert path.product == pytest.approx(hand.dw, rel=1e-6)


def test_a_tensor_used_twice_by_one_operation_has_two_paths() -> None:
    x = leaf(3.0)
    found = paths(read_graph(x * x, x=x), "x")
    assert [[e.id for e in path.edges] for path in found.paths] == [["mul.0-x"], ["mul.1-x"]]
    assert ([path.product for path in found.paths], found.total) == ([3.0, 3.0], 6.0)


@pytest.mark.parametrize(("times", "listed", "complete"), [(4, 16, True), (5, MOST, True), (6, MOST, False)])
def test_no_more_than_most_paths_are_listed(times: int, listed: int, complete: bool) -> None:
    found = paths(doublings(times), "x")
    assert (len(found.paths), found.complete, found.total) == (listed, complete, float(listed))


def test_a_trillion_paths_are_not_walked() -> None:
    graph = doublings(40)
    assert count(graph, "x") == 2**40
    begun = time.perf_counter()
    found = paths(graph, "x")
    assert time.perf_counter() - begun < 1
    assert (len(found.paths), found.complete) == (MOST, False)


def test_a_vectors_paths_have_no_product() -> None:
    v = leaf(1.0, 2.0)
    found = paths(read_graph((v * torch.sin(v)).sum(), v=v), "v")
    assert sorted(len(path.edges) for path in found.paths) == [2, 3]
    assert [path.product for path in found.paths] == [None, None]
    assert (found.complete, found.total) == (True, None)


@pytest.mark.parametrize("node_id", ["x", "y", "1-y"])
def test_no_path_leads_to_what_takes_no_gradient(node_id: str) -> None:
    run = neuron.run(Inputs())
    assert paths(run.graph, node_id) == ((), True, None)


def test_no_path_leads_to_the_result_itself() -> None:
    assert paths(neuron.run(Inputs()).graph, "loss") == ((), True, None)


def test_a_product_begins_with_the_upstream_gradient() -> None:
    x = leaf(3.0)
    (path,) = paths(read_graph(torch.sin(x), upstream=torch.tensor(-2.0), x=x), "x").paths
    assert is_near(path.product, -2.0 * math.cos(3.0))


def test_products_of_a_float64_result_have_all_its_digits() -> None:
    x = torch.tensor(6.7, dtype=torch.float64, requires_grad=True)
    found = paths(read_graph(torch.sin(x * x), x=x), "x")
    assert found.total == pytest.approx(13.4 * math.cos(6.7**2), rel=1e-14)


def test_a_step_with_several_results_has_no_product() -> None:
    x = torch.tensor(3.0, requires_grad=True)
    smallest, largest = torch.aminmax(x)
    graph = read.snapshot(2 * smallest + 3 * largest, names={"x": x}).graph
    assert paths(graph, "x").total is None
