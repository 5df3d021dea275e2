"""The order in which a graph comes to life: forward node by node, then backward node by node."""

from collections import Counter
from collections.abc import Mapping
from typing import Literal, NamedTuple

from components.graph.model import Graph, Seen

Phase = Literal["start", "forward", "add", "backward"]


_BACK: tuple[Phase, ...] = ("add", "backward")


class Step(NamedTuple):
    """One step: a node computes its value, adds the gradients that meet in it, or passes on what arrived."""

    phase: Phase
    node: str


def steps(graph: Graph) -> tuple[Step, ...]:
    """Every step in order. Leaves and inputs begin with their values; at the end each leaf keeps its gradient."""
    made = {edge.consumer for edge in graph.edges}
    forward = [Step("forward", node.id) for node in graph.nodes if node.id in made]
    tracked, met = [node.id for node in reversed(graph.nodes) if node.op != "input"], meetings(graph)
    backward = [Step(phase, node) for node in tracked for phase in _BACK if phase == "backward" or node in met]
    return (Step("start", graph.result), *forward, *backward)


def meetings(graph: Graph) -> frozenset[str]:
    """Nodes where two gradients or more meet."""
    untracked = _untracked(graph)
    arriving = Counter(edge.input for edge in graph.edges if edge.consumer not in untracked)
    return frozenset(node for node, count in arriving.items() if count > 1 and node not in untracked)


def _untracked(graph: Graph) -> set[str]:
    return {node.id for node in graph.nodes if node.op == "input"}


def seen(graph: Graph, steps: tuple[Step, ...], at: int) -> Seen:
    """What is known after step `at` of the walk."""
    done = steps[: at + 1]
    made = {edge.consumer for edge in graph.edges}
    values = {node.id for node in graph.nodes if node.id not in made} | {s.node for s in done if s.phase == "forward"}
    passed_on = {step.node for step in done if step.phase == "backward"}
    untracked = _untracked(graph)
    summed = {step.node for step in done if step.phase == "add"} | {node.id for node in graph.nodes} - meetings(graph)
    waiting = {edge.input for edge in graph.edges if edge.consumer not in passed_on | untracked}
    started = {graph.result} if passed_on else set()
    arrived = {edge.input for edge in graph.edges if edge.consumer in passed_on} & summed - waiting
    edges = {edge.id for edge in graph.edges if edge.consumer in passed_on | untracked}
    return Seen(frozenset(values), frozenset(arrived | started), frozenset(edges))


def same_place(step: tuple[str, str], steps: tuple[Step, ...], owners: Mapping[str, str]) -> int:
    """The step of another walk that stands where `step` (phase and node) stood, or 0.

    `owners` names the node that now shows a folded one, which adds what meets in it as it passes on.
    """
    phase, node = step
    owner = owners.get(node, node)
    here = ((phase, owner), ("backward", owner) if phase == "add" else (phase, owner))
    return min((number for number, other in enumerate(steps) if other in here), default=0)


def covered(graph: Graph, known: Seen | None, values: bool, gradients: bool) -> Seen | None:
    """What is left of what is known (None: all) when values or gradients are kept from the visitor."""
    if not (values or gradients):
        return known
    everything = Seen(*(frozenset(part.id for part in parts) for parts in (graph.nodes, graph.nodes, graph.edges)))
    before = known or everything
    none: frozenset[str] = frozenset()
    return Seen(none if values else before.values, none, none) if gradients else before._replace(values=none)
