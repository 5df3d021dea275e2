"""A graph seen from further away: several steps folded into the one result that they make."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from components.graph.model import Edge, Fold, Graph, Number, Snapshot, Structure
from components.graph.record import Gradients, Pass, fitted, vjp
from components.graph.tensors import plain

Owners = dict[str, tuple[str, ...]]
"""By the id of each node that stays, the ids of those that are folded into it, in the graph's order."""

Arriving = dict[str, list[Tensor | None]]
"""By node id, the gradient that has arrived at each of its outputs."""

Product = Callable[[TorchNode, Gradients], Gradients]
"""What a node passes on where these gradients arrive; None where that is not known."""


def assign_groups(graph: Graph, kept: Collection[str]) -> Owners:
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
    return Graph(nodes, tuple([edge for of_node in edges for edge in of_node]), kept=graph.kept)


def folds(
    graph: Graph, kept: Collection[str], nodes: Mapping[str, TorchNode], passes: Mapping[TorchNode, Pass]
) -> dict[str, Fold]:
    """What can be folded into the `kept` nodes: local derivatives are pushed through the steps between by torch."""
    passed = {node: one.grad_inputs for node, one in passes.items()}
    found = {}
    for group in groups_of(graph, kept, nodes, of_inputs=True):
        first = nodes.get(group.owner)
        local = group.local(passes[first].local, vjp) if first is not None and first in passes else {}
        found[group.owner] = group.fold(local, group.passed(passed))
    return found


def can_fold(structure: Structure) -> bool:
    """Whether an operation without a name has one consumer alone, into which it can be folded."""
    consumers: dict[str, set[str]] = {}
    for _, consumer, source in structure.edges:
        consumers.setdefault(source, set()).add(consumer)
    made = {consumer for _, consumer, _ in structure.edges}
    return any(
        not name and node_id in made and len(consumers.get(node_id, ())) == 1 for node_id, _, name, _ in structure.nodes
    )


def groups_of(
    graph: Graph, kept: Collection[str], nodes: Mapping[str, TorchNode], of_inputs: bool = False
) -> list["Group"]:
    """The groups in which at least one operation is folded into a node that stays, with torch's `nodes` by id.

    `of_inputs`: those too in which nothing is folded but inputs, such as a label into its loss.
    """
    edges_from, places = graph.edges_from(), {node.id: place for place, node in enumerate(graph.nodes)}
    groups = []
    for owner, members in assign_groups(graph, kept).items():
        if any(of_inputs or edges_from[member] for member in members):
            within = {node_id: edges_from[node_id] for node_id in (*members, owner)}
            taken = {edge.input for edges in within.values() for edge in edges} - within.keys()
            groups.append(Group(owner, members, within, tuple(sorted(taken, key=places.__getitem__)), nodes))
    return groups


class Group(NamedTuple):
    """Nodes that are folded into their `owner`: the edges of all of them, and the inputs of the whole, each in the
    graph's order, and torch's nodes by id.
    """

    owner: str
    members: tuple[str, ...]
    within: dict[str, list[Edge]]
    inputs: tuple[str, ...]
    nodes: Mapping[str, TorchNode]

    def fold(self, local: Arriving, passed: Arriving) -> Fold:
        """The group as plain data, with these numbers on its edges."""
        ends = [(_number(local.get(source)), _number(passed.get(source))) for source in self.inputs]
        named = zip(self.inputs, ends, strict=True)
        return Fold(self.members, tuple([Edge(self.edge_id(i), self.owner, i, *numbers) for i, numbers in named]))

    def edge_id(self, source: str) -> str:
        """What the edge to an input of the whole is called."""
        return f"{self.owner}-{source}"

    def seen_edges(self, went: Collection[str]) -> frozenset[str]:
        """Ids of the edges to inputs that a pass has come to, which `went` to these nodes."""
        within = [edge for edges in self.within.values() for edge in edges]
        reached = {edge.input for edge in within if edge.consumer in went}
        return frozenset([self.edge_id(source) for source in self.inputs if source in reached])

    def local(self, products: Gradients, product: Product) -> Arriving:
        """What reaches the group's inputs when ones arrive at its result, which passes on `products` then: added where
        ways meet, and nothing where one of the ways is not known.
        """
        arriving: Arriving = {}
        unknown: set[str] = set()
        for node_id, node in self._tracked():
            passed: Gradients = (None,) * len(node.next_functions)
            if node_id == self.owner:
                passed = products
            elif node_id not in unknown:
                if node_id not in arriving:
                    continue
                passed = product(node, tuple(arriving.pop(node_id)))
            unknown |= self._add(arriving, node_id, node, passed)
        return {source: gradients for source, gradients in arriving.items() if source not in unknown}

    def passed(self, passed: Mapping[TorchNode, Gradients]) -> Arriving:
        """What a backward pass brought to the group's inputs; `passed` is what it brought to those of each node."""
        arriving: Arriving = {}
        for node_id, node in self._tracked():
            if node in passed:
                self._add(arriving, node_id, node, passed[node])
        return {source: gradients for source, gradients in arriving.items() if source not in self.within}

    def _tracked(self) -> list[tuple[str, TorchNode]]:
        """The group's nodes that pass gradients on, from its result on: a leaf would keep what it is asked about."""
        ids = [node_id for node_id, edges in reversed(self.within.items()) if edges]
        return [(node_id, self.nodes[node_id]) for node_id in ids if node_id in self.nodes]

    def _add(self, arriving: Arriving, node_id: str, node: TorchNode, gradients: Gradients) -> set[str]:
        """Adds what a node passes on to what has arrived at each output of its inputs; the inputs it gives none."""
        missing = set()
        for edge, gradient, (source, output) in zip(self.within[node_id], gradients, node.next_functions, strict=False):
            if source is None:
                continue
            if gradient is None:
                missing.add(edge.input)
                continue
            likes = source._input_metadata
            outputs = arriving.setdefault(edge.input, [None] * len(likes))
            before, flow = outputs[output], fitted(gradient, likes[output])
            outputs[output] = flow if before is None else before + flow
        return missing


def _number(gradients: list[Tensor | None] | None) -> Number:
    numbers = [plain(gradient) for gradient in gradients or ()]
    return numbers[0] if len(numbers) == 1 else numbers or None
