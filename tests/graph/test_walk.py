"""The walk through a graph: its order, what is known after each step, and the same place in another view."""

import itertools

import pytest
import torch

from components.graph import fold, read, walk
from components.graph.model import Graph, Seen
from components.graph.walk import Step
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.graph.test_read import leaf

SNAPSHOT = neuron.run(Inputs()).snapshot
CONCEPT = frozenset(neuron.CONCEPT)
OWNERS = {member: owner for owner, members in fold.assign_groups(SNAPSHOT.graph, CONCEPT).items() for member in members}


def shared() -> Graph:
    """A tensor with three consumers, one of which uses it twice, and an operation of two results."""
    v = leaf(1.0, 2.0)
    p, q = torch.unbind(torch.sin(v))
    return read.snapshot((p * p + torch.exp(p)) * q + v.sum()).graph


def single(takes_gradient: bool) -> Graph:
    return read.snapshot(torch.tensor(3.0, requires_grad=takes_gradient)).graph


FULL, FOLDED = SNAPSHOT.graph, fold.fold(SNAPSHOT)
BOTH = Step("backward", "log"), Step("add", "clamp")
START: tuple[frozenset[str], str] = (frozenset(), "backward")
GRAPHS = pytest.mark.parametrize(
    "graph", [FULL, FOLDED, shared(), single(True)], ids=["full", "concept", "shared", "leaf"]
)


def consumers(graph: Graph, node_id: str) -> set[str]:
    return {e.consumer for e in graph.edges if e.input == node_id}


def inputs(graph: Graph, node_id: str) -> set[str]:
    return {e.input for e in graph.edges if e.consumer == node_id}


@GRAPHS
def test_every_node_has_its_steps_once(graph: Graph) -> None:
    steps = walk.steps(graph)
    made = [node.id for node in graph.nodes if node.op not in ("input", "AccumulateGrad")]
    tracked = [node.id for node in graph.nodes if node.op != "input"]
    assert steps[0] == Step("start", graph.result)
    assert sorted(s.node for s in steps if s.phase == "forward") == sorted(made)
    assert sorted(s.node for s in steps if s.phase == "backward") == sorted(tracked)
    met = [node for node in tracked if sum(edge.input == node for edge in graph.edges) > 1]
    assert sorted(s.node for s in steps if s.phase == "add") == sorted(met)
    assert len(steps) == 1 + len(made) + len(tracked) + len(met)


@GRAPHS
def test_nothing_is_computed_or_passed_on_before_its_turn(graph: Graph) -> None:
    place = {(s.phase, s.node): number for number, s in enumerate(walk.steps(graph))}
    for node in graph.nodes:
        if ("forward", node.id) in place:
            before = [place.get(("forward", other), 0) for other in inputs(graph, node.id)]
            assert max(before) < place["forward", node.id]
        if ("backward", node.id) in place:
            before = [place["backward", other] for other in consumers(graph, node.id)]
            assert max(before, default=0) < place["backward", node.id]


@GRAPHS
def test_all_of_forward_comes_before_all_of_backward(graph: Graph) -> None:
    phases = ["backward" if s.phase == "add" else s.phase for s in walk.steps(graph)]
    assert [phase for phase, _ in itertools.groupby(phases)] in (
        ["start", "forward", "backward"],
        ["start", "backward"],
    )


@GRAPHS
def test_what_is_known_only_grows(graph: Graph) -> None:
    steps = walk.steps(graph)
    known = [walk.seen(graph, steps, at) for at in range(len(steps))]
    for before, now in itertools.pairwise(known):
        assert before.values <= now.values
        assert before.gradients <= now.gradients
        assert before.edges <= now.edges


@GRAPHS
def test_at_first_only_leaves_and_inputs_are_known(graph: Graph) -> None:
    known = walk.seen(graph, walk.steps(graph), 0)
    assert known.values == {node.id for node in graph.nodes if node.op in ("input", "AccumulateGrad")}
    assert (known.gradients, known.edges) == (frozenset(), frozenset())


