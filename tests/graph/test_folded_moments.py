"""Backward passes of programs, folded: gradients and local derivatives beside torch's own, found in other ways."""

from collections.abc import Collection
from typing import Any

import pytest
import torch
from torch import Tensor

from components.graph import files, fold, walk
from components.graph.model import Edge, Graph, Snapshot
from components.graph.paths import paths
from components.sandbox.run import handle
from tests.graph.test_read import scalar
from tests.sandbox.test_language import run_plainly

BEGINNING = """
import torch
a = torch.tensor(0.7, requires_grad=True)
b = torch.tensor(-1.3, requires_grad=True)
"""

WAYS = f"""{BEGINNING}
c = torch.sin(a * b) * a
d = torch.exp(c) / (1 + b * b)
e = (c + d * 3) ** 2
e.backward()
"""

LISTS = """
import torch
a = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)
b = torch.tensor([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]], requires_grad=True)
s = torch.tensor(0.3, requires_grad=True)
c = torch.tanh(b @ a * s + s)
e = (c * c).sum() * s
e.backward()
"""

SEVERAL = """
import torch
a = torch.tensor([3.0, 1.0, 2.0, 5.0], requires_grad=True)
b, c = (a * 2).split(2)
e = (b * c + 1).sum()
e.backward()
"""

LOOP = """
import torch
a = torch.tensor(0.9, requires_grad=True)
b = torch.tensor(0.5, requires_grad=True)
h = torch.tensor(0.0)
for x in [1.0, -0.5, 0.25]:
    h = torch.tanh(a * h + b * x)
e = (h - 0.5) ** 2
e.backward()
"""

FUNCTION = f"""{BEGINNING}
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 3
    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 3 * x ** 2 * grad
c = Cube.apply(a * b) * b
e = torch.cos(c * 2)
e.backward()
"""

HOOK = f"""{BEGINNING}
p = [a * 3]
p[0].register_hook(lambda g: g * 10)
q = [p.pop()]
c = torch.sin(q.pop() * b)
e = torch.cos(c * 2)
e.backward()
"""

PASSED = ("ways", WAYS), ("lists", LISTS), ("several results", SEVERAL), ("loop", LOOP), ("function", FUNCTION)


def snapshot_of(code: str) -> Snapshot:
    answer = handle({"code": code, "draw": True, "folds": True})
    assert answer["error"] is answer["refused"] is None
    return files.from_record(answer["moments"][-1]["snapshot"])


def folded(code: str, opened: Collection[str] = ()) -> Graph:
    return fold.fold(snapshot_of(code), opened)


def found(graph: Graph, consumer: str, source: str) -> Edge:
    (one,) = [edge for edge in graph.edges if (edge.consumer, edge.input) == (consumer, source)]
    return one


def tensors(code: str) -> dict[str, Any]:
    """The program's own tensors, by plain Python."""
    _, error, namespace = run_plainly(code.replace("backward()", "backward(retain_graph=True)"))
    assert error is None
    return namespace


def ids(graph: Graph) -> set[str]:
    return {node.id for node in graph.nodes}


def product_at(graph: Graph, edge: Edge) -> float:
    """Of single numbers, a local derivative times the upstream gradient."""
    return scalar(edge.local) * scalar(graph.node(edge.consumer).gradient)


def numbers(said: Any) -> Tensor:
    return torch.tensor(said, dtype=torch.float64)


def test_named_tensors_stay_and_what_is_between_them_is_folded() -> None:
    assert ids(folded(WAYS)) == {"a", "b", "c", "d", "e"}
    assert [node.id for node in folded(LOOP).nodes if node.name == "h"][1:] == ["h_2", "h_3", "h_4"]
    constant = f"{BEGINNING}c = a * 3\nd = (c * b) * 2\nd.backward()\n"
    assert {"c.0-a", "d-c", "d-b"} <= {edge.id for edge in folded(constant).edges}


@pytest.mark.parametrize(("name", "code"), PASSED)
def test_gradients_that_meet_at_a_named_tensor_are_those_that_torch_brings_there(name: str, code: str) -> None:
    graph, made = folded(code), tensors(code)
    checked = 0
    for node in graph.nodes[:-1]:
        flows = [numbers(edge.gradient) for edge in graph.edges if edge.input == node.id and edge.gradient is not None]
        if node.name in ("a", "b", "c", "d", "s") and flows and node.op != "SplitBackward0":
            asked = torch.autograd.grad(made["e"], made[node.name], retain_graph=True)[0]
            assert torch.allclose(sum(flows, torch.zeros(())), asked.double(), rtol=1e-5), (name, node.id)
            checked += 1
    assert checked >= (1 if name == "several results" else 2)


