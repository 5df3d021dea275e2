"""Numbers as they are painted on a graph: all of them, as far as a walk has come, and none that is hidden."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from components.drawing import numbers
from components.drawing.graph_numbers import kind, largest, paint, width
from components.graph import read
from components.graph.model import Graph, Number
from components.graph.record import Recording
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs

NEURON = neuron.run(Inputs()).graph


@pytest.mark.parametrize("inputs", [Inputs(), Inputs(w=3.0), Inputs(w=3.0, y=1.0)])
def test_painting_names_every_number(inputs: Inputs) -> None:
    graph = neuron.run(inputs).graph
    painted = paint(graph)
    assert [row[0] for row in painted["nodes"]] == [numbers.exact(node.value) for node in graph.nodes]
    assert [row[2] for row in painted["nodes"]] == [numbers.exact(node.gradient) for node in graph.nodes]
    assert [row[:2] for row in painted["edges"]] == [
        [numbers.exact(edge.local), numbers.exact(edge.gradient)] for edge in graph.edges
    ]


def test_what_takes_no_gradient_is_painted_without_one() -> None:
    painted = paint(NEURON)
    node = painted["nodes"][[n.id for n in NEURON.nodes].index("x")]
    edge = painted["edges"][[e.input for e in NEURON.edges].index("x")]
    assert node[2:] == ["None", "—", "6.7"]
    assert edge == ["None", "None", "", "none", 1.5]


def test_kind() -> None:
    for gradient, expected in (
        (2.5, "plus"),
        (5e-324, "plus"),
        (-2.5, "minus"),
        (0.0, "zero"),
        (-0.0, "zero"),
        (math.inf, "infinite"),
        (-math.inf, "infinite"),
        (math.nan, "undefined"),
        (None, "none"),
        ([1.0, -1.0], "plus"),
    ):
        assert kind(gradient) == expected, gradient


@given(*[st.floats(allow_nan=False, allow_infinity=False)] * 2)
def test_a_larger_gradient_is_never_a_thinner_line(a: float, b: float) -> None:
    small, large = sorted((a, b), key=abs)
    assert 1.5 <= width(small) <= width(large) <= 6.5


def test_a_visibly_larger_gradient_is_a_thicker_line() -> None:
    for small, large in ((0.5, 1.0), (1.0, 10.0), (10.0, 100.0), (-1.0, -10.0)):
        assert width(small) < width(large)


def test_a_line_without_a_size_still_has_a_width() -> None:
    for gradient in (math.inf, -math.inf, math.nan, None, [1.0]):
        assert 1.5 <= width(gradient) <= 6.5, gradient


def test_of_several_entries_the_largest_tells() -> None:
    cases: list[tuple[Number, float | None]] = [
        (None, None), (-2.0, -2.0), ([1.0, -3.0, 2.0], -3.0), ([[0.0], [-0.5]], -0.5), ([], None), ([None, 1.0], 1.0),
    ]  # fmt: skip
    for number, expected in cases:
        assert largest(number) == expected, number


def test_an_edge_of_several_entries_looks_like_the_largest() -> None:
    cases: list[tuple[Number, str]] = [
        ([0.0, -0.0], "zero"), ([1.0, -2.0], "minus"), ([0.0, 3.0], "plus"), ([1.0, math.inf], "infinite"),
        ([math.inf, math.nan], "undefined"),
    ]  # fmt: skip
    for gradient, expected in cases:
        assert kind(gradient) == expected, gradient
        assert width(gradient) == width(largest(gradient)), gradient


def test_a_list_is_painted_as_far_as_its_card_reaches() -> None:
    node = NEURON.nodes[0]._replace(id="a", value=[1.0, 2.0, 3.0, 4.0], gradient=None)
    graph = Graph((node,), ())
    assert paint(graph)["nodes"][0][1] == "[1, 2, …]"
    assert paint(graph, wide=frozenset({"a"}))["nodes"][0][:2] == ["[1.0, 2.0, 3.0, 4.0]", "[1, 2, 3, 4]"]


def test_an_arrow_has_less_room_for_a_list_than_the_wide_cards_beside_it() -> None:
    entries = [[-0.049, -0.033, 0.1], [1.0, 2.0, 3.0]]
    edge = NEURON.edges[0]
    ends = [node._replace(value=entries) for node in NEURON.nodes if node.id in (edge.consumer, edge.input)]
    graph = Graph(tuple(ends), (edge._replace(gradient=entries),))
    said = paint(graph, wide=frozenset(node.id for node in ends))
    assert said["nodes"][0][1] == "[[−0.049, −0.033, …], …]"
    assert {said["nodes"][0][4], said["edges"][0][2]} == {"[[−0.049, …], …]"}


def test_what_torch_keeps_is_painted_and_not_what_arrives() -> None:
    recording = Recording()
    with recording:
        x = torch.tensor(2.0, requires_grad=True)
        for _ in range(3):
            y = x**2
            y.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    snapshot = read.program_snapshot(recording, {"x": x, "y": y})
    painted = paint(snapshot.graph, snapshot.seen)
    assert [node[2] for node in painted["nodes"]] == ["12.0", "None"]
    assert painted["edges"][0][:2] == ["4.0", "4.0"]


@pytest.mark.parametrize("hidden", [{"gradients"}, {"numbers", "gradients"}])
def test_hidden_numbers_are_not_painted(hidden: set[str]) -> None:
    run = neuron.run(Inputs())
    painted = paint(run.snapshot.graph, hidden=frozenset(hidden))
    for node, (value, value_text, gradient, gradient_text, short) in zip(
        run.snapshot.graph.nodes, painted["nodes"], strict=True
    ):
        is_covered = "numbers" in hidden
        assert (value == "covered", value_text == "?", short == "") == (is_covered,) * 3
        expected = ("None", "none") if node.op == "input" else ("covered", "?")
        assert gradient == expected[0]
        assert node.op == "input" or gradient_text == "?"
    tracked = [edge.local is not None for edge in run.snapshot.graph.edges]
    assert [edge[0] == "covered" for edge in painted["edges"]] == tracked
    assert {edge[3] for edge in painted["edges"]} == {"later", "none"}