@GRAPHS
def test_at_last_everything_is_known(graph: Graph) -> None:
    steps = walk.steps(graph)
    known = walk.seen(graph, steps, len(steps) - 1)
    assert known.values == {node.id for node in graph.nodes}
    assert {node.id for node in graph.nodes if node.op != "input"} <= known.gradients
    assert {e.id for e in graph.edges} == known.edges


@GRAPHS
def test_a_step_adds_its_own_node_and_nothing_else(graph: Graph) -> None:
    steps = walk.steps(graph)
    for at in range(1, len(steps)):
        before, now = (walk.seen(graph, steps, place) for place in (at - 1, at))
        phase, node = steps[at]
        new_edges = {e.id for e in graph.edges if e.consumer == node}
        assert now.values - before.values == ({node} if phase == "forward" else set())
        assert now.edges - before.edges == (new_edges if phase == "backward" else set())
        assert (node in now.gradients - before.gradients) == (phase == "add" or (before.gradients, phase) == START)


@GRAPHS
def test_a_gradient_is_known_once_all_consumers_have_passed_on_and_several_are_added(graph: Graph) -> None:
    steps = walk.steps(graph)
    for at in range(len(steps)):
        known = walk.seen(graph, steps, at)
        passed, added = ({s.node for s in steps[: at + 1] if s.phase == phase} for phase in ("backward", "add"))
        for node in graph.nodes:
            all_passed = consumers(graph, node.id) <= passed if node.id != graph.result else passed != set()
            is_whole = all_passed and (node.id in added or node.id not in walk.meetings(graph))
            assert (node.id in known.gradients) == is_whole, (at, node.id)


def test_a_gradient_of_which_a_part_is_missing_is_not_known() -> None:
    steps = walk.steps(FULL)
    between = [walk.seen(FULL, steps, at) for at in range(steps.index(Step("backward", "rsub")), len(steps))]
    assert "rsub.0-clamp" in between[0].edges
    assert "clamp" not in between[0].gradients
    both, added = (steps.index(step) - steps.index(Step("backward", "rsub")) for step in BOTH)
    assert "log.0-clamp" in between[both].edges
    assert "clamp" not in between[both].gradients
    assert "clamp" in between[added].gradients


def test_a_tensor_that_takes_no_gradient_is_a_walk_of_one_step() -> None:
    graph = single(False)
    steps = walk.steps(graph)
    assert steps == (Step("start", graph.result),)
    assert walk.seen(graph, steps, 0).values == {graph.result}


@pytest.mark.parametrize("step", walk.steps(FOLDED), ids=str)
def test_a_step_of_the_folded_graph_is_a_step_of_the_whole_one(step: Step) -> None:
    steps = walk.steps(FULL)
    there = walk.same_place(step, steps, {})
    assert steps[there] == step
    back = walk.same_place(steps[there], walk.steps(FOLDED), OWNERS)
    assert walk.steps(FOLDED)[back] == step


@pytest.mark.parametrize("step", walk.steps(FULL), ids=str)
def test_a_step_that_is_folded_away_becomes_its_owners(step: Step) -> None:
    steps = walk.steps(FOLDED)
    place = walk.same_place(step, steps, OWNERS)
    phase = "backward" if step == Step("add", "clamp") else step.phase
    assert steps[place] == (phase, OWNERS.get(step.node, step.node))
    assert place > 0 or step.phase == "start"


@pytest.mark.parametrize("step", [("forward", "nowhere"), ("sideways", "z"), ("forward", "w"), ("", "")])
def test_a_place_that_is_nowhere_is_the_start(step: tuple[str, str]) -> None:
    assert walk.same_place(step, walk.steps(FULL), OWNERS) == 0


@pytest.mark.parametrize("at", [None, 0, 5, 24])
def test_what_is_covered_is_not_known(at: int | None) -> None:
    steps = walk.steps(FULL)
    known = None if at is None else walk.seen(FULL, steps, at)
    assert walk.covered(FULL, known, values=False, gradients=False) is known
    nothing = walk.covered(FULL, known, values=True, gradients=True)
    assert nothing == Seen(frozenset(), frozenset(), frozenset())
    values = walk.covered(FULL, known, values=False, gradients=True)
    assert values is not None
    assert values.values == ({node.id for node in FULL.nodes} if known is None else known.values)
    assert not values.gradients | values.edges
