"""Blocks of a recorded graph: a module each, and what is repeated; folded in any way they leave no cycle."""

import json
from collections.abc import Callable
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from components.recording import cards, modules, repeats
from components.recording.modules import Blocks
from components.recording.read import read
from components.recording.recorder import record
from components.recording.snapshots import Opened, opened
from tests.lines import lines_run
from tests.recording.programs import backward

Edges = list[tuple[int, int]]


def recorded(loss: Callable[[], Tensor]) -> Opened:
    torch.manual_seed(0)
    with record() as r:
        backward(loss())
    return opened(read(r.text().encode()).moments[0])


def said(blocks: Blocks, parent: str = "") -> list[tuple[str, int, int]]:
    """Title, times and steps of the blocks directly in one."""
    return [(one.title, one.times, one.steps) for one in blocks.blocks.values() if one.parent == parent]


class Residual(nn.Module):
    """Two layers and the way around them."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = x + self.second(torch.relu(self.first(x)))
        return result


class Network(nn.Module):
    """A stem, repeated layers and a head."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.stem, self.head = nn.Linear(2, 4), nn.Linear(4, 1)
        self.layers = nn.ModuleList([Residual() for _ in range(depth)])

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for layer in self.layers:
            x = layer(x)
        scores: Tensor = self.head(x)
        return scores


def test_a_block_is_a_module_and_repeated_ones_are_one() -> None:
    model = Network(5)
    found = recorded(lambda: model(torch.randn(3, 2)).mean()).blocks
    assert said(found) == [("model", 1, 34)]
    assert said(found, "model") == [("stem", 1, 2), ("layers", 5, 30), ("head", 1, 2)]
    assert said(found, "model.layers") == [(f"layers.{place}", 1, 6) for place in range(5)]
    assert said(found, "model.layers.3") == [("first", 1, 2), ("second", 1, 2)]
    assert found.usual == {"model"}
    assert found.holders["model.layers.3.first.weight"] == "model.layers.3.first"
    assert found.around("model.layers.3.first.weight") == [
        "model.layers.3.first", "model.layers.3", "model.layers", "model",
    ]  # fmt: skip


def test_a_module_that_runs_twice_is_two_blocks_and_its_weight_stands_beside_them() -> None:
    layer, other = nn.Linear(3, 3), nn.Linear(3, 3)
    found = recorded(lambda: layer(other(layer(torch.randn(2, 3)))).sum()).blocks
    assert [title for title, _, _ in said(found)] == ["layer", "other", "layer (2)"]
    assert (found.holders["layer.weight"], found.holders["other.weight"]) == ("", "other")


def test_steps_without_a_module_are_repeated_too() -> None:
    x, w = torch.tensor(0.5, requires_grad=True), torch.tensor(0.9, requires_grad=True)

    def loss() -> Tensor:
        y = x
        for _ in range(20):
            y = torch.sin(y * w)
        return y**2

    assert said(recorded(loss).blocks) == [("mul, sin", 20, 40)]


def test_what_comes_first_in_a_repeat_may_have_nothing_before_it() -> None:
    cell, head = nn.LSTMCell(1, 3), nn.Linear(3, 1)

    def loss() -> Tensor:
        h = c = torch.zeros(1, 3)
        for _ in range(6):
            h, c = cell(torch.ones(1, 1), (h, c))
        result: Tensor = head(h).sum()
        return result

    found = recorded(loss).blocks
    assert said(found)[0][:2] == ("cell", 6)
    assert [title for title, _, _ in said(found, "cell")] == [f"{place} of 6" for place in range(1, 7)]
    assert found.holders["cell.weight_hh"] == "cell"


def test_layers_of_a_sequence_are_repeated_with_what_follows_each() -> None:
    model = nn.Sequential(*[one for _ in range(12) for one in (nn.Linear(3, 3), nn.Sigmoid())], nn.Linear(3, 1))
    found = recorded(lambda: model(torch.randn(2, 3)).sum()).blocks
    assert said(found, "model") == [("model.0 – 23", 12, 36), ("model.24", 1, 2)]
    different = nn.Sequential(*[nn.Linear(3 + place, 4 + place) for place in range(5)])
    found = recorded(lambda: different(torch.randn(2, 3)).sum()).blocks
    assert {times for _, times, _ in said(found, "different")} == {1}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ("abcabcabc", [(0, 3, 3)]),
        ("xabababy", [(1, 2, 3)]),
        ("aaaaaaa", [(0, 1, 7)]),
        ("abcdef", []),
        ("aa", []),
        ("aabaabaab", [(0, 3, 3)]),
        ("aaaaaabcbcbc", [(0, 1, 6), (6, 2, 3)]),
    ],
)
def test_repeats_are_found_where_they_go_on_longest(entries: str, expected: list[tuple[int, int, int]]) -> None:
    letters = [ord(entry) for entry in entries]
    found = repeats.find(letters, letters, [1] * len(entries))
    assert [tuple(one) for one in found] == expected


def test_of_two_that_are_equal_only_large_ones_are_one() -> None:
    assert repeats.find([1, 1], [1, 1], [repeats.LARGE] * 2) == [(0, 1, 2)]
    assert repeats.find([1, 1], [1, 1], [repeats.LARGE - 1] * 2) == []


paths = st.lists(st.sampled_from("abc0"), max_size=4).map(".".join)