@pytest.mark.parametrize(
    ("code", "consumer", "source", "alone"),
    [
        (WAYS, "c", "a", lambda t, a: torch.sin(a * t["b"]) * a),
        (WAYS, "c", "b", lambda t, b: torch.sin(t["a"] * b) * t["a"]),
        (WAYS, "d", "b", lambda t, b: torch.exp(t["c"]) / (1 + b * b)),
        (WAYS, "e", "c", lambda t, c: (c + t["d"] * 3) ** 2),
        (LISTS, "c", "s", lambda t, s: torch.tanh(t["b"] @ t["a"] * s + s).sum()),
        (LISTS, "c", "b", lambda t, b: torch.tanh(b @ t["a"] * t["s"] + t["s"]).sum()),
        (LISTS, "e", "c", lambda t, c: (c * c).sum() * t["s"]),
        (LISTS, "e", "s", lambda t, s: (t["c"] * t["c"]).sum() * s),
        (FUNCTION, "e", "c", lambda _, c: torch.cos(c * 2)),
        (WAYS, "e", "d", lambda t, d: (t["c"] + d * 3) ** 2),
    ],
)
def test_a_folded_local_derivative_is_that_of_the_steps_alone(
    code: str, consumer: str, source: str, alone: Any
) -> None:
    made = {name: value.detach() for name, value in tensors(code).items() if isinstance(value, Tensor)}
    at = made[source].clone().requires_grad_()
    (expected,) = torch.autograd.grad(alone(made, at), at)
    graph = folded(code)
    assert torch.allclose(numbers(found(graph, consumer, source).local), expected.double(), rtol=1e-5)
    off = expected.double() * 1.001
    assert not torch.allclose(numbers(found(graph, consumer, source).local), off, rtol=1e-5)


@pytest.mark.parametrize("code", [WAYS, LOOP])
def test_along_a_folded_edge_flows_local_times_upstream_and_paths_add_up(code: str) -> None:
    graph = folded(code)
    for edge in graph.edges:
        if edge.carries:
            assert edge.gradient == pytest.approx(product_at(graph, edge), rel=1e-5)
    for leaf in ("a", "b"):
        assert paths(graph, leaf).total == pytest.approx(graph.node(leaf).gradient, rel=1e-5)
    assert len(paths(graph, "a").paths) < len(paths(snapshot_of(code).graph, "a").paths) or code == LOOP


@pytest.mark.parametrize(("code", "unknown", "known"), [(FUNCTION, ["c-a", "c-b"], "e-c"), (HOOK, ["c-a"], "c-b")])
def test_a_derivative_that_is_not_certain_is_not_said_though_its_gradient_is(
    code: str, unknown: list[str], known: str
) -> None:
    edges = {edge.id: edge for edge in folded(code).edges}
    assert [edges[name].local for name in unknown] == [None] * len(unknown)
    made = tensors(code)
    for name in unknown:
        leaf = name[-1]
        asked = torch.autograd.grad(made["e"], made[leaf], retain_graph=True)[0].item()
        assert edges[name].gradient == pytest.approx(asked, rel=1e-5)
    assert edges[known].local is not None
    assert paths(folded(code), unknown[0][-1]).total is None


def test_looking_at_local_derivatives_runs_nothing_of_the_programs_own_and_changes_nothing() -> None:
    code = FUNCTION.replace("(x,) =", 'print("backward")\n        (x,) =') + "print(a.grad, b.grad)\n"
    plain, folding = handle({"code": code, "draw": True}), handle({"code": code, "draw": True, "folds": True})
    assert folding["printed"] == plain["printed"] == run_plainly(code)[0]
    assert folding["warnings"] == plain["warnings"] == []
    assert folding["names"] == plain["names"]
    assert plain["moments"][0]["nodes"] == folding["moments"][0]["nodes"]


def test_a_pass_that_goes_not_everywhere_is_seen_so_when_it_is_folded() -> None:
    code = f"{BEGINNING}c = (a * 2 + b * 3) * 4\ne = c ** 2\ntorch.autograd.grad(e, a)\n"
    snapshot = snapshot_of(code)
    graph = fold.fold(snapshot)
    assert snapshot.seen
    assert {edge.id: edge.id in snapshot.seen.edges for edge in graph.edges} == {
        "c-a": True,
        "c-b": False,
        "e.0-c": True,
    }
    assert found(graph, "c", "a").gradient == product_at(graph, found(graph, "c", "a"))


def test_a_graph_without_a_pass_is_folded_too() -> None:
    code = f"{BEGINNING}with torch.no_grad():\n    c = (a * 2 + 1) * b\n    d = c + 1\ne = (b * d + a) * 2\n"
    answer = handle({"code": code, "draw": True, "folds": True})
    snapshot = files.from_record(answer["graph"])
    graph = fold.fold(snapshot)
    assert ids(graph) == set("abcde")
    assert graph.kept == snapshot.graph.kept
    assert snapshot.seen
    assert [edge.id in snapshot.seen.edges for edge in graph.edges if edge.id in ("c-a", "e-d", "e-a")].count(True) == 2
    assert walk.steps(graph)


def test_without_being_asked_nothing_is_folded() -> None:
    (moment,) = handle({"code": WAYS, "draw": True})["moments"]
    assert moment["snapshot"]["folds"] == {}
    structure = files.from_record(moment["snapshot"]).graph.structure
    assert fold.can_fold(structure)
    assert not fold.can_fold(folded(WAYS).structure)


@pytest.mark.parametrize("code", [code for _, code in PASSED])
def test_a_group_that_is_opened_is_as_it_was(code: str) -> None:
    snapshot = snapshot_of(code)
    assert fold.fold(snapshot, snapshot.folds.keys()) == snapshot.graph
    for owner, one in snapshot.folds.items():
        assert set(one.members) <= ids(fold.fold(snapshot, (owner,)))
