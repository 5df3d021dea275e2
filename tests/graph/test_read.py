"""torch's backward graph as records: ids, values, and gradients against torch's own backward."""

import math
import threading
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from components.graph import read
from components.graph.model import LARGEST_LISTED, Edge, Graph, Node, Number, Snapshot
from components.graph.read import Annotations
from components.graph.record import Recording, topological_order
from components.graph.tensors import plain
from components.losses import EPSILON, LOSSES
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs

STATES = [
    Inputs(),
    Inputs(y=1.0),
    Inputs(x=2.0, w=-4.0, b=0.5, y=1.0),
    Inputs(x=-10.0, w=-0.01, b=10.0),
    Inputs(x=0.0, w=0.0, b=0.0),
    Inputs(w=3.0),
    Inputs(w=3.0, y=1.0),
    Inputs(w=-3.0, y=1.0),
    Inputs(x=10.0, w=-5.0, b=-10.0, y=0.0),
]
FINITE = [state for state in STATES if math.isfinite(neuron.run(state).dw)]

NODES = [
    ("w", "AccumulateGrad", "w", ""),
    ("x", "input", "x", ""),
    ("mul", "MulBackward0", "", "w·x"),
    ("b", "AccumulateGrad", "b", ""),
    ("z", "AddBackward0", "z", "w·x + b"),
    ("y_pred", "SigmoidBackward0", "ŷ", "σ(z)"),
    ("clamp", "ClampBackward1", "", "clamp(ŷ)"),
    ("log", "LogBackward0", "", "log(ŷ)"),
    ("y", "input", "y", ""),
    ("mul_2", "MulBackward0", "", "y·log(ŷ)"),
    ("rsub", "RsubBackward1", "", "1 − ŷ"),
    ("log_2", "LogBackward0", "", "log(1 − ŷ)"),
    ("1-y", "input", "1 − y", ""),
    ("mul_3", "MulBackward0", "", "(1 − y)·log(1 − ŷ)"),
    ("add", "AddBackward0", "", "y·log(ŷ) + (1 − y)·log(1 − ŷ)"),
    ("loss", "NegBackward0", "L", "−(y·log(ŷ) + (1 − y)·log(1 − ŷ))"),
]
EDGES = [
    ("mul", "w"), ("mul", "x"), ("z", "mul"), ("z", "b"), ("y_pred", "z"), ("clamp", "y_pred"), ("log", "clamp"),
    ("mul_2", "y"), ("mul_2", "log"), ("rsub", "clamp"), ("log_2", "rsub"), ("mul_3", "1-y"), ("mul_3", "log_2"),
    ("add", "mul_2"), ("add", "mul_3"), ("loss", "add"),
]  # fmt: skip


def test_a_program_with_a_name_is_read_alike_at_other_values_and_anew_where_it_calls_others() -> None:
    def snapshot(value: float, is_bounded: bool, program: str) -> Snapshot:
        x = torch.tensor(value, requires_grad=True)
        with Recording() as recording:
            result = torch.sin(x * 2)
            result = torch.clamp(result, 0, 1) if is_bounded else result
        return read.snapshot(result, recording, {"x": x}, annotations=Annotations(program=program))

    for value, is_bounded in [(0.5, False), (0.7, False), (0.7, True), (0.5, True)]:
        assert snapshot(value, is_bounded, "named") == snapshot(value, is_bounded, "")


def test_many_consumers_add_up_as_in_torchs_engine() -> None:
    """Float addition is not associative: digit for digit means in the engine's own order."""
    x = torch.tensor(0.1, requires_grad=True)
    y = x * 1.7
    terms = [torch.sin(y * k) / (k + 0.3) for k in range(1, 12)]
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    (expected,) = torch.autograd.grad(result, y, retain_graph=True)
    graph = read.snapshot(result, names={"x": x, "y": y}).graph
    assert {node.id: node.gradient for node in graph.nodes}["y"] == expected.item()


def read_graph(
    result: Tensor,
    recording: Recording | None = None,
    names: dict[str, Tensor] | None = None,
    upstream: Tensor | None = None,
) -> Graph:
    return read.snapshot(result, recording, names, upstream=upstream).graph


