"""Steps folded into their result: what stays, and the gradients between, against torch's own."""

from collections.abc import Callable, Collection

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from components.graph import fold, read
from components.graph.fold import Owners
from components.graph.model import Edge, Graph, Number, Snapshot
from components.graph.read import Annotations
from components.graph.record import Recording
from components.losses import LOSSES
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.graph.test_read import STATES, edge, leaf, neuron_tensors, scalar, texts

Program = Callable[[Tensor], dict[str, Tensor]]
Formula = Callable[[Tensor], Tensor]

CONCEPT = frozenset(neuron.CONCEPT)
NODES = [node.id for node in neuron.run(Inputs()).graph.nodes]


def program_snapshot(
    program: Program, *values: float, kept: Collection[str] = ()
) -> tuple[Snapshot, dict[str, Tensor]]:
    """A program's snapshot (its result is called r) and its tensors, in float64."""
    x = leaf(*values).detach().double().requires_grad_()
    with Recording() as recording:
        tensors = program(x)
    return read.snapshot(tensors["r"], recording, tensors, annotations=Annotations(kept=kept)), tensors


def neuron_snapshot(inputs: Inputs, kept: Collection[str]) -> Snapshot:
    with Recording() as recording:
        tensors = neuron_tensors(inputs)
    return read.snapshot(tensors["loss"], recording, tensors, annotations=Annotations(kept=kept))


def diamond(x: Tensor) -> dict[str, Tensor]:
    s = torch.sin(x)
    a, b = torch.exp(s) * 2, torch.cos(s) * 3
    return {"x": x, "s": s, "a": a, "b": b, "r": a + b}


def after(s: Tensor) -> Tensor:
    return torch.exp(s) * 2 + torch.cos(s) * 3


def unbound(v: Tensor) -> dict[str, Tensor]:
    p, q, _ = torch.unbind(v)
    return {"v": v, "r": torch.exp(p * q) * p}


def tangent(v: Tensor) -> dict[str, Tensor]:
    u = v * v
    return {"v": v, "u": u, "r": torch.tanh(u).mean()}


def derivative(formula: Formula, at: Tensor, upstream: Tensor | None = None) -> Tensor:
    """By torch, of an expression built apart from the one that was read."""
    t = at.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(formula(t), t, upstream)
    return gradient


def difference(formula: Formula, at: Tensor, step: float = 1e-5) -> float:
    """The same without autograd: central difference of a float64 number."""
    with torch.no_grad():
        return ((formula(at + step) - formula(at - step)) / (2 * step)).item()


def is_near(number: Number, expected: float) -> bool:
    return bool(number == pytest.approx(expected, rel=1e-7))


def folded_away(groups: Owners) -> dict[str, set[str]]:
    return {owner: set(members) for owner, members in groups.items() if members}


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_the_neuron_folds_into_what_a_first_look_shows(inputs: Inputs) -> None:
    groups = fold.assign_groups(neuron.run(inputs).graph, CONCEPT)
    assert list(groups) == ["w", "x", "b", "z", "y_pred", "loss"]
    assert groups["z"] == ("mul",)
    assert groups["loss"] == ("clamp", "log", "y", "mul_2", "rsub", "log_2", "1-y", "mul_3", "add")
    assert folded_away(groups).keys() == neuron.GROUPS.keys()


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_the_neurons_folded_edges_are_these(inputs: Inputs) -> None:
    run = neuron.run(inputs)
    folded = fold.fold(run.snapshot)
    assert [e.id for e in folded.edges] == ["z-w", "z-x", "z-b", "y_pred.0-z", "loss-y_pred"]
    assert all(node is run.graph.node(node.id) for node in folded.nodes)
    assert edge(folded, "y_pred", "z") is edge(run.graph, "y_pred", "z")
    assert (edge(folded, "z", "x").local, edge(folded, "z", "x").gradient) == (None, None)


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_what_a_folded_edge_passes_on_is_what_torch_finds_there(inputs: Inputs) -> None:
    folded = fold.fold(neuron.run(inputs).snapshot)
    tensors = neuron_tensors(inputs)
    expected = torch.autograd.grad(tensors["loss"], [tensors[name] for name in ("w", "b", "z", "y_pred")])
    edges = [edge(folded, *ends) for ends in (("z", "w"), ("z", "b"), ("y_pred", "z"), ("loss", "y_pred"))]
    assert texts([e.gradient for e in edges]) == texts([g.item() for g in expected])


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_a_folded_local_derivative_is_that_of_the_group_alone(inputs: Inputs) -> None:
    folded = fold.fold(neuron.run(inputs).snapshot)
    t = neuron_tensors(inputs)
    by_w = derivative(lambda w: w * t["x"] + t["b"].detach(), t["w"])
    by_b = derivative(lambda b: t["w"].detach() * t["x"] + b, t["b"])
    by_p = derivative(lambda p: LOSSES["notebook"].function(p, t["y"]), t["y_pred"])
    local = [edge(folded, *ends).local for ends in (("z", "w"), ("z", "b"), ("loss", "y_pred"))]
    assert texts(local) == texts([by_w.item(), by_b.item(), by_p.item()])


