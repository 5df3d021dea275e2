"""A graph seen from further away: several steps folded into the one result that they make."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from components.graph.model import Edge, Fold, Graph, Number, Snapshot
from components.graph.record import Gradients, Pass, fitted, vjp
from components.graph.tensors import plain

Groups = dict[str, tuple[str, ...]]
"""By the id of each node that stays, the ids of those that are folded into it, in the graph's order."""

Arriving = dict[str, list[Tensor | None]]
"""By node id, the gradient that has arrived at each of its outputs."""


def assign_groups(graph: Graph, kept: Collection[str]) -> Groups:
    """Map each kept node to the nodes collapsed into it. A node with consumers in two groups is kept; so is the
    result.
    """
    edges_from = graph.edges_from()
    owners: dict[str, str] = {}
    above: dict[str, set[str]] = {node.id: set() for node in graph.nodes}
    for node in reversed(graph.nodes):
        alone = next(iter(above[node.id])) if len(above[node.id]) == 1 else node.id
        owners[node.id] = node.id if node.id in kept else alone
        for edge in edges_from[node.id]:
            above[edge.input].add(owners[node.id])
    groups: dict[str, list[str]] = {node_id: [] for node_id, owner in reversed(owners.items()) if node_id == owner}
    for node in graph.nodes:
        if owners[node.id] != node.id:
            groups[owners[node.id]].append(node.id)
    return {owner: tuple(members) for owner, members in groups.items()}


def fold(snapshot: Snapshot, opened: Collection[str] = ()) -> Graph:
    """The graph with all that can be folded away, but for what is folded into nodes in `opened`.

    Nodes are those of the whole graph; the edges of a node that nothing is folded into stay as they are.
    """
    graph = snapshot.graph
    closed = {owner: fold for owner, fold in snapshot.folds.items() if owner not in opened}
    if not closed:
        return graph
    inside = {member for fold in closed.values() for member in fold.members}
    edges_from = graph.edges_from()
    nodes = tuple([node for node in graph.nodes if node.id not in inside])
    edges = [closed[node.id].edges if node.id in closed else edges_from[node.id] for node in nodes]
    return Graph(nodes, tuple([edge for of_node in edges for edge in of_node]))


def folds(
    graph: Graph, kept: Collection[str], nodes: Mapping[str, TorchNode], passes: Mapping[TorchNode, Pass]
) -> dict[str, Fold]:
    """What can be folded into the `kept` nodes: local derivatives are pushed through the steps between by torch."""
    groups = {owner: members for owner, members in assign_groups(graph, kept).items() if members}
    edges_from = graph.edges_from()
    found = {}
    for owner, members in groups.items():
        group = _Group({node_id: edges_from[node_id] for node_id in (*members, owner)}, nodes, passes)
        found[owner] = Fold(members, tuple(group.edges(owner, graph)))
    return found


class _Group(NamedTuple):
    """The edges of a group's nodes in the graph's order, torch's nodes by id, and what a backward pass did at each."""

    within: dict[str, list[Edge]]
    nodes: Mapping[str, TorchNode]
    passes: Mapping[TorchNode, Pass]

    def edges(self, owner: str, graph: Graph) -> Iterator[Edge]:
        """Those of the group's result, once the group is folded into it."""
        local, passed = self.local(owner), self.passed()
        taken = {edge.input for edges in self.within.values() for edge in edges} - self.within.keys()
        for node in graph.nodes:
            if node.id in taken:
                ends = _number(local.get(node.id)), _number(passed.get(node.id))
                yield Edge(f"{owner}-{node.id}", owner, node.id, *ends)

    def local(self, owner: str) -> Arriving:
        """What reaches the group's inputs when ones arrive at its result: torch's products, added where ways meet."""
        arriving: Arriving = {}
        for node_id, node in self.tracked():
            if node_id == owner:
                self.add(arriving, node_id, self.passes[node].local)
            elif node_id in arriving:
                self.add(arriving, node_id, vjp(node, tuple(arriving.pop(node_id))))
        return arriving

    def passed(self) -> Arriving:
        """What the backward pass brought to the group's inputs."""
        arriving: Arriving = {}
        for node_id, node in self.tracked():
            self.add(arriving, node_id, self.passes[node].grad_inputs)
        return arriving

    def tracked(self) -> list[tuple[str, TorchNode]]:
        """The group's nodes that pass gradients on, from its result on: a leaf would keep what it is asked about."""
        ids = [node_id for node_id, edges in reversed(self.within.items()) if edges]
        return [(node_id, self.nodes[node_id]) for node_id in ids if node_id in self.nodes]

    def add(self, arriving: Arriving, node_id: str, gradients: Gradients) -> None:
        """Adds what a node passes on to what has arrived at each output of its inputs."""
        sources = self.nodes[node_id].next_functions
        for edge, gradient, (source, output) in zip(self.within[node_id], gradients, sources, strict=False):
            if source is not None:
                likes = self.passes[source].grad_outputs
                outputs = arriving.setdefault(edge.input, [None] * len(likes))
                like = likes[output] if edge.input in self.within else None
                outputs[output] = _sum(outputs[output], _fit(gradient, like))


def _fit(gradient: Tensor | None, like: Tensor | None) -> Tensor | None:
    return gradient if gradient is None or like is None else fitted(gradient, like)


def _sum(a: Tensor | None, b: Tensor | None) -> Tensor | None:
    if a is None or b is None:
        return b if a is None else a
    return a + b


def _number(gradients: list[Tensor | None] | None) -> Number:
    numbers = [plain(gradient) for gradient in gradients or ()]
    return numbers[0] if len(numbers) == 1 else numbers or None