def leaf(*values: float) -> Tensor:
    """A tensor that takes a gradient: a single number, or a vector."""
    return torch.tensor(values[0] if len(values) == 1 else values, requires_grad=True)


def scalar(number: Number) -> float:
    assert isinstance(number, float)
    return number


def edge(graph: Graph, consumer: str, source: str) -> Edge:
    (found,) = (e for e in graph.edges if (e.consumer, e.input) == (consumer, source))
    return found


def texts(numbers: list[Number]) -> list[str]:
    """All digits, so that nan equals nan and -0.0 is not 0.0."""
    return [repr(number) for number in numbers]


def neuron_tensors(inputs: Inputs) -> dict[str, Tensor]:
    x, y, w, b = torch.tensor(inputs.x), torch.tensor(inputs.y), leaf(inputs.w), leaf(inputs.b)
    z = w * x + b
    y_pred = torch.sigmoid(z)
    return {"x": x, "y": y, "w": w, "b": b, "z": z, "y_pred": y_pred, "loss": LOSSES["notebook"].function(y_pred, y)}


def seen_by_backward(result: Tensor) -> list[Number]:
    """What arrives at each node of `topological_order(result)`, caught by hooks while torch runs its own backward."""
    nodes = topological_order(result)
    caught: dict[object, Number] = {}
    for node in nodes:

        def catch(gradients: tuple[Tensor, ...], node: object = node) -> None:
            caught[node] = plain(gradients[0])

        node.register_prehook(catch)
    result.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    return [caught[node] for node in nodes]


def test_the_neurons_nodes() -> None:
    assert [node[:4] for node in neuron.run(Inputs()).graph.nodes] == NODES


def test_the_neurons_edges() -> None:
    edges = neuron.run(Inputs()).graph.edges
    assert [(e.consumer, e.input) for e in edges] == EDGES
    assert len({e.id for e in edges}) == len(EDGES)


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_the_structure_is_the_same_at_every_value(inputs: Inputs) -> None:
    structure = neuron.run(inputs).graph.structure
    assert structure == neuron.run(Inputs()).graph.structure
    assert hash(structure) == hash(neuron.run(Inputs()).graph.structure)


def test_every_node_comes_after_its_inputs() -> None:
    graph = neuron.run(Inputs()).graph
    place = {node.id: number for number, node in enumerate(graph.nodes)}
    assert all(place[e.input] < place[e.consumer] for e in graph.edges)
    assert graph.result == "loss"


def test_a_node_is_found_by_its_id() -> None:
    graph = neuron.run(Inputs()).graph
    assert graph.node("y_pred").op == "SigmoidBackward0"
    with pytest.raises(KeyError, match="nowhere"):
        graph.node("nowhere")


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_every_gradient_is_what_torchs_backward_sees(inputs: Inputs) -> None:
    graph = neuron.run(inputs).graph
    ours = [node.gradient for node in graph.nodes if node.op != "input"]
    assert texts(ours) == texts(seen_by_backward(neuron_tensors(inputs)["loss"]))


@pytest.mark.parametrize("inputs", STATES, ids=str)
@pytest.mark.parametrize("name", ["z", "y_pred", "loss", "w", "b"])
def test_named_gradients_are_what_torch_retains(inputs: Inputs, name: str) -> None:
    tensors = neuron_tensors(inputs)
    tensors[name].retain_grad()
    tensors["loss"].backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    assert repr(neuron.run(inputs).graph.node(name).gradient) == repr(plain(tensors[name].grad))


@pytest.mark.parametrize("inputs", STATES, ids=str)
@pytest.mark.parametrize("name", ["x", "y", "w", "b", "z", "y_pred", "loss"])
def test_named_values_are_the_programs(inputs: Inputs, name: str) -> None:
    expected = neuron_tensors(inputs)[name].item()
    assert repr(neuron.run(inputs).graph.node(name).value) == repr(expected)


