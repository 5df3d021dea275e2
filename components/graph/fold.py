"""A graph seen from further away: several steps folded into the one result that they make."""

from collections.abc import Iterator

import torch
from torch import Tensor

from components.graph.read import Edge, Gradients, Graph, Number, Reading, plain, vjp

Folded = dict[str, tuple[str, ...]]
"""By the id of each node that stays, the ids of those that are folded into it, in the graph's order."""


def groups(graph: Graph, kept: frozenset[str]) -> Folded:
    """What is folded into what; the result always stays, and so does a node that two others would have to share."""
    edges_from = graph.edges_from()
    owners: dict[str, str] = {}
    above: dict[str, set[str]] = {node.id: set() for node in graph.nodes}
    for node in reversed(graph.nodes):
        alone = next(iter(above[node.id])) if len(above[node.id]) == 1 else node.id
        owners[node.id] = node.id if node.id in kept else alone
        for edge in edges_from[node.id]:
            above[edge.input].add(owners[node.id])
    folded: dict[str, list[str]] = {node_id: [] for node_id, owner in reversed(owners.items()) if node_id == owner}
    for node in graph.nodes:
        if owners[node.id] != node.id:
            folded[owners[node.id]].append(node.id)
    return {owner: tuple(members) for owner, members in folded.items()}


def fold(reading: Reading, kept: frozenset[str]) -> Graph:
    """The graph of the nodes in `kept` alone; gradients on its edges are pushed through the steps between by torch.

    Nodes are those of the whole graph; the edges of a node that nothing is folded into stay as they are.
    """
    graph = reading.graph
    folded = groups(graph, kept)
    edges_from = graph.edges_from()
    edges: list[Edge] = []
    with torch.no_grad():
        for owner, members in folded.items():
            edges += _folded_edges(reading, edges_from, owner, members) if members else edges_from[owner]
    return Graph(tuple(node for node in graph.nodes if node.id in folded), tuple(edges))


def _folded_edges(
    reading: Reading, edges_from: dict[str, list[Edge]], owner: str, members: tuple[str, ...]
) -> Iterator[Edge]:
    within = {node_id: edges_from[node_id] for node_id in (*members, owner)}
    upstream = reading.arrived[owner]
    ones = tuple(None if gradient is None else torch.ones_like(gradient) for gradient in upstream)
    local, passed = (_push(reading, within, owner, gradients) for gradients in (ones, upstream))
    taken = {edge.input for edges in within.values() for edge in edges} - within.keys()
    for node in reading.graph.nodes:
        if node.id in taken:
            yield Edge(f"{owner}-{node.id}", owner, node.id, _number(local.get(node.id)), _number(passed.get(node.id)))


def _push(
    reading: Reading, within: dict[str, list[Edge]], owner: str, upstream: Gradients
) -> dict[str, list[Tensor | None]]:
    """What reaches a group's inputs when `upstream` arrives at its result: torch's products, added where ways meet."""
    arriving: dict[str, list[Tensor | None]] = {owner: list(upstream)}
    for node_id, edges in reversed(within.items()):
        if node_id not in arriving or not edges:
            continue
        torch_node = reading.torch_nodes[node_id]
        passed = vjp(torch_node, tuple(arriving.pop(node_id)))
        for edge, gradient, (source, output) in zip(edges, passed, torch_node.next_functions, strict=False):
            if source is not None:
                outputs = arriving.setdefault(edge.input, [None] * len(reading.arrived[edge.input]))
                outputs[output] = _sum(outputs[output], gradient)
    return arriving


def _sum(a: Tensor | None, b: Tensor | None) -> Tensor | None:
    if a is None or b is None:
        return b if a is None else a
    return a + b


def _number(gradients: list[Tensor | None] | None) -> Number:
    numbers = [plain(gradient) for gradient in gradients or ()]
    return numbers[0] if len(numbers) == 1 else numbers or None
