"""A backward graph as plain data: frozen records that can be compared, pickled and written to a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Number = float | list[Any] | None
"""A 0-d tensor's number, a larger one's nested lists, or None where torch holds nothing."""

LARGEST_LISTED = 64
"""Entries above which a tensor is described by its shape alone."""


class Node(NamedTuple):
    """One backward node, or one tensor that takes no gradient (`op` is then `input`).

    `gradient` is what arrives there in a backward pass: torch's `grad_outputs`, a list of them where there are several.
    """

    id: str
    op: str
    name: str
    expression: str
    shape: tuple[int, ...]
    dtype: str
    value: Number
    gradient: Number


class Edge(NamedTuple):
    """The way a gradient takes from a consumer (nearer the result) to one of its inputs.

    `local` is the local derivative, `gradient` what flows back: one of torch's `grad_inputs` of the consumer.
    """

    id: str
    consumer: str
    input: str
    local: Number
    gradient: Number

    @property
    def carries(self) -> bool:
        """Whether a gradient goes this way: its local derivative may be unknown where a program's own code makes it."""
        return self.local is not None or self.gradient is not None


Region = tuple[str, tuple[str, ...]]
"""What a part of a program stands in, such as `torch.no_grad()`, and the ids of the nodes that were made there."""


class Structure(NamedTuple):
    """What a layout depends on: (id, op, name, expression) of nodes, (id, consumer, input) of edges. Hashable.

    `keeps` tells that the nodes show what torch keeps in `.grad`, not what arrives in one pass.
    """

    nodes: tuple[tuple[str, str, str, str], ...]
    edges: tuple[tuple[str, str, str], ...]
    regions: tuple[Region, ...] = ()
    keeps: bool = False


class Graph(NamedTuple):
    """Nodes from the inputs to the result (every node after its inputs), and the edges between them.

    `kept`, where it matters, is by id what torch keeps in a tensor's `.grad`: the sum of all passes so far.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    regions: tuple[Region, ...] = ()
    kept: Mapping[str, Number] | None = None

    @property
    def result(self) -> str:
        """Id of the node that the others lead to."""
        return self.nodes[-1].id

    def node(self, node_id: str) -> Node:
        """The node with this id; KeyError where there is none."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    def edges_from(self) -> dict[str, list[Edge]]:
        """By consumer, its edges in the order of its inputs; a node without inputs has an empty list."""
        edges: dict[str, list[Edge]] = {node.id: [] for node in self.nodes}
        for edge in self.edges:
            edges[edge.consumer].append(edge)
        return edges

    @property
    def structure(self) -> Structure:
        """All of the graph that does not depend on a value."""
        nodes, edges = tuple(n[:4] for n in self.nodes), tuple(e[:3] for e in self.edges)
        return Structure(nodes, edges, self.regions, self.kept is not None)


class Saved(NamedTuple):
    """One thing that torch keeps in a node for the backward pass: its name in torch, its numbers, or else its text."""

    name: str
    value: Number
    text: str


class Fold(NamedTuple):
    """Nodes collapsed into the one result that they make, and the edges that this result then has."""

    members: tuple[str, ...]
    edges: tuple[Edge, ...]


class Seen(NamedTuple):
    """What is known so far: ids of nodes with their value, of nodes with their whole gradient, and of edges."""

    values: frozenset[str]
    gradients: frozenset[str]
    edges: frozenset[str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A graph at one moment, and all that a view, an inspector or a file can ask of it.

    By node id: `operands` are the texts of an operation's operands (its inputs in their order, then numbers such as an
    exponent), `saved` what torch keeps in it, `folds` what may be collapsed into it. `seen` tells how far backward
    passes have come (None: everything is known).
    """

    graph: Graph
    operands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    saved: Mapping[str, tuple[Saved, ...]] = field(default_factory=dict)
    folds: Mapping[str, Fold] = field(default_factory=dict)
    seen: Seen | None = None