@pytest.mark.parametrize("inputs", FINITE, ids=str)
def test_unnamed_values_follow_from_their_inputs(inputs: Inputs) -> None:
    value = {node.id: scalar(node.value) for node in neuron.run(inputs).graph.nodes}
    p = value["clamp"]
    assert p == pytest.approx(min(max(value["y_pred"], 1e-8), 1.0))
    assert value["mul"] == pytest.approx(value["w"] * value["x"])
    assert value["log"] == pytest.approx(math.log(p), rel=1e-5, abs=1e-9)
    assert value["rsub"] == pytest.approx(1 - p)
    assert value["log_2"] == pytest.approx(math.log(1 - p), rel=1e-5, abs=1e-7)
    assert value["add"] == pytest.approx(value["mul_2"] + value["mul_3"])


@pytest.mark.parametrize("inputs", FINITE, ids=str)
def test_local_derivatives_are_the_textbooks(inputs: Inputs) -> None:
    graph = neuron.run(inputs).graph
    value = {node.id: scalar(node.value) for node in graph.nodes}
    p = value["y_pred"]
    expected = {
        ("mul", "w"): value["x"],
        ("z", "mul"): 1.0,
        ("z", "b"): 1.0,
        ("y_pred", "z"): p * (1 - p),
        ("clamp", "y_pred"): 1.0 if p >= 1e-8 else 0.0,
        ("log", "clamp"): 1 / value["clamp"],
        ("mul_2", "log"): value["y"],
        ("rsub", "clamp"): -1.0,
        ("log_2", "rsub"): 1 / value["rsub"],
        ("mul_3", "log_2"): 1 - value["y"],
        ("loss", "add"): -1.0,
    }
    for (consumer, source), derivative in expected.items():
        assert edge(graph, consumer, source).local == pytest.approx(derivative, rel=1e-6), (consumer, source)


@pytest.mark.parametrize("inputs", FINITE, ids=str)
def test_what_flows_back_is_local_times_incoming(inputs: Inputs) -> None:
    graph = neuron.run(inputs).graph
    tracked = [e for e in graph.edges if e.local is not None]
    assert len(tracked) == 13
    for e in tracked:
        expected = scalar(e.local) * scalar(graph.node(e.consumer).gradient)
        assert e.gradient == pytest.approx(expected, rel=1e-6), e.id


@pytest.mark.parametrize("inputs", FINITE, ids=str)
def test_what_arrives_is_the_sum_of_what_flows_back(inputs: Inputs) -> None:
    graph = neuron.run(inputs).graph
    for node in graph.nodes[:-1]:
        flows = [scalar(e.gradient) for e in graph.edges if e.input == node.id and e.gradient is not None]
        assert (node.gradient is None) == (flows == [])
        assert node.gradient is None or node.gradient == pytest.approx(sum(flows), rel=1e-6), node.id


@pytest.mark.parametrize(("node_id", "value"), [("x", 6.699999809265137), ("y", 0.0), ("1-y", 1.0)])
def test_what_takes_no_gradient_is_shown_without_one(node_id: str, value: float) -> None:
    graph = neuron.run(Inputs()).graph
    node = graph.node(node_id)
    assert (node.op, node.value, node.gradient) == ("input", value, None)
    assert [(e.local, e.gradient) for e in graph.edges if e.input == node_id] == [(None, None)]


def test_a_named_tensor_used_twice_is_one_node() -> None:
    x = leaf(3.0)
    with Recording() as recording:
        a = x * x
        result = torch.sin(a) + a
    graph = read_graph(result, recording, {"x": x, "a": a})
    assert [e.id for e in graph.edges if e.input == "a"] == ["sin.0-a", "add.1-a"]
    assert graph.node("a").gradient == pytest.approx(math.cos(9) + 1)
    assert [e.gradient for e in graph.edges if e.input == "a"] == [pytest.approx(math.cos(9)), 1.0]


def test_a_tensor_used_twice_by_one_operation_has_two_edges() -> None:
    x = leaf(3.0)
    with Recording() as recording:
        result = x * x
    graph = read_graph(result, recording, {"x": x, "y": result})
    assert [(e.id, e.local, e.gradient) for e in graph.edges] == [("y.0-x", 3.0, 3.0), ("y.1-x", 3.0, 3.0)]
    assert graph.node("x").gradient == 6.0


