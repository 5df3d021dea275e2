"""The walk through a graph: its order, what is known after each step, and the same place in another view."""

import itertools

import pytest
import torch

from components.graph import fold
from components.graph import read as graph
from components.graph import walk as steps
from components.graph.read import Graph
from components.graph.walk import Step
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.graph.test_read import leaf

READING = neuron.run(Inputs()).reading
CONCEPT = frozenset(neuron.CONCEPT)
OWNERS = {member: owner for owner, members in fold.groups(READING.graph, CONCEPT).items() for member in members}


def shared() -> Graph:
    """A tensor with three consumers, one of which uses it twice, and an operation of two results."""
    v = leaf(1.0, 2.0)
    p, q = torch.unbind(torch.sin(v))
    return graph.read((p * p + torch.exp(p)) * q + v.sum()).graph


def single(takes_gradient: bool) -> Graph:
    return graph.read(torch.tensor(3.0, requires_grad=takes_gradient)).graph


FULL, FOLDED = READING.graph, fold.fold(READING, CONCEPT)
GRAPHS = pytest.mark.parametrize(
    "read", [FULL, FOLDED, shared(), single(True)], ids=["full", "concept", "shared", "leaf"]
)


def consumers(read: Graph, node_id: str) -> set[str]:
    return {e.consumer for e in read.edges if e.input == node_id}


def inputs(read: Graph, node_id: str) -> set[str]:
    return {e.input for e in read.edges if e.consumer == node_id}


@GRAPHS
def test_every_node_has_its_steps_once(read: Graph) -> None:
    walk = steps.steps(read)
    made = [node.id for node in read.nodes if node.op not in ("input", "AccumulateGrad")]
    tracked = [node.id for node in read.nodes if node.op != "input"]
    assert walk[0] == Step("start", read.result)
    assert sorted(s.node for s in walk if s.phase == "forward") == sorted(made)
    assert sorted(s.node for s in walk if s.phase == "backward") == sorted(tracked)
    assert len(walk) == 1 + len(made) + len(tracked)


@GRAPHS
def test_nothing_is_computed_or_passed_on_before_its_turn(read: Graph) -> None:
    place = {(s.phase, s.node): number for number, s in enumerate(steps.steps(read))}
    for node in read.nodes:
        if ("forward", node.id) in place:
            before = [place.get(("forward", other), 0) for other in inputs(read, node.id)]
            assert max(before) < place["forward", node.id]
        if ("backward", node.id) in place:
            before = [place["backward", other] for other in consumers(read, node.id)]
            assert max(before, default=0) < place["backward", node.id]


@GRAPHS
def test_all_of_forward_comes_before_all_of_backward(read: Graph) -> None:
    phases = [s.phase for s in steps.steps(read)]
    assert [phase for phase, _ in itertools.groupby(phases)] in (
        ["start", "forward", "backward"],
        ["start", "backward"],
    )


@GRAPHS
def test_what_is_known_only_grows(read: Graph) -> None:
    walk = steps.steps(read)
    known = [steps.seen(read, walk, at) for at in range(len(walk))]
    for before, now in itertools.pairwise(known):
        assert before.values <= now.values
        assert before.gradients <= now.gradients
        assert before.edges <= now.edges


@GRAPHS
def test_at_first_only_leaves_and_inputs_are_known(read: Graph) -> None:
    known = steps.seen(read, steps.steps(read), 0)
    assert known.values == {node.id for node in read.nodes if node.op in ("input", "AccumulateGrad")}
    assert (known.gradients, known.edges) == (frozenset(), frozenset())


@GRAPHS
def test_at_last_everything_is_known(read: Graph) -> None:
    walk = steps.steps(read)
    known = steps.seen(read, walk, len(walk) - 1)
    assert known.values == {node.id for node in read.nodes}
    assert {node.id for node in read.nodes if node.op != "input"} <= known.gradients
    assert {e.id for e in read.edges} == known.edges


@GRAPHS
def test_a_step_adds_its_own_node_and_nothing_else(read: Graph) -> None:
    walk = steps.steps(read)
    for at in range(1, len(walk)):
        before, now = (steps.seen(read, walk, place) for place in (at - 1, at))
        new_edges = {e.id for e in read.edges if e.consumer == walk[at].node}
        is_forward = walk[at].phase == "forward"
        assert now.values - before.values == ({walk[at].node} if is_forward else set())
        assert now.edges - before.edges == (set() if is_forward else new_edges)


@GRAPHS
def test_a_gradient_is_known_once_all_consumers_have_passed_on(read: Graph) -> None:
    walk = steps.steps(read)
    for at in range(len(walk)):
        known = steps.seen(read, walk, at)
        passed = {s.node for s in walk[: at + 1] if s.phase == "backward"}
        for node in read.nodes:
            all_passed = consumers(read, node.id) <= passed if node.id != read.result else passed != set()
            assert (node.id in known.gradients) == all_passed, (at, node.id)


def test_a_gradient_of_which_a_part_is_missing_is_not_known() -> None:
    walk = steps.steps(FULL)
    between = [steps.seen(FULL, walk, at) for at in range(walk.index(Step("backward", "rsub")), len(walk))]
    assert "rsub.0-clamp" in between[0].edges
    assert "clamp" not in between[0].gradients
    assert "clamp" in between[walk.index(Step("backward", "log")) - walk.index(Step("backward", "rsub"))].gradients


def test_a_tensor_that_takes_no_gradient_is_a_walk_of_one_step() -> None:
    read = single(False)
    walk = steps.steps(read)
    assert walk == (Step("start", read.result),)
    assert steps.seen(read, walk, 0).values == {read.result}


@pytest.mark.parametrize("step", steps.steps(FOLDED), ids=str)
def test_a_step_of_the_folded_graph_is_a_step_of_the_whole_one(step: Step) -> None:
    walk = steps.steps(FULL)
    there = steps.same_place(step, walk, {})
    assert walk[there] == step
    back = steps.same_place(walk[there], steps.steps(FOLDED), OWNERS)
    assert steps.steps(FOLDED)[back] == step


@pytest.mark.parametrize("step", steps.steps(FULL), ids=str)
def test_a_step_that_is_folded_away_becomes_its_owners(step: Step) -> None:
    walk = steps.steps(FOLDED)
    place = steps.same_place(step, walk, OWNERS)
    assert walk[place] == (step.phase, OWNERS.get(step.node, step.node))
    assert place > 0 or step.phase == "start"


@pytest.mark.parametrize("step", [("forward", "nowhere"), ("sideways", "z"), ("forward", "w"), ("", "")])
def test_a_place_that_is_nowhere_is_the_start(step: tuple[str, str]) -> None:
    assert steps.same_place(step, steps.steps(FULL), OWNERS) == 0


@pytest.mark.parametrize("at", [None, 0, 5, 24])
def test_what_is_covered_is_not_known(at: int | None) -> None:
    walk = steps.steps(FULL)
    known = None if at is None else steps.seen(FULL, walk, at)
    assert steps.covered(FULL, known, values=False, gradients=False) is known
    nothing = steps.covered(FULL, known, values=True, gradients=True)
    assert nothing == steps.Seen(frozenset(), frozenset(), frozenset())
    values = steps.covered(FULL, known, values=False, gradients=True)
    assert values is not None
    assert values.values == ({node.id for node in FULL.nodes} if known is None else known.values)
    assert not values.gradients | values.edges