@pytest.mark.parametrize("inputs", [Inputs(), Inputs(y=1.0), Inputs(x=2.0, w=-4.0, b=0.5, y=1.0)], ids=str)
def test_the_folded_losss_derivative_is_the_textbooks(inputs: Inputs) -> None:
    run = neuron.run(inputs)
    p = run.y_pred
    local = edge(fold.fold(run.snapshot), "loss", "y_pred").local
    assert local == pytest.approx((p - inputs.y) / (p * (1 - p)), rel=1e-6)


@given(st.sets(st.sampled_from(NODES)), st.sampled_from([Inputs(), Inputs(x=2.0, w=0.5, b=-0.5, y=0.25)]))
def test_whatever_is_kept_stays_and_no_gradient_gets_lost(kept: set[str], inputs: Inputs) -> None:
    snapshot = neuron_snapshot(inputs, kept or {"loss"})
    groups = fold.assign_groups(snapshot.graph, kept)
    assert sorted(node_id for owner, members in groups.items() for node_id in (owner, *members)) == sorted(NODES)
    assert kept | {"loss"} <= groups.keys()
    folded = fold.fold(snapshot)
    assert len({e.id for e in folded.edges}) == len(folded.edges)
    for node in folded.nodes[:-1]:
        flows = [scalar(e.gradient) for e in folded.edges if e.input == node.id and e.gradient is not None]
        assert (node.gradient is None) == (flows == []), node.id
        assert node.gradient is None or node.gradient == pytest.approx(sum(flows), rel=1e-5), node.id


def test_all_kept_is_the_graph_as_it_was() -> None:
    snapshot = neuron_snapshot(Inputs(), NODES)
    assert fold.fold(snapshot) == snapshot.graph
    assert snapshot.folds == {}


@pytest.mark.parametrize(
    ("kept", "groups"),
    [
        ("xabr", {"a": {"exp", "2"}, "b": {"cos", "3"}}),
        ("xr", {"r": {"s", "exp", "2", "a", "cos", "3", "b"}}),
        ("xsr", {"r": {"exp", "2", "a", "cos", "3", "b"}}),
        ("", {"r": {"x", "s", "exp", "2", "a", "cos", "3", "b"}}),
    ],
)
def test_a_node_that_two_would_share_stays(kept: str, groups: dict[str, set[str]]) -> None:
    snapshot, _ = program_snapshot(diamond, 0.7)
    found = fold.assign_groups(snapshot.graph, kept)
    assert folded_away(found) == groups
    assert ("s" in found) == (kept in ("xabr", "xsr"))


@pytest.mark.parametrize(
    ("kept", "owner", "source", "formula"),
    [
        ("xabr", "a", "s", lambda s: torch.exp(s) * 2),
        ("xabr", "b", "s", lambda s: torch.cos(s) * 3),
        ("xr", "r", "x", lambda x: after(torch.sin(x))),
        ("xsr", "r", "s", after),
    ],
)
@pytest.mark.parametrize("x", [0.7, -2.5, 0.0])
def test_a_diamonds_folded_derivatives(kept: str, owner: str, source: str, formula: Formula, x: float) -> None:
    snapshot, tensors = program_snapshot(diamond, x, kept=kept)
    found = edge(fold.fold(snapshot), owner, source)
    expected = derivative(formula, tensors[source]).item()
    assert expected == pytest.approx(difference(formula, tensors[source]), rel=1e-6)
    (upstream,) = torch.autograd.grad(tensors["r"], tensors[owner], retain_graph=True)
    assert is_near(found.local, expected)
    assert is_near(found.gradient, expected * upstream.item())