def test_an_input_used_twice_is_one_node() -> None:
    w, x = leaf(2.0), torch.tensor(5.0)
    with Recording() as recording:
        result = w * x + x
    graph = read_graph(result, recording, {"w": w, "x": x})
    assert [node.id for node in graph.nodes] == ["w", "x", "mul", "add"]


@pytest.mark.parametrize("names", [("mul", "mul_2"), ("mul_2", "mul"), ("a b", "ab"), ("1", "add")])
def test_ids_differ_whatever_the_names(names: tuple[str, str]) -> None:
    x, y = leaf(3.0), leaf(4.0)
    with Recording() as recording:
        result = x * y * x * y + 1
    graph = read_graph(result, recording, dict(zip(names, (x, y), strict=True)))
    assert len({node.id for node in graph.nodes}) == len(graph.nodes) == 7
    assert len({e.id for e in graph.edges}) == len(graph.edges) == 8


def test_the_first_of_two_names_counts() -> None:
    x = leaf(3.0)
    graph = read_graph(x, names={"first": x, "second": x})
    assert [node.name for node in graph.nodes] == ["first"]


def test_a_chain_of_twenty_thousand_is_walked_without_recursion() -> None:
    result = leaf(0.5)
    for _ in range(20_000):
        result = torch.sin(result)
    order = topological_order(result)
    assert len(order) == 20_001
    assert order[-1] is result.grad_fn


def test_a_long_chain_is_read() -> None:
    result = leaf(0.5)
    for _ in range(1_500):
        result = torch.sin(result)
    graph = read_graph(result)
    assert (len(graph.nodes), len(graph.edges)) == (1_501, 1_500)
    assert graph.nodes[0].gradient == pytest.approx(math.prod(scalar(e.local) for e in graph.edges), rel=1e-3)


def test_a_node_of_two_consumers_is_walked_once() -> None:
    result = leaf(1.0)
    for _ in range(60):
        result = result * result
    assert len(topological_order(result)) == 61


def test_the_expression_of_a_small_program_stays_small() -> None:
    result = leaf(1.0)
    with Recording() as recording:
        for _ in range(14):
            result = result * result
    longest = max(len(node.expression) for node in read_graph(result, recording).nodes)
    assert longest <= 1_000


def test_the_mean_of_squares() -> None:
    x = leaf(1.0, 2.0, 3.0)
    with Recording() as recording:
        y = (x**2).mean()
    graph = read_graph(y, recording, {"x": x, "y": y})
    third, gradient = torch.tensor(1 / 3).item(), torch.tensor([2 / 3, 4 / 3, 2.0]).tolist()
    assert graph.nodes == (
        Node("x", "AccumulateGrad", "x", "", (3,), "float32", [1.0, 2.0, 3.0], gradient),
        Node("pow", "PowBackward0", "", "x^2", (3,), "float32", [1.0, 4.0, 9.0], [third] * 3),
        Node("y", "MeanBackward0", "y", "mean(x^2)", (), "float32", torch.tensor(14 / 3).item(), 1.0),
    )
    assert [e.local for e in graph.edges] == [[2.0, 4.0, 6.0], [third] * 3]


@pytest.mark.parametrize(
    "program",
    [
        lambda x: (x**2).mean(),
        lambda x: torch.sin(x**2).sum(),
        lambda x: torch.exp(-x).sum() / x.mean(),
        lambda x: torch.stack([x, x * 2]).sum(),
        lambda x: (x[0] * x[1]).tanh(),
        lambda x: torch.outer(x, x).sum(),
        lambda x: torch.where(x > 2, x, x * x).sum(),
        lambda x: x.max(),
        lambda x: x.double().norm(),
    ],
)
def test_vector_gradients_are_torchs(program: Callable[[Tensor], Tensor]) -> None:
    x = leaf(1.0, 2.0, 3.0)
    with Recording() as recording:
        result = program(x)
    graph = read_graph(result, recording, {"x": x})
    assert [node.gradient for node in graph.nodes if node.op != "input"] == seen_by_backward(result)
    assert graph.nodes[-1].value == result.item()


