"""Every way a gradient takes from the result to one node, and what each of them brings."""

from typing import NamedTuple

import torch

from components.graph.model import Edge, Graph, Number
from components.graph.tensors import plain

MOST = 32
"""Paths that are listed; their number can double with every step."""


class Path(NamedTuple):
    """Edges from the result to the node, and the product of the gradient begun with and all local derivatives.

    The product is None where a local derivative is not a single number, or where a step has several results.
    """

    edges: tuple[Edge, ...]
    product: Number


class Paths(NamedTuple):
    """At most MOST paths, whether that is all of them, and the sum of their products (None where one has none)."""

    paths: tuple[Path, ...]
    complete: bool
    total: Number


def paths(graph: Graph, node_id: str) -> Paths:
    """The paths from the result to `node_id`, multiplied and added by torch in the result's dtype."""
    below: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        below.setdefault(edge.input, []).append(edge)
    ways: list[tuple[Edge, ...]] = []
    stack: list[tuple[Edge, ...]] = [(edge,) for edge in reversed(below.get(node_id, []))]
    while stack and len(ways) <= MOST:
        way = stack.pop()
        if way[0].consumer == graph.result:
            ways.append(way)
        stack += [(edge, *way) for edge in reversed(below.get(way[0].consumer, []))]
    found = tuple([Path(way, _product(graph, way)) for way in ways[:MOST] if way[-1].carries])
    return Paths(found, len(ways) <= MOST, _total(graph, found))


def _product(graph: Graph, way: tuple[Edge, ...]) -> Number:
    several = {node.id for node in graph.nodes if isinstance(node.gradient, list)}
    factors = [graph.nodes[-1].gradient, *(None if edge.consumer in several else edge.local for edge in way)]
    product = torch.ones((), dtype=_dtype(graph))
    for factor in factors:
        if not isinstance(factor, float):
            return None
        product = product * factor
    return plain(product)


def _total(graph: Graph, found: tuple[Path, ...]) -> Number:
    if not found or any(path.product is None for path in found):
        return None
    return plain(torch.tensor([path.product for path in found], dtype=_dtype(graph)).sum())


def _dtype(graph: Graph) -> torch.dtype:
    return torch.float64 if graph.nodes[-1].dtype == "float64" else torch.float32