@pytest.mark.parametrize("off", [1.001, 0.999, 1.0000005])
def test_a_folded_derivative_off_by_a_thousandth_would_be_noticed(off: float) -> None:
    snapshot, _ = program_snapshot(diamond, 0.7, kept="xr")
    local = scalar(edge(fold.fold(snapshot), "r", "x").local)
    assert is_near(local, local)
    assert not is_near(local, local * off)


@pytest.mark.parametrize("program", [unbound, tangent])
def test_a_vectors_folded_gradient_is_torchs(program: Program) -> None:
    snapshot, tensors = program_snapshot(program, 1.0, 0.5, -2.0, kept="vr")
    (found,) = fold.fold(snapshot).edges
    expected = derivative(lambda v: program(v)["r"], tensors["v"]).tolist()
    assert found.local == found.gradient == snapshot.graph.node("v").gradient == pytest.approx(expected)


def test_a_folded_derivative_by_a_vector_inside_is_torchs() -> None:
    snapshot, tensors = program_snapshot(tangent, 1.0, 0.5, -2.0, kept="vur")
    found = edge(fold.fold(snapshot), "r", "u")
    assert found.local == pytest.approx(derivative(lambda u: torch.tanh(u).mean(), tensors["u"]).tolist())


def test_an_operation_of_several_results_gets_a_gradient_for_each() -> None:
    snapshot, tensors = program_snapshot(unbound, 1.0, 0.5, -2.0, kept={"v", "unbind", "r"})
    folded = fold.fold(snapshot)
    by_v = derivative(lambda v: unbound(v)["r"], tensors["v"]).tolist()
    found = edge(folded, "r", "unbind")
    assert found.local == found.gradient == [pytest.approx(by_v[0]), pytest.approx(by_v[1]), None]
    assert edge(folded, "unbind", "v") in snapshot.graph.edges


def test_steps_fold_into_an_operation_of_several_results() -> None:
    def formula(v: Tensor) -> Tensor:
        p, q, _ = torch.unbind(torch.sin(v * v))
        return p * q

    snapshot, tensors = program_snapshot(lambda v: {"v": v, "r": formula(v)}, 1.0, 0.5, -2.0, kept={"v", "unbind"})
    folded = fold.fold(snapshot)
    assert folded_away(fold.assign_groups(snapshot.graph, {"v", "unbind"})) == {"unbind": {"mul", "sin"}}
    assert edge(folded, "unbind", "v").gradient == pytest.approx(derivative(formula, tensors["v"]).tolist())


def test_a_vector_result_without_an_upstream_gradient_has_none_when_folded() -> None:
    snapshot, _ = program_snapshot(lambda v: {"v": v, "r": torch.sin(v * 2)}, 1.0, 2.0, kept="vr")
    assert fold.fold(snapshot).edges == (Edge("r-v", "r", "v", None, None),)


@pytest.mark.parametrize("takes_gradient", [True, False])
def test_a_single_tensor_folds_into_itself(takes_gradient: bool) -> None:
    snapshot = read.snapshot(torch.tensor(3.0, requires_grad=takes_gradient), annotations=Annotations(kept="x"))
    assert fold.fold(snapshot) == snapshot.graph


def test_folding_changes_nothing() -> None:
    x, w = leaf(3.0), leaf(2.0)
    x.grad = torch.tensor(0.25)
    with Recording() as recording:
        r = torch.sin(w * x)
    names, kept = {"x": x, "w": w, "r": r}, Annotations(kept="xr")
    first: Graph = fold.fold(read.snapshot(r, recording, names, annotations=kept))
    assert fold.assign_groups(read.snapshot(r, recording, names).graph, "xr") == {"x": (), "r": ("w", "mul")}
    assert fold.fold(read.snapshot(r, recording, names, annotations=kept)) == first
    assert w.grad is None
    assert x.grad.item() == 0.25
    r.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    assert x.grad.item() == pytest.approx(0.25 + scalar(first.edges[0].gradient))