def test_the_sums_along_edges_meet_the_gradient_of_a_vector() -> None:
    x = leaf(1.0, 2.0, 3.0)
    with Recording() as recording:
        result = (x * x + torch.sin(x)).sum()
    graph = read_graph(result, recording, {"x": x})
    flows = [torch.tensor(e.gradient) for e in graph.edges if e.input == "x"]
    assert len(flows) == 3
    assert torch.stack(flows).sum(0).tolist() == pytest.approx(graph.node("x").gradient)


@pytest.mark.parametrize("upstream", [None, torch.tensor([1.0, 0.0, -2.0])])
def test_a_vector_result_needs_an_upstream_gradient(upstream: Tensor | None) -> None:
    x = leaf(1.0, 2.0, 3.0)
    with Recording() as recording:
        y = x**2
    graph = read_graph(y, recording, {"x": x, "y": y}, upstream=upstream)
    expected = None if upstream is None else torch.autograd.grad(y, x, upstream, retain_graph=True)[0].tolist()
    assert graph.node("x").gradient == expected
    assert graph.node("y").gradient == (None if upstream is None else upstream.tolist())
    assert graph.node("y").value == [1.0, 4.0, 9.0]


def test_a_leaf_as_result() -> None:
    x = leaf(3.0)
    graph = read_graph(x, names={"x": x})
    assert graph == Graph((Node("x", "AccumulateGrad", "x", "", (), "float32", 3.0, 1.0),), ())


def test_a_result_that_takes_no_gradient() -> None:
    y = torch.tensor(3.0)
    assert read_graph(y, names={"y": y}) == Graph((Node("y", "input", "y", "", (), "float32", 3.0, None),), ())
    assert topological_order(y) == []


def test_reading_changes_nothing() -> None:
    x = leaf(3.0)
    x.grad = torch.tensor(0.25)
    with Recording() as recording:
        result = torch.sin(x**2)
    first = read_graph(result, recording)
    assert x.grad.item() == 0.25
    assert read_graph(result, recording) == first
    result.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    assert x.grad.item() == pytest.approx(0.25 + 6 * math.cos(9))


@pytest.mark.parametrize(("entries", "listed"), [(LARGEST_LISTED, True), (LARGEST_LISTED + 1, False)])
def test_a_large_tensor_is_described_by_its_shape(entries: int, listed: bool) -> None:
    x = torch.ones(entries, requires_grad=True)
    with Recording() as recording:
        result = (x * 2).sum()
    node = read_graph(result, recording, {"x": x}).node("x")
    assert node.shape == (entries,)
    assert node.value == ([1.0] * entries if listed else None)
    assert node.gradient == ([2.0] * entries if listed else None)


def test_without_a_recording_values_are_those_that_torch_keeps() -> None:
    x = leaf(0.0)
    graph = read_graph(torch.sigmoid(torch.sin(x)))
    assert [node.id for node in graph.nodes] == ["leaf", "sin", "sigmoid"]
    assert [node.value for node in graph.nodes] == [0.0, None, 0.5]
    assert [node.gradient for node in graph.nodes] == [0.25, 0.25, 1.0]
    assert [node.expression for node in graph.nodes] == ["", "sin(leaf)", "σ(sin(leaf))"]


def test_a_value_inside_is_the_one_that_torch_saved() -> None:
    graph = read_graph(torch.sigmoid(leaf(0.0)) * 3.0)
    assert graph.node("sigmoid").value == 0.5
    assert graph.node("mul").value == 1.5


def test_float64_stays_float64() -> None:
    x = torch.tensor(6.7, dtype=torch.float64, requires_grad=True)
    with Recording() as recording:
        result = torch.sigmoid(x)
    graph = read_graph(result, recording, {"x": x})
    assert {node.dtype for node in graph.nodes} == {"float64"}
    assert graph.node("x").value == 6.7