@st.composite
def programs(draw: st.DrawFn) -> tuple[list[tuple[str, str]], Edges]:
    """Operations with the paths of modules, and edges, each to something that stands before its consumer."""
    nodes = draw(st.lists(st.tuples(st.sampled_from(["AccumulateGrad", "Mul", "Add"]), paths), min_size=1, max_size=40))
    edges = [
        (consumer, draw(st.integers(0, consumer - 1)))
        for consumer in range(1, len(nodes))
        for _ in range(draw(st.integers(0, 2)))
    ]
    return nodes, edges


def opened_of(nodes: list[tuple[str, str]], edges: Edges) -> Opened:
    plain: dict[str, Any] = {
        "name": "", "line": None, "source": "", "shape": [], "dtype": "float32", "value": [1.0], "summary": None,
        "grad": [1.0], "grad_summary": None,
    }  # fmt: skip
    moment = {
        "call": "backward",
        "line": None,
        "source": "",
        "module": "",
        "nodes": [{"id": f"n{place}", "op": op, "module": path, **plain} for place, (op, path) in enumerate(nodes)],
        "edges": [{"from": f"n{a}", "to": f"n{b}", "local": None, "grad": None} for a, b in edges],
    }
    root = {"format": "autograd-explorer/1", "torch": "2", "left_out": 0, "moments": [moment]}
    return opened(read(json.dumps(root).encode()).moments[0])


@settings(max_examples=200, deadline=None)
@given(programs(), st.data())
def test_folded_in_any_way_a_graph_has_no_cycle_and_nothing_is_lost(
    program: tuple[list[tuple[str, str]], Edges], data: st.DataObject
) -> None:
    found = opened_of(*program)
    blocks, graph = found.blocks, found.moment.snapshot.graph
    keys = data.draw(st.sets(st.sampled_from(sorted(blocks.blocks)))) if blocks.blocks else set()
    shown = cards.fold(found, keys)
    places = {node.id: place for place, node in enumerate(shown.graph.nodes)}
    assert all(places[edge.input] < places[edge.consumer] for edge in shown.graph.edges)
    list(TopologicalSorter({edge.consumer: [edge.input] for edge in shown.graph.edges}).static_order())
    ways = {(edge.consumer, edge.input) for edge in graph.edges}
    there = {(shown.shown.get(a, a), shown.shown.get(b, b)) for a, b in ways}
    assert {(edge.consumer, edge.input) for edge in shown.graph.edges} == {way for way in there if way[0] != way[1]}
    assert {shown.shown.get(node.id, node.id) for node in graph.nodes} == set(places)
    assert blocks.holders.keys() == {node.id for node in graph.nodes}
    assert not blocks.blocks.keys() & blocks.holders.keys()


@settings(max_examples=100, deadline=None)
@given(programs())
def test_blocks_stand_within_each_other(program: tuple[list[tuple[str, str]], Edges]) -> None:
    blocks = opened_of(*program).blocks
    stretches = [(one.begin, one.end) for one in blocks.blocks.values()]
    for begin, end in stretches:
        assert all(
            end <= b or e <= begin or (begin <= b and e <= end) or (b <= begin and end <= e) for b, e in stretches
        )
    for one in blocks.blocks.values():
        around = blocks.blocks.get(one.parent)
        assert around is None or (around.begin <= one.begin and one.end <= around.end)
        assert blocks.steps[one.end - 1] == one.exit


def test_paths_without_end_and_odd_names_are_no_harm() -> None:
    deep = [("Mul", ".".join("a" * (place % 240 + 1))) for place in range(600)]
    found = opened_of(deep, [(place + 1, place) for place in range(599)]).blocks
    assert max(len(found.around(key)) for key in found.blocks) < modules.DEEPEST
    odd = [("Mul", f"x,y&{mark}") for mark in ("<b>", "ü" * 90, "-", "..", "a.b,c") for _ in range(3)]
    found = opened_of(odd, [(place + 1, place) for place in range(len(odd) - 1)]).blocks
    assert all(key.isascii() and not set(key) & set(",&<-") and len(key) < 100 for key in found.blocks)


def test_a_long_row_of_what_is_repeated_takes_a_time_in_proportion() -> None:
    def lines(count: int) -> int:
        row = opened_of(
            [("Mul" if place % 2 else "Tanh", "") for place in range(count)], list(pairwise(range(count)))[::-1]
        )
        edges = [edge[1:] for edge in row.moment.snapshot.graph.structure.edges]
        return lines_run(lambda: modules.blocks_of(row.nodes, edges))

    assert 1_000 < lines(800) < 6 * lines(200)


def test_a_folded_edge_says_what_flows_only_where_one_result_is_all_that_it_leads_to() -> None:
    model = Network(3)
    found = recorded(lambda: model(torch.randn(3, 2)).mean())
    shown = cards.fold(found, {"model", "model.layers"})
    by_ends = {(edge.consumer, edge.input): shown.flows[edge.id] for edge in shown.graph.edges}
    assert by_ends["model.layers.1", "model.layers.0"] == ("add", True)  # both ways into the next layer together
    inner = cards.fold(found, {"model", "model.layers", "model.layers.1"})
    by_ends = {(edge.consumer, edge.input): inner.flows[edge.id] for edge in inner.graph.edges}
    assert by_ends["model.layers.1.first", "model.layers.0"] == ("add", False)
    assert {node.id for node in shown.graph.nodes} >= {"model.layers.0", "model.stem", "result"}


def test_a_first_view_has_neither_too_much_nor_too_little() -> None:
    for depth in (1, 2, 12):
        model = Network(depth)
        found = recorded(lambda model=model: model(torch.randn(3, 2)).mean())  # type: ignore[misc]
        count = len(cards.fold(found, found.blocks.usual).graph.nodes)
        assert modules.LEAST_SHOWN <= count <= modules.MOST_SHOWN