def test_two_threads_do_not_see_each_others_calls() -> None:
    both_inside = threading.Barrier(2, timeout=20)
    recorded: dict[str, list[str]] = {}

    def record(name: str, function: Callable[[Tensor], Tensor]) -> None:
        x = leaf(1.0)
        with Recording() as recording:
            both_inside.wait()
            for _ in range(50):
                x = function(x)
            both_inside.wait()
        recorded[name] = [function.__name__ for function, _, _ in recording.calls]

    threads = [threading.Thread(target=record, args=job) for job in (("sine", torch.sin), ("tangent", torch.tanh))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert recorded == {"sine": ["sin"] * 50, "tangent": ["tanh"] * 50}


def test_a_recording_ends_with_its_block() -> None:
    x = leaf(1.0)
    with pytest.raises(ZeroDivisionError), Recording() as recording:
        torch.sin(x) * (1 // 0)
    torch.cos(x)
    assert [function.__name__ for function, _, _ in recording.calls] == ["sin"]


@pytest.mark.parametrize(
    ("program", "expression"),
    [
        (lambda x: x + 1, "x + 1"),
        (lambda x: 1 - x, "1 − x"),
        (lambda x: x / 2, "x / 2"),
        (lambda x: 2**x, "2^x"),
        (lambda x: x**2, "x^2"),
        (lambda x: (x + 1) * x, "(x + 1)·x"),
        (lambda x: (2 * x) ** 2, "(x·2)^2"),
        (lambda x: -torch.log(1 - x), "−log(1 − x)"),
    ],
)
def test_an_expression_says_what_was_computed(program: Callable[[Tensor], Tensor], expression: str) -> None:
    x = leaf(0.5)
    with Recording() as recording:
        result = program(x)
    assert read_graph(result, recording, {"x": x}).nodes[-1].expression == expression


def test_an_operation_whose_two_results_are_used_is_read() -> None:
    v = leaf(1.0, 2.0, 3.0, 4.0)
    with Recording() as recording:
        left, right = torch.chunk(v, 2)
        result = (left * right).sum()
    graph = read_graph(result, recording, {"v": v, "left": left, "right": right})
    assert graph.node("v").gradient == [3.0, 4.0, 1.0, 2.0]


def test_the_second_result_of_an_operation_is_not_shown_as_its_first() -> None:
    v = leaf(1.0, 2.0, 3.0, 4.0)
    with Recording() as recording:
        result = torch.chunk(v, 2)[1].sum()
    split = read_graph(result, recording, {"v": v}).nodes[1]
    assert split.op == "SplitBackward0"
    assert split.value in (None, [3.0, 4.0], [[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_what_torch_saves_are_values_of_the_graph(inputs: Inputs) -> None:
    snapshot = neuron.run(inputs).snapshot
    value = {node.id: node.value for node in snapshot.graph.nodes}
    saved = {(node_id, s.name): s.value for node_id in value for s in snapshot.saved.get(node_id, ()) if not s.text}
    expected = {
        ("mul", "other"): value["x"],
        ("y_pred", "result"): value["y_pred"],
        ("clamp", "self"): value["y_pred"],
        ("clamp", "min"): EPSILON,
        ("clamp", "max"): 1 - EPSILON,
        ("log", "self"): value["clamp"],
        ("log_2", "self"): value["rsub"],
        ("mul_2", "self"): value["y"],
        ("mul_3", "self"): value["1-y"],
    }
    assert saved == expected


@pytest.mark.parametrize(
    ("node_id", "saved"),
    [
        ("mul", [("other", ""), ("self", "None")]),
        ("z", [("alpha", "1")]),
        ("y_pred", [("result", "")]),
        ("clamp", [("max", ""), ("min", ""), ("self", "")]),
        ("loss", []),
        ("w", []),
        ("x", []),
        ("nowhere", []),
    ],
)
def test_what_torch_saves_has_torchs_names_in_order(node_id: str, saved: list[tuple[str, str]]) -> None:
    assert [(s.name, s.text) for s in neuron.run(Inputs()).snapshot.saved.get(node_id, ())] == saved


@pytest.mark.parametrize(
    ("entries", "text"), [(2, ""), (LARGEST_LISTED + 1, f"tensor of shape [{LARGEST_LISTED + 1}]")]
)
def test_a_powers_exponent_and_base_are_saved(entries: int, text: str) -> None:
    x = torch.full((entries,), 3.0, requires_grad=True)
    exponent, base = read.snapshot(x**2).saved["pow"]
    assert exponent == ("exponent", None, "2")
    assert base == ("self", None if text else [3.0] * entries, text)
